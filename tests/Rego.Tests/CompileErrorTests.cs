namespace Rego.Tests;

public class CompileErrorTests
{
    [Theory]
    // parse
    [InlineData("p := \"abc\"[0]", "rego_parse_error", "illegal ref (head cannot be string)", 2, 6)]
    [InlineData("p := [x*x | some x in [1,2]]", "rego_parse_error", "unexpected some keyword", 2, 13)]
    [InlineData("p := 01", "rego_parse_error", "expected number without leading zero", 2, 6)]
    [InlineData("p := 1.", "rego_parse_error", "expected fraction", 2, 6)]
    [InlineData("p := 0x10", "rego_parse_error", "illegal number format", 2, 6)]
    [InlineData("p := \"\\d\"", "rego_parse_error", "illegal escape sequence", 2, 6)]
    [InlineData("p := \"open", "rego_parse_error", "non-terminated string", 2, 6)]
    [InlineData("p := x if { y := 3; x := -y }", "rego_parse_error", "expected number", 2, 27)]
    [InlineData("q := 1\np := q with input.x as 5", "rego_parse_error", "expressions using with keyword cannot be used for rule head", 3, 1)]
    [InlineData("p { true }", "rego_parse_error", "`if` keyword is required before rule body", 2, 1)]
    [InlineData("p", "rego_parse_error", "var cannot be used for rule name", 2, 1)]
    [InlineData("p[1]", "rego_parse_error", "`contains` keyword is required for partial set rules", 2, 1)]
    [InlineData("default p contains 1", "rego_parse_error", "illegal default rule (must have a value)", 2, 1)]
    [InlineData("default p := input.x", "rego_parse_error", "illegal default rule", 2, 1)]
    [InlineData("p contains 1 if false else := 2", "rego_parse_error", "else keyword cannot be used on multi-value rules", 2, 23)]
    [InlineData("p[x] := 1 if { x := 2; false } else := 2", "rego_parse_error", "else keyword cannot be used on rules with variables in head", 2, 32)]
    [InlineData("p if { not some x in [1] }", "rego_parse_error", "illegal negation of 'some'", 2, 12)]
    [InlineData("p if { not every x in [1] { x } }", "rego_parse_error", "illegal negation of 'every'", 2, 12)]
    [InlineData("p if { in := 1 }", "rego_parse_error", "unexpected in keyword", 2, 8)]
    [InlineData("p if { x := 1 y := 2 }", "rego_parse_error", "expected \\n or ; or }", 2, 15)]
    [InlineData("import foo.bar\np := 1", "rego_parse_error", "unexpected import path", 2, 8)]
    [InlineData("pé := 1", "rego_parse_error", "illegal token", 2, 2)]
    // names and scopes
    [InlineData("input := 1", "rego_compile_error", "rules must not shadow input (use a different rule name)", 2, 1)]
    [InlineData("p if { input := 1; input == 1 }", "rego_compile_error", "variables must not shadow input (use a different variable name)", 2, 8)]
    [InlineData("p if { x == 1; x := 1 }", "rego_compile_error", "var x referenced above", 2, 16)]
    [InlineData("p if { x := 1; x := 2 }", "rego_compile_error", "var x assigned above", 2, 16)]
    [InlineData("p if { some x; true }", "rego_compile_error", "declared var x unused", 2, 8)]
    [InlineData("p if every i, x in [1] { x == 1 }", "rego_compile_error", "declared var i unused", 2, 26)]
    [InlineData("p if { input.x := 1 }", "rego_compile_error", "cannot assign to ref", 2, 8)]
    [InlineData("p if { not x := 1 }", "rego_compile_error", "cannot assign vars inside negated expression", 2, 8)]
    [InlineData("import data.a\nimport data.b.a\np := 1", "rego_compile_error", "import must not shadow import data.a", 3, 1)]
    // safety
    [InlineData("p if x > 1", "rego_unsafe_var_error", "var x is unsafe", 2, 6)]
    [InlineData("p if x == 1", "rego_unsafe_var_error", "var x is unsafe", 2, 6)]
    [InlineData("p := x", "rego_unsafe_var_error", "var x is unsafe", 2, 1)]
    [InlineData("p if not input.a[i] == 1", "rego_unsafe_var_error", "var i is unsafe", 2, 6)]
    [InlineData("p if not input.a[_]", "rego_unsafe_var_error", "var _ is unsafe", 2, 6)]
    [InlineData("p := x if {\"a\": x} = {\"a\": 1, \"b\": 2}", "rego_unsafe_var_error", "var x is unsafe", 2, 11)]
    [InlineData("p := [y | true]", "rego_unsafe_var_error", "var y is unsafe", 2, 6)]
    // kinds, conflicts, calls
    [InlineData("p := 1\np contains 2", "rego_type_error", "conflicting rules data.t.p found", 2, 1)]
    [InlineData("f(x) := x\nf(x, y) := y", "rego_type_error", "conflicting rules data.t.f found", 2, 1)]
    [InlineData("default p := 1\ndefault p := 2", "rego_type_error", "multiple default rules data.t.p found at m0.rego:2, m0.rego:3", 1, 1)]
    [InlineData("p := 1\np.q := 2", "rego_type_error", "rule data.t.p conflicts with [data.t.p.q]", 2, 1)]
    [InlineData("p := nope(1)", "rego_type_error", "undefined function nope", 2, 6)]
    [InlineData("f(x) := x\np := f(1, 2)", "rego_type_error", "function data.t.f has arity 1, got 2 arguments", 3, 6)]
    [InlineData("p := count(1)", "rego_type_error", "count: invalid argument(s)", 2, 6)]
    [InlineData("p := \"a\" + \"b\"", "rego_type_error", "plus: invalid argument(s)", 2, 6)]
    [InlineData("p if \"a\" == 1", "rego_type_error", "match error", 2, 6)]
    [InlineData("p if any([true])", "rego_type_error", "deprecated built-in function calls in expression: any", 2, 6)]
    [InlineData("p := uri.is_valid(\"x\")", "rego_type_error", "built-in function uri.is_valid is not available in this evaluator", 2, 6)]
    [InlineData("f(_, _) := 1\np := x if x := upper(\"x\") with upper as f", "rego_type_error", "arity mismatch", 3, 27)]
    [InlineData("p := x if x := 1 with data.z as count", "rego_unsafe_var_error", "var count is unsafe", 2, 33)]
    [InlineData("p := x if x := 1 with input[upper(\"a\")] as 1", "rego_type_error", "with keyword target must be a reference of plain values", 2, 29)]
    [InlineData("p := x if x := 1 with y as 1", "rego_type_error", "with keyword target must reference existing input, data, or a function", 2, 23)]
    // recursion
    [InlineData("p := q\nq := p", "rego_recursion_error", "rule data.t.p is recursive: data.t.p -> data.t.q -> data.t.p", 2, 1)]
    [InlineData("p if { q with data.t.p as 1 }\nq := 1", "rego_recursion_error", "rule data.t.p is recursive: data.t.p -> data.t.p", 2, 1)]
    [InlineData("p := count(data.t)", "rego_recursion_error", "rule data.t.p is recursive: data.t.p -> data.t.p", 2, 1)]
    [InlineData("f(x) := f(x - 1)", "rego_recursion_error", "rule data.t.f is recursive", 2, 1)]
    public void A_fault_is_named_with_code_words_and_place(string rules, string code, string message, int row, int col)
    {
        var errors = Policy.Errors("package t\n" + rules);
        var found = errors.FirstOrDefault(e => e.Code == code && e.Message.Contains(message, StringComparison.Ordinal));
        Assert.True(found is not null, $"got: {string.Join(" | ", errors)}");
        Assert.Equal((row, col), (found.Row, found.Col));
        Assert.Equal($"m0.rego:{row}:{col}: {code}: {found.Message}", found.ToString());
    }

