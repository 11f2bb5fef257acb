using Governance.Apps;
using Governance.Catalogue;
using Governance.Manifests;
using Governance.Requests;
using Governance.Verdicts;
using LiteDB;
using MicroAppBot.Commands;
using MicroAppBot.Desk;
using MicroAppBot.Stores.LiteDb;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace MicroAppBot.Tests.Stores;

/// <summary>Whoever changes the file afterwards is found out, and where. The streams are real ones: requests and apps as the desk writes them.</summary>
public sealed class AuditTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    private static readonly Manifest Lunch = new(
        new AppSection("lunch", "Lunch", "Pick a place", "internal-dashboard", DataClass.Internal, "marketing", null, "ada", "bo", "MKT-120"),
        new DataSection(["internal-documents"], ["eu"]), [], new NetworkSection([], true), "internal-eu", new Dictionary<string, string>(), new AccessSection([]),
        new LifecycleSection(30), new CostSection(50m, 12.5m));

    private static readonly PolicyReport Report = new(true, [], new Risk(RiskTier.Low, 5, []), [], "r1");

    private readonly TestFolder _folders = new();
    private readonly FakeTimeProvider _time = new(Noon);
    private readonly string _folder;

    public AuditTests() => _folder = _folders.New();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folders.Dispose();

    [Fact]
    public async Task A_trail_that_nobody_touched_fits_and_verifying_changes_nothing()
    {
        await WriteTrailAsync();
        var (code, said, _) = await VerifyAsync();
        Assert.Equal(0, code);
        Assert.StartsWith("Everything fits: 6 streams, 18 events, 6 stored states, 1 daily anchor.", said, StringComparison.Ordinal);
        Assert.Equal((code, said, ""), await VerifyAsync());
    }

    [Fact]
    public async Task The_running_bot_verifies_while_others_write()
    {
        await WriteTrailAsync();
        await using var store = Open();
        var writing = Task.Run(async () =>
        {
            for (var i = 100; i < 300; i++) await WriteAppAsync(store, $"{i}");
        }, Cancel);
        var (checks, last) = (0, false);
        while (!last)
        {
            last = writing.IsCompleted;
            var report = await new AuditVerifier(store, AuditFolds.Governance).VerifyAsync(Cancel);
            Assert.True(report.IsSound, report.InWords());
            checks++;
        }
        await writing;
        Assert.True(checks > 1);
    }

    [Fact]
    public Task A_changed_event_shows() => TamperedAsync(
        file => Change(file.Events, Key.Of("app-2", 2), d => d["j"] = d["j"].AsString.Replace("app-went-live", "app-resumed", StringComparison.Ordinal)),
        "app-2: event 2 of 2026-03-02 12:00:00 UTC was changed after it was written");

    [Fact]
    public Task A_changed_event_whose_hash_was_made_to_fit_breaks_the_chain() => TamperedAsync(file => Change(file.Events, Key.Of("app-2", 1), d =>
    {
        d["j"] = d["j"].AsString.Replace("\"lunch\"", "\"dinner\"", StringComparison.Ordinal);
        d["h"] = AuditChain.EventHash("app-2", 1, Documents.Time(d["t"]), d["j"].AsString, d["p"].AsString);
    }), "app-2: event 2 of 2026-03-02 12:00:00 UTC does not follow from the one before it");

    [Fact]
    public Task A_stream_that_was_written_anew_shows_in_the_anchor() => TamperedAsync(file =>
    {
        var previous = AuditChain.Start;
        foreach (var d in Queries.Under(file.Events, "app-2").ToList())
        {
            d["j"] = d["j"].AsString.Replace("\"lunch\"", "\"dinner\"", StringComparison.Ordinal);
            d["p"] = previous;
            d["h"] = previous = AuditChain.EventHash("app-2", d["v"].AsInt64, Documents.Time(d["t"]), d["j"].AsString, previous);
            file.Events.Update(d);
        }
    }, "app-2: event 3 is not the one that anchor 1 held", "app-2: its stored state is not what its events add up to");

    [Fact]
    public Task A_time_that_was_changed_shows() => TamperedAsync(
        file => Change(file.Events, Key.Of("request-1", 1), d => d["t"] = d["t"].AsInt64 - TimeSpan.TicksPerDay), "request-1: event 1 of 2026-03-01 12:00:00 UTC was changed after it was written");

    [Fact]
    public Task A_removed_event_shows() => TamperedAsync(
        file => file.Events.Delete(Key.Of("app-2", 2)), "app-2: event 2 is missing", "app-2: its stored state is that after 3 events, and 2 are there", "the store: 18 events were written, and 17 are there");

    [Fact]
    public Task A_removed_last_event_shows() => TamperedAsync(
        file => file.Events.Delete(Key.Of("app-2", 3)), "app-2: event 3, which anchor 1 held, is missing", "app-2: its stored state is that after 3 events, and 2 are there");

    [Fact]
    public Task A_removed_stream_shows_in_the_anchor() => TamperedAsync(
        file => Remove(file, "app-2"), "app-2: the whole stream is missing; anchor 1 held it with 3 events", "the store: 6 streams were written, and 5 are there");

    [Fact]
    public Task A_removed_stream_that_no_anchor_holds_yet_shows_in_the_count() => TamperedAsync(
        file => Remove(file, "app-3"), "the store: 6 streams were written, and 5 are there");

    [Fact]
    public Task An_event_that_was_put_in_shows() => TamperedAsync(file =>
    {
        var last = file.Events.FindById(Key.Of("app-2", 3));
        var hash = AuditChain.EventHash("app-2", 4, Noon, "{}", last["h"].AsString);
        file.Events.Insert(Documents.Of(new StoredEvent("app-2", 4, Noon, "{}", last["h"].AsString, hash)));
    }, "app-2: its stored state is that after 3 events, and 4 are there", "the store: 18 events were written, and 19 are there");

    [Fact]
    public Task A_changed_state_shows() => TamperedAsync(
        file => Change(file.Snapshots, "app-2", d => d["j"] = d["j"].AsString.Replace("2026-04-01", "2027-04-01", StringComparison.Ordinal)), "app-2: its stored state is not what its events add up to");

    [Fact]
    public Task A_state_that_is_listed_as_another_shows() => TamperedAsync(
        file => Change(file.Snapshots, "app-2", d => d["state"] = "archived"), "app-2: it is listed as archived, and its events make it active");

    [Fact]
    public Task A_removed_state_shows() => TamperedAsync(file => file.Snapshots.Delete("app-2"), "app-2: its stored state is missing; there are 3 events");

    [Fact]
    public Task A_changed_anchor_shows() => TamperedAsync(
        file => Change(file.Anchors, 1L, d => d["heads"].AsArray.RemoveAt(0)), "anchor 1 of 2026-03-03 12:00:00 UTC: it was changed after it was written");

    [Fact]
    public async Task Bytes_changed_in_the_file_are_found_or_do_no_harm_and_are_never_an_outage()
    {
        await WriteTrailAsync();
        var path = Path.Combine(_folder, "microappbot.db");
        var whole = await File.ReadAllBytesAsync(path, Cancel);
        var found = 0;
        for (var at = 8192; at < whole.Length; at += 1777)
        {
            var changed = (byte[])whole.Clone();
            changed.AsSpan(at, Math.Min(24, changed.Length - at)).Fill(0xEE);
            await File.WriteAllBytesAsync(path, changed, Cancel);
            var (code, said, errors) = await VerifyAsync();
            Assert.InRange(code, 0, 1);
            Assert.False(string.IsNullOrWhiteSpace(said + errors));
            Assert.DoesNotContain("Unhandled exception", errors, StringComparison.Ordinal);
            found += code;
        }
        Assert.NotEqual(0, found);
    }

    [Fact]
    public async Task Without_a_store_it_says_where_it_looked_and_makes_nothing()
    {
        var nowhere = Path.Combine(_folder, "nowhere");
        var (code, _, errors) = await VerifyAsync(nowhere);
        Assert.Equal(2, code);
        Assert.Contains(nowhere, errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(nowhere));
    }

    [Fact]
    public async Task When_a_bot_has_the_folder_and_does_not_answer_it_says_so()
    {
        await using var store = Open();
        var (code, _, errors) = await VerifyAsync();
        Assert.Equal(2, code);
        Assert.Contains("A bot has the data folder", errors, StringComparison.Ordinal);
    }

    /// <summary>Three requests with their apps; the first two are anchored.</summary>
    private async Task WriteTrailAsync()
    {
        await using var store = Open();
        await WriteAppAsync(store, "1");
        await WriteAppAsync(store, "2");
        _time.Advance(TimeSpan.FromDays(1));
        await WriteAppAsync(store, "3");
    }

    private static async Task WriteAppAsync(LiteDbStore store, string id)
    {
        var hash = ManifestHash.Of(Lunch);
        var file = new RequestFile($"{id}", RequestKind.Create, id, "ada", Lunch, hash, null, Report, "we are hungry", Noon, 1);
        RequestEvent[] asked = [new RequestSubmitted(file, Noon), new SeatsAsked([], [], Report, Noon.AddDays(10), Noon), new RequestGranted(Report, Noon)];
        AppEvent[] lived = [new AppGranted(id, id, Lunch, hash, Report, Noon.AddDays(30), Noon), new AppWentLive(Noon), new CostReported(new DateOnly(2026, 3, 2), 1.50m, null, Noon)];
        var request = asked.Aggregate((Request?)null, RequestDecider.Evolve)!;
        var app = lived.Aggregate((MicroApp?)null, AppDecider.Evolve)!;
        var result = await store.CommitAsync(new Commit(
            [
                new StreamWrite($"request-{id}", 0, [.. asked.Select(e => Record(System.Text.Json.JsonSerializer.SerializeToNode(e, DeskJson.Options)!))], DeskJson.Write(request),
                    new SnapshotKeys("request", Streams.StateName(request), false, "", ["ada"], [], id, null)),
                new StreamWrite($"app-{id}", 0, [.. lived.Select(e => Record(System.Text.Json.JsonSerializer.SerializeToNode(e, DeskJson.Options)!))], DeskJson.Write(app),
                    new SnapshotKeys("app", Streams.StateName(app), true, $"lunch{id}", ["ada"], [], id, null)),
            ], null, []), Cancel);
        Assert.Equal(CommitResult.Done, result);

        static string Record(System.Text.Json.Nodes.JsonNode happened) => DeskJson.Write(new EventRecord("ada", new ChannelAccount("teams", "aad-1"), "teams:1", "r1", Noon, happened));
    }

    private async Task TamperedAsync(Action<LiteDbFile> tamper, params string[] expected)
    {
        await WriteTrailAsync();
        using (var folder = new DataFolder(_folder))
        using (var file = new LiteDbFile(folder))
        {
            tamper(file);
            file.Checkpoint();
        }
        var (code, said, _) = await VerifyAsync();
        Assert.Equal(1, code);
        foreach (var line in expected) Assert.Contains("  " + line + "\n", said, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Said, string Errors)> VerifyAsync(string? folder = null)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Data:Folder"] = folder ?? _folder, ["Urls"] = "http://127.0.0.1:1" }).Build();
        using var output = new StringWriter { NewLine = "\n" };
        using var errors = new StringWriter { NewLine = "\n" };
        var code = await AuditCommand.Create(settings).Parse(["verify"]).InvokeAsync(new() { Output = output, Error = errors }, Cancel);
        return (code, output.ToString().ReplaceLineEndings("\n"), errors.ToString());
    }

    private LiteDbStore Open() => LiteDbStore.Open(new LiteDbSettings(_folder), _time, NullLogger<LiteDbStore>.Instance);

    private static void Change(ILiteCollection<BsonDocument> collection, BsonValue id, Action<BsonDocument> change)
    {
        var document = collection.FindById(id);
        var before = document.ToString();
        change(document);
        Assert.NotEqual(before, document.ToString());
        Assert.True(collection.Update(document));
    }

    private static void Remove(LiteDbFile file, string streamId)
    {
        foreach (var d in Queries.Under(file.Events, streamId).ToList()) file.Events.Delete(d["_id"]);
        file.Snapshots.Delete(streamId);
    }
}
