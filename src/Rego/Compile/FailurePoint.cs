using Rego.Evaluate;
using Rego.Syntax;
using Rego.Values;

namespace Rego.Compile;

/// <summary>Finds the first statement of a body that does not hold, and what its variables and references were.</summary>
internal sealed class FailurePoint(CompiledPolicy policy, CompileContext context, RuleTree tree, RValue? input, EvaluationOptions options)
{
    /// <summary>The statement that stops a body, null when all hold. The indices are its place in the body with what was hoisted out of it.</summary>
    public FailedStatement? Of(RuleDefinition rule, out int from, out int to)
    {
        // The length of the longest part that holds: statements only ever take solutions away.
        var (holds, fails) = (0, rule.Body.Count + 1);
        while (fails - holds > 1)
        {
            var middle = (holds + fails) / 2;
            if (Solve(rule, middle) is null) fails = middle;
            else holds = middle;
        }
        (from, to) = (holds, holds);
        if (holds == rule.Body.Count) return null;
        // What was hoisted out of a statement has no text and stands in front of it.
        to = rule.Body.FindIndex(holds, e => e.Text.Length > 0);
        if (to < 0) to = holds;
        while (from > 0 && rule.Body[from - 1].Text.Length == 0) from--;
        var statement = rule.Body[to];
        var text = statement.Text.Length > 0 ? statement.Text : TermText.Of(rule.Syntax.Key ?? rule.Syntax.Value);
        return new FailedStatement(statement.At.File, statement.At.Row, statement.At.Col, text, Values(rule, from, to, holds));
    }

    private List<KeyValuePair<string, RValue?>> Values(RuleDefinition rule, int from, int to, int holds)
    {
        var part = rule.Body.GetRange(from, to - from + 1);
        var known = Solve(rule, holds) ?? [];
        var wanted = Vars.Of(part);
        var values = known.Where(v => wanted.Contains(v.Name) && v.Name[0] != VarTerm.Mark && !v.Name.StartsWith("_" + VarTerm.Mark, StringComparison.Ordinal))
            .Select(v => KeyValuePair.Create(VarTerm.DisplayOf(v.Name), (RValue?)v.Value))
            .ToList();
        var names = known.Select(v => v.Name).ToHashSet();
        foreach (var (whole, with) in part.SelectMany(e => SyntaxWalk.TermsOf(e).Where(t => e.With.All(w => w.Target != t)).SelectMany(References).Select(r => (r, e.With))))
        {
            // Of input.xs[i].y with i unknown, input.xs is told.
            var reference = new RefTerm(whole.At, whole.Head, [.. whole.Args.TakeWhile(a => Vars.Of(a).IsSubsetOf(names))]);
            if (reference.Args.Count == 0) continue;
            var shown = TermText.Of(reference);
            if (shown.Contains(VarTerm.Mark, StringComparison.Ordinal) || values.Any(v => v.Key == shown) || tree.Function(reference) is not null) continue;
            var probe = new VarTerm(reference.At, $"{VarTerm.Mark}probe");
            var asked = Solve(rule, holds, new TermExpr(reference.At, new CallTerm(reference.At, null, "eq", [probe, reference])) { With = with });
            values.Add(KeyValuePair.Create(shown, asked?.FirstOrDefault(v => v.Name == probe.Name).Value));
        }
        return [.. values.DistinctBy(v => v.Key).OrderBy(v => v.Key, StringComparer.Ordinal)];
    }

    private static IEnumerable<RefTerm> References(Term term) => term switch
    {
        RefTerm { Head: VarTerm { Name: "input" or "data" } } r => r.Args.SelectMany(References).Prepend(r),
        CallTerm c => c.Args.SelectMany(References),
        _ => SyntaxWalk.Below(term).SelectMany(References),
    };

    /// <summary>The variables of the first solution of the first statements, or null.</summary>
    public List<(string Name, RValue Value)>? Solve(RuleDefinition rule, int count, Expr? more = null)
    {
        var statements = rule.Body.Take(count).ToList();
        if (more is not null) statements.Add(more);
        var planner = new Planner(context, tree, policy.Plan);
        var first = planner.Chain(statements, () => StopStep.Instance);
        var frame = new Frame(planner.SlotCount);
        var evaluation = policy.Begin(input, options);
        try
        {
            if (!first.Run(evaluation, frame)) return null;
            return
            [
                .. Vars.Of(statements)
                    .Select(v => (v, Value: planner.SlotOf(v) is var slot && slot < frame.Slots.Length ? evaluation.Force(frame.Slots[slot]) : null))
                    .Where(v => v.Value is not null and not WithStep.Held)
                    .Select(v => (v.v, v.Value!)),
            ];
        }
        finally
        {
            policy.Release(evaluation);
        }
    }
}
