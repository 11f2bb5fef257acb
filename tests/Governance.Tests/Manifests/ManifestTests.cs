using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Governance.Catalogue;
using Governance.Manifests;
using Governance.Tests.Catalogue;

namespace Governance.Tests.Manifests;

public sealed class ManifestTests
{
    [Fact]
    public void A_manifest_is_written_as_it_was_read()
    {
        var manifest = Where2Eat.Manifest;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Where2Eat.Json), manifest.ToJson()), manifest.ToJson().ToJsonString());
        Assert.Equal("where2eat", manifest.App.Name);
        Assert.Equal(DataClass.Internal, manifest.App.DataClass);
        Assert.Equal(Audience.Team, manifest.App.Audience);
        Assert.Equal(["company", "segment"], manifest.Integrations[0].Fields);
        Assert.Equal(12, manifest.Cost.ForecastUsd);
    }

    [Fact]
    public void What_was_not_said_is_not_filled_in()
    {
        var manifest = Where2Eat.Read("""{"app":{"name":"a","template":"campaign","data_class":"public"},"data":{"kinds":["none"]},"environment":"internal-eu"}""");
        Assert.Null(manifest.App.Owner);
        Assert.Null(manifest.App.Audience);
        Assert.Null(manifest.Lifecycle.TtlDays);
        Assert.Null(manifest.Cost.CapUsd);
        Assert.Null(manifest.Network.DenyExternalSinks);
        Assert.Empty(manifest.Integrations);
        Assert.Empty(manifest.Secrets);
        Assert.Equal(
            """{"access":{"roles":[]},"app":{"data_class":"public","name":"a","template":"campaign"},"cost":{},"data":{"kinds":["none"],"residency":[]},"environment":"internal-eu","integrations":[],"lifecycle":{},"network":{"allowed_destinations":[]},"secrets":{}}""",
            Encoding.UTF8.GetString(CanonicalJson.Of(manifest.ToJson())));
    }

    [Fact]
    public void Random_manifests_come_back_the_same_by_both_ways_and_keep_their_hash()
    {
        var any = new AnyManifest(1);
        var catalogue = SmallCatalogue.Create();
        for (var i = 0; i < 2000; i++)
        {
            var manifest = any.Next();
            foreach (var utf8 in new[] { CanonicalJson.Of(manifest.ToJson()), manifest.ToIndentedUtf8() })
            {
                var reading = ManifestReader.Read(utf8, catalogue);
                Assert.True(reading is ManifestReading.Read, Encoding.UTF8.GetString(utf8));
                Assert.Equal(manifest, ((ManifestReading.Read)reading).Manifest);
                Assert.Equal(ManifestHash.Of(manifest), ManifestHash.Of(((ManifestReading.Read)reading).Manifest));
            }

            Assert.Equal(manifest, JsonSerializer.Deserialize<Manifest>(JsonSerializer.Serialize(manifest)));
        }
    }

    [Fact]
    public void Inside_an_event_it_keeps_its_own_form_whatever_the_serializers_options_and_the_catalogue_say()
    {
        var manifest = Where2Eat.Manifest with { App = Where2Eat.Manifest.App with { Template = "a-template-that-has-gone" }, Environment = "long-closed" };
        var options = new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.KebabCaseUpper };
        var json = JsonSerializer.Serialize(new { Manifest = manifest }, options);
        Assert.Contains("\"cost_centre\":\"MKT-120\"", json, StringComparison.Ordinal);
        Assert.Equal(manifest, JsonDocument.Parse(json).RootElement.GetProperty("MANIFEST").Deserialize<Manifest>(options));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Manifest>("""{"app":{}}"""));
    }

    [Fact]
    public void What_was_stored_can_be_read_for_ever_also_when_a_limit_was_tightened_since()
    {
        var wild = Where2Eat.Manifest with
        {
            App = Where2Eat.Manifest.App with { Name = "Not A Label", Title = new string('x', 50_000), Purpose = "bell \a" },
            Data = new DataSection(["a-kind-that-has-gone", "a-kind-that-has-gone"], ["moon"]),
            Integrations = [.. Enumerable.Repeat(new Integration("twice", ConnectorAccess.Admin, ["x", "x"]), 300)],
            Lifecycle = new LifecycleSection(-5),
            Cost = new CostSection(-1, 1e20m),
        };
        Assert.Equal(wild, JsonSerializer.Deserialize<Manifest>(JsonSerializer.Serialize(wild)));
    }

    // Computed by another program: json.dumps(m, sort_keys=True, separators=(',', ':'), ensure_ascii=False) and sha256
    [Fact]
    public void The_hash_is_what_anybody_can_compute() =>
        Assert.Equal("35a40c2b14e986edc9dd59fa2f2eaf00886553c90d724d9f2c32653ad67ca4b5", ManifestHash.Of(Where2Eat.Manifest));

    [Theory]
    [InlineData("/cost/forecast_usd", "499", true)]
    [InlineData("/cost/forecast_usd", null, true)]
    [InlineData("/cost/cap_usd", "50.00", true)]
    [InlineData("/cost/cap_usd", "5e1", true)]
    [InlineData("/cost/cap_usd", "51", false)]
    [InlineData("/lifecycle/ttl_days", "30.0", true)]
    [InlineData("/lifecycle/ttl_days", "29", false)]
    [InlineData("/app/purpose", "\"Pick a lunch place for the team.\"", false)]
    [InlineData("/app/purpose", "\"Pick \\u0061 lunch place for the team\"", true)]
    [InlineData("/app/audience", null, false)]
    [InlineData("/integrations/0/fields/2", "\"region\"", false)]
    [InlineData("/integrations/0/access", "\"write\"", false)]
    [InlineData("/network/deny_external_sinks", "false", false)]
    [InlineData("/secrets/CRM_TOKEN", "\"vault://kv/other\"", false)]
    public void The_hash_changes_with_everything_but_the_forecast_and_the_way_of_writing(string pointer, string? value, bool same) =>
        Assert.Equal(same, ManifestHash.Of(Where2Eat.Manifest) == ManifestHash.Of(Where2Eat.Read(Where2Eat.With(pointer, value))));

    [Fact]
    public void The_order_of_keys_is_no_difference()
    {
        var turned = new JsonObject(JsonNode.Parse(Where2Eat.Json)!.AsObject().Reverse().Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone())));
        Assert.Equal(ManifestHash.Of(Where2Eat.Manifest), ManifestHash.Of(Where2Eat.Read(turned.ToJsonString())));
    }

    [Theory]
    [InlineData("é\u2028🍜<&'+", "\"é\u2028🍜<&'+\"")]
    [InlineData("\"\\\b\t\n\f\r\u0001", "\"\\\"\\\\\\b\\t\\n\\f\\r\\u0001\"")]
    [InlineData("\u0378\ue000", "\"\u0378\ue000\"")]
    public void Canonical_text_has_only_the_escapes_that_json_demands(string text, string canonical) =>
        Assert.Equal(canonical, Encoding.UTF8.GetString(CanonicalJson.Of(JsonValue.Create(text))));

    [Theory]
    [InlineData("[1, 1.0, 1.50, 10, 1e2, -0.0, 12345678901234567890123]", "[1,1,1.5,10,100,0,12345678901234567890123]")]
    [InlineData("{\"b\":null,\"a\":{\"d\":true,\"c\":[ ]},\"Z\":1e400}", "{\"Z\":1e400,\"a\":{\"c\":[],\"d\":true},\"b\":null}")]
    public void Canonical_json_has_one_way_to_say_a_thing(string json, string canonical) =>
        Assert.Equal(canonical, Encoding.UTF8.GetString(CanonicalJson.Of(JsonNode.Parse(json))));
}
