namespace Rego.Tests;

/// <summary>What OPA's compiler says, step by step: names, conflicts, calls, safety, recursion, types.</summary>
public class CompileFaultTests
{
    [Theory]
    [InlineData("p := q\nq := r\nr := p\ns := p", "2:1: rego_recursion_error: rule data.t.p is recursive: data.t.p -> data.t.q -> data.t.r -> data.t.p", "3:1: rego_recursion_error: rule data.t.q is recursive: data.t.q -> data.t.r -> data.t.p -> data.t.q", "4:1: rego_recursion_error: rule data.t.r is recursive: data.t.r -> data.t.p -> data.t.q -> data.t.r")]
    [InlineData("p := 1 if false else := p", "2:17: rego_recursion_error: rule data.t.p is recursive: data.t.p -> data.t.p")]
    [InlineData("f(x) := g(x)\ng(x) := f(x)", "2:1: rego_recursion_error: rule data.t.f is recursive: data.t.f -> data.t.g -> data.t.f", "3:1: rego_recursion_error: rule data.t.g is recursive: data.t.g -> data.t.f -> data.t.g")]
    [InlineData("p[x] := 1 if x := data.t.p[y]", "2:1: rego_recursion_error: rule data.t.p[x] is recursive: data.t.p[x] -> data.t.p[x]")]
    [InlineData("p := 1\np contains 2", "2:1: rego_type_error: conflicting rules data.t.p found")]
    [InlineData("p := 1\np.q := 2\np.r[x] := 3 if x := 1", "2:1: rego_type_error: rule data.t.p conflicts with [data.t.p.q data.t.p.r[x]]")]
    [InlineData("p contains 1\np[x] := 2 if x := 1", "2:1: rego_type_error: conflicting rules data.t.p[x] found")]
    [InlineData("p[x] := 2 if x := 1\np.foo := 3\np := 4", "2:1: rego_type_error: rule data.t.p conflicts with [data.t.p.foo]")]
    [InlineData("f(x) := 1\nf(x, y) := 2\nf := 3", "2:1: rego_type_error: conflicting rules data.t.f found")]
    [InlineData("f(input) := 1", "2:1: rego_compile_error: args must not shadow input (use a different variable name)")]
    [InlineData("f([data, x]) := x", "2:1: rego_compile_error: args must not shadow data (use a different variable name)")]
    [InlineData("f(g(x)) := 1", "2:3: rego_compile_error: rule arguments cannot contain calls")]
    [InlineData("p if { x := 1; x := 2 }", "2:16: rego_compile_error: var x assigned above")]
    [InlineData("p if { x = 1; x := 2 }", "2:15: rego_compile_error: var x referenced above")]
    [InlineData("p if { some x; x := 1 }", "2:16: rego_compile_error: var x declared above")]
    [InlineData("p if { some x, x; x == 1 }", "2:8: rego_compile_error: var x declared above")]
    [InlineData("f(x) if { x := 1 }", "2:11: rego_compile_error: arg x redeclared")]
    [InlineData("f(x) if { some x; x == 1 }", "2:11: rego_compile_error: arg x redeclared")]
    [InlineData("p if { [x, 1] := [2, 1] }", "2:12: rego_compile_error: cannot assign to number")]
    [InlineData("p if { {\"a\": x, \"b\": input.y} := {\"a\": 1, \"b\": 2} }", "2:22: rego_compile_error: cannot assign to ref")]
    [InlineData("p if { input.x := 1 }", "2:8: rego_compile_error: cannot assign to ref")]
    [InlineData("p if { f() := 1 }", "2:8: rego_compile_error: cannot assign to call")]
    [InlineData("p if { {x} := {1} }", "2:8: rego_compile_error: cannot assign to set")]
    [InlineData("p if { [x | x := 1] := [] }", "2:8: rego_compile_error: cannot assign to arraycomprehension")]
    [InlineData("p if { not x := 1 }", "2:8: rego_compile_error: cannot assign vars inside negated expression")]
    [InlineData("p if { input := 1; input == 1 }", "2:8: rego_compile_error: variables must not shadow input (use a different variable name)")]
    [InlineData("p if { every x, y in [1] { true } }", "2:28: rego_compile_error: declared var x unused", "2:28: rego_compile_error: declared var y unused")]
    [InlineData("p if { some x; y := 1; y == 1 }", "2:8: rego_compile_error: declared var x unused")]
    [InlineData("p if { x := 1; count(y) > 0; not z }", "2:16: rego_unsafe_var_error: var y is unsafe", "2:30: rego_unsafe_var_error: var z is unsafe")]
    [InlineData("p := x if y > 1", "2:1: rego_unsafe_var_error: var x is unsafe")]
    [InlineData("p contains x if not x == 1", "2:17: rego_unsafe_var_error: var x is unsafe")]
    [InlineData("p if { not input.x[i]; i == 1 }", "2:8: rego_unsafe_var_error: var i is unsafe")]
    [InlineData("p := [x | y := 1]", "2:6: rego_unsafe_var_error: var x is unsafe")]
    [InlineData("p := {k: v | v := 1; v == k}", "2:22: rego_unsafe_var_error: var k is unsafe")]
    [InlineData("p if { count([y | y := z]) > 0 }", "2:19: rego_unsafe_var_error: var y is unsafe", "2:19: rego_unsafe_var_error: var z is unsafe")]
    [InlineData("p if every x in xs { x > y }", "2:17: rego_unsafe_var_error: var xs is unsafe")]
    [InlineData("p if print(x)", "2:12: rego_compile_error: var x is undeclared")]
    [InlineData("p if { print(x); x = 1 }", "2:14: rego_compile_error: var x is undeclared")]
    [InlineData("p if { y := print(1) }", "2:13: rego_type_error: print(1) used as value")]
    [InlineData("p if { print(input[x]) }", "2:14: rego_compile_error: var x is undeclared")]
    [InlineData("p := $\"a {x}\"", "2:11: rego_compile_error: var x is undeclared")]
    [InlineData("p := $\"a {walk(1)}\"", "2:11: rego_compile_error: illegal call to relation built-in 'walk' that may cause multiple outputs")]
    [InlineData("p if { x := f(1) }\nf(a) := a(1)", "3:9: rego_compile_error: called function a shadowed")]
    [InlineData("p(f) if { f(1) }", "2:11: rego_type_error: undefined function f")]
    [InlineData("p(f) if { x := f(1); x }", "2:16: rego_compile_error: called function f shadowed")]
    [InlineData("p if foo.bar(1)", "2:6: rego_type_error: undefined function foo.bar")]
    [InlineData("p if data.x.y(1)", "2:6: rego_type_error: undefined function data.x.y")]
    [InlineData("p if count()", "2:6: rego_type_error: count: arity mismatch\n\thave: ()\n\twant: (collection: any<string, array[any], object[any: any], set[any]>)")]
    [InlineData("p if count(1, 2, 3)", "2:6: rego_type_error: count: arity mismatch\n\thave: (number, number, number)\n\twant: (collection: any<string, array[any], object[any: any], set[any]>)")]
    [InlineData("p := count([1], 2)", "2:6: rego_type_error: count: arity mismatch\n\thave: (array<number>, number, ???)\n\twant: (collection: any<string, array[any], object[any: any], set[any]>)")]
    [InlineData("p := count(1)", "2:6: rego_type_error: count: invalid argument(s)\n\thave: (number, ???)\n\twant: (collection: any<string, array[any], object[any: any], set[any]>, n: number)")]
    [InlineData("p if startswith(1, \"a\")", "2:6: rego_type_error: startswith: invalid argument(s)\n\thave: (number, string)\n\twant: (search: string, base: string, result: boolean)")]
    [InlineData("f(x) := x\np := f()\nq := f(1, 2, 3)", "3:6: rego_type_error: function data.t.f has arity 1, got 0 arguments", "4:6: rego_type_error: function data.t.f has arity 1, got 3 arguments")]
    [InlineData("p := data.t.f\nf(x) := 1", "2:6: rego_type_error: undefined ref: data.t.f\n\tdata.t.f\n\t^^^^^^^^\n\thave: (any) => number")]
    [InlineData("p if input.x with foo as 1", "2:19: rego_type_error: with keyword target must reference existing input, data, or a function")]
    [InlineData("p if input.x with data.t.q.r as 1\nq := {\"r\": 2}", "2:19: rego_compile_error: with keyword cannot partially replace virtual document(s)")]
    [InlineData("p if input.x with walk as 1", "2:19: rego_compile_error: with keyword replacing built-in function: target must not be a relation")]
    [InlineData("p if input.x with print as 1", "2:19: rego_compile_error: with keyword replacing built-in function: target must not be a void function")]
    [InlineData("p if input.x with eq as 1", "2:19: rego_compile_error: with keyword replacing built-in function: replacement of \"eq\" invalid")]
    [InlineData("p if input.x with internal.print as 1", "2:19: rego_compile_error: with keyword replacing built-in function: replacement of internal function \"internal.print\" invalid")]
    [InlineData("p if count([1]) == 2 with count as f\nf(a, b) := 1", "2:22: rego_type_error: count: arity mismatch\n\thave: (any, any)\n\twant: (collection: any<string, array[any], object[any: any], set[any]>)")]
    [InlineData("p if { any([true]); re_match(\"a\", \"b\") }", "2:8: rego_type_error: deprecated built-in function calls in expression: any", "2:21: rego_type_error: deprecated built-in function calls in expression: re_match")]
    [InlineData("import data.a\nimport data.b as a\nimport input.a\np := a", "3:1: rego_compile_error: import must not shadow import data.a", "4:1: rego_compile_error: import must not shadow import data.a")]
    [InlineData("import rego.v1\nimport rego.v1\np := 1", "3:1: rego_compile_error: import must not shadow import rego.v1")]
    [InlineData("p if { x := [1,2,3]; x.foo }", "2:22: rego_type_error: undefined ref: x.foo\n\tx.foo\n\t  ^\n\t  have: \"foo\"\n\t  want (type): number")]
    [InlineData("p if { x := {\"a\": 1}; x.b }", "2:23: rego_type_error: undefined ref: x.b\n\tx.b\n\t  ^\n\t  have: \"b\"\n\t  want (one of): [\"a\"]")]
    [InlineData("p if { x := 1; x[0] }", "2:16: rego_type_error: undefined ref: x[0]\n\tx[0]\n\t^\n\thave: number")]
    [InlineData("p if { x := {1,2}; x[\"a\"] }", "2:20: rego_type_error: undefined ref: x.a\n\tx.a\n\t  ^\n\t  have: \"a\"\n\t  want (type): number")]
    [InlineData("p if \"a\" == 1\nq if [1, \"a\"] == {\"b\": 2}", "2:6: rego_type_error: match error\n\tleft  : string\n\tright : number", "3:6: rego_type_error: match error\n\tleft  : array<number, string>\n\tright : object<b: number>")]
    [InlineData("q := {\"a\": {\"b\": 1}}\np if data.t.q.a.c", "3:6: rego_type_error: undefined ref: data.t.q.a.c\n\tdata.t.q.a.c\n\t           ^\n\t           have: \"c\"\n\t           want (one of): [\"b\"]")]
    [InlineData("p := concat(\",\", [1, 2])\nq := sprintf(\"%d\", 1)\nr := object.get(1, 2, 3)\ns := 1 + \"a\" - {1}", "2:6: rego_type_error: concat: invalid argument(s)\n\thave: (string, array<number, number>, ???)\n\twant: (delimiter: string, collection: any<array[string], set[string]>, output: string)", "3:6: rego_type_error: sprintf: invalid argument(s)\n\thave: (string, number, ???)\n\twant: (format: string, values: array[any], output: string)", "4:6: rego_type_error: object.get: invalid argument(s)\n\thave: (number, number, number, ???)\n\twant: (object: object[any: any], key: any, default: any, value: any)", "5:6: rego_type_error: plus: invalid argument(s)\n\thave: (number, string, ???)\n\twant: (x: number, y: number, z: number)")]
    [InlineData("p if { x := split(\"a\", \"b\"); x[0] == 1 }", "2:30: rego_type_error: match error\n\tleft  : string\n\tright : number")]
    [InlineData("p if io.jwt.decode(\"x\")[3]", "2:6: rego_type_error: undefined ref: __local0__[3]\n\t__local0__[3]\n\t           ^\n\t           have: 3\n\t           want (type): number")]
    [InlineData("p if { [_, y, _] := io.jwt.decode(1) }", "2:21: rego_type_error: io.jwt.decode: invalid argument(s)\n\thave: (number, ???)\n\twant: (jwt: string, output: array<object[any: any], object[any: any], string>)")]
    [InlineData("p.q.r if input.x\np.q := 1 if input.y", "3:1: rego_type_error: rule data.t.p.q conflicts with [data.t.p.q.r]")]
    [InlineData("p if { a := b; b := 1 }", "2:16: rego_compile_error: var b referenced above")]
    [InlineData("p if { count(x) > 0; x := [1] }", "2:22: rego_compile_error: var x referenced above")]
    [InlineData("default p := 1\np := 2 if input.x\np contains 3", "2:1: rego_type_error: conflicting rules data.t.p found")]
    public void A_fault_is_told_in_OPAs_words(string rules, params string[] told)
    {
        var errors = Policy.Errors("package t\n" + rules);
        Assert.Equal(told, errors.Select(e => $"{e.Row}:{e.Col}: {e.Code}: {e.Message}"));
    }

