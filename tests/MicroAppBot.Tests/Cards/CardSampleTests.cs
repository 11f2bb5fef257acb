using System.Text.Json.Nodes;
using MicroAppBot.Cards;

namespace MicroAppBot.Tests.Cards;

public class CardSampleTests
{
    public static TheoryData<string, string> Samples
    {
        get
        {
            var samples = new TheoryData<string, string>();
            foreach (var sample in TheCards.Library.Samples)
                samples.Add(sample.Card, sample.What);
            return samples;
        }
    }

    public static TheoryData<string> Cards => [.. TheCards.Library.Names];

    [Theory]
    [MemberData(nameof(Cards))]
    public void Every_card_has_a_sample_and_a_hostile_one(string card)
    {
        var whats = TheCards.Library.Samples.Where(sample => sample.Card == card).Select(sample => sample.What).ToList();
        Assert.Contains("hostile", whats);
        Assert.Contains(whats, what => what != "hostile");
    }

    [Fact]
    public void Every_sample_belongs_to_a_card() =>
        Assert.All(TheCards.Library.Samples, sample => Assert.Contains(sample.Card, TheCards.Library.Names));

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_sample_fills_its_card_without_a_gap(string card, string what)
    {
        var drawing = TheCards.Library.DrawWithNotes(card, TheCards.Sample(card, what).Data);

        // The hostile samples hold too many buttons and a link that is none on purpose
        if (what != "hostile")
            Assert.Empty(drawing.Notes);
        Assert.DoesNotContain(drawing.Notes, note => note.Contains("the data has no", StringComparison.Ordinal));
        Assert.InRange(CardLibrary.LengthOf(drawing.Card), 1, CardLibrary.MostCharacters);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Every_action_says_what_it_asks_for_and_has_its_fallback(string card, string what)
    {
        var drawn = TheCards.Library.Draw(card, TheCards.Sample(card, what).Data);

        foreach (var action in Objects(drawn).Where(o => o["type"]?.ToString() == "Action.Execute"))
        {
            Assert.Contains(action["verb"]!.ToString(), CardShape.Verbs);
            Assert.Equal(action["verb"]!.ToString(), action["data"]!["verb"]!.ToString());
            Assert.Equal("Action.Submit", action["fallback"]!["type"]!.ToString());
            Assert.Equal(action["title"]?.ToString(), action["fallback"]!["title"]?.ToString());
            Assert.True(JsonNode.DeepEquals(action["data"], action["fallback"]!["data"]));
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void No_two_inputs_of_a_card_share_an_id(string card, string what)
    {
        var drawn = TheCards.Library.Draw(card, TheCards.Sample(card, what).Data);
        var ids = Objects(drawn).Where(o => o["type"]?.ToString().StartsWith("Input.", StringComparison.Ordinal) == true).Select(o => o["id"]!.ToString()).ToList();
        Assert.Equal(ids.Distinct(), ids);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Ten_thousand_characters_everywhere_still_fit(string card, string what)
    {
        var data = Stretched(TheCards.Sample(card, what).Data, 10_000)!;

        var drawing = TheCards.Library.DrawWithNotes(card, data);

        Assert.InRange(CardLibrary.LengthOf(drawing.Card), 1, CardLibrary.MostCharacters);
    }

    // Every shown text grown to a length; ids, slots, values and words with a meaning to the client stay
    internal static JsonNode? Stretched(JsonNode? node, int length, string key = "") => node switch
    {
        JsonObject map => new JsonObject(map.Select(member => KeyValuePair.Create(member.Key, member.Key == "ids" ? member.Value!.DeepClone() : Stretched(member.Value, length, member.Key)))),
        JsonArray list => new JsonArray([.. list.Select(item => Stretched(item, length, key))]),
        JsonValue value when value.TryGetValue<string>(out var text) && key is not ("tone" or "kind" or "id" or "slot" or "value" or "url") =>
            JsonValue.Create(string.Concat(Enumerable.Repeat(text.Length == 0 ? "x" : text + " ", length / (text.Length + 1) + 1))[..length]),
        _ => node?.DeepClone(),
    };

    internal static IEnumerable<JsonObject> Objects(JsonNode? node)
    {
        if (node is JsonObject map)
        {
            yield return map;
            foreach (var (_, member) in map)
                foreach (var inner in Objects(member))
                    yield return inner;
        }
        else if (node is JsonArray list)
        {
            foreach (var inner in list.SelectMany(Objects))
                yield return inner;
        }
    }
}
