using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using MicroAppBot.Channels.Slack;
using MicroAppBot.Desk;
using MicroAppBot.Tests.Doubles.Slack;

namespace MicroAppBot.Tests.Channels.Slack;

/// <summary>What Slack may post, and what is answered.</summary>
public sealed class SlackEndpointTests : IAsyncLifetime
{
    private const string Secret = "xoxb-of-nobody";
    private SlackHost _host = null!;

    public static TheoryData<string> Paths() => [SlackEndpoint.EventsPath, SlackEndpoint.InteractionsPath, SlackEndpoint.CommandsPath];

    public async ValueTask InitializeAsync() => _host = await SlackHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private async Task<(HttpStatusCode Status, string Body)> PostAsync(
        string path, string body, string type = "application/json", string? secret = null, TimeSpan? late = null, Action<HttpRequestMessage>? change = null)
    {
        using var request = SlackHttpLine.Signed(path, body, type, secret ?? _host.Slack.SigningSecret, TimeProvider.System.GetUtcNow() - (late ?? TimeSpan.Zero));
        change?.Invoke(request);
        using var answer = await _host.Bot.SendAsync(request, Cancel);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancel));
    }

    private string Command(string words) => string.Join('&', _host.Ada.Command(words).Select(p => $"{p.Key}={Uri.EscapeDataString(p.Value?.ToString() ?? "")}"));

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Every_address_takes_every_kind_of_body(string path)
    {
        var challenge = await PostAsync(path, """{"token":"x","challenge":"3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P","type":"url_verification"}""");
        Assert.Equal((HttpStatusCode.OK, """{"challenge":"3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"}"""), challenge);
        Assert.Equal((HttpStatusCode.OK, ""), await PostAsync(path, _host.Ada.Saying("help").ToJsonString(), "application/json; charset=utf-8"));
        Assert.Equal((HttpStatusCode.OK, ""), await PostAsync(path, "payload=" + Uri.EscapeDataString("""{"type":"unheard_of","user":{"id":"U1"}}"""), "application/x-www-form-urlencoded"));
        var answer = await PostAsync(path, Command("help"), "application/x-www-form-urlencoded; charset=UTF-8");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Contains("Here is what I can do", answer.Body, StringComparison.Ordinal);
        Assert.Equal(2, _host.Turns.Taken.Count);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task What_is_not_signed_by_Slack_is_refused_with_nothing_said(string path)
    {
        var body = _host.Ada.Saying("help").ToJsonString();
        Assert.Equal((HttpStatusCode.Unauthorized, ""), await PostAsync(path, body, secret: "another-secret-altogether"));
        Assert.Equal((HttpStatusCode.Unauthorized, ""), await PostAsync(path, body, change: r => r.Headers.Remove(SlackVerifier.SignatureHeader)));
        Assert.Equal((HttpStatusCode.Unauthorized, ""), await PostAsync(path, body, change: r => r.Headers.Remove(SlackVerifier.TimestampHeader)));
        Assert.Equal((HttpStatusCode.Unauthorized, ""), await PostAsync(path, body, late: TimeSpan.FromSeconds(310)));
        Assert.Equal((HttpStatusCode.Unauthorized, ""), await PostAsync(path, body, late: TimeSpan.FromSeconds(-310)));
        Assert.Equal((HttpStatusCode.Unauthorized, ""), await PostAsync(path, body, change: r => r.Content = new StringContent(body + " ", Encoding.UTF8, "application/json")));
        Assert.Equal((HttpStatusCode.Unauthorized, ""), await PostAsync(path, """{"type":"url_verification","challenge":"x"}""", secret: "another-secret-altogether"));
        Assert.Equal((HttpStatusCode.Unauthorized, ""), await PostAsync(path, "not JSON at all", secret: "another-secret-altogether"));
        Assert.Empty(_host.Turns.Taken);
    }

    [Fact]
    public async Task Nothing_is_logged_that_should_not_be()
    {
        _host.Turns.Before = turn => turn.Said is Said.Text { Words: "boom" } ? throw new InvalidOperationException("It broke.") : Task.CompletedTask;
        await _host.Ada.SayAsync($"hush {Secret}");
        var command = _host.Ada.Command("boom");
        await _host.Slack.Telling.CommandAsync(command);
        await PostAsync(SlackEndpoint.CommandsPath, Command("whisper"), "application/x-www-form-urlencoded", secret: "another-secret-altogether");
        await PostAsync(SlackEndpoint.EventsPath, _host.Ada.Saying("boom").ToJsonString());

        Assert.Contains("could not be answered", _host.Spoken.All, StringComparison.Ordinal);
        Assert.Contains("was not let in", _host.Spoken.All, StringComparison.Ordinal);
        string[] secrets =
        [
            "hush", "whisper", Secret, "another-secret-altogether", _host.Slack.SigningSecret, _host.Slack.BotToken, (string)command["response_url"]!, (string)command["trigger_id"]!, "verification-of-old", "v0=",
        ];
        foreach (var secret in secrets) Assert.DoesNotContain(secret, _host.Spoken.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_look_at_the_certificate_is_answered_and_nothing_smuggled_in_with_it_is_done()
    {
        var form = $"ssl_check=1&{Command("help")}&payload={Uri.EscapeDataString("""{"type":"shortcut","user":{"id":"U1","team_id":"T1"},"callback_id":"new_micro_app"}""")}";
        Assert.Equal((HttpStatusCode.OK, ""), await PostAsync(SlackEndpoint.CommandsPath, form, "application/x-www-form-urlencoded", change: r => r.Headers.Remove(SlackVerifier.SignatureHeader)));
        Assert.Empty(_host.Turns.Taken);
        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(SlackEndpoint.EventsPath, """{"ssl_check":"1","type":"event_callback"}""", secret: "another-secret-altogether")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(SlackEndpoint.CommandsPath, "ssl_check=0&" + Command("help"), "application/x-www-form-urlencoded", secret: "another-secret-altogether")).Status);
    }

    [Theory]
    [InlineData("application/json", "")]
    [InlineData("application/json", "[1,2]")]
    [InlineData("application/json", "{\"type\":")]
    [InlineData("application/x-www-form-urlencoded", "payload=%7B%22type%22")]
    public async Task What_is_signed_and_cannot_be_read_is_no_fault_of_the_bots(string type, string body) =>
        Assert.Equal((HttpStatusCode.BadRequest, ""), await PostAsync(SlackEndpoint.EventsPath, body, type));

    [Theory]
    [InlineData("application/json", """{"type":"event_callback","event":{"type":"nothing_we_know","user":{"id":7}},"extra":[null,{"a":1e400}]}""")]
    [InlineData("application/json", """{"type":"event_callback","event":null}""")]
    [InlineData("application/json", """{"type":"event_callback","event":{"type":"message","channel_type":"im","user":"U1","channel":["D1"],"text":7,"ts":{}}}""")]
    [InlineData("application/json", """{"type":"event_callback","team_id":"T1","event":{"type":"app_mention"}}""")]
    [InlineData("application/json", """{"type":5}""")]
    [InlineData("application/json", "{}")]
    [InlineData("application/x-www-form-urlencoded", "")]
    [InlineData("application/x-www-form-urlencoded", "a=b&c")]
    [InlineData("application/x-www-form-urlencoded", "command=%2Fmicroapp")]
    [InlineData("application/x-www-form-urlencoded", "payload=%7B%7D")]
    [InlineData("application/x-www-form-urlencoded", "payload=%7B%22type%22%3A%22block_actions%22%2C%22user%22%3Anull%2C%22actions%22%3A%5Bnull%2C7%5D%7D")]
    [InlineData("application/x-www-form-urlencoded", "payload=%7B%22type%22%3A%22view_submission%22%2C%22view%22%3A%22x%22%7D")]
    public async Task What_is_not_known_is_taken_and_does_nothing(string type, string body)
    {
        Assert.Equal((HttpStatusCode.OK, ""), await PostAsync(SlackEndpoint.InteractionsPath, body, type));
        Assert.Empty(_host.Turns.Taken);
    }

    [Fact]
    public async Task Broken_characters_and_members_that_come_twice_do_not_keep_words_from_being_heard()
    {
        var json = _host.Ada.Saying("help").ToJsonString().Replace("\"text\":\"help\"", "\"text\":\"gone\",\"text\":\"help \\ud800\"", StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(SlackEndpoint.EventsPath, json)).Status);
        Assert.Equal("help \uFFFD", Assert.IsType<Said.Text>(_host.Turns.Last.Said).Words);
    }

    [Fact]
    public async Task A_body_without_end_is_not_read_to_it()
    {
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await PostAsync(SlackEndpoint.EventsPath, new string(' ', SlackBody.MostBytes + 1))).Status);
        using var chunked = SlackHttpLine.Signed(SlackEndpoint.EventsPath, new string(' ', SlackBody.MostBytes + 1), "application/json", _host.Slack.SigningSecret, TimeProvider.System.GetUtcNow());
        chunked.Headers.TransferEncodingChunked = true;
        using var answer = await _host.Bot.SendAsync(chunked, Cancel);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    public static TheoryData<string> Samples() => SlackSamples.Names.Any()
        ? [.. SlackSamples.Names.Where(n => (n.EndsWith(".json", StringComparison.Ordinal) || n == "slash_command.form.txt") && !n.Contains("resp.", StringComparison.Ordinal) && !n.Contains("signing", StringComparison.Ordinal) && !n.Contains("manifest", StringComparison.Ordinal) && !n.Contains("/api/", StringComparison.Ordinal))]
        : [""];

    [Theory]
    [MemberData(nameof(Samples), DisableDiscoveryEnumeration = true)]
    public async Task Every_sample_of_Slacks_own_is_taken_and_answered(string name)
    {
        SlackSamples.Need();
        var text = SlackSamples.Text(name).Trim();
        if (name.EndsWith(".txt", StringComparison.Ordinal))
        {
            var answer = await PostAsync(SlackEndpoint.CommandsPath, text, "application/x-www-form-urlencoded");
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            Assert.Equal("94070", Assert.IsType<Said.Text>(Assert.Single(_host.Turns.Taken).Said).Words);
            return;
        }
        var json = (JsonObject)JsonNode.Parse(text)!;
        var payload = json["payload"] as JsonObject ?? json;
        var isEvent = payload["event"] is not null || name.StartsWith("event", StringComparison.Ordinal) || name.Contains("/events/", StringComparison.Ordinal);
        var isCommand = payload["command"] is not null;
        var heard = isEvent ? await PostAsync(SlackEndpoint.EventsPath, payload.ToJsonString())
            : isCommand ? await PostAsync(SlackEndpoint.CommandsPath, string.Join('&', payload.Select(p => $"{p.Key}={Uri.EscapeDataString(p.Value?.ToString() ?? "")}")), "application/x-www-form-urlencoded")
            : await PostAsync(SlackEndpoint.InteractionsPath, "payload=" + Uri.EscapeDataString(payload.ToJsonString()), "application/x-www-form-urlencoded");
        Assert.Equal(HttpStatusCode.OK, heard.Status);
        var body = heard.Body.Length == 0 ? null : (JsonObject)JsonNode.Parse(heard.Body)!;
        switch (SlackJson.Text(payload, "type"))
        {
            case "view_submission":
                // A form that is none of ours closes with a word about it
                Assert.Equal("update", (string)body!["response_action"]!);
                break;
            case "block_suggestion":
                Assert.Empty((JsonArray)body!["options"]!);
                break;
            case null:
                break;
            default:
                Assert.Null(body);
                break;
        }
        var said = name is "event.app_mention.json" or "socket.events_api.json" ? name == "event.app_mention.json" ? "test" : "hey" : null;
        if (said is not null) Assert.Equal(said, Assert.IsType<Said.Text>(Assert.Single(_host.Turns.Taken).Said).Words);
        if (name is "event.message.json") Assert.Empty(_host.Turns.Taken);
    }
}
