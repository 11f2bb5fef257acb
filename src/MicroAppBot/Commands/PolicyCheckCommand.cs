using System.CommandLine;
using MicroAppBot.Policies;
using Rego;

namespace MicroAppBot.Commands;

/// <summary><c>policy check</c>: whether rules compile, and what is wrong with them.</summary>
internal static class PolicyCheckCommand
{
    // Exit 0 without a word when all is well, 1 otherwise
    public static Command Create()
    {
        var paths = new Argument<string[]>("paths") { Description = "Rules, as files or folders; data is not looked at.", Arity = ArgumentArity.OneOrMore };
        var strict = new Option<bool>("--strict", "-S") { Description = "Unused variables, arguments and imports are errors too." };
        var format = new Option<string>("--format", "-f") { Description = "pretty or json.", DefaultValueFactory = _ => "pretty", HelpName = "format" };
        format.AcceptOnlyFromAmong("pretty", "json");
        var bundle = new Option<bool>("--bundle", "-b") { Description = "The paths are bundles: folders or .tar.gz; their data may not be where rules are." };
        var both = new Option<bool>("--v0-v1", "--rego-v1") { Description = "The rules must be right as Rego v0 and as v1." };
        var flags = new PolicyFlags(compilesOnly: true);
        var command = new Command("check", "Compile rules and say what is wrong with them; nothing when all is well.")
        {
            paths, strict, format, bundle, both,
        };
        command.Options.Add(flags.MaxErrors);
        foreach (var option in flags.All)
            command.Options.Add(option);
        command.SetAction(parsed =>
        {
            try
            {
                var named = parsed.GetValue(paths)!;
                var sources = parsed.GetValue(bundle) ? flags.Load(parsed, [], named) : flags.Load(parsed, named, []);
                IReadOnlyList<RegoVersion?> versions = parsed.GetValue(both) ? [RegoVersion.V0, RegoVersion.V1] : [null];
                foreach (var version in versions)
                {
                    var modules = version is { } one ? [.. sources.Modules.Select(module => module with { Version = one })] : sources.Modules;
                    PolicyLoading.Compile(sources with { Modules = modules }, flags.Compile(parsed, new CompileOptions { Strict = parsed.GetValue(strict) }));
                }

                return 0;
            }
            catch (Exception fault) when (PolicyFaults.Are(fault))
            {
                var error = parsed.InvocationConfiguration.Error;
                if (parsed.GetValue(format) == "json")
                    error.WriteLine(PolicyFaults.Json(fault).ToJsonString(ConsoleJson.Indented));
                else
                    PolicyFaults.Write(error, fault);
                return 1;
            }
        });
        return command;
    }
}
