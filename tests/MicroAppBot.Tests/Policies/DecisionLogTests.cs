using System.IO.Compression;
using System.Net;
using System.Text.Json.Nodes;
using MicroAppBot.Content;
using MicroAppBot.Desk;
using MicroAppBot.Policies;
using MicroAppBot.Policies.Log;
using MicroAppBot.Tests.Desk;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Rego.Values;

namespace MicroAppBot.Tests.Policies;

public sealed class DecisionLogTests : IDisposable
{
    private static readonly string Sample = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "policies", "samples", "granted-lunch-picker", "manifest.json"));

    private readonly ScratchFolder scratch = ScratchFolder.OfContent();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private DecisionLogSettings Files => new() { File = true, Folder = Path.Combine(scratch.Root, "log") };

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task Each_decision_is_one_line_in_OPAs_shape_and_people_are_masked()
    {
        await using var server = await RuleServer.StartAsync(ContentFolder.Load(scratch.Root), logged: Files);
        var (_, answer) = await server.PostAsync("/v1/data/microapps/decision?metrics", $$"""{"input": {{Sample}}}""");
        await server.PostAsync("/v1/query", """{"query": "x := input.a", "input": {"a": 1}}""");
        await server.PostAsync("/v1/data/nowhere", """{"input": 7}""");
        await server.LoggedAsync();

        var lines = Lines();
        Assert.Equal(3, lines.Count);
        var first = lines[0];
        Assert.Equal((string?)answer!["decision_id"], (string?)first["decision_id"]);
        Assert.Equal(("microappbot", "microapps/decision", ContentFolder.Load(scratch.Root).Revision), ((string?)first["labels"]!["app"], (string?)first["path"], (string?)first["revision"]));
        Assert.Equal((string?)first["revision"], (string?)first["bundles"]!["microapps"]!["revision"]);
        Assert.True((bool)first["result"]!["allow"]!);
        Assert.StartsWith("127.0.0.1:", (string?)first["requested_by"], StringComparison.Ordinal);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$", (string?)first["timestamp"]);
        Assert.True((long)first["metrics"]!["timer_rego_query_eval_ns"]! >= 0);
        Assert.Equal([1L, 2L, 3L], lines.Select(l => (long)l["req_id"]!));
        Assert.False(first.AsObject().ContainsKey("trace_id"));
        Assert.Equal(["/input/app/owner", "/input/app/co_owner"], first["erased"]!.AsArray().Select(e => (string?)e));
        Assert.Null(first["input"]!["app"]!["owner"]);
        Assert.Equal(("x := input.a", 1), ((string?)lines[1]["query"], (int)lines[1]["result"]![0]!["x"]!));
        Assert.False(lines[2].AsObject().ContainsKey("result"));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(Files.Folder, "decisions.jsonl")));
    }

    [Fact]
    public async Task An_error_is_logged_with_its_place_and_a_trace_with_its_span()
    {
        scratch.Write("policies/probe.rego", "package probe\n\nx := 1 if input.a\nx := 2 if input.a\n");
        await using var server = await RuleServer.StartAsync(ContentFolder.Load(scratch.Root), logged: Files);
        server.Http.DefaultRequestHeaders.Add("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        await server.PostAsync("/v1/data/probe/x", """{"input": {"a": 1}}""");
        await server.LoggedAsync();

        var line = Assert.Single(Lines());
        Assert.Equal(("eval_conflict_error", "policies/probe.rego", 4), ((string?)line["error"]!["code"], (string?)line["error"]!["location"]!["file"], (int)line["error"]!["location"]!["row"]!));
        Assert.Equal(("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"), ((string?)line["trace_id"], (string?)line["span_id"]));
    }

    [Fact]
    public async Task What_the_rules_say_of_masking_and_dropping_is_done()
    {
        scratch.Write("policies/log.rego", """
            package system.log

            mask contains "/input/app/purpose"
            mask contains {"op": "upsert", "path": "/input/app/owner", "value": "somebody"}
            mask contains {"op": "upsert", "path": "/result/checked/by", "value": 7} if input.path == "microapps/decision"
            mask contains {"op": "remove", "path": "/input/data/kinds/0"}
            mask contains "/input/nothing/there"
            mask contains "/nd_builtin_cache/rand.intn"

            drop if input.path == "limits"
            """);
        await using var server = await RuleServer.StartAsync(ContentFolder.Load(scratch.Root), logged: Files);
        await server.PostAsync("/v1/data/limits", "{}");
        await server.PostAsync("/v1/data/microapps/decision", $$"""{"input": {{Sample}}}""");
        await server.LoggedAsync();

        var line = Assert.Single(Lines());
        Assert.Equal("somebody", (string?)line["input"]!["app"]!["owner"]);
        Assert.NotNull(line["input"]!["app"]!["co_owner"]);
        Assert.Null(line["input"]!["app"]!["purpose"]);
        Assert.Equal(7, (int)line["result"]!["checked"]!["by"]!);
        Assert.Equal(JsonNode.Parse(Sample)!["data"]!["kinds"]!.AsArray().Count - 1, line["input"]!["data"]!["kinds"]!.AsArray().Count);
        Assert.Equal(["/input/app/purpose", "/input/data/kinds/0"], line["erased"]!.AsArray().Select(e => (string)e!).Order());
        Assert.Equal(["/input/app/owner", "/result/checked/by"], line["masked"]!.AsArray().Select(e => (string)e!).Order());
    }

    [Theory]
    [InlineData("mask contains 1 / 0 if true\nmask := {1} if input.path")]
    [InlineData("mask := \"all\"")]
    [InlineData("mask contains \"result\"")]
    [InlineData("mask contains {\"op\": \"hide\", \"path\": \"/input\"}")]
    [InlineData("mask := 1 if input.path\nmask := 2 if input.path")]
    public async Task A_mask_that_cannot_be_meant_leaves_nothing_of_input_and_result(string rule)
    {
        scratch.Write("policies/log.rego", "package system.log\n\n" + rule + "\n");
        ContentFolder content;
        try
        {
            content = ContentFolder.Load(scratch.Root);
            InProcessPolicies.Compile(content);
        }
        catch (ContentException)
        {
            return;
        }
        await using var server = await RuleServer.StartAsync(content, logged: Files);
        await server.PostAsync("/v1/data/microapps/decision", $$"""{"input": {{Sample}}}""");
        await server.LoggedAsync();

        var line = Assert.Single(Lines()).AsObject();
        Assert.False(line.ContainsKey("input") || line.ContainsKey("result"), line.ToJsonString());
        Assert.True(line.ContainsKey("decision_id"));
    }

    [Fact]
    public async Task What_the_bot_decides_in_chat_is_logged_too()
    {
        using var log = new DecisionLog(Files, () => FrontDesk.Rules.Whole, TimeProvider.System, NullLogger<DecisionLog>.Instance);
        await log.StartAsync(Cancel);
        await using var desk = new FrontDesk(new LoggedPolicies(FrontDesk.Rules, log, TimeProvider.System));
        await desk.MediumRequestAsync();
        await log.StopAsync(Cancel);

        var lines = Lines();
        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.Equal(("microapps/decision", "microappbot", FrontDesk.Content.Revision), ((string?)line["path"], (string?)line["requested_by"], (string?)line["revision"])));
        Assert.DoesNotContain("ada.keller", string.Join('\n', lines.Select(l => l.ToJsonString())), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_are_closed_by_day_and_size_and_the_oldest_go()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));
        for (var day = 0; day < 5; day++)
        {
            using var log = new DecisionLog(Files with { KeepFiles = 2, MaxFileMegabytes = 1 }, () => null, clock, NullLogger<DecisionLog>.Instance);
            await log.StartAsync(Cancel);
            // A megabyte and a bit, so that the size closes a file as well
            for (var i = 0; i < 3; i++) log.Take(Large());
            await log.StopAsync(Cancel);
            File.SetLastWriteTimeUtc(Path.Combine(Files.Folder, "decisions.jsonl"), clock.GetUtcNow().UtcDateTime);
            clock.Advance(TimeSpan.FromDays(1));
        }

        var closed = Directory.GetFiles(Files.Folder, "decisions-*.jsonl");
        Assert.Equal(2, closed.Length);
        Assert.All(closed.Append(Path.Combine(Files.Folder, "decisions.jsonl")), file => Assert.InRange(new FileInfo(file).Length, 1, 1024 * 1024));

        Decision Large() => new("id", "r", clock.GetUtcNow(), "me", new Dictionary<string, long>()) { Path = "p", Input = new RString(new string('x', 400_000)) };
    }

    [Fact]
    public async Task A_line_that_was_cut_off_takes_no_other_one_with_it_and_each_is_there_as_soon_as_it_is_written()
    {
        scratch.Write("log/decisions.jsonl", "{\"decision_id\":\"whole\"}\n{\"decision_id\":\"cut");
        using var log = new DecisionLog(Files, () => null, TimeProvider.System, NullLogger<DecisionLog>.Instance);
        await log.StartAsync(Cancel);
        log.Take(Numbered(1));
        var file = Path.Combine(Files.Folder, "decisions.jsonl");
        // Neither stopped nor flushed: as another process sees it
        await Until(() => Read().EndsWith('\n'));
        await log.StopAsync(Cancel);

        var lines = File.ReadAllLines(file);
        Assert.Equal(3, lines.Length);
        Assert.Equal("id-1", (string?)JsonNode.Parse(lines[2])!["decision_id"]);

        string Read()
        {
            using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            return reader.ReadToEnd();
        }
    }

    [Fact]
    public async Task Decisions_are_sent_in_gzipped_batches_and_again_until_they_are_taken()
    {
        var receiver = new Receiver { Refusals = 2 };
        using var log = new DecisionLog(Sending, () => null, TimeProvider.System, NullLogger<DecisionLog>.Instance, receiver);
        await log.StartAsync(Cancel);
        for (var i = 0; i < 50; i++) log.Take(Numbered(i));
        await Until(() => receiver.Taken.Count == 50);
        await log.StopAsync(Cancel);

        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"id-{i}"), receiver.Taken);
        Assert.Equal("Bearer t0ken", receiver.Authorization);
        Assert.Null(log.Trouble);
    }

    [Fact]
    public async Task A_batch_that_is_too_large_for_the_receiver_is_cut()
    {
        var receiver = new Receiver { MostLines = 3 };
        using var log = new DecisionLog(Sending, () => null, TimeProvider.System, NullLogger<DecisionLog>.Instance, receiver);
        for (var i = 0; i < 20; i++) log.Take(Numbered(i));
        await log.StartAsync(Cancel);
        await Until(() => receiver.Taken.Count == 20);
        await log.StopAsync(Cancel);

        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"id-{i}"), receiver.Taken);
    }

    [Fact]
    public async Task One_that_no_receiver_takes_holds_up_nobody()
    {
        var receiver = new Receiver { MostBytes = 1000 };
        using var log = new DecisionLog(Sending, () => null, TimeProvider.System, NullLogger<DecisionLog>.Instance, receiver);
        for (var i = 0; i < 8; i++) log.Take(i == 3 ? Numbered(i) with { Input = new RString(new string('x', 2000)) } : Numbered(i));
        await log.StartAsync(Cancel);
        await Until(() => receiver.Taken.Count == 7);
        await log.StopAsync(Cancel);

        Assert.Equal(Enumerable.Range(0, 8).Where(i => i != 3).Select(i => $"id-{i}"), receiver.Taken);
        Assert.Null(log.Trouble);
    }

    [Fact]
    public async Task While_the_receiver_is_away_only_so_many_wait_it_is_said_and_nothing_is_held_up()
    {
        var receiver = new Receiver { Refusals = int.MaxValue };
        using var log = new DecisionLog(Sending with { MostWaiting = 10 }, () => null, TimeProvider.System, NullLogger<DecisionLog>.Instance, receiver);
        await log.StartAsync(Cancel);
        for (var i = 0; i < 30; i++)
        {
            log.Take(Numbered(i));
            await Task.Yield();
        }
        await Until(() => log.Trouble is not null);
        Assert.Contains("log.test", log.Trouble, StringComparison.Ordinal);

        receiver.Refusals = 0;
        await Until(() => receiver.Taken.Count > 0 && log.Trouble is null);
        await log.StopAsync(Cancel);
        Assert.InRange(receiver.Taken.Count, 1, 20);
    }

    [Fact]
    public void When_too_many_wait_to_be_written_it_is_said_and_nobody_waits()
    {
        var said = new List<string>();
        using var log = new DecisionLog(Files with { MostWaiting = 2 }, () => null, TimeProvider.System, new Heard(said));

        for (var i = 0; i < 3; i++) log.Take(Numbered(i));

        Assert.Equal(["Decision id-2 is not in the decision log: too many wait to be written."], said);
    }

    [Fact]
    public void It_is_off_unless_a_place_is_named_and_a_token_never_goes_out_unencrypted()
    {
        Assert.False(Settings([]).IsOn);
        Assert.True(Settings(new() { ["File"] = "true" }).IsOn);
        Assert.EndsWith(Path.Combine("data", "decisions"), Settings([]).Folder, StringComparison.Ordinal);
        Assert.Contains("Policy:DecisionLog:Url", Assert.Throws<SettingException>(() => Settings(new() { ["Url"] = "http://log.example.com", ["Token"] = "t" })).Message, StringComparison.Ordinal);
        Assert.Contains("Policy:DecisionLog:KeepFiles", Assert.Throws<SettingException>(() => Settings(new() { ["KeepFiles"] = "-1" })).Message, StringComparison.Ordinal);

        static DecisionLogSettings Settings(Dictionary<string, string?> keys) => DecisionLogSettings.From(new ConfigurationBuilder()
            .AddInMemoryCollection(keys.Select(k => KeyValuePair.Create("Policy:DecisionLog:" + k.Key, k.Value))).Build());
    }

    private static DecisionLogSettings Sending => new() { Url = new Uri("https://log.test/logs"), Token = "t0ken", SendEverySeconds = 0.05 };

    private static Decision Numbered(int i) => new($"id-{i}", "r", TimeProvider.System.GetUtcNow(), "me", new Dictionary<string, long>()) { Path = "p" };

    private List<JsonNode> Lines() => [.. File.ReadAllLines(Path.Combine(Files.Folder, "decisions.jsonl")).Select(line => JsonNode.Parse(line)!)];

    private static async Task Until(Func<bool> holds)
    {
        var end = TimeProvider.System.GetUtcNow().AddSeconds(30);
        while (!holds())
        {
            Assert.True(TimeProvider.System.GetUtcNow() < end, "It did not come about.");
            await Task.Delay(20, Cancel);
        }
    }

    private sealed class Heard(List<string> said) : ILogger<DecisionLog>
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => said.Add(formatter(state, exception));
    }

    private sealed class Receiver : HttpMessageHandler
    {
        private readonly List<string> _taken = [];

        public IReadOnlyList<string> Taken { get { lock (_taken) return [.. _taken]; } }

        public int Refusals { get; set; }

        public int MostLines { get; init; } = int.MaxValue;

        public int MostBytes { get; init; } = int.MaxValue;

        public string? Authorization { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Assert.Equal(["gzip"], request.Content!.Headers.ContentEncoding);
            Authorization = request.Headers.Authorization?.ToString();
            if (Refusals > 0)
            {
                Refusals--;
                return new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
            }
            await using var zip = new GZipStream(await request.Content.ReadAsStreamAsync(cancellationToken), CompressionMode.Decompress);
            var lines = JsonNode.Parse(zip)!.AsArray();
            if (lines.Count > MostLines || lines.ToJsonString().Length > MostBytes) return new HttpResponseMessage(HttpStatusCode.RequestEntityTooLarge);
            lock (_taken) _taken.AddRange(lines.Select(l => (string)l!["decision_id"]!));
            return new HttpResponseMessage(HttpStatusCode.OK);
        }
    }
}
