using Governance.Catalogue;
using Governance.Manifests;

namespace Governance.Intake;

/// <summary>
/// What a builder has said so far. Null means not said; what is proposed instead is worked out by <see cref="Drafting"/>
/// and shown on the summary, so that an answer and a proposal never mix.
/// </summary>
public sealed record IntakeForm
{
    /// <summary>The id the app will have.</summary>
    public required string AppId { get; init; }

    /// <summary>The builder's person id: requester and owner.</summary>
    public required string BuilderId { get; init; }

    public string? Template { get; init; }

    public string? Name { get; init; }

    public string? Title { get; init; }

    public string? Purpose { get; init; }

    public Audience? Audience { get; init; }

    public string? Department { get; init; }

    /// <summary>Kinds of data; empty is never an answer (<c>none</c> is).</summary>
    public IReadOnlyList<string>? Kinds { get; init; }

    /// <summary>The class, where the builder raised it above what the kinds need.</summary>
    public DataClass? RaisedClass { get; init; }

    /// <summary>Empty means: it was said that none is needed.</summary>
    public IReadOnlyList<string>? Connectors { get; init; }

    /// <summary>Connector id to fields, where the builder chose them.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Fields { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Connector id to access, where the builder chose it.</summary>
    public IReadOnlyDictionary<string, ConnectorAccess> Access { get; init; } = new Dictionary<string, ConnectorAccess>();

    /// <summary>Host that the external webhook sends to.</summary>
    public string? Destination { get; init; }

    public IReadOnlyList<string>? Residency { get; init; }

    public string? Environment { get; init; }

    public string? CoOwner { get; init; }

    public string? CostCentre { get; init; }

    public int? TtlDays { get; init; }

    public decimal? CapUsd { get; init; }

    public string? Justification { get; init; }

    /// <summary>Slots that were found missing in what was said and change the decision: they are asked although a proposal exists.</summary>
    public IReadOnlyList<string> MustAsk { get; init; } = [];

    /// <summary>Which words led to which answer: evidence, kept with the request.</summary>
    public IReadOnlyList<string> Evidence { get; init; } = [];
}
