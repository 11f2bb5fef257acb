using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using MicroAppBot.Desk;

namespace MicroAppBot.Tests.Channels.Console;

public sealed class ConsoleEndpointTests
{
    [Fact]
    public async Task People_come_with_their_department_and_roles_in_words()
    {
        await using var world = await ConsoleWorld.StartAsync();

        var people = (await world.GetAsync("/console/people")).AsArray();

        var dana = people.Single(p => (string?)p!["id"] == "dana.levi")!;
        Assert.Equal("Dana Levi", (string?)dana["name"]);
        Assert.Equal("IT", (string?)dana["department"]);
        Assert.Equal("Security reviewer", (string?)dana["roles"]![0]);
        Assert.Null(dana["email"]);
    }

    [Fact]
    public async Task What_is_said_becomes_a_turn_of_that_person_and_stands_in_the_transcript()
    {
        await using var world = await ConsoleWorld.StartAsync();
        world.Turns.Script = _ => Reply.Line("An internal dashboard, then.");

        var (status, _) = await world.PostAsync("/console/say", new { @as = "ada.keller", id = "7f1", text = "a page with last month's campaigns" });

        Assert.Equal(202, status);
        var turn = Assert.Single(world.Turns.Taken);
        Assert.Equal("console:ada.keller:7f1", turn.Id);
        Assert.Equal(new ChannelAccount("console", "ada.keller"), turn.Account);
        Assert.Equal("ada.keller", turn.Person.Id);
        Assert.Equal(new Contact("ada.keller", "console", "ada.keller"), turn.Contact);
        Assert.Equal(new Said.Text("a page with last month's campaigns"), turn.Said);
        Assert.False(turn.AnswerDirectly);
        var lines = await LinesAsync(world, "ada.keller");
        Assert.Equal(["a page with last month's campaigns", "An internal dashboard, then."], lines.Select(l => (string?)l["text"]));
        Assert.Equal([true, false], lines.Select(l => (bool)l["from_person"]!));
    }

    [Fact]
    public async Task The_same_words_sent_again_are_said_once()
    {
        await using var world = await ConsoleWorld.StartAsync();
        world.Turns.Script = _ => Reply.Line("Yes.");
        var words = new { @as = "ada.keller", id = "7f1", text = "help" };

        await world.PostAsync("/console/say", words);
        var (status, _) = await world.PostAsync("/console/say", words);

        Assert.Equal(202, status);
        Assert.Equal(2, (await LinesAsync(world, "ada.keller")).Count);
    }

    [Theory]
    [InlineData("""{"as": "nobody", "id": "1", "text": "new"}""", 404)]
    [InlineData("""{"id": "1", "text": "new"}""", 404)]
    [InlineData("""{"as": "ada.keller", "text": "new"}""", 400)]
    [InlineData("""{"as": "ada.keller", "id": "a/b", "text": "new"}""", 400)]
    [InlineData("""{"as": "ada.keller", "id": "1"}""", 400)]
    [InlineData("""{"as": "ada.keller", "id": "1", "text": "  \n "}""", 400)]
    [InlineData("""{"as": "ada.keller", "id": "1", "text": {"a": 1}}""", 400)]
    [InlineData("""{"as": ["ada.keller"], "id": 1, "text": "new"}""", 404)]
    [InlineData("""["as", "ada.keller"]""", 400)]
    [InlineData("""{"as": """, 400)]
    [InlineData("""{"as": "ada.keller", "as": "jonas.lindqvist", "id": "1", "text": "new"}""", 400)]
    [InlineData("""{"as": "ada.keller", "id": "1", "text": "half of one \ud83d"}""", 400)]
    [InlineData("""{"as": "ada.keller", "id": "1", "text": "new", "also": {"\udc00": 1}}""", 400)]
    [InlineData("", 400)]
    [InlineData("null", 400)]
    public async Task Words_that_cannot_be_taken_get_a_sentence_that_says_why(string body, int status)
    {
        await using var world = await ConsoleWorld.StartAsync();

        var (answered, fault) = await world.PostTextAsync("/console/say", body);

        Assert.Equal(status, answered);
        Assert.NotEmpty((string?)fault!["error"] ?? "");
        Assert.Empty(world.Turns.Taken);
    }

