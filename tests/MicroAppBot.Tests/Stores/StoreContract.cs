using System.Text.Json.Nodes;
using Governance.Notices;
using MicroAppBot.Desk;

namespace MicroAppBot.Tests.Stores;

/// <summary>What every store promises. Run on each implementation.</summary>
public abstract class StoreContract : IAsyncLifetime
{
    protected static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    protected IStore Store { get; private set; } = null!;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Opens an empty store.</summary>
    protected abstract Task<IStore> OpenAsync();

    /// <summary>Opens what a crash at this moment would have left; <see cref="Store"/> is given up.</summary>
    protected abstract Task<IStore> ReopenAfterCrashAsync();

    /// <summary>Closes the store and opens it again.</summary>
    protected abstract Task<IStore> ReopenAsync();

    public async ValueTask InitializeAsync() => Store = await OpenAsync();

    public virtual async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected async Task CrashAsync() => Store = await ReopenAfterCrashAsync();

    protected async Task CloseAndOpenAsync() => Store = await ReopenAsync();

    protected static SnapshotKeys Keys(
        string app = "1", string kind = "request", bool open = true, string name = "", string[]? owners = null, string[]? waiting = null, DateTimeOffset? due = null) =>
        new(kind, "some-state", open, name, owners ?? [], waiting ?? [], app, due);

    protected static StreamWrite Write(string stream, long expected, SnapshotKeys keys, string snapshot = "{}", params string[] events) =>
        new(stream, expected, events.Length == 0 ? ["{\"e\":1}"] : events, snapshot, keys);

    protected Task<CommitResult> CommitAsync(params StreamWrite[] streams) => Store.CommitAsync(new Commit(streams, null, []), Cancel);

    protected Task<CommitResult> SayAsync(string person, long expected, string json, string? turn = null, string? reply = null, params NewMessage[] messages) =>
        Store.CommitAsync(new Commit([], new ConversationWrite(person, expected, json, turn is null ? null : new HandledTurn(turn, reply)), messages), Cancel);

    protected static NewMessage Line(string id, string to, string words = "hello", DateTimeOffset? notBefore = null, string? channel = null) =>
        new(id, to, channel, new OutboxBody.Say(null, null, words, null), notBefore ?? Noon);

    protected async Task<string[]> DueAsync(DateTimeOffset? now = null, int limit = 100) =>
        [.. (await Store.DueMessagesAsync(now ?? Noon, limit, Cancel)).Select(m => m.Id)];

    [Fact]
    public async Task A_list_is_read_page_by_page_and_nothing_is_left_out_or_comes_twice()
    {
        for (var i = 0; i < 25; i++)
        {
            await CommitAsync(Write($"app-{i:00}", 0, Keys($"{i}", kind: "app", owners: ["ada"])), Write($"request-{i:00}", 0, Keys($"{i}", open: i % 3 == 0)));
        }
        foreach (var query in (SnapshotQuery[])[new(Kind: "app"), new(Kind: "request"), new(Kind: "request", IsOpen: true), new(Owner: "ada"), new()])
        {
            var all = (await Store.FindAsync(query, Cancel)).Select(s => s.StreamId).ToList();
            var read = new List<string>();
            for (string? after = null; await Store.FindAsync(query with { After = after, Limit = 7 }, Cancel) is { Count: > 0 } page; after = read[^1]) read.AddRange(page.Select(s => s.StreamId));
            Assert.NotEmpty(all);
            Assert.Equal(all, read);
        }
        Assert.Equal("app-11", (await Store.FindAsync(new SnapshotQuery(Kind: "app", After: "app-10x", Limit: 1), Cancel)).Single().StreamId);
        Assert.Empty(await Store.FindAsync(new SnapshotQuery(Kind: "app", After: "app-99"), Cancel));
    }

    [Fact]
    public async Task What_was_never_written_is_not_there()
    {
        Assert.Null(await Store.ConversationAsync("ada", Cancel));
        Assert.Null(await Store.SnapshotAsync("app-1", Cancel));
        Assert.Empty(await Store.EventsAsync("app-1", Cancel));
        Assert.Empty(await Store.FindAsync(new SnapshotQuery(), Cancel));
        Assert.Null(await Store.NextDueAsync(Cancel));
        Assert.Empty(await Store.ContactsAsync("ada", Cancel));
        Assert.Empty(await DueAsync());
        Assert.Null(await Store.NextMessageAsync(Cancel));
        Assert.Null(await Store.SettingAsync("x", Cancel));
        Assert.Null(await Store.SentCardAsync("x", Cancel));
        Assert.Equal(new AuditTotals(0, 0), await Store.TotalsAsync(Cancel));
    }

