using System.Text.Json.Nodes;
using Governance.Notices;

namespace MicroAppBot.Desk;

/// <summary>
/// Keeps streams of events with their snapshots, conversations, the outbox and what was delivered. The desk is the
/// only writer of requests, apps and conversations; Delivery writes its own marks. What is acknowledged is on disk.
/// Every implementation passes the same contract suite.
/// </summary>
public interface IStore : IAsyncDisposable
{
    ValueTask<StoredConversation?> ConversationAsync(string personId, CancellationToken cancel = default);

    ValueTask<StoredSnapshot?> SnapshotAsync(string streamId, CancellationToken cancel = default);

    /// <summary>Snapshots that answer every part of the query that is set, by id.</summary>
    ValueTask<IReadOnlyList<StoredSnapshot>> FindAsync(SnapshotQuery query, CancellationToken cancel = default);

    /// <summary>The earliest due date of any snapshot; null when nothing is due ever.</summary>
    ValueTask<DateTimeOffset?> NextDueAsync(CancellationToken cancel = default);

    ValueTask<IReadOnlyList<StoredEvent>> EventsAsync(string streamId, CancellationToken cancel = default);

    /// <summary>Ids of all streams after the given one, in order: for audits, page by page.</summary>
    ValueTask<IReadOnlyList<string>> StreamsAsync(string? after, int limit, CancellationToken cancel = default);

    /// <summary>All of it or none of it. Completes only when it is durable.</summary>
    Task<CommitResult> CommitAsync(Commit commit, CancellationToken cancel = default);

    /// <summary>Where a person can be reached, dead contacts too; the one used last comes first. One per channel.</summary>
    ValueTask<IReadOnlyList<Contact>> ContactsAsync(string personId, CancellationToken cancel = default);

    /// <summary>Messages not delivered yet whose time has come, oldest first; the first undelivered one of each recipient only.</summary>
    ValueTask<IReadOnlyList<OutboxMessage>> DueMessagesAsync(DateTimeOffset now, int limit, CancellationToken cancel = default);

    /// <summary>The earliest moment at which <see cref="DueMessagesAsync"/> has something to give; null when the outbox is empty.</summary>
    ValueTask<DateTimeOffset?> NextMessageAsync(CancellationToken cancel = default);

    /// <summary>
    /// Delivery's own writes: attempts, sent cards, dead contacts. Durable when it completes. A mark of a message that is not
    /// in the outbox (the direct answer to a click) writes its card, contact and transcript line all the same.
    /// </summary>
    Task MarkAsync(DeliveryMark mark, CancellationToken cancel = default);

    /// <summary>Cards that were sent about a subject, optionally to one person.</summary>
    ValueTask<IReadOnlyList<SentCard>> SentCardsAsync(CardSubject subject, string? personId = null, CancellationToken cancel = default);

    ValueTask<SentCard?> SentCardAsync(string id, CancellationToken cancel = default);

    /// <summary>Cards that one person got since a moment of the governance clock, on whatever channel, latest first.</summary>
    ValueTask<IReadOnlyList<SentCard>> CardsOfAsync(string personId, DateTimeOffset since, int limit, CancellationToken cancel = default);

    /// <summary>A message that is not delivered yet; null when it is, or never was.</summary>
    ValueTask<OutboxMessage?> MessageAsync(string id, CancellationToken cancel = default);

    /// <summary>All that one recipient has not got yet, in order, with what was put off.</summary>
    ValueTask<IReadOnlyList<OutboxMessage>> MessagesForAsync(string toId, CancellationToken cancel = default);

    /// <summary>Ids of those whose every contact is dead, in order.</summary>
    ValueTask<IReadOnlyList<string>> DeadEndsAsync(CancellationToken cancel = default);

    /// <summary>
    /// What the console showed a person, or everybody when <paramref name="personId"/> is null: everything sent or said there
    /// after the given sequence number, by sequence number. A line that took another's place comes once, as it is now.
    /// </summary>
    ValueTask<IReadOnlyList<TranscriptLine>> TranscriptAsync(string? personId, long after, int limit, CancellationToken cancel = default);

    /// <summary>Messages that could not be delivered, latest first: for the governance team.</summary>
    ValueTask<IReadOnlyList<BouncedMessage>> BouncedAsync(int limit, CancellationToken cancel = default);