    [Fact]
    public async Task More_words_than_anybody_reads_are_refused_with_the_limit()
    {
        await using var world = await ConsoleWorld.StartAsync();

        var (status, body) = await world.PostAsync("/console/say", new { @as = "ada.keller", id = "1", text = new string('x', 20_001) });
        Assert.Equal(413, status);
        Assert.Contains("20,000", (string?)body!["error"], StringComparison.Ordinal);

        (status, _) = await world.PostAsync("/console/say", new { @as = "ada.keller", id = "1", text = new string('x', 400_000) });
        Assert.Equal(413, status);
        Assert.Empty(world.Turns.Taken);
    }

    [Fact]
    public async Task Hostile_words_come_back_as_they_were_said()
    {
        const string Hostile = "</script><img src=x onerror=alert(1)> **b** <at>All</at> \u202Egnp.exe 👩‍👩‍👧 \"quoted\" \\ \u0000";
        await using var world = await ConsoleWorld.StartAsync();

        await world.PostAsync("/console/say", new { @as = "ada.keller", id = "1", text = Hostile });

        Assert.Equal(Hostile, (string?)Assert.Single(await LinesAsync(world, "ada.keller"))["text"]);
    }

    [Fact]
    public async Task A_click_that_is_answered_in_place_changes_the_card_for_good()
    {
        await using var world = await ConsoleWorld.StartAsync();
        await world.Turns.DeliverAsync("miriam.osei", new Reply([TestCards.Sample("approval", "medium"), new Message.Line("And a line.")]));
        var before = await LinesAsync(world, "miriam.osei");
        var card = (string)before[0]["id"]!;
        var request = new CardSubject("request", "r1");
        world.Turns.Script = _ => new Reply([TestCards.Sample("approval", "decided") with { About = request }, new Message.Line("Thank you.")], Replaces: true);

        var (status, answer) = await world.PostAsync("/console/press", new { @as = "miriam.osei", id = "p1", verb = "request.approve", data = new { request = "r1", version = 3, reason = "fine" }, card });

        Assert.Equal(200, status);
        Assert.True((bool)answer!["replaces"]!);
        Assert.Equal([card, "console:miriam.osei:p1/2"], answer["messages"]!.AsArray().Select(m => (string?)m!["id"]));
        var press = Assert.IsType<Said.Press>(Assert.Single(world.Turns.Taken).Said);
        Assert.Equal(("request.approve", card), (press.Verb, press.CardId));
        Assert.Equal("fine", (string?)press.Data["reason"]);
        var after = (await LinesAsync(world, "miriam.osei")).OrderBy(l => (long)l["position"]!).ToList();
        Assert.Equal([card, (string?)before[1]["id"], "console:miriam.osei:p1/2"], after.Select(l => (string?)l["id"]));
        Assert.Equal((long)before[0]["position"]!, (long)after[0]["position"]!);
        Assert.True((long)after[0]["sequence"]! > (long)before[1]["sequence"]!);
        Assert.NotEqual(before[0]["card"]!.ToJsonString(), after[0]["card"]!.ToJsonString());
        var sent = await world.Store.SentCardAsync(card, TestContext.Current.CancellationToken);
        Assert.Equal(("approval", request), (sent!.CardName, sent.About));
    }

