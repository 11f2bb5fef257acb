using System.Text.Json.Nodes;

namespace MicroAppBot.Channels.Slack;

/// <summary>The app in one workspace, or in a whole organisation.</summary>
/// <param name="Id">The workspace's id (<c>T…</c>), or the organisation's (<c>E…</c>) where the app is installed for all of it.</param>
/// <param name="EnterpriseId">The organisation the workspace belongs to; null outside of Enterprise Grid.</param>
/// <param name="BotUserId">The bot as a member (<c>U…</c>).</param>
/// <param name="ExpiresAt">When the token runs out; null for one that does not.</param>
internal sealed record SlackInstall(
    string Id, string? Name, string? EnterpriseId, string? AppId, string? BotUserId, string Token, string? RefreshToken = null, DateTimeOffset? ExpiresAt = null)
{
    /// <summary>Never a token: this ends up in logs.</summary>
    public override string ToString() => $"workspace {Id}";

    /// <summary>Whether somebody of this workspace or organisation is one of ours.</summary>
    public bool IsHomeOf(string? teamId, string? enterpriseId) =>
        (teamId is not null && teamId == Id) || (enterpriseId is not null && (enterpriseId == Id || enterpriseId == EnterpriseId));

    /// <summary>From an answer of <c>oauth.v2.access</c>.</summary>
    /// <returns>Null when it names no workspace or brings no bot token.</returns>
    public static SlackInstall? FromAccess(JsonObject access, DateTimeOffset now)
    {
        var (team, enterprise) = (access["team"], access["enterprise"]);
        var id = SlackJson.Is(access, "is_enterprise_install") ? SlackJson.Text(enterprise, "id") : SlackJson.Text(team, "id");
        if (id is null || SlackJson.Text(access, "access_token") is not { } token) return null;
        return new SlackInstall(
            id, SlackJson.Text(team, "name") ?? SlackJson.Text(enterprise, "name"), SlackJson.Text(enterprise, "id"), SlackJson.Text(access, "app_id"),
            SlackJson.Text(access, "bot_user_id"), token, SlackJson.Text(access, "refresh_token"), ExpiryIn(access, now));
    }

    /// <summary>The same app with the pair of tokens that takes the place of this one.</summary>
    /// <returns>Null when the answer holds no pair.</returns>
    public SlackInstall? Renewed(JsonObject access, DateTimeOffset now) =>
        SlackJson.Text(access, "access_token") is { } token && SlackJson.Text(access, "refresh_token") is { } refresh
            ? this with { Token = token, RefreshToken = refresh, ExpiresAt = ExpiryIn(access, now) }
            : null;

    private static DateTimeOffset? ExpiryIn(JsonObject access, DateTimeOffset now) =>
        access["expires_in"] is JsonValue value && value.TryGetValue<long>(out var seconds) && seconds > 0 ? now.AddSeconds(seconds) : null;
}
