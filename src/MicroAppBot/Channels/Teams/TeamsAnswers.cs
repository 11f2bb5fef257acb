using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using MicroAppBot.Desk;

namespace MicroAppBot.Channels.Teams;

/// <summary>
/// Shows the reply to a click: the first message in the response where it belongs there, the others as messages of their own.
/// See <c>docs/decisions/what-a-click-in-teams-answers.md</c>.
/// </summary>
internal sealed class TeamsAnswers(IStore store, IOutbox outbox, ICardPen pen, TeamsRedraws redraws, GovernanceClock clock, TimeProvider system)
{
    private const int MostRemembered = 5_000;
    private readonly ConcurrentDictionary<string, bool> _followed = new(StringComparer.Ordinal);

    public async Task<JsonObject> ShowAsync(TeamsPress press)
    {
        var messages = press.Reply.Messages;
        if (!press.Activity.IsPersonal) return await ShowAsideAsync(press);
        switch (messages)
        {
            case []:
                return TeamsInvoke.Line("Done.");
            case [Message.Card card, ..] when press.Reply.Replaces:
                await FollowAsync(press, [.. messages.Skip(1)]);
                return TeamsInvoke.Card(await ReplaceAsync(press, card));
            case [Message.Line line, ..]:
                await FollowAsync(press, [.. messages.Skip(1)]);
                return TeamsInvoke.Line(line.Words);
            default:
                await FollowAsync(press, messages);
                return TeamsInvoke.Line("Here it is, just below.");
        }
    }

    /// <summary>
    /// In a group the response is seen by who clicked alone, so all of the answer that fits stands there; the card that the others
    /// see is Delivery's to draw again. A refusal goes under the card, which stays.
    /// </summary>
    private async Task<JsonObject> ShowAsideAsync(TeamsPress press)
    {
        var messages = press.Reply.Messages;
        if (messages.Count > 1) await FollowAsync(press, [.. messages.Skip(1)]);
        return messages switch
        {
            [] => TeamsInvoke.Line("Done."),
            [Message.Line line, ..] => TeamsInvoke.Line(line.Words),
            [Message.Card { Name: "notice" } notice, ..] => TeamsInvoke.Line($"{notice.Data["title"]}. {notice.Data["text"]}"),
            [Message.Card card, ..] => TeamsInvoke.Card(TeamsMessage.Dressed(
                pen.Draw(card.Name, card.Data), press.Card?.Id ?? press.Activity.TurnId + "/1", card.About, press.Address.UserId is { } user ? [user] : null)),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>The answer to a button in a window: its next card, a line, or null where it closes. The message it was opened from is drawn again.</summary>
    public async Task<JsonObject?> ShowInWindowAsync(TeamsPress press)
    {
        var messages = press.Reply.Messages;
        if (messages.Count > 1) await FollowAsync(press, [.. messages.Skip(1)]);
        switch (messages)
        {
            case []:
                return null;
            case [Message.Card card, ..]:
                if (press.Reply.Replaces && press.Activity.IsPersonal) await ReplaceAsync(press, card, always: true);
                return TeamsWindow.Continue(pen.Draw(card.Name, card.Data), press.Card?.Id);
            case [Message.Line line, ..]:
                return TeamsWindow.Message(line.Words);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>The card takes the place of the pressed one, here and, drawn again, on the person's other devices.</summary>
    /// <param name="always">True where the response does not show the card in its place.</param>
    private async Task<JsonObject> ReplaceAsync(TeamsPress press, Message.Card card, bool always = false)
    {
        var drawn = pen.Draw(card.Name, card.Data);
        var shown = press.Card?.ChannelMessageId ?? press.Activity.ReplyToId;
        if (string.IsNullOrEmpty(shown)) return drawn;

        var id = press.Card?.Id ?? press.Activity.TurnId + "/1";
        var contact = press.Address.ToContact(press.Person.Id);
        var sent = new SentCard(id, press.Person.Id, TeamsChannel.ChannelName, contact.Address, shown, card.Name, card.About, clock.GetUtcNow());
        await store.MarkAsync(new DeliveryMark(press.Activity.TurnId, DeliveryState.Sent, Cards: [sent]));
        // A card that showed this very subject before is Delivery's to draw again, with what is true then
        if (always || card.About is null || card.About != press.Card?.About)
        {
            redraws.Add(contact, shown, new ChannelMessage(id, drawn, TeamsInvoke.Summary(drawn), card.About));
        }
        return TeamsMessage.Dressed(drawn, id, card.About, press.Address.UserId is { } user ? [user] : null);
    }

    /// <summary>Further messages go the way of all messages; a click that Teams sends again brings them once.</summary>
    private async Task FollowAsync(TeamsPress press, IReadOnlyList<Message> messages)
    {
        if (messages.Count == 0) return;
        if (_followed.Count >= MostRemembered) _followed.Clear();
        if (!_followed.TryAdd(press.Activity.TurnId, true)) return;
        var now = system.GetUtcNow();
        await store.CommitAsync(new Commit([], null, [.. messages.Select(message => new NewMessage(
            Guid.CreateVersion7(now).ToString(), press.Person.Id, TeamsChannel.ChannelName, OutboxBody.Of(message), now))]));
        outbox.Wake();
    }
}
