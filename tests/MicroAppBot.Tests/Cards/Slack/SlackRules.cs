using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MicroAppBot.Tests.Cards.Slack;

/// <summary>What Slack accepts, written down a second time and apart from the converter: docs.slack.dev, reference of Block Kit.</summary>
internal static partial class SlackRules
{
    private const string Plain = "plain_text", Mrkdwn = "mrkdwn";

    /// <summary>Longest text by what it is the text of.</summary>
    private static readonly Dictionary<string, int> Longest = new()
    {
        ["header.text"] = 150,
        ["section.text"] = 3000,
        ["section.fields"] = 2000,
        ["context.elements"] = 3000,
        ["button.text"] = 75,
        ["confirm.title"] = 100,
        ["confirm.text"] = 300,
        ["confirm.confirm"] = 30,
        ["confirm.deny"] = 30,
        ["option.text"] = 75,
        ["option.description"] = 75,
        ["input.label"] = 2000,
        ["input.hint"] = 2000,
        ["placeholder"] = 150,
        ["modal.title"] = 24,
        ["modal.submit"] = 24,
        ["modal.close"] = 24,
    };

    private static readonly HashSet<string> Interactive = ["button", "overflow", "static_select", "external_select", "multi_static_select", "multi_external_select", "radio_buttons", "checkboxes", "datepicker", "timepicker", "plain_text_input", "number_input", "email_text_input", "url_text_input"];

    /// <param name="surface"><c>message</c>, <c>modal</c> or <c>home</c>.</param>
    /// <param name="json">A list of blocks, or a view.</param>
    public static List<string> Faults(string surface, JsonNode json)
    {
        var faults = new List<string>();
        var blocks = json as JsonArray ?? (JsonArray)json["blocks"]!;
        if (json is JsonObject view)
            View(surface, view, blocks, faults);
        Need(blocks.Count >= 1 && blocks.Count <= (surface == "message" ? 50 : 100), faults, $"{blocks.Count} blocks");
        Unique(blocks.Select(block => block!["block_id"]?.ToString()), "block_id", faults);
        Unique(All(blocks).Where(one => one["type"] is { } type && Interactive.Contains(type.ToString())).Select(one => one["action_id"]?.ToString()), "action_id", faults);
        Need(blocks.Count(block => block!["type"]!.ToString() == "table") <= (surface == "message" ? 1 : 0), faults, "tables");
        if (surface == "message")
            Need(All(blocks).Sum(one => one["text"] is JsonValue text ? text.ToString().Length : 0) <= 10_000, faults, "more than 10,000 characters in the blocks of a message");
        for (var i = 0; i < blocks.Count; i++)
            Block(surface, (JsonObject)blocks[i]!, $"/{i}", faults);
        foreach (var text in All(blocks).SelectMany(one => one.Where(member => member.Key != "value").Select(member => member.Value)).OfType<JsonValue>().Where(value => value.TryGetValue<string>(out _)).Select(value => value.ToString()))
        {
            Need(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text, faults, $"a lone surrogate in '{text}'");
            Need(!Dangerous().IsMatch(text), faults, $"control or direction characters in '{text}'");
        }
        return faults;
    }

    private static void View(string surface, JsonObject view, JsonArray blocks, List<string> faults)
    {
        Need(view["type"]!.ToString() == surface, faults, "the view's type");
        Need(Encoding.UTF8.GetByteCount(view.ToJsonString(MicroAppBot.Cards.CardLibrary.Json)) <= 250_000, faults, "larger than 250 kB");
        Need((view["private_metadata"]?.ToString().Length ?? 0) <= 3000, faults, "private_metadata");
        Need((view["callback_id"]?.ToString().Length ?? 0) <= 255, faults, "callback_id");
        Keys(view, "/", faults, "type", "blocks", "private_metadata", "callback_id", "title", "submit", "close");
        if (surface == "home")
        {
            Need(view["title"] is null && view["submit"] is null, faults, "a title on App Home");
            return;
        }
        Text(view["title"], "modal.title", faults, Plain);
        Text(view["close"], "modal.close", faults, Plain);
        if (blocks.Any(block => block!["type"]!.ToString() == "input"))
            Text(view["submit"], "modal.submit", faults, Plain);
    }

