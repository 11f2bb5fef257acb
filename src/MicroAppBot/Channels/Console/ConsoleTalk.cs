using System.Text.Json.Nodes;
using Governance.People;
using MicroAppBot.Desk;

namespace MicroAppBot.Channels.Console;

/// <summary>Draws a card by its name in <c>cards/</c> with its data.</summary>
public delegate JsonObject DrawCard(string name, JsonObject data);

/// <summary>Hands what was typed or clicked on the page to the desk, and keeps what was answered to a click.</summary>
public sealed class ConsoleTalk(ITurns turns, IStore store, DrawCard draw, ConsoleBell bell, GovernanceClock clock)
{
    /// <summary>Verbs that stand for a sentence: pressing them looks as if it had been typed.</summary>
    private static readonly string[] AsIfTyped = ["say", "intake.start"];

    /// <summary>The words are durable when this returns; the answer comes through the outbox.</summary>
    /// <param name="id">The page's id of it: sent twice it is said once.</param>
    public async Task SayAsync(Person person, string id, string words, CancellationToken cancel)
    {
        var turnId = TurnId(person, id);
        await turns.TakeAsync(TurnOf(person, turnId, new Said.Text(words), answerDirectly: false, words), cancel);
        bell.Ring();
    }

    /// <summary>
    /// The reply is durable when this returns: the first message stands where the pressed card stood if the reply says so,
    /// the others below. Pressed again under the same id, the same lines are written again, not more of them.
    /// </summary>
    /// <param name="cardId">The line the button stands on; a card that is not this person's counts as none.</param>
    public async Task<ConsoleAnswer> PressAsync(Person person, string id, string verb, JsonObject data, string? cardId, CancellationToken cancel)
    {
        var turnId = TurnId(person, id);
        var card = cardId is null ? null : await store.SentCardAsync(cardId, cancel);
        cardId = card?.PersonId == person.Id && card.Channel == ConsoleChannel.ChannelName ? cardId : null;
        var typed = AsIfTyped.Contains(verb, StringComparer.Ordinal) && data["text"] is JsonValue text && text.TryGetValue<string>(out var said) ? said : null;

        var reply = await turns.TakeAsync(TurnOf(person, turnId, new Said.Press(verb, data, cardId), answerDirectly: true, typed), cancel);

        var now = clock.GetUtcNow();
        var shown = new List<ConsoleMessage>();
        var cards = new List<SentCard>();
        foreach (var (index, message) in reply.Messages.Index())
        {
            var lineId = index == 0 && reply.Replaces && cardId is not null ? cardId : $"{turnId}/{index + 1}";
            shown.Add(Drawn(lineId, message));
            // A card that was shown directly has to be found later, when what it shows changes
            if (message is Message.Card sent) cards.Add(new SentCard(lineId, person.Id, ConsoleChannel.ChannelName, person.Id, lineId, sent.Name, sent.About, now));
        }
        if (shown.Count > 0)
        {
            var lines = shown.Select(m => new NewTranscriptLine(person.Id, m.Id, FromPerson: false, ConsoleChannel.LineJson(m.Text, m.Card), now));
            // What was decided is shown, also when the page has gone away meanwhile
            await store.MarkAsync(new DeliveryMark(turnId, DeliveryState.Sent, Cards: cards, Transcript: [.. lines]), CancellationToken.None);
        }
        bell.Ring();
        return new ConsoleAnswer(reply.Replaces && cardId is not null, shown);
    }

    private ConsoleMessage Drawn(string lineId, Message message) => message switch
    {
        Message.Card card when draw(card.Name, card.Data) is var drawn => new ConsoleMessage(lineId, ConsoleLine.FirstWords(drawn), drawn),
        Message.Line line => new ConsoleMessage(lineId, line.Words, null),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private Turn TurnOf(Person person, string turnId, Said said, bool answerDirectly, string? words) => new(
        turnId, new ChannelAccount(ConsoleChannel.ChannelName, person.Id), person, said, ConsoleChannel.ContactOf(person), answerDirectly,
        words is null ? null : [new NewTranscriptLine(person.Id, turnId, FromPerson: true, ConsoleChannel.LineJson(words), clock.GetUtcNow())]);

    private static string TurnId(Person person, string id) => $"{ConsoleChannel.ChannelName}:{person.Id}:{id}";
}

/// <summary>The direct answer to a click, as it was kept.</summary>
/// <param name="Replaces">The first message took the place of the card that was pressed.</param>
public sealed record ConsoleAnswer(bool Replaces, IReadOnlyList<ConsoleMessage> Messages);

/// <param name="Id">The transcript line it is.</param>
public sealed record ConsoleMessage(string Id, string Text, JsonObject? Card);
