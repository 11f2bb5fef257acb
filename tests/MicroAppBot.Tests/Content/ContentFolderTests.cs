using System.Text.Json;
using System.Text.Json.Nodes;

namespace MicroAppBot.Tests.Content;

public sealed class ContentFolderTests : IDisposable
{
    private readonly ContentCopy copy = new();

    public void Dispose() => copy.Dispose();

    [Fact]
    public void The_policies_get_the_numbers_at_the_root_and_catalogue_people_and_revision_beside_them()
    {
        var content = copy.Load();
        var data = JsonNode.Parse(content.DataJson.Span)!.AsObject();
        Assert.Equal("internal", (string?)data["classification"]!["kinds"]!["usage-metrics"]!["class"]);
        Assert.Equal("regulated", (string?)data["catalogue"]!["connectors"]!["hr-payroll"]!["fields"]!["salary"]!["class"]);
        Assert.Equal("Europe/Berlin", (string?)data["people"]!["ada.keller"]!["timeZone"]);
        Assert.Equal(content.Revision, (string?)data["revision"]);
        Assert.Matches("^[0-9a-f]{64}$", content.Revision);
    }

    [Fact]
    public void A_kind_of_data_has_the_same_class_in_the_code_and_in_the_policies_numbers()
    {
        var classification = JsonNode.Parse(copy.Load().DataJson.Span)!["classification"]!;
        var kinds = classification["kinds"]!.AsObject();
        foreach (var kind in Governance.Catalogue.DataKind.All.Where(k => !k.Never))
            Assert.Equal(Governance.Catalogue.ClosedWord.ToText(kind.Lowest), (string?)kinds[kind.Id]!["class"]);
        Assert.Equal(Governance.Catalogue.DataKind.All.Where(k => k.Never).Select(k => k.Id), classification["never"]!.AsArray().Select(n => (string?)n));
        Assert.Equal(Governance.Catalogue.DataKind.All.Count(k => !k.Never), kinds.Count);
    }

    [Theory]
    [InlineData("policies/extra_rule.rego", "true", "false", true)]
    [InlineData("policies/data.json", "\"cap_usd\": 500", "\"cap_usd\": 501", true)]
    [InlineData("templates/connectors/hr-payroll.yaml", "departments: [finance, hr]", "departments: [finance, hr, legal]", true)]
    [InlineData("templates/environments/internal-eu.yaml", "region: eu-central-1", "region: eu-central-2", true)]
    [InlineData("templates/campaign.yaml", "  - voucher", "  - vouchers", false)]
    [InlineData("templates/campaign.yaml", "id: campaign", "# a comment\nid: campaign", false)]
    [InlineData("policies/people/data.json", "Ada Keller", "Ada Kellner", false)]
    [InlineData("policies/data.json", "{", "{ \n", false)]
    public void The_revision_moves_with_rules_numbers_and_catalogue_and_with_nothing_else(string file, string from, string to, bool moves)
    {
        var before = copy.Load().Revision;
        copy.Change(file, from, to);
        Assert.Equal(moves, before != copy.Load().Revision);
    }

    [Fact]
    public void Neither_tests_of_rules_nor_line_ends_nor_the_place_of_the_folder_move_it()
    {
        var before = copy.Load().Revision;
        copy.Write("policies/extra_rule_test.rego", "package microapps.extra_rule_test\n");
        copy.Write("policies/extra_rule.rego", copy.Read("policies/extra_rule.rego").ReplaceLineEndings("\r\n"));
        copy.Write("templates/campaign.yaml", "\uFEFF" + copy.Read("templates/campaign.yaml").ReplaceLineEndings("\r\n"));
        Assert.Equal(before, copy.Load().Revision);
        using var other = new ContentCopy();
        Assert.Equal(before, other.Load().Revision);
    }

    [Fact]
    public void Texts_come_with_their_names_from_the_root_in_ordinal_order()
    {
        copy.Write("policies/z/deep.rego", "package z\n");
        copy.Write("cards/samples/a.json", "{}");
        copy.Write("cards/b.json", "{\"a\": 1}");
        copy.Write("prompts/intake.md", "\uFEFFRead.");
        var content = copy.Load();
        Assert.Contains(content.PolicyFiles, f => f.Name == "policies/z/deep.rego" && f.Text == "package z\n");
        Assert.Equal(content.PolicyFiles.Select(f => f.Name).Order(StringComparer.Ordinal), content.PolicyFiles.Select(f => f.Name));
        Assert.Equal("{}", content.CardFiles.Single(f => f.Name == "cards/samples/a.json").Text);
        Assert.Equal("b", content.CardFiles.Single(f => f.Name == "cards/b.json").ShortName);
        Assert.Equal("Read.", content.PromptFiles.Single(f => f.Name == "prompts/intake.md").Text);
    }

    [Fact]
    public void The_data_is_one_valid_json_document_and_the_same_every_time() =>
        Assert.True(copy.Load().DataJson.Span.SequenceEqual(copy.Load().DataJson.Span) && JsonDocument.Parse(copy.Load().DataJson).RootElement.ValueKind == JsonValueKind.Object);
}