    [Fact]
    public async Task A_commit_writes_all_its_parts_and_they_survive_a_crash()
    {
        var about = new CardSubject("request", "r1");
        var commit = new Commit(
            [
                Write("request-r1", 0, Keys("a1", name: "lunch", owners: ["ada"], waiting: ["bo"], due: Noon.AddHours(1)), "{\"state\":1}", "{\"e\":\"filed\"}", "{\"e\":\"asked\"}"),
                Write("app-a1", 0, Keys("a1", "app", name: "lunch"), "{\"state\":2}", "{\"e\":\"granted\"}"),
            ],
            new ConversationWrite("ada", 0, "{\"slot\":\"name\"}", new HandledTurn("teams:1", "{\"reply\":1}")),
            [
                new NewMessage("m1", "ada", "teams", new OutboxBody.Say("summary", new JsonObject { ["title"] = "Lunch" }, null, about), Noon),
                new NewMessage("m2", "bo", null, new OutboxBody.Tell(new Notice("bo", NoticeKind.ApprovalWanted, "r1", "a1", new Dictionary<string, string> { ["because"] = "why" })), Noon),
                new NewMessage("m3", OutboxMessage.Catalogue, null, new OutboxBody.Publish("a1", 1), Noon),
            ],
            new Contact("ada", "teams", "{\"conversation\":\"x\"}"),
            [new NewTranscriptLine("ada", "t1", true, "{\"text\":\"hi\"}", Noon)]);
        Assert.Equal(CommitResult.Done, await Store.CommitAsync(commit, Cancel));

        for (var pass = 0; pass < 3; pass++)
        {
            if (pass == 1) await CrashAsync();
            if (pass == 2) await CloseAndOpenAsync();
            var conversation = await Store.ConversationAsync("ada", Cancel);
            Assert.Equal(("{\"slot\":\"name\"}", 1L), (conversation!.Json, conversation.Version));
            Assert.Equal([new HandledTurn("teams:1", "{\"reply\":1}")], conversation.Handled);
            var snapshot = await Store.SnapshotAsync("request-r1", Cancel);
            Assert.Equal(("{\"state\":1}", 2L), (snapshot!.Json, snapshot.Version));
            Assert.Equivalent(commit.Streams[0].Keys, snapshot.Keys, strict: true);
            var events = await Store.EventsAsync("request-r1", Cancel);
            Assert.Equal([("{\"e\":\"filed\"}", 1L), ("{\"e\":\"asked\"}", 2L)], events.Select(e => (e.Json, e.Version)));
            Assert.Single(await Store.EventsAsync("app-a1", Cancel));
            var due = await Store.DueMessagesAsync(Noon, 10, Cancel);
            Assert.Equal(["m1", "m2", "m3"], due.Select(m => m.Id));
            Assert.Equal(("ada", "teams", 0, false), (due[0].ToId, due[0].Channel, due[0].Attempts, due[0].OutcomeUnknown));
            var say = Assert.IsType<OutboxBody.Say>(due[0].Body);
            Assert.Equal(("summary", "{\"title\":\"Lunch\"}", about), (say.CardName, say.CardData!.ToJsonString(), say.About));
            Assert.Equal("why", Assert.IsType<OutboxBody.Tell>(due[1].Body).Notice.Detail["because"]);
            Assert.Equal(new OutboxBody.Publish("a1", 1), due[2].Body);
            Assert.Equal([commit.Contact!], await Store.ContactsAsync("ada", Cancel));
            Assert.Equal("{\"text\":\"hi\"}", Assert.Single(await Store.TranscriptAsync("ada", 0, 10, Cancel)).Json);
            Assert.Equal(new AuditTotals(2, 3), await Store.TotalsAsync(Cancel));
        }
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(5, 0)]
    [InlineData(1, 0)]
    public async Task A_commit_with_a_version_that_is_not_the_stored_one_conflicts_and_writes_nothing(long streamExpects, long conversationExpects)
    {
        Assert.Equal(CommitResult.Done, await CommitAsync(Write("app-1", 0, Keys())));
        var result = await Store.CommitAsync(new Commit(
            [Write("app-2", 0, Keys("2")), Write("app-1", streamExpects, Keys(), "{\"changed\":1}")], new ConversationWrite("ada", conversationExpects + (streamExpects == 1 ? 7 : 0), "{}", new HandledTurn("t", null)),
            [Line("m", "ada")], new Contact("ada", "teams", "x"), [new NewTranscriptLine("ada", "t", true, "{}", Noon)]), Cancel);

        Assert.Equal(CommitResult.Conflict, result);
        Assert.Null(await Store.SnapshotAsync("app-2", Cancel));
        Assert.Equal("{}", (await Store.SnapshotAsync("app-1", Cancel))!.Json);
        Assert.Null(await Store.ConversationAsync("ada", Cancel));
        Assert.Empty(await DueAsync());
        Assert.Empty(await Store.ContactsAsync("ada", Cancel));
        Assert.Empty(await Store.TranscriptAsync("ada", 0, 10, Cancel));
        Assert.Equal(new AuditTotals(1, 1), await Store.TotalsAsync(Cancel));
    }

