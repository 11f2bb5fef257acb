using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using MicroAppBot.Desk;

namespace MicroAppBot.Channels.Slack;

/// <summary>What happened in a workspace (Events API): words to the bot, the Home tab opened, the app removed. What is not for us is taken all the same.</summary>
internal sealed partial class SlackEvents(
    SlackTalk talk, SlackHome home, SlackTokens tokens, SlackIdentity identity, SlackMoments moments, IDirectory directory, TimeProvider time, ILogger<SlackEvents> log)
{
    /// <summary>Nobody types faster. Two programs that answer each other do, and this is what stops them if all else failed.</summary>
    private const int MostInAMinute = 30;

    private const int MostWatched = 5_000;

    private readonly ConcurrentDictionary<(string Channel, string User), (long Since, int Count)> _heard = new();

    /// <summary>What was said is durable when this returns.</summary>
    public async Task TakeAsync(JsonObject payload)
    {
        var happened = payload["event"] as JsonObject ?? payload;
        switch (SlackJson.Text(happened, "type"))
        {
            case "message" when SlackJson.Text(happened, "channel_type") == "im":
            case "app_mention":
                await SaidAsync(payload, happened);
                break;
            case "app_home_opened" when SlackJson.Text(happened, "tab") == "home" && SlackPlace.OfEvent(payload, happened) is { } place:
                await home.OpenedAsync(place, happened["view"] as JsonObject);
                break;
            case "app_uninstalled" when SlackPlace.Installed(payload) is { } id:
                await tokens.ForgetAsync(id);
                break;
            case "tokens_revoked" when SlackJson.Texts((happened["tokens"] as JsonObject)?["bot"]).Any() && SlackPlace.Installed(payload) is { } id:
                await tokens.ForgetAsync(id);
                break;
            case "user_change" when SlackJson.Text(happened["user"], "id") is { } user:
                identity.Forget(user);
                break;
            case "app_rate_limited":
                Limited(SlackJson.Text(payload, "team_id") ?? "");
                break;
        }
    }

    private async Task SaidAsync(JsonObject payload, JsonObject happened)
    {
        if (SlackPlace.OfEvent(payload, happened) is not { ChannelId: { } channel } place || !IsSaidByAPerson(payload, happened)) return;
        if (IsTooMuch(channel, place.UserId))
        {
            TooMuch(channel);
            return;
        }
        var ts = SlackJson.Text(happened, "ts");
        // In a channel the answer stands under the words, so that it is in nobody else's way
        if (!place.IsDirect) place = place with { ThreadTs = place.ThreadTs ?? ts };
        // A mention may come as two events of different ids; both are of one message
        var turn = SlackTalk.TurnId("said", place.InstalledIn, channel, ts ?? SlackJson.Text(payload, "event_id"));
        var words = SlackWords.Read(SlackJson.Text(happened, "text"), [.. Bots(payload)], directory);
        var who = await talk.WhoAsync(place);
        await moments.WhileAsync(place, talk.TakeAsync(place, who, turn, new Said.Text(words), SlackAnswering.Sent(place.AnswerAt)));
    }

    /// <summary>Not by a program, and not a message that was changed or deleted: what was said stays said.</summary>
    private static bool IsSaidByAPerson(JsonObject payload, JsonObject happened) =>
        SlackJson.Text(happened, "subtype") is null or "file_share" or "thread_broadcast"
        && !SlackJson.Is(happened, "hidden")
        && happened["bot_id"] is null && happened["bot_profile"] is null
        && SlackJson.Text(happened, "user") is { } user && user != "USLACKBOT" && !Bots(payload).Contains(user);

    private static IEnumerable<string> Bots(JsonObject payload) =>
        (payload["authorizations"] as JsonArray ?? []).Where(a => SlackJson.Is(a, "is_bot")).Select(a => SlackJson.Text(a, "user_id")).OfType<string>().Concat(SlackJson.Texts(payload["authed_users"]));

    private bool IsTooMuch(string channel, string user)
    {
        if (_heard.Count >= MostWatched) _heard.Clear();
        var now = time.GetTimestamp();
        var heard = _heard.AddOrUpdate((channel, user), (now, 1), (_, before) => time.GetElapsedTime(before.Since, now) >= TimeSpan.FromMinutes(1) ? (now, 1) : (before.Since, before.Count + 1));
        return heard.Count > MostInAMinute;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Slack tells us less than all for a minute: workspace {Team} has more than 30,000 events an hour. Unsubscribe from events that are not in docs/slack-app/manifest.yaml.")]
    private partial void Limited(string team);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Somebody says more in {Channel} than a person can: the rest of this minute is not heard.")]
    private partial void TooMuch(string channel);
}
