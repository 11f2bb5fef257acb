using Rego.Values;

namespace Rego.Compile;

/// <summary>
/// What is known of a value before evaluation, by OPA's rules (v1/types). A null type means that nothing is known yet;
/// <see cref="Any"/> that it could be everything.
/// </summary>
internal abstract class StaticType
{
    public static readonly UnionType Any = new([]);
    public static readonly StaticType Null = new ScalarType(RKind.Null);
    public static readonly StaticType Boolean = new ScalarType(RKind.Boolean);
    public static readonly StaticType Number = new ScalarType(RKind.Number);
    public static readonly StaticType String = new ScalarType(RKind.String);

    // A union that knows more than this says nothing useful any more, and costs.
    private const int MaxOptions = 256;

    // Values can share their parts and be written in a few lines; a type is gone through part by part.
    private const int MaxSize = 20_000;

    public bool IsAny => this is UnionType { Options.Count: 0 };

    /// <summary>How many types it is made of, counted up to a limit.</summary>
    public int Size { get; private init; } = 1;

    /// <summary>Or anything, when the type is too large to be worth its cost.</summary>
    public static StaticType Bounded(StaticType type) => type.Size > MaxSize ? Any : type;

    private static int Sum(IEnumerable<StaticType?> parts)
    {
        var sum = 1;
        foreach (var part in parts)
        {
            sum += part?.Size ?? 0;
            if (sum > MaxSize) return MaxSize + 1;
        }
        return sum;
    }

    /// <summary>Where the kind stands in OPA's order of types; unions are written in that order.</summary>
    protected abstract int Rank { get; }

    public static string Text(StaticType? type) => type?.ToString() ?? "???";

    public static StaticType Of(RValue value) => value switch
    {
        RNull => Null,
        RBool => Boolean,
        RNumber => Number,
        RString => String,
        RArray a => new ArrayType([.. a.Items.ToArray().Select(Of)], a.Items.Length == 0 ? Any : null),
        RSet s => new SetType(s.Count == 0 ? Any : s.Elements.ToArray().Select(Of).Aggregate((StaticType?)null, Or)),
        RObject { Count: 0 } => new ObjectType([], new MoreMembers(Any, Any)),
        RObject o => new ObjectType([.. Enumerable.Range(0, o.Count).Select(i => new Member(o.Keys[i], Of(o.Values[i])))], null),
        _ => Any,
    };

    /// <summary>The type of a key as a JSON value: nothing more than its own members.</summary>
    private static StaticType OfKey(RValue value) => value switch
    {
        RArray a => new ArrayType([.. a.Items.ToArray().Select(OfKey)], null),
        RSet s => new ArrayType([.. s.Elements.ToArray().Select(OfKey)], null),
        RObject o => new ObjectType([.. Enumerable.Range(0, o.Count).Select(i => new Member(o.Keys[i], OfKey(o.Values[i])))], null),
        _ => Of(value),
    };

    public static StaticType? Or(StaticType? a, StaticType? b)
    {
        if (a is null) return b;
        if (b is null) return a;
        if (a is FunctionType f && b is FunctionType g) return f.Union(g);
        if (a is FunctionType || b is FunctionType) return null;
        if (a.IsAny || b.IsAny) return Any;
        if (a is UnionType u) return u.With(b);
        if (b is UnionType v) return v.With(a);
        var order = Compare(a, b);
        return order == 0 ? a : Bounded(new UnionType(order < 0 ? [a, b] : [b, a]));
    }

    public static StaticType Union(IReadOnlyList<StaticType> options)
    {
        StaticType? all = null;
        foreach (var option in options) all = Or(all, option);
        return options.Count > MaxOptions ? Any : all ?? Any;
    }

    public static int Compare(StaticType? a, StaticType? b)
    {
        if (a is null || b is null) return (a is null ? 0 : 1) - (b is null ? 0 : 1);
        return a.Rank != b.Rank ? a.Rank.CompareTo(b.Rank) : a.CompareSame(b);
    }

    protected static int Compare(IReadOnlyList<StaticType?> a, IReadOnlyList<StaticType?> b)
    {
        for (var i = 0; i < Math.Min(a.Count, b.Count); i++)
        {
            if (Compare(a[i], b[i]) is not 0 and var order) return order;
        }
        return a.Count.CompareTo(b.Count);
    }

    protected abstract int CompareSame(StaticType other);

    /// <summary>A value could be of both types.</summary>
    public static bool Unify(StaticType? a, StaticType? b)
    {
        if (a is null || b is null) return false;
        if (a is UnionType x && b is not FunctionType && (x.IsAny || x.Options.Any(o => Unify(o, b)))) return true;
        if (b is UnionType y && a is not FunctionType && (y.IsAny || y.Options.Any(o => Unify(o, a)))) return true;
        return (a, b) switch
        {
            (ScalarType p, ScalarType q) => p.Kind == q.Kind,
            (SetType p, SetType q) => Unify(p.Element, q.Element),
            (ArrayType p, ArrayType q) => p.Fits(q) && q.Fits(p) && (p.More is null || q.More is null || Unify(p.More, q.More)),
            (ObjectType p, ObjectType q) => p.Fits(q) && q.Fits(p) && (p.More?.Value is null || q.More?.Value is null || Unify(p.More.Value, q.More.Value)),
            (FunctionType p, FunctionType q) => p.Arguments.Count == q.Arguments.Count && p.Arguments.Zip(q.Arguments).All(z => Unify(z.First, z.Second)),
            _ => false,
        };
    }

