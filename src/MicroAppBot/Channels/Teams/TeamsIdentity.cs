using System.Collections.Concurrent;
using Governance.People;
using MicroAppBot.Desk;

namespace MicroAppBot.Channels.Teams;

/// <summary>
/// Which person an activity is from: by the directory's object id, then by the id Teams made for this bot, then by the e-mail
/// that Teams knows. Only from what the channel vouches for, never from what a card or a text says.
/// </summary>
internal sealed class TeamsIdentity(IDirectory directory, TeamsConnector connector, TeamsSettings settings, TimeProvider time)
{
    private const int MostRemembered = 10_000;

    /// <summary>A click must be answered within three seconds, with or without an e-mail.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);

    private static readonly TimeSpan KnownFor = TimeSpan.FromHours(1);
    private static readonly TimeSpan UnknownFor = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<(string Tenant, string Account), (string? Email, long At)> _emails = new();

    public async ValueTask<Person> PersonOfAsync(TeamsActivity activity, TeamsSender sender, CancellationToken cancel)
    {
        // Somebody of another organisation may share a name, an id or an e-mail with one of us, and is none of us
        if (IsOutsider(activity)) return Person.Unknown(sender.Name, null, new PersonAccounts(sender.AccountId, null));

        var known = sender.AadObjectId is { } aad ? Find(aad, sender, null) : null;
        if (known is not { IsInDirectory: true } && sender.Id.Length > 0 && Find(sender.Id, sender, null) is { IsInDirectory: true } byId) known = byId;
        if (known is { IsInDirectory: true }) return known;

        var email = await EmailOfAsync(activity, sender, cancel);
        return Find(sender.AccountId, sender, email);
    }

    private Person Find(string account, TeamsSender sender, string? email) =>
        directory.PersonOf(new ChannelAccount(TeamsChannel.ChannelName, account), sender.Name, email);

    private bool IsOutsider(TeamsActivity activity) => settings.App is { HasOwnTenant: true } app
        && (activity.TenantIds.Count == 0 || activity.TenantIds.Any(tenant => !tenant.Equals(app.TenantId, StringComparison.OrdinalIgnoreCase)));

    private async ValueTask<string?> EmailOfAsync(TeamsActivity activity, TeamsSender sender, CancellationToken cancel)
    {
        // Of a bot for all tenants nobody's e-mail is vouched for by ours: whoever runs a tenant writes into it what they like
        if (settings.App is { HasOwnTenant: false } || sender.Id.Length == 0) return null;
        var key = (activity.TenantIds is [var tenant, ..] ? tenant : "", sender.AccountId);
        if (_emails.TryGetValue(key, out var found) && time.GetElapsedTime(found.At) < (found.Email is null ? UnknownFor : KnownFor)) return found.Email;

        using var patience = new CancellationTokenSource(Patience, time);
        using var until = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
        string? email = null;
        try
        {
            var member = await connector.MemberAsync(activity.ServiceUrl, activity.ConversationId, sender.Id, until.Token);
            email = member.IsSuccess ? EmailIn(member) : null;
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            // Asked again later; until then it is somebody the directory does not know
        }
        if (_emails.Count >= MostRemembered) _emails.Clear();
        _emails[key] = (email, time.GetTimestamp());
        return email;
    }

    private static string? EmailIn(ConnectorAnswer member)
    {
        var principal = member.Body.Text("userPrincipalName");
        // An invited guest carries an address of another organisation
        var guest = member.Body.Text("userRole") is "guest" or "anonymous" || principal?.Contains("#EXT#", StringComparison.OrdinalIgnoreCase) is true;
        return guest ? null : member.Body.Text("email") ?? principal;
    }
}
