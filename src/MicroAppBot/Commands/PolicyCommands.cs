using System.CommandLine;

namespace MicroAppBot.Commands;

/// <summary><c>policy …</c>: what OPA's own command line does with policies, without OPA, with its flags and output.</summary>
public static class PolicyCommands
{
    /// <summary>The verbs that OPA has too, under the same name.</summary>
    internal static readonly string[] OfOpa = ["test", "eval", "bench", "check", "fmt"];

    private static readonly Dictionary<string, string[]> Examples = new(StringComparer.Ordinal)
    {
        ["test"] = ["test policies", "test -v --run 'data\\.microapps\\.risk' policies", "test policies --coverage --threshold 100", "test -f json rules.rego rules_test.rego"],
        ["eval"] = ["eval 'x := 1; y := 2; x < y'", "eval -d policies -i manifest.json -f pretty data.microapps.decision", "eval -d rules.rego -d cities:cities.json --fail 'data.rules.allow == true'", "eval -b bundle.tar.gz -f raw 'count(data.people)'"],
        ["bench"] = ["bench -i manifest.json data.microapps.decision", "bench -d rules.rego -i input.json -f pretty --count 3 'data.rules.allow == true'"],
        ["check"] = ["check --strict policies", "check -f json --schema manifest.schema.json rules.rego"],
        ["fmt"] = ["fmt -w policies", "fmt --list --fail policies", "fmt -d rules.rego", "fmt --v0-v1 -w old.rego"],
        ["explain"] = ["explain -i manifest.json data.microapps.risk.tier", "explain -d rules.rego -i input.json data.rules.allow"],
    };

    /// <summary>How a verb is used, below its help.</summary>
    public static void WriteExamples(TextWriter output, string verb)
    {
        if (!Examples.TryGetValue(verb, out var examples))
            return;
        output.WriteLine("Examples:");
        foreach (var example in examples)
            output.WriteLine($"  MicroAppBot policy {example}");
    }

    /// <param name="content">Where the content folders are, asked when the command runs; null: see <see cref="ContentPlace"/>.</param>
    public static Command Create(Func<string>? content = null) => new("policy", "Test, evaluate, check, format, measure, explain, bundle and simulate policies.")
    {
        PolicyTestCommand.Create(content),
        PolicyEvalCommand.Create(),
        PolicyBenchCommand.Create(content),
        PolicyCheckCommand.Create(),
        PolicyFmtCommand.Create(),
        PolicyExplainCommand.Create(content),
        PolicyBundleCommand.Create(content),
        PolicySimulateCommand.Create(content),
    };
}
