using Governance.Catalogue;

namespace Governance.Tests.Catalogue;

public sealed class ServiceCatalogueTests
{
    private readonly ServiceCatalogue catalogue = SmallCatalogue.Create();

    [Theory]
    [InlineData(new[] { "company" }, DataClass.Internal)]
    [InlineData(new[] { "company", "name" }, DataClass.Confidential)]
    [InlineData(new string[0], DataClass.Confidential)]
    [InlineData(new[] { "shoe-size" }, DataClass.Confidential)]
    public void The_class_of_a_connector_follows_the_fields_asked_for_and_never_falls_too_low(string[] fields, DataClass expected) =>
        Assert.Equal(expected, catalogue.Connector("crm-contacts")!.ClassOf(fields));

    [Theory]
    [InlineData("eu", DataClass.Public, "internal-eu")]
    [InlineData("eu", DataClass.Confidential, "internal-eu")]
    [InlineData("eu", DataClass.Regulated, "sovereign-eu")]
    [InlineData("us", DataClass.Regulated, null)]
    [InlineData("apac", DataClass.Public, null)]
    public void The_environment_is_the_lowest_that_is_approved_high_enough(string residency, DataClass dataClass, string? expected) =>
        Assert.Equal(expected, catalogue.EnvironmentFor(residency, dataClass)?.Id);

    [Theory]
    [InlineData("crm-contacts", ConnectorAccess.Read, "crm-read-only")]
    [InlineData("crm-contacts", ConnectorAccess.Write, "crm-read-write")]
    [InlineData("crm-contacts", ConnectorAccess.Admin, "infra-admin")]
    [InlineData("hr-payroll", ConnectorAccess.Read, null)]
    public void The_role_derived_gives_no_more_than_was_asked(string connector, ConnectorAccess access, string? expected) =>
        Assert.Equal(expected, catalogue.RoleFor(connector, access)?.Id);

    [Fact]
    public void A_host_is_found_without_regard_to_case()
    {
        Assert.Equal("hr-payroll", catalogue.ConnectorAt("PayRoll.Internal.Example.COM")?.Id);
        Assert.Null(catalogue.ConnectorAt("hooks.example.com"));
    }

    [Theory]
    [InlineData("crm-contacts", "sales", true)]
    [InlineData("crm-contacts", "hr", false)]
    [InlineData("crm-contacts", null, false)]
    [InlineData("external-webhook", null, true)]
    [InlineData("external-webhook", "a department nobody knows", true)]
    public void A_connector_is_open_to_its_departments_or_to_all(string connector, string? department, bool open) =>
        Assert.Equal(open, catalogue.Connector(connector)!.IsOpenTo(department));

    [Fact]
    public void The_policies_see_every_part_keyed_by_id_and_without_nulls_or_synonyms()
    {
        var json = catalogue.ToJson();
        Assert.Equal("confidential", (string?)json["connectors"]!["crm-contacts"]!["class"]);
        Assert.Equal("internal", (string?)json["connectors"]!["crm-contacts"]!["fields"]!["company"]!["class"]);
        Assert.Equal("First letter only", (string?)json["connectors"]!["crm-contacts-masked"]!["fields"]!["masked-name"]!["mask"]);
        Assert.True((bool)json["connectors"]!["external-webhook"]!["external"]!);
        Assert.False(json["connectors"]!["external-webhook"]!.AsObject().ContainsKey("host"));
        Assert.Equal("sovereign-eu", (string?)json["templates"]!["regulated-eu"]!["limits"]!["environment"]);
        Assert.False(json["templates"]!["internal-dashboard"]!["limits"]!.AsObject().ContainsKey("connectors"));
        Assert.Equal(["company", "name"], json["roles"]!["crm-read-write"]!["grants"]!["crm-contacts"]!["fields"]!.AsArray().Select(f => (string?)f));
        Assert.Equal(["company"], json["roles"]!["crm-read-only"]!["grants"]!["crm-contacts"]!["fields"]!.AsArray().Select(f => (string?)f));
        Assert.Equal("regulated", (string?)json["environments"]!["sovereign-eu"]!["highest_class"]);
        Assert.DoesNotContain("null", json.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("\"words\"", json.ToJsonString(), StringComparison.Ordinal);
    }
}
