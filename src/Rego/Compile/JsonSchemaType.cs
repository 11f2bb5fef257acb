using Rego.Values;

namespace Rego.Compile;

using static StaticType;

/// <summary>
/// A JSON schema as a type, as far as OPA's type checker reads it: type, properties, items, anyOf, allOf and references inside the schema.
/// An object with properties has these and no others.
/// </summary>
/// <remarks>A schema that is none, or that refers to somewhere else, is a <see cref="FormatException"/>.</remarks>
internal sealed class JsonSchemaType(RValue root)
{
    private const int MaxDepth = 64;

    private readonly HashSet<string> _open = [];
    private int _depth;

    public StaticType Type() => Of(root is RObject or RBool ? root : throw new FormatException("unable to compile the schema: a schema is an object or a boolean"));

    private StaticType Of(RValue schema)
    {
        if (schema is not RObject o) return Any;
        if (++_depth > MaxDepth) throw new FormatException("type checking: the schema is nested too deeply");
        try
        {
            return Of(o);
        }
        finally
        {
            _depth--;
        }
    }

    private StaticType Of(RObject schema)
    {
        if (schema.Get("$ref") is RString reference)
        {
            // What contains itself is anything from there on.
            if (!_open.Add(reference.Value)) return Any;
            var type = Of(Resolve(reference.Value));
            _open.Remove(reference.Value);
            return type;
        }
        var types = Types(schema);
        if (schema.Get("anyOf") is RArray any)
        {
            StaticType? all = null;
            if (types.Count > 0 && Core(schema, types) is ObjectType { Known.Count: > 0, More: null } core) all = core;
            foreach (var one in any.Items.ToArray()) all = Or(Of(one), all);
            return all ?? Any;
        }
        if (schema.Get("allOf") is RArray every)
        {
            var parts = every.Items.ToArray().Select(Resolved).ToList();
            if (types.Count > 0) parts.Add(Without(schema, "allOf"));
            return Together(parts);
        }
        return Core(schema, types);
    }

    private RObject Resolved(RValue schema)
    {
        for (var i = 0; i < MaxDepth && schema is RObject o && o.Get("$ref") is RString reference; i++) schema = Resolve(reference.Value);
        return schema as RObject ?? RObject.Empty;
    }

    private static RObject Without(RObject schema, string key)
    {
        var builder = new RObjectBuilder();
        for (var i = 0; i < schema.Count; i++)
        {
            if (schema.Keys[i] is not RString s || s.Value != key) builder.Set(schema.Keys[i], schema.Values[i]);
        }
        return builder.Build();
    }

    /// <summary>All parts hold at once: they must be of one type; properties come together.</summary>
    private StaticType Together(List<RObject> parts)
    {
        if (parts.Count == 0) return Any;
        var first = Assumed(parts[0]);
        var known = new Dictionary<RValue, StaticType?>();
        foreach (var part in parts)
        {
            var types = Assumed(part);
            if (!types.SequenceEqual(first)) throw new FormatException($"type checking: unable to merge these schemas: type mismatch: {Shown(first)} and {Shown(types)}");
            if (part.Get("properties") is not RObject properties) continue;
            for (var i = 0; i < properties.Count; i++) known[properties.Keys[i]] = Of(properties.Values[i]);
        }
        if (first.Contains("object") && known.Count > 0) return new ObjectType(known.Select(k => new Member(k.Key, k.Value)), null);
        if (first.Contains("array") && parts.Find(p => p.Get("items") is not null) is { } items) return Core(items, first);
        return Core(parts[0], first);

        static string Shown(List<string> types) => types.Count == 1 ? types[0] : $"[{string.Join(',', types)}]";
    }

    private static List<string> Assumed(RObject schema)
    {
        var types = Types(schema);
        if (schema.Get("properties") is RObject { Count: > 0 } && !types.Contains("object")) types.Add("object");
        else if (schema.Get("items") is not null && !types.Contains("array")) types.Add("array");
        return types;
    }

    private StaticType Core(RObject schema, List<string> types)
    {
        if (types.Contains("boolean")) return StaticType.Boolean;
        if (types.Contains("string")) return StaticType.String;
        if (types.Contains("integer") || types.Contains("number")) return Number;
        if (types.Contains("object") || (types.Count == 0 && schema.Get("properties") is RObject { Count: > 0 })) return Object(schema);
        if (types.Contains("array") || (types.Count == 0 && schema.Get("items") is not null)) return Array(schema);
        return Any;
    }

    private ObjectType Object(RObject schema)
    {
        if (schema.Get("properties") is not RObject { Count: > 0 } properties) return new ObjectType([], new MoreMembers(Any, Any));
        return new ObjectType(Enumerable.Range(0, properties.Count).Select(i => new Member(properties.Keys[i], Of(properties.Values[i]))).ToList(), null);
    }

    private ArrayType Array(RObject schema) => schema.Get("items") switch
    {
        RArray { Items.Length: > 0 } several => new ArrayType([.. several.Items.ToArray().Select(Of)], null),
        RObject one => new ArrayType([], Of(one)),
        _ => new ArrayType([], Any),
    };

    private static List<string> Types(RObject schema) => schema.Get("type") switch
    {
        RString s => [Known(s.Value)],
        RArray several => [.. several.Items.ToArray().Select(s => Known((s as RString)?.Value ?? ""))],
        null => [],
        _ => throw new FormatException("unable to compile the schema: Invalid type. Expected: string/array of strings, given: type"),
    };

    private static string Known(string type) => type is "array" or "boolean" or "integer" or "number" or "null" or "object" or "string"
        ? type
        : throw new FormatException($"unable to compile the schema: has a primitive type that is NOT VALID -- given: /{type}/ Expected valid values are:[array boolean integer number null object string]");

    private RValue Resolve(string reference)
    {
        if (reference == "#") return root;
        if (reference.StartsWith("#/", StringComparison.Ordinal))
        {
            RValue? at = root;
            foreach (var part in Uri.UnescapeDataString(reference[2..]).Split('/'))
            {
                var key = part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
                at = at switch
                {
                    RObject o => o.Get(key),
                    RArray a when int.TryParse(key, out var i) && i >= 0 && i < a.Items.Length => a.Items[i],
                    _ => null,
                };
            }
            return at ?? throw new FormatException($"unable to compile the schema: Object has no key '{reference[(reference.LastIndexOf('/') + 1)..]}'");
        }
        if (Find(root, reference, 0) is { } named) return named;
        throw new FormatException($"unable to compile the schema: remote reference loading disabled: {reference}");
    }

    private static RValue? Find(RValue schema, string id, int depth)
    {
        if (schema is not RObject o || depth > MaxDepth) return null;
        if ((o.Get("$id") ?? o.Get("id")) is RString own && own.Value == id) return o;
        for (var i = 0; i < o.Count; i++)
        {
            if (Find(o.Values[i], id, depth + 1) is { } found) return found;
        }
        return null;
    }
}