    [Fact]
    public async Task The_same_click_again_shows_the_same_and_not_more()
    {
        await using var world = await ConsoleWorld.StartAsync();
        await world.Turns.DeliverAsync("miriam.osei", new Reply([TestCards.Sample("approval", "medium")]));
        var card = (string)(await LinesAsync(world, "miriam.osei"))[0]["id"]!;
        world.Turns.Script = _ => new Reply([TestCards.Sample("approval", "decided"), new Message.Line("Thank you.")], Replaces: true);
        var click = new { @as = "miriam.osei", id = "p1", verb = "request.approve", data = new { }, card };

        await world.PostAsync("/console/press", click);
        await world.PostAsync("/console/press", click);

        Assert.Equal(2, (await LinesAsync(world, "miriam.osei")).Count);
        Assert.Single(world.Turns.Taken);
    }

    [Fact]
    public async Task A_click_on_somebody_elses_card_changes_nothing_of_theirs()
    {
        await using var world = await ConsoleWorld.StartAsync();
        await world.Turns.DeliverAsync("miriam.osei", new Reply([TestCards.Sample("approval", "medium")]));
        var before = (await LinesAsync(world, "miriam.osei"))[0];
        world.Turns.Script = _ => new Reply([TestCards.Sample("approval", "not-your-seat")], Replaces: true);

        var (_, answer) = await world.PostAsync("/console/press", new { @as = "tomas.novak", id = "p1", verb = "request.approve", data = new { }, card = (string?)before["id"] });

        Assert.False((bool)answer!["replaces"]!);
        Assert.Null(Assert.IsType<Said.Press>(Assert.Single(world.Turns.Taken).Said).CardId);
        Assert.Equal(before.ToJsonString(), (await LinesAsync(world, "miriam.osei"))[0].ToJsonString());
        Assert.Single(await LinesAsync(world, "tomas.novak"));
    }

    [Fact]
    public async Task A_button_that_stands_for_a_sentence_shows_the_sentence()
    {
        await using var world = await ConsoleWorld.StartAsync();
        world.Turns.Script = _ => Reply.Line("Let us see.");

        await world.PostAsync("/console/press", new { @as = "ada.keller", id = "p1", verb = "intake.start", data = new { text = "A form to approve travel" } });

        Assert.Equal(["A form to approve travel", "Let us see."], (await LinesAsync(world, "ada.keller")).Select(l => (string?)l["text"]));
    }

    [Fact]
    public async Task An_outage_is_said_in_words_and_the_same_click_may_come_again()
    {
        await using var world = await ConsoleWorld.StartAsync();
        world.Turns.Outage = new TimeoutException("the disk sleeps");
        var click = new { @as = "ada.keller", id = "p1", verb = "app.renew", data = new { } };

        var (status, body) = await world.PostAsync("/console/press", click);
        Assert.Equal(503, status);
        Assert.DoesNotContain("disk", (string?)body!["error"], StringComparison.Ordinal);

        world.Turns.Outage = null;
        (status, _) = await world.PostAsync("/console/press", click);
        Assert.Equal(200, status);
    }

    [Fact]
    public async Task Unread_messages_are_counted_until_somebody_has_seen_them_and_a_redrawn_card_is_not_news()
    {
        await using var world = await ConsoleWorld.StartAsync();
        await world.Turns.DeliverAsync("dana.levi", new Reply([TestCards.Sample("approval", "medium"), new Message.Line("One **more** thing.")]));

        var box = await BoxAsync(world, "dana.levi");
        Assert.Equal((2, "One **more** thing."), ((int)box["unread"]!, (string?)box["excerpt"]));

        await world.PostAsync("/console/seen", new { @as = "dana.levi", sequence = (long)(await LinesAsync(world, "dana.levi"))[^1]["sequence"]! });
        Assert.Equal(0, (int)(await BoxAsync(world, "dana.levi"))["unread"]!);

        var card = (string)(await LinesAsync(world, "dana.levi"))[0]["id"]!;
        await world.Turns.UpdateAsync("dana.levi", card, TestCards.Sample("approval", "decided"));
        Assert.Equal(0, (int)(await BoxAsync(world, "dana.levi"))["unread"]!);

        await world.Turns.DeliverAsync("dana.levi", Reply.Line("News."));
        Assert.Equal(1, (int)(await BoxAsync(world, "dana.levi"))["unread"]!);
    }

