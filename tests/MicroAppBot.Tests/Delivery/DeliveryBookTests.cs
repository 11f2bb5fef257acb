using Governance.Notices;
using MicroAppBot.Delivery;
using MicroAppBot.Desk;

namespace MicroAppBot.Tests.Delivery;

/// <summary>How each notice stands, where it goes when somebody is not there, and who cannot be reached at all.</summary>
public sealed class DeliveryBookTests : IAsyncLifetime
{
    private PostOffice _post = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _post = new PostOffice();
        _post.Know("ada", manager: "max");
        _post.Know("max");
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _post.DisposeAsync();

    private ValueTask<NoticeState?> StateAsync(string id) => _post.Book.StateAsync(id, Cancel);

    [Fact]
    public async Task A_notice_waits_is_sent_is_seen_and_is_acted_on()
    {
        await _post.ReachAsync("ada", "teams");
        var id = await _post.QueueNoticeAsync("ada", NoticeKind.ApprovalWanted);
        Assert.Equal(NoticeState.Waiting, await StateAsync(id));
        await _post.FlushAsync();
        Assert.Equal(NoticeState.Sent, await StateAsync(id));
        await _post.Store.MarkAsync(new DeliveryMark("look", DeliveryState.Sent, Seen: [id, "made-up"]), Cancel);
        Assert.Equal(NoticeState.Seen, await StateAsync(id));

        // Somebody else's click on it says nothing of its reader
        await ClickAsync("max", id, 0);
        Assert.Equal(NoticeState.Seen, await StateAsync(id));
        await ClickAsync("ada", id, 0);
        Assert.Equal(NoticeState.ActedOn, await StateAsync(id));

        // Drawn again it is still that, also after a crash
        await _post.QueueNoticeAsync("ada", NoticeKind.RequestCardsChanged);
        await _post.FlushAsync();
        await _post.CrashAsync();
        Assert.Equal(NoticeState.ActedOn, await StateAsync(id));
        Assert.Null(await StateAsync("never-written"));
    }

    [Fact]
    public async Task A_notice_that_reaches_nobody_is_bounced()
    {
        var id = await _post.QueueNoticeAsync("ada", NoticeKind.ApprovalWanted);
        await _post.FlushAsync();
        Assert.Equal(NoticeState.Bounced, await StateAsync(id));
    }

    [Theory]
    [InlineData("teams", "slack")]
    [InlineData("slack", "teams")]
    public async Task A_notice_goes_to_the_other_channel_then_to_the_manager_and_then_it_is_listed(string first, string second)
    {
        var channels = new Dictionary<string, FakeChannel> { ["teams"] = _post.Teams, ["slack"] = _post.Slack };
        await _post.ReachAsync("ada", second);
        await _post.ReachAsync("ada", first);
        await _post.ReachAsync("max", first);
        await _post.QueueNoticeAsync("ada", NoticeKind.ApprovalWanted, "r1");
        await _post.FlushAsync();
        channels[first].Blocked.Add("ada");
        await _post.QueueNoticeAsync("ada", NoticeKind.ApprovalWanted, "r2");
        await _post.FlushAsync();
        channels[second].Blocked.Add("ada");
        var third = await _post.QueueNoticeAsync("ada", NoticeKind.ApprovalWanted, "r3");
        await _post.FlushAsync();
        Assert.Equal([("ada", "ApprovalWanted r1"), ("max", "ApprovalWanted r3")], channels[first].Arrived.Select(a => (a.To, a.Text)));
        Assert.Equal([("ada", "ApprovalWanted r2")], channels[second].Arrived.Select(a => (a.To, a.Text)));
        Assert.Equal("ada", (await _post.Store.SentCardAsync(third, Cancel))!.Told!.Single().ToId);
        var unreached = Assert.Single(await _post.Book.UnreachedAsync(Cancel));
        Assert.Equal("ada", unreached.PersonId);
        Assert.True(unreached.Why.Contains("Teams", StringComparison.Ordinal) && unreached.Why.Contains("Slack", StringComparison.Ordinal), unreached.Why);

        channels[first].Blocked.Add("max");
        var fourth = await _post.QueueNoticeAsync("ada", NoticeKind.ApprovalWanted, "r4");
        await _post.FlushAsync();
        Assert.Equal(NoticeState.Bounced, await StateAsync(fourth));
        Assert.Equal(["ada", "max"], (await _post.Book.UnreachedAsync(Cancel)).Select(u => u.PersonId));
        Assert.Null(await _post.LeftAsync());
    }

