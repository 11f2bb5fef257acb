using Rego.Tests.Conformance;
using Rego.Values;

namespace Rego.Tests;

public class FormatTests
{
    private static string Format(string text, RegoVersion version = RegoVersion.V1) => RegoFormatter.Format(new RegoModule("m.rego", text) { Version = version });

    [Theory]
    [InlineData("package   a.b\np:=1", "package a.b\n\np := 1\n")]
    [InlineData("package a\np=1 if{x:=1;x>0}", "package a\n\np := 1 if {\n\tx := 1\n\tx > 0\n}\n")]
    [InlineData("package a\n\n\nimport data.z\nimport data.b as c\n\n\n\np if true", "package a\n\nimport data.b as c\nimport data.z\n\np := true\n")]
    [InlineData("package a\np if {\n x := [1,\n2]\n}", "package a\n\np if {\n\tx := [\n\t\t1,\n\t\t2,\n\t]\n}\n")]
    [InlineData("package a\np := 1 if input.x else := 2 if { input.y }", "package a\n\np := 1 if input.x\n\nelse := 2 if input.y\n")]
    [InlineData("package a\np contains x if some x in [1,2]", "package a\n\np contains x if some x in [1, 2]\n")]
    [InlineData("package a\np if { not f(1) with input as {} with data.x as 1 }", "package a\n\np if not f(1) with input as {} with data.x as 1\n")]
    [InlineData("package a\np := 1 + 2 * 3", "package a\n\np := 1 + (2 * 3)\n")]
    [InlineData("package a\np if { x := 1 == 2 }", "package a\n\np if x := 1 == 2\n")]
    [InlineData("package a\np := {1|true}\nq := [x|x:=1]", "package a\n\np := {1 | true}\nq := [x | x := 1]\n")]
    [InlineData("package a\np := input[\"a\"][\"b-c\"][0].if", "package a\n\np := input.a[\"b-c\"][0].if\n")]
    [InlineData("package a\n# one\n\n# two\np := 1 # three\n# four", "package a\n\n# one\n\n# two\np := 1 # three\n\n# four\n")]
    [InlineData("package a\np := {\"a\":  # inside\n\"b\"} # end\n", "package a\n\np := {\"a\":  # inside\n\"b\"} # end\n")]
    [InlineData("package a\np := $\"{\"x\"} { 1 } {[1,\t2]} {input.a} {y+1}\"", "package a\n\np := $\"x 1 {[1, 2]} {input.a} {y + 1}\"\n")]
    [InlineData("package a\np := $`{\"x\"}\n{ y }\\{ {`z{`}`", "package a\n\np := $`x\n{y}\\{ z\\{`\n")]
    [InlineData("package a\np := $\"{ # one\n  y # two\n# three\n} {z}\"", "package a\n\np := $\"{ # one\n\ty # two\n\t# three\n\t} {z}\"\n")]
    [InlineData("package a\np := $\"{{1,\n2}} {x with input as 1}\"", "package a\n\np := $\"{{\n\t\t1,\n\t\t2,\n\t}} {x with input as 1}\"\n")]
    [InlineData("package a\np if { plus(x, 1, 2); plus(1, 2) == count(minus(a, b)) }", "package a\n\np if {\n\t2 = x + 1\n\t1 + 2 == count(a - b)\n}\n")]
    [InlineData("package a\nplus(x, y) := 1\n\np := plus(1, 2)", "package a\n\nplus(x, y) := 1\n\np := plus(1, 2)\n")]
    [InlineData("package a\nf(x) := 1 if { x == 1 } { x == 2 }", "package a\n\nf(x) := 1 if x == 1\n\nf(x) := 1 if x == 2\n")]
    [InlineData("package a\np if { x := count(\n[1, 2] # two\n) }", "package a\n\np if x := count([1, 2]) # two\n")]
    [InlineData("package a\np[\n{\"a\": #\n\"b\"} #\n] := true", "package a\n\np[{\"a\": #\n\"b\"}] := true #\n")]
    [InlineData("package a\np if {\n\tsome v1, v2, # c1\nv3 # c2\n}", "package a\n\np if {\n\tsome v1, v2, # c1\n\t\tv3 # c2\n}\n")]
    [InlineData("package a\nq := {\"a\": (x|y)}\n\nr := {(x|y): 1} if z", "package a\n\nq := {\"a\": (x | y)}\n\nr := {(x | y): 1} if z\n")]
    [InlineData("package a\np := 1 if {\n\tx\n} else := 2 if { true }\n\nq if {\n\tx\n} else if true", "package a\n\np := 1 if {\n\tx\n} else := 2\n\nq if {\n\tx\n} else := true\n")]
    [InlineData("package a\nimport rego.v1 # one\nimport future.keywords.if # two\n\np if q", "package a\n\nimport rego.v1 # one\n\n# two\n\np if q\n")]
    [InlineData("package a\np if { {y | y := input.x} }\n\nq if { {1, 2} }", "package a\n\np if {y | y := input.x}\n\nq if {\n\t{1, 2}\n}\n")]
    [InlineData("package a\np := $`\\\\{ \\d{ x }\\`", "package a\n\np := $`\\\\{ \\d{x}\\`\n")]
    [InlineData("package a\nin.b := 1", "package a\n\nin.b := 1\n")]
    public void A_module_is_laid_out_as_opa_fmt_does(string text, string expected) => Assert.Equal(expected, Format(text));

