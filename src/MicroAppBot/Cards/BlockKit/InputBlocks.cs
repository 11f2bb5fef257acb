using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MicroAppBot.Cards.BlockKit;

/// <summary>Inputs of a card as Slack's input blocks. The block's id is the input's id, the element's is that after <c>v:</c>.</summary>
internal static partial class InputBlocks
{
    /// <summary>Null where Slack cannot ask for it: the reason is among the losses, and a line says so to the person.</summary>
    public static JsonObject? Of(JsonObject input, Spot path, List<CardLoss> losses)
    {
        var id = Elements.Text(input, "id") ?? "";
        if (Element(input, path, losses) is not { } element)
            return null;
        var label = Elements.Text(input, "label") ?? Elements.Text(input, "title");
        if (string.IsNullOrWhiteSpace(label))
        {
            label = Elements.Text(input, "placeholder") is { Length: > 0 } placeholder ? placeholder : id;
            losses.Add(new CardLoss(path + "/label", "missing, and Slack wants one: the placeholder or the id stands there"));
        }
        if (input["inlineAction"] is not null)
            losses.Add(new CardLoss(path + "/inlineAction", "an input of Slack has no button of its own"));
        return new JsonObject
        {
            ["type"] = "input",
            ["block_id"] = BlockIdOf(id),
            ["label"] = Kit.Plain(label, SlackLimits.Label, "Your answer"),
            ["element"] = element,
            // The defaults are opposite: Adaptive Cards ask for nothing, Slack for everything
            ["optional"] = Elements.Text(input, "type") == "Input.Toggle" || !Elements.Flag(input, "isRequired"),
        };
    }

