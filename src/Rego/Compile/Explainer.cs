using Rego.Evaluate;
using Rego.Syntax;
using Rego.Values;

namespace Rego.Compile;

/// <summary>Asks each definition of a document by itself, and follows what stopped it into the rules it asked for.</summary>
internal sealed class Explainer(CompiledPolicy policy, CompileContext context, RuleTree tree, Annotations annotations, RValue? input, EvaluationOptions options)
{
    private const int MaxLevel = 4;

    /// <summary>Rules that fired are followed less far: what they asked for, and what that asked for.</summary>
    private const int MaxFiredLevel = 2;

    private readonly FailurePoint _failures = new(policy, context, tree, input, options);
    private readonly HashSet<DocNode> _open = [];

    public Explanation Of(string path)
    {
        var node = Find(path, out var shown);
        return Document(node, shown, 0);
    }

    private DocNode Find(string path, out string shown)
    {
        Term term;
        try
        {
            term = Parser.ParseTerm("path", path);
        }
        catch (SyntaxFault fault)
        {
            throw new RegoCompileException(fault.Errors);
        }
        var node = tree.Root;
        var args = term is RefTerm { Head: VarTerm { Name: "data" } } r ? r.Args : [];
        var known = 0;
        foreach (var arg in args)
        {
            if (arg is not ConstTerm { Value: RString s } || !node.Children.TryGetValue(s.Value, out var child)) break;
            node = child;
            known++;
        }
        if ((known < args.Count && node.Kind == DocKind.Interior && !node.HasDynamic) || term is not (VarTerm { Name: "data" } or RefTerm { Head: VarTerm { Name: "data" } }) || Below(node) is [])
            throw new RegoCompileException([new RegoError("rego_compile_error", $"there is no rule at {path}", "path", 1, 1)]);
        shown = node.WrittenPath;
        return node;
    }

    private List<DocNode> Below(DocNode node) =>
        [.. tree.Nodes.Skip(node.Index).Take(node.End - node.Index).Where(n => n.Kind != DocKind.Function && (tree.StaticOf(n).Count > 0 || n.HasDynamic))];

    private Explanation Document(DocNode node, string path, int level)
    {
        _open.Add(node);
        var rules = Below(node).SelectMany(n => tree.StaticOf(n).Concat(tree.DynamicOf(n)).Select(r => (Node: n, Rule: r))).ToList();
        var value = policy.Evaluate(path, input, options);
        var fired = false;
        var explained = new List<RuleExplanation>();
        foreach (var (place, rule) in rules.OrderBy(r => r.Rule.IsDefault).ToList())
        {
            for (var branch = rule; branch is not null; branch = branch.Else)
            {
                var one = Rule(branch, place, level, isNeeded: !(rule.IsDefault && fired));
                explained.Add(one);
                if (!one.Fired) continue;
                fired = true;
                break;
            }
        }
        _open.Remove(node);
        return new Explanation(path, value, explained);
    }

    private RuleExplanation Rule(RuleDefinition rule, DocNode node, int level, bool isNeeded)
    {
        var one = new RuleExplanation(rule.At.File, rule.At.Row, RuleText.Head(rule.Syntax), rule.IsDefault, null, null, []) { Title = annotations.TitleOf(rule.Module, rule.Syntax) };
        if (!isNeeded) return one;
        var failed = _failures.Of(rule, out var from, out var to);
        if (failed is null)
        {
            var value = Value(rule, node);
            if (value is null || rule.IsDefault) return one with { Value = value };
            var asked = level < MaxFiredLevel ? Asked(rule.Body, rule.Dynamic.Concat(rule.Element is { } element ? [element] : [rule.Value])) : [];
            return one with { Value = value, Held = _failures.Held(rule), Because = Reasons(asked, level) };
        }
        var statements = rule.Body.GetRange(from, to - from + 1);
        var because = level + 1 < MaxLevel ? Reasons(Asked(statements.Where(s => s.With.Count == 0), []), level) : [];
        if (level + 1 < MaxLevel && statements.Find(s => s.With.Count > 0) is { } changed) because = [.. because, .. WithInput(rule, from, changed, level)];
        return one with { Failed = failed, Because = because, Nearness = (double)from / rule.Body.Count };
    }

    private List<Explanation> Reasons(IEnumerable<DocNode> nodes, int level) => [.. nodes.Select(n => Document(n, n.WrittenPath, level + 1))];

    /// <summary>What a statement with an input of its own asked for, explained for that input.</summary>
    private List<Explanation> WithInput(RuleDefinition rule, int from, Expr statement, int level)
    {
        if (statement.With is not [{ Target: VarTerm { Name: "input" } } only] || _failures.Value(rule, from, only.Value) is not { } other) return [];
        var there = new Explainer(policy, context, tree, annotations, other, options);
        return there.Reasons(there.Asked([statement], []), level);
    }

    /// <summary>The rules a statement reads, without those that are being explained already.</summary>
    private List<DocNode> Asked(IEnumerable<Expr> statements, IEnumerable<Term> terms)
    {
        var found = new List<DocNode>();
        foreach (var term in statements.SelectMany(SyntaxWalk.TermsOf).Concat(terms)) Visit(term);
        return found;

        void Visit(Term term)
        {
            if (term is RefTerm { Head: VarTerm { Name: "data" } } r)
            {
                var node = tree.Root;
                foreach (var arg in r.Args)
                {
                    if (arg is not ConstTerm { Value: RString s } || !node.Children.TryGetValue(s.Value, out var child)) break;
                    node = child;
                }
                if (node.Kind is DocKind.Complete or DocKind.Set || node.HasDynamic)
                {
                    if (!_open.Contains(node) && !found.Contains(node)) found.Add(node);
                }
            }
            foreach (var inner in SyntaxWalk.Below(term)) Visit(inner);
            if (term is not ComprehensionTerm comprehension) return;
            foreach (var inner in comprehension.Body.SelectMany(SyntaxWalk.TermsOf)) Visit(inner);
        }
    }

    /// <summary>What one definition gives by itself.</summary>
    private RValue? Value(RuleDefinition rule, DocNode node)
    {
        var planner = new Planner(context, tree, policy.Plan);
        object? sink = null;
        Step first;
        if (rule.Dynamic.Count > 0)
        {
            sink = new RObjectBuilder();
            var key = rule.Dynamic.Count == 1 ? rule.Dynamic[0] : new ArrayTerm(rule.At, rule.Dynamic);
            first = planner.Chain(rule.Body, () => new EntryStep(planner.Ground(key), planner.Ground(rule.Element ?? rule.Value), rule.At));
        }
        else if (node.Kind == DocKind.Set)
        {
            sink = new RSetBuilder();
            first = planner.Chain(rule.Body, () => new ElementStep(planner.Ground(rule.Element!), constant: false));
        }
        else
        {
            first = planner.Chain(rule.Body, () => new ValueStep(planner.Ground(rule.Value), constant: false, rule.At, "complete rules must not produce multiple outputs"));
        }
        var frame = new Frame(planner.SlotCount) { Sink = sink };
        var evaluation = policy.Begin(input, options);
        try
        {
            first.Run(evaluation, frame);
            return sink switch
            {
                RSetBuilder set => set.Build() is { Count: > 0 } s ? s : null,
                RObjectBuilder entries => entries.Build() is { Count: > 0 } o ? o : null,
                _ => frame.Result,
            };
        }
        finally
        {
            policy.Release(evaluation);
        }
    }
}
