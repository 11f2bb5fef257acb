using System.Net;
using System.Text.Json.Nodes;
using MicroAppBot.Channels.Teams;
using MicroAppBot.Desk;
using MicroAppBot.Tests.Doubles;

namespace MicroAppBot.Tests.Channels.Teams;

/// <summary>Cards in a window of their own: opened, filled in, answered in it, and the message beneath stays true.</summary>
public sealed class TeamsDialogTests : IAsyncLifetime
{
    private static readonly CardSubject Request = new("request", "r1");

    private TeamsHost _host = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await TeamsHost.StartAsync();
        _host.Turns.Present = notice => new Presented("approval", new JsonObject { ["words"] = $"as it is now for {notice.ToId}", ["asks"] = "reason" }, "", Request);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private async Task<TeamsPost> CardAsync(string to = "ada.keller", bool asks = true)
    {
        var address = new TeamsAddress(_host.Connector.ServiceUrl, _host.Ada.Chat, _host.Ada.UserId, TeamsHost.AdaId, TeamsHost.Tenant, "28:bot");
        var drawn = _host.Services.GetService(typeof(ICardPen)) as ICardPen;
        var card = drawn!.Draw("approval", asks ? new JsonObject { ["words"] = "wanted", ["asks"] = "reason" } : new JsonObject { ["words"] = "wanted" });
        var sent = Assert.IsType<SendOutcome.Sent>(await _host.Channel.SendAsync(address.ToContact(to), new ChannelMessage("c1", card, "x", Request), Cancel));
        await _host.Store.MarkAsync(new DeliveryMark("c1", DeliveryState.Sent,
            Cards: [new SentCard("c1", to, "teams", address.ToJson(), sent.ChannelMessageId, "approval", Request, TimeProvider.System.GetUtcNow())]), Cancel);
        return _host.Connector.Posts.Single(p => p.Id == sent.ChannelMessageId);
    }

    [Fact]
    public async Task A_card_with_a_form_opens_in_a_window_as_it_is_now_with_what_was_typed()
    {
        var window = await _host.Ada.OpenAsync(await CardAsync(), "Open in a window", new JsonObject { ["reason"] = "It is too broad" });
        Assert.Contains("as it is now for ada.keller", window.Text, StringComparison.Ordinal);
        Assert.Contains("It is too broad", window.Text, StringComparison.Ordinal);
        Assert.Null(TeamsUser.ButtonIn(window.Window, _ => true));
        Assert.Null(window.Window!["refresh"]);
        Assert.Empty(_host.Turns.Taken);
    }

    [Fact]
    public async Task A_card_without_a_form_needs_no_window()
    {
        var post = await CardAsync(asks: false);
        Assert.Null(TeamsUser.WindowButtonIn(post.Card, b => b["data"]?["msteams"] is not null));
    }

    [Fact]
    public async Task A_button_in_the_window_is_a_press_its_answer_is_the_next_card_and_the_message_is_drawn_again()
    {
        var post = await CardAsync();
        var window = await _host.Ada.OpenAsync(post, "Open in a window");
        _host.Turns.Reply = _ => Reply.Card("approval", new JsonObject { ["words"] = "Please say why", ["asks"] = "reason" }, replaces: true, Request);
        var next = await _host.Ada.SubmitAsync(window, "request.approve", new JsonObject { ["reason"] = "" });
        Assert.Contains("Please say why", next.Text, StringComparison.Ordinal);

        _host.Turns.Reply = _ => new Reply([new Message.Card("approval", new JsonObject { ["words"] = "You approved this" }, Request), new Message.Line("and more")], Replaces: true);
        var last = await _host.Ada.SubmitAsync(next, "request.approve", new JsonObject { ["reason"] = "Fine" });
        Assert.Contains("You approved this", last.Text, StringComparison.Ordinal);
        var press = Assert.IsType<Said.Press>(_host.Turns.Last.Said);
        Assert.Equal(("request.approve", "c1", "Fine"), (press.Verb, press.CardId, (string?)press.Data["reason"]));
        Assert.False(press.Data.ContainsKey("msteams") || press.Data.ContainsKey("sent_as"));
        await _host.Connector.UntilAsync(posts => posts.FirstOrDefault(p => p.Id == post.Id && p.Words.Contains("You approved this", StringComparison.Ordinal)));
        Assert.Equal("and more", ((OutboxBody.Say)Assert.Single(await _host.Store.MessagesForAsync("ada.keller", Cancel)).Body).Line);
    }

    [Fact]
    public async Task A_line_stands_in_the_window_and_nothing_to_say_closes_it()
    {
        var window = await _host.Ada.OpenAsync(await CardAsync(), "Open in a window");
        _host.Turns.Reply = _ => Reply.Line("Done that already.");
        Assert.Equal("Done that already.", (await _host.Ada.SubmitAsync(window, "request.approve")).WindowLine);
        _host.Turns.Reply = _ => Reply.Silence;
        var closed = await _host.Ada.SubmitAsync(window, "request.approve");
        Assert.Equal((HttpStatusCode.OK, ""), (closed.Status, closed.Text));
    }

