using System.Text.Json.Nodes;

namespace MicroAppBot.Cards.BlockKit;

/// <summary>The parts blocks are made of, each within Slack's limits whatever it is given.</summary>
internal static class Kit
{
    public static JsonObject Plain(string text, int longest, string otherwise = "–") =>
        new() { ["type"] = "plain_text", ["text"] = SlackText.Plain(text, longest, otherwise), ["emoji"] = false };

    /// <summary>Text that is mrkdwn already and short enough.</summary>
    public static JsonObject Written(string mrkdwn) => new() { ["type"] = "mrkdwn", ["text"] = mrkdwn, ["verbatim"] = true };

    /// <summary>Runs as text objects: plain where nothing in them is meant as markup, for then nothing can be taken for it.</summary>
    public static IEnumerable<JsonObject> Texts(IReadOnlyList<Run> runs, int limit)
    {
        if (runs.All(run => run.IsPlain) && SlackText.PlainLines(CardMarkdown.PlainOf(runs), int.MaxValue) is var plain && plain.Length <= limit)
            return [new JsonObject { ["type"] = "plain_text", ["text"] = plain, ["emoji"] = false }];
        return Mrkdwn.Write(runs, limit).Select(Written);
    }

    public static JsonObject Section(JsonObject text) => new() { ["type"] = "section", ["text"] = text };

    public static JsonObject Fields(IEnumerable<JsonObject> fields) => new() { ["type"] = "section", ["fields"] = new JsonArray([.. fields]) };

    public static JsonObject Context(params IEnumerable<JsonObject> elements) => new() { ["type"] = "context", ["elements"] = new JsonArray([.. elements]) };

    public static JsonObject Header(string text) => new() { ["type"] = "header", ["text"] = Plain(text, SlackLimits.Header) };

    public static JsonObject Divider() => new() { ["type"] = "divider" };

    public static JsonObject RichSection(IReadOnlyList<Run> runs) => RichText(new JsonObject { ["type"] = "rich_text_section", ["elements"] = new JsonArray([.. runs.Select(Rich)]) });

    public static JsonObject Preformatted(string text) => RichText(new JsonObject
    {
        ["type"] = "rich_text_preformatted",
        ["elements"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = text }),
    });

    private static JsonObject RichText(JsonObject element) => new() { ["type"] = "rich_text", ["elements"] = new JsonArray(element) };

    private static JsonObject Rich(Run run)
    {
        var style = new JsonObject();
        foreach (var (name, on) in (ReadOnlySpan<(string, bool)>)[("bold", run.Bold), ("italic", run.Italic), ("strike", run.Strike), ("code", run.Code)])
            if (on)
                style[name] = true;
        var rich = run.Link is { } link ? new JsonObject { ["type"] = "link", ["url"] = link, ["text"] = run.Text } : new JsonObject { ["type"] = "text", ["text"] = run.Text };
        if (style.Count > 0)
            rich["style"] = style;
        return rich;
    }

    /// <summary>The characters of a block that count against Slack's limit of a message.</summary>
    public static int TextOf(JsonNode? node)
    {
        var length = 0;
        if (node is JsonArray list)
            for (var i = 0; i < list.Count; i++)
                length += TextOf(list[i]);
        else if (node is JsonObject map)
            for (var i = 0; i < map.Count; i++)
            {
                var (name, value) = map.GetAt(i);
                length += name is "text" or "alt_text" && value is JsonValue one && one.TryGetValue<string>(out var text) ? text.Length : TextOf(value);
            }
        return length;
    }
}
