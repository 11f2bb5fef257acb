using System.Text.Json.Nodes;

namespace MicroAppBot.Channels.Slack;

/// <summary>Who did something, and where.</summary>
/// <param name="InstalledIn">By whose installation it came: the workspace, or the organisation where the app is installed for all of it.</param>
/// <param name="TeamId">The acting user's own workspace, which in a shared channel is another one.</param>
/// <param name="ChannelId">The channel; of a shortcut or a command none, for that may be a chat between two other people.</param>
/// <param name="ThreadTs">The thread it stands in.</param>
internal sealed record SlackPlace(string InstalledIn, string TeamId, string UserId, string? ChannelId = null, string? ThreadTs = null)
{
    private const int LongestId = 64;

    /// <summary>The person's own chat with the bot.</summary>
    public bool IsDirect => ChannelId is ['D', ..];

    public SlackAddress Here => new(InstalledIn, UserId, ChannelId, ThreadTs);

    /// <summary>Where this person can be reached from now on.</summary>
    public SlackAddress Own => new(InstalledIn, UserId, IsDirect ? ChannelId : null);

    /// <summary>Where an answer belongs that does not belong into the person's own chat; null where it does.</summary>
    public string? AnswerAt => ChannelId is null || (IsDirect && ThreadTs is null) ? null : Here.ToJson();

    /// <summary>What is said there is read by others too.</summary>
    public bool OthersReadAlong => ChannelId is not null && !IsDirect;

    /// <returns>Null where the event is nobody's.</returns>
    public static SlackPlace? OfEvent(JsonObject payload, JsonObject happened)
    {
        var installed = Installed(payload);
        var team = SlackJson.Text(happened, "user_team") ?? SlackJson.Text(happened, "source_team") ?? SlackJson.Text(happened, "team") ?? SlackJson.Text(payload, "team_id") ?? installed;
        return Of(installed, team, SlackJson.Text(happened, "user"), SlackJson.Text(happened, "channel"), SlackJson.Text(happened, "thread_ts"));
    }

    /// <inheritdoc cref="OfEvent"/>
    public static SlackPlace? OfInteraction(JsonObject payload)
    {
        var (user, view, container, message) = (payload["user"], payload["view"], payload["container"], payload["message"]);
        var acting = SlackJson.Text(user, "team_id") ?? SlackJson.Text(payload["team"], "id") ?? SlackJson.Text(payload["enterprise"], "id");
        var installed = SlackJson.Text(view, "app_installed_team_id")
            ?? (SlackJson.Is(payload, "is_enterprise_install") ? SlackJson.Text(payload["enterprise"], "id") : SlackJson.Text(payload["team"], "id")) ?? acting;
        var isOnMessage = SlackJson.Text(payload, "type") == "block_actions";
        return Of(installed, acting, SlackJson.Text(user, "id"),
            isOnMessage ? SlackJson.Text(payload["channel"], "id") ?? SlackJson.Text(container, "channel_id") : null,
            isOnMessage ? SlackJson.Text(container, "thread_ts") ?? SlackJson.Text(message, "thread_ts") : null);
    }

    /// <inheritdoc cref="OfEvent"/>
    public static SlackPlace? OfCommand(JsonObject form)
    {
        var team = SlackJson.Text(form, "team_id");
        var installed = SlackJson.Text(form, "is_enterprise_install") == "true" ? SlackJson.Text(form, "enterprise_id") ?? team : team;
        return Of(installed, team ?? installed, SlackJson.Text(form, "user_id"), null, null);
    }

    /// <summary>By whose installation an event came.</summary>
    public static string? Installed(JsonObject payload)
    {
        var by = (payload["authorizations"] as JsonArray)?.FirstOrDefault();
        return (SlackJson.Is(by, "is_enterprise_install") ? SlackJson.Text(by, "enterprise_id") : SlackJson.Text(by, "team_id")) ?? SlackJson.Text(payload, "team_id");
    }

    private static SlackPlace? Of(string? installed, string? team, string? user, string? channel, string? thread) =>
        installed is { Length: <= LongestId } && team is { Length: <= LongestId } && user is { Length: <= LongestId } && channel is null or { Length: <= LongestId } && thread is null or { Length: <= LongestId }
            ? new SlackPlace(installed, team, user, channel, thread)
            : null;
}
