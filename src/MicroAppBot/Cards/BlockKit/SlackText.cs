using System.Buffers;
using System.Globalization;
using System.Text;

namespace MicroAppBot.Cards.BlockKit;

/// <summary>
/// Text on its way into Slack: it reads as it was written and does nothing. No mention, link or mark that was not meant, no control
/// character, no turned direction, cut between two characters and never inside one.
/// </summary>
internal static class SlackText
{
    private const char Joiner = '\u2060';
    private const string Ellipsis = "…";
    private static readonly SearchValues<char> Markers = SearchValues.Create("&<>*_~`:\n");

    /// <summary>For plain_text: one line, at most so many UTF-16 units; <paramref name="otherwise"/> where nothing is left, for Slack takes no empty text.</summary>
    public static string Plain(string text, int longest, string otherwise = "–")
    {
        var clean = Inert(Clean(text, lines: false));
        return clean.Length == 0 ? otherwise : Cut(clean, longest);
    }

    /// <summary>For plain_text that may have several lines.</summary>
    public static string PlainLines(string text, int longest)
    {
        var clean = Inert(Clean(text, lines: true));
        return clean.Length == 0 ? "–" : Cut(clean, longest);
    }

    /// <summary>For the top-level text: what stands there is read aloud, and is mrkdwn to Slack.</summary>
    public static string TopLevel(string text, int longest)
    {
        var clean = Clean(text, lines: false);
        while (Escape(clean).Length > longest)
            clean = Cut(clean, Math.Max(1, clean.Length - Math.Max(1, (Escape(clean).Length - longest) / 5)));
        return clean.Length == 0 ? "–" : Escape(clean);
    }

    /// <summary>The three characters Slack wants written as entities, and no others.</summary>
    public static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    /// <summary>For mrkdwn: escaped, and no mark in it is one.</summary>
    public static string Literal(string text)
    {
        if (text.AsSpan().IndexOfAny(Markers) < 0)
            return text;
        var written = new StringBuilder(text.Length + 16);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var (before, after) = (i > 0 ? text[i - 1] : ' ', i + 1 < text.Length ? text[i + 1] : ' ');
            switch (c)
            {
                case '&': written.Append("&amp;"); break;
                case '<': written.Append("&lt;"); break;
                // At the start of a line it would make a quotation, also as an entity
                case '>': written.Append(before is ' ' or '\n' ? "\u2060&gt;" : "&gt;"); break;
                case '*' or '~' or '`': written.Append(c).Append(Joiner); break;
                case '_' when !char.IsLetterOrDigit(before) || !char.IsLetterOrDigit(after): written.Append(c).Append(Joiner); break;
                // :tada: would become a picture
                case ':' when char.IsLetterOrDigit(after) || after is '+' or '-' or '_': written.Append(c).Append(Joiner); break;
                default: written.Append(c); break;
            }
        }
        return written.ToString();
    }

    /// <summary>How long one character gets by <see cref="Literal"/> at most.</summary>
    public static int CostOf(ReadOnlySpan<char> character) => character.Length != 1 ? character.Length : character[0] switch
    {
        '&' or '>' => 5,
        '<' => 4,
        '*' or '_' or '~' or '`' or ':' => 2,
        _ => 1,
    };

    /// <summary>Cut on a border between two characters as people count them, the ellipsis included.</summary>
    public static string Cut(string text, int longest) => text.Length <= longest ? text : Balanced(MicroAppBot.Cards.CardText.Cut(text, longest), longest);

    // Cutting may have taken the end of an isolate: without it the rest of the page would be inside
    private static string Balanced(string text, int longest)
    {
        var open = 0;
        foreach (var c in text)
            open += c == '\u2068' ? 1 : c == '\u2069' ? -1 : 0;
        return open <= 0 ? text : text.Length + open <= longest ? text + new string('\u2069', open) : text.Replace("\u2068", "", StringComparison.Ordinal).Replace("\u2069", "", StringComparison.Ordinal);
    }

    /// <summary>
    /// Without control characters, lone surrogates and marks that turn the direction. A first-strong isolate that is closed stays: it is
    /// how a card keeps a Hebrew name from reordering the sentence around it, and it cannot reach beyond itself.
    /// </summary>
    public static string Clean(string text, bool lines)
    {
        if (IsClean(text))
            return text;
        var clean = new StringBuilder(text.Length);
        var open = 0;
        var closers = text.AsSpan().Count('\u2069');
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsSurrogate(c))
            {
                if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                    clean.Append(c).Append(text[++i]);
                else
                    clean.Append('\ufffd');
            }
            else if (c is '\n' or '\r' or '\v' or '\f' or '\u0085' or '\u2028' or '\u2029')
            {
                if (!lines)
                    Space(clean);
                else if (clean.Length > 0 && clean[^1] != '\n')
                    clean.Append('\n');
            }
            else if (char.IsWhiteSpace(c))
                Space(clean);
            else if (c == '\u2068' && closers > 0)
                (open, closers, _) = (open + 1, closers - 1, clean.Append(c));
            else if (c == '\u2069' && open > 0)
                (open, _) = (open - 1, clean.Append(c));
            else if (!char.IsControl(c) && !Turns(c) && c is not ('\u2060' or '\ufeff' or '\u200b'))
                clean.Append(c);
        }
        while (clean.Length > 0 && clean[^1] is ' ' or '\n')
            clean.Length--;
        var done = clean.ToString();
        return open == 0 ? done : done.Replace("\u2068", "", StringComparison.Ordinal).Replace("\u2069", "", StringComparison.Ordinal);
    }

    // In plain text Slack reads no <!channel>; should it ever, this one is none
    private static string Inert(string text)
    {
        if (!text.Contains('<', StringComparison.Ordinal))
            return text;
        var inert = new StringBuilder(text.Length + 4);
        for (var i = 0; i < text.Length; i++)
        {
            inert.Append(text[i]);
            if (text[i] == '<' && i + 1 < text.Length && (text[i + 1] is '!' or '@' or '#' || char.IsAsciiLetter(text[i + 1])))
                inert.Append(Joiner);
        }
        return inert.ToString();
    }

    private static bool IsClean(string text)
    {
        for (var i = 0; i < text.Length; i++)
            if (text[i] is < ' ' or (> '~' and < '\u00a1') or (> '\u02ff' and not (>= '\u2010' and <= '\u2027')) || (text[i] == ' ' && (i == 0 || i == text.Length - 1 || text[i + 1] == ' ')))
                return false;
        return true;
    }

    private static void Space(StringBuilder clean)
    {
        if (clean.Length > 0 && clean[^1] is not (' ' or '\n'))
            clean.Append(' ');
    }

    /// <summary>Marks, embeddings, overrides and isolates that turn the reading direction.</summary>
    public static bool Turns(char c) => c is '\u200e' or '\u200f' or '\u061c' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
