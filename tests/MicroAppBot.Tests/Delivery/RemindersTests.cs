using Governance.Notices;
using MicroAppBot.Delivery;
using MicroAppBot.Desk;

namespace MicroAppBot.Tests.Delivery;

/// <summary>A digest instead of a stream: at most one digest and one urgent reminder per person and day, and a new seat's card at once.</summary>
public sealed class RemindersTests : IAsyncLifetime
{
    private PostOffice _post = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Monday noon.</summary>
    public async ValueTask InitializeAsync()
    {
        _post = new PostOffice();
        _post.Know("ada", manager: "max");
        _post.Know("max");
        await _post.ReachAsync("ada", "teams");
    }

    public ValueTask DisposeAsync() => _post.DisposeAsync();

    private Task<string> RemindAsync(string request, params (string, string)[] detail) => _post.QueueNoticeAsync("ada", NoticeKind.ApprovalReminder, request, detail);

    private async Task AtAsync(DateTimeOffset moment)
    {
        _post.Clock.MoveTo(moment);
        await _post.FlushAsync();
    }

    private static DateTimeOffset Day(int day, int hour = 9) => new(2026, 3, day, hour, 0, 0, TimeSpan.Zero);

    private Task PressAsync(string cardId) => _post.Store.CommitAsync(
        new Commit([], new ConversationWrite("ada", 0, "{}", new HandledTurn("t", null)), [], ActedOn: cardId), Cancel);

    [Fact]
    public async Task Three_reminders_due_on_one_day_become_one_digest()
    {
        var first = await RemindAsync("r1");
        await RemindAsync("r2");
        await RemindAsync("r3");
        await _post.FlushAsync();
        Assert.Equal([("ada", first, "Digest: r1, r2, r3")], _post.Teams.Arrived);
        Assert.Null(await _post.LeftAsync());
        Assert.Equal(["r1", "r2", "r3"], (await _post.Store.SentCardAsync(first, Cancel))!.Told!.Select(n => n.RequestId));
    }

