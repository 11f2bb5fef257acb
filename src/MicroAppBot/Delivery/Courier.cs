using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Governance.Notices;
using MicroAppBot.Desk;

namespace MicroAppBot.Delivery;

/// <summary>
/// Carries one message one step: to its recipient, or to the decision that it has to wait, goes elsewhere, or ends. What
/// came of it is marked durably before this returns.
/// </summary>
public sealed partial class Courier(
    IStore store, Recipients recipients, Reminders reminders, Easel easel, IPlatform platform, GovernanceClock clock, TimeProvider system,
    DeliverySettings settings, ILogger<Courier> log, IEnumerable<IHears>? ears = null)
{
    /// <summary>A card that cannot be drawn is our fault, and mostly stays one: after so many tries it does not hold up what follows.</summary>
    private const int MostDrawings = 5;

    /// <summary>Channels that asked to be left alone until then (system clock); it holds for everybody's messages, not only for the one they answered.</summary>
    private readonly ConcurrentDictionary<string, DateTimeOffset> _leftAlone = new(StringComparer.Ordinal);

    /// <summary>Durations of tests are exact when this is fixed.</summary>
    internal Func<double> Jitter { get; set; } = Random.Shared.NextDouble;

    /// <summary>Takes the message one step further.</summary>
    /// <returns>How long the message has to rest on the system clock; null when it is done or may go on at once.</returns>
    public Task<TimeSpan?> CarryAsync(OutboxMessage message, CancellationToken cancel) => message.Body switch
    {
        OutboxBody.Publish effect => PublishAsync(message, effect, cancel),
        OutboxBody.Tell { Notice: { Kind: NoticeKind.RequestCardsChanged or NoticeKind.AppCardsChanged } notice } => DrawAgainAsync(message, notice, cancel),
        OutboxBody.Hear heard => HearAsync(message, heard, cancel),
        OutboxBody.Tell { Notice: { Kind: NoticeKind.ApprovalWanted } wanted } when Board.Is(message.ToId) => PostAsync(message, wanted, cancel),
        OutboxBody.Say { Replaces: { } card } => ReplaceAsync(message, card, cancel),
        OutboxBody.Tell or OutboxBody.Say => SendAsync(message, cancel),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>
    /// After an unknown outcome a card is sent once more under the same id: drawn from what is true, and its buttons ask for
    /// the same thing only once. A plain line is never said twice.
    /// </summary>
    private static int MostUnknowns(OutboxBody body) => body is OutboxBody.Say { CardName: null } ? 1 : 2;

    /// <summary>
    /// A crash in the middle of a try is no answer of the channel: most likely nothing left the house. A card is then tried
    /// again, once more per crash; this many in a row is a crash that the card itself brings about.
    /// </summary>
    private static int MostInterrupted(OutboxBody body) => body is OutboxBody.Say { CardName: null } ? 1 : 6;

    /// <summary>A board shows each request once: asked for by another person or role, its card is drawn again.</summary>
    private async Task<TimeSpan?> PostAsync(OutboxMessage message, Notice wanted, CancellationToken cancel)
    {
        var isThere = message.MayHaveArrived == 0 && (await store.SentCardsAsync(new CardSubject("request", wanted.RequestId!), message.ToId, cancel)).Any(c => c.ChannelMessageId is not null);
        return isThere ? await DrawAgainAsync(message, wanted, cancel) : await SendAsync(message, cancel);
    }

    private async Task<TimeSpan?> SendAsync(OutboxMessage message, CancellationToken cancel, bool placeIsGone = false)
    {
        if (message.MayHaveArrived >= MostInterrupted(message.Body))
        {
            NotRepeated(message.Id, message.ToId, message.MayHaveArrived);
            return await EndAsync(message, DeliveryState.Dropped, "it may have arrived, and is not said twice", cancel);
        }
        if (await recipients.OfAsync(message, placeIsGone, cancel) is not { } to) return await BounceAsync(message, "There is no channel left on which this person can be reached.", cancel);
        if (Pause(to.Channel) is { } pause) return pause;
        var plan = Reminders.NoticeOf(message) is { } notice && Reminding.IsReminder(notice) ? await reminders.PlanAsync(message, to, cancel) : null;
        if (plan is ReminderPlan.PutOff { Until: var tomorrow }) return await PutOffAsync(message, tomorrow, cancel);
        if (plan is ReminderPlan.Grow grow) return await GrowAsync(message, grow, to, cancel);
        IReadOnlyList<OutboxMessage> together = plan is ReminderPlan.Send { Messages: var due } ? due : [message];
        Drawn? drawn;
        try
        {
            drawn = together.Count == 1 ? await easel.DrawAsync(message, to, cancel) : await easel.DrawAsync(message.Id, [.. together.Select(m => Reminders.NoticeOf(m)!)], Reminders.NoticeOf(message)!, to, cancel);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return await NotDrawnAsync(message, e, cancel);
        }
        if (drawn is null) return await EndAsync(message, DeliveryState.Dropped, "it is no longer true", cancel);

        // A channel that keeps its lines in our own store has no moment between sending and marking: the mark is the sending
        var keeper = to.Channel as IKeepsTranscript;
        if (keeper is null) await store.MarkAsync(new DeliveryMark(message.Id, DeliveryState.Sending), cancel);
        var tries = message.Attempts + 1;
        switch (await TryAsync(send => to.Channel.SendAsync(to.Contact, drawn.Message, send), message.Id))
        {
            case SendOutcome.Sent sent:
                var channelId = string.IsNullOrEmpty(sent.ChannelMessageId) ? null : sent.ChannelMessageId;
                var contact = to.Contact with { Address = sent.NewAddress ?? to.Contact.Address, Dead = false };
                var isNew = !to.IsPlace && (contact != to.Contact || (await store.ContactsAsync(contact.PersonId, cancel)).All(c => c.Channel != contact.Channel));
                await store.MarkAsync(new DeliveryMark(
                    message.Id, DeliveryState.Sent,
                    Cards: drawn.CardName is null ? null : [new SentCard(message.Id, contact.PersonId, contact.Channel, contact.Address, channelId, drawn.CardName, drawn.About, clock.GetUtcNow(), Kept(to.Channel, drawn.Message.Card), drawn.Told)],
                    Contact: isNew ? contact : null,
                    Transcript: keeper is null ? null : [keeper.LineOf(contact, channelId ?? message.Id, drawn.Message, clock.GetUtcNow())],
                    ToldToo: Told(message, together, drawn)), cancel);
                keeper?.LinesWritten();
                return null;
            case SendOutcome.TryAgain again:
                LeaveAlone(to.Channel, again);
                return await LaterAsync(message, DeliveryState.Waiting, tries, again.After, again.Why, cancel);
            case SendOutcome.Unknown unknown:
                OutcomeUnknown(message.Id, to.Channel.Name, unknown.Why);
                if (message.MayHaveArrived + 1 >= MostUnknowns(message.Body)) return await EndAsync(message, DeliveryState.Dropped, "it may have arrived, and is not said twice", cancel);
                return await LaterAsync(message, DeliveryState.Unknown, tries, null, unknown.Why, cancel);
            case SendOutcome.Gone gone when to.IsPlace:
                PlaceGone(message.Id, to.Channel.Name, gone.Why);
                await store.MarkAsync(new DeliveryMark(message.Id, DeliveryState.Waiting, message.NotBefore), cancel);
                return await SendAsync(message, cancel, placeIsGone: true);
            case SendOutcome.Gone gone:
                PersonGone(to.Contact.PersonId, to.Channel.Name, gone.Why);
                await store.MarkAsync(new DeliveryMark(message.Id, DeliveryState.Waiting, message.NotBefore, Contact: to.Contact with { Dead = true }), cancel);
                return null;
            case SendOutcome.Refused refused:
                return await BounceAsync(message, $"{to.Channel.Name} does not take it: {refused.Why}", cancel);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private async Task<TimeSpan?> PutOffAsync(OutboxMessage message, DateTimeOffset until, CancellationToken cancel)
    {
        await store.MarkAsync(new DeliveryMark(message.Id, DeliveryState.PutOff, until), cancel);
        return null;
    }

    private static List<string>? Told(OutboxMessage message, IReadOnlyList<OutboxMessage> together, Drawn drawn) =>
        together.Count == 1 ? null : [.. together.Where(m => m.Id != message.Id && drawn.Told!.Contains(Reminders.NoticeOf(m)!)).Select(m => m.Id)];

    private async Task<TimeSpan?> HearAsync(OutboxMessage message, OutboxBody.Hear heard, CancellationToken cancel)
    {
        if (ears?.FirstOrDefault(e => e.Channel == heard.Channel) is not { } ear) return await BounceAsync(message, $"Nobody listens to {heard.Channel} any more.", cancel);
        await store.MarkAsync(new DeliveryMark(message.Id, DeliveryState.Sending), cancel);
        try
        {
            await ear.HearAsync(heard.What, cancel);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return await LaterAsync(message, DeliveryState.Waiting, message.Attempts + 1, null, e.Message, cancel);
        }
        return await EndAsync(message, DeliveryState.Sent, null, cancel);
    }

    private async Task<TimeSpan?> PublishAsync(OutboxMessage message, OutboxBody.Publish effect, CancellationToken cancel)
    {
        await store.MarkAsync(new DeliveryMark(message.Id, DeliveryState.Sending), cancel);
        EffectOutcome outcome;
        try
        {
            outcome = await platform.PublishAsync(effect.AppId, effect.Version, cancel);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            EffectFailed(e, effect.AppId, effect.Version);
            outcome = new EffectOutcome.TryAgain(null, e.Message);
        }
        return outcome switch
        {
            EffectOutcome.Done => await EndAsync(message, DeliveryState.Sent, null, cancel),
            EffectOutcome.TryAgain again => await LaterAsync(message, DeliveryState.Waiting, message.Attempts + 1, again.After, again.Why, cancel),
            EffectOutcome.Refused refused => await BounceAsync(message, refused.Why, cancel),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private async Task<TimeSpan?> NotDrawnAsync(OutboxMessage message, Exception why, CancellationToken cancel)
    {
        DrawingFailed(why, message.Id);
        if (message.Attempts + 1 >= MostDrawings) return await BounceAsync(message, $"Its card could not be drawn: {why.Message}", cancel);
        await store.MarkAsync(new DeliveryMark(message.Id, DeliveryState.Sending), cancel);
        return await LaterAsync(message, DeliveryState.Waiting, message.Attempts + 1, null, why.Message, cancel);
    }

    /// <summary>How long the channel still wants to be left alone; null when it does not.</summary>
    private TimeSpan? Pause(IChannel channel) =>
        _leftAlone.TryGetValue(channel.Name, out var until) && until - system.GetUtcNow() is var left && left > TimeSpan.Zero ? left : null;

    private void LeaveAlone(IChannel channel, SendOutcome failed)
    {
        if (failed is SendOutcome.TryAgain { OnlyThis: false, After: { } pause } && pause > TimeSpan.Zero) _leftAlone[channel.Name] = system.GetUtcNow() + pause;
    }

    private static string? Kept(IChannel channel, JsonObject? card) => channel.NeedsDrawnCards ? card?.ToJsonString() : null;

    private static string Words(SendOutcome outcome) => outcome switch
    {
        SendOutcome.TryAgain again => again.Why,
        SendOutcome.Unknown unknown => unknown.Why,
        SendOutcome.Gone gone => gone.Why,
        SendOutcome.Refused refused => refused.Why,
        _ => "sent",
    };

    /// <summary>A try that is under way when the bot is stopped is let finish: a cut one would be of unknown outcome.</summary>
    private async Task<SendOutcome> TryAsync(Func<CancellationToken, Task<SendOutcome>> send, string messageId)
    {
        using var limit = new CancellationTokenSource(settings.SendTimeout, system);
        try
        {
            return await send(limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return new SendOutcome.Unknown($"no answer within {settings.SendTimeout.TotalSeconds:0} s");
        }
        catch (Exception e)
        {
            ChannelFailed(e, messageId);
            return new SendOutcome.Unknown(e.Message);
        }
    }

    private async Task<TimeSpan?> LaterAsync(
        OutboxMessage message, DeliveryState state, int tries, TimeSpan? asked, string why, CancellationToken cancel,
        IReadOnlyList<SentCard>? cards = null, IReadOnlyList<NewTranscriptLine>? lines = null, IEnumerable<IKeepsTranscript>? keepers = null)
    {
        if (message.FirstTriedAt is { } first && system.GetUtcNow() - first > settings.GiveUpAfter)
        {
            return await BounceAsync(message, $"Tried {tries} times since {first:u}; lastly: {why}", cancel);
        }
        // A try that a crash cut off says nothing of the channel: it does not make the next wait longer
        var wait = Backoff.After(Math.Max(1, tries - message.MayHaveArrived), asked, Jitter(), settings);
        await store.MarkAsync(new DeliveryMark(message.Id, state, clock.GetUtcNow() + wait, why, cards, null, lines), cancel);
        foreach (var keeper in keepers ?? []) keeper.LinesWritten();
        TriedInVain(message.Id, message.ToId, tries, wait, why);
        return wait;
    }

    private async Task<TimeSpan?> BounceAsync(OutboxMessage message, string why, CancellationToken cancel)
    {
        Bounced(message.Id, message.ToId, why);
        return await EndAsync(message, DeliveryState.Bounced, why, cancel);
    }

    private async Task<TimeSpan?> EndAsync(OutboxMessage message, DeliveryState state, string? why, CancellationToken cancel)
    {
        await store.MarkAsync(new DeliveryMark(message.Id, state, Why: why), cancel);
        return null;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Message {MessageId} to {PersonId} did not go out at try {Tries} ({Why}); again in {Wait}.")]
    private partial void TriedInVain(string messageId, string personId, int tries, TimeSpan wait, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Whether message {MessageId} arrived by {Channel} is not known: {Why}")]
    private partial void OutcomeUnknown(string messageId, string channel, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Message {MessageId} to {PersonId} may have arrived ({Tries} tries of unknown outcome) and is not sent again.")]
    private partial void NotRepeated(string messageId, string personId, int tries);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{PersonId} cannot be reached by {Channel} any more: {Why}")]
    private partial void PersonGone(string personId, string channel, string why);

    [LoggerMessage(Level = LogLevel.Information, Message = "The place on {Channel} that message {MessageId} answers is gone ({Why}); it goes into the person's own chat.")]
    private partial void PlaceGone(string messageId, string channel, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "Message {MessageId} to {PersonId} cannot be delivered: {Why}")]
    private partial void Bounced(string messageId, string personId, string why);

    [LoggerMessage(Level = LogLevel.Information, Message = "Card {CardId} on {Channel} stays as it is: {Why}")]
    private partial void CardStays(string cardId, string channel, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "The card of message {MessageId} could not be drawn.")]
    private partial void DrawingFailed(Exception e, string messageId);

    [LoggerMessage(Level = LogLevel.Error, Message = "The channel failed with message {MessageId}; it may have arrived.")]
    private partial void ChannelFailed(Exception e, string messageId);

    [LoggerMessage(Level = LogLevel.Error, Message = "Publishing app {AppId} as of version {Version} failed.")]
    private partial void EffectFailed(Exception e, string appId, long version);
}
