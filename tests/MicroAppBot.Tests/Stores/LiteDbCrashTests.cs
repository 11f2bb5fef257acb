using System.Globalization;
using MicroAppBot.Desk;
using MicroAppBot.Stores.LiteDb;
using Microsoft.Extensions.Logging.Abstractions;

namespace MicroAppBot.Tests.Stores;

/// <summary>What only a second process can show.</summary>
public sealed class LiteDbCrashTests : IDisposable
{
    private readonly TestFolder _folders = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folders.Dispose();

    [Fact]
    public async Task Twelve_kills_lose_no_acknowledged_commit_and_leave_no_half_one()
    {
        const int Kills = 12;
        var folder = _folders.New();
        var random = new Random(20260302);
        var (turns, sent) = (new Dictionary<string, long>(), new Dictionary<string, long>());
        for (var kill = 0; kill < Kills; kill++)
        {
            using var child = StoreChild.Start("talk", folder);
            var lines = random.Next(1, 2500);
            while (lines-- > 0 && await child.StandardOutput.ReadLineAsync(Cancel) is { } line) Note(line);
            child.Kill();
            // What was acknowledged before the kill and lies in the pipe still counts
            while (await child.StandardOutput.ReadLineAsync(Cancel) is { } line) Note(line);
            await child.WaitForExitAsync(Cancel);

            await using var store = Open(folder);
            foreach (var (person, acknowledged) in turns)
            {
                var conversation = (await store.ConversationAsync(person, Cancel))!;
                var n = conversation.Version;
                Assert.True(n >= acknowledged, $"kill {kill}: {person} has {n} turns, {acknowledged} were acknowledged");
                Assert.Equal($"{{\"n\":{n}}}", conversation.Json);
                var snapshot = (await store.SnapshotAsync($"app-{person}", Cancel))!;
                Assert.Equal((n, conversation.Json), (snapshot.Version, snapshot.Json));
                Assert.Equal(n, (await store.EventsAsync($"app-{person}", Cancel)).Count);
                Assert.Equal(n, (await store.TranscriptAsync(person, 0, int.MaxValue, Cancel)).Count);
                Assert.Equal($"{n - 1}", Assert.Single(await store.ContactsAsync(person, Cancel)).Address);
            }
            Assert.Equal(turns.Count, (await store.StreamsAsync(null, 100, Cancel)).Count);
        }

        await using var last = Open(folder);
        var waiting = new HashSet<string>();
        while (await last.DueMessagesAsync(DateTimeOffset.MaxValue, 100, Cancel) is { Count: > 0 } due)
        {
            waiting.UnionWith(due.Select(m => m.Id));
            await Task.WhenAll(due.Select(m => last.MarkAsync(new DeliveryMark(m.Id, DeliveryState.Dropped), Cancel)));
        }
        foreach (var (person, n) in turns)
        {
            var version = (await last.ConversationAsync(person, Cancel))!.Version;
            for (var i = 1; i <= version; i++)
            {
                Assert.Contains($"{person}-{i}-b", waiting);
                // Killed between a commit and its mark a message stays; marked and acknowledged it must be gone
                if (i <= sent.GetValueOrDefault(person) && !_unmarked.Contains((person, i))) Assert.DoesNotContain($"{person}-{i}-a", waiting);
            }
        }

        void Note(string line)
        {
            var parts = line.Split(' ');
            if (parts is not [("turn" or "sent"), _, _]) throw new InvalidOperationException($"The child says: {line}");
            var n = long.Parse(parts[2], CultureInfo.InvariantCulture);
            if (parts[0] == "turn" && sent.GetValueOrDefault(parts[1]) < n - 1) _unmarked.Add((parts[1], n - 1));
            (parts[0] == "turn" ? turns : sent)[parts[1]] = n;
        }
    }

    private readonly HashSet<(string, long)> _unmarked = [];

    [Fact]
    public async Task A_second_process_is_refused_in_words_and_does_no_harm()
    {
        var folder = _folders.New();
        await using (var store = Open(folder))
        {
            await store.SaveSettingAsync("a", "1", Cancel);
            using var child = StoreChild.Start("open", folder);
            var said = await child.StandardOutput.ReadToEndAsync(Cancel);
            Assert.StartsWith("StoreInUseException: Another MicroAppBot has the data folder " + folder, said, StringComparison.Ordinal);
            Assert.Throws<StoreInUseException>(() => Open(folder));
            await store.SaveSettingAsync("a", "2", Cancel);
        }
        await using var again = Open(folder);
        Assert.Equal("2", await again.SettingAsync("a", Cancel));
    }

    [Fact]
    public async Task A_full_disk_fails_commits_and_loses_none_that_was_acknowledged()
    {
        var folder = _folders.New();
        using var child = StoreChild.Start("fill", folder, "trap '' XFSZ; ulimit -f 11000");
        var acknowledged = new List<string>();
        var faults = 0;
        while (await child.StandardOutput.ReadLineAsync(Cancel) is { } line)
        {
            if (line.StartsWith("turn ", StringComparison.Ordinal)) acknowledged.Add(line.Split(' ')[1]);
            if (line.StartsWith("fault ", StringComparison.Ordinal)) faults++;
        }
        await child.WaitForExitAsync(Cancel);
        Assert.True(acknowledged.Count > 100, $"only {acknowledged.Count} before the disk was full");
        Assert.Equal(3, faults);
        await using var store = Open(folder);
        foreach (var id in acknowledged) Assert.NotNull(await store.SnapshotAsync(id, Cancel));
        Assert.Equal(CommitResult.Done, await store.CommitAsync(new Commit([], new ConversationWrite("ada", 0, "{}", null), []), Cancel));
    }

    private static LiteDbStore Open(string folder) => LiteDbStore.Open(new LiteDbSettings(folder), TimeProvider.System, NullLogger<LiteDbStore>.Instance);
}
