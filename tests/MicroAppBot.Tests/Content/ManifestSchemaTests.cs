using System.Text;
using System.Text.Json.Nodes;
using Governance.Catalogue;
using Governance.Manifests;
using NJsonSchema;

namespace MicroAppBot.Tests.Content;

/// <summary>The published schema and the reader must say the same: somebody's editor goes by the one, <c>check</c> by the other.</summary>
public sealed class ManifestSchemaTests : IDisposable
{
    private const string Good = """
        {"app":{"name":"where2eat","title":"Where2Eat","purpose":"Pick a lunch place","template":"internal-dashboard","data_class":"internal","department":"marketing","audience":"team","owner":"ada.keller","co_owner":"jonas.lindqvist","cost_centre":"MKT-120"},
         "data":{"kinds":["internal-documents"],"residency":["eu"]},
         "integrations":[{"connector":"crm-contacts-masked","access":"read","fields":["company","segment"]}],
         "network":{"allowed_destinations":["crm.internal.example.com"],"deny_external_sinks":true},
         "environment":"internal-eu","secrets":{"CRM_TOKEN":"vault://kv/marketing/where2eat#crm_token"},
         "access":{"roles":["crm-read-only"]},"lifecycle":{"ttl_days":30},"cost":{"cap_usd":50,"forecast_usd":12.5}}
        """;

    private readonly ContentCopy copy = new();

    public void Dispose() => copy.Dispose();

    [Theory]
    [InlineData("app", "name", null)]
    [InlineData("app", "template", null)]
    [InlineData("app", "data_class", null)]
    [InlineData("data", "kinds", null)]
    [InlineData("", "environment", null)]
    [InlineData("", "app", null)]
    [InlineData("", "data", null)]
    [InlineData("app", "name", "\"Upper\"")]
    [InlineData("app", "name", "\"-a\"")]
    [InlineData("app", "template", "\"spaceship\"")]
    [InlineData("app", "data_class", "\"secret\"")]
    [InlineData("app", "audience", "\"world\"")]
    [InlineData("app", "owner", "null")]
    [InlineData("app", "extra", "1")]
    [InlineData("data", "kinds", "[]")]
    [InlineData("data", "kinds", "[\"salary\",\"salary\"]")]
    [InlineData("data", "kinds", "[\"shoes\"]")]
    [InlineData("data", "residency", "[\"mars\"]")]
    [InlineData("", "environment", "\"moon\"")]
    [InlineData("", "extra", "{}")]
    [InlineData("", "integrations", "[{\"connector\":\"x\"}]")]
    [InlineData("", "integrations", "[{\"access\":\"read\"}]")]
    [InlineData("", "integrations", "[{\"connector\":\"x\",\"access\":\"own\"}]")]
    [InlineData("network", "deny_external_sinks", "\"yes\"")]
    [InlineData("lifecycle", "ttl_days", "0")]
    [InlineData("lifecycle", "ttl_days", "1.5")]
    [InlineData("lifecycle", "ttl_days", "\"30\"")]
    [InlineData("cost", "cap_usd", "-1")]
    [InlineData("", "secrets", "{\"A\":1}")]
    public async Task What_the_reader_refuses_the_schema_refuses(string section, string key, string? value) => await AgreeAsync(section, key, value, accepted: false);

    [Theory]
    [InlineData("", "integrations", "[{\"connector\":\"no-such\",\"access\":\"admin\"}]")]
    [InlineData("", "integrations", null)]
    [InlineData("", "cost", null)]
    [InlineData("app", "owner", null)]
    [InlineData("app", "owner", "\"\"")]
    [InlineData("cost", "cap_usd", "49.5")]
    [InlineData("lifecycle", "ttl_days", "365")]
    [InlineData("data", "kinds", "[\"credentials\"]")]
    [InlineData("", "environment", "\"sovereign-us\"")]
    [InlineData("", "secrets", "{}")]
    public async Task What_the_reader_takes_the_schema_takes(string section, string key, string? value) => await AgreeAsync(section, key, value, accepted: true);

    [Fact]
    public async Task The_schemas_closed_lists_are_those_of_the_catalogue()
    {
        var schema = JsonNode.Parse(copy.Read("policies/schema/manifest.schema.json"))!["properties"]!;
        var catalogue = copy.Load().Catalogue;
        Assert.Equal(catalogue.Templates.Keys.Order(), Words(schema["app"]!["properties"]!["template"]!).Order());
        Assert.Equal(catalogue.Environments.Keys.Order(), Words(schema["environment"]!).Order());
        Assert.Equal(DataKind.All.Select(k => k.Id), Words(schema["data"]!["properties"]!["kinds"]!["items"]!));
        Assert.Equal(Residency.All.Select(r => r.Id), Words(schema["data"]!["properties"]!["residency"]!["items"]!));
        Assert.Equal(ClosedWord.All<DataClass>(), Words(schema["app"]!["properties"]!["data_class"]!));
        Assert.Equal(ClosedWord.All<Audience>(), Words(schema["app"]!["properties"]!["audience"]!));
        Assert.Equal(ClosedWord.All<ConnectorAccess>(), Words(schema["integrations"]!["items"]!["properties"]!["access"]!));
        Assert.Empty((await SchemaAsync()).Validate(Good));
    }

    [Fact]
    public async Task The_shipped_samples_are_manifests_except_those_that_say_they_are_none()
    {
        var (catalogue, schema) = (copy.Load().Catalogue, await SchemaAsync());
        var samples = Directory.GetDirectories(Path.Combine(copy.Root, "policies", "samples")).Select(Path.GetFileName).ToList();
        Assert.NotEmpty(samples);
        foreach (var sample in samples)
        {
            var json = copy.Read($"policies/samples/{sample}/manifest.json");
            var expected = !sample!.StartsWith("no-manifest-", StringComparison.Ordinal);
            Assert.True(expected == ManifestReader.Read(Encoding.UTF8.GetBytes(json), catalogue) is ManifestReading.Read, sample);
            Assert.True(expected == (schema.Validate(json).Count == 0), sample);
        }
    }

    private async Task AgreeAsync(string section, string key, string? value, bool accepted)
    {
        var root = JsonNode.Parse(Good)!.AsObject();
        var at = section.Length == 0 ? root : root[section]!.AsObject();
        at.Remove(key);
        if (value is not null)
            at[key] = JsonNode.Parse(value);
        var json = root.ToJsonString();
        Assert.Equal(accepted, ManifestReader.Read(Encoding.UTF8.GetBytes(json), copy.Load().Catalogue) is ManifestReading.Read);
        Assert.Equal(accepted, (await SchemaAsync()).Validate(json).Count == 0);
    }

    private Task<JsonSchema> SchemaAsync() => JsonSchema.FromJsonAsync(copy.Read("policies/schema/manifest.schema.json"), TestContext.Current.CancellationToken);

    private static IEnumerable<string> Words(JsonNode node) => node["enum"]!.AsArray().Select(n => (string)n!);
}