    [Fact]
    public async Task A_name_belongs_to_one_app_as_long_as_something_of_it_is_open()
    {
        Assert.Equal(CommitResult.Done, await CommitAsync(Write("request-1", 0, Keys("a1", name: "lunch"))));
        Assert.Equal(CommitResult.NameTaken, await CommitAsync(Write("request-2", 0, Keys("a2", name: "lunch"))));
        Assert.Null(await Store.SnapshotAsync("request-2", Cancel));

        Assert.Equal(CommitResult.Done, await CommitAsync(
            Write("request-1", 1, Keys("a1", open: false, name: "lunch")), Write("app-a1", 0, Keys("a1", "app", name: "lunch"))));
        Assert.Equal(CommitResult.NameTaken, await CommitAsync(Write("request-2", 0, Keys("a2", name: "lunch"))));
        Assert.Equal(CommitResult.Done, await CommitAsync(Write("request-3", 0, Keys("a1", name: "lunch"))));
        Assert.Equal(CommitResult.Done, await CommitAsync(Write("request-4", 0, Keys("a4", name: "Lunch"))));

        Assert.Equal(CommitResult.Done, await CommitAsync(Write("app-a1", 1, Keys("a1", "app", open: false, name: "lunch")), Write("request-3", 1, Keys("a1", open: false, name: "lunch"))));
        Assert.Equal(CommitResult.Done, await CommitAsync(Write("request-2", 0, Keys("a2", name: "lunch"))));
        Assert.Equal(CommitResult.NameTaken, await CommitAsync(Write("request-5", 0, Keys("a5", name: "twice")), Write("request-6", 0, Keys("a6", name: "twice"))));
    }

    [Fact]
    public async Task A_name_handed_on_within_one_commit_is_free()
    {
        Assert.Equal(CommitResult.Done, await CommitAsync(Write("request-1", 0, Keys("a1", name: "lunch"))));
        Assert.Equal(CommitResult.Done, await CommitAsync(
            Write("request-1", 1, Keys("a1", open: false, name: "lunch")), Write("request-2", 0, Keys("a2", name: "lunch"))));
    }

    [Fact]
    public async Task Sixteen_writers_who_race_on_one_stream_win_each_version_exactly_once()
    {
        const int Versions = 40;
        var wins = new int[Versions];
        await Task.WhenAll(Enumerable.Range(0, 16).Select(writer => Task.Run(async () =>
        {
            while (true)
            {
                var version = (await Store.SnapshotAsync("app-1", Cancel))?.Version ?? 0;
                if (version >= Versions) return;
                var result = await Store.CommitAsync(new Commit([Write("app-1", version, Keys(), $"{{\"by\":{writer}}}", $"{{\"by\":{writer}}}")], null, [Line($"m{writer}-{version}", "ada")]), Cancel);
                if (result == CommitResult.Done) Interlocked.Increment(ref wins[version]);
                else Assert.Equal(CommitResult.Conflict, result);
            }
        }, Cancel)));

        Assert.All(wins, w => Assert.Equal(1, w));
        var events = await Store.EventsAsync("app-1", Cancel);
        Assert.Equal(Enumerable.Range(1, Versions).Select(v => (long)v), events.Select(e => e.Version));
        Assert.Equal(events[^1].Json, (await Store.SnapshotAsync("app-1", Cancel))!.Json);
        var delivered = 0;
        while (await DueAsync() is [var next])
        {
            await Store.MarkAsync(new DeliveryMark(next, DeliveryState.Sent), Cancel);
            delivered++;
        }
        Assert.Equal(Versions, delivered);
    }

