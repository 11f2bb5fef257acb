using System.Text.Json.Nodes;
using MicroAppBot.Channels.Slack;
using MicroAppBot.Desk;
using MicroAppBot.Tests.Doubles;
using MicroAppBot.Tests.Doubles.Slack;
using Microsoft.Extensions.Time.Testing;

namespace MicroAppBot.Tests.Channels.Slack;

public sealed class SlackChannelTests : IAsyncLifetime
{
    private SlackOutHost _host = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private FakeSlack Slack => _host.Slack;

    private SlackChannel Channel => _host.Channel;

    public async ValueTask InitializeAsync() => _host = await SlackOutHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private Task<SendOutcome> SendAsync(ChannelMessage message, Contact? to = null) => Channel.SendAsync(to ?? _host.Warm(), message, Cancel);

    [Fact]
    public async Task A_card_goes_out_with_our_id_a_sentence_for_screen_readers_and_nothing_unfurled()
    {
        var sent = Assert.IsType<SendOutcome.Sent>(await SendAsync(SlackOutHost.Card("m1", "Ada wants “Lunch orders”. Please decide.")));
        var post = Assert.Single(Slack.Posts);
        Assert.Equal((post.Ts, null), (sent.ChannelMessageId, sent.NewAddress));
        Assert.Equal("m1", SlackMessage.IdIn(post.Message));
        Assert.Equal("Ada wants “Lunch orders”. Please decide.", (string?)post.Message["text"]);
        Assert.Contains("actions", post.Message["blocks"]!.ToJsonString(), StringComparison.Ordinal);
        var args = Slack.Calls.Last(c => c.Method == "chat.postMessage").Arguments;
        Assert.Equal((false, false), ((bool)args["unfurl_links"]!, (bool)args["unfurl_media"]!));
        Assert.True(Channel.NeedsDrawnCards);
    }

    [Fact]
    public async Task A_line_is_plain_whatever_somebody_wrote_into_it()
    {
        await SendAsync(SlackOutHost.Line("m1", "<!channel> *bold* <https://evil.example|click> & \u202Eabc\u0007"));
        var args = Slack.Calls.Last().Arguments;
        Assert.Equal("&lt;!channel&gt; *bold* &lt;https://evil.example|click&gt; &amp; abc", (string?)args["text"]);
        Assert.False((bool)args["mrkdwn"]!);
        Assert.False(args.ContainsKey("blocks"));
    }

    [Fact]
    public async Task A_very_long_line_is_cut_between_characters()
    {
        Assert.IsType<SendOutcome.Sent>(await SendAsync(SlackOutHost.Line("m1", string.Concat(Enumerable.Repeat("🌿", 5_000)))));
        var text = (string)Slack.Posts.Single().Message["text"]!;
        Assert.InRange(text.Length, 3_900, 4_000);
        Assert.EndsWith("🌿…", text, StringComparison.Ordinal);
        Assert.IsType<SendOutcome.Sent>(await SendAsync(SlackOutHost.Line("m2", "")));
    }

    [Fact]
    public async Task A_chat_is_opened_with_somebody_who_never_wrote()
    {
        var cold = Channel.ColdContact(SlackOutHost.Ada)!;
        var sent = Assert.IsType<SendOutcome.Sent>(await SendAsync(SlackOutHost.Line("m1", "Hello"), cold));
        var address = SlackAddress.Read(sent.NewAddress!)!;
        Assert.Equal((FakeSlack.TeamId, SlackOutHost.AdaId, Slack.Posts.Single().Channel), (address.TeamId, address.UserId, address.ChannelId));
        // From then on it is known
        Assert.Null(Assert.IsType<SendOutcome.Sent>(await SendAsync(SlackOutHost.Line("m2", "Hello again"), new Contact("ada.keller", "slack", sent.NewAddress!))).NewAddress);
        Assert.Single(Slack.Calls, c => c.Method == "conversations.open");
    }

    [Fact]
    public async Task Somebody_whose_account_nobody_wrote_down_is_found_by_e_mail()
    {
        var sent = Assert.IsType<SendOutcome.Sent>(await SendAsync(SlackOutHost.Line("m1", "Hello"), Channel.ColdContact(SlackOutHost.Dana)!));
        Assert.Equal(SlackOutHost.DanaId, SlackAddress.Read(sent.NewAddress!)!.UserId);
    }

