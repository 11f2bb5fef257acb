using Governance.Catalogue;

namespace Governance.Manifests;

/// <summary>Which data class an app needs, whatever it declares.</summary>
public static class NeededClass
{
    /// <summary>
    /// The effective class, which rules and tier judge: the highest of the declared one and those that the kinds of data and the connectors' fields need.
    /// A connector that the catalogue does not know adds nothing here; a rule refuses it.
    /// </summary>
    public static DataClass Of(Manifest manifest, ServiceCatalogue catalogue) => Max(manifest.App.DataClass, OfContents(manifest, catalogue));

    /// <summary>The class that the kinds and the fields need, the declared one aside.</summary>
    public static DataClass OfContents(Manifest manifest, ServiceCatalogue catalogue) => Max(
        OfKinds(manifest.Data.Kinds),
        manifest.Integrations.Select(i => catalogue.Connector(i.Connector)?.ClassOf(i.Fields) ?? DataClass.Public).DefaultIfEmpty().Max());

    /// <summary>The class that these kinds need; <c>Public</c> for none, <c>Regulated</c> for a word that is no kind.</summary>
    public static DataClass OfKinds(IEnumerable<string> kinds) => kinds.Select(k => DataKind.Find(k)?.Lowest ?? DataClass.Regulated).DefaultIfEmpty().Max();

    private static DataClass Max(DataClass a, DataClass b) => a > b ? a : b;
}