    [Fact]
    public void Faults_of_a_later_step_wait_until_the_earlier_ones_are_mended()
    {
        var errors = Policy.Errors("package t\np if { x := 1; x := 2 }\nq if nope(1)\nr if y > 1\ns if 1 + \"a\" == 2");
        Assert.Equal("var x assigned above", Assert.Single(errors).Message);
        errors = Policy.Errors("package t\nq if nope(1)\nr if y > 1\ns if 1 + \"a\" == 2");
        Assert.Equal("undefined function nope", Assert.Single(errors).Message);
        errors = Policy.Errors("package t\nr if y > 1\ns if 1 + \"a\" == 2");
        Assert.Equal("var y is unsafe", Assert.Single(errors).Message);
    }

    [Fact]
    public void Ten_errors_are_told_and_then_that_there_are_more()
    {
        var rules = "package t\n" + string.Concat(Enumerable.Range(0, 15).Select(i => $"p{i} := x{i}\n"));
        var errors = Policy.Errors(rules);
        Assert.Equal(11, errors.Count);
        Assert.Equal("rego_compile_error: error limit reached", errors[^1].ToString());
        var all = Assert.Throws<RegoCompileException>(() => RegoCompiler.Compile([new RegoModule("m0.rego", rules)], null, new CompileOptions { MaxErrors = 0 })).Errors;
        Assert.Equal(15, all.Count);
    }

