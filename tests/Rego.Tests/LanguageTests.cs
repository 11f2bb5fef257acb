namespace Rego.Tests;

public class LanguageTests
{
    [Theory]
    // complete rules, else, default
    [InlineData("p := $\"\\{42} {1}}\"", null, "\"{42} 1}\"")]
    [InlineData("p := 1 if false\nelse := 2 if false\nelse := 3", null, "3")]
    [InlineData("p := input.a if true\nelse := 3", "{}", "3")]
    [InlineData("default p := 1\np := 2 if false", null, "1")]
    [InlineData("p := 1 if false else := 2 if true\np := 2 if true", null, "2")]
    [InlineData("p := 1 if { false } { true }", null, "1")]
    // partial rules
    [InlineData("p contains x if { some x in [3, 1, 2] }", null, "[1,2,3]")]
    [InlineData("p contains 1 if false", null, "[]")]
    [InlineData("p contains(\"a\")", null, "[\"a\"]")]
    [InlineData("p if contains(\"ab\", \"a\")", null, "true")]
    [InlineData("p := contains.a\ncontains.a := 3", null, "3")]
    [InlineData("p[k] := v if { some k, v in {\"a\": 1, \"b\": 2} }", null, "{\"a\":1,\"b\":2}")]
    [InlineData("p[x] if { some x in [1, 2] }", null, "{\"1\":true,\"2\":true}")]
    [InlineData("p[a][b] := 1 if { some a in [\"x\", \"y\"]; some b in [1, 2] }", null, "{\"x\":{\"1\":1,\"2\":1},\"y\":{\"1\":1,\"2\":1}}")]
    [InlineData("p[a] contains b if { some a in [\"x\", \"y\"]; some b in [1, 2] }", null, "{\"x\":[1,2],\"y\":[1,2]}")]
    [InlineData("a.b[x] := y if { some x, y in {\"k\": 1} }\na.c := 3\np := data.t.a", null, "{\"b\":{\"k\":1},\"c\":3}")]
    // functions
    [InlineData("f(\"a\", x) := x\nf([y], _) := y\np := [f(\"a\", 1), f([5], 2)]", null, "[1,5]")]
    [InlineData("f(x, x) := x\np := f(1, 1)", null, "1")]
    [InlineData("f(x, x) := x\np := f(1, 2)", null, "undefined")]
    [InlineData("default f(_) := 9\nf(x) := 1 if x > 5\np := [f(6), f(1)]", null, "[1,9]")]
    [InlineData("default f(_) := 9\np := f(input.nope)", "{}", "undefined")]
    [InlineData("p := x if { split(\"a,b\", \",\", x) }", null, "[\"a\",\"b\"]")]
    [InlineData("f(a) := a + 1\np := x if f(1, x)", null, "2")]
    // undefined
    [InlineData("p := [1, input.nope]", "{}", "undefined")]
    [InlineData("p := {\"a\": input.nope}", "{}", "undefined")]
    [InlineData("p := [x | x := input.a[_].b]", "{\"a\":[{\"b\":1},{},{\"b\":2}]}", "[1,2]")]
    [InlineData("p if null", null, "true")]
    [InlineData("p if 0", null, "true")]
    [InlineData("p if false", null, "undefined")]
    // negation, with OPA's hoisting of operands
    [InlineData("p if not input.x", "{}", "true")]
    [InlineData("p if not input.x == 2", "{}", "true")]
    [InlineData("p if not input.a != 1", "{}", "undefined")]
    [InlineData("p if not count(input.x) == 1", "{}", "undefined")]
    [InlineData("f(x) := 1 if x == 5\np if not f(1)", null, "true")]
    [InlineData("p if not null", null, "undefined")]
    [InlineData("p if not 3 in [1, 2]", null, "true")]
    // unification
    [InlineData("p := [x, y] if [x, 2, y] = [1, 2, 3]", null, "[1,3]")]
    [InlineData("p := x if {\"a\": x, \"b\": 2} = {\"a\": 1, \"b\": 2}", null, "1")]
    [InlineData("p := [a, b] if [a, b] := [1, 2]", null, "[1,2]")]
    [InlineData("p := x if { y > 1; x = y + 1; y = 2 }", null, "3")]
    [InlineData("p := [x, y] if [x, y] = [y, 1]", null, "[1,1]")]
    [InlineData("p if { input.a[i] == input.b[i] }", "{\"a\":[1,2],\"b\":[9,2]}", "true")]
    [InlineData("p := foo if { some foo; foo == input.foos[foo] }", "{\"foos\":[2,1,0]}", "1")]
    [InlineData("p contains x if {\"k\": 1, \"v\": x} = input.a[_]", "{\"a\":[{\"k\":1,\"v\":\"x\"},{\"k\":2,\"v\":\"y\"}]}", "[\"x\"]")]
    // some, in, every
    [InlineData("p contains y if some [\"k\", y] in [[\"k\", 1], [\"z\", 2]]", null, "[1]")]
    [InlineData("p contains y if some {\"a\": y} in [{\"a\": 1}, {\"b\": 3}]", null, "[1]")]
    [InlineData("p contains y if {[\"a\", 1], [\"a\", 2], [\"b\", 3]}[[\"a\", y]]", null, "[1,2]")]
    [InlineData("p if every x in [] { x == 9 }", null, "true")]
    [InlineData("p if every x in input.x { x }", "{}", "undefined")]
    [InlineData("p if every k, v in {\"a\": 1} { v == 1; k == \"a\" }", null, "true")]
    [InlineData("p := [1 in [1], 2 in [1], \"a\" in {\"a\": 1}, (\"a\", 1) in [2]]", null, null)]
    [InlineData("p if \"a\", 1 in {\"a\": 1}", null, "true")]
    [InlineData("p if 1 < 2 < 3", null, "true")]
    [InlineData("p := {1 | 1}", null, "[1]")]
    [InlineData("p := [(x * x) | some x in [1, 2]]", null, "[1,4]")]
    [InlineData("p if {[\"a\", 1]}[[\"a\", 1]]", null, "true")]
    [InlineData("p := x if { x := 1; y := [x | some x in [5]]; y == [5] }", null, "1")]
    // with
    [InlineData("q := input.x\np := x if x := q with input.x as 5", "{\"y\":1}", "5")]
    [InlineData("q := input\np := x if x := q with input.a.b as 1", "{\"a\":5,\"c\":2}", "{\"a\":{\"b\":1},\"c\":2}")]
    [InlineData("q := 1\np := x if x := q with data.t.q as 5", null, "5")]
    [InlineData("f(_) := \"m\"\np := x if x := upper(\"x\") with upper as f", null, "\"m\"")]
    [InlineData("g(x) := count(x) + 1\np := x if x := count([1]) with count as g", null, "2")]
    [InlineData("f(x) := x\np := x if x := f([1, 2]) with f as count", null, "2")]
    [InlineData("q := input.a\np := [x, y] if { x := q with input.a as 1; y := q }", "{\"a\":0}", "[1,0]")]
    [InlineData("q := 1\np := x if x := q with input.x as data.nope", null, "undefined")]
    [InlineData("p := [y | some n in [1, 2, 3]; y := input.n with input.n as n]", null, "[1,2,3]")]
    // template strings
    [InlineData("p := $\"{1} {\"a\"} {[1, \"a\"]} {input.nope} \\{x}\"", "{}", "\"1 a [1, \\\"a\\\"] <undefined> {x}\"")]
    // documents
    [InlineData("q := 1\nr := 2 if false\nf(x) := x\np := object.keys(data.u)", null, "undefined")]
    [InlineData("s contains x if { x := input.a[_] }\np := [s[2], count(s)]", "{\"a\":[1,2]}", "[2,2]")]
    [InlineData("o[k] := k * 2 if { k := input.a[_] }\np := [o[2], o[1]]", "{\"a\":[1,2]}", "[4,2]")]
    [InlineData("p contains path if walk(input, [path, 1])", "{\"a\":{\"b\":1},\"c\":[1]}", "[[\"a\",\"b\"],[\"c\",0]]")]
    [InlineData("p := data.t[\"q\"]\nq := 4", null, "4")]
    public void A_rule_means_what_it_means_in_OPA(string rules, string? input, string? expected)
    {
        if (expected is null)
        {
            Assert.NotEmpty(Policy.Errors("package t\n" + rules));
            return;
        }
        Assert.Equal(expected, Policy.P(rules, input));
    }

