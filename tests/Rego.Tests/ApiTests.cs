using Rego.Values;

namespace Rego.Tests;

public class ApiTests
{
    private static readonly CompiledPolicy Shop = Policy.Of("package shop\ndefault allow := false\nallow if input.user == \"ada\"\nitems := [1, 2, 3]\nf(x) := x");

    [Theory]
    [InlineData("data.shop.allow", """{"user": "ada"}""", "true")]
    [InlineData("data.shop.allow", """{"user": "bob"}""", "false")]
    [InlineData("data.shop.allow", null, "false")]
    [InlineData("data.shop[\"items\"][1]", null, "2")]
    [InlineData("data.shop.nothing", null, null)]
    [InlineData("data.shop.f", null, null)]
    public void A_path_gives_its_document(string path, string? input, string? expected) =>
        Assert.Equal(expected, Shop.Evaluate(path, input is null ? null : RValue.Parse(input))?.ToJson());

    [Theory]
    [InlineData("input.x")]
    [InlineData("data.shop[x]")]
    [InlineData("1 +")]
    [InlineData("")]
    public void What_is_no_path_of_a_document_is_refused(string path) => Assert.Throws<RegoCompileException>(() => Shop.Evaluate(path, null));

    [Fact]
    public void A_query_gives_bindings_and_the_value_of_each_expression()
    {
        var results = Shop.Prepare("x := data.shop.items[i]; x > 1").Run(null);
        Assert.Equal(["2", "3"], results.Select(r => r.Bindings["x"].ToJson()));
        Assert.Equal(["1", "2"], results.Select(r => r.Bindings["i"].ToJson()));
        Assert.Equal(["x := data.shop.items[i]", "x > 1"], results[0].Expressions.Select(e => e.Text));
        Assert.All(results[0].Expressions, e => Assert.Equal(RBool.True, e.Value));
    }

    [Fact]
    public void A_single_expression_may_be_false_but_not_undefined()
    {
        Assert.Equal("false", Shop.Prepare("data.shop.allow").Run(null)[0].Expressions[0].Value.ToJson());
        Assert.Empty(Shop.Prepare("data.shop.nothing").Run(null));
        Assert.Equal("3", Shop.Prepare("1 + 2").Run(null)[0].Expressions[0].Value.ToJson());
        Assert.Equal(3, Shop.Prepare("data.shop.items[_]").Run(null).Count);
    }

