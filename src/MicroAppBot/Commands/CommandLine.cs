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
        if (args is ["policy", var name, ..] && !name.StartsWith('-'))
            return Policy(root, name, args[2..], configuration ?? new InvocationConfiguration());
        var parsed = root.Parse(args);
        if (parsed.Errors.Count == 0)
            return parsed.Invoke(configuration);
        parsed.Invoke(configuration);
        return parsed.CommandResult.Command.Name == "check" ? CheckCommand.CouldNotJudge : 2;
    }

    private static int Policy(RootCommand root, string name, string[] args, InvocationConfiguration configuration)
    {
        var verbs = root.Subcommands.Single(verb => verb.Name == "policy").Subcommands;
        if (verbs.FirstOrDefault(verb => verb.Name == name) is not { } policy)
        {
            configuration.Error.WriteLine($"Error: unknown command \"{name}\" for \"policy\"{PolicyArguments.Nearest(name, verbs.Select(verb => verb.Name))}");
            configuration.Error.WriteLine("What there is: MicroAppBot policy --help");
            return 1;
        }

        var (read, fault) = PolicyArguments.Read(policy, args);
        var parsed = root.Parse(["policy", name, .. read], new ParserConfiguration { ResponseFileTokenReplacer = null });
        fault ??= parsed.Errors is [var first, ..] ? first.Message : null;
        if (fault is null)
        {
            var code = parsed.Invoke(configuration);
            if (read is ["--help"])
                PolicyCommands.WriteExamples(configuration.Output, name);
            return code;
        }

        configuration.Error.WriteLine($"Error: {fault}");
        configuration.Error.WriteLine($"What there is: MicroAppBot policy {name} --help");
        return PolicyCommands.OfOpa.Contains(name) ? 1 : 2;
    }

    private static RootCommand Root() => new("MicroAppBot: without a verb it serves; with one it does that and ends.")
    {
        CheckCommand.Create(),
        PolicyCommands.Create(),
        AuditCommand.Create(ContentPlace.Settings),
        CardsCommand.Create(() => ContentFolder.Load(ContentPlace.Root).CardFiles, Path.Combine(AppContext.BaseDirectory, "wwwroot")),
    };
}
