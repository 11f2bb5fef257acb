using Governance.Catalogue;

namespace Governance.Manifests;

/// <summary>What is different in the connectors, told apart by their id.</summary>
internal static class IntegrationDifference
{
    public static IEnumerable<Change> Between(IReadOnlyList<Integration> before, IReadOnlyList<Integration> after, ServiceCatalogue? catalogue)
    {
        var said = false;
        for (var at = 0; at < before.Count; at++)
        {
            if (after.All(i => i.Connector != before[at].Connector))
            {
                said = true;
                yield return new Change($"/integrations/{at}", Title(before[at], catalogue), Words(before[at], catalogue), ManifestDifference.Or(""));
            }
        }

        for (var at = 0; at < after.Count; at++)
        {
            var was = before.FirstOrDefault(i => i.Connector == after[at].Connector);
            if (was is not null && was.Access == after[at].Access && was.Fields.SequenceEqual(after[at].Fields, StringComparer.Ordinal))
                continue;
            said = true;
            yield return new Change($"/integrations/{at}", Title(after[at], catalogue), ManifestDifference.Or(was is null ? "" : Words(was, catalogue)), Words(after[at], catalogue));
        }

        // The hash sees an order; a card that asks again must be able to say why
        if (!said && !before.Select(i => i.Connector).SequenceEqual(after.Select(i => i.Connector), StringComparer.Ordinal))
            yield return new Change("/integrations", "Order of connectors", ManifestDifference.Words(before.Select(i => Title(i, catalogue)), null), ManifestDifference.Words(after.Select(i => Title(i, catalogue)), null));
    }

    private static string Title(Integration integration, ServiceCatalogue? catalogue) => catalogue?.Connector(integration.Connector)?.Title ?? integration.Connector;

    private static string Words(Integration integration, ServiceCatalogue? catalogue)
    {
        var connector = catalogue?.Connector(integration.Connector);
        var fields = integration.Fields.Count == 0 ? "all fields" : ManifestDifference.Words(integration.Fields, f => connector?.Field(f)?.Title ?? f);
        return $"{integration.Access.ToText()}: {fields}";
    }
}
