using Governance.Catalogue;
using Governance.People;

namespace Governance.Manifests;

/// <summary>One thing that is different between two manifests.</summary>
/// <param name="Pointer">Where, as a JSON pointer into the newer manifest (into the older one for what is gone).</param>
/// <param name="Label">What, in plain words: "Lifetime".</param>
/// <param name="Before">How it was, in words; "–" for nothing.</param>
/// <param name="After">How it is, in words; "–" for nothing.</param>
public sealed record Change(string Pointer, string Label, string Before, string After);

/// <summary>What a card shows when it asks again: the difference only.</summary>
public static class ManifestDifference
{
    private const string Nothing = "–";

    /// <summary>
    /// Every difference that a signature is bound to, in the order of the manifest; empty exactly when both have the same <see cref="ManifestHash"/>.
    /// Integrations are told apart by their connector, secrets by their name; the forecast is no difference.
    /// </summary>
    /// <param name="catalogue">For titles; without it ids are shown.</param>
    public static IReadOnlyList<Change> Between(Manifest before, Manifest after, ServiceCatalogue? catalogue = null)
    {
        var said = new List<Change>();
        void Compare(string pointer, string label, string was, string becomes, bool changed)
        {
            if (changed)
                said.Add(new Change(pointer, label, Or(was), Or(becomes)));
        }

        void Text(string pointer, string label, string? was, string? becomes, Func<string, string>? words = null) =>
            Compare(pointer, label, was is null ? "" : Word(was, words), becomes is null ? "" : Word(becomes, words), was != becomes);

        void Texts(string pointer, string label, IReadOnlyList<string> was, IReadOnlyList<string> becomes, Func<string, string>? words = null) =>
            Compare(pointer, label, Words(was, words), Words(becomes, words), !was.SequenceEqual(becomes, StringComparer.Ordinal));

        Text("/app/name", "Short name", before.App.Name, after.App.Name);
        Text("/app/title", "Name", before.App.Title, after.App.Title);
        Text("/app/purpose", "Purpose", before.App.Purpose, after.App.Purpose);
        Text("/app/template", "Kind of app", before.App.Template, after.App.Template, id => catalogue?.Template(id)?.Title ?? id);
        Text("/app/data_class", "Data class", before.App.DataClass.ToText(), after.App.DataClass.ToText());
        Text("/app/department", "Department", before.App.Department, after.App.Department, Department.Named);
        Text("/app/audience", "Who uses it", before.App.Audience?.ToText(), after.App.Audience?.ToText());
        Text("/app/owner", "Owner", before.App.Owner, after.App.Owner);
        Text("/app/co_owner", "Co-owner", before.App.CoOwner, after.App.CoOwner);
        Text("/app/cost_centre", "Cost centre", before.App.CostCentre, after.App.CostCentre);
        Texts("/data/kinds", "Kinds of data", before.Data.Kinds, after.Data.Kinds, id => DataKind.Find(id)?.Label ?? id);
        Texts("/data/residency", "Where the data stays", before.Data.Residency, after.Data.Residency, id => Residency.Find(id)?.Name ?? id);
        said.AddRange(IntegrationDifference.Between(before.Integrations, after.Integrations, catalogue));
        Texts("/network/allowed_destinations", "Destinations", before.Network.AllowedDestinations, after.Network.AllowedDestinations);
        Text("/network/deny_external_sinks", "Data may leave the company", Leaves(before.Network.DenyExternalSinks), Leaves(after.Network.DenyExternalSinks));
        Text("/environment", "Runs in", before.Environment, after.Environment, id => catalogue?.Environment(id)?.Title ?? id);
        foreach (var name in before.Secrets.Keys.Union(after.Secrets.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            // The value may be a literal that somebody pasted: a card says that it changed, never what it is
            var (was, becomes) = (before.Secrets.GetValueOrDefault(name), after.Secrets.GetValueOrDefault(name));
            Compare(Pointer("/secrets", name), $"Secret {name}", was is null ? "" : "a reference", becomes is null ? "" : was is null ? "a reference" : "another reference", was != becomes);
        }

        Texts("/access/roles", "Rights", before.Access.Roles, after.Access.Roles, id => catalogue?.Role(id)?.Title ?? id);
        Compare("/lifecycle/ttl_days", "Lifetime", Days(before), Days(after), before.Lifecycle.TtlDays != after.Lifecycle.TtlDays);
        Compare("/cost/cap_usd", "Monthly cap", Cap(before), Cap(after), before.Cost.CapUsd != after.Cost.CapUsd);
        return said;
    }

    internal static string Or(string text) => text.Length == 0 ? Nothing : text;

    internal static string Words(IEnumerable<string> texts, Func<string, string>? words) => string.Join(", ", texts.Select(t => Word(t, words)));

    private static string Word(string text, Func<string, string>? words) => words is null ? text : words(text);

    private static string? Leaves(bool? deny) => deny switch { null => null, true => "no", false => "yes" };

    private static string Days(Manifest manifest) => manifest.Lifecycle.TtlDays is { } days ? InWords.Count(days, "day") : "";

    private static string Cap(Manifest manifest) => manifest.Cost.CapUsd is { } cap ? InWords.Usd(cap) : "";

    private static string Pointer(string at, string name) => $"{at}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
}
