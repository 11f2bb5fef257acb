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
        Assert.Equal("""not blocked does not hold (blocked = true)""", why.Rules[1].Failed!.InWords());
        Assert.True(why.Rules[2].IsDefault);
    }

    [Fact]
    public void The_reasons_of_a_reason_are_told_below_it()
    {
        var lines = Explain("data.t.allow", """{"user": "eve", "roles": ["admin"]}""").InWords();

        Assert.Equal("data.t.allow is false:", lines[0]);
        Assert.Contains(lines, l => l == "      data.t.blocked is true:");
        Assert.Contains(lines, l => l == "        - t.rego:15 fired (blocked)");
        Assert.Equal("  - t.rego:3 is the default, used because no other rule fired", lines[^1]);
    }

    [Fact]
    public void What_fired_is_told_with_what_held_and_what_it_asked_for()
    {
        var why = Explain("data.t.allow", """{"user": "bob", "roles": ["guest", "admin"]}""");

        Assert.Equal(
            ["some role in input.roles (role = \"admin\")", "role == \"admin\"", "not blocked (blocked is undefined)"],
            why.Rules.Single(r => r.Fired).Held.Select(h => h.InWords()));
        Assert.Contains("      data.t.blocked is undefined: its rule did not fire", why.InWords());
    }

    [Fact]
    public void Where_a_statement_could_have_held_in_several_ways_all_are_told() =>
        Assert.Contains("role == \"admin\" does not hold (role = \"a\", \"b\", \"c\" or one of 1 more)", Explain("data.t.allow", """{"roles": ["a", "b", "c", "d"]}""").Rules[1].Failed!.InWords(), StringComparison.Ordinal);

    [Fact]
    public void The_title_of_the_metadata_names_the_rule_and_the_nearest_come_first()
    {
        const string Text = """
            package t

            deny contains "far" if input.a == 2

            deny contains "further" if input.a == 3

            deny contains "out" if input.a == 4

            # METADATA
            # title: Nobody is near
            deny contains "near" if {
            	input.b == 1
            	input.a == 2
            }

            # METADATA
            # title: Ones are refused
            deny contains "one" if input.a == 1
            """;
        var lines = RegoCompiler.Compile([new RegoModule("t.rego", Text)]).Explain("data.t.deny", RValue.Parse("""{"a": 1, "b": 1}""")).InWords();

        Assert.Equal(
            [
                "data.t.deny is {\"one\"}:",
                "  - t.rego:18 fired “Ones are refused”",
                "      because input.a == 1",
                "  - t.rego:11 did not fire (“Nobody is near”): input.a == 2 does not hold (input.a = 1) in line 13",
            ],
            lines.Take(4));
        Assert.Equal("  - 1 other rule did not fire", lines[^1]);
    }

    [Fact]
    public void Packages_with_names_in_quotes_are_explained() =>
        Assert.Equal("data.a[\"b-c\"].p", RegoCompiler.Compile([new RegoModule("t.rego", "package a[\"b-c\"]\n\np := 1\n")]).Explain("data.a[\"b-c\"].p", null).Path);

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
