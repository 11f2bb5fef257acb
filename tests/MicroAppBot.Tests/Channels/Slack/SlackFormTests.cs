using System.Text.Json.Nodes;
using MicroAppBot.Channels.Slack;
using MicroAppBot.Desk;
using MicroAppBot.Tests.Doubles;
using MicroAppBot.Tests.Doubles.Slack;

namespace MicroAppBot.Tests.Channels.Slack;

/// <summary>Forms: opened in time, kept open with what is wrong, going on question by question, and never lost with a window.</summary>
public sealed class SlackFormTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const string Wish = "A page where the marketing team sees which campaigns ran last month";
    private SlackHost _host = null!;

    private SlackUser Ada => _host.Ada;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await SlackHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static bool Says(SlackPost post, string words) => post.Words.Contains(words, StringComparison.Ordinal);

    /// <summary>A question with two inputs, as the intake asks them.</summary>
    private static Reply Question(string title, string? error = null, bool replaces = true) => Reply.Card("question", new JsonObject
    {
        ["title"] = title,
        ["fields"] = new JsonArray(
            new JsonObject { ["id"] = "purpose", ["kind"] = "text", ["label"] = "What is it for?", ["required"] = true, ["error"] = error },
            new JsonObject { ["id"] = "ttlDays", ["kind"] = "number", ["label"] = "How many days?", ["min"] = 1, ["max"] = 90 }),
        ["canGoBack"] = true,
    }, replaces);

    private static Reply Summary() => Reply.Card("notice", new JsonObject { ["title"] = "All answered", ["text"] = "Here is the summary." }, replaces: true);

    private async Task<SlackPost> AskedAsync()
    {
        _host.Turns.Instead = _ => Question("First question", replaces: false);
        await Ada.SayAsync("something");
        return await Ada.SeesAsync(p => Says(p, "First question"));
    }

    private async Task<(SlackPost Post, SlackView Form)> OpenAsync()
    {
        var post = await AskedAsync();
        Assert.True((await Ada.PressAsync(post, Opener(post))).IsOk);
        return (post, await Ada.SeesModalAsync());
    }

    /// <summary>The button that opens the form ends with three dots.</summary>
    private static string Opener(SlackPost post) => SlackSight.Elements(post.Blocks).Select(e => SlackSight.Text(e.Element["text"])).OfType<string>().First(t => t.EndsWith('…'));

    [Fact]
    public async Task A_button_that_needs_answers_opens_a_form_and_nothing_is_said_by_that()
    {
        var (_, form) = await OpenAsync();
        Assert.Single(_host.Turns.Taken);
        Assert.Contains("What is it for?", form.Words, StringComparison.Ordinal);
        Assert.NotNull(form.Sent["submit"]);
        Assert.Empty(Ada.Complaints);
    }

    [Fact]
    public async Task What_is_wrong_stands_at_its_input_and_the_form_stays()
    {
        var (_, form) = await OpenAsync();
        // A client that does not look itself
        var payload = Ada.Submission(form);
        var heard = await _host.Slack.Telling.InteractionAsync(payload);
        Assert.Equal("errors", (string)heard.Json!["response_action"]!);
        Assert.NotNull(heard.Json["errors"]!["purpose"]);
        Assert.Single(_host.Turns.Taken);

        // What only the conversation knows comes back the same way
        _host.Turns.Instead = _ => Question("First question", error: "Please say it in other words.");
        Ada.Enter(form, "purpose", "Lunch");
        Ada.Enter(form, "ttlDays", "14");
        await Ada.SubmitAsync();
        Assert.Equal("Please say it in other words.", Ada.Modal!.Errors["purpose"]);
        var press = Assert.IsType<Said.Press>(_host.Turns.Last.Said);
        Assert.Equal(("intake.answer", "Lunch", "14"), (press.Verb, (string)press.Data["purpose"]!, (string)press.Data["ttlDays"]!));
        Assert.Empty(Ada.Complaints);
    }

    [Fact]
    public async Task A_form_goes_on_with_the_next_question_and_closes_when_all_is_answered_while_the_message_shows_each()
    {
        var (post, form) = await OpenAsync();
        _host.Turns.Instead = _ => Question("Second question");
        Ada.Enter(form, "purpose", "Lunch");
        await Ada.SubmitAsync();
        Assert.Contains("Second question", Ada.Modal!.Words, StringComparison.Ordinal);
        Assert.Equal(post.Ts, (await Ada.SeesAsync(p => Says(p, "Second question"))).Ts);

        _host.Turns.Instead = _ => Summary();
        Ada.Enter(Ada.Modal!, "purpose", "Dinner");
        await Ada.SubmitAsync();
        Assert.Null(Ada.Modal);
        Assert.Equal(post.Ts, (await Ada.SeesAsync(p => Says(p, "All answered"))).Ts);
        Assert.All(_host.Turns.Taken.Skip(1), t => Assert.Equal((false, post.OurId), (t.AnswerDirectly, ((Said.Press)t.Said).CardId)));
        Assert.Empty(Ada.Complaints);
    }

    [Fact]
    public async Task A_button_in_a_form_is_answered_in_the_form_and_in_the_message()
    {
        var (post, form) = await OpenAsync();
        _host.Turns.Instead = _ => Question("The one before");
        var back = SlackSight.Elements(form.Blocks).FirstOrDefault(e => SlackSight.Text(e.Element["text"]) == "Back");
        if (back.Block is null)
        {
            // The form is only about its answers: back stands in the message
            Assert.NotNull(SlackUser.Find(post.Blocks, "Back"));
            return;
        }
        await Ada.PressAsync(form, back.Block, back.Element);
        await Ada.SeesModalAsync(m => m.Words.Contains("The one before", StringComparison.Ordinal));
        Assert.Equal(post.Ts, (await Ada.SeesAsync(p => Says(p, "The one before"))).Ts);
    }

    [Fact]
    public async Task The_same_form_sent_twice_is_one_turn()
    {
        var (_, form) = await OpenAsync();
        _host.Turns.Instead = _ => null;
        Ada.Enter(form, "purpose", "Lunch");
        var payload = Ada.Submission(form);
        for (var i = 0; i < 3; i++) Assert.True((await _host.Slack.Telling.InteractionAsync(payload)).IsOk);
        Assert.Single(_host.Turns.Taken.Skip(1).Select(t => t.Id).Distinct());
    }

    [Fact]
    public async Task A_form_of_somebody_else_or_of_nobody_changes_nothing()
    {
        var (_, form) = await OpenAsync();
        Ada.Enter(form, "purpose", "Lunch");
        var payload = Ada.Submission(form);
        var tomas = _host.User("tomas.novak");
        payload["user"]!["id"] = tomas.Id;
        var heard = await _host.Slack.Telling.InteractionAsync(payload);
        Assert.Equal("update", (string)heard.Json!["response_action"]!);
        payload = Ada.Submission(form);
        payload["view"]!["private_metadata"] = """{"form":"slack-form-of-nobody","on":null,"window":false}""";
        Assert.Equal("update", (string)(await _host.Slack.Telling.InteractionAsync(payload)).Json!["response_action"]!);
        payload["view"]!["private_metadata"] = "not ours";
        Assert.Equal("update", (string)(await _host.Slack.Telling.InteractionAsync(payload)).Json!["response_action"]!);
        Assert.Single(_host.Turns.Taken);
    }

    [Fact]
    public async Task A_form_that_takes_long_says_so_and_then_goes_on()
    {
        var (_, form) = await OpenAsync();
        var gate = new TaskCompletionSource();
        _host.Turns.Before = _ => gate.Task;
        _host.Turns.Instead = _ => Question("Second question");
        Ada.Enter(form, "purpose", "Lunch");
        await Ada.SubmitAsync();
        Assert.Contains("I am looking at it", Ada.Modal!.Words, StringComparison.Ordinal);
        gate.SetResult();
        await Ada.SeesModalAsync(m => m.Words.Contains("Second question", StringComparison.Ordinal));
        Assert.Empty(Ada.Complaints);
    }

    [Fact]
    public async Task Where_the_store_is_down_a_form_stays_with_all_its_answers()
    {
        var (_, form) = await OpenAsync();
        _host.Turns.Before = _ => throw new IOException("The disk is full.");
        Ada.Enter(form, "purpose", "Lunch");
        var heard = await Ada.SubmitAsync();
        Assert.Equal(503, heard!.Status);
        Assert.NotNull(Ada.Modal);
    }

    [Fact]
    public async Task A_press_of_long_ago_opens_nothing_and_says_so()
    {
        var post = await AskedAsync();
        _host.Slack.Then("views.open", BadDay.OfSlack("expired_trigger_id"));
        Assert.True((await Ada.PressAsync(post, Opener(post))).IsOk);
        await Ada.SeesAsync(p => Says(p, SlackForms.TooLate));
        Assert.Null(Ada.Modal);
    }

    [Fact]
    public async Task The_global_shortcut_asks_what_is_needed_and_goes_on_in_the_window_while_the_chat_has_it_too()
    {
        Assert.True((await Ada.ShortcutAsync(SlackShortcuts.NewApp)).IsOk);
        var wish = await Ada.SeesModalAsync(m => m.Words.Contains("What do you need?", StringComparison.Ordinal));
        Assert.Empty(_host.Turns.Taken);
        Ada.Enter(wish, "text", Wish);
        await Ada.SubmitAsync();
        var next = Ada.Modal!;
        output.WriteLine(next.Words);
        Assert.DoesNotContain("What do you need?", next.Words, StringComparison.Ordinal);
        var inChat = await Ada.SeesAsync(_ => true);
        output.WriteLine(inChat.Words);
        var turn = Assert.Single(_host.Turns.Taken);
        Assert.Equal((inChat.OurId, false, true), (turn.AnswerId, turn.AnswerDirectly, turn.ReturnsReply));

        // To the end in the window; what stands in the chat goes along
        for (var step = 0; step < 8 && Ada.Modal is { } open && open.Sent["submit"] is not null; step++)
        {
            foreach (var (block, element) in SlackSight.Elements(open.Blocks).Where(e => (string?)e.Block["type"] == "input" && (bool?)e.Block["optional"] != true))
            {
                Ada.Enter(open, (string)block["block_id"]!, SlackSight.Options(element).FirstOrDefault() is { } option ? (string)option["value"]! : "14");
            }
            await Ada.SubmitAsync();
        }
        output.WriteLine(Ada.Modal?.Words ?? "closed");
        Assert.Single(Ada.Sees);
        Assert.Empty(Ada.Complaints);
        await Ada.PressAsync(Ada.Modal!, "Get it live");
        await Ada.SeesModalAsync(m => m.Words.Contains("Approved at once", StringComparison.Ordinal));
        Assert.Equal(inChat.Ts, (await Ada.SeesAsync(p => Says(p, "Approved at once"))).Ts);
        output.WriteLine(Ada.Modal!.Words);
        Assert.Empty(Ada.Complaints);
    }

    [Fact]
    public async Task A_message_becomes_a_request_by_its_own_shortcut()
    {
        var room = _host.Slack.Channel("marketing", [Ada.Id]);
        var post = new SlackPost(FakeSlack.TeamId, room.Id, _host.Slack.State.NextTs(), _host.User("tomas.novak").Id, new JsonObject { ["text"] = Wish + " &amp; more" }, null, null, false, []);
        _host.Slack.State.Add(post);
        Assert.True((await Ada.MessageShortcutAsync(SlackShortcuts.RegisterApp, post)).IsOk);
        await Ada.SeesModalAsync();
        var press = Assert.IsType<Said.Press>(Assert.Single(_host.Turns.Taken).Said);
        Assert.Equal(("intake.start", Wish + " & more"), (press.Verb, (string)press.Data["text"]!));
        await Ada.SeesAsync(_ => true);
        // On a message without words it asks for some
        await Ada.CloseAsync();
        await Ada.MessageShortcutAsync(SlackShortcuts.RegisterApp, post with { Message = new JsonObject { ["text"] = "" } });
        await Ada.SeesModalAsync(m => m.Words.Contains("What do you need?", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_shortcut_that_takes_long_opens_at_once_and_fills_itself()
    {
        var gate = new TaskCompletionSource();
        _host.Turns.Before = _ => gate.Task;
        var post = new SlackPost(FakeSlack.TeamId, Ada.Chat.Id, _host.Slack.State.NextTs(), Ada.Id, new JsonObject { ["text"] = Wish }, null, null, false, []);
        _host.Slack.State.Add(post);
        Assert.True((await Ada.MessageShortcutAsync(SlackShortcuts.RegisterApp, post)).IsOk);
        await Ada.SeesModalAsync(m => m.Words.Contains("I am looking at it", StringComparison.Ordinal));
        gate.SetResult();
        await Ada.SeesModalAsync(m => !m.Words.Contains("I am looking at it", StringComparison.Ordinal));
        await Ada.SeesAsync(p => p.FromBot);
    }

    [Fact]
    public async Task A_shortcut_nobody_knows_does_nothing()
    {
        Assert.True((await Ada.ShortcutAsync("of_another_version")).IsOk);
        Assert.Null(Ada.Modal);
    }
}
