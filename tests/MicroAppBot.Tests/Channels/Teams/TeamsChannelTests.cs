using System.Net;
using System.Text.Json.Nodes;
using MicroAppBot.Channels.Teams;
using MicroAppBot.Desk;
using MicroAppBot.Tests.Doubles;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace MicroAppBot.Tests.Channels.Teams;

/// <summary>What goes out, and what each answer of the connector means for the message.</summary>
public sealed class TeamsChannelTests : IAsyncLifetime
{
    private const string Ada = TeamsHost.AdaId;
    private FakeConnector _connector = null!;
    private ServiceProvider _clients = null!;
    private TeamsChannel _channel = null!;

    public async ValueTask InitializeAsync()
    {
        _connector = await FakeConnector.StartAsync();
        var services = new ServiceCollection();
        services.AddHttpClient(TeamsConnector.HttpClientName, client => client.Timeout = TimeSpan.FromMilliseconds(700));
        _clients = services.BuildServiceProvider();
        _channel = Channel(new TeamsSettings(null, true, [], null));
    }

    public async ValueTask DisposeAsync()
    {
        await _clients.DisposeAsync();
        await _connector.DisposeAsync();
    }

    private TeamsChannel Channel(TeamsSettings settings)
    {
        var clients = _clients.GetRequiredService<IHttpClientFactory>();
        var connector = new TeamsConnector(clients, new TeamsToken(settings, clients, NullLogger<TeamsToken>.Instance), new TeamsPace(TimeProvider.System), settings, TimeProvider.System);
        return new TeamsChannel(connector, new TeamsPlace(null!, settings, TimeProvider.System), settings);
    }

    private Contact Warm => Contact(_connector.ChatWith(Ada));

    private Contact Cold => Contact(null);

    private Contact Contact(string? chat) => new TeamsAddress(_connector.ServiceUrl, chat, "29:" + Ada, Ada, "tenant-1", "28:bot").ToContact("ada.keller");

    private static ChannelMessage Line(string text = "Hello Ada") => new("our-id-1", null, text);

    private static ChannelMessage Card() => new("our-id-2", (JsonObject)JsonNode.Parse(
        """{"type":"AdaptiveCard","version":"1.5","body":[],"actions":[{"type":"Action.Execute","data":{"verb":"x"},"fallback":{"type":"Action.Submit","data":{"verb":"x"}}},{"type":"Action.OpenUrl","url":"https://example.com"}]}""")!, "Ada wants an app");

    private Task<SendOutcome> SendAsync(Contact to, ChannelMessage message) => _channel.SendAsync(to, message, TestContext.Current.CancellationToken);

    private Task<SendOutcome> UpdateAsync(string id, ChannelMessage message) => _channel.UpdateAsync(Warm, id, message, TestContext.Current.CancellationToken);

    [Fact]
    public async Task A_line_is_plain_text_with_our_id()
    {
        var sent = Assert.IsType<SendOutcome.Sent>(await SendAsync(Warm, Line("Hello **Ada** <at>all</at>")));
        var post = Assert.Single(_connector.Posts);
        Assert.Equal((post.Id, null), (sent.ChannelMessageId, sent.NewAddress));
        Assert.Equal(("Hello **Ada** <at>all</at>", "plain", "our-id-1"), (post.Text, (string?)post.Activity["textFormat"], post.OurId));
        Assert.Null(post.Activity["attachments"]);
        Assert.Equal(("28:bot", "29:" + Ada), ((string?)post.Activity["from"]!["id"], (string?)post.Activity["recipient"]!["id"]));
        foreach (var own in (string[])["id", "timestamp", "serviceUrl"]) Assert.Null(post.Activity[own]);
    }

    [Fact]
    public async Task A_card_goes_without_text_with_a_sentence_for_notifications_and_knows_its_message()
    {
        var message = Card();
        var before = message.Card!.ToJsonString();
        await SendAsync(Warm, message);
        var post = Assert.Single(_connector.Posts);
        Assert.Null(post.Text);
        Assert.Equal("Ada wants an app", (string?)post.Activity["summary"]);
        Assert.Equal("application/vnd.microsoft.card.adaptive", (string?)post.Activity["attachments"]![0]!["contentType"]);
        var execute = post.Card!["actions"]![0]!;
        Assert.Equal("our-id-2", (string?)execute["data"]![TeamsMessage.SentAs]);
        Assert.Equal("our-id-2", (string?)execute["fallback"]!["data"]![TeamsMessage.SentAs]);
        Assert.Null(post.Card["actions"]![1]!["data"]);
        Assert.Equal(before, message.Card.ToJsonString());
    }

