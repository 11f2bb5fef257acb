using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Governance.Catalogue;

namespace Governance.Manifests;

/// <summary>Who an app is for.</summary>
[JsonConverter(typeof(LowerCaseWord<Audience>))]
public enum Audience
{
    Team,
    Department,
    Company,
    External,
}

/// <summary>
/// The declaration of one micro app: the input of every policy, the file in the catalogue, and what <c>check</c> reads.
/// What was not said is null (or an empty list); nothing is filled in by reading. Two manifests are equal when their JSON says the same.
/// </summary>
/// <param name="Environment">An id of the catalogue's environments.</param>
/// <param name="Secrets">Name to reference (<c>vault://…</c>, <c>azurekv://…</c>, <c>awssm://…</c>). A literal is kept as it is, for the rules to object.</param>
[JsonConverter(typeof(ManifestConverter))]
public sealed record Manifest(
    AppSection App,
    DataSection Data,
    IReadOnlyList<Integration> Integrations,
    NetworkSection Network,
    string Environment,
    IReadOnlyDictionary<string, string> Secrets,
    AccessSection Access,
    LifecycleSection Lifecycle,
    CostSection Cost)
{
    /// <summary>The manifest as JSON in snake_case. Every section is there; what is null is left out.</summary>
    public JsonObject ToJson() => ManifestDocument.Of(this);

    /// <summary><see cref="ToJson"/> for people: indented UTF-8.</summary>
    public byte[] ToIndentedUtf8() => JsonSerializer.SerializeToUtf8Bytes(ToJson(), CanonicalJson.Indented);

    public bool Equals(Manifest? other) => other is not null && (ReferenceEquals(this, other) || Canonical.AsSpan().SequenceEqual(other.Canonical));

    public override int GetHashCode() => string.GetHashCode(App.Name, StringComparison.Ordinal);

    // Not cached: a `with` would copy the cache of the manifest it came from
    private byte[] Canonical => CanonicalJson.Of(ToJson());
}

/// <param name="Name">A DNS label, unique among open requests and apps that are not purged.</param>
/// <param name="Template">An id of the catalogue's templates.</param>
/// <param name="Owner">A person id.</param>
/// <param name="CoOwner">A person id.</param>
public sealed record AppSection(
    string Name,
    string? Title,
    string? Purpose,
    string Template,
    DataClass DataClass,
    string? Department,
    Audience? Audience,
    string? Owner,
    string? CoOwner,
    string? CostCentre);

/// <param name="Kinds">Ids of <see cref="DataKind.All"/>, at least one.</param>
/// <param name="Residency">Ids of <see cref="Catalogue.Residency.All"/>; empty when not said.</param>
public sealed record DataSection(IReadOnlyList<string> Kinds, IReadOnlyList<string> Residency);

/// <param name="Connector">A connector id; one that the catalogue does not know is for the rules to object.</param>
/// <param name="Fields">The fields asked for; empty means all that the connector has.</param>
public sealed record Integration(string Connector, ConnectorAccess Access, IReadOnlyList<string> Fields);

/// <param name="AllowedDestinations">Host names, as written.</param>
/// <param name="DenyExternalSinks">Null when not said.</param>
public sealed record NetworkSection(IReadOnlyList<string> AllowedDestinations, bool? DenyExternalSinks);

/// <param name="Roles">Ids of role templates.</param>
public sealed record AccessSection(IReadOnlyList<string> Roles);

public sealed record LifecycleSection(int? TtlDays);

/// <param name="CapUsd">USD a month.</param>
/// <param name="ForecastUsd">USD a month; the one thing that a signature does not bind to.</param>
public sealed record CostSection(decimal? CapUsd, decimal? ForecastUsd);
