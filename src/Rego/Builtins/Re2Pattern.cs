using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Rego.Builtins;

/// <summary>
/// A pattern in RE2's syntax on .NET's linear-time engine. What RE2 lacks (lookaround, backreferences) is refused; what it
/// reads differently (\d, \w, \s are ASCII; $ is the very end; \Q…\E; (?P&lt;n&gt;); [[:alpha:]]) is rewritten.
/// </summary>
internal sealed class Re2Pattern
{
    private const int MaxLength = 32 * 1024;
    private const int MaxRepeat = 1000;

    // Linear in the text, but the factor grows with the pattern.
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromMilliseconds(400);

    private readonly RequiredText? _required;

    private Re2Pattern(Regex regex, RequiredText? required, int groups, Dictionary<string, int> names)
    {
        Regex = regex;
        _required = required;
        Groups = groups;
        Names = names;
    }

    public Regex Regex { get; }

    public bool IsMatch(string text) => !IsRuledOut(text) && Regex.IsMatch(text);

    /// <summary>What the pattern needs is not in the text; quick, and never wrong when true.</summary>
    public bool IsRuledOut(string text) => _required is not null && !_required.IsIn(text);

    public int Groups { get; }

    public Dictionary<string, int> Names { get; }

    public static (Re2Pattern? Pattern, string? Error) Read(string pattern)
    {
        if (pattern.Length > MaxLength) return (null, "expression is too large");
        try
        {
            var translator = new Translator(pattern);
            var text = translator.Run();
            var regex = new Regex(text, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, MatchTimeout);
            return (new Re2Pattern(regex, RequiredText.Of(pattern), translator.Groups, translator.Names), null);
        }
        catch (PatternFault fault)
        {
            return (null, fault.Message);
        }
        catch (ArgumentException fault)
        {
            return (null, fault.Message);
        }
        catch (NotSupportedException fault)
        {
            return (null, fault.Message);
        }
    }

    private sealed class PatternFault(string message) : Exception(message);

    private sealed class Translator(string pattern)
    {
        private readonly StringBuilder _out = new(pattern.Length + 16);
        private readonly Stack<bool> _multiline = new();
        private readonly Stack<int> _outerRepeats = new();
        private int _at;
        private bool _isMultiline;

        // Repeats multiply where they nest; RE2 counts the product against its limit.
        private int _groupRepeats = 1;
        private int _atomRepeats = 1;

        public int Groups { get; private set; }

        public Dictionary<string, int> Names { get; } = new(StringComparer.Ordinal);

        public string Run()
        {
            while (_at < pattern.Length)
            {
                var c = pattern[_at];
                if (c is not ('{' or ')' or '*' or '+' or '?')) _atomRepeats = 1;
                switch (c)
                {
                    case '\\': Escape(); break;
                    case '[': Class(); break;
                    case '(': Group(); break;
                    case ')':
                        if (_multiline.Count == 0) throw new PatternFault("unexpected ): `" + pattern + "`");
                        _isMultiline = _multiline.Pop();
                        _atomRepeats = _groupRepeats;
                        _groupRepeats = Math.Max(_outerRepeats.Pop(), _atomRepeats);
                        _out.Append(')');
                        _at++;
                        break;
                    case '$':
                        _out.Append(_isMultiline ? "(?m:$)" : "\\z");
                        _at++;
                        break;
                    case '^':
                        _out.Append(_isMultiline ? "(?m:^)" : "\\A");
                        _at++;
                        break;
                    case '{': Repeat(); break;
                    case '#' or ' ':
                        _out.Append('\\').Append(c);
                        _at++;
                        break;
                    default:
                        _out.Append(c);
                        _at++;
                        break;
                }
            }
            if (_multiline.Count > 0) throw new PatternFault("missing closing ): `" + pattern + "`");
            return _out.ToString();
        }

