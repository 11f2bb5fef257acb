using System.Text.Json.Nodes;
using Governance.Notices;
using MicroAppBot.Desk;

namespace MicroAppBot.Delivery;

// What is drawn in the place of a card that was sent. Doing it twice does no harm, so an unknown outcome is simply tried again.
public sealed partial class Courier
{
    /// <summary>Cards of an app that have buttons which what happened to the app makes untrue. That it went live stays said.</summary>
    private static readonly HashSet<string> WithButtons = new(StringComparer.Ordinal) { "app", "renewal-reminder", "cost-alert", "suspended", "expired" };

    /// <summary>An app lives for years and is looked at often: nobody presses a button of the card before the card before the last.</summary>
    private const int MostOfAnApp = 3;

    /// <summary>Draws every card that this person has of the request again, or the last few of the app, in place.</summary>
    private async Task<TimeSpan?> DrawAgainAsync(OutboxMessage message, Notice notice, CancellationToken cancel)
    {
        var places = (await CardsOfAsync(notice, cancel)).Where(c => c.ChannelMessageId is not null && recipients.ChannelNamed(c.Channel) is not null).ToList();
        Drawn? shown;
        try
        {
            shown = places.Count == 0 ? null : await easel.DrawAsync(message.Id, notice, recipients.PersonOf(notice.ToId), cancel);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return await NotDrawnAsync(message, e, cancel);
        }
        if (shown is null) return await EndAsync(message, DeliveryState.Dropped, "there is nothing to draw again", cancel);
        if (places.Any(c => recipients.ChannelNamed(c.Channel) is not IKeepsTranscript)) await store.MarkAsync(new DeliveryMark(message.Id, DeliveryState.Sending), cancel);
        var (drawnAgain, lines, keepers) = (new List<SentCard>(), new List<NewTranscriptLine>(), new HashSet<IKeepsTranscript>());
        SendOutcome? failed = null;
        foreach (var card in places)
        {
            var channel = recipients.ChannelNamed(card.Channel)!;
            var to = new Contact(card.PersonId, card.Channel, card.Address);
            var fresh = shown.Message with { Id = card.Id, Card = easel.Again(shown, card.Channel) };
            var outcome = await TryAsync(send => channel.UpdateAsync(to, card.ChannelMessageId!, fresh, send), message.Id);
            if (outcome is SendOutcome.Sent)
            {
                drawnAgain.Add(card with { CardName = shown.CardName!, Drawn = Kept(channel, fresh.Card) });
                if (channel is not IKeepsTranscript keeper) continue;
                keepers.Add(keeper);
                lines.Add(keeper.LineOf(to, card.ChannelMessageId!, fresh, clock.GetUtcNow()));
            }
            // A card that is gone or cannot be drawn does not keep the others from being true
            else if (outcome is SendOutcome.Gone or SendOutcome.Refused) CardStays(card.Id, card.Channel, Words(outcome));
            else failed = outcome;
        }
        if (failed is not null)
        {
            return await LaterAsync(message, DeliveryState.Waiting, message.Attempts + 1, (failed as SendOutcome.TryAgain)?.After, Words(failed), cancel, drawnAgain, lines, keepers);
        }
        await store.MarkAsync(new DeliveryMark(message.Id, DeliveryState.Sent, Cards: drawnAgain, Transcript: lines), cancel);
        foreach (var keeper in keepers) keeper.LinesWritten();
        return null;
    }

    private async ValueTask<IEnumerable<SentCard>> CardsOfAsync(Notice notice, CancellationToken cancel) => notice switch
    {
        { Kind: NoticeKind.AppCardsChanged, AppId: { } app } =>
            (await store.SentCardsAsync(new CardSubject("app", app), notice.ToId, cancel)).Where(c => WithButtons.Contains(c.CardName)).TakeLast(MostOfAnApp),
        { Kind: NoticeKind.RequestCardsChanged, RequestId: { } request } => await store.SentCardsAsync(new CardSubject("request", request), notice.ToId, cancel),
        _ => [],
    };

