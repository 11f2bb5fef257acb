using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MicroAppBot.Tests.Doubles.Slack;

/// <summary>Where blocks stand.</summary>
internal enum SlackSurface
{
    Message,
    Modal,
    Home,
}

/// <summary>Block Kit as Slack checks it: its rules and limits, in its words and with its JSON pointers.</summary>
/// <remarks>Limits: the block reference of docs.slack.dev; the wording as seen in public issue trackers.</remarks>
internal sealed partial class SlackRules
{
    private const int MostInMessage = 50;
    private const int MostInView = 100;

    /// <summary>Undocumented: <c>msg_blocks_too_long</c> was seen from about this many characters of text on (bolt-js 2867).</summary>
    private const int MostTextInMessage = 11_300;

    private static readonly string[] Blocks = ["section", "header", "divider", "context", "actions", "input", "image", "rich_text", "table", "markdown", "video"];
    private static readonly string[] Selects = ["static_select", "external_select", "users_select", "conversations_select", "channels_select"];
    private static readonly string[] ManySelects = ["multi_static_select", "multi_external_select", "multi_users_select", "multi_conversations_select", "multi_channels_select"];
    private static readonly string[] Typed = ["plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input", "file_input"];
    private static readonly string[] InActions = ["button", "overflow", "datepicker", "timepicker", "datetimepicker", "checkboxes", "radio_buttons", "workflow_button", "icon_button", .. Selects, .. ManySelects];

    private readonly SlackSurface _surface;
    private readonly List<string> _faults = [];

    private SlackRules(SlackSurface surface) => _surface = surface;

    /// <summary>What is wrong with a message's blocks; empty when Slack takes them.</summary>
    public static IReadOnlyList<string> Message(JsonArray blocks)
    {
        var rules = new SlackRules(SlackSurface.Message);
        rules.List(blocks, "/blocks", MostInMessage);
        return rules._faults;
    }

    /// <summary>What is wrong with a view.</summary>
    public static IReadOnlyList<string> View(JsonObject view, SlackSurface surface)
    {
        var rules = new SlackRules(surface);
        rules.CheckView(view);
        return rules._faults;
    }

    public static bool IsTooLong(JsonArray blocks) => blocks.Objects().Sum(TextIn) > MostTextInMessage;

    public static bool IsTooLarge(JsonObject view) => Encoding.UTF8.GetByteCount(view.ToJsonString()) > 250_000;

    private static int TextIn(JsonNode? node) => node switch
    {
        JsonArray list => list.Sum(TextIn),
        JsonObject part => (part.Str("text")?.Length ?? 0) + part.Sum(p => p.Key == "text" && p.Value is JsonValue ? 0 : TextIn(p.Value)),
        _ => 0,
    };

    private void CheckView(JsonObject view)
    {
        var modal = _surface == SlackSurface.Modal;
        Known(view, "/view", modal
            ? "type title blocks submit close private_metadata callback_id clear_on_close notify_on_close external_id submit_disabled"
            : "type blocks private_metadata callback_id external_id");
        if (view.Str("type") != (modal ? "modal" : "home")) Fault($"must be a valid enum value", "/view/type");
        if (modal)
        {
            if (view["title"] is null) Missing("title", "/view");
            foreach (var words in new[] { "title", "submit", "close" }) Text(view[words], $"/view/{words}", 24, plain: true);
            if (view["submit"] is null && view.Arr("blocks").Objects().Any(b => b.Str("type") == "input")) Missing("submit", "/view");
        }
        Length(view, "private_metadata", "/view", 3000, least: 0);
        Length(view, "callback_id", "/view", 255, least: 0);
        Length(view, "external_id", "/view", 255, least: 0);
        if (view["blocks"] is JsonArray blocks) List(blocks, "/view/blocks", MostInView);
        else Missing("blocks", "/view");
    }

