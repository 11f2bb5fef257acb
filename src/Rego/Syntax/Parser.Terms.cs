using Rego.Values;

namespace Rego.Syntax;

internal sealed partial class Parser
{
    // Parsing and compiling a term takes a few frames a level, and the stack must hold.
    private readonly int _maxNesting = DeepStack.IsHere ? 5_100 : 250;
    private readonly int _maxChain = DeepStack.IsHere ? 10_000 : 250;

    private int _depth;

    // Operators of one statement: a chain is a term as deep as it is long, and chains lie inside one another.
    private int _chained;

    private List<Expr> Body(TokenKind end)
    {
        var body = new List<Expr>();
        while (true)
        {
            while (Accept(TokenKind.Semicolon))
            {
            }
            if (Current.Kind == end)
            {
                if (body.Count == 0) throw Fault(end == TokenKind.RightBrace ? "found empty body" : $"unexpected {Describe(Current)}: body expected");
                if (end != TokenKind.End) Take();
                return body;
            }
            if (body.Count > 0 && !OnNewLine && Previous.Kind != TokenKind.Semicolon)
                throw Fault($"unexpected {Describe(Current)}: expected \\n or ; or {EndText(end)}{FutureHint()}");
            body.Add(Literal());
        }
    }

    private string FutureHint() =>
        !_v1 && Current.Kind == TokenKind.Identifier && Previous.Text == "every" ? " (hint: `import future.keywords.every` for `every x in xs { ... }` expressions)" : "";

    private static string EndText(TokenKind end) => end switch
    {
        TokenKind.RightBrace => "}",
        TokenKind.RightBracket => "]",
        _ => "end of query",
    };

    private Expr Literal()
    {
        var at = Here;
        var start = Current.Start;
        var negated = false;
        if (IsWord("not"))
        {
            Take();
            negated = true;
            if (IsWord("some")) throw Fault("unexpected some keyword: illegal negation of 'some'");
            if (IsKeyword("every")) throw Fault("unexpected every keyword: illegal negation of 'every'");
        }
        if (IsWord("some")) return Some(at, start);
        if (IsKeyword("every")) return Every(at, start);
        var term = Statement();
        var with = With();
        return new TermExpr(at, term) { Negated = negated, With = with, Text = TextFrom(start), Start = start };
    }

    private string TextFrom(int start)
    {
        var end = Previous.End;
        return start <= end && end <= _text.Length ? _text[start..end] : "";
    }

    private Term Statement()
    {
        var left = Infix(keyValue: true);
        var at = left.At;
        if (Accept(TokenKind.Assign)) return Operation(at, "assign", left, Infix(keyValue: true));
        if (Accept(TokenKind.Unify)) return Operation(at, "eq", left, Infix(keyValue: true));
        return left;
    }

    private List<WithModifier> With()
    {
        if (!IsWord("with")) return [];
        var list = new List<WithModifier>();
        while (IsWord("with"))
        {
            var at = Here;
            Take();
            var target = SimpleTerm();
            if (target is not (VarTerm or RefTerm)) throw Fault(at, "with keyword must be followed by a reference to input, data or a function");
            if (!IsWord("as")) throw Unexpected("as keyword");
            Take();
            list.Add(new WithModifier(at, target, Infix()));
        }
        return list;
    }

    private Expr Some(Location at, int start)
    {
        Take();
        var first = Infix(allowIn: false);
        var list = new List<Term> { first };
        while (Accept(TokenKind.Comma)) list.Add(Infix(allowIn: false));
        if (IsKeyword("in"))
        {
            Take();
            if (list.Count > 2) throw Fault(at, "illegal some declaration: at most a key and a value");
            var domain = Infix();
            return new SomeInExpr(at, list.Count == 2 ? list[0] : null, list[^1], domain) { With = With(), Text = TextFrom(start), Start = start };
        }
        var symbols = new List<VarTerm>();
        foreach (var term in list)
        {
            if (term is not VarTerm v) throw Fault(at, "unexpected term in some declaration: expected var");
            symbols.Add(v);
        }
        return new SomeExpr(at, symbols) { Text = TextFrom(start), Start = start };
    }

    private EveryExpr Every(Location at, int start)
    {
        Take();
        var first = Infix(allowIn: false);
        Term? key = null;
        if (Accept(TokenKind.Comma))
        {
            key = first;
            first = Infix(allowIn: false);
        }
        if (first is not VarTerm || key is not (null or VarTerm)) throw Fault(at, "every declarations must be variables");
        if (!IsKeyword("in")) throw Unexpected("`x in xs { ... }` expression");
        Take();
        var domain = Infix(allowIn: false);
        if (Current.Kind != TokenKind.LeftBrace) throw Unexpected("`{` after the domain of every");
        Take();
        var body = Body(TokenKind.RightBrace);
        return new EveryExpr(at, key, first, domain, body) { With = With(), Text = TextFrom(start), Start = start };
    }

