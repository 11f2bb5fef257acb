using System.Text.Json;
using System.Text.Json.Nodes;
using Governance.Apps;
using Governance.Requests;

namespace MicroAppBot.Desk;

/// <summary>Adds a stream's events up to a state.</summary>
/// <param name="streamId">Says by its first word which rules apply.</param>
/// <returns>The state as its snapshot is written, and the state's name; null for a stream of a kind that has no rules here.</returns>
/// <exception cref="Exception">The events cannot be read, or do not follow from each other.</exception>
public delegate (JsonNode State, string Name)? AuditFold(string streamId, IEnumerable<StoredEvent> events);

/// <summary>The rules of requests and apps, as the desk applied them.</summary>
public static class AuditFolds
{
    public static (JsonNode State, string Name)? Governance(string streamId, IEnumerable<StoredEvent> events)
    {
        var happened = events.Select(e => DeskJson.Read<EventRecord>(e.Json).Event);
        if (streamId.StartsWith(Streams.RequestWord + "-", StringComparison.Ordinal)) return Fold<Request, RequestEvent>(happened, RequestDecider.Evolve);
        if (streamId.StartsWith(Streams.AppWord + "-", StringComparison.Ordinal)) return Fold<MicroApp, AppEvent>(happened, AppDecider.Evolve);
        return null;
    }

    private static (JsonNode, string)? Fold<TState, TEvent>(IEnumerable<JsonNode> events, Func<TState?, TEvent, TState> evolve) where TState : class
    {
        var state = events.Aggregate((TState?)null, (before, e) => evolve(before, e.Deserialize<TEvent>(DeskJson.Options) ?? throw new JsonException("An event is null.")));
        return state is null ? null : (JsonSerializer.SerializeToNode(state, DeskJson.Options)!, Streams.StateName(state));
    }
}
