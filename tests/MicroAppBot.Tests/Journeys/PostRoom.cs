using System.Text.Json.Nodes;
using Governance.Notices;
using Governance.People;
using MicroAppBot.Channels.Slack;
using MicroAppBot.Channels.Teams;
using MicroAppBot.Delivery;
using MicroAppBot.Desk;
using MicroAppBot.Stores.LiteDb;
using MicroAppBot.Tests.Doubles;
using MicroAppBot.Tests.Doubles.Slack;
using MicroAppBot.Tests.Stores;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace MicroAppBot.Tests.Journeys;

/// <summary>
/// The outbox, the pump and both channels with the services behind them, on one clock that the test moves: ten minutes go by in a moment, and
/// Slack's seconds with them.
/// </summary>
internal sealed class PostRoom : IAsyncDisposable, IDirectory, INoticePresenter, ICardPen, IPlatform, ITurns, IDigestPresenter
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly TestFolder _folder = new();
    private readonly IHost _host;
    private readonly bool _inSlack;
    private readonly List<Person> _people;

    private PostRoom(IReadOnlyList<string> people, bool inSlack, FakeTimeProvider time, FakeConnector teams, FakeSlack slack)
    {
        (Time, Teams, Slack, _inSlack) = (time, teams, slack, inSlack);
        _people = [.. people.Select(id => new Person(id, id, $"{id}@example.com", "sales", null, "Etc/UTC", [], null, inSlack ? new PersonAccounts(null, SlackId(id)) : new PersonAccounts("29:" + id, null)))];
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = Environments.Development });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Channels:Slack:ApiUrl"] = slack.ApiUrl,
            ["Channels:Slack:BotToken"] = slack.BotToken,
            ["Channels:Slack:SigningSecret"] = slack.SigningSecret,
            ["Channels:Teams:ServiceUrl"] = teams.ServiceUrl,
        });
        builder.Services.AddLogging()
            .AddSingleton<TimeProvider>(time).AddSingleton(new GovernanceClock(time))
            .AddSingleton<IStore>(_ => LiteDbStore.Open(new LiteDbSettings(_folder.New()), time, NullLogger<LiteDbStore>.Instance))
            .AddSingleton<IDirectory>(this).AddSingleton<INoticePresenter>(this).AddSingleton<ICardPen>(this).AddSingleton<IPlatform>(this).AddSingleton<IDigestPresenter>(this).AddSingleton<ITurns>(this)
            .AddDelivery();
        builder.Services.AddTeams(builder.Configuration, builder.Environment);
        builder.Services.AddSlackOut(SlackSettings.From(builder.Configuration));
        _host = builder.Build();
    }

    public FakeTimeProvider Time { get; }

    public FakeConnector Teams { get; }

    public FakeSlack Slack { get; }

    IReadOnlyDictionary<string, Person> IDirectory.People => _people.ToDictionary(p => p.Id);

    public static async Task<PostRoom> OpenAsync(bool inSlack, params IReadOnlyList<string> people)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero));
        var room = new PostRoom(people, inSlack, time, await FakeConnector.StartAsync(time), await FakeSlack.StartAsync(time));
        foreach (var person in people) room.Slack.User(SlackId(person), person);
        await room._host.StartAsync();
        return room;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        await Teams.DisposeAsync();
        await Slack.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Puts numbered notices into the outbox, as a commit of the desk would.</summary>
    public async Task QueueAsync(string person, int first, int count)
    {
        var now = Time.GetUtcNow();
        var notices = Enumerable.Range(first, count).Select(n => new NewMessage(
            Guid.CreateVersion7(now).ToString(), person, null, new OutboxBody.Tell(new Notice(person, NoticeKind.ApprovalWanted, $"r-{person}-{n}", null, new Dictionary<string, string> { ["number"] = $"{n}" })), now));
        Assert.Equal(CommitResult.Done, await Store.CommitAsync(new Commit([], null, [.. notices])));
        _host.Services.GetRequiredService<IOutbox>().Wake();
    }

    /// <summary>The numbers of the notices somebody has got, in order.</summary>
    public IReadOnlyList<int> Got(string person) => _inSlack
        ? [.. Slack.User(SlackId(person), person).Sees.Select(p => Number(p.Words))]
        : [.. Teams.SeenBy("29:" + person).Select(p => Number(p.Words))];

    /// <summary>Lets time go by until it is so, in steps that are no shorter than the world needs to answer.</summary>
    public async Task UntilAsync(Func<bool> so, TimeSpan step, string what)
    {
        using var late = new CancellationTokenSource(Patience);
        while (!so())
        {
            if (late.IsCancellationRequested) throw new TimeoutException($"{what}, after {Time.GetUtcNow() - Time.Start} of the clock: {string.Join("; ", _people.Take(5).Select(p => $"{p.Id}: {string.Join(',', Got(p.Id))}"))}");
            Time.Advance(step);
            await Task.Delay(4);
        }
    }

    public Task PassAsync(TimeSpan time, TimeSpan step)
    {
        var until = Time.GetUtcNow() + time;
        return UntilAsync(() => Time.GetUtcNow() >= until, step, "The time did not pass");
    }

    /// <summary>Waits until nothing is left in the outbox: what has arrived is marked a moment later.</summary>
    public async Task EmptiedAsync()
    {
        using var late = new CancellationTokenSource(Patience);
        while ((await Store.DueMessagesAsync(DateTimeOffset.MaxValue, 1, late.Token)).Count > 0) await Task.Delay(10, late.Token);
    }

    private IStore Store => _host.Services.GetRequiredService<IStore>();

    private static string SlackId(string person) => "U0" + person.ToUpperInvariant();

    private static int Number(string words) => int.Parse(System.Text.RegularExpressions.Regex.Match(words, @"Notice number (\d+)").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);

    Person IDirectory.PersonOf(ChannelAccount account, string? displayName, string? email) => throw new NotSupportedException("Nobody speaks here.");

    ValueTask<Presented?> INoticePresenter.PresentAsync(Notice notice, Person reader, CancellationToken cancel) =>
        new(new Presented("reminder", new JsonObject { ["number"] = notice.Detail["number"] }, $"Notice number {notice.Detail["number"]}", null));

    JsonObject ICardPen.Draw(string card, JsonObject data) => new()
    {
        ["type"] = "AdaptiveCard",
        ["version"] = "1.5",
        ["body"] = new JsonArray(new JsonObject { ["type"] = "TextBlock", ["text"] = $"Notice number {data["number"]}" }),
        ["actions"] = new JsonArray(new JsonObject { ["type"] = "Action.Execute", ["title"] = "Renew", ["data"] = new JsonObject { ["verb"] = "app.renew" } }),
    };

    Task<EffectOutcome> IPlatform.PublishAsync(string appId, long version, CancellationToken cancel) => Task.FromResult<EffectOutcome>(new EffectOutcome.Done());

    ValueTask<Presented?> IDigestPresenter.PresentAsync(IReadOnlyList<Notice> notices, Person reader, CancellationToken cancel) => throw new NotSupportedException("An approval is never digested.");

    Task<Reply> ITurns.TakeAsync(Turn turn, CancellationToken cancel) => Task.FromResult(Reply.Silence);
}
