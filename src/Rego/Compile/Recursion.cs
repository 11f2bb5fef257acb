using Rego.Evaluate;
using Rego.Syntax;
using Rego.Values;

namespace Rego.Compile;

/// <summary>Rejects rules that depend on themselves. A reference with an unknown step may mean any document below, so it depends on all of them.</summary>
internal sealed class Recursion(CompileContext context, RuleTree tree)
{
    private readonly Dictionary<RuleDefinition, HashSet<RuleDefinition>> _edges = [];

    // What each branch of a chain reads by itself; kept only where there are several.
    private readonly Dictionary<RuleDefinition, HashSet<RuleDefinition>> _branchEdges = [];
    private readonly HashSet<RuleDefinition> _varying = [];
    private bool _varies;

    public void Check(IReadOnlyList<RuleDefinition> rules)
    {
        foreach (var rule in rules)
        {
            var edges = new HashSet<RuleDefinition>();
            _varies = false;
            for (var branch = rule; branch is not null; branch = branch.Else)
            {
                var own = rule.Else is null ? edges : [];
                foreach (var expr in branch.Body) Collect(expr, own);
                Collect(branch.Value, own);
                if (branch.Element is not null) Collect(branch.Element, own);
                foreach (var term in branch.Dynamic) Collect(term, own);
                if (rule.Else is null) continue;
                _branchEdges[branch] = own;
                edges.UnionWith(own);
            }
            _edges[rule] = edges;
            if (_varies) _varying.Add(rule);
        }
        var done = new HashSet<RuleDefinition>();
        if (!rules.Any(rule => HasCycle(rule, done))) return;
        var told = 0;
        foreach (var rule in rules)
        {
            for (var branch = rule; branch is not null; branch = branch.Else)
            {
                if (CycleOf(branch) is not { } cycle) continue;
                context.Report("rego_recursion_error", branch.At, $"rule {cycle[0]} is recursive: {string.Join(" -> ", cycle)}");
                if (context.MaxErrors > 0 && ++told >= context.MaxErrors) return;
            }
        }
    }

    private HashSet<RuleDefinition> EdgesOf(RuleDefinition branch) => _branchEdges.GetValueOrDefault(branch) ?? _edges[branch];

    private static IEnumerable<RuleDefinition> Branches(IEnumerable<RuleDefinition> rules)
    {
        foreach (var rule in rules)
        {
            for (var branch = rule; branch is not null; branch = branch.Else) yield return branch;
        }
    }

    /// <summary>The way from a definition through what it reads back to itself; null when there is none.</summary>
    private List<string>? CycleOf(RuleDefinition start)
    {
        var path = new List<RuleDefinition> { start };
        var seen = new HashSet<RuleDefinition>();
        var stack = new Stack<IEnumerator<RuleDefinition>>();
        stack.Push(Branches(EdgesOf(start)).GetEnumerator());
        while (stack.TryPeek(out var edges))
        {
            if (!edges.MoveNext())
            {
                stack.Pop();
                path.RemoveAt(path.Count - 1);
                continue;
            }
            var next = edges.Current;
            if (next == start) return [.. path.Append(start).Select(RuleTree.Shown)];
            if (!seen.Add(next)) continue;
            path.Add(next);
            stack.Push(Branches(EdgesOf(next)).GetEnumerator());
        }
        return null;
    }

    /// <summary>The rules in an order in which each stands behind those it depends on; only for rules without cycles.</summary>
    public IEnumerable<RuleDefinition> Sorted()
    {
        var done = new HashSet<RuleDefinition>();
        var stack = new Stack<(RuleDefinition Rule, IEnumerator<RuleDefinition> Edges)>();
        foreach (var start in _edges.Keys)
        {
            if (!done.Add(start)) continue;
            stack.Push((start, _edges[start].GetEnumerator()));
            while (stack.TryPeek(out var top))
            {
                if (top.Edges.MoveNext())
                {
                    if (done.Add(top.Edges.Current)) stack.Push((top.Edges.Current, _edges[top.Edges.Current].GetEnumerator()));
                    continue;
                }
                stack.Pop();
                yield return top.Rule;
            }
        }
    }

