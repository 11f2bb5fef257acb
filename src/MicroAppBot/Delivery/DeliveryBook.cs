using MicroAppBot.Desk;

namespace MicroAppBot.Delivery;

/// <summary>How a notice stands.</summary>
public enum NoticeState
{
    /// <summary>Not delivered yet: it waits for its turn, its time or its channel.</summary>
    Waiting,
    Sent,
    /// <summary>It came into view, where the channel says so.</summary>
    Seen,
    /// <summary>Its reader pressed something on it.</summary>
    ActedOn,
    /// <summary>Nobody could be reached with it, or no channel takes it.</summary>
    Bounced,
}

/// <summary>What became of what was sent: for the governance team, and for whoever asks about one notice.</summary>
public sealed class DeliveryBook(IStore store, Recipients recipients, IDirectory directory) : IReach
{
    private const int MostBounced = 1000;

    /// <summary>How one message stands, by our id of it.</summary>
    /// <returns>Null for one that was never written, or was dropped because it was not true any more, or was told by another one's card.</returns>
    public async ValueTask<NoticeState?> StateAsync(string messageId, CancellationToken cancel)
    {
        if (await store.MessageAsync(messageId, cancel) is not null) return NoticeState.Waiting;
        if (await store.SentCardAsync(messageId, cancel) is { } card) return StateOf(card);
        return (await store.BouncedAsync(MostBounced, cancel)).Any(b => b.Id == messageId) ? NoticeState.Bounced : null;
    }

    public static NoticeState StateOf(SentCard card) =>
        card.ActedAt is not null ? NoticeState.ActedOn : card.SeenAt is not null ? NoticeState.Seen : NoticeState.Sent;

    public async ValueTask<IReadOnlyList<Unreached>> UnreachedAsync(CancellationToken cancel)
    {
        var bounced = (await store.BouncedAsync(MostBounced, cancel)).Where(b => b.ToId != OutboxMessage.Catalogue && !Board.Is(b.ToId)).Select(b => b.ToId);
        var signers = directory.People.Values.Where(p => p.Roles.Count > 0).Select(p => p.Id);
        var deadEnds = await store.DeadEndsAsync(cancel);
        var unreached = new List<Unreached>();
        foreach (var id in deadEnds.Concat(bounced).Concat(signers).Distinct(StringComparer.Ordinal))
        {
            var person = recipients.PersonOf(id);
            if (await recipients.CanReachAsync(person, cancel)) continue;
            var refused = (await store.ContactsAsync(id, cancel)).Where(c => c.Dead).Select(c => Titled(c.Channel)).ToList();
            unreached.Add(new Unreached(id, person.Name, refused.Count > 0
                ? $"Blocked or removed me in {string.Join(" and ", refused)}. They can write to me there, or install the app again."
                : "Never wrote to me, and has no account in the directory that I could write to."));
        }
        return [.. unreached.OrderBy(u => u.Name, StringComparer.Ordinal).ThenBy(u => u.PersonId, StringComparer.Ordinal)];
    }

    private static string Titled(string channel) => channel.Length == 0 ? channel : char.ToUpperInvariant(channel[0]) + channel[1..];
}
