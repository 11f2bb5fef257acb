using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MicroAppBot.Tests.Doubles.Slack;

namespace MicroAppBot.Tests.Journeys;

/// <summary>What should never come from Slack, and comes: a clear answer, never an error of ours, and nothing lost or done twice.</summary>
public sealed partial class BadInputInSlack
{
    private const string Markup = "<!channel> <!here|x> <@U07WN346MN6> <https://evil.example|click> *b* _i_ ~s~ `c` > q :tada: \u202Egnp.exe\u202C";

    [Fact]
    public async Task Signed_bodies_that_are_nothing_and_bodies_that_are_not_signed_change_nothing()
    {
        await using var office = await Office.OpenAsync(Over.Slack);
        var user = office.SlackUser("ada.keller");
        var said = user.Saying("help");
        var pressed = new JsonObject { ["type"] = "block_actions", ["user"] = 7, ["actions"] = new JsonArray(7, null, "x") };
        JsonObject With(Action<JsonObject> change)
        {
            var copy = (JsonObject)said.DeepClone();
            change(copy);
            return copy;
        }
        string[] bodies =
        [
            "", "{", "[]", "null", "7", "\"x\"", "{}", "{\"type\":7}", "{\"type\":\"event_callback\"}", "{\"type\":\"event_callback\",\"event\":7}", "{\"type\":\"event_callback\",\"event\":{\"type\":\"message\"}}", new('[', 100_000),
            "payload=", "payload=%7B", "payload=7", "payload=" + Uri.EscapeDataString(pressed.ToJsonString()), "command=&text=", "command=%2Fmicroapp", "x=1&x=2", "payload={}&payload={}", "ssl_check=1&payload=" + Uri.EscapeDataString(said.ToJsonString()),
            With(e => e["event"]!["user"] = new JsonObject()).ToJsonString(), With(e => e["event"]!["text"] = new JsonArray(1)).ToJsonString(), With(e => e["event"]!["channel"] = null).ToJsonString(), With(e => e["event_id"] = 7).ToJsonString(),
            With(e => e["team_id"] = "T0ELSEWHERE").ToJsonString(), With(e => e["authorizations"] = "x").ToJsonString(), With(e => e["event"]!["user"] = new string('U', 100_000)).ToJsonString(), With(e => e["event"]!["type"] = "something_new").ToJsonString(),
        ];
        foreach (var path in new[] { "/slack/events", "/slack/interactions", "/slack/commands" })
        {
            foreach (var body in bodies)
            {
                var type = body.Length > 0 && body[0] is '{' or '[' or '"' ? "application/json" : "application/x-www-form-urlencoded";
                using var good = SlackHttpLine.Signed(path, body, type, office.Slack.SigningSecret, TimeProvider.System.GetUtcNow());
                using var answer = await office.Bot.Http.SendAsync(good);
                Assert.True((int)answer.StatusCode is >= 200 and < 500, $"{path} {Short(body)}: {answer.StatusCode}");
                using var forged = SlackHttpLine.Signed(path, body, type, "another-secret-of-somebody-else", TimeProvider.System.GetUtcNow());
                using var refused = await office.Bot.Http.SendAsync(forged);
                Assert.True(refused.StatusCode == HttpStatusCode.Unauthorized || body.StartsWith("ssl_check=1", StringComparison.Ordinal), $"{path} {Short(body)}: {refused.StatusCode}");
                Assert.Empty(await refused.Content.ReadAsStringAsync());
            }
        }
        await StillWellAsync(office, "jonas.lindqvist");
    }