    /// <summary>The daily anchors, oldest first.</summary>
    ValueTask<IReadOnlyList<AuditAnchor>> AnchorsAsync(CancellationToken cancel = default);

    /// <summary>How many streams and events were ever written, counted at the time of writing.</summary>
    ValueTask<AuditTotals> TotalsAsync(CancellationToken cancel = default);

    ValueTask<string?> SettingAsync(string key, CancellationToken cancel = default);

    Task SaveSettingAsync(string key, string value, CancellationToken cancel = default);
}

/// <param name="Json">The conversation's state, as the conversation wrote it.</param>
/// <param name="Handled">Ids of the turns handled last, newest last; the same turn twice is one turn.</param>
/// <param name="Version">1 at the first write; compare-and-set.</param>
public sealed record StoredConversation(string PersonId, string Json, IReadOnlyList<HandledTurn> Handled, long Version);

/// <param name="ReplyJson">
/// The direct answer that was given, so that a repeated click gets the same; null where the outbox carries it. Kept for
/// the last eight turns: a resend comes soon or never.
/// </param>
public sealed record HandledTurn(string TurnId, string? ReplyJson);

/// <summary>A request's or an app's state at its stream's end, with what it is looked up by.</summary>
/// <param name="StreamId"><c>request-{id}</c> or <c>app-{id}</c>.</param>
/// <param name="Version">Number of events in the stream.</param>
/// <param name="Json">The state.</param>
public sealed record StoredSnapshot(string StreamId, long Version, string Json, SnapshotKeys Keys);

/// <param name="Kind"><c>request</c> or <c>app</c>.</param>
/// <param name="State">The state's name, e.g. <c>awaiting-approval</c>.</param>
/// <param name="IsOpen">A request that is open; an app that is not purged: its name is taken.</param>
/// <param name="Name">The app's name (a DNS label): unique among open requests to create and apps.</param>
/// <param name="Owners">People whose it is: requester, or owner and co-owner.</param>
/// <param name="Waiting">People it waits for: who is asked and has not signed.</param>
/// <param name="AppId">The app it is or is about.</param>
/// <param name="DueAt">When the clock must look at it next.</param>
public sealed record SnapshotKeys(
    string Kind, string State, bool IsOpen, string Name, IReadOnlyList<string> Owners, IReadOnlyList<string> Waiting, string AppId, DateTimeOffset? DueAt);

/// <summary>Every part that is set must hold.</summary>
/// <param name="DueBy">Due at or before this moment, earliest first.</param>
/// <param name="After">A stream id: only what comes behind it in the order of ids, so that a list is read page by page. Not together with <paramref name="DueBy"/>.</param>
public sealed record SnapshotQuery(
    string? Kind = null, bool? IsOpen = null, string? Name = null, string? Owner = null, string? Waiting = null, string? AppId = null,
    DateTimeOffset? DueBy = null, int Limit = 1000, string? After = null);

/// <param name="Version">1 for the first event of its stream.</param>
/// <param name="At">When it was written, on the system clock.</param>
/// <param name="Json">The event, with who did it; see <see cref="EventRecord"/>.</param>
/// <param name="Hash">SHA-256 (hex) over stream id, version, time, JSON and the hash before: the chain. See <see cref="AuditChain"/>.</param>
public sealed record StoredEvent(string StreamId, long Version, DateTimeOffset At, string Json, string PreviousHash, string Hash);

/// <summary>All that one turn (or one step of a sweep) changes.</summary>
/// <param name="ActedOn">Our id of the card that was pressed: it counts as acted on, where it is the card of whoever spoke.</param>
public sealed record Commit(
    IReadOnlyList<StreamWrite> Streams,
    ConversationWrite? Conversation,
    IReadOnlyList<NewMessage> Messages,
    Contact? Contact = null,
    IReadOnlyList<NewTranscriptLine>? Transcript = null,
    string? ActedOn = null);

/// <param name="ExpectedVersion">0 for a new stream.</param>
/// <param name="EventsJson">In order; the store chains them. None: only what the snapshot is looked up by changes.</param>
/// <param name="SnapshotJson">The state after them.</param>
public sealed record StreamWrite(string StreamId, long ExpectedVersion, IReadOnlyList<string> EventsJson, string SnapshotJson, SnapshotKeys Keys);

