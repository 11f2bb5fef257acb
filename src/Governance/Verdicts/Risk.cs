namespace Governance.Verdicts;

/// <summary>How much a request can hurt; decides who must be asked.</summary>
public enum RiskTier
{
    Low,
    Medium,
    High,
}

/// <summary>One reason for the risk.</summary>
/// <param name="Rule">What it is about: <c>class.regulated</c>, <c>residency.cross-border</c>, …</param>
/// <param name="Points">Weight; the factors come strongest first.</param>
/// <param name="Why">The reason in plain words.</param>
public sealed record RiskFactor(string Rule, int Points, string Why);

/// <summary>The tier, and a score that orders requests inside it.</summary>
/// <param name="Score">0 to 100: low 0-33, medium 34-66, high 67-100.</param>
public sealed record Risk(RiskTier Tier, int Score, IReadOnlyList<RiskFactor> Factors)
{
    public bool Equals(Risk? other) =>
        other is not null && Tier == other.Tier && Score == other.Score && Factors.SequenceEqual(other.Factors);

    public override int GetHashCode() => HashCode.Combine(Tier, Score, Factors.Count);
}

/// <summary>A role that must sign, and how many of its holders.</summary>
/// <param name="Role"><c>business-owner</c>, <c>security</c>, <c>compliance</c>, <c>infra-ops</c>, <c>governance-admin</c>.</param>
public sealed record RequiredApproval(string Role, int Count);
