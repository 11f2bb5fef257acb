using System.Text.Json.Nodes;
using MicroAppBot.Cards;
using MicroAppBot.Cards.Templating;

namespace MicroAppBot.Tests.Cards.Templating;

/// <summary>
/// The table <c>node/templates.json</c> holds what Microsoft's engine makes of each template. Where we differ on purpose, the row says why
/// (<c>differs</c>) and what we give.
/// </summary>
public class ReferenceAgreementTests
{
    private static readonly JsonObject Table = (JsonObject)JsonNode.Parse(File.ReadAllText(
        Path.Combine(TheCards.Root, "tests", "MicroAppBot.Tests", "Cards", "node", "templates.json")))!;

    private static JsonArray TableRows => (JsonArray)Table["rows"]!;

    public static TheoryData<int, string> Rows
    {
        get
        {
            var rows = new TheoryData<int, string>();
            for (var i = 0; i < TableRows.Count; i++)
                rows.Add(i, TableRows[i]!["name"]!.ToString());
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_template_expands_to_what_the_table_says(int index, string name)
    {
        var row = TableRows[index]!;
        var ours = Ours(row);

        if (row["fails"] is not null)
            Assert.True(ours?["fault"] is not null, $"{name} ought to be a fault, and gives {ours?.ToJsonString()}");
        else
            Assert.True(JsonNode.DeepEquals(row["gives"], ours), $"{name}\n  table: {row["gives"]?.ToJsonString()}\n  ours:  {ours?.ToJsonString()}");
    }

    [Fact]
    public void The_table_says_what_the_reference_does()
    {
        var asked = new JsonArray([.. TableRows.Select(row =>
        {
            var one = new JsonObject { ["template"] = row!["template"]!.DeepClone(), ["data"] = Table["data"]!.DeepClone() };
            if (row["host"] is { } host)
                one["host"] = host.DeepClone();
            return one;
        })]);

        var theirs = Reference.Ask("expand", asked);

        // A row that differs must go on differing: otherwise it is no exception any more
        Assert.Empty(TableRows.Zip(theirs).Where(pair => Agrees(pair.First!, pair.Second!) != (pair.First!["differs"] is null))
            .Select(pair => $"{pair.First!["name"]}: {pair.Second!.ToJsonString()}"));
    }

    private static bool Agrees(JsonNode row, JsonNode theirs) =>
        row["fails"] is not null ? theirs["error"] is not null : theirs["error"] is null && JsonNode.DeepEquals(row["gives"], theirs["value"]);

    private static JsonNode? Ours(JsonNode row)
    {
        try
        {
            return CardTemplate.Parse("table", row["template"]!.ToJsonString()).Expand(Table["data"], row["host"]);
        }
        catch (CardFault fault)
        {
            return new JsonObject { ["fault"] = fault.Message };
        }
    }
}
