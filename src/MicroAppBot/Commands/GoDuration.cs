using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.RegularExpressions;

namespace MicroAppBot.Commands;

/// <summary>A time on the command line: as OPA takes it (<c>500ms</c>, <c>1m30s</c>) or as .NET writes it (<c>00:00:05</c>).</summary>
internal static partial class GoDuration
{
    private static readonly Dictionary<string, double> Milliseconds = new(StringComparer.Ordinal)
    {
        ["ms"] = 1,
        ["s"] = 1000,
        ["m"] = 60_000,
        ["h"] = 3_600_000,
    };

    public static Option<TimeSpan?> Option(string description, params string[] aliases) =>
        new("--timeout", aliases) { Description = description, CustomParser = Parse };

    private static TimeSpan? Parse(ArgumentResult given)
    {
        var text = given.Tokens[0].Value;
        if (Parts().Match(text) is { Success: true } parts)
        {
            var sum = parts.Groups["number"].Captures.Zip(parts.Groups["unit"].Captures, (number, unit) => double.Parse(number.Value, CultureInfo.InvariantCulture) * Milliseconds[unit.Value]).Sum();
            if (sum is > 0 and < int.MaxValue)
                return TimeSpan.FromMilliseconds(sum);
        }
        else if (text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) && time > TimeSpan.Zero)
        {
            return time;
        }

        given.AddError($"--timeout is a time such as 500ms, 5s or 00:00:05, and not {text}.");
        return null;
    }

    [GeneratedRegex(@"\A((?<number>[0-9]{1,9}(\.[0-9]{1,9})?)(?<unit>ms|s|m|h))+\z")]
    private static partial Regex Parts();
}
