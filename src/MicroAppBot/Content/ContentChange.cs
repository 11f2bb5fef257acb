using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Governance.People;

namespace MicroAppBot.Content;

/// <summary>What is different between two contents, for the people who own them.</summary>
public static partial class ContentChange
{
    private const int MostNamed = 5;

    private static readonly (string Key, string Word)[] Kinds = [("templates", "template"), ("connectors", "connector"), ("roles", "role"), ("environments", "environment")];

    /// <summary>One line: "network.rego was changed, limits.cap_usd is 300 (was 500) and the connector crm-notes is new". Empty when decisions are made by the same book.</summary>
    public static string Between(ContentFolder before, ContentFolder after)
    {
        if (before.Revision == after.Revision) return "";
        List<string> all = [.. Rules(before, after), .. Catalogue(before, after), .. Numbers(before, after)];
        if (all.Count > MostNamed) all = [.. all.Take(MostNamed), $"{all.Count - MostNamed} more"];
        return InWords.List(all);
    }

    private static IEnumerable<string> Rules(ContentFolder before, ContentFolder after)
    {
        var (old, now) = (RuleFiles(before), RuleFiles(after));
        return Differences(old, now, StringComparer.Ordinal).Select(d =>
        {
            var (had, has) = (IdsIn(old.GetValueOrDefault(d.Key, "")), IdsIn(now.GetValueOrDefault(d.Key, "")));
            string[] named = [.. Named("new", has.Except(had)), .. Named("gone", had.Except(has))];
            return named.Length == 0 ? $"{d.Key} {d.Verb}" : $"{d.Key} {d.Verb} ({string.Join(", ", named)})";
        });

        static IEnumerable<string> Named(string what, IEnumerable<string> ids) => ids.ToList() is { Count: > 0 } all ? [$"{what}: {InWords.List([.. all.Order(StringComparer.Ordinal)])}"] : [];
    }

    /// <summary>Ids of the rules that can find something, such as <c>cost.cap</c>.</summary>
    public static IReadOnlySet<string> RuleIds(ContentFolder content) => RuleFiles(content).Values.SelectMany(IdsIn).ToHashSet(StringComparer.Ordinal);

    // Findings only: reasons of the risk have a rule and no level
    private static HashSet<string> IdsIn(string text) => [.. RuleId().Matches(text).Select(m => m.Groups[1].Value)];

    [GeneratedRegex("\"rule\":\\s*\"([\\w.-]+)\",\\s*\"level\":")]
    private static partial Regex RuleId();

    private static Dictionary<string, string> RuleFiles(ContentFolder content) => content.PolicyFiles
        .Where(f => !f.Name.EndsWith("_test.rego", StringComparison.Ordinal))
        .ToDictionary(f => f.Name["policies/".Length..], f => f.Text.ReplaceLineEndings("\n"), StringComparer.Ordinal);

    private static IEnumerable<string> Catalogue(ContentFolder before, ContentFolder after)
    {
        var (old, now) = (before.Catalogue.ToJson(), after.Catalogue.ToJson());
        foreach (var (kind, word) in Kinds)
        {
            foreach (var (key, verb) in Differences(Texts(old[kind]), Texts(now[kind]), StringComparer.Ordinal)) yield return $"the {word} {key} {verb}";
        }

        static Dictionary<string, string> Texts(JsonNode? things) => things!.AsObject().ToDictionary(t => t.Key, t => t.Value!.ToJsonString(), StringComparer.Ordinal);
    }

    private static IEnumerable<string> Numbers(ContentFolder before, ContentFolder after)
    {
        var (old, now) = (new Dictionary<string, string>(StringComparer.Ordinal), new Dictionary<string, string>(StringComparer.Ordinal));
        Leaves(JsonNode.Parse(before.DataJson.Span)!, "", old);
        Leaves(JsonNode.Parse(after.DataJson.Span)!, "", now);
        foreach (var (key, value) in now)
        {
            if (!old.TryGetValue(key, out var was)) yield return $"{key} is new ({Short(value)})";
            else if (was != value) yield return $"{key} is {Short(value)} (was {Short(was)})";
        }
        foreach (var key in old.Keys.Where(k => !now.ContainsKey(k))) yield return $"{key} is gone";
    }

    private static void Leaves(JsonNode? node, string path, Dictionary<string, string> into)
    {
        if (path is "catalogue" or "people" or "revision") return;
        if (node is JsonObject group && group.Count > 0)
        {
            foreach (var (key, value) in group) Leaves(value, path.Length == 0 ? key : $"{path}.{key}", into);
            return;
        }
        into[path] = node?.ToJsonString() ?? "null";
    }

    private static IEnumerable<(string Key, string Verb)> Differences(Dictionary<string, string> old, Dictionary<string, string> now, StringComparer order)
    {
        foreach (var key in now.Keys.Union(old.Keys).Order(order))
        {
            if (!old.TryGetValue(key, out var was)) yield return (key, "is new");
            else if (!now.TryGetValue(key, out var text)) yield return (key, "is gone");
            else if (was != text) yield return (key, "was changed");
        }
    }

    /// <summary>Lists in words: "security and 2 of compliance", "GDPR and PCI".</summary>
    private static string? InAList(string json)
    {
        if (JsonNode.Parse(json) is not JsonArray list) return null;
        if (list.Count == 0) return "none";
        var words = list.Select(item => item switch
        {
            JsonObject seat when seat["role"] is JsonValue role => seat["count"]?.ToString() is { } count and not "1" ? $"{count} of {role}" : role.ToString(),
            JsonValue value => value.ToString(),
            _ => null,
        }).ToList();
        return words.Contains(null) ? null : InWords.List([.. words.OfType<string>()]);
    }

    private static string Short(string json) => InAList(json) is { Length: <= 120 } list ? list : json.Length <= 40 ? json : json[..39] + "…";
}