    [Theory]
    [InlineData("p := 1 if true\np := 2 if true", "complete rules must not produce multiple outputs")]
    [InlineData("p := x if some x in [1, 2]", "complete rules must not produce multiple outputs")]
    [InlineData("f(x) := y if some y in x\np := f([1, 2])", "functions must not produce multiple outputs for same inputs")]
    [InlineData("p := {\"a\": v | some v in [1, 2]}", "object keys must be unique")]
    [InlineData("p[\"a\"] := v if some v in [1, 2]", "complete rules must not produce multiple outputs")]
    [InlineData("p[k] := v if { some v in [1, 2]; k := \"a\" }", "object keys must be unique")]
    public void Two_answers_where_one_is_meant_are_a_conflict(string rules, string message)
    {
        var fault = Assert.Throws<RegoEvaluationException>(() => Policy.P(rules));
        Assert.Equal("eval_conflict_error", fault.Code);
        Assert.Equal(message, fault.Reason);
        Assert.Equal("m0.rego", fault.File);
    }

    [Fact]
    public void Imports_stand_for_what_they_name()
    {
        var policy = Policy.Of("package a\nimport data.lib\nimport data.lib.c as see\nimport input.user\np := [lib.f(2), see, user.name]", "package lib\nf(x) := x * 2\nc := 7");
        Assert.Equal("[4,7,\"ada\"]", policy.Evaluate("data.a.p", Values.RValue.Parse("""{"user": {"name": "ada"}}"""))!.ToJson());
    }

    [Fact]
    public void The_whole_of_data_holds_base_documents_and_rules_side_by_side()
    {
        var policy = RegoCompiler.Compile([new RegoModule("a.rego", "package a.b\nc := 1\nd contains 2\nf(x) := x\ne := 3 if false")], Values.RValue.Parse("""{"z": 1, "a": {"y": 2}}"""));
        Assert.Equal("""{"a":{"b":{"c":1,"d":[2]},"y":2},"z":1}""", policy.Evaluate("data", null)!.ToJson());
    }

    [Fact]
    public void A_module_of_the_old_grammar_needs_no_if()
    {
        var module = new RegoModule("old.rego", "package t\np[x] { x := [1, 2][_] }\nq.r { true }\ns = 1 { false } { true }") { Version = RegoVersion.V0 };
        Assert.Equal("""{"p":[1,2],"q":["r"],"s":1}""", RegoCompiler.Compile([module]).Evaluate("data.t", null)!.ToJson());
    }
}
