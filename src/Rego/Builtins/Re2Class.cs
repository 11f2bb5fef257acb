using System.Globalization;
using System.Text;

namespace Rego.Builtins;

/// <summary>Sets of characters of RE2: sorted ranges of code points, both ends inclusive.</summary>
internal static class Re2Class
{
    public const int MaxRune = 0x10FFFF;

    private static readonly Lazy<Dictionary<int, int[]>> Orbits = new(FindOrbits);

    public static List<(int From, int To)> Any => [(0, MaxRune)];

    public static List<(int From, int To)> AnyButNewLine => [(0, '\n' - 1), ('\n' + 1, MaxRune)];

    public static List<(int From, int To)> Digits => [('0', '9')];

    public static List<(int From, int To)> Spaces => [('\t', '\n'), ('\f', '\r'), (' ', ' ')];

    public static List<(int From, int To)> Words => [('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')];

    public static List<(int From, int To)>? Posix(string name) => name switch
    {
        "alnum" => [('0', '9'), ('A', 'Z'), ('a', 'z')],
        "alpha" => [('A', 'Z'), ('a', 'z')],
        "ascii" => [(0, 0x7F)],
        "blank" => [('\t', '\t'), (' ', ' ')],
        "cntrl" => [(0, 0x1F), (0x7F, 0x7F)],
        "digit" => Digits,
        "graph" => [('!', '~')],
        "lower" => [('a', 'z')],
        "print" => [(' ', '~')],
        "punct" => [('!', '/'), (':', '@'), ('[', '`'), ('{', '~')],
        "space" => [('\t', '\r'), (' ', ' ')],
        "upper" => [('A', 'Z')],
        "word" => Words,
        "xdigit" => [('0', '9'), ('A', 'F'), ('a', 'f')],
        _ => null,
    };

    /// <summary>A category, a group of them, or a script of Unicode.</summary>
    public static List<(int From, int To)>? Unicode(string name)
    {
        if (Known.TryGetValue(name, out var known)) return known;
        var ranges = Named(name);
        // As many as there are names: a few hundred.
        if (ranges is not null) Known[name] = ranges;
        return ranges;
    }

    private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, List<(int From, int To)>> Known = new(StringComparer.Ordinal);

    private static List<(int From, int To)>? Named(string name)
    {
        switch (name)
        {
            case "Any": return Any;
            case "ASCII": return [(0, 0x7F)];
            case "Assigned": return Negate(Category(c => c == UnicodeCategory.OtherNotAssigned));
            case "LC": return Category(c => c is UnicodeCategory.LowercaseLetter or UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter);
        }
        if (name.Length is 1 or 2 && Categories.TryGetValue(name, out var one)) return Category(one.Contains);
        return UnicodeScripts.Find(name);
    }

    public static List<(int From, int To)> Normal(List<(int From, int To)> ranges)
    {
        var sorted = new List<(int From, int To)>(ranges);
        sorted.Sort();
        var result = new List<(int From, int To)>(sorted.Count);
        foreach (var (from, to) in sorted)
        {
            if (result.Count > 0 && from <= result[^1].To + 1) result[^1] = (result[^1].From, Math.Max(result[^1].To, to));
            else result.Add((from, to));
        }
        return result;
    }

    public static List<(int From, int To)> Negate(List<(int From, int To)> ranges)
    {
        var result = new List<(int From, int To)>();
        var next = 0;
        foreach (var (from, to) in Normal(ranges))
        {
            if (from > next) result.Add((next, from - 1));
            next = to + 1;
        }
        if (next <= MaxRune) result.Add((next, MaxRune));
        return result;
    }

    /// <summary>With every character that is the same but for its case.</summary>
    public static List<(int From, int To)> Fold(List<(int From, int To)> ranges)
    {
        var result = new List<(int From, int To)>(ranges);
        foreach (var (rune, same) in Orbits.Value)
        {
            if (!Contains(ranges, rune)) continue;
            foreach (var other in same) result.Add((other, other));
        }
        return Normal(result);
    }

    /// <summary>Whether sorted ranges hold it.</summary>
    public static bool Contains(List<(int From, int To)> ranges, int rune)
    {
        var (low, high) = (0, ranges.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (rune < ranges[middle].From) high = middle - 1;
            else if (rune > ranges[middle].To) low = middle + 1;
            else return true;
        }
        return false;
    }

