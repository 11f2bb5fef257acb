using System.Runtime.CompilerServices;
using Rego.Builtins;
using Rego.Syntax;
using Rego.Values;

namespace Rego.Evaluate;

/// <summary>
/// One statement of a planned body. Run carries on with the statements behind it once for every way to satisfy this one,
/// and answers true when nothing more is wanted.
/// </summary>
internal abstract class Step(bool isPlain = false)
{
    /// <summary>It is a <see cref="PlainStep"/>: a cheaper question than asking for the class.</summary>
    public readonly bool IsPlain = isPlain;

    public Step Next { get; set; } = null!;

    public abstract bool Run(Evaluation e, Frame f);
}

/// <summary>A statement that holds in one way at most. A row of them runs as a loop, so a long body costs no stack.</summary>
internal abstract class PlainStep() : Step(isPlain: true)
{
    public abstract bool Holds(Evaluation e, Frame f);

    public sealed override bool Run(Evaluation e, Frame f)
    {
        Step step = this;
        while (step.IsPlain)
        {
            if (!Unsafe.As<PlainStep>(step).Holds(e, f)) return false;
            step = step.Next;
        }
        return step.Run(e, f);
    }
}

internal sealed class FailStep : PlainStep
{
    public override bool Holds(Evaluation e, Frame f) => false;
}

/// <summary>The value must be there and not be false.</summary>
internal sealed class HoldsStep(TermPlan term) : PlainStep
{
    public override bool Holds(Evaluation e, Frame f)
    {
        var value = term.Eval(e, f);
        return value is not null && !ReferenceEquals(value, RBool.False);
    }
}

/// <summary>A comparison as a statement of its own.</summary>
internal sealed class ComparisonStep(ComparisonPlan comparison) : PlainStep
{
    public override bool Holds(Evaluation e, Frame f) => comparison.Holds(e, f);
}

internal sealed class DefinedStep(TermPlan term) : PlainStep
{
    public override bool Holds(Evaluation e, Frame f) => term.Eval(e, f) is not null;
}

internal sealed class BindStep(int slot, TermPlan term) : PlainStep
{
    public override bool Holds(Evaluation e, Frame f)
    {
        var value = term.Eval(e, f);
        if (value is null) return false;
        f[slot] = value;
        return true;
    }
}

internal sealed class EqualStep(TermPlan left, TermPlan right) : PlainStep
{
    public override bool Holds(Evaluation e, Frame f)
    {
        var a = left.Eval(e, f);
        if (a is null) return false;
        var b = right.Eval(e, f);
        return b is not null && a.Equals(b);
    }
}

/// <summary>The slot holds an array of this length.</summary>
internal sealed class ArrayShapeStep(int slot, int length) : PlainStep
{
    public override bool Holds(Evaluation e, Frame f) => f[slot] is RArray a && a.Count == length;
}

/// <summary>The slot holds an object of this size; its keys are checked one by one.</summary>
internal sealed class ObjectShapeStep(int slot, int size) : PlainStep
{
    public override bool Holds(Evaluation e, Frame f) => f[slot] is RObject o && o.Count == size;
}

/// <summary>Goes through a collection: binds the key and the value of each entry where a slot is given (-1: not wanted).</summary>
internal sealed class ScanStep(TermPlan source, int keySlot, int valueSlot) : Step
{
    /// <summary>The collection of which these steps make a list as it is; null when they do anything else.</summary>
    public static TermPlan? AllOf(Step first) =>
        first is ScanStep { Next: ItemStep { Item: SlotPlan item } } scan && scan.IsOnly(item.Slot) ? scan.Source : null;

    private TermPlan Source => source;

    private bool IsOnly(int slot) => keySlot < 0 && valueSlot == slot;

    public override bool Run(Evaluation e, Frame f)
    {
        e.GuardStack();
        var value = source.Eval(e, f);
        switch (value)
        {
            case RArray a:
                for (var i = 0; i < a.Count; i++)
                {
                    e.Tick();
                    if (keySlot >= 0) f[keySlot] = RNumber.Of(i);
                    f[valueSlot] = a[i];
                    if (Next.Run(e, f)) return true;
                }
                return false;
            case RObject o:
                {
                    var keys = o.SortedKeys;
                    var values = o.SortedValues;
                    for (var i = 0; i < keys.Length; i++)
                    {
                        e.Tick();
                        if (keySlot >= 0) f[keySlot] = keys[i];
                        f[valueSlot] = values[i];
                        if (Next.Run(e, f)) return true;
                    }
                    return false;
                }
            case RSet s:
                foreach (var element in s.SortedElements)
                {
                    e.Tick();
                    if (keySlot >= 0) f[keySlot] = element;
                    f[valueSlot] = element;
                    if (Next.Run(e, f)) return true;
                }
                return false;
            case DocHandle h: return Documents(e, f, h);
            default: return false;
        }
    }

