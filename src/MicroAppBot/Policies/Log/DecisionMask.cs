using System.Globalization;
using System.Text.Json.Nodes;
using Rego;
using Rego.Values;

namespace MicroAppBot.Policies.Log;

/// <summary>
/// Takes out of a decision what the log must not hold, by OPA's rules: <c>data.system.log.mask</c> gives the places (a pointer, or
/// <c>{op: remove|upsert, path, value}</c>) and <c>data.system.log.drop</c> says that it is not logged at all. A rulebook that says
/// nothing of it gets <see cref="Personal"/>.
/// </summary>
public static class DecisionMask
{
    /// <summary>Where people stand in what is judged.</summary>
    public static readonly IReadOnlyList<string> Personal = ["/input/app/owner", "/input/app/co_owner", "/input/subject"];

    /// <summary>Masks the event in place; false when it is not to be logged.</summary>
    /// <param name="rules">The rules in force; null where they are somewhere else.</param>
    public static bool Apply(JsonObject @event, CompiledPolicy? rules, EvaluationOptions options)
    {
        RValue? masks;
        try
        {
            var document = RValue.Parse(@event.ToJsonString());
            if (rules?.Evaluate("data.system.log.drop", document, options) is RBool { Value: true }) return false;
            masks = rules?.Evaluate("data.system.log.mask", document, options);
        }
        catch (RegoEvaluationException)
        {
            // Better without a word of it than with what should not be there
            masks = new RArray([new RString("/input"), new RString("/result")]);
        }
        var (erased, masked) = (new JsonArray(), new JsonArray());
        foreach (var rule in RulesOf(masks)) Apply(@event, rule, erased, masked);
        if (erased.Count > 0) @event["erased"] = erased;
        if (masked.Count > 0) @event["masked"] = masked;
        return true;
    }

    private static IEnumerable<Rule> RulesOf(RValue? masks)
    {
        if (masks is null) return Personal.Select(path => new Rule(path, false, null));
        var items = masks switch { RSet set => set.Elements.ToArray(), RArray array => array.Items.ToArray(), _ => null };
        var rules = items?.Select(RuleOf).ToList();
        // One that cannot be meant may stand for anything
        return rules is null || rules.Contains(null) ? [new Rule("/input", false, null), new Rule("/result", false, null)] : rules.OfType<Rule>();
    }

    private static Rule? RuleOf(RValue value)
    {
        var (path, op, with) = value switch
        {
            RString text => (text.Value, "remove", null),
            RObject rule => ((rule.Get("path") as RString)?.Value, (rule.Get("op") as RString)?.Value, rule.Get("value")),
            _ => (null, null, null),
        };
        return path is not null && op is "remove" or "upsert" && (path.Split('/') is ["", "input" or "result" or "nd_builtin_cache", ..]) ? new Rule(path, op == "upsert", with) : null;
    }

    private static void Apply(JsonObject @event, Rule rule, JsonArray erased, JsonArray masked)
    {
        var parts = rule.Path[1..].Split('/').Select(Uri.UnescapeDataString).ToArray();
        if (!@event.ContainsKey(parts[0])) return;
        if (rule.Upsert)
        {
            if (Upsert(@event, parts, rule.Value)) masked.Add(rule.Path);
        }
        else if (Remove(@event, parts))
        {
            erased.Add(rule.Path);
        }
    }

    private static bool Remove(JsonObject @event, string[] parts)
    {
        JsonNode? at = @event;
        foreach (var part in parts[..^1]) at = Child(at, part);
        switch (at)
        {
            case JsonObject o:
                return o.Remove(parts[^1]);
            case JsonArray a when Index(parts[^1]) is { } i && i < a.Count:
                a.RemoveAt(i);
                return true;
            default:
                return false;
        }
    }

    private static bool Upsert(JsonObject @event, string[] parts, RValue? value)
    {
        JsonNode? at = @event;
        foreach (var part in parts[..^1])
        {
            if (Child(at, part) is not { } child)
            {
                if (at is not JsonObject parent || parent[part] is not null) return false;
                parent[part] = child = new JsonObject();
            }
            at = child;
        }
        var node = value is null ? null : JsonNode.Parse(value.ToJson());
        switch (at)
        {
            case JsonObject o:
                o[parts[^1]] = node;
                return true;
            case JsonArray a when Index(parts[^1]) is { } i && i < a.Count:
                a[i] = node;
                return true;
            default:
                return false;
        }
    }

    private static JsonNode? Child(JsonNode? node, string part) => node switch
    {
        JsonObject o => o[part],
        JsonArray a when Index(part) is { } i && i < a.Count => a[i],
        _ => null,
    };

    private static int? Index(string part) => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;

    private sealed record Rule(string Path, bool Upsert, RValue? Value);
}
