using System.Text.Json.Nodes;
using MicroAppBot.Channels.Slack;
using MicroAppBot.Desk;
using MicroAppBot.Tests.Doubles.Slack;

namespace MicroAppBot.Tests.Channels.Slack;

/// <summary>Words in Slack: heard once, answered where they were said, and kept before Slack is told that they were heard.</summary>
public sealed class SlackSayTests : IAsyncLifetime
{
    private const string Help = "Here is what I can do";
    private SlackHost _host = null!;

    private SlackUser Ada => _host.Ada;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await SlackHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static bool Says(SlackPost post, string words) => post.Words.Contains(words, StringComparison.Ordinal);

    /// <summary>Words with the bot's mention before them, as Slack's client sends those.</summary>
    private JsonObject Mention(string words, SlackRoom room, string? thread = null)
    {
        var envelope = Ada.Saying(words, room, thread);
        envelope["event"]!["text"] = $"<@{FakeSlack.BotUserId}> {words}";
        return envelope;
    }

    private Task<SlackHeard> MentionAsync(string words, SlackRoom room, string? thread = null) => _host.Slack.Telling.EventAsync(Mention(words, room, thread));

    private string WordsHeard => Assert.IsType<Said.Text>(Assert.Single(_host.Turns.Taken).Said).Words;

    [Fact]
    public async Task Words_in_the_chat_are_answered_there()
    {
        var heard = await Ada.SayAsync("help");
        Assert.Equal((200, ""), (heard.Status, heard.Body));
        var answer = await Ada.SeesAsync(p => Says(p, Help));
        Assert.Null(answer.ThreadTs);
        var turn = Assert.Single(_host.Turns.Taken);
        Assert.Equal(("ada.keller", "slack", Ada.Id, "help"), (turn.Person.Id, turn.Account.Channel, turn.Account.Id, WordsHeard));
        Assert.False(turn.AnswerDirectly);
        var contact = Assert.Single(await _host.Store.ContactsAsync("ada.keller", Cancel));
        Assert.Equal(new SlackAddress(FakeSlack.TeamId, Ada.Id, Ada.Chat.Id), SlackAddress.Read(contact.Address));
    }

    [Fact]
    public async Task Words_in_a_thread_of_the_chat_are_answered_in_it_and_change_no_address()
    {
        await Ada.SayAsync("help");
        var first = await Ada.SeesAsync(p => Says(p, Help));
        await Ada.SayAsync("templates", thread: first.Ts);
        var answer = await Ada.SeesAsync(p => Says(p, "What you can start from"));
        Assert.Equal(first.Ts, answer.ThreadTs);
        Assert.Null(SlackAddress.Read(Assert.Single(await _host.Store.ContactsAsync("ada.keller", Cancel)).Address)!.ThreadTs);
    }

    [Fact]
    public async Task A_mention_in_a_channel_is_answered_under_it_and_what_is_hers_alone_in_her_chat()
    {
        var room = _host.Slack.Channel("marketing", [Ada.Id]);
        await MentionAsync("help", room);
        await _host.Slack.UntilAsync(_ => Ada.SeesIn(room) is [var seen, ..] ? seen : null);
        var turn = Assert.Single(_host.Turns.Taken);
        Assert.True(turn.OthersReadAlong);
        Assert.Equal("help", Assert.IsType<Said.Text>(turn.Said).Words);
        var mention = _host.Slack.Posts.First(p => p.Channel == room.Id && !p.FromBot);
        Assert.All(Ada.SeesIn(room), p => Assert.Equal(mention.Ts, p.ThreadTs));
        // A channel is nobody's address
        Assert.Equal(new SlackAddress(FakeSlack.TeamId, Ada.Id, null), SlackAddress.Read(turn.Contact!.Address));

        await MentionAsync("my apps", room);
        await Ada.SeesAsync(p => Says(p, "You have no apps yet"));
        Assert.DoesNotContain(Ada.SeesIn(room), p => Says(p, "You have no apps yet"));
    }

    [Fact]
    public async Task A_mention_in_a_thread_is_answered_in_that_thread()
    {
        var room = _host.Slack.Channel("marketing", [Ada.Id]);
        var before = _host.Slack.State.NextTs();
        _host.Slack.State.Add(new SlackPost(FakeSlack.TeamId, room.Id, before, Ada.Id, new JsonObject { ["text"] = "Lunch?" }, null, null, false, []));
        await MentionAsync("help", room, before);
        Assert.Equal(before, (await _host.Slack.UntilAsync(_ => Ada.SeesIn(room) is [var seen, ..] ? seen : null)).ThreadTs);
    }