    /// <summary>
    /// The rules whose value can differ from one query to the next: they read the input, the clock or chance, or rules that do.
    /// All others have one value for the life of the policy.
    /// </summary>
    public HashSet<RuleDefinition> Varying()
    {
        var users = new Dictionary<RuleDefinition, List<RuleDefinition>>();
        foreach (var (rule, edges) in _edges)
        {
            foreach (var used in edges)
            {
                if (!users.TryGetValue(used, out var list)) users[used] = list = [];
                list.Add(rule);
            }
        }
        var waiting = new Queue<RuleDefinition>(_varying);
        while (waiting.TryDequeue(out var rule))
        {
            foreach (var user in users.GetValueOrDefault(rule) ?? [])
            {
                if (_varying.Add(user)) waiting.Enqueue(user);
            }
        }
        return _varying;
    }

    // An explicit stack: a chain of ten thousand rules is long, not recursive.
    private bool HasCycle(RuleDefinition start, HashSet<RuleDefinition> done)
    {
        if (!done.Add(start)) return false;
        var path = new List<RuleDefinition> { start };
        var onPath = new HashSet<RuleDefinition> { start };
        var stack = new Stack<IEnumerator<RuleDefinition>>();
        stack.Push(_edges[start].GetEnumerator());
        while (stack.Count > 0)
        {
            var edges = stack.Peek();
            if (!edges.MoveNext())
            {
                stack.Pop();
                onPath.Remove(path[^1]);
                path.RemoveAt(path.Count - 1);
                continue;
            }
            var next = edges.Current;
            if (onPath.Contains(next)) return true;
            if (!done.Add(next)) continue;
            path.Add(next);
            onPath.Add(next);
            stack.Push(_edges[next].GetEnumerator());
        }
        return false;
    }

    private void Collect(Expr expr, HashSet<RuleDefinition> into)
    {
        switch (expr)
        {
            case TermExpr t: Collect(t.Term, into); break;
            case EveryExpr e:
                Collect(e.Domain, into);
                foreach (var inner in e.Body) Collect(inner, into);
                break;
        }
        if (expr.With.Count > 0) _varies = true;
        foreach (var with in expr.With)
        {
            Collect(with.Target, into);
            Collect(with.Value, into);
        }
    }

    private void Collect(Term term, HashSet<RuleDefinition> into)
    {
        switch (term)
        {
            case VarTerm { Name: "input" }: _varies = true; break;
            case VarTerm { Name: "data" }: Reach(tree.Root, [], 0, into); break;
            case RefTerm r:
                if (r.Head is VarTerm { Name: "data" }) Reach(tree.Root, r.Args, 0, into);
                else Collect(r.Head, into);
                foreach (var arg in r.Args) Collect(arg, into);
                break;
            case ArrayTerm a:
                foreach (var item in a.Items) Collect(item, into);
                break;
            case SetTerm s:
                foreach (var item in s.Items) Collect(item, into);
                break;
            case ObjectTerm o:
                foreach (var (key, value) in o.Entries)
                {
                    Collect(key, into);
                    Collect(value, into);
                }
                break;
            case CallTerm c:
                if (c.Builtin is not null && !context.Builtins.IsSteady(c.Builtin)) _varies = true;
                if (c.Operator is RefTerm op) Reach(tree.Root, op.Args, 0, into);
                foreach (var arg in c.Args) Collect(arg, into);
                break;
            case ComprehensionTerm c:
                foreach (var inner in c.Body) Collect(inner, into);
                if (c.Key is not null) Collect(c.Key, into);
                Collect(c.Value, into);
                break;
        }
    }

    private void Reach(DocNode node, IReadOnlyList<Term> args, int at, HashSet<RuleDefinition> into)
    {
        into.UnionWith(tree.StaticOf(node));
        foreach (var rule in tree.DynamicOf(node))
        {
            var differs = false;
            for (var i = 0; i < rule.Dynamic.Count && at + i < args.Count && !differs; i++)
                differs = rule.Dynamic[i] is ConstTerm a && args[at + i] is ConstTerm b && !a.Value.Equals(b.Value);
            if (!differs) into.Add(rule);
        }
        if (at < args.Count && args[at] is ConstTerm c)
        {
            if (c.Value is RString s && node.Children.TryGetValue(s.Value, out var child)) Reach(child, args, at + 1, into);
            return;
        }
        foreach (var child in node.Children.Values) Reach(child, args, at + 1, into);
    }
}
