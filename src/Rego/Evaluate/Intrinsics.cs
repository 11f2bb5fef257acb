using Rego.Builtins;
using Rego.Syntax;
using Rego.Values;

namespace Rego.Evaluate;

/// <summary>
/// Builtins that policies call all the time, without the way through the table and without making a collection only to hand it
/// over. What is out of the ordinary (a wrong kind, a replacement by "with") goes the usual way.
/// </summary>
internal static class Intrinsics
{
    /// <param name="items">The plans of the last argument's items where that is an array or set written out there; otherwise null.</param>
    public static TermPlan? Of(BuiltinEntry builtin, TermPlan[] args, TermPlan[]? items, BuiltinCallPlan usual) => (builtin.Name, args.Length) switch
    {
        ("internal.member_2", 2) => new MemberPlan(args[0], args[1]),
        ("object.get", 3) => new ObjectGetPlan(builtin, args, usual),
        ("count", 1) => new CountPlan(builtin, args[0], usual),
        ("sprintf", 2) when items is { Length: <= ArgumentBuffer.Length } => new SprintfPlan(builtin, args[0], items, usual),
        ("union", 1) when items is { Length: > 0 } => new UnionPlan(builtin, items, usual),
        ("regex.match", 2) => new PatternPlan(builtin, args, usual),
        ("startswith", 2) => new AffixPlan(builtin, Affix.Start, args, usual),
        ("endswith", 2) => new AffixPlan(builtin, Affix.End, args, usual),
        ("is_null", 1) => new KindPlan(builtin, RKind.Null, args[0], usual),
        ("is_boolean", 1) => new KindPlan(builtin, RKind.Boolean, args[0], usual),
        ("is_number", 1) => new KindPlan(builtin, RKind.Number, args[0], usual),
        ("is_string", 1) => new KindPlan(builtin, RKind.String, args[0], usual),
        ("is_array", 1) => new KindPlan(builtin, RKind.Array, args[0], usual),
        ("is_object", 1) => new KindPlan(builtin, RKind.Object, args[0], usual),
        ("is_set", 1) => new KindPlan(builtin, RKind.Set, args[0], usual),
        _ => null,
    };

    public static bool IsReplaced(Evaluation e, BuiltinEntry builtin) => e.Mocks is not null && Mock.Find(e.Mocks, builtin) is not null;
}

/// <summary>x in xs</summary>
internal sealed class MemberPlan(TermPlan element, TermPlan collection) : TermPlan
{
    private const int ItemsPerStep = 16;

    public override RValue? Eval(Evaluation e, Frame f)
    {
        var value = element.Eval(e, f);
        if (value is null) return null;
        switch (collection.Eval(e, f))
        {
            case null: return null;
            case RSet s: return RBool.Of(s.Contains(value));
            case RArray a: return RBool.Of(Among(e, a.Items, value));
            case RObject o: return RBool.Of(Among(e, o.Values, value));
            default: return RBool.False;
        }
    }

    private static bool Among(Evaluation e, ReadOnlySpan<RValue> items, RValue value)
    {
        e.Spend((items.Length / ItemsPerStep) + 1);
        foreach (var item in items)
        {
            if (item.Equals(value)) return true;
        }
        return false;
    }
}

/// <summary>object.get with one key: the value in its absence is made only when it is needed.</summary>
internal sealed class ObjectGetPlan(BuiltinEntry builtin, TermPlan[] args, BuiltinCallPlan usual) : TermPlan
{
    public override RValue? Eval(Evaluation e, Frame f)
    {
        if (args[0].Eval(e, f) is not RObject o || Intrinsics.IsReplaced(e, builtin)) return usual.Eval(e, f);
        var key = args[1].Eval(e, f);
        if (key is null) return null;
        if (key is RArray) return usual.Eval(e, f);
        e.Tick();
        return o.Get(key) ?? args[2].Eval(e, f);
    }
}

internal sealed class CountPlan(BuiltinEntry builtin, TermPlan of, BuiltinCallPlan usual) : TermPlan
{
    public override RValue? Eval(Evaluation e, Frame f)
    {
        if (Intrinsics.IsReplaced(e, builtin)) return usual.Eval(e, f);
        var value = of.Eval(e, f);
        if (value is null) return null;
        e.Tick();
        return value switch
        {
            RSet s => RNumber.Of(s.Count),
            RArray a => RNumber.Of(a.Count),
            RObject o => RNumber.Of(o.Count),
            _ => usual.Call(e, [value]),
        };
    }
}

