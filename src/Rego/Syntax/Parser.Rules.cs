using Rego.Values;

namespace Rego.Syntax;

internal sealed partial class Parser
{
    /// <summary>A rule while it is being read: what was written, beside what it means.</summary>
    private sealed class Parsed
    {
        public required Location At { get; set; }

        public required List<Term> Ref { get; set; }

        public List<Term>? Args { get; set; }

        /// <summary>The element of a set rule, and for old times' sake the last step of p[x].</summary>
        public Term? Key { get; set; }

        public Term? Value { get; set; }

        public List<Expr>? Body { get; set; }

        public Parsed? Else { get; set; }

        public bool IsDefault { get; init; }

        public bool IsAssigned { get; set; }

        /// <summary>Nobody wrote the value, or the body.</summary>
        public bool HasGeneratedValue { get; set; }

        public bool HasGeneratedBody { get; set; }

        public bool SaysContains { get; set; }

        public bool SaysIf { get; set; }

        public int Start { get; init; }

        public int HeadEnd { get; set; }

        public int EndRow { get; set; }

        public int CloseRow { get; set; }

        public bool IsMultiValue => Value is null && Key is not null;

        public RuleSyntax ToSyntax()
        {
            // A loop, not recursion: a chain may be as long as it likes.
            var chain = new List<Parsed>();
            for (var rule = this; rule is not null; rule = rule.Else) chain.Add(rule);
            RuleSyntax? next = null;
            for (var i = chain.Count - 1; i >= 0; i--)
            {
                var one = chain[i];
                next = new RuleSyntax(one.At, one.Ref)
                {
                    IsDefault = one.IsDefault,
                    Args = one.Args,
                    Key = one.IsMultiValue ? one.Key : null,
                    Value = one.Value ?? new ConstTerm(one.At, RBool.True),
                    Body = one.Body,
                    Else = next,
                    EndRow = i == 0 ? chain[^1].EndRow : one.EndRow,
                    Start = one.Start,
                    HeadEnd = one.HeadEnd,
                    IsAssigned = one.IsAssigned,
                    CloseRow = one.CloseRow,
                };
            }
            return next!;
        }
    }

    private List<Parsed>? Rules()
    {
        var rule = new Parsed { At = Here, Ref = [], Start = Current.Start };
        KeywordHeadsReference();
        var isDefault = IsWord("default");
        if (isDefault)
        {
            rule = new Parsed { At = Here, Ref = [], Start = Current.Start, IsDefault = true };
            Scan();
            KeywordHeadsReference();
        }
        if (!IsName || !Head(rule)) return null;
        if (isDefault)
        {
            rule.EndRow = Previous.EndRow;
            return IsDefaultValue(rule) && AreDefaultArguments(rule) ? [rule] : null;
        }
        var hasIf = IsWord("if");
        if (rule.Ref.Count == 2 && rule.Args is null && !rule.SaysContains)
        {
            var last = rule.Ref[1];
            if (hasIf)
            {
                if (last is not ConstTerm && (!IsGround(last) || last is RefTerm || IsRoot(last))) rule.Key = last;
                if (rule.Value is null)
                {
                    rule.HasGeneratedValue = true;
                    rule.Value = True(rule.At);
                }
            }
            else
            {
                rule.Key = last;
                if (rule.Value is null) rule.Ref = [rule.Ref[0]];
            }
        }
        else if (rule.Ref.Count == 2 && hasIf && rule.Value is null && !rule.SaysContains)
        {
            rule.HasGeneratedValue = true;
            rule.Value = True(rule.At);
        }
        if (hasIf)
        {
            rule.SaysIf = true;
            Scan();
            if (!IfBody(rule)) return null;
        }
        else if (Kind == TokenKind.LeftBrace)
        {
            Scan();
            if (!Braced(rule)) return null;
        }
        else if (rule.SaysContains)
        {
            rule.HasGeneratedBody = true;
            rule.EndRow = Previous.EndRow;
            return [rule];
        }
        else
        {
            return null;
        }
        if (IsWord("else") && !KeywordHeadsReference())
        {
            if (rule.Ref.Count > 1 && rule.Ref.Skip(1).Any(t => !IsGround(t)))
            {
                Error(Here, "else keyword cannot be used on rules with variables in head");
                return null;
            }
            if (rule.Key is not null)
            {
                Error(Here, "else keyword cannot be used on multi-value rules");
                return null;
            }
            if (!Elses(rule)) return null;
        }
        rule.EndRow = Previous.EndRow;
        return Chained(rule);
    }