    private static readonly Dictionary<string, UnicodeCategory[]> Categories = FindCategories();

    private static Dictionary<string, UnicodeCategory[]> FindCategories()
    {
        var names = new (string Name, UnicodeCategory Category)[]
        {
            ("Lu", UnicodeCategory.UppercaseLetter), ("Ll", UnicodeCategory.LowercaseLetter), ("Lt", UnicodeCategory.TitlecaseLetter), ("Lm", UnicodeCategory.ModifierLetter), ("Lo", UnicodeCategory.OtherLetter),
            ("Mn", UnicodeCategory.NonSpacingMark), ("Mc", UnicodeCategory.SpacingCombiningMark), ("Me", UnicodeCategory.EnclosingMark),
            ("Nd", UnicodeCategory.DecimalDigitNumber), ("Nl", UnicodeCategory.LetterNumber), ("No", UnicodeCategory.OtherNumber),
            ("Zs", UnicodeCategory.SpaceSeparator), ("Zl", UnicodeCategory.LineSeparator), ("Zp", UnicodeCategory.ParagraphSeparator),
            ("Cc", UnicodeCategory.Control), ("Cf", UnicodeCategory.Format), ("Cs", UnicodeCategory.Surrogate), ("Co", UnicodeCategory.PrivateUse),
            ("Pc", UnicodeCategory.ConnectorPunctuation), ("Pd", UnicodeCategory.DashPunctuation), ("Ps", UnicodeCategory.OpenPunctuation), ("Pe", UnicodeCategory.ClosePunctuation),
            ("Pi", UnicodeCategory.InitialQuotePunctuation), ("Pf", UnicodeCategory.FinalQuotePunctuation), ("Po", UnicodeCategory.OtherPunctuation),
            ("Sm", UnicodeCategory.MathSymbol), ("Sc", UnicodeCategory.CurrencySymbol), ("Sk", UnicodeCategory.ModifierSymbol), ("So", UnicodeCategory.OtherSymbol),
        };
        var result = names.ToDictionary(n => n.Name, n => new[] { n.Category }, StringComparer.Ordinal);
        foreach (var group in names.GroupBy(n => n.Name[..1])) result[group.Key] = [.. group.Select(n => n.Category)];
        // A category of what is assigned only: C has no Cn, but Cn itself can be asked for.
        result["Cn"] = [UnicodeCategory.OtherNotAssigned];
        return result;
    }

    private static List<(int From, int To)> Category(Func<UnicodeCategory, bool> holds)
    {
        var result = new List<(int From, int To)>();
        for (var i = 0; i <= MaxRune; i++)
        {
            if (!holds(CharUnicodeInfo.GetUnicodeCategory(i))) continue;
            if (result.Count > 0 && result[^1].To == i - 1) result[^1] = (result[^1].From, i);
            else result.Add((i, i));
        }
        return result;
    }

    // Letters end long before; what lies beyond has no case.
    private const int LastCased = 0x1E943;

    private static Dictionary<int, int[]> FindOrbits()
    {
        var parent = new Dictionary<int, int>();
        int Root(int x)
        {
            while (parent.TryGetValue(x, out var up) && up != x) x = up;
            return x;
        }

        void Join(int x, int y)
        {
            if (x == y) return;
            parent.TryAdd(x, x);
            parent.TryAdd(y, y);
            parent[Root(x)] = Root(y);
        }

        for (var i = 0; i <= LastCased; i++)
        {
            // The dotted and the dotless i fold with nothing.
            if (!Rune.IsValid(i) || i is 0x130 or 0x131) continue;
            var rune = new Rune(i);
            Join(i, Rune.ToUpperInvariant(rune).Value);
            Join(i, Rune.ToLowerInvariant(rune).Value);
        }
        Join('s', 0x17F);
        Join('k', 0x212A);
        Join(0xE5, 0x212B);
        Join(0x3C9, 0x2126);
        Join(0xDF, 0x1E9E);
        Join(0x3B8, 0x3F4);
        return parent.Keys.GroupBy(Root).SelectMany(g => g.Select(x => (x, g.Where(y => y != x).ToArray()))).ToDictionary(p => p.x, p => p.Item2);
    }
}
