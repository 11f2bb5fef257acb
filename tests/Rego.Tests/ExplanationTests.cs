using Rego.Values;

namespace Rego.Tests;

public class ExplanationTests
{
    private const string Rules = """
        package t

        default allow := false

        allow if {
        	input.user == "root"
        }

        allow if {
        	some role in input.roles
        	role == "admin"
        	not blocked
        }

        blocked if input.user in data.blocked

        deny contains "too old" if input.age > limit

        deny contains "no name" if not input.name

        limit := 60
        """;

    private static Explanation Explain(string path, string input) =>
        RegoCompiler.Compile([new RegoModule("t.rego", Rules)], RValue.Parse("""{"blocked": ["eve"]}""")).Explain(path, RValue.Parse(input));

    [Fact]
    public void A_decision_says_which_rule_fired_and_what_stopped_the_others()
    {
        var why = Explain("data.t.allow", """{"user": "eve", "roles": ["admin"]}""");

        Assert.Equal(RBool.False, why.Value);
        Assert.Equal([false, false, true], why.Rules.Select(r => r.Fired));
        Assert.Equal("""input.user == "root" does not hold (input.user = "eve")""", why.Rules[0].Failed!.InWords());
        Assert.Equal("""not blocked does not hold (data.t.blocked = true)""", why.Rules[1].Failed!.InWords());
        Assert.True(why.Rules[2].IsDefault);
    }

    [Fact]
    public void The_reasons_of_a_reason_are_told_below_it()
    {
        var lines = Explain("data.t.allow", """{"user": "eve", "roles": ["admin"]}""").InWords();

        Assert.Equal("data.t.allow is false:", lines[0]);
        Assert.Contains(lines, l => l == "    data.t.blocked is true:");
        Assert.Contains(lines, l => l == "      - t.rego:15 fired (blocked) and gave true");
        Assert.Equal("  - t.rego:3 is the default, used because no other rule fired", lines[^1]);
    }

    [Fact]
    public void A_set_says_what_each_rule_put_into_it()
    {
        var why = Explain("data.t.deny", """{"age": 40}""");

        Assert.Equal("""data.t.limit = 60, input.age = 40""", string.Join(", ", why.Rules[0].Failed!.Values.Select(v => $"{v.Key} = {v.Value}")));
        Assert.Equal("""{"no name"}""", why.Rules[1].Value!.ToString());
    }

    [Fact]
    public void What_is_not_there_is_said_to_be_undefined()
    {
        var why = Explain("data.t.allow", "{}");

        Assert.Contains("input.user is undefined", why.Rules[0].Failed!.InWords(), StringComparison.Ordinal);
        Assert.Contains("input.roles", why.Rules[1].Failed!.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data.nowhere")]
    [InlineData("input.x")]
    [InlineData("1 +")]
    public void A_path_without_rules_is_refused(string path) => Assert.Throws<RegoCompileException>(() => Explain(path, "{}"));

    [Fact]
    public void The_part_of_a_rule_is_explained_by_the_rule() => Assert.Equal("data.t.limit", Explain("data.t.limit.x.y", "{}").Path);
}
