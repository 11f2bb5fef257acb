using System.Text.Json.Nodes;
using MicroAppBot.Channels.Slack;
using MicroAppBot.Desk;
using MicroAppBot.Tests.Doubles.Slack;

namespace MicroAppBot.Tests.Channels.Slack;

/// <summary>What a press in Slack leads to: in its place, to one person only, or in a form.</summary>
public sealed class SlackClickTests : IAsyncLifetime
{
    private const string Wish = "A page where the marketing team sees which campaigns ran last month";
    private SlackHost _host = null!;

    private SlackUser Ada => _host.Ada;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await SlackHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static bool Says(SlackPost post, string words) => post.Words.Contains(words, StringComparison.Ordinal);

    private async Task<SlackPost> WelcomeAsync()
    {
        await Ada.SayAsync("help");
        return await Ada.SeesAsync(p => Says(p, "Here is what I can do"));
    }

    /// <summary>The next thing that is asked, after what somebody needs was said.</summary>
    private async Task<SlackPost> DraftAsync()
    {
        await Ada.SayAsync(Wish);
        return await Ada.SeesAsync(p => !Says(p, "One moment"));
    }

    /// <summary>Waits until Delivery has written down what it sent.</summary>
    private async Task<SentCard> KeptAsync(string id)
    {
        while (true)
        {
            if (await _host.Store.SentCardAsync(id, Cancel) is { } card) return card;
            await Task.Delay(10, Cancel);
        }
    }

    [Fact]
    public async Task A_list_is_opened_below_the_button_and_the_press_is_acknowledged_with_nothing()
    {
        var welcome = await WelcomeAsync();
        var heard = await Ada.PressAsync(welcome, "Templates");
        Assert.Equal((200, ""), (heard.Status, heard.Body));
        await Ada.SeesAsync(p => Says(p, "What you can start from"));
        var turn = _host.Turns.Last;
        var press = Assert.IsType<Said.Press>(turn.Said);
        Assert.Equal(("say", "templates", welcome.OurId, false), (press.Verb, (string)press.Data["text"]!, press.CardId, turn.AnswerDirectly));
        Assert.Empty(Ada.Complaints);
    }

    [Fact]
    public async Task An_answer_that_takes_the_place_of_a_card_is_drawn_there_once_however_often_the_press_comes()
    {
        var draft = await DraftAsync();
        var (block, element, _) = SlackUser.Find(draft.Blocks, "Cancel") ?? throw new InvalidOperationException(draft.Words);
        var payload = Ada.Pressing(draft, block, element);
        for (var i = 0; i < 3; i++) Assert.True((await _host.Slack.Telling.InteractionAsync(payload)).IsOk);
        var cancelled = await Ada.SeesAsync(p => Says(p, "Cancelled"));
        Assert.Equal(draft.Ts, cancelled.Ts);
        Assert.Single(_host.Turns.Taken.Where(t => t.Said is Said.Press).Select(t => t.Id).Distinct());
        await Ada.SayAsync("help");
        await Ada.SeesAsync(p => Says(p, "Here is what I can do"));
        Assert.Equal(2, Ada.Sees.Count);
        Assert.Single(_host.Slack.Calls, c => c.Method == "chat.update");
    }

    [Fact]
    public async Task Two_presses_are_two_turns_and_the_second_is_answered_with_the_truth()
    {
        var draft = await DraftAsync();
        await Ada.PressAsync(draft, "Cancel");
        await Ada.PressAsync(draft, "Cancel");
        await Ada.SeesAsync(p => Says(p, "no draft open") || Says(p, "Nothing to cancel"));
        Assert.Equal(2, _host.Turns.Taken.Where(t => t.Said is Said.Press).Select(t => t.Id).Distinct().Count());
    }

