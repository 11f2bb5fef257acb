namespace Governance.Catalogue;

/// <summary>Where data must stay. A closed list of four.</summary>
/// <param name="Id">The word of the manifest (<c>data.residency</c>).</param>
/// <param name="Name">"European Union".</param>
/// <param name="InASentence">"the European Union".</param>
public sealed record Residency(string Id, string Name, string InASentence)
{
    public static IReadOnlyList<Residency> All { get; } =
    [
        new("eu", "European Union", "the European Union"),
        new("uk", "United Kingdom", "the United Kingdom"),
        new("us", "United States", "the United States"),
        new("apac", "Asia-Pacific", "Asia-Pacific"),
    ];

    /// <summary>The residency with this id, or null.</summary>
    public static Residency? Find(string? id) => All.FirstOrDefault(r => r.Id == id);
}
