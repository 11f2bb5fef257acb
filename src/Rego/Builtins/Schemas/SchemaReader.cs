using System.Globalization;
using Rego.Values;

namespace Rego.Builtins.Schemas;

/// <summary>Takes a schema apart and says what is wrong with it, one keyword after the other in the order OPA looks at them.</summary>
internal sealed class SchemaReader
{
    private const int MaxDepth = 128;
    private const int AllDrafts = int.MaxValue;
    private const string ValidTypes = "[array boolean integer number null object string]";

    private static readonly string[] TypeNames = ["array", "boolean", "integer", "number", "null", "object", "string"];

    private readonly RValue _document;
    private readonly Dictionary<string, RValue> _named = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SchemaNode> _referred = new(StringComparer.Ordinal);
    private int _draft = AllDrafts;

    public SchemaReader(RValue document)
    {
        _document = document;
        FindNames(document, "", 0);
    }

    /// <exception cref="SchemaFault">Not a schema.</exception>
    public SchemaNode Read()
    {
        if (_document is not (RBool or RObject)) throw new SchemaFault("schema is invalid");
        if ((_document as RObject)?.Get("$schema") is { } given)
        {
            if (given is not RString text) throw new SchemaFault("$schema must be of type string");
            _draft = text.Value.TrimEnd('#') switch
            {
                "http://json-schema.org/draft-04/schema" => 4,
                "http://json-schema.org/draft-06/schema" => 6,
                "http://json-schema.org/draft-07/schema" => 7,
                _ => AllDrafts,
            };
        }
        return Read(_document, "", 0);
    }

    private void FindNames(RValue value, string place, int depth)
    {
        if (depth > MaxDepth) return;
        if (value is RArray list)
        {
            foreach (var item in list.Items) FindNames(item, place, depth + 1);
        }
        if (value is not RObject o) return;
        if ((o.Get("id") ?? o.Get("$id")) is RString id)
        {
            place = Joined(place, id.Value);
            _named.TryAdd(place, value);
        }
        for (var i = 0; i < o.Count; i++)
        {
            if (o.Keys[i] is RString { Value: "const" or "enum" }) continue;
            if (o.Keys[i] is RString { Value: "properties" or "dependencies" or "patternProperties" } && o.Values[i] is RObject map)
            {
                foreach (var below in map.Values) FindNames(below, place, depth + 2);
            }
            else
            {
                FindNames(o.Values[i], place, depth + 1);
            }
        }
    }

    private static string Joined(string place, string reference)
    {
        if (place.Length == 0 || Uri.TryCreate(reference, UriKind.Absolute, out _)) return reference;
        if (reference.StartsWith('#')) return place.Split('#')[0] + (reference == "#" ? "" : reference);
        return Uri.TryCreate(place, UriKind.Absolute, out var known) && Uri.TryCreate(known, reference, out var joined) ? joined.OriginalString.Length > 0 ? joined.ToString() : reference : reference;
    }

    private SchemaNode Read(RValue value, string place, int depth)
    {
        var node = new SchemaNode();
        Fill(node, value, place, depth);
        return node;
    }

    private void Fill(SchemaNode node, RValue value, string place, int depth)
    {
        if (depth > MaxDepth) throw new SchemaFault("schema is nested too deeply");
        if (value is RBool pass && _draft >= 6)
        {
            node.Pass = pass.Value;
            return;
        }
        if (value is not RObject o) throw new SchemaFault("Expected: schema, given: Invalid JSON");
        SchemaNode Below(RValue below) => Read(below, place, depth + 1);
        var idKey = _draft == 4 || (_draft == AllDrafts && o.Get("id") is not null) ? "id" : "$id";
        if (Text(o, idKey) is { } id) place = Joined(place, id);
        if (o.Get("definitions") is { } definitions)
        {
            if (definitions is not RObject map) throw Invalid("array of schemas", "definitions");
            foreach (var below in map.Values) Below(below is RBool or RObject ? below : throw Invalid("array of schemas", "definitions"));
        }
        Text(o, "title");
        Text(o, "description");
        if (Text(o, "$ref") is { } reference)
        {
            node.Reference = Referred(Joined(place, reference), depth);
            return;
        }
        foreach (var type in o.Get("type") switch { null => [], RString one => [one], RArray list => list.Items.ToArray(), _ => throw Invalid("string/array of strings", "type") })
        {
            var name = (type as RString)?.Value ?? throw Invalid("string/array of strings", "type");
            if (!TypeNames.Contains(name)) throw new SchemaFault($"has a primitive type that is NOT VALID -- given: /{name}/ Expected valid values are:{ValidTypes}");
            if (node.Types.Contains(name)) throw new SchemaFault($"{name} type is duplicated");
            node.Types.Add(name);
        }
        if (o.Get("properties") is { } properties)
        {
            foreach (var (name, below) in Members(properties as RObject ?? throw new SchemaFault("properties must be of type object"))) node.Properties.Add((name, Below(below)));
        }
        ReadObjects(node, o, Below);
        ReadArrays(node, o, Below);
        ReadNumbers(node, o);
        ReadTexts(node, o);
        ReadLimits(node, o);
        if (o.Get("contains") is { } contains && _draft >= 6) node.Contains = Below(contains);
        if (o.Get("const") is { } constant && _draft >= 6) node.Constant = PlainJson.Of(constant);
        ReadChoices(node, o);
        foreach (var (name, list) in new[] { ("oneOf", node.OneOf), ("anyOf", node.AnyOf), ("allOf", node.AllOf) })
        {
            foreach (var below in Slice(o, name)) list.Add(Below(below));
        }
        SchemaNode? Schema(string name) => o.Get(name) switch
        {
            null => null,
            RBool or RObject => Below(o.Get(name)!),
            _ => throw new SchemaFault($"{name} must be of an object"),
        };
        node.Not = Schema("not");
        if (_draft < 7) return;
        node.If = Schema("if");
        node.Then = Schema("then");
        node.Else = Schema("else");
    }

