using System.Text;

namespace Rego.Builtins;

/// <summary>What is wrong with a text that is no JSON, in the words of Go's encoding/json.</summary>
internal sealed class GoJsonFault
{
    private const int MaxDepth = 10_000;

    private readonly byte[] _text;
    private int _at;
    private int _depth;

    private GoJsonFault(byte[] text) => _text = text;

    private sealed class Found(string message) : Exception(message);

    /// <summary>Null when nothing is found wrong.</summary>
    public static string? Explain(string text)
    {
        var reader = new GoJsonFault(RawBytes.Of(text));
        try
        {
            reader.Space();
            if (reader._at == reader._text.Length) return "EOF";
            reader.Value();
            reader.Space();
            return reader._at == reader._text.Length ? null : reader.Behind();
        }
        catch (Found fault)
        {
            return fault.Message;
        }
    }

    /// <summary>OPA reads one more token behind the value, and says what it met.</summary>
    private string Behind()
    {
        var c = _text[_at];
        if (c is (byte)'{' or (byte)'[' or (byte)'"' or (byte)'t' or (byte)'f' or (byte)'n' or (byte)'-' || char.IsAsciiDigit((char)c))
        {
            var start = _at;
            if (c is (byte)'{' or (byte)'[') return $"error: invalid character '{(char)c}' after top-level value";
            try
            {
                Value();
            }
            catch (Found fault)
            {
                return fault.Message;
            }
            var token = Encoding.UTF8.GetString(_text, start, _at - start);
            if (token == "null") return "unexpected end of JSON input";
            return $"error: invalid character '{(c == '"' ? token[1..^1] : c is (byte)'t' or (byte)'f' ? $"%!s(bool={token})" : token)}' after top-level value";
        }
        return $"invalid character {Shown(c)} looking for beginning of value";
    }

    private static string Shown(byte c) => c == '\'' ? @"'\''" : c == '"' ? "'\"'" : GoQuote.Character(new Rune(c));

    private void Space()
    {
        while (_at < _text.Length && _text[_at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n') _at++;
    }

    private byte Next()
    {
        if (_at >= _text.Length) throw new Found("unexpected EOF");
        return _text[_at];
    }

    private Found Wrong(string context) => new($"invalid character {Shown(_text[_at])} {context}");

    private void Value()
    {
        Space();
        if (_at >= _text.Length) throw new Found("unexpected EOF");
        if (++_depth > MaxDepth) throw new Found("exceeded max depth");
        switch (_text[_at])
        {
            case (byte)'{': Object(); break;
            case (byte)'[': Array(); break;
            case (byte)'"': Text(); break;
            case (byte)'t': Literal("true"); break;
            case (byte)'f': Literal("false"); break;
            case (byte)'n': Literal("null"); break;
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9'): Number(); break;
            default: throw Wrong("looking for beginning of value");
        }
        _depth--;
    }

    private void Object()
    {
        _at++;
        Space();
        if (Next() == '}')
        {
            _at++;
            return;
        }
        while (true)
        {
            Space();
            if (Next() != '"') throw Wrong("looking for beginning of object key string");
            Text();
            Space();
            if (Next() != ':') throw Wrong("after object key");
            _at++;
            Value();
            Space();
            var c = Next();
            if (c is not ((byte)',' or (byte)'}')) throw Wrong("after object key:value pair");
            _at++;
            if (c == '}') return;
        }
    }

    private void Array()
    {
        _at++;
        Space();
        if (Next() == ']')
        {
            _at++;
            return;
        }
        while (true)
        {
            Value();
            Space();
            var c = Next();
            if (c is not ((byte)',' or (byte)']')) throw Wrong("after array element");
            _at++;
            if (c == ']') return;
        }
    }

    private void Text()
    {
        _at++;
        while (true)
        {
            var c = Next();
            if (c < 0x20) throw Wrong("in string literal");
            _at++;
            if (c == '"') return;
            if (c != '\\') continue;
            switch (Next())
            {
                case (byte)'u':
                    _at++;
                    for (var i = 0; i < 4; i++, _at++)
                    {
                        if (!char.IsAsciiHexDigit((char)Next())) throw Wrong("in \\u hexadecimal character escape");
                    }
                    break;
                case (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t' or (byte)'\\' or (byte)'/' or (byte)'"':
                    _at++;
                    break;
                default: throw Wrong("in string escape code");
            }
        }
    }

    private void Literal(string word)
    {
        for (var i = 0; i < word.Length; i++, _at++)
        {
            if (Next() != word[i]) throw Wrong($"in literal {word} (expecting {Shown((byte)word[i])})");
        }
    }

    private void Number()
    {
        if (_text[_at] == '-')
        {
            _at++;
            if (!char.IsAsciiDigit((char)Next())) throw Wrong("in numeric literal");
        }
        if (_text[_at] == '0') _at++;
        else Digits();
        if (_at < _text.Length && _text[_at] == '.')
        {
            _at++;
            if (!char.IsAsciiDigit((char)Next())) throw Wrong("after decimal point in numeric literal");
            Digits();
        }
        if (_at < _text.Length && _text[_at] is (byte)'e' or (byte)'E')
        {
            _at++;
            if (Next() is (byte)'+' or (byte)'-') _at++;
            if (!char.IsAsciiDigit((char)Next())) throw Wrong("in exponent of numeric literal");
            Digits();
        }
    }

    private void Digits()
    {
        while (_at < _text.Length && char.IsAsciiDigit((char)_text[_at])) _at++;
    }
}