    [Fact]
    public async Task Somebody_elses_card_in_a_channel_answers_whoever_pressed_it_and_nobody_else()
    {
        var welcome = await WelcomeAsync();
        var kept = await KeptAsync(welcome.OurId!);
        var room = _host.Slack.Channel("marketing", [Ada.Id, _host.User("tomas.novak").Id]);
        var address = new SlackAddress(FakeSlack.TeamId, Ada.Id, room.Id);
        var sent = Assert.IsType<SendOutcome.Sent>(await _host.Get<SlackChannel>().SendAsync(address.ToContact("ada.keller"), new ChannelMessage("in-room", JsonNode.Parse(kept.Drawn!)!.AsObject(), "x"), Cancel));
        await _host.Store.MarkAsync(new DeliveryMark("in-room", DeliveryState.Sent, Cards: [kept with { Id = "in-room", Address = address.ToJson(), ChannelMessageId = sent.ChannelMessageId }]), Cancel);
        var post = Assert.Single(Ada.SeesIn(room));

        var tomas = _host.User("tomas.novak");
        Assert.True((await tomas.PressAsync(post, "Templates")).IsOk);
        var answer = await _host.Slack.UntilAsync(_ => tomas.SeesIn(room).LastOrDefault(p => Says(p, "What you can start from")));
        Assert.Equal(tomas.Id, answer.OnlyFor);
        Assert.DoesNotContain(Ada.SeesIn(room), p => Says(p, "What you can start from"));
        Assert.Equal("tomas.novak", _host.Turns.Last.Person.Id);
        Assert.Null(Assert.IsType<Said.Press>(_host.Turns.Last.Said).CardId);

        // In a channel her own card answers her alone as well: what it would turn into is not everybody's to read
        await Ada.PressAsync(post, "Templates");
        await _host.Slack.UntilAsync(_ => Ada.SeesIn(room).LastOrDefault(p => p.OnlyFor == Ada.Id));
        Assert.DoesNotContain(_host.Slack.Posts, p => p.Channel == room.Id && p.OnlyFor is null && p.FromBot && Says(p, "What you can start from"));

        // What only he sees can be pressed too, and turns into its answer
        await tomas.PressAsync(answer, SlackSight.Elements(answer.Blocks).First().Element["action_id"]!.GetValue<string>());
        var next = await _host.Slack.UntilAsync(_ => tomas.SeesIn(room).LastOrDefault(p => p.OnlyFor == tomas.Id && p.Words != answer.Words));
        Assert.DoesNotContain(Ada.SeesIn(room), p => p.Words == next.Words);
    }

    [Fact]
    public async Task A_card_that_was_never_written_down_works_by_what_its_button_holds_and_is_known_from_then_on()
    {
        var card = new JsonObject
        {
            ["type"] = "AdaptiveCard",
            ["version"] = "1.5",
            ["body"] = new JsonArray(new JsonObject { ["type"] = "TextBlock", ["text"] = "Hello" }),
            ["actions"] = new JsonArray(new JsonObject { ["type"] = "Action.Execute", ["title"] = "Cancel it", ["data"] = new JsonObject { ["verb"] = "intake.cancel" } }),
        };
        await Ada.SayAsync(Wish);
        await Ada.SeesAsync(p => !Says(p, "One moment"));
        var own = new SlackAddress(FakeSlack.TeamId, Ada.Id, Ada.Chat.Id).ToContact("ada.keller");
        // Sent, and the program was killed before it could write that down
        await _host.Store.CommitAsync(new Commit([], null, [new NewMessage("lost", "ada.keller", "slack", new OutboxBody.Say("notice", [], null, null), _host.Get<GovernanceClock>().GetUtcNow().AddHours(1))]), Cancel);
        await _host.Get<SlackChannel>().SendAsync(own, new ChannelMessage("lost", card, "Hello"), Cancel);
        var post = await Ada.SeesAsync(p => p.OurId == "lost");
        Assert.True((await Ada.PressAsync(post, "Cancel it")).IsOk);
        Assert.Equal(post.Ts, (await Ada.SeesAsync(p => Says(p, "Cancelled"))).Ts);
        // It did arrive, so it is not sent a second time
        Assert.DoesNotContain(await _host.Store.DueMessagesAsync(DateTimeOffset.MaxValue, 10, Cancel), m => m.Id == "lost");
    }

    [Fact]
    public async Task A_button_of_another_version_is_answered_kindly()
    {
        var welcome = await WelcomeAsync();
        var (block, element, _) = SlackUser.Find(welcome.Blocks, "Templates") ?? throw new InvalidOperationException();
        var payload = Ada.Pressing(welcome, block, element);
        payload["actions"]![0]!["action_id"] = "app.levitate:0";
        payload["actions"]![0]!.AsObject().Remove("value");
        Assert.True((await _host.Slack.Telling.InteractionAsync(payload)).IsOk);
        await Ada.SeesAsync(p => Says(p, "I cannot do that"));
    }

    [Fact]
    public async Task A_link_that_was_opened_says_nothing()
    {
        var card = new JsonObject
        {
            ["type"] = "AdaptiveCard",
            ["version"] = "1.5",
            ["body"] = new JsonArray(new JsonObject { ["type"] = "TextBlock", ["text"] = "Hello" }),
            ["actions"] = new JsonArray(new JsonObject { ["type"] = "Action.OpenUrl", ["title"] = "Open it", ["url"] = "https://lunch.example.com" }),
        };
        await WelcomeAsync();
        await _host.Get<SlackChannel>().SendAsync(new SlackAddress(FakeSlack.TeamId, Ada.Id, Ada.Chat.Id).ToContact("ada.keller"), new ChannelMessage("link", card, "Hello"), Cancel);
        var post = await Ada.SeesAsync(p => p.OurId == "link");
        Assert.True((await Ada.PressAsync(post, "Open it")).IsOk);
        Assert.Single(_host.Turns.Taken);
    }

