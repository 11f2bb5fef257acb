using System.Text.Json;
using System.Text.Json.Nodes;
using Governance.People;
using MicroAppBot.Desk;

namespace MicroAppBot.Channels.Teams;

/// <summary>Hands in what was said and where people can be reached. All of it is durable when a method returns.</summary>
internal sealed class TeamsTalk(ITurns turns, IStore store, TeamsIdentity identity, TeamsPlace place)
{
    private const int LongestVerb = 100;

    /// <summary>Whoever has more unread cards than this has other troubles.</summary>
    private const int MostLookedAt = 100;

    /// <summary>Typed words, or a button of before universal actions: the answer comes through the outbox.</summary>
    public async Task SayAsync(TeamsActivity activity, TeamsSender sender, CancellationToken cancel)
    {
        var (person, contact) = await WhoAsync(activity, sender, cancel);
        Said said = new Said.Text(activity.Words ?? "");
        if (ButtonData(activity) is { } data)
        {
            var card = await PressedAsync(activity, person, data);
            said = new Said.Press(VerbOf(data), data, card?.Id);
        }
        var turn = TurnOf(activity, sender, person, said, contact, answerDirectly: false);
        if (!activity.IsPersonal) turn = turn with { AnswerAt = ThreadOf(activity).ToJson(), OthersReadAlong = true };
        await turns.TakeAsync(turn, CancellationToken.None);
    }

    /// <summary>A button: the answer is shown in the response.</summary>
    /// <param name="data">The button's data with the inputs; <see cref="TeamsMessage.SentAs"/> is taken out of it.</param>
    public async Task<TeamsPress> PressAsync(TeamsActivity activity, TeamsSender sender, string? verb, JsonObject data, CancellationToken cancel)
    {
        var (person, contact) = await WhoAsync(activity, sender, cancel);
        var card = await PressedAsync(activity, person, data);
        var said = new Said.Press(verb is { Length: > 0 } ? Shortened(verb) : VerbOf(data), data, card?.Id);
        var reply = await turns.TakeAsync(TurnOf(activity, sender, person, said, contact, answerDirectly: true), CancellationToken.None);
        return new TeamsPress(activity, person, AddressOf(activity, sender), card, reply);
    }

    /// <summary>Who looks at a card, and which one; nothing is written.</summary>
    /// <param name="patience">How long to wait for a card that was sent a moment ago to be remembered.</param>
    public async Task<(Person Person, SentCard? Card)> LookAsync(
        TeamsActivity activity, TeamsSender sender, JsonObject data, TimeSpan patience, TimeProvider time, CancellationToken cancel)
    {
        var person = await identity.PersonOfAsync(activity, sender, cancel);
        var stamp = data[TeamsMessage.SentAs]?.DeepClone();
        var started = time.GetTimestamp();
        while (true)
        {
            if (await PressedAsync(activity, person, data) is { } card) return (person, card);
            if (stamp is null || time.GetElapsedTime(started) >= patience) return (person, null);
            await Task.Delay(patience / 5, time, cancel);
            data[TeamsMessage.SentAs] = stamp.DeepClone();
        }
    }

    /// <summary>Somebody read the chat up to a message (where the app may know it): the cards up to there are seen.</summary>
    public async Task ReadAsync(TeamsActivity activity, TeamsSender sender, CancellationToken cancel)
    {
        // Ids are the time in milliseconds, so that one that is no number is compared with none
        if (!long.TryParse(activity.Value.Text("lastReadMessageId"), out var last)) return;
        var person = await identity.PersonOfAsync(activity, sender, cancel);
        var seen = (await store.CardsOfAsync(person.Id, DateTimeOffset.MinValue, MostLookedAt, cancel))
            .Where(c => c is { SeenAt: null, ActedAt: null, Channel: TeamsChannel.ChannelName } && long.TryParse(c.ChannelMessageId, out var id) && id <= last).Select(c => c.Id).ToList();
        if (seen.Count > 0) await store.MarkAsync(new DeliveryMark(activity.TurnId, DeliveryState.Sent, Seen: seen), CancellationToken.None);
    }

    /// <summary>The app was installed for somebody: they can be reached, and are greeted once.</summary>
    /// <param name="greet">False where they know the bot already (an update of the app).</param>
    public async Task ArriveAsync(TeamsActivity activity, TeamsSender sender, bool greet, CancellationToken cancel)
    {
        var (person, contact) = await WhoAsync(activity, sender, cancel);
        // By itself, for a greeting that was given before writes nothing
        await store.MarkAsync(new DeliveryMark(activity.TurnId, DeliveryState.Sent, Contact: contact), CancellationToken.None);
        if (!greet) return;
        // Teams tells of one installation in two activities, in any order: both are this one turn
        var turn = TurnOf(activity, sender, person, new Said.Arrived(), contact, answerDirectly: false) with { Id = $"teams:{activity.ConversationId}:arrived" };
        await turns.TakeAsync(turn, CancellationToken.None);
    }

