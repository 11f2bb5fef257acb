namespace Rego.Syntax;

/// <summary>Everything inside a rule, in source order.</summary>
internal static class SyntaxWalk
{
    /// <summary>The statements of a rule (not of its else branches), those inside comprehensions and every-bodies too.</summary>
    public static IEnumerable<Expr> Statements(RuleSyntax rule)
    {
        var terms = rule.Ref.Skip(1).Concat(rule.Args ?? []).Append(rule.Value);
        if (rule.Key is not null) terms = terms.Append(rule.Key);
        return terms.SelectMany(Within).Concat((rule.Body ?? []).SelectMany(Statements));
    }

    private static IEnumerable<Expr> Statements(Expr expr) => TermsOf(expr).SelectMany(Within).Concat(expr is EveryExpr every ? every.Body.SelectMany(Statements) : []).Prepend(expr);

    private static IEnumerable<Expr> Within(Term term)
    {
        var inner = Below(term).SelectMany(Within);
        return term is ComprehensionTerm c ? inner.Concat(c.Body.SelectMany(Statements)) : inner;
    }

    /// <summary>The terms of one statement, without the body of an every.</summary>
    public static IEnumerable<Term> TermsOf(Expr expr)
    {
        var terms = expr switch
        {
            TermExpr t => [t.Term],
            SomeExpr s => s.Symbols,
            SomeInExpr s => s.Key is null ? [s.Value, s.Domain] : [s.Key, s.Value, s.Domain],
            EveryExpr e => e.Key is null ? [e.Value, e.Domain] : new[] { e.Key, e.Value, e.Domain },
            _ => Enumerable.Empty<Term>(),
        };
        return terms.Concat(expr.With.SelectMany(w => new[] { w.Target, w.Value }));
    }

    /// <summary>The terms a term is made of; the body of a comprehension is not among them.</summary>
    public static IEnumerable<Term> Below(Term term) => term switch
    {
        RefTerm r => r.Args.Prepend(r.Head),
        ArrayTerm a => a.Items,
        SetTerm s => s.Items,
        ObjectTerm o => o.Entries.SelectMany(e => new[] { e.Key, e.Value }),
        CallTerm c => c.Operator is null ? c.Args : c.Args.Prepend(c.Operator),
        ComprehensionTerm c => c.Key is null ? [c.Value] : [c.Key, c.Value],
        TemplateTerm t => t.Parts.Where(p => p.Expr is not null).SelectMany(p => TermsOf(p.Expr!)),
        _ => [],
    };
}