    /// <summary>What the keys can be; null when values of this type have none.</summary>
    public virtual StaticType? Keys => null;

    public virtual StaticType? Values => null;

    /// <summary>Values of this type can have keys.</summary>
    public virtual bool HasKeys => false;

    /// <summary>What stands at a constant key; null when nothing can.</summary>
    public virtual StaticType? At(RValue key) => null;

    /// <summary>Some part of it is not known yet.</summary>
    public static bool IsOpen(StaticType? type) => type switch
    {
        null => true,
        ArrayType a => a.Items.Any(IsOpen) || (a.More is not null && IsOpen(a.More)),
        ObjectType o => o.Known.Any(m => IsOpen(m.Type)) || (o.More is not null && (IsOpen(o.More.Key) || IsOpen(o.More.Value))),
        SetType s => IsOpen(s.Element),
        FunctionType f => f.Arguments.Any(IsOpen) || IsOpen(f.Result),
        _ => false,
    };

    internal sealed class ScalarType(RKind kind) : StaticType
    {
        public RKind Kind { get; } = kind;

        protected override int Rank => Kind switch { RKind.Null => 0, RKind.Boolean => 1, RKind.Number => 2, _ => 3 };

        protected override int CompareSame(StaticType other) => 0;

        public override string ToString() => Kind switch { RKind.Null => "null", RKind.Boolean => "boolean", RKind.Number => "number", _ => "string" };
    }

    /// <summary>Arrays: known items, then any number of more (null: no more).</summary>
    internal sealed class ArrayType : StaticType
    {
        public ArrayType(IReadOnlyList<StaticType?> items, StaticType? more)
        {
            (Items, More) = (items, more);
            Size = Sum(items.Append(more));
        }

        public IReadOnlyList<StaticType?> Items { get; }

        public StaticType? More { get; }

        protected override int Rank => 4;

        protected override int CompareSame(StaticType other)
        {
            var b = (ArrayType)other;
            var order = Compare(More, b.More);
            return order != 0 ? order : Compare(Items, b.Items);
        }

        public StaticType? Item(long index) => index < 0 ? null : index < Items.Count ? Items[(int)index] : More;

        public bool Fits(ArrayType other)
        {
            for (var i = 0; i < Items.Count; i++)
            {
                if (!Unify(Items[i], other.Item(i))) return false;
            }
            return true;
        }

        public override bool HasKeys => true;

        public override StaticType? Keys => Number;

        public override StaticType? Values => field ??= Or(Items.Aggregate((StaticType?)null, Or), More);

        public override StaticType? At(RValue key) => key is RNumber { IsInt64: true } n ? Item(n.Int64) : null;

        public override string ToString() => $"array{(Items.Count > 0 ? $"<{string.Join(", ", Items.Select(Text))}>" : "")}{(More is not null ? $"[{More}]" : "")}";
    }

    internal sealed class SetType : StaticType
    {
        public SetType(StaticType? element)
        {
            Element = element;
            Size = Sum([element]);
        }

        public StaticType? Element { get; }

        protected override int Rank => 6;

        protected override int CompareSame(StaticType other) => Compare(Element, ((SetType)other).Element);

        public override bool HasKeys => Element is not null;

        public override StaticType? Keys => Element;

        public override StaticType? Values => Element;

        public override StaticType? At(RValue key)
        {
            var type = OfKey(key);
            if (Element is UnionType u) return u.Contains(type) ? type : null;
            return Compare(Element, type) == 0 ? Element : null;
        }

        public override string ToString() => $"set[{Text(Element)}]";
    }

    internal sealed record Member(RValue Key, StaticType? Type);

    /// <summary>The members of an object whose keys are not known.</summary>
    internal sealed record MoreMembers(StaticType? Key, StaticType? Value);

    /// <summary>Objects: known keys in order, then more of some kinds (null: no more).</summary>
    internal sealed class ObjectType : StaticType
    {
        public ObjectType(IEnumerable<Member> known, MoreMembers? more)
        {
            var members = known.ToArray();
            if (members.Length > 1) Array.Sort(members, (a, b) => RValue.Compare(a.Key, b.Key));
            Known = members;
            More = more;
            Size = Sum(members.Select(m => m.Type).Append(more?.Key).Append(more?.Value));
        }

        public IReadOnlyList<Member> Known { get; }

        public MoreMembers? More { get; }

        protected override int Rank => 5;

