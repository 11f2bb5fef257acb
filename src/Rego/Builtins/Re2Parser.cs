using System.Text;

namespace Rego.Builtins;

/// <summary>A pattern is not one of RE2's; the message is Go's.</summary>
internal sealed class Re2Fault(string reason, string part) : Exception($"{reason}: `{part}`");

/// <summary>Reads RE2's syntax as Go's regexp package does, with its faults.</summary>
internal sealed class Re2Parser(string pattern)
{
    private const int MaxRepeat = 1000;
    private const int MaxDepth = 1000;
    private const long MaxSize = (128 << 20) / 40;

    private int _at;
    private int _depth;
    private bool _fold, _multiline, _dotNewLine, _ungreedy;

    public int Groups { get; private set; }

    public Dictionary<string, int> Names { get; } = new(StringComparer.Ordinal);

    public Re2Node Run()
    {
        var node = Alternatives();
        if (_at < pattern.Length) throw new Re2Fault("unexpected )", pattern);
        if (Size(node) > MaxSize) throw new Re2Fault("expression too large", pattern);
        return node;
    }

    /// <summary>As far as a closing parenthesis or the end.</summary>
    private Re2Node Alternatives()
    {
        if (++_depth > MaxDepth) throw new Re2Fault("expression nests too deeply", pattern);
        var alternatives = new List<Re2Node>();
        var parts = new List<Re2Node>();
        var lastRepeat = -1;
        while (_at < pattern.Length && pattern[_at] != ')')
        {
            var start = _at;
            var repeat = -1;
            switch (pattern[_at])
            {
                case '|':
                    alternatives.Add(Joined(parts));
                    parts = [];
                    _at++;
                    break;
                case '(': Group(parts); break;
                case '[': parts.Add(Class()); break;
                case '^':
                    parts.Add(new Re2Node(_multiline ? Re2Kind.BeginLine : Re2Kind.BeginText));
                    _at++;
                    break;
                case '$':
                    parts.Add(new Re2Node(_multiline ? Re2Kind.EndLine : Re2Kind.EndText));
                    _at++;
                    break;
                case '.':
                    parts.Add(new Re2Node(Re2Kind.Class) { Ranges = _dotNewLine ? Re2Class.Any : Re2Class.AnyButNewLine });
                    _at++;
                    break;
                case '*' or '+' or '?':
                    _at++;
                    Repeat(parts, start, lastRepeat, pattern[start] == '+' ? 1 : 0, pattern[start] == '?' ? 1 : -1, counted: false);
                    repeat = start;
                    break;
                case '{':
                    if (!Counts(out var min, out var max))
                    {
                        _at = start + 1;
                        parts.Add(Literal('{'));
                        break;
                    }
                    if (min < 0 || min > MaxRepeat || max > MaxRepeat || (max >= 0 && min > max)) throw new Re2Fault("invalid repeat count", pattern[start.._at]);
                    Repeat(parts, start, lastRepeat, min, max, counted: true);
                    repeat = start;
                    break;
                case '\\': Escape(parts); break;
                default: parts.Add(Literal(Next())); break;
            }
            lastRepeat = repeat;
        }
        alternatives.Add(Joined(parts));
        _depth--;
        return alternatives.Count == 1 ? alternatives[0] : new Re2Node(Re2Kind.Alternate) { Parts = alternatives };
    }

    private static Re2Node Joined(List<Re2Node> parts) => parts.Count switch
    {
        0 => new Re2Node(Re2Kind.Empty),
        1 => parts[0],
        _ => new Re2Node(Re2Kind.Concat) { Parts = parts },
    };

    private Re2Node Literal(int rune)
    {
        List<(int, int)> ranges = [(rune, rune)];
        return new Re2Node(Re2Kind.Class) { Ranges = _fold ? Re2Class.Fold(ranges) : ranges };
    }

    private int Next()
    {
        Rune.DecodeFromUtf16(pattern.AsSpan(_at), out var rune, out var used);
        if (rune == Rune.ReplacementChar && RawBytes.IsByte(pattern[_at])) throw new Re2Fault("invalid UTF-8", pattern);
        _at += used;
        return rune.Value;
    }

