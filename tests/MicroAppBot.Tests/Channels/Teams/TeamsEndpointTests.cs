using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using MicroAppBot.Desk;
using MicroAppBot.Tests.Doubles;

namespace MicroAppBot.Tests.Channels.Teams;

public sealed class TeamsEndpointTests : IAsyncLifetime
{
    private TeamsHost _host = null!;

    private TeamsUser Ada => _host.Ada;

    private ScriptedTurns Turns => _host.Turns;

    public async ValueTask InitializeAsync() => _host = await TeamsHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Words_are_a_turn_of_the_person_and_are_answered_202()
    {
        Assert.Equal(HttpStatusCode.Accepted, await Ada.SayAsync("I need a page", id: "1700"));

        var turn = Assert.Single(Turns.Taken);
        Assert.Equal($"teams:{Ada.Chat}:1700", turn.Id);
        Assert.Equal("ada.keller", turn.Person.Id);
        Assert.Equal(new ChannelAccount("teams", TeamsHost.AdaId), turn.Account);
        Assert.Equal("I need a page", Assert.IsType<Said.Text>(turn.Said).Words);
        Assert.False(turn.AnswerDirectly);
        var address = JsonNode.Parse(turn.Contact!.Address)!;
        Assert.Equal(_host.Connector.ServiceUrl, (string?)address["service_url"]);
        Assert.Equal(Ada.Chat, (string?)address["conversation_id"]);
        Assert.Equal(Ada.UserId, (string?)address["user_id"]);
        Assert.Equal(TeamsHost.AdaId, (string?)address["aad_object_id"]);
        Assert.Equal(TeamsHost.Tenant, (string?)address["tenant_id"]);
        Assert.Equal("28:bot", (string?)address["bot_id"]);
    }

    [Fact]
    public async Task The_same_activity_again_is_the_same_turn()
    {
        await Ada.SayAsync("hello", id: "1");
        Assert.Equal(HttpStatusCode.Accepted, await Ada.SayAsync("hello", id: "1"));
        Assert.Single(Turns.Taken);
        Assert.Single(Turns.Again);
    }

    [Fact]
    public async Task An_activity_without_an_id_is_known_again_by_its_whole_body()
    {
        var activity = Ada.Activity("message");
        activity.Remove("id");
        activity["text"] = "hello";
        await Ada.PostAsync(activity);
        await Ada.PostAsync(activity);
        activity["text"] = "hello you";
        await Ada.PostAsync(activity);
        Assert.Equal(2, Turns.Taken.Count);
        Assert.Single(Turns.Again);
    }

    [Fact]
    public async Task The_bots_mention_goes_and_other_peoples_become_their_names()
    {
        var activity = Ada.Activity("message");
        activity["text"] = "<at>MicroAppBot</at>&nbsp;transfer it to <at>Dana</at>, not <at>MicroAppBot2</at> <b>now</b>";
        activity["entities"] = new JsonArray(
            JsonNode.Parse("""{"type":"mention","text":"<at>MicroAppBot</at>","mentioned":{"id":"28:bot","name":"MicroAppBot"}}"""),
            JsonNode.Parse("""{"type":"mention","text":"<at>Dana</at>","mentioned":{"id":"29:dana","name":"Dana Levi"}}"""),
            JsonNode.Parse("""{"type":"somethingNew","deep":{"er":[1,2]}}"""),
            JsonNode.Parse("7"));
        await Ada.PostAsync(activity);
        Assert.Equal("transfer it to Dana Levi, not <at>MicroAppBot2</at> <b>now</b>", Assert.IsType<Said.Text>(Turns.Last.Said).Words);
    }

    [Fact]
    public async Task A_submit_button_is_a_press_and_its_answer_is_sent()
    {
        var activity = Ada.Activity("message");
        activity["value"] = JsonNode.Parse("""{"verb":"request.approve","request":"r1","reason":"fine","msteams":{"type":"x"}}""");
        Assert.Equal(HttpStatusCode.Accepted, (await Ada.PostAsync(activity)).Status);
        var press = Assert.IsType<Said.Press>(Turns.Last.Said);
        Assert.Equal("request.approve", press.Verb);
        Assert.Equal("""{"verb":"request.approve","request":"r1","reason":"fine"}""", press.Data.ToJsonString());
        Assert.False(Turns.Last.AnswerDirectly);
    }

