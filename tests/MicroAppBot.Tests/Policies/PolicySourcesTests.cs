using System.Text.Json.Nodes;
using MicroAppBot.Content;
using MicroAppBot.Policies;

namespace MicroAppBot.Tests.Policies;

public sealed class PolicySourcesTests : IDisposable
{
    private readonly ScratchFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_folders_data_lies_under_the_names_of_its_subfolders()
    {
        folder.Write("data.json", """{"a": 1}""");
        folder.Write("people/any-name.json", """{"ada": {"team": "x"}}""");
        folder.Write("people/more.yaml", "bob:\n  team: z\n");
        folder.Write("rules/a.rego", "package a");
        folder.Write("readme.md", "not data");

        var sources = PolicySources.Load([folder.Root]);

        AssertJson("""{"a": 1, "people": {"ada": {"team": "x"}, "bob": {"team": "z"}}}""", sources.Data);
        Assert.EndsWith("a.rego", Assert.Single(sources.Modules).File, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_named_by_itself_is_data_at_the_root()
    {
        var file = folder.Write("deep/down/x.json", """{"a": {"b": 1}}""");
        var other = folder.Write("deep/y.yml", "a:\n  c: 2\n");

        AssertJson("""{"a": {"b": 1, "c": 2}}""", PolicySources.Load([file, other]).Data);
    }

    [Fact]
    public void Unquoted_words_of_yaml_are_what_OPA_reads_in_them()
    {
        var file = folder.Write("x.yaml", """
            a: [true, False, null, ~, 12, -3, 1.5, 1e3, "12", 'true', yes, 012, 1.2.3, 2026-01-01]
            b: &shared {x: 1}
            c: *shared
            d:
            """);

        AssertJson(
            """{"a": [true, false, null, null, 12, -3, 1.5, 1000, "12", "true", true, 10, "1.2.3", "2026-01-01"], "b": {"x": 1}, "c": {"x": 1}, "d": null}""",
            PolicySources.Load([file]).Data);
    }

    [Theory]
    [InlineData("x.json", "[1]", "x.json: ")]
    [InlineData("x.json", "{\"a\": 1,\n}", "x.json:2: ")]
    [InlineData("x.json", "{\"a\": 1, \"a\": 2}", "twice")]
    [InlineData("x.yaml", "- 1\n- 2\n", "x.yaml:1: ")]
    [InlineData("x.yaml", "a: 1\nb: [\n", "not valid YAML")]
    [InlineData("x.yaml", "a: &a [*a]\n", "unknown anchor")]
    public void Data_that_cannot_be_read_is_named_with_its_place(string name, string text, string said)
    {
        folder.Write(name, text);

        var fault = Assert.Throws<ContentException>(() => PolicySources.Load([folder.Root]));

        Assert.Contains(said, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_files_that_disagree_are_refused_and_two_that_agree_are_not()
    {
        folder.Write("a.json", """{"x": {"y": 1}}""");
        var other = folder.Write("b.json", """{"x": {"y": 1, "z": 2}}""");
        AssertJson("""{"x": {"y": 1, "z": 2}}""", PolicySources.Load([folder.Root]).Data);

        File.WriteAllText(other, """{"x": {"y": 3}}""");
        var fault = Assert.Throws<ContentException>(() => PolicySources.Load([folder.Root]));

        Assert.Contains("/x/y", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_that_is_not_there_is_named() =>
        Assert.Contains("nowhere", Assert.Throws<ContentException>(() => PolicySources.Load([Path.Combine(folder.Root, "nowhere")])).Message, StringComparison.Ordinal);

    [Fact]
    public void The_shipped_policies_get_the_catalogue_of_the_templates_beside_them()
    {
        using var content = ScratchFolder.OfContent();

        var data = PolicySources.Load([Path.Combine(content.Root, "policies")]).Data;

        Assert.NotNull(data["catalogue"]!["connectors"]!["crm-contacts"]);
        Assert.NotNull(data["people"]!["ada.keller"]);
        Assert.NotNull(data["samples"]!["granted-lunch-picker"]);
        Assert.Equal(ContentFolder.Load(content.Root).Revision, (string?)data["revision"]);
    }

    private static void AssertJson(string expected, JsonNode actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), actual.ToJsonString());
}
