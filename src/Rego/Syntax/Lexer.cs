using System.Globalization;
using System.Text;

namespace Rego.Syntax;

/// <summary>Source text to tokens. Comments are kept aside: metadata lives in them.</summary>
internal ref struct Lexer
{
    private const int MaxTemplateNesting = 32;

    private readonly string _file;
    private readonly ReadOnlySpan<char> _text;
    private int _at;
    private int _row;
    private int _rowStart;
    private int _nesting;

    private static readonly HashSet<string> Reserved =
    [
        "package", "import", "as", "default", "else", "not", "some", "with", "null", "true", "false",
    ];

    private static readonly HashSet<string> ReservedInV1 = ["in", "every", "contains", "if"];

    private Lexer(string file, string text)
    {
        _file = file;
        _text = text;
        _row = 1;
        Comments = [];
    }

    public List<Comment> Comments { get; }

    public static Token[] Read(string file, string text, out List<Comment> comments)
    {
        var lexer = new Lexer(file, text);
        if (text.StartsWith('\uFEFF')) lexer._at = lexer._rowStart = 1;
        var tokens = new List<Token>(Math.Max(16, text.Length / 5));
        while (true)
        {
            var token = lexer.Next();
            tokens.Add(token);
            if (token.Kind == TokenKind.End) break;
        }
        comments = lexer.Comments;
        return [.. tokens];
    }

    public static bool IsReserved(string word, bool v1) => Reserved.Contains(word) || (v1 && ReservedInV1.Contains(word));

    public static bool IsAnyKeyword(string word) => IsReserved(word, true);

    private Token Next()
    {
        SkipBlanks();
        var start = _at;
        var col = _at - _rowStart + 1;
        if (_at >= _text.Length) return new Token(TokenKind.End, start, start, _row, col, _row, "end of file");
        var c = _text[_at];
        if (IsNameStart(c))
        {
            while (_at < _text.Length && IsNamePart(_text[_at])) _at++;
            var word = _text[start.._at].ToString();
            return new Token(IsAnyKeyword(word) ? TokenKind.Keyword : TokenKind.Identifier, start, _at, _row, col, _row, word);
        }
        if (char.IsAsciiDigit(c)) return Number(start, col);
        switch (c)
        {
            case '"': return String(start, col);
            case '`': return RawString(start, col);
            case '$' when _at + 1 < _text.Length && _text[_at + 1] is '"' or '`': return Template(start, col);
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
            _ => (TokenKind.End, 0),
        };
        if (length == 0) throw Fault(_row, col, char.IsControl(c) ? $"illegal token: control character U+{(int)c:X4}" : $"illegal token: {Glyph()}");
        _at += length;
        return new Token(kind, start, _at, _row, col, _row, _text[start.._at].ToString());
    }

    private readonly string Glyph() =>
        char.IsHighSurrogate(_text[_at]) && _at + 1 < _text.Length ? _text.Slice(_at, 2).ToString() : _text[_at].ToString();

    private void SkipBlanks()
    {
        while (_at < _text.Length)
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
                        while (_at < _text.Length && _text[_at] != '\n') _at++;
                        Comments.Add(new Comment(_row, start - _rowStart + 1, _text[(start + 1).._at].TrimEnd('\r').ToString()));
                        break;
                    }
                default: return;
            }
        }
    }

    private Token Number(int start, int col)
    {
        if (_text[_at] == '0')
        {
            _at++;
            if (_at < _text.Length && char.IsAsciiDigit(_text[_at])) throw Fault(_row, col, "unexpected number token: expected number without leading zero");
        }
        else
        {
            Digits();
        }
        if (_at < _text.Length && _text[_at] == '.')
        {
            _at++;
            if (Digits() == 0) throw Fault(_row, col, "expected fraction");
        }
        if (_at < _text.Length && _text[_at] is 'e' or 'E')
        {
            _at++;
            if (_at < _text.Length && _text[_at] is '+' or '-') _at++;
            if (Digits() == 0) throw Fault(_row, col, "expected exponent");
        }
        if (_at < _text.Length && IsNamePart(_text[_at])) throw Fault(_row, col, "illegal number format");
        return new Token(TokenKind.Number, start, _at, _row, col, _row, _text[start.._at].ToString());
    }

    private int Digits()
    {
        var start = _at;
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at])) _at++;
        return _at - start;
    }

    private Token String(int start, int col)
    {
        _at++;
        var text = new StringBuilder();
        while (true)
        {
            if (_at >= _text.Length || _text[_at] == '\n') throw Fault(_row, col, "non-terminated string");
            var c = _text[_at];
            if (c == '"') break;
            if (c == '\\') Escape(text, col, template: false);
            else
            {
                text.Append(c);
                _at++;
            }
        }
        _at++;
        return new Token(TokenKind.String, start, _at, _row, col, _row, text.ToString());
    }

    private Token RawString(int start, int col)
    {
        var row = _row;
        _at++;
        var from = _at;
        while (_at < _text.Length && _text[_at] != '`')
        {
            if (_text[_at] == '\n')
            {
                _row++;
                _rowStart = _at + 1;
            }
            _at++;
        }
        if (_at >= _text.Length) throw Fault(row, col, "non-terminated string");
        var text = _text[from.._at].ToString();
        _at++;
        return new Token(TokenKind.String, start, _at, row, col, _row, text);
    }

    private Token Template(int start, int col)
    {
        if (++_nesting > MaxTemplateNesting) throw Fault(_row, col, "template strings are nested too deeply");
        var row = _row;
        var raw = _text[_at + 1] == '`';
        var close = raw ? '`' : '"';
        _at += 2;
        var parts = new List<TemplatePart>();
        var text = new StringBuilder();
        while (true)
        {
            if (_at >= _text.Length || (!raw && _text[_at] == '\n')) throw Fault(row, col, "non-terminated string");
            var c = _text[_at];
            if (c == close) break;
            if (c == '{')
            {
                if (text.Length > 0) parts.Add(new TemplatePart(text.ToString(), null));
                text.Clear();
                parts.Add(new TemplatePart(null, Embedded()));
            }
            else if (raw && c == '\\' && _at + 1 < _text.Length && _text[_at + 1] == '{')
            {
                text.Append('{');
                _at += 2;
            }
            else if (!raw && c == '\\')
            {
                Escape(text, col, template: true);
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
        if (text.Length > 0) parts.Add(new TemplatePart(text.ToString(), null));
        _at++;
        _nesting--;
        return new Token(TokenKind.Template, start, _at, row, col, _row, "", parts);
    }

    private Token[] Embedded()
    {
        var (row, col) = (_row, _at - _rowStart + 1);
        _at++;
        var tokens = new List<Token>();
        var depth = 0;
        while (true)
        {
            var token = Next();
            if (token.Kind == TokenKind.End) throw Fault(row, col, "template expression is not closed");
            if (token.Kind == TokenKind.LeftBrace) depth++;
            if (token.Kind == TokenKind.RightBrace && depth-- == 0)
            {
                tokens.Add(token with { Kind = TokenKind.End, Text = "}" });
                return [.. tokens];
            }
            tokens.Add(token);
        }
    }

    private void Escape(StringBuilder text, int col, bool template)
    {
        var c = _at + 1 < _text.Length ? _text[_at + 1] : '\0';
        _at += 2;
        switch (c)
        {
            case '"' or '\\' or '/': text.Append(c); break;
            case 'n': text.Append('\n'); break;
            case 't': text.Append('\t'); break;
            case 'r': text.Append('\r'); break;
            case 'b': text.Append('\b'); break;
            case 'f': text.Append('\f'); break;
            case '{' or '}' when template: text.Append(c); break;
            case 'u' when _at + 4 <= _text.Length && ushort.TryParse(_text.Slice(_at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit):
                text.Append((char)unit);
                _at += 4;
                break;
            default: throw Fault(_row, col, "illegal escape sequence");
        }
    }

    private readonly SyntaxFault Fault(int row, int col, string message) =>
        new(new RegoError("rego_parse_error", message, _file, row, col));

    private static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c == '_';

    private static bool IsNamePart(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';
}
