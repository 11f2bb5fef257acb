using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;

namespace MicroAppBot.Tests.Doubles.Slack;

/// <summary>A double is worth what it knows of the real one: its limits, its errors, its ways.</summary>
public sealed class FakeSlackTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));
    private readonly HttpClient _http = new();
    private FakeSlack _slack = null!;
    private SlackUser _ada = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _slack = await FakeSlack.StartAsync(_time);
        _ada = _slack.User("U0ADA", "Ada Keller", "ada.keller@example.com");
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _slack.DisposeAsync();
    }

    [Fact]
    public async Task A_message_is_posted_changed_read_back_by_its_metadata_and_deleted()
    {
        var chat = (string)(await CallAsync("conversations.open", new() { ["users"] = "U0ADA" }))["channel"]!["id"]!;
        var posted = await CallAsync("chat.postMessage", new() { ["channel"] = chat, ["text"] = "Hello", ["blocks"] = Section("*Hello*"), ["metadata"] = Metadata("m1") });
        Assert.True((bool)posted["ok"]!, posted.ToJsonString());
        var ts = (string)posted["ts"]!;
        Assert.Equal("m1", _ada.Sees.Single().OurId);
        Assert.True((bool)(await CallAsync("conversations.open", new() { ["users"] = "U0ADA" }))["already_open"]!);

        Assert.True((bool)(await CallAsync("chat.update", new() { ["channel"] = chat, ["ts"] = ts, ["text"] = "Bye", ["blocks"] = Section("*Bye*") }))["ok"]!);
        var post = _ada.Sees.Single();
        Assert.Equal(("Bye", "m1", 1), (post.Text, post.OurId, post.Before.Count));

        var history = await CallAsync("conversations.history", new() { ["channel"] = chat, ["include_all_metadata"] = true, ["limit"] = 20 });
        Assert.Equal("m1", (string)history["messages"]![0]!["metadata"]!["event_payload"]!["id"]!);
        Assert.Null((await CallAsync("conversations.history", new() { ["channel"] = chat }))["messages"]![0]!["metadata"]);
        await CallAsync("chat.postMessage", new() { ["channel"] = chat, ["text"] = "Below", ["thread_ts"] = ts });
        Assert.Equal(["Bye", "Below"], (await FormAsync("conversations.replies", ("channel", chat), ("ts", ts)))["messages"]!.AsArray().Select(m => (string)m!["text"]!));
        Assert.True((bool)(await CallAsync("chat.delete", new() { ["channel"] = chat, ["ts"] = ts }))["ok"]!);
        Assert.Equal("message_not_found", (string)(await CallAsync("chat.update", new() { ["channel"] = chat, ["ts"] = ts, ["text"] = "x" }))["error"]!);
    }

    [Theory]
    [InlineData("chat.postMessage", """{"channel":"C0NOWHERE","text":"x"}""", "channel_not_found")]
    [InlineData("chat.postMessage", """{"channel":"CGENERAL"}""", "no_text")]
    [InlineData("chat.postMessage", """{"channel":"CSTAFF","text":"x"}""", "not_in_channel")]
    [InlineData("chat.postMessage", """{"text":"x"}""", "invalid_arguments")]
    [InlineData("chat.postMessage", """{"channel":"CGENERAL","blocks":"[{"}""", "invalid_blocks_format")]
    [InlineData("chat.postMessage", """{"channel":"CGENERAL","text":"x","metadata":{"event_type":"x"}}""", "invalid_metadata_schema")]
    [InlineData("chat.postMessage", """{"channel":"CGENERAL","text":"x","thread_ts":"1.1"}""", "cannot_reply_to_message")]
    [InlineData("chat.update", """{"channel":"CGENERAL","ts":"1.1","text":"x"}""", "message_not_found")]
    [InlineData("chat.postEphemeral", """{"channel":"CGENERAL","user":"U0NOBODY","text":"x"}""", "user_not_in_channel")]
    [InlineData("conversations.open", """{"users":"U0NOBODY"}""", "user_not_found")]
    [InlineData("conversations.open", """{"users":"U0GONE"}""", "user_disabled")]
    [InlineData("conversations.open", """{"users":"U0STRANGER"}""", "user_not_visible")]
    [InlineData("conversations.open", "{}", "users_list_not_supplied")]
    [InlineData("views.open", """{"trigger_id":"1.2.3","view":{"type":"modal"}}""", "invalid_trigger_id")]
    [InlineData("views.update", """{"view_id":"V1","view":{"type":"modal"}}""", "not_found")]
    [InlineData("users.info", """{"user":"U0ADA"}""", "invalid_arguments")]
    [InlineData("nothing.like.it", "{}", "unknown_method")]
    [InlineData("chat.postMessage", "{", "invalid_json")]
    [InlineData("chat.postMessage", "[]", "json_not_object")]
    public async Task What_the_real_one_refuses_is_refused_with_its_word(string method, string body, string error)
    {
        _slack.Channel("general", ["U0ADA"]);
        _slack.Channel("staff", ["U0ADA"], withBot: false);
        _slack.User("U0GONE", "Gone");
        _slack.Change("U0GONE", a => a with { IsDeleted = true });
        _slack.User("U0STRANGER", "From elsewhere", teamId: "T0ELSEWHERE");
        Assert.Equal(error, (string)(await RawAsync(method, body)).Body["error"]!);
    }

    [Fact]
    public async Task Tokens_that_are_missing_wrong_revoked_or_too_narrow_are_told_apart()
    {
        Assert.Equal("not_authed", (string)(await RawAsync("auth.test", "{}", token: "")).Body["error"]!);
        Assert.Equal("invalid_auth", (string)(await RawAsync("auth.test", "{}", token: "xoxb-made-up")).Body["error"]!);
        var narrow = _slack.Installations.Install(FakeSlack.TeamId, "chat:write");
        var refused = (await RawAsync("users.lookupByEmail", "{}", token: narrow)).Body;
        Assert.Equal(("missing_scope", "users:read.email", "chat:write"), ((string)refused["error"]!, (string)refused["needed"]!, (string)refused["provided"]!));
        _slack.Installations.Revoke(FakeSlack.TeamId);
        Assert.Equal("account_inactive", (string)(await RawAsync("auth.test", "{}")).Body["error"]!);
    }

    [Fact]
    public async Task Posting_in_one_channel_has_a_burst_and_then_one_a_second_and_the_others_are_not_held_up()
    {
        var (first, second) = (_ada.Chat.Id, _slack.User("U0WEI", "Wei Zhang").Chat.Id);
        var statuses = new List<int>();
        for (var i = 0; i < 8; i++) statuses.Add((await RawAsync("chat.postMessage", $$"""{"channel":"{{first}}","text":"{{i}}"}""")).Status);
        Assert.Equal([200, 200, 200, 200, 200, 200, 429, 429], statuses);
        var (status, body, retryAfter) = await RawAsync("chat.postMessage", $$"""{"channel":"{{first}}","text":"x"}""");
        Assert.Equal((429, "ratelimited", "1"), (status, (string)body["error"]!, retryAfter));
        Assert.Equal(200, (await RawAsync("chat.postMessage", $$"""{"channel":"{{second}}","text":"x"}""")).Status);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(200, (await RawAsync("chat.postMessage", $$"""{"channel":"{{first}}","text":"x"}""")).Status);
        // Tier 3: fifty a minute
        for (var i = 0; i < 50; i++) Assert.Equal(200, (await RawAsync("conversations.open", """{"users":"U0ADA"}""")).Status);
        Assert.Equal(429, (await RawAsync("conversations.open", """{"users":"U0ADA"}""")).Status);
    }

    [Theory]
    [InlineData("""[{"type":"section","text":{"type":"mrkdwn","text":""}}]""", "must be more than 0 characters [json-pointer:/blocks/0/text/text]")]
    [InlineData("""[{"type":"section"}]""", "missing required field: text [json-pointer:/blocks/0]")]
    [InlineData("""[{"type":"header","text":{"type":"mrkdwn","text":"x"}}]""", "must be a valid enum value [json-pointer:/blocks/0/text/type]")]
    [InlineData("""[{"type":"divider"},{"type":"nonsense"}]""", "unsupported type: nonsense [json-pointer:/blocks/1/type]")]
    [InlineData("""[{"type":"divider","block_id":"a"},{"type":"divider","block_id":"a"}]""", "block_id `a` already exists [json-pointer:/blocks/1/block_id]")]
    [InlineData("""[{"type":"actions","elements":[]}]""", "no fewer than 1 items allowed [json-pointer:/blocks/0/elements]")]
    [InlineData("""[{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"a"},"style":"green"}]}]""", "must be a valid enum value [json-pointer:/blocks/0/elements/0/style]")]
    [InlineData("""[{"type":"section","text":{"type":"plain_text","text":"x","verbatim":true}}]""", "invalid additional property: verbatim [json-pointer:/blocks/0/text]")]
    [InlineData("""[{"type":"input","label":{"type":"plain_text","text":"x"}}]""", "missing required field: element [json-pointer:/blocks/0]")]
    [InlineData("""[{"type":"image","image_url":"https://example.com/a.png"}]""", "missing required field: alt_text [json-pointer:/blocks/0]")]
    [InlineData("""[{"type":"section","text":{"type":"mrkdwn","text":"x"},"accessory":{"type":"static_select","options":[{"text":{"type":"plain_text","text":"a"},"value":"a"}],"initial_option":{"text":{"type":"plain_text","text":"b"},"value":"b"}}}]""", "initial option not found in options [json-pointer:/blocks/0/accessory]")]
    public void Blocks_that_slack_does_not_take_are_named_with_their_place(string blocks, string fault) =>
        Assert.Contains(fault, SlackRules.Message(JsonNode.Parse(blocks)!.AsArray()));

    [Fact]
    public void The_limits_of_blocks_are_slacks_to_the_character()
    {
        static JsonArray With(string text, int count) => new([.. Enumerable.Range(0, count).Select(_ => (JsonNode)new JsonObject { ["type"] = "section", ["text"] = new JsonObject { ["type"] = "mrkdwn", ["text"] = text } })]);
        Assert.Empty(SlackRules.Message(With(new string('a', 3000), 1)));
        Assert.Equal(["must be less than 3001 characters [json-pointer:/blocks/0/text/text]"], SlackRules.Message(With(new string('a', 3001), 1)));
        Assert.Empty(SlackRules.Message(With("a", 50)));
        Assert.Equal(["no more than 50 items allowed [json-pointer:/blocks]"], SlackRules.Message(With("a", 51)));
        Assert.False(SlackRules.IsTooLong(With(new string('a', 2500), 4)));
        Assert.True(SlackRules.IsTooLong(With(new string('a', 2900), 4)));
        JsonObject Button(string text, string value) => new() { ["type"] = "button", ["action_id"] = "a", ["text"] = new JsonObject { ["type"] = "plain_text", ["text"] = text }, ["value"] = value };
        JsonArray Actions(params JsonNode[] elements) => [new JsonObject { ["type"] = "actions", ["elements"] = new JsonArray(elements) }];
        Assert.Empty(SlackRules.Message(Actions(Button(new string('a', 75), new string('v', 2000)))));
        Assert.Equal(2, SlackRules.Message(Actions(Button(new string('a', 76), new string('v', 2001)))).Count);
    }

    [Fact]
    public async Task A_form_opens_within_three_seconds_once_and_an_old_hash_does_not_change_it()
    {
        var trigger = _slack.State.NewTrigger(FakeSlack.TeamId, "U0ADA", _slack.Patience);
        var late = _slack.State.NewTrigger(FakeSlack.TeamId, "U0ADA", _slack.Patience);
        var opened = await CallAsync("views.open", new() { ["trigger_id"] = trigger, ["view"] = Form() });
        Assert.True((bool)opened["ok"]!, opened.ToJsonString());
        Assert.Equal("exchanged_trigger_id", (string)(await CallAsync("views.open", new() { ["trigger_id"] = trigger, ["view"] = Form() }))["error"]!);
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal("expired_trigger_id", (string)(await CallAsync("views.open", new() { ["trigger_id"] = late, ["view"] = Form() }))["error"]!);

        var (id, hash) = ((string)opened["view"]!["id"]!, (string)opened["view"]!["hash"]!);
        var updated = await CallAsync("views.update", new() { ["view_id"] = id, ["hash"] = hash, ["view"] = Form("Another") });
        Assert.Equal("Another", _ada.Modal!.Title);
        Assert.Equal("hash_conflict", (string)(await CallAsync("views.update", new() { ["view_id"] = id, ["hash"] = hash, ["view"] = Form() }))["error"]!);
        Assert.True((bool)(await CallAsync("views.update", new() { ["view_id"] = id, ["hash"] = (string)updated["view"]!["hash"]!, ["view"] = Form() }))["ok"]!);
        for (var height = 2; height <= 4; height++)
        {
            var pushed = await CallAsync("views.push", new() { ["trigger_id"] = _slack.State.NewTrigger(FakeSlack.TeamId, "U0ADA", _slack.Patience), ["view"] = Form($"Number {height}") });
            Assert.Equal(height <= 3 ? null : "push_limit_reached", (string?)pushed["error"]);
        }
        var home = new JsonObject { ["type"] = "home", ["blocks"] = Section("Mine") };
        var published = await CallAsync("views.publish", new() { ["user_id"] = "U0ADA", ["view"] = home.DeepClone() });
        Assert.Equal("hash_conflict", (string)(await CallAsync("views.publish", new() { ["user_id"] = "U0ADA", ["view"] = home.DeepClone(), ["hash"] = "1.old" }))["error"]!);
        Assert.True((bool)(await CallAsync("views.publish", new() { ["user_id"] = "U0ADA", ["view"] = home, ["hash"] = (string)published["view"]!["hash"]! }))["ok"]!);
        Assert.Contains("Mine", _ada.Home!.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_is_not_sent_before_it_is_filled_in_and_its_answer_closes_keeps_or_changes_it()
    {
        await using var bot = await ListeningBot.StartAsync();
        _slack.TellOverHttp(bot.Http);
        await CallAsync("views.open", new() { ["trigger_id"] = _slack.State.NewTrigger(FakeSlack.TeamId, "U0ADA", _slack.Patience), ["view"] = Form() });
        Assert.Null(await _ada.SubmitAsync());
        Assert.Equal("Please complete this required field.", _ada.Modal!.Errors["why"]);
        Assert.Empty(bot.All);

        _ada.Enter(_ada.Modal, "why", "Because");
        _ada.Enter(_ada.Modal, "kinds", "b");
        bot.Answer = _ => (200, """{"response_action":"errors","errors":{"why":"Another reason, please."}}""");
        await _ada.SubmitAsync();
        Assert.Equal("Another reason, please.", _ada.Modal!.Errors["why"]);
        var payload = JsonNode.Parse(Uri.UnescapeDataString(bot.All.Last().Body["payload=".Length..]))!;
        Assert.Equal("view_submission", (string)payload["type"]!);
        Assert.Equal("Because", (string)payload["view"]!["state"]!["values"]!["why"]!["v"]!["value"]!);
        Assert.Equal("b", (string)payload["view"]!["state"]!["values"]!["kinds"]!["v"]!["selected_option"]!["value"]!);

        bot.Answer = _ => (200, """{"response_action":"errors","errors":{"head":"No place for it"}}""");
        await _ada.SubmitAsync();
        Assert.Equal(["We had some trouble connecting. Try again?"], _ada.Complaints);
        bot.Answer = _ => (200, $$"""{"response_action":"push","view":{{Form("More").ToJsonString()}}}""");
        await _ada.SubmitAsync();
        Assert.Equal("More", _ada.Modal!.Title);
        await _ada.CloseAsync();
        Assert.Equal("A form", _ada.Modal!.Title);
        bot.Answer = _ => (200, "");
        await _ada.SubmitAsync();
        Assert.Null(_ada.Modal);
    }

    [Fact]
    public async Task What_people_do_is_told_signed_and_an_event_that_is_not_heard_is_told_again_on_slacks_clock()
    {
        await using var bot = await ListeningBot.StartAsync();
        _slack.TellOverHttp(bot.Http);
        bot.Answer = _ => (503, "");
        await _ada.SayAsync("Hello <@U0BOT> & co");
        Assert.Equal(2, bot.All.Count);
        var first = bot.All.First();
        var stamp = first.Headers["X-Slack-Request-Timestamp"];
        Assert.Equal(SlackHttpLine.Signature(Encoding.UTF8.GetBytes(first.Body), stamp, _slack.SigningSecret), first.Headers["X-Slack-Signature"]);
        Assert.Equal("Hello &lt;@U0BOT&gt; &amp; co", (string)JsonNode.Parse(first.Body)!["event"]!["text"]!);
        Assert.Equal(("1", "http_error"), (bot.All.Last().Headers["X-Slack-Retry-Num"], bot.All.Last().Headers["X-Slack-Retry-Reason"]));

        await _slack.Telling.MoveAsync(TimeSpan.FromSeconds(59));
        Assert.Equal(2, bot.All.Count);
        await _slack.Telling.MoveAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(3, bot.All.Count);
        await _slack.Telling.MoveAsync(TimeSpan.FromMinutes(5));
        await _slack.Telling.MoveAsync(TimeSpan.FromHours(5));
        Assert.Equal(4, bot.All.Count);
        Assert.Single(bot.All.Select(h => (string)JsonNode.Parse(h.Body)!["event_id"]!).Distinct());

        // A command and a click are told once
        await _ada.CommandAsync("help");
        Assert.Equal(5, bot.All.Count);
        Assert.Contains("dispatch_failed", _ada.Complaints.Single(), StringComparison.Ordinal);
        _slack.Telling.FewToJudge = 10;
        for (var i = 0; i < 6; i++) await _ada.SayAsync("Anybody there?");
        Assert.True(_slack.Telling.IsDisabled);
    }

    [Fact]
    public async Task A_command_is_answered_in_place_and_a_response_url_is_good_for_five_uses_in_half_an_hour()
    {
        await using var bot = await ListeningBot.StartAsync();
        _slack.TellOverHttp(bot.Http);
        bot.Answer = _ => (200, """{"response_type":"ephemeral","text":"Here you are"}""");
        var general = _slack.Channel("general", ["U0ADA", "U0WEI"]);
        await _ada.CommandAsync("help", general);
        Assert.Equal("Here you are", _ada.SeesIn(general).Single().Text);
        Assert.Empty(_slack.User("U0WEI", "Wei").SeesIn(general));
        Assert.Contains("command=%2Fmicroapp", bot.All.Single().Body.Replace("command=/", "command=%2F", StringComparison.Ordinal), StringComparison.Ordinal);

        var url = _slack.State.NewResponseUrl(_slack.Root, "commands", general, "U0ADA", null);
        var answers = new List<string>();
        for (var i = 0; i < 6; i++) answers.Add(await RespondAsync(url, """{"text":"x"}"""));
        Assert.Equal(["200 ok", "200 ok", "200 ok", "200 ok", "200 ok", "404 used_url"], answers);
        var other = _slack.State.NewResponseUrl(_slack.Root, "commands", general, "U0ADA", null);
        _time.Advance(TimeSpan.FromMinutes(31));
        Assert.Equal("404 expired_url", await RespondAsync(other, """{"text":"x"}"""));
        var posted = await CallAsync("chat.postMessage", new() { ["channel"] = general.Id, ["text"] = "Old" });
        var replacing = _slack.State.NewResponseUrl(_slack.Root, "actions", general, "U0ADA", (string)posted["ts"]!);
        await RespondAsync(replacing, """{"text":"New","replace_original":true}""");
        Assert.Equal("New", _slack.State.Post(general.Id, (string)posted["ts"]!)!.Text);
    }

    [Fact]
    public async Task A_socket_is_greeted_gets_envelopes_until_it_is_asked_to_leave_and_more_than_ten_are_too_many()
    {
        var sockets = new List<ClientWebSocket>();
        try
        {
            for (var i = 0; i < 11; i++)
            {
                var opened = (await RawAsync("apps.connections.open", "", token: FakeSlack.AppToken, json: false)).Body;
                var socket = new ClientWebSocket();
                sockets.Add(socket);
                await socket.ConnectAsync(new Uri((string)opened["url"]!), Cancel);
                var hello = await ReceiveAsync(socket);
                Assert.Equal(i < 10 ? "hello" : "too_many_websockets", i < 10 ? (string?)hello["type"] : (string?)hello["reason"]);
                if (i > 0) continue;
                // The address is good for one
                using var again = new ClientWebSocket();
                await Assert.ThrowsAsync<WebSocketException>(() => again.ConnectAsync(new Uri((string)opened["url"]!), Cancel));
            }
            _slack.TellOverSocket();
            _slack.Patience = TimeSpan.FromSeconds(20);
            // One after the other has its turn; the first was greeted first
            var telling = _ada.CommandAsync("help");
            var envelope = await ReceiveAsync(sockets[0]);
            Assert.Equal(("slash_commands", true), ((string)envelope["type"]!, (bool)envelope["accepts_response_payload"]!));
            await SendAsync(sockets[0], new JsonObject { ["envelope_id"] = (string)envelope["envelope_id"]!, ["payload"] = new JsonObject { ["text"] = "Hi" } });
            Assert.True((await telling).IsOk);
            Assert.Equal("Hi", _ada.Sees.Single().Text);
            telling = _ada.CommandAsync("help");
            envelope = await ReceiveAsync(sockets[1]);
            await SendAsync(sockets[1], new JsonObject { ["envelope_id"] = (string)envelope["envelope_id"]! });
            Assert.Equal("", (await telling).Body);

            await _slack.Socket.DisconnectAsync("refresh_requested");
            Assert.Equal("refresh_requested", (string)(await ReceiveAsync(sockets[0]))["reason"]!);
            Assert.Equal(0, _slack.Socket.Open);
        }
        finally
        {
            foreach (var socket in sockets) socket.Dispose();
        }
    }

    [Fact]
    public async Task An_event_over_a_socket_that_is_not_acknowledged_comes_again()
    {
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri((string)(await RawAsync("apps.connections.open", "", token: FakeSlack.AppToken, json: false)).Body["url"]!), Cancel);
        await ReceiveAsync(socket);
        _slack.TellOverSocket();
        _slack.Patience = TimeSpan.FromMilliseconds(200);
        var telling = _ada.SayAsync("Hello");
        var first = await ReceiveAsync(socket);
        var second = await ReceiveAsync(socket);
        await SendAsync(socket, new JsonObject { ["envelope_id"] = (string)second["envelope_id"]! });
        await telling;
        Assert.Equal((0, 1, "timeout"), ((int)first["retry_attempt"]!, (int)second["retry_attempt"]!, (string)second["retry_reason"]!));
        Assert.Equal((string)first["payload"]!["event_id"]!, (string)second["payload"]!["event_id"]!);
        Assert.NotEqual((string)first["envelope_id"]!, (string)second["envelope_id"]!);
    }

    [Fact]
    public async Task A_code_becomes_a_token_that_ends_after_twelve_hours_and_its_refresh_token_works_once()
    {
        _slack.Installations.Rotates = true;
        var code = _slack.Installations.Consent("T0OTHER", "U0BOSS", "https://bot.example.com/cb");
        Task<JsonNode> Access(params (string, string)[] form) => FormAsync("oauth.v2.access", [.. form, ("client_id", _slack.Installations.ClientId), ("client_secret", _slack.Installations.ClientSecret)]);
        Assert.Equal("bad_client_secret", (string)(await FormAsync("oauth.v2.access", ("client_id", _slack.Installations.ClientId), ("client_secret", "guess"), ("code", code)))["error"]!);
        var first = await Access(("code", code), ("redirect_uri", "https://bot.example.com/cb"));
        Assert.Equal(("T0OTHER", 43200), ((string)first["team"]!["id"]!, (int)first["expires_in"]!));
        Assert.Equal("invalid_code", (string)(await Access(("code", code), ("redirect_uri", "https://bot.example.com/cb")))["error"]!);
        var token = (string)first["access_token"]!;
        Assert.Equal("T0OTHER", (string)(await RawAsync("auth.test", "{}", token)).Body["team_id"]!);
        _time.Advance(TimeSpan.FromHours(13));
        Assert.Equal("token_expired", (string)(await RawAsync("auth.test", "{}", token)).Body["error"]!);
        var second = await Access(("grant_type", "refresh_token"), ("refresh_token", (string)first["refresh_token"]!));
        Assert.Equal("invalid_refresh_token", (string)(await Access(("grant_type", "refresh_token"), ("refresh_token", (string)first["refresh_token"]!)))["error"]!);
        Assert.True((bool)(await RawAsync("auth.test", "{}", (string)second["access_token"]!)).Body["ok"]!);
    }

    [Fact]
    public async Task Bad_days_come_as_told_and_only_with_errors_that_the_method_has()
    {
        Assert.Throws<ArgumentException>(() => _slack.Then("views.open", BadDay.OfSlack("is_archived")));
        _slack.Then("chat.postMessage", BadDay.OfSlack("fatal_error", afterDelivery: true), BadDay.SlackThrottled(7), BadDay.EmptyBody);
        var body = $$"""{"channel":"{{_ada.Chat.Id}}","text":"x"}""";
        Assert.Equal("fatal_error", (string)(await RawAsync("chat.postMessage", body)).Body["error"]!);
        Assert.Single(_ada.Sees);
        var (status, _, retryAfter) = await RawAsync("chat.postMessage", body);
        Assert.Equal((429, "7"), (status, retryAfter));
        Assert.Single(_ada.Sees);
        Assert.Equal(200, (await RawAsync("chat.postMessage", body)).Status);
        Assert.Equal(2, _ada.Sees.Count);
        _slack.Always("*", BadDay.Answering(503));
        Assert.Equal(503, (await RawAsync("auth.test", "{}")).Status);
        _slack.Always("*", null);
        _slack.IsDown = true;
        await Assert.ThrowsAsync<HttpRequestException>(() => RawAsync("auth.test", "{}"));
    }

    [Fact]
    public async Task Who_is_deactivated_is_still_posted_to_and_who_hid_the_tab_is_not()
    {
        _ = _ada.Chat;
        _slack.Change("U0ADA", a => a with { IsDeleted = true });
        // python-slack-sdk 1156: it succeeds, and nobody reads it
        Assert.True((bool)(await CallAsync("chat.postMessage", new() { ["channel"] = _ada.Chat.Id, ["text"] = "x" }))["ok"]!);
        _slack.Change("U0ADA", a => a with { IsDeleted = false, HidesMessages = true });
        Assert.Equal("messages_tab_disabled", (string)(await CallAsync("chat.postMessage", new() { ["channel"] = _ada.Chat.Id, ["text"] = "x" }))["error"]!);
    }

    private static JsonArray Section(string text) => [new JsonObject { ["type"] = "section", ["text"] = new JsonObject { ["type"] = "mrkdwn", ["text"] = text } }];

    private static JsonObject Metadata(string id) => new() { ["event_type"] = "bot_card", ["event_payload"] = new JsonObject { ["id"] = id } };

    private static JsonObject Form(string title = "A form") => JsonNode.Parse($$$"""
        {"type":"modal","title":{"type":"plain_text","text":"{{{title}}}"},"submit":{"type":"plain_text","text":"Send"},"blocks":[
         {"type":"section","block_id":"head","text":{"type":"mrkdwn","text":"Please"}},
         {"type":"input","block_id":"why","label":{"type":"plain_text","text":"Why"},"element":{"type":"plain_text_input","action_id":"v","max_length":100}},
         {"type":"input","block_id":"kinds","optional":true,"label":{"type":"plain_text","text":"Kind"},"element":{"type":"static_select","action_id":"v","options":[
          {"text":{"type":"plain_text","text":"A"},"value":"a"},{"text":{"type":"plain_text","text":"B"},"value":"b"}]}}]}
        """)!.AsObject();

    private async Task<JsonNode> CallAsync(string method, JsonObject args) => (await RawAsync(method, args.ToJsonString())).Body;

    private async Task<JsonNode> FormAsync(string method, params (string Name, string Value)[] form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _slack.ApiUrl + method) { Content = new FormUrlEncodedContent(form.Select(f => KeyValuePair.Create(f.Name, f.Value))) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _slack.BotToken);
        using var answer = await _http.SendAsync(request, Cancel);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancel))!;
    }

    private async Task<(int Status, JsonNode Body, string? RetryAfter)> RawAsync(string method, string body, string? token = null, bool json = true)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _slack.ApiUrl + method) { Content = json ? new StringContent(body, Encoding.UTF8, "application/json") : null };
        if (token != "") request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token ?? _slack.BotToken);
        using var answer = await _http.SendAsync(request, Cancel);
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        return ((int)answer.StatusCode, text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!, answer.Headers.TryGetValues("Retry-After", out var wait) ? wait.Single() : null);
    }

    private async Task<string> RespondAsync(string url, string body)
    {
        using var answer = await _http.PostAsync(url, new StringContent(body, Encoding.UTF8, "application/json"), Cancel);
        return $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(Cancel)}";
    }

    private static async Task<JsonNode> ReceiveAsync(ClientWebSocket socket)
    {
        var buffer = new byte[64 * 1024];
        var part = await socket.ReceiveAsync(buffer, Cancel);
        return JsonNode.Parse(Encoding.UTF8.GetString(buffer, 0, part.Count))!;
    }

    private static Task SendAsync(ClientWebSocket socket, JsonObject frame) => socket.SendAsync(Encoding.UTF8.GetBytes(frame.ToJsonString()), WebSocketMessageType.Text, true, Cancel);
}
