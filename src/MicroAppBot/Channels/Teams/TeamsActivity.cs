using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace MicroAppBot.Channels.Teams;

/// <summary>One activity of the Bot Framework, as far as the bot cares; anything else in it is passed over.</summary>
/// <param name="Id">The channel's; where it gave none, one made of the whole body, so that the same body sent again is the same activity.</param>
/// <param name="TenantIds">Every tenant the activity names, usually one.</param>
/// <param name="Words">The text without mentions of the bot; null when there is none.</param>
/// <param name="IsPersonal">False for a group chat or a channel, where others read along.</param>
/// <param name="MentionsBot">In a group the bot is spoken to only then.</param>
/// <param name="Value">What a button or an invoke carries.</param>
internal sealed record TeamsActivity(
    string Type, string Id, string ChannelId, string ServiceUrl, TeamsSender? From, string RecipientId, string ConversationId, bool IsPersonal, bool MentionsBot,
    IReadOnlyList<string> TenantIds, string? Words, string Name, string Action, string? ReplyToId, JsonElement? Value,
    IReadOnlyList<TeamsSender> MembersAdded, IReadOnlyList<TeamsSender> MembersRemoved)
{
    private const int LongestName = 200;
    private const int MostEntities = 50;

    public bool IsInvoke => Type.Equals("invoke", StringComparison.OrdinalIgnoreCase);

    public string TurnId => $"teams:{ConversationId}:{Id}";

    /// <param name="json">Stays needed as long as <see cref="Value"/> is read.</param>
    public static TeamsActivity Read(JsonElement json, string body)
    {
        JsonElement? activity = json;
        var conversation = activity.Member("conversation");
        var recipient = activity.Member("recipient").Text("id") ?? "";
        var kind = conversation.Text("conversationType");
        return new TeamsActivity(
            activity.Text("type") ?? "",
            activity.Text("id") is { Length: > 0 } id ? Short(id) : "body-" + Digest(body),
            activity.Text("channelId") ?? "",
            activity.Text("serviceUrl") ?? "",
            SenderOf(activity.Member("from")),
            recipient,
            conversation.Text("id") ?? "",
            kind is null ? conversation.Member("isGroup") is not { ValueKind: JsonValueKind.True } : kind.Equals("personal", StringComparison.OrdinalIgnoreCase),
            recipient.Length > 0 && activity.Items("entities").Take(MostEntities).Any(e => e.Text("type") == "mention" && e.Member("mentioned").Text("id") == recipient),
            [.. TenantsOf(activity).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase)],
            activity.Member("text") is null ? null : MentionsOut(activity, activity.Text("text") ?? "", recipient),
            activity.Text("name") ?? "",
            activity.Text("action") ?? "",
            activity.Text("replyToId"),
            activity.Member("value"),
            [.. activity.Items("membersAdded").Select(SenderOf).OfType<TeamsSender>()],
            [.. activity.Items("membersRemoved").Select(SenderOf).OfType<TeamsSender>()]);
    }

    private static IEnumerable<string?> TenantsOf(JsonElement? activity) =>
        [activity.Member("conversation").Text("tenantId"), activity.Member("channelData").Member("tenant").Text("id"), activity.Member("from").Text("tenantId")];

    private static TeamsSender? SenderOf(JsonElement? account)
    {
        var id = account.Text("id");
        var aad = account.Text("aadObjectId");
        if (string.IsNullOrWhiteSpace(id) && string.IsNullOrWhiteSpace(aad)) return null;
        var name = account.Text("name")?.Trim() ?? "";
        if (name.Length > LongestName) name = name[..(char.IsHighSurrogate(name[LongestName - 1]) ? LongestName - 1 : LongestName)];
        return new TeamsSender(Short(id ?? ""), name, string.IsNullOrWhiteSpace(aad) ? null : Short(aad.Trim()));
    }

    /// <summary>The bot's own mentions go, by the entities and not by the looks of the text; other people's become their names.</summary>
    private static string MentionsOut(JsonElement? activity, string text, string recipient)
    {
        foreach (var mention in activity.Items("entities").Where(e => e.Text("type") == "mention").Take(MostEntities))
        {
            if (mention.Text("text") is not { Length: > 0 } marked) continue;
            var mentioned = mention.Member("mentioned");
            var isBot = recipient.Length > 0 && mentioned.Text("id") == recipient;
            text = text.Replace(marked, isBot ? " " : mentioned.Text("name") ?? "", StringComparison.Ordinal);
        }
        return text.Replace("&nbsp;", " ", StringComparison.Ordinal).Trim();
    }

    /// <summary>Ids are opaque and short; one that is not is told apart by its digest.</summary>
    private static string Short(string id) => id.Length <= 500 ? id : "long-" + Digest(id);

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

/// <summary>An account as Teams names it.</summary>
/// <param name="Id"><c>29:…</c> for people, <c>28:…</c> for bots; unique for this bot only. Empty when only the object id was given.</param>
/// <param name="AadObjectId">The person's object id in the organisation's directory; null for bots and guests without one.</param>
internal sealed record TeamsSender(string Id, string Name, string? AadObjectId)
{
    public string AccountId => AadObjectId ?? Id;
}
