using System.Globalization;
using Rego.Values;

namespace Rego;

/// <summary>A statement that did not hold, as written, with what its variables and references were.</summary>
/// <param name="Values">By name as written or by path (input.app.name); a null value means undefined.</param>
public sealed record FailedStatement(string File, int Row, int Col, string Text, IReadOnlyList<KeyValuePair<string, RValue?>> Values)
{
    private const int MaxShown = 200;

    private const int MaxOthers = 3;

    /// <summary>All that a name was, where the statements before this one hold in several ways.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<RValue>> Others { get; init; } = new Dictionary<string, IReadOnlyList<RValue>>();

    public override string ToString() => $"{File}:{Row}:{Col}: {InWords()}";

    /// <summary>"x > 3 does not hold (x = 1)", without its place.</summary>
    public string InWords()
    {
        var shown = Values.Select(v => $"{AsWritten(v.Key, Text)} {(v.Value is null ? "is undefined" : "= " + (Others.TryGetValue(v.Key, out var all) ? Several(all) : Short(v.Value.ToString())))}").ToList();
        return $"{Short(Text)} does not hold{(shown.Count > 0 ? $" ({string.Join(", ", shown)})" : "")}";
    }

    /// <summary>data.a.b.c as the statement names it, such as b.c or c.</summary>
    internal static string AsWritten(string path, string text)
    {
        if (!path.StartsWith("data.", StringComparison.Ordinal)) return path;
        for (var at = 5; at > 0; at = path.IndexOf('.', at) + 1)
        {
            var end = path[at..];
            for (var found = text.IndexOf(end, StringComparison.Ordinal); found >= 0; found = text.IndexOf(end, found + 1, StringComparison.Ordinal))
            {
                var (before, after) = (found == 0 ? ' ' : text[found - 1], found + end.Length == text.Length ? ' ' : text[found + end.Length]);
                if (!IsPart(before) && before != '.' && before != '"' && !IsPart(after)) return end;
            }
        }
        return path;

        static bool IsPart(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';
    }

    private static string Several(IReadOnlyList<RValue> all)
    {
        var shown = all.Take(MaxOthers).Select(v => Short(v.ToString())).ToList();
        return all.Count > MaxOthers
            ? string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", shown)} or one of {all.Count - MaxOthers} more")
            : $"{string.Join(", ", shown[..^1])} or {shown[^1]}";
    }

    internal static string Short(string text, int most = MaxShown)
    {
        text = string.Join(' ', text.ReplaceLineEndings(" ").Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries));
        return text.Length <= most ? text : text[..most] + "…";
    }
}

/// <summary>A statement that holds, as written, with what its variables and references were; a null value means undefined.</summary>
public sealed record HeldStatement(int Row, string Text, IReadOnlyList<KeyValuePair<string, RValue?>> Values)
{
    private const int LongValue = 120;

    /// <summary>"x > 3 (x = 5)".</summary>
    public string InWords()
    {
        var shown = Values.Select(v => (Name: FailedStatement.AsWritten(v.Key, Text), v.Value))
            // What x == 1 or x alone says needs no more words.
            .Where(v => v.Value is null || (Text != $"{v.Name} == {v.Value}" && Text != $"{v.Name} = {v.Value}" && !(Text == v.Name && v.Value is RBool)))
            .Select(v => v.Value is null ? $"{v.Name} is undefined" : $"{v.Name} = {FailedStatement.Short(v.Value.ToString(), LongValue)}")
            .ToList();
        return $"{FailedStatement.Short(Text)}{(shown.Count > 0 ? $" ({string.Join(", ", shown)})" : "")}";
    }
}

/// <summary>One definition of a document: whether it fired and what it gave, or the first statement that stopped it.</summary>
/// <param name="Head">The head as written, such as "deny contains msg".</param>
/// <param name="Value">The value, or the elements (a set) or entries (an object) it gave; null when it did not fire.</param>
/// <param name="Because">Rules that it asked for (where it was stopped: that the stopping statement asked for), explained in turn.</param>
public sealed record RuleExplanation(string File, int Row, string Head, bool IsDefault, RValue? Value, FailedStatement? Failed, IReadOnlyList<Explanation> Because)
{
    public bool Fired => Value is not null;

    /// <summary>The title its metadata gives it, or null.</summary>
    public string? Title { get; init; }

    /// <summary>What held when it fired.</summary>
    public IReadOnlyList<HeldStatement> Held { get; init; } = [];