    [Fact]
    public async Task What_was_seen_is_kept_in_the_store()
    {
        await using var world = await ConsoleWorld.StartAsync();
        await world.Turns.DeliverAsync("dana.levi", Reply.Line("News."));
        await world.PostAsync("/console/seen", new { @as = "dana.levi", sequence = 1000 });

        using var inbox = new MicroAppBot.Channels.Console.ConsoleInbox(world.Store);
        var (_, boxes) = await inbox.LookAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, boxes["dana.levi"].Count);
    }

    [Fact]
    public async Task The_overview_lists_apps_with_what_is_left_and_requests_with_their_seats()
    {
        await using var world = await ConsoleWorld.StartAsync();
        var now = world.Clock.GetUtcNow();
        await world.KeepAsync(ManyThings.Snapshots(now));

        var overview = await world.GetAsync("/console/overview");

        var apps = overview["apps"]!.AsArray();
        Assert.Equal(["Team Lunch", "Invoice Desk", "Campaign Monitor", "Spring Poll"], apps.Select(a => (string?)a!["title"]));
        Assert.Equal(3, (int)apps[0]!["days_left"]!);
        Assert.Equal((43m, 50m), ((decimal)apps[0]!["spent_usd"]!, (decimal)apps[0]!["cap_usd"]!));
        Assert.Equal(("suspended", "The month's money is spent"), ((string?)apps[1]!["state"], (string?)apps[1]!["because"]));
        Assert.Null(apps[3]!["days_left"]);
        Assert.NotNull(apps[3]!["restorable_until"]);
        var request = overview["requests"]!.AsArray().Single(r => (string?)r!["id"] == "r1")!;
        Assert.Equal(("awaiting-approval", "medium", "create"), ((string?)request["state"], (string?)request["tier"], (string?)request["kind"]));
        Assert.Equal(["Business owner True", "Security reviewer False"], request["seats"]!.AsArray().Select(s => $"{s!["role"]} {(bool)s["signed"]!}"));
        Assert.Equal(now.AddDays(1.5), (DateTimeOffset)overview["clock"]!["next_event"]!, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task What_is_past_bringing_back_has_no_day_until_when_it_can()
    {
        await using var world = await ConsoleWorld.StartAsync();
        await world.KeepAsync(ManyThings.Snapshots(world.Clock.GetUtcNow().AddDays(-60)));

        var overview = await world.GetAsync("/console/overview");

        Assert.Null(overview["apps"]!.AsArray().Single(app => (string?)app!["state"] == "archived")!["restorable_until"]);
    }

    [Fact]
    public async Task Last_months_money_is_not_this_months()
    {
        await using var world = await ConsoleWorld.StartAsync();
        await world.KeepAsync(ManyThings.Snapshots(world.Clock.GetUtcNow().AddDays(-40)));

        var overview = await world.GetAsync("/console/overview");

        Assert.All(overview["apps"]!.AsArray(), app => Assert.Equal(0m, (decimal)app!["spent_usd"]!));
    }

    [Theory]
    [InlineData("""{"advance": "1.00:00:00"}""", 1)]
    [InlineData("""{"advance": "7.00:00:00"}""", 7)]
    [InlineData("""{"to_next_event": true}""", 3)]
    public async Task The_clock_is_moved_and_says_what_it_shows(string body, int days)
    {
        await using var world = await ConsoleWorld.StartAsync();
        var before = world.Clock.GetUtcNow();

        var (_, moved) = await world.PostTextAsync("/dev/clock", body);

        Assert.InRange((DateTimeOffset)moved!["now"]!, before.AddDays(days), before.AddDays(days).AddMinutes(1));
        Assert.Equal(1, (int)moved["acted"]!);
        Assert.InRange((long)(await world.GetAsync("/console/overview"))["clock"]!["offset_seconds"]!, (days * 86_400L) - 60, days * 86_400L);
    }

    [Theory]
    [InlineData("""{"advance": "-1.00:00:00"}""")]
    [InlineData("""{"advance": "99999.00:00:00"}""")]
    [InlineData("""{"advance": "soon"}""")]
    [InlineData("""{"advance": 5}""")]
    [InlineData("{}")]
    public async Task A_clock_that_would_jump_stays_where_it_is(string body)
    {
        await using var world = await ConsoleWorld.StartAsync();

        var (status, _) = await world.PostTextAsync("/dev/clock", body);

        Assert.Equal(400, status);
        Assert.Equal(TimeSpan.Zero, world.Clock.Offset);
    }

    [Fact]
    public async Task The_stream_tells_everybodys_new_lines_and_what_changed_and_goes_on_where_it_was_left()
    {
        await using var world = await ConsoleWorld.StartAsync();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        enough.CancelAfter(TimeSpan.FromSeconds(20));
        await world.Turns.DeliverAsync("ada.keller", Reply.Line("Before."));
        string had;

        await using (var stream = await StreamAsync(world, "/console/events?after=1", null, enough.Token))
        {
            var overview = await NextAsync(stream, "overview", enough.Token);
            Assert.Equal(1, (long)JsonNode.Parse(overview.Data)!["sequence"]!);
            await world.Turns.DeliverAsync("dana.levi", Reply.Line("For Dana."));
            // The two are told in either order
            var told = new Dictionary<string, SseItem<string>>(StringComparer.Ordinal);
            while (told.Count < 2)
            {
                var item = await NextAsync(stream, null, enough.Token);
                if (item.EventType == "lines" || item.Data.Contains("For Dana.", StringComparison.Ordinal)) told[item.EventType] = item;
            }
            var lines = told["lines"];
            var line = Assert.Single(JsonNode.Parse(lines.Data)!["lines"]!.AsArray())!;
            Assert.Equal(("dana.levi", "For Dana."), ((string?)line["person"], (string?)line["text"]));
            Assert.Contains(JsonNode.Parse(told["overview"].Data)!["inboxes"]!.AsArray(), b => (string?)b!["person"] == "dana.levi" && (int)b["unread"]! == 1);
            had = lines.EventId!;
        }

        await world.Turns.DeliverAsync("dana.levi", Reply.Line("While nobody listened."));
        await using var again = await StreamAsync(world, "/console/events?after=1", had, enough.Token);
        var missed = await NextAsync(again, "lines", enough.Token);
        Assert.Equal("While nobody listened.", (string?)Assert.Single(JsonNode.Parse(missed.Data)!["lines"]!.AsArray())!["text"]);
    }

    private static async Task<IReadOnlyList<JsonNode>> LinesAsync(ConsoleWorld world, string person) =>
        [.. (await world.GetAsync($"/console/transcript?as={person}&after=0"))["lines"]!.AsArray().Select(l => l!)];

    private static async Task<JsonNode> BoxAsync(ConsoleWorld world, string person) =>
        (await world.GetAsync("/console/overview"))["inboxes"]!.AsArray().Single(b => (string?)b!["person"] == person)!;

    private static async Task<IAsyncEnumerator<SseItem<string>>> StreamAsync(ConsoleWorld world, string path, string? lastEventId, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (lastEventId is not null) request.Headers.Add("Last-Event-ID", lastEventId);
        var response = await world.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return SseParser.Create(await response.Content.ReadAsStreamAsync(cancel)).EnumerateAsync(cancel).GetAsyncEnumerator(cancel);
    }

    private static async Task<SseItem<string>> NextAsync(IAsyncEnumerator<SseItem<string>> stream, string? type, CancellationToken cancel)
    {
        while (await stream.MoveNextAsync())
        {
            cancel.ThrowIfCancellationRequested();
            if (type is null || stream.Current.EventType == type) return stream.Current;
        }
        throw new InvalidOperationException($"The stream ended before it said anything of {type}.");
    }
}
