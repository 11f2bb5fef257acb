using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MicroAppBot.Channels.Console;
using MicroAppBot.Desk;
using MicroAppBot.Stores.LiteDb;
using MicroAppBot.Tests.Stores;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MicroAppBot.Tests.Channels.Console;

/// <summary>The console on a real port of this machine and a real store; doubles only for the desk and the clock's hand.</summary>
internal sealed class ConsoleWorld : IAsyncDisposable
{
    private readonly WebApplication _app;

    private readonly TestFolder _folder;

    private ConsoleWorld(WebApplication app, TestFolder folder, GovernanceClock clock, SteppingClock hand)
    {
        (_app, _folder) = (app, folder);
        Clock = clock;
        Hand = hand;
        Address = app.Urls.Single();
        Http = new HttpClient { BaseAddress = new Uri(Address) };
    }

    public string Address { get; }

    public HttpClient Http { get; }

    public GovernanceClock Clock { get; }

    public SteppingClock Hand { get; }

    public IStore Store => _app.Services.GetRequiredService<IStore>();

    public ConsoleChannel Channel => _app.Services.GetRequiredService<ConsoleChannel>();

    public ScriptedTurns Turns => (ScriptedTurns)_app.Services.GetRequiredService<ITurns>();

    public static async Task<ConsoleWorld> StartAsync(ConsoleSettings? settings = null, string url = "http://127.0.0.1:0", string? wwwroot = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = Environments.Development });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        var clock = new GovernanceClock(TimeProvider.System);
        var hand = new SteppingClock(clock);
        var folder = new TestFolder();
        builder.Services
            .AddSingleton<IStore>(_ => LiteDbStore.Open(new LiteDbSettings(folder.New()), TimeProvider.System, NullLogger<LiteDbStore>.Instance))
            .AddSingleton<IDirectory>(new SmallDirectory())
            .AddSingleton(clock)
            .AddSingleton<IClockControl>(hand)
            .AddSingleton<ITurns>(provider => new ScriptedTurns(provider.GetRequiredService<IStore>(), provider.GetRequiredService<ConsoleChannel>(), clock))
            .AddConsole(settings ?? ConsoleSettings.On, TestCards.Draw);
        var app = builder.Build();
        app.MapConsole(wwwroot ?? Path.Combine(AppContext.BaseDirectory, "wwwroot"));
        await app.StartAsync();
        return new ConsoleWorld(app, folder, clock, hand);
    }

    /// <summary>Writes requests and apps, as the desk would.</summary>
    public async Task KeepAsync(IEnumerable<StoredSnapshot> snapshots)
    {
        foreach (var snapshot in snapshots)
        {
            var write = new StreamWrite(snapshot.StreamId, 0, ["{}"], snapshot.Json, snapshot.Keys);
            Assert.Equal(CommitResult.Done, await Store.CommitAsync(new Commit([write], null, [])));
        }
    }

    public async Task<(int Status, JsonNode? Body)> PostAsync(string path, object body)
    {
        using var response = await Http.PostAsJsonAsync(path, body);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length > 0 ? JsonNode.Parse(text) : null);
    }

    /// <summary>Posts a body as it is, which need not be JSON.</summary>
    public async Task<(int Status, JsonNode? Body)> PostTextAsync(string path, string body, string contentType = "application/json")
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, contentType);
        using var response = await Http.PostAsync(path, content);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.StartsWith('{') ? JsonNode.Parse(text) : null);
    }

    public async Task<JsonNode> GetAsync(string path) => (await Http.GetFromJsonAsync<JsonNode>(path))!;

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        _folder.Dispose();
    }
}

/// <summary>A clock that moves at once, and says on the way what the script wants.</summary>
internal sealed class SteppingClock(GovernanceClock clock) : IClockControl
{
    public Func<Task> OnTheWay { get; set; } = () => Task.CompletedTask;

    public DateTimeOffset Now => clock.GetUtcNow();

    public async Task<ClockMoved> AdvanceAsync(TimeSpan by, CancellationToken cancel)
    {
        clock.MoveTo(clock.GetUtcNow() + by);
        await OnTheWay();
        return new ClockMoved(Now, 1);
    }

    public Task<ClockMoved> ToNextEventAsync(CancellationToken cancel) => AdvanceAsync(TimeSpan.FromDays(3), cancel);
}
