using System.CommandLine;

namespace MicroAppBot.Commands;

/// <summary><c>policy …</c>: what OPA's own command line does with policies, without OPA, with its flags and output.</summary>
public static class PolicyCommands
{
    /// <summary>The verbs that OPA has too, under the same name.</summary>
    internal static readonly string[] OfOpa = ["test", "eval", "bench", "check", "fmt"];

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