/// <param name="ExpectedVersion">0 where there was none.</param>
/// <param name="Turn">The turn handled; null for a sweep.</param>
public sealed record ConversationWrite(string PersonId, long ExpectedVersion, string Json, HandledTurn? Turn);

/// <summary>How a commit ended. Only <see cref="Done"/> wrote anything.</summary>
public enum CommitResult
{
    Done,
    /// <summary>Somebody else was faster: load and decide again.</summary>
    Conflict,
    /// <summary>Another open request or app has this name.</summary>
    NameTaken,
}

/// <summary>A message to be sent, as data.</summary>
/// <param name="Id">UUIDv7: our id, which the channel carries along; stable over repeats.</param>
/// <param name="ToId">Person id, or <see cref="OutboxMessage.Catalogue"/> for an effect.</param>
/// <param name="Channel">Where it must go (a reply goes where the turn came from); null lets Delivery choose.</param>
/// <param name="Body">What.</param>
public sealed record NewMessage(string Id, string ToId, string? Channel, OutboxBody Body, DateTimeOffset NotBefore);

/// <summary>What an outbox message holds.</summary>
[System.Text.Json.Serialization.JsonDerivedType(typeof(Say), "say")]
[System.Text.Json.Serialization.JsonDerivedType(typeof(Tell), "tell")]
[System.Text.Json.Serialization.JsonDerivedType(typeof(Publish), "publish")]
[System.Text.Json.Serialization.JsonDerivedType(typeof(Hear), "hear")]
public abstract record OutboxBody
{
    private OutboxBody() { }

