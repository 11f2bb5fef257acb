using System.Globalization;
using System.Text;

namespace Rego.Values;

/// <summary>
/// YAML as configuration files use it: block and flow collections, quoted, plain and block scalars, comments. No anchors,
/// tags or several documents. Faults are <see cref="FormatException"/> and name the line.
/// </summary>
internal sealed class YamlText
{
    private const int MaxDepth = 200;

    private readonly List<string> _raw;
    private readonly List<(int Indent, string Text, int Number)> _lines = [];
    private int _at;
    private int _depth;

    private YamlText(string text)
    {
        _raw = [.. text.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n')];
        for (var i = 0; i < _raw.Count; i++)
        {
            var trimmed = _raw[i].TrimStart(' ');
            if (trimmed.Length == 0 || trimmed[0] == '#' || (trimmed == "---" && _lines.Count == 0)) continue;
            _lines.Add((_raw[i].Length - trimmed.Length, trimmed.TrimEnd(), i + 1));
        }
    }

    public static RValue Read(string text)
    {
        var reader = new YamlText(text);
        if (reader._lines.Count == 0) return RNull.Instance;
        var value = reader.Block(reader._lines[0].Indent);
        if (reader._at < reader._lines.Count) throw reader.Fault("did not find expected <document start>");
        return value;
    }

    private FormatException Fault(string message) =>
        new($"yaml: line {(_at < _lines.Count ? _lines[_at].Number : _raw.Count)}: {message}");

    private RValue Block(int indent)
    {
        if (++_depth > MaxDepth) throw Fault("exceeded max depth");
        var (_, text, _) = _lines[_at];
        RValue value;
        if (text[0] == '\t') throw Fault("found character that cannot start any token");
        if (IsItem(text)) value = Sequence(indent);
        else if (KeyEnd(text) >= 0) value = Mapping(indent);
        else value = Inline(text, indent - 1);
        _depth--;
        return value;
    }

    private static bool IsItem(string text) => text == "-" || text.StartsWith("- ", StringComparison.Ordinal);

    private RArray Sequence(int indent)
    {
        var items = new List<RValue>();
        while (_at < _lines.Count && _lines[_at].Indent == indent && IsItem(_lines[_at].Text))
        {
            var (_, text, number) = _lines[_at];
            var rest = text[1..].TrimStart(' ');
            if (rest.Length == 0 || rest[0] == '#')
            {
                _at++;
                items.Add(_at < _lines.Count && _lines[_at].Indent > indent ? Block(_lines[_at].Indent) : RNull.Instance);
                continue;
            }
            var inner = indent + text.Length - rest.Length;
            _lines[_at] = (inner, rest, number);
            items.Add(IsItem(rest) || KeyEnd(rest) >= 0 ? Block(inner) : Value(rest, indent));
        }
        if (_at < _lines.Count && _lines[_at].Indent > indent) throw Fault("did not find expected '-' indicator");
        return new RArray([.. items]);
    }

    private RObject Mapping(int indent)
    {
        var builder = new RObjectBuilder();
        while (_at < _lines.Count && _lines[_at].Indent == indent)
        {
            var (_, text, _) = _lines[_at];
            var end = KeyEnd(text);
            if (end < 0) throw Fault("could not find expected ':'");
            var key = Scalar(text[..end].TrimEnd());
            if (key is not RString) key = new RString(text[..end].Trim());
            var rest = text[(end + 1)..].TrimStart(' ');
            if (rest.Length > 0 && rest[0] != '#')
            {
                builder.Set(key, Value(rest, indent));
                continue;
            }
            _at++;
            if (_at < _lines.Count && (_lines[_at].Indent > indent || (_lines[_at].Indent == indent && IsItem(_lines[_at].Text)))) builder.Set(key, Block(_lines[_at].Indent));
            else builder.Set(key, RNull.Instance);
        }
        if (_at < _lines.Count && _lines[_at].Indent > indent) throw Fault("did not find expected key");
        return builder.Build();
    }

    /// <summary>Where the colon behind a key stands, or -1 when the line has no key.</summary>
    private static int KeyEnd(string text)
    {
        if (text[0] is '[' or '{' or '|' or '>' or '#') return -1;
        var i = 0;
        if (text[0] is '"' or '\'')
        {
            i = QuoteEnd(text, 0) + 1;
            if (i <= 0) return -1;
            while (i < text.Length && text[i] == ' ') i++;
            return i < text.Length && text[i] == ':' && (i + 1 == text.Length || text[i + 1] == ' ') ? i : -1;
        }
        for (; i < text.Length; i++)
        {
            if (text[i] == ':' && (i + 1 == text.Length || text[i + 1] == ' ')) return i;
            if (text[i] == '#' && i > 0 && text[i - 1] == ' ') return -1;
        }
        return -1;
    }

    private static int QuoteEnd(string text, int start)
    {
        var quote = text[start];
        for (var i = start + 1; i < text.Length; i++)
        {
            if (quote == '"' && text[i] == '\\') i++;
            else if (text[i] == quote)
            {
                if (quote == '\'' && i + 1 < text.Length && text[i + 1] == '\'') i++;
                else return i;
            }
        }
        return -1;
    }

    private RValue Value(string rest, int indent) => rest[0] is '|' or '>' ? BlockScalar(rest, indent) : Inline(rest, indent);

    private RString BlockScalar(string header, int indent)
    {
        var folded = header[0] == '>';
        var chomp = header.Contains('-', StringComparison.Ordinal) ? '-' : header.Contains('+', StringComparison.Ordinal) ? '+' : ' ';
        var row = _lines[_at].Number;
        _at++;
        var body = new List<string>();
        var inner = -1;
        for (; row < _raw.Count; row++)
        {
            var line = _raw[row];
            var trimmed = line.TrimStart(' ');
            var depth = line.Length - trimmed.Length;
            if (trimmed.Length > 0)
            {
                if (depth <= indent) break;
                if (inner < 0) inner = depth;
            }
            body.Add(inner >= 0 && line.Length >= inner ? line[inner..] : "");
        }
        while (_at < _lines.Count && _lines[_at].Number <= row) _at++;
        var trailing = 0;
        while (body.Count > 0 && body[^1].Length == 0)
        {
            body.RemoveAt(body.Count - 1);
            trailing++;
        }
        var text = folded ? Fold(body) : string.Join('\n', body);
        if (chomp != '-' && body.Count > 0) text += "\n";
        if (chomp == '+') text += new string('\n', trailing);
        return new RString(text);
    }

    private static string Fold(List<string> lines)
    {
        var text = new StringBuilder();
        for (var i = 0; i < lines.Count; i++)
        {
            text.Append(lines[i]);
            if (i + 1 == lines.Count) break;
            if (lines[i + 1].Length == 0) text.Append('\n');
            else if (lines[i].Length > 0) text.Append(' ');
        }
        return text.ToString();
    }

    /// <summary>A flow collection or a scalar that starts on this line and may go on on deeper ones.</summary>
    private RValue Inline(string first, int indent)
    {
        var text = new StringBuilder(first);
        _at++;
        if (first[0] is '[' or '{')
        {
            while (!Balanced(text.ToString()) && _at < _lines.Count && _lines[_at].Indent > indent) text.Append(' ').Append(_lines[_at++].Text);
            var at = 0;
            var source = text.ToString();
            var value = Flow(source, ref at, 0);
            SkipBlank(source, ref at);
            if (at < source.Length && source[at] != '#') throw Fault("did not find expected comment or line break");
            return value;
        }
        if (first[0] is '"' or '\'')
        {
            while (QuoteEnd(text.ToString(), 0) < 0 && _at < _lines.Count && _lines[_at].Indent > indent) text.Append(' ').Append(_lines[_at++].Text);
            return Scalar(text.ToString());
        }
        while (_at < _lines.Count && _lines[_at].Indent > indent && KeyEnd(_lines[_at].Text) < 0) text.Append(' ').Append(_lines[_at++].Text);
        return Scalar(text.ToString());
    }

    private static bool Balanced(string text)
    {
        var depth = 0;
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '"' or '\'' when i == 0 || text[i - 1] is ' ' or ',' or '[' or '{' or ':':
                    i = QuoteEnd(text, i);
                    if (i < 0) return false;
                    break;
                case '[' or '{': depth++; break;
                case ']' or '}': depth--; break;
            }
        }
        return depth <= 0;
    }

    private static void SkipBlank(string text, ref int at)
    {
        while (at < text.Length && text[at] is ' ' or '\t') at++;
    }

    private RValue Flow(string text, ref int at, int depth)
    {
        if (depth > MaxDepth) throw Fault("exceeded max depth");
        SkipBlank(text, ref at);
        if (at >= text.Length) throw Fault("did not find expected node content");
        switch (text[at])
        {
            case '[':
                {
                    at++;
                    var items = new List<RValue>();
                    while (true)
                    {
                        SkipBlank(text, ref at);
                        if (at < text.Length && text[at] == ']') break;
                        items.Add(Flow(text, ref at, depth + 1));
                        SkipBlank(text, ref at);
                        if (at < text.Length && text[at] == ',') at++;
                        else if (at >= text.Length || text[at] != ']') throw Fault("did not find expected ',' or ']'");
                    }
                    at++;
                    return new RArray([.. items]);
                }
            case '{':
                {
                    at++;
                    var builder = new RObjectBuilder();
                    while (true)
                    {
                        SkipBlank(text, ref at);
                        if (at < text.Length && text[at] == '}') break;
                        var key = Flow(text, ref at, depth + 1);
                        if (key is not RString) key = new RString(key.ToString());
                        SkipBlank(text, ref at);
                        if (at < text.Length && text[at] == ':')
                        {
                            at++;
                            SkipBlank(text, ref at);
                            builder.Set(key, at < text.Length && text[at] is not (',' or '}') ? Flow(text, ref at, depth + 1) : RNull.Instance);
                        }
                        else
                        {
                            builder.Set(key, RNull.Instance);
                        }
                        SkipBlank(text, ref at);
                        if (at < text.Length && text[at] == ',') at++;
                        else if (at >= text.Length || text[at] != '}') throw Fault("did not find expected ',' or '}'");
                    }
                    at++;
                    return builder.Build();
                }
            case '"' or '\'':
                {
                    var end = QuoteEnd(text, at);
                    if (end < 0) throw Fault("found unexpected end of stream");
                    var value = Scalar(text[at..(end + 1)]);
                    at = end + 1;
                    return value;
                }
            default:
                {
                    var start = at;
                    while (at < text.Length && text[at] is not (',' or ']' or '}' or '[' or '{') && !(text[at] == ':' && (at + 1 == text.Length || text[at + 1] is ' ' or ',' or ']' or '}'))) at++;
                    if (at == start) throw Fault("did not find expected node content");
                    return Scalar(text[start..at].Trim());
                }
        }
    }

    private RValue Scalar(string text)
    {
        if (text.Length > 0 && text[0] is '"' or '\'')
        {
            var end = QuoteEnd(text, 0);
            if (end < 0) throw Fault("found unexpected end of stream");
            var rest = text[(end + 1)..].TrimStart();
            if (rest.Length > 0 && rest[0] != '#') throw Fault("did not find expected key");
            return new RString(text[0] == '\'' ? text[1..end].Replace("''", "'", StringComparison.Ordinal) : Unescape(text[1..end]));
        }
        var comment = text.IndexOf(" #", StringComparison.Ordinal);
        if (comment >= 0) text = text[..comment];
        text = text.TrimEnd();
        if (text.Length > 0 && text[0] is '@' or '`' or '%') throw Fault("found character that cannot start any token");
        if (text.Length > 0 && text[0] is '&' or '*' or '!') throw Fault("anchors, aliases and tags are not supported");
        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL": return RNull.Instance;
            case "true" or "True" or "TRUE": return RBool.True;
            case "false" or "False" or "FALSE": return RBool.False;
        }
        return IsNumber(text) ? RNumber.FromText(text.TrimStart('+')) : new RString(text);
    }

    private static bool IsNumber(string text)
    {
        var digits = text.TrimStart('-', '+');
        if (text.Length - digits.Length > 1 || digits.Length == 0 || !char.IsAsciiDigit(digits[0])) return false;
        return Builtins.Numbers.IsJsonNumber((text[0] == '-' ? "-" : "") + digits);
    }

    private string Unescape(string text)
    {
        var result = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 >= text.Length)
            {
                result.Append(text[i]);
                continue;
            }
            i++;
            switch (text[i])
            {
                case 'n': result.Append('\n'); break;
                case 't': result.Append('\t'); break;
                case 'r': result.Append('\r'); break;
                case 'b': result.Append('\b'); break;
                case 'f': result.Append('\f'); break;
                case '0': result.Append('\0'); break;
                case 'x' or 'u' or 'U':
                    {
                        var n = text[i] == 'x' ? 2 : text[i] == 'u' ? 4 : 8;
                        if (i + 1 + n > text.Length) throw Fault("did not find expected hexdecimal number");
                        if (!int.TryParse(text.AsSpan(i + 1, n), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) || code > 0x10FFFF) throw Fault("did not find expected hexdecimal number");
                        if (Rune.IsValid(code)) result.Append(new Rune(code).ToString());
                        else result.Append((char)code);
                        i += n;
                        break;
                    }
                default: result.Append(text[i]); break;
            }
        }
        return result.ToString();
    }

    /// <summary>Block style, keys in order, as sigs.k8s.io/yaml writes it.</summary>
    public static string Write(RValue value)
    {
        var text = new StringBuilder();
        Write(text, value, 0, false);
        return text.ToString();
    }

    private static void Write(StringBuilder text, RValue value, int indent, bool inline)
    {
        switch (value)
        {
            case RObject { Count: > 0 } o:
                for (var i = 0; i < o.Count; i++)
                {
                    if (!(inline && i == 0)) text.Append(' ', indent);
                    text.Append(Plain(o.Keys[i] is RString s ? s.Value : GoJson.Of(o.Keys[i]))).Append(':');
                    Below(text, o.Values[i], indent);
                }
                break;
            case RArray { Count: > 0 }:
            case RSet { Count: > 0 }:
                {
                    var items = value is RArray a ? a.Items : ((RSet)value).Elements;
                    for (var i = 0; i < items.Length; i++)
                    {
                        if (!(inline && i == 0)) text.Append(' ', indent);
                        text.Append("- ");
                        Write(text, items[i], indent + 2, true);
                    }
                    break;
                }
            case RObject: text.Append("{}\n"); break;
            case RArray or RSet: text.Append("[]\n"); break;
            case RString s: text.Append(Plain(s.Value)).Append('\n'); break;
            default: text.Append(GoJson.Of(value)).Append('\n'); break;
        }
    }

    private static void Below(StringBuilder text, RValue value, int indent)
    {
        switch (value)
        {
            case RObject { Count: > 0 }:
                text.Append('\n');
                Write(text, value, indent + 2, false);
                break;
            case RArray { Count: > 0 } or RSet { Count: > 0 }:
                text.Append('\n');
                Write(text, value, indent, false);
                break;
            default:
                text.Append(' ');
                Write(text, value, indent, false);
                break;
        }
    }

    private static string Plain(string text)
    {
        var isPlain = text.Length > 0 && text.Trim() == text && !"-?:,[]{}#&*!|>'\"%@`".Contains(text[0], StringComparison.Ordinal) &&
            !text.Contains(": ", StringComparison.Ordinal) && !text.Contains(" #", StringComparison.Ordinal) && !text.EndsWith(':') && !text.Any(char.IsControl) &&
            text.ToUpperInvariant() is not ("NULL" or "~" or "TRUE" or "FALSE" or "YES" or "NO" or "ON" or "OFF" or "Y" or "N") && !char.IsAsciiDigit(text[0]) && text[0] is not ('.' or '+');
        if (isPlain) return text;
        var quoted = new StringBuilder();
        GoJson.Quote(text, quoted, html: false);
        return quoted.ToString();
    }
}
