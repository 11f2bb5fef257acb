using Rego.Evaluate;
using Rego.Values;

namespace Rego.Builtins;

/// <summary>Arrays, walk and graphs.</summary>
internal static class Collections
{
    public static void Register(Registrar t)
    {
        t.Add("array.concat", "a a", (e, a) =>
        {
            var (x, y) = ((RArray)a[0], (RArray)a[1]);
            e.Spend(x.Count + y.Count);
            return new RArray([.. x.Items, .. y.Items]);
        });
        t.Add("array.slice", "a n n", Slice);
        t.Add("array.reverse", "a", (_, a) =>
        {
            var items = a[0].Items().ToArray();
            Array.Reverse(items);
            return new RArray(items);
        });
        t.Add("array.flatten", "a", (_, a) =>
        {
            var items = new List<RValue>();
            foreach (var item in a[0].Items())
            {
                if (item is RArray inner) items.AddRange(inner.Items);
                else items.Add(item);
            }
            return new RArray([.. items]);
        });
        t.Add("walk", "*", (_, _) => null, relation: true);
        t.Add("graph.reachable", "o v", Reachable);
        t.Add("graph.reachable_paths", "o v", Paths);
    }

    private static RValue? Slice(Evaluation e, ReadOnlySpan<RValue> args)
    {
        var array = (RArray)args[0];
        if (!e.Int("array.slice", 2, args[1], out var from) || !e.Int("array.slice", 3, args[2], out var to)) return null;
        var start = Math.Clamp(from, 0, array.Count);
        var stop = Math.Clamp(to, 0, array.Count);
        if (start >= stop) return RArray.Empty;
        return new RArray(array.Items[(int)start..(int)stop].ToArray());
    }

    private static RValue Reachable(Evaluation e, ReadOnlySpan<RValue> args)
    {
        var graph = (RObject)args[0];
        var queue = new Queue<RValue>();
        foreach (var node in args[1].Items()) queue.Enqueue(node);
        var reached = new RSetBuilder();
        while (queue.TryDequeue(out var node))
        {
            e.Tick();
            if (graph.Get(node) is not { } edges || !reached.Add(node)) continue;
            foreach (var next in edges.Items())
            {
                if (!reached.Contains(next)) queue.Enqueue(next);
            }
        }
        return reached.Build();
    }

    private static RValue Paths(Evaluation e, ReadOnlySpan<RValue> args)
    {
        var graph = (RObject)args[0];
        var results = new RSetBuilder();
        foreach (var root in args[1].Items())
        {
            if (graph.Get(root) is not { } edges) continue;
            var items = edges.Items();
            if (items.Length == 0) results.Add(new RArray([root]));
            foreach (var next in items) Extend(e, graph, next, [root], new HashSet<RValue> { root }, results);
        }
        return results.Build();
    }

    // What was passed stays passed for the whole walk behind one first edge: that is how OPA counts paths.
    private static void Extend(Evaluation e, RObject graph, RValue node, List<RValue> path, HashSet<RValue> passed, RSetBuilder results)
    {
        e.Tick();
        e.GuardStack();
        if (graph.Get(node) is not { } edges)
        {
            results.Add(new RArray([.. path]));
            return;
        }
        path.Add(node);
        var items = edges.Items();
        if (items.Length == 0) results.Add(new RArray([.. path]));
        foreach (var next in items)
        {
            if (passed.Contains(next))
            {
                results.Add(new RArray([.. path]));
                continue;
            }
            passed.Add(node);
            Extend(e, graph, next, path, passed, results);
        }
        path.RemoveAt(path.Count - 1);
    }
}
