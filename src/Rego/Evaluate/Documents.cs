using Rego.Syntax;
using Rego.Values;

namespace Rego.Evaluate;

// Documents: what rules define, merged with the base data beside them.
internal sealed partial class Evaluation
{
    public RValue? BaseAt(ReadOnlySpan<RValue> path)
    {
        RValue? value = Base;
        foreach (var key in path)
        {
            // Base data is JSON: data[2] finds the key "2", as OPA's store does.
            value = Select(value, key) ?? (key is RNumber n && value is RObject o ? o.Get(n.Text) : null);
            if (value is null) return null;
        }
        return value;
    }

    private static RValue? Select(RValue? value, RValue key) => value switch
    {
        RObject o => o.Get(key),
        RArray a => a.Get(key),
        RSet s => s.Get(key),
        _ => null,
    };

    /// <summary>One step of a reference; null when there is nothing.</summary>
    public RValue? Lookup(RValue value, RValue key) => value switch
    {
        RObject o => o.Get(key),
        RArray a => a.Get(key),
        RSet s => s.Get(key),
        DocHandle h => LookupDocument(h, key),
        _ => null,
    };

    /// <summary>The value of a document handle; other values are what they are.</summary>
    public RValue? Force(RValue? value) => value is DocHandle h ? ForceDocument(h) : value;

    public RValue? Complete(CompleteGroup group)
    {
        if (TryMemo(group.Id, out var known)) return known;
        var isPlain = group.IsSteady && IsPlainLayer;
        if (isPlain && group.Lasting is { } lasting) return ReferenceEquals(lasting, Undefined.Instance) ? null : lasting;
        if (Masks is not null && IsMasked(group.Node)) return BaseAt(group.Node.Path);
        var first = group.Definitions.Length > 0 ? group.Definitions[0] : group.Default!;
        EnterRule(first.At);
        RValue? result = null;
        var frame = Rent(group.Frames);
        if (group.Index is { } index)
        {
            foreach (var i in index.Candidates(this))
            {
                if (RunDefinition(frame, group.Definitions[i], ref result, "complete rules must not produce multiple outputs") && group.FirstWins) break;
            }
        }
        else
        {
            foreach (var definition in group.Definitions)
            {
                if (RunDefinition(frame, definition, ref result, "complete rules must not produce multiple outputs") && group.FirstWins) break;
            }
        }
        if (result is null && group.Default is not null) RunDefinition(frame, group.Default, ref result, "");
        Return(group.Frames, frame);
        LeaveRule();
        if (isPlain) group.Lasting = result ?? Undefined.Instance;
        Memo(group.Id, result);
        return result;
    }

    private bool RunDefinition(Frame frame, RuleBody definition, ref RValue? result, string conflict)
    {
        for (var body = definition; body is not null; body = body.Else)
        {
            frame.Result = null;
            body.First.Run(this, frame);
            var value = frame.Result;
            if (value is null) continue;
            if (result is not null && !result.Equals(value)) throw Halt("eval_conflict_error", conflict, body.At);
            result = value;
            return true;
        }
        return false;
    }

    public RValue? Call(FunctionGroup group, ReadOnlySpan<RValue> args)
    {
        var hash = 0;
        if (group.Memoised && Calls.TryGet(group.Id, args, out var known, out hash)) return known;
        var first = group.Definitions.Length > 0 ? group.Definitions[0] : group.Default!;
        EnterRule(first.At);
        RValue? result = null;
        // Every definition has the arguments in the same first places, and none writes there.
        var frame = Rent(group.Frames);
        for (var i = 0; i < args.Length; i++) frame[i] = args[i];
        const string Conflict = "functions must not produce multiple outputs for same inputs";
        foreach (var definition in group.Definitions)
        {
            if (RunDefinition(frame, definition, ref result, Conflict) && group.FirstWins) break;
        }
        if (result is null && group.Default is not null) RunDefinition(frame, group.Default, ref result, Conflict);
        Return(group.Frames, frame);
        LeaveRule();
        if (group.Memoised) Calls.Add(group.Id, args, hash, result);
        return result;
    }

