using Rego.Values;

namespace Rego.Syntax;

internal sealed partial class Parser
{
    // A body sees the variables of all bodies around it: what checking them takes grows with the depth times the variables.
    private const int MaxBodies = 250;

    private int _bodies;

    private List<Expr>? Body(TokenKind end) => Inner(() => Query(wantsEnd: true, end));

    /// <summary>What stands in a body of its own: of a rule, a comprehension, an every or a template.</summary>
    private T? Inner<T>(Func<T?> read) where T : class
    {
        if (_bodies >= MaxBodies)
        {
            TooDeep();
            return null;
        }
        if (!Enter()) return null;
        _bodies++;
        var inner = read();
        _bodies--;
        _depth--;
        return inner;
    }

    /// <summary>Expressions up to a closing token, or, where none is wanted, as far as semicolons join them.</summary>
    private List<Expr>? Query(bool wantsEnd, TokenKind end)
    {
        if (Kind == end)
        {
            Error(Here, "found empty body");
            return null;
        }
        var body = new List<Expr>();
        while (true)
        {
            var chained = _chained;
            if (Literal() is not { } expr) return null;
            _chained = chained;
            body.Add(expr);
            if (Kind == TokenKind.Semicolon)
            {
                Scan();
                continue;
            }
            if (Kind == end || !wantsEnd) return body;
            if (OnNewLine) continue;
            if (_errors is null) Illegal($"expected \\n or ; or {Spelled(end)}");
            return null;
        }
    }

    private Expr? Literal()
    {
        var at = Here;
        var start = Current.Start;
        if (KeywordHeadsReference()) return Statement(at, start, negated: false);
        var negated = false;
        if (IsWord("not"))
        {
            Scan();
            negated = true;
        }
        if (IsWord("some"))
        {
            if (!negated) return Some(at, start);
            Illegal("illegal negation of 'some'");
            return null;
        }
        if (IsWord("every"))
        {
            if (!negated) return Every(at, start);
            Illegal("illegal negation of 'every'");
            return null;
        }
        return Statement(at, start, negated);
    }

    private string TextFrom(int start)
    {
        var end = Previous.End;
        return start <= end && end <= _text.Length ? _text[start..end] : "";
    }

    private TermExpr? Statement(Location at, int start, bool negated)
    {
        var state = Save();
        if (Infix() is not { } left) return null;
        var term = left;
        if (Kind is TokenKind.Assign or TokenKind.Unify)
        {
            var builtin = Kind == TokenKind.Assign ? "assign" : "eq";
            Scan();
            if (Infix() is not { } right) return null;
            term = Operation(builtin, left, right);
        }
        if (With() is not { } with) return null;
        var text = TextFrom(start);
        if (!_v1 && term is VarTerm { Name: "every" } && !_allFutureKeywords)
        {
            var after = Save();
            Restore(state);
            var wouldParse = WithAllKeywords(() => Every(at, start)) is not null;
            Restore(after);
            if (wouldParse) Hint("`import future.keywords.every` for `every x in xs { ... }` expressions");
        }
        return new TermExpr(at, term) { Negated = negated, With = with, Text = text, Start = start };
    }

    private T WithAllKeywords<T>(Func<T> parse)
    {
        var known = new Dictionary<int, (Term?, State)>(_terms);
        _terms.Clear();
        _allFutureKeywords = true;
        var result = parse();
        _allFutureKeywords = false;
        _terms.Clear();
        foreach (var (at, term) in known) _terms[at] = term;
        return result;
    }

    private List<WithModifier>? With()
    {
        var list = new List<WithModifier>();
        while (IsWord("with"))
        {
            var at = Here;
            Scan();
            if (!IsName)
            {
                Illegal("expected ident");
                return null;
            }
            if (Term() is not { } target) return null;
            if (target is not (VarTerm or RefTerm)) Illegal("expected with target path");
            if (!IsWord("as"))
            {
                Illegal("expected as keyword");
                return null;
            }
            Scan();
            if (Infix() is not { } value) return null;
            list.Add(new WithModifier(at, target, value));
        }
        return list;
    }

    private Expr? Some(Location at, int start)
    {
        var state = Save();
        Scan();
        if (Infix() is CallTerm call)
        {
            switch (call)
            {
                case { Builtin: "internal.member_2" }:
                    return With() is { } with ? new SomeInExpr(at, null, call.Args[0], call.Args[1]) { With = with, Text = TextFrom(start), Start = start } : null;
                case { Builtin: "internal.member_3" }:
                    return With() is { } more ? new SomeInExpr(at, call.Args[0], call.Args[1], call.Args[2]) { With = more, Text = TextFrom(start), Start = start } : null;
                default:
                    Illegal("expected `x in xs` or `x, y in xs` expression");
                    return null;
            }
        }
        Restore(state);
        if (!_isV1File && !_allFutureKeywords)
        {
            Scan();
            var isMembership = WithAllKeywords(Infix) is CallTerm { Builtin: "internal.member_2" or "internal.member_3" };
            Restore(state);
            if (isMembership) Hint("`import future.keywords.in` for `some x in xs` expressions");
        }
        var symbols = new List<VarTerm>();
        do
        {
            Scan();
            if (!IsName)
            {
                Illegal("expected var");
                return null;
            }
            symbols.Add(new VarTerm(Here, Current.Text!) { Start = Current.Start, End = Current.End });
            Scan();
        }
        while (Kind == TokenKind.Comma);
        return new SomeExpr(at, symbols) { Text = TextFrom(start), Start = start };
    }

    private EveryExpr? Every(Location at, int start)
    {
        Scan();
        if (Infix() is not { } term) return null;
        if (term is not CallTerm { Builtin: "internal.member_2" or "internal.member_3" } call)
        {
            Illegal("expected `x[, y] in xs { ... }` expression");
            return null;
        }
        var key = call.Args.Count == 3 ? call.Args[0] : null;
        var value = call.Args[^2];
        if (key is not null && (key is not VarTerm || IsRoot(key)))
        {
            Illegal("expected key to be a variable");
            return null;
        }
        if (value is not VarTerm || IsRoot(value))
        {
            Illegal("expected value to be a variable");
            return null;
        }
        if (Kind != TokenKind.LeftBrace)
        {
            Illegal("missing body");
            return null;
        }
        Scan();
        if (Body(TokenKind.RightBrace) is not { } body) return null;
        Scan();
        return With() is { } with ? new EveryExpr(at, key, value, call.Args[^1], body) { With = with, Text = TextFrom(start), Start = start } : null;
    }
}
