using System.Text.Json.Nodes;

namespace MicroAppBot.Channels.Slack;

/// <summary>Something that was pressed or chosen (<c>block_actions</c>), as far as it says; what it means is in the card it stands on.</summary>
/// <param name="ActionId">Which action of the card: the button's id, or the value of the line chosen in a menu.</param>
/// <param name="Value">What the button holds itself, where that is little.</param>
/// <param name="TurnId">The same press that comes again has the same.</param>
/// <param name="ResponseUrl">A secret.</param>
/// <param name="TriggerId">A secret; opens one form, within three seconds.</param>
/// <param name="CardId">Our id of the card; null where the payload does not bring it.</param>
/// <param name="MessageTs">Of the message; null in a form and on the Home tab.</param>
/// <param name="IsEphemeral">Only the person sees it, and Slack keeps nothing of it.</param>
/// <param name="View">The form or the Home tab.</param>
internal sealed record SlackPress(
    SlackPlace Place, string ActionId, JsonObject Value, string TurnId, string? ResponseUrl, string? TriggerId, string? CardId, string? MessageTs, bool IsEphemeral, JsonObject? View)
{
    private const int LongestVerb = 100;

    public bool IsOnHome => SlackJson.Text(View, "type") == "home";

    public bool IsInForm => View is not null && !IsOnHome;

    /// <summary>What the button asks for by itself, where its card is not known any more.</summary>
    public string Verb
    {
        get
        {
            var verb = SlackJson.Text(Value, "verb") ?? ActionId[..(ActionId.IndexOf(':', StringComparison.Ordinal) is var colon and > 0 ? colon : ActionId.Length)];
            return verb.Length <= LongestVerb ? verb : verb[..LongestVerb];
        }
    }

    /// <returns>Null where nothing of ours was pressed: a link, or an input of a form.</returns>
    public static SlackPress? Read(JsonObject payload)
    {
        if (SlackPlace.OfInteraction(payload) is not { } place || (payload["actions"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault() is not { } action) return null;
        var actionId = SlackJson.Text(action["selected_option"], "value") ?? SlackJson.Text(action, "action_id");
        if (actionId is null || SlackJson.Text(action, "type") is not ("button" or "overflow" or "static_select")) return null;
        var (message, container) = (payload["message"], payload["container"]);
        // The trigger is new for each press, and so is the time of the action; either may be missing, and one press has one of each
        var turn = SlackJson.Text(action, "action_ts") is { } at ? SlackTalk.TurnId("press", place.UserId, at, actionId) : SlackTalk.TurnId("press", place.UserId, SlackJson.Text(payload, "trigger_id"), actionId);
        return new SlackPress(
            place, actionId, SlackJson.Text(action, "value") is ['{', ..] json ? OutsideObject(json) : [], turn, SlackJson.Text(payload, "response_url"), SlackJson.Text(payload, "trigger_id"),
            SlackMessage.IdIn(message) ?? CardIn(SlackJson.Text(action, "block_id")) ?? (message?["blocks"] as JsonArray)?.Select(b => CardIn(SlackJson.Text(b, "block_id"))).FirstOrDefault(id => id is not null),
            SlackJson.Text(container, "message_ts") ?? SlackJson.Text(message, "ts"), SlackJson.Is(container, "is_ephemeral"), payload["view"] as JsonObject);
    }

    private static JsonObject OutsideObject(string json) => SlackBody.Object(json) ?? [];

    /// <summary>A row of buttons is marked with the card it belongs to (<c>a:2:…</c>); so is text with a button beside it in what only one person sees.</summary>
    private static string? CardIn(string? blockId) => blockId?.Split(':', 3) is ["a", _, { Length: > 0 } card] ? card : null;
}
