using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using MicroAppBot.Desk;
using MicroAppBot.Stores.LiteDb;
using MicroAppBot.Tests.Doubles;
using Microsoft.Extensions.Logging.Abstractions;

namespace MicroAppBot.Tests.Journeys;

/// <summary>
/// The program is killed with -9 again and again while people live their journeys. <c>MICROAPPBOT_KILLS</c> says how often
/// (50 where it is not set), <c>MICROAPPBOT_SEED</c> repeats the same dice.
/// </summary>
public sealed class KilledAtAnyMoment(ITestOutputHelper output)
{
    private static readonly string[] Builders = ["ada.keller", "jonas.lindqvist", "priya.raman", "tomas.novak", "mateo.garcia"];
    private static readonly string[] Approvers = ["miriam.osei", "grace.okafor", "ines.almeida", "sofia.rossi", "helen.marsh", "samuel.cohen", "yuki.tanaka"];

    private readonly ConcurrentDictionary<string, string> _live = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _said = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, decimal> _spent = new(StringComparer.Ordinal);
    private int _steps;
    private volatile bool _noMore;
    private volatile bool _allDone;

    /// <summary>On a machine that does much else, fewer kills are enough.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Nothing_acknowledged_is_lost_nothing_is_doubled_and_the_audit_trail_holds()
    {
        var kills = Number("MICROAPPBOT_KILLS", 50);
        Assert.SkipWhen(kills == 0, "MICROAPPBOT_KILLS=0: the kill test is left out of this run.");
        var seed = Number("MICROAPPBOT_SEED", Environment.TickCount & 0xFFFFFF);
        output.WriteLine($"{kills} kills, MICROAPPBOT_SEED={seed}");
        await using var office = await Office.OpenAsync();

        var people = Builders.Concat(Approvers).ToDictionary(id => id, id => new StubbornPerson(id, office.Teams(id), office.Connector, () => Interlocked.Increment(ref _steps)));
        var building = Builders.Select((id, n) => Task.Run(() => BuildAsync(people[id], new Random(seed + n)))).ToArray();
        var approving = Approvers.Select(id => Task.Run(() => ApproveAsync(people[id]))).ToArray();
        var passing = Task.Run(() => PassTimeAsync(office, new Random(seed - 1)));
        var work = Task.WhenAll(building.Concat(approving).Append(passing));

        try
        {
            await LiveAsync(office, people, building, work, kills, seed);
        }
        catch
        {
            await TellWhereItStandsAsync(office);
            throw;
        }
    }

    private async Task LiveAsync(Office office, IReadOnlyDictionary<string, StubbornPerson> people, Task[] building, Task work, int kills, int seed)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var dice = new Random(seed);
        for (var kill = 1; kill <= kills && !work.IsFaulted && watch.Elapsed < Longest; kill++)
        {
            // Teams has its bad moments at the same time: nothing of these calls arrives
            if (dice.Next(6) == 0) office.Connector.Then(BadDay.Throttled(1), BadDay.Answering(503));
            await WorkGoesOnAsync(office, dice.Next(1, 40), work);
            await Task.Delay(dice.Next(0, 20));
            await office.Bot.KillAsync();
            // Now and then it does not even come up again
            if (dice.Next(12) == 0)
            {
                office.Bot.Launch();
                await Task.Delay(dice.Next(50, 900));
                await office.Bot.KillAsync();
                kill++;
            }
            await office.Bot.StartAgainAsync();
        }
        output.WriteLine($"killed for {watch.Elapsed.TotalSeconds:F0} s");
        _noMore = true;
        await Task.WhenAll(building);
        _allDone = true;
        await work;

