using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MicroAppBot.Cards.Templating;

internal enum Kind : byte { Missing, Null, Boolean, Number, Text, List, Map, Fault }

/// <summary>
/// A value of an expression, with the meaning JavaScript gives it (the reference engine is written in it): numbers are doubles,
/// text is UTF-16, lists and maps are JSON. <c>Missing</c> remembers the path that led nowhere, <c>Fault</c> what went wrong.
/// </summary>
internal readonly struct Value
{
    private readonly double _number;
    private readonly object? _content;

    private Value(Kind kind, double number = 0, object? content = null) => (Kind, _number, _content) = (kind, number, content);

    public Kind Kind { get; }

    public static readonly Value Null = new(Kind.Null);
    public static readonly Value True = new(Kind.Boolean, 1);
    public static readonly Value False = new(Kind.Boolean);

    public static Value Of(bool value) => value ? True : False;
    public static Value Of(double value) => new(Kind.Number, value);
    public static Value Of(string value) => new(Kind.Text, 0, value);
    public static Value Of(IReadOnlyList<Value> items) => new(Kind.List, 0, items);
    public static Value Of(IReadOnlyDictionary<string, Value> members) => new(Kind.Map, 0, members);
    public static Value Missing(string path) => new(Kind.Missing, 0, path);
    public static Value Fault(string why) => new(Kind.Fault, 0, why);

    public static Value Of(JsonNode? node)
    {
        switch (node)
        {
            case null: return Null;
            case JsonArray array: return new(Kind.List, 0, array);
            case JsonObject map: return new(Kind.Map, 0, map);
        }
        var scalar = (JsonValue)node;
        return scalar.GetValueKind() switch
        {
            JsonValueKind.String => Of(scalar.TryGetValue<string>(out var text) ? text : JsonSerializer.Deserialize<string>(scalar.ToJsonString())!),
            JsonValueKind.Number => Of(NumberOf(scalar)),
            JsonValueKind.True => True,
            JsonValueKind.False => False,
            _ => Null,
        };
    }

    private static double NumberOf(JsonValue value) =>
        value.TryGetValue<JsonElement>(out var element) ? element.GetDouble()
        : value.TryGetValue<double>(out var real) ? real
        : value.TryGetValue<int>(out var small) ? small
        : value.TryGetValue<long>(out var whole) ? whole
        : double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture);

    public bool IsFault => Kind == Kind.Fault;
    public bool IsNothing => Kind is Kind.Missing or Kind.Null;
    public bool IsInteger => Kind == Kind.Number && double.IsInteger(_number);
    public double Number => _number;
    public bool Boolean => _number != 0;
    public string Text => (string)_content!;
    public string Path => (string)_content!;
    public string Why => (string)_content!;

    /// <summary>What a condition makes of it: false and nothing are false, all else (also 0 and the empty text) is true.</summary>
    public bool Holds => Kind switch { Kind.Boolean => Boolean, Kind.Missing or Kind.Null or Kind.Fault => false, _ => true };

    public int Count => _content switch
    {
        JsonArray array => array.Count,
        IReadOnlyList<Value> items => items.Count,
        JsonObject map => map.Count,
        IReadOnlyDictionary<string, Value> members => members.Count,
        _ => 0,
    };

    public Value this[int index] => _content is JsonArray array ? Of(array[index]) : ((IReadOnlyList<Value>)_content!)[index];

    public IReadOnlyList<Value> Items
    {
        get
        {
            if (_content is not JsonArray array)
                return (IReadOnlyList<Value>)_content!;
            var items = new Value[array.Count];
            for (var i = 0; i < items.Length; i++)
                items[i] = Of(array[i]);
            return items;
        }
    }

    public IEnumerable<KeyValuePair<string, Value>> Members => _content is JsonObject map
        ? map.Select(member => KeyValuePair.Create(member.Key, Of(member.Value)))
        : (IReadOnlyDictionary<string, Value>)_content!;

    /// <summary>A member by name, exactly or else without regard to case (as the reference does); false where there is none.</summary>
    public bool TryMember(string name, out Value value)
    {
        if (_content is JsonObject map)
        {
            if (map.TryGetPropertyValue(name, out var node))
            {
                value = Of(node);
                return true;
            }
        }
        else if (_content is IReadOnlyDictionary<string, Value> members)
        {
            if (members.TryGetValue(name, out value))
                return true;
        }
        else
        {
            value = default;
            return false;
        }
        foreach (var (key, member) in Members)
        {
            if (!string.Equals(key, name, StringComparison.OrdinalIgnoreCase))
                continue;
            value = member;
            return true;
        }
        value = default;
        return false;
    }

    /// <summary>As JavaScript's <c>toString()</c> writes it: <c>1,2,3</c>, <c>[object Object]</c>, <c>0.30000000000000004</c>.</summary>
    public string AsText() => Kind switch
    {
        Kind.Text => Text,
        Kind.Number => Numbers.AsText(_number),
        Kind.Boolean => Boolean ? "true" : "false",
        Kind.List => string.Join(',', Items.Select(item => item.IsNothing ? "" : item.AsText())),
        Kind.Map => "[object Object]",
        Kind.Missing => "${" + Path + "}",
        _ => "",
    };

    public JsonNode? ToNode() => Kind switch
    {
        Kind.Text => JsonValue.Create(Text),
        Kind.Number => double.IsInteger(_number) && Math.Abs(_number) < 9e15 ? JsonValue.Create((long)_number)
            : double.IsFinite(_number) ? JsonValue.Create(_number) : null,
        Kind.Boolean => JsonValue.Create(Boolean),
        Kind.List => _content is JsonArray array ? array.DeepClone() : new JsonArray([.. Items.Select(item => item.ToNode())]),
        Kind.Map => _content is JsonObject map ? map.DeepClone() : new JsonObject(Members.Select(m => KeyValuePair.Create(m.Key, m.Value.ToNode()))),
        Kind.Missing => JsonValue.Create(AsText()),
        _ => null,
    };

    public string ToJson() => ToNode()?.ToJsonString(Relaxed) ?? "null";

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static bool AreEqual(Value a, Value b)
    {
        if (a.IsNothing || b.IsNothing)
            return a.IsNothing && b.IsNothing;
        if (a.Kind != b.Kind)
            return false;
        switch (a.Kind)
        {
            case Kind.Number: return Math.Abs(a._number - b._number) < Numbers.Epsilon || a._number.Equals(b._number);
            case Kind.Boolean: return a.Boolean == b.Boolean;
            case Kind.Text: return string.Equals(a.Text, b.Text, StringComparison.Ordinal);
            case Kind.List:
                if (a.Count != b.Count)
                    return false;
                for (var i = 0; i < a.Count; i++)
                    if (!AreEqual(a[i], b[i]))
                        return false;
                return true;
            case Kind.Map:
                return a.Count == b.Count && a.Members.All(member => b.TryMember(member.Key, out var other) && AreEqual(member.Value, other));
            default: return false;
        }
    }
}
