using System.Text.Json.Nodes;
using MicroAppBot.Channels.Slack;
using MicroAppBot.Tests.Doubles;
using MicroAppBot.Tests.Doubles.Slack;
using Microsoft.Extensions.Hosting;

namespace MicroAppBot.Tests.Channels.Slack;

public sealed class SlackSocketTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private FakeSlack _slack = null!;
    private SlackOutHost _host = null!;
    private SlackSocket _socket = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _slack = await FakeSlack.StartAsync();
        await StartAsync(2);
    }

    private async Task StartAsync(int connections)
    {
        _host = await SlackOutHost.StartAsync(new Dictionary<string, string?> { ["SigningSecret"] = null, ["AppToken"] = FakeSlack.AppToken, ["Connections"] = $"{connections}" }, _slack);
        _socket = (SlackSocket)_host.Get<IEnumerable<IHostedService>>().Single(s => s is SlackSocket);
        _socket.Jitter = () => 0;
        await _socket.StartAsync(Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _socket.StopAsync(CancellationToken.None);
        await _host.DisposeAsync();
        await _slack.DisposeAsync();
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var late = new CancellationTokenSource(Patience);
        while (!holds()) await Task.Delay(5, late.Token);
    }

    private Task<SlackHeard> TellAsync(string text, SlackNews news = SlackNews.Event, JsonObject? payload = null) =>
        _slack.Socket.DeliverAsync(news, payload ?? new JsonObject { ["event_id"] = text, ["event"] = new JsonObject { ["type"] = "message", ["text"] = text } }, Patience);

    [Fact]
    public async Task What_comes_is_handed_in_as_over_http_and_acknowledged_when_it_was_taken()
    {
        await _slack.Socket.ConnectedAsync(2);
        var gate = new TaskCompletionSource();
        _host.Takes = async _ =>
        {
            await gate.Task;
            return SlackAck.Empty;
        };
        var telling = TellAsync("hello");
        await UntilAsync(() => !_host.Taken.IsEmpty);
        Assert.False(telling.IsCompleted);
        gate.SetResult();
        Assert.Equal((200, ""), await telling is var heard ? (heard.Status, heard.Body) : default);
        var taken = Assert.Single(_host.Taken);
        Assert.Equal((SlackEnvelope.Events, "hello", (int?)null), (taken.Kind, (string?)taken.Payload["event"]!["text"], taken.RetryNum));
    }

    [Fact]
    public async Task An_answer_goes_back_only_where_slack_takes_one()
    {
        await _slack.Socket.ConnectedAsync();
        _host.Takes = _ => Task.FromResult(new SlackAck(new JsonObject { ["text"] = "Here it is." }));
        Assert.Equal("""{"text":"Here it is."}""", (await TellAsync("", SlackNews.Command, new JsonObject { ["command"] = "/microapp" })).Body);
        Assert.Equal("", (await TellAsync("hello")).Body);
        Assert.Equal([SlackEnvelope.SlashCommands, SlackEnvelope.Events], _host.Taken.Select(t => t.Kind));
    }

    [Fact]
    public async Task An_event_that_comes_again_says_so()
    {
        await _slack.Socket.ConnectedAsync();
        await _slack.Socket.DeliverAsync(SlackNews.Event, new JsonObject { ["event_id"] = "Ev1" }, Patience, (2, "timeout"));
        var taken = Assert.Single(_host.Taken);
        Assert.Equal((2, "timeout"), (taken.RetryNum, taken.RetryReason));
    }

    [Fact]
    public async Task What_could_not_be_kept_is_not_acknowledged_and_the_connection_goes_on()
    {
        await _slack.Socket.ConnectedAsync();
        _host.Takes = e => (string?)e.Payload["event_id"] == "lost" ? throw new SlackNotTaken(new IOException("disk")) : Task.FromResult(SlackAck.Empty);
        Assert.True((await _slack.Socket.DeliverAsync(SlackNews.Event, new JsonObject { ["event_id"] = "lost" }, TimeSpan.FromSeconds(0.3))).TimedOut);
        for (var i = 0; i < 4; i++) Assert.Equal(200, (await TellAsync($"after {i}")).Status);
        Assert.Empty(_slack.Socket.Strange);
    }

    [Theory]
    [InlineData("warning")]
    [InlineData("refresh_requested")]
    public async Task A_connection_is_renewed_before_it_goes_and_what_is_under_way_is_still_acknowledged(string reason)
    {
        await _slack.Socket.ConnectedAsync(2);
        var gate = new TaskCompletionSource();
        _host.Takes = async _ =>
        {
            await gate.Task;
            return SlackAck.Empty;
        };
        var underWay = Task.WhenAll(TellAsync("one"), TellAsync("two"));
        await UntilAsync(() => _host.Taken.Count >= 2);
        await _slack.Socket.DisconnectAsync(reason);
        await UntilAsync(() => _slack.Socket is { Greeted: 4, Open: 2 });
        Assert.False(underWay.IsCompleted);
        gate.SetResult();
        Assert.All(await underWay, heard => Assert.Equal(200, heard.Status));
        Assert.Equal(200, (await TellAsync("three")).Status);
    }

    [Fact]
    public async Task A_cut_network_is_mended_by_itself()
    {
        await _slack.Socket.ConnectedAsync(2);
        _slack.Socket.Cut();
        await _slack.CalledAsync("apps.connections.open", 4);
        await _slack.Socket.ConnectedAsync(2);
        Assert.Equal(200, (await TellAsync("again")).Status);
    }

    [Fact]
    public async Task Every_of_many_envelopes_is_taken_once_while_connections_come_and_go()
    {
        await _slack.Socket.ConnectedAsync(2);
        var telling = Task.Run(async () =>
        {
            for (var i = 0; i < 300; i++)
            {
                // Slack brings an event again that was not acknowledged
                for (var tries = 0; (await TellAsync($"n{i}")).Status != 200; tries++) Assert.True(tries < 10);
            }
        });
        for (var i = 0; i < 4 && !telling.IsCompleted; i++)
        {
            var greeted = _slack.Socket.Greeted;
            await _slack.Socket.DisconnectAsync("refresh_requested", connections: 1);
            await UntilAsync(() => _slack.Socket.Greeted > greeted || telling.IsCompleted);
        }
        await telling.WaitAsync(TimeSpan.FromSeconds(60), Cancel);
        Assert.Equal(300, _host.Taken.Select(t => (string?)t.Payload["event_id"]).Distinct().Count());
    }

    [Fact]
    public async Task Broken_frames_and_unknown_kinds_disturb_nothing()
    {
        await _slack.Socket.ConnectedAsync(2);
        foreach (var frame in (string[])["", "no json", "[1,2]", "{}", """{"type":"something_new"}""", """{"type":"events_api"}""", """{"type":5,"envelope_id":7}""", """{"type":"hello"}"""]) await _slack.Socket.SendRawAsync(frame);
        await _slack.Socket.SendRawAsync("""{"type":"events_api","envelope_id":"e1","payload":"no object","retry_attempt":"three"}""");
        Assert.Equal(200, (await TellAsync("fine")).Status);
        Assert.Equal(2, _slack.Socket.Open);
    }

    [Theory]
    [InlineData("invalid_auth")]
    [InlineData("forbidden_team")]
    public async Task What_an_administrator_has_to_mend_is_said_and_not_hammered_at(string error)
    {
        await _slack.Socket.ConnectedAsync(2);
        _slack.Always("apps.connections.open", BadDay.OfSlack(error));
        _slack.Socket.Cut();
        await _slack.CalledAsync("apps.connections.open", 4);
        await UntilAsync(() => _host.Spoken.All.Contains("Nothing comes in through Socket Mode", StringComparison.Ordinal));
        Assert.Contains("Channels:Slack:AppToken", _host.Spoken.All, StringComparison.Ordinal);
        Assert.DoesNotContain(FakeSlack.AppToken, _host.Spoken.All, StringComparison.Ordinal);
        Assert.DoesNotContain("ticket=", _host.Spoken.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Socket_mode_that_was_switched_off_is_said()
    {
        await _slack.Socket.ConnectedAsync(2);
        await _slack.Socket.DisconnectAsync("link_disabled");
        await UntilAsync(() => _host.Spoken.All.Contains("Error Slack says that Socket Mode is switched off", StringComparison.Ordinal));
        Assert.Equal(2, _slack.Socket.Greeted);
    }

    [Fact]
    public async Task Stopping_acknowledges_what_is_under_way()
    {
        await _slack.Socket.ConnectedAsync(2);
        var gate = new TaskCompletionSource();
        _host.Takes = async _ =>
        {
            await gate.Task;
            return SlackAck.Empty;
        };
        var telling = TellAsync("last");
        await UntilAsync(() => !_host.Taken.IsEmpty);
        var stopping = _socket.StopAsync(CancellationToken.None);
        gate.SetResult();
        Assert.Equal(200, (await telling).Status);
        await stopping.WaitAsync(Patience, Cancel);
    }
}