        protected override int CompareSame(StaticType other)
        {
            var b = (ObjectType)other;
            if (More is null != b.More is null) return More is null ? -1 : 1;
            if (More is not null && b.More is not null)
            {
                if (Compare(More.Key, b.More.Key) is not 0 and var key) return key;
                if (Compare(More.Value, b.More.Value) is not 0 and var value) return value;
            }
            for (var i = 0; i < Math.Min(Known.Count, b.Known.Count); i++)
            {
                if (RValue.Compare(Known[i].Key, b.Known[i].Key) is not 0 and var key) return key;
                if (Compare(Known[i].Type, b.Known[i].Type) is not 0 and var type) return type;
            }
            return Known.Count.CompareTo(b.Known.Count);
        }

        public bool Fits(ObjectType other) => Known.All(m => Unify(m.Type, other.At(m.Key)));

        public override bool HasKeys => Known.Count > 0 || More?.Key is not null;

        public override StaticType? Keys => field ??= Or(Known.Aggregate((StaticType?)null, (all, m) => Or(all, OfKey(m.Key))), More?.Key);

        public override StaticType? Values => field ??= Or(Known.Aggregate((StaticType?)null, (all, m) => Or(all, m.Type)), More?.Value);

        public override StaticType? At(RValue key)
        {
            var (from, to) = (0, Known.Count);
            while (from < to)
            {
                var middle = (from + to) / 2;
                var order = RValue.Compare(Known[middle].Key, key);
                if (order == 0) return Known[middle].Type;
                if (order < 0) from = middle + 1;
                else to = middle;
            }
            return More is not null && More.Key is not null && Contains(More.Key, OfKey(key)) ? More.Value : null;
        }

        private static bool Contains(StaticType type, StaticType other) => type is UnionType u ? u.Contains(other) : Compare(type, other) == 0;

        public override string ToString()
        {
            var known = Known.Count > 0 ? $"<{string.Join(", ", Known.Select(m => $"{(m.Key is RString s ? s.Value : m.Key)}: {Text(m.Type)}"))}>" : "";
            return $"object{known}{(More is not null ? $"[{Text(More.Key)}: {Text(More.Value)}]" : "")}";
        }
    }

    /// <summary>One of several, in order; none given means anything.</summary>
    internal sealed class UnionType : StaticType
    {
        public UnionType(IReadOnlyList<StaticType> options)
        {
            Options = options;
            Size = Sum(options);
        }

        public IReadOnlyList<StaticType> Options { get; }

        protected override int Rank => 7;

        protected override int CompareSame(StaticType other) => Compare(Options, ((UnionType)other).Options);

        public bool Contains(StaticType other) => other is not FunctionType && (IsAny || Options.Any(o => Compare(o, other) == 0));

        public StaticType With(StaticType other)
        {
            var options = new List<StaticType>(Options);
            foreach (var one in other is UnionType u ? u.Options : [other])
            {
                var at = options.FindIndex(o => Compare(o, one) >= 0);
                if (at < 0) options.Add(one);
                else if (Compare(options[at], one) != 0) options.Insert(at, one);
            }
            return options.Count > MaxOptions ? Any : Bounded(new UnionType(options));
        }

        public override bool HasKeys => IsAny || Options.Any(o => o.HasKeys);

        public override StaticType? Keys => IsAny ? Any : field ??= Options.Aggregate((StaticType?)null, (all, o) => Or(o.Keys, all));

        public override StaticType? Values => IsAny ? Any : field ??= Options.Aggregate((StaticType?)null, (all, o) => Or(o.Values, all));

        public override StaticType? At(RValue key) => IsAny ? Any : Options.Aggregate((StaticType?)null, (all, o) => Or(o.At(key), all));

        public override string ToString() => Options.Count == 0 ? "any" : $"any<{string.Join(", ", Options)}>";
    }

    /// <summary>A function; builtins have names for their arguments and their result, which messages show.</summary>
    internal sealed class FunctionType(IReadOnlyList<StaticType?> arguments, StaticType? result, IReadOnlyList<string>? names = null) : StaticType
    {
        public IReadOnlyList<StaticType?> Arguments { get; } = arguments;

        public StaticType? Result { get; } = result;

        protected override int Rank => 8;

        protected override int CompareSame(StaticType other)
        {
            var b = (FunctionType)other;
            if (Arguments.Count != b.Arguments.Count) return Arguments.Count.CompareTo(b.Arguments.Count);
            var order = Compare(Arguments, b.Arguments);
            return order != 0 ? order : Compare(Result, b.Result);
        }

        public FunctionType? Union(FunctionType other) =>
            Arguments.Count != other.Arguments.Count ? null : new FunctionType([.. Arguments.Zip(other.Arguments, Or)], Or(Result, other.Result));

        /// <summary>(x: number, y: number), with the result as one more when asked.</summary>
        public string Wanted(bool withResult)
        {
            var all = withResult && Result is not null ? Arguments.Append(Result) : Arguments;
            return $"({string.Join(", ", all.Select((type, i) => (names is not null && names[i].Length > 0 ? names[i] + ": " : "") + Text(type)))})";
        }

        public override string ToString() => $"({string.Join(", ", Arguments.Select(Text))}) => {Text(Result)}";
    }
}