    [Fact]
    public void Faults_of_several_files_come_together()
    {
        var errors = Policy.Errors("package a\np := ", "package b\nq if x := ");
        Assert.Equal(["m0.rego", "m1.rego"], errors.Select(e => e.File).Distinct());
    }

    [Fact]
    public void A_package_may_not_stand_where_a_rule_stands()
    {
        var errors = Policy.Errors("package a\nb := 1", "package a.b\nc := 2");
        Assert.Contains(errors, e => e.Message == "rule data.a.b conflicts with [data.a.b.c]");
        Assert.Contains(errors, e => e.Message.StartsWith("package a.b conflicts with rule b defined at m0.rego:2", StringComparison.Ordinal));
    }

    [Fact]
    public void Base_data_may_not_stand_where_a_rule_stands()
    {
        var fault = Assert.Throws<RegoCompileException>(() => RegoCompiler.Compile([new RegoModule("a.rego", "package a\nb := 1")], Values.RValue.Parse("""{"a": {"b": 2}}""")));
        Assert.Equal("conflicting rule for data path a/b found", fault.Errors[0].Message);
    }

    [Fact]
    public void A_query_with_a_fault_says_where()
    {
        var fault = Assert.Throws<RegoCompileException>(() => Policy.Of("package a").Prepare("x = data.a; y > 1"));
        Assert.Equal("query:1:13: rego_unsafe_var_error: var y is unsafe", fault.Errors[0].ToString());
    }