    /// <summary>More bodies in braces are more rules with the same head.</summary>
    private List<Parsed>? Chained(Parsed rule)
    {
        var rules = new List<Parsed> { rule };
        while (Kind == TokenKind.LeftBrace)
        {
            if (rule.Else is not null)
            {
                Error(Here, "expected else keyword");
                return null;
            }
            var start = Current.Start;
            var next = new Parsed
            {
                At = Here,
                Ref = rule.Ref,
                Args = rule.Args,
                Key = rule.Key,
                Value = rule.Value,
                IsAssigned = rule.IsAssigned,
                HasGeneratedValue = rule.HasGeneratedValue,
                SaysContains = rule.SaysContains,
                SaysIf = rule.SaysIf,
                Start = start,
                HeadEnd = start,
            };
            Scan();
            if (!Braced(next)) return null;
            next.EndRow = Previous.EndRow;
            rules.Add(next);
        }
        return rules;
    }

    private bool Braced(Parsed rule)
    {
        if (Body(TokenKind.RightBrace) is not { } body) return false;
        Scan();
        rule.Body = body;
        rule.CloseRow = Previous.EndRow;
        return true;
    }

    /// <summary>One expression, or a body in braces. A set is never false, so that is what braces around one expression are not.</summary>
    private bool IfBody(Parsed rule)
    {
        var state = Save();
        if (Literal() is { } expr && !(expr is TermExpr { Term: SetTerm }))
        {
            rule.Body = [expr];
            return true;
        }
        if (_isTooDeep) return false;
        Restore(state);
        Scan();
        return Braced(rule);
    }

    private bool Elses(Parsed head)
    {
        var last = head;
        while (IsWord("else"))
        {
            var rule = new Parsed { At = Here, Ref = head.Ref, Args = head.Args, Value = head.Value, Start = Current.Start };
            Scan();
            if (Kind == TokenKind.LeftBrace || IsWord("if"))
            {
                rule.HasGeneratedValue = true;
                rule.Value = True(rule.At);
            }
            else if (Kind is TokenKind.Assign or TokenKind.Unify)
            {
                rule.IsAssigned = Kind == TokenKind.Assign;
                Scan();
                rule.Value = Infix();
                if (rule.Value is null) return false;
            }
            else
            {
                Illegal("expected else value term or rule body");
                return false;
            }
            rule.HeadEnd = Previous.End;
            rule.SaysIf = IsWord("if");
            if (!rule.SaysIf && Kind != TokenKind.LeftBrace)
            {
                rule.HasGeneratedBody = true;
                rule.EndRow = Previous.EndRow;
                last.Else = rule;
                return true;
            }
            if (rule.SaysIf) Scan();
            if (Kind == TokenKind.LeftBrace)
            {
                Scan();
                if (!Braced(rule)) return false;
            }
            else if (Kind != TokenKind.End)
            {
                if (Literal() is not { } expr) return false;
                rule.Body = [expr];
            }
            else
            {
                Illegal("rule body expected");
                return false;
            }
            rule.EndRow = Previous.EndRow;
            last.Else = rule;
            last = rule;
        }
        return true;
    }

