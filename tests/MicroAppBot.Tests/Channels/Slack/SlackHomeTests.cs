using System.Text.Json.Nodes;
using MicroAppBot.Desk;
using MicroAppBot.Tests.Desk;
using MicroAppBot.Tests.Doubles;
using MicroAppBot.Tests.Doubles.Slack;

namespace MicroAppBot.Tests.Channels.Slack;

/// <summary>The Home tab as the person's own page.</summary>
public sealed class SlackHomeTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const string Van = "A form to book the demo van, the fleet manager approves";
    private SlackHost _host = null!;

    private SlackUser Ada => _host.Ada;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await SlackHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private int Published => _host.Slack.Calls.Count(c => c.Method == "views.publish");

    private async Task<SlackView> HomeAsync(SlackUser user, string words) =>
        await _host.Slack.UntilAsync(_ => user.Home is { } home && home.Words.Contains(words, StringComparison.Ordinal) ? home : null);

    private async Task<string> LiveAppAsync()
    {
        var ada = FrontDesk.Content.People["ada.keller"];
        var number = 0;
        Turn Next(Said said) => new($"test:{++number}", new ChannelAccount("console", ada.Id), ada, said, null, AnswerDirectly: true);
        await _host.Turns.TakeAsync(Next(new Said.Text(Van)), Cancel);
        await _host.Turns.TakeAsync(Next(new Said.Press("intake.submit", [], null)), Cancel);
        return (await _host.Get<MicroAppBot.Desk.Desk>().Look(Cancel).AppsAsync(new SnapshotQuery())).Single().File.Id;
    }

    [Fact]
    public async Task It_shows_the_persons_own_things_and_offers_something_new()
    {
        Assert.True((await Ada.OpenHomeAsync()).IsOk);
        var home = await HomeAsync(Ada, "You have no apps yet");
        output.WriteLine(home.Words);
        Assert.Empty(_host.Turns.Taken);

        await Ada.PressAsync(home, "Start a new app");
        var wish = await Ada.SeesModalAsync(m => m.Words.Contains("What do you need?", StringComparison.Ordinal));
        Ada.Enter(wish, "text", Van);
        await Ada.SubmitAsync();
        await Ada.SeesModalAsync(m => !m.Words.Contains("What do you need?", StringComparison.Ordinal));
        Assert.Empty(Ada.Complaints);
    }

    [Fact]
    public async Task It_changes_with_the_persons_things_and_is_not_published_when_it_looks_the_same()
    {
        await Ada.OpenHomeAsync();
        await HomeAsync(Ada, "You have no apps yet");
        await LiveAppAsync();
        var home = await HomeAsync(Ada, "days left");
        output.WriteLine(home.Words);
        Assert.Contains("USD", home.Words, StringComparison.Ordinal);

        var before = Published;
        for (var i = 0; i < 3; i++) await Ada.OpenHomeAsync();
        await Ada.SayAsync("help");
        await Ada.SeesAsync(p => p.Words.Contains("Here is what I can do", StringComparison.Ordinal));
        await Ada.OpenHomeAsync();
        Assert.Equal(before, Published);
        // Somebody who never opened the tab has none
        Assert.DoesNotContain(_host.Slack.Calls, c => c.Method == "views.publish" && (string)c.Arguments["user_id"]! != Ada.Id);
    }

    [Fact]
    public async Task An_app_is_opened_from_it_in_a_window_and_what_is_done_there_shows_in_both()
    {
        await LiveAppAsync();
        await Ada.OpenHomeAsync();
        var home = await HomeAsync(Ada, "days left");
        var (block, element) = SlackSight.Elements(home.Blocks).First(e => ((string)e.Element["action_id"]!).StartsWith("app.show", StringComparison.Ordinal));
        await Ada.PressAsync(home, block, element);
        var window = await Ada.SeesModalAsync();
        output.WriteLine(window.Words);
        output.WriteLine(string.Join(" | ", SlackSight.Elements(window.Blocks).Select(e => SlackSight.Text(e.Element["text"]))));
        await Ada.PressAsync(window, "Archive");
        await HomeAsync(Ada, "can be restored");
        output.WriteLine(Ada.Modal!.Words);
        Assert.Empty(Ada.Complaints);
    }

    [Fact]
    public async Task What_waits_for_somebody_stands_first_and_goes_when_somebody_else_has_decided()
    {
        var miriam = _host.User("miriam.osei");
        await miriam.OpenHomeAsync();
        await HomeAsync(miriam, "You have no apps yet");
        await Ada.OpenHomeAsync();
        await HomeAsync(Ada, "You have no apps yet");

        await Ada.SayAsync("A page where the marketing team sees customer names and their contracts");
        var draft = await Ada.SeesAsync(p => p.Words.Contains("Ask for approval", StringComparison.Ordinal));
        await Ada.PressAsync(draft, "Ask for approval");
        var home = await HomeAsync(miriam, "Waiting for you");
        Assert.True(home.Words.IndexOf("Waiting for you", StringComparison.Ordinal) < home.Words.IndexOf("My apps", StringComparison.Ordinal));
        await HomeAsync(Ada, "Your requests");

        var status = await Ada.SeesAsync(p => p.Ts == draft.Ts && p.Words.Contains("Withdraw", StringComparison.Ordinal));
        await Ada.PressAsync(status, "Withdraw");
        await _host.Slack.UntilAsync(_ => miriam.Home is { } now && !now.Words.Contains("Waiting for you", StringComparison.Ordinal) ? now : null);
    }

    [Fact]
    public async Task A_page_that_was_overtaken_is_drawn_anew_and_a_busy_Slack_is_asked_again()
    {
        await Ada.OpenHomeAsync();
        await HomeAsync(Ada, "You have no apps yet");
        _host.Slack.Then("views.publish", BadDay.OfSlack("hash_conflict"));
        await LiveAppAsync();
        await HomeAsync(Ada, "days left");
        Assert.DoesNotContain("went wrong", _host.Spoken.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_button_of_a_page_that_is_not_known_any_more_is_answered_kindly()
    {
        await Ada.OpenHomeAsync();
        var home = await HomeAsync(Ada, "You have no apps yet");
        var (block, element) = SlackSight.Elements(home.Blocks).First(e => (string?)e.Element["type"] == "button");
        var strange = element.DeepClone().AsObject();
        strange["action_id"] = "app.show:7.9";
        strange.Remove("value");
        await Ada.PressAsync(home, block, strange);
        await Ada.SeesModalAsync(m => m.Words.Contains("I cannot find that app", StringComparison.Ordinal));
    }
}
