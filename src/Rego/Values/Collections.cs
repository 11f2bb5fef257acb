namespace Rego.Values;

/// <summary>Weight and nesting of a collection, from those of its parts.</summary>
internal readonly record struct Measure(int Weight, int Nesting)
{
    public static Measure Of(RValue[] parts, RValue[]? more = null)
    {
        var weight = 1L;
        var nesting = 0;
        foreach (var part in parts) Take(part, ref weight, ref nesting);
        foreach (var part in more ?? []) Take(part, ref weight, ref nesting);
        return new Measure((int)Math.Min(weight, RValue.MaxWeight), nesting + 1);
    }

    private static void Take(RValue part, ref long weight, ref int nesting)
    {
        weight += part.Weight;
        nesting = Math.Max(nesting, part.Nesting);
    }
}

public sealed class RArray : RValue
{
    public static readonly RArray Empty = new([]);

    private readonly RValue[] _items;
    private Measure _measure;
    private int _hash;

    /// <summary>Takes the array over; the caller must not change it afterwards.</summary>
    public RArray(RValue[] items)
        : base(RKind.Array) => _items = items;

    internal override int Weight => Measured.Weight;

    internal override int Nesting => Measured.Nesting;

    // Torn writes do no harm: every thread writes the same two numbers, and 0 means not measured.
    private Measure Measured => _measure is { Weight: > 0, Nesting: > 0 } known ? known : _measure = Measure.Of(_items);

    public int Count => _items.Length;

    public RValue this[int index] => _items[index];

    public ReadOnlySpan<RValue> Items => _items;

    public override bool Equals(RValue? other)
    {
        if (ReferenceEquals(this, other)) return true;
        if (other is not RArray a || a._items.Length != _items.Length) return false;
        for (var i = 0; i < _items.Length; i++)
        {
            if (!_items[i].Equals(a._items[i])) return false;
        }
        return true;
    }

    public override int GetHashCode()
    {
        if (_hash == 0)
        {
            var h = 7919;
            foreach (var item in _items) h = unchecked((h * 31) + item.GetHashCode());
            _hash = h == 0 ? 1 : h;
        }
        return _hash;
    }

    /// <summary>The element a Rego key selects: a non-negative whole number, written as one, within bounds; otherwise null.</summary>
    public RValue? Get(RValue key) =>
        key is RNumber { IsInt64: true, IsIntegerText: true } n && n.Int64 >= 0 && n.Int64 < _items.Length ? _items[n.Int64] : null;
}

/// <summary>A mapping from any value to any value. Lookup is by hash; iteration is in Rego order.</summary>
public sealed class RObject : RValue
{
    public static readonly RObject Empty = new([], []);

    private const int LinearLimit = 8;

    private readonly RValue[] _keys;
    private readonly RValue[] _values;
    private Dictionary<RValue, int>? _index;
    private SortedEntries? _sorted;
    private Measure _measure;
    private int _hash;
    private bool _isSorted;

    /// <summary>Takes both arrays over; keys must be distinct.</summary>
    internal RObject(RValue[] keys, RValue[] values, Dictionary<RValue, int>? index = null)
        : base(RKind.Object)
    {
        _keys = keys;
        _values = values;
        _index = index;
    }

    /// <summary>An object whose keys are in order already; the array of keys may be that of other objects.</summary>
    internal static RObject Ordered(RValue[] keys, RValue[] values) => new(keys, values) { _isSorted = true };

    private sealed record SortedEntries(RValue[] Keys, RValue[] Values);

    internal override int Weight => Measured.Weight;

    internal override int Nesting => Measured.Nesting;

    // Torn writes do no harm: every thread writes the same two numbers, and 0 means not measured.
    private Measure Measured => _measure is { Weight: > 0, Nesting: > 0 } known ? known : _measure = Measure.Of(_keys, _values);

    public int Count => _keys.Length;

    /// <summary>Keys in Rego order.</summary>
    public ReadOnlySpan<RValue> Keys => SortedKeys;

    /// <summary>Values in the order of <see cref="Keys"/>.</summary>
    public ReadOnlySpan<RValue> Values => SortedValues;

    internal RValue[] SortedKeys => IsSorted ? _keys : Sorted.Keys;

    internal RValue[] SortedValues => IsSorted ? _values : Sorted.Values;

    private bool IsSorted
    {
        get
        {
            if (_isSorted || _sorted is not null) return _isSorted;
            for (var i = 1; i < _keys.Length; i++)
            {
                if (Compare(_keys[i - 1], _keys[i]) >= 0) return false;
            }
            return _isSorted = true;
        }
    }

