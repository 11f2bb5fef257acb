using Governance.Catalogue;
using Governance.Manifests;
using Governance.People;

namespace MicroAppBot.Conversation.Wording;

/// <summary>A manifest's parts in words a marketing person would use.</summary>
public static class ManifestWords
{
    /// <summary>"customer names and customer e-mails, phones or addresses".</summary>
    public static string Kinds(Manifest manifest) => Kinds(manifest.Data.Kinds);

    public static string Kinds(IReadOnlyList<string> kinds) => InWords.List([.. kinds.OrderBy(k => Order.TryGetValue(k, out var at) ? at : int.MaxValue).Select(k => DataKind.Find(k)?.Spoken ?? k)]);

    /// <summary>As the list of kinds has them: names before addresses, whatever order they were said in.</summary>
    private static readonly Dictionary<string, int> Order = DataKind.All.Select((kind, at) => (kind.Id, at)).ToDictionary(k => k.Id, k => k.at, StringComparer.Ordinal);

    /// <summary>"CRM contacts (reads name and e-mail)".</summary>
    public static string Connections(Manifest manifest, ServiceCatalogue catalogue) => manifest.Integrations.Count == 0
        ? "nothing"
        : string.Join("; ", manifest.Integrations.Select(i => Connection(i, catalogue)));

    public static string Connection(Integration integration, ServiceCatalogue catalogue)
    {
        var connector = catalogue.Connector(integration.Connector);
        if (connector is null) return integration.Connector;
        var verb = integration.Access switch { ConnectorAccess.Read => "reads", ConnectorAccess.Write => "writes", _ => "administers" };
        // Who decides on it sees what is read, also where it is all there is
        var named = integration.Fields.Count == 0 ? [.. connector.Fields.Select(f => f.Name)] : integration.Fields;
        var fields = InWords.List([.. named.Select(f => Lower(connector.Field(f)?.Title ?? f))]);
        return $"{connector.Title} ({verb} {fields})";
    }

    /// <summary>"Internal EU (eu-central-1)", and where the data stays.</summary>
    public static string Place(Manifest manifest, ServiceCatalogue catalogue)
    {
        var environment = catalogue.Environment(manifest.Environment);
        var where = environment is null ? manifest.Environment : $"{environment.Title} ({environment.Region})";
        var home = manifest.Data.Residency.Select(r => Residency.Find(r)?.InASentence ?? r).ToList();
        return home.Count == 0 ? where : $"{where}; data stays in {InWords.List(home)}";
    }

    public static string Users(Manifest manifest) => Users(manifest.App);

    /// <summary>"the Marketing department": who that is for somebody of another one, too.</summary>
    public static string Users(AppSection app) => app is { Audience: Audience.Department, Department.Length: > 0 } ? $"the {Department.Named(app.Department)} department" : Users(app.Audience);

    public static string Users(Audience? audience) => audience switch
    {
        Audience.Team => "the team",
        Audience.Department => "the department",
        Audience.Company => "everybody in the company",
        Audience.External => "people outside the company",
        _ => "not said",
    };

    private static string Lower(string title) => title.Length > 1 && char.IsUpper(title[1]) ? title : char.ToLowerInvariant(title[0]) + title[1..];
}
