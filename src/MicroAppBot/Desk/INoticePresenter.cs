using System.Text.Json.Nodes;
using Governance.Notices;
using Governance.People;

namespace MicroAppBot.Desk;

/// <summary>Turns a notice into a card's data, from what is true at the moment it is sent.</summary>
public interface INoticePresenter
{
    /// <summary>What to show, or null when the notice is no longer true (it is dropped).</summary>
    /// <param name="reader">
    /// Who will read it: the notice's <see cref="Notice.ToId"/>, or their manager when they cannot be reached anywhere; then
    /// the notice's detail names them under <see cref="InsteadOf"/>.
    /// </param>
    ValueTask<Presented?> PresentAsync(Notice notice, Person reader, CancellationToken cancel);

    /// <summary>Key in <see cref="Notice.Detail"/>: the person id of the one who could not be reached.</summary>
    const string InsteadOf = "instead_of";
}

/// <param name="Card">Name of the card.</param>
/// <param name="Data">Its data.</param>
/// <param name="Summary">The card in one sentence: for notifications and screen readers.</param>
/// <param name="About">What the card shows, where it has to be drawn again when that changes.</param>
/// <param name="Viewers">On a <see cref="Board"/>: ids of the people who are asked, and see it with their own buttons.</param>
public sealed record Presented(string Card, JsonObject Data, string Summary, CardSubject? About, IReadOnlyList<string>? Viewers = null);

/// <summary>Draws a card by its name.</summary>
public interface ICardPen
{
    /// <summary>The Adaptive Card.</summary>
    /// <exception cref="ArgumentException">There is no such card, or the data does not fit it.</exception>
    JsonObject Draw(string card, JsonObject data);

    /// <summary>As <see cref="Draw"/>, together with what the card has of its own for this channel: a hand-made version.</summary>
    /// <param name="channel">As <see cref="IChannel.Name"/>.</param>
    JsonObject DrawFor(string channel, string card, JsonObject data) => Draw(card, data);
}
