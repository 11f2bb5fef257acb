using System.CommandLine;

namespace MicroAppBot.Commands;

/// <summary>
/// The arguments of the <c>policy</c> verbs as OPA's command line reads them: flags anywhere, <c>-ifile</c>, <c>-i=file</c>, <c>-vc</c>,
/// a switch never takes the word behind it (but <c>--fail=false</c> is one that is off), the last of several counts, <c>--</c> ends the flags.
/// </summary>
internal static class PolicyArguments
{
    private static readonly string[] Help = ["--help", "-h", "-?"];

    /// <summary>The same arguments in a form that cannot be read in two ways; or, in words, what is wrong with them.</summary>
    public static (IReadOnlyList<string> Arguments, string? Fault) Read(Command command, IReadOnlyList<string> given)
    {
        var values = new List<(Option Option, string Value)>();
        var words = new List<string>();
        for (var i = 0; i < given.Count; i++)
        {
            var argument = given[i];
            if (argument == "--")
            {
                words.AddRange(given.Skip(i + 1));
                break;
            }

            if (Help.Contains(argument))
                return (["--help"], null);
            if (!argument.StartsWith('-') || argument == "-")
            {
                words.Add(argument);
                continue;
            }

            var fault = argument.StartsWith("--", StringComparison.Ordinal) ? Long(argument) : Short(argument);
            if (fault is not null)
                return ([], fault);

            string? Long(string flag)
            {
                var at = flag.IndexOf('=', StringComparison.Ordinal);
                var name = at < 0 ? flag : flag[..at];
                if (Find(command, name) is not { } option)
                    return $"unknown flag: {name}{Suggestion(command, name)}";
                return Take(option, name, at < 0 ? null : flag[(at + 1)..], $"flag needs an argument: {name}");
            }

            string? Short(string flags)
            {
                for (var at = 1; at < flags.Length; at++)
                {
                    var name = "-" + flags[at];
                    if (Find(command, name) is not { } option)
                        return $"unknown shorthand flag: '{flags[at]}' in {flags}{(flags.Length > 2 ? Suggestion(command, "-" + flags) : "")}";
                    var rest = flags[(at + 1)..];
                    if (rest.StartsWith('='))
                        return Take(option, name, rest[1..], "");
                    if (!IsSwitch(option))
                        return Take(option, name, rest.Length > 0 ? rest : null, $"flag needs an argument: '{flags[at]}' in {flags}");
                    values.Add((option, "true"));
                }

                return null;
            }

            string? Take(Option option, string name, string? value, string missing)
            {
                if (IsSwitch(option))
                {
                    if (Truth(value ?? "true") is not { } truth)
                        return $"invalid argument \"{value}\" for \"{name}\" flag: it is true or false";
                    value = truth ? "true" : "false";
                }
                else if (value is null)
                {
                    if (++i == given.Count)
                        return missing;
                    value = given[i];
                }

                values.Add((option, value));
                return null;
            }
        }

        var read = new List<string>();
        for (var i = 0; i < values.Count; i++)
        {
            var (option, value) = values[i];
            if (!option.ValueType.IsArray && values.Skip(i + 1).Any(later => later.Option == option))
                continue;
            if (value.Length > 0)
                read.Add($"{option.Name}={value}");
            else
                read.AddRange([option.Name, value]);
        }

        return ([.. read, "--", .. words], null);
    }

    private static Option? Find(Command command, string name) => command.Options.FirstOrDefault(option => option.Name == name || option.Aliases.Contains(name));

    private static bool IsSwitch(Option option) => option.ValueType == typeof(bool);

    private static bool? Truth(string value) => value switch
    {
        "1" or "t" or "T" or "true" or "TRUE" or "True" => true,
        "0" or "f" or "F" or "false" or "FALSE" or "False" => false,
        _ => null,
    };

    private static string Suggestion(Command command, string name) =>
        Nearest(name, command.Options.Where(option => !option.Hidden && option.Name.StartsWith("--", StringComparison.Ordinal)).Select(option => option.Name));

    /// <summary>A question for the name that was meant, or nothing.</summary>
    public static string Nearest(string name, IEnumerable<string> names)
    {
        var best = names.Select(one => (Name: one, Distance: Distance(name.TrimStart('-'), one.TrimStart('-')))).OrderBy(one => one.Distance).ThenBy(one => one.Name, StringComparer.Ordinal).FirstOrDefault();
        return best.Name is not null && best.Distance <= Math.Max(2, name.Length / 4) ? $". Did you mean {best.Name}?" : "";
    }

    /// <summary>How many letters have to be put in, left out, replaced or swapped with the next; a beginning counts as near.</summary>
    private static int Distance(string a, string b)
    {
        if (a.Length > 2 && b.StartsWith(a, StringComparison.Ordinal))
            return 1;
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                rows[i, j] = i == 0 || j == 0 ? i + j : Math.Min(Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1, rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }

        return rows[a.Length, b.Length];
    }
}