        // All that was said and pressed is there, each thing once
        await office.AdvanceAsync(TimeSpan.Zero);
        var apps = await office.AppsAsync();
        var requests = await office.RequestsAsync();
        Assert.Equal(_live.Keys.Order(), apps.Select(a => (string)a["name"]!).Order());
        Assert.All(apps, a => Assert.Equal(
            ("active", _live[(string)a["name"]!], _spent.GetValueOrDefault((string)a["name"]!)),
            ((string)a["state"]!, (string)a["owner"]!, (decimal)a["spend_usd"]!)));
        Assert.Equal(_live.Keys.Order(), requests.Select(r => (string)r["name"]!).Order());
        Assert.All(requests, r => Assert.Equal("granted", (string)r["state"]!));
        Assert.Equal(_live.Count, office.CatalogueCommits().Count(c => c.StartsWith("Grant", StringComparison.Ordinal)));
        foreach (var (words, id) in _said) Assert.Single(people[id].Inbox.Where(s => s.Says($"“{words}”")).Select(s => s.OurId).Distinct());
        foreach (var (name, id) in _live) Assert.Single(people[id].Inbox.Where(s => IsLive(s, name)).Select(s => s.OurId).Distinct());
        // Half of the cap of 50 was told once, where it was reached
        foreach (var (name, id) in _live)
        {
            var title = (string)apps.Single(a => (string)a["name"]! == name)["title"]!;
            var alerts = people[id].Inbox.Where(s => s.Says($"{title} has spent") && IsAbout(s, apps, name)).DistinctBy(s => s.OurId).ToList();
            Assert.True(alerts.Count == (_spent.GetValueOrDefault(name) >= 25 ? 1 : 0), $"{name} spent {_spent.GetValueOrDefault(name)} and was told {alerts.Count} times:\n{string.Join("\n--\n", alerts)}");
        }

        // Repeated at most once, under the same id, and no more often than it was killed
        var sent = office.Connector.Posts.GroupBy(p => p.OurId).ToDictionary(g => g.Key ?? "", g => g.ToList());
        Assert.DoesNotContain("", sent.Keys);
        Assert.All(sent.Values, same => Assert.True(same.Count <= 2 && same.Select(p => p.ConversationId).Distinct().Count() == 1, $"{same.Count} times: {same[0].Words}"));
        var repeats = sent.Values.Sum(same => same.Count - 1);
        Assert.InRange(repeats, 0, kills);
        output.WriteLine($"{people.Values.Sum(p => p.Acknowledged.Count)} turns acknowledged, {sent.Count} messages, {repeats} of them repeated, {apps.Count} apps live");

