using System.CommandLine;
using System.Text.Json.Nodes;
using Governance.Verdicts;
using MicroAppBot.Commands;
using MicroAppBot.Tests.Policies;

namespace MicroAppBot.Tests.Commands;

public class CommandsTests
{
    private static readonly string Samples = Path.Combine(AppContext.BaseDirectory, "policies", "samples");

    public static TheoryData<string> SampleNames() => [.. Directory.GetDirectories(Samples).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    // --- check

    [Theory]
    [MemberData(nameof(SampleNames))]
    public void Every_sample_has_the_exit_code_its_name_tells(string name)
    {
        var expected = name.Split('-')[0] switch { "granted" => 0, "signed" => 2, "refused" => 1, "no" => 3, var other => throw new InvalidOperationException(other) };

        var text = Run("check", Sample(name));
        var json = Run("check", Sample(name), "--format", "json");

        Assert.Equal(expected, text.ExitCode);
        Assert.Equal(expected, json.ExitCode);
        Assert.Empty(text.Error);
        if (expected == 3)
            Assert.NotEmpty(JsonNode.Parse(json.Output)!["faults"]!.AsArray());
        else
            Assert.Equal(expected != 1, PolicyReport.Parse(json.Output).Allow);
    }

    [Fact]
    public void The_text_says_the_verdict_the_fix_the_risk_and_who_signs()
    {
        var refused = Run("check", Sample("refused-too-long")).Output;
        Assert.Contains("✘ Not possible like this: one thing to change.", refused, StringComparison.Ordinal);
        Assert.Contains("→ Let it live 30 days", refused, StringComparison.Ordinal);

        var signed = Run("check", Sample("signed-customer-names")).Output;
        Assert.Contains("◐ Allowed, once a business owner and a security reviewer have signed.", signed, StringComparison.Ordinal);
        Assert.Contains("Risk: medium (", signed, StringComparison.Ordinal);
        Assert.Contains("It holds confidential data: ", signed, StringComparison.Ordinal);

        Assert.Contains("✔ Approved at once.", Run("check", Sample("granted-lunch-picker")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_manifest_is_told_with_pointer_and_nearest_word()
    {
        var (code, output, _) = Run("check", Sample("no-manifest-misspelt"), "--format", "json");

        var faults = JsonNode.Parse(output)!["faults"]!.AsArray().ToDictionary(fault => (string)fault!["pointer"]!, fault => (string?)fault!["nearest"]);
        Assert.Equal(3, code);
        Assert.Equal("internal-dashboard", faults["/app/template"]);
        Assert.Equal("internal-documents", faults["/data/kinds/0"]);
        Assert.Equal("environment", faults["/enviroment"]);
        Assert.Contains("/lifecycle/ttl_days", faults.Keys);
        Assert.Contains("/cost/cap_usd", faults.Keys);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("\u0000\u0001")]
    public void A_text_that_is_nothing_is_no_manifest(string text)
    {
        using var scratch = new ScratchFolder();

        var (code, output, _) = Run("check", scratch.Write("m.json", text));

        Assert.Equal(3, code);
        Assert.Contains("not a valid manifest", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Words_of_a_manifest_cannot_steer_the_terminal()
    {
        using var scratch = new ScratchFolder();
        var manifest = File.ReadAllText(Sample("granted-lunch-picker")).Replace("Where2Eat\"", "Where\\u202e\\n2Eat\"", StringComparison.Ordinal);

        var (code, output, _) = Run("check", scratch.Write("m.json", manifest));

        Assert.Equal(0, code);
        Assert.StartsWith("Where 2Eat · ", output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_judged_is_exit_code_4_and_says_why()
    {
        using var scratch = ScratchFolder.OfContent();
        scratch.Write("policies/cost.rego", "package microapps.cost\n\nfindings contains\n");

        var missing = Run("check", Path.Combine(scratch.Root, "nothing.json"));
        Assert.Equal(4, missing.ExitCode);
        Assert.Contains("nothing.json", missing.Error, StringComparison.Ordinal);

        var broken = Run(CheckCommand.Create(() => scratch.Root), Sample("granted-lunch-picker"));
        Assert.Equal(4, broken.ExitCode);
        Assert.Contains("policies/cost.rego:", broken.Error, StringComparison.Ordinal);

        Assert.Equal(4, Run("check").ExitCode);
        Assert.Equal(4, Run("check", Sample("granted-lunch-picker"), "--format", "poem").ExitCode);
    }

    // --- policy test

    [Fact]
    public void The_shipped_policies_pass_their_tests()
    {
        var (code, output, error) = Run("policy", "test");

        Assert.True(code == 0, output + error);
        var counts = output.Trim()["PASS: ".Length..].Split('/');
        Assert.Equal(counts[0], counts[1]);
        Assert.True(int.Parse(counts[1], System.Globalization.CultureInfo.InvariantCulture) > 100);
    }

    [Fact]
    public void Failures_are_named_before_the_count()
    {
        using var scratch = new ScratchFolder();
        scratch.Write("a.rego", "package a\n\np := 1\n");
        scratch.Write("a_test.rego", "package a_test\n\nimport data.a\n\ntest_right if a.p == 1\n\ntest_wrong if a.p == 2\n\ntest_by_data if data.sub.count == 3\n");
        scratch.Write("sub/data.yaml", "count: 3\n");

        var (code, output, _) = Run("policy", "test", scratch.Root);

        Assert.Equal(1, code);
        Assert.Contains("test_wrong", output, StringComparison.Ordinal);
        Assert.DoesNotContain("test_right", output, StringComparison.Ordinal);
        Assert.EndsWith("PASS: 2/3\nFAIL: 1/3", output.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void Rules_that_do_not_compile_fail_the_test_with_file_row_and_column()
    {
        using var scratch = new ScratchFolder();
        scratch.Write("a.rego", "package a\n\np if {\n\tx > 1\n}\n");

        var (code, _, error) = Run("policy", "test", scratch.Root);

        Assert.Equal(1, code);
        Assert.Contains("a.rego:4:2: rego_unsafe_var_error", error, StringComparison.Ordinal);
    }

    // --- policy eval

    [Fact]
    public void A_query_answers_in_opas_shape()
    {
        using var scratch = new ScratchFolder();
        var rules = scratch.Write("a.rego", "package a\n\np contains x if some x in input.xs\n");
        var input = scratch.Write("input.json", """{"xs": [2, 1, "é"]}""");

        var (code, output, _) = Run("policy", "eval", "-d", rules, "-i", input, "data.a.p");

        Assert.Equal(0, code);
        AssertJson("""{"result": [{"expressions": [{"value": [1, 2, "é"], "text": "data.a.p", "location": {"row": 1, "col": 1}}]}]}""", output);
    }

    [Fact]
    public void Bindings_are_told()
    {
        var (_, output, _) = Run("policy", "eval", "x := [1, 2][_]");

        var results = JsonNode.Parse(output)!["result"]!.AsArray();
        Assert.Equal([1, 2], results.Select(result => (int)result!["bindings"]!["x"]!));
    }

    [Fact]
    public void Undefined_is_an_empty_object()
    {
        var (code, output, _) = Run("policy", "eval", "data.nothing");

        Assert.Equal(0, code);
        AssertJson("{}", output);
    }

    [Fact]
    public void The_shipped_policies_decide_by_eval_as_by_check()
    {
        var (_, output, _) = Run("policy", "eval", "-d", Path.Combine(AppContext.BaseDirectory, "policies"), "-i", Sample("signed-salaries"), "data.microapps.decision");

        var decision = JsonNode.Parse(output)!["result"]![0]!["expressions"]![0]!["value"]!.ToJsonString();
        Assert.Equal(PolicyReport.Parse(Run("check", Sample("signed-salaries"), "--format", "json").Output), PolicyReport.Parse(decision));
    }

    [Theory]
    [InlineData("data.a[", "rego_parse_error")]
    [InlineData("x > 1", "rego_unsafe_var_error")]
    public void A_broken_query_is_exit_code_2_in_opas_shape(string query, string error)
    {
        var (code, output, _) = Run("policy", "eval", query);

        Assert.Equal(2, code);
        Assert.Equal(error, (string?)JsonNode.Parse(output)!["errors"]![0]!["code"]);
    }

    [Fact]
    public void Broken_files_are_exit_code_2()
    {
        using var scratch = new ScratchFolder();
        var input = scratch.Write("input.json", "{");

        Assert.Equal(2, Run("policy", "eval", "-i", input, "1").ExitCode);
        Assert.Equal(2, Run("policy", "eval", "-d", Path.Combine(scratch.Root, "no"), "1").ExitCode);
        Assert.Equal(1, Run("policy", "eval").ExitCode);
    }

    // --- The program

    [Theory]
    [InlineData(true, "check", "x.json")]
    [InlineData(true, "--help")]
    [InlineData(true, "nonsense")]
    [InlineData(false)]
    [InlineData(false, "--urls", "http://127.0.0.1:0")]
    [InlineData(false, "--environment=Development")]
    public void A_verb_is_told_from_a_setting_of_the_host(bool verb, params string[] args) => Assert.Equal(verb, CommandLine.Means(args));

    [Fact]
    public void An_unknown_verb_is_refused_and_named()
    {
        var (code, _, error) = Run("nonsense");

        Assert.Equal(2, code);
        Assert.Contains("nonsense", error, StringComparison.Ordinal);
    }

    private static string Sample(string name) => Path.Combine(Samples, name, "manifest.json");

    private static (int ExitCode, string Output, string Error) Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = CommandLine.Run(args, new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }

    private static (int ExitCode, string Output, string Error) Run(Command command, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = command.Parse(args).Invoke(new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }

    private static void AssertJson(string expected, string actual) => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual)), actual);
}
