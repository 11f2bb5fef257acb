using Governance.Notices;
using Governance.People;
using MicroAppBot.Desk;

namespace MicroAppBot.Delivery;

/// <summary>Somebody who can be reached somewhere.</summary>
/// <param name="InsteadOf">Set where this is the manager of the one who cannot be reached.</param>
/// <param name="IsPlace">The contact is the place where the person spoke (<see cref="Turn.AnswerAt"/>), and not where they can be reached.</param>
public sealed record Recipient(IChannel Channel, Contact Contact, Person Reader, Person? InsteadOf, bool IsPlace = false);

/// <summary>
/// Where a message goes: the channel it names, else where its person was heard last, else another channel of theirs, else
/// one that can open a conversation by itself; what must not be missed goes to their manager when nobody can be reached.
/// </summary>
public sealed class Recipients(IStore store, IDirectory directory, IEnumerable<IChannel> channels)
{
    private readonly List<IChannel> _channels = [.. channels];

    public IChannel? ChannelNamed(string name) => _channels.Find(c => c.Name == name);

    /// <summary>The best place that is left; null when nobody can be reached. Dead contacts are left out, so each try goes one place further.</summary>
    /// <param name="placeIsGone">The place the message belongs to is not there any more: the person's own chat will do.</param>
    public async ValueTask<Recipient?> OfAsync(OutboxMessage message, bool placeIsGone, CancellationToken cancel)
    {
        var person = PersonOf(message.ToId);
        if (Board.Is(message.ToId))
        {
            var board = placeIsGone ? null : _channels.Select(c => (Channel: c, Contact: c.BoardContact(message.ToId))).FirstOrDefault(b => b.Contact is not null).Channel;
            return board is null ? null : new Recipient(board, board.BoardContact(message.ToId)!, person, null, IsPlace: true);
        }
        if (!placeIsGone && message is { Body: OutboxBody.Say { At: { } at }, Channel: { } name } && ChannelNamed(name) is { } there)
        {
            return new Recipient(there, new Contact(person.Id, name, at), person, null, IsPlace: true);
        }
        if (await PlaceAsync(person, message.Channel, cancel) is { } place) return new Recipient(place.Channel, place.Contact, person, null);
        if (message.Body is not OutboxBody.Tell { Notice.Kind: var kind } || !MustNotBeMissed(kind)) return null;
        if (person.Manager is not { } managerId || !directory.People.TryGetValue(managerId, out var manager)) return null;
        return await PlaceAsync(manager, null, cancel) is { } instead ? new Recipient(instead.Channel, instead.Contact, manager, person) : null;
    }

    /// <summary>Somebody the directory does not know (a guest, or gone by now) is still a reader: with the id for a name.</summary>
    public Person PersonOf(string id) =>
        directory.People.TryGetValue(id, out var known) ? known : new Person(id, id, "", "", null, "Etc/UTC", [], null, PersonAccounts.None);

    /// <summary>Whether anything at all can be sent to this person now.</summary>
    public async ValueTask<bool> CanReachAsync(Person person, CancellationToken cancel) => await PlaceAsync(person, null, cancel) is not null;

    /// <summary>What somebody has to do something about, and what switches an app off; other news waits for nobody's manager.</summary>
    public static bool MustNotBeMissed(NoticeKind kind) => kind is NoticeKind.ApprovalWanted or NoticeKind.ApprovalReminder or NoticeKind.ApprovalEscalated
        or NoticeKind.RenewalReminder or NoticeKind.CostAlert or NoticeKind.AppSuspended or NoticeKind.AppExpired;

    private async ValueTask<(IChannel Channel, Contact Contact)?> PlaceAsync(Person person, string? wanted, CancellationToken cancel)
    {
        var contacts = await store.ContactsAsync(person.Id, cancel);
        var warm = contacts.Where(c => !c.Dead);
        // The console shows whatever it is given: where people are is elsewhere, if anywhere
        var cold = _channels.OrderBy(c => c is IKeepsTranscript).Where(c => contacts.All(known => known.Channel != c.Name)).Select(c => c.ColdContact(person)).OfType<Contact>();
        // The channel that is named goes first, even where a conversation has to be opened there
        foreach (var contact in warm.Concat(cold).OrderBy(c => wanted is not null && c.Channel != wanted))
        {
            if (ChannelNamed(contact.Channel) is { } channel) return (channel, contact);
        }
        return null;
    }
}
