using System.Text.Json;
using MicroAppBot.Desk;

namespace MicroAppBot.Channels.Teams;

/// <summary>A contact's address on Teams: what is needed to say something there without being asked.</summary>
/// <param name="ServiceUrl">The connector that serves this person's region, as the last activity said.</param>
/// <param name="ConversationId">The personal chat; null until one has been opened.</param>
/// <param name="UserId"><c>29:…</c>; null for somebody who never wrote.</param>
/// <param name="BotId"><c>28:…</c>.</param>
/// <param name="ChannelId">A team's channel to begin a thread in; null for chats.</param>
internal sealed record TeamsAddress(
    string ServiceUrl, string? ConversationId, string? UserId, string? AadObjectId, string? TenantId, string? BotId, string? ChannelId = null)
{
    public string ToJson() => JsonSerializer.Serialize(this, DeskJson.Options);

    /// <returns>Null when this is no address of Teams.</returns>
    public static TeamsAddress? Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<TeamsAddress>(json, DeskJson.Options) is { ServiceUrl.Length: > 0 } address ? address : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public Contact ToContact(string personId, bool dead = false) => new(personId, TeamsChannel.ChannelName, ToJson(), dead);
}
