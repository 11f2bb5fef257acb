using Rego.Values;

namespace Rego.Builtins.Tokens;

/// <summary>
/// The header that a token is to be signed with. It is signed as it was written, so it is only looked into, by a reader that
/// tells what is wrong in OPA's words.
/// </summary>
internal sealed class HeaderFields
{
    private readonly RValue? _value;
    private readonly string _fault;

    private HeaderFields(RValue? value, string fault)
    {
        _value = value;
        _fault = fault;
    }

    public static HeaderFields Read(string text)
    {
        try
        {
            return new HeaderFields(RValue.Parse(text), "");
        }
        catch (FormatException)
        {
            return new HeaderFields(null, new Reading(text.TrimStart(' ', '\t', '\r', '\n')).Fault());
        }
    }

    /// <exception cref="TokenFault">Not JSON, or no such text in it.</exception>
    public string Text(string name)
    {
        if (_value is null) throw new TokenFault(_fault);
        return (_value as RObject)?.Get(name) switch
        {
            RString s => s.Value,
            null => throw new TokenFault($"jwsbb: header \"{name}\" not found"),
            RBool b => throw new TokenFault($"value doesn't contain string; it contains {(b.Value ? "true" : "false")}"),
            var other => throw new TokenFault($"value doesn't contain string; it contains {other.TypeName}"),
        };
    }

    public string? Find(string name) => ((_value as RObject)?.Get(name) as RString)?.Value;

    /// <summary>Goes through text that is no JSON up to the place where that shows.</summary>
    private sealed class Reading(string text)
    {
        private int _at;

        public string Fault()
        {
            var fault = Value(0);
            if (fault is not null) return $"cannot parse JSON: {fault}; unparsed tail: {GoFormat.Quote(text[_at..])}";
            Blanks();
            return $"unexpected tail: {GoFormat.Quote(text[_at..])}";
        }

        private char Next => _at < text.Length ? text[_at] : '\0';

        private void Blanks()
        {
            while (Next is ' ' or '\t' or '\r' or '\n') _at++;
        }

        private string? Value(int depth)
        {
            if (_at >= text.Length) return "cannot parse empty string";
            if (depth > RValue.MaxJsonDepth) return "too big depth for the nested JSON";
            switch (text[_at])
            {
                case '{': return Members(depth) is { } o ? "cannot parse object: " + o : null;
                case '[': return Items(depth) is { } a ? "cannot parse array: " + a : null;
                case '"': return Quoted() is { } s ? "cannot parse string: " + s : null;
                case 't': return Word("true");
                case 'f': return Word("false");
                case 'n': return Word("null");
            }
            var start = _at;
            while (char.IsAsciiDigit(Next) || Next is '-' or '.' or 'e' or 'E' or '+') _at++;
            return _at > start ? null : $"cannot parse number: unexpected char: {GoFormat.Quote(text[_at..(_at + 1)])}";
        }

        private string? Word(string word)
        {
            if (string.CompareOrdinal(text, _at, word, 0, word.Length) != 0) return $"unexpected value found: {GoFormat.Quote(text[_at..])}";
            _at += word.Length;
            return null;
        }

        private string? Quoted()
        {
            for (_at++; _at < text.Length; _at++)
            {
                if (text[_at] == '\\') _at++;
                else if (text[_at] == '"')
                {
                    _at++;
                    return null;
                }
            }
            _at = text.Length;
            return "missing closing '\"'";
        }

        private string? Items(int depth)
        {
            _at++;
            Blanks();
            if (_at >= text.Length) return "missing ']'";
            if (Next == ']')
            {
                _at++;
                return null;
            }
            while (true)
            {
                Blanks();
                if (Value(depth + 1) is { } fault) return "cannot parse array value: " + fault;
                Blanks();
                if (_at >= text.Length) return "unexpected end of array";
                switch (text[_at++])
                {
                    case ',': continue;
                    case ']': return null;
                }
                _at--;
                return "missing ',' after array value";
            }
        }

        private string? Members(int depth)
        {
            _at++;
            Blanks();
            if (_at >= text.Length) return "missing '}'";
            if (Next == '}')
            {
                _at++;
                return null;
            }
            while (true)
            {
                Blanks();
                if (Next != '"') return "cannot find opening '\"\" for object key";
                if (Quoted() is { } key) return "cannot parse object key: " + key;
                Blanks();
                if (Next != ':') return "missing ':' after object key";
                _at++;
                Blanks();
                if (Value(depth + 1) is { } fault) return "cannot parse object value: " + fault;
                Blanks();
                if (_at >= text.Length) return "unexpected end of object";
                switch (text[_at++])
                {
                    case ',': continue;
                    case '}': return null;
                }
                _at--;
                return "missing ',' after object value";
            }
        }
    }
}
