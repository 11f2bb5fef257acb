using System.Text.Json.Nodes;
using MicroAppBot.Cards;
using MicroAppBot.Cards.Templating;

namespace MicroAppBot.Tests.Cards.Templating;

/// <summary>The table <c>node/templates.json</c>, expanded by our engine and by Microsoft's. Where we differ on purpose, the row says why and what we give.</summary>
public class ReferenceAgreementTests
{
    private static readonly JsonArray Table = (JsonArray)JsonNode.Parse(File.ReadAllText(
        Path.Combine(TheCards.Root, "tests", "MicroAppBot.Tests", "Cards", "node", "templates.json")))!;

    private static readonly Lazy<JsonArray> Theirs = new(() => Reference.Ask("expand", (JsonArray)Table.DeepClone()));

    public static TheoryData<int, string> Rows
    {
        get
        {
            var rows = new TheoryData<int, string>();
            for (var i = 0; i < Table.Count; i++)
                rows.Add(i, Table[i]!["name"]!.ToString());
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Expands_as_the_reference_does_or_differs_on_purpose(int index, string name)
    {
        var row = Table[index]!;
        var theirs = Theirs.Value[index]!;
        var ours = Ours(row);

        if (row["differs"] is { } reason)
        {
            Assert.True(JsonNode.DeepEquals(row["ours"], ours), $"{name}: {ours?.ToJsonString()}, because {reason}");
            Assert.False(JsonNode.DeepEquals(theirs["value"], ours), $"{name}: the reference gives the same now, so this is no exception any more");
        }
        else if (theirs["error"] is { } error)
        {
            Assert.True(ours?["fault"] is not null, $"{name}: the reference objects ({error}), we give {ours?.ToJsonString()}");
        }
        else
        {
            Assert.True(JsonNode.DeepEquals(theirs["value"], ours), $"{name}\n  theirs: {theirs["value"]?.ToJsonString()}\n  ours:   {ours?.ToJsonString()}");
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Where_we_differ_we_give_what_the_table_says_also_without_the_reference(int index, string name)
    {
        var row = Table[index]!;
        if (row["differs"] is not null)
            Assert.True(JsonNode.DeepEquals(row["ours"], Ours(row)), name);
        else
            Assert.Null(row["ours"]);
    }

    private static JsonNode? Ours(JsonNode row)
    {
        try
        {
            return CardTemplate.Parse("table", row["template"]!.ToJsonString()).Expand(row["data"], row["host"]);
        }
        catch (CardFault fault)
        {
            return new JsonObject { ["fault"] = fault.Message };
        }
    }
}
