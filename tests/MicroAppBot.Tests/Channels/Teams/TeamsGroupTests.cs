using System.Net;
using System.Text.Json.Nodes;
using Governance.Notices;
using MicroAppBot.Channels.Teams;
using MicroAppBot.Desk;
using MicroAppBot.Tests.Doubles;

namespace MicroAppBot.Tests.Channels.Teams;

/// <summary>Group chats and channels: spoken to by mention only, and what is posted for all.</summary>
public sealed class TeamsGroupTests : IAsyncLifetime
{
    private const string Thread = "19:general@thread.tacv2;messageid=1700000000000";
    private const string Channel = "19:approvals@thread.tacv2";
    private static readonly CardSubject Request = new("request", "r1");

    private TeamsHost _host = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await TeamsHost.StartAsync();
        _host.Connector.Group(Thread);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Only_what_is_said_to_the_bot_is_heard()
    {
        Assert.Equal(HttpStatusCode.OK, await _host.Ada.SayInAsync(Thread, "help", mention: false));
        Assert.Empty(_host.Turns.Taken);
        Assert.Equal(HttpStatusCode.Accepted, await _host.Ada.SayInAsync(Thread, "help"));
        Assert.Equal(new Said.Text("help"), _host.Turns.Last.Said);
    }

    [Fact]
    public async Task A_mention_of_somebody_else_is_none_of_the_bot()
    {
        var activity = TeamsUser.In(Thread, _host.Ada.Activity("message"));
        activity["text"] = "<at>Dana</at> help";
        activity["entities"] = JsonNode.Parse("""[{"type":"mention","text":"<at>Dana</at>","mentioned":{"id":"29:dana","name":"Dana"}},{"type":"mention"},7]""");
        await _host.Ada.PostAsync(activity);
        Assert.Empty(_host.Turns.Taken);
    }

    [Theory]
    [InlineData(Thread)]
    [InlineData("19:group@thread.v2")]
    public async Task The_turn_says_that_others_read_along_and_where(string conversation)
    {
        await _host.Ada.SayInAsync(conversation, "help");
        var turn = _host.Turns.Last;
        Assert.True(turn is { OthersReadAlong: true, AnswerDirectly: false });
        var place = TeamsAddress.Read(turn.AnswerAt!)!;
        Assert.Equal((conversation, null, null), (place.ConversationId, place.UserId, place.AadObjectId));
        // And what is said into it stands there, as nobody's in particular
        await _host.Channel.SendAsync(new Contact("ada.keller", "teams", turn.AnswerAt!), new ChannelMessage("m1", null, "Here is what I can do"), Cancel);
        if (conversation == Thread) Assert.Null(_host.Connector.Posts.Single(p => p.ConversationId == Thread).Activity["recipient"]);
    }

    [Fact]
    public async Task In_the_personal_chat_nobody_reads_along()
    {
        await _host.Ada.SayAsync("help");
        Assert.True(_host.Turns.Last is { OthersReadAlong: false, AnswerAt: null });
    }

    [Fact]
    public async Task A_board_gets_a_thread_of_its_own_whose_viewers_are_named()
    {
        await _host.Ada.SayAsync("hi");
        await _host.Store.MarkAsync(new DeliveryMark("x", DeliveryState.Sent, Contact: _host.Turns.Last.Contact), Cancel);
        var board = await PostAsync(Channel, ["ada.keller", "dana.levi", "nobody.known"]);
        Assert.StartsWith(Channel + ";messageid=", TeamsAddress.Read(board.Address)!.ConversationId, StringComparison.Ordinal);
        var post = _host.Connector.Posts.Single(p => p.Id == board.ChannelMessageId);
        Assert.Equal([_host.Ada.UserId, "29:dana"], post.Card!["refresh"]!["userIds"]!.AsArray().Select(i => (string?)i));
        Assert.Equal("approval", board.CardName);

        // Drawn again in its place, for others
        var again = new ChannelMessage(board.Id, CardOf("decided"), "Decided", Request, []);
        Assert.IsType<SendOutcome.Sent>(await _host.Channel.UpdateAsync(new Contact(board.PersonId, "teams", board.Address), board.ChannelMessageId!, again, Cancel));
        post = _host.Connector.Posts.Single(p => p.Id == board.ChannelMessageId);
        Assert.Contains("decided", post.Words, StringComparison.Ordinal);
        Assert.Empty(post.Card!["refresh"]!["userIds"]!.AsArray());
    }

    [Fact]
    public async Task A_board_that_is_a_group_chat_is_posted_into()
    {
        _host.Connector.Group("19:group@thread.v2");
        var board = await PostAsync("19:group@thread.v2", []);
        Assert.Equal("19:group@thread.v2", TeamsAddress.Read(board.Address)!.ConversationId);
    }

    [Fact]
    public async Task A_team_that_removed_the_bot_is_gone()
    {
        await _host.Ada.SayAsync("hi");
        _host.Connector.Uninstall(Channel);
        var contact = _host.Channel.BoardContact(Board.Id("teams", Channel))!;
        Assert.IsType<SendOutcome.Gone>(await _host.Channel.SendAsync(contact, new ChannelMessage("b1", CardOf("x"), "x", Request, []), Cancel));
    }

