using System.Net;
using System.Text.Json.Nodes;
using MicroAppBot.Channels.Teams;
using MicroAppBot.Desk;
using MicroAppBot.Tests.Doubles;

namespace MicroAppBot.Tests.Channels.Teams;

/// <summary>What a click is answered with, and what else becomes of the answer.</summary>
public sealed class TeamsClickTests : IAsyncLifetime
{
    private static readonly CardSubject Request = new("request", "r1");
    private TeamsHost _host = null!;

    private TeamsUser Ada => _host.Ada;

    public async ValueTask InitializeAsync() => _host = await TeamsHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static JsonObject Json(string text) => (JsonObject)JsonNode.Parse(text)!;

    /// <summary>Sends Ada a card as Delivery does, and keeps what Delivery keeps.</summary>
    private async Task<TeamsPost> GivenCardAsync(string id = "card-1", CardSubject? about = null)
    {
        var contact = new TeamsAddress(_host.Connector.ServiceUrl, Ada.Chat, Ada.UserId, TeamsHost.AdaId, TeamsHost.Tenant, "28:bot").ToContact("ada.keller");
        var card = Json("""{"type":"AdaptiveCard","actions":[{"type":"Action.Execute","title":"Approve","verb":"request.approve","data":{"verb":"request.approve","request":"r1"}}]}""");
        var sent = Assert.IsType<SendOutcome.Sent>(await _host.Channel.SendAsync(contact, new ChannelMessage(id, card, "A card"), default));
        await _host.Store.MarkAsync(new DeliveryMark(id, DeliveryState.Sent, Cards: [new SentCard(id, "ada.keller", "teams", contact.Address, sent.ChannelMessageId, "approval", about, TimeProvider.System.GetUtcNow())]));
        return Ada.Last;
    }

    [Fact]
    public async Task A_press_brings_verb_data_and_the_card_it_was_on()
    {
        _host.Turns.Reply = _ => Reply.Line("Thanks.");
        var card = await GivenCardAsync();
        var answer = await Ada.PressAsync(card, "Approve", Json("""{"reason":"looks fine"}"""), id: "f:9");

        Assert.Equal((HttpStatusCode.OK, 200, "Thanks."), (answer.Status, answer.Code, answer.Line));
        var turn = Assert.Single(_host.Turns.Taken);
        Assert.Equal($"teams:{Ada.Chat}:f:9", turn.Id);
        Assert.True(turn.AnswerDirectly);
        var press = Assert.IsType<Said.Press>(turn.Said);
        Assert.Equal(("request.approve", "card-1"), (press.Verb, press.CardId));
        Assert.Equal("""{"verb":"request.approve","request":"r1","reason":"looks fine"}""", press.Data.ToJsonString());
    }

    [Fact]
    public async Task A_card_in_the_place_of_the_pressed_one_is_the_answer_and_is_remembered()
    {
        _host.Turns.Reply = _ => Reply.Card("approval", Json("""{"words":"signed"}"""), replaces: true, about: Request);
        var card = await GivenCardAsync(about: Request);
        var answer = await Ada.PressAsync(card, "Approve");

        Assert.Equal(200, answer.Code);
        Assert.Contains("approval signed", answer.Card!.ToJsonString(), StringComparison.Ordinal);
        var kept = await _host.Store.SentCardAsync("card-1");
        Assert.Equal(("approval", Request, card.Id, "teams"), (kept!.CardName, kept.About, kept.ChannelMessageId, kept.Channel));
        Assert.Equal(Ada.Chat, TeamsAddress.Read(kept.Address)!.ConversationId);
        // Its buttons know what they stand on, in the answer too
        await Ada.PressAsync(answer, "Why");
        Assert.Equal("card-1", Assert.IsType<Said.Press>(_host.Turns.Last.Said).CardId);
    }

    [Fact]
    public async Task A_replaced_card_is_drawn_on_the_persons_other_devices_where_nobody_else_does()
    {
        _host.Turns.Reply = _ => Reply.Card("question", Json("""{"words":"two of six"}"""), replaces: true);
        var card = await GivenCardAsync();
        await Ada.PressAsync(card, "Approve");
        var redrawn = await Ada.SeesAsync(p => p.Id == card.Id && p.Words.Contains("two of six", StringComparison.Ordinal));
        Assert.Single(redrawn.Before);
        Assert.Equal("card-1", redrawn.OurId);
        Assert.Single(_host.Connector.Posts);
    }

