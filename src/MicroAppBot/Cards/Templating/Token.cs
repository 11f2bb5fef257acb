using System.Text;

namespace MicroAppBot.Cards.Templating;

internal enum Sort : byte { Name, Number, Text, Symbol, End }

/// <summary>One word of an Adaptive Expression.</summary>
internal readonly record struct Token(Sort Sort, string Text, int Start)
{
    private static readonly string[] Pairs = ["==", "!=", "<>", "<=", ">=", "&&", "||", "??", "=>"];

    /// <exception cref="FormatException">A character no expression has, or a text that does not end.</exception>
    public static List<Token> Read(string text)
    {
        var tokens = new List<Token>();
        var at = 0;
        while (at < text.Length)
        {
            var c = text[at];
            if (c is ' ' or '\t' or '\r' or '\n' or '\u00a0' or '\ufeff')
                at++;
            else if (char.IsAsciiDigit(c))
                tokens.Add(Taken(Sort.Number, text, ref at, EndOfNumber(text, at)));
            else if (c is '\'' or '"')
                tokens.Add(Quoted(text, ref at));
            else if (char.IsAsciiLetter(c) || c is '_' or '#' or '@' or '$')
                tokens.Add(Taken(Sort.Name, text, ref at, EndOfName(text, at)));
            else if (at + 1 < text.Length && Pairs.Contains(text.Substring(at, 2)))
                tokens.Add(Taken(Sort.Symbol, text, ref at, at + 2));
            else if ("+-!^*/%&<>().[]{},:?".Contains(c, StringComparison.Ordinal))
                tokens.Add(Taken(Sort.Symbol, text, ref at, at + 1));
            else
                throw new FormatException($"'{c}' at character {at + 1} belongs to no expression, in '{text}'");
        }
        tokens.Add(new Token(Sort.End, "", text.Length));
        return tokens;
    }

    private static Token Taken(Sort sort, string text, ref int at, int end)
    {
        var token = new Token(sort, text[at..end], at);
        at = end;
        return token;
    }

    private static int EndOfNumber(string text, int at)
    {
        while (at < text.Length && char.IsAsciiDigit(text[at]))
            at++;
        if (at + 1 < text.Length && text[at] == '.' && char.IsAsciiDigit(text[at + 1]))
            for (at++; at < text.Length && char.IsAsciiDigit(text[at]);)
                at++;
        return at;
    }

    private static int EndOfName(string text, int at)
    {
        at++;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '_'))
            at++;
        return at;
    }

    private static Token Quoted(string text, ref int at)
    {
        var start = at;
        var quote = text[at++];
        var content = new StringBuilder();
        while (at < text.Length && text[at] != quote)
        {
            if (text[at] == '\\' && at + 1 < text.Length && Escaped(text[at + 1], quote) is { } plain)
            {
                content.Append(plain);
                at += 2;
            }
            else
            {
                content.Append(text[at++]);
            }
        }
        if (at == text.Length)
            throw new FormatException($"the text that begins at character {start + 1} does not end, in '{text}'");
        at++;
        return new Token(Sort.Text, content.ToString(), start);
    }

    private static char? Escaped(char c, char quote) => c switch
    {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        '\\' => '\\',
        _ when c == quote => quote,
        _ => null,
    };
}