    [Fact]
    public async Task More_viewers_than_teams_takes_are_not_named()
    {
        await _host.Ada.SayAsync("hi");
        var many = Enumerable.Range(0, 80).Select(i => $"p{i}").ToList();
        foreach (var person in many) await _host.Store.MarkAsync(new DeliveryMark("x", DeliveryState.Sent, Contact: new TeamsAddress(_host.Connector.ServiceUrl, null, "29:" + person, null, null, null).ToContact(person)), Cancel);
        var board = await PostAsync(Channel, many);
        Assert.Equal(60, _host.Connector.Posts.Single(p => p.Id == board.ChannelMessageId).Card!["refresh"]!["userIds"]!.AsArray().Count);
    }

    [Fact]
    public async Task Each_person_sees_the_boards_card_in_their_own_way_and_presses_in_their_own_name()
    {
        await _host.Ada.SayAsync("hi");
        await _host.Store.MarkAsync(new DeliveryMark("x", DeliveryState.Sent, Contact: _host.Turns.Last.Contact), Cancel);
        var board = await PostAsync(Channel, ["ada.keller"]);
        var post = _host.Connector.Posts.Single(p => p.Id == board.ChannelMessageId);
        _host.Turns.Present = notice => new Presented("approval", new JsonObject { ["words"] = $"for {notice.ToId} {notice.RequestId}" }, "", Request);

        var view = await _host.Ada.ViewAsync(post);
        Assert.Contains("for ada.keller r1", view!.Text, StringComparison.Ordinal);
        // Looking is no sign of the board's reader
        Assert.Null((await _host.Store.SentCardAsync(board.Id, Cancel))!.SeenAt);

        _host.Turns.Reply = turn => Reply.Card("approval", new JsonObject { ["words"] = "You approved this" }, replaces: true, Request);
        var answer = await _host.Ada.PressAsync(post with { Activity = new JsonObject { ["attachments"] = new JsonArray(new JsonObject { ["content"] = view.Card!.DeepClone() }) } }, "request.approve");
        Assert.Contains("You approved this", answer.Text, StringComparison.Ordinal);
        var press = Assert.IsType<Said.Press>(_host.Turns.Last.Said);
        Assert.Equal((board.Id, "ada.keller", TeamsHost.AdaId), (press.CardId, _host.Turns.Last.Person.Id, _host.Turns.Last.Account.Id));
        // What the others see is Delivery's to draw again
        Assert.Empty(_host.Connector.Posts.Single(p => p.Id == board.ChannelMessageId).Before);
    }

    [Fact]
    public async Task Who_may_not_press_gets_a_true_answer_that_nobody_else_sees()
    {
        await _host.Ada.SayAsync("hi");
        var board = await PostAsync(Channel, []);
        var post = _host.Connector.Posts.Single(p => p.Id == board.ChannelMessageId);
        _host.Turns.Reply = _ => Reply.Card("notice", new JsonObject { ["title"] = "This card is somebody else's", ["text"] = "Only the people who were asked can answer it." });
        var answer = await _host.Ada.PressAsync(post, "request.approve");
        Assert.Equal("This card is somebody else's. Only the people who were asked can answer it.", answer.Line);
        Assert.Empty(_host.Connector.Posts.Single(p => p.Id == board.ChannelMessageId).Before);
    }

    [Fact]
    public async Task A_boards_card_replayed_from_elsewhere_shows_nothing()
    {
        await _host.Ada.SayAsync("hi");
        var board = await PostAsync(Channel, []);
        _host.Turns.Present = _ => new Presented("approval", new JsonObject { ["words"] = "a secret" }, "", Request);
        var stamped = new JsonObject { ["verb"] = "refresh", ["data"] = new JsonObject { ["verb"] = "refresh", ["sent_as"] = board.Id } };
        foreach (var elsewhere in new[] { null, Thread })
        {
            var answer = await _host.Ada.ExecuteAsync(board.ChannelMessageId!, (JsonObject)stamped.DeepClone(), conversation: elsewhere);
            Assert.DoesNotContain("a secret", answer.Text, StringComparison.Ordinal);
        }
    }

    private async Task<SentCard> PostAsync(string place, IReadOnlyList<string> viewers)
    {
        if (_host.Turns.Taken.IsEmpty) await _host.Ada.SayAsync("hi");
        var recipient = Board.Id("teams", place);
        var contact = _host.Channel.BoardContact(recipient)!;
        var sent = Assert.IsType<SendOutcome.Sent>(await _host.Channel.SendAsync(contact, new ChannelMessage("board-1", CardOf("wanted"), "Ada asks", Request, viewers), Cancel));
        var card = new SentCard("board-1", recipient, "teams", sent.NewAddress ?? contact.Address, sent.ChannelMessageId, "approval", Request, TimeProvider.System.GetUtcNow(),
            Told: [new Notice(recipient, NoticeKind.ApprovalWanted, "r1", null, new Dictionary<string, string>())]);
        await _host.Store.MarkAsync(new DeliveryMark("board-1", DeliveryState.Sent, Cards: [card]), Cancel);
        return card;
    }

    private static JsonObject CardOf(string words) => new()
    {
        ["type"] = "AdaptiveCard",
        ["version"] = "1.5",
        ["body"] = new JsonArray(new JsonObject { ["type"] = "TextBlock", ["text"] = words }),
        ["actions"] = new JsonArray(new JsonObject { ["type"] = "Action.Execute", ["title"] = "Approve", ["verb"] = "request.approve", ["data"] = new JsonObject { ["verb"] = "request.approve" } }),
    };
}
