using System.Text.Json.Nodes;
using MicroAppBot.Cards;
using MicroAppBot.Content;

namespace MicroAppBot.Tests.Cards;

public class CardLibraryTests
{
    private static CardLibrary With(string body, string actions = "[]") => CardLibrary.Load(
        [new ContentFile("cards/x.json", $$"""{ "type": "AdaptiveCard", "version": "1.5", "fallbackText": "x", "body": {{body}}, "actions": {{actions}} }""")]);

    private static JsonNode Data(string json) => JsonNode.Parse(json)!;

    [Fact]
    public void What_people_wrote_is_escaped_where_markdown_is_read_and_nowhere_else()
    {
        var card = With(
            """[ { "type": "TextBlock", "wrap": true, "text": "**${who}**" }, { "type": "FactSet", "facts": [ { "title": "Who", "value": "${who}" } ] }, { "type": "Input.Text", "id": "a", "label": "${who}", "value": "${who}" } ]""",
            """[ { "type": "Action.Execute", "title": "Say ${who}", "data": { "verb": "say", "text": "${who}" } } ]""")
            .Draw("x", Data("""{ "who": "*Ada* [x](y)" }"""));

        Assert.Equal("**\\*Ada\\* [x]\u2060(y)**", card["body"]![0]!["text"]!.ToString());
        Assert.Equal("\\*Ada\\* [x]\u2060(y)", card["body"]![1]!["facts"]![0]!["value"]!.ToString());
        Assert.Equal("*Ada* [x](y)", card["body"]![2]!["label"]!.ToString());
        Assert.Equal("*Ada* [x](y)", card["body"]![2]!["value"]!.ToString());
        Assert.Equal("Say *Ada* [x](y)", card["actions"]![0]!["title"]!.ToString());
        Assert.Equal("*Ada* [x](y)", card["actions"]![0]!["data"]!["text"]!.ToString());
    }

    [Fact]
    public void Data_is_never_read_as_a_template() =>
        Assert.Equal("${who}", With("""[ { "type": "TextBlock", "wrap": true, "text": "${who}" } ]""").Draw("x", Data("""{ "who": "${who}" }"""))["body"]![0]!["text"]!.ToString());

    [Fact]
    public void Data_cannot_bring_elements_of_its_own()
    {
        var drawing = With("""[ { "type": "Container", "items": [ { "type": "TextBlock", "wrap": true, "text": "${who}" } ] } ]""")
            .DrawWithNotes("x", Data("""{ "who": [ { "type": "Action.OpenUrl" } ] }"""));
        Assert.Equal("–", drawing.Card["body"]![0]!["items"]![0]!["text"]!.ToString());
        Assert.NotEmpty(drawing.Notes);
    }

    [Fact]
    public void What_the_data_lacks_is_a_dash_for_the_person_and_a_note_for_the_author()
    {
        var drawing = With("""[ { "type": "TextBlock", "wrap": true, "text": "by ${who.name}" } ]""").DrawWithNotes("x", Data("{}"));
        Assert.Equal("by –", drawing.Card["body"]![0]!["text"]!.ToString());
        Assert.Equal(["the data has no who.name"], drawing.Notes);
    }

    [Fact]
    public void Every_action_carries_the_ids_and_an_action_keeps_its_own()
    {
        var card = With("[]", """[ { "type": "Action.Execute", "title": "a", "data": { "verb": "app.show" } }, { "type": "Action.Execute", "title": "b", "data": { "verb": "app.show", "app": "other" } } ]""")
            .Draw("x", Data("""{ "ids": { "app": "one", "version": 3, "card": "c" } }"""));

        Assert.True(JsonNode.DeepEquals(Data("""{ "verb": "app.show", "app": "one", "version": 3, "card": "c" }"""), card["actions"]![0]!["data"]));
        Assert.Equal("other", card["actions"]![1]!["data"]!["app"]!.ToString());
    }

    [Fact]
    public void An_old_client_gets_a_submit_with_the_same_words_and_data()
    {
        var action = With("[]", """[ { "type": "Action.Execute", "title": "a", "style": "positive", "associatedInputs": "none", "data": { "verb": "say", "text": "hi" } } ]""").Draw("x", Data("{}"))["actions"]![0]!;

        Assert.Equal("say", action["verb"]!.ToString());
        Assert.True(JsonNode.DeepEquals(Data("""{ "type": "Action.Submit", "title": "a", "style": "positive", "associatedInputs": "none", "data": { "verb": "say", "text": "hi" }, "msTeams": { "feedback": { "hide": true } } }"""), action["fallback"]));
    }