    private void List(JsonArray blocks, string at, int most)
    {
        if (blocks.Count > most) Fault($"no more than {most} items allowed", at);
        if (blocks.Count == 0 && _surface == SlackSurface.Modal) Fault("no fewer than 1 items allowed", at);
        var (ids, tables, markdown) = (new HashSet<string>(StringComparer.Ordinal), 0, 0);
        foreach (var (index, node) in blocks.Index())
        {
            var here = $"{at}/{index}";
            if (node is not JsonObject block)
            {
                Fault("must be an object", here);
                continue;
            }
            if (block.Str("block_id") is { } id && !ids.Add(id)) Fault($"block_id `{id}` already exists", $"{here}/block_id");
            Length(block, "block_id", here, 255);
            if (block.Str("type") == "table" && ++tables > 1) Fault("only one table allowed", here);
            if (block.Str("type") == "markdown" && (markdown += block.Str("text")?.Length ?? 0) > 12_000) Fault("must be less than 12001 characters", here);
            Block(block, here);
        }
    }

    private void Block(JsonObject block, string at)
    {
        switch (block.Str("type"))
        {
            case "section":
                Known(block, at, "type block_id text fields accessory expand");
                if (block["text"] is null && block["fields"] is null) Missing("text", at);
                Text(block["text"], $"{at}/text", 3000);
                if (block["fields"] is JsonArray fields)
                {
                    Count(fields, $"{at}/fields", 1, 10);
                    foreach (var (index, field) in fields.Index()) Text(field, $"{at}/fields/{index}", 2000);
                }
                if (block["accessory"] is { } accessory) Element(accessory, $"{at}/accessory", [.. InActions, "image"]);
                break;
            case "header":
                Known(block, at, "type block_id text");
                Needed(block, "text", at);
                Text(block["text"], $"{at}/text", 150, plain: true);
                break;
            case "divider":
                Known(block, at, "type block_id");
                break;
            case "context":
                Known(block, at, "type block_id elements");
                Count(block["elements"] as JsonArray, $"{at}/elements", 1, 10);
                foreach (var (index, element) in block.Arr("elements").Index())
                {
                    if (element.Str("type") == "image") Element(element, $"{at}/elements/{index}", ["image"]);
                    else Text(element, $"{at}/elements/{index}", 3000);
                }
                break;
            case "actions":
                Known(block, at, "type block_id elements");
                Count(block["elements"] as JsonArray, $"{at}/elements", 1, 25);
                var actions = new HashSet<string>(StringComparer.Ordinal);
                foreach (var (index, element) in block.Arr("elements").Index())
                {
                    Element(element, $"{at}/elements/{index}", InActions);
                    if (element.Str("action_id") is { } action && !actions.Add(action)) Fault($"action_id `{action}` already exists for block_id `{block.Str("block_id")}`", $"{at}/elements/{index}/action_id");
                }
                break;
            case "input":
                Known(block, at, "type block_id label element hint optional dispatch_action");
                Needed(block, "label", at);
                Needed(block, "element", at);
                Text(block["label"], $"{at}/label", 2000, plain: true);
                Text(block["hint"], $"{at}/hint", 2000, plain: true);
                if (block["element"] is { } input) Element(input, $"{at}/element", [.. Typed, "datepicker", "timepicker", "datetimepicker", "checkboxes", "radio_buttons", .. Selects, .. ManySelects]);
                break;
            case "image":
                Known(block, at, "type block_id image_url slack_file alt_text title");
                Image(block, at);
                Text(block["title"], $"{at}/title", 2000, plain: true);
                break;
            case "rich_text":
                Known(block, at, "type block_id elements");
                Needed(block, "elements", at);
                foreach (var (index, element) in block.Arr("elements").Index())
                {
                    if (element.Str("type") is not ("rich_text_section" or "rich_text_list" or "rich_text_preformatted" or "rich_text_quote")) Unsupported(element.Str("type"), $"{at}/elements/{index}");
                }
                break;
            case "table" when _surface == SlackSurface.Message:
                Known(block, at, "type block_id rows column_settings");
                Count(block["rows"] as JsonArray, $"{at}/rows", 1, 100);
                foreach (var (index, row) in block.Arr("rows").Index()) Count(row as JsonArray, $"{at}/rows/{index}", 1, 20);
                break;
            case "markdown" when _surface == SlackSurface.Message:
                Known(block, at, "type block_id text");
                Needed(block, "text", at);
                break;
            case "video":
                break;
            case var other:
                Unsupported(other, at);
                break;
        }
    }

