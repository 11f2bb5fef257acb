namespace Governance.People;

/// <summary>What somebody may sign for. A role is a word of the people directory and of <c>decision.approvals</c>.</summary>
public static class Role
{
    public const string BusinessOwner = "business-owner";
    public const string Security = "security";
    public const string Compliance = "compliance";
    public const string InfraOps = "infra-ops";
    public const string GovernanceAdmin = "governance-admin";

    private static readonly Dictionary<string, (string Title, string WithArticle)> Words = new(StringComparer.Ordinal)
    {
        [BusinessOwner] = ("Business owner", "a business owner"),
        [Security] = ("Security reviewer", "a security reviewer"),
        [Compliance] = ("Compliance reviewer", "a compliance reviewer"),
        [InfraOps] = ("Infrastructure operations", "someone from infrastructure operations"),
        [GovernanceAdmin] = ("Governance admin", "a governance admin"),
    };

    public static IReadOnlyList<string> All { get; } = [.. Words.Keys];

    public static bool IsKnown(string? role) => role is not null && Words.ContainsKey(role);

    /// <summary>As a label: "Security reviewer".</summary>
    public static string Title(string role) => Words.TryGetValue(role, out var words) ? words.Title : role;

    /// <summary>Inside a sentence: "a security reviewer".</summary>
    public static string InASentence(string role) => Words.TryGetValue(role, out var words) ? words.WithArticle : role;
}
