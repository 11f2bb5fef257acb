using Rego.Values;

namespace Rego.Syntax;

internal sealed partial class Parser
{
    // Parsing and compiling a term takes a few frames a level, and the stack must hold.
    private readonly int _maxNesting = DeepStack.IsHere ? 5_100 : 250;
    private readonly int _maxChain = DeepStack.IsHere ? 10_000 : 250;

    // Operators of one statement: a chain is a term as deep as it is long, and chains lie inside one another.
    private int _chained;

    private readonly Dictionary<int, (Term? Term, State After)> _terms = [];
    private int _depth;

    // Then no other way to read the same text is tried, and no other fault told.
    private bool _isTooDeep;

    private void TooDeep()
    {
        _isTooDeep = true;
        Error(Here, "max parsing recursion depth exceeded");
    }

    private bool Enter()
    {
        if (++_depth <= _maxNesting) return true;
        _depth--;
        TooDeep();
        return false;
    }

    /// <summary>A term with operators; "k, v in xs" is one membership test here.</summary>
    private Term? Infix() => Nested(keyValue: true);

    private Term? InfixInList() => Nested(keyValue: false);

    private Term? Nested(bool keyValue)
    {
        if (_depth == 0) _chained = 0;
        return In(keyValue);
    }

    private CallTerm Operation(string builtin, params Term[] operands) =>
        new(operands[0].At, null, builtin, operands) { Start = operands[0].Start, End = Previous.End };

    private Term? In(bool keyValue)
    {
        var left = Binary(1);
        if (left is null) return null;
        while (true)
        {
            if (_chained > _maxChain)
            {
                TooDeep();
                return left;
            }
            if (keyValue && Kind == TokenKind.Comma)
            {
                var state = Save();
                Scan();
                if (Binary(1) is { } middle && IsWord("in"))
                {
                    Scan();
                    if (Binary(1) is { } domain)
                    {
                        _chained++;
                        left = Operation("internal.member_3", left, middle, domain);
                        if (!IsWord("in")) return left;
                        continue;
                    }
                }
                Restore(state);
            }
            KeywordHeadsReference();
            if (!IsWord("in")) return left;
            Scan();
            if (Binary(1) is not { } right) return left;
            _chained++;
            left = Operation("internal.member_2", left, right);
            if (!IsWord("in")) return left;
        }
    }

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

    /// <summary>Operators of one precedence and above. A right side that cannot be read leaves its fault and the left side.</summary>
    private Term? Binary(int lowest)
    {
        var left = lowest == 5 ? Factor() : Binary(lowest + 1);
        while (left is not null && Precedence(Kind) == lowest)
        {
            if (++_chained > _maxChain)
            {
                TooDeep();
                return left;
            }
            var kind = Kind;
            Scan();
            if ((lowest == 5 ? Factor() : Binary(lowest + 1)) is not { } right) return left;
            left = Operation(OperatorName(kind), left, right);
        }
        return left;
    }

    private Term? Factor() => Term();

    /// <summary>A term without operators, and what follows it without a blank: .name, [term] and calls.</summary>
    private Term? Term()
    {
        if (!Enter()) return null;
        var from = _at;
        if (_terms.TryGetValue(from, out var known) && _nameAt != from)
        {
            _depth--;
            Restore(known.After with { Errors = _errors, Hints = _hints });
            return known.Term;
        }
        var isName = _nameAt == from;
        var before = _errors;
        var start = Current.Start;
        var term = Suffixed(Bare(), start);
        if (term is not null)
        {
            term.Start = start;
            term.End = Previous.End;
        }
        if (!isName && before == _errors) _terms[from] = (term, Save());
        _depth--;
        return term;
    }

