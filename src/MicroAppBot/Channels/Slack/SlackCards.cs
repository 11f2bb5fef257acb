using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Governance.People;
using MicroAppBot.Desk;

namespace MicroAppBot.Channels.Slack;

/// <summary>
/// The cards that stand somewhere in Slack, as they were drawn: what a click brings back is an id and the answers of a form. A
/// message's card is kept by Delivery; a form's, a window's and one that only one person sees by this.
/// </summary>
internal sealed class SlackCards(IStore store, GovernanceClock clock)
{
    private const int LongestId = 200;

    private readonly SlackShown _shown = new();

    public async ValueTask<SentCard?> FindAsync(string? id)
    {
        if (id is not { Length: > 0 and <= LongestId }) return null;
        return _shown.Find(id)?.Card ?? (await store.SentCardAsync(id) is { Channel: SlackEndpoint.ChannelName } card ? card : null);
    }

    /// <summary>The card as it was drawn, to be read and not to be changed; null where that was not kept.</summary>
    public JsonObject? DrawnOf(SentCard? card)
    {
        if (card?.Drawn is null) return null;
        if (_shown.Find(card.Id) is { } shown && shown.Card.Drawn == card.Drawn) return shown.Drawn;
        try
        {
            return JsonNode.Parse(card.Drawn) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Keeps a card that is no message: the same card of the same person is one.</summary>
    /// <param name="drawn">Not to be changed any more.</param>
    /// <returns>Its id.</returns>
    public async Task<string> KeepAsync(Person person, SlackAddress at, string name, JsonObject drawn)
    {
        var json = drawn.ToJsonString(SlackJson.Options);
        var id = "slack-form-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{person.Id}\n{json}")))[..40];
        if (_shown.Find(id) is not null) return id;
        var card = await store.SentCardAsync(id);
        if (card is null) await MarkAsync(card = new SentCard(id, person.Id, SlackEndpoint.ChannelName, at.ToJson(), null, name, null, clock.GetUtcNow(), json));
        _shown.Remember(card, drawn);
        return id;
    }

    /// <summary>The card that stands in the message that was pressed in somebody's own chat, where a crash kept it from being written down.</summary>
    public async Task<SentCard> AdoptAsync(Person person, SlackPlace place, string? id, string ts)
    {
        var card = new SentCard(id is { Length: <= LongestId } ? id : $"slack-{place.ChannelId}-{ts}", person.Id, SlackEndpoint.ChannelName, place.Here.ToJson(), ts, "", null, clock.GetUtcNow());
        await MarkAsync(card);
        return card;
    }

    public Task MarkAsync(SentCard card)
    {
        _shown.Forget(card.Id);
        return store.MarkAsync(new DeliveryMark(card.Id, DeliveryState.Sent, Cards: [card]));
    }
}
