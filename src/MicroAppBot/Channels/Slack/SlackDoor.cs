using System.Text.Json.Nodes;

namespace MicroAppBot.Channels.Slack;

/// <summary>What Slack sent, verified by whoever hands it in: over HTTP by its signature, over Socket Mode by the connection.</summary>
/// <param name="Kind"><see cref="Events"/>, <see cref="Interactive"/> or <see cref="SlashCommands"/>.</param>
/// <param name="Payload">The same over both ways.</param>
/// <param name="RetryNum">How often Slack has tried before; null or 0 the first time.</param>
internal sealed record SlackEnvelope(string Kind, JsonObject Payload, int? RetryNum = null, string? RetryReason = null)
{
    public const string Events = "events_api";
    public const string Interactive = "interactive";
    public const string SlashCommands = "slash_commands";
}

/// <summary>What Slack is answered at once.</summary>
/// <param name="Body">The response's body (a form's next view, a command's answer); null for an empty one.</param>
internal sealed record SlackAck(JsonObject? Body)
{
    public static readonly SlackAck Empty = new((JsonObject?)null);
}

/// <summary>One envelope from either way in to its acknowledgement, within Slack's three seconds whatever else happens.</summary>
internal sealed class SlackDoor
{
    /// <summary>What was said is durable when this returns.</summary>
    /// <exception cref="SlackNotTaken">It could not be kept, and should be sent again.</exception>
    public Task<SlackAck> TakeAsync(SlackEnvelope envelope, CancellationToken cancel) => throw new NotImplementedException();
}

/// <summary>Nothing of it was kept: over HTTP it is answered 503, over Socket Mode not at all, so that Slack sends it again.</summary>
internal sealed class SlackNotTaken(Exception why) : Exception("What Slack sent could not be kept.", why);
