using System.Globalization;
using Rego.Values;

namespace Rego;

/// <summary>A statement that did not hold, as written, with what its variables and references were.</summary>
/// <param name="Values">By name as written or by path (input.app.name); a null value means undefined.</param>
public sealed record FailedStatement(string File, int Row, int Col, string Text, IReadOnlyList<KeyValuePair<string, RValue?>> Values)
{
    private const int MaxShown = 200;

    public override string ToString() => $"{File}:{Row}:{Col}: {InWords()}";

    /// <summary>"x > 3 does not hold (x = 1)", without its place.</summary>
    public string InWords()
    {
        var shown = Values.Select(v => v.Value is null ? $"{v.Key} is undefined" : $"{v.Key} = {Short(v.Value.ToString())}").ToList();
        return $"{Short(Text)} does not hold{(shown.Count > 0 ? $" ({string.Join(", ", shown)})" : "")}";
    }

    internal static string Short(string text)
    {
        text = text.ReplaceLineEndings(" ");
        return text.Length <= MaxShown ? text : text[..MaxShown] + "…";
    }
}

/// <summary>One definition of a document: whether it fired and what it gave, or the first statement that stopped it.</summary>
/// <param name="Head">The head as written, such as "deny contains msg".</param>
/// <param name="Value">The value, or the elements (a set) or entries (an object) it gave; null when it did not fire.</param>
/// <param name="Because">Rules that the stopping (or, when it fired, the negated) statements asked for, explained in turn.</param>
public sealed record RuleExplanation(string File, int Row, string Head, bool IsDefault, RValue? Value, FailedStatement? Failed, IReadOnlyList<Explanation> Because)
{
    public bool Fired => Value is not null;
}

/// <summary>Why a document is what it is.</summary>
/// <param name="Value">What it is; null when it is undefined.</param>
/// <param name="Rules">Its definitions in the order of the files.</param>
public sealed record Explanation(string Path, RValue? Value, IReadOnlyList<RuleExplanation> Rules)
{
    /// <summary>The explanation as indented lines for people, the reasons under what they explain.</summary>
    public IReadOnlyList<string> InWords()
    {
        var lines = new List<string>();
        Write(lines, 0);
        return lines;
    }

    /// <summary>The explanation in the layout of OPA's traces: which rules were entered, and the statement each failed at.</summary>
    /// <param name="onlyFails">Leave out what did not fail.</param>
    /// <param name="values">Add what the variables and references of a failed statement were.</param>
    public IReadOnlyList<string> AsTrace(bool onlyFails, bool values)
    {
        var rows = new List<(string Place, string Event)> { ("query:1", $"Enter {Path} = _") };
        Trace(rows, 1, onlyFails, values);
        rows.Add(("query:1", $"{(Value is null ? "| Fail" : "Exit")} {Path} = _"));
        if (onlyFails && Value is not null) rows.RemoveAt(rows.Count - 1);
        var width = rows.Max(row => row.Place.Length) + 4;
        return rows.Count == 1 ? [] : [.. rows.Select(row => $"{row.Place.PadRight(width)} {row.Event}")];
    }

    private void Trace(List<(string Place, string Event)> rows, int depth, bool onlyFails, bool values)
    {
        var indent = string.Concat(Enumerable.Repeat("| ", depth));
        foreach (var rule in Rules)
        {
            if (rule is { IsDefault: true, Fired: false } || (onlyFails && rule.Failed is null)) continue;
            var place = string.Create(CultureInfo.InvariantCulture, $"{rule.File}:{rule.Row}");
            rows.Add((place, $"{indent}Enter {Path}"));
            foreach (var reason in rule.Because) reason.Trace(rows, depth + 1, onlyFails, values);
            if (rule.Failed is { } failed)
            {
                var shown = values && failed.Values.Count > 0 ? $"    {{{string.Join(", ", failed.Values.Select(v => $"{v.Key}: {(v.Value is null ? "undefined" : FailedStatement.Short(v.Value.ToString()))}"))}}}" : "";
                rows.Add((string.Create(CultureInfo.InvariantCulture, $"{failed.File}:{failed.Row}"), $"{indent}| Fail {FailedStatement.Short(failed.Text)}{shown}"));
            }
            else if (rule.Fired)
            {
                rows.Add((place, $"{indent}Exit {Path}"));
            }
        }
    }

    private void Write(List<string> lines, int level)
    {
        var indent = new string(' ', level * 2);
        lines.Add($"{indent}{Path} {(Value is null ? "is undefined" : "is " + FailedStatement.Short(Value.ToString()))}{(Rules.Count == 0 ? "" : ":")}");
        foreach (var rule in Rules)
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"{rule.File}:{rule.Row}");
            lines.Add(rule switch
            {
                { Fired: true, IsDefault: true } => $"{indent}  - {place} is the default, used because no other rule fired",
                { Fired: true } => $"{indent}  - {place} fired ({FailedStatement.Short(rule.Head)}) and gave {FailedStatement.Short(rule.Value!.ToString())}",
                { IsDefault: true } => $"{indent}  - {place} is the default, not needed",
                { Failed: { } failed } => string.Create(CultureInfo.InvariantCulture, $"{indent}  - {place} did not fire ({FailedStatement.Short(rule.Head)}): {failed.InWords()} in line {failed.Row}"),
                _ => $"{indent}  - {place} did not fire ({FailedStatement.Short(rule.Head)}): its value is undefined, or a branch before it fired",
            });
            foreach (var reason in rule.Because) reason.Write(lines, level + 2);
        }
    }
}
