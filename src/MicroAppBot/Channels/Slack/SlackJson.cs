using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MicroAppBot.Channels.Slack;

/// <summary>Reads JSON of Slack's without ever failing on what stands in it: wrong types count as absent.</summary>
internal static class SlackJson
{
    /// <summary>Names and emoji stay what they are.</summary>
    public static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    /// <returns>Null when this is no JSON object.</returns>
    public static JsonObject? Object(ReadOnlySpan<byte> text)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: Strict) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A member that is a text with something in it; null otherwise.</summary>
    public static string? Text(JsonNode? of, string name) =>
        of is JsonObject o && o[name] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;

    public static bool Is(JsonNode? of, string name) =>
        of is JsonObject o && o[name] is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;

    public static IEnumerable<string> Texts(JsonNode? list) =>
        list is JsonArray items ? items.Select(i => i is JsonValue value && value.TryGetValue<string>(out var text) ? text : null).OfType<string>() : [];
}
