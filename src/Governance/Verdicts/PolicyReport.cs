using System.Text;
using System.Text.Json;

namespace Governance.Verdicts;

/// <summary>
/// What the policies say of one manifest: the document <c>data.microapps.decision</c>.
/// Two reports are equal when everything in them is.
/// </summary>
/// <param name="Allow">False exactly when there is a hard finding. An allowed request may still need people.</param>
/// <param name="Findings">Hardest first.</param>
/// <param name="Approvals">Every role that must sign for a new app with this manifest, each once.</param>
/// <param name="Revision">Content hash of the rules and the catalogue that decided.</param>
public sealed record PolicyReport(
    bool Allow,
    IReadOnlyList<Finding> Findings,
    Risk Risk,
    IReadOnlyList<RequiredApproval> Approvals,
    string Revision)
{
    /// <summary>Allowed, and nobody has to sign: granted at once.</summary>
    public bool GrantsAtOnce => Allow && Approvals.Count == 0;

    /// <summary>The findings of one level, in the report's order.</summary>
    public IEnumerable<Finding> At(FindingLevel level) => Findings.Where(finding => finding.Level == level);

    /// <summary>
    /// Whether both say the same of the app, score and revision aside. A renewal whose report no longer
    /// says the same as the one that was granted is judged as a change.
    /// </summary>
    public bool SaysTheSameAs(PolicyReport other) =>
        Allow == other.Allow
        && Risk.Tier == other.Risk.Tier
        && Findings.Select(Gist).SequenceEqual(other.Findings.Select(Gist))
        && Risk.Factors.Select(factor => factor.Rule).Order(StringComparer.Ordinal)
            .SequenceEqual(other.Risk.Factors.Select(factor => factor.Rule).Order(StringComparer.Ordinal))
        && Approvals.SequenceEqual(other.Approvals);

    /// <summary>Reads the decision document.</summary>
    /// <exception cref="JsonException">It is not JSON, or not a decision document.</exception>
    public static PolicyReport Parse(ReadOnlySpan<byte> utf8) =>
        JsonSerializer.Deserialize<PolicyReport>(utf8, VerdictJson.Options)
        ?? throw new JsonException("A policy report is an object, not null.");

    /// <inheritdoc cref="Parse(ReadOnlySpan{byte})"/>
    public static PolicyReport Parse(string json) => Parse(Encoding.UTF8.GetBytes(json));

    /// <summary>The decision document in snake_case, on one line unless <paramref name="indented"/>.</summary>
    public string ToJson(bool indented = false) =>
        JsonSerializer.Serialize(this, indented ? VerdictJson.Indented : VerdictJson.Options);

    public bool Equals(PolicyReport? other) =>
        other is not null
        && Allow == other.Allow
        && Revision == other.Revision
        && Risk == other.Risk
        && Findings.SequenceEqual(other.Findings)
        && Approvals.SequenceEqual(other.Approvals);

    public override int GetHashCode() => HashCode.Combine(Allow, Revision, Risk, Findings.Count, Approvals.Count);

    private static (string, FindingLevel, string) Gist(Finding finding) => (finding.Rule, finding.Level, finding.Field);
}
