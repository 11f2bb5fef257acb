using System.Net;
using System.Text.Json.Nodes;

namespace MicroAppBot.Channels.Slack;

/// <summary>What became of one call of Slack's Web API. Nearly all of its failures are HTTP 200, so nothing but <see cref="Ok"/> says that it worked.</summary>
/// <param name="Error">Slack's own word (<c>channel_not_found</c>), or <c>http_503</c> where it gave none; null when it worked or nothing was answered.</param>
/// <param name="Body">What Slack answered; empty where it answered nothing.</param>
/// <param name="RetryAfter">Not before this much time has gone by: Slack's <c>Retry-After</c>, or our own pace.</param>
internal sealed record SlackAnswer(bool Ok, string? Error, JsonObject Body, TimeSpan? RetryAfter, SlackReach Reach)
{
    public string Method { get; init; } = "";

    public HttpStatusCode Status { get; init; }

    /// <summary>Where nothing was answered: why, without any secret.</summary>
    public string Why { get; init; } = "";

    /// <summary>What it means for whoever wanted it.</summary>
    public SlackFate Fate => SlackErrors.FateOf(this);

    public static SlackAnswer Without(SlackReach reach, string method, string why, TimeSpan? retryAfter = null) =>
        new(false, null, [], retryAfter, reach) { Method = method, Why = why };

    /// <summary>For the log and the list of what bounced: the method and Slack's word, with the places in the blocks it complains about; nothing of the message.</summary>
    public override string ToString()
    {
        if (Reach != SlackReach.Answered) return $"Slack, {Method}: {Why}";
        if (Ok) return $"Slack took {Method}";
        var told = SlackJson.Texts(Body["response_metadata"]?["messages"]).Concat(SlackJson.Texts(Body["errors"])).Take(5).Select(m => m.Length > 200 ? m[..200] : m).ToList();
        var needed = SlackJson.Text(Body, "needed") is { } scope ? $" (needs {scope})" : "";
        return $"Slack answered {Error} to {Method}{needed}{(told.Count > 0 ? ": " + string.Join("; ", told) : "")}";
    }
}

/// <summary>How far a call got.</summary>
internal enum SlackReach
{
    /// <summary>Slack said something, if only a status.</summary>
    Answered,
    /// <summary>Nothing left this machine.</summary>
    Unreached,
    /// <summary>It went out, and no answer came.</summary>
    Silent,
    /// <summary>Kept back by ourselves, because Slack's limit is used up for the moment; nothing went out.</summary>
    Held,
    /// <summary>There is no token to send it with at the moment.</summary>
    NoToken,
    /// <summary>The app is not installed in that workspace (any more).</summary>
    NotInstalled,
    /// <summary>The address is none that we may talk to.</summary>
    NotAllowed,
}

/// <summary>What an answer means.</summary>
internal enum SlackFate
{
    Done,
    /// <summary>It did not happen; it may later, not before <see cref="SlackAnswer.RetryAfter"/>.</summary>
    TryAgain,
    /// <summary>It may have happened.</summary>
    Unknown,
    /// <summary>Nobody and nothing there.</summary>
    Gone,
    /// <summary>Slack will never take this: a fault of ours.</summary>
    Refused,
    /// <summary>The token is not good any more: an administrator has to mend it.</summary>
    TokenDead,
    /// <summary>The app's settings in Slack do not allow it (a missing scope, a switched-off tab): an administrator has to mend it.</summary>
    Mend,
}
