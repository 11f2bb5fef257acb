using MicroAppBot.Desk;

namespace MicroAppBot.Delivery;

/// <summary>
/// Empties the outbox: what is due goes out, each recipient's messages in order, several recipients at once. Woken by the
/// bell and by the next message's time.
/// </summary>
public sealed partial class Pump : BackgroundService
{
    /// <summary>Should a ring and a due time ever be missed, this is how late a message is.</summary>
    private static readonly TimeSpan LongestNap = TimeSpan.FromSeconds(30);

    /// <summary>After a fault of the store or a presenter, which no channel's backoff covers.</summary>
    private static readonly TimeSpan AfterFault = TimeSpan.FromSeconds(5);

    private readonly IStore _store;
    private readonly Courier _courier;
    private readonly OutboxBell _bell;
    private readonly GovernanceClock _clock;
    private readonly TimeProvider _system;
    private readonly DeliverySettings _settings;
    private readonly ILogger _log;
    private readonly SemaphoreSlim _one = new(1);

    /// <summary>Messages that must not be tried before this moment of the system clock, also when the governance clock is moved past their time.</summary>
    private readonly Dictionary<string, DateTimeOffset> _resting = new(StringComparer.Ordinal);

    public Pump(IStore store, Courier courier, OutboxBell bell, GovernanceClock clock, TimeProvider system, DeliverySettings settings, ILogger<Pump> log)
    {
        (_store, _courier, _bell, _clock, _system, _settings, _log) = (store, courier, bell, clock, system, settings, log);
        bell.AnswerWith(FlushAsync);
    }

    /// <summary>Sends all that is due on the governance clock and returns when nothing due is left; what rests after a failed try stays.</summary>
    public async Task FlushAsync(CancellationToken cancel = default)
    {
        try
        {
            await EmptyInTurnAsync(cancel);
        }
        finally
        {
            // What rests for a second now is not in the nap of a pump that sleeps already
            _bell.Wake();
        }
    }

    public override void Dispose()
    {
        _one.Dispose();
        base.Dispose();
    }

    private async Task EmptyInTurnAsync(CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try
        {
            await EmptyAsync(cancel);
        }
        finally
        {
            _one.Release();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var ring = _bell.NextRing;
                await EmptyInTurnAsync(stoppingToken);
                await NapAsync(stoppingToken, ring);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                PumpFailed(e);
                await Task.Delay(AfterFault, _system, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task EmptyAsync(CancellationToken cancel)
    {
        var busy = new Dictionary<string, Task>(StringComparer.Ordinal);
        var laneOver = new Ring();
        try
        {
            while (true)
            {
                cancel.ThrowIfCancellationRequested();
                var (ring, over) = (_bell.NextRing, laneOver.Next);
                foreach (var done in busy.Where(lane => lane.Value.IsCompleted).ToList())
                {
                    busy.Remove(done.Key);
                    await done.Value;
                }
                var room = _settings.Lanes - busy.Count;
                var due = room == 0 ? [] : await _store.DueMessagesAsync(_clock.GetUtcNow(), _settings.Lanes + busy.Count + RestingNow(), cancel);
                foreach (var message in due.Where(m => !busy.ContainsKey(m.ToId) && !IsResting(m.Id)).Take(room))
                {
                    var lane = busy[message.ToId] = CarryAsync(message);
                    // Sounded when the lane is over, not from inside it: who is quicker would find it busy still, and nap
                    _ = lane.ContinueWith(_ => laneOver.Sound(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
                }
                if (busy.Count == 0) return;
                // Ended by a lane that is free again and by the desk: somebody's slow channel keeps nobody else waiting
                await NapAsync(cancel, ring, over);
            }
        }
        finally
        {
            // What is under way is let finish: a cut try would be of unknown outcome
            await Task.WhenAll(busy.Values);
        }
    }

    private async Task CarryAsync(OutboxMessage message)
    {
        TimeSpan? rest;
        try
        {
            await Task.Yield();
            rest = await _courier.CarryAsync(message, CancellationToken.None);
        }
        catch (Exception e)
        {
            MessageFailed(e, message.Id, message.ToId);
            rest = AfterFault;
        }
        if (rest is { } wait)
        {
            lock (_resting) _resting[message.Id] = _system.GetUtcNow() + wait;
        }
    }

    private int RestingNow()
    {
        lock (_resting)
        {
            foreach (var rested in _resting.Where(r => r.Value <= _system.GetUtcNow()).Select(r => r.Key).ToList()) _resting.Remove(rested);
            return _resting.Count;
        }
    }

    private bool IsResting(string messageId)
    {
        lock (_resting) return _resting.TryGetValue(messageId, out var until) && until > _system.GetUtcNow();
    }

    /// <summary>Until one of these ends, or the next message may go.</summary>
    private async Task NapAsync(CancellationToken cancel, params Task[] wakers)
    {
        using var awake = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await Task.WhenAny([.. wakers, Task.Delay(await LengthOfNapAsync(cancel), _system, awake.Token)]);
        await awake.CancelAsync();
        cancel.ThrowIfCancellationRequested();
    }

    private async ValueTask<TimeSpan> LengthOfNapAsync(CancellationToken cancel)
    {
        var nap = LongestNap;
        var now = _clock.GetUtcNow();
        if (await _store.NextMessageAsync(cancel) is { } next && next > now && next - now < nap) nap = next - now;
        RestingNow();
        lock (_resting)
        {
            foreach (var until in _resting.Values)
            {
                var rest = until - _system.GetUtcNow();
                if (rest < nap) nap = rest;
            }
        }
        return nap < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : nap;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Message {MessageId} to {PersonId} could not be worked on; it stays in the outbox.")]
    private partial void MessageFailed(Exception e, string messageId, string personId);

    [LoggerMessage(Level = LogLevel.Error, Message = "The outbox could not be read; it is tried again.")]
    private partial void PumpFailed(Exception e);
}
