using System.Text.Json.Serialization;

namespace MicroAppBot.Conversation.Understanding;

/// <summary>What a language model made of a message. Nothing in it is believed before <see cref="Merging"/> has checked it.</summary>
public sealed record Proposal
{
    [JsonPropertyName("intent")] public string? Intent { get; init; }
    [JsonPropertyName("template")] public string? Template { get; init; }
    [JsonPropertyName("data_class")] public string? DataClass { get; init; }
    [JsonPropertyName("kinds")] public IReadOnlyList<string?>? Kinds { get; init; }
    [JsonPropertyName("connectors")] public IReadOnlyList<string?>? Connectors { get; init; }
    [JsonPropertyName("residency")] public IReadOnlyList<string?>? Residency { get; init; }
    [JsonPropertyName("audience")] public string? Audience { get; init; }
    [JsonPropertyName("purpose")] public string? Purpose { get; init; }
    [JsonPropertyName("name")] public string? Name { get; init; }
    [JsonPropertyName("ttl_days")] public int? TtlDays { get; init; }
    [JsonPropertyName("cost_cap_usd")] public decimal? CostCapUsd { get; init; }
}

/// <summary>Proposes slot values for a message. Asked before anything is loaded, never inside a retry.</summary>
public interface IProposer
{
    /// <summary>A proposal, or null when there is none: no model, too slow, an error, or an answer that cannot be read. Throws only when <paramref name="cancel"/> was cancelled.</summary>
    Task<Proposal?> ProposeAsync(string text, CancellationToken cancel);
}

/// <summary>For an installation without a model: the deterministic reading stands alone.</summary>
public sealed class NoProposer : IProposer
{
    public Task<Proposal?> ProposeAsync(string text, CancellationToken cancel) => Task.FromResult<Proposal?>(null);
}
