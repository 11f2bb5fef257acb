using System.CommandLine;
using System.Globalization;
using MicroAppBot.Content;
using Rego;

namespace MicroAppBot.Commands;

/// <summary><c>policy fmt</c>: rules laid out as <c>opa fmt</c> lays them out.</summary>
internal static class PolicyFmtCommand
{
    // Exit 0 when done; 2 when a file cannot be read as rules or, with --fail, would change; 1 when it is not there
    public static Command Create()
    {
        var paths = new Argument<string[]>("paths") { Description = "Rules, as files or folders; the standard input when left out.", Arity = ArgumentArity.ZeroOrMore };
        var list = new Option<bool>("--list", "-l") { Description = "Only name the files that would change." };
        var diff = new Option<bool>("--diff", "-d") { Description = "Only show what would change." };
        var write = new Option<bool>("--write", "-w") { Description = "Change the files themselves." };
        var fail = new Option<bool>("--fail") { Description = "Exit 2 when a file would change." };
        var check = new Option<bool>("--check-result") { Description = "Read the result again to be sure that it means the same; always done.", DefaultValueFactory = _ => true };
        var both = new Option<bool>("--v0-v1", "--rego-v1") { Description = "Turn Rego v0 into rules that are right as v0 and as v1." };
        var drop = new Option<bool>("--drop-v0-imports") { Description = "Leave out import rego.v1 and future.keywords, which v1 does not need." };
        var old = new Option<bool>("--v0-compatible") { Description = "Read and write rules as Rego v0 unless they say otherwise." };
        var newer = new Option<bool>("--v1-compatible") { Description = "Read rules as Rego v1; this is the default." };
        var command = new Command("fmt", "Print rules in their usual layout; comments and meaning stay.")
        {
            paths, list, diff, write, fail, check, both, drop, old, newer,
        };
        command.SetAction(parsed =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var upgrade = parsed.GetValue(both);
            var version = (upgrade && !parsed.GetValue(newer)) || parsed.GetValue(old) ? RegoVersion.V0 : RegoVersion.V1;
            var layout = new RegoLayout { Upgrade = upgrade, DropOldImports = parsed.GetValue(drop) && version == RegoVersion.V1 };
            var (changed, broken) = (false, false);
            IReadOnlyList<RegoModule> modules;
            var isStandardInput = parsed.GetValue(paths) is not { Length: > 0 };
            try
            {
                modules = isStandardInput ? [new RegoModule("stdin", System.Text.Encoding.UTF8.GetString(InputFile.Read("-"))) { Version = version }] : Modules(parsed.GetValue(paths)!, version);
            }
            catch (Exception fault) when (PolicyFaults.Are(fault))
            {
                PolicyFaults.Write(error, fault);
                return 1;
            }

            foreach (var module in modules)
            {
                try
                {
                    var formatted = RegoFormatter.Format(module, layout);
                    var differs = formatted != module.Text;
                    changed |= differs;
                    if (isStandardInput)
                        output.Write(formatted);
                    else if (parsed.GetValue(list) && differs)
                        output.WriteLine(module.File);
                    else if (parsed.GetValue(diff) && differs)
                        WriteDifference(output, module, formatted);
                    else if (parsed.GetValue(list) || parsed.GetValue(diff) || (parsed.GetValue(fail) && differs))
                        continue;
                    else if (!parsed.GetValue(write))
                        output.Write(formatted);
                    else if (differs)
                        File.WriteAllText(module.File, formatted);
                }
                catch (Exception fault) when (PolicyFaults.Are(fault))
                {
                    error.Write("failed to format Rego source file: ");
                    PolicyFaults.Write(error, fault);
                    broken = true;
                }
            }

            if (broken)
                return isStandardInput ? 1 : 2;
            if (!changed || !parsed.GetValue(fail) || isStandardInput)
                return 0;
            error.WriteLine("unexpected diff");
            return 2;
        });
        return command;
    }

    private static IReadOnlyList<RegoModule> Modules(string[] paths, RegoVersion version)
    {
        var faults = new List<ContentFault>();
        var modules = new List<RegoModule>();
        foreach (var path in paths)
        {
            if (Directory.Exists(path))
                modules.AddRange(Directory.EnumerateFiles(path, "*.rego", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(One));
            else if (!File.Exists(path))
                faults.Add(new ContentFault(path, 0, "There is no such file or folder."));
            else if (Path.GetExtension(path) == ".rego")
                modules.Add(One(path));
        }

        return faults.Count > 0 ? throw new ContentException(faults) : modules;

        RegoModule One(string file) => new(file, MicroAppBot.Policies.PolicyFiles.ReadText(file)) { Version = version };
    }

    /// <summary>The lines that differ, as a patch with three lines around each.</summary>
    private static void WriteDifference(TextWriter output, RegoModule module, string formatted)
    {
        var (before, after) = (module.Text.Split('\n'), formatted.Split('\n'));
        output.WriteLine($"diff {module.File}.orig {module.File}");
        output.WriteLine($"--- {module.File}.orig");
        output.WriteLine($"+++ {module.File}");
        // Lengths of the longest common rest, from every pair of lines on.
        var common = new int[before.Length + 1, after.Length + 1];
        for (var i = before.Length - 1; i >= 0; i--)
        {
            for (var j = after.Length - 1; j >= 0; j--)
                common[i, j] = before[i] == after[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
        }

        var lines = new List<(char Sign, string Text)>();
        for (int i = 0, j = 0; i < before.Length || j < after.Length;)
        {
            if (i < before.Length && j < after.Length && before[i] == after[j])
            {
                lines.Add((' ', before[i++]));
                j++;
            }
            else if (j == after.Length || (i < before.Length && common[i + 1, j] >= common[i, j + 1]))
            {
                lines.Add(('-', before[i++]));
            }
            else
            {
                lines.Add(('+', after[j++]));
            }
        }

        const int Around = 3;
        for (var at = lines.FindIndex(line => line.Sign != ' '); at >= 0;)
        {
            var from = Math.Max(0, at - Around);
            var last = at;
            for (var next = at; next >= 0 && next - last <= 2 * Around; next = lines.FindIndex(next + 1, line => line.Sign != ' '))
                last = next;
            var hunk = lines[from..Math.Min(lines.Count, last + Around + 1)];
            var (beforeRow, afterRow) = (1 + lines[..from].Count(line => line.Sign != '+'), 1 + lines[..from].Count(line => line.Sign != '-'));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"@@ -{beforeRow},{hunk.Count(line => line.Sign != '+')} +{afterRow},{hunk.Count(line => line.Sign != '-')} @@"));
            foreach (var (sign, text) in hunk)
                output.WriteLine(sign + text);
            at = last + 1 < lines.Count ? lines.FindIndex(last + 1, line => line.Sign != ' ') : -1;
        }
    }
}
