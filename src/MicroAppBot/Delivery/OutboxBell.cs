using MicroAppBot.Desk;

namespace MicroAppBot.Delivery;

/// <summary>
/// The desk rings, the pump hears. A thing of its own, because the pump needs those who need the desk, and the desk needs
/// nothing but the bell.
/// </summary>
public sealed class OutboxBell : IOutbox, IDisposable
{
    private readonly SemaphoreSlim _rung = new(0, 1);
    private Func<CancellationToken, Task>? _flush;

    public void Wake()
    {
        // Under load it rings nearly always, and an exception costs more than all the rest of a turn
        if (_rung.CurrentCount > 0) return;
        try
        {
            _rung.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else was faster
        }
    }

    /// <exception cref="InvalidOperationException">There is no pump yet.</exception>
    public Task FlushAsync(CancellationToken cancel = default) =>
        (_flush ?? throw new InvalidOperationException("Nobody takes messages out of the outbox yet."))(cancel);

    public void Dispose() => _rung.Dispose();

    internal void AnswerWith(Func<CancellationToken, Task> flush) => _flush = flush;

    /// <summary>Returns when the bell rings, or after this time.</summary>
    internal async Task HeardAsync(TimeSpan atMost, TimeProvider system, CancellationToken cancel)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var rung = _rung.WaitAsync(waiting.Token);
        await Task.WhenAny(rung, Task.Delay(atMost, system, waiting.Token));
        await waiting.CancelAsync();
        // A ring that came between is not lost: either this wait took it, or it is still there
        await rung.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancel.ThrowIfCancellationRequested();
    }
}