    private void Repeat(List<Re2Node> parts, int start, int lastRepeat, int min, int max, bool counted)
    {
        var lazy = _ungreedy;
        if (_at < pattern.Length && pattern[_at] == '?')
        {
            _at++;
            lazy = !lazy;
        }
        if (lastRepeat >= 0) throw new Re2Fault("invalid nested repetition operator", pattern[lastRepeat.._at]);
        if (parts.Count == 0) throw new Re2Fault("missing argument to repetition operator", pattern[start.._at]);
        parts[^1] = new Re2Node(Re2Kind.Repeat) { Parts = [parts[^1]], Min = min, Max = max, IsLazy = lazy, IsCounted = counted };
        if (counted && (min >= 2 || max >= 2) && !IsWithinLimit(parts[^1], MaxRepeat)) throw new Re2Fault("invalid repeat count", pattern[start.._at]);
    }

    // Repeats multiply where they nest; RE2 counts the product against its limit.
    private static bool IsWithinLimit(Re2Node node, int left)
    {
        if (node is { Kind: Re2Kind.Repeat, IsCounted: true })
        {
            var times = node.Max < 0 ? node.Min : node.Max;
            if (node.Max == 0) return true;
            if (times > left) return false;
            if (times > 0) left /= times;
        }
        return node.Parts.TrueForAll(p => IsWithinLimit(p, left));
    }

    private static long Size(Re2Node node)
    {
        var size = node.Parts.Sum(Size);
        return Math.Min(MaxSize + 1, Math.Max(1, node.Kind switch
        {
            Re2Kind.Capture => size + 2,
            Re2Kind.Alternate => size + node.Parts.Count - 1,
            Re2Kind.Repeat when node.Max < 0 => node.Min == 0 ? size + 2 : (size * node.Min) + 1,
            Re2Kind.Repeat => (size * node.Max) + node.Max - node.Min,
            _ => size,
        }));
    }

    /// <summary>{min}, {min,} or {min,max}; a number that is too large makes min negative.</summary>
    private bool Counts(out int min, out int max)
    {
        max = 0;
        _at++;
        if (!Number(out min) || _at >= pattern.Length) return false;
        if (pattern[_at] != ',')
        {
            max = min;
        }
        else
        {
            _at++;
            if (_at >= pattern.Length) return false;
            if (pattern[_at] == '}') max = -1;
            else if (!Number(out max)) return false;
            else if (max < 0) min = -1;
        }
        if (_at >= pattern.Length || pattern[_at] != '}') return false;
        _at++;
        return true;
    }

    private bool Number(out int value)
    {
        value = 0;
        var start = _at;
        while (_at < pattern.Length && char.IsAsciiDigit(pattern[_at])) _at++;
        if (_at == start || (_at - start > 1 && pattern[start] == '0')) return false;
        value = _at - start > 8 ? -1 : int.Parse(pattern.AsSpan(start, _at - start), System.Globalization.CultureInfo.InvariantCulture);
        return true;
    }

    private void Group(List<Re2Node> parts)
    {
        var start = _at;
        var flags = (_fold, _multiline, _dotNewLine, _ungreedy);
        var capture = 0;
        if (_at + 1 < pattern.Length && pattern[_at + 1] == '?')
        {
            var named = string.CompareOrdinal(pattern, _at, "(?P<", 0, 4) == 0 ? 4 : string.CompareOrdinal(pattern, _at, "(?<", 0, 3) == 0 ? 3 : 0;
            if (named > 0 && pattern.Length > _at + named)
            {
                var close = pattern.IndexOf('>', _at);
                if (close < 0) throw new Re2Fault("invalid named capture", pattern[start..]);
                var name = pattern[(_at + named)..close];
                if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')) throw new Re2Fault("invalid named capture", pattern[start..(close + 1)]);
                capture = ++Groups;
                Names.TryAdd(name, capture);
                _at = close + 1;
            }
            else if (!Flags())
            {
                return;
            }
        }
        else
        {
            capture = ++Groups;
            _at++;
        }
        var inner = Alternatives();
        if (_at >= pattern.Length) throw new Re2Fault("missing closing )", pattern);
        _at++;
        (_fold, _multiline, _dotNewLine, _ungreedy) = flags;
        parts.Add(capture > 0 ? new Re2Node(Re2Kind.Capture) { Parts = [inner], Capture = capture } : inner);
    }

