using System.Text;

namespace MicroAppBot.Conversation.Understanding;

/// <summary>Writes the purpose sentence from the person's own words, and proposes a name and a title from it.</summary>
internal static class PurposeWriter
{
    public const int LongestName = 40;
    private const int LongestPurpose = 160, MostWords = 4;
    private static readonly HashSet<string> Joining = ["and", "or", "of", "per", "by", "from", "und", "pro", "je", "aus", "et", "par", "y", "por"];
    private static readonly HashSet<string> Articles = ["the", "our", "a", "an", "each", "every", "der", "die", "das", "den", "dem", "unser", "unsere", "unserem", "les", "le", "la", "los", "las"];

    public static (string? Purpose, string? Name, string? Title) Write(Sight sight, int first, int last)
    {
        var tokens = sight.Message.Tokens;
        if (last < first) return default;
        // "We are a ward in Leeds. I'd like a board with…": the sentence that wishes says what it is for
        var start = Sentences(sight, first, last).OrderByDescending(s => Wishes(sight, s.First, s.Last)).First();
        var from = AfterLead(sight, start.First, start.Last);
        if (from > start.Last) return default;
        var words = NameWords(sight, from, start.Last);
        foreach (var (nextFirst, nextLast) in Sentences(sight, first, last))
        {
            if (words.Count >= 2) break;
            var next = AfterLead(sight, nextFirst, nextLast);
            if (next <= nextLast && NameWords(sight, next, nextLast) is var better && better.Count > words.Count) (words, from) = (better, next);
        }
        var end = from;
        while (end + 1 <= last && tokens[end + 1].Sentence == tokens[from].Sentence) end++;
        var purpose = Sentence(NameReader.Slice(sight, from, end).Trim('"', '\'', ' '));
        if (Phrase(sight, words, from, end) is var (phrase, said)) return (purpose, Label(said), phrase);
        var name = Label(words);
        return (purpose, name, name is null ? null : Title(name));
    }

    /// <summary>"Salaries per team", "Customer names and emails from the CRM": the words as they stand, where they hang together; null where they do not.</summary>
    private static (string Title, IReadOnlyList<string> Words)? Phrase(Sight sight, IReadOnlyList<string> words, int from, int to)
    {
        var tokens = sight.Message.Tokens;
        var first = from;
        while (first <= to && !words.Contains(tokens[first].Word)) first++;
        if (first > to) return null;
        List<string> said = [tokens[first].Word];
        var (last, joined) = (first, false);
        for (var i = first + 1; i <= to && tokens[i].Clause == tokens[first].Clause; i++)
        {
            var word = tokens[i].Word;
            if (Joining.Contains(word) || Articles.Contains(word)) { joined = true; continue; }
            // What follows "per" or "and" belongs to it, whatever it is
            if (!words.Contains(word) && (i - last == 1 || !word.All(char.IsAsciiLetter))) break;
            if (NameReader.Slice(sight, first, i).Length > LongestName) break;
            said.Add(word);
            last = i;
        }
        var title = NameReader.Slice(sight, first, last).Trim('"', '\'', ' ');
        return joined && said.Count >= 2 && Label(said) is not null ? (char.ToUpperInvariant(title[0]) + title[1..], said) : null;
    }

    private static IEnumerable<(int First, int Last)> Sentences(Sight sight, int first, int last)
    {
        var from = first;
        for (var i = first + 1; i <= last; i++)
            if (sight.Message.Tokens[i].Sentence != sight.Message.Tokens[from].Sentence) { yield return (from, i - 1); from = i; }
        yield return (from, last);
    }

    private static int Wishes(Sight sight, int first, int last)
    {
        var here = sight.Mentions.Where(m => m.First >= first && m.Last <= last && !sight.IsPretence(m.First)).ToList();
        return here.Any(m => m.Facet is Facet.Template) ? 3 : here.Any(m => m.Facet is Facet.Intent && m.Id == Intents.New) ? 2 : here.Any(m => m.Facet is Facet.Kind or Facet.Source or Facet.Connector) ? 1 : 0;
    }

    private static int AfterLead(Sight sight, int first, int last)
    {
        var from = first;
        while (from <= last)
        {
            if (sight.IsPretence(from))
            {
                var next = from;
                while (next <= last && sight.Message.Tokens[next].Clause == sight.Message.Tokens[from].Clause) next++;
                if (next > last) break;
                from = next;
                continue;
            }
            var lead = sight.Mentions.Where(m => m.Facet is Facet.Lead && m.First == from && m.Last <= last).MaxBy(m => m.Last);
            if (lead is not null) from = lead.Last + 1;
            else if (from > first && sight.Lexicon.IsFiller(sight.Message.Tokens[from].Word)) from++;
            else break;
        }
        return from;
    }

    private static List<string> NameWords(Sight sight, int from, int to)
    {
        List<string> words = [];
        var stops = sight.Mentions.Where(m => m.Facet is Facet.Stop or Facet.Lead or Facet.Department or Facet.Negation or Facet.Correction && !m.HasGap).ToList();
        for (var i = from; i <= to && words.Count < MostWords; i++)
        {
            var word = sight.Message.Tokens[i].Word;
            if (word.Length < 3 || sight.Lexicon.IsFiller(word) || !word.All(char.IsAsciiLetter) || words.Contains(word)) continue;
            if (stops.Any(s => s.First <= i && s.Last >= i)) continue;
            words.Add(word);
        }
        return words;
    }

    /// <summary>A DNS label out of words, or null when nothing is left of them.</summary>
    public static string? Label(IEnumerable<string> words)
    {
        var label = new StringBuilder();
        foreach (var word in words)
        {
            if (label.Length + word.Length + 1 > LongestName) break;
            if (label.Length > 0) label.Append('-');
            label.Append(word);
        }
        var text = new string([.. label.ToString().Where(c => char.IsAsciiLetterLower(c) || char.IsDigit(c) || c == '-')]).Trim('-');
        return text.Length < 3 || !char.IsLetter(text[0]) ? null : text;
    }

    public static string Title(string label) => char.ToUpperInvariant(label[0]) + label[1..].Replace('-', ' ');

    private static string? Sentence(string text)
    {
        text = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Trim(' ', ',', ':', '-');
        if (text.Length < 3) return null;
        if (text.Length > LongestPurpose)
        {
            var cut = text.LastIndexOf(' ', LongestPurpose);
            text = text[..(cut > 60 ? cut : LongestPurpose)].TrimEnd(',', ';', ':', ' ') + "…";
        }
        return char.ToUpperInvariant(text[0]) + text[1..];
    }
}
