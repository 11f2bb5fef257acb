using Rego.Values;

namespace Rego.Tests;

public class CoverageTests
{
    private const string Rules = "package t\n\nimport rego.v1\n\ndefault p := 1\n\np := 2 if {\n\tinput.x\n\tinput.y == 1\n\ttrue\n} else := 3 if {\n\tinput.z\n}\n\nq contains x if some x in [y |\n\tsome y in input.list\n\ty > 2\n]\n\nf(x) := x + 1\n";

    private static CompiledPolicy Recorded() => RegoCompiler.Compile([new RegoModule("t.rego", Rules)], null, new CompileOptions { Record = true });

    [Fact]
    public void Lines_that_ran_are_told_from_lines_that_did_not()
    {
        var policy = Recorded();
        policy.Evaluate("data.t.p", RValue.Parse("""{"x": true}"""));

        var file = Assert.Single(policy.Coverage!.Files);
        Assert.Equal([new RowRange(5, 5), new RowRange(8, 9), new RowRange(12, 12)], file.Covered);
        Assert.Equal([new RowRange(7, 7), new RowRange(10, 11), new RowRange(15, 15), new RowRange(17, 17), new RowRange(20, 20)], file.NotCovered);
        Assert.Equal(40, file.Percent);
    }

    [Fact]
    public void Everything_that_ran_is_a_hundred_per_cent()
    {
        var policy = Recorded();
        policy.Evaluate("data.t", RValue.Parse("""{"x": true, "y": 1, "list": [3]}"""));
        policy.Evaluate("data.t.p", RValue.Parse("""{"z": 1}"""));
        policy.Evaluate("data.t.p", RValue.Parse("""{}"""));
        policy.Prepare("data.t.f(1)").Run(null);

        Assert.Equal(100, policy.Coverage!.Percent);
    }

    [Fact]
    public void A_profile_counts_each_statement()
    {
        var policy = Recorded();
        policy.Evaluate("data.t.q", RValue.Parse("""{"list": [1, 2, 3]}"""));

        Assert.Equal(3, policy.Profile.Single(s => s.Text == "y > 2").Evaluations);
    }

    [Fact]
    public void Nothing_is_recorded_unless_it_was_asked_for()
    {
        var policy = Policy.Of(Rules);
        policy.Evaluate("data.t.p", null);

        Assert.Null(policy.Coverage);
        Assert.Empty(policy.Profile);
    }
}
