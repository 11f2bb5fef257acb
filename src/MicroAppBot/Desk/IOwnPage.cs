using Governance.People;

namespace MicroAppBot.Desk;

/// <summary>Somebody's own page: what waits for them, what they asked for, their apps, and a way to something new.</summary>
public interface IOwnPage
{
    /// <summary>The cards of the page, from what is true now; nothing is written.</summary>
    ValueTask<IReadOnlyList<Message.Card>> OfAsync(Person person, CancellationToken cancel);
}
