using System.Diagnostics;
using System.Globalization;
using System.Text;
using Rego.Values;

namespace Rego.Tests;

/// <summary>
/// Random damage to policies and random arguments to builtins: whatever comes of it, it is an answer or a Rego error, soon.
/// Two seconds by default; REGO_FUZZ_SECONDS and REGO_FUZZ_SEED make it longer and different.
/// </summary>
public class FuzzTests(ITestOutputHelper output)
{
    private static readonly TimeSpan TooSlow = TimeSpan.FromSeconds(20);

    private static readonly string[] Corpus =
    [
        "package t\n\nimport data.x as y\nimport input.user\n\ndefault allow := false\n\nallow if {\n\tsome role in data.users[user].roles\n\tsome p in data.roles[role].permissions\n\tp.action == input.action\n\tnot denied[p.resource]\n}\n\ndenied contains r if {\n\tr := input.resources[_]\n\tstartswith(r, \"secret\")\n}\n",
        "package t\n\nf(x) := y if {\n\tx > 1\n\ty := x * 2\n} else := 0\n\np[k] := v if {\n\tsome k, v in input.map\n\tv != null\n}\n\nq := {k: f(v) | some k, v in p; is_number(v)}\n\nevery_positive if every v in q { v >= 0 }\n",
        "package t\n\na.b[x].c := y if { some x, y in {\"k\": 1, \"l\": 2} }\na.d contains z if { z := [1, 2, 3][_] }\ns := sprintf(\"%s %d\", [\"x\", count(a.d)])\nt := $\"{s} and {input.nope}\"\nw := v if { v := s with input.a as 1 with data.z as [2] with count as 7 }\n",
        "# METADATA\n# title: Fruit\n# scope: package\n# custom:\n#   owner: eve\npackage t\n\n# METADATA\n# description: who may\n# schemas:\n# - input: {type: object, properties: {a: {type: number}}}\n# entrypoint: true\nallow if {\n\tinput.a > 1 # why\n\trego.metadata.rule().entrypoint\n\tevery i, x in input.list {\n\t\tx != i\n\t\tnot x in {3, \"b\"}\n\t}\n} else if {\n\tsome k, \"v\" in input.map\n\tcount(rego.metadata.chain()) > 0\n}\n",
        "package a.b\n\nfruit.apple.seeds = 12 if input.x == 1\nfruit[name].shape contains s if { some name in {\"p\", \"q\"}; s := concat(\"-\", [name, \"round\"]) }\ng(x, [y, {\"k\": z}]) := $`raw {x + y} \\{z}` if z\nr := {\"deep\": {\"er\": [g(1, [2, {\"k\": v}]) | some v in [true, false]]}}\nm := json.patch(r, [{\"op\": \"add\", \"path\": \"/deep/x\", \"value\": {1, 2} | {3}}])\nw := x if { x := data.a.b.r with input as {\"x\": 1} with json.patch as object.get }\nn if not m.deep == 1\n",
        "package old\n\nimport future.keywords.in\n\np[x] { x := input.list[_]; not q[x] }\nq[x] = y { y = input.map[x]; y != 1 }\ndefault r = false\nr { input.a == 1 } else = \"b\" { any([true, input.b]) }\ns = t { t := {u | u := input.list[_]; u in [1, 2]} } { t := set() }\n",
        "package t_test\n\nimport data.t\n\ntest_it if {\n\t[x, {\"a\": y}] = [1, {\"a\": 2}]\n\tx + y == 3\n\twalk({\"a\": [1]}, [path, 1])\n\tpath == [\"a\", 0]\n}\n",
    ];

    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", "(", ")", "|", "&", "_", "x", "input", "data", "data.t", "not ", "some x in ", "every k, v in ", " with input as 1", " with count as 3",
        ":=", "=", "==", "in", "if", "contains", "else := 1", "default ", "1e999", "-", "$\"{x}\"", "`", "\"", "\\", "#", "\n", ";", ",", ".", "..", "p", "p[x]", "f(x)",
        "set()", "null", "[y | y := ", "{y: z | some y, z in ", "count(", "contains ", "import rego.v1\n", "import data.t as u\n", "# METADATA\n# title: x\n", "# c\n", " as ", "every x in [1] { ", "$`{", "\\{", "data[x].y", "[x, _] = ", "{\"a\": x} := ", "json.patch(x, [])", "object.get(input, [", "walk(input, [p, v])", "0.1e-7", "é", "😀", "\0",
    ];

    private static readonly string[] Builtins =
    [
        "abs", "array.concat", "array.slice", "base64.decode", "bits.lsh", "concat", "count", "format_int", "glob.match", "graph.reachable_paths", "hex.decode", "indexof",
        "io.jwt.decode", "io.jwt.decode_verify", "io.jwt.encode_sign", "json.filter", "json.marshal_with_options", "json.match_schema", "json.patch", "json.remove", "json.unmarshal",
        "max", "net.cidr_contains", "net.cidr_merge", "numbers.range", "object.get", "object.subset", "object.union_n", "rand.intn", "regex.find_n", "regex.globs_match", "regex.match",
        "regex.replace", "regex.split", "regex.template_match", "round", "semver.compare", "sort", "split", "sprintf", "strings.replace_n", "substring", "sum", "time.add_date", "time.clock",
        "time.diff", "time.format", "time.parse_duration_ns", "time.parse_ns", "to_number", "trim", "union", "units.parse", "urlquery.decode_object", "uuid.parse", "walk", "yaml.unmarshal",
        "crypto.parse_private_keys", "crypto.x509.parse_and_verify_certificates", "crypto.x509.parse_certificate_request", "crypto.x509.parse_certificates", "crypto.x509.parse_keypair",
        "graphql.is_valid", "graphql.parse", "graphql.parse_query", "graphql.parse_schema", "graphql.schema_is_valid", "rego.parse_module", "strings.render_template", "providers.aws.sign_req",
        "graph.reachable", "array.reverse", "bits.rsh", "ceil", "indexof_n", "json.is_valid", "numbers.range_step", "object.filter", "regex.find_all_string_submatch_n", "strings.count", "time.weekday",
    ];

    private static readonly string[] Scalars =
    [
        "null", "true", "0", "1", "-1", "1.5", "1e3", "9223372036854775807", "-9223372036854775808", "1e30", "1e400", "\"\"", "\"a\"", "\"a/b\"", "\"[\"", "\"(\"", "\"{\"", "\"%d\"",
        "\"%*.*f\"", "\"%[3]d\"", "\"UTC\"", "\"2006-01-02\"", "\"2020-01-01\"", "\"1h\"", "\"10.0.0.0/8\"", "\"::1/64\"", "\"1.2.3\"", "\"10Ki\"", "\"e30.e30.e30\"", "\"{\\\"a\\\":1}\"",
        "\"a: [1\"", "\"\\u0000\"", "\"op\"", "\"add\"", "\"path\"", "\"value\"", "\"$ref\"", "\"#\"", "\"type\"", "\"object\"", "\"{a(b: 1) {c}}\"", "\"type Query { a(b: Int): Query }\"", "\"package a\\np := 1\"", "\"-----BEGIN CERTIFICATE-----\\nMIIB\\n-----END CERTIFICATE-----\"", "\"{{.a}}\"", "\"items\"", "\"dependencies\"", "\"required\"", "\"HS256\"",
    ];

    private static readonly RValue Input = RValue.Parse("""{"user": "a", "map": {"x": 1, "y": [2], "z": "v"}, "resources": ["secret1"], "list": [1, 2, "b"], "a": 2, "x": 1}""");

    [Fact]
    public void Damaged_policies_are_answered_or_refused()
    {
        Repeat((random, budget) =>
        {
            var text = new StringBuilder(Corpus[random.Next(Corpus.Length)]);
            for (var n = random.Next(1, 4); n > 0; n--) Damage(random, text);
            var version = random.Next(4) == 0 ? RegoVersion.V0 : RegoVersion.V1;
            Whole(new RegoModule("fuzz.rego", text.ToString()) { Version = version }, budget, random.Next(8) == 0);
        });
    }

    [Fact]
    public void Policies_made_of_random_parts_are_answered_or_refused()
    {
        Repeat((random, budget) => Whole(new RegoModule("fuzz.rego", new RandomPolicy(random).Write()), budget, random.Next(8) == 0));
    }

    private long _compiled;
    private long _leftAsWritten;

    /// <summary>All that is done with a module: it is compiled, evaluated, tested, laid out, and means the same laid out.</summary>
    private void Whole(RegoModule module, EvaluationOptions budget, bool isRecorded)
    {
        Attempt(module.Text, () =>
        {
            var options = new CompileOptions { Record = isRecorded };
            var policy = RegoCompiler.Compile([module], null, options);
            _compiled++;
            var before = Answer(policy, budget);
            policy.RunTests(null, budget);
            Assert.NotNull(before);
            if (isRecorded) Assert.NotNull(policy.Coverage);
            RegoModule formatted;
            try
            {
                formatted = module with { Text = RegoFormatter.Format(module) };
            }
            catch (RegoCompileException refused) when (refused.Errors[0].Code == "rego_format_error")
            {
                // The formatter would rather leave a file as it is than change what it means.
                _leftAsWritten++;
                return;
            }
            Assert.Equal(formatted.Text, RegoFormatter.Format(formatted));
            CompiledPolicy laidOut;
            try
            {
                laidOut = RegoCompiler.Compile([formatted], null, options);
            }
            catch (RegoCompileException broken)
            {
                throw new InvalidOperationException($"It compiles no more:\n{formatted.Text}", broken);
            }
            var after = Answer(laidOut, budget);
            // A fault names its row, which the layout moves; the guards may stop either first.
            if (before[0] == '!' || after[0] == '!') Assert.True(before[0] == after[0] || IsGuard(before) || IsGuard(after), $"{before} | {after}\n{formatted.Text}");
            else Assert.Equal(before, after);
        });
    }

    private static bool IsGuard(string answer) => answer.StartsWith("!eval_budget", StringComparison.Ordinal) || answer.StartsWith("!eval_deadline", StringComparison.Ordinal) || answer.StartsWith("!eval_size", StringComparison.Ordinal);

    private static string Answer(CompiledPolicy policy, EvaluationOptions budget)
    {
        try
        {
            return policy.Evaluate("data", Input, budget with { Now = DateTimeOffset.UnixEpoch })?.ToString() ?? "undefined";
        }
        catch (RegoEvaluationException fault)
        {
            return "!" + fault.Code;
        }
    }

    /// <summary>What earlier runs found in the layout.</summary>
    [Theory]
    [InlineData("p := 1 if { input.never } else := 2 if { {k: v | some k, v in input.map} }")]
    [InlineData("p := 1 if { input.never } else := v if { {\"k\": v} = {\"k\": 3} }")]
    [InlineData("p := [x | x := [y | y := [z | z := [1, 2][_]]]]")]
    public void A_policy_means_the_same_laid_out(string rules)
    {
        Whole(new RegoModule("fuzz.rego", "package t\n\n" + rules + "\n"), EvaluationOptions.Default, isRecorded: true);
        Assert.Equal((1, 0), (_compiled, _leftAsWritten));
    }

    [Theory]
    [InlineData("f(x) := y if {\n\tx > 1 # METADATA\n# title: x\n\n\ty := x * 2\n}")]
    public void Metadata_stays_what_it_is_or_the_file_stays_as_it_is(string rules) =>
        Whole(new RegoModule("fuzz.rego", "package t\n\n" + rules + "\n"), EvaluationOptions.Default, isRecorded: true);

    [Fact]
    public void Builtins_bear_any_arguments()
    {
        var policy = Policy.Of("package t");
        Repeat((random, budget) =>
        {
            var arguments = string.Join(", ", Enumerable.Range(0, random.Next(1, 4)).Select(_ => Value(random, 3)));
            var query = $"x = {Builtins[random.Next(Builtins.Length)]}({arguments})";
            Attempt(query, () =>
            {
                foreach (var result in policy.Prepare(query).Run(null, budget)) Assert.NotNull(result.Bindings["x"].ToJson());
            });
        });
    }

    private void Repeat(Action<Random, EvaluationOptions> work)
    {
        var seed = Number("REGO_FUZZ_SEED") ?? 1;
        var time = TimeSpan.FromSeconds(Number("REGO_FUZZ_SECONDS") ?? 2);
        var random = new Random(seed);
        var watch = Stopwatch.StartNew();
        var runs = 0L;
        for (; watch.Elapsed < time; runs++) work(random, new EvaluationOptions { StepBudget = 100_000, StrictBuiltinErrors = random.Next(2) == 0 });
        output.WriteLine($"{runs} runs with seed {seed}, {_compiled} policies compiled, {_leftAsWritten} not laid out");
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : null;

    private static void Attempt(string source, Action work)
    {
        var watch = Stopwatch.StartNew();
        var fault = Record.Exception(work);
        Assert.True(fault is null or RegoEvaluationException or RegoCompileException, $"{fault}\n---\n{source}");
        Assert.True(watch.Elapsed < TooSlow, $"took {watch.Elapsed}\n---\n{source}");
    }

    private static void Damage(Random random, StringBuilder text)
    {
        if (text.Length == 0) return;
        var at = random.Next(text.Length);
        switch (random.Next(4))
        {
            case 0: text.Remove(at, Math.Min(random.Next(1, 12), text.Length - at)); break;
            case 1: text.Insert(at, Pieces[random.Next(Pieces.Length)]); break;
            case 2:
                {
                    var other = Corpus[random.Next(Corpus.Length)];
                    var from = random.Next(other.Length);
                    text.Insert(at, other.AsSpan(from, Math.Min(random.Next(1, 60), other.Length - from)));
                    break;
                }
            default: text[at] = (char)random.Next(32, 127); break;
        }
    }

    private static string Value(Random random, int depth) => (depth <= 0 ? 0 : random.Next(6)) switch
    {
        1 => "[" + string.Join(", ", Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, depth - 1))) + "]",
        2 => "{" + string.Join(", ", Enumerable.Range(0, random.Next(4)).Select(_ => $"{Value(random, depth - 2)}: {Value(random, depth - 1)}")) + "}",
        3 => "{" + string.Join(", ", Enumerable.Range(0, random.Next(1, 3)).Select(_ => Value(random, depth - 1))) + "}",
        _ => Scalars[random.Next(Scalars.Length)],
    };
}
