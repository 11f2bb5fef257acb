using System.Text;
using Governance.Manifests;
using Governance.Tests.Catalogue;

namespace Governance.Tests.Manifests;

public sealed class ManifestReaderTests
{
    [Theory]
    [InlineData("/app/name", null, "/app/name", null, "needs a name")]
    [InlineData("/app/template", null, "/app/template", null, "missing")]
    [InlineData("/app/data_class", null, "/app/data_class", null, "missing")]
    [InlineData("/data/kinds", null, "/data/kinds", null, "which kinds")]
    [InlineData("/data", null, "/data/kinds", null, "which kinds")]
    [InlineData("/environment", null, "/environment", null, "missing")]
    [InlineData("/app", null, "/app/name", null, "needs a name")]
    [InlineData("/data/kinds", "[]", "/data/kinds", null, "“none”")]
    [InlineData("/app/data_class", "\"internl\"", "/app/data_class", "internal", "Did you mean “internal”?")]
    [InlineData("/app/data_class", "\"Internal\"", "/app/data_class", "internal", "Did you mean")]
    [InlineData("/app/data_class", "\"top-secret\"", "/app/data_class", null, "one of: public, internal, confidential, regulated")]
    [InlineData("/app/template", "\"internal-dashbord\"", "/app/template", "internal-dashboard", "Did you mean")]
    [InlineData("/app/template", "\"dashboard\"", "/app/template", "internal-dashboard", "Did you mean")]
    [InlineData("/app/audience", "\"teams\"", "/app/audience", "team", "Did you mean")]
    [InlineData("/data/kinds/0", "\"salry\"", "/data/kinds/0", "salary", "Did you mean")]
    [InlineData("/data/kinds/1", "\"customer_name\"", "/data/kinds/1", "customer-name", "Did you mean")]
    [InlineData("/data/kinds/1", "\"internal-documents\"", "/data/kinds/1", null, "listed twice")]
    [InlineData("/data/residency/0", "\"ue\"", "/data/residency/0", "eu", "Did you mean")]
    [InlineData("/data/residency/0", "\"europe\"", "/data/residency/0", "eu", "Did you mean")]
    [InlineData("/data/residency/0", "\"moon\"", "/data/residency/0", null, "one of: eu, uk, us, apac")]
    [InlineData("/data/residency/0", "\"EU\"", "/data/residency/0", "eu", "Did you mean")]
    [InlineData("/integrations/0/access", "\"reed\"", "/integrations/0/access", "read", "Did you mean")]
    [InlineData("/integrations/0/access", null, "/integrations/0/access", null, "missing")]
    [InlineData("/integrations/0/connector", null, "/integrations/0/connector", null, "which connector")]
    [InlineData("/integrations/1", """{"connector":"crm-contacts-masked","access":"read"}""", "/integrations/1/connector", null, "listed twice")]
    [InlineData("/integrations/0", "\"crm\"", "/integrations/0", null, "is an object")]
    [InlineData("/environment", "\"internal_eu\"", "/environment", "internal-eu", "Did you mean")]
    [InlineData("/app/ownr", "\"x\"", "/app/ownr", "owner", "not a property")]
    [InlineData("/app/dataClass", "\"internal\"", "/app/dataClass", "data_class", "not a property")]
    [InlineData("/netwrok", "{}", "/netwrok", "network", "not a property")]
    [InlineData("/app", "[]", "/app", null, "is an object")]
    [InlineData("/app/title", "7", "/app/title", null, "a number")]
    [InlineData("/app/owner", "null", "/app/owner", null, "leave it out")]
    [InlineData("/data/kinds", "\"salary\"", "/data/kinds", null, "is a list")]
    [InlineData("/network/deny_external_sinks", "\"yes\"", "/network/deny_external_sinks", null, "true or false")]
    [InlineData("/lifecycle/ttl_days", "\"30\"", "/lifecycle/ttl_days", null, "a number")]
    [InlineData("/lifecycle/ttl_days", "-1", "/lifecycle/ttl_days", null, "whole number from 1")]
    [InlineData("/lifecycle/ttl_days", "0", "/lifecycle/ttl_days", null, "whole number from 1")]
    [InlineData("/lifecycle/ttl_days", "7.5", "/lifecycle/ttl_days", null, "whole number")]
    [InlineData("/lifecycle/ttl_days", "1e300", "/lifecycle/ttl_days", null, "whole number")]
    [InlineData("/cost/cap_usd", "-0.01", "/cost/cap_usd", null, "amount in USD")]
    [InlineData("/cost/forecast_usd", "-1e400", "/cost/forecast_usd", null, "amount in USD")]
    [InlineData("/app/name", "\"Where2Eat!\"", "/app/name", "where2eat", "a to z")]
    [InlineData("/app/name", "\"../../etc\"", "/app/name", "etc", "a to z")]
    [InlineData("/app/name", "\"\"", "/app/name", null, "a to z")]
    [InlineData("/app/title", "\"a\\u0000b\"", "/app/title", null, "control characters")]
    [InlineData("/secrets", "[]", "/secrets", null, "is an object")]
    [InlineData("/secrets/A", "5", "/secrets/A", null, "a number")]
    public void What_is_no_manifest_is_told_where_and_what_to_write_instead(string pointer, string? value, string at, string? nearest, string message)
    {
        var fault = Where2Eat.Faults(Where2Eat.With(pointer, value))[0];
        Assert.Equal(at, fault.Pointer);
        Assert.Equal(nearest, fault.Nearest);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/integrations/0/connector", "\"crm-contact\"")]
    [InlineData("/integrations/0/fields/0", "\"shoe-size\"")]
    [InlineData("/lifecycle/ttl_days", "100000")]
    [InlineData("/app/owner", null)]
    [InlineData("/app/cost_centre", "\"\"")]
    [InlineData("/app/department", "\"gardening\"")]
    [InlineData("/access/roles/0", "\"no-such-role\"")]
    [InlineData("/secrets/CRM_TOKEN", "\"hunter2\"")]
    [InlineData("/network/allowed_destinations/1", "\"crm.internal.example.com\"")]
    [InlineData("/network/allowed_destinations/1", "\"EVIL.example.net\"")]
    [InlineData("/lifecycle/ttl_days", "365")]
    [InlineData("/cost/cap_usd", "49.99")]
    [InlineData("/integrations", null)]
    [InlineData("/lifecycle", null)]
    public void What_a_rule_judges_is_read_as_it_is(string pointer, string? value) => Assert.NotNull(Where2Eat.Read(Where2Eat.With(pointer, value)));

    [Theory]
    [InlineData("", "empty")]
    [InlineData(" \n ", "empty")]
    [InlineData("{", "line 1, column 2")]
    [InlineData("{\n  \"app\": {\n    \"name\": oops\n", "line 3, column 13")]
    [InlineData("{\n \"Größe 🍜\": oops", "line 2, column 14")]
    [InlineData("{\"app\": {},}", "line 1, column 12")]
    [InlineData("// a comment\n{}", "line 1, column 1")]
    [InlineData("[[[[[[[[[[[[[[[[[[", "not valid JSON")]
    public void What_is_not_json_is_told_with_line_and_column(string text, string message)
    {
        var fault = Assert.Single(Where2Eat.Faults(text));
        Assert.Equal("", fault.Pointer);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"app\"")]
    [InlineData("42")]
    public void Json_that_is_no_object_is_no_manifest_and_that_is_all_there_is_to_say(string json) => Assert.Equal("", Assert.Single(Where2Eat.Faults(json)).Pointer);

    [Theory]
    [InlineData("{\"app\":{\"name\":\"a\",\"name\":\"b\",\"template\":\"campaign\",\"data_class\":\"public\"},\"data\":{\"kinds\":[\"none\"]},\"environment\":\"internal-eu\"}", "/app/name", "there twice")]
    [InlineData("{\"app\":{\"name\":\"a\",\"title\":\"\\ud83c\",\"template\":\"campaign\",\"data_class\":\"public\"},\"data\":{\"kinds\":[\"none\"]},\"environment\":\"internal-eu\"}", "/app/title", "no text")]
    [InlineData("{\"app\":{\"name\":\"a\",\"\\ud83c\":1,\"template\":\"campaign\",\"data_class\":\"public\"},\"data\":{\"kinds\":[\"none\"]},\"environment\":\"internal-eu\"}", "/app", "no text")]
    [InlineData("{\"a/b~c\":1,\"app\":{\"name\":\"a\",\"template\":\"campaign\",\"data_class\":\"public\"},\"data\":{\"kinds\":[\"none\"]},\"environment\":\"internal-eu\"}", "/a~1b~0c", "not a property")]
    public void Tricks_of_json_are_seen_through(string json, string pointer, string message)
    {
        var fault = Assert.Single(Where2Eat.Faults(json));
        Assert.Equal(pointer, fault.Pointer);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Absurd_sizes_are_refused_without_ado()
    {
        Assert.Contains("bytes", Assert.Single(Where2Eat.Faults(new string(' ', ManifestReader.MostBytes + 1))).Message, StringComparison.Ordinal);
        Assert.Contains("10,000 characters", Where2Eat.Faults(Where2Eat.With("/app/purpose", $"\"{new string('x', 10_000)}\""))[0].Message, StringComparison.Ordinal);
        Assert.Contains("5,000 entries", Where2Eat.Faults(Where2Eat.With("/network/allowed_destinations", $"[{string.Join(',', Enumerable.Repeat("\"a\"", 5000))}]"))[0].Message, StringComparison.Ordinal);
        Assert.True(Where2Eat.Faults($"{{{string.Join(',', Enumerable.Range(0, 2000).Select(i => $"\"p{i}\":1"))}}}").Count <= 50);
    }

    [Fact]
    public void All_faults_are_told_at_once_and_a_byte_order_mark_is_none()
    {
        var faults = Where2Eat.Faults("""{"app":{"name":"A","template":"x","data_class":"secret","extra":1},"data":{"kinds":["salry"]},"environment":"moon"}""");
        Assert.Equal(["/app/extra", "/app/name", "/app/template", "/app/data_class", "/data/kinds/0", "/environment"], faults.Select(f => f.Pointer));
        Assert.NotNull(Where2Eat.Read("\uFEFF" + Where2Eat.Json));
    }

    [Fact]
    public void No_text_whatever_makes_the_reader_throw()
    {
        var random = new Random(7);
        var bytes = Encoding.UTF8.GetBytes(Where2Eat.Json);
        var catalogue = SmallCatalogue.Create();
        for (var i = 0; i < 20_000; i++)
        {
            var broken = bytes.ToArray();
            for (var hits = random.Next(1, 6); hits > 0; hits--)
                broken[random.Next(broken.Length)] = (byte)random.Next(256);
            var reading = ManifestReader.Read(broken.AsMemory(0, random.Next(broken.Length + 1)), catalogue);
            Assert.True(reading is ManifestReading.Read or ManifestReading.Faulty { Faults.Count: > 0 });
        }
    }
}