    /// <summary>Draws the answer to a click in the place of the card that was pressed; where that is gone, below everything else.</summary>
    private async Task<TimeSpan?> ReplaceAsync(OutboxMessage message, string cardId, CancellationToken cancel)
    {
        if (await store.SentCardAsync(cardId, cancel) is not { ChannelMessageId: { } place } pressed || pressed.PersonId != message.ToId
            || recipients.ChannelNamed(pressed.Channel) is not { } channel)
        {
            return await SendAsync(message, cancel);
        }
        if (Pause(channel) is { } pause) return pause;
        var to = new Contact(pressed.PersonId, pressed.Channel, pressed.Address);
        Drawn shown;
        try
        {
            shown = (await easel.DrawAsync(message, new Recipient(channel, to, recipients.PersonOf(message.ToId), null), cancel))!;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return await NotDrawnAsync(message, e, cancel);
        }
        var keeper = channel as IKeepsTranscript;
        var fresh = shown.Message with { Id = cardId };
        if (keeper is null) await store.MarkAsync(new DeliveryMark(message.Id, DeliveryState.Sending), cancel);
        switch (await TryAsync(send => channel.UpdateAsync(to, place, fresh, send), message.Id))
        {
            case SendOutcome.Sent:
                var card = pressed with { CardName = shown.CardName!, About = shown.About, At = clock.GetUtcNow(), Drawn = Kept(channel, fresh.Card) };
                await store.MarkAsync(new DeliveryMark(message.Id, DeliveryState.Sent, Cards: [card],
                    Transcript: keeper is null ? null : [keeper.LineOf(to, place, fresh, clock.GetUtcNow())]), cancel);
                keeper?.LinesWritten();
                return null;
            case SendOutcome.Gone or SendOutcome.Refused:
                CardStays(cardId, pressed.Channel, "it is not there any more");
                await store.MarkAsync(new DeliveryMark(message.Id, DeliveryState.Waiting, message.NotBefore), cancel);
                return await SendAsync(message, cancel);
            case var failed:
                LeaveAlone(channel, failed);
                return await LaterAsync(message, DeliveryState.Waiting, message.Attempts + 1, (failed as SendOutcome.TryAgain)?.After, Words(failed), cancel);
        }
    }

    /// <summary>Adds reminders to today's card, in place. Doing it twice does no harm.</summary>
    private async Task<TimeSpan?> GrowAsync(OutboxMessage message, ReminderPlan.Grow grow, Recipient to, CancellationToken cancel)
    {
        var card = grow.Card;
        if (recipients.ChannelNamed(card.Channel) is not { } channel) return await PutOffAsync(message, grow.Else, cancel);
        Drawn? drawn;
        try
        {
            var all = grow.Messages.Select(m => Reminders.NoticeOf(m)!).Concat(card.Told!).OrderByDescending(Reminding.IsUrgent);
            drawn = await easel.DrawAsync(card.Id, [.. all], Reminders.NoticeOf(message)!, to, cancel);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return await NotDrawnAsync(message, e, cancel);
        }
        if (drawn is null) return await EndAsync(message, DeliveryState.Dropped, "it is no longer true", cancel);
        var keeper = channel as IKeepsTranscript;
        if (keeper is null) await store.MarkAsync(new DeliveryMark(message.Id, DeliveryState.Sending), cancel);
        var place = new Contact(card.PersonId, card.Channel, card.Address);
        var outcome = await TryAsync(send => channel.UpdateAsync(place, card.ChannelMessageId!, drawn.Message, send), message.Id);
        if (outcome is SendOutcome.Sent)
        {
            await store.MarkAsync(new DeliveryMark(
                message.Id, DeliveryState.Sent,
                Cards: [card with { CardName = drawn.CardName!, About = drawn.About, Drawn = Kept(channel, drawn.Message.Card), Told = drawn.Told }],
                Transcript: keeper is null ? null : [keeper.LineOf(place, card.ChannelMessageId!, drawn.Message, clock.GetUtcNow())],
                ToldToo: Told(message, grow.Messages, drawn)), cancel);
            keeper?.LinesWritten();
            return null;
        }
        if (outcome is SendOutcome.TryAgain or SendOutcome.Unknown)
        {
            return await LaterAsync(message, DeliveryState.Waiting, message.Attempts + 1, (outcome as SendOutcome.TryAgain)?.After, Words(outcome), cancel);
        }
        // The card was deleted, or its place is gone: it is drawn there no more, by this or any other reminder
        CardStays(card.Id, card.Channel, Words(outcome));
        await store.MarkAsync(new DeliveryMark(message.Id, DeliveryState.Waiting, message.NotBefore, Cards: [card with { ChannelMessageId = null }]), cancel);
        return null;
    }
}