    private Term? Bare()
    {
        var at = Here;
        switch (Kind)
        {
            case TokenKind.Keyword when !IsName:
                switch (Current.Text)
                {
                    case "null": return new ConstTerm(at, RNull.Instance);
                    case "true": return new ConstTerm(at, RBool.True);
                    case "false": return new ConstTerm(at, RBool.False);
                    // As a keyword it follows a rule's name only.
                    case "contains": return new VarTerm(at, "contains");
                }
                break;
            case TokenKind.Identifier or TokenKind.Keyword: return new VarTerm(at, Current.Text!);
            case TokenKind.Minus or TokenKind.Dot or TokenKind.Number: return Number(at);
            case TokenKind.String:
                if (Current.Text is { } text) return new ConstTerm(at, SharedStrings.Of(text));
                Error(at, $"illegal string literal: {_text[Current.Start..Current.End]}");
                return null;
            case TokenKind.TemplatePart or TokenKind.TemplateEnd: return Template(at);
            case TokenKind.LeftBracket: return Bracketed(at);
            case TokenKind.LeftBrace: return Braced(at);
            case TokenKind.LeftParen:
                Scan();
                if (Infix() is not { } inner) return null;
                if (Kind == TokenKind.RightParen) return inner;
                Error(Here, "non-terminated expression");
                return null;
        }
        Illegal();
        return null;
    }

    private ConstTerm? Number(Location at)
    {
        var prefix = "";
        if (Kind == TokenKind.Minus)
        {
            prefix = "-";
            Scan();
            if (Kind is not (TokenKind.Number or TokenKind.Dot))
            {
                Illegal("expected number");
                return null;
            }
        }
        if (Kind == TokenKind.Dot)
        {
            prefix += ".";
            Scan();
            if (Kind != TokenKind.Number)
            {
                Illegal("expected number");
                return null;
            }
        }
        var text = Current.Text!;
        if (!prefix.EndsWith('.') && text is ['0', not ('.' or 'e' or 'E'), ..])
        {
            Illegal("expected number without leading zero");
            return null;
        }
        if (prefix.EndsWith('.'))
        {
            if (text.Contains('.', StringComparison.Ordinal))
            {
                Illegal("invalid float");
                return null;
            }
            text = prefix[..^1] + "0." + text;
        }
        else
        {
            text = prefix + text;
        }
        if (IsTooBig(text))
        {
            Error(Here, "number too big");
            return null;
        }
        return new ConstTerm(at, RNumber.FromText(text));
    }