    /// <summary>How much of its body held, from 0 to 1.</summary>
    public double Nearness { get; init; }
}

/// <summary>Why a document is what it is.</summary>
/// <param name="Value">What it is; null when it is undefined.</param>
/// <param name="Rules">Its definitions in the order of the files.</param>
public sealed record Explanation(string Path, RValue? Value, IReadOnlyList<RuleExplanation> Rules)
{
    /// <summary>How many of the rules that did not fire are told, the nearest first: of what was asked, and of what stopped a rule.</summary>
    private const int MostMissed = 3;

    private const int MostMissedBelow = 2;

    private const int LongHead = 100;

    private const int LongValue = 140;

    /// <summary>
    /// The explanation as indented lines for people: what fired and what held there, then the rules that came nearest and what stopped them;
    /// the reasons stand under what they explain.
    /// </summary>
    public IReadOnlyList<string> InWords()
    {
        var lines = new List<string>();
        Write(lines, 0, MostMissed, []);
        return lines;
    }

    private void Write(List<string> lines, int level, int most, HashSet<string> told)
    {
        var indent = new string(' ', level * 2);
        var header = $"{indent}{Path} {(Value is null ? "is undefined" : "is " + FailedStatement.Short(Value.ToString(), LongValue))}";
        var fired = Rules.Where(rule => rule.Fired && !rule.IsDefault).ToList();
        var missed = Rules.Where(rule => rule is { Fired: false, IsDefault: false }).OrderByDescending(rule => rule.Nearness).ToList();
        if (Rules.Count == 0 || !told.Add(Path))
        {
            lines.Add(Rules.Count == 0 ? header : $"{header} (see above)");
            return;
        }
        if (most == 0 && fired.Count == 0)
        {
            var none = missed.Count == 1 ? "its rule did not fire" : string.Create(CultureInfo.InvariantCulture, $"none of its {missed.Count} rules fired");
            lines.Add($"{header}: {(Rules.Any(rule => rule is { IsDefault: true, Fired: true }) ? "the default, because " : "")}{none}");
            return;
        }
        lines.Add(header + ":");
        foreach (var rule in fired) Fired(lines, indent, rule, level, told);
        foreach (var rule in missed.Take(most)) Missed(lines, indent, rule, level, told);
        if (missed.Count > most && most > 0)
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{indent}  - {missed.Count - most} other {(missed.Count == most + 1 ? "rule" : "rules")} did not fire"));
        foreach (var rule in Rules.Where(rule => rule.IsDefault))
        {
            if (rule.Fired || most > 0) lines.Add($"{indent}  - {Place(rule)} is the default, {(rule.Fired ? "used because no other rule fired" : "not needed")}");
        }
    }

    private void Fired(List<string> lines, string indent, RuleExplanation rule, int level, HashSet<string> told)
    {
        // What a rule puts into a set says more than how it is computed.
        var name = rule.Title is { } title ? $" “{title}”" : rule.Value!.Equals(Value) ? $" ({FailedStatement.Short(rule.Head, LongHead)})" : "";
        var gave = rule.Value!.Equals(Value) ? "" : $" and gave {FailedStatement.Short(rule.Value.ToString(), LongValue)}";
        lines.Add($"{indent}  - {Place(rule)} fired{name}{gave}");
        lines.AddRange(rule.Held.Select((held, i) => $"{indent}      {(i == 0 ? "because" : "and")} {held.InWords()}"));
        foreach (var reason in rule.Because) reason.Write(lines, level + 3, 0, told);
    }

    private static void Missed(List<string> lines, string indent, RuleExplanation rule, int level, HashSet<string> told)
    {
        var name = rule.Title is { } title ? $"“{title}”" : FailedStatement.Short(rule.Head, LongHead);
        lines.Add(rule.Failed is { } failed
            ? string.Create(CultureInfo.InvariantCulture, $"{indent}  - {Place(rule)} did not fire ({name}): {failed.InWords()} in line {failed.Row}")
            : $"{indent}  - {Place(rule)} did not fire ({name}): its value is undefined, or a branch before it fired");
        foreach (var reason in rule.Because) reason.Write(lines, level + 3, MostMissedBelow, told);
    }

    private static string Place(RuleExplanation rule) => string.Create(CultureInfo.InvariantCulture, $"{rule.File}:{rule.Row}");

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
