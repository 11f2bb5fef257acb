using Rego;
using Rego.Values;

namespace MicroAppBot.Policies.Log;

/// <summary>One decision, as it goes into the decision log.</summary>
/// <param name="Revision">Of the rulebook that decided.</param>
/// <param name="RequestedBy">Address and port of who asked over HTTP; the bot's own name where it asked itself.</param>
/// <param name="Metrics">Nanoseconds, under OPA's names.</param>
public sealed record Decision(string Id, string Revision, DateTimeOffset At, string RequestedBy, IReadOnlyDictionary<string, long> Metrics)
{
    /// <summary>The document that was asked for, with slashes: <c>microapps/decision</c>. Null for a query.</summary>
    public string? Path { get; init; }

    /// <summary>The query, where it was one.</summary>
    public string? Query { get; init; }

    public RValue? Input { get; init; }

    /// <summary>Null when it was undefined, or halted.</summary>
    public RValue? Result { get; init; }

    /// <summary>Why the evaluation was halted.</summary>
    public RegoEvaluationException? Error { get; init; }

    /// <summary>Counts the requests over HTTP from 1; 0 where the bot asked itself.</summary>
    public long Request { get; init; }

    /// <summary>The asker's trace and span, where it is in one.</summary>
    public (string Trace, string Id)? Span { get; init; }
}