        private void Repeat()
        {
            var close = pattern.IndexOf('}', _at);
            var inner = close < 0 ? "" : pattern[(_at + 1)..close];
            var parts = inner.Split(',');
            if (parts.Length > 2 || parts[0].Length == 0 || !parts.All(p => p.All(char.IsAsciiDigit)))
            {
                _out.Append("\\{");
                _at++;
                return;
            }
            foreach (var part in parts)
            {
                if (part.Length > 4 || (part.Length > 0 && int.Parse(part, CultureInfo.InvariantCulture) > MaxRepeat))
                    throw new PatternFault($"invalid repeat count: `{{{inner}}}`");
            }
            _atomRepeats *= Math.Max(1, int.Parse(parts[^1].Length > 0 ? parts[^1] : parts[0], CultureInfo.InvariantCulture));
            if (_atomRepeats > MaxRepeat) throw new PatternFault($"invalid repeat count: `{{{inner}}}`");
            _groupRepeats = Math.Max(_groupRepeats, _atomRepeats);
            _out.Append('{').Append(inner).Append('}');
            _at = close + 1;
        }

        private void Group()
        {
            _multiline.Push(_isMultiline);
            _outerRepeats.Push(_groupRepeats);
            _groupRepeats = 1;
            if (_at + 1 >= pattern.Length || pattern[_at + 1] != '?')
            {
                Groups++;
                _out.Append("(?<").Append(Groups).Append('>');
                _at++;
                return;
            }
            var rest = pattern.AsSpan(_at + 2);
            if (rest.StartsWith("P<") || (rest.StartsWith("<") && !rest.StartsWith("<=") && !rest.StartsWith("<!")))
            {
                var from = _at + 2 + (rest[0] == 'P' ? 2 : 1);
                var close = pattern.IndexOf('>', from);
                var name = close < 0 ? "" : pattern[from..close];
                if (name.Length == 0 || !name.All(ch => char.IsAsciiLetterOrDigit(ch) || ch == '_')) throw new PatternFault("invalid named capture: `" + pattern[_at..] + "`");
                Groups++;
                if (!Names.TryAdd(name, Groups)) throw new PatternFault("duplicate capture group name: `" + name + "`");
                _out.Append("(?<").Append(Groups).Append('>');
                _at = close + 1;
                return;
            }
            var on = true;
            var flags = new StringBuilder();
            for (var i = _at + 2; i < pattern.Length; i++)
            {
                var c = pattern[i];
                switch (c)
                {
                    case '-' when on:
                        on = false;
                        flags.Append('-');
                        break;
                    case 'i' or 's':
                        flags.Append(c);
                        break;
                    case 'm':
                        _isMultiline = on;
                        break;
                    case ':':
                        if (flags.Length > 0 && flags[^1] == '-') flags.Length--;
                        _out.Append("(?").Append(flags).Append(':');
                        _at = i + 1;
                        return;
                    case ')':
                        {
                            if (flags.Length > 0 && flags[^1] == '-') flags.Length--;
                            var multiline = _isMultiline;
                            _multiline.Pop();
                            _groupRepeats = _outerRepeats.Pop();
                            _isMultiline = multiline;
                            if (flags.Length > 0) _out.Append("(?").Append(flags).Append(')');
                            _at = i + 1;
                            return;
                        }
                    default: throw new PatternFault("invalid or unsupported Perl syntax: `" + pattern[_at..(i + 1)] + "`");
                }
            }
            throw new PatternFault("missing closing ): `" + pattern + "`");
        }

