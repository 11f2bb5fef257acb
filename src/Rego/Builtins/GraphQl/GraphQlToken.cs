using System.Globalization;
using System.Text;

namespace Rego.Builtins.GraphQl;

internal enum GraphQlKind
{
    Invalid,
    End,
    Punctuator,
    Name,
    Int,
    Float,
    String,
    BlockString,
}

/// <summary>Line and column count from 1, in code points.</summary>
internal readonly record struct GraphQlToken(GraphQlKind Kind, string Value, int Line, int Column)
{
    /// <summary>As error messages name what they want or found.</summary>
    public string KindText => Kind switch
    {
        GraphQlKind.Invalid => "<Invalid>",
        GraphQlKind.End => "<EOF>",
        GraphQlKind.Punctuator => Value,
        _ => Kind.ToString(),
    };

    public override string ToString() => Kind >= GraphQlKind.Name && Value.Length > 0 ? $"{KindText} {GoFormat.Quote(Value)}" : KindText;

    public bool Is(string punctuator) => Kind == GraphQlKind.Punctuator && Value == punctuator;
}

/// <summary>A fault in a GraphQL document, in OPA's words.</summary>
internal class GraphQlFault(string message, int line, int column) : Exception(message)
{
    public int Line { get; } = line;

    public int Column { get; } = column;
}

/// <summary>An argument that is no document at all; OPA counts arguments from 0 here.</summary>
internal sealed class GraphQlKindFault(int operand, Values.RValue value) : GraphQlFault("no document", 0, 0)
{
    public int Operand { get; } = operand;

    public Values.RValue Value { get; } = value;
}

/// <summary>GraphQL text to tokens; commas and blanks are skipped, and comments kept aside.</summary>
internal sealed class GraphQlLexer(string text)
{
    private readonly Rune[] _text = [.. text.EnumerateRunes()];
    private int _at;
    private int _line = 1;
    private int _lineStart;

    /// <summary>The comments before the token that was read last, with their signs.</summary>
    public List<string> Comments { get; private set; } = [];

    public GraphQlToken Next()
    {
        if (Comments.Count > 0) Comments = [];
        Skip();
        var (start, line, column) = (_at, _line, _at - _lineStart + 1);
        if (_at >= _text.Length) return new GraphQlToken(GraphQlKind.End, "", line, column);
        var c = _text[_at].Value;
        switch (c)
        {
            case '!' or '$' or '&' or '(' or ')' or ':' or '=' or '@' or '[' or ']' or '{' or '}' or '|':
                _at++;
                return new GraphQlToken(GraphQlKind.Punctuator, ((char)c).ToString(), line, column);
            case '.' when Peek(1) == '.' && Peek(2) == '.':
                _at += 3;
                return new GraphQlToken(GraphQlKind.Punctuator, "...", line, column);
            case '"' when Peek(1) == '"' && Peek(2) == '"':
                _at += 3;
                return BlockString(_at);
            case '"':
                _at++;
                // OPA counts from behind the quote.
                return String(line, column + 1);
            case '-' or (>= '0' and <= '9'): return Number(start, line, column);
        }
        if (!IsNameStart(c)) return Invalid();
        while (_at < _text.Length && (IsNameStart(_text[_at].Value) || _text[_at].Value is >= '0' and <= '9')) _at++;
        return new GraphQlToken(GraphQlKind.Name, Text(start), line, column);
    }

    private static bool IsNameStart(int c) => c is '_' or (>= 'a' and <= 'z') or (>= 'A' and <= 'Z');

    private int Peek(int ahead) => _at + ahead < _text.Length ? _text[_at + ahead].Value : -1;

    private string Text(int start) => string.Concat(_text[start.._at]);

    private GraphQlToken Invalid() => new(GraphQlKind.Invalid, "", _line, _at - _lineStart + 1);

    private void Skip()
    {
        while (_at < _text.Length)
        {
            switch (_text[_at].Value)
            {
                case '\t' or ' ' or ',' or 0xFEFF: _at++; break;
                case '\n' or '\r':
                    NewLine();
                    // OPA counts the second half of a line break of two characters to the line behind it.
                    if (_at > 1 && _text[_at - 1].Value == '\n' && _text[_at - 2].Value == '\r') _lineStart--;
                    break;
                case '#':
                    var start = _at;
                    while (_at < _text.Length && (_text[_at].Value > 0x1F || _text[_at].Value == '\t')) _at++;
                    Comments.Add(Text(start));
                    break;
                default: return;
            }
        }
    }

