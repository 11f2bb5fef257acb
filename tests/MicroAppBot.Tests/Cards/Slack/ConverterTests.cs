using System.Text.Json.Nodes;
using MicroAppBot.Cards;
using MicroAppBot.Cards.BlockKit;
using MicroAppBot.Content;

namespace MicroAppBot.Tests.Cards.Slack;

/// <summary>The rows of the mapping, one by one.</summary>
public class ConverterTests
{
    private const string Evil = "<!channel> <https://x|y> \u202Eabc\u0007 *b* _i_";

    [Fact]
    public void An_empty_card_is_still_a_message_a_form_and_a_page()
    {
        var card = Card();
        Assert.Empty(EveryCardInSlackTests.Payloads(card).SelectMany(payload => SlackRules.Faults(payload.Surface, payload.Json)));
        Assert.Equal("–", BlockKit.Message(card, "", "c").Text);
    }

    [Fact]
    public void A_heading_is_a_header_and_a_long_one_is_bold_text()
    {
        Assert.Equal("Hello", Only("header", Element("""{ "type": "TextBlock", "style": "heading", "text": "Hello" }"""))["text"]!["text"]!.ToString());
        Assert.StartsWith("*", Only("section", new JsonObject { ["type"] = "TextBlock", ["style"] = "heading", ["text"] = new string('h', 151) })["text"]!["text"]!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("**b** and _i_ and [t](https://x.example/a)", "*b* and _i_ and <https://x.example/a|t>")]
    [InlineData("[t](javascript:alert) **x**", "t *x*")]
    [InlineData("**x** a & b < c > d", "*x* a &amp; b &lt; c \u2060&gt; d")]
    [InlineData("- **one**\n- two", "• *one*\n• two")]
    [InlineData("**x** \\*not bold\\*", "*x* *\u2060not bold*\u2060")]
    [InlineData("**on** {{DATE(2026-05-04T06:08:39Z,SHORT)}}", "*on* <!date^1777874919^{date_short_pretty}|4 May 2026>")]
    public void Markdown_becomes_mrkdwn(string markdown, string mrkdwn) =>
        Assert.Equal(mrkdwn, Only("section", new JsonObject { ["type"] = "TextBlock", ["text"] = markdown })["text"]!["text"]!.ToString());

    [Fact]
    public void Text_without_marks_is_plain_text_in_which_nothing_is_read()
    {
        var text = Only("section", Element("""{ "type": "TextBlock", "text": "a & b :tada: 2*3" }"""))["text"]!;
        Assert.Equal("plain_text", text["type"]!.ToString());
        Assert.Equal("a & b :tada: 2*3", text["text"]!.ToString());
    }

    [Fact]
    public void Small_text_is_context_and_close_lines_are_one_block()
    {
        var blocks = Blocks(Element("""{ "type": "TextBlock", "text": "one" }"""), Element("""{ "type": "TextBlock", "text": "two", "spacing": "Small" }"""), Element("""{ "type": "TextBlock", "text": "three", "isSubtle": true }"""));
        Assert.Equal(["section", "context"], blocks.Select(block => block!["type"]!.ToString()));
        Assert.Equal("one\ntwo", blocks[0]!["text"]!["text"]!.ToString());
    }

    [Fact]
    public void A_colour_with_a_meaning_is_a_sign_unless_the_text_has_one()
    {
        Assert.StartsWith("🛑 ", Only("section", Element("""{ "type": "TextBlock", "text": "High risk", "color": "Attention" }"""))["text"]!["text"]!.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("⏳ ", Only("section", Element("""{ "type": "TextBlock", "text": "⏳ soon", "color": "Warning" }"""))["text"]!["text"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_of_3001_characters_is_split_and_never_inside_an_emoji()
    {
        var text = new string('x', 2995) + "👩‍👩‍👧‍👦";
        var blocks = Blocks(new JsonObject { ["type"] = "TextBlock", ["text"] = text });
        Assert.Equal(2, blocks.Count);
        Assert.Equal(text, string.Concat(blocks.Select(block => block!["text"]!["text"]!.ToString())));
        Assert.EndsWith("👩‍👩‍👧‍👦", blocks[1]!["text"]!["text"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Eleven_facts_are_two_sections_and_twenty_one_are_lines()
    {
        JsonObject Facts(int count) => new() { ["type"] = "FactSet", ["facts"] = new JsonArray([.. Enumerable.Range(0, count).Select(i => new JsonObject { ["title"] = $"t{i}", ["value"] = i == 3 ? "" : "v" })]) };
        var two = Blocks(Facts(11));
        Assert.Equal([10, 1], two.Select(block => ((JsonArray)block!["fields"]!).Count));
        Assert.Equal("*t3*\n–", two[0]!["fields"]![3]!["text"]!.ToString());
        Assert.Contains("*t20*: v", Only("section", Facts(21))["text"]!["text"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Fifty_one_blocks_go_on_in_the_thread_and_the_buttons_stay_on_top()
    {
        var card = Card([.. Enumerable.Range(0, 60).Select(i => new JsonObject { ["type"] = "TextBlock", ["text"] = $"line {i}", ["spacing"] = "Large" })]);
        card["actions"] = new JsonArray(Execute("request.approve", "Approve"));
        var message = BlockKit.Message(card, "", "c");

        Assert.Equal("actions", message.Blocks[^1]!["type"]!.ToString());
        Assert.Single(message.Rest);
        Assert.Equal(Enumerable.Range(0, 60).Select(i => $"line {i}"), message.Rest.Prepend(message.Blocks).SelectMany(page => page).Where(block => block!["type"]!.ToString() == "section").Select(block => block!["text"]!["text"]!.ToString()));
    }

    [Fact]
    public void Twenty_six_actions_are_four_buttons_and_a_list_and_a_few_more_than_five_an_overflow()
    {
        var many = BlockKit.Message(WithActions([.. Enumerable.Range(0, 26).Select(i => Execute("say", $"b{i}"))]), "", "c");
        Assert.Equal(["button", "button", "button", "button", "static_select"], ((JsonArray)many.Blocks[^1]!["elements"]!).Select(element => element!["type"]!.ToString()));
        var few = BlockKit.Message(WithActions([.. Enumerable.Range(0, 7).Select(i => Execute("say", $"b{i}"))]), "", "c");
        Assert.Equal("overflow", few.Blocks[^1]!["elements"]![4]!["type"]!.ToString());
    }

    [Fact]
    public void What_destroys_is_never_in_a_menu_and_asks_first()
    {
        var actions = Enumerable.Range(0, 8).Select(i => Execute("say", $"b{i}")).Append(Execute("app.archive", "Archive", "destructive")).ToArray();
        var elements = (JsonArray)BlockKit.Message(WithActions(actions), "", "c").Blocks[^1]!["elements"]!;
        var archive = elements.Single(element => element!["text"]?["text"]!.ToString() == "Archive")!;
        Assert.Equal("danger", archive["style"]!.ToString());
        Assert.Equal("Archive?", archive["confirm"]!["title"]!["text"]!.ToString());
    }

    [Fact]
    public void A_button_says_what_it_is_and_carries_its_ids()
    {
        var card = WithActions(Execute("request.approve", "Approve", "positive"), Execute("request.approve", "Approve too", "positive"));
        var buttons = (JsonArray)BlockKit.Message(card, "", "c").Blocks[^1]!["elements"]!;
        Assert.Equal("request.approve:0", buttons[0]!["action_id"]!.ToString());
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(buttons[0]!["value"]!.ToString()), JsonNode.Parse("""{ "verb": "request.approve", "id": "1" }""")));
        Assert.Equal(["primary", null], buttons.Select(button => button!["style"]?.ToString()));
        Assert.Equal("request.approve", BlockKit.ActionOf(card, "request.approve:1")!.Verb);
        Assert.Null(BlockKit.ActionOf(card, "request.reject:1"));
    }

    [Fact]
    public void A_disabled_action_is_a_line()
    {
        var action = Execute("request.approve", "Approve");
        action["isEnabled"] = false;
        Assert.Contains("Approve is not available", BlockKit.Message(WithActions(action), "", "c").Blocks.ToJsonString(CardLibrary.Json), StringComparison.Ordinal);
    }

    [Fact]
    public void A_card_with_inputs_opens_a_form_and_what_comes_back_is_what_Teams_sends()
    {
        var card = Card(Element("""{ "type": "Input.Text", "id": "reason", "label": "Why?", "isRequired": true, "errorMessage": "Say why." }"""), Element("""{ "type": "Input.ChoiceSet", "id": "days", "label": "How long?", "isMultiSelect": true, "style": "expanded", "choices": [ { "title": "One", "value": "1" }, { "title": "Two", "value": "2" } ] }"""));
        card["actions"] = new JsonArray(Execute("request.reject", "Reject"));
        var pressed = BlockKit.ActionOf(card, "request.reject:0")!;
        Assert.True(pressed.OpensForm);
        Assert.DoesNotContain(BlockKit.Message(card, "", "c").Blocks, block => block!["type"]!.ToString() == "input");

        var view = BlockKit.Modal(pressed.FormCard!, "c", "").View;
        Assert.Equal("Reject", view["submit"]!["text"]!.ToString());
        Assert.Equal("request.reject:0", view["callback_id"]!.ToString());
        Assert.Equal(["reason", "days"], ((JsonArray)view["blocks"]!).Where(block => block!["type"]!.ToString() == "input").Select(block => block!["block_id"]!.ToString()));
        var state = (JsonObject)JsonNode.Parse("""{ "values": { "reason": { "v:reason": { "type": "plain_text_input", "value": null } }, "days": { "v:days": { "type": "checkboxes", "selected_options": [ { "value": "1" }, { "value": "2" } ] } } } }""")!;
        var inputs = BlockKit.Inputs(pressed.FormCard!, state);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{ "reason": "", "days": "1,2" }"""), inputs));
        Assert.Equal("Say why.", BlockKit.Faults(pressed.FormCard!, inputs)["reason"]);
        Assert.Equal("That is too long: 3,000 characters at most.", BlockKit.Faults(pressed.FormCard!, new JsonObject { ["reason"] = new string('x', 3001), ["days"] = "1" })["reason"]);
        Assert.Equal("request.reject", BlockKit.ActionOf(pressed.FormCard!, "request.reject:0")!.Verb);
    }

    [Fact]
    public void A_form_has_the_button_that_opened_it_once_and_what_else_could_be_pressed_stays_in_the_message()
    {
        var card = Card(new JsonObject
        {
            ["type"] = "Container",
            ["items"] = new JsonArray(
                Element("""{ "type": "ActionSet", "actions": [ { "type": "Action.Execute", "title": "Show all", "associatedInputs": "none", "data": { "verb": "say" } } ] }"""),
                Element("""{ "type": "Input.Text", "id": "slot", "label": "Which?" }"""),
                Element("""{ "type": "ActionSet", "actions": [ { "type": "Action.Execute", "title": "Change it", "data": { "verb": "intake.edit" } } ] }""")),
        });
        var pressed = EveryCardInSlackTests.Pressable(BlockKit.Message(card, "", "c")).Select(p => BlockKit.ActionOf(card, p.Id)!).ToList();
        Assert.Equal(["say", "intake.edit"], pressed.Select(p => p.Verb));
        var view = BlockKit.Modal(pressed[1].FormCard!, "c", "").View;
        Assert.Equal("Change it", view["submit"]!["text"]!.ToString());
        Assert.Equal(["input"], ((JsonArray)view["blocks"]!).Select(block => block!["type"]!.ToString()));
        Assert.Equal("intake.edit", BlockKit.ActionOf(pressed[1].FormCard!, view["callback_id"]!.ToString())!.Verb);
    }

    [Fact]
    public void What_is_said_of_an_input_stands_in_the_form_beside_it_and_not_in_the_message()
    {
        var card = TheCards.Library.Draw("question", TheCards.Sample("question", "kinds").Data, "slack");
        var message = BlockKit.Message(card, "", "c");
        Assert.DoesNotContain("salaries make it regulated", message.Blocks.ToJsonString(), StringComparison.Ordinal);
        var form = EveryCardInSlackTests.Pressable(message).Select(pressed => BlockKit.ActionOf(card, pressed.Id)!).Single(action => action.OpensForm).FormCard!;
        Assert.Contains("salaries make it regulated", BlockKit.Modal(form, "c", "").View["blocks"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("slack", TheCards.Library.Draw("question", TheCards.Sample("question", "kinds").Data).ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Slacks_own_sample_of_answers_is_read_as_Teams_gives_them()
    {
        var fixture = Path.GetFullPath(Path.Combine(TheCards.Root, "..", "shared", "slack-fixtures", "view_submission.state_values.json"));
        Assert.SkipWhen(!File.Exists(fixture), "../shared/slack-fixtures is not here.");
        var card = Card([.. new[] { ("agenda", "Text"), ("email", "Text"), ("url", "Text"), ("number", "Number"), ("date", "Date"), ("time", "Time"), ("date-time", "Text") }
            .Select(input => new JsonObject { ["type"] = "Input." + input.Item2, ["id"] = input.Item1 + "-block", ["label"] = "x" })]);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{ "agenda-block": "test", "email-block": "foo@example.com", "url-block": "https://www.example.com/", "number-block": "12345", "date-block": "2022-10-19", "time-block": "01:00", "date-time-block": "1666869900" }"""),
            BlockKit.Inputs(card, (JsonObject)JsonNode.Parse(File.ReadAllText(fixture))!)));
    }

    [Fact]
    public void A_value_of_151_characters_comes_back_whole()
    {
        var value = new string('v', 151);
        var card = Card(new JsonObject { ["type"] = "Input.ChoiceSet", ["id"] = "c", ["label"] = "x", ["choices"] = new JsonArray(new JsonObject { ["title"] = "long", ["value"] = value }) });
        Assert.Equal("#0", BlockKit.Modal(card, "c", "x").View["blocks"]![0]!["element"]!["options"]![0]!["value"]!.ToString());
        Assert.Equal(value, BlockKit.Inputs(card, (JsonObject)JsonNode.Parse("""{ "c": { "v:c": { "selected_option": { "value": "#0" } } } }""")!)["c"]!.ToString());
    }

    [Theory]
    [InlineData("""{ "type": "Input.Number", "id": "i", "label": "x", "min": 1, "max": 90 }""", "120")]
    [InlineData("""{ "type": "Input.Number", "id": "i", "label": "x" }""", "many")]
    [InlineData("""{ "type": "Input.Date", "id": "i", "label": "x", "min": "2026-05-04" }""", "2026-05-03")]
    [InlineData("""{ "type": "Input.Time", "id": "i", "label": "x" }""", "25:00")]
    [InlineData("""{ "type": "Input.Text", "id": "i", "label": "x", "regex": "^[a-z]+$" }""", "A1")]
    [InlineData("""{ "type": "Input.Text", "id": "i", "label": "x", "maxLength": 2 }""", "abc")]
    [InlineData("""{ "type": "Input.ChoiceSet", "id": "i", "label": "x", "choices": [ { "title": "a", "value": "a" } ] }""", "b")]
    [InlineData("""{ "type": "Input.Toggle", "id": "i", "label": "x", "title": "x", "isRequired": true }""", "false")]
    public void A_wrong_answer_is_a_fault_under_its_block(string input, string answer) =>
        Assert.NotEmpty(BlockKit.Faults(Card(Element(input)), new JsonObject { ["i"] = answer })["i"]);

    [Fact]
    public void A_password_is_not_asked_for() =>
        Assert.Contains(BlockKit.Modal(Card(Element("""{ "type": "Input.Text", "id": "p", "label": "x", "style": "password" }""")), "c", "x").Losses, loss => loss.Reason.Contains("password", StringComparison.Ordinal));

    [Fact]
    public void A_card_in_a_card_in_a_card_in_a_card_is_four_forms()
    {
        var card = Card();
        var inner = card;
        for (var depth = 0; depth < 4; depth++)
        {
            var next = Card(new JsonObject { ["type"] = "TextBlock", ["text"] = $"depth {depth}" });
            inner["actions"] = new JsonArray(new JsonObject { ["type"] = "Action.ShowCard", ["title"] = $"More {depth}", ["card"] = next });
            inner = next;
        }
        for (var depth = 0; depth < 4; depth++)
        {
            var page = depth == 0 ? BlockKit.Message(card, "", "c").Blocks : (JsonArray)BlockKit.Modal(card, "c", "").View["blocks"]!;
            var id = page.SelectMany(SlackRules.All).Single(one => one["type"]?.ToString() == "button")["action_id"]!.ToString();
            card = BlockKit.ActionOf(card, id)!.FormCard!;
            Assert.Contains($"depth {depth}", BlockKit.Modal(card, "c", "").View.ToJsonString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""{ "type": "Image", "url": "https://pic.example/a.png", "altText": "A cat" }""", "image")]
    [InlineData("""{ "type": "Image", "url": "data:image/png;base64,AA", "altText": "A cat" }""", "context")]
    [InlineData("""{ "type": "Image", "url": "https://10.0.0.8/a.png", "altText": "A cat" }""", "context")]
    [InlineData("""{ "type": "ImageSet", "images": [ { "type": "Image", "url": "https://pic.example/a.png", "altText": "A cat" } ] }""", "context")]
    [InlineData("""{ "type": "RichTextBlock", "inlines": [ { "type": "TextRun", "text": "A cat", "italic": true } ] }""", "rich_text")]
    [InlineData("""{ "type": "Table", "rows": [ { "type": "TableRow", "cells": [ { "type": "TableCell", "items": [ { "type": "TextBlock", "text": "A cat" } ] } ] } ] }""", "table")]
    [InlineData("""{ "type": "Unheard", "fallback": { "type": "TextBlock", "text": "A cat" } }""", "section")]
    [InlineData("""{ "type": "Media", "altText": "A cat", "sources": [ { "url": "https://video.example/a.mp4" } ] }""", "section")]
    [InlineData("""{ "type": "ColumnSet", "columns": [ { "items": [ { "type": "TextBlock", "text": "A cat" } ] }, { "items": [ { "type": "TextBlock", "text": "sleeps" } ] } ] }""", "section")]
    [InlineData("""{ "type": "Container", "style": "warning", "items": [ { "type": "TextBlock", "text": "A cat" } ] }""", "section")]
    public void An_element_is_the_block_of_its_row_and_says_its_words(string element, string block) =>
        Assert.Contains("A cat", Only(block, Element(element)).ToJsonString(), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{ "type": "Unheard", "fallback": "drop" }""")]
    [InlineData("""{ "type": "TextBlock", "text": "x", "isVisible": false }""")]
    [InlineData("""{ "type": "TextBlock", "text": "x", "requires": { "adaptiveCards": "2.0" } }""")]
    public void What_is_dropped_is_listed(string element) => Assert.NotEmpty(BlockKit.Message(Card(Element(element)), "x", "c").Losses);

    [Fact]
    public void A_row_that_can_be_pressed_has_its_button_beside_it()
    {
        var row = Only("section", Element("""{ "type": "ColumnSet", "selectAction": { "type": "Action.Execute", "title": "Show", "data": { "verb": "app.show", "app": "7" } }, "columns": [ { "items": [ { "type": "TextBlock", "text": "**Lunch**" } ] }, { "items": [ { "type": "TextBlock", "text": "›" } ] } ] }"""));
        Assert.Equal("*Lunch*", row["text"]!["text"]!.ToString());
        Assert.Equal("app.show:0", row["accessory"]!["action_id"]!.ToString());
        Assert.Equal("Show: Lunch", row["accessory"]!["accessibility_label"]!.ToString());
    }

    [Fact]
    public void On_App_Home_an_action_names_its_card()
    {
        var view = BlockKit.Home([WithActions(Execute("say", "One")), WithActions(Execute("app.show", "Two"))]).View;
        var id = SlackRules.All(view).Where(one => one["type"]?.ToString() == "button").Select(one => one["action_id"]!.ToString()).Last();
        Assert.Equal(1, BlockKit.HomeCardOf(id));
        Assert.Equal("app.show", BlockKit.ActionOf(WithActions(Execute("app.show", "Two")), id)!.Verb);
    }

    [Fact]
    public void No_text_slot_lets_a_mention_a_link_or_a_control_character_through()
    {
        var card = Card(
            new JsonObject { ["type"] = "TextBlock", ["style"] = "heading", ["text"] = Evil }, new JsonObject { ["type"] = "TextBlock", ["text"] = Evil }, new JsonObject { ["type"] = "TextBlock", ["text"] = Evil, ["isSubtle"] = true },
            new JsonObject { ["type"] = "FactSet", ["facts"] = new JsonArray(new JsonObject { ["title"] = Evil, ["value"] = Evil }) }, new JsonObject { ["type"] = "Image", ["url"] = "https://pic.example/a.png", ["altText"] = Evil },
            new JsonObject { ["type"] = "Input.Text", ["id"] = "t", ["label"] = Evil, ["placeholder"] = Evil },
            new JsonObject { ["type"] = "Input.ChoiceSet", ["id"] = "c", ["label"] = "x", ["choices"] = new JsonArray(new JsonObject { ["title"] = Evil, ["value"] = "v" }) });
        card["actions"] = new JsonArray(Execute("say", Evil, "destructive"), Execute("app.show", Evil));
        var message = BlockKit.Message(card, Evil, "c");

        var shown = message.Rest.Prepend(message.Blocks).Concat<JsonNode>([BlockKit.Modal(card, "c", Evil).View]).SelectMany(SlackRules.All)
            .SelectMany(one => one.Where(member => member.Key is "text" or "alt_text" or "accessibility_label" && member.Value is JsonValue).Select(member => member.Value!.ToString())).Append(message.Text).ToList();

        Assert.True(shown.Count > 12);
        Assert.All(shown, text => Assert.DoesNotMatch("<!channel>|<https://x\\|y>|[\u0000-\u0009\u202a-\u202e]", text));
    }

    [Fact]
    public void A_hand_made_version_shows_the_cards_own_actions_and_loses_none()
    {
        foreach (var sample in TheCards.Library.Samples.Where(sample => TheCards.Library.HasSlackVersion(sample.Card)))
        {
            var card = TheCards.Library.Draw(sample.Card, sample.Data, "slack");
            var ids = EveryCardInSlackTests.Pressable(BlockKit.Message(card, "", "c")).Select(pressed => BlockKit.ActionOf(card, pressed.Id)!).Select(action => action.Verb + action.Data.ToJsonString()).ToHashSet();
            Assert.All((card["actions"] as JsonArray)!.Where(action => action!["type"]!.ToString() == "Action.Execute"), action => Assert.Contains(action!["data"]!["verb"]!.ToString() + action["data"]!.ToJsonString(), ids));
        }
    }

    [Fact]
    public void Approving_is_one_click_and_rejecting_asks_for_the_reason()
    {
        var card = TheCards.Library.Draw("approval", TheCards.Sample("approval", "medium").Data, "slack");
        var actions = EveryCardInSlackTests.Pressable(BlockKit.Message(card, "", "c")).Select(pressed => BlockKit.ActionOf(card, pressed.Id)!).ToList();
        Assert.False(actions.Single(action => action.Verb == "request.approve").OpensForm);
        var reject = actions.Single(action => action.Verb == "request.reject");
        Assert.Equal(["reason"], BlockKit.Faults(reject.FormCard!, new JsonObject { ["reason"] = "" }).Keys);
        Assert.DoesNotContain("slack", TheCards.Library.Draw("approval", TheCards.Sample("approval", "medium").Data).ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_break_in_what_somebody_wrote_begins_no_line_of_ours()
    {
        var data = TheCards.Sample("approval", "medium").Data.DeepClone();
        data["purpose"] = "lunch\n✅ *Security* · approved";
        Assert.DoesNotContain(BlockKit.Message(TheCards.Library.Draw("approval", data, "slack"), "", "c").Blocks.SelectMany(SlackRules.All).Select(one => one["text"] as JsonValue).OfType<JsonValue>().SelectMany(text => text.ToString().Split('\n')), line => line.StartsWith("✅ *", StringComparison.Ordinal) && line.Contains("Security", StringComparison.Ordinal) && !line.Contains("Dana", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("cards/x.slack.json", """{ "blocks": [ { "type": "table" } ] }""", "/blocks/0/type")]
    [InlineData("cards/x.slack.json", "{}", "/blocks")]
    public void A_version_that_is_none_stops_the_start(string file, string json, string place) =>
        Assert.Equal(place, Assert.Throws<CardFault>(() => CardLibrary.Load([new ContentFile("cards/x.json", """{ "type": "AdaptiveCard", "version": "1.5", "fallbackText": "x", "body": [] }"""), new ContentFile(file, json)])).Place);

    private static JsonArray Blocks(params JsonObject[] body) => BlockKit.Message(Card(body), "x", "c").Blocks;

    private static JsonObject Only(string type, JsonObject element)
    {
        var block = (JsonObject)Assert.Single(Blocks(element))!;
        Assert.Equal(type, block["type"]!.ToString());
        return block;
    }

    private static JsonObject Card(params JsonObject[] body) => new() { ["type"] = "AdaptiveCard", ["version"] = "1.5", ["body"] = new JsonArray([.. body]) };

    private static JsonObject WithActions(params JsonObject[] actions)
    {
        var card = Card(new JsonObject { ["type"] = "TextBlock", ["text"] = "x" });
        card["actions"] = new JsonArray([.. actions]);
        return card;
    }

    private static JsonObject Execute(string verb, string title, string style = "default") => new() { ["type"] = "Action.Execute", ["title"] = title, ["style"] = style, ["data"] = new JsonObject { ["verb"] = verb, ["id"] = "1" } };

    private static JsonObject Element(string json) => (JsonObject)JsonNode.Parse(json)!;
}