    private void ReadObjects(SchemaNode node, RObject o, Func<RValue, SchemaNode> below)
    {
        switch (o.Get("additionalProperties"))
        {
            case null: break;
            case RBool b: node.IsClosed = !b.Value; break;
            case RObject schema: node.AdditionalProperties = below(schema); break;
            default: throw Invalid("boolean/schema", "additionalProperties");
        }
        if (o.Get("patternProperties") is { } patterns)
        {
            foreach (var (name, schema) in Members(patterns as RObject ?? throw Invalid("schema", "patternProperties")))
                node.Patterns.Add((Regexes.Find(name).Pattern ?? throw new SchemaFault($"Invalid regex pattern '{name}'"), below(schema)));
        }
        if (o.Get("propertyNames") is { } names && _draft >= 6) node.PropertyNames = below(names is RBool or RObject ? names : throw Invalid("schema", "patternProperties"));
        if (o.Get("dependencies") is not { } dependencies) return;
        foreach (var (name, value) in Members(dependencies as RObject ?? throw new SchemaFault("dependencies must be of type object")))
        {
            var fault = new SchemaFault("dependency must be of type schema or array of strings");
            node.Dependencies[name] = value switch
            {
                RArray list => ([.. list.Items.ToArray().Select(n => (n as RString)?.Value ?? throw fault)], null),
                RBool or RObject => (null, below(value)),
                _ => throw fault,
            };
        }
    }

    private static void ReadArrays(SchemaNode node, RObject o, Func<RValue, SchemaNode> below)
    {
        switch (o.Get("items"))
        {
            case null: break;
            case RArray list: node.Items.AddRange(list.Items.ToArray().Select(i => below(i is RBool or RObject ? i : throw Invalid("schema/array of schemas", "items")))); break;
            case (RBool or RObject) and var one:
                node.Items.Add(below(one));
                node.IsForAllItems = true;
                break;
            default: throw Invalid("schema/array of schemas", "items");
        }
        switch (o.Get("additionalItems"))
        {
            case null: break;
            case RBool b: node.AllowsNoMoreItems = !b.Value; break;
            case RObject schema: node.AdditionalItems = below(schema); break;
            default: throw Invalid("boolean/schema", "additionalItems");
        }
    }

    private void ReadNumbers(SchemaNode node, RObject o)
    {
        if (o.Get("multipleOf") is { } multiple)
        {
            node.MultipleOf = multiple as RNumber ?? throw Invalid("number", "multipleOf");
            if (node.MultipleOf.Sign <= 0) throw new SchemaFault("multipleOf must be strictly greater than 0");
        }
        (node.Minimum, node.ExclusiveMinimum) = Bound("minimum", "exclusiveMinimum");
        (node.Maximum, node.ExclusiveMaximum) = Bound("maximum", "exclusiveMaximum");

        (RNumber?, RNumber?) Bound(string name, string exclusive)
        {
            var bound = o.Get(name) switch { null => null, RNumber n => n, _ => throw new SchemaFault($"{name} must be of a number") };
            switch (o.Get(exclusive))
            {
                case null: return (bound, null);
                // Draft 4 has a switch beside the bound, later drafts a bound of its own.
                case RBool b when _draft is 4 or AllDrafts:
                    if (bound is null) throw new SchemaFault($"{exclusive} cannot be used without {name}");
                    return b.Value ? (null, bound) : (bound, null);
                case RNumber n when _draft != 4: return (bound, n);
                default: throw Invalid(_draft switch { 4 => "boolean", AllDrafts => "boolean/number", _ => "number" }, exclusive);
            }
        }
    }