        private void Escape()
        {
            if (_at + 1 >= pattern.Length) throw new PatternFault("trailing backslash at end of expression: ``");
            var c = pattern[_at + 1];
            switch (c)
            {
                case 'd' or 'w' or 's':
                    _out.Append('[').Append(Perl(c)).Append(']');
                    _at += 2;
                    return;
                case 'D' or 'W' or 'S':
                    _out.Append("[^").Append(Perl(char.ToLowerInvariant(c))).Append(']');
                    _at += 2;
                    return;
                case 'b' or 'B' or 'A' or 'z':
                    _out.Append('\\').Append(c);
                    _at += 2;
                    return;
                case 'Q':
                    {
                        var end = pattern.IndexOf("\\E", _at + 2, StringComparison.Ordinal);
                        var literal = end < 0 ? pattern[(_at + 2)..] : pattern[(_at + 2)..end];
                        _out.Append(Regex.Escape(literal));
                        _at = end < 0 ? pattern.Length : end + 2;
                        return;
                    }
                case 'p' or 'P':
                    _out.Append(Property());
                    return;
                default:
                    Append(_out, Character(), inClass: false);
                    return;
            }
        }

        private static string Perl(char c) => c switch
        {
            'd' => "0-9",
            'w' => "0-9A-Za-z_",
            _ => "\\t\\n\\f\\r ",
        };

        private static string Outside(char c) => c switch
        {
            'D' => "\\x00-/:-\\uFFFF",
            'W' => "\\x00-/:-@\\[-\\^`{-\\uFFFF",
            _ => "\\x00-\\x08\\x0B\\x0E-\\x1F!-\\uFFFF",
        };

        private string Property()
        {
            var negative = pattern[_at + 1] == 'P';
            string name;
            if (_at + 2 < pattern.Length && pattern[_at + 2] == '{')
            {
                var close = pattern.IndexOf('}', _at);
                if (close < 0) throw new PatternFault("invalid character class range: `" + pattern[_at..] + "`");
                name = pattern[(_at + 3)..close];
                _at = close + 1;
            }
            else if (_at + 2 < pattern.Length)
            {
                name = pattern[_at + 2].ToString();
                _at += 3;
            }
            else
            {
                throw new PatternFault("invalid character class range: `" + pattern[_at..] + "`");
            }
            if (name.StartsWith('^'))
            {
                negative = !negative;
                name = name[1..];
            }
            name = name switch
            {
                "Greek" => "IsGreek",
                "Cyrillic" => "IsCyrillic",
                "Latin" => "L",
                "Hebrew" => "IsHebrew",
                "Arabic" => "IsArabic",
                "Han" => "IsCJKUnifiedIdeographs",
                "Hiragana" => "IsHiragana",
                "Katakana" => "IsKatakana",
                _ => name,
            };
            return $"\\{(negative ? 'P' : 'p')}{{{name}}}";
        }

        /// <summary>One escaped character.</summary>
        private int Character()
        {
            var c = pattern[_at + 1];
            _at += 2;
            switch (c)
            {
                case 'n': return '\n';
                case 't': return '\t';
                case 'r': return '\r';
                case 'f': return '\f';
                case 'v': return '\v';
                case 'a': return '\a';
                case 'x':
                    {
                        string hex;
                        if (_at < pattern.Length && pattern[_at] == '{')
                        {
                            var close = pattern.IndexOf('}', _at);
                            hex = close < 0 ? "" : pattern[(_at + 1)..close];
                            _at = close + 1;
                        }
                        else
                        {
                            hex = _at + 2 <= pattern.Length ? pattern.Substring(_at, 2) : "";
                            _at += 2;
                        }
                        if (int.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) && code is >= 0 and <= 0x10FFFF) return code;
                        throw new PatternFault("invalid escape sequence: `\\x`");
                    }
                case '0':
                    {
                        var value = 0;
                        for (var i = 0; i < 2 && _at < pattern.Length && pattern[_at] is >= '0' and <= '7'; i++) value = (value * 8) + pattern[_at++] - '0';
                        return value;
                    }
                case >= '1' and <= '7' when _at < pattern.Length && pattern[_at] is >= '0' and <= '7':
                    {
                        var value = c - '0';
                        for (var i = 0; i < 2 && _at < pattern.Length && pattern[_at] is >= '0' and <= '7'; i++) value = (value * 8) + pattern[_at++] - '0';
                        return value;
                    }
                default:
                    if (char.IsAsciiLetterOrDigit(c) || c >= 0x80) throw new PatternFault($"invalid escape sequence: `\\{c}`");
                    return c;
            }
        }

