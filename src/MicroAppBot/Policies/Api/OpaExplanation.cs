using System.Globalization;
using System.Text.Json;
using Rego;

namespace MicroAppBot.Policies.Api;

/// <summary>
/// What <c>?explain=</c> adds: the notes of the rules, and which rules fired and what stopped the others. Values are left out: the rules may be
/// looked at by who asks, and the directory that they look into may not.
/// </summary>
internal sealed class OpaExplanation(string mode)
{
    private readonly List<Event> _events = [];

    public void Note(string words) => _events.Add(new Event("note", "", words, "", 0, 0));

    /// <summary>Whether the definitions are asked for, and not the notes alone.</summary>
    public bool ShowsRules => mode != "notes";

    /// <summary>Notes the definitions of a document: all, or with <c>fails</c> those that did not fire.</summary>
    public void Add(Explanation document) => Add(document, 0, 0);

    /// <summary>OPA's two forms: lines to read, or events.</summary>
    public void Write(Utf8JsonWriter writer, bool pretty)
    {
        writer.WriteStartArray("explanation");
        foreach (var one in _events)
        {
            if (pretty)
            {
                writer.WriteStringValue($"{one.Place,-30} {string.Concat(Enumerable.Repeat("| ", one.Depth))}{char.ToUpperInvariant(one.Op[0])}{one.Op[1..]} {one.Words}");
                continue;
            }
            writer.WriteStartObject();
            writer.WriteString("op", one.Op);
            writer.WriteNumber("query_id", one.Query);
            writer.WriteNumber("parent_id", Math.Max(0, one.Query - 1));
            writer.WriteString("type", one.Type);
            writer.WriteNull("node");
            writer.WriteStartArray("locals");
            writer.WriteEndArray();
            writer.WriteString("message", one.Place.Length == 0 ? one.Words : $"{one.Place}: {one.Words}");
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private void Add(Explanation document, int query, int depth)
    {
        foreach (var rule in document.Rules)
        {
            if (mode == "fails" && rule.Fired) continue;
            var place = string.Create(CultureInfo.InvariantCulture, $"{rule.File}:{rule.Row}");
            _events.Add(new Event("enter", "rule", rule.Head, place, query, depth));
            foreach (var reason in rule.Because) Add(reason, query + 1, depth + 1);
            _events.Add(rule switch
            {
                { Fired: true } => new Event("exit", "rule", rule.Head, place, query, depth),
                { Failed: { } failed } => new Event("fail", "expr", failed.Text.ReplaceLineEndings(" "), string.Create(CultureInfo.InvariantCulture, $"{failed.File}:{failed.Row}"), query, depth + 1),
                _ => new Event("fail", "rule", rule.Head, place, query, depth),
            });
        }
    }

    private sealed record Event(string Op, string Type, string Words, string Place, int Query, int Depth);
}