    private SortedEntries Sorted
    {
        get
        {
            if (_sorted is { } sorted) return sorted;
            var keys = (RValue[])_keys.Clone();
            var values = (RValue[])_values.Clone();
            RValueOrder.Sort(keys, values);
            return _sorted = new SortedEntries(keys, values);
        }
    }

    public RValue? Get(RValue key)
    {
        var i = IndexOf(key);
        return i < 0 ? null : _values[i];
    }

    public RValue? Get(string key) => Get(new RString(key));

    private int IndexOf(RValue key)
    {
        var keys = _keys;
        if (keys.Length <= LinearLimit)
        {
            for (var i = 0; i < keys.Length; i++)
            {
                if (ReferenceEquals(keys[i], key)) return i;
            }
            if (key is RString text)
            {
                for (var i = 0; i < keys.Length; i++)
                {
                    if (keys[i] is RString name && name.Value == text.Value) return i;
                }
                return -1;
            }
            for (var i = 0; i < keys.Length; i++)
            {
                if (keys[i].Equals(key)) return i;
            }
            return -1;
        }
        var index = _index;
        if (index is null)
        {
            index = new Dictionary<RValue, int>(keys.Length);
            for (var i = 0; i < keys.Length; i++) index[keys[i]] = i;
            _index = index;
        }
        return index.TryGetValue(key, out var at) ? at : -1;
    }

    public override bool Equals(RValue? other)
    {
        if (ReferenceEquals(this, other)) return true;
        if (other is not RObject o || o._keys.Length != _keys.Length) return false;
        for (var i = 0; i < _keys.Length; i++)
        {
            var at = o.IndexOf(_keys[i]);
            if (at < 0 || !_values[i].Equals(o._values[at])) return false;
        }
        return true;
    }

    public override int GetHashCode()
    {
        if (_hash == 0)
        {
            var h = 104729;
            for (var i = 0; i < _keys.Length; i++) h = unchecked(h + HashCode.Combine(_keys[i].GetHashCode(), _values[i].GetHashCode()));
            _hash = h == 0 ? 1 : h;
        }
        return _hash;
    }

    internal static int CompareObjects(RObject a, RObject b)
    {
        var (k1, v1, k2, v2) = (a.SortedKeys, a.SortedValues, b.SortedKeys, b.SortedValues);
        var n = Math.Min(k1.Length, k2.Length);
        for (var i = 0; i < n; i++)
        {
            var c = Compare(k1[i], k2[i]);
            if (c != 0) return c;
            c = Compare(v1[i], v2[i]);
            if (c != 0) return c;
        }
        return k1.Length.CompareTo(k2.Length);
    }
}

/// <summary>Collects entries for an object; the last value of a key wins unless the caller asks first.</summary>
public sealed class RObjectBuilder
{
    private const int LinearLimit = 8;

    private RValue[] _keys;
    private RValue[] _values;
    private Dictionary<RValue, int>? _index;

    public RObjectBuilder(int capacity = 0)
    {
        _keys = capacity == 0 ? [] : new RValue[capacity];
        _values = capacity == 0 ? [] : new RValue[capacity];
    }

    public int Count { get; private set; }

    public RValue? Get(RValue key)
    {
        var i = IndexOf(key);
        return i < 0 ? null : _values[i];
    }

    public void Set(RValue key, RValue value)
    {
        var i = IndexOf(key);
        if (i >= 0)
        {
            _values[i] = value;
            return;
        }
        if (Count == _keys.Length)
        {
            var size = Count == 0 ? 4 : Count * 2;
            Array.Resize(ref _keys, size);
            Array.Resize(ref _values, size);
        }
        _keys.AsSpan()[Count] = key;
        _values.AsSpan()[Count] = value;
        _index?.Add(key, Count);
        Count++;
    }

    public void Set(string key, RValue value) => Set(new RString(key), value);

    public void SetAll(RObject source)
    {
        var keys = source.Keys;
        var values = source.Values;
        for (var i = 0; i < keys.Length; i++) Set(keys[i], values[i]);
    }

    public RObject Build()
    {
        if (Count == 0) return RObject.Empty;
        if (Count == _keys.Length) return new RObject(_keys, _values, _index);
        return new RObject(_keys.AsSpan(0, Count).ToArray(), _values.AsSpan(0, Count).ToArray(), _index);
    }

    private int IndexOf(RValue key)
    {
        if (_index is null)
        {
            if (Count <= LinearLimit)
            {
                for (var i = 0; i < Count; i++)
                {
                    if (_keys[i].Equals(key)) return i;
                }
                return -1;
            }
            _index = new Dictionary<RValue, int>(Count * 2);
            for (var i = 0; i < Count; i++) _index[_keys[i]] = i;
        }
        return _index.TryGetValue(key, out var at) ? at : -1;
    }
}