    private CallTerm Operation(Location at, string builtin, params Term[] operands) =>
        new(at, null, builtin, operands) { Start = operands[0].Start, End = Previous.End };

    private static int Precedence(TokenKind kind) => kind switch
    {
        TokenKind.Equal or TokenKind.NotEqual or TokenKind.Less or TokenKind.LessOrEqual or TokenKind.Greater or TokenKind.GreaterOrEqual => 1,
        TokenKind.Or => 2,
        TokenKind.And => 3,
        TokenKind.Plus or TokenKind.Minus => 4,
        TokenKind.Times or TokenKind.Divide or TokenKind.Remainder => 5,
        _ => 0,
    };

    private static string OperatorName(TokenKind kind) => kind switch
    {
        TokenKind.Equal => "equal",
        TokenKind.NotEqual => "neq",
        TokenKind.Less => "lt",
        TokenKind.LessOrEqual => "lte",
        TokenKind.Greater => "gt",
        TokenKind.GreaterOrEqual => "gte",
        TokenKind.Or => "or",
        TokenKind.And => "and",
        TokenKind.Plus => "plus",
        TokenKind.Minus => "minus",
        TokenKind.Times => "mul",
        TokenKind.Divide => "div",
        _ => "rem",
    };

    private bool IsInfix(Token token) =>
        Precedence(token.Kind) > 0 || token.Kind is TokenKind.Unify or TokenKind.Assign || (token is { Kind: TokenKind.Keyword, Text: "in" } && KeywordOn("in"));

    /// <summary>A term with operators. keyValue: `k, v in xs` is taken as one membership test here.</summary>
    private Term Infix(bool keyValue = false, bool allowIn = true)
    {
        if (_depth == 0) _chained = 0;
        Enter();
        var term = InfixFrom(SimpleTerm(), keyValue, allowIn);
        _depth--;
        return term;
    }

    private Term InfixFrom(Term first, bool keyValue = false, bool allowIn = true)
    {
        var left = Climb(first, 1);
        if (!allowIn) return left;
        if (keyValue && Current.Kind == TokenKind.Comma)
        {
            var back = _at;
            Take();
            var value = Climb(SimpleTerm(), 1);
            if (IsKeyword("in"))
            {
                var at = left.At;
                Take();
                left = Operation(at, "internal.member_3", left, value, Climb(SimpleTerm(), 1));
            }
            else
            {
                _at = back;
                return left;
            }
        }
        while (IsKeyword("in"))
        {
            if (++_chained > _maxChain) throw Fault("the expression is nested too deeply");
            Take();
            left = Operation(left.At, "internal.member_2", left, Climb(SimpleTerm(), 1));
        }
        return left;
    }

    private Term Climb(Term left, int lowest)
    {
        while (true)
        {
            var precedence = Precedence(Current.Kind);
            if (precedence < lowest) return left;
            if (++_chained > _maxChain) throw Fault("the expression is nested too deeply");
            var kind = Take().Kind;
            var right = SimpleTerm();
            while (Precedence(Current.Kind) > precedence) right = Climb(right, Precedence(Current.Kind));
            left = Operation(left.At, OperatorName(kind), left, right);
        }
    }

    private Term SimpleTerm()
    {
        var start = Current.Start;
        var term = OneTerm(start);
        term.Start = start;
        term.End = Previous.End;
        return term;
    }

