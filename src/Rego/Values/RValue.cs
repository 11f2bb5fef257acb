using System.Text;
using System.Text.Json;

namespace Rego.Values;

/// <summary>The kinds of value, in Rego's sort order: null, boolean, number, string, array, object, set.</summary>
public enum RKind : byte
{
    Null,
    Boolean,
    Number,
    String,
    Array,
    Object,
    Set,
}

/// <summary>
/// An immutable Rego value. Equality and hash go by value (1 equals 1.0); order is Rego's total order.
/// Values may be shared between threads.
/// </summary>
public abstract class RValue : IEquatable<RValue>
{
    /// <summary>Deepest nesting accepted when JSON is read: deep enough for any document, shallow enough for the stack.</summary>
    public const int MaxJsonDepth = 512;

    private protected RValue(RKind kind) => Kind = kind;

    public RKind Kind { get; }

    public abstract bool Equals(RValue? other);

    /// <summary>How many values this one would be when written out, capped at <see cref="MaxWeight"/>: shared parts count each time.</summary>
    internal virtual int Weight => 1;

    /// <summary>Everything but a collection.</summary>
    internal bool IsScalar => Kind < RKind.Array;

    internal const int MaxWeight = 1 << 30;

    /// <summary>How deep collections lie inside one another; 0 for a scalar.</summary>
    internal virtual int Nesting => 0;

    public sealed override bool Equals(object? obj) => obj is RValue other && Equals(other);

    public abstract override int GetHashCode();

    /// <summary>Reads one JSON document.</summary>
    /// <exception cref="FormatException">The text is not JSON; the message says where and why.</exception>
    public static RValue Parse(ReadOnlySpan<byte> utf8Json) => JsonValueReader.Read(utf8Json);

    /// <inheritdoc cref="Parse(ReadOnlySpan{byte})"/>
    public static RValue Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return JsonValueReader.Read(Encoding.UTF8.GetBytes(json));
    }

    /// <summary>Reads the first YAML document as OPA does (YAML 1.1's words, anchors, merge keys); null for an empty one.</summary>
    /// <exception cref="FormatException">The text is not YAML, or holds what JSON cannot say: "yaml: line 3: …".</exception>
    public static RValue ParseYaml(string yaml)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        return YamlText.Read(yaml);
    }

    /// <summary>Writes the value as JSON: sets as arrays in Rego order, keys that are no strings as their JSON text, numbers as they were written.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        JsonValueWriter.Write(this, writer);
    }

    /// <summary>Compact JSON; no character is escaped that need not be.</summary>
    public string ToJson() => GoJson.Of(this, html: false);

    /// <summary>The value in Rego's own notation ({1, 2} for a set, set() for the empty one).</summary>
    public override string ToString() => RegoText.Of(this);

    /// <summary>Rego's total order over all values: negative, zero or positive.</summary>
    public static int Compare(RValue a, RValue b)
    {
        if (ReferenceEquals(a, b)) return 0;
        if (a.Kind != b.Kind) return a.Kind.CompareTo(b.Kind);
        switch (a)
        {
            case RBool x: return x.Value.CompareTo(((RBool)b).Value);
            case RNumber x: return x.CompareNumber((RNumber)b);
            case RString x: return RString.CompareCodePoints(x.Value, ((RString)b).Value);
            case RArray x:
                {
                    var y = (RArray)b;
                    var n = Math.Min(x.Count, y.Count);
                    for (var i = 0; i < n; i++)
                    {
                        var c = Compare(x[i], y[i]);
                        if (c != 0) return c;
                    }
                    return x.Count.CompareTo(y.Count);
                }
            case RObject x: return RObject.CompareObjects(x, (RObject)b);
            case RSet x:
                {
                    var p = x.SortedElements;
                    var q = ((RSet)b).SortedElements;
                    var n = Math.Min(p.Length, q.Length);
                    for (var i = 0; i < n; i++)
                    {
                        var c = Compare(p[i], q[i]);
                        if (c != 0) return c;
                    }
                    return p.Length.CompareTo(q.Length);
                }
            default: return 0;
        }
    }

    /// <summary>The name type_name() gives this kind.</summary>
    public string TypeName => Kind switch
    {
        RKind.Null => "null",
        RKind.Boolean => "boolean",
        RKind.Number => "number",
        RKind.String => "string",
        RKind.Array => "array",
        RKind.Object => "object",
        _ => "set",
    };
}