/// <summary>Distinct values. Membership is by hash; iteration is in Rego order.</summary>
public sealed class RSet : RValue
{
    public static readonly RSet Empty = new([], null);

    private const int LinearLimit = 8;

    private readonly RValue[] _elements;
    private HashSet<RValue>? _index;
    private RValue[]? _sorted;
    private Measure _measure;
    private int _hash;

    internal RSet(RValue[] distinct, HashSet<RValue>? index)
        : base(RKind.Set)
    {
        _elements = distinct;
        _index = index;
    }

    public static RSet Of(IEnumerable<RValue> elements)
    {
        var builder = new RSetBuilder();
        foreach (var element in elements) builder.Add(element);
        return builder.Build();
    }

    internal override int Weight => Measured.Weight;

    internal override int Nesting => Measured.Nesting;

    // Torn writes do no harm: every thread writes the same two numbers, and 0 means not measured.
    private Measure Measured => _measure is { Weight: > 0, Nesting: > 0 } known ? known : _measure = Measure.Of(_elements);

    public int Count => _elements.Length;

    /// <summary>Elements in Rego order.</summary>
    public ReadOnlySpan<RValue> Elements => SortedElements;

    internal RValue[] SortedElements
    {
        get
        {
            var sorted = _sorted;
            if (sorted is not null) return sorted;
            sorted = _elements;
            if (sorted.Length > 1)
            {
                sorted = (RValue[])_elements.Clone();
                RValueOrder.Sort(sorted);
            }
            _sorted = sorted;
            return sorted;
        }
    }

    public bool Contains(RValue value) => Get(value) is not null;

    /// <summary>The element equal to the value, or null.</summary>
    public RValue? Get(RValue value)
    {
        if (_elements.Length <= LinearLimit)
        {
            foreach (var element in _elements)
            {
                if (element.Equals(value)) return element;
            }
            return null;
        }
        var index = _index;
        if (index is null)
        {
            index = new HashSet<RValue>(_elements);
            _index = index;
        }
        return index.TryGetValue(value, out var found) ? found : null;
    }

    public override bool Equals(RValue? other)
    {
        if (ReferenceEquals(this, other)) return true;
        if (other is not RSet s || s._elements.Length != _elements.Length) return false;
        foreach (var element in _elements)
        {
            if (s.Get(element) is null) return false;
        }
        return true;
    }

    public override int GetHashCode()
    {
        if (_hash == 0)
        {
            var h = 31337;
            foreach (var element in _elements) h = unchecked(h + (element.GetHashCode() * 16777619));
            _hash = h == 0 ? 1 : h;
        }
        return _hash;
    }
}

/// <summary>Collects distinct values for a set.</summary>
public sealed class RSetBuilder
{
    private const int LinearLimit = 8;

    // Most sets stay empty or have one element.
    private RValue[] _elements = [];
    private HashSet<RValue>? _index;

    public int Count { get; private set; }

    /// <summary>True when the value was not there yet.</summary>
    public bool Add(RValue value)
    {
        if (_index is not null)
        {
            if (!_index.Add(value)) return false;
        }
        else
        {
            for (var i = 0; i < Count; i++)
            {
                if (_elements[i].Equals(value)) return false;
            }
            if (Count == LinearLimit)
            {
                _index = new HashSet<RValue>(32);
                for (var i = 0; i < Count; i++) _index.Add(_elements[i]);
                _index.Add(value);
            }
        }
        if (Count == _elements.Length) Array.Resize(ref _elements, Count == 0 ? 1 : Count * 2);
        // A span writes without asking each time what kind of array this is.
        _elements.AsSpan()[Count++] = value;
        return true;
    }

    public bool Contains(RValue value)
    {
        if (_index is not null) return _index.Contains(value);
        for (var i = 0; i < Count; i++)
        {
            if (_elements[i].Equals(value)) return true;
        }
        return false;
    }

    public RSet Build()
    {
        if (Count == 0) return RSet.Empty;
        return new RSet(Count == _elements.Length ? _elements : _elements.AsSpan(0, Count).ToArray(), _index);
    }

    /// <summary>Like <see cref="Build"/>, and the builder is empty again and keeps what room it had.</summary>
    internal RSet Take()
    {
        if (Count == 0) return RSet.Empty;
        var set = new RSet(_elements.AsSpan(0, Count).ToArray(), _index);
        Clear();
        return set;
    }

    internal void Clear()
    {
        _index = null;
        if (_elements.Length > MaxKept) _elements = [];
        else Array.Clear(_elements, 0, Count);
        Count = 0;
    }

    private const int MaxKept = 64;
}