    public RValue? SetDocument(SetGroup group)
    {
        if (TryMemo(group.Id, out var known)) return known;
        var isPlain = group.IsSteady && IsPlainLayer;
        if (isPlain && group.Lasting is { } lasting) return lasting;
        if (Masks is not null && IsMasked(group.Node)) return BaseAt(group.Node.Path);
        EnterRule(group.Definitions[0].Body.At);
        var builder = RentSet();
        var frame = Rent(group.Frames);
        frame.Sink = builder;
        if (group.Index is { } index)
        {
            foreach (var i in index.Candidates(this)) group.Definitions[i].Body.First.Run(this, frame);
        }
        else
        {
            foreach (var definition in group.Definitions) definition.Body.First.Run(this, frame);
        }
        Return(group.Frames, frame);
        LeaveRule();
        var set = TakeSet(builder);
        if (isPlain) group.Lasting = set;
        Memo(group.Id, set);
        return set;
    }

    private void Collect(RuleBody body, object sink)
    {
        var frame = Rent(body.Frames);
        frame.Sink = sink;
        body.First.Run(this, frame);
        Return(body.Frames, frame);
    }

    /// <summary>Is the element in the set? Runs only what can produce it, unless the set is known already.</summary>
    public RValue? SetMember(SetGroup group, RValue element)
    {
        if (TryMemo(group.Id, out var known)) return known is null ? null : Select(known, element);
        if (!group.CanSelect || (group.IsSteady && IsPlainLayer) || (Masks is not null && IsMasked(group.Node)))
        {
            var all = SetDocument(group);
            return all is null ? null : Select(all, element);
        }
        if (Calls.TryGet(group.Id, new ReadOnlySpan<RValue>(in element), out known, out var hash)) return known;
        EnterRule(group.Definitions[0].Body.At);
        var builder = RentSet();
        RValue? found = null;
        foreach (var definition in group.Definitions)
        {
            Selected(definition, element, builder);
            if (builder.Contains(element))
            {
                found = element;
                break;
            }
        }
        LeaveRule();
        builder.Clear();
        _sets.Push(builder);
        Calls.Add(group.Id, new ReadOnlySpan<RValue>(in element), hash, found);
        return found;
    }

    private void Selected(KeyedDefinition definition, RValue key, object sink)
    {
        if (definition.ConstantKey is { } constant)
        {
            if (constant.Equals(key)) Collect(definition.Body, sink);
            return;
        }
        var body = definition.Keyed!;
        var frame = Rent(body.Frames);
        frame[definition.KeySlot] = key;
        frame.Sink = sink;
        body.First.Run(this, frame);
        Return(body.Frames, frame);
    }

    /// <summary>A document by place, as lazily as it can be.</summary>
    public RValue? Open(DocNode node, RValue? baseValue)
    {
        if (Masks is not null && IsMasked(node)) return baseValue;
        switch (node.Kind)
        {
            case DocKind.Complete: return Complete(node.Complete!) ?? baseValue;
            case DocKind.Function: return baseValue;
            default: return new DocHandle(node, baseValue, []);
        }
    }

    private RValue? LookupDocument(DocHandle handle, RValue key)
    {
        var node = handle.Node;
        if (node.Kind == DocKind.Set) return SetMember(node.Set!, key) ?? Select(handle.Base, key);
        if (node.HasDynamic)
        {
            if (node.Dynamic!.IsPlain && handle.Prefix.Length == 0) return Entry(node.Dynamic, key) ?? Select(handle.Base, key);
            return new DocHandle(node, handle.Base, [.. handle.Prefix, key]);
        }
        var below = Select(handle.Base, key);
        if (key is RString s && node.Children.TryGetValue(s.Value, out var child)) return Open(child, below);
        return below;
    }

    private RValue? ForceDocument(DocHandle handle)
    {
        var node = handle.Node;
        if (node.Kind == DocKind.Set) return SetDocument(node.Set!);
        if (node.HasDynamic) return ForceDynamic(handle);
        GuardStack();
        if (handle.Base is not (null or RObject)) return handle.Base;
        var builder = new RObjectBuilder();
        var under = handle.Base as RObject;
        foreach (var child in node.Children.Values)
        {
            var below = under?.Get(child.Key);
            var value = ForceChild(child, below);
            if (value is not null) builder.Set(child.Key, value);
        }
        if (under is not null)
        {
            var keys = under.Keys;
            var values = under.Values;
            for (var i = 0; i < keys.Length; i++)
            {
                if (builder.Get(keys[i]) is null) builder.Set(keys[i], values[i]);
            }
        }
        return Weigh(builder.Build());
    }

