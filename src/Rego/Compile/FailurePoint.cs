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
        return new FailedStatement(statement.At.File, statement.At.Row, statement.At.Col, text, Values(rule, from, to, holds, out var others)) { Others = others };
    }

    /// <summary>The written statements of a body that holds, each with what its variables and references were at first.</summary>
    public List<HeldStatement> Held(RuleDefinition rule)
    {
        var held = new List<HeldStatement>();
        var from = 0;
        for (var to = 0; to < rule.Body.Count && held.Count < MaxHeld; to++)
        {
            if (rule.Body[to].Text.Length == 0) continue;
            var values = Values(rule, from, to, rule.Body.Count, out _);
            // Of "some x in xs", what x was says enough.
            if (rule.Body[to].Text.StartsWith("some ", StringComparison.Ordinal) && values.Any(v => !IsRooted(v.Key))) values.RemoveAll(v => IsRooted(v.Key));
            held.Add(new HeldStatement(rule.Body[to].At.Row, rule.Body[to].Text, values));
            from = to + 1;
        }
        return held;
    }

    private static bool IsRooted(string name) => name.StartsWith("input.", StringComparison.Ordinal) || name.StartsWith("data.", StringComparison.Ordinal);

    private const int MaxHeld = 8;

    private const int MaxSolutions = 20;

    private List<KeyValuePair<string, RValue?>> Values(RuleDefinition rule, int from, int to, int holds, out Dictionary<string, IReadOnlyList<RValue>> others)
    {
        others = [];
        var part = rule.Body.GetRange(from, to - from + 1);
        var solutions = Solutions(rule, holds, null, MaxSolutions);
        var names = solutions.SelectMany(s => s).Select(v => v.Name).ToHashSet();
        var values = new List<KeyValuePair<string, RValue?>>();
        var bare = part.SelectMany(SyntaxWalk.TermsOf).SelectMany(Bare).ToHashSet();
        foreach (var name in names.Where(n => bare.Contains(n) && n[0] != VarTerm.Mark && !n.StartsWith("_" + VarTerm.Mark, StringComparison.Ordinal)))
            Tell(VarTerm.DisplayOf(name), Of(solutions, name), others);
        foreach (var (whole, with) in part.SelectMany(e => SyntaxWalk.TermsOf(e).Where(t => e.With.All(w => w.Target != t)).SelectMany(References).Select(r => (r, e.With))))
        {
            // Of input.xs[i].y with i unknown, input.xs is told.
            var reference = new RefTerm(whole.At, whole.Head, [.. whole.Args.TakeWhile(a => Vars.Of(a) is var inside && inside.IsSubsetOf(names) && inside.All(v => v[0] != VarTerm.Mark))]);
            if (reference.Args.Count == 0 || (reference.Head is VarTerm { Name: not ("input" or "data") } head && !names.Contains(head.Name))) continue;
            var shown = TermText.Of(reference);
            if (shown.Contains(VarTerm.Mark, StringComparison.Ordinal) || values.Any(v => v.Key == shown) || tree.Function(reference) is not null) continue;
            var probe = new VarTerm(reference.At, $"{VarTerm.Mark}probe");
            var asked = Solutions(rule, holds, new TermExpr(reference.At, new CallTerm(reference.At, null, "eq", [probe, reference])) { With = with }, MaxSolutions);
            Tell(shown, Of(asked, probe.Name), others);
        }
        return [.. values.DistinctBy(v => v.Key).OrderBy(v => v.Key, StringComparer.Ordinal)];

        void Tell(string name, List<RValue> told, Dictionary<string, IReadOnlyList<RValue>> several)
        {
            values.Add(KeyValuePair.Create(name, told.FirstOrDefault()));
            if (told.Count > 1) several[name] = told;
        }
    }

    private static List<RValue> Of(List<List<(string Name, RValue Value)>> solutions, string name) => [.. solutions.SelectMany(s => s.Where(v => v.Name == name).Select(v => v.Value)).Distinct()];

    /// <summary>Variables that stand for themselves: of reason.tier, the reference is told and not all of the reason.</summary>
    private static IEnumerable<string> Bare(Term term) => term switch
    {
        VarTerm v => [v.Name],
        RefTerm { Head: VarTerm } r => r.Args.SelectMany(Bare),
        CallTerm c => c.Args.SelectMany(Bare),
        ComprehensionTerm => Vars.Of(term),
        _ => SyntaxWalk.Below(term).SelectMany(Bare),
    };

    private static IEnumerable<RefTerm> References(Term term) => term switch
    {
        RefTerm { Head: VarTerm } r => r.Args.SelectMany(References).Prepend(r),
        CallTerm c => c.Args.SelectMany(References),
        _ => SyntaxWalk.Below(term).SelectMany(References),
    };

    /// <summary>The variables of the first solution of the first statements, or null.</summary>
    public List<(string Name, RValue Value)>? Solve(RuleDefinition rule, int count, Expr? more = null) => Solutions(rule, count, more, 1) is [var first] ? first : null;

    /// <summary>What a term is after the first statements, or null.</summary>
    public RValue? Value(RuleDefinition rule, int count, Term term)
    {
        var probe = new VarTerm(term.At, $"{VarTerm.Mark}probe");
        return Solve(rule, count, new TermExpr(term.At, new CallTerm(term.At, null, "eq", [probe, term])))?.Find(v => v.Name == probe.Name).Value;
    }

    private List<List<(string Name, RValue Value)>> Solutions(RuleDefinition rule, int count, Expr? more, int most)
    {
        var statements = rule.Body.Take(count).ToList();
        if (more is not null) statements.Add(more);
        var variables = Vars.Of(statements);
        var planner = new Planner(context, tree, policy.Plan);
        var found = new List<List<(string Name, RValue Value)>>();
        List<(string Name, int Slot)> slots = [];
        var first = planner.Chain(statements, () => new CollectStep(Collect));
        slots.AddRange(variables.Select(v => (v, planner.SlotOf(v))));
        var frame = new Frame(planner.SlotCount);
        var evaluation = policy.Begin(input, options);
        try
        {
            first.Run(evaluation, frame);
            return found;
        }
        finally
        {
            policy.Release(evaluation);
        }

        bool Collect(Evaluation e, Frame f)
        {
            found.Add(
            [
                .. slots.Where(s => s.Slot < f.Size)
                    .Select(s => (s.Name, Value: e.Force(f[s.Slot])))
                    .Where(v => v.Value is not null and not WithStep.Held)
                    .Select(v => (v.Name, v.Value!)),
            ]);
            return found.Count >= most;
        }
    }

    /// <summary>Hands over what was found, and goes on until that is enough.</summary>
    private sealed class CollectStep(Func<Evaluation, Frame, bool> collect) : Step
    {
        public override bool Run(Evaluation e, Frame f) => collect(e, f);
    }
}