    /// <summary>(?i) or (?i:; whether a group begins here.</summary>
    private bool Flags()
    {
        var start = _at;
        _at += 2;
        var (fold, multiline, dotNewLine, ungreedy) = (_fold, _multiline, _dotNewLine, _ungreedy);
        var on = true;
        var saw = false;
        while (_at < pattern.Length)
        {
            var c = Next();
            switch (c)
            {
                case 'i':
                    fold = on;
                    saw = true;
                    continue;
                case 'm':
                    multiline = on;
                    saw = true;
                    continue;
                case 's':
                    dotNewLine = on;
                    saw = true;
                    continue;
                case 'U':
                    ungreedy = on;
                    saw = true;
                    continue;
                case '-' when on:
                    on = false;
                    saw = false;
                    continue;
                case ':' or ')' when on || saw:
                    (_fold, _multiline, _dotNewLine, _ungreedy) = (fold, multiline, dotNewLine, ungreedy);
                    return c == ':';
            }
            throw new Re2Fault("invalid or unsupported Perl syntax", pattern[start.._at]);
        }
        throw new Re2Fault("invalid or unsupported Perl syntax", pattern[start..]);
    }

    private void Escape(List<Re2Node> parts)
    {
        if (_at + 1 < pattern.Length)
        {
            var kind = pattern[_at + 1] switch
            {
                'A' => Re2Kind.BeginText,
                'b' => Re2Kind.WordBoundary,
                'B' => Re2Kind.NoWordBoundary,
                'z' => Re2Kind.EndText,
                _ => Re2Kind.Empty,
            };
            if (kind != Re2Kind.Empty)
            {
                parts.Add(new Re2Node(kind));
                _at += 2;
                return;
            }
            switch (pattern[_at + 1])
            {
                case 'C': throw new Re2Fault("invalid escape sequence", "\\C");
                case 'Q':
                    {
                        var end = pattern.IndexOf("\\E", _at + 2, StringComparison.Ordinal);
                        _at += 2;
                        while (_at < (end < 0 ? pattern.Length : end)) parts.Add(Literal(Next()));
                        if (end >= 0) _at = end + 2;
                        return;
                    }
            }
        }
        var ranges = new List<(int, int)>();
        if (Named(ranges)) parts.Add(new Re2Node(Re2Kind.Class) { Ranges = Re2Class.Normal(ranges) });
        else parts.Add(Literal(EscapedRune()));
    }

    /// <summary>\p{Greek}, \pL, \d and the like, in a class or outside.</summary>
    private bool Named(List<(int From, int To)> into)
    {
        if (_at + 1 >= pattern.Length || pattern[_at] != '\\') return false;
        var letter = pattern[_at + 1];
        if (letter is 'p' or 'P')
        {
            var start = _at;
            _at += 2;
            if (_at >= pattern.Length) throw new Re2Fault("invalid character class range", pattern[start..]);
            string name;
            if (pattern[_at] == '{')
            {
                var close = pattern.IndexOf('}', _at);
                if (close < 0) throw new Re2Fault("invalid character class range", pattern[start..]);
                name = pattern[(_at + 1)..close];
                _at = close + 1;
            }
            else
            {
                var from = _at;
                Next();
                name = pattern[from.._at];
            }
            var negative = letter == 'P';
            if (name.StartsWith('^'))
            {
                negative = !negative;
                name = name[1..];
            }
            var table = Re2Class.Unicode(name) ?? throw new Re2Fault("invalid character class range", pattern[start.._at]);
            Add(into, table, negative);
            return true;
        }
        var group = char.ToLowerInvariant(letter) switch
        {
            'd' => Re2Class.Digits,
            's' => Re2Class.Spaces,
            'w' => Re2Class.Words,
            _ => null,
        };
        if (group is null) return false;
        _at += 2;
        Add(into, group, char.IsAsciiLetterUpper(letter));
        return true;
    }