    /// <summary>The app was removed for somebody: nothing is sent there until they come back.</summary>
    public async Task LeaveAsync(TeamsActivity activity, TeamsSender sender, CancellationToken cancel)
    {
        var person = await identity.PersonOfAsync(activity, sender, cancel);
        var gone = AddressOf(activity, sender).ToContact(person.Id, dead: true);
        await store.MarkAsync(new DeliveryMark(activity.TurnId, DeliveryState.Sent, Contact: gone), CancellationToken.None);
    }

    private async ValueTask<(Person Person, Contact? Contact)> WhoAsync(TeamsActivity activity, TeamsSender sender, CancellationToken cancel)
    {
        var person = await identity.PersonOfAsync(activity, sender, cancel);
        var address = AddressOf(activity, sender);
        await place.LearnAsync(address);
        if (activity.IsPersonal) return (person, address.ToContact(person.Id));
        // What concerns one person is said to that person: a group's conversation is nobody's address
        var contacts = await store.ContactsAsync(person.Id, cancel);
        var reachable = contacts.Any(c => c is { Channel: TeamsChannel.ChannelName, Dead: false });
        return (person, reachable ? null : (address with { ConversationId = null }).ToContact(person.Id));
    }

    /// <summary>The thread or group chat it was said in, as a place for everybody there.</summary>
    private static TeamsAddress ThreadOf(TeamsActivity activity) => new(
        activity.ServiceUrl, activity.ConversationId, null, null, activity.TenantIds.Count > 0 ? activity.TenantIds[0] : null, activity.RecipientId.Length > 0 ? activity.RecipientId : null);

    private static TeamsAddress AddressOf(TeamsActivity activity, TeamsSender sender) => new(
        activity.ServiceUrl, activity.ConversationId, sender.Id.Length > 0 ? sender.Id : null, sender.AadObjectId,
        activity.TenantIds.Count > 0 ? activity.TenantIds[0] : null, activity.RecipientId.Length > 0 ? activity.RecipientId : null);

    private static Turn TurnOf(TeamsActivity activity, TeamsSender sender, Person person, Said said, Contact? contact, bool answerDirectly) =>
        new(activity.TurnId, new ChannelAccount(TeamsChannel.ChannelName, sender.AccountId), person, said, contact, answerDirectly);

    /// <summary>The card a button stands on, where it is this person's own; the id comes back from the client and proves nothing.</summary>
    private async ValueTask<SentCard?> PressedAsync(TeamsActivity activity, Person person, JsonObject data)
    {
        data.Remove(TeamsMessage.SentAs, out var stamp);
        // What Teams itself added for its own use
        data.Remove("msteams");
        if (stamp is not JsonValue value || !value.TryGetValue<string>(out var id) || id.Length is 0 or > 600) return null;
        var card = await store.SentCardAsync(id);
        if (card is null || card.Channel != TeamsChannel.ChannelName) return null;
        // In a group only what was posted for all counts, and only where it was posted
        if (!activity.IsPersonal) return Board.Is(card.PersonId) && TeamsAddress.Read(card.Address)?.ConversationId == activity.ConversationId ? card : null;
        if (card.PersonId != person.Id) return null;
        if (activity.ReplyToId is not { } shown || card.ChannelMessageId == shown) return card;
        // Sent, and Teams gave no id back: now it is known
        return card.ChannelMessageId is null ? card with { ChannelMessageId = shown } : null;
    }

    /// <summary>The data of a button pressed (Action.Submit, messageBack); null for typed words.</summary>
    private static JsonObject? ButtonData(TeamsActivity activity)
    {
        var data = activity.Value switch
        {
            { ValueKind: JsonValueKind.Object } value => TeamsBody.Object(value),
            { ValueKind: JsonValueKind.String } text => FromText(text.GetString()!),
            _ => null,
        };
        return data is not null && (string.IsNullOrWhiteSpace(activity.Words) || data.ContainsKey("verb")) ? data : null;
    }

    /// <summary>Some clients send a button's data as text.</summary>
    private static JsonObject? FromText(string text)
    {
        if (text is not ['{', ..]) return null;
        try
        {
            using var document = TeamsBody.Parse(text);
            return TeamsBody.Object(document.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string VerbOf(JsonObject data) => data["verb"] is JsonValue value && value.TryGetValue<string>(out var verb) ? Shortened(verb) : "";

    private static string Shortened(string verb) => verb.Length <= LongestVerb ? verb : verb[..(LongestVerb - 1)] + "…";
}

/// <summary>A click and what was decided.</summary>
/// <param name="Card">The card it was pressed on, as it is remembered; null where that is not known.</param>
internal sealed record TeamsPress(TeamsActivity Activity, Person Person, TeamsAddress Address, SentCard? Card, Reply Reply);
