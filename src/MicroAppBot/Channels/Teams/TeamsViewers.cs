using MicroAppBot.Desk;

namespace MicroAppBot.Channels.Teams;

/// <summary>
/// What Teams calls the people who see a card in their own way. It asks for their view by itself only where it knows them by the
/// id that it made for this bot (<c>29:…</c>): from a chat they had with it, else from the members of the conversation.
/// </summary>
internal sealed class TeamsViewers(IStore store, IDirectory directory, TeamsConnector connector)
{
    /// <summary>More user ids are refused (msteams-docs, Up-To-Date-Views).</summary>
    public const int Most = 60;

    public async Task<IReadOnlyList<string>> IdsAsync(IReadOnlyList<string> people, string serviceUrl, string conversation, CancellationToken cancel)
    {
        var ids = new List<string>();
        foreach (var person in people.Take(Most))
        {
            if (await IdAsync(person, serviceUrl, conversation, cancel) is { } id) ids.Add(id);
        }
        return ids;
    }

    private async Task<string?> IdAsync(string person, string serviceUrl, string conversation, CancellationToken cancel)
    {
        var known = (await store.ContactsAsync(person, cancel)).Where(c => c.Channel == TeamsChannel.ChannelName).Select(c => TeamsAddress.Read(c.Address)?.UserId);
        if (known.OfType<string>().FirstOrDefault() is { } own) return own;
        if (!directory.People.TryGetValue(person, out var listed) || listed.Accounts.Teams is not { Length: > 0 } account) return null;
        if (account.StartsWith("29:", StringComparison.Ordinal)) return account;
        var member = await connector.MemberAsync(serviceUrl, conversation, account, cancel);
        return member.IsSuccess ? member.Id : null;
    }
}
