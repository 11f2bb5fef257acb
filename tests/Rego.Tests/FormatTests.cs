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
