namespace Rego.Tests;

/// <summary>rego.parse_module: names and keys of heads, order of terms, and what is told of text that is no module.</summary>
public class ModuleJsonTests
{
    private static string Ask(string expression, string text) =>
        Policy.P($"p := {expression}", System.Text.Json.JsonSerializer.Serialize(text), new EvaluationOptions { StrictBuiltinErrors = true });

    [Theory]
    [InlineData("p := 1", "[\"p\",null,1]")]
    [InlineData("p.q := 1", "[\"p\",\"q\",2]")]
    [InlineData("p.q := 1 if true", "[\"p\",null,2]")]
    [InlineData("p.q if true", "[null,null,2]")]
    [InlineData("p[x] if x := 1", "[null,\"x\",2]")]
    [InlineData("p[x] := 2 if x := 1", "[\"p\",\"x\",2]")]
    [InlineData("p.f(x) := 2", "[null,null,2]")]
    [InlineData("p.f(x) if x", "[\"p\",null,2]")]
    [InlineData("p contains x if x := 1", "[\"p\",\"x\",1]")]
    [InlineData("p.q contains x if x := 1", "[null,\"x\",2]")]
    [InlineData("p.q.r := 1", "[null,null,3]")]
    public void A_head_has_name_and_key_where_OPA_gives_them(string rule, string expected) =>
        Assert.Equal(expected, Ask("[object.get(h, \"name\", null), object.get(h, [\"key\", \"value\"], null), count(h.ref)] if h := rego.parse_module(\"m.rego\", input).rules[0].head", "package a\n" + rule));

    [Fact]
    public void Members_of_sets_and_objects_come_in_order()
    {
        const string Module = "package a\np := {3, 1, \"a\", 1, x}\nq := {\"b\": 1, 2: 3, \"a\": 4}";

        Assert.Equal("[[1,3,\"a\",\"x\"],[2,\"a\",\"b\"]]",
            Ask("[[i.value | some i in m.rules[0].head.value.value], [i[0].value | some i in m.rules[1].head.value.value]] if m := rego.parse_module(\"m.rego\", input)", Module));
    }

    [Theory]
    [InlineData("p := 1 if true\nelse if false", "[true,true]")]
    [InlineData("p := 1 if true\nelse = 2 if false", "[true,null]")]
    public void What_is_otherwise_is_assigned_as_the_rule_unless_it_says_so(string rule, string expected) =>
        Assert.Equal(expected, Ask("[r.head.assign, object.get(r, [\"else\", \"head\", \"assign\"], null)] if r := rego.parse_module(\"m.rego\", input).rules[0]", "package a\n" + rule));

    [Theory]
    [InlineData("m.rego", "", "m.rego:0: rego_parse_error: empty module")]
    [InlineData("", "", "0:0: rego_parse_error: empty module")]
    [InlineData("m.rego", "package a\np { true }", "1 error occurred: m.rego:2: rego_parse_error: `if` keyword is required before rule body")]
    [InlineData("m.rego", "package a\np if {\n\tx = 'a'\n}", "1 error occurred: m.rego:3: rego_parse_error: illegal token\n\tx = 'a'\n\t    ^")]
    public void What_is_no_module_is_told_with_its_line(string file, string text, string expected)
    {
        var fault = Assert.Throws<RegoEvaluationException>(() => Ask($"rego.parse_module(\"{file}\", input)", text));

        Assert.Equal("rego.parse_module: " + expected, fault.Reason);
    }
}
