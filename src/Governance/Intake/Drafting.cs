using Governance.Catalogue;
using Governance.Manifests;
using Governance.People;

namespace Governance.Intake;

/// <summary>Form and proposals together: the draft that the summary shows, and the manifest it becomes.</summary>
public static class Drafting
{
    private const string Webhook = "external-webhook";

    /// <summary>The kind of app: as said, or the regulated template of the data's home where the data is regulated.</summary>
    public static Template? TemplateOf(IntakeForm form, IntakeFacts facts)
    {
        var said = facts.Catalogue.Template(form.Template);
        if (ClassOf(form, facts, said) != DataClass.Regulated || form.Residency is not { Count: 1 } home) return said;
        var regulated = facts.Catalogue.Templates.Values.Where(t => t.Limits.Residency == home[0]).OrderBy(t => t.Id, StringComparer.Ordinal).FirstOrDefault();
        // A campaign stays one: the rules then say why its data does not fit, and what would
        return regulated is null || said is { Limits.HighestClass: < DataClass.Regulated } ? said : regulated;
    }

    /// <summary>The class that the draft declares: what kinds and fields need, the template's default, or what the builder raised it to.</summary>
    public static DataClass ClassOf(IntakeForm form, IntakeFacts facts) => ClassOf(form, facts, facts.Catalogue.Template(form.Template));

    /// <summary>The lowest class that the kinds and fields allow; a builder may go above it, never below.</summary>
    public static DataClass NeededClassOf(IntakeForm form, IntakeFacts facts)
    {
        var kinds = NeededClass.OfKinds(form.Kinds ?? []);
        var fields = Integrations(form, facts).Select(i => facts.Catalogue.Connector(i.Connector)?.ClassOf(i.Fields) ?? DataClass.Public).DefaultIfEmpty().Max();
        return Higher(kinds, fields);
    }

    /// <summary>Residency as said, or where the builder sits.</summary>
    public static IReadOnlyList<string> ResidencyOf(IntakeForm form, IntakeFacts facts) => form.Residency is { Count: > 0 } said ? said : [facts.HomeResidency];

    /// <summary>As chosen, or the environment that fits the data's home and class.</summary>
    public static string EnvironmentOf(IntakeForm form, IntakeFacts facts)
    {
        if (form.Environment is { } said) return said;
        var home = ResidencyOf(form, facts)[0];
        return facts.Catalogue.EnvironmentFor(home, ClassOf(form, facts))?.Id ?? facts.Catalogue.Environments.Keys.Order(StringComparer.Ordinal).First();
    }

    public static string? DepartmentOf(IntakeForm form, IntakeFacts facts) => form.Department ?? (facts.Builder.Department.Length > 0 ? facts.Builder.Department : null);

    /// <summary>As said, while that person is there; else a colleague.</summary>
    public static string? CoOwnerOf(IntakeForm form, IntakeFacts facts) =>
        form.CoOwner is { } said && facts.People.ContainsKey(said) ? said : facts.ProposedCoOwner(DepartmentOf(form, facts))?.Id;

    public static string? CostCentreOf(IntakeForm form, IntakeFacts facts) => form.CostCentre ?? facts.Builder.CostCentre;

    public static int? TtlOf(IntakeForm form, IntakeFacts facts) => form.TtlDays ?? TemplateOf(form, facts)?.Defaults.TtlDays;

    public static decimal? CapOf(IntakeForm form, IntakeFacts facts) => form.CapUsd ?? TemplateOf(form, facts)?.Defaults.CapUsd;

    public static string TitleOf(IntakeForm form, IntakeFacts facts) =>
        form.Title ?? form.Name ?? Short(form.Purpose) ?? TemplateOf(form, facts)?.Title ?? "New app";

    /// <summary>As said, or a DNS label made of the title; never empty.</summary>
    public static string NameOf(IntakeForm form, IntakeFacts facts) => form.Name ?? AppName.From(TitleOf(form, facts)) ?? "app";

    /// <summary>Connectors with the access and fields chosen or proposed: reading where it is offered, and no field more sensitive than what was said to be shown.</summary>
    public static IReadOnlyList<Integration> Integrations(IntakeForm form, IntakeFacts facts)
    {
        var allowed = NeededClass.OfKinds(form.Kinds ?? []);
        return [.. (form.Connectors ?? []).Select(id => IntegrationOf(id, form, facts, allowed < DataClass.Internal ? DataClass.Internal : allowed))];
    }

