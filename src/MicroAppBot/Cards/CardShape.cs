using System.Text.Json.Nodes;

namespace MicroAppBot.Cards;

/// <summary>
/// What Teams accepts of a card, checked on the template when it is loaded: schema 1.5, its elements and actions, labelled inputs,
/// known verbs. Source: the Adaptive Cards 1.5 schema and the Teams cards reference.
/// </summary>
public static class CardShape
{
    public const string Version = "1.5";

    /// <summary>Buttons that one row may have.</summary>
    public const int MostActions = 6;

    private static readonly HashSet<string> Elements = new(StringComparer.Ordinal)
    {
        "TextBlock", "RichTextBlock", "TextRun", "Image", "ImageSet", "Container", "ColumnSet", "Column", "FactSet", "ActionSet", "Table", "TableRow", "TableCell",
        "Input.Text", "Input.Number", "Input.Date", "Input.Time", "Input.Toggle", "Input.ChoiceSet",
    };

    private static readonly HashSet<string> Actions = new(StringComparer.Ordinal)
    {
        "Action.Execute", "Action.OpenUrl", "Action.ShowCard", "Action.ToggleVisibility",
    };

    /// <summary>Every verb a card may send (a card that sends another does not load).</summary>
    public static IReadOnlySet<string> Verbs { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "intake.start", "intake.answer", "intake.edit", "intake.submit", "intake.cancel", "intake.back",
        "request.approve", "request.reject", "request.conditions", "request.ask", "request.answer", "request.ask-changes", "request.claim",
        "request.delegate", "request.not-me", "request.undo", "request.withdraw", "request.remind", "request.show", "advice.apply",
        "app.renew", "app.change", "app.restore", "app.archive", "app.transfer", "app.raise-cap", "app.resume", "app.show",
        "review.confirm", "elevation.end", "quarantine.lift", "say",
    };

    /// <exception cref="CardFault">The first thing Teams would not accept, by JSON pointer.</exception>
    internal static void Check(string file, JsonNode? card)
    {
        if (card is not JsonObject root || Text(root, "type") != "AdaptiveCard")
            throw new CardFault(file, "/type", "a card is an object whose type is AdaptiveCard");
        if (Text(root, "version") != Version)
            throw new CardFault(file, "/version", $"the version is {Version}: what every Teams client understands");
        if (Text(root, "fallbackText") is not { Length: > 0 })
            throw new CardFault(file, "/fallbackText", "missing: it is the notification's text and what a screen reader hears first");
        CheckCard(file, root, "");
    }

    private static void CheckCard(string file, JsonObject card, string pointer)
    {
        CheckList(file, card, "body", pointer, CheckElement);
        CheckList(file, card, "actions", pointer, CheckAction);
    }

    private static void CheckElement(string file, JsonObject element, string pointer)
    {
        var type = Text(element, "type");
        if (type is null || !Elements.Contains(type))
            throw new CardFault(file, pointer + "/type", $"'{type}' is no element that Teams shows");
        if (type.StartsWith("Input.", StringComparison.Ordinal))
        {
            if (Text(element, "id") is not { Length: > 0 })
                throw new CardFault(file, pointer + "/id", "an input needs an id: its value comes back under it");
            if (Text(element, "label") is not { Length: > 0 })
                throw new CardFault(file, pointer + "/label", "an input needs a label: a placeholder goes away with the first letter");
        }
        if (type == "TextBlock" && element["wrap"] is not JsonValue)
            throw new CardFault(file, pointer + "/wrap", "say whether the text wraps: on a phone it is cut otherwise");
        if (type == "Image" && Text(element, "altText") is not { Length: > 0 })
            throw new CardFault(file, pointer + "/altText", "an image needs words for those who do not see it");
        foreach (var list in (string[])["items", "columns", "cells", "rows"])
            CheckList(file, element, list, pointer, list == "columns" ? CheckColumn : CheckElement);
        CheckList(file, element, "actions", pointer, CheckAction);
        CheckSelect(file, element, pointer);
    }

    private static void CheckColumn(string file, JsonObject column, string pointer)
    {
        CheckList(file, column, "items", pointer, CheckElement);
        CheckSelect(file, column, pointer);
    }

    private static void CheckSelect(string file, JsonObject element, string pointer)
    {
        if (element["selectAction"] is JsonObject select)
            CheckAction(file, select, pointer + "/selectAction", titled: false);
    }

    private static void CheckAction(string file, JsonObject action, string pointer) => CheckAction(file, action, pointer, titled: true);

    // A row that is a button as a whole is named by what stands in it; a title would hide that from a screen reader
    private static void CheckAction(string file, JsonObject action, string pointer, bool titled)
    {
        var type = Text(action, "type");
        if (type == "Action.Submit")
            throw new CardFault(file, pointer + "/type", "write Action.Execute: the Action.Submit that older clients need is added when the card is drawn");
        if (type is null || !Actions.Contains(type))
            throw new CardFault(file, pointer + "/type", $"'{type}' is no action that Teams knows");
        if (titled && Text(action, "title") is not { Length: > 0 })
            throw new CardFault(file, pointer + "/title", "a button needs a title");
        if (type == "Action.Execute")
            CheckVerb(file, action, pointer);
        if (type == "Action.ShowCard" && action["card"] is JsonObject card)
            CheckCard(file, card, pointer + "/card");
    }

    private static void CheckVerb(string file, JsonObject action, string pointer)
    {
        if (action["data"] is not JsonObject data || Text(data, "verb") is not { } verb)
            throw new CardFault(file, pointer + "/data/verb", "missing: it says what the button asks for");
        if (!verb.Contains("${", StringComparison.Ordinal) && !Verbs.Contains(verb))
            throw new CardFault(file, pointer + "/data/verb", $"'{verb}' is no verb that anybody answers");
        if (action.ContainsKey("verb") || action.ContainsKey("fallback"))
            throw new CardFault(file, pointer, "verb and fallback are added when the card is drawn");
    }

    private static void CheckList(string file, JsonObject owner, string name, string pointer, Action<string, JsonObject, string> check)
    {
        if (!owner.TryGetPropertyValue(name, out var list))
            return;
        if (list is not JsonArray items)
            throw new CardFault(file, $"{pointer}/{name}", "must be a list");
        for (var i = 0; i < items.Count; i++)
            check(file, items[i] as JsonObject ?? throw new CardFault(file, $"{pointer}/{name}/{i}", "must be an object"), $"{pointer}/{name}/{i}");
    }

    private static string? Text(JsonObject owner, string name) => owner[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