    [Fact]
    public async Task Ids_are_percent_encoded_and_the_service_urls_path_is_kept()
    {
        var sent = Assert.IsType<SendOutcome.Sent>(await SendAsync(Warm, Card()));
        await UpdateAsync(sent.ChannelMessageId!, Card());
        var chat = Uri.EscapeDataString(_connector.ChatWith(Ada));
        Assert.Contains("%2F", chat, StringComparison.Ordinal);
        Assert.Equal([$"POST /amer/v3/conversations/{chat}/activities", $"PUT /amer/v3/conversations/{chat}/activities/{sent.ChannelMessageId}"], _connector.Calls);
    }

    [Fact]
    public async Task A_card_is_drawn_again_in_its_place()
    {
        var sent = Assert.IsType<SendOutcome.Sent>(await SendAsync(Warm, Card()));
        var updated = Assert.IsType<SendOutcome.Sent>(await UpdateAsync(sent.ChannelMessageId!, Line("Decided")));
        Assert.Equal(sent.ChannelMessageId, updated.ChannelMessageId);
        var post = Assert.Single(_connector.Posts);
        Assert.Equal(("Decided", sent.ChannelMessageId), (post.Text, (string?)post.Activity["id"]));
        Assert.NotNull(Assert.Single(post.Before)["attachments"]);
    }

    [Fact]
    public async Task A_chat_that_was_never_there_is_opened_by_the_object_id_and_remembered()
    {
        var sent = Assert.IsType<SendOutcome.Sent>(await SendAsync(Cold, Line()));
        var opening = Assert.Single(_connector.Openings);
        Assert.Equal("""{"isGroup":false,"members":[{"id":"ADA"}],"bot":{"id":"28:bot"},"tenantId":"tenant-1","channelData":{"tenant":{"id":"tenant-1"}}}""".Replace("ADA", Ada, StringComparison.Ordinal), opening.ToJsonString());
        Assert.Equal(_connector.ChatWith(Ada), TeamsAddress.Read(sent.NewAddress!)!.ConversationId);
        Assert.Equal(sent.ChannelMessageId, Assert.Single(_connector.SeenBy(Ada)).Id);
    }

    [Fact]
    public async Task A_chat_whose_history_was_removed_is_opened_again()
    {
        var old = Warm;
        _connector.Forget(Ada);
        var sent = Assert.IsType<SendOutcome.Sent>(await SendAsync(old, Line()));
        Assert.Equal(_connector.ChatWith(Ada), TeamsAddress.Read(sent.NewAddress!)!.ConversationId);
        Assert.Single(_connector.SeenBy(Ada));
    }

    [Fact]
    public async Task A_chat_that_is_gone_is_opened_once_and_no_more()
    {
        _connector.Then(BadDay.Answering(404, "ConversationNotFound"), BadDay.Answering(201));
        Assert.Equal("Teams opened a chat and did not say which.", Assert.IsType<SendOutcome.TryAgain>(await SendAsync(Warm, Line())).Why);
        Assert.Equal(2, _connector.Calls.Count);

        _connector.Always(_connector.ChatWith(Ada), BadDay.Answering(404, "ConversationNotFound"));
        Assert.IsType<SendOutcome.Gone>(await SendAsync(Warm, Line()));
        Assert.Equal(2 + 3, _connector.Calls.Count);
    }

    [Fact]
    public async Task Who_blocked_the_bot_or_does_not_have_the_app_is_gone()
    {
        _connector.Block(Ada);
        var gone = Assert.IsType<SendOutcome.Gone>(await SendAsync(Warm, Line()));
        Assert.Equal("Teams answered 403 MessageWritesBlocked", gone.Why);
        _connector.Uninstall("29:nobody");
        Assert.IsType<SendOutcome.Gone>(await SendAsync(new TeamsAddress(_connector.ServiceUrl, null, "29:nobody", null, null, null).ToContact("x"), Line()));
        Assert.IsType<SendOutcome.Gone>(await SendAsync(new TeamsAddress(_connector.ServiceUrl, null, null, null, null, null).ToContact("x"), Line()));
        Assert.IsType<SendOutcome.Gone>(await SendAsync(new Contact("x", "teams", "not json"), Line()));
        Assert.IsType<SendOutcome.Gone>(await SendAsync(new Contact("x", "teams", """{"service_url":"https://evil.example.com/","conversation_id":"a"}"""), Line()));
    }

