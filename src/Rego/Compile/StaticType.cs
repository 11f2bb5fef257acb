using Rego.Values;

namespace Rego.Compile;

/// <summary>What is known of a value before evaluation. Null stands for "nothing yet"; <see cref="Any"/> for "could be everything".</summary>
internal abstract record StaticType
{
    public static readonly StaticType Any = new UnionType([]);
    public static readonly StaticType Null = new ScalarType(RKind.Null);
    public static readonly StaticType Boolean = new ScalarType(RKind.Boolean);
    public static readonly StaticType Number = new ScalarType(RKind.Number);
    public static readonly StaticType String = new ScalarType(RKind.String);

    // A union that knows more than this says nothing useful any more.
    private const int MaxOptions = 16;

    public bool IsAny => this is UnionType { Options.Count: 0 };

    public static StaticType Of(RValue value) => value switch
    {
        RNull => Null,
        RBool => Boolean,
        RNumber => Number,
        RString => String,
        RArray a => new ArrayType([.. a.Items.ToArray().Select(Of)], null),
        RSet s => new SetType(s.Count == 0 ? Any : s.Elements.ToArray().Select(Of).Aggregate(Or)),
        RObject o => new ObjectType([.. Enumerable.Range(0, o.Count).Select(i => KeyValuePair.Create(o.Keys[i], Of(o.Values[i])))], o.Count == 0 ? Any : null, o.Count == 0 ? Any : null),
        _ => Any,
    };

    public static StaticType Or(StaticType a, StaticType b)
    {
        if (a.IsAny || b.IsAny) return Any;
        var options = new List<StaticType>();
        foreach (var option in OptionsOf(a).Concat(OptionsOf(b)))
        {
            if (!options.Contains(option)) options.Add(option);
        }
        return options.Count == 1 ? options[0] : options.Count > MaxOptions ? Any : new UnionType(options);
    }

    public static IReadOnlyList<StaticType> OptionsOf(StaticType type) => type is UnionType u ? u.Options : [type];

    /// <summary>A value could be of both types.</summary>
    public static bool Unify(StaticType a, StaticType b)
    {
        if (a.IsAny || b.IsAny) return true;
        if (a is UnionType x) return x.Options.Any(o => Unify(o, b));
        if (b is UnionType y) return y.Options.Any(o => Unify(a, o));
        return (a, b) switch
        {
            (ScalarType p, ScalarType q) => p.Kind == q.Kind,
            (SetType p, SetType q) => Unify(p.Element, q.Element),
            (ArrayType p, ArrayType q) => p.Fits(q) && q.Fits(p) && (p.More is null || q.More is null || Unify(p.More, q.More)),
            (ObjectType p, ObjectType q) => p.Fits(q) && q.Fits(p) && (p.MoreValue is null || q.MoreValue is null || Unify(p.MoreValue, q.MoreValue)),
            _ => false,
        };
    }

    /// <summary>What the keys can be; null when values of this type have none.</summary>
    public StaticType? Keys => this switch
    {
        { IsAny: true } => Any,
        UnionType u => u.Options.Select(o => o.Keys).OfType<StaticType>().ToList() is { Count: > 0 } keys ? keys.Aggregate(Or) : null,
        ArrayType => Number,
        SetType s => s.Element,
        ObjectType o => o.Known.Select(k => Of(k.Key)).Concat(o.MoreKey is null ? [] : [o.MoreKey]).ToList() is { Count: > 0 } keys ? keys.Aggregate(Or) : Any,
        _ => null,
    };

    public StaticType? Values => this switch
    {
        { IsAny: true } => Any,
        UnionType u => u.Options.Select(o => o.Values).OfType<StaticType>().ToList() is { Count: > 0 } values ? values.Aggregate(Or) : null,
        ArrayType a => a.Items.Concat(a.More is null ? [] : [a.More]).ToList() is { Count: > 0 } items ? items.Aggregate(Or) : Any,
        SetType s => s.Element,
        ObjectType o => o.Known.Select(k => k.Value).Concat(o.MoreValue is null ? [] : [o.MoreValue]).ToList() is { Count: > 0 } values ? values.Aggregate(Or) : Any,
        _ => null,
    };

    /// <summary>What stands at a constant key; null when nothing can.</summary>
    public StaticType? At(RValue key) => this switch
    {
        { IsAny: true } => Any,
        UnionType u => u.Options.Select(o => o.At(key)).OfType<StaticType>().ToList() is { Count: > 0 } found ? found.Aggregate(Or) : null,
        ArrayType a => key is RNumber { IsInt64: true, Int64: >= 0 } n ? a.At(n.Int64) : null,
        SetType s => Unify(s.Element, Of(key)) ? s.Element : null,
        ObjectType o => o.AtKey(key),
        _ => null,
    };
}

internal sealed record ScalarType(RKind Kind) : StaticType
{
    public override string ToString() => Kind switch { RKind.Null => "null", RKind.Boolean => "boolean", RKind.Number => "number", _ => "string" };
}

/// <summary>Arrays: known items, then any number of more (null: no more).</summary>
internal sealed record ArrayType(IReadOnlyList<StaticType> Items, StaticType? More) : StaticType
{
    public StaticType? At(long index) => index < Items.Count ? Items[(int)index] : More;

    public bool Fits(ArrayType other)
    {
        for (var i = 0; i < Items.Count; i++)
        {
            if (other.At(i) is not { } item || !Unify(Items[i], item)) return false;
        }
        return true;
    }

    public bool Equals(ArrayType? other) => other is not null && Items.SequenceEqual(other.Items) && Equals(More, other.More);

    public override int GetHashCode() => Items.Count;

    public override string ToString() => $"array{(Items.Count > 0 ? $"<{string.Join(", ", Items)}>" : "")}{(More is not null ? $"[{More}]" : "")}";
}

internal sealed record SetType(StaticType Element) : StaticType
{
    public override string ToString() => $"set[{Element}]";
}

/// <summary>Objects: known keys, then more of some kinds (null: no more).</summary>
internal sealed record ObjectType(IReadOnlyList<KeyValuePair<RValue, StaticType>> Known, StaticType? MoreKey, StaticType? MoreValue) : StaticType
{
    public StaticType? AtKey(RValue key)
    {
        foreach (var (known, value) in Known)
        {
            if (known.Equals(key)) return value;
        }
        return MoreKey is not null && Unify(MoreKey, Of(key)) ? MoreValue : null;
    }

    public bool Fits(ObjectType other) => Known.All(k => other.AtKey(k.Key) is { } value && Unify(k.Value, value));

    public bool Equals(ObjectType? other) => other is not null && Known.SequenceEqual(other.Known) && Equals(MoreKey, other.MoreKey) && Equals(MoreValue, other.MoreValue);

    public override int GetHashCode() => Known.Count;

    public override string ToString()
    {
        var known = Known.Count > 0 ? $"<{string.Join(", ", Known.Select(k => $"{(k.Key is RString s ? s.Value : k.Key)}: {k.Value}"))}>" : "";
        return $"object{known}{(MoreKey is not null ? $"[{MoreKey}: {MoreValue}]" : "")}";
    }
}

/// <summary>One of several; none given means anything.</summary>
internal sealed record UnionType(IReadOnlyList<StaticType> Options) : StaticType
{
    public bool Equals(UnionType? other) => other is not null && Options.Count == other.Options.Count && Options.All(other.Options.Contains);

    public override int GetHashCode() => Options.Count;

    public override string ToString() => Options.Count == 0 ? "any" : $"any<{string.Join(", ", Options.Select(o => o.ToString()).Order(StringComparer.Ordinal))}>";
}
