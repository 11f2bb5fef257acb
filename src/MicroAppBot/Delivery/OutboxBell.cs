using MicroAppBot.Desk;

namespace MicroAppBot.Delivery;

/// <summary>
/// The desk rings, whoever empties the outbox hears. A thing of its own, because the pump needs those who need the desk, and
/// the desk needs nothing but the bell. Every ring is heard by everybody who listens: two may empty the outbox in turn, and
/// a ring taken by one alone would leave the other asleep.
/// </summary>
public sealed class OutboxBell : IOutbox
{
    private readonly Ring _ring = new();
    private Func<CancellationToken, Task>? _flush;

    /// <summary>Ends with the next ring. Taken before one looks at the outbox, no ring is missed.</summary>
    internal Task NextRing => _ring.Next;

    public void Wake() => _ring.Sound();

    /// <exception cref="InvalidOperationException">There is no pump yet.</exception>
    public Task FlushAsync(CancellationToken cancel = default) =>
        (_flush ?? throw new InvalidOperationException("Nobody takes messages out of the outbox yet."))(cancel);

    internal void AnswerWith(Func<CancellationToken, Task> flush) => _flush = flush;
}
