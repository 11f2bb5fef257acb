using System.Diagnostics;
using System.Text;
using Rego.Values;

namespace Rego.Tests;

/// <summary>Nothing a policy, a query or an input says may end the process or keep it busy for long.</summary>
public partial class GuardTests
{
    private const string Product = "p := count([1 | some a in numbers.range(1, 1000); some b in numbers.range(1, 1000); some c in numbers.range(1, 1000); a + b + c > 0])";

    [Fact]
    public void An_endless_product_is_stopped_by_the_budget()
    {
        var watch = Stopwatch.StartNew();
        var fault = Assert.Throws<RegoEvaluationException>(() => Policy.P(Product, null, new EvaluationOptions { StepBudget = 100_000 }));
        Assert.Equal("eval_budget_error", fault.Code);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void An_endless_product_is_stopped_by_the_deadline()
    {
        var fault = Assert.Throws<RegoEvaluationException>(() => Policy.P(Product, null, new EvaluationOptions { StepBudget = 0, Deadline = TimeSpan.FromMilliseconds(50) }));
        Assert.Equal("eval_deadline_error", fault.Code);
    }

    [Fact]
    public void An_endless_product_is_stopped_by_the_time_it_takes_of_the_processor()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "This system does not tell what a thread takes of the processor.");
        var fault = Assert.Throws<RegoEvaluationException>(() => Policy.P(Product, null, new EvaluationOptions { StepBudget = 0, Deadline = TimeSpan.Zero, ProcessorTime = TimeSpan.FromMilliseconds(50) }));
        Assert.Equal("eval_deadline_error", fault.Code);
    }

    [Fact]
    public void A_machine_that_is_busy_with_something_else_stops_no_evaluation()
    {
        // Another thread of this process burns the processor meanwhile; what counts is what the evaluation itself takes.
        using var over = new CancellationTokenSource();
        var burners = Enumerable.Range(0, Environment.ProcessorCount * 4).Select(_ => new Thread(() =>
        {
            while (!over.IsCancellationRequested) Thread.SpinWait(1000);
        })).ToList();
        burners.ForEach(b => b.Start());
        try
        {
            Assert.Equal("100000", Policy.P("p := count([1 | some a in numbers.range(1, 100000)])", null, new EvaluationOptions { Deadline = TimeSpan.Zero }));
        }
        finally
        {
            over.Cancel();
            burners.ForEach(b => b.Join());
        }
    }

    [Fact]
    public void A_cancelled_evaluation_stops()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => Policy.P(Product, null, new EvaluationOptions { CancellationToken = source.Token }));
    }

    [Theory]
    [InlineData("p := numbers.range(1, 1000000000000)")]
    [InlineData("p := net.cidr_expand(\"0.0.0.0/0\")")]
    [InlineData("p := count(net.cidr_expand(\"::/0\"))")]
    public void A_builtin_does_not_build_more_than_the_budget(string rules)
    {
        var fault = Assert.Throws<RegoEvaluationException>(() => Policy.P(rules, null, new EvaluationOptions { StepBudget = 1_000_000 }));
        Assert.Equal("eval_budget_error", fault.Code);
    }

    [Theory]
    [InlineData("[{0}, {0}]", "[1]")]
    [InlineData("{{\"a\": {0}, \"b\": {0}}}", "[1]")]
    [InlineData("[x | some x in [{0}, {0}]]", "[1]")]
    [InlineData("concat(\"\", [{0}, {0}])", "\"abcdefgh\"")]
    [InlineData("array.concat({0}, {0})", "[1]")]
    public void A_value_that_doubles_from_rule_to_rule_is_stopped(string step, string start)
    {
        var rules = new StringBuilder("p := json.marshal(p60)\np0 := " + start + "\n");
        for (var i = 0; i < 60; i++) rules.Append('p').Append(i + 1).Append(" := ").AppendFormat(System.Globalization.CultureInfo.InvariantCulture, step, "p" + i).Append('\n');
        var watch = Stopwatch.StartNew();
        var fault = Record.Exception(() => Policy.P(rules.ToString(), null, new EvaluationOptions { StrictBuiltinErrors = true }));
        Assert.True(fault is RegoEvaluationException { Code: "eval_size_error" or "eval_budget_error" or "eval_builtin_error" }, fault?.ToString());
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void A_value_that_grows_deeper_from_rule_to_rule_is_stopped()
    {
        var rules = new StringBuilder("p := p0 == [1]\np0 := p1\n");
        for (var i = 1; i < 600; i++) rules.Append('p').Append(i).Append(" := ").Append('[', 200).Append('p').Append(i + 1).Append(']', 200).Append('\n');
        rules.Append("p600 := 1\n");
        var fault = Assert.Throws<RegoEvaluationException>(() => Policy.P(rules.ToString()));
        Assert.Equal("eval_size_error", fault.Code);
        var patched = new StringBuilder("p := json.marshal(p20)\np0 := {\"a\": 1}\n");
        for (var i = 0; i < 20; i++) patched.Append('p').Append(i + 1).Append(" := json.patch(p").Append(i).Append(", [{\"op\": \"add\", \"path\": [").Append(string.Join(", ", Enumerable.Repeat("\"a\"", 1 << Math.Min(i, 12)))).Append("], \"value\": p").Append(i).Append("}])\n");
        fault = Assert.Throws<RegoEvaluationException>(() => Policy.P(patched.ToString()));
        Assert.Equal("eval_size_error", fault.Code);
    }

    [Fact]
    public void A_long_chain_of_rules_is_stopped_by_depth()
    {
        var rules = new StringBuilder("package t\np := p0\n");
        for (var i = 0; i < 5_000; i++) rules.Append('p').Append(i).Append(" := p").Append(i + 1).Append('\n');
        rules.Append("p5000 := 1\n");
        var policy = Policy.Of(rules.ToString());
        Assert.Equal("eval_depth_error", Assert.Throws<RegoEvaluationException>(() => policy.Evaluate("data.t.p", null)).Code);
        // The policy is as good as before, and the guard is the caller's to set, down to what the stack holds.
        Assert.Equal("1", policy.Evaluate("data.t.p4900", null)!.ToJson());
        var deep = Record.Exception(() => policy.Evaluate("data.t.p", null, new EvaluationOptions { MaxDepth = int.MaxValue }));
        Assert.True(deep is null or RegoEvaluationException { Code: "eval_depth_error" });
    }

    [Fact]
    public void A_body_of_very_many_statements_runs()
    {
        var rules = new StringBuilder("p if {\n");
        for (var i = 0; i < 5_000; i++) rules.Append("  x").Append(i).Append(" := ").Append(i).Append('\n');
        rules.Append("}\n");
        Assert.Equal("true", Policy.P(rules.ToString()));
    }

    [Fact]
    public void A_body_of_very_many_loops_is_refused_or_runs()
    {
        var rules = new StringBuilder("p if {\n");
        for (var i = 0; i < 3_000; i++) rules.Append("  some x").Append(i).Append(" in [").Append(i).Append("]\n");
        rules.Append("}\n");
        var fault = Record.Exception(() => Policy.P(rules.ToString()));
        Assert.True(fault is null or RegoEvaluationException { Code: "eval_depth_error" });
    }

    [Theory]
    [InlineData("(", "")]
    [InlineData("[", "")]
    [InlineData("{", "")]
    [InlineData("{1:", "")]
    [InlineData("f(", "")]
    [InlineData("[x | x := ", "")]
    [InlineData("a[", "")]
    [InlineData("1 + ", "1")]
    [InlineData("1 in ", "[1]")]
    [InlineData("$\"{", "")]
    [InlineData("{x | every y in ", "")]
    [InlineData("[1 | every y in [1] { y; ", "")]
    public void Endless_nesting_is_a_parse_error(string open, string close)
    {
        var text = "package t\np := " + string.Concat(Enumerable.Repeat(open, 20_000)) + close;
        var errors = Policy.Errors(text);
        Assert.NotEmpty(errors);
        Assert.All(errors, e => Assert.Equal("rego_parse_error", e.Code));
    }

    [Theory]
    [InlineData("p := ", "[x | a := 1; b := a; b == 1; x := ", "1", "]")]
    [InlineData("p if ", "every x in [1] { x == 1; ", "true", "}")]
    [InlineData("p := ", "$\"{", "1", "}\"")]
    public void Bodies_stand_in_bodies_two_hundred_deep_and_not_thousands(string head, string open, string core, string close)
    {
        string Rules(int levels) => head + string.Concat(Enumerable.Repeat(open, levels)) + core + string.Concat(Enumerable.Repeat(close, levels));

        Assert.NotNull(Policy.P(Rules(200)));

        // Once, 4,000 of them took gigabytes to compile.
        Assert.Equal("max parsing recursion depth exceeded", Policy.Errors("package t\n" + Rules(4_000))[0].Message);
    }

    [Fact]
    public void Endless_nesting_in_JSON_is_a_format_fault() =>
        Assert.Throws<FormatException>(() => RValue.Parse(new string('[', 100_000)));

    [Fact]
    public void A_number_of_a_million_digits_is_read_quickly()
    {
        var watch = Stopwatch.StartNew();
        var zeros = RValue.Parse("1" + new string('0', 1_000_000));
        Assert.Equal(zeros, RValue.Parse("1e1000000"));
        Assert.True(RValue.Compare(RValue.Parse(new string('7', 100_000)), zeros) < 0);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData("(a*)*$")]
    [InlineData("(a|aa)+$")]
    [InlineData("^(([a-z])+.)+[A-Z]([a-z])+$")]
    [InlineData("(x+x+)+y")]
    [InlineData("(.*)(.*)(.*)(.*)(.*)[0-9]")]
    [InlineData("([a-z]{1,100}[0-9]{1,100}){1,50}")]
    [InlineData("((a{100}){100}){100}")]
    public void A_catastrophic_pattern_is_quick(string pattern)
    {
        var watch = Stopwatch.StartNew();
        Policy.P("p := regex.match(input.p, input.s)", $"{{\"p\": \"{pattern}\", \"s\": \"{new string('a', 20_000)}!\"}}");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData("p := 1e1000000000 + 1")]
    [InlineData("p := 1e-1000000000 * 2")]
    [InlineData("p := bits.lsh(1, 1000000000000)")]
    [InlineData("p := format_int(1e1000000000, 10)")]
    [InlineData("p := round(1e999999999)")]
    [InlineData("p := sprintf(\"%d %s %v %x %5.2f %q\", [1e1000000000, 1e1000000000, 1e1000000000, 1e1000000000, 1e1000000000, 1e1000000000])")]
    [InlineData("p := sprintf(\"%1000000000d\", [1])")]
    [InlineData("p := 1e1000000000 % 7")]
    [InlineData("p := numbers.range(1e1000000000, 1)")]
    [InlineData("p := units.parse(\"1e1000000000K\")")]
    [InlineData("p := 1e1000000000 < 1e999999999")]
    [InlineData("p := sort([1e1000000000, 1e-1000000000, 3, 1e5])")]
    [InlineData("p := time.add_date(1e300, 1, 1, 1)")]
    [InlineData("p := time.format([9223372036854775807, \"UTC\", \"2006\"])")]
    [InlineData("p := time.format([-9223372036854775808, \"Asia/Tokyo\"])")]
    [InlineData("p := substring(\"abc\", 9223372036854775807, 9223372036854775807)")]
    [InlineData("p := array.slice([1], -9223372036854775808, 9223372036854775807)")]
    [InlineData("p := abs(-9223372036854775808)")]
    [InlineData("p := -9223372036854775808 / -1")]
    [InlineData("p := -9223372036854775808 % -1")]
    [InlineData("p := bits.lsh(1e9992147483647, 1)")]
    [InlineData("p := bits.negate(1e99999)")]
    [InlineData("p := json.unmarshal(\"\\ud800\")")]
    public void A_number_out_of_all_bounds_is_quick_and_harmless(string rules)
    {
        // Rego's grammar refuses such numbers; data may hold them.
        var numbers = new List<string>();
        var asked = OutOfBounds().Replace(rules, number =>
        {
            numbers.Add(number.Value);
            return $"input[{numbers.Count - 1}]";
        });

        var watch = Stopwatch.StartNew();
        var fault = Record.Exception(() => Policy.P(asked, $"[{string.Join(", ", numbers)}]"));
        Assert.True(fault is null or RegoEvaluationException { Code: "eval_budget_error" }, fault?.ToString());
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData("{1}", " | ", 5_000, "[1]")]
    [InlineData("1", " + ", 5_000, "5000")]
    [InlineData("{1}", " & ", 5_000, "[1]")]
    [InlineData("1", " * ", 5_000, "1")]
    [InlineData("true", " == ", 5_000, "true")]
    [InlineData("input.x", " + ", 5_000, "10000")]
    public void A_chain_of_thousands_of_operators_compiles_and_is_evaluated(string term, string with, int terms, string expected)
    {
        var rules = "p := " + string.Join(with, Enumerable.Repeat(term, terms));
        var watch = Stopwatch.StartNew();

        Assert.Equal(expected, Policy.P(rules, """{"x": 2}"""));

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"took {watch.Elapsed}");
        var module = new RegoModule("long.rego", "package t\n\n" + rules + "\n");
        var formatted = RegoFormatter.Format(module);
        Assert.Equal(formatted, RegoFormatter.Format(module with { Text = formatted }));
    }

    [Theory]
    [InlineData("(", "1", ")")]
    [InlineData("[", "1", "]")]
    [InlineData("[", "input.x", "]")]
    [InlineData("{", "1", "}")]
    [InlineData("{\"a\": ", "1", "}")]
    [InlineData("{\"a\": ", "input.x", "}")]
    [InlineData("abs(", "1", ")")]
    [InlineData("1 - (", "1", ")")]
    public void Two_thousand_levels_of_brackets_compile_and_are_evaluated(string open, string core, string close)
    {
        const int Levels = 2_000;
        var rules = "p := " + string.Concat(Enumerable.Repeat(open, Levels)) + core + string.Concat(Enumerable.Repeat(close, Levels));
        var watch = Stopwatch.StartNew();

        Assert.NotNull(Policy.P(rules, """{"x": 2}"""));

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"took {watch.Elapsed}");
    }

    [Theory]
    [InlineData("p := ", "1 + ", "1", 100_000)]
    [InlineData("p := ", "(", "", 100_000)]
    [InlineData("p if { ", "not ", "true }", 100_000)]
    [InlineData("p := input", "[input", "", 100_000)]
    public void What_nests_beyond_all_bounds_is_refused_in_words(string start, string piece, string end, int times)
    {
        var errors = Policy.Errors("package t\n" + start + string.Concat(Enumerable.Repeat(piece, times)) + end);
        Assert.Contains(errors, e => e.Code == "rego_parse_error");
    }

    [Fact]
    public void A_chain_of_thousands_of_branches_runs()
    {
        var rules = new StringBuilder("p := 0 if input.x == 0\n");
        for (var i = 1; i < 5_000; i++) rules.Append("else := ").Append(i).Append(" if input.x == ").Append(i).Append('\n');
        Assert.Equal("4999", Policy.P(rules.ToString(), """{"x": 4999}"""));
    }

    [System.Text.RegularExpressions.GeneratedRegex("(?<![\"0-9])[0-9]+e-?[0-9]{5,}(?!K)")]
    private static partial System.Text.RegularExpressions.Regex OutOfBounds();
}
