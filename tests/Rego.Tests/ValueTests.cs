using Rego.Values;

namespace Rego.Tests;

public class ValueTests
{
    [Theory]
    [InlineData("0.1 + 0.2", "0.3")]
    [InlineData("1.1 + 2.2", "3.3000000000000000002")]
    [InlineData("3 - 2.9", "0.09999999999999999991")]
    [InlineData("1 / 3", "0.33333333333333333334")]
    [InlineData("10 / 2", "5")]
    [InlineData("7 / 2", "3.5")]
    [InlineData("-7 / 2", "-3.5")]
    [InlineData("7 % 3", "1")]
    [InlineData("-7 % 3", "-1")]
    [InlineData("100000000000000000000 + 1", "100000000000000000000")]
    [InlineData("9223372036854775807 + 1", "9223372036854775808")]
    [InlineData("99999999999999999999 * 99999999999999999999", "10000000000000000000000000000000000000000")]
    [InlineData("1234567.891 * 10", "1.234567891e+07")]
    [InlineData("1234567.5 * 1", "1.2345675e+06")]
    [InlineData("0.00001 * 1", "1e-05")]
    [InlineData("round(2.5)", "3")]
    [InlineData("round(-2.5)", "-3")]
    [InlineData("ceil(1.2)", "2")]
    [InlineData("floor(-1.2)", "-2")]
    [InlineData("1.50", "1.50")]
    [InlineData("to_number(\"1e3\")", "1e3")]
    public void Arithmetic_has_a_mantissa_of_64_bits(string term, string expected) => Assert.Equal(expected, Policy.P("p := " + term));

    [Theory]
    [InlineData("1 / 0")]
    [InlineData("7.5 % 2")]
    [InlineData("{1} - 1")]
    [InlineData("to_number(\"zz\")")]
    public void A_builtin_that_fails_is_undefined(string term) => Assert.Equal("undefined", Policy.P("p := " + term));

    [Theory]
    [InlineData("1 / 0", "eval_builtin_error", "div: divide by zero")]
    [InlineData("7.5 % 2", "eval_builtin_error", "rem: modulo on floating-point number")]
    [InlineData("input.a * 2", "eval_type_error", "mul: operand 1 must be number but got string")]
    [InlineData("count(input.n)", "eval_type_error", "count: operand 1 must be one of {array, object, set, string} but got number")]
    [InlineData("regex.match(\"(a)\\\\1\", \"aa\")", "eval_builtin_error", "regex.match: error parsing regexp: invalid escape sequence: `\\1`")]
    public void A_builtin_that_fails_halts_when_strict(string term, string code, string message)
    {
        var fault = Assert.Throws<RegoEvaluationException>(() => Policy.P("p := " + term, """{"a": "x", "n": 1}""", new EvaluationOptions { StrictBuiltinErrors = true }));
        Assert.Equal(code, fault.Code);
        Assert.Equal(message, fault.Reason);
        Assert.Equal(2, fault.Row);
    }

    [Fact]
    public void Numbers_are_one_by_value()
    {
        var a = RValue.Parse("1.0");
        var b = RValue.Parse("1");
        var c = RValue.Parse("1e0");
        Assert.Equal(a, b);
        Assert.Equal(b, c);
        Assert.Equal(a.GetHashCode(), c.GetHashCode());
        Assert.NotEqual(RValue.Parse("9007199254740993"), RValue.Parse("9007199254740992"));
        Assert.Equal(RValue.Parse("100000000000000000000.00"), RValue.Parse("1e20"));
        Assert.Equal(RValue.Parse("100000000000000000000.00").GetHashCode(), RValue.Parse("1e20").GetHashCode());
    }

    [Fact]
    public void The_order_over_all_values_is_total()
    {
        string[] ascending = ["null", "false", "true", "-1e400", "-2", "0.5", "1", "1e400", "\"\"", "\"a\"", "\"\\uffff\"", "\"\\ud83d\\ude00\"", "[]", "[1]", "[1, 2]", "[2]", "{}", "{\"a\": 1}", "{\"a\": 1, \"b\": 0}", "{\"a\": 2}", "{\"b\": 0}"];
        var values = ascending.Select(RValue.Parse).ToList();
        for (var i = 0; i < values.Count; i++)
        {
            for (var j = 0; j < values.Count; j++)
                Assert.True(Math.Sign(RValue.Compare(values[i], values[j])) == Math.Sign(i.CompareTo(j)), $"{ascending[i]} against {ascending[j]}");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"a\": 1,}")]
    [InlineData("[1] 2")]
    [InlineData("01")]
    [InlineData("nul")]
    public void Text_that_is_no_JSON_is_a_format_fault_with_a_place(string text)
    {
        var fault = Assert.Throws<FormatException>(() => RValue.Parse(text));
        Assert.NotEmpty(fault.Message);
    }

    [Theory]
    [InlineData("""{"b": [1.0, 1e2, 12345678901234567890], "a": {"x": null, "y": "é\n"}}""", """{"a":{"x":null,"y":"é\n"},"b":[1.0,1e2,12345678901234567890]}""")]
    [InlineData("\"😀\"", "\"😀\"")]
    [InlineData("-0", "-0")]
    public void JSON_comes_out_as_it_went_in_with_keys_in_order(string text, string expected) => Assert.Equal(expected, RValue.Parse(text).ToJson());

    [Fact]
    public void Random_additions_agree_with_exact_arithmetic_rounded_to_64_bits()
    {
        var random = new Random(7);
        for (var i = 0; i < 300; i++)
        {
            var a = random.NextInt64(long.MinValue / 2, long.MaxValue / 2);
            var b = random.NextInt64(long.MinValue / 2, long.MaxValue / 2);
            Assert.Equal((a + b).ToString(System.Globalization.CultureInfo.InvariantCulture), Policy.P($"p := x if x := input.a + input.b", $"{{\"a\": {a}, \"b\": {b}}}"));
        }
    }
}
