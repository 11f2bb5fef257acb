using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MicroAppBot.Tests.Doubles.Slack;

namespace MicroAppBot.Tests.Journeys;

/// <summary>
/// What somebody reads in Slack, in the words that all journeys use: texts, inputs and buttons as they are on the screen. Made from the blocks
/// alone; a button's verb is what its action id begins with.
/// </summary>
internal static partial class SlackReading
{
    /// <summary>Where in the blocks a button is.</summary>
    public const string At = "slack_action";

    /// <summary>A title with these dots opens a form.</summary>
    public const string Dots = "…";

    /// <summary>A message; what did not fit and stands in its thread is read with it.</summary>
    public static JsonObject Card(IEnumerable<SlackPost> parts)
    {
        var (body, actions) = (new JsonArray(), new JsonArray());
        foreach (var part in parts) Read(part.Blocks, body, actions);
        return new JsonObject { ["type"] = "AdaptiveCard", ["body"] = body, ["actions"] = actions };
    }

    public static JsonObject Card(SlackView view)
    {
        var (body, actions) = (new JsonArray(Text(view.Title)), new JsonArray());
        foreach (var block in view.Blocks.Objects())
        {
            if (block.Str("type") != "input")
            {
                Read([block.DeepClone()], body, actions);
                continue;
            }
            body.Add(Input(view, block));
            if (view.Errors.TryGetValue(block.Str("block_id")!, out var error)) body.Add(Text($"⚠️ {error}"));
        }
        if (view.Sent.Obj("submit") is { } submit) actions.Add(Action(SlackSight.Text(submit), view.CallbackId ?? "", null));
        return new JsonObject { ["type"] = "AdaptiveCard", ["body"] = body, ["actions"] = actions };
    }

    /// <summary>A line as it is read.</summary>
    public static string Plain(string mrkdwn)
    {
        var text = Links().Replace(mrkdwn, m => m.Groups["label"].Success ? m.Groups["label"].Value : m.Groups["target"].Value);
        text = Marks().Replace(text, "$1");
        return text.Replace("\u200B", "", StringComparison.Ordinal).Replace("\u2060", "", StringComparison.Ordinal)
            .Replace("&lt;", "<", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal).Replace("&amp;", "&", StringComparison.Ordinal);
    }

    private static void Read(JsonArray blocks, JsonArray body, JsonArray actions)
    {
        foreach (var block in blocks.Objects())
        {
            if (block.Str("type") != "actions")
            {
                foreach (var words in SlackSight.Words([block.DeepClone()])) body.Add(Text(Plain(words)));
            }
            foreach (var (_, element) in SlackSight.Elements([block.DeepClone()]))
            {
                if (element.Str("type") == "button") actions.Add(Action(SlackSight.Text(element["text"]), element.Str("action_id") ?? "", null));
                else if (element.Str("type") is "overflow" or "static_select")
                {
                    // "Change an answer…" and "Short name" are together what a button "Change Short name" says
                    var first = SlackSight.Text(element["placeholder"]).Split(' ')[0];
                    foreach (var option in SlackSight.Options(element))
                    {
                        var line = Action(SlackSight.Text(option["text"]), option.Str("value") ?? "", element.Str("action_id"));
                        line["whole"] = $"{first} {line["title"]}";
                        actions.Add(line);
                    }
                }
            }
        }
    }

    /// <param name="menu">The menu's action id, where it is a line of one.</param>
    private static JsonObject Action(string title, string id, string? menu) => new()
    {
        ["type"] = "Action.Execute",
        ["title"] = title.EndsWith(Dots, StringComparison.Ordinal) ? title[..^1] : title,
        ["data"] = new JsonObject { ["verb"] = id.Split(':')[0], [At] = menu ?? id, ["option"] = menu is null ? null : id, ["form"] = title.EndsWith(Dots, StringComparison.Ordinal) },
    };

    private static JsonObject Input(SlackView view, JsonObject block)
    {
        var element = block.Obj("element")!;
        var value = view.Entered.GetValueOrDefault((block.Str("block_id")!, element.Str("action_id") ?? "")) ?? SlackSight.Initial(element) ?? [];
        var type = element.Str("type") switch
        {
            "number_input" => "Input.Number",
            "datepicker" => "Input.Date",
            "timepicker" => "Input.Time",
            "static_select" or "radio_buttons" or "checkboxes" or "multi_static_select" or "external_select" or "multi_external_select" => "Input.ChoiceSet",
            _ => "Input.Text",
        };
        var input = new JsonObject { ["type"] = type, ["id"] = block.Str("block_id"), ["label"] = SlackSight.Text(block["label"]), ["value"] = Value(value) };
        if (type == "Input.ChoiceSet") input["choices"] = new JsonArray([.. SlackSight.Options(element).Select(o => (JsonNode)new JsonObject { ["title"] = SlackSight.Text(o["text"]), ["value"] = o.Str("value") })]);
        return input;
    }

    private static string? Value(JsonObject value) =>
        value.Str("value") ?? value.Str("selected_date") ?? value.Str("selected_time") ?? value.Obj("selected_option").Str("value")
        ?? (value["selected_options"] is JsonArray { Count: > 0 } several ? string.Join(',', several.Select(o => o.Str("value"))) : null);

    private static JsonObject Text(string words) => new() { ["type"] = "TextBlock", ["text"] = words };

    [GeneratedRegex(@"<(?<target>[^|>]+)(\|(?<label>[^>]*))?>")]
    private static partial Regex Links();

    [GeneratedRegex(@"(?<![\w*])\*([^*\n]+)\*(?![\w*])")]
    private static partial Regex Marks();
}
