using Rego.Syntax;

namespace Rego.Compile;

/// <summary>
/// The expressions in template strings and the arguments of print: they may be undefined, but their variables must be known. In a template
/// string everything the body binds is known, in print what stands in front of it.
/// </summary>
internal sealed class Captures(CompileContext context, Safety safety)
{
    public void Check(RuleDefinition rule)
    {
        var arguments = rule.Parameters?.Select(p => p.Name).ToHashSet() ?? [];
        var known = Body(rule.Body, arguments, arguments);
        foreach (var term in rule.Dynamic.Append(rule.Value).Append(rule.Element ?? rule.Value)) Term(term, known, arguments, known);
    }

    public void Check(IReadOnlyList<Expr> query) => Body(query, [], []);

    /// <summary>Gives the variables the body binds.</summary>
    private HashSet<string> Body(IReadOnlyList<Expr> body, HashSet<string> inTemplates, HashSet<string> inPrints)
    {
        var all = new HashSet<string>(inTemplates);
        foreach (var expr in body) all.UnionWith(safety.Outputs(expr, all));
        var before = new HashSet<string>(inPrints);
        foreach (var expr in body)
        {
            switch (expr)
            {
                case TermExpr { Term: CallTerm { Builtin: "internal.print", Args: [ArrayTerm args] } }:
                    foreach (var arg in args.Items.OfType<ComprehensionTerm>()) Capture(arg, before, Stage.Prints, all, before);
                    break;
                case EveryExpr e:
                    {
                        Term(e.Domain, all, before, all);
                        var names = new[] { e.Key, e.Value }.OfType<VarTerm>().Select(v => v.Name).ToList();
                        Body(e.Body, [.. all, .. names], [.. before, .. names]);
                        break;
                    }
                case TermExpr t: Term(t.Term, all, before, all); break;
            }
            foreach (var with in expr.With) Term(with.Value, all, before, all);
            before.UnionWith(safety.Outputs(expr, before));
            foreach (var name in Vars.Of(expr))
            {
                if (VarTerm.DisplayOf(name).Length == 0) before.Add(name);
            }
        }
        return all;
    }

    private void Term(Term term, HashSet<string> inTemplates, HashSet<string> inPrints, HashSet<string> around)
    {
        switch (term)
        {
            case CallTerm { Builtin: "internal.template_string", Args: [ArrayTerm parts] }:
                foreach (var part in parts.Items.OfType<ComprehensionTerm>()) Capture(part, inTemplates, Stage.Templates, inTemplates, inPrints);
                break;
            case ComprehensionTerm c:
                {
                    var known = Body(c.Body, inTemplates, inPrints);
                    if (c.Key is not null) Term(c.Key, known, inPrints, around);
                    Term(c.Value, known, inPrints, around);
                    break;
                }
            default:
                foreach (var inner in SyntaxWalk.Below(term)) Term(inner, inTemplates, inPrints, around);
                break;
        }
    }

    private void Capture(ComprehensionTerm capture, HashSet<string> known, Stage stage, HashSet<string> inTemplates, HashSet<string> inPrints)
    {
        var what = ((CallTerm)((TermExpr)capture.Body[0]).Term).Args[1];
        if (stage == Stage.Templates && what is CallTerm { Builtin: { } name } && context.Builtins.IsRelation(name))
        {
            context.Report("rego_compile_error", capture.At, $"illegal call to relation built-in '{name}' that may cause multiple outputs", stage);
            return;
        }
        foreach (var v in Vars.Of(what).Where(v => !known.Contains(v)).Order(StringComparer.Ordinal))
            context.Report("rego_compile_error", capture.At, $"var {VarTerm.DisplayOf(v)} is undeclared", stage);
        Term(what, inTemplates, inPrints, inTemplates);
    }
}
