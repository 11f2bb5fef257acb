using Rego.Evaluate;
using Rego.Syntax;
using Rego.Values;

namespace Rego.Compile;

/// <summary>Plans the definitions of every place in the tree.</summary>
internal sealed class RulePlanner(CompileContext context, RuleTree tree, Plan plan, HashSet<RuleDefinition> varying)
{
    private const int IndexFrom = 3;

    public void All()
    {
        foreach (var node in tree.Nodes)
        {
            switch (node.Kind)
            {
                case DocKind.Complete: node.Complete = new CompleteGroup(plan.NextGroup(), node, plan.NextFrames()); break;
                case DocKind.Set: node.Set = new SetGroup(plan.NextGroup(), node, plan.NextFrames()); break;
                case DocKind.Function: node.Function = new FunctionGroup(plan.NextGroup(), node, plan.NextFrames()); break;
            }
            if (node.HasDynamic) node.Dynamic = new DynamicGroup(plan.NextGroup(), node, plan.NextFrames());
        }
        foreach (var node in tree.Nodes)
        {
            switch (node.Kind)
            {
                case DocKind.Complete: Complete(node); break;
                case DocKind.Set: Set(node); break;
                case DocKind.Function: Function(node); break;
            }
            if (node.HasDynamic) Dynamic(node);
        }
    }

    private void Complete(DocNode node)
    {
        var group = node.Complete!;
        var rules = tree.StaticOf(node);
        var definitions = rules.Where(r => !r.IsDefault).ToList();
        group.Definitions = [.. definitions.Select(r => Value(r, group.Frames, "complete rules must not produce multiple outputs", out _))];
        group.Default = rules.FirstOrDefault(r => r.IsDefault) is { } d ? Value(d, group.Frames, "", out _) : null;
        group.FirstWins = FirstWins(definitions);
        group.Index = Index(definitions);
        group.IsSteady = !rules.Any(varying.Contains);
    }

    private void Function(DocNode node)
    {
        var group = node.Function!;
        var rules = tree.StaticOf(node);
        var definitions = rules.Where(r => !r.IsDefault).ToList();
        var heavy = false;
        group.Definitions = [.. definitions.Select(r =>
        {
            var body = Value(r, group.Frames, "functions must not produce multiple outputs for same inputs", out var h);
            heavy |= h;
            return body;
        })];
        group.Default = rules.FirstOrDefault(r => r.IsDefault) is { } d ? Value(d, group.Frames, "", out _) : null;
        group.Memoised = heavy;
        group.FirstWins = FirstWins(definitions);
    }

    private static bool FirstWins(List<RuleDefinition> definitions)
    {
        RValue? only = null;
        foreach (var definition in definitions)
        {
            for (var branch = definition; branch is not null; branch = branch.Else)
            {
                if (Planner.Constant(branch.Value) is not { } value || (only is not null && !only.Equals(value))) return false;
                only = value;
            }
        }
        return true;
    }

    private RuleBody Value(RuleDefinition rule, FrameKind frames, string conflict, out bool heavy)
    {
        heavy = false;
        RuleBody? next = rule.Else is null ? null : Value(rule.Else, frames, conflict, out heavy);
        var body = new RuleBody(frames, rule.At) { Else = next };
        var planner = new Planner(context, tree, plan);
        if (rule.Parameters is not null)
        {
            foreach (var parameter in rule.Parameters) planner.Bind(parameter.Name);
        }
        body.First = planner.Chain(rule.Body, () => planner.Fired(rule.At, new ValueStep(planner.Ground(rule.Value), Planner.Constant(rule.Value) is not null, rule.At, conflict)));
        frames.MakeRoom(planner.SlotCount);
        heavy |= planner.IsHeavy;
        return body;
    }

    private void Set(DocNode node)
    {
        var group = node.Set!;
        var rules = tree.StaticOf(node);
        group.Definitions = [.. rules.Select(r => Keyed(r, group.Frames, r.Element!, (p, known) => new ElementStep(p.Ground(r.Element!), known || Planner.Constant(r.Element!) is not null)))];
        group.CanSelect = group.Definitions.All(d => d.CanSelect);
        group.Index = Index([.. rules]);
        group.IsSteady = !rules.Any(varying.Contains);
    }