    /// <summary>A message of a reply, to be sent.</summary>
    public static OutboxBody Of(Message message, string? at = null, string? replaces = null) => message switch
    {
        Message.Card card => new Say(card.Name, card.Data, null, card.About, at, replaces),
        Message.Line line => new Say(null, null, line.Words, null, at),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>A reply: a card by name with its data, or a line.</summary>
    /// <param name="At">Where it belongs, if not into the person's own chat; see <see cref="Turn.AnswerAt"/>.</param>
    /// <param name="Replaces">The sent card whose place it takes; where that is gone, it is sent as a message of its own.</param>
    public sealed record Say(string? CardName, JsonObject? CardData, string? Line, CardSubject? About, string? At = null, string? Replaces = null) : OutboxBody;

    /// <summary>A notice: the card is drawn when it is sent, from what is true then.</summary>
    public sealed record Tell(Notice Notice) : OutboxBody;

    /// <summary>An effect: bring the catalogue repository to the app's state as of this version of its stream.</summary>
    public sealed record Publish(string AppId, long Version) : OutboxBody;

    /// <summary>What a channel was told, and could not hand in as a turn before it had to say that it was heard; see <see cref="IHears"/>.</summary>
    public sealed record Hear(string Channel, JsonObject What) : OutboxBody;
}

/// <param name="Sequence">Order of writing; messages to one recipient go out in this order.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="MayHaveArrived">How many of the tries may have arrived (timeout, crash between send and mark).</param>
/// <param name="FirstTriedAt">When it was tried first, on the system clock; null before.</param>
/// <param name="PutOff">It was put off on purpose, and holds up nothing that comes after it.</param>
public sealed record OutboxMessage(
    long Sequence, string Id, string ToId, string? Channel, OutboxBody Body, DateTimeOffset NotBefore, int Attempts = 0, int MayHaveArrived = 0,
    DateTimeOffset? FirstTriedAt = null, bool PutOff = false)
{
    /// <summary>An earlier try may have arrived.</summary>
    public bool OutcomeUnknown => MayHaveArrived > 0;

    /// <summary>The recipient of effects.</summary>
    public const string Catalogue = "catalogue";
}

/// <summary>What Delivery learned of one message. A mark about a message that is not in the outbox any more changes nothing but its other parts.</summary>
/// <param name="MessageId">The outbox message.</param>
/// <param name="State">Done messages leave the outbox.</param>
/// <param name="NotBefore">When to try again, for <see cref="DeliveryState.Waiting"/> and <see cref="DeliveryState.Unknown"/>.</param>
/// <param name="Why">For the list of what bounced.</param>
/// <param name="Cards">Cards that were sent or drawn again.</param>
/// <param name="Contact">A contact made or found dead.</param>
/// <param name="Transcript">
/// What the console shows of it. Written with <see cref="DeliveryState.Sending"/>, before the console channel is called,
/// so that the channel only has to say "look".
/// </param>
/// <param name="ToldToo">Further outbox messages that need not be sent any more, since the same card tells what they say.</param>
/// <param name="Seen">Our ids of cards that came into their reader's view.</param>
public sealed record DeliveryMark(
    string MessageId, DeliveryState State, DateTimeOffset? NotBefore = null, string? Why = null,
    IReadOnlyList<SentCard>? Cards = null, Contact? Contact = null, IReadOnlyList<NewTranscriptLine>? Transcript = null,
    IReadOnlyList<string>? ToldToo = null, IReadOnlyList<string>? Seen = null);

public enum DeliveryState
{
    /// <summary>About to be sent: counts as a try that may have arrived until another mark says what came of it.</summary>
    Sending,
    Sent,
    /// <summary>It did not arrive; to be tried again.</summary>
    Waiting,
    /// <summary>It may have arrived; to be looked at again.</summary>
    Unknown,
    /// <summary>Cannot be delivered: nobody there. Listed for the governance team.</summary>
    Bounced,
    /// <summary>Not needed any more (what it would say is no longer true), or not to be repeated.</summary>
    Dropped,
    /// <summary>Kept for later on purpose, without a try: what comes after it goes on.</summary>
    PutOff,
}

/// <param name="Why">What the channels said.</param>
/// <param name="At">On the system clock.</param>
public sealed record BouncedMessage(string Id, string ToId, OutboxBody Body, string Why, DateTimeOffset At);

/// <param name="Id">Our id: that of the message that brought it.</param>
/// <param name="ChannelMessageId">The channel's id, for updates; null where the channel gave none back.</param>
/// <param name="Address">The contact's address it was sent to.</param>
/// <param name="Drawn">The Adaptive Card as JSON, where the channel needs it again (<see cref="IChannel.NeedsDrawnCards"/>).</param>
/// <param name="Told">The notices it tells, several for a digest; null for a reply. A notice to somebody else than <paramref name="PersonId"/> came to their manager.</param>
/// <param name="SeenAt">When it first came into view (system clock), where the channel says so. Kept by the store when a later write of the card leaves it out.</param>
/// <param name="ActedAt">When its reader first pressed something on it (system clock). Kept in the same way.</param>
public sealed record SentCard(
    string Id, string PersonId, string Channel, string Address, string? ChannelMessageId, string CardName, CardSubject? About, DateTimeOffset At, string? Drawn = null,
    IReadOnlyList<Notice>? Told = null, DateTimeOffset? SeenAt = null, DateTimeOffset? ActedAt = null);

/// <summary>One line of what the console showed a person. A line with the id of an earlier one of that person takes its place.</summary>
/// <param name="Id">Our message id, or the turn's id for what the person said.</param>
/// <param name="FromPerson">True for what the person said.</param>
/// <param name="Json">A text or a card with its one sentence: <c>{"text":…}</c> or <c>{"card":…,"text":…}</c>.</param>
public sealed record NewTranscriptLine(string PersonId, string Id, bool FromPerson, string Json, DateTimeOffset At);

/// <param name="Sequence">Grows with each write of anybody's line, also when a line takes another's place; one row for all people, so that one number says what a page has seen.</param>
/// <param name="Position">Where the line stands: its first sequence number.</param>
public sealed record TranscriptLine(string PersonId, long Sequence, long Position, string Id, bool FromPerson, string Json, DateTimeOffset At);

/// <summary>An event with who did it: what a stream keeps.</summary>
/// <param name="By">Person id; null for the clock or the platform.</param>
/// <param name="Account">The channel account that clicked; null for the clock.</param>
/// <param name="Turn">The turn it came from, if any.</param>
/// <param name="Revision">Policy revision in force.</param>
public sealed record EventRecord(string? By, ChannelAccount? Account, string? Turn, string Revision, DateTimeOffset RecordedAt, JsonNode Event);
