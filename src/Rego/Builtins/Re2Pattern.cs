using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Rego.Builtins;

/// <summary>
/// A pattern in RE2's syntax. It runs on .NET's linear-time engine, which is handed nothing but sets of UTF-16 units and
/// operators that both read alike; what that engine sees otherwise (\b beside letters that are not ASCII, automata larger
/// than it takes) runs on <see cref="Re2Machine"/>.
/// </summary>
internal sealed class Re2Pattern
{
    private const int MaxLength = 32 * 1024;

    // Linear in the text, but the factor grows with the pattern.
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromMilliseconds(400);

    private readonly Re2Node _root;
    private readonly Regex? _regex;
    private readonly bool _hasWordBoundary;
    private readonly bool _hasIdleLoop;
    private readonly bool _hasScatteredPairs;
    private Re2Machine? _machine;

    private readonly RequiredText? _required;

    private Re2Pattern(Re2Node root, Regex? regex, RequiredText? required, int groups, Dictionary<string, int> names)
    {
        _root = root;
        _regex = regex;
        _required = required;
        _hasWordBoundary = HasWordBoundary(root);
        _hasIdleLoop = HasIdleLoop(root);
        _hasScatteredPairs = HasScatteredPairs(root);
        Groups = groups;
        Names = names;
    }

    public int Groups { get; }

    public Dictionary<string, int> Names { get; }

    public static (Re2Pattern? Pattern, string? Error) Read(string pattern)
    {
        if (pattern.Length > MaxLength) return (null, "expression too large");
        try
        {
            var parser = new Re2Parser(pattern);
            var root = parser.Run();
            return (Of(root, parser.Groups, parser.Names, RequiredText.Of(pattern)), null);
        }
        catch (Re2Fault fault)
        {
            return (null, fault.Message);
        }
    }

    public static Re2Pattern Of(Re2Node root, int groups, Dictionary<string, int> names, RequiredText? required = null)
    {
        Regex? regex = null;
        try
        {
            var text = new StringBuilder();
            Write(text, root);
            regex = new Regex(text.ToString(), RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, MatchTimeout);
        }
        catch (NotSupportedException)
        {
            // More states than that engine takes.
        }
        return new Re2Pattern(root, regex, required, groups, names);
    }

    /// <summary>What the pattern needs is not in the text; quick, and never wrong when true.</summary>
    public bool IsRuledOut(string text) => _required is not null && !_required.IsIn(text);

    public bool IsMatch(string text)
    {
        if (IsRuledOut(text)) return false;
        text = Characters(text);
        return Engine(text) is { } regex ? regex.IsMatch(text) : Machine.Match(text, 0, new int[2]);
    }

    /// <summary>
    /// The leftmost match at or behind a place: start and end of the whole and of each group, -1 for a group that took no
    /// part. Null for none.
    /// </summary>
    public int[]? Match(string text, int start)
    {
        text = Characters(text);
        var places = new int[2 * (Groups + 1)];
        // What may match nothing and is repeated: .NET goes round once more for nothing, or prefers another way.
        if (_hasIdleLoop || Engine(text) is not { } regex) return Machine.Match(text, start, places) ? places : null;
        var match = regex.Match(text, start);
        if (!match.Success) return null;
        for (var i = 0; i <= Groups; i++)
        {
            var group = match.Groups[i];
            places[2 * i] = group.Success ? group.Index : -1;
            places[(2 * i) + 1] = group.Success ? group.Index + group.Length : -1;
        }
        return places;
    }

    private Re2Machine Machine => _machine ??= new Re2Machine(_root, Groups);

    private Regex? Engine(string text) =>
        _regex is not null && (!_hasWordBoundary || Ascii.IsValid(text)) && (!_hasScatteredPairs || text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0) ? _regex : null;

    /// <summary>Bytes that are no UTF-8 are matched as U+FFFD, unit for unit.</summary>
    private static string Characters(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\uDC80', '\uDCFF') < 0) return text;
        var units = text.ToCharArray();
        for (var i = 0; i < units.Length; i++)
        {
            if (char.IsHighSurrogate(units[i]) && i + 1 < units.Length && char.IsLowSurrogate(units[i + 1])) i++;
            else if (char.IsSurrogate(units[i])) units[i] = '\uFFFD';
        }
        return new string(units);
    }

    // Letters and the like lie in hundreds of ranges beyond 16 bits: .NET takes seconds over such a set of pairs.
    private const int MaxPairs = 12;

    private static bool HasScatteredPairs(Re2Node node) => (node.Kind == Re2Kind.Class && PairsOf(node.Ranges).Count > MaxPairs) || node.Parts.Exists(HasScatteredPairs);

    private static List<string> PairsOf(List<(int From, int To)> ranges)
    {
        var pairs = new List<string>();
        foreach (var (from, to) in ranges)
        {
            if (to > 0xFFFF) Pairs(pairs, Math.Max(from, 0x10000), to);
            if (pairs.Count > MaxPairs) break;
        }
        return pairs;
    }

