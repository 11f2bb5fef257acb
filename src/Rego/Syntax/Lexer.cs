using System.Globalization;
using System.Text;

namespace Rego.Syntax;

/// <summary>
/// Source text to tokens, one at a time: where a template string goes on only the parser knows. Faults stand at the token they are in.
/// Comments are kept aside: metadata lives in them.
/// </summary>
internal sealed class Lexer
{
    private static readonly HashSet<string> Reserved =
    [
        "package", "import", "as", "default", "else", "not", "some", "with", "null", "true", "false",
    ];

    private static readonly HashSet<string> ReservedInV1 = ["in", "every", "contains", "if"];

    private readonly string _text;
    private readonly bool _hasPairs;
    private int _at;
    private int _row = 1;
    private int _rowStart;
    private List<string>? _faults;

    public Lexer(string text)
    {
        _text = text;
        if (text.StartsWith('\uFEFF')) _at = _rowStart = 1;
        _hasPairs = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') >= 0;
    }

    public List<Comment> Comments { get; } = [];

    public static bool IsReserved(string word, bool v1) => Reserved.Contains(word) || (v1 && ReservedInV1.Contains(word));

    public static bool IsAnyKeyword(string word) => IsReserved(word, true);

    /// <summary>The token behind another one.</summary>
    public Token After(Token token)
    {
        (_at, _row, _rowStart) = (token.End, token.EndRow, token.EndRowStart);
        return Next();
    }

    /// <summary>The text of a template string from the brace that closes an expression on.</summary>
    public Token AfterExpression(Token brace, bool isRaw)
    {
        (_at, _row, _rowStart) = (brace.End - 1, brace.EndRow, brace.EndRowStart);
        _faults = null;
        return Template(_at, _row, Column(_at), 1, isRaw);
    }

    private int Column(int at) => at - _rowStart + 1 - (_hasPairs ? Pairs(at) : 0);

    // Columns count characters, not halves of them.
    private int Pairs(int at)
    {
        var count = 0;
        for (var i = _rowStart; i < at; i++)
        {
            if (char.IsLowSurrogate(_text[i])) count++;
        }
        return count;
    }

    private char Current => _at < _text.Length ? _text[_at] : '\0';

    private bool AtEnd => _at >= _text.Length;

    private void Fault(string message) => (_faults ??= []).Add(message);

    public Token Next()
    {
        SkipBlanks();
        _faults = null;
        var start = _at;
        var col = Column(start);
        if (AtEnd) return Make(TokenKind.End, start, _row, col, "");
        var c = _text[_at];
        if (IsNameStart(c))
        {
            while (!AtEnd && IsNamePart(_text[_at])) _at++;
            LookAtNext();
            var word = _text[start.._at];
            return Make(IsAnyKeyword(word) ? TokenKind.Keyword : TokenKind.Identifier, start, _row, col, word);
        }
        if (char.IsAsciiDigit(c)) return Number(start, col);
        switch (c)
        {
            case '"': return String(start, col);
            case '`': return RawString(start, col);
            case '$' when _at + 1 < _text.Length && _text[_at + 1] is '"' or '`': return Template(start, _row, col, 2, _text[_at + 1] == '`');
        }
        var two = _at + 1 < _text.Length ? _text[_at + 1] : '\0';
        var (kind, length) = (c, two) switch
        {
            (':', '=') => (TokenKind.Assign, 2),
            ('=', '=') => (TokenKind.Equal, 2),
            ('!', '=') => (TokenKind.NotEqual, 2),
            ('<', '=') => (TokenKind.LessOrEqual, 2),
            ('>', '=') => (TokenKind.GreaterOrEqual, 2),
            ('=', _) => (TokenKind.Unify, 1),
            ('<', _) => (TokenKind.Less, 1),
            ('>', _) => (TokenKind.Greater, 1),
            ('.', _) => (TokenKind.Dot, 1),
            (',', _) => (TokenKind.Comma, 1),
            (':', _) => (TokenKind.Colon, 1),
            (';', _) => (TokenKind.Semicolon, 1),
            ('(', _) => (TokenKind.LeftParen, 1),
            (')', _) => (TokenKind.RightParen, 1),
            ('[', _) => (TokenKind.LeftBracket, 1),
            (']', _) => (TokenKind.RightBracket, 1),
            ('{', _) => (TokenKind.LeftBrace, 1),
            ('}', _) => (TokenKind.RightBrace, 1),
            ('|', _) => (TokenKind.Or, 1),
            ('&', _) => (TokenKind.And, 1),
            ('+', _) => (TokenKind.Plus, 1),
            ('-', _) => (TokenKind.Minus, 1),
            ('*', _) => (TokenKind.Times, 1),
            ('/', _) => (TokenKind.Divide, 1),
            ('%', _) => (TokenKind.Remainder, 1),
            _ => (TokenKind.Illegal, char.IsHighSurrogate(c) && char.IsLowSurrogate(two) ? 2 : 1),
        };
        if (c == '!' && length == 1) Fault("illegal ! character");
        if (c == '$') Fault("illegal $ character");
        _at += length;
        LookAtNext();
        return Make(kind, start, _row, col, _text[start.._at]);
    }

    private Token Make(TokenKind kind, int start, int row, int col, string? text) =>
        new(_faults is null ? kind : TokenKind.Illegal, start, _at, row, col, _row, _rowStart, text) { Faults = _faults };

    /// <summary>What no source may hold is told where it is met.</summary>
    private void LookAtNext()
    {
        if (AtEnd) return;
        if (_text[_at] == '\0') Fault("illegal null character");
        else if (_text[_at] == '\uFEFF') Fault("illegal byte-order mark");
    }