    [Theory]
    [InlineData(false, "f(x, y) := 1 if x\ndefault f(_, _) := 2", "2:1: rego_compile_error: unused argument y. (hint: use _ (wildcard variable) instead)")]
    [InlineData(false, "import data.foo\nimport data.bar as baz\nimport input\np := 1", "2:1: rego_compile_error: import data.foo unused", "3:1: rego_compile_error: import data.bar as baz unused", "4:1: rego_compile_error: import input unused")]
    [InlineData(false, "p if { [a, b] := [1, 2]; a == 1 }", "2:8: rego_compile_error: assigned var b unused")]
    [InlineData(true, "input = 1\np { data := 1; data }", "2:1: rego_compile_error: rules must not shadow input (use a different rule name)", "3:5: rego_compile_error: variables must not shadow data (use a different variable name)")]
    [InlineData(true, "import data.a\nimport data.b as a\nq { a }", "3:1: rego_compile_error: import must not shadow import data.a")]
    [InlineData(true, "q { any([true]) }", "2:5: rego_type_error: deprecated built-in function calls in expression: any")]
    public void Strict_mode_minds_more(bool isOld, string rules, params string[] told)
    {
        var module = new RegoModule("m0.rego", "package t\n" + rules) { Version = isOld ? RegoVersion.V0 : RegoVersion.V1 };
        RegoCompiler.Compile([module]);
        var fault = Assert.Throws<RegoCompileException>(() => RegoCompiler.Compile([module], null, new CompileOptions { Strict = true }));
        Assert.Equal(told, fault.Errors.Select(e => $"{e.Row}:{e.Col}: {e.Code}: {e.Message}"));
    }

