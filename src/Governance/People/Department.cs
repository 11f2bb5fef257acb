namespace Governance.People;

/// <summary>The departments a person of the directory may belong to, and the name each has in a sentence.</summary>
public static class Department
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["marketing"] = "Marketing",
        ["sales"] = "Sales",
        ["support"] = "Support",
        ["finance"] = "Finance",
        ["hr"] = "HR",
        ["legal"] = "Legal",
        ["it"] = "IT",
        ["operations"] = "Operations",
    };

    public static IReadOnlyList<string> All { get; } = [.. Names.Keys];

    public static bool IsKnown(string? id) => id is not null && Names.ContainsKey(id);

    /// <summary>"HR" for <c>hr</c>; an id we do not know is said as it stands.</summary>
    public static string Named(string id) => Names.GetValueOrDefault(id, id);
}
