using System.CommandLine;
using MicroAppBot.Content;

namespace MicroAppBot.Commands;

/// <summary>The program's verbs. Without one it serves.</summary>
public static class CommandLine
{
    /// <summary>
    /// Whether these arguments are a verb (or ask for help) and not settings of the host such as <c>--urls</c>.
    /// </summary>
    public static bool Means(string[] args) => args is [var first, ..] && (!first.StartsWith('-') || first is "--help" or "-h" or "-?" or "--version");

    /// <summary>
    /// Runs the verb; its exit code. A command line nobody understands is exit code 4 for <c>check</c>, 1 for the verbs that OPA has too, as there,
    /// and 2 for the others.
    /// </summary>
    public static int Run(string[] args, InvocationConfiguration? configuration = null)
    {
        var root = Root();
        if (args is ["policy", var name, ..] && root.Subcommands.Single(verb => verb.Name == "policy").Subcommands.FirstOrDefault(verb => verb.Name == name) is { } policy)
            return Run(root, policy, args[2..], configuration);
        var parsed = root.Parse(args);
        if (parsed.Errors.Count == 0)
            return parsed.Invoke(configuration);
        parsed.Invoke(configuration);
        return parsed.CommandResult.Command.Name == "check" ? CheckCommand.CouldNotJudge : 2;
    }

    private static int Run(RootCommand root, Command policy, string[] args, InvocationConfiguration? configuration)
    {
        var (read, fault) = PolicyArguments.Read(policy, args);
        var parsed = root.Parse(["policy", policy.Name, .. read], new ParserConfiguration { ResponseFileTokenReplacer = null });
        fault ??= parsed.Errors is [var first, ..] ? first.Message : null;
        if (fault is null)
            return parsed.Invoke(configuration);
        var error = (configuration ?? new InvocationConfiguration()).Error;
        error.WriteLine($"Error: {fault}");
        error.WriteLine($"What there is: MicroAppBot policy {policy.Name} --help");
        return PolicyCommands.OfOpa.Contains(policy.Name) ? 1 : 2;
    }

    private static RootCommand Root() => new("MicroAppBot: without a verb it serves; with one it does that and ends.")
    {
        CheckCommand.Create(),
        PolicyCommands.Create(),
        AuditCommand.Create(ContentPlace.Settings),
        CardsCommand.Create(() => ContentFolder.Load(ContentPlace.Root).CardFiles, Path.Combine(AppContext.BaseDirectory, "wwwroot")),
    };
}