    private bool Head(Parsed rule)
    {
        var at = Here;
        var start = Current.Start;
        Term name = new VarTerm(at, Current.Text!) { Start = start, End = Current.End };
        ScanBlank();
        if (Kind is TokenKind.Plus or TokenKind.Minus or TokenKind.Times or TokenKind.Divide or TokenKind.Remainder or TokenKind.And or TokenKind.Or or
            TokenKind.Equal or TokenKind.NotEqual or TokenKind.Greater or TokenKind.GreaterOrEqual or TokenKind.Less or TokenKind.LessOrEqual) Illegal();
        else if (Kind == TokenKind.Whitespace) Scan();
        var whole = Kind is TokenKind.LeftParen or TokenKind.Dot or TokenKind.LeftBracket ? Reference(name, start) : name;
        switch (whole)
        {
            case null:
                Illegal("expected rule head name");
                return false;
            case VarTerm v:
                rule.Ref = [v];
                break;
            case RefTerm { Head: VarTerm head } r:
                rule.Ref = [head, .. r.Args];
                break;
            case CallTerm { Operator: VarTerm op } call:
                rule.Ref = [op];
                rule.Args = [.. call.Args];
                break;
            case CallTerm { Operator: RefTerm { Head: VarTerm head } op } call:
                rule.Ref = [head, .. op.Args];
                rule.Args = [.. call.Args];
                break;
            case CallTerm { Operator: { } op }:
                Illegal($"rule head ref {Compile.TermText.Of(op)} invalid");
                return false;
            default: return false;
        }
        var shown = Compile.TermText.Of(rule.Ref.Count == 1 ? rule.Ref[0] : new RefTerm(at, rule.Ref[0], rule.Ref[1..]));
        if (IsWord("contains"))
        {
            if (rule.Args is not null) Illegal($"the contains keyword can only be used with multi-value rule definitions (e.g., {shown} contains <VALUE> {{ ... }})");
            Scan();
            rule.Key = Infix();
            if (rule.Key is null) Illegal($"expected rule key term (e.g., {shown} contains <VALUE> {{ ... }})");
            rule.SaysContains = true;
            rule.HeadEnd = Previous.End;
            return true;
        }
        if (Kind == TokenKind.Unify)
        {
            Scan();
            rule.Value = Infix();
            if (rule.Value is null) Illegal($"expected rule value term (e.g., {shown}[%!s(*ast.Term=<nil>)] = <VALUE> {{ ... }})".Replace("[%!s(*ast.Term=<nil>)]", "", StringComparison.Ordinal));
        }
        else if (Kind == TokenKind.Assign)
        {
            Scan();
            rule.IsAssigned = true;
            rule.Value = Infix();
            if (rule.Value is null)
            {
                Illegal(rule.Args is { Count: > 0 } ? $"expected function value term (e.g., {shown}(...) := <VALUE> {{ ... }})"
                    : rule.IsDefault ? $"expected default rule value term (e.g., default {shown} := <VALUE>)"
                    : $"expected rule value term (e.g., {shown} := <VALUE> {{ ... }})");
            }
        }
        rule.HeadEnd = Previous.End;
        if (rule.Value is null && (rule.Ref.Count != 2 || rule.Args is { Count: > 0 }))
        {
            rule.HasGeneratedValue = true;
            if (!rule.IsDefault) rule.Value = True(at);
        }
        return true;
    }

    private static ConstTerm True(Location at) => new(at, RBool.True);

    private bool IsDefaultValue(Parsed rule)
    {
        if (rule.Value is null)
        {
            Error(rule.At, rule.HasGeneratedValue ? "illegal default rule (must have a value)" : "illegal default rule (must have a value)");
            return false;
        }
        var before = _errors;
        Check(rule.Value);
        return before == _errors;

        void Check(Term term)
        {
            switch (term)
            {
                case ComprehensionTerm: return;
                case VarTerm v:
                    Error(rule.At, $"illegal default rule (value cannot contain {(IsRoot(v) ? "ref" : "var")})");
                    return;
                case RefTerm or CallTerm:
                    Error(rule.At, $"illegal default rule (value cannot contain {(term is RefTerm ? "ref" : "call")})");
                    return;
                default:
                    foreach (var inner in SyntaxWalk.Below(term)) Check(inner);
                    return;
            }
        }
    }

    private bool AreDefaultArguments(Parsed rule)
    {
        var before = _errors;
        var seen = new HashSet<string>();
        foreach (var arg in rule.Args ?? [])
        {
            if (arg is not VarTerm v || IsRoot(arg)) Error(rule.At, $"illegal default rule (arguments cannot contain {KindOf(arg)})");
            else if (v.Name != "_" && !seen.Add(v.Name)) Error(rule.At, $"illegal default rule (arguments cannot be repeated {v.Name})");
        }
        return before == _errors;
    }

    private static bool IsGround(Term term) => term switch
    {
        VarTerm v => v.Name is "data" or "input",
        ComprehensionTerm => true,
        RefTerm r => r.Args.All(IsGround),
        TemplateTerm => true,
        _ => SyntaxWalk.Below(term).All(IsGround),
    };

