using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using MicroAppBot.Content;

namespace MicroAppBot.Tests.Policies;

/// <summary>OPA's REST API: its paths, codes and shapes.</summary>
public sealed class OpaApiTests : IAsyncLifetime
{
    private static readonly string Lunch = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "policies", "samples", "granted-lunch-picker", "manifest.json"));

    private readonly ScratchFolder scratch = ScratchFolder.OfContent();
    private RuleServer server = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        scratch.Write("policies/probe.rego", """
            package probe

            conflict := 1 if input.a
            conflict := 2 if input.a
            fails := 1 / input.zero
            said if { print("seen", input.a); trace("noted") }
            has if input
            keyed["-1"] := "minus"
            long := [sprintf("%d", [x]) | some x in numbers.range(1, 1000)]
            everything := [v | walk(data.people, [_, v]); is_string(v)]
            alias := data["people"]
            aliased[k] := v if some k, v in data.people
            keyed["a/b"] := "slash"
            echo := input
            big := 123456789012345678901234567890
            """);
        server = await RuleServer.StartAsync(ContentFolder.Load(scratch.Root));
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        scratch.Dispose();
    }

    [Fact]
    public async Task A_decision_is_answered_with_its_id_and_a_document_that_is_not_there_with_nothing()
    {
        var (status, body) = await server.PostAsync("/v1/data/microapps/decision", $$"""{"input": {{Lunch}}}""");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.True((bool)body!["result"]!["allow"]!);
        Assert.Matches("^[0-9a-f-]{36}$", (string?)body["decision_id"]);

        var (nothing, empty) = await server.PostAsync("/v1/data/microapps/nowhere", """{"input": {}}""");
        Assert.Equal(HttpStatusCode.OK, nothing);
        Assert.Equal(["decision_id"], empty!.AsObject().Select(member => member.Key));
        Assert.True((bool)(await server.GetAsync("/v1/data/probe/echo/ok?input=" + Uri.EscapeDataString("""{"ok": true}"""))).Body!["result"]!);
    }

    [Fact]
    public async Task A_request_without_input_is_warned_and_one_that_is_no_JSON_refused()
    {
        Assert.Equal("api_usage_warning", (string?)(await server.PostAsync("/v1/data/limits/cap_usd", "")).Body!["warning"]!["code"]);
        Assert.Equal(500, (int)(await server.PostAsync("/v1/data/limits/cap_usd", "{}")).Body!["result"]!);
        foreach (var (path, broken) in ((string, string)[])[("/v1/data/probe", "{"), ("/v1/data/probe", "[1]"), ("/", "nope")])
        {
            Refused(await server.PostAsync(path, broken), HttpStatusCode.BadRequest, "invalid_parameter");
        }
        foreach (var odd in (string[])["%7B", "", "nope"])
        {
            var answer = await server.GetAsync("/v1/data/probe?input=" + odd);
            Refused(answer, HttpStatusCode.BadRequest, "invalid_parameter");
            Assert.StartsWith("parameter contains malformed input document: ", (string?)answer.Body!["message"], StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""{"input": null}""")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("")]
    public async Task An_input_that_is_null_is_none_in_a_body_and_null_in_an_address(string body)
    {
        var (status, answer) = await server.PostAsync("/v1/data/probe/has", body);
        Assert.Equal((HttpStatusCode.OK, "api_usage_warning"), (status, (string?)answer!["warning"]!["code"]));
        Assert.False(answer.AsObject().ContainsKey("result"));
        Assert.True((bool)(await server.GetAsync("/v1/data/probe/has?input=null")).Body!["result"]!);
        Assert.False((await server.GetAsync("/v1/data/probe/has")).Body!.AsObject().ContainsKey("warning"));
    }

    [Fact]
    public async Task HEAD_is_answered_as_GET_without_a_body()
    {
        foreach (var path in (string[])["/v1/data/probe/big", "/v1/query?q=true", "/v1/policies", "/v1/policies/policies/probe.rego", "/v1/config", "/v1/status", "/health"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Head, path);
            using var answer = await server.Http.SendAsync(request, Cancel);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.True(answer.Content.Headers.ContentLength > 0, path);
            Assert.Empty(await answer.Content.ReadAsByteArrayAsync(Cancel));
        }
    }

    [Theory]
    [InlineData("/v1/data/probe/long", "gzip", true)]
    [InlineData("/v1/data/probe/long", "br, gzip;q=0.5", true)]
    [InlineData("/v1/data/probe/long", "identity", false)]
    [InlineData("/v1/data/probe/long", "gzip;q=0", false)]
    [InlineData("/v1/data/probe/big", "gzip", false)]
    [InlineData("/v1/policies", "gzip", false)]
    public async Task Long_answers_about_data_are_gzipped_for_who_takes_them(string path, string takes, bool packed)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", takes);
        using var answer = await server.Http.SendAsync(request, Cancel);
        Assert.Equal(packed, answer.Content.Headers.ContentEncoding.Contains("gzip"));
        Assert.Equal(path.StartsWith("/v1/data", StringComparison.Ordinal), answer.Headers.Vary.Contains("Accept-Encoding"));
        await using var body = packed ? new GZipStream(await answer.Content.ReadAsStreamAsync(Cancel), CompressionMode.Decompress) : await answer.Content.ReadAsStreamAsync(Cancel);
        Assert.NotNull(JsonNode.Parse(body)!["result"]);
    }

    [Theory]
    [InlineData("full", "note enter exit enter fail", "Note Enter Enter Exit Enter Fail Exit")]
    [InlineData("debug", "note enter exit enter fail", "Note Enter Enter Exit Enter Fail Exit")]
    [InlineData("fails", "note enter fail", "Note Enter Enter Fail")]
    [InlineData("notes", "note", "Note")]
    [InlineData("off", null, null)]
    [InlineData("anything", null, null)]
    public async Task An_explanation_is_a_list_of_events_or_with_pretty_of_lines(string mode, string? events, string? lines)
    {
        scratch.Write("policies/why.rego", "package why\n\nyes if {\n\tinput.a == 1\n\ttrace(\"so\")\n}\n\nyes if input.a == 2\n");
        await using var fresh = await RuleServer.StartAsync(ContentFolder.Load(scratch.Root));
        var raw = (await fresh.PostAsync($"/v1/data/why/yes?explain={mode}", """{"input": {"a": 1}}""")).Body!;
        Assert.Equal(events, raw["explanation"]?.AsArray().Select(e => (string?)e!["op"]) is { } ops ? string.Join(' ', ops) : null);
        if (events is null) return;
        Assert.All(raw["explanation"]!.AsArray(), e => Assert.Equal(["op", "query_id", "parent_id", "type", "node", "locals", "message"], e!.AsObject().Select(m => m.Key)));
        var pretty = (await fresh.PostAsync($"/v1/data/why/yes?explain={mode}&pretty", """{"input": {"a": 1}}""")).Body!["explanation"]!.AsArray();
        var words = pretty.Select(line => (string)line!).ToList();
        Assert.Equal(lines, string.Join(' ', words.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries).First(word => char.IsUpper(word[0])))));
        Assert.All(words, line => Assert.Matches("^(query:1|policies/why.rego:[0-9]+) ", line));
        Assert.Contains("| Note \"so\"", words[0], StringComparison.Ordinal);
        Assert.True((bool)raw["result"]!);
    }

    [Fact]
    public async Task An_explanation_names_the_rules_and_holds_no_values()
    {
        foreach (var mode in (string[])["full", "fails", "debug"])
        {
            var text = await TextAsync($"/v1/data/microapps/access/allow?explain={mode}", """{"input": {"subject": "ada.keller", "app": {}, "connector": "x", "action": "read"}}""");
            Assert.Contains("policies/runtime_access.rego:", text, StringComparison.Ordinal);
            Assert.DoesNotContain("ada.keller", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused_in_OPAs_words()
    {
        var large = "{\"input\":\"" + new string('x', 17_000_000) + "\"}";
        var whole = await server.PostAsync("/v1/data/probe/has", large);
        Refused(whole, HttpStatusCode.BadRequest, "invalid_parameter");
        Assert.Equal("request body too large", (string?)whole.Body!["message"]);

        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/data/probe/has") { Content = new StringContent(large) };
        request.Headers.TransferEncodingChunked = true;
        using var answer = await server.Http.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Numbers_and_texts_go_through_as_they_are_written() =>
        Assert.Contains("{\"😀\":\"é<&>\"},[1.0,1e400,123456789012345678901234567890,-0.10]", await TextAsync("/v1/data/probe/echo", """{"input": [{"😀": "é<&>"}, [1.0, 1e400, 123456789012345678901234567890, -0.10]]}"""), StringComparison.Ordinal);

    [Fact]
    public async Task Config_and_status_are_answered()
    {
        var config = (await server.GetAsync("/v1/config")).Body!["result"]!;
        Assert.Equal("/microapps/decision", (string?)config["default_decision"]);
        var status = (await server.GetAsync("/v1/status")).Body!["result"]!;
        Assert.Equal((string?)config["labels"]!["id"], (string?)status["labels"]!["id"]);
        Assert.Equal(ContentFolder.Load(scratch.Root).Revision, (string?)status["bundles"]!["microapps"]!["active_revision"]);
        Assert.Equal("OK", (string?)status["plugins"]!["decision_logs"]!["state"]);
    }

    [Fact]
    public async Task YAML_and_gzip_are_read_as_OPA_reads_them()
    {
        Assert.Equal("[1,\"no\",true]", (await server.PostAsync("/v1/data/probe/echo", "input:\n  - 1\n  - \"no\"\n  - true\n", "application/x-yaml")).Body!["result"]!.ToJsonString());
        Refused(await server.PostAsync("/v1/data/probe/echo", "a: [", "application/yaml"), HttpStatusCode.BadRequest, "invalid_parameter");
        var bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + string.Concat(Enumerable.Range(0, 8).Select(i => $"{(char)('b' + i)}: &{(char)('b' + i)} [{string.Join(',', Enumerable.Repeat("*" + (char)('a' + i), 10))}]\n"));
        Refused(await server.PostAsync("/v1/data/probe/echo", bomb, "application/yaml"), HttpStatusCode.BadRequest, "invalid_parameter");
        foreach (var deep in new[] { "input: " + new string('[', 200_000), string.Concat(Enumerable.Range(0, 5_000).Select(i => new string(' ', i) + "a:\n")) })
            Refused(await server.PostAsync("/v1/data/probe/echo", deep, "application/yaml"), HttpStatusCode.BadRequest, "invalid_parameter");

        using var zipped = new ByteArrayContent(Zip("""{"input": {"packed": 1}}""")) { Headers = { ContentType = new MediaTypeHeaderValue("application/json"), ContentEncoding = { "gzip" } } };
        using var answer = await server.Http.PostAsync("/v1/data/probe/echo", zipped, Cancel);
        Assert.Equal(1, (int)JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancel))!["result"]!["packed"]!);
        using var fake = new ByteArrayContent("{}"u8.ToArray()) { Headers = { ContentEncoding = { "gzip" } } };
        using var refused = await server.Http.PostAsync("/v1/data/probe/echo", fake, Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        using var flood = new ByteArrayContent(Zip("{\"input\":\"" + new string('x', 20_000_000) + "\"}")) { Headers = { ContentEncoding = { "gzip" } } };
        using var tooMuch = await server.Http.PostAsync("/v1/data/probe/echo", flood, Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, tooMuch.StatusCode);
    }

    [Fact]
    public async Task A_halted_evaluation_says_where_in_OPAs_words()
    {
        var conflict = await server.PostAsync("/v1/data/probe/conflict", """{"input": {"a": true}}""");
        Refused(conflict, HttpStatusCode.InternalServerError, "internal_error");
        var error = conflict.Body!["errors"]![0]!;
        Assert.Equal(("eval_conflict_error", "policies/probe.rego"), ((string?)error["code"], (string?)error["location"]!["file"]));
        Assert.True((int)error["location"]!["row"]! is 3 or 4);

        Assert.False((await server.PostAsync("/v1/data/probe/fails", """{"input": {"zero": 0}}""")).Body!.AsObject().ContainsKey("result"));
        var strict = await server.PostAsync("/v1/data/probe/fails?strict-builtin-errors", """{"input": {"zero": 0}}""");
        Assert.Equal("eval_builtin_error", (string?)strict.Body!["errors"]![0]!["code"]);
    }

    [Fact]
    public async Task Queries_give_their_bindings_and_faulty_ones_their_place()
    {
        Assert.Equal("""[{"x":"a"},{"x":"b"}]""", (await server.PostAsync("/v1/query", """{"query": "x := input.list[_]", "input": {"list": ["a", "b"]}}""")).Body!["result"]!.ToJsonString());
        Assert.Equal("[{}]", (await server.GetAsync("/v1/query?q=" + Uri.EscapeDataString("1 < 2"))).Body!["result"]!.ToJsonString());
        Assert.Empty((await server.PostAsync("/v1/query", """{"query": "input.nothing.there"}""")).Body!.AsObject());

        var faulty = await server.PostAsync("/v1/query", """{"query": "x := ["}""");
        Refused(faulty, HttpStatusCode.BadRequest, "invalid_parameter");
        Assert.Equal(("rego_parse_error", "error(s) occurred while parsing query"), ((string?)faulty.Body!["errors"]![0]!["code"], (string?)faulty.Body["message"]));
        Assert.Equal(("x := [", 6), ((string?)faulty.Body["errors"]![0]!["details"]!["line"], (int)faulty.Body["errors"]![0]!["details"]!["idx"]!));
        Assert.Equal("""[{"_y":2}]""", (await server.PostAsync("/v1/query", """{"query": "_y := 2; _ = 1"}""")).Body!["result"]!.ToJsonString());
        Assert.Equal("rego_unsafe_var_error", (string?)(await server.PostAsync("/v1/query", """{"query": "x > y"}""")).Body!["errors"]![0]!["code"]);
        var outside = await server.PostAsync("/v1/query", """{"query": "x := 1\ny := http.send({})"}""");
        Refused(outside, HttpStatusCode.BadRequest, "invalid_parameter");
        Assert.Equal(("rego_type_error", "unsafe built-in function calls in expression: http.send", 2, 6), ((string?)outside.Body!["errors"]![0]!["code"], (string?)outside.Body["errors"]![0]!["message"], (int)outside.Body["errors"]![0]!["location"]!["row"]!, (int)outside.Body["errors"]![0]!["location"]!["col"]!));
        Assert.Equal("""[{"x":"http.send("}]""", (await server.PostAsync("/v1/query", """{"query": "x := \"http.send(\""}""")).Body!["result"]!.ToJsonString());
        Refused(await server.GetAsync("/v1/query"), HttpStatusCode.BadRequest, "invalid_parameter");
        Refused(await server.PostAsync("/v1/query", "{}"), HttpStatusCode.BadRequest, "invalid_parameter");
    }

    [Fact]
    public async Task The_default_decision_takes_and_gives_bare_values()
    {
        Assert.True((bool)(await server.PostAsync("/", Lunch)).Body!["allow"]!);
        Refused(await server.PostAsync("/", "7"), HttpStatusCode.NotFound, "undefined_document");
        Assert.Equal(500, (int)(await server.PostAsync("/v0/data/limits/cap_usd", "{}")).Body!);
        Assert.Equal("null\n", await TextAsync("/v0/data/probe/echo", ""));
        Assert.Equal("{\n  \"a\": 1\n}\n", await TextAsync("/v0/data/probe/echo?pretty", """{"a":1}"""));
        var missing = await server.PostAsync("/v0/data/limits/no-thing", "{}");
        Refused(missing, HttpStatusCode.NotFound, "undefined_document");
        Assert.Equal("document missing: data.limits[\"no-thing\"]", (string?)missing.Body!["message"]);
        Assert.Equal("document undefined: data.probe.conflict", (string?)(await server.PostAsync("/v0/data/probe/conflict", "{}")).Body!["message"]);
        Assert.StartsWith("unexpected parse error for input: body contains malformed input document: ", (string?)(await server.PostAsync("/v0/data/probe", "{")).Body!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_provenance_notes_and_pretty_are_given_when_asked_for()
    {
        var (_, body) = await server.PostAsync("/v1/data/probe/said?metrics=true&provenance&explain=notes", """{"input": {"a": 5}}""");
        Assert.True((long)body!["metrics"]!["timer_rego_query_eval_ns"]! >= 0);
        Assert.True((long)body["metrics"]!["timer_server_handler_ns"]! > 0);
        Assert.Equal(ContentFolder.Load(scratch.Root).Revision, (string?)body["provenance"]!["bundles"]!["microapps"]!["revision"]);
        Assert.Equal(["seen 5", "noted"], body["explanation"]!.AsArray().Select(e => (string?)e!["message"]));
        Assert.All(body["explanation"]!.AsArray(), e => Assert.Equal("note", (string?)e!["op"]));
        Assert.False((await server.PostAsync("/v1/data/probe/said?metrics=false", "{}")).Body!.AsObject().ContainsKey("metrics"));
        Assert.True((await server.PostAsync("/v1/query?instrument", """{"query": "true"}""")).Body!.AsObject().ContainsKey("metrics"));
        Assert.Contains("\n  \"result\"", await server.Http.GetStringAsync("/v1/data/limits/cap_usd?pretty", Cancel), StringComparison.Ordinal);
        Assert.Contains("123456789012345678901234567890", await server.Http.GetStringAsync("/v1/data/probe/big", Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_part_of_the_path_may_hold_a_slash_or_be_a_place_in_an_array()
    {
        Assert.Equal("slash", (string?)(await server.GetAsync("/v1/data/probe/keyed/a%2Fb")).Body!["result"]);
        Assert.Equal("y", (string?)(await server.PostAsync("/v1/data/probe/echo/list/1", """{"input": {"list": ["x", "y"]}}""")).Body!["result"]);
        // As OPA, whose numbers may be written with a sign or zeros: no key of an object, and a place in an array
        Assert.Null((await server.GetAsync("/v1/data/probe/keyed/-1")).Body!["result"]);
        Assert.Equal("y", (string?)(await server.PostAsync("/v1/data/probe/echo/list/01", """{"input": {"list": ["x", "y"]}}""")).Body!["result"]);
        foreach (var path in (string[])["/v1/data/%22%5D;%20drop", "/v1/data/a/%22"]) Refused(await server.GetAsync(path), HttpStatusCode.BadRequest, "invalid_parameter");
        Refused(await server.PostAsync("/v0/data/%22", "{}"), HttpStatusCode.BadRequest, "invalid_parameter");
    }

    [Fact]
    public async Task Policies_can_be_read_and_nothing_can_be_written()
    {
        var all = (await server.GetAsync("/v1/policies")).Body!["result"]!.AsArray();
        Assert.Contains(all, p => (string?)p!["id"] == "policies/decision.rego");
        Assert.DoesNotContain(all, p => ((string)p!["id"]!).EndsWith("_test.rego", StringComparison.Ordinal));
        Assert.Contains("package probe", (string?)(await server.GetAsync("/v1/policies/policies/probe.rego")).Body!["result"]!["raw"], StringComparison.Ordinal);
        Assert.All(all, p => Assert.Equal("data", (string?)p!["ast"]!["package"]!["path"]![0]!["value"]));
        Assert.Equal("probe", (string?)(await server.GetAsync("/v1/policies/policies/probe.rego")).Body!["result"]!["ast"]!["package"]!["path"]![1]!["value"]);
        Refused(await server.GetAsync("/v1/policies/nothing.rego"), HttpStatusCode.NotFound, "resource_not_found");

        foreach (var (method, path) in ((string, string)[])[("PUT", "/v1/policies/a"), ("DELETE", "/v1/policies/a"), ("PUT", "/v1/data/a"), ("PATCH", "/v1/data/a"), ("DELETE", "/v1/data/a"), ("PUT", "/v1/data"), ("POST", "/v1/policies"), ("DELETE", "/v1/query"), ("PUT", "/v0/data/a"), ("GET", "/v0/data/a")])
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new StringContent("{}") };
            using var answer = await server.Http.SendAsync(request, Cancel);
            Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
            Assert.Contains(path.StartsWith("/v0", StringComparison.Ordinal) ? "POST" : "GET", answer.Content.Headers.Allow);
            Assert.Equal("method_not_allowed", (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancel))!["code"]);
        }
        foreach (var path in (string[])["/v1/compile", "/v1/compile/filters/include"]) Refused(await server.PostAsync(path, "{}"), HttpStatusCode.NotImplemented, "not_supported");
        Refused(await server.PostAsync("/v1/batch/data/probe", "{}"), HttpStatusCode.NotFound, "resource_not_found");
    }

    [Fact]
    public async Task Nothing_brings_the_directory_out()
    {
        string[] secrets = ["ada.keller@", "Ada Keller", "ada.keller\""];
        foreach (var path in (string[])["/v1/data", "/v1/data/", "/v1/data/people", "/v1/data/people/ada.keller", "/v1/data/%70eople", "/v1/data/probe", "/v1/data/probe/alias", "/v1/data/probe/everything", "/v1/data/microapps", "/v1/data/microapps/access", "/v1/data/microapps/access/people", "/v1/data/microapps/access/subject"])
        {
            Clean(path, await server.Http.GetStringAsync(path, Cancel));
            Clean(path, await TextAsync(path, """{"input": {"subject": "ada.keller ", "a": 1}}"""));
        }
        foreach (var query in (string[])["x := data.people", "x := data[k]", "walk(data, x)", "d := data; x := d[\"people\"]", "x := data.microapps.access.people", "x := data.probe.everything", "x := data.probe.aliased", "x := json.marshal(data)", "x := object.get(data, [\"people\"], 0)", "p := \"people\"; x := data[p]", "data.microapps.access.subject = x with input.subject as \"ada.keller \""])
        {
            Clean(query, await TextAsync("/v1/query", new JsonObject { ["query"] = query }.ToJsonString()));
        }
        Assert.False((await server.GetAsync("/v1/data")).Body!["result"]!.AsObject().ContainsKey("people"));

        void Clean(string what, string text) => Assert.All(secrets, secret => Assert.False(text.Contains(secret, StringComparison.OrdinalIgnoreCase), $"{what} gave {secret}"));
    }

    [Fact]
    public async Task Runtime_access_looks_people_up_all_the_same_alone_and_in_its_package()
    {
        var manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "policies", "samples", "signed-salaries", "manifest.json")))!;
        var connector = (string)manifest["integrations"]![0]!["connector"]!;
        string Ask(string who) => new JsonObject { ["input"] = new JsonObject { ["subject"] = who, ["app"] = manifest.DeepClone(), ["connector"] = connector, ["action"] = "read", ["fields"] = manifest["integrations"]![0]!["fields"]?.DeepClone() } }.ToJsonString();
        var owner = (string)manifest["app"]!["owner"]!;

        Assert.True((bool)(await server.PostAsync("/v1/data/microapps/access/allow", Ask(owner))).Body!["result"]!);
        Assert.False((bool)(await server.PostAsync("/v1/data/microapps/access/allow", Ask("ada.keller"))).Body!["result"]!);
        Assert.True((bool)(await server.PostAsync("/v1/data/microapps/access", Ask(owner))).Body!["result"]!["allow"]!);
        Assert.True((bool)(await server.PostAsync("/v1/data/microapps", Ask(owner))).Body!["result"]!["access"]!["allow"]!);
    }

    [Fact]
    public async Task Health_is_open_and_says_what_is_not_well()
    {
        Assert.Equal("{}", (await server.GetAsync("/health?bundles&plugins")).Body!.ToJsonString());
        await using var ill = await RuleServer.StartAsync(ContentFolder.Load(scratch.Root), "secret", ill: () => "the new bundle cannot be used", bundles: false);
        ill.Http.DefaultRequestHeaders.Authorization = null;
        Assert.Equal(HttpStatusCode.OK, (await ill.GetAsync("/health")).Status);
        Says("one or more bundles are not activated", await ill.GetAsync("/health?bundles=true"));
        Says("the new bundle cannot be used", await ill.GetAsync("/health?plugins"));
        Says("the new bundle cannot be used", await ill.GetAsync("/health?plugins&exclude-plugin=decision_logs"));
        Assert.Equal(HttpStatusCode.OK, (await ill.GetAsync("/health?plugins&exclude-plugin=decision_logs&exclude-plugin=bundle")).Status);
    }

    [Fact]
    public async Task A_rulebook_may_say_what_healthy_means()
    {
        Says("health check (data.system.health.live) was undefined", await server.GetAsync("/health/live"));
        scratch.Write("policies/health.rego", """
            package system.health

            live if true
            ready if input.plugins_ready
            odd := input.plugin_state.bundle
            """);
        await using var asked = await RuleServer.StartAsync(ContentFolder.Load(scratch.Root));
        foreach (var path in (string[])["/health/live", "/health/ready"]) Assert.Equal("{}", (await asked.GetAsync(path)).Body!.ToJsonString());
        Says("health check (data.system.health.odd) returned unexpected value", await asked.GetAsync("/health/odd"));
        Assert.Equal("OK", (string?)(await asked.PostAsync("/v1/data/system/health/odd", """{"input": {"plugin_state": {"bundle": "OK"}}}""")).Body!["result"]);
    }

    private static void Says(string why, (HttpStatusCode Status, JsonNode? Body) answer) =>
        Assert.Equal((HttpStatusCode.InternalServerError, why), (answer.Status, (string?)answer.Body!["error"]));

    [Fact]
    public async Task With_a_token_set_nobody_asks_without_it()
    {
        await using var guarded = await RuleServer.StartAsync(ContentFolder.Load(scratch.Root), "secret");
        Assert.Equal(HttpStatusCode.OK, (await guarded.PostAsync("/v1/data/limits", "{}")).Status);
        guarded.Http.DefaultRequestHeaders.Authorization = null;
        foreach (var path in (string[])["/v1/data/limits", "/v1/query", "/", "/v0/data/limits", "/v1/compile"])
            Assert.Equal(HttpStatusCode.Unauthorized, (await guarded.PostAsync(path, "{}")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await guarded.GetAsync("/v1/policies")).Status);
    }

    [Fact]
    public async Task An_endless_query_is_stopped_and_the_next_one_is_answered()
    {
        var endless = "a := numbers.range(1, 3000); x := a[_]; y := a[_]; z := a[_]; x + y + z < 0";
        var stopped = await server.PostAsync("/v1/query", new JsonObject { ["query"] = endless }.ToJsonString());
        Refused(stopped, HttpStatusCode.InternalServerError, "internal_error");
        Assert.Contains((string?)stopped.Body!["errors"]![0]!["code"], (string?[])["eval_budget_error", "eval_deadline_error"]);
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync("/v1/query", """{"query": "true"}""")).Status);
    }

    private async Task<string> TextAsync(string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await server.Http.PostAsync(path, content, Cancel);
        return await answer.Content.ReadAsStringAsync(Cancel);
    }

    private static byte[] Zip(string text)
    {
        using var bytes = new MemoryStream();
        using (var zip = new GZipStream(bytes, CompressionLevel.Fastest)) zip.Write(Encoding.UTF8.GetBytes(text));
        return bytes.ToArray();
    }

    private static void Refused((HttpStatusCode Status, JsonNode? Body) answer, HttpStatusCode status, string code)
    {
        Assert.Equal((status, code), (answer.Status, (string?)answer.Body!["code"]));
        Assert.NotEmpty((string)answer.Body["message"]!);
    }
}
