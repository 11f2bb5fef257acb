using Rego.Builtins;
using Rego.Syntax;
using Rego.Values;

namespace Rego.Compile;

/// <summary>What may be replaced by "with": input, data and what is below them, and functions.</summary>
internal sealed class WithTargets(CompileContext context, RuleTree tree)
{
    public void Check(RuleDefinition rule)
    {
        Body(rule.Body);
        foreach (var term in rule.Dynamic.Append(rule.Value)) Closures(term);
        if (rule.Element is not null) Closures(rule.Element);
    }

    public void Check(IReadOnlyList<Expr> query) => Body(query);

    private void Body(IEnumerable<Expr> body)
    {
        var isFine = true;
        foreach (var expr in body)
        {
            // One fault a body is told.
            foreach (var with in expr.With) isFine = isFine && Target(with);
            switch (expr)
            {
                case EveryExpr e:
                    Closures(e.Domain);
                    Body(e.Body);
                    break;
                case TermExpr t: Closures(t.Term); break;
            }
            foreach (var with in expr.With) Closures(with.Value);
        }
    }

    private void Closures(Term term)
    {
        if (term is ComprehensionTerm c) Body(c.Body);
        foreach (var inner in SyntaxWalk.Below(term)) Closures(inner);
    }

    private bool Target(WithModifier with)
    {
        switch (with.Target)
        {
            case VarTerm { Name: "input" or "data" } or RefTerm { Head: VarTerm { Name: "input" } }: return true;
            case RefTerm { Head: VarTerm { Name: "data" } } r: return !IsInsideRule(r) || Fault(r.At, "with keyword cannot partially replace virtual document(s)");
            case BuiltinTerm { Name: "eq" or "rego.metadata.chain" or "rego.metadata.rule" } b: return Fault(b.At, $"with keyword replacing built-in function: replacement of {GoFormat.Quote(b.Name)} invalid");
            case BuiltinTerm b when b.Name.StartsWith("internal.", StringComparison.Ordinal):
                return Fault(b.At, $"with keyword replacing built-in function: replacement of internal function {GoFormat.Quote(b.Name)} invalid");
            case BuiltinTerm b when context.Builtins.IsRelation(b.Name): return Fault(b.At, "with keyword replacing built-in function: target must not be a relation");
            case BuiltinTerm { Name: "print" } b: return Fault(b.At, "with keyword replacing built-in function: target must not be a void function");
            case BuiltinTerm: return true;
            default: return Fault(with.Target.At, "with keyword target must reference existing input, data, or a function", "rego_type_error");
        }
    }

    private bool IsInsideRule(RefTerm r)
    {
        var node = tree.Root;
        foreach (var arg in r.Args.SkipLast(1))
        {
            if (arg is not ConstTerm { Value: RString s } || !node.Children.TryGetValue(s.Value, out var child)) return false;
            if (tree.StaticOf(child).Count > 0 || tree.DynamicOf(child).Count > 0) return true;
            node = child;
        }
        return false;
    }

    private bool Fault(Location at, string message, string code = "rego_compile_error")
    {
        context.Report(code, at, message, Stage.With);
        return false;
    }
}
