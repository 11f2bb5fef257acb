using System.Text.Json.Nodes;
using Governance.Notices;
using MicroAppBot.Desk;

namespace MicroAppBot.Channels.Teams;

/// <summary>
/// A card that asks what it should look like now: each client does so by itself when the card comes into view. Looking at something
/// changes nothing and costs no write, save for the first time: then it is seen.
/// </summary>
internal sealed class TeamsRefresh(TeamsTalk talk, IStore store, INoticePresenter presenter, ICardPen pen, TimeProvider time)
{
    public const string Verb = "refresh";

    /// <summary>A client asks as soon as a card comes into view, which may be before its delivery has been written down.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Whether there is a way to draw this anew; an app's cards are drawn again by what happens to the app.</summary>
    public static bool Shows(CardSubject about) => about.Kind == "request";

    public async Task<JsonObject> ShowAsync(TeamsActivity activity, TeamsSender sender, JsonObject data, CancellationToken cancel)
    {
        var (person, card) = await talk.LookAsync(activity, sender, data, Patience, time, cancel);
        if (card?.About is not { } about || !Shows(about)) return TeamsInvoke.Line("This card is up to date.");
        if (card.SeenAt is null && card.PersonId == person.Id) await store.MarkAsync(new DeliveryMark(activity.TurnId, DeliveryState.Sent, Seen: [card.Id]), CancellationToken.None);
        var notice = new Notice(person.Id, NoticeKind.RequestCardsChanged, about.Id, null, new Dictionary<string, string>());
        return await presenter.PresentAsync(notice, person, cancel) is { } now
            ? TeamsInvoke.Card(TeamsMessage.Dressed(pen.Draw(now.Card, now.Data), card.Id, now.About, sender.Id is { Length: > 0 } id ? [id] : null))
            : TeamsInvoke.Line("This card is up to date.");
    }
}