/// <summary>Sorts values in Rego's order.</summary>
public sealed class RValueOrder : IComparer<RValue>
{
    public static readonly RValueOrder Instance = new();

    private const int Few = 12;

    private static readonly Comparison<RValue> Comparison = RValue.Compare;

    public int Compare(RValue? x, RValue? y) => RValue.Compare(x!, y!);

    internal static void Sort(Span<RValue> items)
    {
        if (items.Length > Few)
        {
            items.Sort(Comparison);
            return;
        }
        for (var i = 1; i < items.Length; i++)
        {
            var item = items[i];
            var at = i;
            for (; at > 0 && RValue.Compare(items[at - 1], item) > 0; at--) items[at] = items[at - 1];
            items[at] = item;
        }
    }

    /// <summary>Sorts keys and their values by the keys.</summary>
    internal static void Sort(Span<RValue> keys, Span<RValue> values)
    {
        if (keys.Length > Few)
        {
            keys.Sort(values, Comparison);
            return;
        }
        for (var i = 1; i < keys.Length; i++)
        {
            var (key, value) = (keys[i], values[i]);
            var at = i;
            for (; at > 0 && RValue.Compare(keys[at - 1], key) > 0; at--) (keys[at], values[at]) = (keys[at - 1], values[at - 1]);
            (keys[at], values[at]) = (key, value);
        }
    }
}

public sealed class RNull : RValue
{
    public static readonly RNull Instance = new();

    private RNull()
        : base(RKind.Null)
    {
    }

    public override bool Equals(RValue? other) => other is RNull;

    public override int GetHashCode() => 17;
}

public sealed class RBool : RValue
{
    public static readonly RBool True = new(true);
    public static readonly RBool False = new(false);

    private RBool(bool value)
        : base(RKind.Boolean) => Value = value;

    public bool Value { get; }

    public static RBool Of(bool value) => value ? True : False;

    public override bool Equals(RValue? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => Value ? 3 : 5;
}

public sealed class RString : RValue
{
    public static readonly RString Empty = new("");

    private int _hash;

    public RString(string value)
        : base(RKind.String) => Value = value;

    /// <summary>What a builtin made of this text (a parsed pattern), so that constants are parsed once.</summary>
    internal object? Attachment { get; set; }

    public string Value { get; }

    internal override int Weight => 1 + (Value.Length / 32);

    public override bool Equals(RValue? other) =>
        ReferenceEquals(this, other) || (other is RString s && string.Equals(Value, s.Value, StringComparison.Ordinal));

    public override int GetHashCode()
    {
        if (_hash == 0)
        {
            var h = Value.GetHashCode(StringComparison.Ordinal);
            _hash = h == 0 ? 1 : h;
        }
        return _hash;
    }

    /// <summary>Order of the UTF-8 bytes, which is the order of code points and not that of UTF-16 units.</summary>
    public static int CompareCodePoints(string a, string b)
    {
        var n = Math.Min(a.Length, b.Length);
        for (var i = 0; i < n; i++)
        {
            int x = a[i], y = b[i];
            if (x == y) continue;
            if (x >= 0xD800 && y >= 0xD800)
            {
                x = x >= 0xE000 ? x - 0x800 : x + 0x2000;
                y = y >= 0xE000 ? y - 0x800 : y + 0x2000;
            }
            return x - y;
        }
        return a.Length - b.Length;
    }
}
