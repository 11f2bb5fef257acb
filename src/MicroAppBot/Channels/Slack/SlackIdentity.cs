using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Governance.People;
using MicroAppBot.Desk;

namespace MicroAppBot.Channels.Slack;

/// <summary>
/// Which person a Slack account belongs to: by its id, then by the e-mail that Slack itself vouches for; and whether it is one of
/// the organisation's members at all. What Slack says is remembered for a while and dropped when it says that it changed.
/// </summary>
internal sealed class SlackIdentity(IDirectory directory, SlackApi api, SlackTokens tokens, TimeProvider time)
{
    private const int MostRemembered = 10_000;
    private const int LongestName = 200;

    /// <summary>A click must be answered within three seconds, whether Slack says who it was or not.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.2);

    private static readonly TimeSpan KnownFor = TimeSpan.FromMinutes(15);

    /// <summary>While Slack cannot be asked, what it said before still counts this long.</summary>
    private static readonly TimeSpan GoodFor = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<(string Install, string Team, string User), (SlackMember Member, long At)> _members = new();

    /// <param name="teamId">The acting user's own workspace (<c>user.team_id</c>), which may be another than the installation's.</param>
    /// <param name="installedIn">By whose installation it came (the workspace, or the organisation); the same as <paramref name="teamId"/> when null.</param>
    public async ValueTask<SlackSender> SenderAsync(string teamId, string userId, CancellationToken cancel, string? installedIn = null)
    {
        var member = await MemberAsync(installedIn ?? teamId, teamId, userId, cancel);
        // The account of somebody from elsewhere says so: an id means something in its own workspace only
        var account = new ChannelAccount(SlackEndpoint.ChannelName, member.Outside is Outsider.OtherOrganisation ? $"{member.TeamId ?? teamId}/{userId}" : userId);
        var person = new Sender(account, member.Name, member.Email, member.TimeZone, member.Outside).In(directory);
        return new SlackSender(person, account, person.Outside is not null);
    }

    /// <summary>Slack says that something about this account has changed: it is asked again.</summary>
    public void Forget(string userId)
    {
        foreach (var key in _members.Keys) if (key.User == userId) _members.TryRemove(key, out _);
    }

    private async ValueTask<SlackMember> MemberAsync(string installId, string teamId, string userId, CancellationToken cancel)
    {
        // An id means something in its own workspace: the same from elsewhere is somebody else
        var key = (installId, teamId, userId);
        using var patience = new CancellationTokenSource(Patience, time);
        using var until = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
        SlackInstall? install;
        SlackAnswer answer;
        try
        {
            install = await tokens.OfAsync(installId, until.Token);
            if (install is null) return SlackMember.Elsewhere(teamId);
            if (Remembered(key, KnownFor) is { } known) return known;
            answer = await api.CallAsync(install.Id, "users.info", new JsonObject { ["user"] = userId }, until.Token);
        }
        catch (SlackTokenUnavailable)
        {
            return WithoutAsking(key);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return WithoutAsking(key);
        }
        if (answer is { Ok: true } && answer.Body["user"] is JsonObject user && SlackJson.Text(user, "id") is { } id && id == userId)
        {
            var member = SlackMember.Read(user, install, teamId);
            if (_members.Count >= MostRemembered) _members.Clear();
            _members[key] = (member, time.GetTimestamp());
            return member;
        }
        return answer.Error is "user_not_found" or "users_not_found" or "user_not_visible"
            ? SlackMember.Elsewhere(teamId == install.Id ? null : teamId)
            : WithoutAsking(key);
    }

    /// <summary>Who somebody was said to be stays who they are; whether they still are a member has to be said anew.</summary>
    private SlackMember WithoutAsking((string Install, string Team, string User) key) =>
        Remembered(key, GoodFor)
        ?? (_members.TryGetValue(key, out var known) ? known.Member with { Outside = known.Member.Outside ?? Outsider.NotVerified } : SlackMember.NotVerified);

    private SlackMember? Remembered((string Install, string Team, string User) key, TimeSpan atMost) =>
        _members.TryGetValue(key, out var known) && time.GetElapsedTime(known.At) < atMost ? known.Member : null;

    /// <summary>What <c>users.info</c> says of somebody.</summary>
    /// <param name="TeamId">The workspace the account is at home in, where it is known.</param>
    /// <param name="Email">Only a full member's, which the workspace's administrators answer for.</param>
    private sealed record SlackMember(string? Name, string? Email, string? TimeZone, string? TeamId, Outsider? Outside)
    {
        public static readonly SlackMember NotVerified = new(null, null, null, null, Outsider.NotVerified);

        public static SlackMember Elsewhere(string? teamId) => new(null, null, null, teamId, Outsider.OtherOrganisation);

        public static SlackMember Read(JsonObject user, SlackInstall install, string actingTeam)
        {
            var profile = user["profile"];
            var team = SlackJson.Text(user, "team_id");
            var enterprise = SlackJson.Text(user["enterprise_user"], "enterprise_id");
            var name = SlackJson.Text(profile, "real_name") ?? SlackJson.Text(user, "real_name") ?? SlackJson.Text(profile, "display_name") ?? SlackJson.Text(user, "name");
            // Who acts from another workspace than the installation's is at home only where both belong to one organisation
            var isHome = install.IsHomeOf(team, enterprise) && (actingTeam == install.Id || install.IsHomeOf(null, enterprise));
            Outsider? outside =
                SlackJson.Is(user, "is_bot") || SlackJson.Text(user, "id") == "USLACKBOT" ? Outsider.Bot
                : SlackJson.Is(user, "is_stranger") || !isHome ? Outsider.OtherOrganisation
                : SlackJson.Is(user, "deleted") ? Outsider.Deactivated
                : SlackJson.Is(user, "is_restricted") || SlackJson.Is(user, "is_ultra_restricted") ? Outsider.Guest
                : null;
            var isConfirmed = user["is_email_confirmed"] is not JsonValue told || !told.TryGetValue<bool>(out var confirmed) || confirmed;
            return new SlackMember(
                name is null ? null : InWords.Cut(name, LongestName), outside is null && isConfirmed ? SlackJson.Text(profile, "email") : null, SlackJson.Text(user, "tz"), team, outside);
        }
    }
}

/// <summary>Who did something in Slack.</summary>
/// <param name="Account">Somebody of another workspace has it in front: <c>T…/U…</c>.</param>
/// <param name="IsStranger">A guest, a bot, or somebody of another workspace: recognised, and may sign for nothing. <see cref="Person.Outside"/> says why.</param>
internal sealed record SlackSender(Person Person, ChannelAccount Account, bool IsStranger);