    [Fact]
    public void Nothing_empty_is_left_over()
    {
        var card = With("""
            [ { "type": "Container", "separator": true, "items": [ { "type": "TextBlock", "wrap": true, "text": "x", "$when": "${exists(x)}" } ] },
              { "type": "ColumnSet", "columns": [ { "type": "Column", "items": [ { "type": "TextBlock", "wrap": true, "text": "${''}" } ] } ] },
              { "type": "FactSet", "facts": [ { "$data": "${none}", "title": "a", "value": "b" } ] },
              { "type": "Input.Number", "id": "n", "label": "n", "value": "${if(exists(x), x, null)}" } ]
            """).Draw("x", Data("""{ "none": [] }"""));

        Assert.True(JsonNode.DeepEquals(Data("""[ { "type": "Input.Number", "id": "n", "label": "n" } ]"""), card["body"]));
    }

    [Fact]
    public void A_link_that_is_no_web_address_is_no_button()
    {
        const string open = """[ { "type": "Action.OpenUrl", "title": "open", "url": "${url}" } ]""";
        Assert.Single((JsonArray)With("[]", open).Draw("x", Data("""{ "url": "https://a.example/" }"""))["actions"]!);
        Assert.Empty((JsonArray)With("[]", open).Draw("x", Data("""{ "url": "javascript:alert(1)" }"""))["actions"]!);
    }

    [Fact]
    public void A_note_stands_above_any_card()
    {
        var card = TheCards.Library.Draw("approval", TheCards.Sample("approval", "not-your-seat").Data);
        Assert.Equal("warning", card["body"]![0]!["style"]!.ToString());
        Assert.StartsWith("Thank you, but you have no seat", card["body"]![0]!["items"]![0]!["text"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_decided_approval_has_no_button_to_decide()
    {
        foreach (var what in (string[])["decided", "rejected"])
            Assert.DoesNotContain(CardSampleTests.Objects(TheCards.Library.Draw("approval", TheCards.Sample("approval", what).Data)),
                o => o["verb"]?.ToString() is "request.approve" or "request.reject" or "request.ask-changes" or "request.delegate");
    }

    [Fact]
    public void A_stopped_draft_cannot_be_submitted() =>
        Assert.DoesNotContain(CardSampleTests.Objects(TheCards.Library.Draw("summary", TheCards.Sample("summary", "stopped").Data)), o => o["verb"]?.ToString() == "intake.submit");

    [Fact]
    public void The_data_is_read_and_not_kept()
    {
        var data = TheCards.Sample("approval", "medium").Data.DeepClone();
        var before = data.ToJsonString();
        TheCards.Library.Draw("approval", data);
        TheCards.Library.Draw("approval", data);
        Assert.Equal(before, data.ToJsonString());
    }

    [Fact]
    public void Odd_data_draws_a_card_all_the_same()
    {
        foreach (var card in TheCards.Library.Names)
            foreach (var odd in (JsonNode?[])[null, Data("[]"), Data("5"), Data("""{ "ids": 5, "note": { "text": 5 }, "title": { }, "risk": null, "facts": 5, "fields": "x", "can": [] }""")])
                Assert.Equal("AdaptiveCard", TheCards.Library.Draw(card, odd)["type"]!.ToString());
    }

    [Fact]
    public void Values_made_in_code_are_written_as_their_JSON()
    {
        var time = new DateTimeOffset(2026, 5, 4, 13, 5, 9, TimeSpan.Zero);
        var id = Guid.CreateVersion7(time);
        var data = new JsonObject { ["time"] = JsonValue.Create(time), ["id"] = JsonValue.Create(id), ["cost"] = JsonValue.Create(12.50m), ["many"] = JsonValue.Create(3_000_000_000L) };

        var card = With("""[ { "type": "TextBlock", "wrap": true, "text": "${formatDateTime(time, 'd.M.yyyy')} ${id} ${cost} ${many / 2}" } ]""").Draw("x", data);

        Assert.Equal($"4.5.2026 {id} 12.5 1500000000", card["body"]![0]!["text"]!.ToString());
    }

    [Fact]
    public void A_card_is_drawn_by_many_at_once_as_by_one()
    {
        var data = TheCards.Sample("approval", "medium").Data;
        var one = TheCards.Library.Draw("approval", data).ToJsonString();
        Assert.All(Enumerable.Range(0, 200).AsParallel().Select(_ => TheCards.Library.Draw("approval", data).ToJsonString()).ToList(), many => Assert.Equal(one, many));
    }

    [Fact]
    public void A_sample_without_a_what_is_a_fault() =>
        Assert.Throws<CardFault>(() => CardLibrary.Load([new ContentFile("cards/samples/approval.json", "{}")]));

    [Fact]
    public void An_unknown_card_is_named_beside_those_there_are() =>
        Assert.Contains("approval", Assert.Throws<CardFault>(() => TheCards.Library.Draw("aproval", null)).Why, StringComparison.Ordinal);
}
