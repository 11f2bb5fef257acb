using Rego.Evaluate;
using Rego.Syntax;
using Rego.Values;

namespace Rego.Compile;

/// <summary>Finds the first statement of a body that does not hold, and what its variables were.</summary>
internal static class FailurePoint
{
    private const int MaxShown = 200;

    /// <returns>"file:row:col: statement does not hold (x = 1)", or null when all statements hold.</returns>
    public static string? Of(CompiledPolicy policy, CompileContext context, RuleTree tree, RuleDefinition rule, EvaluationOptions options)
    {
        for (var n = 1; n <= rule.Body.Count; n++)
        {
            if (Solve(policy, context, tree, rule.Body.Take(n), options) is not null) continue;
            // What was hoisted out of a statement has no text and stands in front of it.
            var at = rule.Body.FindIndex(n - 1, e => e.Text.Length > 0);
            if (at < 0) at = n - 1;
            var from = at;
            while (from > 0 && rule.Body[from - 1].Text.Length == 0) from--;
            var statement = rule.Body[at];
            var before = Solve(policy, context, tree, rule.Body.Take(n - 1), options) ?? [];
            var wanted = Vars.Of(rule.Body.GetRange(from, at - from + 1));
            var shown = before.Where(v => wanted.Contains(v.Name)).OrderBy(v => v.Name, StringComparer.Ordinal).Select(v => $"{VarTerm.DisplayOf(v.Name)} = {Short(v.Value.ToString())}").ToList();
            var text = statement.Text.Length > 0 ? Short(statement.Text.ReplaceLineEndings(" ")) : "an expression";
            return $"{statement.At}: {text} does not hold{(shown.Count > 0 ? $" ({string.Join(", ", shown)})" : "")}";
        }
        return null;
    }

    private static List<(string Name, RValue Value)>? Solve(CompiledPolicy policy, CompileContext context, RuleTree tree, IEnumerable<Expr> body, EvaluationOptions options)
    {
        var planner = new Planner(context, tree, policy.Plan);
        var statements = body.ToList();
        var first = planner.Chain(statements, () => StopStep.Instance);
        var frame = new Frame(planner.SlotCount);
        var evaluation = policy.Begin(null, options);
        try
        {
            if (!first.Run(evaluation, frame)) return null;
            return [.. Vars.Of(statements)
                .Where(v => v[0] != VarTerm.Mark && !v.StartsWith("_" + VarTerm.Mark, StringComparison.Ordinal))
                .Select(v => (v, frame.Slots[planner.SlotOf(v)]))
                .Where(v => v.Item2 is not null)
                .Select(v => (v.v, v.Item2!))];
        }
        finally
        {
            policy.Release(evaluation);
        }
    }

    private static string Short(string text) => text.Length <= MaxShown ? text : text[..MaxShown] + "…";
}
