using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MicroAppBot.Conversation.Understanding;

/// <summary>One word of a message.</summary>
/// <param name="Word">Folded.</param>
/// <param name="Written">As the person wrote it.</param>
/// <param name="Clause">Number of the clause; commas, dashes, colons and brackets end one.</param>
/// <param name="Sentence">Number of the sentence.</param>
/// <param name="Start">Offset in <see cref="Message.Text"/>.</param>
public readonly record struct Token(string Word, string Written, int Clause, int Sentence, int Start)
{
    public bool Capitalised => char.IsUpper(Written[0]);
    public bool AllCapitals => Written.Length > 1 && Written.All(c => char.IsUpper(c) || char.IsDigit(c));
    /// <summary>Written like a name somebody invented (StockBoard), not like an abbreviation (PDFs).</summary>
    public bool InnerCapital => Written.Length > 3 && Written.Zip(Written.Skip(1)).Any(p => char.IsLower(p.First) && char.IsUpper(p.Second));
}

/// <summary>A message cut into words, sentences and clauses, free of marks that only disguise or decorate it.</summary>
public sealed partial class Message
{
    /// <summary>Longest text that is read; the rest is looked at by nobody and said so in <see cref="Cut"/>.</summary>
    public const int MaximumLength = 20_000;

    private Message(string text, List<Token> tokens, List<string> hosts, bool channel, bool cut)
    {
        Text = text; Tokens = tokens; Hosts = hosts; NamesChannel = channel; Cut = cut;
    }

    /// <summary>The cleaned text.</summary>
    public string Text { get; }
    public IReadOnlyList<Token> Tokens { get; }
    /// <summary>Hosts of the addresses in the text, lower case, in order.</summary>
    public IReadOnlyList<string> Hosts { get; }
    /// <summary>True when a chat channel is named by its sign (#general).</summary>
    public bool NamesChannel { get; }
    public bool Cut { get; }

    public static Message Read(string text)
    {
        var cut = text.Length > MaximumLength;
        var clean = Clean(cut ? text[..MaximumLength] : text);
        List<string> hosts = [];
        foreach (Match m in Address().Matches(clean)) hosts.Add(m.Groups["host"].Value.ToLowerInvariant().TrimEnd('.'));
        var withoutAddresses = Address().Replace(clean, m => new string(' ', m.Length));
        return new(clean, [.. Cuts(withoutAddresses)], hosts, Channel().IsMatch(withoutAddresses), cut);
    }

    /// <summary>The folded words of a text, as the lexicon's phrases are cut.</summary>
    public static IEnumerable<string> Words(string text) => Cuts(OneWordMail(text)).Select(t => t.Word);

    private static string OneWordMail(string text) => text.Replace("e-mail", "email", StringComparison.OrdinalIgnoreCase);

    private static string Clean(string text)
    {
        // Teams and Slack wrap mentions; what is inside the tag is a name, not a wish
        text = OneWordMail(Mention().Replace(text, " "));
        var clean = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.OtherSymbol or UnicodeCategory.PrivateUse) continue;
            clean.Append(c switch { '*' or '_' or '`' or '~' or '>' or '\u00a0' => ' ', '’' or '‘' or '`' => '\'', '“' or '”' or '„' or '«' or '»' => '"', '–' or '—' => '-', _ => c });
        }
        return clean.ToString();
    }

    private static IEnumerable<Token> Cuts(string text)
    {
        int clause = 0, sentence = 0, i = 0;
        while (i < text.Length)
        {
            var c = text[i];
            if (char.IsLetterOrDigit(c) || c == '^')
            {
                var from = i++;
                while (i < text.Length && (char.IsLetterOrDigit(text[i]) || CharUnicodeInfo.GetUnicodeCategory(text[i]) is UnicodeCategory.NonSpacingMark || IsInsideNumber(text, i))) i++;
                foreach (var t in Words(text, from, i, clause, sentence)) yield return t;
                // n't is the one ending that turns a sentence round
                if (i + 1 < text.Length && text[i] == '\'' && text[i + 1] is 's' or 'S' && (i + 2 >= text.Length || !char.IsLetter(text[i + 2]))) i += 2;
                continue;
            }
            if (c is '$' or '€' or '£' or '%') yield return new(c.ToString(), c.ToString(), clause, sentence, i);
            else if (c is '.' or '!' or '?' or ';' or '\n')
            {
                if (c != '.' || i + 1 >= text.Length || !char.IsLetterOrDigit(text[i + 1])) { clause++; sentence++; }
                else clause++;
            }
            else if (c is ',' or ':' or '(' or ')' or '[' or ']' or '"' || c is '-' && i > 0 && text[i - 1] == ' ') clause++;
            i++;
        }
    }

    private static bool IsInsideNumber(string text, int i) =>
        text[i] is '.' or ',' && char.IsDigit(text[i - 1]) && i + 1 < text.Length && char.IsDigit(text[i + 1]);

    private static IEnumerable<Token> Words(string text, int from, int to, int clause, int sentence)
    {
        // "don't" reaches here as "don": the apostrophe and its t belong to it
        var written = text[from..to];
        var folded = Spelling.Fold(written);
        if (folded.Length == 0) yield break;
        var negated = to + 1 < text.Length && text[to] == '\'' && text[to + 1] is 't' or 'T' && folded[^1] == 'n' && (to + 2 >= text.Length || !char.IsLetter(text[to + 2]));
        if (negated)
        {
            yield return new(folded == "can" || folded == "won" ? folded : folded[..^1], written, clause, sentence, from);
            yield return new("not", written, clause, sentence, from);
            yield break;
        }
        if (folded is "t" && from > 0 && text[from - 1] == '\'') yield break;
        if (folded is "dont" or "doesnt" or "didnt" or "isnt" or "wont" or "cant" or "cannot" or "shouldnt" or "neednt")
        {
            yield return new(folded.Replace("nt", "", StringComparison.Ordinal).Replace("not", "", StringComparison.Ordinal), written, clause, sentence, from);
            yield return new("not", written, clause, sentence, from);
            yield break;
        }
        // "1) this 2) that": an enumeration's number starts its point
        if (folded is "2" or "3" or "4" && to < text.Length && text[to] == ')')
        {
            yield return new("secondly", written, clause, sentence, from);
            yield break;
        }
        // 900usd, 30d, 5k: the number and its unit are two words
        var digits = 0;
        while (digits < folded.Length && (char.IsDigit(folded[digits]) || folded[digits] is '.' or ',')) digits++;
        if (digits > 0 && digits < folded.Length && folded[digits..].All(char.IsLetter))
        {
            yield return new(folded[..digits], written, clause, sentence, from);
            yield return new(folded[digits..], written, clause, sentence, from);
            yield break;
        }
        yield return new(folded, written, clause, sentence, from);
    }

    [GeneratedRegex(@"<at[^>]{0,200}>[^<]{0,200}</at>|<[@!][^>]{1,100}>|<#C[A-Z0-9]{1,20}\|", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Mention();

    [GeneratedRegex(@"(?:https?|hxxps?)://(?:[^\s/@""'<>]{0,200}@)?(?<host>[\p{L}\p{N}.-]{1,253})[^\s""'<>]{0,2000}|(?<![\w@.-])(?<host>(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}(?:com|net|org|io|dev|app|example|co|eu|de|uk|fr|es|us|cloud|tools|ai))(?![\w-])(?:/[^\s""'<>]{0,2000})?", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Address();

    [GeneratedRegex(@"(?:^|[\s(""'])#\p{L}[\p{L}\p{N}_-]{1,79}", RegexOptions.CultureInvariant)]
    private static partial Regex Channel();
}
