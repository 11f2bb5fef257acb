using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MicroAppBot.Tests.Doubles.Slack;

/// <summary>
/// How Slack tells the bot of what happens: events are told again when they were not heard (at once, after a minute, after five more),
/// commands and clicks are not; whoever hears almost nothing for an hour is told nothing any more. And what comes back by a response URL.
/// </summary>
internal sealed class SlackTelling(FakeSlack slack)
{
    private static readonly TimeSpan[] RetryAfter = [TimeSpan.Zero, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5)];

    private readonly Lock _gate = new();
    private readonly List<Retry> _later = [];
    private readonly Queue<(DateTimeOffset At, bool Heard)> _hour = new();
    private int _events;

    /// <summary>From so many tries an hour on, an app that hears fewer than one in twenty is told nothing more.</summary>
    public int FewToJudge { get; set; } = 1_000;

    /// <summary>Somebody at the app has to switch events on again.</summary>
    public bool IsDisabled { get; set; }

    /// <summary>Every try: the event's id, the number of the retry, and the answer.</summary>
    public ConcurrentQueue<(string EventId, int Retry, SlackHeard Ack)> Tries { get; } = new();

    /// <summary>Commands and clicks that were answered too late or not at all.</summary>
    public ConcurrentQueue<string> Unheard { get; } = new();

    /// <summary>The envelope of an event, to be changed at will.</summary>
    public JsonObject Envelope(JsonObject happened, string team = FakeSlack.TeamId, string? eventId = null, bool isShared = false) => new()
    {
        ["token"] = "verification-of-old",
        ["team_id"] = team,
        ["context_team_id"] = team,
        ["context_enterprise_id"] = null,
        ["api_app_id"] = FakeSlack.AppId,
        ["event"] = happened,
        ["type"] = "event_callback",
        ["event_id"] = eventId ?? $"Ev{Interlocked.Increment(ref _events):00000000}{slack.State.NextNumber()}",
        ["event_time"] = slack.Time.GetUtcNow().ToUnixTimeSeconds(),
        ["is_ext_shared_channel"] = isShared,
        ["event_context"] = "4-the-tests",
        ["authorizations"] = new JsonArray(new JsonObject { ["enterprise_id"] = null, ["team_id"] = team, ["user_id"] = SlackWebApi.BotOf(team), ["is_bot"] = true, ["is_enterprise_install"] = false }),
    };

    /// <summary>Tells of an event, and once more at once when it is not heard; later retries come as the clock is moved.</summary>
    public async Task<SlackHeard> EventAsync(JsonObject envelope)
    {
        if (IsDisabled) return new SlackHeard(0, "");
        var ack = await TryAsync(envelope, null);
        if (ack.IsOk || AsksForNone()) return ack;
        return await AgainAsync(envelope, 1, ack);
    }

    public async Task<SlackHeard> CommandAsync(JsonObject payload)
    {
        var ack = await slack.Line.DeliverAsync(SlackNews.Command, payload, slack.Patience);
        if (!ack.IsOk) Unheard.Enqueue($"{payload.Str("command")} {payload.Str("text")}: {ack}");
        return ack;
    }

    public async Task<SlackHeard> InteractionAsync(JsonObject payload)
    {
        var ack = await slack.Line.DeliverAsync(SlackNews.Interaction, payload, slack.Patience);
        if (!ack.IsOk) Unheard.Enqueue($"{payload.Str("type")}: {ack}");
        return ack;
    }

    /// <summary>Moves Slack's clock; what has to be told again until then is told.</summary>
    public async Task MoveAsync(TimeSpan by)
    {
        slack.Time.Move(by);
        while (true)
        {
            Retry? due;
            lock (_gate)
            {
                due = _later.Where(r => r.At <= slack.Time.GetUtcNow()).MinBy(r => r.At);
                if (due is null) return;
                _later.Remove(due);
            }
            await AgainAsync(due.Envelope, due.Number, due.Last);
        }
    }

    /// <summary>Somebody's client or the bot used a response URL.</summary>
    /// <returns>Status and body of the answer.</returns>
    public (int Status, string Body) TakeResponse(string path, string text)
    {
        var (url, error) = slack.State.Use(path);
        if (url is null) return (404, error!);
        JsonObject? body;
        try
        {
            body = JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return (400, "invalid_payload");
        }
        if (body is null) return (400, "invalid_payload");
        var source = url.Ts is null ? null : slack.State.Post(url.Channel, url.Ts);
        if (body.Is("delete_original"))
        {
            if (source is not null) slack.State.Remove(source.Channel, source.Ts);
        }
        else if (SlackChatMethods.Message(body, 40_000, out var message) is { } refused) return (400, refused.Error!);
        else if (body.Is("replace_original") && source is not null) slack.State.Draw(source.Channel, source.Ts, message);
        else Show(url.Channel, url.User, body.Str("response_type"), body.Str("thread_ts"), message);
        slack.Note(new SlackCall("response_url", body, null, 200, null));
        return (200, "ok");
    }

    /// <summary>What a slash command was answered with in its own response.</summary>
    public void ShowResponse(SlackRoom channel, string user, SlackHeard ack)
    {
        if (!ack.IsOk || ack.Body.Length == 0) return;
        var body = ack.Json ?? new JsonObject { ["text"] = ack.Body };
        if (SlackChatMethods.Message(body, 40_000, out var message) is null) Show(channel.Id, user, body.Str("response_type"), null, message);
    }

    private void Show(string channel, string user, string? type, string? thread, JsonObject message)
    {
        var team = slack.State.Channel(channel)!.TeamId;
        slack.State.Add(new SlackPost(team, channel, slack.State.NextTs(), SlackWebApi.BotOf(team), message, thread, type == "in_channel" ? null : user, true, []));
    }

    private async Task<SlackHeard> AgainAsync(JsonObject envelope, int number, SlackHeard last)
    {
        if (number > RetryAfter.Length || IsDisabled) return last;
        var reason = last.TimedOut ? "http_timeout" : last.Status == 0 ? "connection_failed" : "http_error";
        var ack = await TryAsync(envelope, (number, slack.Line is SlackSocketLine ? "timeout" : reason));
        if (ack.IsOk || AsksForNone() || number >= RetryAfter.Length) return ack;
        lock (_gate) _later.Add(new Retry(envelope, number + 1, slack.Time.GetUtcNow() + RetryAfter[number], ack));
        return ack;
    }

    private async Task<SlackHeard> TryAsync(JsonObject envelope, (int Number, string Reason)? retry)
    {
        var ack = await slack.Line.DeliverAsync(SlackNews.Event, envelope, slack.Patience, retry);
        Tries.Enqueue((envelope.Str("event_id") ?? "", retry?.Number ?? 0, ack));
        lock (_gate)
        {
            var now = slack.Time.GetUtcNow();
            _hour.Enqueue((now, ack.IsOk));
            while (_hour.TryPeek(out var oldest) && now - oldest.At > TimeSpan.FromHours(1)) _hour.Dequeue();
            if (_hour.Count >= FewToJudge && _hour.Count(h => h.Heard) * 20 < _hour.Count) IsDisabled = true;
        }
        return ack;
    }

    private bool AsksForNone() => slack.Line is SlackHttpLine { NoRetry: true };

    private sealed record Retry(JsonObject Envelope, int Number, DateTimeOffset At, SlackHeard Last);
}