    [Theory]
    // literals and what they are made of
    [InlineData("p if [1, \"a\"] = [x, 2]", "match error\n\tleft  : array<number, string>\n\tright : array<???, number>", 2)]
    [InlineData("p if { x := [1, 2, 3]; x.a }", "undefined ref: x.a\n\tx.a\n\t  ^\n\t  have: \"a\"\n\t  want (type): number", 2)]
    [InlineData("p if { x := 1; x.y }", "undefined ref: x.y", 2)]
    [InlineData("p if { x := {\"a\": 1}; x.b == 1 }", "want (one of): [\"a\"]", 2)]
    [InlineData("p if { x := \"a\"; x > 1; x + 1 > 2 }", "plus: invalid argument(s)\n\thave: (string, number, ???)\n\twant: (x: number, y: number, z: number)", 2)]
    [InlineData("p if { x := upper(\"a\"); x == 1 }", "match error\n\tleft  : string\n\tright : number", 2)]
    [InlineData("p := concat(\",\", [1, 2])", "concat: invalid argument(s)", 2)]
    [InlineData("p := sum([\"a\"])", "sum: invalid argument(s)", 2)]
    [InlineData("p if count(\"a\") == \"b\"", "match error", 2)]
    // what rules give
    [InlineData("q := 1\np if q.x", "undefined ref: data.t.q.x", 3)]
    [InlineData("q contains 1\np if lower(q) == \"a\"", "lower: invalid argument(s)\n\thave: (set[number], ???)", 3)]
    [InlineData("q := {\"a\": 1} if input.x\nq := {\"b\": 2} if input.y\np if q.c", "undefined ref: data.t.q.c", 4)]
    [InlineData("f(x) := x + 1\np := f(\"a\")", "data.t.f: invalid argument(s)\n\thave: (string, ???)\n\twant: (number, number)", 3)]
    [InlineData("f(x) := upper(x)\np if f(\"a\") == 1", "match error", 3)]
    // inside closures
    [InlineData("p := [x | x := 1 + \"a\"]", "plus: invalid argument(s)", 2)]
    public void A_type_that_can_never_fit_is_told_as_OPA_tells_it(string rules, string message, int row)
    {
        var error = Assert.Single(Policy.Errors("package t\n" + rules));
        Assert.Equal("rego_type_error", error.Code);
        Assert.Equal(row, error.Row);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("p if { x := [1, \"a\"][_]; x > 0; upper(x) == \"A\" }")]
    [InlineData("q := 1 if input.x\nq := \"a\" if input.y\np if upper(q) == \"A\"")]
    [InlineData("p if { x := object.get(input, \"a\", 1); x.b.c == 2 }")]
    [InlineData("p if { x := {k: v | some k, v in input}; x.a.b == 1 }")]
    [InlineData("p if { [a, b] := split(input.x, \",\"); a == b }")]
    [InlineData("p if { x := json.unmarshal(input.x); x[0].y[_] == \"a\" }")]
    [InlineData("p[x] := input if some x in input\nq if p.a.b")]
    [InlineData("p if every x in [1, 2] { x == \"a\" }")]
    [InlineData("p := {} \nq if p.a")]
    [InlineData("p if { x := [{\"a\": 1}, {\"b\": 2}]; x[_].a == 1 }")]
    [InlineData("p if { x := {1, 2}; x[3] }")]
    [InlineData("p if { x := set() | {1}; x - {1} == set() }")]
    [InlineData("p if input.x == 1 with input as \"a\"")]
    [InlineData("f(1) := \"a\"\nf(\"b\") := 2\np if f(input.x) == 2")]
    [InlineData("p := x if { [x, _] := [1, 2]; x == 1 }\nq := data.t.p")]
    [InlineData("p if { walk(input, [path, value]); path[_] == \"a\"; value == 1 }")]
    public void What_could_fit_is_left_to_the_evaluation(string rules) => Assert.Empty(Policy.Errors("package t\n" + rules));

    [Theory]
    [InlineData("p if { x := 1; true }", "assigned var x unused", 2, 8)]
    [InlineData("f(x, y) := x", "unused argument y. (hint: use _ (wildcard variable) instead)", 2, 1)]
    [InlineData("f(x, {\"a\": y}) := 1", "unused argument x. (hint: use _ (wildcard variable) instead)", 2, 1)]
    [InlineData("import data.a\nimport data.b as c\np := a", "import data.b as c unused", 3, 1)]
    [InlineData("p := [1 | y := 2]", "assigned var y unused", 2, 11)]
    public void Strict_mode_minds_what_nothing_reads(string rules, string message, int row, int col)
    {
        var module = new RegoModule("m0.rego", "package t\n" + rules);
        RegoCompiler.Compile([module]);
        var errors = Assert.Throws<RegoCompileException>(() => RegoCompiler.Compile([module], null, new CompileOptions { Strict = true })).Errors;
        Assert.Contains(errors, e => e.Message == message && e.Row == row && e.Col == col);
    }

    [Theory]
    [InlineData("f(x) := 1 if x == 1 else := 2 if true")]
    [InlineData("f(x, x) := 1")]
    [InlineData("f(_, y) := y")]
    [InlineData("import data.a\np if { x := a.b; y := [z | z := x]; count(y) > 0 }")]
    [InlineData("p := v if { v := 1 }\nq contains w if { w := 2 }\nr[k] := 1 if { k := \"a\" }")]
    public void Strict_mode_lets_pass_what_is_read(string rules) => RegoCompiler.Compile([new RegoModule("m0.rego", "package t\n" + rules)], null, new CompileOptions { Strict = true });

    [Fact]
    public void Each_error_knows_its_line()
    {
        var errors = Policy.Errors("package t\n\np if x > 1\n\nq if {\n\ty == 2\n}\n");
        Assert.Equal(["p if x > 1", "\ty == 2"], errors.Select(e => e.Line));
    }
}
