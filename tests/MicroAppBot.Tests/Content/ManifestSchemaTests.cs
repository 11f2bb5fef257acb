using System.Text;
using System.Text.Json.Nodes;
using Governance.Catalogue;
using Governance.Manifests;
using MicroAppBot.Content;
using NJsonSchema;

namespace MicroAppBot.Tests.Content;

/// <summary>The published schema and the reader must say the same: somebody's editor goes by the one, <c>check</c> by the other.</summary>
public sealed class ManifestSchemaTests
{
    private const string Good = """
        {"app":{"name":"where2eat","title":"Where2Eat","purpose":"Pick a lunch place","template":"internal-dashboard","data_class":"internal","department":"marketing","audience":"team","owner":"ada.keller","co_owner":"jonas.lindqvist","cost_centre":"MKT-120"},
         "data":{"kinds":["internal-documents"],"residency":["eu"]},
         "integrations":[{"connector":"crm-contacts-masked","access":"read","fields":["company","segment"]}],
         "network":{"allowed_destinations":["crm.internal.example.com"],"deny_external_sinks":true},
         "environment":"internal-eu","secrets":{"CRM_TOKEN":"vault://kv/marketing/where2eat#crm_token"},
         "access":{"roles":["crm-read-only"]},"lifecycle":{"ttl_days":30},"cost":{"cap_usd":50,"forecast_usd":12.5}}
        """;

    private static readonly string Policies = Path.Combine(AppContext.BaseDirectory, "policies");
    private static readonly string SchemaText = File.ReadAllText(Path.Combine(Policies, "schema", "manifest.schema.json"));
    private static readonly ServiceCatalogue Catalogue = ContentFolder.Load(AppContext.BaseDirectory).Catalogue;
    private static readonly Lazy<Task<JsonSchema>> Schema = new(() => JsonSchema.FromJsonAsync(SchemaText));

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
        var schema = JsonNode.Parse(SchemaText)!["properties"]!;
        Assert.Equal(Catalogue.Templates.Keys.Order(), Words(schema["app"]!["properties"]!["template"]!).Order());
        Assert.Equal(Catalogue.Environments.Keys.Order(), Words(schema["environment"]!).Order());
        Assert.Equal(DataKind.All.Select(k => k.Id), Words(schema["data"]!["properties"]!["kinds"]!["items"]!));
        Assert.Equal(Residency.All.Select(r => r.Id), Words(schema["data"]!["properties"]!["residency"]!["items"]!));
        Assert.Equal(ClosedWord.All<DataClass>(), Words(schema["app"]!["properties"]!["data_class"]!));
        Assert.Equal(ClosedWord.All<Audience>(), Words(schema["app"]!["properties"]!["audience"]!));
        Assert.Equal(ClosedWord.All<ConnectorAccess>(), Words(schema["integrations"]!["items"]!["properties"]!["access"]!));
        Assert.Empty((await Schema.Value).Validate(Good));
    }

    [Fact]
    public async Task The_shipped_samples_are_manifests_except_those_that_say_they_are_none()
    {
        var schema = await Schema.Value;
        var samples = Directory.GetDirectories(Path.Combine(Policies, "samples")).Select(Path.GetFileName).ToList();
        Assert.NotEmpty(samples);
        foreach (var sample in samples)
        {
            var json = File.ReadAllText(Path.Combine(Policies, "samples", sample!, "manifest.json"));
            var expected = !sample!.StartsWith("no-manifest-", StringComparison.Ordinal);
            Assert.True(expected == ManifestReader.Read(Encoding.UTF8.GetBytes(json), Catalogue) is ManifestReading.Read, sample);
            Assert.True(expected == (schema.Validate(json).Count == 0), sample);
        }
    }

    private static async Task AgreeAsync(string section, string key, string? value, bool accepted)
    {
        var root = JsonNode.Parse(Good)!.AsObject();
        var at = section.Length == 0 ? root : root[section]!.AsObject();
        at.Remove(key);
        if (value is not null)
            at[key] = JsonNode.Parse(value);
        var json = root.ToJsonString();
        Assert.Equal(accepted, ManifestReader.Read(Encoding.UTF8.GetBytes(json), Catalogue) is ManifestReading.Read);
        Assert.Equal(accepted, (await Schema.Value).Validate(json).Count == 0);
    }

    private static IEnumerable<string> Words(JsonNode node) => node["enum"]!.AsArray().Select(n => (string)n!);
}