    [Fact]
    public async Task Somebody_elses_card_is_not_shown_in_a_window()
    {
        var post = await CardAsync(to: "dana.levi");
        var window = await _host.Ada.OpenAsync(post, "Open in a window");
        Assert.Null(window.Window);
        Assert.Contains("somebody else's", window.WindowLine, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("task/fetch", "{}")]
    [InlineData("task/fetch", "7")]
    [InlineData("task/submit", """{"data":"text"}""")]
    [InlineData("task/submit", """{"data":{"verb":7,"msteams":{}}}""")]
    public async Task Whatever_a_window_sends_is_answered(string name, string value)
    {
        var activity = _host.Ada.Activity("invoke");
        activity["name"] = name;
        activity["value"] = JsonNode.Parse(value);
        Assert.Equal(HttpStatusCode.OK, (await _host.Ada.PostAsync(activity)).Status);
    }

    [Fact]
    public async Task An_outage_is_said_in_the_window()
    {
        var window = await _host.Ada.OpenAsync(await CardAsync(), "Open in a window");
        _host.Turns.Reply = _ => throw new InvalidOperationException("the store is gone");
        Assert.Contains("nothing was changed", (await _host.Ada.SubmitAsync(window, "request.approve")).WindowLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Looking_and_reading_receipts_are_noted_once()
    {
        var post = await CardAsync();
        await _host.Ada.ViewAsync(post);
        var seen = (await _host.Store.SentCardAsync("c1", Cancel))!.SeenAt;
        Assert.NotNull(seen);
        await _host.Ada.ViewAsync(post);
        Assert.Equal(seen, (await _host.Store.SentCardAsync("c1", Cancel))!.SeenAt);

        foreach (var (id, at) in new[] { ("c2", 100L), ("c3", 300L) })
        {
            await _host.Store.MarkAsync(new DeliveryMark(id, DeliveryState.Sent, Cards: [new SentCard(id, "ada.keller", "teams", "{}", $"{at}", "notice", null, TimeProvider.System.GetUtcNow())]), Cancel);
        }
        var receipt = _host.Ada.Activity("event");
        receipt["name"] = "application/vnd.microsoft.readReceipt";
        receipt["value"] = new JsonObject { ["lastReadMessageId"] = "200" };
        Assert.Equal(HttpStatusCode.OK, (await _host.Ada.PostAsync(receipt)).Status);
        Assert.NotNull((await _host.Store.SentCardAsync("c2", Cancel))!.SeenAt);
        Assert.Null((await _host.Store.SentCardAsync("c3", Cancel))!.SeenAt);
        receipt["value"] = "x";
        Assert.Equal(HttpStatusCode.OK, (await _host.Ada.PostAsync(receipt)).Status);
    }

    [Fact]
    public async Task What_takes_long_shows_that_it_is_being_written_and_what_is_quick_does_not()
    {
        await _host.Ada.SayAsync("quick");
        Assert.Equal(0, _host.Connector.Typing);
        var gate = new TaskCompletionSource();
        _host.Turns.Wait = gate.Task;
        var said = _host.Ada.SayAsync("slow");
        while (_host.Connector.Typing == 0) await Task.Delay(10, Cancel);
        gate.SetResult();
        Assert.Equal(HttpStatusCode.Accepted, await said);
        Assert.InRange(_host.Connector.Typing, 1, 3);
    }

    [Fact]
    public async Task A_line_too_long_for_one_message_comes_in_pieces_and_nothing_of_it_is_lost()
    {
        var words = string.Join(' ', Enumerable.Range(0, 9000).Select(i => $"word{i}"));
        var address = new TeamsAddress(_host.Connector.ServiceUrl, _host.Ada.Chat, _host.Ada.UserId, null, null, null);
        Assert.IsType<SendOutcome.Sent>(await _host.Channel.SendAsync(address.ToContact("ada.keller"), new ChannelMessage("m1", null, words), Cancel));
        Assert.InRange(_host.Ada.Sees.Count, 2, 10);
        Assert.Equal(words, string.Join(' ', _host.Ada.Sees.Select(p => p.Text)));
        Assert.All(_host.Ada.Sees, p => Assert.True(p.Text!.Length <= 12_000));
        Assert.Equal([new string('x', 11_999), "🌿 end"], TeamsMessage.Parts(new string('x', 11_999) + "🌿 end"));
        Assert.Equal(new string('y', 30_001), string.Concat(TeamsMessage.Parts(new string('y', 30_001))));
    }
}
