using System.Text.Json.Nodes;

namespace MicroAppBot.Cards.BlockKit;

/// <summary>The card that an action asks with: only what the person has to fill in, and what they need to read for it.</summary>
internal static class Forms
{
    /// <summary>A form repeats what is short; what is longer has just been read in the message, and would push the questions out of sight.</summary>
    private const int ShortEnough = 500;

    public static JsonObject? Of(CardAction action, CardActions all) => action.Type switch
    {
        "Action.ShowCard" => action.Action["card"] is JsonObject nested ? Asking(action, nested, [nested, .. action.Cards], all, Elements.In(nested, "actions", "").Select(found => found.Element)) : null,
        "Action.ToggleVisibility" => Details(action, all),
        _ when action.TakesInputs => Asking(action, action.Cards[0], action.Cards, all, [action.Action]),
        _ => null,
    };

    private static JsonObject Asking(CardAction action, JsonObject main, IReadOnlyList<JsonObject> cards, CardActions all, IEnumerable<JsonObject> actions)
    {
        var body = new JsonArray();
        var whole = action.Type == "Action.ShowCard";
        foreach (var element in Shown(main, whole))
            body.Add(Copied(element, all, whole));
        // A click brings the inputs of the cards around it too
        foreach (var outer in cards.SkipWhile(card => card != main).Skip(1))
            foreach (var (element, _) in Elements.In(outer, "body", "").Where(found => HasInput(found.Element)))
                body.Add(WithoutHints(Copied(element, all)));
        var form = Card(action, body, new JsonArray([.. actions.Select(one => Copied(one, all))]));
        var needs = action.Hints?["needs"] switch { JsonArray many => many.Select(Elements.Scalar), { } one => [Elements.Scalar(one)], _ => [] };
        foreach (var input in Elements.Inputs(form).Where(input => needs.Contains(Elements.Text(input, "id"))))
            input["isRequired"] = true;
        return form;
    }

    // A placeholder speaks of the buttons it stood beside
    private static JsonObject WithoutHints(JsonObject element)
    {
        foreach (var input in Elements.All(element).Prepend(element).Where(Elements.IsInput))
            input.Remove("placeholder");
        return element;
    }

    private static JsonObject Card(CardAction action, JsonArray body, JsonArray actions) => new()
    {
        ["type"] = "AdaptiveCard",
        ["version"] = CardShape.Version,
        ["fallbackText"] = action.Title,
        ["body"] = body,
        ["actions"] = actions,
        ["slack"] = new JsonObject { ["title"] = action.Title },
    };

    private static IEnumerable<JsonObject> Shown(JsonObject card, bool whole)
    {
        var elements = Elements.In(card, "body", "").Select(found => found.Element).ToList();
        if (whole)
            return elements;
        if (elements.Where(element => !HasInput(element)).Sum(TextLength) <= ShortEnough)
            return elements.Where(element => Elements.Text(element, "type") != "ActionSet");
        var heading = elements.Find(element => Elements.Text(element, "type") == "TextBlock");
        return elements.Where(element => element == heading || HasInput(element));
    }

    private static JsonObject Details(CardAction action, CardActions all)
    {
        var names = (action.Action["targetElements"] as JsonArray ?? []).Select(target => Elements.Scalar(target) ?? Elements.Text(target, "elementId")).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var body = new JsonArray();
        foreach (var element in Elements.All(action.Cards[0]).Where(element => Elements.Text(element, "id") is { } id && names.Contains(id)).ToList())
        {
            var copy = Copied(element, all);
            copy["isVisible"] = true;
            body.Add(copy);
        }
        return Card(action, body, []);
    }

    private static bool HasInput(JsonObject element) => Elements.IsInput(element) || Elements.HasInputs(element);

    private static int TextLength(JsonNode? node) => node switch
    {
        JsonObject map => (Elements.Text(map, "text")?.Length ?? 0) + map.Where(member => member.Key is not ("data" or "fallback" or "slack" or "selectAction")).Sum(member => TextLength(member.Value))
            + (map.ContainsKey("facts") ? 200 : 0),
        JsonArray list => list.Sum(TextLength),
        _ => 0,
    };

    /// <summary>A copy whose actions keep the ids they have in the whole card; what else could be pressed stays in the message.</summary>
    private static JsonObject Copied(JsonObject written, CardActions all, bool pressable = false)
    {
        var copy = new JsonObject();
        foreach (var (name, value) in written)
            if (name != "selectAction" || pressable)
                copy[name] = value switch
                {
                    JsonObject inner when name is not ("data" or "fallback" or "slack") => Copied(inner, all, pressable),
                    JsonArray list when name is not ("data" or "targetElements" or "choices" or "facts") => new JsonArray([.. list.Where(item => pressable || Elements.Text(item, "type") != "ActionSet").Select(item => item is JsonObject inner ? Copied(inner, all, pressable) : item?.DeepClone())]),
                    _ => value?.DeepClone(),
                };
        if (all.Of(written) is { } action)
        {
            if (copy["slack"] is not JsonObject hints)
                copy["slack"] = hints = [];
            hints["id"] = action.Id;
        }
        return copy;
    }
}
