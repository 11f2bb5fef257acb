using System.Numerics;
using Rego.Evaluate;
using Rego.Values;

namespace Rego.Builtins.Schemas;

/// <summary>What a validation found. The score says how near a document came, so that of several schemas the nearest one's errors are told.</summary>
internal sealed class SchemaOutcome
{
    public List<RValue> Errors { get; } = [];

    public int Score { get; set; }

    public bool IsValid => Errors.Count == 0;

    public void Merge(SchemaOutcome other)
    {
        Errors.AddRange(other.Errors);
        Score += other.Score;
    }

    public void Report(string type, string context, string description)
    {
        var field = context.StartsWith("(root).", StringComparison.Ordinal) ? context["(root).".Length..] : context;
        var error = new RObjectBuilder();
        error.Set("type", new RString(type));
        error.Set("field", new RString(field));
        error.Set("desc", new RString(description.Replace("{field}", field, StringComparison.Ordinal)));
        error.Set("error", new RString($"{field}: {description.Replace("{field}", field, StringComparison.Ordinal)}"));
        Errors.Add(error.Build());
        Score -= 2;
    }
}

/// <summary>Looks whether a document fits a schema, in the order in which OPA looks; members are taken by name.</summary>
internal sealed class SchemaValidation(Evaluation e)
{
    private const int MaxDepth = 1_000;

    public void Validate(SchemaNode schema, RValue value, string context, SchemaOutcome result, int depth)
    {
        e.Tick();
        e.GuardStack();
        if (depth > MaxDepth) throw new SchemaFault("the schema leads into itself, or is nested too deeply");
        if (schema.Pass is { } pass)
        {
            if (!pass) result.Report("false", context, "False always fails validation");
            return;
        }
        if (schema.Reference is { } reference)
        {
            Validate(reference, value, context, result, depth + 1);
            return;
        }
        var kind = value is RNumber n ? n.IsInteger ? "integer" : "number" : value.TypeName;
        if (schema.Types.Count > 0 && !schema.Types.Contains(kind) && !(kind == "integer" && schema.Types.Contains("number")))
        {
            result.Report("invalid_type", context, $"Invalid type. Expected: {(schema.Types.Count > 1 ? $"[{string.Join(',', schema.Types)}]" : schema.Types[0])}, given: {kind}");
            return;
        }
        Combined(schema, value, context, result, depth);
        switch (value)
        {
            case RNumber number: Number(schema, number, context, result); break;
            case RArray array: Items(schema, array, context, result, depth); break;
            case RObject o: Members(schema, o, context, result, depth); break;
        }
        Common(schema, value, context, result);
        if (value is RString text) Text(schema, text.Value, context, result);
        if (value is RObject document)
        {
            foreach (var (name, below) in schema.Properties)
            {
                if (document.Get(name) is { } member) Validate(below, member, $"{context}.{name}", result, depth + 1);
            }
        }
        result.Score++;
    }

    private SchemaOutcome Tried(SchemaNode schema, RValue value, string context, int depth)
    {
        var result = new SchemaOutcome();
        Validate(schema, value, context, result, depth + 1);
        return result;
    }