    /// <summary>More than 100,000 binary digits before or behind the point.</summary>
    private static bool IsTooBig(string text)
    {
        var e = text.AsSpan().IndexOfAny('e', 'E');
        if (e < 0 && text.Length < 30_000) return false;
        var mantissa = e < 0 ? text : text[..e];
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal).TrimStart('-', '0');
        if (digits.Length == 0) return false;
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var whole = (point < 0 ? mantissa : mantissa[..point]).TrimStart('-').TrimStart('0');
        var places = whole.Length > 0 ? whole.Length : digits.Length - (mantissa.Length - point - 1);
        if (e >= 0)
        {
            if (!int.TryParse(text.AsSpan(e + 1), System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out var exponent)) return true;
            if (Math.Abs((long)exponent) > 1_000_000) return true;
            places += exponent;
        }
        return Math.Abs(places) * 3.321928 > 100_000;
    }

    private Term? Suffixed(Term? head, int start)
    {
        if (head is null) return null;
        var end = Current.End;
        ScanBlank();
        (head.Start, head.End) = (start, end);
        if (Kind is TokenKind.LeftParen or TokenKind.Dot or TokenKind.LeftBracket) return Reference(head, start);
        if (Kind == TokenKind.Whitespace) Scan();
        return head;
    }

    private Term? Reference(Term head, int start)
    {
        var at = head.At;
        if (head is ConstTerm or RefTerm or TemplateTerm || (IsRoot(head) && _text[start] == '(')) Error(at, $"illegal ref (head cannot be {KindOf(head)})");
        List<Term>? args = null;
        while (true)
        {
            switch (Kind)
            {
                case TokenKind.Dot:
                    ScanBlank();
                    if (!IsName && !IsActiveKeyword)
                    {
                        Illegal("expected identifier");
                        return null;
                    }
                    (args ??= []).Add(new ConstTerm(Here, SharedStrings.Of(Current.Text!)) { Start = Current.Start, End = Current.End });
                    ScanBlank();
                    break;
                case TokenKind.LeftParen:
                    {
                        var op = Part();
                        if (Call(op, at) is not { } call) return null;
                        (call.Start, call.End) = (start, Previous.End);
                        if (Kind == TokenKind.Whitespace) Scan();
                        else if (Kind is TokenKind.Dot or TokenKind.LeftBracket) return Reference(call, start);
                        return call;
                    }
                case TokenKind.LeftBracket:
                    Scan();
                    if (Infix() is not { } arg) return null;
                    if (Kind != TokenKind.RightBracket)
                    {
                        Illegal("expected [");
                        return null;
                    }
                    (args ??= []).Add(arg);
                    ScanBlank();
                    break;
                case TokenKind.Whitespace:
                    {
                        var whole = Part();
                        Scan();
                        return whole;
                    }
                default: return Part();
            }
        }

        Term Part() => args is null ? head : new RefTerm(at, head, args) { Start = start, End = Previous.End };
    }

    private Term? Call(Term op, Location at)
    {
        Scan();
        if (Kind == TokenKind.RightParen)
        {
            ScanBlank();
            return op is VarTerm { Name: "set" } ? new SetTerm(at, []) : new CallTerm(at, op, null, []);
        }
        if (List(TokenKind.RightParen, []) is not { } args) return null;
        ScanBlank();
        return new CallTerm(at, op, null, args);
    }

    private List<Term>? List(TokenKind end, List<Term> list)
    {
        while (Kind != end)
        {
            if (InfixInList() is not { } term) return null;
            list.Add(term);
            if (Kind == end) return list;
            if (Kind != TokenKind.Comma)
            {
                Illegal($"expected \",\" or \"{Spelled(end)}\"");
                return null;
            }
            Scan();
        }
        return list;
    }

    private Term? Bracketed(Location at)
    {
        Scan();
        if (Kind == TokenKind.RightBracket) return new ArrayTerm(at, []);
        var canComprehend = Kind != TokenKind.Comma;
        if (!canComprehend) Scan();
        var state = Save();
        // A single term first: {1 | 1} and [x | …] are comprehensions.
        if (Term() is not { } first) return null;
        switch (Kind)
        {
            case TokenKind.RightBracket: return new ArrayTerm(at, [first]);
            case TokenKind.Comma:
                Scan();
                return List(TokenKind.RightBracket, [first]) is { } items ? new ArrayTerm(at, items) : null;
            case TokenKind.Or when canComprehend:
                Scan();
                if (Body(TokenKind.RightBracket) is { } body) return new ComprehensionTerm(at, ComprehensionKind.Array, null, first, body);
                if (Kind != TokenKind.Comma) return null;
                break;
        }
        Restore(state);
        return List(TokenKind.RightBracket, []) is { } all ? new ArrayTerm(at, all) : null;
    }

    private Term? Braced(Location at)
    {
        Scan();
        if (Kind == TokenKind.RightBrace) return new ObjectTerm(at, []);
        var canComprehend = Kind != TokenKind.Comma;
        if (!canComprehend) Scan();
        var state = Save();
        if (Term() is not { } first) return null;
        switch (Kind)
        {
            case TokenKind.Or when canComprehend: return Set(at, state, first, canComprehend: true);
            case TokenKind.RightBrace or TokenKind.Comma: return Set(at, state, first, canComprehend);
            case TokenKind.Colon: return Object(at, first, canComprehend);
        }
        Restore(state);
        if (InfixInList() is not { } term) return null;
        switch (Kind)
        {
            case TokenKind.RightBrace or TokenKind.Comma: return Set(at, state, term, canComprehend: false);
            case TokenKind.Colon: return Object(at, term, canComprehend);
        }
        Illegal("non-terminated set");
        return null;
    }

    private Term? Set(Location at, State state, Term first, bool canComprehend)
    {
        switch (Kind)
        {
            case TokenKind.RightBrace: return new SetTerm(at, [first]);
            case TokenKind.Comma:
                Scan();
                return List(TokenKind.RightBrace, [first]) is { } items ? new SetTerm(at, items) : null;
        }
        if (canComprehend)
        {
            Scan();
            if (Body(TokenKind.RightBrace) is { } body) return new ComprehensionTerm(at, ComprehensionKind.Set, null, first, body);
            if (Kind != TokenKind.Comma) return null;
        }
        Restore(state);
        return List(TokenKind.RightBrace, []) is { } all ? new SetTerm(at, all) : null;
    }

    private Term? Object(Location at, Term key, bool canComprehend)
    {
        Scan();
        var state = Save();
        if (Term() is not { } value) return null;
        var mayBeOperation = true;
        if (canComprehend && Kind is TokenKind.RightBrace or TokenKind.Comma or TokenKind.Or)
        {
            mayBeOperation = Kind == TokenKind.Or;
            if (Members(at, key, value, canComprehend: true) is { } term) return term;
        }
        Restore(state);
        if (mayBeOperation)
        {
            if (InfixInList() is not { } whole) return null;
            if (Kind is TokenKind.RightBrace or TokenKind.Comma) return Members(at, key, whole, canComprehend: false);
        }
        Illegal("non-terminated object");
        return null;
    }

    private Term? Members(Location at, Term key, Term value, bool canComprehend)
    {
        switch (Kind)
        {
            case TokenKind.RightBrace: return new ObjectTerm(at, [(key, value)]);
            case TokenKind.Or when canComprehend:
                Scan();
                return Body(TokenKind.RightBrace) is { } body ? new ComprehensionTerm(at, ComprehensionKind.Object, key, value, body) : null;
            case TokenKind.Comma:
                Scan();
                return Pairs([(key, value)]) is { } entries ? new ObjectTerm(at, entries) : null;
            default: return null;
        }
    }

    private List<(Term, Term)>? Pairs(List<(Term, Term)> entries)
    {
        while (Kind != TokenKind.RightBrace)
        {
            if (InfixInList() is not { } key) return null;
            if (Kind != TokenKind.Colon)
            {
                Illegal("expected \":\"");
                return null;
            }
            Scan();
            if (InfixInList() is not { } value) return null;
            entries.Add((key, value));
            if (Kind == TokenKind.RightBrace) return entries;
            if (Kind != TokenKind.Comma)
            {
                Illegal("expected \",\" or \"}\"");
                return null;
            }
            Scan();
        }
        return entries;
    }

    private TemplateTerm? Template(Location at)
    {
        var parts = new List<(string?, Expr?)>();
        var isRaw = Current.IsRaw;
        while (true)
        {
            if (Current.Text is not { } text)
            {
                Error(Here, $"illegal template-string part: {_text[Current.Start..Current.End]}");
                return null;
            }
            if (text.Length > 0) parts.Add((text, null));
            if (Kind == TokenKind.TemplateEnd) return new TemplateTerm(at, parts);
            if (Kind != TokenKind.TemplatePart) return null;
            Scan();
            var start = Here;
            if (Inner(Literal) is not { } expr)
            {
                Error(Here, "invalid template-string expression");
                return null;
            }
            var fault = expr.Negated ? "unexpected negation ('not') in template-string expression"
                : expr is TermExpr { Term: CallTerm { Builtin: "eq" } } ? "unexpected unification ('=') in template-string expression"
                : expr is TermExpr { Term: CallTerm { Builtin: "assign" } } ? "unexpected assignment (':=') in template-string expression"
                : expr is EveryExpr ? "unexpected 'every' in template-string expression"
                : expr is SomeExpr or SomeInExpr ? "unexpected 'some' in template-string expression"
                : null;
            if (fault is not null)
            {
                Error(start, fault);
                return null;
            }
            parts.Add((null, expr));
            if (Kind != TokenKind.RightBrace)
            {
                Error(Here, "expected } to end template string expression");
                return null;
            }
            ScanTemplate(isRaw);
        }
    }
}