    private static void Block(string surface, JsonObject block, string at, List<string> faults)
    {
        Need((block["block_id"]?.ToString().Length ?? 1) is >= 1 and <= 255, faults, at + " block_id");
        switch (block["type"]!.ToString())
        {
            case "divider":
                Keys(block, at, faults, "type", "block_id");
                break;
            case "header":
                Keys(block, at, faults, "type", "block_id", "text");
                Text(block["text"], "header.text", faults, Plain);
                break;
            case "section":
                Keys(block, at, faults, "type", "block_id", "text", "fields", "accessory");
                Need(block["text"] is not null || block["fields"] is not null, faults, at + " a section without words");
                if (block["text"] is { } text)
                    Text(text, "section.text", faults, Plain, Mrkdwn);
                Many(block, "fields", 10, at, faults, field => Text(field, "section.fields", faults, Plain, Mrkdwn));
                if (block["accessory"] is JsonObject accessory)
                    Element(surface, accessory, at + "/accessory", faults);
                break;
            case "context":
                Keys(block, at, faults, "type", "block_id", "elements");
                Many(block, "elements", 10, at, faults, element =>
                {
                    if (element["type"]!.ToString() == "image")
                        Image(element, at, faults);
                    else
                        Text(element, "context.elements", faults, Plain, Mrkdwn);
                });
                Need(block["elements"] is not null, faults, at + " a context without words");
                break;
            case "image":
                Image(block, at, faults);
                break;
            case "actions":
                Keys(block, at, faults, "type", "block_id", "elements");
                Need(block["elements"] is not null, faults, at + " no actions");
                Many(block, "elements", 25, at, faults, element => Element(surface, element, at, faults));
                break;
            case "input":
                Keys(block, at, faults, "type", "block_id", "label", "element", "optional", "hint");
                Need(surface == "modal", faults, at + " an input outside a form");
                Text(block["label"], "input.label", faults, Plain);
                Element(surface, (JsonObject)block["element"]!, at, faults);
                break;
            case "rich_text":
                Keys(block, at, faults, "type", "block_id", "elements");
                Need(All(block).All(one => one["type"]?.ToString() != "text" || one["text"]!.ToString().Length > 0), faults, at + " an empty rich text");
                break;
            case "table":
                Need(((JsonArray)block["rows"]!).Count is >= 1 and <= 100 && ((JsonArray)block["rows"]!).All(row => ((JsonArray)row!).Count is >= 1 and <= 20), faults, at + " rows or columns");
                break;
            case var type:
                faults.Add($"{at} unknown block {type}");
                break;
        }
    }

    private static void Element(string surface, JsonObject element, string at, List<string> faults)
    {
        var type = element["type"]!.ToString();
        if (type == "image")
        {
            Image(element, at, faults);
            return;
        }
        Need(Interactive.Contains(type), faults, $"{at} unknown element {type}");
        Need(element["action_id"]?.ToString().Length is >= 1 and <= 255, faults, at + " action_id");
        if (element["placeholder"] is { } placeholder)
            Text(placeholder, "placeholder", faults, Plain);
        if (type == "button")
        {
            Keys(element, at, faults, "type", "action_id", "text", "value", "url", "style", "confirm", "accessibility_label");
            Text(element["text"], "button.text", faults, Plain);
            Need((element["value"]?.ToString().Length ?? 1) is >= 1 and <= 2000, faults, at + " value");
            Need((element["url"]?.ToString().Length ?? 1) is >= 1 and <= 3000, faults, at + " url");
            Need((element["accessibility_label"]?.ToString().Length ?? 1) is >= 1 and <= 75, faults, at + " accessibility_label");
            Need(element["style"]?.ToString() is null or "primary" or "danger", faults, at + " style");
        }
        if (element["confirm"] is JsonObject confirm)
        {
            Text(confirm["title"], "confirm.title", faults, Plain);
            Text(confirm["text"], "confirm.text", faults, Plain, Mrkdwn);
            Text(confirm["confirm"], "confirm.confirm", faults, Plain);
            Text(confirm["deny"], "confirm.deny", faults, Plain);
        }
        Options(element, type, at, faults);
        if (type == "plain_text_input")
        {
            Need(element["max_length"]?.GetValue<int>() is >= 1 and <= 3000, faults, at + " max_length");
            Need((element["min_length"]?.GetValue<int>() ?? 0) <= (element["max_length"]?.GetValue<int>() ?? 3000), faults, at + " min_length");
            Need((element["initial_value"]?.ToString().Length ?? 0) <= element["max_length"]!.GetValue<int>(), faults, at + " initial_value");
        }
    }