    [Fact]
    public async Task What_Slack_tells_again_is_one_turn_whatever_its_event_is_called()
    {
        var room = _host.Slack.Channel("marketing", [Ada.Id]);
        var event1 = Mention("help", room);
        var event2 = event1.DeepClone().AsObject();
        event2["event_id"] = "Ev-another";
        foreach (var told in new[] { event1, event1, event2, event2 }) Assert.True((await _host.Slack.Telling.EventAsync(told)).IsOk);
        Assert.Single(_host.Turns.Taken.Select(t => t.Id).Distinct());
        await Ada.SayAsync("help");
        await Ada.SeesAsync(p => Says(p, Help));
        Assert.Single(Ada.SeesIn(room), p => Says(p, Help));
    }

    [Theory]
    [InlineData("""{"subtype":"message_changed","hidden":true,"message":{"text":"help"}}""")]
    [InlineData("""{"subtype":"message_deleted","hidden":true}""")]
    [InlineData("""{"subtype":"bot_message","bot_id":"B1","user":null}""")]
    [InlineData("""{"bot_id":"B1"}""")]
    [InlineData("""{"bot_profile":{"id":"B1"}}""")]
    [InlineData("""{"subtype":"me_message"}""")]
    [InlineData("""{"hidden":true}""")]
    [InlineData("""{"user":"U0MICROAPP"}""")]
    [InlineData("""{"user":"USLACKBOT"}""")]
    [InlineData("""{"user":null}""")]
    [InlineData("""{"channel_type":"channel"}""")]
    [InlineData("""{"channel_type":"mpim"}""")]
    public async Task What_is_changed_deleted_said_by_programs_or_not_to_the_bot_is_passed_over(string changed)
    {
        var envelope = Ada.Saying("help");
        foreach (var (name, value) in (JsonObject)JsonNode.Parse(changed)!) envelope["event"]![name] = value?.DeepClone();
        Assert.True((await _host.Slack.Telling.EventAsync(envelope)).IsOk);
        Assert.Empty(_host.Turns.Taken);
    }

    [Fact]
    public async Task A_file_with_words_is_words()
    {
        var envelope = Ada.Saying("help");
        envelope["event"]!["subtype"] = "file_share";
        envelope["event"]!["files"] = new JsonArray(new JsonObject { ["id"] = "F1" });
        await _host.Slack.Telling.EventAsync(envelope);
        Assert.Equal("help", WordsHeard);
    }

    [Fact]
    public async Task Two_programs_that_answer_each_other_are_stopped()
    {
        _host.Turns.Instead = _ => Reply.Line("What?");
        for (var i = 0; i < 40; i++) await Ada.SayAsync($"ping {i}");
        Assert.Equal(30, _host.Turns.Taken.Count);
        Assert.Contains("more in", _host.Spoken.All, StringComparison.Ordinal);
        // Nobody else is held up by it
        await _host.User("tomas.novak").SayAsync("help");
        Assert.Equal("tomas.novak", _host.Turns.Last.Person.Id);
    }

    [Theory]
    [InlineData("show &lt;b&gt; &amp;amp; more", "show <b> &amp; more")]
    [InlineData("see <https://x.example/a|x.example/a> and <https://y.example>", "see x.example/a and https://y.example")]
    [InlineData("see <https://x.example|the list>", "see https://x.example")]
    [InlineData("mail <mailto:ada@example.com|ada@example.com>", "mail ada@example.com")]
    [InlineData("with <@U07NCXSKNF8> and <@U9|jo> and <@U8>", "with Tomás Novák and jo and ")]
    [InlineData("in <#C1|general> or <#C2>", "in #general or #C2")]
    [InlineData("<!here> <!subteam^S1|@it> <!date^1^{date}|today>", "@here @it today")]
    [InlineData("a < b, <, <>, <|x> and <<@U8>", "a < b, <, <>, <|x> and <")]
    [InlineData("<@U0MICROAPP> help <@U0MICROAPP>", "help")]
    public void What_was_typed_is_read_as_the_person_saw_it(string sent, string read) =>
        Assert.Equal(read.Trim(), SlackWords.Read(sent, ["U0MICROAPP"], _host.Get<IDirectory>()));

