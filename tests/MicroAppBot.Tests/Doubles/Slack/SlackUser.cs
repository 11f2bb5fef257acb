using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MicroAppBot.Tests.Doubles.Slack;

/// <summary>
/// Somebody in front of their Slack: writes, runs commands and shortcuts, presses what they see, fills in modals, opens the Home tab.
/// Their client keeps to what Slack's does: it sends the whole state, and does not send a form that a required field is missing in.
/// </summary>
internal sealed partial class SlackUser(FakeSlack slack, string id)
{
    public string Id => id;

    private SlackAccount Account => slack.State.Account(id)!;

    /// <summary>The chat with the app.</summary>
    public SlackRoom Chat => slack.State.Direct(FakeSlack.TeamId, id, FakeSlack.BotUserId);

    /// <summary>What the bot said in their chat with it, in order, threads too, as it looks now.</summary>
    public IReadOnlyList<SlackPost> Sees => SeesIn(Chat);

    /// <summary>The modal on top; null when none is open.</summary>
    public SlackView? Modal => slack.State.Modals(id) is [.., var top] ? top : null;

    public SlackView? Home => slack.State.Home(FakeSlack.TeamId, id);

    /// <summary>What a client says to its user when the bot did not answer well.</summary>
    public List<string> Complaints { get; } = [];

    /// <summary>What the bot said in a channel that this person sees.</summary>
    public IReadOnlyList<SlackPost> SeesIn(SlackRoom channel) =>
        [.. slack.Posts.Where(p => p.Channel == channel.Id && p.FromBot && (p.OnlyFor is null || p.OnlyFor == id))];

    public async Task<SlackPost> SeesAsync(Func<SlackPost, bool> fits) => await slack.UntilAsync(_ => Sees.LastOrDefault(fits));

    public Task<SlackView> SeesModalAsync(Func<SlackView, bool>? fits = null) => slack.UntilAsync(_ => Modal is { } view && (fits is null || fits(view)) ? view : null);

    /// <summary>Writes words: an event, if the bot hears it there (its own chat, or it is mentioned).</summary>
    /// <param name="thread">The message it is written under.</param>
    public async Task<SlackHeard> SayAsync(string words, SlackRoom? channel = null, string? thread = null, string? eventId = null)
    {
        var envelope = Saying(words, channel, thread, eventId);
        return await slack.Telling.EventAsync(envelope);
    }