    private void Combined(SchemaNode schema, RValue value, string context, SchemaOutcome result, int depth)
    {
        if (schema.AnyOf.Count > 0)
        {
            var (isValid, nearest) = (false, (SchemaOutcome?)null);
            foreach (var one in schema.AnyOf)
            {
                var tried = Tried(one, value, context, depth);
                isValid = tried.IsValid;
                if (isValid) break;
                if (nearest is null || tried.Score > nearest.Score) nearest = tried;
            }
            if (!isValid)
            {
                result.Report("number_any_of", context, "Must validate at least one schema (anyOf)");
                result.Merge(nearest!);
            }
        }
        if (schema.OneOf.Count > 0)
        {
            var (valid, nearest) = (0, (SchemaOutcome?)null);
            foreach (var one in schema.OneOf)
            {
                var tried = Tried(one, value, context, depth);
                if (tried.IsValid) valid++;
                else if (valid == 0 && (nearest is null || tried.Score > nearest.Score)) nearest = tried;
            }
            if (valid != 1) result.Report("number_one_of", context, "Must validate one and only one schema (oneOf)");
            if (valid == 0) result.Merge(nearest!);
        }
        if (schema.AllOf.Count > 0)
        {
            var valid = 0;
            foreach (var one in schema.AllOf)
            {
                var tried = Tried(one, value, context, depth);
                if (tried.IsValid) valid++;
                result.Merge(tried);
            }
            if (valid != schema.AllOf.Count) result.Report("number_all_of", context, "Must validate all the schemas (allOf)");
        }
        if (schema.Not is { } not && Tried(not, value, context, depth).IsValid) result.Report("number_not", context, "Must not validate the schema (not)");
        if (value is RObject o && schema.Dependencies.Count > 0) Depends(schema, o, context, result, depth);
        if (schema.If is { } condition)
        {
            var holds = Tried(condition, value, context, depth).IsValid;
            if ((holds ? schema.Then : schema.Else) is { } branch && Tried(branch, value, context, depth) is { IsValid: false } tried)
            {
                result.Report(holds ? "condition_then" : "condition_else", context, holds ? "Must validate \"then\" as \"if\" was valid" : "Must validate \"else\" as \"if\" was not valid");
                result.Merge(tried);
            }
        }
        result.Score++;
    }

    private void Depends(SchemaNode schema, RObject value, string context, SchemaOutcome result, int depth)
    {
        foreach (var key in value.SortedKeys)
        {
            if (!schema.Dependencies.TryGetValue(key.Str(), out var needs)) continue;
            foreach (var name in needs.Names ?? [])
            {
                if (value.Get(name) is null) result.Report("missing_dependency", context, $"Has a dependency on {name}");
            }
            if (needs.Schema is { } below) Validate(below, value, context, result, depth + 1);
        }
    }

    private static void Common(SchemaNode schema, RValue value, string context, SchemaOutcome result)
    {
        if (schema.Constant is { } constant && PlainJson.Of(value) != constant) result.Report("const", context, $"{{field}} does not match: {constant}");
        if (schema.Choices is { } choices && !choices.Contains(PlainJson.Of(value))) result.Report("enum", context, $"{{field}} must be one of the following: {string.Join(", ", choices)}");
        if (schema.Format.Length > 0 && value is RString text && !SchemaFormats.Fits(schema.Format, text.Value)) result.Report("format", context, $"Does not match format '{schema.Format}'");
        result.Score++;
    }

    private void Items(SchemaNode schema, RArray value, string context, SchemaOutcome result, int depth)
    {
        string At(int i) => FormattableString.Invariant($"{context}.{i}");
        for (var i = 0; i < value.Count; i++)
        {
            if (schema.IsForAllItems) result.Merge(Tried(schema.Items[0], value[i], At(i), depth));
            else if (i < schema.Items.Count) result.Merge(Tried(schema.Items[i], value[i], At(i), depth));
        }
        if (!schema.IsForAllItems && schema.Items.Count > 0 && schema.Items.Count < value.Count)
        {
            if (schema.AllowsNoMoreItems) result.Report("array_no_additional_items", context, "No additional items allowed on array");
            for (var i = schema.Items.Count; schema.AdditionalItems is { } more && i < value.Count; i++) result.Merge(Tried(more, value[i], At(i), depth));
        }
        if (schema.Limits.TryGetValue("minItems", out var least) && value.Count < least) result.Report("array_min_items", context, FormattableString.Invariant($"Array must have at least {least} items"));
        if (schema.Limits.TryGetValue("maxItems", out var most) && value.Count > most) result.Report("array_max_items", context, FormattableString.Invariant($"Array must have at most {most} items"));
        if (schema.HasUniqueItems)
        {
            var seen = new Dictionary<string, int>(StringComparer.Ordinal);
            for (var i = 0; i < value.Count; i++)
            {
                var text = PlainJson.Of(value[i]);
                if (seen.TryGetValue(text, out var before)) result.Report("unique", context, FormattableString.Invariant($"array items[{before},{i}] must be unique"));
                seen[text] = i;
            }
        }
        if (schema.Contains is { } contains)
        {
            var (isValid, nearest) = (false, (SchemaOutcome?)null);
            for (var i = 0; i < value.Count && !isValid; i++)
            {
                var tried = Tried(contains, value[i], At(i), depth);
                isValid = tried.IsValid;
                if (!isValid && (nearest is null || tried.Score > nearest.Score)) nearest = tried;
            }
            if (!isValid)
            {
                result.Report("contains", context, "At least one of the items must match");
                if (nearest is not null) result.Merge(nearest);
            }
        }
        result.Score++;
    }

