using System.Diagnostics;
using System.Text;
using Rego.Values;

namespace Rego.Tests;

/// <summary>
/// Policies and inputs that are far too large, too deep or too long somewhere: each is answered or refused soon, from reading the text to
/// writing the answer, and the process goes on as before.
/// </summary>
public class HostileSizesTests(ITestOutputHelper output)
{
    // On a machine of its own each takes less than a second (REGO_HOSTILE_SECONDS=1 shows it); a test must not fail because others build.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(int.TryParse(Environment.GetEnvironmentVariable("REGO_HOSTILE_SECONDS"), out var seconds) ? seconds : 30);

    private const string Big = "big := concat(\"\", [\"abcdefgh\" | some i in numbers.range(1, 200000)])\n";
    private const string Loop = "some i in numbers.range(1, 1000000); ";

    private static string Times(string text, int n) => string.Concat(Enumerable.Repeat(text, n));

    private static string Nested(string open, string core, string close, int n) => Times(open, n) + core + Times(close, n);

    private static string Rules(int n, Func<int, string> rule) => string.Join('\n', Enumerable.Range(0, n).Select(rule));

    private static readonly Dictionary<string, Func<(string Rules, string? Input)>> Cases = new(StringComparer.Ordinal)
    {
        // The text itself
        ["brackets a hundred thousand deep"] = () => ("p := " + Nested("[", "1", "]", 100_000), null),
        ["parentheses two thousand deep"] = () => ("p := " + Nested("(", "1", ")", 2_000), null),
        ["comprehensions in comprehensions"] = () => ("p := " + Nested("[x | x := ", "1", "]", 500), null),
        ["loops in comprehensions in loops"] = () => ("p := " + Nested("{x | some x in ", "{1, 2}", "}", 500), null),
        ["every in every"] = () => ("p if " + Nested("every x in [1, 2] { ", "x > 0", " }", 12), null),
        ["templates in templates"] = () => ("p := " + Nested("$\"{", "1", "}\"", 200), null),
        ["a chain of ten thousand sums"] = () => ("p := " + string.Join(" + ", Enumerable.Repeat("1", 9_000)), null),
        ["a chain of ten thousand unions"] = () => ("p := count(" + string.Join(" | ", Enumerable.Range(0, 3_000).Select(i => $"{{{i}}}")) + ")", null),
        ["an endless chain"] = () => ("p := " + string.Join(" + ", Enumerable.Repeat("1", 200_000)), null),
        ["a name of a million letters"] = () => (new string('p', 1_000_000) + " := 1\np := " + new string('p', 1_000_000), null),
        ["a text of ten million letters"] = () => ("p := count(\"" + new string('x', 10_000_000) + "\")", null),
        ["a number of a million digits"] = () => ("p := " + new string('9', 1_000_000) + " + 1", null),
        ["twenty thousand rules"] = () => (Rules(20_000, i => $"p{i} := {i}") + "\np := p19999", null),
        ["ten thousand definitions of one rule"] = () => (Rules(10_000, i => $"p contains {i} if input.x == {i}"), """{"x": 5}"""),
        ["five thousand branches"] = () => ("p := 0 if input.x == 0\n" + Rules(5_000, i => $"else := {i} if input.x == {i}"), """{"x": 4999}"""),
        ["a hundred replacements by with"] = () => ("q := input\np := q" + Rules(500, i => $" with input.a{i} as {i}").Replace("\n", "", StringComparison.Ordinal), null),
        ["with in with in with"] = () => (Rules(400, i => $"q{i} := q{i + 1} with input.x as {i}") + "\nq400 := input.x\np := q0", null),
        ["rules that read one another"] = () => (Rules(3_000, i => $"q{i} := q{(i + 1) % 3_000}") + "\np := q0", null),
        ["rules that read all of data"] = () => ("p := count(data.t)", null),
        ["functions that call one another twice"] = () => (Rules(60, i => $"f{i}(x) := f{i + 1}(x + 1) + f{i + 1}(x + 2)") + "\nf60(x) := x\np := f0(1)", null),
        ["a regular expression of a megabyte"] = () => ("p := regex.match(\"" + Times("(a|b)*", 160_000) + "\", \"ab\")", null),
        ["an object literal of a hundred thousand entries"] = () => ("p := count({" + string.Join(", ", Enumerable.Range(0, 100_000).Select(i => $"\"k{i}\": {i}")) + "})", null),
        ["a body of six thousand statements"] = () => ("p if {\n" + Rules(6_000, i => $"x{i} := {i}") + "\n}", null),
        ["variables that wait for one another"] = () => ("p if {\n" + Rules(1_000, i => $"x{i} = x{i + 1}") + "\nx1000 = 1\n}", null),

        // Numbers
        ["a power without end"] = () => ("p := 1e1000000000 * 1e1000000000", null),
        ["powers compared"] = () => ("p := count([1 | " + Loop + "1e999999999 > 1e-999999999])", null),
        ["products that grow"] = () => ("p := product(numbers.range(1, 100000))", null),
        ["bits shifted far"] = () => ("p := count([x | " + Loop + "x := bits.lsh(1, 16000)])", null),
        ["a number read from a megabyte"] = () => ("p := to_number(concat(\"\", [\"9\" | some i in numbers.range(1, 1000000)])) + 1", null),
        ["numbers written in base two"] = () => ("p := count([x | " + Loop + "x := format_int(bits.lsh(1, 10000) + i, 2)])", null),
        ["a range of everything"] = () => ("p := count(numbers.range_step(-9000000000000000000, 9000000000000000000, 1))", null),
        ["rounding of long numbers"] = () => ("p := count([x | " + Loop + "x := round(i * 1.000000001)])", null),

        // Text
        ["a width of a billion"] = () => ("p := sprintf(\"%999999999d|%-999999999s|%.999999999f\", [1, \"a\", 1])", null),
        ["a width from the arguments"] = () => ("p := sprintf(\"%*d\", [999999999, 1])", null),
        ["widths in a loop"] = () => ("p := count([x | " + Loop + "x := sprintf(\"%900000d\", [i])])", null),
        ["a text that doubles"] = () => ("p := p40\np0 := \"abcdefgh\"\n" + Rules(40, i => $"p{i + 1} := concat(p{i}, [p{i}, p{i}])"), null),
        ["a template that doubles"] = () => ("p := p40\np0 := \"abcdefgh\"\n" + Rules(40, i => $"p{i + 1} := $\"{{p{i}}}{{p{i}}}\""), null),
        ["base64 of base64"] = () => ("p := p40\np0 := concat(\"\", [\"abcdefgh\" | some i in numbers.range(1, 1000)])\n" + Rules(40, i => $"p{i + 1} := base64.encode(p{i})"), null),
        ["json in json"] = () => ("p := p40\np0 := \"\\\"\"\n" + Rules(40, i => $"p{i + 1} := json.marshal(p{i})"), null),
        ["percent of percent"] = () => ("p := p40\np0 := \"%\"\n" + Rules(40, i => $"p{i + 1} := urlquery.encode(p{i})"), null),
        ["a replacement that grows"] = () => ("p := p40\np0 := \"aa\"\n" + Rules(40, i => $"p{i + 1} := regex.replace(p{i}, \"a\", \"aaaa\")"), null),
        ["replacements of every letter"] = () => (Big + "p := count([x | " + Loop + "x := strings.replace_n({\"a\": \"b\", \"b\": \"c\", \"c\": \"a\", \"h\": \"xx\"}, big)])", null),
        ["a text cut into letters"] = () => (Big + "p := count([x | " + Loop + "x := split(big, \"\")])", null),
        ["a text of patterns"] = () => (Big + "p := count([x | " + Loop + "x := regex.split(\"[a-d]+\", big)])", null),
        ["all submatches"] = () => (Big + "p := count([x | " + Loop + "x := regex.find_n(`(?:a(?:b(?:c)?)?)+|[a-z]`, big, -1)])", null),
        ["prefixes of prefixes"] = () => ("xs := [concat(\"\", [\"a\" | some j in numbers.range(1, 200)]) | some i in numbers.range(1, 3000)]\np := strings.any_prefix_match(xs, [sprintf(\"%s%d\", [x, i]) | some i, x in xs])", null),
        ["a version of a megabyte"] = () => ("v := concat(\"\", [\"9\" | some i in numbers.range(1, 1000000)])\np := semver.compare(concat(\".\", [v, v, v]), concat(\".\", [v, v, v]))", null),
        ["units of a megabyte"] = () => ("v := concat(\"\", [\"9\" | some i in numbers.range(1, 1000000)])\np := units.parse_bytes(concat(\"\", [v, \"Ki\"]))", null),
        ["globs of stars"] = () => (Big + "p := glob.match(concat(\"\", [\"*a\" | some i in numbers.range(1, 1000)]), [\".\"], big)", null),
        ["globs of braces"] = () => ("p := glob.match(\"" + Times("{a,b,c,d}", 500) + "\", [], \"abcd\")", null),

        // Documents
        ["a patch that doubles"] = () => ("p := p40\np0 := {\"a\": [1, 2, 3]}\n" + Rules(40, i => $"p{i + 1} := json.patch(p{i}, [{{\"op\": \"copy\", \"from\": \"\", \"path\": \"/b{i}\"}}])"), null),
        ["a patch of many steps"] = () => ("o := {sprintf(\"%d\", [i]): numbers.range(1, 100) | some i in numbers.range(1, 1000)}\np := json.patch(o, [{\"op\": \"copy\", \"from\": sprintf(\"/%d\", [i]), \"path\": sprintf(\"/%d/0\", [i + 1])} | some i in numbers.range(1, 999)])", null),
        ["unions of many objects"] = () => ("os := [{sprintf(\"%d\", [j * i]): i | some j in numbers.range(1, 200)} | some i in numbers.range(1, 1000)]\np := count([x | " + Loop + "x := object.union_n(os)])", null),
        ["filters of everything"] = () => ("o := {sprintf(\"%d\", [i]): {\"a\": {\"b\": i}} | some i in numbers.range(1, 5000)}\np := count([x | " + Loop + "x := json.filter(o, [sprintf(\"%d/a/b\", [j]) | some j in numbers.range(1, 5000)])])", null),
        ["walks in walks"] = () => ("xs := {sprintf(\"%d\", [i]): numbers.range(1, 50) | some i in numbers.range(1, 50)}\np := count([1 | walk(xs, [a, _]); walk(xs, [b, _]); walk(xs, [c, _])])", null),
        ["a graph that is complete"] = () => ("g := {i: numbers.range(1, 400) | some i in numbers.range(1, 400)}\np := count([x | " + Loop + "x := graph.reachable(g, {1})])", null),
        ["paths in a ladder"] = () => ("g := {sprintf(\"%d\", [i]): [sprintf(\"%d\", [i + 1]), sprintf(\"%d\", [i + 2])] | some i in numbers.range(1, 60)}\np := count(graph.reachable_paths(g, {\"1\"}))", null),
        ["a chain as a graph"] = () => ("g := {i: [i + 1] | some i in numbers.range(1, 20000)}\np := count(graph.reachable_paths(g, {1}))", null),
        ["the whole internet"] = () => ("p := count(net.cidr_expand(\"0.0.0.0/0\")) + count(net.cidr_expand(\"2001:db8::/64\"))", null),
        ["networks merged"] = () => ("p := count(net.cidr_merge([sprintf(\"%d.%d.%d.0/24\", [a, b, c]) | some a in numbers.range(1, 50); some b in numbers.range(1, 50); some c in numbers.range(1, 20)]))", null),
        ["networks compared"] = () => ("xs := [sprintf(\"10.%d.%d.0/24\", [a, b]) | some a in numbers.range(1, 200); some b in numbers.range(1, 20)]\np := count(net.cidr_contains_matches(xs, xs))", null),
        ["a slice from nowhere to nowhere"] = () => ("p := count([x | " + Loop + "x := array.slice(numbers.range(1, 10000), -9223372036854775808, 9223372036854775807)])", null),
        ["sets in sets"] = () => ("s := {x | some x in numbers.range(1, 3000)}\np := count({x | some a in s; x := s - {a}})", null),
        ["a set of the same sets"] = () => ("s := {x | some x in numbers.range(1, 3000)}\np := count([1 | some a in s; some b in s; s - {a} == s - {b}])", null),
        ["comprehensions that make comprehensions"] = () => ("xs := numbers.range(1, 300)\np := {a: {b: {c: a + b + c | some c in xs} | some b in xs} | some a in xs}", null),
        ["json read from a text in a loop"] = () => ("j := json.marshal(numbers.range(1, 20000))\np := count([x | " + Loop + "x := json.unmarshal(j)])", null),
        ["json a hundred thousand deep"] = () => ("p := json.unmarshal(concat(\"\", array.concat([\"[\" | some i in numbers.range(1, 100000)], [\"]\" | some i in numbers.range(1, 100000)])))", null),
        ["json texts in json texts"] = () => ("p := json.is_valid(concat(\"\", [\"{\\\"a\\\":\" | some i in numbers.range(1, 100000)]))", null),
        ["yaml that laughs"] = () => ("p := count(json.marshal(yaml.unmarshal(\"a: &a [x,x,x,x,x,x,x,x,x]\\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\\ng: &g [*f,*f,*f,*f,*f,*f,*f,*f,*f]\\nh: &h [*g,*g,*g,*g,*g,*g,*g,*g,*g]\\ni: [*h,*h,*h,*h,*h,*h,*h,*h,*h]\\n\")))", null),
        ["yaml that holds itself"] = () => ("p := yaml.unmarshal(\"a: &a [*a]\")", null),
        ["yaml a hundred thousand deep"] = () => ("p := yaml.unmarshal(concat(\"\", [\"[\" | some i in numbers.range(1, 100000)]))", null),
        ["a schema that holds itself"] = () => ("p := json.match_schema({\"a\": {\"a\": {\"a\": {}}}}, {\"$ref\": \"#/definitions/n\", \"definitions\": {\"n\": {\"allOf\": [{\"$ref\": \"#/definitions/n\"}, {\"$ref\": \"#/definitions/n\"}]}}})", null),
        ["a schema of all of all of"] = () => ("p := json.match_schema(1, p12)\np0 := {\"type\": \"number\"}\n" + Rules(12, i => $"p{i + 1} := {{\"anyOf\": [{{\"allOf\": [p{i}, p{i}, {{\"type\": \"string\"}}]}}, p{i}, p{i}]}}"), null),
        ["fields in fields of a query"] = () => ("p := graphql.parse_query(concat(\"\", [\"{a\" | some i in numbers.range(1, 50000)]))", null),
        ["fragments in fragments"] = () => ("p := graphql.is_valid(concat(\" \", array.concat([\"{ ...f0 }\"], [sprintf(\"fragment f%d on Query { ...f%d ...f%d }\", [i, i + 1, i + 1]) | some i in numbers.range(0, 60)])), \"type Query { a: Int }\")", null),
        ["types of a megabyte"] = () => ("p := graphql.schema_is_valid(concat(\"\\n\", [sprintf(\"type T%d { a: T%d }\", [i, i + 1]) | some i in numbers.range(1, 20000)]))", null),

        // Tokens, times and secrets
        ["a token of a megabyte"] = () => (Big + "p := io.jwt.decode(sprintf(\"%s.%s.%s\", [base64url.encode_no_pad(json.marshal({\"alg\": \"HS256\", \"a\": big})), base64url.encode_no_pad(json.marshal({\"b\": big})), \"eA\"]))", null),
        ["tokens in a loop"] = () => ("p := count([x | " + Loop + "x := io.jwt.verify_hs256(\"eyJhbGciOiJIUzI1NiJ9.e30.eA\", sprintf(\"%d\", [i]))])", null),
        ["hashes in a loop"] = () => (Big + "p := count([x | " + Loop + "x := crypto.hmac.sha512(big, \"k\")])", null),
        ["certificates that are none"] = () => (Big + "p := crypto.x509.parse_certificates(base64.encode(big))", null),
        ["a layout of a megabyte"] = () => (Big + "p := time.format([0, \"UTC\", big])", null),
        ["layouts in a loop"] = () => ("p := count([x | " + Loop + "x := time.format([i, \"America/New_York\", \"Monday 2006-01-02T15:04:05.999999999Z07:00 MST\"])])", null),
        ["dates beyond time"] = () => ("p := [time.add_date(0, 2147483647, 2147483647, 2147483647), time.diff(9223372036854775807, -9223372036854775808)]", null),
        ["a module in a policy"] = () => ("p := rego.parse_module(\"a.rego\", concat(\"\", [\"package t\\np := \", concat(\"\", [\"[\" | some i in numbers.range(1, 100000)])]))", null),
        ["a template of loops"] = () => ("p := strings.render_template(concat(\"\", [\"{{range .a}}\" | some i in numbers.range(1, 5000)]), {\"a\": [1]})", null),

        // Inputs
        ["an input a hundred thousand deep"] = () => ("p := count(input)", Nested("[", "", "]", 100_000)),
        ["an input five hundred deep"] = () => ("p := count([1 | walk(input, [path, value])])", Nested("{\"a\":", "1", "}", 500)),
        ["an input of a hundred thousand names"] = () => ("p := count([1 | some k, v in input; some k2, v2 in input; v == v2])", "{" + string.Join(",", Enumerable.Range(0, 100_000).Select(i => $"\"k{i}\":{i}")) + "}"),
        ["an input of one long number"] = () => ("p := input * input", new string('7', 1_000_000)),
        ["an input that is sorted"] = () => ("p := count([x | " + Loop + "x := sort(input)])", "[" + string.Join(",", Enumerable.Range(0, 50_000).Select(i => $"\"{50_000 - i}\"")) + "]"),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void It_is_answered_or_refused_soon(string name)
    {
        var (rules, input) = Cases[name]();
        var before = GC.GetTotalAllocatedBytes();
        var watch = Stopwatch.StartNew();

        var said = "";
        var fault = Record.Exception(() =>
        {
            var policy = RegoCompiler.Compile([new RegoModule("t.rego", "package t\n" + rules)]);
            said = $"compiled in {watch.ElapsedMilliseconds} ms, ";
            var value = policy.Evaluate("data.t.p", input is null ? null : RValue.Parse(input), new EvaluationOptions { StrictBuiltinErrors = true });
            said += value is null ? "undefined" : $"{value.ToJson().Length} characters";
        });

        var took = watch.Elapsed;
        output.WriteLine($"{took.TotalMilliseconds:F0} ms, {(GC.GetTotalAllocatedBytes() - before) / 1_000_000} MB: {said} {Short(fault)}");
        Assert.True(fault is null or RegoEvaluationException or RegoCompileException or FormatException, fault?.ToString());
        Assert.True(took < Soon, $"took {took}: {said} {Short(fault)}");
        Assert.Equal("2", Policy.P("p := 1 + 1"));
    }

    private static string Short(Exception? fault) => fault is null ? "" : fault.Message.Length > 120 ? fault.Message[..120] : fault.Message;
}
