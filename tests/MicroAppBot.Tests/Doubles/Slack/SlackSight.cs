using System.Text.Json.Nodes;

namespace MicroAppBot.Tests.Doubles.Slack;

/// <summary>What can be pressed, typed into or chosen from in a list of blocks, and what a client sends of it.</summary>
internal static class SlackSight
{
    /// <summary>Every element with the block it stands in, from top to bottom.</summary>
    public static IEnumerable<(JsonObject Block, JsonObject Element)> Elements(JsonArray blocks)
    {
        foreach (var block in blocks.Objects())
        {
            foreach (var element in block.Str("type") == "actions" ? block.Arr("elements").Objects() : []) yield return (block, element);
            if (block.Obj("accessory") is { } accessory && accessory.Str("type") != "image") yield return (block, accessory);
            if (block.Obj("element") is { } input) yield return (block, input);
        }
    }

    /// <summary>The texts in the order of reading, as somebody sees them.</summary>
    public static IEnumerable<string> Words(JsonArray blocks)
    {
        foreach (var block in blocks.Objects())
        {
            foreach (var words in Texts(block)) yield return words;
        }
    }

    /// <summary>What stands in an element before anybody touches it, as <c>state.values</c> has it; null for what holds nothing (buttons, menus).</summary>
    public static JsonObject? Initial(JsonObject element)
    {
        var type = element.Str("type")!;
        var value = new JsonObject { ["type"] = type };
        switch (type)
        {
            case "plain_text_input" or "email_text_input" or "url_text_input" or "number_input":
                value["value"] = element["initial_value"]?.ToString();
                break;
            case "datepicker":
                value["selected_date"] = element["initial_date"]?.DeepClone();
                break;
            case "timepicker":
                value["selected_time"] = element["initial_time"]?.DeepClone();
                break;
            case "datetimepicker":
                value["selected_date_time"] = element["initial_date_time"]?.DeepClone();
                break;
            case "static_select" or "external_select" or "radio_buttons":
                value["selected_option"] = element["initial_option"]?.DeepClone();
                break;
            case "checkboxes" or "multi_static_select" or "multi_external_select":
                value["selected_options"] = element["initial_options"]?.DeepClone() ?? new JsonArray();
                break;
            case "users_select":
                value["selected_user"] = element["initial_user"]?.DeepClone();
                break;
            case "conversations_select":
                value["selected_conversation"] = element["initial_conversation"]?.DeepClone();
                break;
            case "channels_select":
                value["selected_channel"] = element["initial_channel"]?.DeepClone();
                break;
            default:
                return null;
        }
        return value;
    }

    /// <summary>The options of an element, those in groups too.</summary>
    public static IEnumerable<JsonObject> Options(JsonObject element) =>
        element.Arr("options").Objects().Concat(element.Arr("option_groups").Objects().SelectMany(g => g.Arr("options").Objects()));

    /// <summary>Whether nothing has been entered.</summary>
    public static bool IsEmpty(JsonObject value) => value.Where(p => p.Key != "type").All(p => p.Value is null or JsonArray { Count: 0 } || p.Value.ToString().Length == 0);

    public static string Text(JsonNode? text) => text.Str("text") ?? "";

    private static IEnumerable<string> Texts(JsonObject part)
    {
        switch (part.Str("type"))
        {
            case "plain_text" or "mrkdwn" or "text":
                yield return part.Str("text") ?? "";
                yield break;
            case "raw_text":
                yield return part.Str("text") ?? "";
                yield break;
            case "rich_text_section" or "rich_text_preformatted" or "rich_text_quote":
                yield return string.Concat(part.Arr("elements").Objects().Select(e => e.Str("text") ?? e.Str("url") ?? (e.Str("user_id") is { } user ? $"<@{user}>" : e.Str("name") is { } emoji ? $":{emoji}:" : "")));
                yield break;
            case "markdown":
                yield return part.Str("text") ?? "";
                yield break;
            case "image":
                yield return part.Str("alt_text") ?? "";
                break;
        }
        foreach (var (name, inner) in part)
        {
            if (name is "value" or "initial_option" or "initial_options" or "confirm" or "placeholder") continue;
            foreach (var words in inner switch { JsonObject child => Texts(child), JsonArray list => list.SelectMany(Each), _ => [] }) yield return words;
        }

        static IEnumerable<string> Each(JsonNode? node) => node switch { JsonObject child => Texts(child), JsonArray row => row.SelectMany(Each), _ => [] };
    }
}