    private static void ReadTexts(SchemaNode node, RObject o)
    {
        Limit(node, o, "minLength");
        Limit(node, o, "maxLength");
        if (node.Limits.TryGetValue("minLength", out var least) && node.Limits.TryGetValue("maxLength", out var most) && least > most) throw new SchemaFault("minLength cannot be greater than maxLength");
        if (Text(o, "pattern") is { } pattern) node.Pattern = (Regexes.Find(pattern).Pattern ?? throw new SchemaFault("pattern must be a valid regex"), pattern);
        node.Format = Text(o, "format") ?? "";
    }

    private static void ReadLimits(SchemaNode node, RObject o)
    {
        Limit(node, o, "minProperties");
        Limit(node, o, "maxProperties");
        if (node.Limits.TryGetValue("minProperties", out var least) && node.Limits.TryGetValue("maxProperties", out var most) && least > most) throw new SchemaFault("minProperties cannot be greater than maxProperties");
        foreach (var required in Slice(o, "required"))
        {
            var name = (required as RString)?.Value ?? throw Invalid("string", "required");
            if (node.Required.Contains(name)) throw new SchemaFault("required items must be unique");
            node.Required.Add(name);
        }
        Limit(node, o, "minItems");
        Limit(node, o, "maxItems");
        node.HasUniqueItems = o.Get("uniqueItems") switch { null => false, RBool b => b.Value, _ => throw new SchemaFault("uniqueItems must be of a boolean") };
    }

    private static void ReadChoices(SchemaNode node, RObject o)
    {
        if (o.Get("enum") is null) return;
        var choices = new List<string>();
        foreach (var choice in Slice(o, "enum").Select(PlainJson.Of))
        {
            if (choices.Contains(choice)) throw new SchemaFault("enum items must be unique");
            choices.Add(choice);
        }
        if (choices.Count > 0) node.Choices = choices;
    }

    private static void Limit(SchemaNode node, RObject o, string name)
    {
        if (o.Get(name) is not { } value) return;
        if (value is not RNumber { IsPlainInt64: true } limit) throw new SchemaFault($"{name} must be of an integer");
        if (limit.Int64 < 0) throw new SchemaFault($"{name} must be greater than or equal to 0");
        node.Limits[name] = limit.Int64;
    }

    private SchemaNode Referred(string reference, int depth)
    {
        if (_referred.TryGetValue(reference, out var known)) return known;
        var node = _referred[reference] = new SchemaNode();
        var target = Find(reference);
        if (target is not (RBool or RObject)) throw new SchemaFault("schema must be of type object");
        Fill(node, target, reference.Split('#')[0], depth + 1);
        return node;
    }

    private RValue Find(string reference)
    {
        if (_named.TryGetValue(reference, out var named)) return named;
        var parts = reference.Split('#', 2);
        var value = parts[0].Length == 0 ? _document : _named.GetValueOrDefault(parts[0])
            ?? throw new SchemaFault(Uri.TryCreate(reference, UriKind.Absolute, out _) ? $"remote reference loading disabled: {reference}" : $"Reference {reference} must be canonical");
        if (parts.Length == 1 || parts[1].Length == 0) return value;
        if (parts[1][0] != '/') throw new SchemaFault("Pointer should start with '/'");
        foreach (var part in parts[1][1..].Split('/'))
        {
            var name = Uri.UnescapeDataString(part).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            value = value switch
            {
                RObject o => o.Get(name) ?? throw new SchemaFault($"Object has no key '{name}'"),
                RArray a when !int.TryParse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) => throw new SchemaFault($"Invalid array index '{name}'"),
                RArray a => int.Parse(name, CultureInfo.InvariantCulture) is var i && i >= 0 && i < a.Count ? a[i] : throw new SchemaFault(FormattableString.Invariant($"Out of bound array[0,{a.Count}] index '{i}'")),
                _ => throw new SchemaFault($"Invalid token reference '{name}'"),
            };
        }
        return value;
    }

    private static SchemaFault Invalid(string expected, string given) => new($"Invalid type. Expected: {expected}, given: {given}");

    private static string? Text(RObject o, string name) => o.Get(name) switch { null => null, RString s => s.Value, _ => throw Invalid("string", name) };

    private static RValue[] Slice(RObject o, string name) => o.Get(name) switch { null => [], RArray a => a.Items.ToArray(), _ => throw new SchemaFault($"{name} must be of an array") };

    private static IEnumerable<(string Name, RValue Value)> Members(RObject o) => o.Keys.ToArray().Zip(o.Values.ToArray(), (k, v) => (k.Str(), v)).OrderBy(m => m.Item1, StringComparer.Ordinal);
}
