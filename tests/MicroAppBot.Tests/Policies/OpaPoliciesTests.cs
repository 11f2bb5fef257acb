using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Governance.Manifests;
using MicroAppBot.Commands;
using MicroAppBot.Content;
using MicroAppBot.Desk;
using MicroAppBot.Policies;
using MicroAppBot.Policies.Opa;
using MicroAppBot.Tests.Desk;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace MicroAppBot.Tests.Policies;

/// <summary>An OPA server that is slow, away, broken, or decides by another book.</summary>
public sealed class OpaPoliciesTests
{
    private static readonly InProcessPolicies Local = FrontDesk.Rules;
    private static readonly string Sample = Path.Combine(AppContext.BaseDirectory, "policies", "samples", "granted-lunch-picker", "manifest.json");
    private static readonly Manifest Lunch = ((ManifestReading.Read)ManifestReader.Read(File.ReadAllBytes(Sample), Local.Catalogue)).Manifest;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<HttpStatusCode, string, string> OddAnswers() => new()
    {
        { HttpStatusCode.OK, "{}", "undefined there" },
        { HttpStatusCode.OK, """{"result": true}""", "no decision document" },
        { HttpStatusCode.OK, """{"result": {"allow": true}}""", "no decision document" },
        { HttpStatusCode.OK, With("\"allow\":true", "\"allow\":false"), "does not fit its findings" },
        { HttpStatusCode.OK, With("\"tier\":\"low\"", "\"tier\":\"none\""), "no decision document" },
        { HttpStatusCode.OK, "[]", "answered 200" },
        { HttpStatusCode.OK, "<html>", "not in JSON" },
        { HttpStatusCode.Unauthorized, "{}", "Policy:Opa:Token" },
        { HttpStatusCode.NotFound, "not here", "not in JSON" },
        { HttpStatusCode.ServiceUnavailable, "<html>busy", "answered 503." },
        { HttpStatusCode.OK, new string(' ', 5_000_000), "more than 4 MB" },
        { HttpStatusCode.Found, "", "sends the bot elsewhere (302)" },
        { HttpStatusCode.PermanentRedirect, Good(), "sends the bot elsewhere (308)" },
        { HttpStatusCode.InternalServerError, """{"code":"internal_error","message":"rules are confused"}""", "rules are confused" },
    };