    private static void Options(JsonObject element, string type, string at, List<string> faults)
    {
        int? most = type switch { "overflow" => 5, "radio_buttons" or "checkboxes" => 10, "static_select" or "multi_static_select" => 100, _ => null };
        if (most is null)
            return;
        Need(element["options"] is JsonArray { Count: >= 1 } options && options.Count <= most, faults, $"{at} {(element["options"] as JsonArray)?.Count} options of {type}");
        Unique(((JsonArray)element["options"]!).Select(option => option!["value"]!.ToString()), at + " option value", faults);
        foreach (var option in ((JsonArray)element["options"]!).OfType<JsonObject>())
        {
            Text(option["text"], "option.text", faults, Plain);
            if (option["description"] is { } description)
                Text(description, "option.description", faults, Plain);
            Need(option["value"]!.ToString().Length is >= 1 and <= 150, faults, at + " option value");
        }
        foreach (var initial in (element["initial_options"] as JsonArray ?? []).Append(element["initial_option"]?.DeepClone()).Where(one => one is not null))
            Need(((JsonArray)element["options"]!).Any(option => JsonNode.DeepEquals(option, initial)), faults, at + " initial option is none of the options");
    }

    private static void Image(JsonObject image, string at, List<string> faults)
    {
        Need(image["image_url"]!.ToString() is { Length: <= 3000 } url && url.StartsWith("https://", StringComparison.Ordinal), faults, at + " image_url");
        Need(image["alt_text"]!.ToString().Length is >= 1 and <= 2000, faults, at + " alt_text");
    }

    private static void Text(JsonNode? node, string place, List<string> faults, params string[] types)
    {
        if (node is not JsonObject text)
        {
            faults.Add(place + " is missing");
            return;
        }
        var (type, words) = (text["type"]!.ToString(), text["text"]!.ToString());
        Keys(text, place, faults, "type", "text", type == Plain ? "emoji" : "verbatim");
        Need(types.Contains(type), faults, $"{place} cannot be {type}");
        Need(words.Length >= 1 && words.Length <= Longest[place], faults, $"{place} has {words.Length} characters of {Longest[place]}");
        if (type == Mrkdwn)
        {
            Need(text["verbatim"]?.GetValue<bool>() == true, faults, place + " makes links of what looks like one");
            Need(Meant().Replace(words, "").AsSpan().IndexOfAny("<>&") < 0, faults, $"{place} has an angle bracket or ampersand that is none of ours: {words}");
        }
        else
            Need(text["emoji"]?.GetValue<bool>() == false, faults, place + " makes pictures of :words:");
    }

    private static void Many(JsonObject owner, string list, int most, string at, List<string> faults, Action<JsonObject> check)
    {
        if (owner[list] is not JsonArray items)
            return;
        Need(items.Count >= 1 && items.Count <= most, faults, $"{at} {items.Count} {list}");
        foreach (var item in items.OfType<JsonObject>())
            check(item);
    }

    private static void Keys(JsonObject map, string at, List<string> faults, params string[] known)
    {
        foreach (var (key, _) in map)
            Need(known.Contains(key), faults, $"{at} has an unknown '{key}'");
    }

    private static void Unique(IEnumerable<string?> values, string what, List<string> faults)
    {
        foreach (var twice in values.Where(value => value is not null).GroupBy(value => value).Where(same => same.Count() > 1))
            faults.Add($"{what} '{twice.Key}' is there {twice.Count()} times");
    }

    private static void Need(bool holds, List<string> faults, string what)
    {
        if (!holds)
            faults.Add(what);
    }

    public static IEnumerable<JsonObject> All(JsonNode? node) => node switch
    {
        JsonObject map => map.SelectMany(member => All(member.Value)).Prepend(map),
        JsonArray list => list.SelectMany(All),
        _ => [],
    };

    // Entities, and the links and dates that are meant
    [GeneratedRegex(@"&(?:amp|lt|gt);|<(?:https?://|mailto:|!date\^)[^<>|]+\|[^<>|]*>")]
    private static partial Regex Meant();

    [GeneratedRegex(@"[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066\u2067\u200e\u200f]")]
    private static partial Regex Dangerous();
}
