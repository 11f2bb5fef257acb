using System.Globalization;
using System.Text;

namespace MicroAppBot.Conversation.Understanding;

/// <summary>Folds words to the form the lexicon is kept in, and lists the forms a word may be an inflection of.</summary>
public static class Spelling
{
    /// <summary>Lower case, without accents; ß becomes ss, æ ae, ø o, ł l.</summary>
    public static string Fold(ReadOnlySpan<char> word)
    {
        if (IsPlain(word)) return word.ToString();
        var folded = new StringBuilder(word.Length);
        foreach (var c in Composed(word))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark) continue;
            switch (char.ToLowerInvariant(c))
            {
                case 'ß': folded.Append("ss"); break;
                case 'æ': folded.Append("ae"); break;
                case 'œ': folded.Append("oe"); break;
                case 'ø': folded.Append('o'); break;
                case 'ł': folded.Append('l'); break;
                case 'đ': folded.Append('d'); break;
                case 'ı': folded.Append('i'); break;
                case var lower: folded.Append(lower); break;
            }
        }
        return folded.ToString();
    }

    private static bool IsPlain(ReadOnlySpan<char> word)
    {
        foreach (var c in word)
            if (c is < 'a' or > 'z' and (< '0' or > '9')) return false;
        return true;
    }

    // Half of a surrogate pair cannot be decomposed; such a word is kept as it is
    private static string Composed(ReadOnlySpan<char> word)
    {
        var text = word.ToString();
        try { return text.Normalize(NormalizationForm.FormKD); }
        catch (ArgumentException) { return text; }
    }

    /// <summary>The word itself first, then what it may be a form of: plural, past, -ing, German and Romance endings.</summary>
    public static void Forms(string word, List<string> into)
    {
        into.Clear();
        into.Add(word);
        var n = word.Length;
        if (n < 4) { if (n == 3 && word[^1] != 's') into.Add(word + "s"); return; }
        if (word.EndsWith("ies", StringComparison.Ordinal)) into.Add(word[..^3] + "y");
        if (word.EndsWith("es", StringComparison.Ordinal)) into.Add(word[..^2]);
        if (word[^1] == 's' && word[^2] != 's') into.Add(word[..^1]);
        if (n >= 5)
        {
            if (word.EndsWith("ied", StringComparison.Ordinal)) into.Add(word[..^3] + "y");
            if (word.EndsWith("ed", StringComparison.Ordinal)) { into.Add(word[..^1]); into.Add(word[..^2]); Undouble(word[..^2], into); }
            if (word.EndsWith("en", StringComparison.Ordinal)) into.Add(word[..^2]);
            if (word[^1] is 'n' or 'e') into.Add(word[..^1]);
            if (word.EndsWith("er", StringComparison.Ordinal) && n >= 7) into.Add(word[..^2]);
        }
        if (n >= 6 && word.EndsWith("ing", StringComparison.Ordinal)) { into.Add(word[..^3]); into.Add(word[..^3] + "e"); Undouble(word[..^3], into); }
        if (word[^1] != 's') into.Add(word + "s");
    }

    private static void Undouble(string stem, List<string> into)
    {
        if (stem.Length >= 3 && stem[^1] == stem[^2]) into.Add(stem[..^1]);
    }

    /// <summary>All words one letter shorter: two words at edit distance one (or with neighbours swapped) share one of them.</summary>
    public static IEnumerable<string> Deletions(string word)
    {
        for (var i = 0; i < word.Length; i++)
            if (i == 0 || word[i] != word[i - 1]) yield return word.Remove(i, 1);
    }

    /// <summary>The word of a list that is nearest to what was written, by edit distance.</summary>
    public static string Nearest(string word, IEnumerable<string> among) => among.MinBy(w => Distance(word, w)) ?? "";

    /// <summary>Edits (insert, delete, replace, swap neighbours) between two words.</summary>
    public static int Distance(string a, string b)
    {
        var two = new int[b.Length + 1]; var one = new int[b.Length + 1]; var now = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++) one[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            now[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = a[i - 1] == b[j - 1] ? 0 : 1;
                now[j] = Math.Min(Math.Min(one[j] + 1, now[j - 1] + 1), one[j - 1] + change);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) now[j] = Math.Min(now[j], two[j - 2] + 1);
            }
            (two, one, now) = (one, now, two);
        }
        return one[b.Length];
    }
}
