using System.Globalization;
using Rego.Evaluate;
using Rego.Values;

namespace Rego.Builtins;

/// <summary>json.patch (RFC 6902), on sets as well; any step that fails makes the whole undefined, in strict mode too.</summary>
internal static class JsonPatch
{
    public static RValue? Apply(Evaluation e, ReadOnlySpan<RValue> args)
    {
        RValue? target = args[0];
        foreach (var item in args[1].Items())
        {
            e.Tick();
            if (item is not RObject operation) return null;
            if (operation.Get("op") is not RString op) return null;
            var path = Path(operation.Get("path"));
            if (path is null) return null;
            var from = op.Value is "move" or "copy" ? Path(operation.Get("from")) : null;
            if (op.Value is "move" or "copy" && from is null) return null;
            e.Spend(Cost(target, path) + (from is null ? 0 : Cost(target, from)));
            var value = operation.Get("value");
            if (op.Value is "add" or "replace" or "test" && value is null) return null;
            switch (op.Value)
            {
                case "add": target = Put(target, path, 0, value!, replace: false); break;
                case "replace": target = Put(target, path, 0, value!, replace: true); break;
                case "remove": target = Take(target, path, 0); break;
                case "test": target = At(target, path) is { } found && found.Equals(value) ? target : null; break;
                case "copy":
                    target = At(target, from!) is { } copied ? Put(target, path, 0, copied, replace: false) : null;
                    break;
                case "move":
                    {
                        var moved = At(target, from!);
                        target = moved is null ? null : Take(target, from!, 0);
                        if (target is not null || from!.Length == 0) target = Put(target, path, 0, moved!, replace: false);
                        break;
                    }
                default: return null;
            }
            if (target is null) return null;
        }
        return target;
    }

    /// <summary>Every collection on the way is written anew.</summary>
    private static long Cost(RValue? target, RValue[] path)
    {
        var steps = 0L;
        for (var i = 0; target is not null && i <= path.Length; i++)
        {
            steps += target switch { RArray a => a.Count, RObject o => o.Count, RSet s => s.Count, _ => 0 } / 4;
            target = i < path.Length ? At(target, [path[i]]) : null;
        }
        return steps;
    }

    private static RValue[]? Path(RValue? path) => path switch
    {
        RArray a => a.Items.ToArray(),
        RString => Objects.Segments(path),
        _ => null,
    };

    private static RValue? At(RValue? value, RValue[] path)
    {
        foreach (var key in path)
        {
            value = value switch
            {
                RObject o => o.Get(key),
                RArray a => Index(key, a.Count, false) is { } i && i < a.Count ? a[i] : null,
                RSet s => s.Get(key),
                _ => null,
            };
            if (value is null) return null;
        }
        return value;
    }

    private static int? Index(RValue key, int count, bool append)
    {
        switch (key)
        {
            case RNumber { IsInt64: true, IsIntegerText: true } n when n.Int64 >= 0 && n.Int64 <= count: return (int)n.Int64;
            case RString { Value: "-" } when append: return count;
            case RString s when s.Value.Length > 0 && (s.Value == "0" || s.Value[0] is >= '1' and <= '9') && int.TryParse(s.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var i) && i <= count: return i;
            default: return null;
        }
    }

    private static RValue? Put(RValue? target, RValue[] path, int at, RValue value, bool replace)
    {
        if (at == path.Length) return value;
        var key = path[at];
        var last = at == path.Length - 1;
        switch (target)
        {
            case RObject o:
                {
                    var below = o.Get(key);
                    if (below is null && (!last || replace)) return null;
                    var changed = last ? value : Put(below, path, at + 1, value, replace);
                    if (changed is null) return null;
                    var builder = new RObjectBuilder(o.Count + 1);
                    builder.SetAll(o);
                    builder.Set(key, changed);
                    return builder.Build();
                }
            case RArray a:
                {
                    if (Index(key, a.Count, last && !replace) is not { } i) return null;
                    var items = a.Items.ToArray().ToList();
                    if (last && !replace)
                    {
                        items.Insert(i, value);
                        return new RArray([.. items]);
                    }
                    if (i >= a.Count) return null;
                    var changed = last ? value : Put(a[i], path, at + 1, value, replace);
                    if (changed is null) return null;
                    items[i] = changed;
                    return new RArray([.. items]);
                }
            case RSet s:
                {
                    // In a set the key is the value.
                    if (last && (!key.Equals(value) || (replace && s.Get(key) is null))) return null;
                    if (last) return RSet.Of([.. s.SortedElements, value]);
                    if (s.Get(key) is not { } element) return null;
                    var changed = Put(element, path, at + 1, value, replace);
                    if (changed is null) return null;
                    return RSet.Of(s.SortedElements.Where(x => !x.Equals(element)).Append(changed));
                }
            default: return null;
        }
    }

    private static RValue? Take(RValue? target, RValue[] path, int at)
    {
        if (at == path.Length) return null;
        var key = path[at];
        var last = at == path.Length - 1;
        switch (target)
        {
            case RObject o:
                {
                    if (o.Get(key) is not { } below) return null;
                    var builder = new RObjectBuilder(o.Count);
                    var keys = o.Keys;
                    var values = o.Values;
                    for (var i = 0; i < keys.Length; i++)
                    {
                        if (!keys[i].Equals(key)) builder.Set(keys[i], values[i]);
                    }
                    if (!last)
                    {
                        if (Take(below, path, at + 1) is not { } changed) return null;
                        builder.Set(key, changed);
                    }
                    return builder.Build();
                }
            case RArray a:
                {
                    if (Index(key, a.Count, false) is not { } i || i >= a.Count) return null;
                    var items = a.Items.ToArray().ToList();
                    if (last)
                    {
                        items.RemoveAt(i);
                        return new RArray([.. items]);
                    }
                    if (Take(a[i], path, at + 1) is not { } changed) return null;
                    items[i] = changed;
                    return new RArray([.. items]);
                }
            case RSet s:
                {
                    if (s.Get(key) is not { } element) return null;
                    var rest = s.SortedElements.Where(x => !x.Equals(element));
                    if (last) return RSet.Of(rest);
                    return Take(element, path, at + 1) is { } changed ? RSet.Of(rest.Append(changed)) : null;
                }
            default: return null;
        }
    }
}
