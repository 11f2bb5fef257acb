using System.Text.Json.Nodes;
using MicroAppBot.Desk;

namespace MicroAppBot.Channels.Slack;

/// <summary>"New micro app" from anywhere, and "Register this app" on a message: both begin a request in a window.</summary>
internal sealed class SlackShortcuts(SlackTalk talk, SlackForms forms, IDirectory directory)
{
    /// <summary>The callback ids that the manifest names.</summary>
    public const string NewApp = "new_micro_app";

    public const string RegisterApp = "register_app";

    public async Task TakeAsync(JsonObject payload)
    {
        if (SlackPlace.OfInteraction(payload) is not { } place) return;
        var trigger = SlackJson.Text(payload, "trigger_id");
        switch (SlackJson.Text(payload, "callback_id"))
        {
            case RegisterApp when SlackWords.Read(SlackJson.Text(payload["message"], "text"), [], directory) is { Length: > 0 } words:
                var turn = SlackTalk.TurnId("shortcut", place.UserId, trigger, SlackJson.Text(payload, "action_ts"));
                await forms.WindowAsync(place, trigger, turn, "intake.start", new JsonObject { ["verb"] = "intake.start", ["text"] = words });
                break;
            case NewApp or RegisterApp:
                await forms.WishAsync(place, await talk.WhoAsync(place), trigger);
                break;
        }
    }
}
