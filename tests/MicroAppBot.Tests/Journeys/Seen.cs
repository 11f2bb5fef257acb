using System.Text.Json.Nodes;

namespace MicroAppBot.Tests.Journeys;

/// <summary>A message as somebody sees it.</summary>
/// <param name="MessageId">The channel's id of it.</param>
/// <param name="OurId">The bot's own id of it, where the channel carries it.</param>
/// <param name="Changes">How often it was drawn again by the bot.</param>
internal record Seen(string MessageId, string? OurId, JsonObject? Card, string? Line, int Changes = 0)
{
    /// <summary>All that can be read on it: texts, facts, labels, what the inputs hold, what is wrong with them, buttons.</summary>
    public string Words => Card is null ? Line ?? "" : string.Join('\n', Read(Card));

    public bool Says(string words) => Words.Contains(words, StringComparison.OrdinalIgnoreCase);

    public bool Offers(string verbOrTitle) => Button(verbOrTitle) is not null;

    public JsonObject? Button(string verbOrTitle) => Card is null ? null : Button(Card, verbOrTitle);

    /// <summary>The inputs there are, by id, in order.</summary>
    public virtual IReadOnlyDictionary<string, JsonObject> Inputs => InputsOf(Card);

    public static IReadOnlyDictionary<string, JsonObject> InputsOf(JsonObject? card) => Parts(card).Where(p => Text(p, "type").StartsWith("Input.", StringComparison.Ordinal)).DistinctBy(p => Text(p, "id")).ToDictionary(p => Text(p, "id"), p => p);

    /// <summary>Told by an event of somebody else's making: no answer to anything.</summary>
    public bool CameByItself => (Offers("app.archive") && Says("is live")) || Says("You are asked because");

    /// <summary>A client sends all inputs of a card, those nobody touched with what they showed.</summary>
    public JsonObject WithDefaults(JsonObject? inputs)
    {
        var all = new JsonObject();
        foreach (var (key, input) in Inputs)
        {
            if (input["value"] is { } shown) all[key] = shown.DeepClone();
        }
        foreach (var (key, value) in inputs ?? []) all[key] = value?.DeepClone();
        return all;
    }

    public sealed override string ToString() => Words;

    private static JsonObject? Button(JsonObject card, string verbOrTitle) => Parts(card).FirstOrDefault(p =>
        Text(p, "type") == "Action.Execute" && (Text(p["data"] as JsonObject, "verb") == verbOrTitle || Text(p, "title") == verbOrTitle));

    private static IEnumerable<JsonObject> Parts(JsonNode? node)
    {
        if (node is JsonArray list)
        {
            foreach (var part in list.SelectMany(Parts)) yield return part;
        }
        if (node is not JsonObject self) yield break;
        yield return self;
        foreach (var part in self.Where(p => p.Key is not ("data" or "fallback" or "choices")).SelectMany(p => Parts(p.Value))) yield return part;
    }

    private static IEnumerable<string> Read(JsonNode card)
    {
        foreach (var part in Parts(card))
        {
            var type = Text(part, "type");
            if (type is "TextBlock" or "TextRun") yield return Text(part, "text");
            else if (type is "" && part.ContainsKey("title") && part.ContainsKey("value")) yield return $"{Text(part, "title")}: {Text(part, "value")}";
            else if (type.StartsWith("Input.", StringComparison.Ordinal)) yield return $"<{Text(part, "id")}> {Text(part, "label")} = {Text(part, "value")} {Text(part, "errorMessage")}";
            else if (type.StartsWith("Action.", StringComparison.Ordinal) && part.ContainsKey("title")) yield return $"[{Text(part, "title")}]";
        }
    }

    private static string Text(JsonObject? part, string name) => part?[name] is JsonValue value ? value.ToString() : "";
}
