using System.Text.Json.Nodes;

namespace MicroAppBot.Cards.BlockKit;

/// <summary>Reading an Adaptive Card's JSON without trusting it: what is not as it should be is absent.</summary>
internal static class Elements
{
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "TextBlock", "RichTextBlock", "Image", "ImageSet", "Media", "Container", "ColumnSet", "Column", "FactSet", "ActionSet", "Table", "TableRow", "TableCell", "AdaptiveCard",
        "Input.Text", "Input.Number", "Input.Date", "Input.Time", "Input.Toggle", "Input.ChoiceSet",
        "Action.Execute", "Action.Submit", "Action.OpenUrl", "Action.ShowCard", "Action.ToggleVisibility",
    };

    // What holds further elements or actions, in the order in which it is read
    public static readonly string[] Lists = ["body", "items", "columns", "rows", "cells", "images", "inlines", "actions"];

    public static string? Text(JsonNode? owner, string name) => (owner as JsonObject)?[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>A scalar as text: a number or a boolean as JSON writes it.</summary>
    public static string? Scalar(JsonNode? node) => node is not JsonValue value ? null : value.TryGetValue<string>(out var text) ? text : value.ToJsonString();

    public static bool Flag(JsonNode? owner, string name, bool otherwise = false) => (owner as JsonObject)?[name] switch
    {
        JsonValue value when value.TryGetValue<bool>(out var flag) => flag,
        JsonValue value when value.TryGetValue<string>(out var text) && bool.TryParse(text, out var flag) => flag,
        _ => otherwise,
    };

    public static double? Number(JsonNode? owner, string name) =>
        Scalar((owner as JsonObject)?[name]) is { } text && double.TryParse(text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    public static IEnumerable<(JsonObject Element, string Path)> In(JsonNode? owner, string list, string path)
    {
        if ((owner as JsonObject)?[list] is JsonArray items)
            for (var i = 0; i < items.Count; i++)
                if (items[i] is JsonObject item)
                    yield return (item, $"{path}/{list}/{i}");
    }

    public static bool IsInput(JsonObject element) => Text(element, "type")?.StartsWith("Input.", StringComparison.Ordinal) == true;

    public static bool IsAction(JsonObject element) => Text(element, "type")?.StartsWith("Action.", StringComparison.Ordinal) == true;

    /// <summary>An element or action as Slack's host sees it: itself, its fallback where it is unknown or asks for features, null where it is to be dropped.</summary>
    public static JsonObject? Effective(JsonObject element)
    {
        for (var (one, depth) = (element, 0); depth < 16; depth++)
        {
            var type = Text(one, "type");
            // Columns and rows need not say what they are
            if ((type is null || Known.Contains(type)) && one["requires"] is not JsonObject { Count: > 0 })
                return type is null && depth > 0 ? null : one;
            if (one["fallback"] is not JsonObject other)
                return null;
            one = other;
        }
        return null;
    }

    /// <summary>Every object of a card in reading order, effective ones only; what an action carries is none.</summary>
    public static IEnumerable<JsonObject> All(JsonObject card)
    {
        foreach (var list in Lists)
            foreach (var (written, _) in In(card, list, ""))
            {
                if (Effective(written) is not { } element)
                    continue;
                yield return element;
                foreach (var inner in All(element))
                    yield return inner;
            }
        foreach (var name in (string[])["selectAction", "card"])
            if (card[name] is JsonObject one && Effective(one) is { } element)
            {
                yield return element;
                foreach (var inner in All(element))
                    yield return inner;
            }
    }

    /// <summary>The inputs of a card, without those of the cards that its buttons open; of two with one id, the first.</summary>
    public static IEnumerable<JsonObject> Inputs(JsonNode? owner)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return Walk(owner as JsonObject).Where(input => Text(input, "id") is { Length: > 0 } id && seen.Add(id));

        static IEnumerable<JsonObject> Walk(JsonObject? owner) => owner is null ? [] :
            ((string[])["body", "items", "columns", "rows", "cells"]).SelectMany(list => In(owner, list, "")).Select(found => Effective(found.Element)).OfType<JsonObject>()
                .SelectMany(element => IsInput(element) ? [element] : Walk(element));
    }
}
