using Rego.Syntax;

namespace Rego.Compile;

/// <summary>
/// Takes nested calls, references and comprehensions out of terms and gives each a statement of its own, as OPA's
/// RewriteExprTerms, RewriteComprehensionTerms, RewriteWithValues, RewriteEquals and RewriteDynamicTerms do, in that order.
/// What an undefined operand does under "not" follows from it: operands of calls are evaluated in front of the negation.
/// </summary>
internal sealed class Flattener(CompileContext context)
{
    public List<Expr> Body(IEnumerable<Expr> body)
    {
        var expanded = new List<Expr>();
        foreach (var expr in body) Expand(expr, expanded);
        var result = new List<Expr>();
        foreach (var expr in expanded) Settle(expr, result);
        return result;
    }

    /// <summary>A head term that needs evaluation becomes a variable bound at the end of the body.</summary>
    public Term Head(Term term, List<Expr> body)
    {
        if (!NeedsEvaluation(term)) return term;
        var variable = context.Fresh(term.At);
        body.AddRange(Body([Equation(variable, term, [])]));
        return variable;
    }

    private static bool NeedsEvaluation(Term term) => term switch
    {
        RefTerm or CallTerm or ComprehensionTerm => true,
        VarTerm v => Vars.IsRoot(v.Name),
        ArrayTerm a => a.Items.Any(NeedsEvaluation),
        SetTerm s => s.Items.Any(NeedsEvaluation),
        ObjectTerm o => o.Entries.Any(e => NeedsEvaluation(e.Key) || NeedsEvaluation(e.Value)),
        _ => false,
    };

    private static TermExpr Equation(Term left, Term right, IReadOnlyList<WithModifier> with) =>
        new(right.At, new CallTerm(right.At, null, "eq", [left, right])) { With = with };

    private void Expand(Expr expr, List<Expr> into)
    {
        var with = expr.With;
        if (with.Count > 0)
        {
            var list = new List<WithModifier>();
            foreach (var w in with)
            {
                var support = new List<Expr>();
                var value = w.Value;
                if (value is not VarTerm v || Vars.IsRoot(v.Name))
                {
                    value = ExpandTerm(value, support, []);
                    // A function named as the replacement of a function stays a name.
                    if (NeedsEvaluation(value) && !IsFunctionTarget(w))
                    {
                        var variable = context.Fresh(w.At);
                        support.Add(Equation(variable, value, []));
                        value = variable;
                    }
                }
                into.AddRange(support);
                list.Add(w with { Value = value });
            }
            with = list;
        }
        switch (expr)
        {
            case EveryExpr every:
                {
                    var variable = context.Fresh(every.Domain.At);
                    var domain = ExpandTerm(every.Domain, into, with);
                    into.Add(Equation(variable, domain, with));
                    into.Add(new EveryExpr(every.At, every.Key, every.Value, variable, Body(every.Body)) { With = with, Text = every.Text });
                    break;
                }
            case TermExpr { Term: CallTerm call } t:
                {
                    var args = new List<Term>(call.Args.Count);
                    foreach (var arg in call.Args) args.Add(ExpandTerm(arg, into, with));
                    into.Add(new TermExpr(t.At, new CallTerm(call.At, call.Operator, call.Builtin, args)) { Negated = t.Negated, With = with, Text = t.Text });
                    break;
                }
            case TermExpr t:
                into.Add(new TermExpr(t.At, ExpandTerm(t.Term, into, with)) { Negated = t.Negated, With = with, Text = t.Text });
                break;
        }
    }

    private bool IsFunctionTarget(WithModifier with) => IsFunction(with.Value) && (with.Target is BuiltinTerm || IsFunction(with.Target));

    /// <summary>Set by the compiler once the rule tree stands: is this reference a function?</summary>
    public Func<Term, bool> IsFunction { get; init; } = static _ => false;