    [Fact]
    public async Task A_card_that_begins_to_show_a_request_is_drawn_once_by_the_click_and_then_left_to_delivery()
    {
        _host.Turns.Reply = turn => Reply.Card("request-status", Json($$"""{"words":"{{turn.Id[^1]}}"}"""), replaces: true, about: Request);
        var card = await GivenCardAsync();
        await Ada.PressAsync(card, "Approve", id: "f:1");
        await Ada.SeesAsync(p => p.Words.Contains("request-status 1", StringComparison.Ordinal));
        Assert.Equal(card.Id, Assert.Single(await _host.Store.SentCardsAsync(Request)).ChannelMessageId);

        await Ada.PressAsync(card, "Approve", id: "f:2");
        _host.Turns.Reply = _ => Reply.Card("question", Json("""{"words":"3"}"""), replaces: true);
        var other = await GivenCardAsync("card-2");
        await Ada.PressAsync(other, "Approve");
        await Ada.SeesAsync(p => p.Words.Contains("question 3", StringComparison.Ordinal));
        Assert.DoesNotContain(Ada.Sees, p => p.Words.Contains("request-status 2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_redraw_that_was_overtaken_does_not_happen_any_more()
    {
        _host.Turns.Reply = turn => Reply.Card("question", Json($$"""{"words":"{{turn.Id[^1]}}"}"""), replaces: true);
        var card = await GivenCardAsync();
        _host.Connector.Then(BadDay.Answering(503, retryAfter: "1"));
        await Ada.PressAsync(card, "Approve", id: "f:1");
        await _host.Connector.CalledAsync(2);
        await Ada.PressAsync(card, "Approve", id: "f:2");
        var drawn = await Ada.SeesAsync(p => p.Words.Contains("question 2", StringComparison.Ordinal));
        Assert.Single(drawn.Before);
    }

    [Fact]
    public async Task A_redraw_that_meets_a_bad_moment_is_tried_again()
    {
        _host.Turns.Reply = _ => Reply.Card("question", Json("""{"words":"later"}"""), replaces: true);
        var card = await GivenCardAsync();
        _host.Connector.Then(BadDay.Throttled(0), BadDay.Answering(503, retryAfter: "0"));
        await Ada.PressAsync(card, "Approve");
        await Ada.SeesAsync(p => p.Words.Contains("later", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_card_beside_the_pressed_one_is_sent_as_a_message_of_its_own()
    {
        _host.Turns.Reply = _ => Reply.Card("app", Json("""{"words":"where2eat"}"""), about: new CardSubject("app", "a1"));
        var answer = await Ada.PressAsync(await GivenCardAsync(), "Approve");
        Assert.Equal("Here it is, just below.", answer.Line);
        var queued = Assert.Single(await _host.Store.DueMessagesAsync(TimeProvider.System.GetUtcNow(), 10));
        Assert.Equal(("ada.keller", "teams"), (queued.ToId, queued.Channel));
        var say = Assert.IsType<OutboxBody.Say>(queued.Body);
        Assert.Equal(("app", "a1"), (say.CardName, say.About!.Id));
        Assert.Equal(1, _host.Turns.Wakes);
    }

    [Fact]
    public async Task Further_messages_follow_in_order_and_once_however_often_the_click_comes()
    {
        _host.Turns.Reply = _ => new Reply([new Message.Card("question", [], null), new Message.Line("one"), new Message.Card("app", [], null)], Replaces: true);
        var card = await GivenCardAsync();
        await Ada.PressAsync(card, "Approve", id: "f:7");
        var again = await Ada.PressAsync(card, "Approve", id: "f:7");
        Assert.NotNull(again.Card);
        var queued = new List<OutboxBody.Say>();
        while (await _host.Store.DueMessagesAsync(TimeProvider.System.GetUtcNow(), 10) is [var next, ..])
        {
            queued.Add((OutboxBody.Say)next.Body);
            await _host.Store.MarkAsync(new DeliveryMark(next.Id, DeliveryState.Sent));
        }
        Assert.Equal(["one", "app"], queued.Select(s => s.Line ?? s.CardName));
    }

    [Fact]
    public async Task A_click_that_leads_to_nothing_is_answered_all_the_same() =>
        Assert.Equal("Done.", (await Ada.PressAsync(await GivenCardAsync(), "Approve")).Line);

    [Fact]
    public async Task A_card_that_is_somebody_elses_or_made_up_counts_as_none()
    {
        var card = await GivenCardAsync();
        var mallory = new TeamsUser(_host.Bot, _host.Connector, "aad-mallory", "Mallory");
        await mallory.PressAsync(card, "Approve");
        Assert.Null(Assert.IsType<Said.Press>(_host.Turns.Last.Said).CardId);

        await Ada.ExecuteAsync(card.Id, Json("""{"verb":"x","data":{"sent_as":"nobody-knows"}}"""));
        Assert.Null(Assert.IsType<Said.Press>(_host.Turns.Last.Said).CardId);
        await Ada.ExecuteAsync("another-message", Json("""{"verb":"x","data":{"sent_as":"card-1"}}"""));
        Assert.Null(Assert.IsType<Said.Press>(_host.Turns.Last.Said).CardId);
        await Ada.ExecuteAsync(card.Id, Json("""{"verb":"x","data":{"sent_as":{"a":1}}}"""));
        Assert.Null(Assert.IsType<Said.Press>(_host.Turns.Last.Said).CardId);
    }

    [Fact]
    public async Task A_press_tells_the_id_that_teams_did_not_give_back()
    {
        _host.Connector.Then(BadDay.EmptyBody);
        var card = await GivenCardAsync();
        Assert.Null((await _host.Store.SentCardAsync("card-1"))!.ChannelMessageId);
        _host.Turns.Reply = _ => Reply.Card("question", [], replaces: true);
        await Ada.PressAsync(card, "Approve");
        Assert.Equal(card.Id, (await _host.Store.SentCardAsync("card-1"))!.ChannelMessageId);
    }

    [Fact]
    public async Task A_press_on_a_card_we_do_not_remember_is_remembered_from_then_on()
    {
        _host.Turns.Reply = _ => Reply.Card("question", [], replaces: true);
        var answer = await Ada.ExecuteAsync("17", Json("""{"verb":"x","data":{"verb":"x"}}"""), id: "f:3");
        Assert.Equal("17", (await _host.Store.SentCardAsync($"teams:{Ada.Chat}:f:3/1"))!.ChannelMessageId);
        await Ada.PressAsync(answer, "Approve");
        Assert.Equal($"teams:{Ada.Chat}:f:3/1", Assert.IsType<Said.Press>(_host.Turns.Last.Said).CardId);
    }

    [Theory]
    [InlineData("""{"data":{"verb":"request.ask"}}""", "request.ask")]
    [InlineData("""{"verb":"request.approve","data":{"verb":"request.reject"}}""", "request.approve")]
    [InlineData("""{"verb":"request.approve","data":7}""", "request.approve")]
    [InlineData("""{"verb":7}""", "7")]
    [InlineData("""{}""", "")]
    public async Task The_verb_is_the_actions_own_or_that_in_its_data(string action, string verb)
    {
        var activity = Ada.Activity("invoke");
        activity["name"] = "adaptiveCard/action";
        var value = Json(action);
        value["type"] = "Action.Execute";
        activity["value"] = new JsonObject { ["action"] = value };
        Assert.Equal(HttpStatusCode.OK, (await Ada.PostAsync(activity)).Status);
        Assert.Equal(verb, Assert.IsType<Said.Press>(_host.Turns.Last.Said).Verb);
    }

    [Fact]
    public async Task In_a_group_the_answer_stays_between_the_bot_and_who_clicked()
    {
        _host.Turns.Reply = _ => Reply.Card("question", [], replaces: true);
        var activity = Ada.Activity("invoke", "f:4");
        activity["name"] = "adaptiveCard/action";
        activity["replyToId"] = "17";
        activity["conversation"] = Json("""{"id":"19:group@thread.v2","conversationType":"groupChat","tenantId":"tenant-1"}""");
        activity["value"] = Json("""{"action":{"type":"Action.Execute","verb":"x","data":{}}}""");
        Assert.NotNull((await Ada.PostAsync(activity)).Card);
        Assert.Null(await _host.Store.SentCardAsync("teams:19:group@thread.v2:f:4/1"));
        Assert.Null(TeamsAddress.Read(_host.Turns.Last.Contact!.Address)!.ConversationId);
        Assert.Empty(_host.Connector.Calls);
    }

    [Fact]
    public async Task Looking_at_a_card_again_shows_it_as_it_is_now_and_writes_nothing()
    {
        var card = await GivenCardAsync(about: Request);
        _host.Turns.Present = notice => notice is { RequestId: "r1", ToId: "ada.keller" } ? new Presented("approval", Json("""{"words":"decided by Dana"}"""), "Decided", Request) : null;
        var answer = await Ada.ExecuteAsync(card.Id, Json("""{"verb":"refresh","data":{"verb":"refresh","sent_as":"card-1"}}"""));
        Assert.Contains("decided by Dana", answer.Card!.ToJsonString(), StringComparison.Ordinal);
        Assert.Empty(_host.Turns.Taken);

        // The answer asks again in its turn, in the name of the same message
        Assert.Equal("card-1", (string?)answer.Card["refresh"]!["action"]!["data"]!["sent_as"]);

        var mallory = new TeamsUser(_host.Bot, _host.Connector, "aad-mallory", "Mallory");
        Assert.Null((await mallory.ExecuteAsync(card.Id, Json("""{"verb":"refresh","data":{"sent_as":"card-1"}}"""))).Card);
        Assert.Null((await Ada.ExecuteAsync(card.Id, Json("""{"verb":"refresh","data":{}}"""))).Card);
        Assert.Empty(_host.Turns.Taken);
    }

    [Fact]
    public async Task A_client_that_asks_before_the_delivery_is_written_down_waits_for_it()
    {
        _host.Turns.Present = _ => new Presented("approval", Json("""{"words":"fresh"}"""), "x", Request);
        var asking = Ada.ExecuteAsync("55", Json("""{"verb":"refresh","data":{"sent_as":"card-9"}}"""));
        await _host.Store.MarkAsync(new DeliveryMark("card-9", DeliveryState.Sent, Cards: [new SentCard("card-9", "ada.keller", "teams", "{}", null, "approval", Request, TimeProvider.System.GetUtcNow())]));
        Assert.Contains("fresh", (await asking).Card!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_old_clients_submit_names_its_card_too()
    {
        var card = await GivenCardAsync();
        await Ada.SubmitAsync(card, "request.approve");
        var press = Assert.IsType<Said.Press>(_host.Turns.Last.Said);
        Assert.Equal("card-1", press.CardId);
        Assert.False(press.Data.ContainsKey(TeamsMessage.SentAs));
    }
}