    /// <summary>What an answer means: for a new message, for a message drawn again, for a chat to be opened.</summary>
    public static TheoryData<int, string, string?, string, string, string> Answers => new()
    {
        { 429, "Throttled", "17", "TryAgain 17", "TryAgain 17", "TryAgain 17" },
        { 429, "", null, "TryAgain", "TryAgain", "TryAgain" },
        { 412, "PreconditionFailed", null, "TryAgain", "TryAgain", "TryAgain" },
        { 503, "ServiceUnavailable", "5", "TryAgain 5", "TryAgain 5", "TryAgain 5" },
        { 503, "", null, "TryAgain", "TryAgain", "TryAgain" },
        { 502, "", "3", "TryAgain 3", "TryAgain 3", "TryAgain 3" },
        { 502, "", null, "Unknown", "TryAgain", "TryAgain" },
        { 504, "GatewayTimeout", null, "Unknown", "TryAgain", "TryAgain" },
        { 500, "ServiceError", null, "Unknown", "TryAgain", "TryAgain" },
        { 408, "", null, "Unknown", "TryAgain", "TryAgain" },
        { 400, "BadArgument", null, "Refused", "Refused", "Gone" },
        { 413, "MessageSizeTooBig", null, "Refused", "Refused", "Refused" },
        { 415, "", null, "Refused", "Refused", "Refused" },
        { 401, "BotNotRegistered", null, "TryAgain 300", "TryAgain 300", "TryAgain 300" },
        { 403, "BotDisabledByAdmin", null, "Gone", "Gone", "Gone" },
        { 403, "BotNotInConversationRoster", null, "Gone", "Gone", "Gone" },
        { 403, "ConversationBlockedByUser", null, "Gone", "Gone", "Gone" },
        { 403, "InvalidBotApiHost", null, "TryAgain 300", "TryAgain 300", "TryAgain 300" },
        { 404, "ActivityNotFoundInConversation", null, "", "Refused", "Gone" },
        { 404, "ConversationNotFound", null, "", "Refused", "Gone" },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Every_answer_of_the_connector_has_its_meaning(int status, string code, string? retryAfter, string onSend, string onUpdate, string onOpen)
    {
        // A 404 to a new message opens the chat anew, which has tests of its own
        if (onSend.Length > 0)
        {
            _connector.Then(BadDay.Answering(status, code, retryAfter));
            Assert.Equal(onSend, InWords(await SendAsync(Warm, Card())));
        }
        _connector.Then(BadDay.Answering(status, code, retryAfter));
        Assert.Equal(onUpdate, InWords(await UpdateAsync("17", Card())));
        _connector.Then(BadDay.Answering(status, code, retryAfter));
        Assert.Equal(onOpen, InWords(await SendAsync(Cold, Card())));
        Assert.Empty(_connector.Posts);
        Assert.Equal(onSend.Length > 0 ? 3 : 2, _connector.Calls.Count);
    }

    private static string InWords(SendOutcome outcome) => outcome is SendOutcome.TryAgain { After: { } after } ? $"TryAgain {after.TotalSeconds}" : outcome.GetType().Name;

    [Fact]
    public async Task A_retry_after_that_is_a_date_is_a_wait_from_now()
    {
        _connector.Then(BadDay.Answering(429, "Throttled", TimeProvider.System.GetUtcNow().AddSeconds(90).ToString("R")));
        var again = Assert.IsType<SendOutcome.TryAgain>(await SendAsync(Warm, Line()));
        Assert.InRange(again.After!.Value, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(90));
    }

    [Fact]
    public async Task An_empty_body_is_sent_without_an_id()
    {
        _connector.Then(BadDay.EmptyBody);
        Assert.Null(Assert.IsType<SendOutcome.Sent>(await SendAsync(Warm, Card())).ChannelMessageId);
        Assert.Single(_connector.Posts);
    }

    [Fact]
    public async Task What_went_out_and_was_not_answered_may_have_arrived()
    {
        _connector.Then(BadDay.DeliveredThenSilence);
        Assert.IsType<SendOutcome.Unknown>(await SendAsync(Warm, Card()));
        _connector.Then(BadDay.ConnectionDropped);
        Assert.IsType<SendOutcome.Unknown>(await SendAsync(Warm, Card()));
        _connector.Then(BadDay.DeliveredThenBadGateway);
        Assert.IsType<SendOutcome.Unknown>(await SendAsync(Warm, Card()));
        // Once each: nothing on the way repeats a POST by itself
        Assert.Equal(3, _connector.Calls.Count);
        Assert.Equal(2, _connector.Posts.Count);
    }

    [Fact]
    public async Task An_update_that_was_not_answered_can_be_done_again()
    {
        var sent = Assert.IsType<SendOutcome.Sent>(await SendAsync(Warm, Card()));
        _connector.Then(BadDay.Silence);
        Assert.IsType<SendOutcome.TryAgain>(await UpdateAsync(sent.ChannelMessageId!, Card()));
    }

    [Fact]
    public async Task A_connector_that_is_not_there_got_nothing()
    {
        var to = Warm;
        await _connector.DisposeAsync();
        var again = Assert.IsType<SendOutcome.TryAgain>(await SendAsync(to, Line()));
        Assert.Equal("Teams: connection failed", again.Why);
    }

    [Fact]
    public async Task Who_cancels_hears_of_it_once_something_went_out()
    {
        _connector.Then(BadDay.Silence);
        using var cancel = new CancellationTokenSource();
        var sending = _channel.SendAsync(Warm, Line(), cancel.Token);
        await _connector.CalledAsync(1);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.IsType<SendOutcome.TryAgain>(await _channel.SendAsync(Warm, Line(), cancel.Token));
    }

    [Fact]
    public async Task A_requests_card_asks_by_itself_what_became_of_it_and_other_cards_do_not()
    {
        await SendAsync(Warm, Card() with { About = new CardSubject("request", "r1") });
        await SendAsync(Warm, Card() with { About = new CardSubject("app", "a1") });
        await SendAsync(Warm, Card());
        Assert.Equal(
            """{"action":{"type":"Action.Execute","verb":"refresh","data":{"verb":"refresh","sent_as":"our-id-2"}},"userIds":["29:ADA"]}""".Replace("ADA", Ada, StringComparison.Ordinal),
            _connector.Posts[0].Card!["refresh"]!.ToJsonString());
        Assert.All(_connector.Posts.Skip(1), p => Assert.Null(p.Card!["refresh"]));
    }

    [Fact]
    public async Task A_message_that_was_deleted_and_a_message_never_sent_cannot_be_drawn_again()
    {
        var sent = Assert.IsType<SendOutcome.Sent>(await SendAsync(Warm, Card()));
        _connector.Delete(sent.ChannelMessageId!);
        Assert.IsType<SendOutcome.Refused>(await UpdateAsync(sent.ChannelMessageId!, Card()));
        Assert.IsType<SendOutcome.Refused>(await _channel.UpdateAsync(Cold, "1", Card(), default));
    }

    [Fact]
    public async Task A_card_beyond_what_teams_takes_is_refused()
    {
        var large = Card() with { Card = new JsonObject { ["type"] = "AdaptiveCard", ["x"] = new string('x', 60_000) } };
        Assert.Equal("Teams answered 413 MessageSizeTooBig", Assert.IsType<SendOutcome.Refused>(await SendAsync(Warm, large)).Why);
    }

    [Fact]
    public async Task Nobody_can_be_reached_where_teams_is_not_known_yet()
    {
        Assert.Null(_channel.ColdContact(TeamsHost.AdaKeller));
        var set = Channel(new TeamsSettings(null, true, [], _connector.ServiceUrl));
        Assert.IsType<SendOutcome.Sent>(await set.SendAsync(set.ColdContact(TeamsHost.AdaKeller)!, Line(), default));
        Assert.Single(_connector.SeenBy(Ada));
        Assert.Null(set.ColdContact(TeamsHost.AdaKeller with { Accounts = new(null, "U1") }));
        var registered = Channel(new TeamsSettings(new TeamsApp("app", "t", "s", TeamsCloud.Public), false, ["smba.trafficmanager.net"], "https://smba.trafficmanager.net/teams/"));
        var address = TeamsAddress.Read(registered.ColdContact(TeamsHost.AdaKeller)!.Address)!;
        Assert.Equal(("https://smba.trafficmanager.net/teams/", Ada, "t", "28:app"), (address.ServiceUrl, address.AadObjectId, address.TenantId, address.BotId));
    }

    [Theory]
    [InlineData("""{"error":{"code":"A","message":"x"}}""", "A")]
    [InlineData("""{"errorCode":209,"message":"{\"subCode\":\"B\"}"}""", "B")]
    [InlineData("""{"errorCode":209,"message":"{broken"}""", "209")]
    [InlineData("""{"errorCode":209,"message":"plain"}""", "209")]
    [InlineData("""[1]""", "")]
    [InlineData("""{"error":"x"}""", "")]
    public void The_connectors_word_is_read_from_every_form_of_its_errors(string body, string code) =>
        Assert.Equal(code, new ConnectorAnswer(ConnectorReach.Answered, HttpStatusCode.Forbidden, null, TeamsBody.Parse(body).RootElement, "").ErrorCode);
}
