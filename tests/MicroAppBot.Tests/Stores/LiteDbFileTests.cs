using LiteDB;
using MicroAppBot.Desk;
using MicroAppBot.Stores.LiteDb;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace MicroAppBot.Tests.Stores;

public sealed class LiteDbFileTests : IDisposable
{
    private readonly TestFolder _folders = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folders.Dispose();

    [Fact]
    public async Task A_commit_the_file_cannot_take_takes_no_other_with_it()
    {
        using var folder = new DataFolder(_folders.New());
        using (var thread = new StoreThread(folder, new LiteDbSettings(folder.Folder), _time, NullLogger.Instance))
        {
            using var gate = new ManualResetEventSlim();
            thread.Add(new Question<bool>((_, _) => { gate.Wait(Cancel); return true; }));
            var all = Enumerable.Range(0, 50).Select(i => new Writing<CommitResult>(1, batch =>
            {
                var result = batch.Take(new Commit([], new ConversationWrite($"p{i}", 0, "{}", null), []));
                return i == 25 ? throw new IOException("the disk says no") : result;
            })).ToList();
            // They arrive while the thread is busy, so that they are one batch
            foreach (var writing in all) thread.Add(writing);
            gate.Set();
            for (var i = 0; i < all.Count; i++)
            {
                if (i == 25) await Assert.ThrowsAsync<IOException>(() => all[25].Done);
                else Assert.Equal(CommitResult.Done, await all[i].Done);
            }
        }
        await using var store = LiteDbStore.Open(new LiteDbSettings(_folders.New()), _time, NullLogger<LiteDbStore>.Instance);
        using var again = new StoreThread(folder, new LiteDbSettings(folder.Folder), _time, NullLogger.Instance);
        for (var i = 0; i < 50; i++)
        {
            var question = new Question<StoredConversation?>((file, hot) => hot.Conversation($"p{i}") ?? Upkeep.Conversation(file, $"p{i}"));
            again.Add(question);
            Assert.Equal(i != 25, await question.Answered is not null);
        }
    }

    [Fact]
    public async Task A_damaged_file_is_named_kept_and_replaced_by_the_last_backup_when_asked()
    {
        var folder = _folders.New();
        string backup;
        await using (var store = Open(folder))
        {
            await store.CommitAsync(Say("ada", 0, "{\"n\":1}"), Cancel);
            backup = await store.BackupAsync(Cancel);
            await store.CommitAsync(Say("ada", 1, "{\"n\":2}"), Cancel);
        }
        var data = Path.Combine(folder, "microappbot.db");
        var bytes = await File.ReadAllBytesAsync(data, Cancel);
        new Random(1).NextBytes(bytes);
        await File.WriteAllBytesAsync(data, bytes, Cancel);

        var fault = Assert.Throws<StoreDamagedException>(() => Open(folder));
        Assert.Contains(data, fault.Message, StringComparison.Ordinal);
        Assert.Contains(backup, fault.Message, StringComparison.Ordinal);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(data, Cancel));