    private void Element(JsonNode? node, string at, string[] allowed)
    {
        if (node is not JsonObject element || element.Str("type") is not { } type || !allowed.Contains(type))
        {
            Unsupported(node.Str("type"), at);
            return;
        }
        if (type == "image")
        {
            Known(element, at, "type image_url slack_file alt_text");
            Image(element, at);
            return;
        }
        Length(element, "action_id", at, 255);
        Confirm(element, at);
        Text(element["placeholder"], $"{at}/placeholder", 150, plain: true);
        switch (type)
        {
            case "button":
                Known(element, at, "type text action_id url value style confirm accessibility_label");
                Needed(element, "text", at);
                Text(element["text"], $"{at}/text", 75, plain: true);
                Length(element, "value", at, 2000, least: 0);
                Length(element, "url", at, 3000);
                Length(element, "accessibility_label", at, 75);
                if (element["style"] is { } style && style.ToString() is not ("primary" or "danger")) Fault("must be a valid enum value", $"{at}/style");
                if (element.Str("url") is { } url && !Link().IsMatch(url)) Fault("must be a valid URL", $"{at}/url");
                break;
            case "overflow":
                Known(element, at, "type action_id options confirm");
                Options(element, at, 5, plain: true);
                break;
            case "radio_buttons" or "checkboxes":
                Known(element, at, "type action_id options initial_option initial_options confirm focus_on_load");
                Options(element, at, 10, plain: false);
                break;
            case "static_select" or "multi_static_select":
                Known(element, at, "type action_id placeholder options option_groups initial_option initial_options confirm max_selected_items focus_on_load");
                if (element["option_groups"] is JsonArray groups)
                {
                    Count(groups, $"{at}/option_groups", 1, 100);
                    foreach (var (index, group) in groups.Index())
                    {
                        Text(group?["label"], $"{at}/option_groups/{index}/label", 75, plain: true);
                        Options(group as JsonObject ?? [], $"{at}/option_groups/{index}", 100, plain: true);
                    }
                }
                else Options(element, at, 100, plain: true);
                Initial(element, at);
                break;
            case "plain_text_input":
                Known(element, at, "type action_id initial_value multiline min_length max_length dispatch_action_config focus_on_load placeholder");
                Range(element, "min_length", at, 0, 3000);
                Range(element, "max_length", at, 1, 3000);
                if (element.Str("initial_value") is { } initial && element["max_length"] is JsonValue max && initial.Length > max.GetValue<int>()) Fault($"must be less than {max.GetValue<int>() + 1} characters", $"{at}/initial_value");
                break;
            case "number_input":
                Known(element, at, "type action_id is_decimal_allowed initial_value min_value max_value dispatch_action_config focus_on_load placeholder");
                if (element["is_decimal_allowed"] is null) Missing("is_decimal_allowed", at);
                foreach (var number in new[] { "initial_value", "min_value", "max_value" })
                {
                    if (element[number] is { } given && given.GetValueKind() != System.Text.Json.JsonValueKind.String) Fault("must be a string", $"{at}/{number}");
                }
                break;
            case "datepicker":
                if (element["initial_date"] is { } date && !Date().IsMatch(date.ToString())) Fault("must be a valid date", $"{at}/initial_date");
                break;
            case "timepicker":
                if (element["initial_time"] is { } clock && !Clock().IsMatch(clock.ToString())) Fault("must be a valid time", $"{at}/initial_time");
                break;
            case "file_input" when _surface != SlackSurface.Modal:
                Unsupported(type, at);
                break;
        }
    }

    private void Options(JsonObject holder, string at, int most, bool plain)
    {
        Count(holder["options"] as JsonArray, $"{at}/options", 1, most);
        foreach (var (index, option) in holder.Arr("options").Index())
        {
            var here = $"{at}/options/{index}";
            if (option is not JsonObject one)
            {
                Fault("must be an object", here);
                continue;
            }
            Known(one, here, "text value description url");
            Needed(one, "text", here);
            Text(one["text"], $"{here}/text", 75, plain);
            Text(one["description"], $"{here}/description", 75, plain);
            if (one["value"] is null) Missing("value", here);
            Length(one, "value", here, 150);
        }
        if (holder.Str("type") is "radio_buttons" or "checkboxes") Initial(holder, at);
    }