    [Theory]
    [InlineData("""{"anything":1}""", "", true)]
    [InlineData("""{"anything":1}""", "words beside it", false)]
    [InlineData("""{"verb":"say"}""", "words beside it", true)]
    [InlineData("\"{\\\"verb\\\":\\\"say\\\"}\"", "", true)]
    [InlineData("\"just text\"", "", false)]
    [InlineData("[1]", "hi", false)]
    public async Task A_value_makes_a_press_of_a_message_where_it_is_one(string value, string text, bool press)
    {
        var activity = Ada.Activity("message");
        activity["value"] = JsonNode.Parse(value);
        activity["text"] = text;
        await Ada.PostAsync(activity);
        Assert.Equal(press, Turns.Last.Said is Said.Press);
    }

    [Fact]
    public async Task A_message_without_words_is_still_answered()
    {
        var activity = Ada.Activity("message");
        activity["attachments"] = JsonNode.Parse("""[{"contentType":"image/png","contentUrl":"https://example.com/cat.png"}]""");
        Assert.Equal(HttpStatusCode.Accepted, (await Ada.PostAsync(activity)).Status);
        Assert.Equal("", Assert.IsType<Said.Text>(Turns.Last.Said).Words);
    }

    [Theory]
    [InlineData("typing")]
    [InlineData("messageReaction")]
    [InlineData("messageUpdate")]
    [InlineData("event")]
    [InlineData("somethingOfNextYear")]
    [InlineData("")]
    public async Task What_is_not_for_us_is_taken_and_passed_over(string type)
    {
        var activity = Ada.Activity(type);
        Assert.Equal(HttpStatusCode.OK, (await Ada.PostAsync(activity)).Status);
        Assert.Empty(Turns.Taken);
    }

    [Theory]
    [InlineData("composeExtension/query")]
    [InlineData("signin/verifyState")]
    [InlineData("tab/fetch")]
    [InlineData("")]
    public async Task An_unknown_invoke_is_not_implemented(string name)
    {
        var activity = Ada.Activity("invoke");
        activity["name"] = name;
        Assert.Equal(HttpStatusCode.NotImplemented, (await Ada.PostAsync(activity)).Status);
    }

    [Theory]
    [InlineData(null, "BadRequest", "Missing value property")]
    [InlineData("{}", "BadRequest", "Missing action property")]
    [InlineData("5", "BadRequest", "Missing action property")]
    [InlineData("""{"action":"approve"}""", "BadRequest", "Missing action property")]
    [InlineData("""{"action":{"type":"Action.Submit","verb":"x"}}""", "NotSupported", "The action 'Action.Submit' is not supported.")]
    public async Task A_broken_click_is_a_bad_request_in_the_form_of_the_protocol(string? value, string code, string words)
    {
        var activity = Ada.Activity("invoke");
        activity["name"] = "adaptiveCard/action";
        if (value is not null) activity["value"] = JsonNode.Parse(value);
        var answer = await Ada.PostAsync(activity);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(400, answer.Code);
        Assert.Equal("application/vnd.microsoft.error", answer.Type);
        Assert.Equal(code, (string?)answer.Body!["value"]!["code"]);
        Assert.Equal(words, (string?)answer.Body!["value"]!["message"]);
    }

