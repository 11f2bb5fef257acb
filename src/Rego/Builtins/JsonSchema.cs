using System.Globalization;
using System.Numerics;
using Rego.Evaluate;
using Rego.Values;

namespace Rego.Builtins;

/// <summary>
/// json.match_schema and json.verify_schema: JSON Schema as drafts 4 to 7 share it, with the words of the validator OPA uses.
/// References lead inside the same schema only; none is fetched.
/// </summary>
internal static class JsonSchema
{
    private const int MaxDepth = 128;

    private static readonly string[] TypeNames = ["array", "boolean", "integer", "number", "null", "object", "string"];

    public static void Register(Registrar t)
    {
        t.Add("json.verify_schema", "so", (_, a) =>
        {
            var fault = Load(a[0], out var schema) ?? Check(schema, 0);
            return new RArray([RBool.Of(fault is null), fault is null ? RNull.Instance : new RString("jsonschema: " + fault)]);
        });
        t.Add("json.match_schema", "so so", (e, a) =>
        {
            if (Load(a[0], out var document) is { } bad) return e.Fail($"json.match_schema: {bad}");
            if ((Load(a[1], out var schema) ?? Check(schema, 0)) is { } fault) return e.Fail($"json.match_schema: {fault}");
            var run = new Validation(e, schema);
            run.Validate(schema, document, "(root)", 0);
            return new RArray([RBool.Of(run.Errors.Count == 0), new RArray([.. run.Errors])]);
        });
    }

    private static string? Load(RValue given, out RValue value)
    {
        value = given;
        if (given is not RString text) return null;
        try
        {
            value = RValue.Parse(text.Value);
            return null;
        }
        catch (FormatException fault)
        {
            return fault.Message;
        }
    }

    /// <summary>What is wrong with a schema, or null.</summary>
    private static string? Check(RValue schema, int depth)
    {
        if (depth > MaxDepth) return "schema is nested too deeply";
        if (schema is RBool) return null;
        if (schema is not RObject o) return "schema must be an object or a boolean";
        foreach (var type in o.Get("type") is RArray list ? list.Items.ToArray() : o.Get("type") is { } one ? [one] : [])
        {
            if (type is not RString s || !TypeNames.Contains(s.Value))
                return $"has a primitive type that is NOT VALID -- given: /{(type is RString x ? x.Value : type.ToString())}/ Expected valid values are:[array boolean integer number null object string]";
        }
        foreach (var name in new[] { "properties", "patternProperties", "definitions" })
        {
            if (o.Get(name) is not { } map) continue;
            if (map is not RObject entries) return $"Invalid type. Expected: object, given: {map.TypeName}";
            foreach (var value in entries.Values)
            {
                if (Check(value, depth + 1) is { } fault) return fault;
            }
        }
        foreach (var name in new[] { "items", "additionalProperties", "additionalItems", "not", "contains", "propertyNames", "if", "then", "else", "allOf", "anyOf", "oneOf" })
        {
            if (o.Get(name) is not { } below) continue;
            foreach (var value in below is RArray a ? a.Items.ToArray() : [below])
            {
                if (Check(value, depth + 1) is { } fault) return fault;
            }
        }
        if (o.Get("required") is { } required && (required is not RArray names || names.Items.ToArray().Any(n => n is not RString))) return "required items must be string";
        if (o.Get("pattern") is RString pattern && Regexes.Find(pattern.Value).Pattern is null) return $"pattern must be a valid regex: {pattern.Value}";
        return null;
    }

    private sealed class Validation(Evaluation e, RValue root)
    {
        public List<RValue> Errors { get; } = [];

        private void Report(string type, string field, string description)
        {
            var error = new RObjectBuilder();
            error.Set("type", new RString(type));
            error.Set("field", new RString(field));
            error.Set("desc", new RString(description));
            error.Set("error", new RString($"{field}: {description}"));
            Errors.Add(error.Build());
        }

        private bool Holds(RValue schema, RValue value, string field, int depth)
        {
            var count = Errors.Count;
            Validate(schema, value, field, depth);
            var holds = Errors.Count == count;
            Errors.RemoveRange(count, Errors.Count - count);
            return holds;
        }

        public void Validate(RValue schema, RValue value, string field, int depth)
        {
            e.Tick();
            if (depth > MaxDepth)
            {
                Report("depth", field, "Schema is nested too deeply");
                return;
            }
            if (schema is RBool b)
            {
                if (!b.Value) Report("false", field, "False always fails validation");
                return;
            }
            var o = (RObject)schema;
            if (o.Get("$ref") is RString reference)
            {
                if (Resolve(reference.Value) is { } target) Validate(target, value, field, depth + 1);
                else Report("missing_reference", field, $"Object has no key '{reference.Value}'");
                return;
            }
            Type(o, value, field);
            Combined(o, value, field, depth);
            switch (value)
            {
                case RObject x: Members(o, x, field, depth); break;
                case RArray x: Items(o, x, field, depth); break;
                case RString x: Text(o, x.Value, field); break;
                case RNumber x: Number(o, x, field); break;
            }
        }

