using System.Text.Json.Nodes;

namespace MicroAppBot.Channels.Teams;

/// <summary>
/// Cards in a window of their own (Teams calls it a task module or dialog): room for a form where the chat has little, as on a
/// phone. There a button is an Action.Submit, and its answer is the next card of the window.
/// </summary>
internal static class TeamsWindow
{
    /// <summary>Under this name a button says that it only wants to look.</summary>
    public const string Look = "look";

    private const string Title = "MicroAppBot";

    /// <summary>Adds to a card with a form the button that opens it in a window, and makes buttons that lead to a long form open one.</summary>
    public static void Offer(JsonObject card, bool hasSubject)
    {
        Walk(card, action =>
        {
            if (action["data"] is JsonObject data && Text(data["verb"]) == "intake.edit" && Text(data["slot"]) == "all") MakeOpening(action, data);
        });
        if (!hasSubject || card["body"] is not JsonArray body || !HasInput(body)) return;
        var look = new JsonObject { ["type"] = "Action.Submit", ["title"] = "Open in a window", ["data"] = new JsonObject { [Look] = true, ["msteams"] = Opening() } };
        body.Add(new JsonObject { ["type"] = "ActionSet", ["spacing"] = "Small", ["actions"] = new JsonArray(look) });
    }

    /// <summary>The card as a window takes it.</summary>
    /// <param name="sentAs">Our id of the message the window was opened from; null where none is known.</param>
    /// <param name="typed">What was typed into the card in the chat already.</param>
    public static JsonObject Continue(JsonObject card, string? sentAs, JsonObject? typed = null)
    {
        var shown = (JsonObject)card.DeepClone();
        shown.Remove("refresh");
        Walk(shown, action =>
        {
            action["type"] = "Action.Submit";
            action.Remove("verb");
            action.Remove("fallback");
            if (action["data"] is not JsonObject data) action["data"] = data = [];
            if (sentAs is not null) data[TeamsMessage.SentAs] = sentAs;
        });
        if (typed is not null) Fill(shown, typed);
        return Of("continue", new JsonObject
        {
            ["title"] = Title,
            ["height"] = "large",
            ["width"] = "medium",
            ["card"] = new JsonObject { ["contentType"] = TeamsMessage.CardType, ["content"] = shown },
        });
    }

    public static JsonObject Message(string words) => Of("message", words);

    private static JsonObject Of(string type, JsonNode value) => new() { ["task"] = new JsonObject { ["type"] = type, ["value"] = value } };

    private static void MakeOpening(JsonObject action, JsonObject data)
    {
        action["type"] = "Action.Submit";
        action.Remove("verb");
        action.Remove("fallback");
        data["msteams"] = Opening();
    }

    private static JsonObject Opening() => new() { ["type"] = "task/fetch" };

    /// <summary>Every Action.Execute, wherever it is.</summary>
    private static void Walk(JsonNode? node, Action<JsonObject> visit)
    {
        switch (node)
        {
            case JsonArray list:
                foreach (var item in list) Walk(item, visit);
                break;
            case JsonObject part:
                foreach (var inner in part.Where(p => p.Key is not ("data" or "fallback")).Select(p => p.Value).ToList()) Walk(inner, visit);
                if (Text(part["type"]) == "Action.Execute") visit(part);
                break;
        }
    }

    private static bool HasInput(JsonNode? node) => node switch
    {
        JsonArray list => list.Any(HasInput),
        JsonObject part => Text(part["type"])?.StartsWith("Input.", StringComparison.Ordinal) is true || HasInput(part["items"]) || HasInput(part["columns"]),
        _ => false,
    };

    private static void Fill(JsonNode? node, JsonObject typed)
    {
        switch (node)
        {
            case JsonArray list:
                foreach (var item in list) Fill(item, typed);
                break;
            case JsonObject part:
                if (Text(part["type"])?.StartsWith("Input.", StringComparison.Ordinal) is true && Text(part["id"]) is { } id && Text(typed[id]) is { Length: > 0 } words) part["value"] = words;
                foreach (var inner in part.Where(p => p.Key is not "data").Select(p => p.Value).ToList()) Fill(inner, typed);
                break;
        }
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
