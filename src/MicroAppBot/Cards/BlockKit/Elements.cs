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

    private const int Lists = 8;
    private const int ListsOfInputs = 5;

    /// <summary>What holds further elements or actions, in the order in which it is read; the first five may hold inputs. Negative where it holds neither.</summary>
    private static int RankOf(string list) => list switch
    {
        "body" => 0,
        "items" => 1,
        "columns" => 2,
        "rows" => 3,
        "cells" => 4,
        "images" => 5,
        "inlines" => 6,
        "actions" => 7,
        _ => -1,
    };

    /// <summary>
    /// The next list of an element in reading order, of the first so many kinds; null where there is none. An element has few members and
    /// mostly none of these lists: looking through them costs less than asking for each by its name.
    /// </summary>
    /// <param name="rank">-1 before the first.</param>
    private static JsonArray? NextList(JsonObject owner, int kinds, ref int rank)
    {
        var (found, best) = ((JsonArray?)null, kinds);
        for (var i = 0; i < owner.Count; i++)
        {
            var (name, value) = owner.GetAt(i);
            if (value is JsonArray list && RankOf(name) is var one && one > rank && one < best)
                (found, best) = (list, one);
        }
        rank = best;
        return found;
    }

    /// <inheritdoc cref="NextList(JsonObject, int, ref int)"/>
    public static JsonArray? NextList(JsonObject owner, ref int rank) => NextList(owner, Lists, ref rank);

    public static string? Text(JsonNode? owner, string name) => (owner as JsonObject)?[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>A scalar as text: a number or a boolean as JSON writes it.</summary>
    public static string? Scalar(JsonNode? node) => node is not JsonValue value ? null : value.TryGetValue<string>(out var text) ? text : value.ToJsonString();

    /// <summary>Whether a member is this word, in whatever case.</summary>
    public static bool Says(JsonNode? owner, string name, string word) => string.Equals(Text(owner, name), word, StringComparison.OrdinalIgnoreCase);

    public static bool Flag(JsonNode? owner, string name, bool otherwise = false) => (owner as JsonObject)?[name] switch
    {
        JsonValue value when value.TryGetValue<bool>(out var flag) => flag,
        JsonValue value when value.TryGetValue<string>(out var text) && bool.TryParse(text, out var flag) => flag,
        _ => otherwise,
    };

    public static double? Number(JsonNode? owner, string name) =>
        Scalar((owner as JsonObject)?[name]) is { } text && double.TryParse(text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    public static IEnumerable<(JsonObject Element, Spot Path)> In(JsonNode? owner, string list, Spot path)
    {
        if ((owner as JsonObject)?[list] is JsonArray items)
            for (var i = 0; i < items.Count; i++)
                if (items[i] is JsonObject item)
                    yield return (item, path.Item(list, i));
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
        for (var rank = -1; NextList(card, ref rank) is { } list;)
            for (var i = 0; i < list.Count; i++)
            {
                if (list[i] is not JsonObject written || Effective(written) is not { } element)
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
    public static IReadOnlyList<JsonObject> Inputs(JsonNode? owner)
    {
        var (inputs, seen) = (new List<JsonObject>(), new HashSet<string>(StringComparer.Ordinal));
        if (owner is JsonObject whole)
            Walk(whole);
        return inputs;

        void Walk(JsonObject one)
        {
            for (var rank = -1; NextList(one, ListsOfInputs, ref rank) is { } list;)
                for (var i = 0; i < list.Count; i++)
                    if (list[i] is JsonObject written && Effective(written) is { } element)
                    {
                        if (!IsInput(element))
                            Walk(element);
                        else if (Text(element, "id") is { Length: > 0 } id && seen.Add(id))
                            inputs.Add(element);
                    }
        }
    }

    /// <summary>Whether <see cref="Inputs"/> are any.</summary>
    public static bool HasInputs(JsonObject owner)
    {
        for (var rank = -1; NextList(owner, ListsOfInputs, ref rank) is { } list;)
            for (var i = 0; i < list.Count; i++)
                if (list[i] is JsonObject written && Effective(written) is { } element && (IsInput(element) ? Text(element, "id") is { Length: > 0 } : HasInputs(element)))
                    return true;
        return false;
    }
}