        private RValue? Resolve(string reference)
        {
            if (!reference.StartsWith('#')) return null;
            var value = root;
            foreach (var part in reference[1..].Split('/', StringSplitOptions.RemoveEmptyEntries))
            {
                var name = Uri.UnescapeDataString(part).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
                var next = value switch
                {
                    RObject o => o.Get(name),
                    RArray a when int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var i) && i < a.Count => a[i],
                    _ => null,
                };
                if (next is null) return null;
                value = next;
            }
            return value is RObject or RBool ? value : null;
        }

        private static string TypeOf(RValue value) => value is RNumber n ? n.IsInteger ? "integer" : "number" : value.TypeName;

        private void Type(RObject o, RValue value, string field)
        {
            if (o.Get("type") is not { } wanted) return;
            var names = wanted is RArray list ? [.. list.Items.ToArray().Select(t => t.Str())] : new[] { wanted.Str() };
            var actual = TypeOf(value);
            if (names.Contains(actual) || (actual == "integer" && names.Contains("number"))) return;
            Report("invalid_type", field, $"Invalid type. Expected: {string.Join('/', names)}, given: {actual}");
        }

        private void Combined(RObject o, RValue value, string field, int depth)
        {
            if (o.Get("enum") is RArray options && !options.Items.Contains(value))
                Report("enum", field, $"{field} must be one of the following: {string.Join(", ", options.Items.ToArray().Select(v => GoJson.Of(v)))}");
            if (o.Get("const") is { } only && !only.Equals(value)) Report("const", field, $"{field} does not match: {GoJson.Of(only)}");
            if (o.Get("allOf") is RArray all)
            {
                var count = Errors.Count;
                foreach (var schema in all.Items) Validate(schema, value, field, depth + 1);
                if (Errors.Count > count) Report("number_all_of", field, "Must validate all the schemas (allOf)");
            }
            if (o.Get("anyOf") is RArray any && !any.Items.ToArray().Any(s => Holds(s, value, field, depth + 1)))
                Report("number_any_of", field, "Must validate at least one schema (anyOf)");
            if (o.Get("oneOf") is RArray one && one.Items.ToArray().Count(s => Holds(s, value, field, depth + 1)) != 1)
                Report("number_one_of", field, "Must validate one and only one schema (oneOf)");
            if (o.Get("not") is { } not && Holds(not, value, field, depth + 1)) Report("number_not", field, "Must not validate the schema (not)");
            if (o.Get("if") is { } condition && (Holds(condition, value, field, depth + 1) ? o.Get("then") : o.Get("else")) is { } branch)
                Validate(branch, value, field, depth + 1);
        }

        private static string Below(string field, string name) => field == "(root)" ? name : field + "." + name;

        private void Members(RObject o, RObject value, string field, int depth)
        {
            var properties = o.Get("properties") as RObject;
            var patterns = o.Get("patternProperties") as RObject;
            if (o.Get("required") is RArray required)
            {
                foreach (var name in required.Items)
                {
                    if (value.Get(name) is null) Report("required", field, $"{name.Str()} is required");
                }
            }
            if (o.Get("minProperties") is RNumber least && RValue.Compare(RNumber.Of(value.Count), least) < 0) Report("array_min_properties", field, $"Must have at least {least.Text} properties");
            if (o.Get("maxProperties") is RNumber most && RValue.Compare(RNumber.Of(value.Count), most) > 0) Report("array_max_properties", field, $"Must have at most {most.Text} properties");
            for (var i = 0; i < value.Count; i++)
            {
                var key = value.Keys[i] is RString s ? s.Value : GoJson.Of(value.Keys[i]);
                var known = false;
                if (properties?.Get(key) is { } schema)
                {
                    known = true;
                    Validate(schema, value.Values[i], Below(field, key), depth + 1);
                }
                for (var j = 0; patterns is not null && j < patterns.Count; j++)
                {
                    if (Regexes.Find(patterns.Keys[j].Str()).Pattern?.Regex.IsMatch(key) != true) continue;
                    known = true;
                    Validate(patterns.Values[j], value.Values[i], Below(field, key), depth + 1);
                }
                if (o.Get("propertyNames") is { } names && !Holds(names, new RString(key), field, depth + 1)) Report("invalid_property_name", field, $"Property name of \"{key}\" does not match");
                if (known || o.Get("additionalProperties") is not { } additional) continue;
                if (additional is RBool { Value: false }) Report("additional_property_not_allowed", field, $"Additional property {key} is not allowed");
                else Validate(additional, value.Values[i], Below(field, key), depth + 1);
            }
            if (o.Get("dependencies") is not RObject dependencies) return;
            for (var i = 0; i < dependencies.Count; i++)
            {
                if (value.Get(dependencies.Keys[i]) is null) continue;
                if (dependencies.Values[i] is not RArray needs)
                {
                    Validate(dependencies.Values[i], value, field, depth + 1);
                    continue;
                }
                foreach (var need in needs.Items)
                {
                    if (value.Get(need) is null) Report("missing_dependency", field, $"Has a dependency on {need.Str()}");
                }
            }
        }

