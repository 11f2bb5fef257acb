using System.Text.Json;
using MicroAppBot.Desk;

namespace MicroAppBot.Channels.Slack;

/// <summary>A contact's address on Slack: what is needed to say something there without being asked.</summary>
/// <param name="TeamId">The workspace (or, for an installation on a whole organisation, the enterprise) whose token is used; empty where it has to be found out.</param>
/// <param name="UserId">Whose chat it is: <c>U…</c> or <c>W…</c>; empty where only the e-mail is known.</param>
/// <param name="ChannelId">Where: the direct message with this person (<c>D…</c>), or the channel somebody spoke in; null until one has been opened.</param>
/// <param name="ThreadTs">The thread the message belongs to; null outside of one.</param>
/// <param name="Email">How to find somebody who never wrote here and whose account nobody wrote down.</param>
internal sealed record SlackAddress(string TeamId, string UserId, string? ChannelId, string? ThreadTs = null, string? Email = null)
{
    public string ToJson() => JsonSerializer.Serialize(this, DeskJson.Options);

    /// <returns>Null when this is no address of Slack.</returns>
    public static SlackAddress? Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<SlackAddress>(json, DeskJson.Options) is { TeamId: not null, UserId: not null } address
                && (address.UserId.Length > 0 || address.Email is { Length: > 0 }) ? address : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public Contact ToContact(string personId, bool dead = false) => new(personId, SlackEndpoint.ChannelName, ToJson(), dead);
}
