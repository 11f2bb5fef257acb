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

    private readonly ConcurrentDictionary<(string Tenant, string Account), (string? Email, bool IsGuest, long At)> _emails = new();

    public async ValueTask<Person> PersonOfAsync(TeamsActivity activity, TeamsSender sender, CancellationToken cancel)
    {
        var account = new ChannelAccount(TeamsChannel.ChannelName, sender.AccountId);
        if (IsOutsider(activity)) return new Sender(account, sender.Name, null, Outside: Outsider.OtherOrganisation).In(directory);

        var known = sender.AadObjectId is { } aad ? Find(aad, sender, null) : null;
        if (known is not { IsInDirectory: true } && sender.Id.Length > 0 && Find(sender.Id, sender, null) is { IsInDirectory: true } byId) known = byId;
        if (known is { IsInDirectory: true }) return known;

        var (email, isGuest) = await EmailOfAsync(activity, sender, cancel);
        return new Sender(account, sender.Name, email, Outside: isGuest ? Outsider.Guest : null).In(directory);
    }

    private Person Find(string account, TeamsSender sender, string? email) =>
        new Sender(new ChannelAccount(TeamsChannel.ChannelName, account), sender.Name, email).In(directory);

    private bool IsOutsider(TeamsActivity activity) => settings.App is { HasOwnTenant: true } app
        && (activity.TenantIds.Count == 0 || activity.TenantIds.Any(tenant => !tenant.Equals(app.TenantId, StringComparison.OrdinalIgnoreCase)));

    private async ValueTask<(string? Email, bool IsGuest)> EmailOfAsync(TeamsActivity activity, TeamsSender sender, CancellationToken cancel)
    {
        // Of a bot for all tenants nobody's e-mail is vouched for by ours: whoever runs a tenant writes into it what they like
        if (settings.App is { HasOwnTenant: false } || sender.Id.Length == 0) return (null, false);
        var key = (activity.TenantIds is [var tenant, ..] ? tenant : "", sender.AccountId);
        if (_emails.TryGetValue(key, out var found) && time.GetElapsedTime(found.At) < (found.Email is null ? UnknownFor : KnownFor)) return (found.Email, found.IsGuest);

        using var patience = new CancellationTokenSource(Patience, time);
        using var until = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
        var (email, isGuest) = ((string?)null, false);
        try
        {
            var member = await connector.MemberAsync(activity.ServiceUrl, activity.ConversationId, sender.Id, until.Token);
            if (member.IsSuccess) (email, isGuest) = EmailIn(member);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            // Asked again later; until then it is somebody the directory does not know
        }
        if (_emails.Count >= MostRemembered) _emails.Clear();
        _emails[key] = (email, isGuest, time.GetTimestamp());
        return (email, isGuest);
    }

    private static (string? Email, bool IsGuest) EmailIn(ConnectorAnswer member)
    {
        var principal = member.Body.Text("userPrincipalName");
        // An invited guest carries an address of another organisation
        var guest = member.Body.Text("userRole") is "guest" or "anonymous" || principal?.Contains("#EXT#", StringComparison.OrdinalIgnoreCase) is true;
        return guest ? (null, true) : (member.Body.Text("email") ?? principal, false);
    }
}