    [Fact]
    public void Rules_of_one_line_below_one_another_stay_together() =>
        Assert.Equal("package a\n\np := 1\nq := 2\n\nr := 3\n", Format("package a\n\np := 1\nq := 2\n\n\n\nr := 3"));

    [Fact]
    public void The_old_grammar_stays_the_old_grammar() =>
        Assert.Equal("package a\n\np[x] {\n\tx = 1\n}\n\nq = 2 {\n\ttrue\n\tinput.x\n}\n", Format("package a\np[x]{x=1}\nq=2{true;input.x}", RegoVersion.V0));

    [Fact]
    public void What_cannot_be_parsed_is_refused_with_its_place()
    {
        var fault = Assert.Throws<RegoCompileException>(() => Format("package a\np if {"));
        Assert.Equal("rego_parse_error", fault.Errors[0].Code);
    }

    private const string Upgraded = "package a\n\nimport rego.v1\n\nimport data.z # here\n\np contains x if x = z.y\n\nq := 2 if {\n\ttrue\n\tinput.x\n}\n\nr if input.s\n";

    [Theory]
    [InlineData("package a\nimport data.z # here\n\np[x]{x=z.y}\nq=2{true;input.x}\nr{input.s}")]
    [InlineData("package a\nimport future.keywords\n\nimport data.z # here\n\np[x]{x=z.y}\nq=2{true;input.x}\nr{input.s}")]
    public void The_old_grammar_is_turned_into_what_both_understand(string old)
    {
        var once = RegoFormatter.Format(new RegoModule("m.rego", old) { Version = RegoVersion.V0 }, new RegoLayout { Upgrade = true });

        Assert.Equal(Upgraded, once);
        Assert.Equal(once, RegoFormatter.Format(new RegoModule("m.rego", once) { Version = RegoVersion.V0 }, new RegoLayout { Upgrade = true }));
        Assert.Equal(Upgraded.Replace("import rego.v1\n\n", "", StringComparison.Ordinal), RegoFormatter.Format(new RegoModule("m.rego", once), new RegoLayout { DropOldImports = true }));
    }

    private const string Everything = """
        # top
        package a.b

        import data.x
        import data.y as z

        default allow := false

        allow if {
        	some i, j in input.list
        	every k, v in x.m {
        		k == v
        	}
        	not z.bad[i] with input.a as {"b": [1, 2]} with data.q as set()
        	y := [n | some n in numbers.range(1, 3); n > 1]
        } else := 2 if {
        	$"{i} of {count([1, 2])}" == "x"
        }

        f(a, {"k": [b, _]}) := c if {
        	c := (a + b) * 2
        }

        o[p].q contains r if r := {
        	"one": 1,
        	"two": {3, 4},
        }

        s := {u: w |
        	w := u
        }
        """;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Comments_at_odd_places_survive(int seed)
    {
        var random = new Random(seed);
        var refused = new List<string>();
        for (var round = 0; round < 300; round++)
        {
            var text = Everything;
            for (var n = random.Next(1, 4); n > 0; n--)
            {
                // Between words, after which a line may end
                var places = System.Text.RegularExpressions.Regex.Matches(text, @"(?<=[{\[(,|]|:=|==|\bif|\}|\]|\n)(?=[ \n]|\t|[a-z])").Select(m => m.Index).ToList();
                var at = places[random.Next(places.Count)];
                text = text.Insert(at, $" # c{round}.{n}\n");
            }
            try
            {
                var once = Format(text);
                Assert.Equal(once, Format(once));
                Assert.Equal(text.Count(c => c == '#'), once.Count(c => c == '#'));
            }
            catch (RegoCompileException fault) when (fault.Errors[0].Code != "rego_format_error")
            {
                // A line that may not end there.
            }
            catch (RegoCompileException)
            {
                refused.Add(text);
            }
        }
        Assert.True(refused.Count == 0, $"{refused.Count} refused:\n{refused.FirstOrDefault()}");
    }

    [Theory]
    [InlineData("v1", RegoVersion.V1)]
    [InlineData("v0-derived", RegoVersion.V0)]
    public void Formatting_any_policy_of_OPAs_suite_keeps_its_meaning_and_formatting_again_changes_nothing(string folder, RegoVersion version)
    {
        var cases = OpaSuiteTests.Beside(folder);
        Assert.SkipUnless(cases is not null && Directory.Exists(cases), "no conformance cases: set REGO_CONFORMANCE to a folder of OPA's test cases");
        var (formatted, refused) = (0, new List<string>());
        foreach (var one in ConformanceCase.ReadAll(cases!))
        {
            if (one.Fields.Get("modules") is not RArray modules) continue;
            foreach (var module in modules.Items.ToArray().Select(m => ((RString)m).Value))
            {
                try
                {
                    var once = Format(module, version);
                    Assert.Equal(once, Format(once, version));
                    formatted++;
                }
                catch (RegoCompileException fault) when (fault.Errors[0].Code == "rego_format_error")
                {
                    refused.Add(one.Note + "\n" + module);
                }
                catch (RegoCompileException)
                {
                    // Cases that must not parse.
                }
            }
        }
        Assert.True(formatted > 1000);
        Assert.True(refused.Count == 0, $"{refused.Count} of {formatted} refused:\n{string.Join('\n', refused.Take(3))}");
    }
}
