namespace MicroAppBot.Desk;

/// <summary>
/// The clock of due dates: the system clock plus an offset that can be moved forward in Development. Tokens,
/// signatures, timers and Quartz take the system clock instead.
/// </summary>
public sealed class GovernanceClock(TimeProvider system) : TimeProvider
{
    private long _offsetTicks;

    /// <summary>How far this clock is ahead of the system clock; never negative.</summary>
    public TimeSpan Offset => TimeSpan.FromTicks(Interlocked.Read(ref _offsetTicks));

    public override DateTimeOffset GetUtcNow() => system.GetUtcNow() + Offset;

    public override TimeZoneInfo LocalTimeZone => system.LocalTimeZone;

    public override long GetTimestamp() => system.GetTimestamp();

    public override long TimestampFrequency => system.TimestampFrequency;

    /// <summary>Moves the clock so that it shows <paramref name="moment"/> now. A moment in its past is ignored: this clock never runs back.</summary>
    public void MoveTo(DateTimeOffset moment)
    {
        var ahead = (moment - system.GetUtcNow()).Ticks;
        long seen;
        do
        {
            seen = Interlocked.Read(ref _offsetTicks);
            if (ahead <= seen) return;
        }
        while (Interlocked.CompareExchange(ref _offsetTicks, ahead, seen) != seen);
    }

    /// <summary>Takes up the offset that was kept in the store.</summary>
    public void Restore(TimeSpan offset) => Interlocked.Exchange(ref _offsetTicks, Math.Max(0, offset.Ticks));
}
