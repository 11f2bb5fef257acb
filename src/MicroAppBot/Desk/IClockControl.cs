namespace MicroAppBot.Desk;

/// <summary>Moves the governance clock forward, in Development only (design §3.8).</summary>
public interface IClockControl
{
    /// <summary>Governance time, UTC.</summary>
    DateTimeOffset Now { get; }

    /// <summary>Moves forward by this much and returns when all that was due on the way is done and told.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Backwards, or more than ten years at once.</exception>
    Task<ClockMoved> AdvanceAsync(TimeSpan by, CancellationToken cancel);

    /// <summary>Moves to the next due date of any request or app; stays where it is when nothing is due ever.</summary>
    Task<ClockMoved> ToNextEventAsync(CancellationToken cancel);
}

/// <param name="Now">Governance time after the move.</param>
/// <param name="Acted">How many requests and apps were acted on along the way.</param>
public sealed record ClockMoved(DateTimeOffset Now, int Acted);