    [Fact]
    public async Task Where_the_store_is_down_Slack_is_asked_to_send_it_again_and_nothing_is_lost()
    {
        var isDown = true;
        _host.Spoilt.OnCommit = _ => isDown ? Task.FromException<CommitResult>(new IOException("The disk is full.")) : null;
        var envelope = Ada.Saying("help");
        var heard = await _host.Slack.Telling.EventAsync(envelope);
        Assert.Equal((503, ""), (heard.Status, heard.Body));

        isDown = false;
        await _host.Slack.Telling.MoveAsync(TimeSpan.FromMinutes(2));
        await Ada.SeesAsync(p => Says(p, Help));
        Assert.Equal([503, 503, 200], _host.Slack.Telling.Tries.Select(t => t.Ack.Status));
    }

    [Fact]
    public async Task What_takes_longer_than_Slack_waits_is_kept_as_it_came_acknowledged_and_answered()
    {
        var gate = new TaskCompletionSource();
        _host.Turns.Before = _ => gate.Task;
        var heard = await Ada.SayAsync("help");
        Assert.True(heard.IsOk, heard.ToString());

        // On the disk, as it came
        var kept = Assert.Single(await _host.Store.DueMessagesAsync(DateTimeOffset.MaxValue, 10, Cancel));
        Assert.Equal("help", (string)Assert.IsType<OutboxBody.Hear>(kept.Body).What["event"]!["text"]!);
        // And the person sees that it takes a moment
        await Ada.SeesAsync(p => Says(p, "One moment…"));
        gate.SetResult();
        await Ada.SeesAsync(p => Says(p, Help));
        await _host.Slack.UntilAsync(_ => Ada.Sees.Any(p => Says(p, "One moment…")) ? null : Ada.Sees);
        await _host.Slack.CalledAsync("chat.delete", 1);
        while ((await _host.Store.DueMessagesAsync(DateTimeOffset.MaxValue, 10, Cancel)).Count > 0) await Task.Delay(20, Cancel);
        Assert.Single(Ada.Sees, p => Says(p, Help));
    }

    [Fact]
    public async Task What_was_kept_as_it_came_is_heard_again_where_a_crash_came_in_between_and_is_still_one_turn()
    {
        var envelope = Ada.Saying("help");
        var now = _host.Get<GovernanceClock>().GetUtcNow();
        await _host.Store.CommitAsync(new Commit([], null, [new NewMessage("i1", "i1", "slack", new OutboxBody.Hear("slack", envelope), now)]), Cancel);
        _host.Get<IOutbox>().Wake();
        await Ada.SeesAsync(p => Says(p, Help));
        await _host.Slack.Telling.EventAsync(envelope);
        await Ada.SayAsync("templates");
        await Ada.SeesAsync(p => Says(p, "What you can start from"));
        Assert.Single(Ada.Sees, p => Says(p, Help));
    }

    [Fact]
    public async Task Where_it_can_neither_be_handled_nor_kept_in_time_Slack_is_asked_to_send_it_again()
    {
        var gate = new TaskCompletionSource();
        _host.Turns.Before = _ => gate.Task;
        _host.Spoilt.OnCommit = _ => Task.FromException<CommitResult>(new IOException("The disk is full."));
        var heard = await _host.Slack.Line.DeliverAsync(SlackNews.Event, Ada.Saying("help"), TimeSpan.FromSeconds(3));
        Assert.Equal(503, heard.Status);
        gate.SetResult();
    }

    [Fact]
    public async Task The_app_removed_or_its_token_revoked_means_that_nothing_is_kept_of_it_and_a_changed_member_is_asked_anew()
    {
        var asked = () => _host.Slack.Calls.Count(c => c.Method == "users.info");
        await Ada.SayAsync("help");
        await Ada.SayAsync("help");
        Assert.Equal(1, asked());
        await _host.Slack.Telling.EventAsync(_host.Slack.Telling.Envelope(new JsonObject { ["type"] = "user_change", ["user"] = new JsonObject { ["id"] = Ada.Id }, ["event_ts"] = "1.2" }));
        await Ada.SayAsync("help");
        Assert.Equal(2, asked());

        foreach (var gone in new[] { """{"type":"tokens_revoked","tokens":{"oauth":["U1"],"bot":["U0MICROAPP"]}}""", """{"type":"app_uninstalled"}""" })
        {
            await _host.Slack.Telling.EventAsync(_host.Slack.Telling.Envelope((JsonObject)JsonNode.Parse(gone)!));
        }
        Assert.Equal(2, _host.Spoken.All.Split("was removed from workspace").Length - 1);
        // A person's own token is nothing of ours
        await _host.Slack.Telling.EventAsync(_host.Slack.Telling.Envelope((JsonObject)JsonNode.Parse("""{"type":"tokens_revoked","tokens":{"oauth":["U1"]}}""")!));
        Assert.Equal(2, _host.Spoken.All.Split("was removed from workspace").Length - 1);
    }
}
