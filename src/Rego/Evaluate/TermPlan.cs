using System.Runtime.CompilerServices;
using Rego.Builtins;
using Rego.Syntax;
using Rego.Values;

namespace Rego.Evaluate;

/// <summary>A term whose variables are all bound when it is reached. Null means undefined.</summary>
internal abstract class TermPlan
{
    public abstract RValue? Eval(Evaluation e, Frame f);
}

internal sealed class ConstPlan(RValue value) : TermPlan
{
    public RValue Value { get; } = value;

    public override RValue? Eval(Evaluation e, Frame f) => Value;
}

internal sealed class SlotPlan(int slot) : TermPlan
{
    public int Slot { get; } = slot;

    public override RValue? Eval(Evaluation e, Frame f) => f[Slot];
}

internal sealed class InputPlan : TermPlan
{
    public static readonly InputPlan Instance = new();

    public override RValue? Eval(Evaluation e, Frame f) => e.Input;
}

/// <summary>input.a.b with constant keys: by far the most common reference.</summary>
internal sealed class InputPathPlan(RValue[] keys) : TermPlan
{
    public RValue[] Keys { get; } = keys;

    public override RValue? Eval(Evaluation e, Frame f)
    {
        var value = e.Input;
        foreach (var key in Keys)
        {
            value = value switch
            {
                RObject o => o.Get(key),
                null => null,
                _ => e.Lookup(value, key),
            };
            if (value is null) return null;
        }
        return value;
    }
}

/// <summary>Base data at a constant path where no rule lives. Looked up once as long as no "with" changes data.</summary>
internal sealed class BasePlan(Plan plan, RValue[] keys) : TermPlan
{
    private RValue? _known;

    public override RValue? Eval(Evaluation e, Frame f)
    {
        if (!ReferenceEquals(e.Base, plan.Base)) return e.BaseAt(keys);
        var known = _known ??= e.BaseAt(keys) ?? Undefined.Instance;
        return ReferenceEquals(known, Undefined.Instance) ? null : known;
    }
}

internal sealed class CompletePlan(DocNode node) : TermPlan
{
    public DocNode Node { get; } = node;

    public override RValue? Eval(Evaluation e, Frame f) => e.Complete(Node.Complete!);
}

/// <summary>A document as a handle: evaluated as far as later steps ask for it.</summary>
internal sealed class DocumentPlan(DocNode node) : TermPlan
{
    public DocNode Node { get; } = node;

    public override RValue? Eval(Evaluation e, Frame f)
    {
        var baseValue = e.BaseAt(Node.Path);
        if (e.Masks is not null && e.IsMasked(Node)) return baseValue;
        return new DocHandle(Node, baseValue, []);
    }
}

internal sealed class SetDocumentPlan(DocNode node) : TermPlan
{
    public override RValue? Eval(Evaluation e, Frame f) => e.SetDocument(node.Set!);
}

internal sealed class SetMemberPlan(DocNode node, TermPlan element) : TermPlan
{
    public override RValue? Eval(Evaluation e, Frame f)
    {
        var value = element.Eval(e, f);
        return value is null ? null : e.SetMember(node.Set!, value);
    }
}

internal sealed class ForcePlan(TermPlan inner) : TermPlan
{
    public override RValue? Eval(Evaluation e, Frame f) => e.Force(inner.Eval(e, f));
}

internal sealed class PathPlan(TermPlan head, TermPlan[] keys) : TermPlan
{
    public override RValue? Eval(Evaluation e, Frame f)
    {
        var value = head.Eval(e, f);
        foreach (var plan in keys)
        {
            if (value is null) return null;
            var key = plan.Eval(e, f);
            if (key is null) return null;
            value = e.Lookup(value, key);
        }
        return value;
    }
}

internal sealed class ElementPlan(int slot, RValue key) : TermPlan
{
    public override RValue? Eval(Evaluation e, Frame f) => e.Lookup(f[slot]!, key);
}

internal sealed class ArrayPlan(TermPlan[] items) : TermPlan
{
    public override RValue? Eval(Evaluation e, Frame f)
    {
        e.GuardStack();
        var values = new RValue[items.Length];
        var into = values.AsSpan();
        for (var i = 0; i < into.Length; i++)
        {
            var value = items[i].Eval(e, f);
            if (value is null) return null;
            into[i] = value;
        }
        return e.Weigh(new RArray(values));
    }
}

internal sealed class SetPlan(TermPlan[] items) : TermPlan
{
    public override RValue? Eval(Evaluation e, Frame f)
    {
        e.GuardStack();
        var builder = e.RentSet();
        foreach (var item in items)
        {
            if (item.Eval(e, f) is { } value)
            {
                builder.Add(value);
                continue;
            }
            builder.Clear();
            e.TakeSet(builder);
            return null;
        }
        return e.TakeSet(builder);
    }
}

internal sealed class ObjectPlan(TermPlan[] keys, TermPlan[] values) : TermPlan
{
    public override RValue? Eval(Evaluation e, Frame f)
    {
        e.GuardStack();
        var builder = new RObjectBuilder(keys.Length);
        for (var i = 0; i < keys.Length; i++)
        {
            var key = keys[i].Eval(e, f);
            var value = values[i].Eval(e, f);
            if (key is null || value is null) return null;
            builder.Set(key, value);
        }
        return e.Weigh(builder.Build());
    }
}

/// <summary>An object whose keys are known beforehand: they are in order and shared by all objects made here.</summary>
internal sealed class RecordPlan(RValue[] keys, TermPlan[] values) : TermPlan
{
    public override RValue? Eval(Evaluation e, Frame f)
    {
        e.GuardStack();
        var filled = new RValue[values.Length];
        var into = filled.AsSpan();
        for (var i = 0; i < into.Length; i++)
        {
            var value = values[i].Eval(e, f);
            if (value is null) return null;
            into[i] = value;
        }
        return e.Weigh(RObject.Ordered(keys, filled));
    }
}

