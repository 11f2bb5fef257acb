using System.Globalization;

namespace MicroAppBot.Cards.Templating;

/// <summary>
/// Text of an Adaptive Expression to an <see cref="Expression"/>. Operators bind as in the reference grammar, tightest first:
/// <c>! - +</c>, <c>^</c>, <c>* / %</c>, <c>+ -</c>, <c>== !=</c>, <c>&amp;</c>, <c>&lt; &lt;= &gt; &gt;=</c>, <c>&amp;&amp;</c>, <c>||</c>, <c>??</c>, <c>?:</c>.
/// </summary>
internal sealed class ExpressionParser
{
    private static readonly string[][] Levels =
    [
        ["??"], ["||"], ["&&"], ["<", "<=", ">", ">="], ["&"], ["==", "!=", "<>"], ["+", "-"], ["*", "/", "%"],
    ];

    private readonly string _text;
    private readonly List<Token> _tokens;
    private int _next;

    private ExpressionParser(string text)
    {
        _text = text;
        _tokens = Token.Read(text);
    }

    /// <exception cref="FormatException">The text is not an expression; the message says where and why.</exception>
    public static Expression Parse(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return new Expression.Constant(Value.Of(""));
        var parser = new ExpressionParser(text);
        var expression = parser.Choice();
        if (parser.Peek.Sort != Sort.End)
            throw parser.Unexpected();
        return expression;
    }

    private Token Peek => _tokens[_next];
    private bool At(string symbol) => Peek.Sort == Sort.Symbol && Peek.Text == symbol;

    private bool Take(string symbol)
    {
        if (!At(symbol))
            return false;
        _next++;
        return true;
    }

    private void Need(string symbol)
    {
        if (!Take(symbol))
            throw new FormatException($"'{symbol}' is missing {Where(Peek)} in '{_text}'");
    }

    private FormatException Unexpected() => new(Peek.Sort == Sort.End
        ? $"'{_text}' ends too early" : $"'{Peek.Text}' is not expected {Where(Peek)} in '{_text}'");

    private static string Where(Token token) => $"at character {token.Start + 1}";

    private Expression Choice()
    {
        var condition = Binary(0);
        if (!Take("?"))
            return condition;
        var yes = Choice();
        Need(":");
        return Functions.Bind("if", [condition, yes, Choice()]);
    }

    private Expression Binary(int level)
    {
        if (level == Levels.Length)
            return Power();
        var left = Binary(level + 1);
        while (Peek.Sort == Sort.Symbol && Levels[level].Contains(Peek.Text))
        {
            var symbol = Peek.Text == "<>" ? "!=" : Peek.Text;
            _next++;
            left = Functions.Bind(symbol, [left, Binary(level + 1)]);
        }
        return left;
    }

    private Expression Power()
    {
        var left = Unary();
        return Take("^") ? Functions.Bind("^", [left, Power()]) : left;
    }

    private Expression Unary()
    {
        if (Take("!"))
            return Functions.Bind("!", [Unary()]);
        if (Take("-"))
            return Functions.Bind("-", [new Expression.Constant(Value.Of(0)), Unary()]);
        if (Take("+"))
            return Functions.Bind("+", [new Expression.Constant(Value.Of(0)), Unary()]);
        return Postfix();
    }

    private Expression Postfix()
    {
        var expression = Primary();
        while (true)
        {
            if (Take("."))
            {
                if (Peek.Sort != Sort.Name)
                    throw Unexpected();
                expression = new Expression.Member(expression, _tokens[_next++].Text);
            }
            else if (Take("["))
            {
                expression = new Expression.Element(expression, Choice());
                Need("]");
            }
            else if (At("(") && expression is Expression.Name function)
            {
                _next++;
                expression = Functions.Bind(function.Text, [.. Arguments(")")]);
            }
            else
            {
                return expression;
            }
        }
    }

    private List<Expression> Arguments(string end)
    {
        var arguments = new List<Expression>();
        if (Take(end))
            return arguments;
        do
        {
            if (Peek.Sort == Sort.Name && _tokens[_next + 1] is { Sort: Sort.Symbol, Text: "=>" })
            {
                arguments.Add(new Expression.Name(Peek.Text));
                _next += 2;
            }
            arguments.Add(Choice());
        }
        while (Take(","));
        Need(end);
        return arguments;
    }

    private Expression Primary()
    {
        var token = Peek;
        _next++;
        switch (token.Sort)
        {
            case Sort.Number: return new Expression.Constant(Value.Of(double.Parse(token.Text, CultureInfo.InvariantCulture)));
            case Sort.Text: return new Expression.Constant(Value.Of(token.Text));
            case Sort.Name:
                return token.Text switch
                {
                    "true" => new Expression.Constant(Value.True),
                    "false" => new Expression.Constant(Value.False),
                    "null" or "undefined" => new Expression.Constant(Value.Null),
                    _ => new Expression.Name(token.Text),
                };
            case Sort.Symbol when token.Text == "(":
                var inner = Choice();
                Need(")");
                return inner;
            case Sort.Symbol when token.Text == "[":
                return new Expression.List([.. Arguments("]")]);
            case Sort.Symbol when token.Text == "{":
                return Map();
        }
        _next--;
        throw Unexpected();
    }

    private Expression.Map Map()
    {
        var members = new List<KeyValuePair<string, Expression>>();
        if (Take("}"))
            return new Expression.Map([]);
        do
        {
            if (Peek.Sort is not (Sort.Name or Sort.Text))
                throw Unexpected();
            var key = _tokens[_next++].Text;
            Need(":");
            members.Add(KeyValuePair.Create(key, Choice()));
        }
        while (Take(","));
        Need("}");
        return new Expression.Map([.. members]);
    }
}
