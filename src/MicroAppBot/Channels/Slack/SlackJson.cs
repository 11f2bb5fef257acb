using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MicroAppBot.Desk;

namespace MicroAppBot.Channels.Slack;

/// <summary>Reads JSON of Slack's without ever failing on what stands in it: wrong types count as absent.</summary>
internal static class SlackJson
{
    /// <summary>Names and emoji stay what they are.</summary>
    public static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <returns>Null when this is no JSON object.</returns>
    public static JsonObject? Object(ReadOnlySpan<byte> text)
    {
        // A response_url answers in plain words, thousands of times: no reason for an exception
        if (text.TrimStart(" \t\r\n"u8) is not [(byte)'{', ..]) return null;
        try
        {
            using var document = OutsideJson.Parse(Encoding.UTF8.GetString(text));
            return document.RootElement.ValueKind == JsonValueKind.Object ? OutsideJson.Object(document.RootElement) : null;
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