    private Term ExpandTerm(Term term, List<Expr> support, IReadOnlyList<WithModifier> with)
    {
        switch (term)
        {
            case CallTerm c:
                {
                    var args = new List<Term>(c.Args.Count + 1);
                    foreach (var arg in c.Args) args.Add(ExpandTerm(arg, support, with));
                    var output = context.Fresh(c.At);
                    args.Add(output);
                    support.Add(new TermExpr(c.At, new CallTerm(c.At, c.Operator, c.Builtin, args)) { With = with });
                    return output;
                }
            case RefTerm r:
                {
                    var head = ExpandTerm(r.Head, support, with);
                    var args = new List<Term>(r.Args.Count);
                    foreach (var arg in r.Args) args.Add(ExpandTerm(arg, support, with));
                    if (head is not VarTerm)
                    {
                        var variable = context.Fresh(head.At);
                        support.Add(Equation(variable, head, with));
                        head = variable;
                    }
                    return new RefTerm(r.At, head, args);
                }
            case ArrayTerm a:
                return new ArrayTerm(a.At, [.. a.Items.Select(i => ExpandTerm(i, support, with))]);
            case SetTerm s:
                return new SetTerm(s.At, [.. s.Items.Select(i => ExpandTerm(i, support, with))]);
            case ObjectTerm o:
                return new ObjectTerm(o.At, [.. o.Entries.Select(e => (ExpandTerm(e.Key, support, with), ExpandTerm(e.Value, support, with)))]);
            case ComprehensionTerm c:
                {
                    // Head terms are evaluated at the end of the comprehension's own body.
                    var body = new List<Expr>(c.Body);
                    Term Lift(Term t)
                    {
                        if (!NeedsEvaluation(t)) return t;
                        var variable = context.Fresh(t.At);
                        body.Add(Equation(variable, t, []));
                        return variable;
                    }

                    var key = c.Key is null ? null : Lift(c.Key);
                    var value = Lift(c.Value);
                    return new ComprehensionTerm(c.At, c.Kind, key, value, Body(body));
                }
            default: return term;
        }
    }

    private void Settle(Expr expr, List<Expr> into)
    {
        if (expr is not TermExpr t)
        {
            into.Add(expr);
            return;
        }
        switch (t.Term)
        {
            // Both sides stay where they are, also under "not"; only "=" binds, which is what safety looks at.
            case CallTerm { Builtin: "eq" or "equal", Args.Count: 2 } eq:
                {
                    var left = SettleTop(eq.Args[0], expr, into);
                    var right = SettleTop(eq.Args[1], expr, into);
                    into.Add(With(t, new CallTerm(eq.At, null, eq.Builtin, [left, right])));
                    break;
                }
            case CallTerm call:
                {
                    var args = new List<Term>(call.Args.Count);
                    foreach (var arg in call.Args) args.Add(SettleOne(arg, expr, into));
                    into.Add(With(t, new CallTerm(call.At, call.Operator, call.Builtin, args)));
                    break;
                }
            default:
                into.Add(With(t, SettleTop(t.Term, expr, into)));
                break;
        }
    }

    private static TermExpr With(TermExpr original, Term term) =>
        new(original.At, term) { Negated = original.Negated, With = original.With, Text = original.Text };

    private Term SettleTop(Term term, Expr original, List<Expr> into) => term switch
    {
        RefTerm r => new RefTerm(r.At, r.Head, [.. r.Args.Select(a => SettleOne(a, original, into))]),
        ComprehensionTerm => term,
        VarTerm => term,
        _ => SettleOne(term, original, into),
    };

    private Term SettleOne(Term term, Expr original, List<Expr> into)
    {
        switch (term)
        {
            case VarTerm v when Vars.IsRoot(v.Name):
            case ComprehensionTerm:
                {
                    var variable = context.Fresh(term.At);
                    into.Add(Equation(variable, term, original.With));
                    return variable;
                }
            case RefTerm r:
                {
                    var args = new List<Term>(r.Args.Count);
                    foreach (var arg in r.Args) args.Add(SettleOne(arg, original, into));
                    var variable = context.Fresh(term.At);
                    into.Add(Equation(variable, new RefTerm(r.At, r.Head, args), original.With));
                    return variable;
                }
            case ArrayTerm a: return new ArrayTerm(a.At, [.. a.Items.Select(i => SettleOne(i, original, into))]);
            case SetTerm s: return new SetTerm(s.At, [.. s.Items.Select(i => SettleOne(i, original, into))]);
            case ObjectTerm o:
                return new ObjectTerm(o.At, [.. o.Entries.Select(e => (SettleOne(e.Key, original, into), SettleOne(e.Value, original, into)))]);
            default: return term;
        }
    }
}
