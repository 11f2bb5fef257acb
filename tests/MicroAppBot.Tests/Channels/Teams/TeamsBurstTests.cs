using System.Text.Json.Nodes;
using Governance.Notices;
using Governance.People;
using MicroAppBot.Channels.Teams;
using MicroAppBot.Delivery;
using MicroAppBot.Desk;
using MicroAppBot.Tests.Doubles;
using Microsoft.Extensions.Logging.Abstractions;

namespace MicroAppBot.Tests.Channels.Teams;

/// <summary>Many notices at once through the whole of it: outbox, pump, Teams channel, and a connector that counts as Teams does.</summary>
public sealed class TeamsBurstTests
{
    private const int People = 100;
    private const int Each = 5;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_burst_of_500_notices_keeps_to_the_limits_loses_none_and_keeps_each_persons_order()
    {
        await using var host = await TeamsHost.StartAsync();
        host.Connector.Throttles = true;
        host.Turns.Present = notice => new Presented("notice", new JsonObject { ["words"] = notice.RequestId }, notice.RequestId!, null);
        var clock = new GovernanceClock(TimeProvider.System);
        var recipients = new Recipients(host.Store, new FewPeople(), [host.Channel]);
        var bell = new OutboxBell();
        var courier = new Courier(host.Store, recipients, new Reminders(host.Store, clock), new Easel(host.Turns, new NoDigest(), new Pen()), new NoPlatform(), clock,
            TimeProvider.System, DeliverySettings.Default, NullLogger<Courier>.Instance);
        using var pump = new Pump(host.Store, courier, bell, clock, TimeProvider.System, DeliverySettings.Default, NullLogger<Pump>.Instance);
        for (var p = 0; p < People; p++)
        {
            var address = new TeamsAddress(host.Connector.ServiceUrl, host.Connector.ChatWith($"29:p{p}"), $"29:p{p}", null, TeamsHost.Tenant, "28:bot");
            await host.Store.MarkAsync(new DeliveryMark("reach", DeliveryState.Sent, Contact: address.ToContact($"p{p}")), Cancel);
        }
        var messages = Enumerable.Range(0, Each).SelectMany(n => Enumerable.Range(0, People).Select(p => new NewMessage(
            $"{n}-{p}", $"p{p}", null, new OutboxBody.Tell(new Notice($"p{p}", NoticeKind.ApprovalWanted, $"r{n}", null, new Dictionary<string, string>())), clock.GetUtcNow())));
        await host.Store.CommitAsync(new Commit([], null, [.. messages]), Cancel);

        var started = TimeProvider.System.GetTimestamp();
        await pump.StartAsync(Cancel);
        await host.Connector.UntilAsync(posts => posts.Count >= People * Each ? "all" : null, TimeSpan.FromSeconds(90));
        var took = TimeProvider.System.GetElapsedTime(started);
        await pump.StopAsync(Cancel);
        for (var p = 0; p < People; p++)
        {
            Assert.Equal(Enumerable.Range(0, Each).Select(n => $"{n}-{p}"), host.Connector.SeenBy($"29:p{p}").Select(post => post.OurId));
        }
        Assert.Equal(People * Each, host.Connector.Posts.Count);
        // What a busy machine bunches together on the way is refused, and goes again: a few at most
        Assert.InRange(host.Connector.TooMany, 0, 50);
        // 30 a second are 17 seconds: nobody waited for anything else
        Assert.InRange(took, TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(90));
    }

    private sealed class FewPeople : IDirectory
    {
        IReadOnlyDictionary<string, Person> IDirectory.People { get; } = new Dictionary<string, Person>();

        public Person PersonOf(ChannelAccount account, string? displayName, string? email) => throw new NotSupportedException();
    }

    private sealed class NoDigest : IDigestPresenter
    {
        public ValueTask<Presented?> PresentAsync(IReadOnlyList<Notice> notices, Person reader, CancellationToken cancel) => throw new NotSupportedException();
    }

    private sealed class NoPlatform : IPlatform
    {
        public Task<EffectOutcome> PublishAsync(string appId, long version, CancellationToken cancel) => throw new NotSupportedException();
    }

    private sealed class Pen : ICardPen
    {
        public JsonObject Draw(string card, JsonObject data) => new() { ["type"] = "AdaptiveCard", ["version"] = "1.5", ["fallbackText"] = (string?)data["words"] };
    }
}
