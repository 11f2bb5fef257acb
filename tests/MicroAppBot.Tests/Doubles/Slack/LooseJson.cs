using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MicroAppBot.Tests.Doubles.Slack;

/// <summary>Reading of JSON that may be anything.</summary>
internal static class LooseJson
{
    public static readonly JsonSerializerOptions Reading = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string? Str(this JsonNode? node, string name) => node is JsonObject part && part[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public static bool Is(this JsonNode? node, string name) => node is JsonObject part && part[name] is JsonValue value && value.TryGetValue<bool>(out var yes) && yes;

    public static JsonObject? Obj(this JsonNode? node, string name) => (node as JsonObject)?[name] as JsonObject;

    public static JsonArray Arr(this JsonNode? node, string name) => (node as JsonObject)?[name] as JsonArray ?? [];

    public static IEnumerable<JsonObject> Objects(this JsonArray list) => list.OfType<JsonObject>();

    public static string Readable(this JsonNode node) => node.ToJsonString(Reading);

    /// <summary>The node, or what its JSON text holds: in a form every structure is text.</summary>
    /// <returns>Null when there is nothing, or no JSON.</returns>
    public static JsonNode? Opened(JsonNode? node)
    {
        if (node is not JsonValue value || !value.TryGetValue<string>(out var text)) return node;
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
