using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LibGit2Sharp;
using MicroAppBot.Tests.Doubles;
using MicroAppBot.Tests.Doubles.Slack;
using MicroAppBot.Tests.Stores;

namespace MicroAppBot.Tests.Journeys;

/// <summary>The channel a journey is played in.</summary>
public enum Over
{
    Teams,
    Console,

    /// <summary>Slack's signed requests.</summary>
    Slack,

    /// <summary>Slack's Socket Mode.</summary>
    SlackSocket,

    /// <summary>Business owners in Teams, everybody else in Slack.</summary>
    Mixed,
}

/// <summary>The whole of it: the bot as a process with its data, the connector, and everybody of the shipped directory.</summary>
internal sealed class Office : IAsyncDisposable
{
    private readonly TestFolder _folder;
    private readonly ConcurrentDictionary<string, IPerson> _people = new(StringComparer.Ordinal);
    private readonly JsonObject _directory = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "policies", "people", "data.json")))!.AsObject();

    private readonly Over _over;

    private readonly FakeSlack? _slack;

    private Office(TestFolder folder, BotProcess bot, FakeConnector connector, FakeSlack? slack, Over over) => (_folder, Bot, Connector, _slack, _over) = (folder, bot, connector, slack, over);

    public BotProcess Bot { get; }

    public FakeConnector Connector { get; }

    /// <summary>Where this office uses Slack.</summary>
    public FakeSlack Slack => _slack ?? throw new InvalidOperationException("There is no Slack in this office.");

    /// <summary>Opens on a Monday, 09:00 UTC, so that the same things are due on whatever day the tests run; everybody has the app in their chats.</summary>
    /// <param name="settings">Further settings, as environment variables.</param>
    public static async Task<Office> OpenAsync(Over over = Over.Teams, IReadOnlyDictionary<string, string>? settings = null)
    {
        var folder = new TestFolder();
        var connector = await FakeConnector.StartAsync();
        var slack = over is Over.Slack or Over.SlackSocket or Over.Mixed ? await FakeSlack.StartAsync() : null;
        var office = new Office(folder, await BotProcess.StartAsync(folder.New(), With(SettingsFor(slack, over), settings)), connector, slack, over);
        if (slack is not null) await office.JoinAsync(slack);
        await office.UntilAsync(NextMonday(await office.NowAsync()));
        if (over is Over.Teams or Over.Mixed) await office.InstallAsync();
        return office;
    }

    public async ValueTask DisposeAsync()
    {
        await Bot.DisposeAsync();
        await Connector.DisposeAsync();
        if (_slack is not null) await _slack.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Somebody of the directory, in the channel this office uses.</summary>
    public IPerson Person(string id) => _people.GetOrAdd(id, _ => IsInTeams(id) ? new TeamsPerson(id, Teams(id), Connector) : _over == Over.Console ? new ConsolePerson(id, Bot.Http) : InSlack(id));

    public SlackPerson InSlack(string id) => new(id, SlackUser(id), Slack, NowAsync);

    public SlackUser SlackUser(string id)
    {
        var person = _directory[id] ?? throw new ArgumentException($"{id} is not in the directory.");
        return Slack.User((string)person["accounts"]!["slack"]!, (string)person["name"]!, (string)person["email"]!);
    }

    public TeamsUser Teams(string id)
    {
        var person = _directory[id] ?? throw new ArgumentException($"{id} is not in the directory.");
        return new TeamsUser(Bot.Http, Connector, person["accounts"]!["teams"]!.GetValue<string>(), person["name"]!.GetValue<string>());
    }

    public async Task<DateTimeOffset> NowAsync() => await MoveAsync(TimeSpan.Zero);

    public Task AdvanceAsync(int days) => MoveAsync(TimeSpan.FromDays(days));

    public Task AdvanceAsync(TimeSpan by) => MoveAsync(by);

    /// <summary>Moves the clock to a moment; what was due on the way is done and told when it returns.</summary>
    public async Task UntilAsync(DateTimeOffset moment)
    {
        var now = await NowAsync();
        if (moment > now) await MoveAsync(moment - now);
    }

    public async Task<IReadOnlyList<JsonObject>> AppsAsync() => [.. (await GetAsync("/api/apps"))["apps"]!.AsArray().Select(a => a!.AsObject())];

    public async Task<JsonObject> AppAsync(string name) => (await AppsAsync()).Single(a => a["name"]!.GetValue<string>() == name);

    public async Task<IReadOnlyList<JsonObject>> RequestsAsync() => [.. (await GetAsync("/api/requests"))["requests"]!.AsArray().Select(a => a!.AsObject())];

    /// <summary>Who is asked by the request that is open, by role.</summary>
    public async Task<IReadOnlyDictionary<string, IPerson>> AskedAsync() => (await RequestsAsync())
        .Single(r => (string)r["state"]! == "awaiting-approval")["seats"]!.AsArray()
        .ToDictionary(s => (string)s!["role"]!, s => Person((string)s!["asked"]!));

    /// <summary>The two who have to sign a request of medium risk that is open.</summary>
    public async Task<(IPerson Business, IPerson Security)> SignersAsync() =>
        await AskedAsync() is var asked ? (asked["business-owner"], asked["security"]) : default;

    /// <summary>Somebody else who holds the role.</summary>
    public IPerson Other(string role, IPerson than) =>
        Person(_directory.First(p => p.Key != than.Id && p.Value!["roles"]!.AsArray().Any(r => (string)r! == role)).Key);

    public string Name(IPerson person) => (string)_directory[person.Id]!["name"]!;

    public async Task<JsonObject> GetAsync(string path)
    {
        using var answer = await Bot.Http.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsObject();
    }

    /// <summary>Reports what an app cost on a day.</summary>
    public async Task<JsonObject> CostsAsync(string app, DateTimeOffset day, decimal amount, decimal? forecast = null)
    {
        using var answer = await Bot.Http.PostAsJsonAsync("/api/costs", new { app, date = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), amount, currency = "USD", forecast });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["results"]![0]!.AsObject();
    }

    /// <summary>A file of an app in the catalogue as it is on its main branch; null when there is none.</summary>
    public string? CatalogueFile(string app, string file)
    {
        using var repository = new Repository(Path.Combine(Bot.DataFolder, "catalogue.git"));
        return (repository.Head.Tip?[$"apps/{app}/{file}"]?.Target as Blob)?.GetContentText();
    }

    /// <summary>The first lines of all commits, latest first.</summary>
    public IReadOnlyList<string> CatalogueCommits()
    {
        using var repository = new Repository(Path.Combine(Bot.DataFolder, "catalogue.git"));
        return [.. repository.Commits.Select(c => c.MessageShort)];
    }

    private static Dictionary<string, string>? With(IReadOnlyDictionary<string, string>? settings, IReadOnlyDictionary<string, string>? more) =>
        settings is null && more is null ? null : (settings ?? new Dictionary<string, string>()).Concat(more ?? new Dictionary<string, string>()).ToDictionary(s => s.Key, s => s.Value);

    /// <summary>An administrator gives the app to everybody who is in Teams, and they are greeted.</summary>
    private async Task InstallAsync()
    {
        var people = _directory.Select(person => person.Key).Where(IsInTeams).ToList();
        await Task.WhenAll(people.Select(person => Teams(person).InstallAsync()));
        await Task.WhenAll(people.Select(person => Person(person).SeesAsync(_ => true, "the greeting")));
    }

    /// <summary>Everybody is a member of the workspace; nobody has ever written to the bot.</summary>
    private async Task JoinAsync(FakeSlack slack)
    {
        foreach (var (id, person) in _directory)
        {
            SlackUser(id);
            // Who works in Slack has no app in Teams: what goes there first comes back
            if (!IsInTeams(id)) Connector.Uninstall((string)person!["accounts"]!["teams"]!);
        }
        // Many tests on one machine are no measure of three seconds
        slack.Patience = TimeSpan.FromSeconds(20);
        if (_over == Over.SlackSocket)
        {
            slack.TellOverSocket();
            await slack.Socket.ConnectedAsync();
        }
        else slack.TellOverHttp(Bot.Http);
    }

    private bool IsInTeams(string id) => _over == Over.Teams || (_over == Over.Mixed && _directory[id]!["roles"]!.AsArray().Any(r => (string)r! == "business-owner"));

    private static Dictionary<string, string> SettingsFor(FakeSlack? slack, Over over) => slack is null ? [] : new Dictionary<string, string>
    {
        ["Channels__Slack__ApiUrl"] = slack.ApiUrl,
        ["Channels__Slack__BotToken"] = slack.BotToken,
        [over == Over.SlackSocket ? "Channels__Slack__AppToken" : "Channels__Slack__SigningSecret"] = over == Over.SlackSocket ? FakeSlack.AppToken : slack.SigningSecret,
    };

    private static DateTimeOffset NextMonday(DateTimeOffset now)
    {
        var days = ((int)DayOfWeek.Monday - (int)now.DayOfWeek + 7) % 7;
        var monday = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddDays(days).AddHours(9);
        return monday > now ? monday : monday.AddDays(7);
    }

    private async Task<DateTimeOffset> MoveAsync(TimeSpan by)
    {
        using var answer = await Bot.Http.PostAsJsonAsync("/dev/clock", new { advance = by.ToString("c", CultureInfo.InvariantCulture) });
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        return JsonNode.Parse(text)!["now"]!.GetValue<DateTimeOffset>();
    }
}