    private void Members(SchemaNode schema, RObject value, string context, SchemaOutcome result, int depth)
    {
        if (schema.Limits.TryGetValue("minProperties", out var least) && value.Count < least) result.Report("array_min_properties", context, FormattableString.Invariant($"Must have at least {least} properties"));
        if (schema.Limits.TryGetValue("maxProperties", out var most) && value.Count > most) result.Report("array_max_properties", context, FormattableString.Invariant($"Must have at most {most} properties"));
        foreach (var name in schema.Required)
        {
            if (value.Get(name) is not null) result.Score++;
            else result.Report("required", context, $"{name} is required");
        }
        foreach (var key in value.SortedKeys)
        {
            var (name, member) = (key.Str(), value.Get(key)!);
            var isKnown = schema.Properties.Exists(p => p.Name == name);
            var isMatched = false;
            foreach (var (pattern, below) in schema.Patterns)
            {
                if (!pattern.IsMatch(name)) continue;
                isMatched = true;
                result.Merge(Tried(below, member, $"{context}.{name}", depth));
            }
            if (isMatched) result.Score++;
            if (isKnown || isMatched) continue;
            if (schema.IsClosed) result.Report("additional_property_not_allowed", context, $"Additional property {name} is not allowed");
            if (schema.AdditionalProperties is { } additional) result.Merge(Tried(additional, member, $"{context}.{name}", depth));
        }
        foreach (var key in schema.PropertyNames is null ? [] : value.SortedKeys.ToArray())
        {
            if (Tried(schema.PropertyNames!, key, context, depth) is not { IsValid: false } tried) continue;
            result.Report("invalid_property_name", context, $"Property name of \"{key.Str()}\" does not match");
            result.Merge(tried);
        }
        result.Score++;
    }

    private static void Text(SchemaNode schema, string value, string context, SchemaOutcome result)
    {
        var length = Aggregates.Runes(value);
        if (schema.Limits.TryGetValue("minLength", out var least) && length < least) result.Report("string_gte", context, FormattableString.Invariant($"String length must be greater than or equal to {least}"));
        if (schema.Limits.TryGetValue("maxLength", out var most) && length > most) result.Report("string_lte", context, FormattableString.Invariant($"String length must be less than or equal to {most}"));
        if (schema.Pattern is { } pattern && !pattern.Regex.IsMatch(value)) result.Report("pattern", context, $"Does not match pattern '{pattern.Text}'");
        result.Score++;
    }

    private static void Number(SchemaNode schema, RNumber value, string context, SchemaOutcome result)
    {
        if (schema.MultipleOf is { } step && !IsMultiple(value, step)) result.Report("multiple_of", context, $"Must be a multiple of {Shown(step)}");
        if (schema.Maximum is { } most && RValue.Compare(value, most) > 0) result.Report("number_lte", context, $"Must be less than or equal to {Shown(most)}");
        if (schema.ExclusiveMaximum is { } below && RValue.Compare(value, below) >= 0) result.Report("number_lt", context, $"Must be less than {Shown(below)}");
        if (schema.Minimum is { } least && RValue.Compare(value, least) < 0) result.Report("number_gte", context, $"Must be greater than or equal to {Shown(least)}");
        if (schema.ExclusiveMinimum is { } above && RValue.Compare(value, above) <= 0) result.Report("number_gt", context, $"Must be greater than {Shown(above)}");
        result.Score++;
    }

    private static string Shown(RNumber number) => GoFloat.Format(number.ToDouble(), 'g', -1);

    private static bool IsMultiple(RNumber value, RNumber step)
    {
        if (!value.IsComputable || !step.IsComputable) return false;
        var (a, x) = value.Exact;
        var (b, y) = step.Exact;
        var low = Math.Min(x, y);
        return (a * BigInteger.Pow(10, x - low) % (b * BigInteger.Pow(10, y - low))).IsZero;
    }
}
