using Rego.Syntax;
using Rego.Values;

namespace Rego.Compile;

/// <summary>How many inputs a call takes, and whether every call hands in that many (one more catches the output of a statement).</summary>
internal sealed class Arity(CompileContext context, RuleTree tree)
{
    public int Of(CallTerm call) =>
        call.Builtin is not null ? context.Builtins.Find(call.Builtin)?.Arity ?? -1 : tree.Function(call.Operator)?.Arity ?? -1;

    public void Check(RuleDefinition rule)
    {
        Check(rule.Body);
        foreach (var term in rule.Dynamic) Nested(term);
        if (rule.Element is not null) Nested(rule.Element);
        Nested(rule.Value);
    }

    public void Check(IEnumerable<Expr> body)
    {
        foreach (var expr in body)
        {
            switch (expr)
            {
                case EveryExpr e:
                    Nested(e.Domain);
                    Check(e.Body);
                    break;
                case TermExpr { Term: CallTerm call }:
                    Call(call, expr.At, isNested: false);
                    foreach (var arg in call.Args) Nested(arg);
                    break;
                case TermExpr t: Nested(t.Term); break;
            }
            foreach (var with in expr.With) Nested(with.Value);
        }
    }

    private void Nested(Term term)
    {
        switch (term)
        {
            case CallTerm call:
                Call(call, call.At, isNested: true);
                foreach (var arg in call.Args) Nested(arg);
                break;
            case ComprehensionTerm c:
                if (c.Key is not null) Nested(c.Key);
                Nested(c.Value);
                Check(c.Body);
                break;
            default:
                foreach (var inner in SyntaxWalk.Below(term)) Nested(inner);
                break;
        }
    }

    private void Call(CallTerm call, Location at, bool isNested)
    {
        var inputs = Of(call);
        var given = call.Args.Count;
        if (inputs >= 0 && (given == inputs || (!isNested && given == inputs + 1))) return;
        if (call.Builtin is null)
        {
            var name = call.Operator is RefTerm r ? TermText.Of(r) : Resolver.DottedName(call.Operator);
            context.Report("rego_type_error", at, inputs < 0 ? $"undefined function {name}" : $"function {name} has arity {inputs}, got {given} {(given == 1 ? "argument" : "arguments")}", Stage.Functions);
            return;
        }
        if (inputs < 0) return;
        var have = call.Args.Select(a => StaticType.Text(Known(a)));
        if (isNested) have = have.Append("???");
        context.Report("rego_type_error", at, $"{call.Builtin}: arity mismatch\n\thave: ({string.Join(", ", have)})\n\twant: {BuiltinTypes.Of(context.Builtins.Find(call.Builtin)!).Wanted(withResult: false)}", Stage.Functions);
    }

    private static StaticType? Known(Term term) => term switch
    {
        ConstTerm c => StaticType.Of(c.Value),
        ArrayTerm a => new StaticType.ArrayType([.. a.Items.Select(Known)], a.Items.Count == 0 ? StaticType.Any : null),
        VarTerm { Name: "input" or "data" } or RefTerm { Head: VarTerm { Name: "input" or "data" } } => StaticType.Any,
        _ => Planner.Constant(term) is RValue value ? StaticType.Of(value) : null,
    };
}