    private bool Documents(Evaluation e, Frame f, DocHandle handle)
    {
        if (handle.Node.Kind != DocKind.Interior || handle.Node.HasDynamic)
        {
            if (e.Force(handle) is not { } forced) return false;
            return new ScanStep(new ConstPlan(forced), keySlot, valueSlot) { Next = Next }.Run(e, f);
        }
        if (handle.Base is not (null or RObject)) return new ScanStep(new ConstPlan(handle.Base), keySlot, valueSlot) { Next = Next }.Run(e, f);
        var keys = new RSetBuilder();
        foreach (var child in handle.Node.Children.Values) keys.Add(child.Key);
        if (handle.Base is RObject under)
        {
            foreach (var key in under.Keys) keys.Add(key);
        }
        foreach (var key in keys.Build().SortedElements)
        {
            e.Tick();
            var value = e.Lookup(handle, key);
            if (value is null) continue;
            if (keySlot >= 0) f[keySlot] = key;
            f[valueSlot] = value;
            if (Next.Run(e, f)) return true;
        }
        return false;
    }
}

internal sealed class NotStep(Step body) : PlainStep
{
    public override bool Holds(Evaluation e, Frame f) => !body.Run(e, f);
}

internal sealed class EveryStep(int domain, int keySlot, int valueSlot, Step body) : PlainStep
{
    public override bool Holds(Evaluation e, Frame f)
    {
        e.GuardStack();
        switch (f[domain])
        {
            case RArray a:
                for (var i = 0; i < a.Count; i++)
                {
                    if (!HoldsFor(e, f, keySlot < 0 ? null : RNumber.Of(i), a[i])) return false;
                }
                break;
            case RObject o:
                {
                    var keys = o.SortedKeys;
                    var values = o.SortedValues;
                    for (var i = 0; i < keys.Length; i++)
                    {
                        if (!HoldsFor(e, f, keys[i], values[i])) return false;
                    }
                    break;
                }
            case RSet s:
                foreach (var element in s.SortedElements)
                {
                    if (!HoldsFor(e, f, element, element)) return false;
                }
                break;
            default: return false;
        }
        return true;
    }

    private bool HoldsFor(Evaluation e, Frame f, RValue? key, RValue value)
    {
        e.Tick();
        if (keySlot >= 0) f[keySlot] = key;
        f[valueSlot] = value;
        return body.Run(e, f);
    }
}

/// <summary>walk(x, [path, value]): every place inside a value.</summary>
internal sealed class WalkStep(TermPlan source, int pathSlot, int valueSlot) : Step
{
    public override bool Run(Evaluation e, Frame f)
    {
        var value = source.Eval(e, f);
        return value is not null && Visit(e, f, value, []);
    }

    private bool Visit(Evaluation e, Frame f, RValue value, RValue[] path)
    {
        e.Tick();
        e.GuardStack();
        if (pathSlot >= 0) f[pathSlot] = new RArray(path);
        f[valueSlot] = value;
        if (Next.Run(e, f)) return true;
        switch (value)
        {
            case RArray a:
                for (var i = 0; i < a.Count; i++)
                {
                    if (Visit(e, f, a[i], Below(path, RNumber.Of(i)))) return true;
                }
                break;
            case RObject o:
                {
                    var keys = o.SortedKeys;
                    var values = o.SortedValues;
                    for (var i = 0; i < keys.Length; i++)
                    {
                        if (Visit(e, f, values[i], Below(path, keys[i]))) return true;
                    }
                    break;
                }
            case RSet s:
                foreach (var element in s.SortedElements)
                {
                    if (Visit(e, f, element, Below(path, element))) return true;
                }
                break;
        }
        return false;
    }

    private RValue[] Below(RValue[] path, RValue key) => pathSlot >= 0 ? [.. path, key] : path;
}

internal enum WithKind
{
    Input,
    Data,
    Function,
}

internal sealed record WithTarget(WithKind Kind, TermPlan[] Path, DocNode? Node, object? Function, TermPlan? Value, BuiltinEntry? Builtin, DocNode? Replacement);

/// <summary>Runs its body with other input, data or functions in force, and what follows with the old ones again.</summary>
internal sealed class WithStep(WithTarget[] targets, int savedSlot) : Step
{
    public Step Body { get; set; } = null!;

