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
