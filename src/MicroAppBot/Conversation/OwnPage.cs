using Governance.Apps;
using Governance.People;
using Governance.Requests;
using MicroAppBot.Conversation.Wording;
using MicroAppBot.Desk;

namespace MicroAppBot.Conversation;

/// <summary>Somebody's own page, of the cards they know from the chat: what waits for them comes first, then what they asked for, then their apps.</summary>
public sealed class OwnPage(Desk.Desk desk) : IOwnPage
{
    public async ValueTask<IReadOnlyList<Message.Card>> OfAsync(Person person, CancellationToken cancel)
    {
        var sitting = desk.Look(cancel, person);
        var to = new Addressee(person, sitting.Facts, sitting.Facts.Catalogue);
        var cards = new List<Message.Card>();
        if (await WaitingAsync(sitting, person.Id) is { Count: > 0 } waiting) cards.Add(new Message.Card("approvals-list", ListCards.Waiting(waiting, to)));
        var asked = (await sitting.RequestsAsync(new SnapshotQuery(Owner: person.Id, IsOpen: true))).OrderByDescending(r => r.File.SubmittedAt).ToList();
        if (asked.Count > 0) cards.Add(new Message.Card("approvals-list", ListCards.Asked(asked, to)));
        cards.Add(new Message.Card("app-list", ListCards.Apps(await AppsAsync(sitting, person.Id), to)));
        return cards;
    }

    /// <summary>The live ones first, by how soon they end.</summary>
    internal static async ValueTask<IReadOnlyList<MicroApp>> AppsAsync(Sitting sitting, string personId) =>
        [.. (await sitting.AppsAsync(new SnapshotQuery(Owner: personId))).OrderByDescending(a => a.IsLive).ThenBy(a => a.File.ExpiresAt)];

    /// <summary>What this person may sign for now, longest waiting first.</summary>
    internal static async ValueTask<IReadOnlyList<Request>> WaitingAsync(Sitting sitting, string personId) =>
        [.. (await sitting.RequestsAsync(new SnapshotQuery(IsOpen: true, Waiting: personId))).Where(r => RequestDecider.SeatFor(r, personId, sitting.Facts) is not null).OrderBy(r => r.File.SubmittedAt)];
}
