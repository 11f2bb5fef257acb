using System.Text.Json.Nodes;

namespace Governance.Catalogue;

/// <summary>Everything that an app may be made of: templates, connectors, role templates and environments, by id.</summary>
public sealed class ServiceCatalogue
{
    private readonly Dictionary<string, Connector> byHost;

    /// <exception cref="ArgumentException">An id comes twice.</exception>
    public ServiceCatalogue(
        IEnumerable<Template> templates,
        IEnumerable<Connector> connectors,
        IEnumerable<RoleTemplate> roles,
        IEnumerable<DeploymentEnvironment> environments)
    {
        Templates = templates.ToDictionary(t => t.Id, StringComparer.Ordinal);
        Connectors = connectors.ToDictionary(c => c.Id, StringComparer.Ordinal);
        Roles = roles.ToDictionary(r => r.Id, StringComparer.Ordinal);
        Environments = environments.ToDictionary(e => e.Id, StringComparer.Ordinal);
        byHost = Connectors.Values.Where(c => c.Host is not null).GroupBy(c => c.Host!, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(g => g.Key, g => g.First(), StringComparer.OrdinalIgnoreCase);
    }

    public IReadOnlyDictionary<string, Template> Templates { get; }

    public IReadOnlyDictionary<string, Connector> Connectors { get; }

    public IReadOnlyDictionary<string, RoleTemplate> Roles { get; }

    public IReadOnlyDictionary<string, DeploymentEnvironment> Environments { get; }

    /// <summary>The template with this id, or null.</summary>
    public Template? Template(string? id) => id is null ? null : Templates.GetValueOrDefault(id);

    /// <summary>The connector with this id, or null.</summary>
    public Connector? Connector(string? id) => id is null ? null : Connectors.GetValueOrDefault(id);

    /// <summary>The role template with this id, or null.</summary>
    public RoleTemplate? Role(string? id) => id is null ? null : Roles.GetValueOrDefault(id);

    /// <summary>The environment with this id, or null.</summary>
    public DeploymentEnvironment? Environment(string? id) => id is null ? null : Environments.GetValueOrDefault(id);

    /// <summary>The first connector whose destination is this host (without regard to case), or null: then it is nobody's, or an external one.</summary>
    public Connector? ConnectorAt(string host) => byHost.GetValueOrDefault(host);

    /// <summary>
    /// The environment for data of this residency and class: the one with the lowest approved class that is high enough. Null when none is.
    /// </summary>
    public DeploymentEnvironment? EnvironmentFor(string residency, DataClass dataClass) => Environments.Values
        .Where(e => e.Residency == residency && e.HighestClass >= dataClass)
        .OrderBy(e => e.HighestClass).ThenBy(e => e.Id, StringComparer.Ordinal)
        .FirstOrDefault();

    /// <summary>
    /// The role template that gives just this much: unprivileged before privileged, fewer rights before more. <c>admin</c> is covered by no role but a privileged one. Null when none does.
    /// </summary>
    public RoleTemplate? RoleFor(string connector, ConnectorAccess access) => Roles.Values
        .Where(r => r.Covers(connector, access))
        .OrderBy(r => r.Privileged).ThenBy(r => r.Grants.Sum(g => g.Access.Count)).ThenBy(r => r.Id, StringComparer.Ordinal)
        .FirstOrDefault();

    /// <summary>
    /// The document that the policies see as <c>data.catalogue</c>: <c>templates</c>, <c>connectors</c>, <c>roles</c> and <c>environments</c>, each keyed by id.
    /// What does not apply is left out (no nulls). Synonyms are left out: they are for understanding, not for judging.
    /// <list type="bullet">
    /// <item>template: title, summary, hard_cap, defaults {data_class, deny_external_sinks, ttl_days, cap_usd}, limits {highest_class, ttl_days, cap_usd?, connectors?[], residency?, environment?}</item>
    /// <item>connector: title, summary, class, fields {name: {title, class, mask?}}, access [], open_to_all, departments [], external, host?, masked_twin?, owner, reach {how, port, secret?}</item>
    /// <item>role: title, summary, privileged, grants {connector: {access [], fields [] (always named)}}, kubernetes [{api_groups, resources, verbs}], cloud []</item>
    /// <item>environment: title, region, residency, highest_class, regimes []</item>
    /// </list>
    /// </summary>
    public JsonObject ToJson() => CatalogueDocument.Of(this);
}
