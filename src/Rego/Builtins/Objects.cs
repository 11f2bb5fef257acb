using Rego.Evaluate;
using Rego.Values;

namespace Rego.Builtins;

/// <summary>object.* and the json.* that take documents apart.</summary>
internal static class Objects
{
    public static void Register(Registrar t)
    {
        t.Add("object.get", "o * *", (_, a) => Get((RObject)a[0], a[1]) ?? a[2]);
        t.Add("object.keys", "o", (_, a) => RSet.Of(((RObject)a[0]).SortedKeys));
        t.Add("object.union", "o o", (e, a) => Merge(e, a[0], a[1]));
        t.Add("object.union_n", "a", (e, a) =>
        {
            var objects = new List<RObject>();
            foreach (var item in a[0].Items())
            {
                if (item is not RObject o) return e.Fault("eval_type_error", $"object.union_n: operand 1 must be array of objects but got array containing {item.TypeName}");
                objects.Add(o);
            }
            return MergeAll(e, objects);
        });
        t.Add("object.remove", "o ota", (_, a) =>
        {
            var gone = KeysOf(a[1]);
            return Keep((RObject)a[0], k => !gone.Contains(k));
        });
        t.Add("object.filter", "o ota", (_, a) =>
        {
            var kept = KeysOf(a[1]);
            return Keep((RObject)a[0], kept.Contains);
        });
        t.Add("object.subset", "ota? ota?", Subset);
        t.Add("json.filter", "o ta", JsonFilter);
        t.Add("json.remove", "o ta", JsonRemove);
        t.Add("json.patch", "* a", JsonPatch.Apply);
    }

    private static RValue? Get(RObject o, RValue key)
    {
        if (key is not RArray path) return o.Get(key);
        RValue? value = o;
        foreach (var step in path.Items)
        {
            value = value switch
            {
                RObject x => x.Get(step),
                RArray x => x.Get(step),
                RSet x => x.Get(step),
                _ => null,
            };
            if (value is null) return null;
        }
        return value;
    }

    private static RValue Merge(Evaluation e, RValue a, RValue b)
    {
        if (a is not RObject x || b is not RObject y) return b;
        e.GuardStack();
        e.Spend(x.Count + y.Count);
        var builder = new RObjectBuilder(x.Count + y.Count);
        builder.SetAll(x);
        var keys = y.Keys;
        var values = y.Values;
        for (var i = 0; i < keys.Length; i++)
        {
            var existing = builder.Get(keys[i]);
            builder.Set(keys[i], existing is null ? values[i] : Merge(e, existing, values[i]));
        }
        return builder.Build();
    }

    /// <summary>As merging them one after the other, in time that grows with what they hold and not with the square.</summary>
    private static RObject MergeAll(Evaluation e, List<RObject> objects)
    {
        if (objects.Count == 1) return objects[0];
        e.GuardStack();
        var builder = new RObjectBuilder();
        // Where objects meet objects under one key: those that stand after the last value of another kind.
        Dictionary<RValue, List<RObject>>? meeting = null;
        foreach (var o in objects)
        {
            e.Spend(o.Count + 1);
            var keys = o.Keys;
            var values = o.Values;
            for (var i = 0; i < keys.Length; i++)
            {
                if (values[i] is RObject added && builder.Get(keys[i]) is RObject existing)
                {
                    meeting ??= [];
                    if (!meeting.TryGetValue(keys[i], out var those)) meeting[keys[i]] = those = [existing];
                    those.Add(added);
                }
                else
                {
                    meeting?.Remove(keys[i]);
                }
                builder.Set(keys[i], values[i]);
            }
        }
        foreach (var (key, those) in meeting ?? []) builder.Set(key, MergeAll(e, those));
        return builder.Build();
    }

    private static HashSet<RValue> KeysOf(RValue keys) => keys is RObject o ? [.. o.SortedKeys] : [.. keys.Items()];

    private static RObject Keep(RObject o, Func<RValue, bool> keep)
    {
        var builder = new RObjectBuilder();
        var keys = o.Keys;
        var values = o.Values;
        for (var i = 0; i < keys.Length; i++)
        {
            if (keep(keys[i])) builder.Set(keys[i], values[i]);
        }
        return builder.Build();
    }

    private static RValue? Subset(Evaluation e, ReadOnlySpan<RValue> args)
    {
        switch (args[0], args[1])
        {
            case (RObject super, RObject sub): return RBool.Of(IsSubset(super, sub));
            case (RSet super, RSet sub): return RBool.Of(IsSubset(super, sub));
            case (RArray super, RArray sub): return RBool.Of(IsSubsequence(super, sub));
            case (RArray super, RSet sub):
                {
                    // Counted as OPA counts: what the array holds twice counts twice, and an empty array holds nothing.
                    var missing = sub.Count;
                    foreach (var item in super.Items)
                    {
                        if (sub.Contains(item)) missing--;
                        if (missing == 0) return RBool.True;
                    }
                    return RBool.False;
                }
            default: return e.Fault("eval_type_error", "object.subset: both arguments object.subset must be of the same type or array and set");
        }
    }

    private static bool IsSubset(RSet super, RSet sub)
    {
        foreach (var element in sub.Elements)
        {
            if (!super.Contains(element)) return false;
        }
        return true;
    }

