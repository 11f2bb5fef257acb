using System.Globalization;

namespace MicroAppBot.Desk;

/// <summary>
/// Moves the governance clock forward (Development). It steps from due date to due date (of requests, apps and messages that wait
/// for their time), and at each step calls the same sweep that the jobs call, then the outbox: what would have come one after the other comes one after the other.
/// </summary>
public sealed class ClockControl(IStore store, Desk desk, IOutbox outbox, GovernanceClock clock) : IClockControl, IDisposable
{
    private const string OffsetKey = "clock-offset";
    private readonly SemaphoreSlim _one = new(1);

    public void Dispose() => _one.Dispose();

    /// <summary>Governance time, UTC.</summary>
    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Takes up the offset that was kept; called once at start.</summary>
    public async Task RestoreAsync(CancellationToken cancel)
    {
        if (await store.SettingAsync(OffsetKey, cancel) is { } kept) clock.Restore(TimeSpan.Parse(kept, CultureInfo.InvariantCulture));
    }

    /// <summary>Moves forward by this much and returns when all that was due on the way is done and told.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Backwards, or more than ten years at once.</exception>
    public async Task<ClockMoved> AdvanceAsync(TimeSpan by, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(by, TimeSpan.FromDays(3660));
        await _one.WaitAsync(cancel);
        try
        {
            return await MoveToAsync(clock.GetUtcNow() + by, cancel);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Moves to the next due date of any request or app; stays where it is when nothing is due ever.</summary>
    public async Task<ClockMoved> ToNextEventAsync(CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try
        {
            var now = clock.GetUtcNow();
            // What is overdue is done at once; what nothing can be done about stands in nobody's way
            if (await store.NextDueAsync(cancel) <= now && await MoveToAsync(now, cancel) is { Acted: > 0 } done) return done;
            return await MoveToAsync(await DueAfterAsync(now, DateTimeOffset.MaxValue, cancel) ?? now, cancel);
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<ClockMoved> MoveToAsync(DateTimeOffset target, CancellationToken cancel)
    {
        var acted = 0;
        var next = await store.NextDueAsync(cancel);
        while (true)
        {
            // A message that waits for tomorrow morning comes before what is due the day after
            if (await store.NextMessageAsync(cancel) is { } message && message > clock.GetUtcNow() && message < (next ?? DateTimeOffset.MaxValue)) next = message;
            if (next is not { } moment || moment > target) break;
            await SetAsync(moment, cancel);
            var done = await desk.SweepAsync(cancel);
            await outbox.FlushAsync(cancel);
            acted += done;
            // What stays due although nothing could be done about it must neither hold the clock for ever nor have the rest done all at once
            next = done > 0 ? await store.NextDueAsync(cancel) : await DueAfterAsync(clock.GetUtcNow(), target, cancel);
        }
        await SetAsync(target, cancel);
        acted += await desk.SweepAsync(cancel);
        await outbox.FlushAsync(cancel);
        return new ClockMoved(clock.GetUtcNow(), acted);
    }

    private async Task<DateTimeOffset?> DueAfterAsync(DateTimeOffset now, DateTimeOffset until, CancellationToken cancel) =>
        (await store.FindAsync(new SnapshotQuery(DueBy: until, Limit: int.MaxValue), cancel)).Select(s => s.Keys.DueAt).Where(due => due > now).Min();

    private async Task SetAsync(DateTimeOffset moment, CancellationToken cancel)
    {
        clock.MoveTo(moment);
        await store.SaveSettingAsync(OffsetKey, clock.Offset.ToString("c", CultureInfo.InvariantCulture), cancel);
    }
}
