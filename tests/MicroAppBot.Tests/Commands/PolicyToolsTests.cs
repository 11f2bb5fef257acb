using System.CommandLine;
using System.Text.Json.Nodes;
using MicroAppBot.Commands;
using MicroAppBot.Tests.Policies;

namespace MicroAppBot.Tests.Commands;

public sealed class PolicyToolsTests : IDisposable
{
    private readonly ScratchFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static (int ExitCode, string Output, string Error) Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = CommandLine.Run(["policy", .. args], new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }

    private static JsonNode Json(string text) => JsonNode.Parse(text)!;

    private string Rules() => Path.GetDirectoryName(folder.Write("rules/a.rego", "package a\n\np := 1\n\nq contains x if some x in input.xs\n\nunused if {\n\tp == 2\n}\n"))!;

    // --- test

    [Fact]
    public void The_shipped_policies_run_to_their_last_line()
    {
        var (code, output, error) = Run("test", "--coverage", "--threshold", "100");

        Assert.True(code == 0, output + error);
        Assert.Equal(100, (double)Json(output)["coverage"]!);
        Assert.Contains("coverage: 100.00 %", error, StringComparison.Ordinal);
        Assert.Contains("\nPASS: ", error, StringComparison.Ordinal);
        Assert.Contains("coverage: 100.00 %", Run("test", "-c", "-f", "pretty").Output, StringComparison.Ordinal);
        Assert.Equal("", Run("test", "-cf", "json").Error);
    }