    /// <summary>What an expression that stands alone means as a rule: p := 1, p[1], f(x).</summary>
    private Parsed? FromBody(List<Expr> body)
    {
        var expr = body[0];
        var fault = body.Count != 1 ? "multiple expressions cannot be used for rule head"
            : expr.With.Count > 0 ? "expressions using with keyword cannot be used for rule head"
            : expr.Negated ? "negated expressions cannot be used for rule head"
            : expr is SomeExpr or SomeInExpr ? "'some' declarations cannot be used for rule head"
            : expr is not TermExpr ? "expression cannot be used for rule head"
            : null;
        if (fault is null)
        {
            var rule = new Parsed { At = expr.At, Ref = [], Start = expr.Start, HasGeneratedBody = true, HeadEnd = expr.Start + expr.Text.Length };
            fault = ((TermExpr)expr).Term switch
            {
                CallTerm { Builtin: "eq" or "assign" } call => FromEquation(rule, call),
                CallTerm call => FromCall(rule, call),
                var term => FromTerm(rule, term),
            };
            if (fault is null)
            {
                // The last line the expression touches.
                rule.EndRow = expr.At.Row + expr.Text.AsSpan().Count('\n');
                return rule;
            }
        }
        Error(expr.At, fault);
        return null;
    }

    private string? FromTerm(Parsed rule, Term term)
    {
        if (term is not RefTerm r) return IsRoot(term) ? "refs cannot be used for rule head" : $"{KindOf(term)} cannot be used for rule name";
        if (r.Head is not VarTerm) return $"invalid rule head: {Compile.TermText.Of(r)}";
        if (r.Args.Count == 1)
        {
            rule.Ref = [r.Head];
            rule.Key = r.Args[0];
            return null;
        }
        rule.Ref = [r.Head, .. r.Args];
        rule.Value = True(rule.At);
        rule.HasGeneratedValue = true;
        return null;
    }

    private static string? FromEquation(Parsed rule, CallTerm equation)
    {
        var left = equation.Args[0];
        rule.Value = equation.Args[1];
        rule.IsAssigned = equation.Builtin == "assign";
        rule.HeadEnd = equation.Args[1].End;
        switch (left)
        {
            case VarTerm:
                rule.Ref = [left];
                return null;
            case CallTerm { Operator: VarTerm op } call:
                rule.Ref = [op];
                rule.Args = [.. call.Args];
                return null;
            case CallTerm { Operator: RefTerm { Head: VarTerm } op } call:
                rule.Ref = [op.Head, .. op.Args];
                rule.Args = [.. call.Args];
                return null;
            case RefTerm { Head: VarTerm } r:
                rule.Ref = [r.Head, .. r.Args];
                return null;
            case RefTerm r: return $"invalid rule head: {Compile.TermText.Of(r)}";
            default: return $"{KindOf(left)} cannot be used for rule name";
        }
    }

    private static string? FromCall(Parsed rule, CallTerm call)
    {
        if (call.Operator is null || Compile.Resolver.DottedName(call.Operator) is { } name && Builtins.BuiltinTable.IsStandard(name)) return "rule name conflicts with built-in function";
        if (call.Args.Count == 0) return "rule argument list must take at least one argument";
        if (call.Operator is not VarTerm && call.Operator is not RefTerm { Head: VarTerm }) return $"invalid rule head: {Compile.TermText.Of(call.Operator)}";
        rule.Ref = call.Operator is RefTerm r ? [r.Head, .. r.Args] : [call.Operator];
        rule.Args = [.. call.Args];
        rule.Value = True(rule.At);
        return null;
    }

    private void CheckV1(Parsed rule)
    {
        var what = rule.Args is { Count: > 0 } ? "function" : "rule";
        if (rule.Ref.Count < 2 && Lexer.IsAnyKeyword(((VarTerm)rule.Ref[0]).Name)) Error(rule.At, $"{((VarTerm)rule.Ref[0]).Name} keyword cannot be used for rule name");
        if (rule.HasGeneratedBody && rule.HasGeneratedValue) Error(rule.At, $"{what} must have value assignment and/or body declaration");
        if (!rule.HasGeneratedBody && !rule.SaysIf && !rule.IsDefault) Error(rule.At, $"`if` keyword is required before {what} body");
        if (rule.IsMultiValue && !rule.SaysContains) Error(rule.At, "`contains` keyword is required for partial set rules");
    }
}