internal sealed class ComprehensionPlan(ComprehensionKind kind) : TermPlan
{
    public Step First { get; set; } = null!;

    /// <summary>Set when the comprehension lists all there is in a collection: [x | some x in xs].</summary>
    public TermPlan? Whole { get; set; }

    public override RValue? Eval(Evaluation e, Frame f)
    {
        e.GuardStack();
        switch (Whole?.Eval(e, f))
        {
            case RArray a: return a;
            case RSet s: return Listed(e, s.SortedElements);
            case RObject o: return Listed(e, o.SortedValues);
        }
        var outer = f.Sink;
        switch (kind)
        {
            case ComprehensionKind.Array:
                {
                    var items = e.RentList();
                    f.Sink = items;
                    First.Run(e, f);
                    f.Sink = outer;
                    var array = items.Count == 0 ? RArray.Empty : e.Weigh(new RArray([.. items]));
                    e.ReturnList(items);
                    return array;
                }
            case ComprehensionKind.Set:
                {
                    var elements = e.RentSet();
                    f.Sink = elements;
                    First.Run(e, f);
                    f.Sink = outer;
                    return e.TakeSet(elements);
                }
            default:
                {
                    var entries = new RObjectBuilder();
                    f.Sink = entries;
                    First.Run(e, f);
                    f.Sink = outer;
                    return e.Weigh(entries.Build());
                }
        }
    }

    private static RArray Listed(Evaluation e, RValue[] items)
    {
        e.Spend(items.Length);
        return items.Length == 0 ? RArray.Empty : e.Weigh(new RArray(items));
    }
}

[InlineArray(Length)]
internal struct ArgumentBuffer
{
    public const int Length = 8;

    private RValue _first;
}

internal sealed class BuiltinCallPlan(Location at, BuiltinEntry builtin, TermPlan[] args) : TermPlan
{
    public override RValue? Eval(Evaluation e, Frame f)
    {
        var buffer = default(ArgumentBuffer);
        var values = args.Length <= ArgumentBuffer.Length ? ((Span<RValue>)buffer)[..args.Length] : new RValue[args.Length];
        for (var i = 0; i < args.Length; i++)
        {
            var value = args[i].Eval(e, f);
            if (value is null) return null;
            values[i] = value;
        }
        return Call(e, values);
    }

    public RValue? Call(Evaluation e, ReadOnlySpan<RValue> values)
    {
        if (e.Mocks is not null && Mock.Find(e.Mocks, builtin) is { } mock) return Calls.Mocked(e, mock, values, at);
        e.Tick();
        e.CallAt = at;
        return builtin.Call(e, values) is { } result ? e.Weigh(result) : null;
    }
}

internal enum Comparison
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// <summary>The comparisons, which never fail and which policies use most.</summary>
internal sealed class ComparisonPlan(Comparison comparison, TermPlan left, TermPlan right) : TermPlan
{
    public static Comparison? Of(string builtin) => builtin switch
    {
        "equal" => Comparison.Equal,
        "neq" => Comparison.NotEqual,
        "lt" => Comparison.Less,
        "lte" => Comparison.LessOrEqual,
        "gt" => Comparison.Greater,
        "gte" => Comparison.GreaterOrEqual,
        _ => null,
    };

    public override RValue? Eval(Evaluation e, Frame f)
    {
        var a = left.Eval(e, f);
        if (a is null) return null;
        var b = right.Eval(e, f);
        return b is null ? null : RBool.Of(Holds(a, b));
    }

    /// <summary>Both sides are there, and it is so.</summary>
    public bool Holds(Evaluation e, Frame f)
    {
        var a = left.Eval(e, f);
        if (a is null) return false;
        var b = right.Eval(e, f);
        return b is not null && Holds(a, b);
    }

    private bool Holds(RValue a, RValue b) => comparison switch
    {
        Comparison.Equal => a.Equals(b),
        Comparison.NotEqual => !a.Equals(b),
        Comparison.Less => RValue.Compare(a, b) < 0,
        Comparison.LessOrEqual => RValue.Compare(a, b) <= 0,
        Comparison.Greater => RValue.Compare(a, b) > 0,
        _ => RValue.Compare(a, b) >= 0,
    };
}

internal sealed class FunctionCallPlan(Location at, DocNode node, TermPlan[] args) : TermPlan
{
    public override RValue? Eval(Evaluation e, Frame f)
    {
        var buffer = default(ArgumentBuffer);
        var values = args.Length <= ArgumentBuffer.Length ? ((Span<RValue>)buffer)[..args.Length] : new RValue[args.Length];
        for (var i = 0; i < args.Length; i++)
        {
            var value = args[i].Eval(e, f);
            if (value is null) return null;
            values[i] = value;
        }
        if (e.Mocks is not null && Mock.Find(e.Mocks, node) is { } mock) return Calls.Mocked(e, mock, values, at);
        return e.Call(node.Function!, values);
    }
}

internal static class Calls
{
    public static RValue? Mocked(Evaluation e, Mock mock, ReadOnlySpan<RValue> args, Location at)
    {
        if (mock.Value is not null) return mock.Value;
        var saved = e.Save();
        e.Layer(e.Input, e.Base, e.Masks, Mock.Without(e.Mocks, mock.Target));
        RValue? result;
        if (mock.Builtin is { } builtin)
        {
            e.CallAt = at;
            result = builtin.Call(e, args);
        }
        else
        {
            result = e.Call(mock.Function!, args);
        }
        e.Restore(saved);
        return result;
    }
}