        private static void Append(StringBuilder into, int code, bool inClass)
        {
            if (code > 0xFFFF) into.Append(inClass ? char.ConvertFromUtf32(code) : "(?:" + char.ConvertFromUtf32(code) + ")");
            else if (char.IsAsciiLetterOrDigit((char)code)) into.Append((char)code);
            else into.Append("\\u").Append(code.ToString("X4", CultureInfo.InvariantCulture));
        }

        private void Class()
        {
            var start = _at;
            _at++;
            _out.Append('[');
            if (_at < pattern.Length && pattern[_at] == '^')
            {
                _out.Append('^');
                _at++;
            }
            var first = true;
            while (true)
            {
                if (_at >= pattern.Length) throw new PatternFault("missing closing ]: `" + pattern[start..] + "`");
                var c = pattern[_at];
                if (c == ']' && !first) break;
                first = false;
                if (c == '[' && _at + 1 < pattern.Length && pattern[_at + 1] == ':')
                {
                    var close = pattern.IndexOf(":]", _at, StringComparison.Ordinal);
                    if (close > 0)
                    {
                        _out.Append(Posix(pattern[(_at + 2)..close]));
                        _at = close + 2;
                        continue;
                    }
                }
                if (c == '\\' && _at + 1 < pattern.Length)
                {
                    switch (pattern[_at + 1])
                    {
                        case 'd' or 'w' or 's':
                            _out.Append(Perl(pattern[_at + 1]));
                            _at += 2;
                            continue;
                        case 'D' or 'W' or 'S':
                            _out.Append(Outside(pattern[_at + 1]));
                            _at += 2;
                            continue;
                        case 'p' or 'P':
                            _out.Append(Property());
                            continue;
                    }
                }
                var low = ClassCharacter();
                if (_at + 1 < pattern.Length && pattern[_at] == '-' && pattern[_at + 1] != ']')
                {
                    _at++;
                    var high = ClassCharacter();
                    if (high < low) throw new PatternFault("invalid character class range: `" + pattern[start.._at] + "`");
                    Append(_out, Math.Min(low, 0xFFFF), true);
                    _out.Append('-');
                    Append(_out, Math.Min(high, 0xFFFF), true);
                }
                else
                {
                    Append(_out, low, true);
                }
            }
            _at++;
            _out.Append(']');
        }

        private int ClassCharacter()
        {
            if (pattern[_at] == '\\' && _at + 1 < pattern.Length) return Character();
            if (char.IsHighSurrogate(pattern[_at]) && _at + 1 < pattern.Length)
            {
                var code = char.ConvertToUtf32(pattern[_at], pattern[_at + 1]);
                _at += 2;
                return code;
            }
            return pattern[_at++];
        }

        private static string Posix(string name)
        {
            var ranges = name.TrimStart('^') switch
            {
                "alnum" => "0-9A-Za-z",
                "alpha" => "A-Za-z",
                "ascii" => "\\x00-\\x7F",
                "blank" => "\\t ",
                "cntrl" => "\\x00-\\x1F\\x7F",
                "digit" => "0-9",
                "graph" => "!-~",
                "lower" => "a-z",
                "print" => " -~",
                "punct" => "!-/:-@\\[-`{-~",
                "space" => "\\t\\n\\v\\f\\r ",
                "upper" => "A-Z",
                "word" => "0-9A-Za-z_",
                "xdigit" => "0-9A-Fa-f",
                _ => throw new PatternFault("invalid character class range: `[:" + name + ":]`"),
            };
            if (name.StartsWith('^')) throw new PatternFault("negated character class is not supported here: `[:" + name + ":]`");
            return ranges;
        }
    }
}