    private static bool HasWordBoundary(Re2Node node) => node.Kind is Re2Kind.WordBoundary or Re2Kind.NoWordBoundary || node.Parts.Exists(HasWordBoundary);

    private static bool HasIdleLoop(Re2Node node) => (node.Kind == Re2Kind.Repeat && node.Parts[0].IsNullable) || node.Parts.Exists(HasIdleLoop);

    private static void Write(StringBuilder text, Re2Node node)
    {
        switch (node.Kind)
        {
            case Re2Kind.Empty: text.Append("(?:)"); break;
            case Re2Kind.Class: WriteClass(text, node.Ranges); break;
            case Re2Kind.BeginLine: text.Append("(?m:^)"); break;
            case Re2Kind.EndLine: text.Append("(?m:$)"); break;
            case Re2Kind.BeginText: text.Append("\\A"); break;
            case Re2Kind.EndText: text.Append("\\z"); break;
            case Re2Kind.WordBoundary: text.Append("\\b"); break;
            case Re2Kind.NoWordBoundary: text.Append("\\B"); break;
            case Re2Kind.Capture:
                text.Append(CultureInfo.InvariantCulture, $"(?<{node.Capture}>");
                Write(text, node.Parts[0]);
                text.Append(')');
                break;
            case Re2Kind.Repeat:
                text.Append("(?:");
                Write(text, node.Parts[0]);
                text.Append(')');
                if (node is { Min: 0, Max: -1 }) text.Append('*');
                else if (node is { Min: 1, Max: -1 }) text.Append('+');
                else if (node is { Min: 0, Max: 1 }) text.Append('?');
                else text.Append(CultureInfo.InvariantCulture, $"{{{node.Min}{(node.Max < 0 ? "," : node.Max == node.Min ? "" : $",{node.Max}")}}}");
                if (node.IsLazy) text.Append('?');
                break;
            case Re2Kind.Concat:
                foreach (var part in node.Parts)
                {
                    var isLoose = part.Kind == Re2Kind.Alternate;
                    if (isLoose) text.Append("(?:");
                    Write(text, part);
                    if (isLoose) text.Append(')');
                }
                break;
            case Re2Kind.Alternate:
                for (var i = 0; i < node.Parts.Count; i++)
                {
                    if (i > 0) text.Append('|');
                    Write(text, node.Parts[i]);
                }
                break;
        }
    }

    /// <summary>Sets of UTF-16 units: characters beyond 16 bits are pairs of surrogates, and half of one is no character.</summary>
    private static void WriteClass(StringBuilder text, List<(int From, int To)> ranges)
    {
        var plain = new StringBuilder();
        var pairs = PairsOf(ranges);
        if (pairs.Count > MaxPairs) pairs.Clear();
        foreach (var (from, to) in ranges)
        {
            Plain(plain, from, Math.Min(to, 0xD7FF));
            Plain(plain, Math.Max(from, 0xE000), Math.Min(to, 0xFFFF));
        }
        if (pairs.Count == 0)
        {
            if (plain.Length == 0) text.Append("[a-[a]]");
            else if (plain.Length == 6 && ranges.Count == 1) text.Append(plain);
            else text.Append('[').Append(plain).Append(']');
            return;
        }
        text.Append("(?:");
        if (plain.Length > 0) text.Append('[').Append(plain).Append("]|");
        text.AppendJoin('|', pairs).Append(')');
    }

    private static void Plain(StringBuilder text, int from, int to)
    {
        if (from > to) return;
        text.Append("\\u").Append(from.ToString("X4", CultureInfo.InvariantCulture));
        if (to > from) text.Append('-').Append("\\u").Append(to.ToString("X4", CultureInfo.InvariantCulture));
    }

    private static void Pairs(List<string> pairs, int from, int to)
    {
        while (from <= to)
        {
            var (high, low) = (0xD800 + ((from - 0x10000) >> 10), 0xDC00 + ((from - 0x10000) & 0x3FF));
            var lastHigh = 0xD800 + ((to - 0x10000) >> 10);
            if (low == 0xDC00 && high < lastHigh)
            {
                // Whole rows of low surrogates, as many as there are.
                var end = ((to - 0x10000) & 0x3FF) == 0x3FF ? lastHigh : lastHigh - 1;
                pairs.Add(Invariant($"[\\u{high:X4}-\\u{end:X4}][\\uDC00-\\uDFFF]"));
                from = 0x10000 + ((end - 0xD800 + 1) << 10);
                continue;
            }
            var lastLow = high == lastHigh ? 0xDC00 + ((to - 0x10000) & 0x3FF) : 0xDFFF;
            pairs.Add(Invariant($"\\u{high:X4}[\\u{low:X4}-\\u{lastLow:X4}]"));
            from += lastLow - low + 1;
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
