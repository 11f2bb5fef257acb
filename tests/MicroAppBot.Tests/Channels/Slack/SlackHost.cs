using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using MicroAppBot.Cards;
using MicroAppBot.Channels.Slack;
using MicroAppBot.Content;
using MicroAppBot.Conversation;
using MicroAppBot.Delivery;
using MicroAppBot.Desk;
using MicroAppBot.People;
using MicroAppBot.Stores.LiteDb;
using MicroAppBot.Tests.Channels.Teams;
using MicroAppBot.Tests.Desk;
using MicroAppBot.Tests.Doubles.Slack;
using MicroAppBot.Tests.Stores;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MicroAppBot.Tests.Channels.Slack;

/// <summary>
/// The bot with Slack as its only channel behind a real web server: shipped content and rules, a real store, a Slack that keeps to
/// Slack's rules. A test may look at the turns, hold them up, or let them fail.
/// </summary>
internal sealed class SlackHost : IAsyncDisposable
{
    private static readonly CardLibrary Library = CardLibrary.Load(FrontDesk.Content.CardFiles);

    private readonly TestFolder _folder;
    private readonly WebApplication _app;

    private SlackHost(WebApplication app, TestFolder folder, FakeSlack slack, WatchedTurns turns, SpoiltStore spoilt, SpokenLog spoken)
    {
        (_app, _folder, Slack, Turns, Spoilt, Spoken) = (app, folder, slack, turns, spoilt, spoken);
        Bot = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        slack.TellOverHttp(Bot);
        Ada = User("ada.keller");
    }

    public HttpClient Bot { get; }

    public FakeSlack Slack { get; }

    public WatchedTurns Turns { get; }

    public SpoiltStore Spoilt { get; }

    public IStore Store => (IStore)(object)Spoilt;

    public SpokenLog Spoken { get; }

    public SlackUser Ada { get; }

    /// <summary>Somebody of the directory.</summary>
    public SlackUser User(string person) => FrontDesk.Content.People[person] is var who ? Slack.User(who.Accounts.Slack!, who.Name, who.Email) : null!;

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public static async Task<SlackHost> StartAsync(IReadOnlyDictionary<string, string?>? settings = null, bool delivers = true)
    {
        var slack = await FakeSlack.StartAsync();
        // Several test classes share two processors
        slack.Patience = TimeSpan.FromSeconds(3);
        var folder = new TestFolder();
        var time = TimeProvider.System;
        var spoilt = SpoiltStore.Around(LiteDbStore.Open(new LiteDbSettings(folder.New()), time, NullLogger<LiteDbStore>.Instance));
        var spoken = new SpokenLog();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Channels:Slack:SigningSecret"] = slack.SigningSecret,
            ["Channels:Slack:BotToken"] = slack.BotToken,
            ["Channels:Slack:ApiUrl"] = slack.ApiUrl,
        }).AddInMemoryCollection(settings ?? new Dictionary<string, string?>());
        builder.Logging.SetMinimumLevel(LogLevel.Debug).AddProvider(spoken);
        var inForce = new ContentInForce(FrontDesk.Content);
        builder.Services.AddRoutingCore()
            .AddSingleton(time).AddSingleton<GovernanceClock>()
            .AddSingleton((IStore)(object)spoilt)
            .AddSingleton<ICardPen>(Library)
            .AddSingleton<IPolicies>(FrontDesk.Rules)
            .AddSingleton<IDirectory>(new FileDirectory(FrontDesk.Content.People))
            .AddSingleton<MicroAppBot.Desk.Desk>()
            .AddSingleton<IPlatform, NoPlatform>()
            .AddConversation(inForce, builder.Configuration)
            .AddDelivery()
            .AddSlack(builder.Configuration);
        var real = builder.Services.Last(s => s.ServiceType == typeof(ITurns));
        builder.Services.AddSingleton<ITurns>(all => new WatchedTurns((ITurns)real.ImplementationFactory!(all), all.GetRequiredService<MicroAppBot.Desk.Desk>()));
        if (!delivers) builder.Services.Remove(builder.Services.Last(s => s.ServiceType == typeof(Microsoft.Extensions.Hosting.IHostedService) && s.ImplementationFactory?.Method.ReturnType == typeof(Pump)));
        var app = builder.Build();
        app.UseRouting();
        app.UseEndpoints(_ => { });
        app.MapSlack();
        await app.StartAsync();
        return new SlackHost(app, folder, slack, (WatchedTurns)app.Services.GetRequiredService<ITurns>(), spoilt, spoken);
    }

    public async ValueTask DisposeAsync()
    {
        Bot.Dispose();
        await _app.DisposeAsync();
        await Store.DisposeAsync();
        await Slack.DisposeAsync();
        _folder.Dispose();
    }

    private sealed class NoPlatform : IPlatform
    {
        public Task<EffectOutcome> PublishAsync(string appId, long version, CancellationToken cancel) => Task.FromResult<EffectOutcome>(new EffectOutcome.Done());
    }
}

/// <summary>The real conversation, looked at on the way in.</summary>
internal sealed class WatchedTurns(ITurns real, MicroAppBot.Desk.Desk desk) : ITurns
{
    public ConcurrentQueue<Turn> Taken { get; } = new();

    /// <summary>Runs before each turn; may wait, and may throw.</summary>
    public Func<Turn, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>What the desk answers instead of the real conversation, where it is not null.</summary>
    public Func<Turn, Reply?> Instead { get; set; } = _ => null;

    public async Task<Reply> TakeAsync(Turn turn, CancellationToken cancel)
    {
        Taken.Enqueue(turn);
        await Before(turn);
        return Instead(turn) is { } reply
            ? await desk.HandleAsync(turn, _ => ValueTask.FromResult(reply), _ => ValueTask.FromResult(reply), cancel)
            : await real.TakeAsync(turn, cancel);
    }

    public Turn Last => Taken.Last();
}