        await office.Bot.KillAsync();
        var (exit, told) = await office.Bot.RunAsync("audit", "verify");
        output.WriteLine(told);
        Assert.True(exit == 0, told);
        await using var store = LiteDbStore.Open(new LiteDbSettings(office.Bot.DataFolder), TimeProvider.System, NullLogger<LiteDbStore>.Instance);
        Assert.Null(await store.NextMessageAsync());
        Assert.Empty(await store.BouncedAsync(10));
    }

    /// <summary>What somebody needs who has to find out why it failed: what was granted, what lies in the outbox, what the bot complained of.</summary>
    private async Task TellWhereItStandsAsync(Office office)
    {
        _noMore = _allDone = true;
        output.WriteLine("== log, last lines");
        foreach (var line in office.Bot.Log.Split('\n').TakeLast(150)) output.WriteLine(line);
        await office.Bot.KillAsync();
        await using var store = LiteDbStore.Open(new LiteDbSettings(office.Bot.DataFolder), TimeProvider.System, NullLogger<LiteDbStore>.Instance);
        output.WriteLine("== requests and apps that are not through");
        foreach (var snapshot in (await store.FindAsync(new SnapshotQuery(Limit: int.MaxValue))).Where(s => s.Keys.State is not ("granted" or "active")))
        {
            output.WriteLine($"{snapshot.StreamId} {snapshot.Keys.State}: {snapshot.Json}");
        }
        output.WriteLine("== outbox");
        foreach (var message in await store.DueMessagesAsync(DateTimeOffset.MaxValue, 1000)) output.WriteLine(message.ToString());
        output.WriteLine("== bounced");
        foreach (var bounced in await store.BouncedAsync(100)) output.WriteLine(bounced.ToString());
        output.WriteLine("== locks in the catalogue");
        foreach (var left in Directory.EnumerateFiles(Path.Combine(office.Bot.DataFolder, "catalogue.git"), "*.lock", SearchOption.AllDirectories)) output.WriteLine(left);
        output.WriteLine("== catalogue");
        foreach (var commit in office.CatalogueCommits()) output.WriteLine(commit);
    }

    /// <summary>Lets the people and the bot get some steps further, however long that takes; or not at all.</summary>
    private async Task WorkGoesOnAsync(Office office, int steps, Task work)
    {
        int Now() => Volatile.Read(ref _steps) + office.Connector.Calls.Count;
        var until = Now() + steps;
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (Now() < until && !work.IsFaulted && !late.IsCancellationRequested) await Task.Delay(2);
    }

    /// <summary>Talks, asks for apps and follows each through until it is live.</summary>
    private async Task BuildAsync(StubbornPerson person, Random dice)
    {
        for (var n = 1; !_noMore; n++)
        {
            var mark = $"{person.Id.Split('.')[0]}-{n}";
            if (dice.Next(3) == 0)
            {
                var words = $"zwql {mark} frmpf";
                await person.SayAsync(words);
                _said[words] = person.Id;
                await person.SeesAsync(s => s.Says($"“{words}”"), $"an answer to {words}");
                continue;
            }
            var before = person.Inbox.Count;
            await person.SayAsync(dice.Next(3) == 0 ? $"{Asking.Customers} in the EU" : $"{Asking.Campaigns} in the EU");
            var summary = await person.SeesAsync(s => s.Offers("intake.submit") && person.Inbox.Skip(before).Any(i => i.MessageId == s.MessageId), "the summary");
            var question = await person.PressAsync(summary, "Change Short name");
            summary = await person.PressAsync(question, "intake.answer", new JsonObject { ["name"] = mark });
            Assert.True(summary.Offers("intake.submit"), $"{mark}: {summary}");
            var filed = await person.PressAsync(summary, "intake.submit");
            Assert.True(filed.Says("Approved") || filed.Says("Waiting for"), $"{mark}: {filed}");
            _live[mark] = person.Id;
            await person.SeesAsync(s => IsLive(s, mark), $"{mark} live");
        }
    }

    /// <summary>Time passes, and what the apps cost is reported: each report until it is taken.</summary>
    private async Task PassTimeAsync(Office office, Random dice)
    {
        // One day's figures, also when the clock is moved over midnight on the way
        DateTimeOffset? day = null;
        while (!_noMore)
        {
            // So slow that no month passes while something else is waited for
            await Task.Delay(10);
            await InsistAsync(() => office.AdvanceAsync(TimeSpan.FromSeconds(5)));
            await InsistAsync(async () => day ??= await office.NowAsync());
            if (_live.Keys.ToList() is not { Count: > 0 } names) continue;
            var (name, amount) = (names[dice.Next(names.Count)], dice.Next(1, 38));
            // A day's figure only grows
            if (_spent.GetValueOrDefault(name) >= amount) continue;
            var taken = false;
            await InsistAsync(async () => taken = (bool)(await office.CostsAsync(name, day!.Value, amount, forecast: 40))["taken"]!);
            // Asked for and approved, and not yet granted: then it has no costs
            if (taken) _spent[name] = amount;
        }
    }

    private static async Task InsistAsync(Func<Task> act)
    {
        while (true)
        {
            try
            {
                await act();
                return;
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                await Task.Delay(20);
            }
        }
    }

    private static bool IsAbout(Seen seen, IReadOnlyList<JsonObject> apps, string name) =>
        (string?)seen.Button("app.show")?["data"]?["app"] == (string)apps.Single(a => (string)a["name"]! == name)["id"]!;

    /// <summary>Approves whatever card still asks for it.</summary>
    private async Task ApproveAsync(StubbornPerson person)
    {
        while (!_allDone)
        {
            foreach (var card in person.Inbox.Where(s => s.Offers("request.approve")))
            {
                var answer = await person.PressAsync(card, "request.approve");
                Assert.False(answer.Offers("request.approve"), $"{person.Id}: {answer}");
            }
            await Task.Delay(20);
        }
    }

    private static bool IsLive(Seen seen, string app) => seen.Offers("app.archive") && seen.Words.Split('\n').Contains($"Short name: {app}");

    private static int Number(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