    private void Dynamic(DocNode node)
    {
        var group = node.Dynamic!;
        var rules = tree.DynamicOf(node);
        group.Definitions = [.. rules.Select(r => Keyed(r, group.Frames, r.Dynamic[0], (p, _) => Place(r, p)))];
        group.CanSelect = group.Definitions.All(d => d.CanSelect);
        group.IsPlain = rules.All(r => r.Dynamic.Count == 1 && r.Element is null) &&
            node.Children.Count == 0;
        group.IsSteady = group.IsPlain && !rules.Any(varying.Contains);
    }

    private static PlaceStep Place(RuleDefinition rule, Planner planner)
    {
        var value = rule.Element ?? rule.Value;
        var constant = Planner.Constant(value) is not null && rule.Dynamic.All(d => Planner.Constant(d) is not null);
        return new PlaceStep([.. rule.Dynamic.Select(planner.Ground)], planner.Ground(value), rule.Element is not null, constant, rule.At);
    }

    private KeyedDefinition Keyed(RuleDefinition rule, FrameKind frames, Term key, Func<Planner, bool, Step> end)
    {
        if (rule.Else is not null) context.Report("rego_parse_error", rule.Else.At, "else keyword cannot be used on multi-value rules");
        var planner = new Planner(context, tree, plan);
        var body = new RuleBody(frames, rule.At);
        body.First = planner.Chain(rule.Body, () => planner.Fired(rule.At, end(planner, false)));
        frames.MakeRoom(planner.SlotCount);
        var definition = new KeyedDefinition(body) { ConstantKey = Planner.Constant(key) };
        if (definition.ConstantKey is null && key is VarTerm v)
        {
            var keyed = new Planner(context, tree, plan);
            var other = new RuleBody(frames, rule.At);
            definition.KeySlot = keyed.Bind(v.Name);
            other.First = keyed.Chain(rule.Body, () => keyed.Fired(rule.At, end(keyed, true)));
            frames.MakeRoom(keyed.SlotCount);
            definition.Keyed = other;
        }
        return definition;
    }

    /// <summary>An index over the input path that most definitions compare with a constant.</summary>
    private static RuleIndex? Index(List<RuleDefinition> definitions)
    {
        if (definitions.Count < IndexFrom) return null;
        var tests = definitions.Select(Tests).ToList();
        var best = tests.SelectMany(t => t.Keys).GroupBy(k => k).OrderByDescending(g => g.Count()).FirstOrDefault();
        if (best is null || best.Count() < 2) return null;
        var path = best.Key;
        var always = new List<int>();
        var byValue = new Dictionary<RValue, List<int>>();
        for (var i = 0; i < definitions.Count; i++)
        {
            if (!tests[i].TryGetValue(path, out var value)) always.Add(i);
            else if (byValue.TryGetValue(value, out var list)) list.Add(i);
            else byValue[value] = [i];
        }
        var merged = byValue.ToDictionary(p => p.Key, p => p.Value.Concat(always).Order().ToArray());
        return new RuleIndex(new InputPathPlan([.. ((RArray)path).Items]), merged, [.. always]);
    }

    private static Dictionary<RValue, RValue> Tests(RuleDefinition rule)
    {
        var tests = new Dictionary<RValue, RValue>();
        if (rule.Else is not null) return tests;
        foreach (var expr in rule.Body)
        {
            if (expr is not TermExpr { Negated: false, With.Count: 0, Term: CallTerm { Builtin: "eq" or "equal", Args: [var a, var b] } }) continue;
            var (reference, constant) = a is RefTerm ? (a, b) : (b, a);
            if (reference is RefTerm { Head: VarTerm { Name: "input" } } r && r.Args.All(x => x is ConstTerm) && Planner.Constant(constant) is { } value)
                tests.TryAdd(new RArray([.. r.Args.Select(x => ((ConstTerm)x).Value)]), value);
        }
        return tests;
    }
}