    [Fact]
    public async Task Presses_with_anything_in_them_are_acknowledged_and_decide_nothing()
    {
        await using var office = await Office.OpenAsync(Over.Slack);
        var ada = office.InSlack("ada.keller");
        var status = (SlackSeen)await ada.FilesAsync();
        var request = (string)(await office.RequestsAsync()).Single()["id"]!;
        var post = office.Slack.State.Post(ada.User.Chat.Id, status.MessageId)!;
        var (block, element) = SlackSight.Elements(post.Blocks).First(e => e.Element.Str("type") == "button");
        string[] actions = ["", "nonsense", "request.approve:0", "request.reject:99", "request.approve", "intake.submit:1", "app.archive:2", "more:request.approve:0", "__proto__:1", "say:0", new('v', 255), "Request.Approve:0", "request.withdrawn:1"];
        string?[] values = [null, "", "{", "7", "[]", new JsonObject { ["verb"] = "request.approve", ["request"] = request }.ToJsonString(), new JsonObject { ["verb"] = new JsonArray(), ["request"] = 7 }.ToJsonString(), $$"""{"verb":"app.archive","app":"../../etc/passwd"}"""];
        foreach (var action in actions)
        {
            foreach (var value in values)
            {
                var forged = (JsonObject)element.DeepClone();
                (forged["action_id"], forged["value"]) = (action, value);
                var payload = ada.User.Pressing(post, block, forged);
                if (action.Length == 0) payload["message"]!["metadata"] = new JsonObject { ["event_type"] = 7, ["event_payload"] = "x" };
                var heard = await office.Slack.Telling.InteractionAsync(payload);
                Assert.True(heard.IsOk, $"{Short(action)} with {value} was answered with {heard}");
            }
        }
        var now = (await office.RequestsAsync()).Single();
        Assert.Equal("awaiting-approval", (string)now["state"]!);
        Assert.DoesNotContain(now["seats"]!.AsArray(), s => s!["signed_by"] is not null);
        Assert.Empty(await office.AppsAsync());
        Assert.DoesNotContain("fail:", office.Bot.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hostile_and_endless_words_stand_harmless_on_every_card_and_within_every_limit()
    {
        await using var office = await Office.OpenAsync(Over.Slack);
        var ada = office.InSlack("ada.keller");
        string[] sentences = [new('x', 10_000), string.Concat(Enumerable.Repeat("👩‍👩‍👧‍👦", 500)), Markup, "   ", "{{7*7}} ${7*7}", "\u0301\u0301a" + new string('\u0301', 3000)];
        foreach (var sentence in sentences)
        {
            if ((await ada.SayAsync(sentence)).Offers("intake.cancel")) await ada.SayAsync("cancel");
        }
        var summary = await ada.SayAsync(Asking.Customers);
        var question = await ada.PressAsync(summary, "Change Name");
        summary = await ada.PressAsync(question, "intake.answer", new JsonObject { ["title"] = "<!channel> <https://evil.example|x> 🎉" });
        question = await ada.PressAsync(summary, "Change What it is for");
        summary = await ada.PressAsync(question, "intake.answer", new JsonObject { ["purpose"] = Markup });
        await ada.PressAsync(summary, "intake.submit");
        var (business, _) = await office.SignersAsync();
        await business.SeesButtonAsync("request.approve");
        foreach (var call in office.Slack.Calls.Where(c => c.Method.StartsWith("chat.", StringComparison.Ordinal)))
        {
            // The double refuses what Slack would: nothing was too long
            Assert.Null(call.Error);
            var top = call.Arguments.Str("text") ?? "";
            foreach (var text in Texts(call.Arguments["blocks"], "mrkdwn").Append(top)) Assert.DoesNotMatch(Armed(), text);
            foreach (var text in Texts(call.Arguments["blocks"], "mrkdwn", "plain_text", "text").Append(top)) Assert.DoesNotContain('\u202E', text);
        }
        await StillWellAsync(office, "jonas.lindqvist");
    }

    [Fact]
    public async Task The_same_event_and_the_same_press_sent_again_are_one_also_after_a_crash()
    {
        await using var office = await Office.OpenAsync(Over.Slack);
        var ada = office.InSlack("ada.keller");
        var event1 = ada.User.Saying(Asking.Campaigns);
        for (var i = 0; i < 3; i++) Assert.True((await office.Slack.Telling.EventAsync(event1)).IsOk);
        // Under another id, as app_mention and message come for one message
        var again = (JsonObject)event1.DeepClone();
        again["event_id"] = "EvANOTHER";
        Assert.True((await office.Slack.Telling.EventAsync(again)).IsOk);
        var summary = (SlackSeen)await ada.SeesButtonAsync("intake.submit");
        await office.NowAsync();
        Assert.Single(ada.Inbox, s => s.Offers("intake.submit"));

        var (block, element, _) = SlackUser.Find(summary.Parts[0].Blocks, summary.Button("intake.submit")!["data"].Str(SlackReading.At)!)!.Value;
        var press = ada.User.Pressing(summary.Parts[0], block, element);
        for (var i = 0; i < 3; i++) Assert.True((await office.Slack.Telling.InteractionAsync(press)).IsOk);
        await ada.SeesButtonAsync("app.archive", "is live");
        await office.Bot.KillAsync();
        await office.Bot.StartAgainAsync();
        Assert.True((await office.Slack.Telling.InteractionAsync(press)).IsOk);
        Assert.True((await office.Slack.Telling.EventAsync(event1)).IsOk);
        await office.NowAsync();
        Assert.Single(await office.RequestsAsync());
        Assert.Single(await office.AppsAsync());
        Assert.Single(ada.Inbox.Where(s => s.Offers("app.archive") && s.Says("is live")).Select(s => s.OurId).Distinct());
    }

    /// <summary>What is read, and not what a button keeps for itself.</summary>
    private static IEnumerable<string> Texts(JsonNode? node, params string[] types) => node switch
    {
        JsonArray list => list.SelectMany(item => Texts(item, types)),
        JsonObject part => part.SelectMany(p => Texts(p.Value, types)).Concat(types.Contains(part.Str("type")) ? [part.Str("text") ?? ""] : []),
        _ => [],
    };

    private static async Task StillWellAsync(Office office, string who)
    {
        await office.Person(who).GetsLiveAsync(name: "still-well");
        Assert.DoesNotContain("fail:", office.Bot.Log, StringComparison.Ordinal);
    }

    private static string Short(string text) => text.Length <= 200 ? text : text[..200] + "…";

    [GeneratedRegex("<(!|@|#|https?:)[^>]*>")]
    private static partial Regex Armed();
}