    [Fact]
    public async Task Sixteen_who_race_for_one_name_give_it_to_one()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => CommitAsync(Write($"request-{i}", 0, Keys($"a{i}", name: "lunch"))), Cancel)));
        Assert.Single(results, CommitResult.Done);
        Assert.Equal(15, results.Count(r => r == CommitResult.NameTaken));
    }

    [Fact]
    public async Task The_last_64_turns_are_remembered_and_the_last_8_replies()
    {
        for (var i = 1; i <= 70; i++) Assert.Equal(CommitResult.Done, await SayAsync("ada", i - 1, $"{{\"n\":{i}}}", $"t{i}", $"r{i}"));
        Assert.Equal(CommitResult.Done, await SayAsync("ada", 70, "{\"n\":71}"));
        await CrashAsync();
        var conversation = (await Store.ConversationAsync("ada", Cancel))!;
        Assert.Equal((71L, "{\"n\":71}"), (conversation.Version, conversation.Json));
        Assert.Equal(Enumerable.Range(7, 64).Select(i => $"t{i}"), conversation.Handled.Select(h => h.TurnId));
        Assert.Equal(Enumerable.Range(63, 8).Select(i => $"r{i}"), conversation.Handled.Select(h => h.ReplyJson).OfType<string>());
    }

    [Fact]
    public async Task A_query_gives_what_answers_all_of_its_parts_by_id()
    {
        await CommitAsync(
            Write("request-3", 0, Keys("a1", owners: ["ada"], waiting: ["bo", "cy"])),
            Write("request-1", 0, Keys("a2", open: false, owners: ["bo"], waiting: [])),
            Write("request-2", 0, Keys("a1", open: false, owners: ["ada"], waiting: [])),
            Write("app-a1", 0, Keys("a1", "app", name: "lunch", owners: ["ada", "bo"])),
            Write("app-a2", 0, Keys("a2", "app", open: false, name: "dinner", owners: ["cy"])));

        async Task Expect(SnapshotQuery query, params string[] ids) => Assert.Equal(ids, (await Store.FindAsync(query, Cancel)).Select(s => s.StreamId));
        await Expect(new SnapshotQuery(), "app-a1", "app-a2", "request-1", "request-2", "request-3");
        await Expect(new SnapshotQuery(Limit: 2), "app-a1", "app-a2");
        await Expect(new SnapshotQuery(Limit: 0));
        await Expect(new SnapshotQuery(Kind: "request"), "request-1", "request-2", "request-3");
        await Expect(new SnapshotQuery(Kind: "request", Limit: 2), "request-1", "request-2");
        await Expect(new SnapshotQuery(Kind: "request", IsOpen: true), "request-3");
        await Expect(new SnapshotQuery(IsOpen: false), "app-a2", "request-1", "request-2");
        await Expect(new SnapshotQuery(Name: "lunch"), "app-a1");
        await Expect(new SnapshotQuery(Name: "dinner"), "app-a2");
        await Expect(new SnapshotQuery(Name: "dinner", IsOpen: true));
        await Expect(new SnapshotQuery(Owner: "ada"), "app-a1", "request-2", "request-3");
        await Expect(new SnapshotQuery(Owner: "ada", Kind: "request", IsOpen: true), "request-3");
        await Expect(new SnapshotQuery(Owner: "Ada"));
        await Expect(new SnapshotQuery(Waiting: "cy"), "request-3");
        await Expect(new SnapshotQuery(AppId: "a1"), "app-a1", "request-2", "request-3");
        await Expect(new SnapshotQuery(AppId: "a1", Owner: "bo"), "app-a1");

        await CommitAsync(Write("request-3", 1, Keys("a1", open: false, owners: ["ada"], waiting: [])));
        await Expect(new SnapshotQuery(Waiting: "cy"));
        await Expect(new SnapshotQuery(Kind: "request", IsOpen: true));
    }

    [Fact]
    public async Task What_is_due_comes_earliest_first_and_what_is_never_due_never()
    {
        await CommitAsync(
            Write("app-1", 0, Keys("1", due: Noon.AddTicks(1))), Write("app-2", 0, Keys("2", due: Noon)), Write("app-3", 0, Keys("3")), Write("app-4", 0, Keys("4", due: Noon.AddDays(-1))));
        Assert.Equal(Noon.AddDays(-1), await Store.NextDueAsync(Cancel));
        Assert.Equal(["app-4", "app-2"], (await Store.FindAsync(new SnapshotQuery(DueBy: Noon), Cancel)).Select(s => s.StreamId));
        Assert.Equal(["app-4"], (await Store.FindAsync(new SnapshotQuery(DueBy: Noon, Limit: 1), Cancel)).Select(s => s.StreamId));
        Assert.Equal(["app-2"], (await Store.FindAsync(new SnapshotQuery(DueBy: Noon, AppId: "2"), Cancel)).Select(s => s.StreamId));
        await CommitAsync(Write("app-4", 1, Keys("4")), Write("app-2", 1, Keys("2", due: Noon.AddHours(2))));
        Assert.Equal(Noon.AddTicks(1), await Store.NextDueAsync(Cancel));
        Assert.Empty(await Store.FindAsync(new SnapshotQuery(DueBy: Noon), Cancel));
    }

    [Fact]
    public async Task A_write_without_events_changes_only_what_a_snapshot_is_looked_up_by()
    {
        await CommitAsync(Write("app-1", 0, Keys("1", kind: "app", due: Noon.AddDays(5)), "{\"a\":1}", "{\"e\":1}", "{\"e\":2}"));

        Assert.Equal(CommitResult.Done, await CommitAsync(new StreamWrite("app-1", 2, [], "{\"a\":1}", Keys("1", kind: "app", due: Noon.AddDays(2)))));
        Assert.Equal(CommitResult.Conflict, await CommitAsync(new StreamWrite("app-1", 1, [], "{\"a\":1}", Keys("1", kind: "app", due: Noon.AddDays(1)))));
        await CrashAsync();

        var stored = (await Store.SnapshotAsync("app-1", Cancel))!;
        Assert.Equal((2, Noon.AddDays(2)), (stored.Version, stored.Keys.DueAt));
        Assert.Equal(Noon.AddDays(2), await Store.NextDueAsync(Cancel));
        Assert.Equal(2, (await Store.EventsAsync("app-1", Cancel)).Count);
        Assert.Equal(2, (await Store.TotalsAsync(Cancel)).Events);
    }

    [Fact]
    public async Task Events_are_chained()
    {
        await CommitAsync(Write("app-1", 0, Keys(), "{}", "{\"a\":1}", "{\"b\":\"zwölf\"}"));
        await CommitAsync(Write("app-1", 2, Keys(), "{}", "{\"c\":1}"));
        var previous = AuditChain.Start;
        foreach (var each in await Store.EventsAsync("app-1", Cancel))
        {
            Assert.Equal(previous, each.PreviousHash);
            Assert.Equal(AuditChain.EventHash("app-1", each.Version, each.At, each.Json, previous), each.Hash);
            previous = each.Hash;
        }
    }

    [Fact]
    public async Task Streams_are_listed_page_by_page()
    {
        for (var i = 0; i < 7; i++) await CommitAsync(Write($"app-{i}", 0, Keys($"{i}")));
        await CommitAsync(Write("app-1", 1, Keys("1")));
        var seen = new List<string>();
        for (string? after = null; await Store.StreamsAsync(after, 3, Cancel) is { Count: > 0 } page; after = page[^1])
        {
            Assert.True(page.Count <= 3);
            seen.AddRange(page);
        }
        Assert.Equal(Enumerable.Range(0, 7).Select(i => $"app-{i}"), seen);
    }

    [Fact]
    public async Task Messages_of_one_recipient_go_in_order_and_others_do_not_wait()
    {
        await SayAsync("ada", 0, "{}", "t1", null, Line("a1", "ada"), Line("b1", "bo"), Line("a2", "ada", notBefore: Noon.AddDays(-1)));
        Assert.Equal(["a1", "b1"], await DueAsync());
        await Store.MarkAsync(new DeliveryMark("a1", DeliveryState.Sent), Cancel);
        Assert.Equal(["b1", "a2"], await DueAsync());
        Assert.Equal(["a2"], await DueAsync(limit: 1));
        await Store.MarkAsync(new DeliveryMark("a2", DeliveryState.Waiting, Noon.AddMinutes(5)), Cancel);
        Assert.Equal(["b1"], await DueAsync());
        await Store.MarkAsync(new DeliveryMark("b1", DeliveryState.Dropped), Cancel);
        Assert.Equal(Noon.AddMinutes(5), await Store.NextMessageAsync(Cancel));
        Assert.Equal(["a2"], await DueAsync(Noon.AddMinutes(5)));
        await Store.MarkAsync(new DeliveryMark("a2", DeliveryState.Sent), Cancel);
        Assert.Null(await Store.NextMessageAsync(Cancel));
        await CrashAsync();
        Assert.Empty(await DueAsync(Noon.AddYears(1)));
    }

    [Fact]
    public async Task What_is_put_off_holds_nothing_up_and_comes_when_its_time_does()
    {
        await SayAsync("ada", 0, "{}", "t1", null, Line("a1", "ada"), Line("a2", "ada"), Line("a3", "ada"));
        await Store.MarkAsync(new DeliveryMark("a1", DeliveryState.PutOff, Noon.AddDays(1)), Cancel);
        Assert.Equal(["a2"], await DueAsync());
        await Store.MarkAsync(new DeliveryMark("a2", DeliveryState.Waiting, Noon.AddHours(1)), Cancel);
        Assert.Equal(Noon.AddHours(1), await Store.NextMessageAsync(Cancel));
        await CrashAsync();
        Assert.Equal(["a1", "a2", "a3"], (await Store.MessagesForAsync("ada", Cancel)).Select(m => m.Id));
        var putOff = (await Store.MessageAsync("a1", Cancel))!;
        Assert.True(putOff is { PutOff: true, Attempts: 0, MayHaveArrived: 0 });
        await CloseAndOpenAsync();
        Assert.Equal(["a1", "a2"], await DueAsync(Noon.AddDays(1)));
        await Store.MarkAsync(new DeliveryMark("a1", DeliveryState.Sent, ToldToo: ["a3", "made-up"]), Cancel);
        Assert.Equal(["a2"], (await Store.MessagesForAsync("ada", Cancel)).Select(m => m.Id));
        Assert.Null(await Store.MessageAsync("a3", Cancel));
        Assert.Empty(await Store.MessagesForAsync("nobody", Cancel));
    }

    [Fact]
    public async Task What_is_known_of_a_cards_reader_stays_known_however_often_it_is_drawn_again()
    {
        var notice = new Governance.Notices.Notice("ada", Governance.Notices.NoticeKind.ApprovalWanted, "r1", null, new Dictionary<string, string> { ["role"] = "security" });
        var card = new SentCard("c1", "ada", "teams", "addr", "1", "approval", new CardSubject("request", "r1"), Noon, Told: [notice]);
        await Store.MarkAsync(new DeliveryMark("c1", DeliveryState.Sent, Cards: [card]), Cancel);
        await Store.MarkAsync(new DeliveryMark("look", DeliveryState.Sent, Seen: ["c1", "made-up"]), Cancel);
        var seen = (await Store.SentCardAsync("c1", Cancel))!.SeenAt;
        Assert.NotNull(seen);
        // Somebody else's press says nothing of its reader
        await Store.CommitAsync(new Commit([], new ConversationWrite("bo", 0, "{}", new HandledTurn("t1", null)), [], ActedOn: "c1"), Cancel);
        Assert.Null((await Store.SentCardAsync("c1", Cancel))!.ActedAt);
        await Store.CommitAsync(new Commit([], new ConversationWrite("ada", 0, "{}", new HandledTurn("t2", null)), [], ActedOn: "c1"), Cancel);
        await Store.MarkAsync(new DeliveryMark("look", DeliveryState.Sent, Seen: ["c1"]), Cancel);
        await Store.MarkAsync(new DeliveryMark("c1", DeliveryState.Sent, Cards: [card with { CardName = "outcome", Told = null }]), Cancel);
        await CloseAndOpenAsync();
        var kept = (await Store.SentCardAsync("c1", Cancel))!;
        Assert.Equal(("outcome", seen), (kept.CardName, kept.SeenAt));
        Assert.NotNull(kept.ActedAt);
        var told = Assert.Single(kept.Told!);
        Assert.Equal(("ada", "r1", "security"), (told.ToId, told.RequestId, told.Detail["role"]));
    }

    [Fact]
    public async Task Cards_of_a_person_come_latest_first_and_whom_nothing_reaches_is_known()
    {
        for (var i = 0; i < 4; i++)
        {
            await Store.MarkAsync(new DeliveryMark("x", DeliveryState.Sent, Cards: [new SentCard($"c{i}", i == 3 ? "bo" : "ada", "teams", "a", null, "notice", null, Noon.AddHours(i))]), Cancel);
            if (i == 1) await CloseAndOpenAsync();
        }
        Assert.Equal(["c2", "c1", "c0"], (await Store.CardsOfAsync("ada", Noon, 10, Cancel)).Select(c => c.Id));
        Assert.Equal(["c2", "c1"], (await Store.CardsOfAsync("ada", Noon.AddMinutes(30), 10, Cancel)).Select(c => c.Id));
        Assert.Equal(["c2"], (await Store.CardsOfAsync("ada", DateTimeOffset.MinValue, 1, Cancel)).Select(c => c.Id));
        await Store.MarkAsync(new DeliveryMark("x", DeliveryState.Sent, Contact: new Contact("ada", "teams", "a", Dead: true)), Cancel);
        await Store.MarkAsync(new DeliveryMark("x", DeliveryState.Sent, Contact: new Contact("bo", "teams", "a", Dead: true)), Cancel);
        await Store.MarkAsync(new DeliveryMark("x", DeliveryState.Sent, Contact: new Contact("bo", "slack", "b")), Cancel);
        Assert.Equal(["ada"], await Store.DeadEndsAsync(Cancel));
        await CrashAsync();
        Assert.Equal(["ada"], await Store.DeadEndsAsync(Cancel));
        await Store.MarkAsync(new DeliveryMark("x", DeliveryState.Sent, Contact: new Contact("ada", "teams", "a")), Cancel);
        Assert.Empty(await Store.DeadEndsAsync(Cancel));
    }

    [Fact]
    public async Task A_try_counts_as_one_that_may_have_arrived_until_it_is_known_that_it_did_not()
    {
        async Task<(int, int, bool)> StateAsync()
        {
            var m = Assert.Single(await Store.DueMessagesAsync(Noon.AddDays(1), 10, Cancel));
            return (m.Attempts, m.MayHaveArrived, m.FirstTriedAt is not null);
        }
        await SayAsync("ada", 0, "{}", "t1", null, Line("m", "ada"));
        Assert.Equal((0, 0, false), await StateAsync());
        await Store.MarkAsync(new DeliveryMark("m", DeliveryState.Sending), Cancel);
        Assert.Equal((1, 1, true), await StateAsync());
        await Store.MarkAsync(new DeliveryMark("m", DeliveryState.Waiting, Noon.AddMinutes(1)), Cancel);
        Assert.Equal((1, 0, true), await StateAsync());
        await Store.MarkAsync(new DeliveryMark("m", DeliveryState.Sending), Cancel);
        await CrashAsync();
        Assert.Equal((2, 1, true), await StateAsync());
        await Store.MarkAsync(new DeliveryMark("m", DeliveryState.Sending), Cancel);
        await Store.MarkAsync(new DeliveryMark("m", DeliveryState.Unknown, Noon.AddMinutes(2)), Cancel);
        await CloseAndOpenAsync();
        Assert.Equal((3, 2, true), await StateAsync());
        await Store.MarkAsync(new DeliveryMark("m", DeliveryState.Sent), Cancel);
        await Store.MarkAsync(new DeliveryMark("m", DeliveryState.Sending), Cancel);
        Assert.Empty(await DueAsync(Noon.AddDays(1)));
    }

    [Fact]
    public async Task What_bounced_is_listed()
    {
        await SayAsync("ada", 0, "{}", "t1", null, Line("m1", "ada"), Line("m2", "bo"));
        await Store.MarkAsync(new DeliveryMark("m1", DeliveryState.Bounced, Why: "nobody there"), Cancel);
        await Store.MarkAsync(new DeliveryMark("m2", DeliveryState.Bounced, Why: "too large"), Cancel);
        await CrashAsync();
        var bounced = await Store.BouncedAsync(10, Cancel);
        Assert.Equal([("m2", "bo", "too large"), ("m1", "ada", "nobody there")], bounced.Select(b => (b.Id, b.ToId, b.Why)));
        Assert.Equal("hello", Assert.IsType<OutboxBody.Say>(bounced[1].Body).Line);
        Assert.Empty(await DueAsync());
    }

    [Fact]
    public async Task Sent_cards_are_found_by_what_they_are_about_and_by_whom_they_were_sent_to()
    {
        var r1 = new CardSubject("request", "r1");
        SentCard Card(string id, string person, CardSubject? about, int minute) => new(id, person, "teams", "addr", $"ch-{id}", "approval", about, Noon.AddMinutes(minute));
        // A mark about a message that is not in the outbox writes its cards all the same
        await Store.MarkAsync(new DeliveryMark("c1", DeliveryState.Sent, Cards: [Card("c1", "ada", r1, 1), Card("c2", "bo", r1, 2)]), Cancel);
        await Store.MarkAsync(new DeliveryMark("c3", DeliveryState.Sent, Cards: [Card("c3", "ada", new CardSubject("app", "r1"), 3), Card("c4", "ada", null, 4)]), Cancel);
        for (var pass = 0; pass < 3; pass++)
        {
            if (pass == 1) await CrashAsync();
            if (pass == 2) await CloseAndOpenAsync();
            Assert.Equal(["c1", "c2"], (await Store.SentCardsAsync(r1, null, Cancel)).Select(c => c.Id));
            Assert.Equal(["c2"], (await Store.SentCardsAsync(r1, "bo", Cancel)).Select(c => c.Id));
            Assert.Equal(Card("c4", "ada", null, 4), await Store.SentCardAsync("c4", Cancel));
        }
        var again = Card("c1", "ada", r1, 1) with { CardName = "request-status", ChannelMessageId = null };
        await Store.MarkAsync(new DeliveryMark("x", DeliveryState.Sent, Cards: [again]), Cancel);
        Assert.Equal([again], await Store.SentCardsAsync(r1, "ada", Cancel));
        await CloseAndOpenAsync();
        Assert.Equal([again], await Store.SentCardsAsync(r1, "ada", Cancel));
    }

    [Fact]
    public async Task A_sent_card_is_kept_as_it_was_drawn_where_the_channel_needs_it()
    {
        var drawn = new SentCard("c1", "ada", "slack", "addr", "1.2", "question", null, Noon, """{"type":"AdaptiveCard","body":[{"type":"TextBlock","text":" Straße 🌿 \"x\" "}]}""");
        await Store.MarkAsync(new DeliveryMark("c1", DeliveryState.Sent, Cards: [drawn]), Cancel);
        Assert.Equal(drawn, await Store.SentCardAsync("c1", Cancel));
        await CrashAsync();
        Assert.Equal(drawn, await Store.SentCardAsync("c1", Cancel));
        await CloseAndOpenAsync();
        Assert.Equal(drawn, await Store.SentCardAsync("c1", Cancel));
        var again = drawn with { Drawn = null };
        await Store.MarkAsync(new DeliveryMark("c1", DeliveryState.Sent, Cards: [again]), Cancel);
        Assert.Equal(again, await Store.SentCardAsync("c1", Cancel));
    }

    [Fact]
    public async Task The_contact_used_last_comes_first_and_each_channel_has_one()
    {
        Task SayFromAsync(string channel, string address, bool dead = false) =>
            Store.CommitAsync(new Commit([], null, [], new Contact("ada", channel, address, dead)), Cancel);
        await SayFromAsync("teams", "t1");
        await SayFromAsync("slack", "s1");
        await SayFromAsync("teams", "t1");
        Assert.Equal(["t1", "s1"], (await Store.ContactsAsync("ada", Cancel)).Select(c => c.Address));
        await SayFromAsync("slack", "s2");
        await CrashAsync();
        Assert.Equal(["s2", "t1"], (await Store.ContactsAsync("ada", Cancel)).Select(c => c.Address));
        await Store.MarkAsync(new DeliveryMark("m", DeliveryState.Sent, Contact: new Contact("ada", "slack", "s2", Dead: true)), Cancel);
        Assert.True((await Store.ContactsAsync("ada", Cancel)).Single(c => c.Channel == "slack").Dead);
        await SayFromAsync("slack", "s2");
        Assert.Equal([new Contact("ada", "slack", "s2"), new Contact("ada", "teams", "t1")], await Store.ContactsAsync("ada", Cancel));
    }

    [Fact]
    public async Task A_transcript_line_with_the_id_of_an_earlier_one_of_that_person_takes_its_place()
    {
        Task LineAsync(string person, string id, string json) => Store.CommitAsync(new Commit([], null, [], null, [new NewTranscriptLine(person, id, false, json, Noon)]), Cancel);
        await LineAsync("ada", "1", "a");
        await LineAsync("bo", "1", "b");
        await LineAsync("ada", "2", "c");
        var seen = (await Store.TranscriptAsync(null, 0, 10, Cancel))[^1].Sequence;
        await CrashAsync();
        await LineAsync("ada", "1", "d");
        var lines = await Store.TranscriptAsync("ada", 0, 10, Cancel);
        Assert.Equal(["c", "d"], lines.Select(l => l.Json));
        Assert.True(lines[1].Position < lines[0].Position && lines[1].Sequence > seen);
        Assert.Equal(["d"], (await Store.TranscriptAsync(null, seen, 10, Cancel)).Select(l => l.Json));
        Assert.Equal(["b", "c", "d"], (await Store.TranscriptAsync(null, 0, 10, Cancel)).Select(l => l.Json));
        Assert.Equal(["c"], (await Store.TranscriptAsync("ada", 0, 1, Cancel)).Select(l => l.Json));
    }

    [Fact]
    public async Task A_setting_is_kept()
    {
        await Store.SaveSettingAsync("clock-offset", "1.00:00:00", Cancel);
        await Store.SaveSettingAsync("clock-offset", "2.00:00:00", Cancel);
        await CrashAsync();
        Assert.Equal("2.00:00:00", await Store.SettingAsync("clock-offset", Cancel));
        await CloseAndOpenAsync();
        Assert.Equal("2.00:00:00", await Store.SettingAsync("clock-offset", Cancel));
    }

    public static TheoryData<string, string> HostileStrings => new()
    {
        { "", "x" },
        { "nul\0nul", "nul\0nul2" },
        { "😀", "😁" },
        { "case", "CASE" },
        { " padded ", "padded" },
        { "a\u001fb", "a" },
        { "é", "e\u0301" },
        { new string('x', 10_000), new string('x', 9_999) + "y" },
        { "'; DROP TABLE events; --", "$._id" },
    };

    [Theory]
    [MemberData(nameof(HostileStrings))]
    public async Task Any_string_can_be_an_id_and_no_two_are_taken_for_one(string one, string other)
    {
        foreach (var id in new[] { one, other })
        {
            Assert.Equal(CommitResult.Done, await Store.CommitAsync(new Commit(
                [Write(id, 0, Keys(id, id, name: id, owners: [id], waiting: [id], due: Noon))], new ConversationWrite(id, 0, "{}", new HandledTurn(id, null)),
                [Line(id, id)], new Contact(id, "teams", id), [new NewTranscriptLine(id, id, true, "{}", Noon)]), Cancel));
            await Store.SaveSettingAsync(id, id, Cancel);
            await Store.MarkAsync(new DeliveryMark("none", DeliveryState.Sent, Cards: [new SentCard(id, id, "teams", id, id, id, new CardSubject(id, id), Noon)]), Cancel);
        }
        Assert.Equal(2, (await DueAsync()).Length);
        for (var pass = 0; pass < 2; pass++)
        {
            if (pass == 1) await CloseAndOpenAsync();
            foreach (var id in new[] { one, other })
            {
                Assert.NotNull(await Store.SnapshotAsync(id, Cancel));
                Assert.Single(await Store.EventsAsync(id, Cancel));
                Assert.Single(await Store.FindAsync(new SnapshotQuery(AppId: id), Cancel));
                Assert.Single(await Store.FindAsync(new SnapshotQuery(Owner: id, Waiting: id), Cancel));
                Assert.Single(await Store.FindAsync(new SnapshotQuery(Kind: id, IsOpen: true), Cancel));
                Assert.NotNull(await Store.ConversationAsync(id, Cancel));
                Assert.Single(await Store.ContactsAsync(id, Cancel));
                Assert.Single(await Store.TranscriptAsync(id, 0, 10, Cancel));
                Assert.Single(await Store.SentCardsAsync(new CardSubject(id, id), id, Cancel));
                Assert.NotNull(await Store.SettingAsync(id, Cancel));
            }
            Assert.Equal(2, (await Store.StreamsAsync(null, 10, Cancel)).Count);
        }
    }

    [Fact]
    public async Task Text_that_is_not_well_formed_is_refused_and_harms_nobody_else()
    {
        var others = Enumerable.Range(0, 20).Select(i => SayAsync($"p{i}", 0, "{}")).ToList();
        await Assert.ThrowsAnyAsync<ArgumentException>(() => SayAsync("ada", 0, "{\"half\":\"\ud800\"}"));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => SayAsync("\ud800", 0, "{}"));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.MarkAsync(new DeliveryMark("\ud800", DeliveryState.Sent), Cancel));
        Assert.All(await Task.WhenAll(others), r => Assert.Equal(CommitResult.Done, r));
        Assert.Null(await Store.ConversationAsync("ada", Cancel));
    }

    [Fact]
    public async Task Many_turns_and_their_messages_survive_a_crash_at_any_point()
    {
        const int People = 25, Turns = 200;
        await Task.WhenAll(Enumerable.Range(0, People).Select(p => Task.Run(async () =>
        {
            for (var i = 0; i < Turns; i++)
            {
                await SayAsync($"p{p}", i, $"{{\"n\":{i}}}", $"t{i}", null, Line($"m{p}-{i}", $"p{p}"));
                // Every third message stays in the outbox
                if (i % 3 != 0) await Store.MarkAsync(new DeliveryMark($"m{p}-{i}", DeliveryState.Sent), Cancel);
            }
        }, Cancel)));
        await CrashAsync();
        for (var p = 0; p < People; p++)
        {
            var conversation = (await Store.ConversationAsync($"p{p}", Cancel))!;
            Assert.Equal((Turns, $"{{\"n\":{Turns - 1}}}", 64), (conversation.Version, conversation.Json, conversation.Handled.Count));
        }
        var left = 0;
        while (await DueAsync() is { Length: > 0 } due)
        {
            Assert.True(due.Length <= People);
            await Task.WhenAll(due.Select(id => Store.MarkAsync(new DeliveryMark(id, DeliveryState.Sent), Cancel)));
            left += due.Length;
        }
        Assert.Equal(People * ((Turns + 2) / 3), left);
    }
}
