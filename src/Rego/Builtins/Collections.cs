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
        t.Add("graph.reachable", "o at", Reachable);
        t.Add("graph.reachable_paths", "o at", Paths);
    }

    private static RValue? Slice(Evaluation e, ReadOnlySpan<RValue> args)
    {
        var array = (RArray)args[0];
        var (from, to) = (args[1].Num(), args[2].Num());
        if (!from.IsInt64 || !to.IsInt64) return e.Fail("array.slice: start and stop must be integers");
        var start = Math.Clamp(from.Int64, 0, array.Count);
        var stop = Math.Clamp(to.Int64, 0, array.Count);
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
            if (graph.Get(root) is null) continue;
            Extend(e, graph, root, [root], new HashSet<RValue> { root }, results);
        }
        return results.Build();
    }

    private static void Extend(Evaluation e, RObject graph, RValue node, List<RValue> path, HashSet<RValue> seen, RSetBuilder results)
    {
        e.Tick();
        e.GuardStack();
        var edges = graph.Get(node);
        var items = edges is null ? default : edges.Items();
        if (items.Length == 0)
        {
            results.Add(new RArray([.. path]));
            return;
        }
        foreach (var next in items)
        {
            if (!seen.Add(next) || graph.Get(next) is null)
            {
                results.Add(new RArray([.. path]));
                if (graph.Get(next) is null) seen.Remove(next);
                continue;
            }
            path.Add(next);
            Extend(e, graph, next, path, seen, results);
            path.RemoveAt(path.Count - 1);
            seen.Remove(next);
        }
    }
}
