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
