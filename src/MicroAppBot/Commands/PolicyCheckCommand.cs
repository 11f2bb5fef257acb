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
        var paths = new Argument<string[]>("paths") { Description = "Rules, as files or folders.", Arity = ArgumentArity.OneOrMore };
        var strict = new Option<bool>("--strict", "-S") { Description = "Unused variables, arguments and imports are errors too." };
        var format = new Option<string>("--format", "-f") { Description = "pretty or json.", DefaultValueFactory = _ => "pretty" };
        format.AcceptOnlyFromAmong("pretty", "json");
        var bundle = new Option<bool>("--bundle", "-b") { Description = "The paths are bundles: folders or .tar.gz." };
        var old = new Option<bool>("--v0-compatible") { Description = "Read rules as Rego v0 unless they say otherwise." };
        var newer = new Option<bool>("--v1-compatible") { Description = "Read rules as Rego v1; this is the default." };
        var command = new Command("check", "Compile rules and say what is wrong with them; nothing when all is well.") { paths, strict, format, bundle, old, newer };
        command.SetAction(parsed =>
        {
            try
            {
                var version = parsed.GetValue(old) ? RegoVersion.V0 : RegoVersion.V1;
                var sources = parsed.GetValue(bundle)
                    ? PolicyLoading.Merge([.. parsed.GetValue(paths)!.Select(one => PolicyLoading.Bundle(one, version))])
                    : PolicySources.Load(parsed.GetValue(paths)!, version);
                PolicyLoading.Compile(sources, new CompileOptions { Strict = parsed.GetValue(strict) });
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