    [Fact]
    public void A_failed_test_shows_its_statement_and_the_values_in_it()
    {
        folder.Write("rules/a_test.rego", "package a_test\n\nimport data.a\n\ntest_sum if {\n\tsum := a.p + 1\n\tprint(\"so\", sum)\n\tsum == 3\n}\n\ntodo_test_later if false\n");

        var (code, output, _) = Run("test", Rules());

        Assert.Equal(1, code);
        Assert.Contains("a_test.rego:8:\n    sum == 3\n    |\n    2\n", output, StringComparison.Ordinal);
        Assert.Contains("  so 2", output, StringComparison.Ordinal);
        Assert.Contains("todo_test_later: SKIPPED", output, StringComparison.Ordinal);
        Assert.EndsWith("PASS: 0/2\nFAIL: 1/2\nSKIPPED: 1/2\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_tests_that_were_asked_for_run()
    {
        folder.Write("rules/a_test.rego", "package a_test\n\ntest_one if true\n\ntest_two if false\n");

        var (code, output, _) = Run("test", Rules(), "--run", "one$", "-v");

        Assert.Equal(0, code);
        Assert.Contains("data.a_test.test_one: PASS (", output, StringComparison.Ordinal);
        Assert.EndsWith("PASS: 1/1\n", output, StringComparison.Ordinal);
        Assert.Equal(1, Run("test", Rules(), "--run", "(").ExitCode);
    }

    [Fact]
    public void Coverage_names_the_lines_that_did_not_run_and_a_threshold_fails()
    {
        folder.Write("rules/a_test.rego", "package a_test\n\ntest_p if data.a.p == 1\n");

        var json = Json(Run("test", Rules(), "--coverage", "-f", "json").Output);
        var file = json["files"]!.AsObject().Single(f => f.Key.EndsWith("a.rego", StringComparison.Ordinal)).Value!;

        Assert.Equal(25, (double)file["coverage"]!);
        Assert.Equal(2, Run("test", Rules(), "--threshold=50").ExitCode);
        Assert.Equal(1, Run("test", Rules(), "--threshold", "101").ExitCode);
        Assert.Equal(7, (int)file["not_covered"]![1]!["start"]!["row"]!);
        var below = Run("test", Rules(), "--threshold", "90");
        Assert.Equal(2, below.ExitCode);
        Assert.Contains("Code coverage threshold not met: got 40.00 instead of 90.00", below.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Outcomes_are_told_as_OPAs_JSON()
    {
        folder.Write("rules/a_test.rego", "package a_test\n\ntest_case[name] if {\n\tsome name, n in {\"one\": 1, \"two\": 2}\n\tn == 1\n}\n");

        var test = Json(Run("test", Rules(), "--format", "json").Output).AsArray().Single()!;

        Assert.Equal("data.a_test", (string)test["package"]!);
        Assert.True((bool)test["fail"]!);
        Assert.Null(test["sub_results"]!["one"]!["fail"]);
        Assert.True((bool)test["sub_results"]!["two"]!["fail"]!);
    }

    [Fact]
    public void Tests_of_one_name_are_tests_of_their_own_and_only_true_passes()
    {
        folder.Write("rules/a_test.rego", "package a_test\n\ntest_p if data.a.p == 1\n\ntest_p if data.a.p == 2\n\ntest_q := 1\n");

        var names = Json(Run("test", Rules(), "-f", "json").Output).AsArray().Select(test => $"{test!["name"]} {test["fail"] ?? false}");

        Assert.Equal(["test_p false", "test_p#01 true", "test_q true"], names);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(0, "-z")]
    [InlineData(0, "--exit-zero-on-skipped", "--count", "2")]
    [InlineData(1, "--run", "nothing", "--fail-on-empty")]
    [InlineData(0, "--run", "nothing")]
    [InlineData(0, "-vzr", "later")]
    [InlineData(0, "-z", "--ignore=a_t*,x")]
    [InlineData(1, "--watch")]
    [InlineData(1, "-f", "gobench")]
    [InlineData(1, "--bench", "-c")]
    public void Skipped_tests_count_as_OPA_counts_them(int code, params string[] args)
    {
        folder.Write("rules/a_test.rego", "package a_test\n\ntest_p if data.a.p == 1\n\ntodo_test_later if false\n");

        Assert.Equal(code, Run(["test", Rules(), .. args]).ExitCode);
    }

    [Fact]
    public void A_failed_test_tells_the_way_it_went_and_what_was_asked_with_another_input()
    {
        folder.Write("rules/a_test.rego", "package a_test\n\ntest_q if data.a.q == {1} with input.xs as [2]\n");

        var output = Run("test", "-v", Rules()).Output;

        Assert.Contains("| | Fail data.a.q == {1} with input.xs as [2]", output, StringComparison.Ordinal);
        Assert.Contains("    data.a.q == {1} with input.xs as [2]\n    |\n    {2}\n\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Tests_are_measured()
    {
        folder.Write("rules/a_test.rego", "package a_test\n\ntest_p if data.a.p == 1\n");

        var (code, output, _) = Run("test", "--bench", "--format", "gobench", Rules());

        Assert.Equal(0, code);
        Assert.Matches("^BenchmarkDataATestTestP\\t *[0-9]+\\t *[0-9.]+ ns/op\\t *[0-9]+ B/op\n", output);
    }

    // --- the command line

    [Theory]
    [InlineData("unknown flag: --wach. Did you mean --watch?", "test", "--wach", ".")]
    [InlineData("unknown flag: --nothing", "eval", "1", "--nothing")]
    [InlineData("unknown shorthand flag: 'q' in -vq", "test", "-vq")]
    [InlineData("flag needs an argument: --data", "eval", "1", "--data")]
    [InlineData("flag needs an argument: 'd' in -d", "eval", "1", "-d")]
    [InlineData("invalid argument \"maybe\" for \"--fail\" flag", "eval", "--fail=maybe", "1")]
    public void A_flag_nobody_knows_is_told_as_one(string said, params string[] args)
    {
        var (code, output, error) = Run(args);

        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith("Error: " + said, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Flags_may_stand_anywhere_and_together()
    {
        var rules = Rules();

        Assert.Equal("1\n", Run("eval", "data.a.p", $"-d{rules}", "-f=raw").Output);
        Assert.Equal("1\n", Run("eval", "-fraw", "-d", rules, "--", "data.a.p").Output);
        Assert.Equal("2\n", Run("eval", "-f", "json", "--format", "raw", "1 + 1").Output);
        Assert.Contains("Examples:", Run("eval", "--help").Output, StringComparison.Ordinal);
    }

    // --- what is loaded

    [Fact]
    public void Data_may_be_put_below_a_path_and_files_left_out()
    {
        var list = folder.Write("data/list.json", "[1, 2]");
        folder.Write("data/.hidden.json", "{");
        folder.Write("data/broken_one.json", "{");

        Assert.Equal("[1,2]\n", Run("eval", "-f", "raw", "-d", $"x.y:{list}", "data.x.y").Output);
        Assert.Equal("{\"list\":1}\n", Run("eval", "-f", "raw", "-d", $"{folder.Write("named.txt", "{\"list\": 1}")}", "data").Output);
        Assert.Equal(2, Run("eval", "-d", Path.GetDirectoryName(list)!, "data").ExitCode);
        Assert.Equal(1, Run("test", "--ignore", "broken*", Path.GetDirectoryName(list)!).ExitCode);
    }

    [Theory]
    [InlineData("x.json", "{\n\"a\": }", "x.json:2: This is not valid JSON")]
    [InlineData("x.json", "", "x.json:1: This is not valid JSON: it is empty")]
    [InlineData("x.json", "[1]", "x.json: The data of a file is one object")]
    [InlineData("x.yaml", "a: [", "x.yaml:1: This is not valid YAML")]
    [InlineData("x.rego", "", "x.rego:")]
    public void Files_that_cannot_be_read_are_named_with_their_line(string name, string text, string said)
    {
        folder.Write("in/" + name, text);

        var (code, _, error) = Run("eval", "-f", "pretty", "-d", Path.Combine(folder.Root, "in"), "1");

        Assert.Equal(2, code);
        Assert.Contains(said, error, StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_cannot_be_loaded_is_told_at_once()
    {
        var latin = Path.Combine(folder.Root, "latin.rego");
        File.WriteAllBytes(latin, [.. "package a\n\n# caf"u8, 0xe9, (byte)'\n']);

        var (_, _, error) = Run("check", Path.Combine(folder.Root, "none"), latin);

        Assert.StartsWith("2 errors occurred during loading:\n", error, StringComparison.Ordinal);
        Assert.Contains("none: There is no such file or folder.", error, StringComparison.Ordinal);
        Assert.Contains("latin.rego:3: There is a character that is not valid UTF-8.", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_byte_order_mark_and_the_line_ends_of_Windows_do_not_matter()
    {
        var file = Path.Combine(folder.Root, "bom.rego");
        File.WriteAllBytes(file, [0xef, 0xbb, 0xbf, .. "package a\r\n\r\np := 1 # one\r\n"u8]);
        var data = Path.Combine(folder.Root, "bom.json");
        File.WriteAllBytes(data, [0xef, 0xbb, 0xbf, .. "{\"n\": 1}"u8]);

        Assert.Equal("[1,1]\n", Run("eval", "-f", "raw", "-d", file, "-d", data, "-i", data, "[data.a.p, input.n]").Output);
        Assert.Equal("package a\n\np := 1 # one\n", Run("fmt", file).Output);
    }

    [Fact]
    public void Links_that_lead_back_are_followed_once()
    {
        folder.Write("loop/a.rego", "package a\n\np := 1\n");
        Directory.CreateSymbolicLink(Path.Combine(folder.Root, "loop", "back"), Path.Combine(folder.Root, "loop"));

        Assert.Equal("1\n", Run("eval", "-f", "raw", "-d", Path.Combine(folder.Root, "loop"), "data.a.p").Output);
        File.CreateSymbolicLink(Path.Combine(folder.Root, "loop", "gone.rego"), Path.Combine(folder.Root, "nowhere.rego"));
        Assert.Contains("which is not there", Run("check", Path.Combine(folder.Root, "loop")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_builtins_of_the_capabilities_may_be_used()
    {
        var file = folder.Write("caps.json", """{"builtins": [{"name": "eq"}, {"name": "plus"}]}""");

        Assert.Equal("2\n", Run("eval", "--capabilities", file, "-f", "raw", "1 + 1").Output);
        Assert.Equal("undefined function count", (string)Json(Run("eval", "--capabilities", file, "count([])").Output)["errors"]![0]!["message"]!);
        Assert.Equal(2, Run("eval", "--capabilities", "v0.1", "1").ExitCode);
    }

    [Fact]
    public void What_a_schema_does_not_know_is_an_error_of_the_check()
    {
        var rules = folder.Write("typed.rego", "package s\n\n# METADATA\n# schemas:\n#   - input: schema.manifest\np if input.b == 1\n");
        var schema = folder.Write("schemas/manifest.json", """{"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": false}""");

        Assert.Equal(1, Run("check", "-s", Path.GetDirectoryName(schema)!, rules).ExitCode);
        var told = Json(Run("check", "-f", "json", "-s", Path.GetDirectoryName(schema)!, rules).Error)["errors"]![0]!;
        Assert.Equal("undefined ref: input.b", (string)told["message"]!);
        Assert.Contains("have: \"b\"", (string)told["details"]!, StringComparison.Ordinal);
        Assert.Contains("typed.rego:6:6: rego_type_error: undefined ref: input.b", Run("check", "--schema", schema, folder.Write("plain.rego", "package s\n\n\n\n\np if input.b == 1\n")).Error.Replace("plain", "typed", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(2, Run("eval", "-s", Path.Combine(folder.Root, "none"), "1").ExitCode);
    }

    [Fact]
    public void Deep_data_and_deep_results_are_read_and_printed()
    {
        var file = folder.Write("deep.json", $"{{\"a\": {new string('[', 400)}{new string(']', 400)}}}");

        Assert.Equal("true\n", Run("eval", "-d", file, "-i", file, "-f", "raw", "data.a == input.a").Output);
        Assert.Equal(0, Run("eval", "-d", file, "data.a").ExitCode);
        Assert.Contains("deep.json:1: This is not valid JSON", Run("eval", "-d", folder.Write("deep.json", new string('[', 5000)), "-f", "pretty", "1").Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(4, "--max-errors", "3")]
    [InlineData(15, "-m0")]
    public void So_many_errors_are_told_as_were_asked_for(int told, params string[] args)
    {
        var file = folder.Write("many.rego", "package m\n\n" + string.Concat(Enumerable.Range(0, 15).Select(i => $"p{i} if x{i} == 1\n\n")));

        var errors = Json(Run(["check", file, "-f", "json", .. args]).Error)["errors"]!.AsArray();

        Assert.Equal(told, errors.Count);
        Assert.Equal(told == 15 ? null : "error limit reached", told == 15 ? null : (string)errors[^1]!["message"]!);
    }

    [Fact]
    public void An_unknown_verb_is_named()
    {
        var (code, _, error) = Run("evl", "1");

        Assert.Equal(1, code);
        Assert.StartsWith("Error: unknown command \"evl\" for \"policy\". Did you mean eval?", error, StringComparison.Ordinal);
    }

    // --- eval

    [Fact]
    public void Errors_of_builtins_are_told_beside_the_result()
    {
        var (code, output, _) = Run("eval", "--show-builtin-errors", "[x | x := to_number(\"a\")]");

        var json = Json(output);
        Assert.Equal(0, code);
        Assert.Equal("eval_builtin_error", (string)json["errors"]![0]!["code"]!);
        Assert.Equal("[]", json["result"]![0]!["expressions"]![0]!["value"]!.ToJsonString());
        Assert.Equal(2, Run("eval", "--show-builtin-errors", "--strict-builtin-errors", "1").ExitCode);
    }

    [Fact]
    public void Several_rounds_are_told_as_statistics()
    {
        var json = Json(Run("eval", "-d", Rules(), "--count", "3", "--profile", "data.a.p").Output);

        Assert.Equal(3, (int)json["aggregated_metrics"]!["timer_rego_query_eval_ns"]!["count"]!);
        Assert.True((double)json["aggregated_profile"]![0]!["total_time_ns_stats"]!["mean"]! > 0);
        Assert.Contains("│ timer_rego_query_eval_ns ", Run("eval", "-f", "pretty", "--count", "3", "--profile", "1").Output, StringComparison.Ordinal);
        Assert.Contains("│ Overall Coverage │ 25.00 │", Run("eval", "-d", Rules(), "--coverage", "-f", "pretty", "--metrics", "--profile", "data.a.p").Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pretty", "1 + 1", "2\n")]
    [InlineData("pretty", "data.nothing", "undefined\n")]
    [InlineData("pretty", "x := [1, 2][i]", "┌───┬───┐\n│ i │ x │\n├───┼───┤\n│ 0 │ 1 │\n│ 1 │ 2 │\n└───┴───┘\n")]
    [InlineData("raw", "concat(\",\", [\"a\", \"b\"])", "a,b\n")]
    [InlineData("raw", "[1, \"a\"]", "[1,\"a\"]\n")]
    [InlineData("values", "1; true", "[\n  1,\n  true\n]\n")]
    [InlineData("bindings", "x = 1; y = 2", "{\n  \"x\": 1,\n  \"y\": 2\n}\n")]
    [InlineData("discard", "1", "{\n  \"result\": \"discarded\"\n}\n")]
    public void A_result_is_printed_in_each_of_OPAs_formats(string format, string query, string expected) =>
        Assert.Equal(expected, Run("eval", "--format", format, query).Output);

    [Fact]
    public void A_query_may_name_the_rules_of_its_package()
    {
        var input = folder.Write("input.yaml", "xs: [b]\n");

        Assert.Equal("[\"b\"]\n", Run("eval", "-d", Rules(), "-i", input, "--package", "a", "-f", "raw", "q").Output);
        Assert.Equal("1\n", Run("eval", "-d", Rules(), "--import", "data.a as b", "-f", "raw", "b.p").Output);
    }

    [Theory]
    [InlineData(0, "data.a.p")]
    [InlineData(0, "data.a.nothing")]
    [InlineData(1, "data.a.nothing", "--fail")]
    [InlineData(0, "data.a.p", "--fail")]
    [InlineData(1, "data.a.p", "--fail-defined")]
    [InlineData(0, "data.a.nothing", "--fail-defined")]
    [InlineData(2, "data.a.p", "--partial")]
    [InlineData(2, "1 +")]
    [InlineData(2, "1 / 0", "--strict-builtin-errors")]
    [InlineData(0, "--fail", "true")]
    [InlineData(0, "data.a.nothing", "--fail=false")]
    [InlineData(1, "1", "--format", "poem")]
    [InlineData(1, "1", "--fail", "--fail-defined")]
    [InlineData(1, "1", "2")]
    [InlineData(1)]
    public void The_exit_code_says_how_it_went(int code, params string[] args) => Assert.Equal(code, Run(["eval", "-d", Rules(), .. args]).ExitCode);

    [Fact]
    public void Metrics_profile_coverage_and_notes_stand_beside_the_result()
    {
        folder.Write("rules/b.rego", "package b\n\np if {\n\ttrace(\"seen\")\n\tinput.no\n}\n");

        var json = Json(Run("eval", "-d", Rules(), "--metrics", "--profile", "--coverage", "--explain", "notes", "x := [data.a.p | not data.b.p]").Output);

        Assert.True((long)json["metrics"]!["timer_rego_query_eval_ns"]! > 0);
        Assert.Contains(json["profile"]!.AsArray(), one => (int)one!["location"]!["row"]! == 5 && (int)one["num_eval"]! == 1);
        Assert.Equal(3, (int)json["coverage"]!["covered_lines"]!);
        Assert.Equal("seen", (string)json["explanation"]![0]!);
    }

    [Fact]
    public void An_endless_query_is_stopped_with_an_error_and_a_long_one_may_have_its_time()
    {
        const string Product = "every a in numbers.range(1, 180) { every b in numbers.range(1, 180) { every c in numbers.range(1, 180) { a * b + c > 0 } } }";

        var (code, output, _) = Run("eval", Product);
        Assert.Equal(2, code);
        // On a busy machine its time is over before its steps are.
        Assert.Contains((string)Json(output)["errors"]![0]!["code"]!, (string[])["eval_budget_error", "eval_deadline_error"]);
        Assert.Equal("true\n", Run("eval", "--timeout", "00:02:00", "-f", "raw", Product).Output);
        Assert.Equal("eval_deadline_error", (string)Json(Run("eval", "--timeout", "00:00:00.1", Product).Output)["errors"]![0]!["code"]!);
    }

    [Theory]
    [InlineData("{\"roots\": [\"x\", \"n\"]}", null)]
    [InlineData("{}", null)]
    [InlineData("{\"roots\": [\"x\"]}", "\"n\", and that is under none of the bundle's roots (x)")]
    [InlineData("{\"roots\": [\"n\"]}", "\"x\", and that is under none of the bundle's roots (n)")]
    [InlineData("{\"roots\": [\"x\", \"x/y\", \"n\"]}", "lie inside one another")]
    [InlineData("{\"roots\": 1}", "roots is a list of paths")]
    [InlineData("[]", "The manifest is not one JSON object.")]
    public void A_bundle_stays_under_its_roots(string manifest, string? fault)
    {
        folder.Write("bundle/x/a.rego", "package x\n\np := data.n\n");
        folder.Write("bundle/data.json", "{\"n\": 7}");
        folder.Write("bundle/.manifest", manifest);

        var (code, output, _) = Run("eval", "-b", Path.Combine(folder.Root, "bundle"), "-f", "json", "data.x.p");

        Assert.Equal(fault is null ? 0 : 2, code);
        if (fault is not null) Assert.Contains(fault, System.Text.Json.Nodes.JsonNode.Parse(output)!["errors"]![0]!["message"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_bundle_is_a_folder_or_an_archive()
    {
        folder.Write("bundle/x/a.rego", "package x\n\np := data.n\n");
        folder.Write("bundle/data.json", "{\"n\": 7}");
        folder.Write("bundle/ignored.json", "{\"m\": 8}");
        var packed = Path.Combine(folder.Root, "bundle.tar.gz");
        using (var file = File.Create(packed))
        using (var zip = new System.IO.Compression.GZipStream(file, System.IO.Compression.CompressionMode.Compress))
            System.Formats.Tar.TarFile.CreateFromDirectory(Path.Combine(folder.Root, "bundle"), zip, includeBaseDirectory: false);

        Assert.Equal("7\n", Run("eval", "-b", packed, "-f", "raw", "data.x.p").Output);
        Assert.Equal("undefined\n", Run("eval", "-b", Path.Combine(folder.Root, "bundle"), "-f", "pretty", "data.m").Output);
        Assert.Equal(2, Run("eval", "-b", Path.Combine(folder.Root, "none.tar.gz"), "1").ExitCode);
    }

    // --- bench, check, fmt, explain

    [Fact]
    public void A_measurement_is_one_line_of_JSON()
    {
        var (code, output, _) = Run("bench", "-d", Rules(), "--seconds", "0.2", "data.a.p");

        var json = Json(output).AsObject();
        Assert.Equal(0, code);
        Assert.Single(output.TrimEnd().Split('\n'));
        Assert.Equal(["query", "evals_per_second", "p50_us", "p99_us", "bytes_per_eval"], json.Select(member => member.Key));
        Assert.True((double)json["evals_per_second"]! > 0);
        Assert.Equal(1, Run("bench", "-d", Rules(), "--seconds", "never", "data.a.p").ExitCode);
        Assert.Equal((1, ""), (Run("bench", "-d", Rules(), "data.a.nothing").ExitCode, Run("bench", "-d", Rules(), "data.a.nothing").Output));
        Assert.True((long)Json(Run("bench", "-d", Rules(), "--seconds", "0.1", "-f", "json", "data.a.p").Output)["N"]! > 0);
        Assert.Matches("^BenchmarkOPAEval\\t *[0-9]+\\t *[0-9.]+ ns/op\\t *[0-9]+ B/op\n$", Run("bench", "-d", Rules(), "--seconds", "0.1", "-f", "gobench", "data.a.p").Output);
    }

    [Theory]
    [InlineData("5s", 0)]
    [InlineData("1m1.5s", 0)]
    [InlineData("00:00:05", 0)]
    [InlineData("0s", 0)]
    [InlineData("5", 1)]
    [InlineData("-1s", 1)]
    [InlineData("soon", 1)]
    public void A_time_is_taken_as_OPA_takes_it(string time, int expected)
    {
        Assert.Equal(expected, Run("eval", "1", "--timeout", time).ExitCode);
    }

    [Fact]
    public void A_query_with_an_unsafe_variable_has_one_error_that_names_it()
    {
        var (code, output, _) = Run("eval", "x");

        Assert.Equal(2, code);
        Assert.Equal("var x is unsafe", (string?)Assert.Single(Json(output)["errors"]!.AsArray())!["message"]);
    }

    [Fact]
    public void A_strict_evaluation_refuses_what_is_not_used()
    {
        var file = folder.Write("rules/b.rego", "package b\n\nimport data.a\n\np := 1\n");

        Assert.Equal(0, Run("eval", "-d", file, "data.b.p").ExitCode);
        var (code, _, error) = Run("eval", "-S", "-d", file, "-f", "pretty", "data.b.p");

        Assert.Equal(2, code);
        Assert.StartsWith("1 error occurred: ", error, StringComparison.Ordinal);
        Assert.Contains("import data.a unused", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Faults_are_shown_with_their_line_and_a_caret()
    {
        Assert.Equal((0, "", ""), Run("check", Rules()));
        folder.Write("rules/b.rego", "package b\n\np if {\n\tx == 1\n\ty == 2\n}\n");

        var (code, output, error) = Run("check", Rules());

        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith("2 errors occurred:\n", error, StringComparison.Ordinal);
        Assert.Contains("b.rego:4:2: rego_unsafe_var_error: var x is unsafe\n\tx == 1\n\t^\n", error, StringComparison.Ordinal);
        Assert.Equal("rego_unsafe_var_error", (string)Json(Run("check", Rules(), "-f", "json").Error)["errors"]![0]!["code"]!);
    }

    [Fact]
    public void Rules_are_laid_out_anew_only_where_that_was_asked_for()
    {
        var file = folder.Write("rules/b.rego", "package b\n\n\np:=1 # one\n");

        Assert.Equal("package b\n\np := 1 # one\n", Run("fmt", file).Output);
        Assert.Equal(file + "\n", Run("fmt", "-l", Rules()).Output);
        Assert.Contains("@@ -1,5 +1,4 @@\n package b\n \n-\n-p:=1 # one\n+p := 1 # one\n", Run("fmt", "-d", file).Output, StringComparison.Ordinal);
        Assert.Equal((2, "", "unexpected diff\n"), Run("fmt", "--fail", file));
        Assert.Equal(2, Run("fmt", "-l", "--fail", file).ExitCode);
        Assert.Equal(0, Run("fmt", "-w", file).ExitCode);
        Assert.Equal("package b\n\np := 1 # one\n", File.ReadAllText(file));
        Assert.Equal(0, Run("fmt", "-l", "--fail", file).ExitCode);
        folder.Write("rules/c.rego", "package");
        Assert.Equal(2, Run("fmt", Rules()).ExitCode);
        Assert.Equal(1, Run("fmt", Path.Combine(folder.Root, "none")).ExitCode);
    }

    [Fact]
    public void The_shipped_policies_are_laid_out_already() => Assert.Equal((0, "", ""), Run("fmt", "-l", "--fail", Path.Combine(AppContext.BaseDirectory, "policies")));

    [Fact]
    public void An_explanation_says_which_rule_fired_and_why_not_the_other()
    {
        var sample = Path.Combine(AppContext.BaseDirectory, "policies", "samples", "signed-customer-names", "manifest.json");

        var (code, output, error) = Run("explain", "-i", sample, "data.microapps.risk.tier");

        Assert.True(code == 0, error);
        Assert.StartsWith("data.microapps.risk.tier is \"medium\":", output, StringComparison.Ordinal);
        Assert.Contains("did not fire (tier := \"high\"): reason.tier == \"high\" does not hold", output, StringComparison.Ordinal);
        Assert.Equal("data.microapps.risk.tier", (string)Json(Run("explain", "-i", sample, "-f", "json", "data.microapps.risk.tier").Output)["path"]!);
        Assert.Equal(2, Run("explain", "data.microapps.nowhere").ExitCode);
    }
}
