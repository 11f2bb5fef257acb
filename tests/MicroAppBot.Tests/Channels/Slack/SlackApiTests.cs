using System.IO.Compression;
using System.Text.Json.Nodes;
using MicroAppBot.Channels.Slack;
using MicroAppBot.Tests.Cards;
using MicroAppBot.Tests.Doubles;
using MicroAppBot.Tests.Doubles.Slack;

namespace MicroAppBot.Tests.Channels.Slack;

public sealed class SlackApiTests : IAsyncLifetime
{
    private SlackOutHost _host = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private SlackApi Api => _host.Get<SlackApi>();

    public async ValueTask InitializeAsync() => _host = await SlackOutHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Arguments_go_as_json_where_slack_takes_it_and_as_a_form_where_it_does_not()
    {
        var user = await Api.CallAsync(FakeSlack.TeamId, "users.info", new JsonObject { ["user"] = SlackOutHost.AdaId }, Cancel);
        Assert.True(user.Ok, user.ToString());
        Assert.Equal("Ada Keller", (string?)user.Body["user"]!["real_name"]);
        var chat = await Api.CallAsync(FakeSlack.TeamId, "conversations.open", new JsonObject { ["users"] = SlackOutHost.AdaId }, Cancel);
        Assert.True(chat.Ok, chat.ToString());
        Assert.StartsWith("D", (string?)chat.Body["channel"]!["id"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_holds_what_people_write_whole()
    {
        const string Odd = "a+b & c=d %20 Straße 🌿 \n";
        await Api.CallAsync(FakeSlack.TeamId, "users.lookupByEmail", new JsonObject { ["email"] = Odd, ["include"] = true, ["more"] = new JsonObject { ["x"] = "ü" }, ["none"] = null }, Cancel);
        var sent = _host.Slack.Calls.Last().Arguments;
        Assert.Equal(Odd, (string?)sent["email"]);
        Assert.Equal("true", (string?)sent["include"]);
        Assert.Equal("""{"x":"ü"}""", (string?)sent["more"]);
        Assert.False(sent.ContainsKey("none"));
    }

    [Fact]
    public async Task A_limit_that_slack_names_is_kept_from_then_on_without_asking_again()
    {
        _host.Slack.Then("users.info", BadDay.SlackThrottled(30));
        var args = new JsonObject { ["user"] = SlackOutHost.AdaId };
        var told = await Api.CallAsync(FakeSlack.TeamId, "users.info", args, Cancel);
        Assert.Equal((SlackFate.TryAgain, TimeSpan.FromSeconds(30)), (told.Fate, told.RetryAfter));
        var held = await Api.CallAsync(FakeSlack.TeamId, "users.info", args, Cancel);
        Assert.Equal((SlackReach.Held, SlackFate.TryAgain), (held.Reach, held.Fate));
        Assert.InRange(held.RetryAfter!.Value, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(30));
        Assert.Single(_host.Slack.Calls, c => c.Method == "users.info");
        // Another method is nothing to it
        Assert.True((await Api.CallAsync(FakeSlack.TeamId, "conversations.open", new JsonObject { ["users"] = SlackOutHost.AdaId }, Cancel)).Ok);
    }

    [Fact]
    public async Task A_workspace_without_the_app_is_not_asked()
    {
        var answer = await Api.CallAsync("T0OTHER", "users.info", new JsonObject { ["user"] = "U1" }, Cancel);
        Assert.Equal((SlackReach.NotInstalled, SlackFate.Gone), (answer.Reach, answer.Fate));
        Assert.DoesNotContain(_host.Slack.Calls, c => c.Method == "users.info");
    }

    [Theory]
    [InlineData("invalid_auth")]
    [InlineData("token_revoked")]
    public async Task A_dead_token_is_said_in_the_log_with_what_to_do_and_never_itself(string error)
    {
        _host.Slack.Always("users.info", BadDay.OfSlack(error));
        var answer = await Api.CallAsync(FakeSlack.TeamId, "users.info", new JsonObject { ["user"] = "U1" }, Cancel);
        Assert.Equal(SlackFate.TokenDead, answer.Fate);
        Assert.Contains("Error The token of workspace T0MICROAPP is not good any more", _host.Spoken.All, StringComparison.Ordinal);
        Assert.DoesNotContain(_host.Slack.BotToken, _host.Spoken.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_scope_is_named()
    {
        var token = _host.Slack.Installations.Install(FakeSlack.TeamId, "chat:write");
        await using var poor = await SlackOutHost.StartAsync(new Dictionary<string, string?> { ["BotToken"] = token }, _host.Slack);
        var answer = await poor.Get<SlackApi>().CallAsync(FakeSlack.TeamId, "users.info", new JsonObject { ["user"] = "U1" }, Cancel);
        Assert.Equal(SlackFate.Mend, answer.Fate);
        Assert.Contains("needs users:read", answer.ToString(), StringComparison.Ordinal);
        Assert.Contains("docs/slack-app/manifest.yaml", poor.Spoken.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_response_url_is_used_where_it_is_slacks_and_never_named()
    {
        var url = _host.Slack.State.NewResponseUrl(_host.Slack.Root, "commands", _host.Slack.State.Direct(FakeSlack.TeamId, SlackOutHost.AdaId, FakeSlack.BotUserId), SlackOutHost.AdaId, null);
        for (var i = 0; i < 5; i++)
        {
            var taken = await Api.RespondAsync(url, new JsonObject { ["text"] = "Here it is." }, Cancel);
            Assert.True(taken.Ok, taken.ToString());
        }
        var used = await Api.RespondAsync(url, new JsonObject { ["text"] = "Once more" }, Cancel);
        Assert.Equal((false, "used_url", SlackFate.Refused), (used.Ok, used.Error, used.Fate));
        var elsewhere = await Api.RespondAsync("https://hooks.slack.com.evil.example/commands/1", new JsonObject { ["text"] = "secret" }, Cancel);
        Assert.Equal((SlackReach.NotAllowed, SlackFate.Refused), (elsewhere.Reach, elsewhere.Fate));
        Assert.DoesNotContain(url, used.ToString() + _host.Spoken.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_slack_that_cannot_be_reached_got_nothing_and_a_caller_out_of_time_is_told_so()
    {
        await Api.CallAsync(FakeSlack.TeamId, "auth.test", [], Cancel);
        using var late = new CancellationTokenSource();
        await late.CancelAsync();
        var cut = await Api.CallAsync(FakeSlack.TeamId, "chat.postMessage", new JsonObject { ["channel"] = "D1", ["text"] = "x" }, late.Token);
        Assert.Equal((SlackReach.Unreached, SlackFate.TryAgain), (cut.Reach, cut.Fate));

        await using var nobody = await SlackOutHost.StartAsync(new Dictionary<string, string?> { ["ApiUrl"] = "http://127.0.0.1:1/api/" }, _host.Slack);
        var answer = await nobody.Get<SlackApi>().CallAsync(FakeSlack.TeamId, "chat.postMessage", new JsonObject { ["channel"] = "D1", ["text"] = "x" }, Cancel);
        Assert.Equal((SlackReach.NoToken, SlackFate.TokenDead), (answer.Reach, answer.Fate));
    }

    [Fact]
    public async Task Half_an_emoji_and_doubled_members_in_an_answer_are_read_all_the_same()
    {
        await Api.CallAsync(FakeSlack.TeamId, "auth.test", [], Cancel);
        _host.Slack.Then("users.info", new BadDay(200, """{"ok":true,"ok":true,"user":{"id":"U1","real_name":"Ada \ud83c","n":12345678901234567890}}"""));
        var answer = await Api.CallAsync(FakeSlack.TeamId, "users.info", new JsonObject { ["user"] = "U1" }, Cancel);
        Assert.True(answer.Ok);
        Assert.Equal("Ada \uFFFD", SlackJson.Text(answer.Body["user"], "real_name"));
    }

    [Theory]
    [InlineData("chat.postMessage", "Unknown")]
    [InlineData("chat.update", "TryAgain")]
    [InlineData("conversations.open", "TryAgain")]
    [InlineData("views.publish", "TryAgain")]
    public async Task Where_nobody_knows_whether_it_happened_only_what_may_double_is_of_unknown_outcome(string method, string expected)
    {
        await Api.CallAsync(FakeSlack.TeamId, "auth.test", [], Cancel);
        _host.Slack.Then(method, BadDay.ConnectionDropped, BadDay.DeliveredThenBadGateway, BadDay.OfSlack("fatal_error"), BadDay.EmptyBody);
        for (var i = 0; i < 4; i++) Assert.Equal(expected, (await Api.CallAsync(FakeSlack.TeamId, method, new JsonObject { ["channel"] = $"D{i}" }, Cancel)).Fate.ToString());
    }

    /// <summary>Every error word of every method that is called: a word that means "try again" and is taken for a no loses a message.</summary>
    [Fact]
    public void Every_error_of_the_method_reference_means_what_it_says()
    {
        var path = Path.Combine(TheCards.Root, "..", "shared", "slack-fixtures", "more", "slack-api-ref", "webapi-methods.json.gz");
        Assert.SkipUnless(File.Exists(path), "The copy of Slack's method reference (../shared/slack-fixtures) is not here.");
        using var zip = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        var reference = JsonNode.Parse(zip)!;
        string[] called = ["chat.postMessage", "chat.update", "conversations.open", "users.info", "users.lookupByEmail", "conversations.history", "views.open", "views.publish", "apps.connections.open"];
        var refused = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var method in called)
        {
            var words = reference["methods"]![method]!["errors"]!.AsObject().Select(e => e.Key).Concat(reference["common_errors"]!.AsObject().Select(e => e.Key));
            foreach (var word in words)
            {
                var fate = new SlackAnswer(false, word, [], null, SlackReach.Answered) { Method = method, Status = System.Net.HttpStatusCode.OK }.Fate;
                Assert.NotEqual(SlackFate.Done, fate);
                if (fate == SlackFate.Refused) refused.Add(word);
            }
        }
        // Each of these says that the call itself was wrong; nothing that time or an administrator can mend is among them
        string[] ofTheMoment = ["rate", "unavailable", "timeout", "internal", "fatal", "scope", "token", "auth", "permission", "migrat", "login", "restricted_action", "not_found", "archived", "disabled"];
        string[] known = ["message_not_found", "duplicate_message_not_found", "duplicate_channel_not_found", "draft_not_found", "file_not_found", "file_is_deleted", "not_found"];
        Assert.DoesNotContain(refused, word => ofTheMoment.Any(m => word.Contains(m, StringComparison.Ordinal)) && !known.Contains(word));
        foreach (var word in (string[])["invalid_blocks", "msg_too_long", "no_text", "too_many_attachments", "view_too_large", "exchanged_trigger_id", "hash_conflict"]) Assert.Contains(word, refused);
    }
}