    [Theory]
    [MemberData(nameof(OddAnswers))]
    public void An_answer_that_is_no_decision_decides_nothing_and_says_why(HttpStatusCode status, string body, string why)
    {
        using var client = Client(new Wire(_ => Answer(status, body)));

        var mute = Assert.Throws<CouldNotJudgeException>(() => client.Judge(Lunch));

        Assert.Contains(why, mute.Message, StringComparison.Ordinal);
        Assert.Contains("opa.test:8181", mute.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_connection_is_tried_once_more_and_not_a_third_time()
    {
        var flaky = new Wire(n => n == 1 ? throw new HttpRequestException("reset") : Answer(HttpStatusCode.OK, Good()));
        using (var client = Client(flaky)) Assert.True(client.Judge(Lunch).Allow);
        Assert.Equal(2, flaky.Asked);

        var busy = new Wire(n => n == 1 ? Answer(HttpStatusCode.ServiceUnavailable, "") : Answer(HttpStatusCode.OK, Good()));
        using (var client = Client(busy)) Assert.True(client.Judge(Lunch).Allow);

        var dead = new Wire(_ => throw new HttpRequestException("refused"));
        using (var client = Client(dead)) Assert.Contains("cannot be reached", Assert.Throws<CouldNotJudgeException>(() => client.Judge(Lunch)).Message, StringComparison.Ordinal);
        Assert.Equal(2, dead.Asked);
    }

    [Fact]
    public void A_server_that_does_not_answer_in_time_is_not_waited_for()
    {
        var slow = new Wire(_ => Answer(HttpStatusCode.OK, Good())) { Stall = true };
        using var client = Client(slow, seconds: 0.2);

        Assert.Contains("did not answer within 0.2 s", Assert.Throws<CouldNotJudgeException>(() => client.Judge(Lunch)).Message, StringComparison.Ordinal);
        Assert.Equal(1, slow.Asked);
    }

    [Fact]
    public void Connections_are_reused_and_the_token_goes_along()
    {
        var wire = new Wire(_ => Answer(HttpStatusCode.OK, Good()));
        using var client = Client(wire);

        client.Judge(Lunch);

        Assert.Equal(("Bearer", "s3cret"), (wire.Last!.Headers.Authorization!.Scheme, wire.Last.Headers.Authorization.Parameter));
        Assert.Equal("http://opa.test:8181/opa/v1/data/microapps/decision", wire.Last.RequestUri!.ToString());
        Assert.Equal(Lunch.App.Name, (string?)JsonNode.Parse(wire.Body!)!["input"]!["app"]!["name"]);
    }

    [Fact]
    public async Task In_chat_it_fails_closed_in_words_and_nothing_typed_is_lost()
    {
        var up = true;
        var wire = new Wire(_ => up ? Answer(HttpStatusCode.OK, Good()) : throw new HttpRequestException("refused"));
        using var client = Client(wire);
        await using var desk = new FrontDesk(client);
        var summary = await desk.SayAsync("ada.keller", "I need a page where the marketing team sees which campaigns ran last month");
        Assert.True(summary.Offers("intake.submit"), summary.ToString());

        up = false;
        var sorry = await desk.PressAsync("ada.keller", "intake.submit");
        Assert.Contains("I cannot check the rules right now", sorry.ToString(), StringComparison.Ordinal);
        Assert.Empty(await desk.Desk.Look(Cancel).RequestsAsync(new SnapshotQuery()));

        up = true;
        await desk.PressAsync("ada.keller", "intake.submit");
        Assert.Single(await desk.Desk.Look(Cancel).RequestsAsync(new SnapshotQuery()));
    }

    [Fact]
    public async Task The_check_command_asks_the_server_and_exits_4_without_an_answer()
    {
        await using var server = await RuleServer.StartAsync(FrontDesk.Content, "secret");
        Assert.Equal((0, ""), Check(server.Address.ToString(), "secret"));

        var (wrong, said) = Check(server.Address.ToString(), "other");
        Assert.Equal(4, wrong);
        Assert.Contains("Policy:Opa:Token", said, StringComparison.Ordinal);
        Assert.Equal(4, Check("http://127.0.0.1:1/", "secret").Code);
        Assert.Equal(4, Check("ftp://x/", "secret").Code);
    }

    [Fact]
    public async Task Another_revision_there_is_told_to_the_admins_once_and_so_is_that_it_is_over()
    {
        await using var desk = new FrontDesk();
        var theirs = "0123456789abcdef";
        var wire = new Wire(_ => Answer(HttpStatusCode.OK, new JsonObject { ["result"] = theirs }.ToJsonString()));
        using var client = Client(wire);
        using var watch = new OpaWatch(client, new OpaSettings(), new RulebookNews(desk.Desk, desk.Store, desk.Directory), TimeProvider.System, NullLogger<OpaWatch>.Instance);

        await watch.LookAsync(Cancel);
        Assert.Null(watch.Trouble);
        await watch.LookAsync(Cancel);
        await watch.LookAsync(Cancel);
        Assert.Contains("decides by revision 0123456789ab", watch.Trouble, StringComparison.Ordinal);
        Assert.Equal(["The policy server needs a look"], await ToldAsync(desk));

        theirs = Local.Revision;
        await watch.LookAsync(Cancel);
        await watch.LookAsync(Cancel);
        Assert.Null(watch.Trouble);
        Assert.Equal(["The policy server is fine again"], await ToldAsync(desk));
    }

    [Fact]
    public async Task A_server_that_is_away_is_told_as_well()
    {
        await using var desk = new FrontDesk();
        using var client = Client(new Wire(_ => throw new HttpRequestException("no route")));
        using var watch = new OpaWatch(client, new OpaSettings(), new RulebookNews(desk.Desk, desk.Store, desk.Directory), TimeProvider.System, NullLogger<OpaWatch>.Instance);

        for (var i = 0; i < 3; i++) await watch.LookAsync(Cancel);

        Assert.Contains("nothing can be approved", watch.Trouble, StringComparison.Ordinal);
        Assert.Equal(["The policy server needs a look"], await ToldAsync(desk));
    }

    [Theory]
    [InlineData("http://opa.example.com", "t", "https://")]
    [InlineData("ftp://opa.example.com", null, "https://")]
    [InlineData("https://user:pw@opa.example.com", null, "name or password")]
    public void An_address_that_cannot_be_meant_or_would_give_the_token_away_stops_the_start(string url, string? token, string says)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Policy:Opa:Url"] = url, ["Policy:Opa:Token"] = token }).Build();

        var fault = Assert.Throws<SettingException>(() => OpaSettings.From(settings)).Message;
        Assert.Contains("Policy:Opa:Url", fault, StringComparison.Ordinal);
        Assert.Contains(says, fault, StringComparison.Ordinal);
    }

    private static (int Code, string Said) Check(string url, string token)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Policy:Opa:Url"] = url, ["Policy:Opa:Token"] = token, ["Policy:Opa:TimeoutSeconds"] = "20" }).Build();
        using var error = new StringWriter();
        using var output = new StringWriter();
        var code = CheckCommand.Create(() => AppContext.BaseDirectory, settings).Parse([Sample]).Invoke(new System.CommandLine.InvocationConfiguration { Output = output, Error = error });
        return (code, error.ToString());
    }