    [Fact]
    public async Task What_is_for_one_person_is_not_said_to_a_guest_with_their_e_mail()
    {
        Slack.Change(SlackOutHost.DanaId, a => a with { IsRestricted = true });
        Assert.IsType<SendOutcome.Gone>(await SendAsync(SlackOutHost.Line("m1", "Hello"), Channel.ColdContact(SlackOutHost.Dana)!));
        Slack.Change(SlackOutHost.DanaId, a => a with { IsRestricted = false, Email = "other@example.com" });
        Assert.IsType<SendOutcome.Gone>(await SendAsync(SlackOutHost.Line("m2", "Hello"), Channel.ColdContact(SlackOutHost.Dana)!));
        Assert.Empty(Slack.Posts);
    }

    [Fact]
    public void Nobody_from_outside_the_directory_is_written_to_unasked()
    {
        Assert.Null(Channel.ColdContact(Governance.People.Person.Unknown("Guest", "g@elsewhere.example", new(null, "T9/U9"))));
        Assert.Null(Channel.ColdContact(SlackOutHost.Ada with { Outside = Governance.People.Outsider.Guest }));
    }

    [Fact]
    public async Task An_answer_in_a_thread_stays_in_it()
    {
        var room = Slack.Channel("general", [SlackOutHost.AdaId]);
        Assert.IsType<SendOutcome.Sent>(await SendAsync(SlackOutHost.Line("m0", "First"), new SlackAddress(FakeSlack.TeamId, SlackOutHost.AdaId, room.Id).ToContact("ada.keller")));
        var first = Slack.Posts.Single();
        Assert.IsType<SendOutcome.Sent>(await SendAsync(SlackOutHost.Card("m1"), new SlackAddress(FakeSlack.TeamId, SlackOutHost.AdaId, room.Id, first.Ts).ToContact("ada.keller")));
        Assert.Equal(first.Ts, Slack.Posts[1].ThreadTs);
    }

