using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using MicroAppBot.Channels.Console;
using MicroAppBot.Desk;

namespace MicroAppBot.Tests.Channels.Console;

/// <summary>
/// Stands for the desk and the delivery behind it: a turn is written once, a reply to words is delivered as a transcript
/// line with its mark, a reply to a click is handed back, and the same turn twice is one turn.
/// </summary>
internal sealed class ScriptedTurns(IStore store, IKeepsTranscript channel, TimeProvider clock) : ITurns
{
    private readonly ConcurrentDictionary<string, Reply> _handled = new(StringComparer.Ordinal);

    public ConcurrentQueue<Turn> Taken { get; } = [];

    /// <summary>Says what is answered; null: nothing.</summary>
    public Func<Turn, Reply>? Script { get; set; }

    /// <summary>Set it to hold every turn until it completes.</summary>
    public Task Hold { get; set; } = Task.CompletedTask;

    /// <summary>Set it to fail every turn before anything is written.</summary>
    public Exception? Outage { get; set; }

    public async Task<Reply> TakeAsync(Turn turn, CancellationToken cancel)
    {
        if (Outage is not null) throw Outage;
        var first = !_handled.TryGetValue(turn.Id, out var reply);
        if (first)
        {
            Taken.Enqueue(turn);
            await store.CommitAsync(new Commit([], null, [], turn.Contact, turn.Transcript), cancel);
            channel.LinesWritten();
            await Hold.WaitAsync(cancel);
            reply = _handled[turn.Id] = Script?.Invoke(turn) ?? Reply.Silence;
        }
        if (turn.AnswerDirectly) return reply!;
        if (first) await DeliverAsync(turn.Person.Id, reply!);
        return Reply.Silence;
    }

    /// <summary>Delivers messages to somebody, as the outbox would.</summary>
    public async Task DeliverAsync(string personId, Reply reply)
    {
        foreach (var message in reply.Messages)
        {
            var id = Guid.CreateVersion7(clock.GetUtcNow()).ToString();
            await SendAsync(personId, id, message, update: false);
        }
    }

    /// <summary>Draws a card again in place, as the outbox would.</summary>
    public Task UpdateAsync(string personId, string id, Message message) => SendAsync(personId, id, message, update: true);

    private async Task SendAsync(string personId, string id, Message message, bool update)
    {
        var to = new Contact(personId, channel.Name, personId);
        var (card, text) = message switch
        {
            Message.Card c when TestCards.Draw(c.Name, c.Data) is var drawn => (drawn, ConsoleLine.FirstWords(drawn)),
            Message.Line l => ((JsonObject?)null, l.Words),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        var shown = new ChannelMessage(id, card, text);
        var outcome = update ? await channel.UpdateAsync(to, id, shown, default) : await channel.SendAsync(to, shown, default);
        var sentAs = ((SendOutcome.Sent)outcome).ChannelMessageId!;
        var sent = message is Message.Card named ? new SentCard(id, personId, channel.Name, personId, sentAs, named.Name, named.About, clock.GetUtcNow()) : null;
        await store.MarkAsync(new DeliveryMark(id, DeliveryState.Sent, Cards: sent is null ? null : [sent], Transcript: [channel.LineOf(to, sentAs, shown, clock.GetUtcNow())]));
        channel.LinesWritten();
    }
}