    [Theory]
    [InlineData(NoticeKind.ApprovalReminder, null, true)]
    [InlineData(NoticeKind.RenewalReminder, null, true)]
    [InlineData(NoticeKind.NewRule, "coming", true)]
    [InlineData(NoticeKind.NewRule, "soon", true)]
    [InlineData(NoticeKind.NewRule, "over", true)]
    [InlineData(NoticeKind.NewRule, "counts", false)]
    [InlineData(NoticeKind.NewRule, "met", false)]
    [InlineData(NoticeKind.NewRule, "taken-back", false)]
    [InlineData(NoticeKind.AppLive, null, false)]
    public void News_of_a_rule_that_can_wait_goes_on_the_digest_like_a_reminder(NoticeKind kind, string? because, bool isReminder) =>
        Assert.Equal(isReminder, Reminding.IsReminder(new Notice("ada", kind, null, "a", because is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["because"] = because })));

    [Fact]
    public async Task A_campaign_over_several_apps_of_one_owner_is_one_card()
    {
        foreach (var app in (string[])["r1", "r2"]) await _post.QueueNoticeAsync("ada", NoticeKind.NewRule, app, [("because", "coming"), ("until", "2026-04-01T12:00:00.0000000+00:00")]);
        await RemindAsync("r3");
        await _post.FlushAsync();
        Assert.Equal("Digest: r1, r2, r3", Assert.Single(PostOffice.Texts(_post.Teams)));
    }

    [Fact]
    public async Task What_comes_later_joins_todays_card_as_long_as_it_is_unread_and_disturbs_nobody_again()
    {
        var first = await RemindAsync("r1");
        await _post.FlushAsync();
        Assert.Equal(["ApprovalReminder r1"], PostOffice.Texts(_post.Teams));
        await RemindAsync("r2");
        await AtAsync(Day(2, 14));
        await RemindAsync("r3");
        await AtAsync(Day(2, 16));
        Assert.Single(_post.Teams.Arrived);
        Assert.Equal([("teams-1", first, "Digest: r2, r1"), ("teams-1", first, "Digest: r3, r2, r1")], _post.Teams.Updated);
        Assert.Null(await _post.LeftAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_comes_after_todays_card_was_read_waits_for_the_next_working_morning(bool pressed)
    {
        var first = await RemindAsync("r1");
        await _post.FlushAsync();
        if (pressed) await PressAsync(first);
        else await _post.Store.MarkAsync(new DeliveryMark("look", DeliveryState.Sent, Seen: [first]), Cancel);
        await RemindAsync("r2");
        await _post.FlushAsync();
        var later = await RemindAsync("r3");
        await _post.FlushAsync();
        Assert.Single(_post.Teams.Arrived);
        Assert.Empty(_post.Teams.Updated);
        Assert.Equal(NoticeState.Waiting, await _post.Book.StateAsync(later, Cancel));

        await AtAsync(Day(3, 8));
        Assert.Single(_post.Teams.Arrived);
        await AtAsync(Day(3, 9));
        Assert.Equal(["ApprovalReminder r1", "Digest: r2, r3"], PostOffice.Texts(_post.Teams));
        Assert.Null(await _post.LeftAsync());
    }

    [Fact]
    public async Task On_a_friday_the_next_working_morning_is_mondays_in_the_readers_own_zone()
    {
        _post.Know("kim", zone: "Asia/Tokyo");
        await _post.ReachAsync("kim", "teams");
        await AtAsync(new DateTimeOffset(2026, 3, 6, 1, 0, 0, TimeSpan.Zero));
        var first = await _post.QueueNoticeAsync("kim", NoticeKind.ApprovalReminder, "r1");
        await _post.FlushAsync();
        await _post.Store.MarkAsync(new DeliveryMark("look", DeliveryState.Sent, Seen: [first]), Cancel);
        await _post.QueueNoticeAsync("kim", NoticeKind.ApprovalReminder, "r2");
        await _post.FlushAsync();
        Assert.Equal(new DateTimeOffset(2026, 3, 9, 0, 0, 0, TimeSpan.Zero), Assert.Single(await _post.Store.MessagesForAsync("kim", Cancel)).NotBefore);
    }

    [Fact]
    public async Task A_new_seat_and_every_other_message_come_at_once_beside_what_was_put_off()
    {
        await RemindAsync("r1");
        await _post.FlushAsync();
        await PressAsync("m1");
        await RemindAsync("r2");
        await _post.QueueNoticeAsync("ada", NoticeKind.ApprovalWanted, "r3");
        await _post.QueueNoticeAsync("ada", NoticeKind.ApprovalWanted, "r4");
        await _post.QueueLineAsync("ada", "hello");
        await _post.FlushAsync();
        Assert.Equal(["ApprovalReminder r1", "ApprovalWanted r3", "ApprovalWanted r4", "hello"], PostOffice.Texts(_post.Teams));
        await _post.CrashAsync();
        await AtAsync(Day(3));
        Assert.Equal("ApprovalReminder r2", PostOffice.Texts(_post.Teams)[^1]);
    }

    [Fact]
    public async Task One_urgent_reminder_comes_beside_the_digest_and_the_second_joins_it()
    {
        await RemindAsync("r1");
        await _post.FlushAsync();
        await PressAsync("m1");
        var urgent = await RemindAsync("r2", ("nobody_else", "true"));
        await _post.FlushAsync();
        Assert.Equal(["ApprovalReminder r1", "ApprovalReminder r2"], PostOffice.Texts(_post.Teams));
        await RemindAsync("r3", ("nobody_else", "true"));
        await _post.FlushAsync();
        Assert.Equal(2, _post.Teams.Arrived.Count);
        Assert.Equal([("teams-2", urgent, "Digest: r3, r2")], _post.Teams.Updated);
    }

    [Fact]
    public async Task What_is_urgent_stands_first_and_takes_the_days_other_reminders_along()
    {
        var first = await RemindAsync("r1");
        await RemindAsync("r2", ("nobody_else", "true"));
        await _post.FlushAsync();
        Assert.Equal([("ada", first, "Digest: r2, r1")], _post.Teams.Arrived);
    }

    [Fact]
    public async Task Nobody_is_surprised_what_would_be_too_late_tomorrow_comes_today_all_the_same()
    {
        foreach (var request in new[] { "r1", "r2" })
        {
            var id = await RemindAsync(request, ("nobody_else", "true"), ("lapses_at", "2026-03-03T08:00:00Z"));
            await _post.FlushAsync();
            await _post.Store.MarkAsync(new DeliveryMark("look", DeliveryState.Sent, Seen: [id]), Cancel);
        }
        Assert.Equal(["ApprovalReminder r1", "ApprovalReminder r2"], PostOffice.Texts(_post.Teams));
    }

    [Fact]
    public async Task A_card_that_was_deleted_is_not_added_to_and_the_reminder_comes_tomorrow()
    {
        await RemindAsync("r1");
        await _post.FlushAsync();
        _post.Teams.Then(new SendOutcome.Refused("that message is gone"));
        await RemindAsync("r2");
        await _post.FlushAsync();
        Assert.Single(_post.Teams.Arrived);
        await AtAsync(Day(3));
        Assert.Equal(["ApprovalReminder r1", "ApprovalReminder r2"], PostOffice.Texts(_post.Teams));
    }

    [Fact]
    public async Task What_is_no_longer_true_is_left_out_and_what_is_left_of_two_is_no_digest()
    {
        _post.IsTrue = notice => notice.RequestId != "r1";
        await RemindAsync("r1");
        await RemindAsync("r2");
        await RemindAsync("r1");
        await _post.FlushAsync();
        Assert.Equal(["ApprovalReminder r2"], PostOffice.Texts(_post.Teams));
        Assert.Null(await _post.LeftAsync());
        Assert.Empty(await _post.Store.BouncedAsync(10, Cancel));
    }

    [Fact]
    public async Task A_digest_whose_outcome_is_unknown_is_repeated_as_one_and_nothing_of_it_comes_twice()
    {
        var first = await RemindAsync("r1");
        await RemindAsync("r2");
        await _post.Store.MarkAsync(new DeliveryMark(first, DeliveryState.Sending), Cancel);
        await _post.CrashAsync();
        await _post.FlushAsync();
        Assert.Equal([("ada", first, "Digest: r1, r2")], _post.Teams.Arrived);
        Assert.Null(await _post.LeftAsync());
    }

    [Fact]
    public async Task A_managers_own_reminders_and_those_of_whom_nobody_reaches_are_told_apart()
    {
        await _post.ReachAsync("max", "slack");
        _post.Teams.Blocked.Add("ada");
        await _post.QueueNoticeAsync("max", NoticeKind.ApprovalReminder, "r1");
        await _post.FlushAsync();
        await RemindAsync("r2");
        await RemindAsync("r3");
        await _post.FlushAsync();
        Assert.Equal([("max", "ApprovalReminder r1"), ("max", "Digest: r2, r3")], _post.Slack.Arrived.Select(a => (a.To, a.Text)));
    }
}