    /// <summary>An initial option must be one of the options, with everything.</summary>
    private void Initial(JsonObject element, string at)
    {
        var there = element.Arr("options").Concat(element.Arr("option_groups").SelectMany(g => g.Arr("options"))).ToList();
        var chosen = element.Arr("initial_options").ToList();
        if (element["initial_options"] is JsonArray { Count: 0 }) Fault("no fewer than 1 items allowed", $"{at}/initial_options");
        if (element["initial_option"] is { } one) chosen.Add(one);
        if (chosen.Any(c => !there.Any(o => JsonNode.DeepEquals(o, c)))) Fault("initial option not found in options", at);
    }

    private void Confirm(JsonObject element, string at)
    {
        if (element["confirm"] is null) return;
        if (element["confirm"] is not JsonObject confirm)
        {
            Fault("must be an object", $"{at}/confirm");
            return;
        }
        foreach (var (part, most) in new[] { ("title", 100), ("text", 300), ("confirm", 30), ("deny", 30) })
        {
            Needed(confirm, part, $"{at}/confirm");
            Text(confirm[part], $"{at}/confirm/{part}", most, plain: part != "text");
        }
    }

    private void Image(JsonObject image, string at)
    {
        if (image["image_url"] is null && image["slack_file"] is null) Missing("image_url", at);
        Length(image, "image_url", at, 3000);
        if (image["alt_text"] is null) Missing("alt_text", at);
        Length(image, "alt_text", at, 2000);
    }

    private void Text(JsonNode? node, string at, int most, bool plain = false)
    {
        if (node is null) return;
        if (node is not JsonObject text)
        {
            Fault("must be an object", at);
            return;
        }
        Known(text, at, "type text emoji verbatim");
        var type = text.Str("type");
        if (type is not ("plain_text" or "mrkdwn") || (plain && type != "plain_text")) Fault(plain ? "must be a valid enum value" : "must provide a string", $"{at}/type");
        if (type == "mrkdwn" && text["emoji"] is not null) Fault("invalid additional property: emoji", at);
        if (type == "plain_text" && text["verbatim"] is not null) Fault("invalid additional property: verbatim", at);
        if (text["text"] is null) Missing("text", at);
        Length(text, "text", at, most);
    }

    private void Length(JsonObject part, string name, string at, int most, int least = 1)
    {
        if (part[name] is null) return;
        if (part.Str(name) is not { } text) Fault("must be a string", $"{at}/{name}");
        else if (text.Length > most) Fault($"must be less than {most + 1} characters", $"{at}/{name}");
        else if (text.Length < least) Fault($"must be more than {least - 1} characters", $"{at}/{name}");
    }

    private void Range(JsonObject part, string name, string at, int least, int most)
    {
        if (part[name] is null) return;
        if (part[name] is not JsonValue value || !value.TryGetValue<int>(out var number)) Fault("must be an integer", $"{at}/{name}");
        else if (number < least || number > most) Fault($"must be between {least} and {most}", $"{at}/{name}");
    }

    private void Count(JsonArray? list, string at, int least, int most)
    {
        if (list is null) Missing(at[(at.LastIndexOf('/') + 1)..], at[..at.LastIndexOf('/')]);
        else if (list.Count > most) Fault($"no more than {most} items allowed", at);
        else if (list.Count < least) Fault($"no fewer than {least} items allowed", at);
    }

    private void Known(JsonObject part, string at, string names)
    {
        var known = names.Split(' ');
        foreach (var (name, _) in part.Where(p => !known.Contains(p.Key))) Fault($"invalid additional property: {name}", at);
    }

    private void Needed(JsonObject part, string name, string at)
    {
        if (part[name] is null) Missing(name, at);
    }

    private void Missing(string name, string at) => Fault($"missing required field: {name}", at);

    private void Unsupported(string? type, string at) => Fault(Blocks.Contains(type) || type is null ? "failed to match all allowed schemas" : $"unsupported type: {type}", type is null ? at : $"{at}/type");

    private void Fault(string words, string at) => _faults.Add($"{words} [json-pointer:{at}]");

    [GeneratedRegex(@"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]
    private static partial Regex Date();

    [GeneratedRegex(@"^([01]\d|2[0-3]):[0-5]\d$")]
    private static partial Regex Clock();

    [GeneratedRegex(@"^(https?|mailto|slack|tel):", RegexOptions.IgnoreCase)]
    private static partial Regex Link();
}
