namespace MicroAppBot.Desk;

/// <summary>Where the channels hand in what was said. Durable when it returns.</summary>
public interface ITurns
{
    /// <summary>
    /// Handles one turn. For <see cref="Turn.AnswerDirectly"/> the reply is to be shown in the channel's own response;
    /// otherwise it is in the outbox already and <see cref="Reply.Silence"/> comes back (but for <see cref="Turn.ReturnsReply"/>);
    /// what takes the place of a pressed card is drawn in that place. The same turn twice is one turn.
    /// </summary>
    Task<Reply> TakeAsync(Turn turn, CancellationToken cancel);
}