        await using var restored = LiteDbStore.Open(new LiteDbSettings(folder) { RestoreLastBackup = true }, _time, NullLogger<LiteDbStore>.Instance);
        Assert.Equal("{\"n\":1}", (await restored.ConversationAsync("ada", Cancel))!.Json);
        var kept = Assert.Single(Directory.GetFiles(folder, "*.damaged-*"), f => !f.EndsWith(".log", StringComparison.Ordinal));
        Assert.Equal(bytes, await File.ReadAllBytesAsync(kept, Cancel));
    }

    [Fact]
    public async Task The_store_backs_itself_up_daily_and_keeps_the_last_few()
    {
        var folder = _folders.New();
        await using var store = LiteDbStore.Open(new LiteDbSettings(folder) { KeepBackups = 3 }, _time, NullLogger<LiteDbStore>.Instance);
        string[] Backups() => Directory.Exists(Path.Combine(folder, "backups")) ? [.. Directory.GetFiles(Path.Combine(folder, "backups")).Order()] : [];
        for (var day = 0; day < 6; day++)
        {
            await store.CommitAsync(Say("ada", day * 2, $"{{\"n\":{day}}}"), Cancel);
            await store.CommitAsync(Say("ada", day * 2 + 1, $"{{\"n\":{day}}}"), Cancel);
            // A question waits until what comes after the write is done
            await store.TotalsAsync(Cancel);
            Assert.Equal(Math.Min(day, 3), Backups().Length);
            _time.Advance(TimeSpan.FromDays(1));
        }
        var copy = _folders.New();
        File.Copy(Backups()[^1], Path.Combine(copy, "microappbot.db"));
        await using var fromBackup = Open(copy);
        Assert.True((await fromBackup.ConversationAsync("ada", Cancel))!.Version >= 11);
    }

    [Fact]
    public async Task A_store_that_is_restarted_every_few_hours_is_backed_up_all_the_same()
    {
        var folder = _folders.New();
        for (var i = 0; i < 8; i++)
        {
            await using var store = Open(folder);
            await store.CommitAsync(Say("ada", i, "{}"), Cancel);
            await store.TotalsAsync(Cancel);
            _time.Advance(TimeSpan.FromHours(5));
        }
        Assert.Single(Directory.GetFiles(Path.Combine(folder, "backups")));
    }

    [Fact]
    public async Task Heads_are_anchored_at_the_first_write_of_a_day()
    {
        await using var store = Open(_folders.New());
        Task WriteAsync(string stream, long version) => store.CommitAsync(
            new Commit([new StreamWrite(stream, version, ["{}"], "{}", new SnapshotKeys("app", "active", true, "", [], [], stream, null))], null, []), Cancel);
        await WriteAsync("app-1", 0);
        await WriteAsync("app-2", 0);
        Assert.Empty(await store.AnchorsAsync(Cancel));
        _time.Advance(TimeSpan.FromDays(1));
        await WriteAsync("app-1", 1);
        _time.Advance(TimeSpan.FromDays(1));
        await store.CommitAsync(Say("ada", 0, "{}"), Cancel);
        await store.CommitAsync(Say("ada", 1, "{}"), Cancel);
        var anchors = await store.AnchorsAsync(Cancel);
        Assert.Equal([("app-1", 1L), ("app-2", 1L)], anchors[0].Heads.Select(h => (h.StreamId, h.Version)));
        Assert.Equal([("app-1", 2L)], anchors[1].Heads.Select(h => (h.StreamId, h.Version)));
        Assert.Equal((2, AuditChain.Start, anchors[0].Hash), (anchors.Count, anchors[0].PreviousHash, anchors[1].PreviousHash));
        Assert.All(anchors, a => Assert.Equal(AuditChain.AnchorHash(a.Number, a.At, a.Heads, a.PreviousHash), a.Hash));
    }

    [Theory]
    [InlineData("$.due[*] ANY <= 5", "due")]
    [InlineData("$.due[*] ANY > 0", "due")]
    [InlineData("$.names[*] ANY = 'x'", "names")]
    [InlineData("$.apps[*] ANY = 'x'", "apps")]
    [InlineData("$.owners[*] ANY = 'x'", "owners")]
    [InlineData("$.waiting[*] ANY = 'x'", "waiting")]
    [InlineData("$.list BETWEEN 'a' AND 'b'", "list")]
    [InlineData("$._id BETWEEN 'a' AND 'b'", "_id")]
    [InlineData("$._id > 'a'", "_id")]
    [InlineData("$.q > 5", "q")]
    public void Each_question_has_an_index(string expression, string index)
    {
        using var folder = new DataFolder(_folders.New());
        using var file = new LiteDbFile(folder);
        for (var i = 0; i < 100; i++) file.Snapshots.Insert(Documents.Of(new StoredSnapshot($"app-{i}", 1, "{}", new SnapshotKeys("app", "s", true, $"n{i}", ["x"], ["y"], $"{i}", null)), "", i));
        var plan = file.Snapshots.Query().Where(BsonExpression.Create(expression)).GetPlan();
        Assert.Equal(index, plan["index"]["name"].AsString);
        Assert.StartsWith("INDEX", plan["index"]["mode"].AsString, StringComparison.Ordinal);
        Assert.DoesNotContain("FULL", plan["index"]["mode"].AsString, StringComparison.Ordinal);
    }

    private LiteDbStore Open(string folder) => LiteDbStore.Open(new LiteDbSettings(folder), _time, NullLogger<LiteDbStore>.Instance);

    private static Commit Say(string person, long expected, string json) => new([], new ConversationWrite(person, expected, json, null), []);
}