        private void Items(RObject o, RArray value, string field, int depth)
        {
            if (o.Get("minItems") is RNumber least && RValue.Compare(RNumber.Of(value.Count), least) < 0) Report("array_min_items", field, $"Array must have at least {least.Text} items");
            if (o.Get("maxItems") is RNumber most && RValue.Compare(RNumber.Of(value.Count), most) > 0) Report("array_max_items", field, $"Array must have at most {most.Text} items");
            if (o.Get("uniqueItems") is RBool { Value: true } && RSet.Of(value.Items.ToArray()).Count < value.Count) Report("unique", field, "array items must be unique");
            if (o.Get("contains") is { } contains && !value.Items.ToArray().Any(v => Holds(contains, v, field, depth + 1))) Report("contains", field, "At least one of the items must match");
            var items = o.Get("items");
            for (var i = 0; i < value.Count; i++)
            {
                var at = Below(field, i.ToString(CultureInfo.InvariantCulture));
                if (items is RArray each)
                {
                    if (i < each.Count) Validate(each[i], value[i], at, depth + 1);
                    else if (o.Get("additionalItems") is RBool { Value: false })
                    {
                        Report("array_no_additional_items", field, "No additional items allowed on array");
                        return;
                    }
                    else if (o.Get("additionalItems") is { } additional) Validate(additional, value[i], at, depth + 1);
                }
                else if (items is not null)
                {
                    Validate(items, value[i], at, depth + 1);
                }
            }
        }

        private void Text(RObject o, string value, string field)
        {
            var length = RNumber.Of(Aggregates.Runes(value));
            if (o.Get("minLength") is RNumber least && RValue.Compare(length, least) < 0) Report("string_gte", field, $"String length must be greater than or equal to {least.Text}");
            if (o.Get("maxLength") is RNumber most && RValue.Compare(length, most) > 0) Report("string_lte", field, $"String length must be less than or equal to {most.Text}");
            if (o.Get("pattern") is RString pattern && Regexes.Find(pattern.Value).Pattern?.Regex.IsMatch(value) != true) Report("pattern", field, $"Does not match pattern '{pattern.Value}'");
        }

        private void Number(RObject o, RNumber value, string field)
        {
            var minimum = o.Get("minimum") as RNumber;
            var maximum = o.Get("maximum") as RNumber;
            // Draft 4 has a switch beside the bound, later drafts a bound of its own.
            var above = o.Get("exclusiveMinimum") is RBool { Value: true } ? minimum : o.Get("exclusiveMinimum") as RNumber;
            var below = o.Get("exclusiveMaximum") is RBool { Value: true } ? maximum : o.Get("exclusiveMaximum") as RNumber;
            if (above is not null && RValue.Compare(value, above) <= 0) Report("number_gt", field, $"Must be greater than {above.Text}");
            else if (minimum is not null && RValue.Compare(value, minimum) < 0) Report("number_gte", field, $"Must be greater than or equal to {minimum.Text}");
            if (below is not null && RValue.Compare(value, below) >= 0) Report("number_lt", field, $"Must be less than {below.Text}");
            else if (maximum is not null && RValue.Compare(value, maximum) > 0) Report("number_lte", field, $"Must be less than or equal to {maximum.Text}");
            if (o.Get("multipleOf") is RNumber step && step.Sign > 0 && !IsMultiple(value, step)) Report("multiple_of", field, $"Must be a multiple of {step.Text}");
        }

        private static bool IsMultiple(RNumber value, RNumber step)
        {
            if (!value.IsComputable || !step.IsComputable) return false;
            var (a, x) = value.Exact;
            var (b, y) = step.Exact;
            var low = Math.Min(x, y);
            return (a * BigInteger.Pow(10, x - low) % (b * BigInteger.Pow(10, y - low))).IsZero;
        }
    }
}
