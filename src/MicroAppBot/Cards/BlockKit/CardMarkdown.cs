using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MicroAppBot.Cards.BlockKit;

/// <summary>
/// The markdown that Adaptive Cards know (bold, italic, links, lists, backslash escapes) and their date macros, read into runs.
/// What is no complete mark is text.
/// </summary>
internal static partial class CardMarkdown
{
    private static readonly SearchValues<char> Marks = SearchValues.Create("\\*_[{\r\n");

    public static List<Run> Read(string text)
    {
        // Most texts have no marks
        if (!text.AsSpan().ContainsAny(Marks) && text.Trim() is var plain && !IsBullet(plain))
            return plain.Length == 0 ? [] : [new Run(plain)];
        var runs = new List<Run>();
        var first = true;
        foreach (var line in text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!first)
                Add(runs, new Run("\n"));
            first = false;
            var bullet = IsBullet(line);
            if (bullet)
                Add(runs, new Run("• "));
            Inline(bullet ? line[2..].TrimStart() : line, new Run(""), runs, 0);
        }
        return runs;
    }

    public static string PlainOf(IReadOnlyList<Run> runs) => runs.Count switch
    {
        0 => "",
        1 => runs[0].Text,
        _ => string.Concat(runs.Select(run => run.Text)),
    };

    private static bool IsBullet(string line) => line.Length > 2 && line[0] is '-' or '*' or '+' && line[1] == ' ';

    private static void Inline(string text, Run style, List<Run> runs, int depth)
    {
        var literal = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length && char.IsAscii(text[i + 1]) && char.IsPunctuation(text[i + 1]) | char.IsSymbol(text[i + 1]))
            {
                literal.Append(text[++i]);
                continue;
            }
            if (depth < 8 && Construct(text, i, style, depth) is { } found)
            {
                Flush();
                found.Runs.ForEach(run => Add(runs, run));
                i = found.End - 1;
                continue;
            }
            literal.Append(text[i]);
        }
        Flush();

        void Flush()
        {
            if (literal.Length > 0)
                Add(runs, style with { Text = literal.ToString() });
            literal.Clear();
        }
    }

    private static (List<Run> Runs, int End)? Construct(string text, int at, Run style, int depth) => text[at] switch
    {
        '*' when At(text, at + 1) == '*' => Marked(text, at, "**", style with { Bold = true }, depth),
        '_' when At(text, at + 1) == '_' => Marked(text, at, "__", style with { Bold = true }, depth),
        '*' => Marked(text, at, "*", style with { Italic = true }, depth),
        '_' when at == 0 || !char.IsLetterOrDigit(text[at - 1]) => Marked(text, at, "_", style with { Italic = true }, depth),
        '[' when style.Link is null => Link(text, at, style, depth),
        '{' when At(text, at + 1) == '{' && Macro().Match(text, at) is { Success: true } macro && macro.Index == at => Date(macro, style),
        _ => null,
    };

    private static (List<Run>, int)? Marked(string text, int at, string mark, Run style, int depth)
    {
        var start = at + mark.Length;
        if (char.IsWhiteSpace(At(text, start)))
            return null;
        for (var end = start + 1; end <= text.Length - mark.Length; end++)
        {
            if (text[end - 1] == '\\' || string.CompareOrdinal(text, end, mark, 0, mark.Length) != 0 || char.IsWhiteSpace(text[end - 1]))
                continue;
            // A single mark beside another one belongs to a pair
            if (mark.Length == 1 && (At(text, end + 1) == mark[0] || text[end - 1] == mark[0]))
                continue;
            if (mark == "_" && char.IsLetterOrDigit(At(text, end + 1)))
                continue;
            var inner = new List<Run>();
            Inline(text[start..end], style, inner, depth + 1);
            return (inner, end + mark.Length);
        }
        return null;
    }

    private static (List<Run>, int)? Link(string text, int at, Run style, int depth)
    {
        var close = text.IndexOf("](", at + 1, StringComparison.Ordinal);
        if (close < 0 || text[close - 1] == '\\')
            return null;
        var end = text.IndexOf(')', close + 2);
        if (end < 0)
            return null;
        var inner = new List<Run>();
        // Where it leads nowhere, its words are left
        Inline(text[(at + 1)..close], style with { Link = WebAddress.OfLink(text[(close + 2)..end].Trim()) }, inner, depth + 1);
        return (inner, end + 1);
    }

    private static (List<Run>, int)? Date(Match macro, Run style)
    {
        if (!DateTimeOffset.TryParse(macro.Groups[2].Value.Trim(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
            return null;
        var isTime = macro.Groups[1].Value == "TIME";
        var shape = isTime ? "{time}" : macro.Groups[3].Value switch { "LONG" => "{date_long_pretty}", "SHORT" => "{date_short_pretty}", _ => "{date_num}" };
        var fallback = isTime ? time.ToString("HH:mm 'UTC'", CultureInfo.InvariantCulture) : time.ToString("d MMM yyyy", CultureInfo.InvariantCulture);
        return ([style with { Text = fallback, Date = $"!date^{time.ToUnixTimeSeconds()}^{shape}" }], macro.Index + macro.Length);
    }

    private static char At(string text, int index) => index < text.Length ? text[index] : ' ';

    private static void Add(List<Run> runs, Run run)
    {
        if (run.Text.Length == 0)
            return;
        if (runs.Count > 0 && run.Date is null && run.IsStyledAs(runs[^1]))
            runs[^1] = runs[^1] with { Text = runs[^1].Text + run.Text };
        else
            runs.Add(run);
    }

    [GeneratedRegex(@"\{\{(DATE|TIME)\(([^,)]{1,40})(?:,\s*(SHORT|LONG|COMPACT))?\)\}\}")]
    private static partial Regex Macro();
}
