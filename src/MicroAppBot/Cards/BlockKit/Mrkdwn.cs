using System.Globalization;
using System.Text;

namespace MicroAppBot.Cards.BlockKit;

/// <summary>Runs written as Slack's mrkdwn, in pieces of a length that Slack takes: split between lines, else words, else characters.</summary>
internal static class Mrkdwn
{
    /// <param name="limit">The longest piece, counted after escaping.</param>
    public static List<string> Write(IReadOnlyList<Run> runs, int limit)
    {
        var pieces = new List<string>();
        var piece = new StringBuilder();
        foreach (var line in Lines(runs).SelectMany(line => Fitting(line, limit)))
        {
            var written = Line(line);
            if (piece.Length > 0 && piece.Length + 1 + written.Length > limit)
            {
                pieces.Add(piece.ToString());
                piece.Clear();
            }
            piece.Append(piece.Length > 0 ? "\n" : "").Append(written);
        }
        if (piece.Length > 0)
            pieces.Add(piece.ToString());
        return pieces;
    }

    private static IEnumerable<List<Run>> Lines(IReadOnlyList<Run> runs)
    {
        var line = new List<Run>();
        foreach (var run in runs)
        {
            // What people write is cleaned line by line; the borders between two runs are spaces that are meant
            var parts = run.Text.Split('\n');
            for (var i = 0; i < parts.Length; i++)
            {
                if (i > 0 && line.Count > 0)
                {
                    yield return line;
                    line = [];
                }
                if (Spaced(parts[i]) is { Length: > 0 } text)
                    line.Add(run with { Text = text });
            }
        }
        if (line.Count > 0)
            yield return line;
    }

    private static string Spaced(string text)
    {
        var clean = SlackText.Clean(text, lines: false);
        return clean.Length == 0 ? (text.Contains(' ', StringComparison.Ordinal) ? " " : "") : (text[0] == ' ' ? " " : "") + clean + (text[^1] == ' ' ? " " : "");
    }

    private static IEnumerable<List<Run>> Fitting(List<Run> line, int limit)
    {
        if (Line(line).Length <= limit)
        {
            yield return line;
            yield break;
        }
        var (piece, cost) = (new List<Run>(), 0);
        foreach (var run in line)
        {
            var (overhead, start) = (12 + (run.Link?.Length ?? 0) + (run.Date?.Length ?? 0) + 3, 0);
            while (start < run.Text.Length)
            {
                var (end, used) = Take(run.Text, start, limit - cost - overhead);
                if (end == run.Text.Length || end > start && piece.Count == 0)
                {
                    piece.Add(run with { Text = run.Text[start..end] });
                    cost += used + overhead;
                }
                else if (piece.Count == 0)
                {
                    // Not even one character beside its own address: the words matter more
                    piece.Add(run with { Text = SlackText.Cut(run.Text[start..], limit / 6), Link = null, Date = null });
                    end = run.Text.Length;
                }
                else
                    end = start;
                start = end;
                if (start < run.Text.Length)
                {
                    yield return piece;
                    (piece, cost) = ([], 0);
                }
            }
        }
        if (piece.Count > 0)
            yield return piece;
    }

    private static (int End, int Cost) Take(string text, int start, int room)
    {
        var (end, cost, word, wordCost) = (start, 0, start, 0);
        while (end < text.Length)
        {
            var length = StringInfo.GetNextTextElementLength(text, end);
            var one = 0;
            for (var i = 0; i < length; i++)
                one += SlackText.CostOf(text.AsSpan(end + i, 1));
            if (cost + one > room)
                return word > start ? (word, wordCost) : (end, cost);
            (end, cost) = (end + length, cost + one);
            if (text[end - 1] == ' ')
                (word, wordCost) = (end, cost);
        }
        return (end, cost);
    }

    private static string Line(List<Run> line)
    {
        var written = new StringBuilder();
        for (var i = 0; i < line.Count; i++)
        {
            var run = line[i];
            if (run.IsPlain)
            {
                written.Append(SlackText.Literal(run.Text));
                continue;
            }
            // A mark works only at the border of a word, and not beside a space of its own
            var text = run.Text.Trim(' ');
            if (text.Length == 0)
            {
                written.Append(run.Text);
                continue;
            }
            written.Append(run.Text[0] == ' ' ? " " : "");
            if (written.Length > 0 && char.IsLetterOrDigit(written[^1]))
                written.Append('\u200b');
            var marks = (run.Code ? "`" : "") + (run.Bold ? "*" : "") + (run.Italic ? "_" : "") + (run.Strike ? "~" : "");
            written.Append(marks).Append(Inner(run, text)).Append([.. marks.Reverse()]);
            if (run.Text[^1] == ' ')
                written.Append(' ');
            else if (marks.Length > 0 && i + 1 < line.Count && char.IsLetterOrDigit(line[i + 1].Text[0]))
                written.Append('\u200b');
        }
        return written.ToString().Trim(' ');
    }

    private static string Inner(Run run, string text) =>
        run.Date is { } date ? $"<{date}|{SlackText.Escape(text).Replace("|", "", StringComparison.Ordinal)}>"
        : run.Link is { } link ? $"<{SlackText.Escape(link)}|{SlackText.Literal(text).Replace("|", "¦", StringComparison.Ordinal)}>"
        : SlackText.Literal(text);
}