    [Fact]
    public async Task A_press_that_fails_is_said_to_have_failed_and_the_buttons_stay()
    {
        var welcome = await WelcomeAsync();
        _host.Turns.Before = _ => throw new IOException("The disk is full.");
        Assert.True((await Ada.PressAsync(welcome, "Templates")).IsOk);
        var said = await Ada.SeesAsync(p => Says(p, "Something went wrong on my side, and nothing was changed"));
        Assert.Equal(Ada.Id, said.OnlyFor);
        Assert.NotNull(SlackUser.Find(Ada.Sees.First(p => p.Ts == welcome.Ts).Blocks, "Templates"));

        // Where there is no way to say so, Slack shows its own sign beside the button
        var (block, element, _) = SlackUser.Find(welcome.Blocks, "Templates") ?? throw new InvalidOperationException();
        var payload = Ada.Pressing(welcome, block, element);
        payload.Remove("response_url");
        Assert.Equal(503, (await _host.Slack.Telling.InteractionAsync(payload)).Status);
    }

    [Fact]
    public async Task A_press_that_takes_long_is_acknowledged_and_answered_all_the_same()
    {
        var draft = await DraftAsync();
        var gate = new TaskCompletionSource();
        _host.Turns.Before = _ => gate.Task;
        Assert.True((await Ada.PressAsync(draft, "Cancel")).IsOk);
        gate.SetResult();
        Assert.Equal(draft.Ts, (await Ada.SeesAsync(p => Says(p, "Cancelled"))).Ts);
    }

    [Fact]
    public async Task A_response_url_of_somewhere_else_is_not_called_and_the_answer_comes_into_the_chat()
    {
        var welcome = await WelcomeAsync();
        var room = _host.Slack.Channel("marketing", [Ada.Id]);
        var (block, element, _) = SlackUser.Find(welcome.Blocks, "Templates") ?? throw new InvalidOperationException();
        var payload = Ada.Pressing(welcome, block, element);
        payload["container"]!["is_ephemeral"] = true;
        payload["channel"] = new JsonObject { ["id"] = room.Id };
        payload.Remove("message");
        payload["response_url"] = "https://169.254.169.254/latest/meta-data";
        Assert.True((await _host.Slack.Telling.InteractionAsync(payload)).IsOk);
        await Ada.SeesAsync(p => Says(p, "What you can start from"));
        Assert.DoesNotContain("169.254", _host.Spoken.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_is_answered_at_once_and_to_that_person_only()
    {
        var room = _host.Slack.Channel("marketing", [Ada.Id, _host.User("tomas.novak").Id]);
        var heard = await Ada.CommandAsync("my apps", room);
        Assert.Equal("ephemeral", (string)heard.Json!["response_type"]!);
        var answer = Assert.Single(Ada.SeesIn(room));
        Assert.True(Says(answer, "You have no apps yet"), answer.Words);
        Assert.Empty(_host.User("tomas.novak").SeesIn(room));
        Assert.True(_host.Turns.Last.AnswerDirectly);
        Assert.Empty(Ada.Complaints);

        // Its buttons work, and the same command that comes again is one turn
        await Ada.PressAsync(answer, "Start a new app");
        var asked = await _host.Slack.UntilAsync(_ => Ada.SeesIn(room) is [var only] && only.Words != answer.Words ? only : null);
        Assert.Equal((answer.Ts, Ada.Id), (asked.Ts, asked.OnlyFor));
        var command = Ada.Command("help", room);
        await _host.Slack.Telling.CommandAsync(command);
        await _host.Slack.Telling.CommandAsync(command);
        Assert.Single(_host.Turns.Taken.Where(t => t.Said is Said.Text { Words: "help" }).Select(t => t.Id).Distinct());
    }

    [Fact]
    public async Task A_command_that_takes_long_says_so_and_then_turns_into_the_answer()
    {
        var gate = new TaskCompletionSource();
        _host.Turns.Before = _ => gate.Task;
        var heard = await Ada.CommandAsync("help");
        Assert.Equal("One moment…", (string)heard.Json!["text"]!);
        gate.SetResult();
        await Ada.SeesAsync(p => Says(p, "Here is what I can do"));
        await _host.Slack.CalledAsync("response_url", 1);
        Assert.True(_host.Slack.Calls.Last(c => c.Method == "response_url").Arguments["replace_original"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_command_that_fails_says_so()
    {
        _host.Turns.Before = _ => throw new IOException("The disk is full.");
        var heard = await Ada.CommandAsync("help");
        Assert.Equal(200, heard.Status);
        Assert.Contains("nothing was changed", (string)heard.Json!["text"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_of_several_messages_brings_all_of_them()
    {
        _host.Turns.Instead = _ => new Reply([new Message.Line("One & <two>"), new Message.Line("Three")]);
        await Ada.CommandAsync("help");
        await Ada.SeesAsync(p => Says(p, "Three"));
        Assert.Single(Ada.Sees, p => p.Message["text"]!.GetValue<string>() == "One &amp; &lt;two&gt;");
    }
}