    /// <summary>The event of words that were written; they stand in the channel from now on.</summary>
    public JsonObject Saying(string words, SlackRoom? channel = null, string? thread = null, string? eventId = null)
    {
        channel ??= Chat;
        var escaped = Escaped(words);
        var ts = slack.State.NextTs();
        slack.State.Add(new SlackPost(channel.TeamId, channel.Id, ts, id, new JsonObject { ["text"] = escaped }, thread, null, false, []));
        var happened = new JsonObject
        {
            ["type"] = channel.IsDirect ? "message" : "app_mention",
            ["user"] = id,
            ["text"] = escaped,
            ["ts"] = ts,
            ["event_ts"] = ts,
            ["channel"] = channel.Id,
            ["team"] = Account.TeamId,
            ["client_msg_id"] = Guid.NewGuid().ToString(),
            ["blocks"] = new JsonArray(new JsonObject { ["type"] = "rich_text", ["block_id"] = "x", ["elements"] = new JsonArray(new JsonObject { ["type"] = "rich_text_section", ["elements"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = words }) }) }),
        };
        if (channel.IsDirect) happened["channel_type"] = "im";
        if (thread is not null) happened["thread_ts"] = thread;
        if (channel.IsShared) (happened["user_team"], happened["source_team"]) = (Account.TeamId, Account.TeamId);
        return slack.Telling.Envelope(happened, channel.TeamId, eventId, channel.IsShared);
    }

    /// <summary>Runs a slash command. What it is answered with stands in the channel.</summary>
    public async Task<SlackHeard> CommandAsync(string text, SlackRoom? channel = null, string command = "/microapp")
    {
        channel ??= Chat;
        var ack = await slack.Telling.CommandAsync(Command(text, channel, command));
        if (!ack.IsOk) Complaints.Add($"{command} failed with the error \"{(ack.TimedOut ? "operation_timeout" : "dispatch_failed")}\"");
        slack.Telling.ShowResponse(channel, id, ack);
        return ack;
    }

    public JsonObject Command(string text, SlackRoom? channel = null, string command = "/microapp")
    {
        channel ??= Chat;
        return new JsonObject
        {
            ["token"] = "verification-of-old",
            ["team_id"] = channel.TeamId,
            ["team_domain"] = "microapp",
            ["channel_id"] = channel.Id,
            ["channel_name"] = channel.Name,
            ["user_id"] = id,
            ["user_name"] = Account.Name.ToLowerInvariant().Replace(' ', '.'),
            ["command"] = command,
            ["text"] = Escaped(text),
            ["api_app_id"] = FakeSlack.AppId,
            ["is_enterprise_install"] = "false",
            ["response_url"] = slack.State.NewResponseUrl(slack.Root, "commands", channel, id, null),
            ["trigger_id"] = Trigger(),
        };
    }

    /// <summary>Opens the Home tab.</summary>
    public Task<SlackHeard> OpenHomeAsync() => slack.Telling.EventAsync(HomeOpened());

    public JsonObject HomeOpened()
    {
        var happened = new JsonObject { ["type"] = "app_home_opened", ["user"] = id, ["channel"] = Chat.Id, ["tab"] = "home", ["event_ts"] = slack.State.NextTs() };
        if (Home is { } home) happened["view"] = slack.Api.Views.ToJson(home);
        return slack.Telling.Envelope(happened);
    }

    /// <summary>A shortcut from the search field or the message box.</summary>
    public Task<SlackHeard> ShortcutAsync(string callbackId) => slack.Telling.InteractionAsync(new JsonObject
    {
        ["type"] = "shortcut",
        ["token"] = "verification-of-old",
        ["action_ts"] = slack.State.NextTs(),
        ["team"] = Team(),
        ["user"] = Me(),
        ["callback_id"] = callbackId,
        ["trigger_id"] = Trigger(),
        ["enterprise"] = null,
        ["is_enterprise_install"] = false,
    });

    /// <summary>A shortcut from a message's menu.</summary>
    public Task<SlackHeard> MessageShortcutAsync(string callbackId, SlackPost on) => slack.Telling.InteractionAsync(new JsonObject
    {
        ["type"] = "message_action",
        ["token"] = "verification-of-old",
        ["action_ts"] = slack.State.NextTs(),
        ["team"] = Team(),
        ["user"] = Me(),
        ["callback_id"] = callbackId,
        ["trigger_id"] = Trigger(),
        ["channel"] = ChannelJson(on.Channel),
        ["message_ts"] = on.Ts,
        ["message"] = on.ToJson(FakeSlack.BotId),
        ["response_url"] = slack.State.NewResponseUrl(slack.Root, "app", slack.State.Channel(on.Channel)!, id, null),
    });

    /// <summary>Presses or chooses something on a message.</summary>
    /// <param name="option">The option's value, where the element is a menu.</param>
    public async Task<SlackHeard> PressAsync(SlackPost on, JsonObject block, JsonObject element, string? option = null)
    {
        var payload = Pressing(on, block, element, option);
        var ack = await slack.Telling.InteractionAsync(payload);
        if (!ack.IsOk) Complaints.Add("⚠ beside the button");
        return ack;
    }

    /// <inheritdoc cref="PressAsync(SlackPost, JsonObject, JsonObject, string?)"/>
    public Task<SlackHeard> PressAsync(SlackPost on, string actionIdOrText) => Find(on.Blocks, actionIdOrText) is var (block, element, option) ? PressAsync(on, block, element, option) : throw new InvalidOperationException($"There is no {actionIdOrText} on: {on.Words}");

    /// <summary>The payload of a press on a message, to be changed at will.</summary>
    public JsonObject Pressing(SlackPost on, JsonObject block, JsonObject element, string? option = null)
    {
        var channel = slack.State.Channel(on.Channel)!;
        var payload = Acting(block, element, option);
        payload["container"] = new JsonObject { ["type"] = "message", ["message_ts"] = on.Ts, ["channel_id"] = on.Channel, ["is_ephemeral"] = on.OnlyFor is not null };
        if (on.ThreadTs is not null) payload["container"]!["thread_ts"] = on.ThreadTs;
        payload["channel"] = ChannelJson(on.Channel);
        // Of an ephemeral message Slack keeps nothing that it could send back
        if (on.OnlyFor is null) payload["message"] = on.ToJson(FakeSlack.BotId);
        payload["state"] = new JsonObject { ["values"] = State(on.Blocks, new Dictionary<(string, string), JsonObject>()) };
        payload["response_url"] = slack.State.NewResponseUrl(slack.Root, "actions", channel, id, on.Ts);
        return payload;
    }

    /// <summary>Presses or chooses something in a modal or on the Home tab.</summary>
    public async Task<SlackHeard> PressAsync(SlackView on, JsonObject block, JsonObject element, string? option = null)
    {
        var payload = Acting(block, element, option);
        var view = slack.Api.Views.ToJson(on);
        view["state"] = new JsonObject { ["values"] = State(on.Blocks, on.Entered) };
        payload["container"] = new JsonObject { ["type"] = "view", ["view_id"] = on.Id };
        payload["view"] = view;
        var ack = await slack.Telling.InteractionAsync(payload);
        if (!ack.IsOk) Complaints.Add("⚠ beside the button");
        return ack;
    }

    public Task<SlackHeard> PressAsync(SlackView on, string actionIdOrText) => Find(on.Blocks, actionIdOrText) is var (block, element, option) ? PressAsync(on, block, element, option) : throw new InvalidOperationException($"There is no {actionIdOrText} on: {on.Words}");

    /// <summary>Types into an input of the modal, or chooses in it; several options are parted by commas.</summary>
    /// <param name="input">The block's id, its action's id, or its label.</param>
    public void Enter(SlackView view, string input, string? value)
    {
        var (block, element) = SlackSight.Elements(view.Blocks).FirstOrDefault(e => e.Block.Str("block_id") == input || e.Element.Str("action_id") == input || SlackSight.Text(e.Block["label"]) == input);
        if (block is null) throw new InvalidOperationException($"There is no input {input} in: {view.Words}");
        var entered = new JsonObject { ["type"] = element.Str("type") };
        var options = SlackSight.Options(element).ToList();
        JsonNode? Option(string of) => options.Find(o => o.Str("value") == of || SlackSight.Text(o["text"]) == of)?.DeepClone() ?? throw new InvalidOperationException($"{input} offers no \"{of}\", only {string.Join(", ", options.Select(o => o.Str("value")))}");
        switch (element.Str("type"))
        {
            case "static_select" or "radio_buttons":
                entered["selected_option"] = string.IsNullOrEmpty(value) ? null : Option(value);
                break;
            case "checkboxes" or "multi_static_select":
                entered["selected_options"] = new JsonArray([.. (value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Option)]);
                break;
            case "datepicker":
                entered["selected_date"] = value;
                break;
            case "timepicker":
                entered["selected_time"] = value;
                break;
            case "external_select":
                entered["selected_option"] = value is null ? null : new JsonObject { ["text"] = new JsonObject { ["type"] = "plain_text", ["text"] = value }, ["value"] = value };
                break;
            default:
                entered["value"] = string.IsNullOrEmpty(value) ? null : value;
                break;
        }
        slack.State.Change(() => view.Entered[(block.Str("block_id")!, element.Str("action_id") ?? "")] = entered);
    }

    /// <summary>Presses the submit button of the modal on top.</summary>
    /// <returns>Null where the client itself did not let it go: the errors stand in the modal.</returns>
    public async Task<SlackHeard?> SubmitAsync()
    {
        var view = Modal ?? throw new InvalidOperationException("No modal is open.");
        if (Missing(view) is { Count: > 0 } missing)
        {
            slack.State.Change(() => view.Errors = missing);
            return null;
        }
        var ack = await slack.Telling.InteractionAsync(Submission(view));
        if (!ack.IsOk)
        {
            Complaints.Add("We had some trouble connecting. Try again?");
            return ack;
        }
        Answered(view, ack.Json);
        return ack;
    }

    /// <summary>The payload of a submission, to be changed at will.</summary>
    public JsonObject Submission(SlackView view)
    {
        var json = slack.Api.Views.ToJson(view);
        json["state"] = new JsonObject { ["values"] = State(view.Blocks, view.Entered) };
        return new JsonObject
        {
            ["type"] = "view_submission",
            ["team"] = Team(),
            ["user"] = Me(),
            ["api_app_id"] = FakeSlack.AppId,
            ["token"] = "verification-of-old",
            ["trigger_id"] = Trigger(),
            ["view"] = json,
            ["response_urls"] = new JsonArray(),
            ["enterprise"] = null,
            ["is_enterprise_install"] = false,
        };
    }

    /// <summary>Closes the modal on top, by its button or the cross (then all of them).</summary>
    public async Task CloseAsync(bool all = false)
    {
        var view = Modal ?? throw new InvalidOperationException("No modal is open.");
        slack.State.Stack(id, stack =>
        {
            if (all || view.Sent.Is("clear_on_close")) stack.Clear();
            else stack.Remove(view);
        });
        if (!view.Sent.Is("notify_on_close")) return;
        await slack.Telling.InteractionAsync(new JsonObject
        {
            ["type"] = "view_closed",
            ["team"] = Team(),
            ["user"] = Me(),
            ["api_app_id"] = FakeSlack.AppId,
            ["token"] = "verification-of-old",
            ["view"] = slack.Api.Views.ToJson(view),
            ["is_cleared"] = all,
            ["is_enterprise_install"] = false,
        });
    }

    /// <summary>The element with this action id or text, and the option where it is one of a menu.</summary>
    public static (JsonObject Block, JsonObject Element, string? Option)? Find(JsonArray blocks, string actionIdOrText)
    {
        foreach (var (block, element) in SlackSight.Elements(blocks))
        {
            if (element.Str("action_id") == actionIdOrText || SlackSight.Text(element["text"]) == actionIdOrText) return (block, element, null);
            if (element.Str("type") is not ("overflow" or "static_select")) continue;
            if (SlackSight.Options(element).FirstOrDefault(o => o.Str("value") == actionIdOrText || SlackSight.Text(o["text"]) == actionIdOrText) is { } option) return (block, element, option.Str("value"));
        }
        return null;
    }

    private void Answered(SlackView view, JsonObject? answer) => slack.State.Stack(id, stack =>
    {
        switch (answer.Str("response_action"))
        {
            case null:
                stack.Remove(view);
                break;
            case "clear":
                stack.Clear();
                break;
            case "errors":
                var inputs = view.Blocks.Objects().Where(b => b.Str("type") == "input").Select(b => b.Str("block_id")!).ToHashSet();
                var errors = answer.Obj("errors")?.ToDictionary(e => e.Key, e => e.Value?.ToString() ?? "") ?? [];
                // Only an input has a place for its error; Slack shows nothing of the others
                if (errors.Count == 0 || errors.Keys.Any(k => !inputs.Contains(k))) Complaints.Add("We had some trouble connecting. Try again?");
                view.Errors = errors;
                break;
            case "update":
                if (!SlackViewMethods.Replace(view, answer.Obj("view"))) Complaints.Add("We had some trouble connecting. Try again?");
                break;
            case "push":
                if (stack.Count < 3 && slack.Api.Views.Pushed(FakeSlack.TeamId, answer.Obj("view"), view) is { } pushed) stack.Add(pushed);
                else Complaints.Add("We had some trouble connecting. Try again?");
                break;
            default:
                Complaints.Add("We had some trouble connecting. Try again?");
                break;
        }
    });

    /// <summary>What Slack's own client asks for before it sends anything.</summary>
    private static Dictionary<string, string> Missing(SlackView view)
    {
        var errors = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var block in view.Blocks.Objects().Where(b => b.Str("type") == "input"))
        {
            var (key, element) = (block.Str("block_id")!, block.Obj("element")!);
            var value = view.Entered.GetValueOrDefault((key, element.Str("action_id") ?? "")) ?? SlackSight.Initial(element) ?? [];
            var text = value.Str("value");
            if (SlackSight.IsEmpty(value))
            {
                if (!block.Is("optional")) errors[key] = "Please complete this required field.";
            }
            else if (element.Str("type") == "number_input" && !decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out _)) errors[key] = "Please enter a number.";
            else if (element.Str("type") == "number_input" && (Number(text) < (Number(element.Str("min_value")) ?? decimal.MinValue) || Number(text) > (Number(element.Str("max_value")) ?? decimal.MaxValue)))
            {
                errors[key] = $"Please enter a number from {element.Str("min_value")} to {element.Str("max_value")}.";
            }
            else if (element.Str("type") == "email_text_input" && !Email().IsMatch(text!)) errors[key] = "Please enter a valid email address.";
            else if (element["max_length"] is { } most && text?.Length > most.GetValue<int>()) errors[key] = $"Please enter no more than {most} characters.";
            else if (element["min_length"] is { } least && text?.Length < least.GetValue<int>()) errors[key] = $"Please enter at least {least} characters.";
        }
        return errors;

        static decimal? Number(string? text) => decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private JsonObject Acting(JsonObject block, JsonObject element, string? option)
    {
        var action = new JsonObject { ["type"] = element.Str("type"), ["action_id"] = element.Str("action_id") ?? "auto", ["block_id"] = block.Str("block_id"), ["action_ts"] = slack.State.NextTs() };
        if (element.Str("type") == "button")
        {
            action["text"] = element["text"]?.DeepClone();
            if (element["value"] is { } value) action["value"] = value.DeepClone();
            if (element["style"] is { } style) action["style"] = style.DeepClone();
        }
        if (option is not null) action["selected_option"] = SlackSight.Options(element).First(o => o.Str("value") == option).DeepClone();
        if (element["confirm"] is { } confirm) action["confirm"] = confirm.DeepClone();
        return new JsonObject
        {
            ["type"] = "block_actions",
            ["user"] = Me(),
            ["api_app_id"] = FakeSlack.AppId,
            ["token"] = "verification-of-old",
            ["trigger_id"] = Trigger(),
            ["team"] = Team(),
            ["enterprise"] = null,
            ["is_enterprise_install"] = false,
            ["actions"] = new JsonArray(action),
        };
    }

    private static JsonObject State(JsonArray blocks, IReadOnlyDictionary<(string, string), JsonObject> entered)
    {
        var values = new JsonObject();
        foreach (var (block, element) in SlackSight.Elements(blocks))
        {
            var (blockId, actionId) = (block.Str("block_id") ?? "", element.Str("action_id") ?? "");
            if ((entered.GetValueOrDefault((blockId, actionId)) ?? SlackSight.Initial(element)) is not { } value) continue;
            values[blockId] ??= new JsonObject();
            values[blockId]![actionId] = value.DeepClone();
        }
        return values;
    }

    private string Trigger() => slack.State.NewTrigger(FakeSlack.TeamId, id, slack.Patience);

    private JsonObject Me() => new() { ["id"] = id, ["username"] = Account.Name.ToLowerInvariant().Replace(' ', '.'), ["name"] = Account.Name.ToLowerInvariant().Replace(' ', '.'), ["team_id"] = Account.TeamId };

    /// <summary>In a shared channel it is the acting person's own workspace.</summary>
    private JsonObject Team() => new() { ["id"] = Account.TeamId, ["domain"] = "microapp" };

    private JsonObject ChannelJson(string channel) => new() { ["id"] = channel, ["name"] = slack.State.Channel(channel)!.Name };

    private static string Escaped(string words) => words.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    [GeneratedRegex(@"^[^@\s]+@[^@\s]+$")]
    private static partial Regex Email();
}
