using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Rego;

namespace MicroAppBot.Policies.Api;

/// <summary>
/// What <c>?explain=</c> adds: the notes of the rules, and which rules fired and what stopped the others. Values are left out: the rules may be
/// looked at by who asks, and the directory that they look into may not.
/// </summary>
internal sealed class OpaExplanation(string mode)
{
    private static readonly JsonSerializerOptions Quoted = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<Event> _events = [];
    private readonly List<string> _lines = [];

    public void Note(string words)
    {
        _events.Add(new Event("note", "", words, "", 0));
        _lines.Add($"query:1    | Note {JsonSerializer.Serialize(words, Quoted)}");
    }

    /// <summary>Whether the definitions are asked for, and not the notes alone.</summary>
    public bool ShowsRules => mode != "notes";

    /// <summary>Notes the definitions of a document: all, or with <c>fails</c> those that did not fire.</summary>
    public void Add(Explanation document)
    {
        Add(document, 0);
        _lines.AddRange(document.AsTrace(mode == "fails", values: false));
    }

    /// <summary>OPA's two forms: lines to read, or events.</summary>
    public void Write(Utf8JsonWriter writer, bool pretty)
    {
        writer.WriteStartArray("explanation");
        foreach (var line in pretty ? _lines : []) writer.WriteStringValue(line);
        foreach (var one in pretty ? [] : _events)
        {
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

    private void Add(Explanation document, int query)
    {
        foreach (var rule in document.Rules)
        {
            if (mode == "fails" && rule.Fired) continue;
            var place = string.Create(CultureInfo.InvariantCulture, $"{rule.File}:{rule.Row}");
            _events.Add(new Event("enter", "rule", rule.Head, place, query));
            foreach (var reason in rule.Because) Add(reason, query + 1);
            _events.Add(rule switch
            {
                { Fired: true } => new Event("exit", "rule", rule.Head, place, query),
                { Failed: { } failed } => new Event("fail", "expr", failed.Text.ReplaceLineEndings(" "), string.Create(CultureInfo.InvariantCulture, $"{failed.File}:{failed.Row}"), query),
                _ => new Event("fail", "rule", rule.Head, place, query),
            });
        }
    }

    private sealed record Event(string Op, string Type, string Words, string Place, int Query);
}
