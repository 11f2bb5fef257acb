using System.Text.Json.Nodes;
using Governance.Notices;
using MicroAppBot.Desk;

namespace MicroAppBot.Channels.Teams;

/// <summary>
/// A card that asks what it should look like now: each client does so by itself when the card comes into view. A pure read,
/// so that looking at something changes nothing and costs no write.
/// </summary>
internal sealed class TeamsRefresh(TeamsTalk talk, INoticePresenter presenter, ICardPen pen)
{
    public const string Verb = "refresh";

    public async Task<JsonObject> ShowAsync(TeamsActivity activity, TeamsSender sender, JsonObject data, CancellationToken cancel)
    {
        var (person, card) = await talk.LookAsync(activity, sender, data, cancel);
        if (card?.About is not { } about || NoticeOf(about, person.Id) is not { } notice || await presenter.PresentAsync(notice, person, cancel) is not { } now)
        {
            return TeamsInvoke.Line("There is nothing newer to show on this card.");
        }
        return TeamsInvoke.Card(TeamsMessage.Stamped(pen.Draw(now.Card, now.Data), card.Id));
    }

    /// <summary>The same that Delivery draws a changed card from; an app's cards are drawn again by what happens to the app.</summary>
    private static Notice? NoticeOf(CardSubject about, string personId) => about.Kind == "request"
        ? new Notice(personId, NoticeKind.RequestCardsChanged, about.Id, null, new Dictionary<string, string>())
        : null;
}