/// <summary>is_string and the like.</summary>
internal sealed class KindPlan(BuiltinEntry builtin, RKind kind, TermPlan of, BuiltinCallPlan usual) : TermPlan
{
    public override RValue? Eval(Evaluation e, Frame f)
    {
        if (Intrinsics.IsReplaced(e, builtin)) return usual.Eval(e, f);
        var value = of.Eval(e, f);
        return value is null ? null : RBool.Of(value.Kind == kind);
    }
}

/// <summary>regex.match: a known pattern that cannot match is not run.</summary>
internal sealed class PatternPlan(BuiltinEntry builtin, TermPlan[] args, BuiltinCallPlan usual) : TermPlan
{
    public override RValue? Eval(Evaluation e, Frame f)
    {
        if (args[0].Eval(e, f) is not { } pattern || args[1].Eval(e, f) is not { } text) return null;
        if (pattern is RString { Attachment: Re2Pattern known } && text is RString s && !Intrinsics.IsReplaced(e, builtin))
        {
            e.Spend((s.Value.Length / 32) + 1);
            if (known.IsRuledOut(s.Value)) return RBool.False;
        }
        return usual.Call(e, [pattern, text]);
    }
}

internal enum Affix
{
    Start,
    End,
}

/// <summary>startswith and endswith</summary>
internal sealed class AffixPlan(BuiltinEntry builtin, Affix affix, TermPlan[] args, BuiltinCallPlan usual) : TermPlan
{
    public override RValue? Eval(Evaluation e, Frame f)
    {
        if (args[0].Eval(e, f) is not { } text || args[1].Eval(e, f) is not { } part) return null;
        if (text is not RString t || part is not RString p || Intrinsics.IsReplaced(e, builtin)) return usual.Call(e, [text, part]);
        e.Spend((p.Value.Length / 32) + 1);
        return RBool.Of(affix == Affix.Start ? t.Value.StartsWith(p.Value, StringComparison.Ordinal) : t.Value.EndsWith(p.Value, StringComparison.Ordinal));
    }
}

/// <summary>sprintf with its arguments written out: they are never made an array.</summary>
internal sealed class SprintfPlan(BuiltinEntry builtin, TermPlan format, TermPlan[] items, BuiltinCallPlan usual) : TermPlan
{
    public override RValue? Eval(Evaluation e, Frame f)
    {
        if (format.Eval(e, f) is not RString text || FormatPlan.Of(text) is not { } plan || Intrinsics.IsReplaced(e, builtin)) return usual.Eval(e, f);
        var buffer = default(ArgumentBuffer);
        var values = ((Span<RValue>)buffer)[..items.Length];
        var length = text.Value.Length;
        for (var i = 0; i < items.Length; i++)
        {
            if (items[i].Eval(e, f) is not { } value) return null;
            values[i] = value;
            length += value is RString s ? s.Value.Length : 0;
        }
        if (length > Strings.MaxLength || plan.Apply(values) is not { } result) return usual.Eval(e, f);
        e.Spend((length / 32) + 1);
        return new RString(result);
    }
}

/// <summary>union of sets written out: the set of them is never made.</summary>
internal sealed class UnionPlan(BuiltinEntry builtin, TermPlan[] sets, BuiltinCallPlan usual) : TermPlan
{
    public override RValue? Eval(Evaluation e, Frame f)
    {
        if (Intrinsics.IsReplaced(e, builtin)) return usual.Eval(e, f);
        var union = e.RentSet();
        RSet? only = null;
        foreach (var plan in sets)
        {
            if (plan.Eval(e, f) is not RSet set)
            {
                union.Clear();
                e.TakeSet(union);
                return usual.Eval(e, f);
            }
            if (set.Count == 0) continue;
            if (only is null && union.Count == 0)
            {
                only = set;
                continue;
            }
            if (only is not null) Add(e, union, only);
            only = null;
            Add(e, union, set);
        }
        var all = e.TakeSet(union);
        return only ?? all;
    }

    private static void Add(Evaluation e, RSetBuilder union, RSet set)
    {
        e.Spend((set.Count / 4) + 1);
        foreach (var element in set.Elements) union.Add(element);
    }
}
