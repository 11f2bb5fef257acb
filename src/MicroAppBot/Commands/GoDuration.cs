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
        ["ns"] = 1e-6,
        ["us"] = 1e-3,
        ["µs"] = 1e-3,
        ["ms"] = 1,
        ["s"] = 1000,
        ["m"] = 60_000,
        ["h"] = 3_600_000,
    };

    public static Option<TimeSpan?> Option(string description, params string[] aliases) =>
        new("--timeout", aliases) { Description = description, CustomParser = Parse };

    /// <summary>The time that was named; null for none.</summary>
    public static TimeSpan? Of(ParseResult parsed, Option<TimeSpan?> option) => parsed.GetValue(option) is { } time && time > TimeSpan.Zero ? time : null;

    /// <summary>A time as Go prints it: <c>1.5ms</c>, <c>2m3.5s</c>.</summary>
    public static string Text(TimeSpan time)
    {
        var ns = time.Ticks * 100;
        return Math.Abs(ns) switch
        {
            0 => "0s",
            < 1_000 => string.Create(CultureInfo.InvariantCulture, $"{ns}ns"),
            < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{ns / 1e3:0.###}µs"),
            < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{ns / 1e6:0.######}ms"),
            < 60_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{ns / 1e9:0.#########}s"),
            < 3_600_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes}m{time.TotalSeconds % 60:0.#########}s"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}h{time.Minutes}m{time.TotalSeconds % 60:0.#########}s"),
        };
    }

    private static TimeSpan? Parse(ArgumentResult given)
    {
        var text = given.Tokens[0].Value;
        // As in OPA, none means what there is without the flag.
        if (text is "0" or "0s")
            return TimeSpan.Zero;
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

    [GeneratedRegex(@"\A((?<number>[0-9]{1,9}(\.[0-9]{1,9})?)(?<unit>ns|us|µs|ms|s|m|h))+\z")]
    private static partial Regex Parts();
}