    private void NewLine()
    {
        if (_text[_at].Value == '\r' && Peek(1) == '\n') _at++;
        _at++;
        _line++;
        _lineStart = _at;
    }

    private GraphQlToken Number(int start, int line, int column)
    {
        if (_text[_at].Value == '-') _at++;
        if (Peek(0) == '0')
        {
            _at++;
            if (Peek(0) is >= '0' and <= '9') return Invalid();
        }
        else if (!Digits())
        {
            return Invalid();
        }
        var isFloat = false;
        if (Peek(0) == '.')
        {
            _at++;
            isFloat = true;
            if (!Digits()) return Invalid();
        }
        if (Peek(0) is 'e' or 'E')
        {
            _at++;
            isFloat = true;
            if (Peek(0) is '+' or '-') _at++;
            if (!Digits()) return Invalid();
        }
        return new GraphQlToken(isFloat ? GraphQlKind.Float : GraphQlKind.Int, Text(start), line, column);
    }

    private bool Digits()
    {
        var start = _at;
        while (Peek(0) is >= '0' and <= '9') _at++;
        return _at > start;
    }

    private GraphQlToken String(int line, int column)
    {
        var value = new StringBuilder();
        while (_at < _text.Length)
        {
            var rune = _text[_at];
            switch (rune.Value)
            {
                case '\n' or '\r': return Invalid();
                case < 0x20 and not '\t': return Invalid();
                case '"':
                    _at++;
                    return new GraphQlToken(GraphQlKind.String, value.ToString(), line, column);
                case '\\':
                    if (!Escape(value))
                    {
                        _at++;
                        return Invalid();
                    }
                    break;
                default:
                    value.Append(rune.ToString());
                    _at++;
                    break;
            }
        }
        return Invalid();
    }

    private bool Escape(StringBuilder value)
    {
        if (Peek(1) == 'u')
        {
            if (_at + 6 >= _text.Length) return false;
            var hex = string.Concat(_text[(_at + 2)..(_at + 6)]);
            if (!hex.All(char.IsAsciiHexDigit)) return false;
            var code = int.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            value.Append(Rune.IsValid(code) ? new Rune(code).ToString() : "\uFFFD");
            _at += 6;
            return true;
        }
        var c = Peek(1) switch { '"' => '"', '/' => '/', '\\' => '\\', 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', _ => '\0' };
        if (c == '\0') return false;
        value.Append(c);
        _at += 2;
        return true;
    }

    private GraphQlToken BlockString(int start)
    {
        var value = new StringBuilder();
        while (_at < _text.Length)
        {
            var c = _text[_at].Value;
            if (c == '"' && Peek(1) == '"' && Peek(2) == '"')
            {
                _at += 3;
                return new GraphQlToken(GraphQlKind.BlockString, Dedent(value.ToString()), _line, start - _lineStart + 1);
            }
            if (c < 0x20 && c is not ('\t' or '\n' or '\r')) return Invalid();
            if (c == '\\' && Peek(1) == '"' && Peek(2) == '"' && Peek(3) == '"')
            {
                value.Append("\"\"\"");
                _at += 4;
            }
            else if (c is '\n' or '\r')
            {
                value.Append('\n');
                NewLine();
            }
            else
            {
                value.Append(_text[_at].ToString());
                _at++;
            }
        }
        return Invalid();
    }

    /// <summary>The indentation all lines but the first share goes, and blank lines at both ends.</summary>
    private static string Dedent(string raw)
    {
        var lines = raw.Split('\n');
        var common = lines.Skip(1).Where(l => l.Trim(' ', '\t').Length > 0).Select(l => l.Length - l.TrimStart(' ', '\t').Length).DefaultIfEmpty(0).Min();
        for (var i = 1; i < lines.Length; i++) lines[i] = lines[i].Length >= common ? lines[i][common..] : "";
        return string.Join('\n', lines.SkipWhile(IsBlank).Reverse().SkipWhile(IsBlank).Reverse());

        static bool IsBlank(string line) => line.Trim(' ', '\t').Length == 0;
    }
}