    private Term OneTerm(int start)
    {
        var at = Here;
        var token = Current;
        switch (token.Kind)
        {
            case TokenKind.Minus:
                {
                    Take();
                    if (Current.Kind != TokenKind.Number || !Adjacent) throw Fault($"unexpected {Describe(Current)}: expected number");
                    return new ConstTerm(at, RNumber.FromText("-" + Take().Text));
                }
            case TokenKind.Number:
                Take();
                return NoRef(new ConstTerm(at, RNumber.FromText(token.Text)), "number");
            case TokenKind.String:
                Take();
                return NoRef(new ConstTerm(at, SharedStrings.Of(token.Text)), "string");
            case TokenKind.Template:
                Take();
                return NoRef(Template(at, token), "string");
            case TokenKind.Identifier:
                Take();
                return Suffix(new VarTerm(at, token.Text), at, start);
            case TokenKind.Keyword:
                if (KeywordIsName() || IsCallOfContains() || !Lexer.IsReserved(token.Text, _v1 || _futureKeywords.Contains(token.Text)))
                {
                    Take();
                    return Suffix(new VarTerm(at, token.Text), at, start);
                }
                switch (token.Text)
                {
                    case "null": Take(); return NoRef(new ConstTerm(at, RNull.Instance), "null");
                    case "true": Take(); return NoRef(new ConstTerm(at, RBool.True), "boolean");
                    case "false": Take(); return NoRef(new ConstTerm(at, RBool.False), "boolean");
                    default: throw Fault($"unexpected {token.Text} keyword");
                }
            case TokenKind.LeftParen:
                {
                    Take();
                    var inner = Infix(keyValue: true);
                    Expect(TokenKind.RightParen, ")");
                    return Suffix(inner, at, start);
                }
            case TokenKind.LeftBracket: return Suffix(Bracketed(at), at, start);
            case TokenKind.LeftBrace: return Suffix(Braced(at), at, start);
            default: throw Unexpected();
        }
    }

    private ConstTerm NameTerm()
    {
        var at = Here;
        var token = Take();
        return new ConstTerm(at, SharedStrings.Of(token.Text)) { Start = token.Start, End = token.End };
    }

    private Term NoRef(Term term, string what)
    {
        if (Adjacent && Current.Kind is TokenKind.LeftBracket or TokenKind.Dot) throw Fault(term.At, $"illegal ref (head cannot be {what})");
        return term;
    }

    /// <summary>What may follow a term without a blank: .name, [term] and a call.</summary>
    private Term Suffix(Term head, Location at, int start)
    {
        (head.Start, head.End) = (start, Previous.End);
        List<Term>? args = null;
        while (Adjacent)
        {
            if (Current.Kind == TokenKind.Dot)
            {
                Take();
                if (Current.Kind is not (TokenKind.Identifier or TokenKind.Keyword)) throw Unexpected("ident");
                (args ??= []).Add(NameTerm());
            }
            else if (Current.Kind == TokenKind.LeftBracket)
            {
                Take();
                (args ??= []).Add(Infix());
                Expect(TokenKind.RightBracket, "]");
            }
            else if (Current.Kind == TokenKind.LeftParen && head is VarTerm)
            {
                Take();
                var op = args is null ? head : new RefTerm(at, head, args) { Start = head.Start, End = Previous.End };
                var list = TermList(TokenKind.RightParen);
                if (op is VarTerm { Name: "set" } && list.Count == 0) head = new SetTerm(at, []);
                else head = new CallTerm(at, op, null, list);
                (head.Start, head.End) = (op.Start, Previous.End);
                args = null;
            }
            else
            {
                break;
            }
        }
        return args is null ? head : new RefTerm(at, head, args);
    }