    [Theory]
    [InlineData(NoticeKind.CostAlert)]
    [InlineData(NoticeKind.AppSuspended)]
    [InlineData(NoticeKind.AppExpired)]
    [InlineData(NoticeKind.RenewalReminder)]
    public async Task What_switches_an_app_off_is_told_to_the_manager_where_the_owner_cannot_be_reached(NoticeKind kind)
    {
        await _post.ReachAsync("max", "teams");
        await _post.QueueNoticeAsync("ada", kind);
        await _post.FlushAsync();
        Assert.Equal(["max"], _post.Teams.Arrived.Select(a => a.To));
    }

    [Fact]
    public async Task Who_blocked_the_bot_and_comes_back_is_reached_there_again()
    {
        await _post.ReachAsync("ada", "teams");
        _post.Teams.Blocked.Add("ada");
        await _post.QueueLineAsync("ada", "lost");
        await _post.FlushAsync();
        Assert.Equal(["ada"], (await _post.Book.UnreachedAsync(Cancel)).Select(u => u.PersonId));

        _post.Teams.Blocked.Clear();
        await _post.ReachAsync("ada", "teams");
        Assert.Empty(await _post.Book.UnreachedAsync(Cancel));
        await _post.QueueLineAsync("ada", "welcome back");
        await _post.FlushAsync();
        Assert.Equal(["welcome back"], PostOffice.Texts(_post.Teams));
    }

    [Fact]
    public async Task Whoever_may_sign_and_has_no_account_is_listed_before_anything_bounces()
    {
        _post.Know("sam", roles: "security");
        Assert.Equal("sam", Assert.Single(await _post.Book.UnreachedAsync(Cancel)).PersonId);
        _post.Slack.CanOpenWith.Add("sam");
        Assert.Empty(await _post.Book.UnreachedAsync(Cancel));
    }

    [Fact]
    public async Task A_channel_that_is_down_for_ten_minutes_loses_nothing_and_keeps_each_persons_order()
    {
        string[] people = [.. Enumerable.Range(0, 20).Select(i => $"p{i:00}")];
        foreach (var person in people) await _post.ReachAsync(person, "teams");
        var down = true;
        _post.Teams.Down = () => down;
        for (var n = 0; n < 25; n++)
        {
            foreach (var person in people) await _post.QueueNoticeAsync(person, NoticeKind.ApprovalWanted, $"r{n:00}");
        }
        for (var seconds = 0; seconds < 600; seconds += 20)
        {
            await _post.FlushAsync();
            _post.System.Advance(TimeSpan.FromSeconds(20));
        }
        Assert.Empty(_post.Teams.Arrived);
        down = false;
        for (var minutes = 0; minutes < 10 && await _post.LeftAsync() is not null; minutes++)
        {
            await _post.FlushAsync();
            _post.System.Advance(TimeSpan.FromMinutes(1));
        }
        Assert.Equal(500, _post.Teams.Arrived.Count);
        foreach (var person in people)
        {
            Assert.Equal(Enumerable.Range(0, 25).Select(n => $"ApprovalWanted r{n:00}"), _post.Teams.Arrived.Where(a => a.To == person).Select(a => a.Text));
        }
        Assert.Empty(await _post.Store.BouncedAsync(10, Cancel));
    }

    private Task<CommitResult> ClickAsync(string person, string card, long version) => _post.Store.CommitAsync(
        new Commit([], new ConversationWrite(person, version, "{}", new HandledTurn($"{person}-{card}", null)), [], ActedOn: card), Cancel);
}