    /// <summary>The manifest, when nothing is missing any more.</summary>
    /// <exception cref="InvalidOperationException">A question is still open (see <see cref="Questions.Next"/>).</exception>
    public static Manifest Finish(IntakeForm form, IntakeFacts facts)
    {
        var template = TemplateOf(form, facts) ?? throw new InvalidOperationException("The kind of app has not been said.");
        var kinds = form.Kinds ?? throw new InvalidOperationException("The kinds of data have not been said.");
        var integrations = Integrations(form, facts);
        var connectors = integrations.Select(i => facts.Catalogue.Connector(i.Connector)).OfType<Connector>().ToList();
        var name = NameOf(form, facts);
        var department = DepartmentOf(form, facts);
        var hosts = connectors.Select(c => c.Host).OfType<string>();
        if (form.Destination is { } destination && form.Connectors?.Contains(Webhook) == true) hosts = hosts.Append(destination);
        var roles = integrations.Select(i => facts.Catalogue.RoleFor(i.Connector, i.Access)?.Id).OfType<string>().Distinct(StringComparer.Ordinal);
        var secrets = connectors.Where(c => c.Reach.Secret is not null).DistinctBy(c => c.Reach.Secret)
            .ToDictionary(c => c.Reach.Secret!, c => $"vault://kv/{department ?? "apps"}/{name}#{SecretKey(c.Reach.Secret!)}", StringComparer.Ordinal);
        return new Manifest(
            new AppSection(name, TitleOf(form, facts), form.Purpose, template.Id, ClassOf(form, facts), department, form.Audience ?? Audience.Team,
                form.BuilderId, CoOwnerOf(form, facts), CostCentreOf(form, facts)),
            new DataSection([.. kinds.Distinct(StringComparer.Ordinal)], ResidencyOf(form, facts)),
            integrations,
            new NetworkSection([.. hosts.Distinct(StringComparer.OrdinalIgnoreCase)], !connectors.Any(c => c.External) && template.Defaults.DenyExternalSinks),
            EnvironmentOf(form, facts),
            secrets,
            new AccessSection([.. roles]),
            new LifecycleSection(TtlOf(form, facts)),
            new CostSection(CapOf(form, facts), null));
    }

    /// <summary>The form that a manifest came from, so that its answers can be edited again.</summary>
    public static IntakeForm Reopen(string appId, Manifest manifest, string? justification, ServiceCatalogue catalogue)
    {
        var connectors = manifest.Integrations.Select(i => i.Connector).ToList();
        var internalHosts = connectors.Select(c => catalogue.Connector(c)?.Host).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
        var form = new IntakeForm
        {
            AppId = appId,
            BuilderId = manifest.App.Owner ?? "",
            Template = manifest.App.Template,
            Name = manifest.App.Name,
            Title = manifest.App.Title,
            Purpose = manifest.App.Purpose,
            Audience = manifest.App.Audience,
            Department = manifest.App.Department,
            Kinds = manifest.Data.Kinds,
            Connectors = connectors,
            Fields = manifest.Integrations.DistinctBy(i => i.Connector).ToDictionary(i => i.Connector, i => i.Fields, StringComparer.Ordinal),
            Access = manifest.Integrations.DistinctBy(i => i.Connector).ToDictionary(i => i.Connector, i => i.Access, StringComparer.Ordinal),
            Destination = manifest.Network.AllowedDestinations.FirstOrDefault(h => !internalHosts.Contains(h)),
            Residency = manifest.Data.Residency,
            Environment = manifest.Environment,
            CoOwner = manifest.App.CoOwner,
            CostCentre = manifest.App.CostCentre,
            TtlDays = manifest.Lifecycle.TtlDays,
            CapUsd = manifest.Cost.CapUsd,
            Justification = justification,
        };
        // A class that does not follow from the answers was chosen by the builder, and stays so until they say otherwise
        var follows = Higher(NeededClass.OfContents(manifest, catalogue), DefaultClass(form, catalogue.Template(form.Template)));
        return manifest.App.DataClass != follows ? form with { RaisedClass = manifest.App.DataClass } : form;
    }

    /// <summary>The first words of a purpose, as a title.</summary>
    private static string? Short(string? purpose)
    {
        const int Longest = 40;
        if (string.IsNullOrWhiteSpace(purpose)) return null;
        var title = purpose.Trim().TrimEnd('.', '!', '?');
        if (title.Length > Longest) title = title.LastIndexOf(' ', Longest) is > 10 and var space ? title[..space] : InWords.Cut(title, Longest);
        title = title.TrimEnd(' ', ',', ';', ':');
        return title.Length == 0 ? null : char.ToUpperInvariant(title[0]) + title[1..];
    }

    private static Integration IntegrationOf(string id, IntakeForm form, IntakeFacts facts, DataClass allowed)
    {
        var connector = facts.Catalogue.Connector(id);
        var access = form.Access.TryGetValue(id, out var chosen) ? chosen
            : connector is null || connector.Offers(ConnectorAccess.Read) ? ConnectorAccess.Read : ConnectorAccess.Write;
        if (form.Fields.TryGetValue(id, out var fields) || connector is null) return new Integration(id, access, fields ?? []);
        var fitting = connector.Fields.Where(f => f.Class <= allowed).ToList();
        // Somebody's phone number is not read because their name is: a field of a kind goes with that kind only
        var proposed = fitting.Where(f => f.Kind is null || form.Kinds?.Contains(f.Kind) == true).ToList();
        IReadOnlyList<ConnectorField> asked = proposed.Count > 0 ? proposed : fitting.Count > 0 ? fitting : connector.Fields;
        return new Integration(id, access, [.. asked.Select(f => f.Name)]);
    }

    private static DataClass ClassOf(IntakeForm form, IntakeFacts facts, Template? template) => Higher(NeededClassOf(form, facts), form.RaisedClass ?? DefaultClass(form, template));

    private static DataClass DefaultClass(IntakeForm form, Template? template) => form.Kinds is { Count: > 0 } kinds && kinds.All(k => k == "published")
        ? DataClass.Public
        : template?.Defaults.DataClass ?? DataClass.Internal;

    private static DataClass Higher(DataClass a, DataClass b) => a > b ? a : b;

#pragma warning disable CA1308 // a key in a vault, by custom lower case
    private static string SecretKey(string secret) => secret.ToLowerInvariant();
#pragma warning restore CA1308
}