    [Fact]
    public void A_builtin_outside_the_capabilities_is_an_undefined_function()
    {
        var capabilities = Capabilities.Parse(Values.RValue.Parse("""{"builtins": [{"name": "eq"}, {"name": "count"}], "features": ["rego_v1"]}"""));
        Assert.Contains("rego_v1", capabilities.Features);
        var options = new CompileOptions { Capabilities = capabilities };
        RegoCompiler.Compile([new RegoModule("m0.rego", "package t\np if count([1], 1)")], null, options);
        var fault = Assert.Throws<RegoCompileException>(() => RegoCompiler.Compile([new RegoModule("m0.rego", "package t\np := upper(\"a\")\nq := 1 + 2")], null, options));
        Assert.Equal(["2:6: undefined function upper", "3:6: undefined function plus"], fault.Errors.Select(e => $"{e.Row}:{e.Col}: {e.Message}"));
        Assert.Throws<FormatException>(() => Capabilities.Parse(Values.RValue.Parse("""{"builtins": [1]}""")));
    }

    [Fact]
    public void In_a_query_a_comparison_that_never_holds_is_just_false()
    {
        var result = Assert.Single(Policy.Of("package t").Prepare("1 == \"a\"").Run(null));
        Assert.Equal("false", result.Expressions[0].Value.ToJson());
        Assert.Throws<RegoCompileException>(() => Policy.Of("package t").Prepare("1 = \"a\""));
    }
}
