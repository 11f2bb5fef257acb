using System.Text.Json.Nodes;
using Governance.Notices;
using Governance.People;
using MicroAppBot.Channels.Slack;
using MicroAppBot.Delivery;
using MicroAppBot.Desk;
using MicroAppBot.Tests.Doubles.Slack;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace MicroAppBot.Tests.Channels.Slack;

/// <summary>Many notices at once through the whole of it: outbox, pump, Slack channel, and a Slack that counts. Time is the test's, and runs fast.</summary>
public sealed class SlackBurstTests : IAsyncLifetime
{
    private const int People = 100;
    private const int Each = 5;

    private static readonly DeliverySettings Settings = DeliverySettings.Default with { SendTimeout = TimeSpan.FromHours(1) };

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(56));
    private readonly OutboxBell _bell = new();
    private FakeSlack _slack = null!;
    private SlackOutHost _host = null!;
    private Pump _pump = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _slack = await FakeSlack.StartAsync(_time);
        _host = await SlackOutHost.StartAsync(slack: _slack, time: _time);
        var everybody = new Everybody();
        foreach (var person in everybody.All.Values) _slack.User(person.Accounts.Slack!, person.Name, person.Email);
        var clock = new GovernanceClock(_time);
        var recipients = new Recipients(_host.Store, everybody, [_host.Channel]);
        var courier = new Courier(_host.Store, recipients, new Reminders(_host.Store, clock), new Easel(everybody, everybody, everybody), everybody, clock, _time, Settings, NullLogger<Courier>.Instance);
        _pump = new Pump(_host.Store, courier, _bell, clock, _time, Settings, NullLogger<Pump>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        _pump.Dispose();
        await _host.DisposeAsync();
        await _slack.DisposeAsync();
    }

    [Fact]
    public async Task A_burst_of_500_notices_keeps_to_the_limits_loses_none_and_keeps_each_persons_order()
    {
        await QueueAsync();
        var took = await RunAsync(TimeSpan.FromMinutes(30), () => _slack.Posts.Count >= People * Each);
        EverybodyHasTheirsOnceAndInOrder();
        // A hundred chats that were never open, fifty a minute; and not one call was too many
        Assert.Equal(0, _slack.Calls.Count(c => c.Status == 429));
        Assert.Equal(People, _slack.Calls.Count(c => c.Method == "conversations.open"));
        Assert.True(took < TimeSpan.FromMinutes(10), $"{took}");
    }

    [Fact]
    public async Task Slack_is_down_for_ten_minutes_and_then_everything_arrives_once_and_in_order()
    {
        await QueueAsync();
        await RunAsync(TimeSpan.FromMinutes(30), () => _slack.Posts.Count >= 150);
        _slack.IsDown = true;
        await RunAsync(TimeSpan.FromMinutes(10), () => false);
        Assert.True(_slack.Posts.Count < People * Each);
        _slack.IsDown = false;
        await RunAsync(TimeSpan.FromHours(1), () => _slack.Posts.Count >= People * Each);
        EverybodyHasTheirsOnceAndInOrder();
        Assert.Empty(await _host.Store.BouncedAsync(10, Cancel));
    }

    private async Task QueueAsync()
    {
        var messages = Enumerable.Range(0, Each).SelectMany(n => Enumerable.Range(0, People).Select(p => new NewMessage(
            $"{n}-{p}", $"p{p}", null, new OutboxBody.Tell(new Notice($"p{p}", NoticeKind.ApprovalWanted, $"r{n}", null, new Dictionary<string, string>())), _time.GetUtcNow())));
        await _host.Store.CommitAsync(new Commit([], null, [.. messages]), Cancel);
    }

    /// <summary>Lets the pump work while time goes by.</summary>
    private async Task<TimeSpan> RunAsync(TimeSpan atMost, Func<bool> done)
    {
        using var stop = new CancellationTokenSource();
        var started = _time.GetUtcNow();
        await _pump.StartAsync(stop.Token);
        while (!done() && _time.GetUtcNow() - started < atMost)
        {
            _time.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Delay(1, Cancel);
        }
        var stopping = _pump.StopAsync(Cancel);
        // What is under way waits for its turn by the same clock
        while (!stopping.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(1, Cancel);
        }
        await stopping;
        return _time.GetUtcNow() - started;
    }

    private void EverybodyHasTheirsOnceAndInOrder()
    {
        var posts = _slack.Posts.ToLookup(p => p.Channel, p => SlackMessage.IdIn(p.Message));
        for (var p = 0; p < People; p++)
        {
            Assert.Equal(Enumerable.Range(0, Each).Select(n => $"{n}-{p}"), posts[_slack.State.Direct(FakeSlack.TeamId, $"UP{p}", FakeSlack.BotUserId).Id]);
        }
        Assert.Equal(People * Each, _slack.Posts.Count);
    }

    private sealed class Everybody : IDirectory, INoticePresenter, IDigestPresenter, ICardPen, IPlatform
    {
        public IReadOnlyDictionary<string, Person> All { get; } = Enumerable.Range(0, SlackBurstTests.People)
            .Select(p => SlackOutHost.Ada with { Id = $"p{p}", Name = $"Person {p}", Email = $"p{p}@example.com", Accounts = new PersonAccounts(null, $"UP{p}") }).ToDictionary(p => p.Id);

        IReadOnlyDictionary<string, Person> IDirectory.People => All;

        public Person PersonOf(ChannelAccount account, string? displayName, string? email) => throw new NotSupportedException();

        public ValueTask<Presented?> PresentAsync(Notice notice, Person reader, CancellationToken cancel) =>
            new(new Presented("notice", new JsonObject { ["words"] = notice.RequestId }, $"About {notice.RequestId}", null));

        public ValueTask<Presented?> PresentAsync(IReadOnlyList<Notice> notices, Person reader, CancellationToken cancel) => throw new NotSupportedException();

        public JsonObject Draw(string card, JsonObject data) => SlackOutHost.Card("x", (string)data["words"]!).Card!;

        public Task<EffectOutcome> PublishAsync(string appId, long version, CancellationToken cancel) => throw new NotSupportedException();
    }
}