    private void SkipBlanks()
    {
        while (!AtEnd)
        {
            switch (_text[_at])
            {
                case '\n':
                    _at++;
                    _row++;
                    _rowStart = _at;
                    break;
                case ' ' or '\t' or '\r':
                    _at++;
                    break;
                case '#':
                    {
                        var start = _at;
                        while (!AtEnd && _text[_at] != '\n') _at++;
                        var comment = new Comment(_row, Column(start), _text[(start + 1).._at].TrimEnd('\r'));
                        // The parser may come this way again.
                        if (Comments.Count == 0 || Comments[^1].Row < _row) Comments.Add(comment);
                        break;
                    }
                default: return;
            }
        }
    }

    private Token Number(int start, int col)
    {
        Digits();
        if (Current == '.')
        {
            _at++;
            if (Digits() == 0) Fault("expected fraction");
        }
        if (Current is 'e' or 'E')
        {
            _at++;
            if (Current is '+' or '-') _at++;
            if (Digits() == 0) Fault("expected exponent");
        }
        if (IsNameStart(Current))
        {
            Fault("illegal number format");
            while (!AtEnd && IsNamePart(_text[_at])) _at++;
        }
        LookAtNext();
        return Make(TokenKind.Number, start, _row, col, _text[start.._at]);
    }

    private int Digits()
    {
        var start = _at;
        while (!AtEnd && char.IsAsciiDigit(_text[_at])) _at++;
        return _at - start;
    }

    private Token String(int start, int col)
    {
        _at++;
        var text = new StringBuilder();
        var (hasEscape, hasControl, isBroken) = (false, false, false);
        while (true)
        {
            if (AtEnd || _text[_at] == '\n')
            {
                Fault("non-terminated string");
                break;
            }
            var c = _text[_at];
            if (c == '"')
            {
                _at++;
                break;
            }
            if (c == '\\')
            {
                hasEscape = true;
                isBroken |= !Escape(text, template: false);
                continue;
            }
            hasControl |= c < ' ';
            if (c == '\0') Fault("illegal null character");
            text.Append(c);
            _at++;
        }
        // An escape makes it a JSON string, and these hold no control characters.
        return Make(TokenKind.String, start, _row, col, isBroken || (hasEscape && hasControl) ? null : Whole(text));
    }

    private Token RawString(int start, int col)
    {
        var row = _row;
        _at++;
        var from = _at;
        while (!AtEnd && _text[_at] != '`')
        {
            if (_text[_at] == '\n')
            {
                _row++;
                _rowStart = _at + 1;
            }
            _at++;
        }
        var text = _text[from.._at];
        if (AtEnd) Fault("non-terminated string");
        else _at++;
        return Make(TokenKind.String, start, row, col, text) with { IsRaw = true };
    }

    private Token Template(int start, int row, int col, int opening, bool isRaw)
    {
        var close = isRaw ? '`' : '"';
        _at += opening;
        var text = new StringBuilder();
        var kind = TokenKind.TemplatePart;
        var isBroken = false;
        while (true)
        {
            if (AtEnd || (!isRaw && _text[_at] == '\n'))
            {
                Fault("non-terminated string");
                break;
            }
            var c = _text[_at];
            if (c == close || c == '{')
            {
                _at++;
                if (c == close) kind = TokenKind.TemplateEnd;
                break;
            }
            if (isRaw && c == '\\' && _at + 1 < _text.Length && _text[_at + 1] == '{')
            {
                text.Append('{');
                _at += 2;
            }
            else if (!isRaw && c == '\\')
            {
                isBroken |= !Escape(text, template: true);
            }
            else
            {
                if (c == '\n')
                {
                    _row++;
                    _rowStart = _at + 1;
                }
                text.Append(c);
                _at++;
            }
        }
        return Make(kind, start, row, col, isBroken ? null : Whole(text)) with { IsRaw = isRaw };
    }

    /// <summary>False for an escape that the grammar lets pass and that means nothing.</summary>
    private bool Escape(StringBuilder text, bool template)
    {
        var c = _at + 1 < _text.Length ? _text[_at + 1] : '\0';
        _at += 2;
        switch (c)
        {
            case '"' or '\\' or '/': text.Append(c); return true;
            case 'n': text.Append('\n'); return true;
            case 't': text.Append('\t'); return true;
            case 'r': text.Append('\r'); return true;
            case 'b': text.Append('\b'); return true;
            case 'f': text.Append('\f'); return true;
            case '{' when template: text.Append(c); return true;
            case 'u':
                {
                    if (_at + 4 <= _text.Length && ushort.TryParse(_text.AsSpan(_at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit))
                    {
                        text.Append((char)unit);
                        _at += 4;
                        return true;
                    }
                    for (var i = 0; i < 3 && !AtEnd && _text[_at] is not ('"' or '\n'); i++) _at++;
                    return false;
                }
            default:
                Fault("illegal escape sequence");
                _at--;
                return true;
        }
    }

    /// <summary>Halves of characters become what JSON readers make of them.</summary>
    private static string Whole(StringBuilder text)
    {
        var whole = text.ToString();
        for (var i = 0; i < whole.Length; i++)
        {
            if (!char.IsSurrogate(whole[i])) continue;
            if (char.IsHighSurrogate(whole[i]) && i + 1 < whole.Length && char.IsLowSurrogate(whole[i + 1])) i++;
            else whole = $"{whole[..i]}\uFFFD{whole[(i + 1)..]}";
        }
        return whole;
    }

    private static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c == '_';

    private static bool IsNamePart(char c) => char.IsAsciiLetterOrDigit(c) || c == '_' || (c >= '\u0080' && char.IsDigit(c));
}
