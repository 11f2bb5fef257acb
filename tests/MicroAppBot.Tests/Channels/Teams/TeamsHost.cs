using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Governance.Notices;
using Governance.People;
using MicroAppBot.Channels.Teams;
using MicroAppBot.Desk;
using MicroAppBot.People;
using MicroAppBot.Stores.LiteDb;
using MicroAppBot.Tests.Doubles;
using MicroAppBot.Tests.Stores;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MicroAppBot.Tests.Channels.Teams;

/// <summary>The Teams channel behind a real web server, with a real store and a connector; what turns lead to is the test's to say.</summary>
internal sealed class TeamsHost : IAsyncDisposable
{
    public const string AdaId = "5c9de152-2245-471b-a1c8-cbfbc48ca9f1";
    public const string Tenant = "tenant-1";

    /// <summary>Where a test says a request came from, as a proxy in front cannot be set up here.</summary>
    public const string From = "test-remote-address";

    private readonly TestFolder _folder;
    private readonly WebApplication _app;

    private TeamsHost(WebApplication app, TestFolder folder, FakeConnector connector, ScriptedTurns turns, IStore store, SpokenLog spoken)
    {
        (_app, _folder, Connector, Turns, Store, Spoken) = (app, folder, connector, turns, store, spoken);
        Bot = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        Ada = new TeamsUser(Bot, connector, AdaId, "Ada Keller", Tenant);
    }

    public HttpClient Bot { get; }

    public FakeConnector Connector { get; }

    public ScriptedTurns Turns { get; }

    public IStore Store { get; }

    public SpokenLog Spoken { get; }

    public TeamsUser Ada { get; }

    public IServiceProvider Services => _app.Services;

    public IChannel Channel => Services.GetServices<IChannel>().Single(c => c.Name == "teams");

    public static readonly Person AdaKeller = new(
        "ada.keller", "Ada Keller", "ada.keller@example.com", "marketing", null, "Europe/Berlin", [], "MKT-120", new PersonAccounts(AdaId, null));

    public static readonly Person DanaLevi = new(
        "dana.levi", "Dana Levi", "dana.levi@example.com", "it", null, "Europe/Berlin", ["security"], "IT-1", new PersonAccounts("29:dana", null));

    public static async Task<TeamsHost> StartAsync(
        IReadOnlyDictionary<string, string?>? settings = null, string environment = "Development", Action<IServiceCollection>? more = null, FakeConnector? connector = null)
    {
        connector ??= await FakeConnector.StartAsync();
        var folder = new TestFolder();
        var store = LiteDbStore.Open(new LiteDbSettings(folder.New()), TimeProvider.System, NullLogger<LiteDbStore>.Instance);
        var turns = new ScriptedTurns();
        var spoken = new SpokenLog();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(settings ?? new Dictionary<string, string?>());
        builder.Logging.AddProvider(spoken);
        builder.Services.AddRoutingCore()
            .AddSingleton<ITurns>(turns)
            .AddSingleton<IStore>(store)
            .AddSingleton<IDirectory>(new FileDirectory(new Dictionary<string, Person> { [AdaKeller.Id] = AdaKeller, [DanaLevi.Id] = DanaLevi }))
            .AddSingleton<ICardPen, PlainPen>()
            .AddSingleton<INoticePresenter>(turns)
            .AddSingleton<IOutbox>(turns)
            .AddSingleton(new GovernanceClock(TimeProvider.System))
            .AddTeams(builder.Configuration, builder.Environment);
        more?.Invoke(builder.Services);
        var app = builder.Build();
        app.Use((http, next) =>
        {
            if (http.Request.Headers.TryGetValue(From, out var from)) http.Connection.RemoteIpAddress = IPAddress.Parse(from!);
            return next(http);
        });
        app.UseRouting();
        app.UseEndpoints(_ => { });
        app.MapTeams();
        await app.StartAsync();
        return new TeamsHost(app, folder, connector, turns, store, spoken);
    }

    public async ValueTask DisposeAsync()
    {
        Bot.Dispose();
        await _app.DisposeAsync();
        await Store.DisposeAsync();
        await Connector.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Cards with their name, their words and two buttons.</summary>
    private sealed class PlainPen : ICardPen
    {
        public JsonObject Draw(string card, JsonObject data) => new()
        {
            ["type"] = "AdaptiveCard",
            ["version"] = "1.5",
            ["fallbackText"] = $"The card {card}",
            ["body"] = data["asks"] is null
                ? new JsonArray(new JsonObject { ["type"] = "TextBlock", ["text"] = $"{card} {data["words"]}" })
                : new JsonArray(new JsonObject { ["type"] = "TextBlock", ["text"] = $"{card} {data["words"]}" }, new JsonObject { ["type"] = "Input.Text", ["id"] = (string?)data["asks"] }),
            ["actions"] = new JsonArray(
                new JsonObject { ["type"] = "Action.Execute", ["title"] = "Approve", ["verb"] = "request.approve", ["data"] = new JsonObject { ["verb"] = "request.approve" } },
                new JsonObject { ["type"] = "Action.ShowCard", ["title"] = "More", ["card"] = new JsonObject { ["actions"] = new JsonArray(new JsonObject { ["type"] = "Action.Execute", ["title"] = "Why" }) } }),
        };
    }
}

/// <summary>Turns that lead to what the test says; the same turn twice is one turn, as the desk has it.</summary>
internal sealed class ScriptedTurns : ITurns, IOutbox, INoticePresenter
{
    private readonly ConcurrentDictionary<string, bool> _handled = new();

    public ConcurrentQueue<Turn> Taken { get; } = new();

    /// <summary>Turns that came again.</summary>
    public ConcurrentQueue<Turn> Again { get; } = new();

    public Func<Turn, Reply> Reply { get; set; } = _ => MicroAppBot.Desk.Reply.Silence;

    public Func<Notice, Presented?> Present { get; set; } = _ => null;

    public int Wakes;

    public Turn Last => Taken.Last();

    /// <summary>How long thinking takes.</summary>
    public Task Wait { get; set; } = Task.CompletedTask;

    public async Task<Reply> TakeAsync(Turn turn, CancellationToken cancel)
    {
        await Wait;
        if (_handled.TryAdd(turn.Id, true)) Taken.Enqueue(turn);
        else Again.Enqueue(turn);
        var reply = Reply(turn);
        return turn.AnswerDirectly ? reply : MicroAppBot.Desk.Reply.Silence;
    }

    public void Wake() => Interlocked.Increment(ref Wakes);

    public Task FlushAsync(CancellationToken cancel = default) => Task.CompletedTask;

    public ValueTask<Presented?> PresentAsync(Notice notice, Person reader, CancellationToken cancel) => new(Present(notice));
}

/// <summary>Keeps all that was logged, for looking whether something stands in it that must not.</summary>
internal sealed class SpokenLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();

    public string All => string.Join('\n', _lines);

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue($"{logLevel} {formatter(state, exception)} {exception}");

    public void Dispose()
    {
    }
}