    public override bool Run(Evaluation e, Frame f)
    {
        e.GuardStack();
        e.Tick();
        var input = e.Input;
        var data = e.Base;
        var masks = e.Masks;
        var mocks = e.Mocks;
        foreach (var target in targets)
        {
            RValue? value = null;
            if (target.Value is not null)
            {
                value = target.Value.Eval(e, f);
                if (value is null) return false;
            }
            switch (target.Kind)
            {
                case WithKind.Function:
                    mocks = new Mock(target.Function!, value, target.Builtin, target.Replacement?.Function, Mock.Without(mocks, target.Function!));
                    break;
                default:
                    {
                        var path = new RValue[target.Path.Length];
                        for (var i = 0; i < path.Length; i++)
                        {
                            if (target.Path[i].Eval(e, f) is not { } key) return false;
                            path[i] = key;
                        }
                        if (target.Kind == WithKind.Input) input = Patch(input, path, 0, value!);
                        else
                        {
                            data = Patch(data, path, 0, value!);
                            if (target.Node is not null) masks = new Mask(target.Node, masks);
                        }
                        break;
                    }
            }
        }
        var saved = e.Save();
        f[savedSlot] = new Held(saved);
        e.Layer(input, data, masks, mocks);
        var stop = Body.Run(e, f);
        e.Restore(saved);
        return stop;
    }

    private static RValue Patch(RValue? target, RValue[] path, int at, RValue value)
    {
        if (at == path.Length) return value;
        var builder = new RObjectBuilder();
        var old = target as RObject;
        if (old is not null) builder.SetAll(old);
        builder.Set(path[at], Patch(old?.Get(path[at]), path, at + 1, value));
        return builder.Build();
    }

    /// <summary>The end of the body: what follows runs outside the layer.</summary>
    public sealed class Leave(WithStep owner, int savedSlot) : Step
    {
        public override bool Run(Evaluation e, Frame f)
        {
            var inner = e.Save();
            e.Restore(((Held)f[savedSlot]!).Outer);
            var stop = owner.Next.Run(e, f);
            e.Restore(inner);
            return stop;
        }
    }

    /// <summary>Carries the outer layer through the frame.</summary>
    public sealed class Held(Evaluation.Saved outer) : RValue(RKind.Null)
    {
        public Evaluation.Saved Outer { get; } = outer;

        public override bool Equals(RValue? other) => ReferenceEquals(this, other);

        public override int GetHashCode() => 1;
    }
}

internal sealed class StopStep : Step
{
    public static readonly StopStep Instance = new();

    public override bool Run(Evaluation e, Frame f) => true;
}

/// <summary>The end of a complete rule's or function's body.</summary>
internal sealed class ValueStep(TermPlan value, bool constant, Location at, string conflict) : Step
{
    public override bool Run(Evaluation e, Frame f)
    {
        var result = value.Eval(e, f);
        if (result is null) return false;
        if (f.Result is null) f.Result = result;
        else if (!f.Result.Equals(result)) throw Evaluation.Halt("eval_conflict_error", conflict, at);
        return constant;
    }
}

internal sealed class ElementStep(TermPlan element, bool constant) : Step
{
    public override bool Run(Evaluation e, Frame f)
    {
        if (element.Eval(e, f) is { } value) ((RSetBuilder)f.Sink!).Add(value);
        return constant;
    }
}

internal sealed class ItemStep(TermPlan item) : Step
{
    public TermPlan Item => item;

    public override bool Run(Evaluation e, Frame f)
    {
        if (item.Eval(e, f) is { } value) ((List<RValue>)f.Sink!).Add(value);
        return false;
    }
}

internal sealed class EntryStep(TermPlan key, TermPlan value, Location at) : Step
{
    public override bool Run(Evaluation e, Frame f)
    {
        var k = key.Eval(e, f);
        var v = value.Eval(e, f);
        if (k is null || v is null) return false;
        var entries = (RObjectBuilder)f.Sink!;
        if (entries.Get(k) is not { } existing) entries.Set(k, v);
        else if (!existing.Equals(v)) throw Evaluation.Halt("eval_conflict_error", "object keys must be unique", at);
        return false;
    }
}

/// <summary>The end of a body whose head computes keys.</summary>
internal sealed class PlaceStep(TermPlan[] path, TermPlan value, bool isElement, bool constant, Location at) : Step
{
    public override bool Run(Evaluation e, Frame f)
    {
        var keys = new RValue[path.Length];
        for (var i = 0; i < path.Length; i++)
        {
            if (path[i].Eval(e, f) is not { } key) return false;
            keys[i] = key;
        }
        if (value.Eval(e, f) is not { } v) return false;
        var builder = (DocBuilder)f.Sink!;
        if (!builder.Matches(keys)) return false;
        if (isElement) builder.Add(keys, v, at);
        else builder.Insert(keys, v, at);
        return constant;
    }
}

/// <summary>The end of a query: hands the frame to whoever asked.</summary>
internal sealed class ResultStep : Step
{
    public override bool Run(Evaluation e, Frame f)
    {
        ((Action<Evaluation, Frame>)f.Sink!)(e, f);
        return false;
    }
}