    private static bool IsSubset(RObject super, RObject sub)
    {
        var keys = sub.Keys;
        var values = sub.Values;
        for (var i = 0; i < keys.Length; i++)
        {
            if (super.Get(keys[i]) is not { } value) return false;
            var holds = (value, values[i]) switch
            {
                (RObject x, RObject y) => IsSubset(x, y),
                (RSet x, RSet y) => IsSubset(x, y),
                (RArray x, RArray y) => IsSubsequence(x, y),
                var (x, y) => x.Equals(y),
            };
            if (!holds) return false;
        }
        return true;
    }

    private static bool IsSubsequence(RArray super, RArray sub)
    {
        if (sub.Count == 0) return true;
        for (var start = 0; start + sub.Count <= super.Count; start++)
        {
            var i = 0;
            while (i < sub.Count && super[start + i].Equals(sub[i])) i++;
            if (i == sub.Count) return true;
        }
        return false;
    }

    /// <summary>Paths given as "a/b" (with ~0 ~1 and an optional leading slash) or as arrays, as a tree; a leaf means all below.</summary>
    private sealed class PathTree
    {
        public Dictionary<RValue, PathTree> Below { get; } = [];

        public bool IsLeaf { get; private set; }

        public static PathTree? Read(Evaluation e, string name, RValue paths)
        {
            var root = new PathTree();
            var list = paths is RObject o ? o.SortedKeys : paths.Items().ToArray();
            foreach (var path in list)
            {
                if (Segments(path) is not { } segments)
                {
                    e.Fault("eval_type_error", $"{name}: operand 2 must be one of {{set, array}} containing string paths or array of path segments but got {path.TypeName}");
                    return null;
                }
                // The empty path asks for nothing.
                if (segments.Length == 0) continue;
                var node = root;
                foreach (var segment in segments)
                {
                    if (node.IsLeaf) break;
                    if (!node.Below.TryGetValue(segment, out var next)) node.Below[segment] = next = new PathTree();
                    node = next;
                }
                node.IsLeaf = true;
                node.Below.Clear();
            }
            return root;
        }

        public PathTree? At(RValue key) => Below.GetValueOrDefault(key);

        /// <summary>A place in an array is asked for by its digits as text.</summary>
        public PathTree? At(int index) => Below.GetValueOrDefault(new RString(index.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }

    public static RValue[]? Segments(RValue path)
    {
        switch (path)
        {
            case RString s:
                if (s.Value.Length == 0) return [];
                return [.. s.Value.TrimStart('/').Split('/').Select(p => (RValue)new RString(p.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)))];
            case RArray a: return a.Items.ToArray();
            default: return null;
        }
    }

    private static RValue? JsonFilter(Evaluation e, ReadOnlySpan<RValue> args)
    {
        var tree = PathTree.Read(e, "json.filter", args[1]);
        if (tree is null) return null;
        return Filtered(args[0], tree);
    }

    private static RValue Filtered(RValue value, PathTree tree)
    {
        if (tree.IsLeaf) return value;
        switch (value)
        {
            case RObject o:
                {
                    var builder = new RObjectBuilder();
                    var keys = o.Keys;
                    var values = o.Values;
                    for (var i = 0; i < keys.Length; i++)
                    {
                        if (tree.At(keys[i]) is { } below) builder.Set(keys[i], Filtered(values[i], below));
                    }
                    return builder.Build();
                }
            case RArray a:
                {
                    var items = new List<RValue>();
                    for (var i = 0; i < a.Count; i++)
                    {
                        if (tree.At(i) is { } below) items.Add(Filtered(a[i], below));
                    }
                    return new RArray([.. items]);
                }
            case RSet s:
                {
                    var builder = new RSetBuilder();
                    foreach (var element in s.Elements)
                    {
                        if (tree.At(element) is { } below) builder.Add(Filtered(element, below));
                    }
                    return builder.Build();
                }
            // A path that goes on below what has no parts keeps it.
            default: return value;
        }
    }

    private static RValue? JsonRemove(Evaluation e, ReadOnlySpan<RValue> args)
    {
        var tree = PathTree.Read(e, "json.remove", args[1]);
        if (tree is null) return null;
        return Without(args[0], tree);
    }

    private static RValue Without(RValue value, PathTree tree)
    {
        switch (value)
        {
            case RObject o:
                {
                    var builder = new RObjectBuilder();
                    var keys = o.Keys;
                    var values = o.Values;
                    for (var i = 0; i < keys.Length; i++)
                    {
                        var below = tree.At(keys[i]);
                        if (below is { IsLeaf: true }) continue;
                        builder.Set(keys[i], below is null ? values[i] : Without(values[i], below));
                    }
                    return builder.Build();
                }
            case RArray a:
                {
                    var items = new List<RValue>();
                    for (var i = 0; i < a.Count; i++)
                    {
                        var below = tree.At(i);
                        if (below is { IsLeaf: true }) continue;
                        items.Add(below is null ? a[i] : Without(a[i], below));
                    }
                    return new RArray([.. items]);
                }
            case RSet s:
                {
                    var builder = new RSetBuilder();
                    foreach (var element in s.Elements)
                    {
                        var below = tree.At(element);
                        if (below is { IsLeaf: true }) continue;
                        builder.Add(below is null ? element : Without(element, below));
                    }
                    return builder.Build();
                }
            default: return value;
        }
    }
}
