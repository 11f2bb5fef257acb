using System.Text.Json.Nodes;

namespace MicroAppBot.Channels.Slack;

/// <summary>Slack's Web API, one call at a time; what its answers mean for a message is the channel's business.</summary>
internal sealed class SlackApi
{
    /// <summary>Calls a method with the token of a workspace.</summary>
    /// <param name="teamId">The workspace, or the enterprise of an installation on a whole organisation.</param>
    /// <param name="method">Such as <c>chat.postMessage</c>.</param>
    public Task<SlackAnswer> CallAsync(string teamId, string method, JsonObject args, CancellationToken cancel) => throw new NotImplementedException();

    /// <summary>Answers at a response_url, on Slack's own hosts only. The address is a secret: it is never logged.</summary>
    public Task<SlackAnswer> RespondAsync(string responseUrl, JsonObject body, CancellationToken cancel) => throw new NotImplementedException();
}

/// <summary>How far a call came.</summary>
internal enum SlackReach
{
    /// <summary>There is an answer.</summary>
    Answered,
    /// <summary>Nothing left this machine.</summary>
    Unreached,
    /// <summary>It went out, and no answer came.</summary>
    Silent,
    /// <summary>There is no token for that workspace.</summary>
    NoToken,
    /// <summary>The address is none that we may talk to.</summary>
    NotAllowed,
}

/// <param name="Ok">Slack did it.</param>
/// <param name="Error">Slack's own word for what went wrong (<c>channel_not_found</c>); null when nothing did, or when nothing was answered.</param>
/// <param name="Body">The answer; empty when there was none.</param>
internal sealed record SlackAnswer(bool Ok, string? Error, JsonObject Body, TimeSpan? RetryAfter, SlackReach Reach);