    [Fact]
    public void Time_is_what_the_caller_says_it_is()
    {
        var policy = Policy.Of("package t\np := time.now_ns()\nq if time.now_ns() == time.now_ns()");
        var now = new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.FromHours(2));
        Assert.Equal("1772593567000000000", policy.Evaluate("data.t.p", null, new EvaluationOptions { Now = now })!.ToJson());
        Assert.Equal("true", policy.Evaluate("data.t.q", null)!.ToJson());
    }

    [Fact]
    public void Print_goes_to_the_caller_also_with_undefined_values()
    {
        var lines = new List<string>();
        Policy.P("p if { print(\"x\", input.nope, [1]); true }", "{}", new EvaluationOptions { Print = lines.Add });
        Assert.Equal(["x <undefined> [1]"], lines);
    }

    [Fact]
    public void One_policy_serves_many_threads()
    {
        var policy = Policy.Of("package t\np contains x if { some x in input.xs; x > data.t.least }\nleast := count(input.xs) / 2\nq := sum([y | some y in p])");
        Parallel.For(0, 400, i =>
        {
            var n = (i % 20) + 1;
            var input = RValue.Parse($"{{\"xs\": [{string.Join(',', Enumerable.Range(1, n))}]}}");
            var expected = Enumerable.Range(1, n).Where(x => x > n / 2.0).Sum();
            Assert.Equal(expected.ToString(System.Globalization.CultureInfo.InvariantCulture), policy.Evaluate("data.t.q", input)!.ToJson());
        });
    }

    [Fact]
    public void Tests_are_run_one_by_one_and_report_what_they_did()
    {
        var policy = Policy.Of("package t_test\nimport data.t\n\ntest_good if t.p == 1\n\ntest_bad if t.p == 2\n\ntest_false := false\n\ntest_clash := 1 if true\n\ntest_clash := 2 if true\n\ntodo_test_later if false\n\ntest_mocked if { print(\"seen\"); t.p == 5 with input.n as 5 }\n\nhelper if true", "package t\ndefault p := 1\np := input.n");
        var outcomes = policy.RunTests();
        Assert.Equal(
            [("data.t_test.test_bad", TestState.Failed), ("data.t_test.test_clash", TestState.Error), ("data.t_test.test_false", TestState.Failed), ("data.t_test.test_good", TestState.Passed), ("data.t_test.test_mocked", TestState.Passed), ("data.t_test.todo_test_later", TestState.Skipped)],
            outcomes.Select(o => (o.Name, o.State)).OrderBy(o => o.Name, StringComparer.Ordinal));
        Assert.Equal(("m0.rego", 4), outcomes.Where(o => o.Name.EndsWith("good", StringComparison.Ordinal)).Select(o => (o.File, o.Row)).Single());
        Assert.Equal(["seen"], outcomes.Single(o => o.Name.EndsWith("mocked", StringComparison.Ordinal)).Printed);
        Assert.Equal(["data.t_test.test_good"], policy.RunTests(n => n.EndsWith("good", StringComparison.Ordinal)).Select(o => o.Name));
    }

    [Fact]
    public void A_failed_test_says_which_statement_did_not_hold()
    {
        var policy = Policy.Of("package t_test\n\ntest_bad if {\n\tx := count([1, 2])\n\tsome y in [4, 5]\n\tx + y == 9\n\ttrue\n}");
        Assert.Equal("m0.rego:6:2: x + y == 9 does not hold (x = 2, y = 4 or 5)", policy.RunTests()[0].Message);
    }

    [Fact]
    public void What_is_kept_between_queries_hides_no_error_from_a_strict_one()
    {
        var policy = Policy.Of("package t\np := 1 / 0\nq := data.z\nr := [p2 | p2 := p]");
        Assert.Null(policy.Evaluate("data.t.p", null));
        Assert.Null(policy.Evaluate("data.t.p", null));
        Assert.Throws<RegoEvaluationException>(() => policy.Evaluate("data.t.p", null, new EvaluationOptions { StrictBuiltinErrors = true }));
        Assert.Null(policy.Evaluate("data.t.p", null));
    }

    [Fact]
    public void What_is_kept_between_queries_gives_way_to_with()
    {
        var data = RValue.Parse("{\"limits\": {\"x\": 5}}");
        var loaded = RegoCompiler.Compile([new RegoModule("t.rego", "package t\nlimit := data.limits.x\nnames := {n | some n, _ in data.limits}\np := [limit, names, a, b] if {\n\ta := limit with data.limits.x as 9\n\tb := names with data.limits as {\"z\": 1}\n}")], data);
        for (var i = 0; i < 3; i++) Assert.Equal("[5,[\"x\"],9,[\"z\"]]", loaded.Evaluate("data.t.p", null)!.ToJson());
    }

    [Fact]
    public void A_host_can_add_a_builtin()
    {
        var policy = RegoCompiler.Compile([new RegoModule("t.rego", "package t\np := shop.price(\"tea\")")], null, new CompileOptions { Builtins = [new HostBuiltin("shop.price", 1, a => a[0].Equals(new RString("tea")) ? RNumber.Of(3) : null)] });
        Assert.Equal("3", policy.Evaluate("data.t.p", null)!.ToJson());
    }

    [Fact]
    public void A_rule_index_changes_the_speed_and_not_the_answer()
    {
        var rules = string.Join('\n', Enumerable.Range(0, 30).Select(i => $"deny contains {i} if {{ input.kind == \"k{i}\"; input.on }}")) + "\ndeny contains 99 if input.always\ndeny contains 98 if { input.kind == \"k3\" }";
        var policy = Policy.Of("package t\n" + rules);
        Assert.Equal("[3,98,99]", policy.Evaluate("data.t.deny", RValue.Parse("""{"kind": "k3", "on": true, "always": 1}"""))!.ToJson());
        Assert.Equal("[98]", policy.Evaluate("data.t.deny", RValue.Parse("""{"kind": "k3"}"""))!.ToJson());
        Assert.Equal("[99]", policy.Evaluate("data.t.deny", RValue.Parse("""{"kind": "other", "always": 1}"""))!.ToJson());
        Assert.Equal("[]", policy.Evaluate("data.t.deny", RValue.Parse("{}"))!.ToJson());
        Assert.Equal("[]", policy.Evaluate("data.t.deny", null)!.ToJson());
    }

    [Fact]
    public void A_case_of_a_test_that_does_not_hold_to_its_end_has_failed()
    {
        var policy = Policy.Of("package t\ntest_plus[name] if {\n\tsome name, case in {\"one\": [1, 2], \"two\": [2, 9]}\n\tsum := case[0] + 1\n\tsum == case[1]\n}");

        var test = Assert.Single(policy.RunTests());

        Assert.Equal(TestState.Failed, test.State);
        Assert.Equal([("one", true), ("two", false)], test.Cases.Select(c => (c.Name, c.Passed)));
        Assert.Equal("sum == case[1]", Assert.Single(test.Failed).Text);
        Assert.Contains(test.Failed[0].Values, v => v.Key == "sum" && v.Value!.ToString() == "3");
    }

    [Fact]
    public void Cases_that_all_hold_pass()
    {
        var policy = Policy.Of("package t\ntest_plus[a][b] if {\n\tsome a, b\n\t{\"x\": {\"y\": 1, \"z\": 2}}[a][b] > 0\n}");

        var test = Assert.Single(policy.RunTests());

        Assert.Equal(TestState.Passed, test.State);
        Assert.Equal(["y", "z"], Assert.Single(test.Cases).Cases.Select(c => c.Name));
    }

    [Fact]
    public void A_query_may_stand_in_a_package_and_use_imports()
    {
        var policy = Policy.Of("package a.b\np := 1", "package c\nq := 2");

        Assert.Equal("[1,2]", policy.Prepare("x := [p, two]", new QueryPlace("a.b", ["data.c.q as two"], RegoVersion.V1)).Run(null)[0].Bindings["x"].ToJson());
    }
}