    /// <summary>In a whole document base data wins over a rule at the same place, as in OPA.</summary>
    private RValue? ForceChild(DocNode child, RValue? below)
    {
        if (Masks is not null && IsMasked(child)) return below;
        switch (child.Kind)
        {
            case DocKind.Function: return below;
            case DocKind.Complete: return Merge(below, Complete(child.Complete!));
            case DocKind.Set: return Merge(below, SetDocument(child.Set!));
            default: return ForceDocument(new DocHandle(child, below, []));
        }
    }

    private static RValue? Merge(RValue? under, RValue? over)
    {
        if (under is null) return over;
        if (over is not RObject o || under is not RObject u) return under;
        var builder = new RObjectBuilder();
        builder.SetAll(o);
        var keys = u.Keys;
        var values = u.Values;
        for (var i = 0; i < keys.Length; i++)
        {
            var existing = builder.Get(keys[i]);
            builder.Set(keys[i], existing is null ? values[i] : Merge(values[i], existing)!);
        }
        return builder.Build();
    }

    private RValue? Entry(DynamicGroup group, RValue key)
    {
        if (TryMemo(group.Id, out var known)) return known is null ? null : Select(known, key);
        if (!group.CanSelect || (group.IsSteady && IsPlainLayer))
        {
            var all = PlainObject(group);
            return all.Get(key);
        }
        if (Calls.TryGet(group.Id, new ReadOnlySpan<RValue>(in key), out known, out var hash)) return known;
        EnterRule(group.Definitions[0].Body.At);
        var builder = new DocBuilder(null);
        foreach (var definition in group.Definitions) Selected(definition, key, builder);
        LeaveRule();
        var found = builder.Child(key)?.ToValue();
        Calls.Add(group.Id, new ReadOnlySpan<RValue>(in key), hash, found);
        return found;
    }

    private RObject PlainObject(DynamicGroup group)
    {
        if (TryMemo(group.Id, out var known)) return (RObject)known!;
        var isPlain = group.IsSteady && IsPlainLayer;
        if (isPlain && group.Lasting is { } lasting) return (RObject)lasting;
        EnterRule(group.Definitions[0].Body.At);
        var builder = new DocBuilder(null);
        foreach (var definition in group.Definitions) Collect(definition.Body, builder);
        LeaveRule();
        var value = Weigh((RObject)builder.ToValue());
        if (isPlain) group.Lasting = value;
        Memo(group.Id, value);
        return value;
    }

    private RValue? ForceDynamic(DocHandle handle)
    {
        var group = handle.Node.Dynamic!;
        RValue? value;
        if (group.IsPlain && handle.Prefix.Length == 0)
        {
            value = PlainObject(group);
        }
        else if (handle.Prefix.Length == 0 && TryMemo(group.Id, out var known))
        {
            value = known;
        }
        else
        {
            var hash = 0;
            value = null;
            if (handle.Prefix.Length == 0 || !Calls.TryGet(group.Id, handle.Prefix, out value, out hash))
            {
                EnterRule(group.Definitions[0].Body.At);
                var builder = new DocBuilder(null);
                Fill(handle.Node, handle.Prefix, 0, builder);
                LeaveRule();
                var node = builder;
                foreach (var key in handle.Prefix)
                {
                    node = node.Descend(key);
                    if (node is null) break;
                }
                value = node is null ? null : Weigh(node.ToValue());
                if (handle.Prefix.Length == 0) Memo(group.Id, value);
                else Calls.Add(group.Id, handle.Prefix, hash, value);
            }
        }
        var under = handle.Base;
        foreach (var key in handle.Prefix)
        {
            under = Select(under, key);
            if (under is null) break;
        }
        return Merge(under, value);
    }