    private List<Term> TermList(TokenKind end)
    {
        var list = new List<Term>();
        while (true)
        {
            if (Accept(end)) return list;
            list.Add(Infix());
            if (Accept(end)) return list;
            if (!Accept(TokenKind.Comma)) throw Unexpected($"\",\" or \"{(end == TokenKind.RightParen ? ")" : end == TokenKind.RightBracket ? "]" : "}")}\"");
        }
    }

    private Term Bracketed(Location at)
    {
        Take();
        if (Accept(TokenKind.RightBracket)) return new ArrayTerm(at, []);
        Enter();
        var first = SimpleTerm();
        if (Accept(TokenKind.Or))
        {
            var body = Body(TokenKind.RightBracket);
            _depth--;
            return new ComprehensionTerm(at, ComprehensionKind.Array, null, first, body);
        }
        var items = new List<Term> { InfixFrom(first) };
        if (!Accept(TokenKind.RightBracket))
        {
            if (!Accept(TokenKind.Comma)) throw Unexpected("\",\" or \"]\"");
            items.AddRange(TermList(TokenKind.RightBracket));
        }
        _depth--;
        return new ArrayTerm(at, items);
    }

    private Term Braced(Location at)
    {
        Take();
        if (Accept(TokenKind.RightBrace)) return new ObjectTerm(at, []);
        Enter();
        var term = BracedContent(at);
        _depth--;
        return term;
    }

    private Term BracedContent(Location at)
    {
        var first = SimpleTerm();
        if (Accept(TokenKind.Or)) return new ComprehensionTerm(at, ComprehensionKind.Set, null, first, Body(TokenKind.RightBrace));
        first = InfixFrom(first);
        if (Accept(TokenKind.Colon))
        {
            var value = SimpleTerm();
            if (Accept(TokenKind.Or)) return new ComprehensionTerm(at, ComprehensionKind.Object, first, value, Body(TokenKind.RightBrace));
            var entries = new List<(Term, Term)> { (first, InfixFrom(value)) };
            while (!Accept(TokenKind.RightBrace))
            {
                if (!Accept(TokenKind.Comma)) throw Unexpected("\",\" or \"}\"");
                if (Accept(TokenKind.RightBrace)) break;
                var key = Infix();
                Expect(TokenKind.Colon, ":");
                entries.Add((key, Infix()));
            }
            return new ObjectTerm(at, entries);
        }
        var items = new List<Term> { first };
        if (!Accept(TokenKind.RightBrace))
        {
            if (!Accept(TokenKind.Comma)) throw Unexpected("\",\" or \"}\"");
            items.AddRange(TermList(TokenKind.RightBrace));
        }
        return new SetTerm(at, items);
    }

    private TemplateTerm Template(Location at, Token token)
    {
        var parts = new List<(string?, Expr?)>();
        foreach (var part in token.Parts!)
        {
            if (part.Tokens is null)
            {
                parts.Add((part.Text, null));
                continue;
            }
            var inner = new Parser(_file, _text, part.Tokens, _v1) { _depth = _depth + 1, _chained = _chained };
            inner._futureKeywords.UnionWith(_futureKeywords);
            if (inner.Current.Kind == TokenKind.End) throw inner.Fault("template expression is empty");
            var exprAt = inner.Here;
            var term = inner.Infix(keyValue: true);
            var with = inner.With();
            if (inner.Current.Kind != TokenKind.End) throw inner.Unexpected("}");
            _chained = inner._chained;
            parts.Add((null, new TermExpr(exprAt, term) { With = with }));
        }
        return new TemplateTerm(at, parts);
    }

    private void Enter()
    {
        if (++_depth > _maxNesting) throw Fault("the expression is nested too deeply");
    }

    private Token Take() => _tokens[_at++];

    private bool Accept(TokenKind kind)
    {
        if (Current.Kind != kind || kind == TokenKind.End) return false;
        _at++;
        return true;
    }

    private void Expect(TokenKind kind, string text)
    {
        if (!Accept(kind)) throw Unexpected($"\"{text}\"");
    }

    private bool KeywordOn(string word) => _v1 || _futureKeywords.Contains(word);

    /// <summary>A word that is always reserved (not, some, with, …).</summary>
    private bool IsWord(string word) => Current.Kind == TokenKind.Keyword && Current.Text == word && !KeywordIsName();

    /// <summary>One of the newer keywords (in, every, contains, if), where the module has them.</summary>
    private bool IsKeyword(string word) => IsWord(word) && KeywordOn(word);

    private bool AcceptWord(string word)
    {
        if (!IsWord(word)) return false;
        _at++;
        return true;
    }

    private bool AcceptKeyword(string word)
    {
        if (!IsKeyword(word)) return false;
        _at++;
        return true;
    }

    /// <summary>A keyword directly followed by .name or ["name"] heads a reference (contains.foo).</summary>
    private bool KeywordIsName() =>
        Current.Kind == TokenKind.Keyword && _at + 1 < _tokens.Length && _tokens[_at + 1].Start == Current.End &&
        (_tokens[_at + 1].Kind == TokenKind.Dot ||
         (_tokens[_at + 1].Kind == TokenKind.LeftBracket && Current.Text != "in" && _at + 3 < _tokens.Length && _tokens[_at + 2].Kind == TokenKind.String && _tokens[_at + 3].Kind == TokenKind.RightBracket));

    /// <summary>Where a term stands, contains( is the builtin: as a keyword it follows a rule's name only.</summary>
    private bool IsCallOfContains() =>
        IsWord("contains") && _at + 1 < _tokens.Length && _tokens[_at + 1].Kind == TokenKind.LeftParen && _tokens[_at + 1].Start == Current.End;

    private static string Describe(Token token) => token.Kind switch
    {
        TokenKind.End => token.Text == "}" ? "} token" : "eof token",
        TokenKind.Identifier => "identifier token",
        TokenKind.Keyword => $"{token.Text} keyword",
        TokenKind.String or TokenKind.Template => "string token",
        TokenKind.Number => "number token",
        _ => $"{token.Text} token",
    };

    private SyntaxFault Unexpected(string? expected = null) =>
        Fault($"unexpected {Describe(Current)}{(expected is null ? "" : $": expected {expected}")}");

    private SyntaxFault Fault(string message) => Fault(Here, message);

    private static SyntaxFault Fault(Location at, string message) =>
        new(new RegoError("rego_parse_error", message, at.File, at.Row, at.Col));
}
