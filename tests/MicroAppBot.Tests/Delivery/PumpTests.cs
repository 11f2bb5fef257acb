using System.Text.Json.Nodes;
using Governance.Notices;
using MicroAppBot.Desk;

namespace MicroAppBot.Tests.Delivery;

public sealed class PumpTests : IAsyncLifetime
{
    private PostOffice _post = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _post = new PostOffice();
        _post.Know("ada", manager: "max");
        _post.Know("max");
        await _post.ReachAsync("ada", "teams");
    }

    public ValueTask DisposeAsync() => _post.DisposeAsync();

    [Fact]
    public async Task What_is_due_arrives_in_order_and_what_is_not_due_waits()
    {
        for (var i = 0; i < 30; i++) await _post.QueueLineAsync("ada", $"line {i}");
        await _post.QueueLineAsync("ada", "later", notBefore: _post.Clock.GetUtcNow().AddHours(1));
        await _post.FlushAsync();
        Assert.Equal(Enumerable.Range(0, 30).Select(i => $"line {i}"), PostOffice.Texts(_post.Teams));

        _post.Clock.MoveTo(_post.Clock.GetUtcNow().AddHours(1));
        await _post.FlushAsync();
        Assert.Equal("later", PostOffice.Texts(_post.Teams)[^1]);
        Assert.Null(await _post.LeftAsync());
    }

    [Fact]
    public async Task Somebody_whose_message_hangs_keeps_nobody_else_waiting()
    {
        var gate = new TaskCompletionSource();
        _post.Teams.ThenWaitFor(gate.Task);
        await _post.QueueLineAsync("ada", "slow");
        await _post.QueueLineAsync("ada", "behind");
        var flush = _post.FlushAsync();
        await Until(() => _post.Teams.Tries == 1);
        await _post.ReachAsync("bo", "slack");
        await _post.QueueLineAsync("bo", "quick");
        _post.Bell.Wake();
        await Until(() => !_post.Slack.Arrived.IsEmpty);
        Assert.Empty(_post.Teams.Arrived);
        gate.SetResult();
        await flush;
        Assert.Equal(["slow", "behind"], PostOffice.Texts(_post.Teams));
    }

    [Fact]
    public async Task What_rests_after_somebody_else_emptied_the_outbox_goes_out_when_its_rest_is_over_not_when_the_pump_wakes_by_itself()
    {
        await _post.Pump.StartAsync(Cancel);
        await _post.QueueLineAsync("ada", "before");
        _post.Bell.Wake();
        await Until(() => _post.Teams.Arrived.Count == 1);
        _post.Teams.Then(new SendOutcome.TryAgain(TimeSpan.FromSeconds(1), "a message a second"));
        await _post.QueueLineAsync("ada", "reminder");
        await _post.FlushAsync();
        var start = _post.System.GetUtcNow();
        await Until(() =>
        {
            _post.System.Advance(TimeSpan.FromMilliseconds(10));
            return _post.Teams.Arrived.Count == 2;
        });
        Assert.InRange(_post.System.GetUtcNow() - start, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(15));
        await _post.Pump.StopAsync(Cancel);
    }

    [Fact]
    public async Task A_failed_try_is_repeated_after_a_growing_wait_and_holds_what_follows()
    {
        for (var i = 0; i < 4; i++) _post.Teams.Then(new SendOutcome.TryAgain(null, "503"));
        await _post.QueueLineAsync("ada", "first");
        await _post.QueueLineAsync("ada", "second");
        // Three quarters of 1, 2, 4 and 8 seconds: the jitter of this test is nil
        foreach (var seconds in new[] { 0.75, 1.5, 3, 6 })
        {
            await _post.FlushAsync();
            Assert.Empty(_post.Teams.Arrived);
            var tries = _post.Teams.Tries;
            _post.System.Advance(TimeSpan.FromSeconds(seconds - 0.01));
            await _post.FlushAsync();
            Assert.Equal(tries, _post.Teams.Tries);
            _post.System.Advance(TimeSpan.FromSeconds(0.01));
        }
        await _post.FlushAsync();
        Assert.Equal(["first", "second"], PostOffice.Texts(_post.Teams));
    }

    [Fact]
    public async Task Retry_After_is_respected_for_everybody_on_the_channel_also_when_the_governance_clock_is_moved()
    {
        await _post.ReachAsync("bo", "teams");
        _post.Teams.Then(new SendOutcome.TryAgain(TimeSpan.FromSeconds(40), "429"));
        await _post.QueueLineAsync("ada", "a");
        await _post.FlushAsync();
        await _post.QueueLineAsync("bo", "b");
        _post.Clock.MoveTo(_post.Clock.GetUtcNow().AddDays(3));
        await _post.FlushAsync();
        _post.System.Advance(TimeSpan.FromSeconds(39));
        await _post.FlushAsync();
        Assert.Equal(1, _post.Teams.Tries);
        _post.System.Advance(TimeSpan.FromSeconds(2));
        await _post.FlushAsync();
        Assert.Equal(["a", "b"], PostOffice.Texts(_post.Teams).Order());
    }

    [Fact]
    public async Task A_message_that_alone_has_to_wait_keeps_nobody_else_on_the_channel_waiting()
    {
        await _post.ReachAsync("bo", "teams");
        _post.Teams.Then(new SendOutcome.TryAgain(TimeSpan.FromSeconds(40), "its conversation is full") { OnlyThis = true });
        await _post.QueueLineAsync("ada", "a");
        await _post.FlushAsync();
        await _post.QueueLineAsync("bo", "b");
        await _post.FlushAsync();
        Assert.Equal(["b"], PostOffice.Texts(_post.Teams));
        _post.System.Advance(TimeSpan.FromSeconds(42));
        await _post.FlushAsync();
        Assert.Equal(["b", "a"], PostOffice.Texts(_post.Teams));
    }

    [Fact]
    public async Task A_channel_that_is_down_for_two_days_loses_nothing_and_one_that_never_comes_back_is_given_up()
    {
        _post.Teams.Then([.. Enumerable.Repeat(new SendOutcome.TryAgain(null, "503"), 700)]);
        await _post.QueueLineAsync("ada", "patient");
        for (var hours = 0; hours < 48; hours++)
        {
            _post.System.Advance(TimeSpan.FromHours(1));
            await _post.FlushAsync();
        }
        Assert.NotNull(await _post.LeftAsync());
        for (var hours = 0; hours < 60; hours++)
        {
            _post.System.Advance(TimeSpan.FromHours(1));
            await _post.FlushAsync();
        }
        Assert.Null(await _post.LeftAsync());
        Assert.Contains("503", Assert.Single(await _post.Store.BouncedAsync(10, Cancel)).Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(NoticeKind.ApprovalWanted)]
    [InlineData(NoticeKind.ApprovalReminder)]
    [InlineData(NoticeKind.ApprovalEscalated)]
    [InlineData(NoticeKind.RenewalReminder)]
    public async Task A_card_whose_answer_is_lost_is_repeated_once_under_the_same_id(NoticeKind kind)
    {
        _post.Teams.ThenArriveWithoutAnswer();
        _post.Teams.ThenArriveWithoutAnswer();
        var id = await _post.QueueNoticeAsync("ada", kind);
        await _post.QueueLineAsync("ada", "behind");
        await TimeOutAsync();
        _post.System.Advance(TimeSpan.FromMinutes(1));
        await TimeOutAsync();
        Assert.Equal([id, id], _post.Teams.Arrived.Take(2).Select(a => a.Id));
        await _post.FlushAsync();
        Assert.Equal(3, _post.Teams.Arrived.Count);
        Assert.Equal("behind", PostOffice.Texts(_post.Teams)[^1]);
        Assert.Null(await _post.LeftAsync());
    }

    [Fact]
    public async Task A_plain_line_whose_answer_is_lost_is_never_repeated()
    {
        _post.Teams.ThenArriveWithoutAnswer();
        await _post.QueueLineAsync("ada", "once");
        await TimeOutAsync();
        _post.System.Advance(TimeSpan.FromHours(1));
        await _post.FlushAsync();
        Assert.Equal(["once"], PostOffice.Texts(_post.Teams));
        Assert.Null(await _post.LeftAsync());
    }

    [Fact]
    public async Task After_a_crash_between_sending_and_marking_a_card_is_repeated_once_and_a_line_is_not()
    {
        await _post.ReachAsync("bo", "teams");
        var card = await _post.QueueNoticeAsync("ada", NoticeKind.ApprovalWanted);
        var line = await _post.QueueLineAsync("bo", "line");
        var untried = await _post.QueueLineAsync("ada", "untried");
        foreach (var id in new[] { card, line }) await _post.Store.MarkAsync(new DeliveryMark(id, DeliveryState.Sending), Cancel);
        await _post.CrashAsync();
        await _post.FlushAsync();
        Assert.Equal([card, untried], _post.Teams.Arrived.Select(a => a.Id));
        Assert.Null(await _post.LeftAsync());
    }

    [Fact]
    public async Task A_card_whose_repeat_is_cut_off_by_a_second_crash_still_arrives()
    {
        var card = await _post.QueueNoticeAsync("ada", NoticeKind.ApprovalWanted);
        for (var crash = 0; crash < 3; crash++)
        {
            await _post.Store.MarkAsync(new DeliveryMark(card, DeliveryState.Sending), Cancel);
            await _post.CrashAsync();
        }
        await _post.FlushAsync();
        Assert.Equal(card, Assert.Single(_post.Teams.Arrived).Id);
        Assert.Null(await _post.LeftAsync());
    }

    [Fact]
    public async Task Nothing_is_lost_and_nothing_doubled_over_a_crash_between_two_messages()
    {
        for (var i = 0; i < 10; i++) await _post.QueueLineAsync("ada", $"{i}");
        var gate = new TaskCompletionSource();
        _post.Teams.Then(new SendOutcome.Sent(null), new SendOutcome.Sent(null), new SendOutcome.Sent(null), new SendOutcome.TryAgain(TimeSpan.FromSeconds(5), "429"));
        await _post.FlushAsync();
        Assert.Equal(3, _post.Teams.Arrived.Count);
        await _post.CrashAsync();
        _post.System.Advance(TimeSpan.FromSeconds(10));
        await _post.FlushAsync();
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{i}"), PostOffice.Texts(_post.Teams));
    }

    [Fact]
    public async Task Who_is_gone_from_one_channel_is_told_on_the_next_and_the_dead_contact_is_not_tried_again()
    {
        await _post.ReachAsync("ada", "slack");
        await _post.ReachAsync("ada", "teams");
        _post.Teams.Blocked.Add("ada");
        await _post.QueueLineAsync("ada", "one");
        await _post.QueueLineAsync("ada", "two", channel: "teams");
        await _post.FlushAsync();
        Assert.Equal(["one", "two"], PostOffice.Texts(_post.Slack));
        Assert.Equal(1, _post.Teams.Tries);
        Assert.True((await _post.Store.ContactsAsync("ada", Cancel)).Single(c => c.Channel == "teams").Dead);
    }

    [Fact]
    public async Task A_reply_goes_where_the_turn_came_from_and_a_notice_where_the_person_was_heard_last()
    {
        await _post.ReachAsync("ada", "slack");
        await _post.QueueLineAsync("ada", "reply", channel: "teams");
        await _post.QueueNoticeAsync("ada", NoticeKind.AppLive);
        await _post.FlushAsync();
        Assert.Equal(["reply"], PostOffice.Texts(_post.Teams));
        Assert.Equal(["AppLive r1"], PostOffice.Texts(_post.Slack));
    }

    [Fact]
    public async Task Somebody_who_never_wrote_is_reached_where_a_channel_can_open_a_conversation()
    {
        _post.Know("cy");
        _post.Slack.CanOpenWith.Add("cy");
        await _post.QueueLineAsync("cy", "hello");
        await _post.FlushAsync();
        Assert.Equal(["hello"], PostOffice.Texts(_post.Slack));
        Assert.Equal([new Contact("cy", "slack", "opened")], await _post.Store.ContactsAsync("cy", Cancel));
    }

    [Fact]
    public async Task What_must_not_be_missed_goes_to_the_manager_when_nobody_else_can_be_reached_and_is_listed_when_they_cannot_either()
    {
        await _post.ReachAsync("max", "slack");
        _post.Teams.Blocked.Add("ada");
        await _post.QueueNoticeAsync("ada", NoticeKind.ApprovalWanted, "r1");
        await _post.QueueNoticeAsync("ada", NoticeKind.AppLive, "r2");
        await _post.FlushAsync();
        Assert.Equal([("max", "ApprovalWanted r1")], _post.Slack.Arrived.Select(a => (a.To, a.Text)));
        var (notice, reader) = _post.Asked.Last();
        Assert.Equal(("max", "ada"), (reader, notice.Detail[INoticePresenter.InsteadOf]));
        // The other one is news only
        Assert.Equal("ada", Assert.Single(await _post.Store.BouncedAsync(10, Cancel)).ToId);

        _post.Slack.Blocked.Add("max");
        await _post.QueueNoticeAsync("ada", NoticeKind.ApprovalReminder, "r3");
        await _post.FlushAsync();
        Assert.Equal(2, (await _post.Store.BouncedAsync(10, Cancel)).Count);
        Assert.Null(await _post.LeftAsync());
    }

    [Fact]
    public async Task What_the_channel_refuses_or_cannot_be_drawn_is_listed_and_what_follows_goes_on()
    {
        _post.Teams.Then(new SendOutcome.Refused("too large"));
        await _post.QueueLineAsync("ada", "huge");
        await _post.QueueAsync("ada", new OutboxBody.Say("broken", new JsonObject(), null, null));
        await _post.QueueLineAsync("ada", "next");
        _post.Spoils = card => card == "broken" ? new ArgumentException("no such card") : null;
        for (var i = 0; i < 10; i++)
        {
            await _post.FlushAsync();
            _post.System.Advance(TimeSpan.FromMinutes(5));
        }
        Assert.Equal(["next"], PostOffice.Texts(_post.Teams));
        var bounced = await _post.Store.BouncedAsync(10, Cancel);
        Assert.Contains("too large", bounced[1].Why, StringComparison.Ordinal);
        Assert.Contains("no such card", bounced[0].Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_notice_that_is_no_longer_true_is_not_sent()
    {
        _post.IsTrue = notice => notice.Kind != NoticeKind.ApprovalWanted;
        await _post.QueueNoticeAsync("ada", NoticeKind.ApprovalWanted);
        await _post.FlushAsync();
        Assert.Empty(_post.Teams.Arrived);
        Assert.Null(await _post.LeftAsync());
        Assert.Empty(await _post.Store.BouncedAsync(10, Cancel));
    }

    [Fact]
    public async Task The_last_cards_of_an_app_that_carry_buttons_are_drawn_again_in_place()
    {
        await _post.ReachAsync("bo", "slack");
        Task<string> CardAsync(string to, string card, string app) => _post.QueueAsync(to, new OutboxBody.Say(card, new JsonObject(), null, new CardSubject("app", app)));
        await CardAsync("ada", "app", "a1");
        var second = await CardAsync("ada", "renewal-reminder", "a1");
        await CardAsync("ada", "app-live", "a1");
        await CardAsync("ada", "app", "a2");
        await CardAsync("bo", "app", "a1");
        _post.System.Advance(TimeSpan.FromMinutes(1));
        var third = await CardAsync("ada", "cost-alert", "a1");
        _post.System.Advance(TimeSpan.FromMinutes(1));
        var last = await CardAsync("ada", "app", "a1");
        await _post.FlushAsync();

        await _post.QueueAsync("ada", new OutboxBody.Tell(new Notice("ada", NoticeKind.AppCardsChanged, null, "a1", new Dictionary<string, string>())));
        await _post.FlushAsync();
        Assert.Equal([second, third, last], _post.Teams.Updated.Select(u => u.Id));
        Assert.Empty(_post.Slack.Updated);
        Assert.Null(await _post.LeftAsync());

        await _post.QueueAsync("cy", new OutboxBody.Tell(new Notice("cy", NoticeKind.AppCardsChanged, null, "a1", new Dictionary<string, string>())));
        await _post.FlushAsync();
        Assert.Null(await _post.LeftAsync());
        Assert.Empty(await _post.Store.BouncedAsync(10, Cancel));
    }

    [Fact]
    public async Task Every_card_a_person_has_of_a_request_is_drawn_again_in_place()
    {
        await _post.ReachAsync("bo", "slack");
        var first = await _post.QueueNoticeAsync("ada", NoticeKind.ApprovalWanted);
        var reminder = await _post.QueueNoticeAsync("ada", NoticeKind.ApprovalReminder);
        await _post.QueueNoticeAsync("bo", NoticeKind.ApprovalWanted);
        await _post.QueueNoticeAsync("ada", NoticeKind.ApprovalWanted, "r2");
        await _post.FlushAsync();

        _post.Teams.Then(new SendOutcome.Gone("that message was deleted"));
        await _post.QueueNoticeAsync("ada", NoticeKind.RequestCardsChanged);
        await _post.FlushAsync();
        Assert.Equal([(_post.Teams.Name + "-2", reminder)], _post.Teams.Updated.Select(u => (u.ChannelMessageId, u.Id)));

        _post.Teams.Then(new SendOutcome.Sent(null), new SendOutcome.Unknown("timeout"));
        await _post.QueueNoticeAsync("ada", NoticeKind.RequestCardsChanged);
        await _post.FlushAsync();
        _post.System.Advance(TimeSpan.FromMinutes(1));
        await _post.FlushAsync();
        Assert.Equal([reminder, first, first, reminder], _post.Teams.Updated.Select(u => u.Id));
        Assert.Empty(_post.Slack.Updated);
        Assert.Null(await _post.LeftAsync());
    }

    [Fact]
    public async Task A_card_without_an_id_from_the_channel_is_kept_and_not_drawn_again()
    {
        _post.Teams.GivesIds = false;
        var id = await _post.QueueNoticeAsync("ada", NoticeKind.ApprovalWanted);
        await _post.FlushAsync();
        Assert.Null((await _post.Store.SentCardAsync(id, Cancel))!.ChannelMessageId);
        await _post.QueueNoticeAsync("ada", NoticeKind.RequestCardsChanged);
        await _post.FlushAsync();
        Assert.Empty(_post.Teams.Updated);
        Assert.Null(await _post.LeftAsync());
    }

    [Fact]
    public async Task A_sent_card_is_kept_with_what_it_is_about()
    {
        var about = new CardSubject("request", "r9");
        var id = await _post.QueueAsync("ada", new OutboxBody.Say("summary", new JsonObject { ["title"] = "Lunch app" }, null, about));
        await _post.FlushAsync();
        Assert.Equal(["Lunch app"], PostOffice.Texts(_post.Teams));
        Assert.Equal(new SentCard(id, "ada", "teams", "warm", "teams-1", "summary", about, _post.Clock.GetUtcNow()), await _post.Store.SentCardAsync(id, Cancel));
    }

    [Fact]
    public async Task A_card_is_kept_as_it_was_drawn_only_for_a_channel_that_needs_it()
    {
        _post.Slack.NeedsDrawnCards = true;
        await _post.ReachAsync("ada", "slack");
        var say = new OutboxBody.Say("summary", new JsonObject { ["title"] = "Lunch app" }, null, new CardSubject("request", "r1"));
        var (inTeams, inSlack) = (await _post.QueueAsync("ada", say, "teams"), await _post.QueueAsync("ada", say, "slack"));
        await _post.FlushAsync();
        Assert.Null((await _post.Store.SentCardAsync(inTeams, Cancel))!.Drawn);
        Assert.Equal(_post.Draw("summary", new JsonObject { ["title"] = "Lunch app" }).ToJsonString(), (await _post.Store.SentCardAsync(inSlack, Cancel))!.Drawn);

        // Drawn again, it is kept as it looks then
        await _post.QueueNoticeAsync("ada", NoticeKind.RequestCardsChanged);
        await _post.FlushAsync();
        Assert.Contains("RequestCardsChanged", (await _post.Store.SentCardAsync(inSlack, Cancel))!.Drawn, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_goes_to_the_place_where_it_was_asked_for_which_is_no_way_to_reach_the_person()
    {
        var id = await _post.QueueAsync("stranger", new OutboxBody.Say("summary", new JsonObject { ["title"] = "Lunch app" }, null, null, At: "thread"), "slack");
        await _post.FlushAsync();
        Assert.Equal(["thread"], _post.Slack.At);
        Assert.Equal("thread", (await _post.Store.SentCardAsync(id, Cancel))!.Address);
        Assert.Empty(await _post.Store.ContactsAsync("stranger", Cancel));
    }

    [Fact]
    public async Task Where_the_place_is_gone_the_person_is_told_in_their_own_chat_and_stays_reachable()
    {
        await _post.ReachAsync("ada", "slack");
        _post.Slack.Closed.Add("thread");
        await _post.QueueAsync("ada", new OutboxBody.Say(null, null, "Here it is.", null, At: "thread"), "slack");
        await _post.FlushAsync();
        Assert.Equal(["warm"], _post.Slack.At);
        Assert.False((await _post.Store.ContactsAsync("ada", Cancel)).Single(c => c.Channel == "slack").Dead);
        Assert.Null(await _post.LeftAsync());
    }

    /// <summary>A card that Ada has in Slack.</summary>
    private async Task<string> CardInSlackAsync()
    {
        _post.Slack.NeedsDrawnCards = true;
        await _post.ReachAsync("ada", "slack");
        var card = await _post.QueueAsync("ada", new OutboxBody.Say("question", new JsonObject { ["title"] = "One of two" }, null, null), "slack");
        await _post.FlushAsync();
        return card;
    }

    [Fact]
    public async Task The_answer_to_a_click_takes_the_place_of_the_card_and_is_kept_as_that_card()
    {
        var card = await CardInSlackAsync();
        var about = new CardSubject("request", "r1");
        await _post.QueueAsync("ada", new OutboxBody.Say("request-status", new JsonObject { ["title"] = "Filed" }, null, about, Replaces: card), "slack");
        await _post.FlushAsync();

        Assert.Equal([("slack-1", card, "Filed")], _post.Slack.Updated);
        Assert.Single(_post.Slack.Arrived);
        var kept = (await _post.Store.SentCardAsync(card, Cancel))!;
        Assert.Equal(("request-status", about, "slack-1", "warm"), (kept.CardName, kept.About, kept.ChannelMessageId, kept.Address));
        Assert.Contains("Filed", kept.Drawn, StringComparison.Ordinal);
        Assert.Equal([kept], await _post.Store.SentCardsAsync(about, "ada", Cancel));
    }

    [Fact]
    public async Task The_answer_to_a_click_is_tried_again_in_its_place_also_when_the_outcome_is_unknown()
    {
        var card = await CardInSlackAsync();
        _post.Slack.Then(new SendOutcome.TryAgain(TimeSpan.FromSeconds(5), "busy"), new SendOutcome.Unknown("no answer"));
        await _post.QueueAsync("ada", new OutboxBody.Say("notice", new JsonObject { ["title"] = "Done" }, null, null, Replaces: card), "slack");
        for (var i = 0; i < 4; i++)
        {
            await _post.FlushAsync();
            _post.System.Advance(TimeSpan.FromMinutes(1));
        }
        Assert.Equal([("slack-1", card, "Done")], _post.Slack.Updated);
        Assert.Single(_post.Slack.Arrived);
        Assert.Null(await _post.LeftAsync());
    }

    [Theory]
    [InlineData("deleted")]
    [InlineData("never kept")]
    [InlineData("somebody else's")]
    public async Task Where_the_card_is_gone_the_answer_is_a_message_of_its_own(string how)
    {
        var card = await CardInSlackAsync();
        if (how == "deleted") _post.Slack.Then(new SendOutcome.Refused("message_not_found"));
        var to = how == "somebody else's" ? "bo" : "ada";
        await _post.ReachAsync("bo", "slack");
        var answer = await _post.QueueAsync(to, new OutboxBody.Say("notice", new JsonObject { ["title"] = "Done" }, null, null, Replaces: how == "never kept" ? "unknown" : card), "slack");
        await _post.FlushAsync();

        Assert.Equal((to, answer, "Done"), _post.Slack.Arrived.Last());
        Assert.Empty(_post.Slack.Updated);
        Assert.Equal("slack-2", (await _post.Store.SentCardAsync(answer, Cancel))!.ChannelMessageId);
        Assert.Null(await _post.LeftAsync());
    }

    [Fact]
    public async Task Effects_go_in_order_are_tried_again_and_are_repeated_after_a_crash()
    {
        _post.Effects.Enqueue(new EffectOutcome.TryAgain(TimeSpan.FromSeconds(3), "locked"));
        var first = await _post.QueueAsync(OutboxMessage.Catalogue, new OutboxBody.Publish("a1", 1));
        await _post.QueueAsync(OutboxMessage.Catalogue, new OutboxBody.Publish("a1", 2));
        await _post.FlushAsync();
        Assert.Empty(_post.Published);
        await _post.Store.MarkAsync(new DeliveryMark(first, DeliveryState.Sending), Cancel);
        await _post.CrashAsync();
        _post.System.Advance(TimeSpan.FromSeconds(10));
        await _post.FlushAsync();
        Assert.Equal([("a1", 1L), ("a1", 2L)], _post.Published);

        _post.Effects.Enqueue(new EffectOutcome.Refused("not a manifest"));
        await _post.QueueAsync(OutboxMessage.Catalogue, new OutboxBody.Publish("a2", 1));
        await _post.FlushAsync();
        Assert.Equal("not a manifest", Assert.Single(await _post.Store.BouncedAsync(10, Cancel)).Why);
    }

    [Fact]
    public async Task A_running_pump_sends_when_the_bell_rings_and_when_a_message_falls_due()
    {
        await _post.Pump.StartAsync(Cancel);
        await _post.QueueLineAsync("ada", "now");
        _post.Bell.Wake();
        await Until(() => _post.Teams.Arrived.Count == 1);
        await _post.QueueLineAsync("ada", "in a minute", notBefore: _post.Clock.GetUtcNow().AddSeconds(20));
        _post.Bell.Wake();
        await Until(() =>
        {
            _post.System.Advance(TimeSpan.FromSeconds(1));
            return _post.Teams.Arrived.Count == 2;
        });
        Assert.True(_post.System.GetUtcNow() >= new DateTimeOffset(2026, 3, 2, 12, 0, 20, TimeSpan.Zero));
        await _post.Pump.StopAsync(Cancel);
    }

    /// <summary>Lets the try that is under way run into its time limit.</summary>
    private async Task TimeOutAsync()
    {
        var arrived = _post.Teams.Arrived.Count;
        var flush = _post.FlushAsync();
        await Until(() => _post.Teams.Arrived.Count > arrived);
        _post.System.Advance(TimeSpan.FromSeconds(31));
        await flush;
    }

    private static async Task Until(Func<bool> condition)
    {
        while (!condition()) await Task.Delay(2, Cancel);
    }
}