    private void Fill(DocNode node, RValue[] prefix, int depth, DocBuilder into)
    {
        GuardStack();
        if (node.HasDynamic)
        {
            foreach (var definition in node.Dynamic!.Definitions)
            {
                into.Filter = prefix.AsMemory(Math.Min(depth, prefix.Length));
                if (depth < prefix.Length && definition.CanSelect) Selected(definition, prefix[depth], into);
                else Collect(definition.Body, into);
                into.Filter = default;
            }
        }
        foreach (var child in node.Children.Values)
        {
            if (depth < prefix.Length && !child.Key.Equals(prefix[depth])) continue;
            if (Masks is not null && IsMasked(child)) continue;
            switch (child.Kind)
            {
                case DocKind.Complete:
                    if (Complete(child.Complete!) is { } value) into.Insert([child.Key], value, child.Complete!.Definitions.Length > 0 ? child.Complete.Definitions[0].At : child.Complete.Default!.At);
                    break;
                case DocKind.Set:
                    foreach (var element in ((RSet)SetDocument(child.Set!)!).Elements) into.Add([child.Key], element, child.Set!.Definitions[0].Body.At);
                    into.EnsureSet(child.Key);
                    break;
                case DocKind.Interior:
                    Fill(child, prefix, depth + 1, into.ObjectAt(child.Key, default));
                    break;
            }
        }
    }
}

/// <summary>A nested object under construction; values already placed are leaves into which nothing may be added.</summary>
internal sealed class DocBuilder(RValue? leaf)
{
    private readonly RValue? _leaf = leaf;
    private Dictionary<RValue, DocBuilder>? _children;
    private RSetBuilder? _set;

    /// <summary>Keys that an entry must have to be of interest; shorter or longer paths match as far as they go.</summary>
    public ReadOnlyMemory<RValue> Filter { get; set; }

    public DocBuilder? Child(RValue key) => _children is not null && _children.TryGetValue(key, out var child) ? child : null;

    /// <summary>One step down, also into a leaf.</summary>
    public DocBuilder? Descend(RValue key)
    {
        if (_children is not null) return Child(key);
        var value = ToValue();
        RValue? below = value switch
        {
            RObject o => o.Get(key),
            RArray a => a.Get(key),
            RSet s => s.Get(key),
            _ => null,
        };
        return below is null ? null : new DocBuilder(below);
    }

    public bool Matches(ReadOnlySpan<RValue> path)
    {
        var filter = Filter.Span;
        for (var i = 0; i < filter.Length && i < path.Length; i++)
        {
            if (!filter[i].Equals(path[i])) return false;
        }
        return true;
    }

    public void Insert(ReadOnlySpan<RValue> path, RValue value, Location at)
    {
        var node = this;
        for (var i = 0; i < path.Length - 1; i++) node = node.ObjectAt(path[i], at);
        if (node._leaf is not null || node._set is not null) throw Conflict(at);
        node._children ??= [];
        if (node._children.TryGetValue(path[^1], out var existing))
        {
            if (existing._leaf is null || !existing._leaf.Equals(value)) throw Conflict(at);
            return;
        }
        node._children[path[^1]] = new DocBuilder(value);
    }

    public void Add(ReadOnlySpan<RValue> path, RValue element, Location at)
    {
        var node = this;
        foreach (var key in path) node = node.ObjectAt(key, at);
        if (node._leaf is not null || node._children is not null) throw Conflict(at);
        (node._set ??= new RSetBuilder()).Add(element);
    }

    public void EnsureSet(RValue key)
    {
        var node = ObjectAt(key, default);
        if (node._leaf is null && node._children is null) node._set ??= new RSetBuilder();
    }

    public DocBuilder ObjectAt(RValue key, Location at)
    {
        if (_leaf is not null || _set is not null) throw Conflict(at);
        _children ??= [];
        if (!_children.TryGetValue(key, out var child)) _children[key] = child = new DocBuilder(null);
        return child;
    }

    public RValue ToValue()
    {
        if (_leaf is not null) return _leaf;
        if (_set is not null) return _set.Build();
        if (_children is null) return RObject.Empty;
        var builder = new RObjectBuilder(_children.Count);
        foreach (var (key, child) in _children) builder.Set(key, child.ToValue());
        return builder.Build();
    }

    private static RegoEvaluationException Conflict(Location at) =>
        Evaluation.Halt("eval_conflict_error", "object keys must be unique", at);
}
