using System.Collections.Concurrent;
using System.Text;
using Rego.Evaluate;
using Rego.Values;

namespace Rego.Builtins;

/// <summary>glob.match: *, ?, [..], [!..], {a,b}, ** across delimiters.</summary>
internal static class Globs
{
    private const int MaxCached = 512;
    private const int CompileSteps = 5_000;

    private static readonly ConcurrentDictionary<(string Pattern, string Delimiters), (Re2Pattern? Pattern, string? Error)> Cache = new();

    public static RValue? Match(Evaluation e, ReadOnlySpan<RValue> args)
    {
        var delimiters = "";
        if (args[1] is RArray list)
        {
            if (Delimiters(e, list) is not { } given) return null;
            delimiters = given.Length == 0 ? "." : given;
        }
        var key = (args[0].Str(), delimiters);
        if (!Cache.TryGetValue(key, out var known))
        {
            // To make one takes as long as a few thousand steps.
            e.Spend(CompileSteps);
            known = Read(key.Item1, delimiters);
            if (Cache.Count >= MaxCached) Cache.Clear();
            Cache[key] = known;
        }
        return known.Pattern is { } pattern ? RBool.Of(pattern.IsMatch(args[2].Str())) : e.Fail($"glob.match: {known.Error}");
    }

    private static (Re2Pattern? Pattern, string? Error) Read(string pattern, string delimiters)
    {
        try
        {
            var root = new Re2Node(Re2Kind.Concat)
            {
                Parts = [new Re2Node(Re2Kind.BeginText), new GlobReader(pattern, [.. delimiters.EnumerateRunes().Select(r => (r.Value, r.Value))]).Run(), new Re2Node(Re2Kind.EndText)],
            };
            return (Re2Pattern.Of(root, 0, []), null);
        }
        catch (FormatException fault)
        {
            return (null, fault.Message);
        }
    }

    private static string? Delimiters(Evaluation e, RArray list)
    {
        var text = new StringBuilder();
        foreach (var item in list.Items)
        {
            if (item is RString s && Aggregates.Runes(s.Value) == 1)
            {
                text.Append(s.Value);
                continue;
            }
            e.Fault("eval_type_error", $"glob.match: operand 2 must be array of {(item is RString ? "runes" : "strings")} but got array containing {item.TypeName}");
            return null;
        }
        return text.ToString();
    }

    public static string Quote(string text)
    {
        var builder = new StringBuilder();
        foreach (var c in text)
        {
            if (c is '*' or '?' or '\\' or '[' or ']' or '{' or '}') builder.Append('\\');
            builder.Append(c);
        }
        return builder.ToString();
    }
}

/// <summary>
/// The grammar of the glob library that OPA uses: what is left open at the end is closed, but not a set of characters; a set
/// is one range or a list, never both.
/// </summary>
internal sealed class GlobReader(string pattern, List<(int From, int To)> delimiters)
{
    private const int MaxDepth = 1000;

    private readonly int[] _runes = [.. pattern.EnumerateRunes().Select(r => r.Value)];
    private int _at;
    private int _depth;

    /// <exception cref="FormatException">No pattern; the message is the library's.</exception>
    public Re2Node Run() => Loosened(Sequence(inTerms: false));

    // The library reads no character at all as one that is not in the list, where nothing else stands beside it.
    private readonly HashSet<Re2Node> _loose = [];

    private Re2Node Loosened(Re2Node node) => node switch
    {
        { Kind: Re2Kind.Concat, Parts.Count: 1 } => Loosened(node.Parts[0]),
        { Kind: Re2Kind.Alternate } => new Re2Node(Re2Kind.Alternate) { Parts = [.. node.Parts.Select(Loosened)] },
        _ => _loose.Contains(node) ? new Re2Node(Re2Kind.Alternate) { Parts = [node, new Re2Node(Re2Kind.Empty)] } : node,
    };

    private Re2Node Loose(Re2Node node)
    {
        _loose.Add(node);
        return node;
    }

    // A NUL ends a pattern.
    private int Current => _at >= _runes.Length ? 0 : _runes[_at] == 0xFFFD ? throw new FormatException("could not read rune") : _runes[_at];

    private Re2Node Sequence(bool inTerms)
    {
        var parts = new List<Re2Node>();
        while (Current != 0)
        {
            switch (Current)
            {
                case '{':
                    _at++;
                    parts.Add(Terms());
                    break;
                case ',' or '}' when inTerms: return Joined(parts);
                case '[':
                    _at++;
                    parts.Add(Set());
                    break;
                case '?':
                    _at++;
                    parts.Add(Loose(new Re2Node(Re2Kind.Class) { Ranges = Re2Class.Negate(delimiters) }));
                    break;
                case '*':
                    _at++;
                    var super = Current == '*';
                    if (super) _at++;
                    parts.Add(new Re2Node(Re2Kind.Repeat) { Parts = [new Re2Node(Re2Kind.Class) { Ranges = super ? Re2Class.Any : Re2Class.Negate(delimiters) }], Min = 0, Max = -1 });
                    break;
                default:
                    foreach (var rune in Text(inTerms ? ['?', '*', '[', '{', '}', ','] : ['?', '*', '[', '{'])) parts.Add(new Re2Node(Re2Kind.Class) { Ranges = [(rune, rune)] });
                    break;
            }
        }
        return Joined(parts);
    }

    private static Re2Node Joined(List<Re2Node> parts) => parts.Count == 0 ? new Re2Node(Re2Kind.Empty) : new Re2Node(Re2Kind.Concat) { Parts = parts };

    private Re2Node Terms()
    {
        if (++_depth > MaxDepth) throw new FormatException("pattern nests too deeply");
        var alternatives = new List<Re2Node> { Sequence(inTerms: true) };
        while (Current == ',')
        {
            _at++;
            alternatives.Add(Sequence(inTerms: true));
        }
        if (Current == '}') _at++;
        _depth--;
        return new Re2Node(Re2Kind.Alternate) { Parts = alternatives };
    }

    /// <summary>As far as a character that means something; a backslash takes the meaning of the next.</summary>
    private List<int> Text(ReadOnlySpan<int> breakers)
    {
        var text = new List<int>();
        for (var escaped = false; Current != 0; _at++)
        {
            if (!escaped && Current == '\\')
            {
                escaped = true;
                continue;
            }
            if (!escaped && breakers.Contains(Current)) break;
            escaped = false;
            text.Add(Current);
        }
        return text;
    }

    private Re2Node Set()
    {
        var not = Current == '!';
        if (not) _at++;
        List<(int, int)> ranges;
        if (Current == 0) throw new FormatException("unexpected end of input");
        var low = Current;
        _at++;
        if (Current == '-')
        {
            _at++;
            var high = Current;
            if (high == 0) throw new FormatException("unexpected end of input");
            _at++;
            Close();
            if (high < low) throw new FormatException($"hi character '{new Rune(high)}' should be greater than lo '{new Rune(low)}'");
            ranges = [(low, high)];
        }
        else
        {
            _at--;
            ranges = [.. Text([']']).Select(r => (r, r))];
            Close();
            if (ranges.Count == 0) throw new FormatException("could not parse range");
        }
        return not ? Loose(new Re2Node(Re2Kind.Class) { Ranges = Re2Class.Negate(ranges) }) : new Re2Node(Re2Kind.Class) { Ranges = Re2Class.Normal(ranges) };
    }

    private void Close()
    {
        if (Current == 0) throw new FormatException("unexpected end of input");
        if (Current != ']') throw new FormatException("expected close range character");
        _at++;
    }
}
