using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Governance.People;
using MicroAppBot.Channels.Slack;
using MicroAppBot.Desk;
using MicroAppBot.People;
using MicroAppBot.Stores.LiteDb;
using MicroAppBot.Tests.Channels.Teams;
using MicroAppBot.Tests.Doubles.Slack;
using MicroAppBot.Tests.Stores;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MicroAppBot.Tests.Channels.Slack;

/// <summary>The half of the Slack channel that goes out, with a real store and a Slack that keeps to the rules; what comes in is the test's to take.</summary>
internal sealed class SlackOutHost : IAsyncDisposable
{
    public const string AdaId = "U0ADA";
    public const string DanaId = "U0DANA";
    public const string BenId = "U0BEN";

    private readonly TestFolder _folder;
    private readonly ServiceProvider _services;
    private readonly bool _ownsSlack;

    private SlackOutHost(ServiceProvider services, TestFolder folder, FakeSlack slack, bool ownsSlack, IStore store, SpokenLog spoken) =>
        (_services, _folder, Slack, _ownsSlack, Store, Spoken) = (services, folder, slack, ownsSlack, store, spoken);

    public static readonly Person Ada = new("ada.keller", "Ada Keller", "ada.keller@example.com", "marketing", null, "Europe/Berlin", [], "MKT-120", new PersonAccounts(null, AdaId));

    /// <summary>Known by e-mail only.</summary>
    public static readonly Person Dana = new("dana.levi", "Dana Levi", "dana.levi@example.com", "it", null, "Europe/Berlin", ["security"], "IT-1", new PersonAccounts(null, null));

    public static readonly Person Ben = new("ben.ito", "Ben Ito", "ben.ito@example.com", "it", null, "Europe/Berlin", ["compliance"], "IT-2", new PersonAccounts(null, BenId));

    public FakeSlack Slack { get; }

    public IStore Store { get; }

    public SpokenLog Spoken { get; }

    public ConcurrentQueue<SlackEnvelope> Taken { get; } = new();

    public Func<SlackEnvelope, Task<SlackAck>> Takes { get; set; } = _ => Task.FromResult(SlackAck.Empty);

    public SlackChannel Channel => Get<SlackChannel>();

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <param name="settings">Set to null to leave one of the usual ones out.</param>
    /// <param name="store">One that a test has prepared; else a store on disk.</param>
    public static async Task<SlackOutHost> StartAsync(IReadOnlyDictionary<string, string?>? settings = null, FakeSlack? slack = null, TimeProvider? time = null, IStore? store = null)
    {
        var owns = slack is null;
        slack ??= await FakeSlack.StartAsync(time);
        slack.User(AdaId, "Ada Keller", "ada.keller@example.com");
        slack.User(DanaId, "Dana Levi", "dana.levi@example.com");
        slack.User(BenId, "Ben Ito", "ben.ito@example.com");
        var folder = new TestFolder();
        var clock = time ?? TimeProvider.System;
        store ??= LiteDbStore.Open(new LiteDbSettings(folder.New()), clock, NullLogger<LiteDbStore>.Instance);
        var all = new Dictionary<string, string?> { ["SigningSecret"] = slack.SigningSecret, ["BotToken"] = slack.BotToken, ["ApiUrl"] = slack.ApiUrl };
        foreach (var (key, value) in settings ?? new Dictionary<string, string?>()) all[key] = value;
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(all.Where(s => s.Value is not null).Select(s => KeyValuePair.Create("Channels:Slack:" + s.Key, s.Value))).Build();
        var spoken = new SpokenLog();
        SlackOutHost? host = null;
        var services = new ServiceCollection()
            .AddLogging(l => l.SetMinimumLevel(LogLevel.Trace).AddProvider(spoken))
            .AddSingleton(clock)
            .AddSingleton(store)
            .AddSingleton<IDirectory>(new FileDirectory(new Dictionary<string, Person> { [Ada.Id] = Ada, [Dana.Id] = Dana, [Ben.Id] = Ben }))
            .AddSingleton<TakesSlack>(async (envelope, _) =>
            {
                host!.Taken.Enqueue(envelope);
                return await host.Takes(envelope);
            })
            .AddSlackOut(SlackSettings.From(configuration));
        return host = new SlackOutHost(services.BuildServiceProvider(), folder, slack, owns, store, spoken);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Store.DisposeAsync();
        if (_ownsSlack) await Slack.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Somebody's chat with the bot that has been opened before.</summary>
    public Contact Warm(string user = AdaId) => new SlackAddress(FakeSlack.TeamId, user, Slack.State.Direct(FakeSlack.TeamId, user, FakeSlack.BotUserId).Id).ToContact("ada.keller");

    public static ChannelMessage Line(string id, string text) => new(id, null, text);

    public static ChannelMessage Card(string id, string words = "Ada wants an app") => new(id, new JsonObject
    {
        ["type"] = "AdaptiveCard",
        ["version"] = "1.5",
        ["fallbackText"] = words,
        ["body"] = new JsonArray(new JsonObject { ["type"] = "TextBlock", ["text"] = words, ["wrap"] = true }),
        ["actions"] = new JsonArray(new JsonObject { ["type"] = "Action.Execute", ["title"] = "Approve", ["verb"] = "request.approve", ["data"] = new JsonObject { ["verb"] = "request.approve", ["requestId"] = "r1" } }),
    }, words, new CardSubject("request", "r1"));
}
