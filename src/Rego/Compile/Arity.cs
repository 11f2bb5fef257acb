using Rego.Builtins;
using Rego.Syntax;

namespace Rego.Compile;

/// <summary>How many inputs a call takes, and whether every call hands in that many (one more catches the output).</summary>
internal sealed class Arity(CompileContext context, RuleTree tree)
{
    public int Of(CallTerm call) =>
        call.Builtin is not null ? context.Builtins.Find(call.Builtin)?.Arity ?? -1 : tree.Function(call.Operator)?.Arity ?? -1;

    public void Check(IEnumerable<Expr> body)
    {
        foreach (var expr in body)
        {
            switch (expr)
            {
                case EveryExpr e:
                    Closures(e.Domain);
                    Check(e.Body);
                    break;
                case TermExpr { Term: CallTerm call }:
                    Call(call);
                    foreach (var arg in call.Args) Closures(arg);
                    break;
                case TermExpr t: Closures(t.Term); break;
            }
        }
    }

    private void Closures(Term term)
    {
        if (term is ComprehensionTerm c) Check(c.Body);
    }

    private void Call(CallTerm call)
    {
        var inputs = Of(call);
        if (call.Builtin is null)
        {
            var name = Resolver.DottedName(call.Operator);
            if (inputs < 0) context.Report("rego_type_error", call.At, $"undefined function {name}");
            else if (call.Args.Count != inputs && call.Args.Count != inputs + 1)
                context.Report("rego_type_error", call.At, $"function {name} has arity {inputs}, got {Given(call)} {(Given(call) == 1 ? "argument" : "arguments")}");
            return;
        }
        if (inputs < 0) return;
        if (call.Args.Count == inputs || call.Args.Count == inputs + 1) return;
        context.Report("rego_type_error", call.At, $"{call.Builtin}: arity mismatch\n\thave: {Given(call)} arguments\n\twant: {inputs}");
    }

    // A nested call has got one argument more for its output.
    private static int Given(CallTerm call) =>
        call.Args is [.., VarTerm { IsGenerated: true }] ? call.Args.Count - 1 : call.Args.Count;
}