    /// <summary>The input's id, shortened where Slack takes no such length.</summary>
    public static string BlockIdOf(string id) => id.Length <= SlackLimits.Id - 2 ? id
        : id[..180] + "~" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.Unicode.GetBytes(id)))[..32];

    private static JsonObject? Element(JsonObject input, Spot path, List<CardLoss> losses) => Elements.Text(input, "type") switch
    {
        "Input.Text" => Text(input, path, losses),
        "Input.Number" => Number(input),
        "Input.Date" => Picker(input, "datepicker", "initial_date", IsDate),
        "Input.Time" => Picker(input, "timepicker", "initial_time", IsTime),
        "Input.Toggle" => Toggle(input),
        _ => Choice(input, path, losses),
    };

    private static JsonObject? Text(JsonObject input, Spot path, List<CardLoss> losses)
    {
        var style = Elements.Text(input, "style")?.ToLowerInvariant();
        if (style == "password")
        {
            losses.Add(new CardLoss(path, "Slack shows and keeps what is typed: a password cannot be asked for"));
            return null;
        }
        var element = With(style switch { "email" => "email_text_input", "url" => "url_text_input", _ => "plain_text_input" }, input);
        var most = Math.Clamp((int)Math.Clamp(Elements.Number(input, "maxLength") ?? SlackLimits.InputText, 1, SlackLimits.InputText), 1, SlackLimits.InputText);
        if (Elements.Scalar(input["value"]) is { Length: > 0 } value && SlackText.Cut(Tidy(value), most) is { Length: > 0 } initial)
            element["initial_value"] = initial;
        if (style is "email" or "url")
            return element;
        element["multiline"] = Elements.Flag(input, "isMultiline");
        element["max_length"] = most;
        if (Elements.Number(input, "minLength") is > 0 and var least)
            element["min_length"] = (int)Math.Min(least, most);
        return element;
    }

    private static JsonObject Number(JsonObject input)
    {
        var element = With("number_input", input);
        element["is_decimal_allowed"] = true;
        foreach (var (theirs, ours) in (ReadOnlySpan<(string, string)>)[("value", "initial_value"), ("min", "min_value"), ("max", "max_value")])
            if (Elements.Number(input, theirs) is { } number && Math.Abs(number) < 1e15)
                element[ours] = number.ToString("0.##########", CultureInfo.InvariantCulture);
        return element;
    }

    private static JsonObject Picker(JsonObject input, string type, string initial, Func<string, bool> isOne)
    {
        var element = With(type, input);
        if (Elements.Text(input, "value") is { } value && isOne(value))
            element[initial] = value;
        return element;
    }

    private static JsonObject Toggle(JsonObject input)
    {
        JsonObject Option() => new() { ["text"] = Kit.Plain(Elements.Text(input, "title") ?? "", SlackLimits.OptionText, "Yes"), ["value"] = "on" };
        var element = new JsonObject { ["type"] = "checkboxes", ["action_id"] = ActionIdOf(input), ["options"] = new JsonArray(Option()) };
        if ((Elements.Scalar(input["value"]) ?? "false") == OnOf(input))
            element["initial_options"] = new JsonArray(Option());
        return element;
    }

    public static string OnOf(JsonObject toggle) => Elements.Scalar(toggle["valueOn"]) ?? "true";

    public static string OffOf(JsonObject toggle) => Elements.Scalar(toggle["valueOff"]) ?? "false";

    private static JsonObject? Choice(JsonObject input, Spot path, List<CardLoss> losses)
    {
        var choices = new Choices(input);
        if (choices.Count == 0)
        {
            losses.Add(new CardLoss(path, "there is nothing to choose from"));
            return null;
        }
        if (choices.IsMulti && choices.Values.Any(value => value.Contains(',', StringComparison.Ordinal)))
            losses.Add(new CardLoss(path + "/choices", "a value with a comma cannot be told from two values"));
        var expanded = string.Equals(Elements.Text(input, "style"), "expanded", StringComparison.OrdinalIgnoreCase);
        var searched = choices.Count > SlackLimits.Options;
        var boxes = expanded && choices.Count <= SlackLimits.BoxOptions;
        var element = With((boxes, searched, choices.IsMulti) switch
        {
            (true, _, true) => "checkboxes",
            (true, _, false) => "radio_buttons",
            (_, true, true) => "multi_external_select",
            (_, true, false) => "external_select",
            (_, _, true) => "multi_static_select",
            _ => "static_select",
        }, input, hinted: !boxes);
        if (searched)
            element["min_query_length"] = 1;
        else
            element["options"] = new JsonArray([.. choices.Options()]);
        if (expanded && !boxes)
            losses.Add(new CardLoss(path, $"more than {SlackLimits.BoxOptions} choices: a list to open instead of a list to see"));
        JsonObject[] initial = [.. choices.InitialOptions.Take(SlackLimits.Options)];
        if (initial.Length > 0 && choices.IsMulti)
            element["initial_options"] = new JsonArray([.. initial]);
        else if (initial.Length > 0)
            element["initial_option"] = initial[0];
        return element;
    }

    private static string ActionIdOf(JsonObject input) => "v:" + BlockIdOf(Elements.Text(input, "id") ?? "");

    private static JsonObject With(string type, JsonObject input, bool hinted = true)
    {
        var element = new JsonObject { ["type"] = type, ["action_id"] = ActionIdOf(input) };
        if (hinted && Elements.Text(input, "placeholder") is { } placeholder && !string.IsNullOrWhiteSpace(placeholder))
            element["placeholder"] = Kit.Plain(placeholder, SlackLimits.Placeholder);
        return element;
    }

    // What was typed before comes back as it was: only what no text may have is taken out
    private static string Tidy(string value) =>
        System.Text.Encoding.Unicode.GetString(System.Text.Encoding.Unicode.GetBytes(string.Concat(value.Where(c => c is '\n' || !(char.IsControl(c) || SlackText.Turns(c))))));

    public static bool IsDate(string text) => Date().IsMatch(text) && DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    public static bool IsTime(string text) => Time().IsMatch(text);

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}\z")]
    private static partial Regex Date();

    [GeneratedRegex(@"^([01]\d|2[0-3]):[0-5]\d\z")]
    private static partial Regex Time();
}
