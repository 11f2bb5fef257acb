using System.Text.Json.Nodes;

namespace MicroAppBot.Delivery;

/// <summary>A card in one line, for notifications and screen readers: its own fallback text, else its first text.</summary>
internal static class CardWords
{
    public static string Of(JsonObject card) => TextOf(card["fallbackText"]) ?? TextOf(card["speak"]) ?? FirstText(card) ?? "";

    private static string? FirstText(JsonNode? node) => node switch
    {
        JsonObject element when TextOf(element["type"]) == "TextBlock" => TextOf(element["text"]),
        JsonObject element => FirstText(element["body"]) ?? FirstText(element["items"]) ?? FirstText(element["columns"]),
        JsonArray many => many.Select(FirstText).FirstOrDefault(t => t is not null),
        _ => null,
    };

    private static string? TextOf(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) && !string.IsNullOrWhiteSpace(text) ? text : null;
}
