using Governance.Catalogue;

namespace Governance.Tests.Catalogue;

/// <summary>A catalogue small enough to be kept in mind, with the ids of the shipped one.</summary>
public static class SmallCatalogue
{
    public static ServiceCatalogue Create() => new(
        [
            new Template("internal-dashboard", "Internal dashboard", "Shows numbers.", ["dashboard"], new(DataClass.Internal, true, 30, 50), new(DataClass.Regulated, 30, null, null, null, null), false),
            new Template("campaign", "Campaign page", "Two weeks.", ["promo"], new(DataClass.Internal, true, 14, 100), new(DataClass.Internal, 14, 100, ["crm-contacts-masked"], null, null), true),
            new Template("regulated-eu", "Regulated app (EU)", "Salaries.", ["regulated"], new(DataClass.Regulated, true, 30, 50), new(DataClass.Regulated, 30, null, null, "eu", "sovereign-eu"), false),
        ],
        [
            Connector("crm-contacts-masked", [("company", DataClass.Internal, null), ("masked-name", DataClass.Internal, "First letter only")], [ConnectorAccess.Read], "crm.internal.example.com"),
            Connector("crm-contacts", [("company", DataClass.Internal, null), ("name", DataClass.Confidential, null)], [ConnectorAccess.Read, ConnectorAccess.Write], "crm.internal.example.com", "crm-contacts-masked", ["marketing", "sales"]),
            Connector("hr-payroll", [("employee", DataClass.Confidential, null), ("salary", DataClass.Regulated, null)], [ConnectorAccess.Read], "payroll.internal.example.com", null, ["finance", "hr"]),
            Connector("external-webhook", [("payload", DataClass.Public, null)], [ConnectorAccess.Write], null),
        ],
        [
            Role("crm-read-only", false, new RoleGrant("crm-contacts", [ConnectorAccess.Read], ["company"]), new RoleGrant("crm-contacts-masked", [ConnectorAccess.Read], [])),
            Role("crm-read-write", false, new RoleGrant("crm-contacts", [ConnectorAccess.Read, ConnectorAccess.Write], []), new RoleGrant("crm-contacts-masked", [ConnectorAccess.Read], [])),
            Role("infra-admin", true, new RoleGrant("crm-contacts", [ConnectorAccess.Read, ConnectorAccess.Write, ConnectorAccess.Admin], [])),
        ],
        [
            new DeploymentEnvironment("internal-eu", "Internal EU", "eu-central-1", "eu", DataClass.Confidential, ["GDPR"]),
            new DeploymentEnvironment("sovereign-eu", "EU sovereign cloud", "eusc-de-east-1", "eu", DataClass.Regulated, ["GDPR", "PCI", "payroll"]),
            new DeploymentEnvironment("internal-us", "Internal US", "us-east-1", "us", DataClass.Confidential, []),
        ]);

    private static Connector Connector(string id, (string Name, DataClass Class, string? Mask)[] fields, ConnectorAccess[] access, string? host, string? twin = null, string[]? departments = null) => new(
        id, id.ToUpperInvariant(), "A source.", [id], [.. fields.Select(f => new ConnectorField(f.Name, f.Name, f.Class, f.Mask))], access,
        departments is null, departments ?? [], host, host is null, twin, "it", new ConnectorReach("REST over HTTPS", 443, "TOKEN"));

    private static RoleTemplate Role(string id, bool privileged, params RoleGrant[] grants) =>
        new(id, id, "Rights.", privileged, grants, [new KubernetesRule([""], ["pods"], ["get"])], ["s3:GetObject"]);
}
