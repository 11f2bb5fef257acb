using System.CommandLine;
using System.Globalization;
using MicroAppBot.Content;
using Rego;

namespace MicroAppBot.Commands;

/// <summary><c>policy fmt</c>: rules laid out as <c>opa fmt</c> lays them out.</summary>
internal static class PolicyFmtCommand
{
    public static Command Create()
    {
        var paths = new Argument<string[]>("paths") { Description = "Rules, as files or folders; the standard input when left out.", Arity = ArgumentArity.ZeroOrMore };
        var list = new Option<bool>("--list", "-l") { Description = "Only name the files that would change." };
        var diff = new Option<bool>("--diff", "-d") { Description = "Only show what would change." };
        var write = new Option<bool>("--write", "-w") { Description = "Change the files themselves." };
        var fail = new Option<bool>("--fail") { Description = "Exit 1 when a file would change." };
        var old = new Option<bool>("--v0-compatible") { Description = "Read rules as Rego v0 unless they say otherwise." };
        var newer = new Option<bool>("--v1-compatible") { Description = "Read rules as Rego v1; this is the default." };
        var command = new Command("fmt", "Print rules in their usual layout; comments and meaning stay.") { paths, list, diff, write, fail, old, newer };
        command.SetAction(parsed =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var version = parsed.GetValue(old) ? RegoVersion.V0 : RegoVersion.V1;
            var changed = false;
            var broken = false;
            IReadOnlyList<RegoModule> modules;
            try
            {
                modules = Modules(parsed.GetValue(paths)!, version);
            }
            catch (Exception fault) when (PolicyFaults.Are(fault))
            {
                PolicyFaults.Write(error, fault);
                return 2;
            }

            foreach (var module in modules)
            {
                try
                {
                    var formatted = RegoFormatter.Format(module);
                    var differs = formatted != module.Text;
                    changed |= differs;
                    if (parsed.GetValue(list))
                    {
                        if (differs)
                            output.WriteLine(module.File);
                    }
                    else if (parsed.GetValue(diff))
                    {
                        if (differs)
                            WriteDifference(output, module, formatted);
                    }
                    else if (!parsed.GetValue(write))
                    {
                        output.Write(formatted);
                    }

                    if (parsed.GetValue(write) && differs)
                        File.WriteAllText(module.File, formatted);
                }
                catch (Exception fault) when (PolicyFaults.Are(fault))
                {
                    PolicyFaults.Write(error, fault);
                    broken = true;
                }
            }

            return broken ? 2 : changed && parsed.GetValue(fail) ? 1 : 0;
        });
        return command;
    }

    private static IReadOnlyList<RegoModule> Modules(string[] paths, RegoVersion version)
    {
        if (paths.Length == 0)
            return [new RegoModule("stdin", System.Text.Encoding.UTF8.GetString(InputFile.Read("-"))) { Version = version }];
        var modules = new List<RegoModule>();
        foreach (var path in paths)
        {
            if (File.Exists(path))
                modules.Add(One(path));
            else if (Directory.Exists(path))
                modules.AddRange(Directory.EnumerateFiles(path, "*.rego", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(One));
            else
                throw new ContentException([new ContentFault(path, 0, "There is no such file or folder.")]);
        }

        return modules;

        RegoModule One(string file) => new(file, File.ReadAllText(file)) { Version = version };
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
