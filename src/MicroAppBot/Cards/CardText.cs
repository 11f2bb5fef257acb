using System.Globalization;
using System.Text;

namespace MicroAppBot.Cards;

/// <summary>
/// What people wrote, made fit to stand in a card: it reads as they wrote it and does nothing. It can be no link, mention, heading,
/// list, macro or HTML, it cannot turn the direction of the text around it, and it is cut between two characters, never inside one.
/// The library applies this to every value from the data; call it only where a card is made without a template.
/// </summary>
/// <remarks>
/// Markdown differs from client to client (the mobile clients' older reader knows the backslash only before * and _), so constructs
/// are broken with a word joiner (no width, no line break), which every reader takes as an ordinary character, and the backslash is kept for emphasis.
/// </remarks>
public static class CardText
{
    private const char Break = '\u2060';
    private const string Ellipsis = "…";

    // More marks on one letter than any script needs: what is called zalgo
    private const int MostMarks = 6;

    /// <summary>For places that are shown literally (a button's title, a label): one line without control characters.</summary>
    /// <param name="text">As somebody wrote it.</param>
    /// <param name="longest">In UTF-16 units, the ellipsis included.</param>
    public static string Plain(string text, int longest) => Isolated(Cut(Clean(text, lines: false), longest));

    /// <summary>For places that are read as markdown: a TextBlock's text, a fact.</summary>
    /// <param name="text">As somebody wrote it.</param>
    /// <param name="longest">In UTF-16 units, the ellipsis included; escaping comes on top.</param>
    /// <param name="lines">Whether line breaks stay, as paragraphs; otherwise it becomes one line.</param>
    public static string Escape(string text, int longest, bool lines = false)
    {
        var clean = Cut(Clean(text, lines), longest);
        if (clean.AsSpan().IndexOfAny(Suspicious) < 0 && !StartsLikeABlock(clean))
            return Isolated(clean);
        var escaped = new StringBuilder(clean.Length + 16);
        for (var i = 0; i < clean.Length; i++)
        {
            if (i == 0 || clean[i - 1] == '\n')
            {
                if (StartsLikeABlock(clean.AsSpan(i)))
                    escaped.Append(Break);
            }
            Append(escaped, clean, i);
        }
        return Isolated(escaped.ToString());
    }

    private static readonly System.Buffers.SearchValues<char> Suspicious = System.Buffers.SearchValues.Create("\\*_`~]<&{\n");

    private static void Append(StringBuilder escaped, string text, int i)
    {
        var c = text[i];
        var before = i > 0 ? text[i - 1] : ' ';
        var after = i + 1 < text.Length ? text[i + 1] : '\0';
        switch (c)
        {
            case '*' or '`':
            case '_' when !char.IsLetterOrDigit(before) || !char.IsLetterOrDigit(after):
            case '~' when before == '~' || after == '~':
            case '\\' when after == '\0' || char.IsAsciiLetterOrDigit(after) is false && after < 128:
                escaped.Append('\\').Append(c);
                break;
            case ']' when after is '(' or '[' or ':' or '\0':
            case '<' when after is '/' or '!' or '?' or '\0' || char.IsAsciiLetter(after):
            case '{' when after is '{' or '\0':
            case '&' when IsEntity(text.AsSpan(i + 1)):
                escaped.Append(c).Append(Break);
                break;
            case '\n':
                escaped.Append("\n\n");
                break;
            default:
                escaped.Append(c);
                break;
        }
    }

    // An end of the text counts: what the card writes behind it might complete the entity
    private static bool IsEntity(ReadOnlySpan<char> rest)
    {
        for (var i = 0; i < rest.Length; i++)
            if (!char.IsAsciiLetterOrDigit(rest[i]) && !(i == 0 && rest[i] == '#'))
                return rest[i] == ';' && i > 0;
        return true;
    }

    private static bool StartsLikeABlock(ReadOnlySpan<char> line)
    {
        if (line.IsEmpty)
            return false;
        if (line[0] is '#' or '>' or '=' or '|')
            return true;
        if (line[0] is '-' or '+')
            return line.Length == 1 || line[1] is ' ' or '\n' or '-';
        var digits = 0;
        while (digits < line.Length && char.IsAsciiDigit(line[digits]))
            digits++;
        return digits > 0 && digits < line.Length && line[digits] is '.' or ')' && (digits + 1 == line.Length || line[digits + 1] is ' ' or '\n');
    }

    private static string Clean(string text, bool lines)
    {
        if (IsClean(text))
            return text;
        var clean = new StringBuilder(text.Length);
        var marks = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsSurrogate(c))
            {
                if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                    clean.Append(c).Append(text[++i]);
                else
                    clean.Append('\ufffd');
                marks = 0;
                continue;
            }
            if (c is '\r' or '\n' or '\u2028' or '\u2029' or '\u0085' or '\v' or '\f')
                Newline(clean, lines);
            else if (char.IsWhiteSpace(c))
                Space(clean);
            else if (char.IsControl(c) || IsDirection(c) || c == '\ufeff')
                continue;
            else if (CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark)
            {
                if (marks++ < MostMarks)
                    clean.Append(c);
                continue;
            }
            else
                clean.Append(c);
            marks = 0;
        }
        while (clean.Length > 0 && clean[^1] is ' ' or '\n')
            clean.Length--;
        return clean.ToString();
    }

    private static bool IsClean(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is < ' ' or > '~')
                if (c is < '\u00a1' or (> '\u02ff' and not (>= '\u2010' and <= '\u2027')))
                    return false;
            if (c == ' ' && (i == 0 || i == text.Length - 1 || text[i + 1] == ' '))
                return false;
        }
        return true;
    }

    private static void Newline(StringBuilder clean, bool lines)
    {
        if (!lines)
        {
            Space(clean);
            return;
        }
        while (clean.Length > 0 && clean[^1] == ' ')
            clean.Length--;
        if (clean.Length > 0 && clean[^1] != '\n')
            clean.Append('\n');
    }

    private static void Space(StringBuilder clean)
    {
        if (clean.Length > 0 && clean[^1] is not (' ' or '\n'))
            clean.Append(' ');
    }

    // Marks, embeddings, overrides and isolates that turn the reading direction
    private static bool IsDirection(char c) => c is '\u200e' or '\u200f' or '\u061c' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');

    // A text in a right-to-left script keeps to itself, so that it does not reorder the sentence it stands in
    private static string Isolated(string text)
    {
        foreach (var c in text)
            if (c is (>= '\u0590' and <= '\u08ff') or (>= '\ufb1d' and <= '\ufdff') or (>= '\ufe70' and <= '\ufefc') or '\ud83a' or '\ud83b' or '\ud802' or '\ud803')
                return $"\u2068{text}\u2069";
        return text;
    }

    /// <summary>Cut on a border between two characters as people count them, the ellipsis included.</summary>
    internal static string Cut(string text, int longest)
    {
        if (text.Length <= longest)
            return text;
        var end = 0;
        while (end < text.Length)
        {
            var next = end + StringInfo.GetNextTextElementLength(text, end);
            if (next > longest - Ellipsis.Length)
                break;
            end = next;
        }
        return text[..end].TrimEnd(' ', '\n', ',', ';') + Ellipsis;
    }
}