    private void Add(List<(int From, int To)> into, List<(int From, int To)> ranges, bool negative)
    {
        if (_fold) ranges = Re2Class.Fold(ranges);
        into.AddRange(negative ? Re2Class.Negate(ranges) : ranges);
    }

    private Re2Node Class()
    {
        var start = _at++;
        var negative = _at < pattern.Length && pattern[_at] == '^';
        if (negative) _at++;
        var ranges = new List<(int From, int To)>();
        for (var first = true; _at >= pattern.Length || pattern[_at] != ']' || first; first = false)
        {
            if (_at + 2 < pattern.Length && pattern[_at] == '[' && pattern[_at + 1] == ':' && pattern.IndexOf(":]", _at + 2, StringComparison.Ordinal) is >= 0 and var end)
            {
                var name = pattern[(_at + 2)..end];
                var not = name.StartsWith('^');
                var group = Re2Class.Posix(not ? name[1..] : name) ?? throw new Re2Fault("invalid character class range", pattern[_at..(end + 2)]);
                Add(ranges, group, not);
                _at = end + 2;
                continue;
            }
            if (Named(ranges)) continue;
            var from = _at;
            var low = ClassRune(start);
            var high = low;
            if (_at + 1 < pattern.Length && pattern[_at] == '-' && pattern[_at + 1] != ']')
            {
                _at++;
                high = ClassRune(start);
                if (high < low) throw new Re2Fault("invalid character class range", pattern[from.._at]);
            }
            if (_fold) ranges.AddRange(Re2Class.Fold([(low, high)]));
            else ranges.Add((low, high));
        }
        _at++;
        return new Re2Node(Re2Kind.Class) { Ranges = negative ? Re2Class.Negate(ranges) : Re2Class.Normal(ranges) };
    }

    private int ClassRune(int start)
    {
        if (_at >= pattern.Length) throw new Re2Fault("missing closing ]", pattern[start..]);
        return pattern[_at] == '\\' ? EscapedRune() : Next();
    }

    /// <summary>One character behind a backslash.</summary>
    private int EscapedRune()
    {
        var start = _at++;
        if (_at >= pattern.Length) throw new Re2Fault("trailing backslash at end of expression", "");
        var c = Next();
        switch (c)
        {
            case >= '1' and <= '7' when _at >= pattern.Length || pattern[_at] is < '0' or > '7': break;
            case >= '0' and <= '7':
                {
                    var value = c - '0';
                    for (var i = 1; i < 3 && _at < pattern.Length && pattern[_at] is >= '0' and <= '7'; i++) value = (value * 8) + pattern[_at++] - '0';
                    return value;
                }
            case 'x':
                {
                    if (_at >= pattern.Length) break;
                    var digit = Next();
                    if (digit != '{')
                    {
                        // Go reads two digits, whatever the first was, and finds no more text a fault of another kind.
                        if (_at >= pattern.Length) break;
                        var second = Next();
                        if (!IsHex(digit) || !IsHex(second)) break;
                        return (Hex(digit) * 16) + Hex(second);
                    }
                    var (value, count) = (0, 0);
                    while (_at < pattern.Length)
                    {
                        digit = Next();
                        if (digit == '}')
                        {
                            if (count > 0) return value;
                            break;
                        }
                        if (!IsHex(digit)) break;
                        value = (value * 16) + Hex(digit);
                        if (value > Re2Class.MaxRune) break;
                        count++;
                    }
                    break;
                }
            case 'a': return '\a';
            case 'f': return '\f';
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case 'v': return '\v';
            default:
                if (c < 0x80 && !char.IsAsciiLetterOrDigit((char)c)) return c;
                break;
        }
        throw new Re2Fault("invalid escape sequence", pattern[start.._at]);
    }

    private static bool IsHex(int c) => c < 0x80 && char.IsAsciiHexDigit((char)c);

    private static int Hex(int c) => Convert.ToInt32(((char)c).ToString(), 16);
}