    private static async Task<List<string>> ToldAsync(FrontDesk desk)
    {
        var titles = new List<string>();
        while (await desk.Store.DueMessagesAsync(DateTimeOffset.MaxValue, 100, Cancel) is { Count: > 0 } due)
        {
            foreach (var message in due)
            {
                titles.Add((string)((OutboxBody.Say)message.Body).CardData!["title"]! + (message.ToId == "samuel.cohen" ? "" : " (also)"));
                await desk.Store.MarkAsync(new DeliveryMark(message.Id, DeliveryState.Sent), Cancel);
            }
        }
        return [.. titles.Where(t => !t.EndsWith("(also)", StringComparison.Ordinal))];
    }

    private static OpaPolicies Client(HttpMessageHandler wire, double seconds = 5) =>
        new(new OpaSettings { Url = new Uri("http://opa.test:8181/opa/"), Token = "s3cret", TimeoutSeconds = seconds }, () => Local, TimeProvider.System, NullLogger<OpaPolicies>.Instance, wire);

    private static string Good() => $$"""{"result": {{Local.Judge(Lunch).ToJson()}}}""";

    private static string With(string was, string becomes)
    {
        var good = Good();
        Assert.Contains(was, good, StringComparison.Ordinal);
        return good.Replace(was, becomes, StringComparison.Ordinal);
    }

    private static HttpResponseMessage Answer(HttpStatusCode status, string body) => new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    /// <summary>The network, as far as a test goes.</summary>
    private sealed class Wire(Func<int, HttpResponseMessage> answer) : HttpMessageHandler
    {
        public int Asked { get; private set; }

        public HttpRequestMessage? Last { get; private set; }

        public string? Body { get; private set; }

        public bool Stall { get; init; }

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            (Asked, Last) = (Asked + 1, request);
            using (var reader = new StreamReader(request.Content!.ReadAsStream(cancellationToken))) Body = reader.ReadToEnd();
            if (Stall)
            {
                cancellationToken.WaitHandle.WaitOne(TimeSpan.FromSeconds(20));
                cancellationToken.ThrowIfCancellationRequested();
            }
            return answer(Asked);
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(Send(request, cancellationToken));
    }
}