    [Theory]
    [InlineData("{\"type\":\"message\"")]
    [InlineData("hello")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"type\":\"message\",\"text\":\"\\u00zz\"}")]
    public async Task A_body_that_is_no_activity_is_refused_in_words(string body)
    {
        using var response = await _host.Bot.PostAsync("/api/messages", new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.NotEmpty((string)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!);
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused_whether_it_says_so_or_not()
    {
        var large = Ada.Activity("message");
        large["text"] = new string('x', 600_000);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await Ada.PostAsync(large)).Status);

        using var chunked = new HttpRequestMessage(HttpMethod.Post, "/api/messages")
        {
            Content = new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes(large.ToJsonString()))) { Headers = { ContentType = new("application/json") } },
        };
        chunked.Headers.TransferEncodingChunked = true;
        using var response = await _host.Bot.SendAsync(chunked);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Empty(Turns.Taken);
    }

    public static TheoryData<string, string, HttpStatusCode> Hostile => new()
    {
        { "text", "5", HttpStatusCode.Accepted },
        { "text", "{\"a\":1}", HttpStatusCode.Accepted },
        { "text", "null", HttpStatusCode.Accepted },
        { "text", $"\"{new string('m', 10_000)}\"", HttpStatusCode.Accepted },
        { "text", "\"**bold** <at>everyone</at> \\u202egnp.exe \\u0000 [x](javascript:1)\"", HttpStatusCode.Accepted },
        { "text", "\"half an emoji \\ud83d and \\udc00\"", HttpStatusCode.Accepted },
        { "id", "17", HttpStatusCode.Accepted },
        { "id", "{}", HttpStatusCode.Accepted },
        { "id", $"\"{new string('1', 10_000)}\"", HttpStatusCode.Accepted },
        { "from", "{\"id\":5,\"name\":7}", HttpStatusCode.Accepted },
        { "from", "{\"id\":\"29:x\",\"name\":\"\\u202e<at>Ada</at> *x* \\ud83d\"}", HttpStatusCode.Accepted },
        { "from", $$"""{"id":"{{new string('i', 10_000)}}","name":"{{new string('n', 10_000)}}"}""", HttpStatusCode.Accepted },
        { "from", "{}", HttpStatusCode.BadRequest },
        { "from", "null", HttpStatusCode.BadRequest },
        { "from", "\"Ada\"", HttpStatusCode.BadRequest },
        { "conversation", "{}", HttpStatusCode.BadRequest },
        { "conversation", "[1]", HttpStatusCode.BadRequest },
        { "conversation", $$"""{"id":"{{new string('c', 501)}}"}""", HttpStatusCode.BadRequest },
        { "conversation", "{\"id\":12,\"isGroup\":\"yes\",\"tenantId\":[]}", HttpStatusCode.Accepted },
        { "serviceUrl", "null", HttpStatusCode.BadRequest },
        { "serviceUrl", "7", HttpStatusCode.Unauthorized },
        { "serviceUrl", "\"https://evil.example.com/\"", HttpStatusCode.Unauthorized },
        { "serviceUrl", "\"http://169.254.169.254/\"", HttpStatusCode.Unauthorized },
        { "serviceUrl", "\"http://user:pw@127.0.0.1/\"", HttpStatusCode.Unauthorized },
        { "serviceUrl", "\"file:///etc/passwd\"", HttpStatusCode.Unauthorized },
        { "entities", "\"none\"", HttpStatusCode.Accepted },
        { "entities", "[null,1,[],{\"type\":\"mention\"},{\"type\":\"mention\",\"text\":5,\"mentioned\":\"x\"}]", HttpStatusCode.Accepted },
        { "channelData", "[[]]", HttpStatusCode.Accepted },
        { "membersAdded", "{}", HttpStatusCode.Accepted },
        { "value", "true", HttpStatusCode.Accepted },
        { "value", "{\"verb\":{\"a\":1}}", HttpStatusCode.Accepted },
        { "value", "{\"verb\":\"x\",\"verb\":\"y\"}", HttpStatusCode.Accepted },
        { "recipient", "[]", HttpStatusCode.Accepted },
        { "replyToId", "{}", HttpStatusCode.Accepted },
        { "type", "\"MESSAGE\"", HttpStatusCode.Accepted },
        { "type", "5", HttpStatusCode.OK },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task Whatever_stands_in_a_field_there_is_a_clear_answer(string field, string json, HttpStatusCode expected)
    {
        var activity = Ada.Activity("message");
        activity["text"] = "hello";
        activity.Remove(field);
        // As text: what is tried here cannot all be built as nodes
        var body = activity.ToJsonString()[..^1] + $",\"{field}\":{json}}}";
        using var response = await _host.Bot.PostAsync("/api/messages", new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.Equal(expected, response.StatusCode);
        // All of it can be kept: the store takes no text that has no UTF-8
        foreach (var turn in Turns.Taken) WellFormed.Demand(turn.Id, turn.Person.Id, turn.Person.Name, turn.Contact?.Address, (turn.Said as Said.Text)?.Words, (turn.Said as Said.Press)?.Data.ToJsonString());
        if (expected != HttpStatusCode.Accepted) Assert.Empty(Turns.Taken);
    }

    [Fact]
    public async Task An_outage_of_ours_asks_for_the_message_again_and_keeps_a_clicks_buttons()
    {
        Turns.Reply = _ => throw new TimeoutException("the disk is full");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await Ada.SayAsync("hello"));
        var answer = await Ada.ExecuteAsync("1", (JsonObject)JsonNode.Parse("""{"verb":"x"}""")!);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(500, answer.Code);
        Assert.DoesNotContain("disk", answer.Text, StringComparison.Ordinal);
    }
}
