using System.Text.Json;
using System.Text.Json.Nodes;

namespace MicroAppBot.Channels.Slack;

/// <summary>What a form carries along (<c>private_metadata</c>): ids, never authority.</summary>
/// <param name="Form">The card that the form shows.</param>
/// <param name="On">The message whose place the answer takes; null where there is none.</param>
/// <param name="IsWindow">The form stands for itself, and shows the answer too; otherwise the answer is in the chat, where the person was.</param>
internal sealed record SlackNote(string Form, string? On, bool IsWindow)
{
    public string ToJson() => new JsonObject { ["form"] = Form, ["on"] = On, ["window"] = IsWindow }.ToJsonString(SlackJson.Options);

    /// <returns>Null where the view is none of ours, or of a version before this one.</returns>
    public static SlackNote? Of(JsonObject? view)
    {
        try
        {
            return SlackJson.Text(view, "private_metadata") is ['{', ..] json && JsonNode.Parse(json) is JsonObject note && SlackJson.Text(note, "form") is { } form
                ? new SlackNote(form, SlackJson.Text(note, "on"), SlackJson.Is(note, "window"))
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
