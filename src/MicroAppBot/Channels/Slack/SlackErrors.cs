using System.Collections.Frozen;

namespace MicroAppBot.Channels.Slack;

/// <summary>
/// What Slack's error words mean. The words are those of the method reference (slack-api-ref, August 2026); the same thing is
/// spelled differently by different methods. A word that is in no list will not get better by being repeated.
/// </summary>
internal static class SlackErrors
{
    /// <summary>Doing it again shows it twice: there is no idempotency key.</summary>
    private static readonly FrozenSet<string> MayDouble = FrozenSet.Create(StringComparer.Ordinal, "chat.postMessage", "chat.postEphemeral");

    private static readonly FrozenDictionary<string, SlackFate> Words = Table(
        (SlackFate.TryAgain,
        [
            "ratelimited", "rate_limited", "service_unavailable", "request_timeout", "team_added_to_org", "org_login_required", "message_limit_exceeded",
            "update_failed", "external_channel_migrating", "streaming_state_conflict", "accesslimited", "token_expired",
        ]),
        // "It's possible some aspect of the operation succeeded before the error was raised"
        (SlackFate.Unknown, ["fatal_error", "internal_error"]),
        (SlackFate.Gone,
        [
            "channel_not_found", "is_archived", "not_in_channel", "user_not_found", "users_not_found", "user_not_visible", "user_disabled",
            "user_not_in_channel", "cannot_reply_to_message", "restricted_action_thread_locked", "restricted_action_read_only_channel",
            "restricted_action_non_threadable_channel", "restricted_action_thread_only_channel", "account_inactive", "team_not_found",
            "channel_is_limited_access", "posting_to_channel_denied",
        ]),
        (SlackFate.TokenDead, ["invalid_auth", "not_authed", "token_revoked", "app_access_restricted", "invalid_refresh_token", "bad_client_secret", "invalid_client_id"]),
        (SlackFate.Mend,
        [
            "missing_scope", "not_allowed_token_type", "no_permission", "restricted_action", "messages_tab_disabled", "not_enabled", "access_denied",
            "ekm_access_denied", "enterprise_is_restricted", "two_factor_setup_required", "forbidden_team", "plan_upgrade_required",
            "bad_redirect_uri", "no_scopes", "oauth_authorization_url_mismatch", "pkce_not_allowed", "cannot_install_an_org_installed_app",
        ]));

    public static SlackFate FateOf(SlackAnswer answer)
    {
        var doubles = MayDouble.Contains(answer.Method);
        switch (answer.Reach)
        {
            case SlackReach.Unreached or SlackReach.Held: return SlackFate.TryAgain;
            case SlackReach.Silent: return doubles ? SlackFate.Unknown : SlackFate.TryAgain;
            case SlackReach.NoToken: return SlackFate.TokenDead;
            case SlackReach.NotInstalled: return SlackFate.Gone;
            case SlackReach.NotAllowed: return SlackFate.Refused;
        }
        if (answer.Ok) return SlackFate.Done;
        var status = (int)answer.Status;
        // "Unavailable", and a gateway that says when to come again, did not pass it on; other faults may have
        if (status is 429 or 503 || (status >= 500 && answer.RetryAfter is not null)) return SlackFate.TryAgain;
        // Taken, and nothing said of what came of it: an empty body, or a gateway's page
        var isMute = status is >= 200 and < 300 && answer.Error?.StartsWith("http_", StringComparison.Ordinal) is true;
        var fate = answer.Error is { } word && Words.TryGetValue(word, out var known) ? known : status >= 500 || isMute ? SlackFate.Unknown : SlackFate.Refused;
        return fate == SlackFate.Unknown && !doubles ? SlackFate.TryAgain : fate;
    }

    private static FrozenDictionary<string, SlackFate> Table(params (SlackFate Fate, string[] Words)[] rows) =>
        rows.SelectMany(row => row.Words.Select(word => (word, row.Fate))).ToFrozenDictionary(e => e.word, e => e.Fate, StringComparer.Ordinal);
}
