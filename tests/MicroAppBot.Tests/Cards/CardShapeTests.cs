using MicroAppBot.Cards;
using MicroAppBot.Content;

namespace MicroAppBot.Tests.Cards;

public class CardShapeTests
{
    private const string Sound = """{ "type": "AdaptiveCard", "version": "1.5", "fallbackText": "x", "body": [BODY], "actions": [ACTIONS] }""";

    private static CardLibrary Load(string body, string actions = "", string file = "cards/x.json") =>
        CardLibrary.Load([new ContentFile(file, Sound.Replace("BODY", body, StringComparison.Ordinal).Replace("ACTIONS", actions, StringComparison.Ordinal))]);

    [Theory]
    [InlineData("""{ "type": "TextBlock", "text": "x" }""", "", "/body/0/wrap")]
    [InlineData("""{ "type": "Media" }""", "", "/body/0/type")]
    [InlineData("""{ "type": "Input.Text", "label": "x" }""", "", "/body/0/id")]
    [InlineData("""{ "type": "Input.Text", "id": "x" }""", "", "/body/0/label")]
    [InlineData("""{ "type": "Image", "url": "https://x.example/y.png" }""", "", "/body/0/altText")]
    [InlineData("""{ "type": "Container", "items": [ { "type": "ActionSet", "actions": [ { "type": "Action.Http", "title": "x" } ] } ] }""", "", "/body/0/items/0/actions/0/type")]
    [InlineData("", """{ "type": "Action.Submit", "title": "x", "data": {} }""", "/actions/0/type")]
    [InlineData("", """{ "type": "Action.Execute", "title": "x", "data": {} }""", "/actions/0/data/verb")]
    [InlineData("", """{ "type": "Action.Execute", "title": "x", "data": { "verb": "request.aprove" } }""", "/actions/0/data/verb")]
    [InlineData("", """{ "type": "Action.Execute", "data": { "verb": "say" } }""", "/actions/0/title")]
    [InlineData("", """{ "type": "Action.ShowCard", "title": "x", "card": { "type": "AdaptiveCard", "body": [ { "type": "TextBlock", "text": "x" } ] } }""", "/actions/0/card/body/0/wrap")]
    [InlineData("""{ "type": "TextBlock", "wrap": true, "text": "${1 +}" }""", "", "/body/0/text")]
    [InlineData("""{ "type": "TextBlock", "wrap": true, "text": "x", "$when": "${exsts(x)}" }""", "", "/body/0/$when")]
    public void A_card_that_Teams_would_not_take_does_not_load_and_says_where(string body, string actions, string pointer)
    {
        var fault = Assert.Throws<CardFault>(() => Load(body, actions));
        Assert.Equal("cards/x.json", fault.File);
        Assert.Equal(pointer, fault.Place);
    }

    [Fact]
    public void A_misspelt_function_is_named_with_the_nearest_one() =>
        Assert.Contains("'exists'", Assert.Throws<CardFault>(() => Load("""{ "type": "TextBlock", "wrap": true, "text": "${exsts(x)}" }""")).Why, StringComparison.Ordinal);

    [Fact]
    public void A_card_that_is_not_JSON_names_line_and_column()
    {
        var fault = Assert.Throws<CardFault>(() => CardLibrary.Load([new ContentFile("cards/x.json", "{\n  \"type\": oops\n}")]));
        Assert.Equal("line 2, column 11", fault.Place);
    }

    [Theory]
    [InlineData("    \"type\": \"TextBlok\",", 7, "is no element that Teams shows")]
    [InlineData("    \"type\": \"TextBlock\", \"text\": \"${exsts(x)}\",", 7, "'exists'")]
    [InlineData("    \"type\": \"TextBlock\",\n    \"type\": \"TextBlock\",", 8, "is there twice")]
    [InlineData("    \"type\": TextBlock,", 7, "invalid")]
    public void A_fault_names_the_line_in_the_file(string type, int line, string why)
    {
        var text = $$"""
            {
              "type": "AdaptiveCard",
              "version": "1.5",
              "fallbackText": "x",
              "body": [
               {
            {{type}}
                "wrap": true
               }
              ]
            }
            """;
        var fault = Assert.Throws<CardFault>(() => CardLibrary.Load([new ContentFile("cards/x.json", text)]));
        Assert.Equal(line, fault.Line);
        Assert.StartsWith($"cards/x.json:{line}", fault.Message, StringComparison.Ordinal);
        Assert.Contains(why, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_property_written_twice_is_a_fault() =>
        Assert.Equal(1, Assert.Throws<CardFault>(() => CardLibrary.Load([new ContentFile("cards/x.json", """{ "type": "AdaptiveCard", "type": "AdaptiveCard" }""")])).Line);

    [Fact]
    public void Another_version_is_a_fault() =>
        Assert.Equal("/version", Assert.Throws<CardFault>(() => CardLibrary.Load([new ContentFile("cards/x.json", """{ "type": "AdaptiveCard", "version": "1.6" }""")])).Place);
}