    [Fact]
    public async Task A_card_is_drawn_again_in_its_place_and_a_line_takes_its_buttons_away()
    {
        var sent = Assert.IsType<SendOutcome.Sent>(await SendAsync(SlackOutHost.Card("m1")));
        Assert.Equal(sent.ChannelMessageId, Assert.IsType<SendOutcome.Sent>(await Channel.UpdateAsync(_host.Warm(), sent.ChannelMessageId!, SlackOutHost.Card("m1", "Approved by Dana"), Cancel)).ChannelMessageId);
        Assert.Equal("Approved by Dana", (string?)Slack.Posts.Single().Message["text"]);
        Assert.Equal("m1", SlackMessage.IdIn(Slack.Posts.Single().Message));
        await Channel.UpdateAsync(_host.Warm(), sent.ChannelMessageId!, SlackOutHost.Line("m1", "It is over."), Cancel);
        Assert.DoesNotContain("actions", Slack.Posts.Single().Message.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_was_deleted_is_not_drawn_again_and_nobody_is_gone()
    {
        var outcome = await Channel.UpdateAsync(_host.Warm(), "1700000000.000001", SlackOutHost.Card("m1"), Cancel);
        Assert.Contains("message_not_found", Assert.IsType<SendOutcome.Refused>(outcome).Why, StringComparison.Ordinal);
        Assert.IsType<SendOutcome.Refused>(await Channel.UpdateAsync(Channel.ColdContact(SlackOutHost.Ada)!, "1.2", SlackOutHost.Card("m1"), Cancel));
        Assert.IsType<SendOutcome.Gone>(await Channel.SendAsync(new Contact("ada.keller", "slack", "{}"), SlackOutHost.Card("m1"), Cancel));
        Assert.IsType<SendOutcome.Gone>(await Channel.SendAsync(new Contact("ada.keller", "slack", "no json"), SlackOutHost.Card("m1"), Cancel));
    }

    [Theory]
    [InlineData("ratelimited", typeof(SendOutcome.TryAgain))]
    [InlineData("rate_limited", typeof(SendOutcome.TryAgain))]
    [InlineData("message_limit_exceeded", typeof(SendOutcome.TryAgain))]
    [InlineData("service_unavailable", typeof(SendOutcome.TryAgain))]
    [InlineData("request_timeout", typeof(SendOutcome.TryAgain))]
    [InlineData("team_added_to_org", typeof(SendOutcome.TryAgain))]
    [InlineData("fatal_error", typeof(SendOutcome.Unknown))]
    [InlineData("internal_error", typeof(SendOutcome.Unknown))]
    [InlineData("channel_not_found", typeof(SendOutcome.Gone))]
    [InlineData("is_archived", typeof(SendOutcome.Gone))]
    [InlineData("not_in_channel", typeof(SendOutcome.Gone))]
    [InlineData("account_inactive", typeof(SendOutcome.Gone))]
    [InlineData("restricted_action_thread_locked", typeof(SendOutcome.Gone))]
    [InlineData("invalid_blocks", typeof(SendOutcome.Refused))]
    [InlineData("msg_blocks_too_long", typeof(SendOutcome.Refused))]
    [InlineData("no_text", typeof(SendOutcome.Refused))]
    [InlineData("invalid_auth", typeof(SendOutcome.TryAgain))]
    [InlineData("token_revoked", typeof(SendOutcome.TryAgain))]
    [InlineData("missing_scope", typeof(SendOutcome.TryAgain))]
    [InlineData("restricted_action", typeof(SendOutcome.TryAgain))]
    [InlineData("messages_tab_disabled", typeof(SendOutcome.TryAgain))]
    public async Task Each_error_of_slack_means_what_it_says(string error, Type expected)
    {
        Slack.Always("chat.postMessage", BadDay.OfSlack(error));
        Assert.IsType(expected, await SendAsync(SlackOutHost.Card("m1")));
    }

    [Theory]
    [InlineData("user_not_found")]
    [InlineData("user_disabled")]
    [InlineData("user_not_visible")]
    public async Task Somebody_no_chat_can_be_opened_with_is_gone(string error)
    {
        Slack.Always("conversations.open", BadDay.OfSlack(error));
        Assert.Contains(error, Assert.IsType<SendOutcome.Gone>(await SendAsync(SlackOutHost.Card("m1"), Channel.ColdContact(SlackOutHost.Ada)!)).Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Opening_a_chat_may_be_repeated_whatever_became_of_it()
    {
        Slack.Then("conversations.open", BadDay.DeliveredThenBadGateway, BadDay.ConnectionDropped, BadDay.OfSlack("fatal_error"));
        for (var i = 0; i < 3; i++) Assert.IsType<SendOutcome.TryAgain>(await SendAsync(SlackOutHost.Card("m1"), Channel.ColdContact(SlackOutHost.Ada)!));
        Assert.IsType<SendOutcome.Sent>(await SendAsync(SlackOutHost.Card("m1"), Channel.ColdContact(SlackOutHost.Ada)!));
        Assert.Single(Slack.Posts);
    }

    [Fact]
    public async Task A_throttled_message_waits_as_long_as_slack_says_and_only_this_workspaces()
    {
        Slack.Then("chat.postMessage", BadDay.SlackThrottled(17));
        var again = Assert.IsType<SendOutcome.TryAgain>(await SendAsync(SlackOutHost.Card("m1")));
        Assert.Equal((TimeSpan.FromSeconds(17), true), (again.After, again.OnlyThis));
        // Whoever comes meanwhile does not even ask
        Assert.InRange(Assert.IsType<SendOutcome.TryAgain>(await SendAsync(SlackOutHost.Card("m2"))).After!.Value, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(17));
        Assert.Single(Slack.Calls, c => c.Method == "chat.postMessage");
    }

    [Fact]
    public async Task Blocks_that_slack_refuses_are_logged_with_the_place_and_without_the_words()
    {
        Slack.Then("chat.postMessage", new BadDay(200, """{"ok":false,"error":"invalid_blocks","errors":["must be less than 76 characters [json-pointer:/blocks/1/elements/0/text/text]"]}"""));
        var refused = Assert.IsType<SendOutcome.Refused>(await SendAsync(SlackOutHost.Card("m1", "A very private sentence")));
        Assert.Contains("/blocks/1/elements/0/text/text", refused.Why, StringComparison.Ordinal);
        Assert.Contains("Error Slack does not take message m1: Slack answered invalid_blocks to chat.postMessage: must be less than 76 characters", _host.Spoken.All, StringComparison.Ordinal);
        Assert.DoesNotContain("private sentence", _host.Spoken.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_arrived_without_an_answer_is_found_again_and_not_sent_twice()
    {
        Slack.Then("chat.postMessage", BadDay.DeliveredThenBadGateway);
        Assert.IsType<SendOutcome.Unknown>(await SendAsync(SlackOutHost.Card("m1")));
        var post = Assert.Single(Slack.Posts);
        var sent = Assert.IsType<SendOutcome.Sent>(await SendAsync(SlackOutHost.Card("m1")));
        Assert.Equal(post.Ts, sent.ChannelMessageId);
        Assert.Single(Slack.Posts);
    }

    [Fact]
    public async Task A_message_whose_answer_was_not_waited_for_is_found_again_too()
    {
        await SendAsync(SlackOutHost.Line("warm", "up"));
        Slack.Then("chat.postMessage", BadDay.DeliveredThenSilence);
        using var patience = new CancellationTokenSource();
        var sending = Channel.SendAsync(_host.Warm(), SlackOutHost.Card("m1"), patience.Token);
        await Slack.UntilAsync(posts => posts.FirstOrDefault(p => SlackMessage.IdIn(p.Message) == "m1"));
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.IsType<SendOutcome.Sent>(await SendAsync(SlackOutHost.Card("m1")));
        Assert.Single(Slack.Posts, p => SlackMessage.IdIn(p.Message) == "m1");
    }

    [Fact]
    public async Task A_message_that_did_not_arrive_is_sent_once_more()
    {
        Slack.Then("chat.postMessage", BadDay.ConnectionDropped);
        Assert.IsType<SendOutcome.Unknown>(await SendAsync(SlackOutHost.Card("m1")));
        Assert.Empty(Slack.Posts);
        Assert.IsType<SendOutcome.Sent>(await SendAsync(SlackOutHost.Card("m1")));
        Assert.Single(Slack.Posts);
    }

    [Fact]
    public async Task While_nobody_can_say_whether_it_arrived_it_is_not_sent_again()
    {
        Slack.Then("chat.postMessage", BadDay.DeliveredThenBadGateway);
        Assert.IsType<SendOutcome.Unknown>(await SendAsync(SlackOutHost.Card("m1")));
        Slack.IsDown = true;
        for (var i = 0; i < 5; i++) Assert.IsType<SendOutcome.TryAgain>(await SendAsync(SlackOutHost.Card("m1")));
        Slack.IsDown = false;
        Assert.IsType<SendOutcome.Sent>(await SendAsync(SlackOutHost.Card("m1")));
        Assert.Single(Slack.Posts);

        // Who may never look has to take the chance
        Slack.Always("conversations.history", BadDay.OfSlack("missing_scope"));
        Slack.Then("chat.postMessage", BadDay.ConnectionDropped);
        Assert.IsType<SendOutcome.Unknown>(await SendAsync(SlackOutHost.Card("m2")));
        Assert.IsType<SendOutcome.Sent>(await SendAsync(SlackOutHost.Card("m2")));
        Assert.Single(Slack.Posts, p => SlackMessage.IdIn(p.Message) == "m2");
    }

    [Fact]
    public async Task A_chat_that_is_not_there_any_more_is_opened_anew()
    {
        var stale = new SlackAddress(FakeSlack.TeamId, SlackOutHost.AdaId, "D0GONE").ToContact("ada.keller");
        var sent = Assert.IsType<SendOutcome.Sent>(await SendAsync(SlackOutHost.Card("m1"), stale));
        Assert.Equal(Slack.Posts.Single().Channel, SlackAddress.Read(sent.NewAddress!)!.ChannelId);
    }

    [Fact]
    public async Task What_does_not_fit_goes_into_the_thread_and_waiting_there_does_not_bring_the_message_twice()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var slack = await FakeSlack.StartAsync(time);
        await using var host = await SlackOutHost.StartAsync(slack: slack, time: time);
        var card = SlackOutHost.Card("m1");
        var body = card.Card!["body"]!.AsArray();
        for (var i = 0; i < 120; i++) body.Add(new JsonObject { ["type"] = "TextBlock", ["text"] = $"Part {i}: " + new string('x', 400), ["wrap"] = true });

        var waited = 0;
        SendOutcome outcome;
        while ((outcome = await host.Channel.SendAsync(host.Warm(), card, Cancel)) is SendOutcome.TryAgain { After: { } after })
        {
            Assert.InRange(++waited, 1, 20);
            time.Advance(after);
        }
        var sent = Assert.IsType<SendOutcome.Sent>(outcome);
        Assert.True(waited > 0, "All of it passed at once: this test shows nothing.");
        Assert.All(slack.Posts, p => Assert.Equal("m1", SlackMessage.IdIn(p.Message)));
        Assert.Equal(sent.ChannelMessageId, Assert.Single(slack.Posts, p => p.ThreadTs is null).Ts);
        Assert.All(slack.Posts.Skip(1), p => Assert.Equal(sent.ChannelMessageId, p.ThreadTs));
        var words = slack.Posts.Select(p => p.Message.ToJsonString()).ToList();
        Assert.All(Enumerable.Range(0, 120), i => Assert.Single(words, w => w.Contains($"Part {i}:", StringComparison.Ordinal)));
    }
}
