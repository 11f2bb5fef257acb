namespace Governance.Catalogue;

/// <summary>What a role template lets an app do with one connector.</summary>
/// <param name="Fields">The fields exposed; empty means all of the connector's.</param>
public sealed record RoleGrant(string Connector, IReadOnlyList<ConnectorAccess> Access, IReadOnlyList<string> Fields);

/// <summary>One rule of a Kubernetes Role: the same three lists as in <c>rbac.authorization.k8s.io/v1</c>.</summary>
public sealed record KubernetesRule(IReadOnlyList<string> ApiGroups, IReadOnlyList<string> Resources, IReadOnlyList<string> Verbs);

/// <summary>A named bundle of rights: <c>templates/roles/*.yaml</c>.</summary>
/// <param name="Privileged">Asking for it needs security's signature.</param>
/// <param name="Cloud">The cloud rights it stands for, as <c>service:action</c>.</param>
public sealed record RoleTemplate(
    string Id,
    string Title,
    string Summary,
    bool Privileged,
    IReadOnlyList<RoleGrant> Grants,
    IReadOnlyList<KubernetesRule> Kubernetes,
    IReadOnlyList<string> Cloud)
{
    public bool Covers(string connector, ConnectorAccess access) => Grants.Any(g => g.Connector == connector && g.Access.Contains(access));
}
