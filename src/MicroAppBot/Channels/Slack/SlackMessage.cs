using System.Text;
using System.Text.Json.Nodes;
using MicroAppBot.Cards.BlockKit;
using MicroAppBot.Desk;

namespace MicroAppBot.Channels.Slack;

/// <summary>A message as Slack's Web API takes it: its first part, and what goes into its thread because it did not fit.</summary>
/// <param name="Id">Ours, which it carries along.</param>
/// <param name="Rest">Blocks of further messages, in order.</param>
internal sealed record SlackMessage(string Id, string Text, JsonArray Blocks, IReadOnlyList<JsonArray> Rest)
{
    /// <summary>The kind of metadata in which a message carries our id.</summary>
    public const string EventType = "microappbot_message";

    /// <summary><c>chat.update</c> refuses a longer text, where <c>chat.postMessage</c> would only cut it.</summary>
    private const int LongestText = 4_000;

    public static SlackMessage Of(ChannelMessage message)
    {
        if (message.Card is null) return new SlackMessage(message.Id, Plain(message.Text), [], []);
        var drawn = BlockKit.Message(message.Card, message.Text, message.Id);
        return new SlackMessage(message.Id, drawn.Text, drawn.Blocks, drawn.Rest);
    }

    /// <summary>Arguments of <c>chat.postMessage</c>.</summary>
    public JsonObject Post(SlackAddress to)
    {
        var args = Arguments(to.ChannelId!, Text, Blocks);
        if (to.ThreadTs is { } thread) args["thread_ts"] = thread;
        return args;
    }

    /// <summary>Arguments of <c>chat.postMessage</c> for one part that did not fit, into the thread of the first.</summary>
    public JsonObject PostRest(SlackAddress to, string firstTs, int part)
    {
        var args = Arguments(to.ChannelId!, "More of the message above.", Rest[part]);
        args["thread_ts"] = to.ThreadTs ?? firstTs;
        return args;
    }

    /// <summary>Arguments of <c>chat.update</c>. Without blocks the old ones would stay in some clients: an empty list takes them away.</summary>
    public JsonObject Update(SlackAddress to, string ts)
    {
        var args = Arguments(to.ChannelId!, Text, Blocks);
        args["ts"] = ts;
        args["blocks"] ??= new JsonArray();
        return args;
    }

    /// <summary>Our id in a message that Slack has; null when it is none of ours.</summary>
    public static string? IdIn(JsonNode? message) =>
        message is JsonObject read && SlackJson.Text(read["metadata"], "event_type") == EventType ? SlackJson.Text((read["metadata"] as JsonObject)?["event_payload"], "id") : null;

    /// <summary>What people wrote may stand in a line: plain, so that none of it is a link, a mention or bold.</summary>
    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            // Characters that turn the direction of what follows can make a line say something else
            if (Rune.IsControl(rune) && rune.Value is not ('\n' or '\t') || rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069)) continue;
            var written = rune.Value switch { '&' => "&amp;", '<' => "&lt;", '>' => "&gt;", _ => rune.ToString() };
            if (plain.Length + written.Length > LongestText - 1)
            {
                plain.Append('…');
                break;
            }
            plain.Append(written);
        }
        return plain.Length == 0 ? "…" : plain.ToString();
    }

    private JsonObject Arguments(string channel, string text, JsonArray blocks)
    {
        var args = new JsonObject
        {
            ["channel"] = channel,
            ["text"] = text,
            ["mrkdwn"] = blocks.Count > 0,
            ["unfurl_links"] = false,
            ["unfurl_media"] = false,
            ["link_names"] = false,
            ["metadata"] = new JsonObject { ["event_type"] = EventType, ["event_payload"] = new JsonObject { ["id"] = Id } },
        };
        // A second call (the chat was opened anew) has a copy
        if (blocks.Count > 0) args["blocks"] = blocks.Parent is null ? blocks : blocks.DeepClone();
        return args;
    }
}
