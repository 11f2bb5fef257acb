namespace MicroAppBot.Tests.Doubles.Slack;

/// <summary>What Slack's reference says of a Web API method: what it needs, how often it may be called, what it may answer.</summary>
/// <param name="PerMinute">Calls a minute for one workspace; null where it is not counted that way.</param>
/// <param name="TakesJson">False: arguments are read from a form or the query only, and a JSON body is as if nothing had been sent.</param>
/// <param name="Scopes">Any of these is enough; none: every token may.</param>
/// <param name="Errors">The errors of its own, beside <see cref="Common"/>.</param>
/// <remarks>Source: docs.slack.dev/methods as copied by slack-ruby/slack-api-ref (MIT), 2026-08-20.</remarks>
internal sealed record SlackMethod(string Name, int? PerMinute, bool TakesJson, string[] Scopes, string[] Required, string[] Errors)
{
    private const string Posting =
        "channel_not_found not_in_channel is_archived no_text invalid_blocks invalid_blocks_format too_many_attachments message_limit_exceeded messages_tab_disabled restricted_action cannot_reply_to_message markdown_text_conflict";

    private const string Metadata = "invalid_metadata_format invalid_metadata_schema metadata_too_large metadata_must_be_sent_from_app";

    private const string Triggers = "expired_trigger_id exchanged_trigger_id invalid_trigger_id duplicate_external_id view_too_large invalid_arguments";

    private const string History = "channel_not_found not_in_channel invalid_cursor invalid_ts_latest invalid_ts_oldest";

    public static readonly IReadOnlySet<string> Common = Set(
        "ratelimited unknown_method access_denied account_inactive deprecated_endpoint ekm_access_denied enterprise_is_restricted is_bot method_deprecated missing_scope not_allowed_token_type not_authed "
        + "no_permission org_login_required token_expired token_revoked two_factor_setup_required accesslimited fatal_error invalid_arg_name invalid_array_arg invalid_charset invalid_form_data invalid_post_type "
        + "missing_post_type request_timeout service_unavailable team_added_to_org internal_error invalid_auth invalid_arguments invalid_json json_not_object");

    public static readonly IReadOnlyDictionary<string, SlackMethod> All = new SlackMethod[]
    {
        new("api.test", null, true, [], [], []),
        new("auth.test", null, true, [], [], []),
        // Once a second in each channel, with short bursts, and a cap for the workspace
        new("chat.postMessage", null, true, ["chat:write"], ["channel"], Words($"{Posting} {Metadata} msg_blocks_too_long rate_limited team_not_found app_access_restricted restricted_action_read_only_channel restricted_action_thread_only_channel restricted_action_thread_locked restricted_action_non_threadable_channel")),
        new("chat.update", 50, true, ["chat:write"], ["channel", "ts"], Words($"{Posting} {Metadata} message_not_found cant_update_message edit_window_closed is_inactive msg_too_long msg_blocks_too_long block_mismatch update_failed external_channel_migrating streaming_state_conflict")),
        new("chat.postEphemeral", 100, true, ["chat:write"], ["channel", "user"], Words($"{Posting} user_not_in_channel msg_too_long msg_blocks_too_long")),
        new("chat.delete", 50, true, ["chat:write"], ["channel", "ts"], Words("message_not_found cant_delete_message channel_not_found")),
        new("conversations.open", 50, true, ["im:write", "mpim:write", "channels:manage", "groups:write"], [], Words("user_not_found user_not_visible user_disabled too_many_users not_enough_users users_list_not_supplied invalid_user_combination channel_not_found method_not_supported_for_channel_type")),
        new("conversations.info", 50, false, ["channels:read", "groups:read", "im:read", "mpim:read"], ["channel"], Words("channel_not_found channel_is_limited_access")),
        new("conversations.history", 50, true, ["channels:history", "groups:history", "im:history", "mpim:history"], ["channel"], Words(History)),
        new("conversations.replies", 50, false, ["channels:history", "groups:history", "im:history", "mpim:history"], ["channel", "ts"], Words($"{History} thread_not_found")),
        new("users.info", 100, false, ["users:read"], ["user"], Words("user_not_found user_not_visible too_many_users")),
        new("users.lookupByEmail", 50, false, ["users:read.email"], ["email"], Words("users_not_found")),
        new("usergroups.users.list", 20, false, ["usergroups:read"], ["usergroup"], Words("no_such_subteam plan_upgrade_required invalid_cursor")),
        new("views.open", 100, true, [], ["view"], Words(Triggers)),
        new("views.push", 100, true, [], ["view"], Words($"{Triggers} push_limit_reached not_found")),
        new("views.update", 100, true, [], ["view"], Words("hash_conflict not_found duplicate_external_id view_too_large invalid_arguments")),
        new("views.publish", 100, true, [], ["user_id", "view"], Words("hash_conflict not_enabled view_too_large invalid_arguments duplicate_external_id missing_profile_id not_implemented")),
        new("apps.connections.open", 50, true, [], [], Words("forbidden_team insecure_request missing_args")),
        new("oauth.v2.access", null, false, [], [], Words("bad_client_secret bad_redirect_uri invalid_client_id invalid_code invalid_grant_type invalid_refresh_token no_scopes oauth_authorization_url_mismatch invalid_code_verifier")),
        new("auth.revoke", 50, false, [], [], []),
    }.ToDictionary(m => m.Name, StringComparer.Ordinal);

    /// <summary>Whether the real method may answer this: a double that invents errors teaches the wrong thing.</summary>
    public bool MayAnswer(string error) => Common.Contains(error) || Errors.Contains(error, StringComparer.Ordinal);

    private static string[] Words(string words) => words.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static HashSet<string> Set(string words) => [.. Words(words)];
}
