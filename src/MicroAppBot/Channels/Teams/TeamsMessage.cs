using System.Text.Json.Nodes;
using MicroAppBot.Desk;

namespace MicroAppBot.Channels.Teams;

/// <summary>
/// A message as the connector takes it. A text and a card never share one activity: Teams would split them and give no id
/// back (msteams-docs, conversation-messages), so the card could not be drawn again.
/// </summary>
internal static class TeamsMessage
{
    public const string CardType = "application/vnd.microsoft.card.adaptive";

    /// <summary>Under this name a button brings back which message it stands on.</summary>
    public const string SentAs = "sent_as";

    /// <param name="viewers">Whose clients ask for a view of their own (<c>29:…</c>), where that is not the recipient.</param>
    public static JsonObject New(ChannelMessage message, TeamsAddress to, IReadOnlyList<string>? viewers = null)
    {
        var activity = new JsonObject
        {
            ["type"] = "message",
            ["conversation"] = new JsonObject { ["id"] = to.ConversationId },
            ["channelData"] = new JsonObject { ["microappbot"] = new JsonObject { ["id"] = message.Id } },
        };
        if (to.BotId is { } bot) activity["from"] = new JsonObject { ["id"] = bot };
        if ((to.UserId ?? to.AadObjectId) is { } user) activity["recipient"] = new JsonObject { ["id"] = user };
        if (message.Card is null)
        {
            activity["text"] = message.Text;
            // What people wrote may stand in a line: plain, so that none of it is a link or a mention
            activity["textFormat"] = "plain";
        }
        else
        {
            activity["summary"] = message.Text;
            activity["attachments"] = new JsonArray(new JsonObject { ["contentType"] = CardType, ["content"] = Dressed(message.Card, message.Id, message.About, viewers ?? (to.UserId is { } reader ? [reader] : null)) });
        }
        return activity;
    }

    /// <summary>A text in pieces that Teams takes (28 KB in UTF-16 everywhere), cut between lines or words where there are any.</summary>
    public static IReadOnlyList<string> Parts(string text)
    {
        const int Most = 12_000;
        var parts = new List<string>();
        while (text.Length > Most)
        {
            var at = text.LastIndexOf('\n', Most - 1, Most / 2);
            if (at < 0) at = text.LastIndexOf(' ', Most - 1, Most / 2);
            var end = at > 0 ? at : char.IsHighSurrogate(text[Most - 1]) ? Most - 1 : Most;
            parts.Add(text[..end].TrimEnd());
            text = text[end..].TrimStart();
        }
        parts.Add(text);
        return parts;
    }

    /// <summary>The same message once more, to stand in its own place.</summary>
    public static JsonObject Again(ChannelMessage message, TeamsAddress to, string activityId, IReadOnlyList<string>? viewers = null)
    {
        var activity = New(message, to, viewers);
        activity["id"] = activityId;
        return activity;
    }

    /// <summary>A copy of the card whose buttons bring back our id of the message it is; a request's card also asks by itself what has become of it.</summary>
    /// <param name="userIds">Whose clients ask (<c>29:…</c>); null lets everybody in the chat ask, which in a personal one is the same person.</param>
    public static JsonObject Dressed(JsonObject card, string id, CardSubject? about, IReadOnlyList<string>? userIds)
    {
        var copy = card.DeepClone().AsObject();
        if (about is not null && TeamsRefresh.Shows(about))
        {
            var refresh = new JsonObject
            {
                ["action"] = new JsonObject { ["type"] = "Action.Execute", ["verb"] = TeamsRefresh.Verb, ["data"] = new JsonObject { ["verb"] = TeamsRefresh.Verb } },
            };
            if (userIds is not null) refresh["userIds"] = new JsonArray([.. userIds.Select(u => (JsonNode)u)]);
            copy["refresh"] = refresh;
        }
        TeamsWindow.Offer(copy, about is not null && TeamsRefresh.Shows(about));
        Stamp(copy, id);
        return copy;
    }

    private static void Stamp(JsonNode? node, string id)
    {
        switch (node)
        {
            case JsonArray list:
                foreach (var item in list) Stamp(item, id);
                break;
            case JsonObject part:
                foreach (var (name, inner) in part)
                {
                    if (name != "data") Stamp(inner, id);
                }
                if (part["type"] is JsonValue type && type.TryGetValue<string>(out var kind) && kind is "Action.Execute" or "Action.Submit")
                {
                    if (part["data"] is null) part["data"] = new JsonObject();
                    if (part["data"] is JsonObject data) data[SentAs] = id;
                }
                break;
        }
    }
}
