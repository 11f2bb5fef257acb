using System.Diagnostics;
using Rego.Values;

namespace Rego.Tests;

/// <summary>Policies that mean harm, or were written by somebody who did not see how much they ask for: with the guards as they are set by default, each is over soon.</summary>
public class HostilePolicyTests(ITestOutputHelper output)
{
    // On a machine of its own nearly each takes less than a second, the worst 1.6 (REGO_HOSTILE_SECONDS=1 shows it); a test must not fail because others build.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(int.TryParse(Environment.GetEnvironmentVariable("REGO_HOSTILE_SECONDS"), out var seconds) ? seconds : 10);

    private const string Big = "big := concat(\"\", [\"abcdefgh\" | some i in numbers.range(1, 200000)])\n";

    [Theory]
    // Loops
    [InlineData("xs := numbers.range(1, 3000)\np := count([1 | some a in xs; some b in xs; some c in xs; a + b == c])")]
    [InlineData("xs := numbers.range(1, 3000)\np if { every a in xs { every b in xs { every c in xs { a + b + c > 0 } } } }")]
    [InlineData("xs := numbers.range(1, 3000)\np := {[a, b]: c | some a in xs; some b in xs; some c in xs}")]
    [InlineData("xs := numbers.range(1, 3000)\nf(x) := count([1 | some a in xs; a > x])\np := sum([f(a * 3000 + b) | some a in xs; some b in xs])")]
    [InlineData("xs := numbers.range(1, 3000)\np contains [a, b, c] if { some a in xs; some b in xs; some c in xs }")]
    [InlineData("xs := numbers.range(1, 100)\np := count([1 | some a in xs; some b in xs; some c in xs; some d in xs; regex.match(sprintf(\"^%d(.*)*%d$\", [a, b]), sprintf(\"%d%d\", [c, d]))])")]
    // Ranges and numbers
    [InlineData("p := numbers.range(1, 1000000000000)")]
    [InlineData("p := numbers.range_step(1, 1000000000000, 1)")]
    [InlineData("p := count(numbers.range(1, 9000000))")]
    [InlineData("p := product([x | some i in numbers.range(1, 100000); x := 1e30000])")]
    [InlineData("p := bits.lsh(1, 100000000)")]
    [InlineData("x0 := bits.lsh(1, 60000)\np := count(format_int(x0, 10))")]
    // Text
    [InlineData(Big + "p := count(sprintf(\"%s%s%s%s%s%s%s%s%s%s%s%s\", [big, big, big, big, big, big, big, big, big, big, big, big]))")]
    [InlineData(Big + "p := count(replace(big, \"a\", big))")]
    [InlineData(Big + "p := count(strings.replace_n({\"a\": big, \"b\": big}, big))")]
    [InlineData(Big + "p := count(json.marshal([big | some i in numbers.range(1, 1000)]))")]
    [InlineData(Big + "p := count(base64.encode(concat(\"\", [big | some i in numbers.range(1, 100)])))")]
    [InlineData(Big + "p := count([x | some i in numbers.range(1, 10000); x := base64.encode(big)])")]
    [InlineData(Big + "p := count([x | some i in numbers.range(1, 10000); x := crypto.sha256(big)])")]
    [InlineData(Big + "p := count([x | some i in numbers.range(1, 10000); x := upper(big)])")]
    [InlineData(Big + "p := count([x | some i in numbers.range(1, 10000); x := contains(big, \"zz\")])")]
    [InlineData(Big + "p := count([x | some i in numbers.range(1, 10000); x := indexof(big, sprintf(\"%d\", [i]))])")]
    [InlineData(Big + "p := count([x | some i in numbers.range(1, 10000); x := split(big, \"a\")])")]
    [InlineData(Big + "p := count([x | some i in numbers.range(1, 10000); x := strings.reverse(big)])")]
    [InlineData(Big + "p := count([x | some i in numbers.range(1, 10000); x := trim(big, big)])")]
    [InlineData(Big + "p := count([x | some i in numbers.range(1, 10000); x := substring(big, 100, -1)])")]
    [InlineData(Big + "p := count([x | some i in numbers.range(1, 10000); x := indexof_n(big, \"a\")])")]
    [InlineData(Big + "p := count([x | some i in numbers.range(1, 10000); x := strings.count(big, \"a\")])")]
    [InlineData(Big + "p := count([x | some i in numbers.range(1, 10000); x := urlquery.encode(big)])")]
    [InlineData(Big + "p := count([x | some i in numbers.range(1, 10000); x := hex.encode(big)])")]
    [InlineData(Big + "p := count([x | some i in numbers.range(1, 10000); x := yaml.unmarshal(big)])")]
    [InlineData(Big + "p := count([x | some i in numbers.range(1, 10000); x := json.unmarshal(json.marshal(big))])")]
    [InlineData("p := strings.render_template(\"{{range .a}}{{range $.a}}{{range $.a}}x{{end}}{{end}}{{end}}\", {\"a\": numbers.range(1, 1000)})")]
    // Patterns
    [InlineData(Big + "p := regex.match(`(a|b|c|d|e|f|g|h|ab|cd)*x`, big)")]
    [InlineData(Big + "p := regex.find_all_string_submatch_n(`(a(b(c)?)?)*`, big, -1)")]
    [InlineData(Big + "p := regex.replace(big, `(a+)+(b+)+`, big)")]
    [InlineData("p := regex.match(`((((a{1,50}){1,50}){1,50}){1,50}){1,50}`, \"aaaa\")")]
    [InlineData("p := count([x | some i in numbers.range(1, 100000); x := regex.match(sprintf(`^(a|b)*%d[a-z]{1,100}`, [i]), \"ababab\")])")]
    [InlineData(Big + "p := glob.match(\"*a*b*c*d*e*f*g*h*x\", [], big)")]
    [InlineData("p := glob.match(\"{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}\", [], \"abababababababababababx\")")]
    [InlineData("p := regex.globs_match(\"(a|b)*(a|b)*(a|b)*(a|b)*(a|b)*c\", \"(a|b)*(a|b)*(a|b)*(a|b)*(a|b)*d\")")]
    // Documents
    [InlineData("g := {sprintf(\"%d\", [i]): [sprintf(\"%d\", [j]) | some j in numbers.range(1, 1000)] | some i in numbers.range(1, 1000)}\np := count(graph.reachable(g, [\"1\"]))")]
    [InlineData("g := {sprintf(\"%d\", [i]): [sprintf(\"%d\", [j]) | some j in numbers.range(1, 30)] | some i in numbers.range(1, 30)}\np := count(graph.reachable_paths(g, [\"1\"]))")]
    [InlineData("xs := [numbers.range(1, 1000) | some i in numbers.range(1, 1000)]\np := count([1 | walk(xs, [path, value]); walk(xs, [path, value])])")]
    [InlineData("o := {sprintf(\"%d\", [i]): i | some i in numbers.range(1, 10000)}\np := count([x | some i in numbers.range(1, 10000); x := object.union(o, {\"a\": i})])")]
    [InlineData("o := {sprintf(\"%d\", [i]): i | some i in numbers.range(1, 10000)}\np := count([x | some i in numbers.range(1, 10000); x := json.patch(o, [{\"op\": \"add\", \"path\": \"/a\", \"value\": i}])])")]
    [InlineData("o := numbers.range(1, 10000)\np := json.patch(o, [{\"op\": \"add\", \"path\": \"/0\", \"value\": i} | some i in numbers.range(1, 10000)])")]
    [InlineData("xs := numbers.range(1, 10000)\np := count([x | some i in xs; x := array.concat(xs, [i])])")]
    [InlineData("xs := numbers.range(1, 10000)\np := count([x | some i in xs; x := sort(xs)])")]
    [InlineData("xs := {x | some x in numbers.range(1, 10000)}\np := count([x | some i in xs; x := xs | {i}])")]
    [InlineData("xs := numbers.range(1, 10000)\np := count([x | some i in xs; x := sum(xs)])")]
    [InlineData("xs := numbers.range(1, 10000)\np := count([x | some i in xs; x := count(json.marshal(xs))])")]
    [InlineData("xs := numbers.range(1, 10000)\np := count([x | some i in xs; x := (i in xs)])")]
    [InlineData("p := count([x | some i in numbers.range(1, 100000); x := net.cidr_merge([\"10.0.0.0/8\", \"10.1.0.0/16\"])])")]
    [InlineData("p := net.cidr_expand(\"10.0.0.0/1\")")]
    [InlineData("p := json.match_schema({\"a\": 1}, {\"$ref\": \"#/definitions/a\", \"definitions\": {\"a\": {\"$ref\": \"#/definitions/a\"}}})")]
    // Tokens and times
    [InlineData("p := count([x | some i in numbers.range(1, 100000); x := io.jwt.encode_sign({\"alg\": \"HS256\"}, {\"i\": i}, {\"kty\": \"oct\", \"k\": \"c2VjcmV0\"})])")]
    [InlineData(Big + "p := io.jwt.decode(concat(\".\", [big, big, big]))")]
    [InlineData("p := count([x | some i in numbers.range(1, 1000000); x := time.format([i, \"Europe/Berlin\", \"Mon Jan 2 15:04:05 MST 2006 .000000000\"])])")]
    [InlineData("p := count([x | some i in numbers.range(1, 1000000); x := time.parse_ns(\"2006-01-02T15:04:05Z07:00\", \"2020-02-30T10:10:10Z\")])")]
    public void It_is_over_soon_and_the_process_lives_on(string rules)
    {
        var policy = Policy.Of("package t\n" + rules);
        var before = GC.GetTotalAllocatedBytes();
        var watch = Stopwatch.StartNew();

        var fault = Record.Exception(() => policy.Evaluate("data.t.p", null, new EvaluationOptions { StrictBuiltinErrors = true }));

        output.WriteLine($"{watch.ElapsedMilliseconds} ms, {(GC.GetTotalAllocatedBytes() - before) / 1_000_000} MB: {fault?.Message ?? "done"}");
        Assert.True(fault is null or RegoEvaluationException, fault?.ToString());
        Assert.True(watch.Elapsed < Soon, $"took {watch.Elapsed}: {fault?.Message}");
        Assert.Equal("2", Policy.P("p := 1 + 1"));
    }
}
