using LiteDB;
using MicroAppBot.Desk;

namespace MicroAppBot.Stores.LiteDb;

/// <summary>
/// Commits and marks that are written together. Each is checked against what the ones before it in the batch will have
/// written; losers are told so and write nothing.
/// </summary>
internal sealed class Batch(LiteDbFile file, HotState hot, DateTimeOffset now)
{
    private readonly Dictionary<string, StoredConversation> _conversations = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OutboxMessage?> _messages = new(StringComparer.Ordinal);
    private readonly Dictionary<(string, string), Contact> _contacts = [];
    private readonly Dictionary<string, SentCard> _cards = new(StringComparer.Ordinal);
    private readonly List<JournalLine> _lines = [];
    private bool _wroteElsewhere;

    /// <summary>The lines to apply when the batch is on disk.</summary>
    public IReadOnlyList<JournalLine> Lines => _lines;

    public long Sequence { get; private set; } = hot.Sequence;

    public bool IsEmpty => _lines.Count == 0 && !_wroteElsewhere;

    public CommitResult Take(Commit commit)
    {
        if (commit.Conversation is { } said && said.ExpectedVersion != (Conversation(said.PersonId)?.Version ?? 0)) return CommitResult.Conflict;
        var heads = commit.Streams.Select(s => (Write: s, Head: Head(s.StreamId))).ToList();
        if (heads.Any(h => h.Write.ExpectedVersion != h.Head.Version)) return CommitResult.Conflict;
        if (heads.Any(h => IsNameTaken(h.Write, h.Head.Document, commit))) return CommitResult.NameTaken;

        foreach (var (write, head) in heads) Append(write, head);
        if (commit.Conversation is { } spoken)
        {
            var line = new JournalLine.Spoke(spoken.PersonId, spoken.ExpectedVersion + 1, spoken.Json, spoken.Turn);
            _conversations[spoken.PersonId] = HotState.After(Conversation(spoken.PersonId), line);
            _lines.Add(line);
        }
        foreach (var m in commit.Messages)
        {
            var message = new OutboxMessage(++Sequence, m.Id, m.ToId, m.Channel, m.Body, m.NotBefore);
            _messages[m.Id] = message;
            _lines.Add(new JournalLine.Queued(message));
        }
        if (commit.Contact is { } contact) Reach(contact);
        if (commit.ActedOn is { } pressed && Card(pressed) is { ActedAt: null } card && card.PersonId == commit.Conversation?.PersonId) Show(card with { ActedAt = now });
        foreach (var line in commit.Transcript ?? []) Write(line);
        return CommitResult.Done;
    }

    public void Take(DeliveryMark mark)
    {
        if (Message(mark.MessageId) is { } message) Take(mark, message);
        foreach (var told in mark.ToldToo ?? [])
        {
            if (Message(told) is not null) Leave(told);
        }
        foreach (var card in mark.Cards ?? [])
        {
            // What is known of its reader stays known when the card is drawn again
            var before = Card(card.Id);
            Show(card with { SeenAt = card.SeenAt ?? before?.SeenAt, ActedAt = card.ActedAt ?? before?.ActedAt, Told = card.Told ?? before?.Told });
        }
        foreach (var seen in mark.Seen ?? [])
        {
            if (Card(seen) is { SeenAt: null } card) Show(card with { SeenAt = now });
        }
        if (mark.Contact is { } contact) Reach(contact);
        foreach (var line in mark.Transcript ?? []) Write(line);
    }

    public void Take(string setting, string value) => _lines.Add(new JournalLine.Set(setting, value));

    private void Take(DeliveryMark mark, OutboxMessage message)
    {
        var next = mark.State switch
        {
            DeliveryState.Sending => message with { Attempts = message.Attempts + 1, MayHaveArrived = message.MayHaveArrived + 1, FirstTriedAt = message.FirstTriedAt ?? now },
            // Waiting is said of a try that was announced by Sending, or of none (a channel without a service behind it)
            DeliveryState.Waiting => message with { NotBefore = mark.NotBefore ?? message.NotBefore, MayHaveArrived = Math.Max(0, message.MayHaveArrived - 1) },
            DeliveryState.Unknown => message with { NotBefore = mark.NotBefore ?? message.NotBefore },
            DeliveryState.PutOff => message with { NotBefore = mark.NotBefore ?? message.NotBefore, PutOff = true },
            _ => null,
        };
        if (next is not null)
        {
            _messages[message.Id] = next;
            _lines.Add(new JournalLine.Tried(next.Id, next.NotBefore, next.Attempts, next.MayHaveArrived, next.FirstTriedAt, next.PutOff));
            return;
        }
        Leave(message.Id);
        if (mark.State == DeliveryState.Bounced)
        {
            file.Bounced.Insert(Documents.Of(new BouncedMessage(message.Id, message.ToId, message.Body, mark.Why ?? "", now), ++Sequence));
        }
    }

    private StoredConversation? Conversation(string personId)
    {
        if (_conversations.TryGetValue(personId, out var staged)) return staged;
        if (hot.Conversation(personId) is { } known) return known;
        if (file.Conversations.FindById(Key.Of(personId)) is not { } kept) return null;
        var conversation = Documents.ToConversation(kept);
        hot.Remember(conversation);
        return conversation;
    }

    private void Leave(string messageId)
    {
        _messages[messageId] = null;
        _lines.Add(new JournalLine.Left(messageId));
    }

    private void Show(SentCard card)
    {
        _cards[card.Id] = card;
        _lines.Add(new JournalLine.Shown(card));
    }

    private SentCard? Card(string id) => _cards.GetValueOrDefault(id) ?? hot.UnfoldedCard(id) ?? (file.Cards.FindById(Key.Of(id)) is { } kept ? Documents.ToSentCard(kept) : null);

    private OutboxMessage? Message(string id) => _messages.TryGetValue(id, out var staged) ? staged : hot.Message(id);

    private (long Version, string Hash, BsonDocument? Document) Head(string streamId) =>
        file.Snapshots.FindById(Key.Of(streamId)) is { } d ? (d["v"].AsInt64, d["h"].AsString, d) : (0, AuditChain.Start, null);

    /// <summary>A name belongs to one app: its request to create it, the app itself, and requests about it share the app's id.</summary>
    private bool IsNameTaken(StreamWrite write, BsonDocument? before, Commit commit)
    {
        if (write.Keys is not { IsOpen: true, Name.Length: > 0 }) return false;
        // What holds its name already keeps it
        if (before is not null && before["open"].AsBoolean && before["name"].AsString == write.Keys.Name && before["app"].AsString == write.Keys.AppId) return false;
        if (commit.Streams.Any(s => s.Keys.IsOpen && s.Keys.Name == write.Keys.Name && s.Keys.AppId != write.Keys.AppId)) return true;
        return file.Snapshots.Find(Queries.Any("names", Key.Of(write.Keys.Name)))
            .Any(d => d["app"].AsString != write.Keys.AppId && d["name"].AsString == write.Keys.Name
                && !commit.Streams.Any(s => s.StreamId == d["s"].AsString));
    }

    private void Append(StreamWrite write, (long Version, string Hash, BsonDocument? Document) head)
    {
        var (version, hash) = (head.Version, head.Hash);
        var events = new List<BsonDocument>(write.EventsJson.Count);
        foreach (var json in write.EventsJson)
        {
            version++;
            var chained = new StoredEvent(write.StreamId, version, now, json, hash, AuditChain.EventHash(write.StreamId, version, now, json, hash));
            hash = chained.Hash;
            events.Add(Documents.Of(chained));
        }
        file.Events.Insert(events);
        var counter = file.Counters.FindById(Counter.Audit) ?? new BsonDocument { ["_id"] = Counter.Audit, ["streams"] = 0L, ["events"] = 0L };
        counter["streams"] = counter["streams"].AsInt64 + (head.Document is null ? 1 : 0);
        counter["events"] = counter["events"].AsInt64 + events.Count;
        file.Counters.Upsert(counter);
        file.Snapshots.Upsert(Documents.Of(new StoredSnapshot(write.StreamId, version, write.SnapshotJson, write.Keys), hash, counter["events"].AsInt64));
        _wroteElsewhere = true;
    }

    /// <summary>Writes a contact only when something about it is new: a line per turn would say the same again and again.</summary>
    private void Reach(Contact contact)
    {
        var latest = _contacts.GetValueOrDefault((contact.PersonId, "")) ?? Latest(contact.PersonId);
        if (latest == contact) return;
        // A contact found dead is not one that was used
        var known = _contacts.GetValueOrDefault((contact.PersonId, contact.Channel)) ?? hot.Contacts(contact.PersonId).FirstOrDefault(c => c.Channel == contact.Channel);
        if (contact.Dead && known == contact) return;
        _contacts[(contact.PersonId, contact.Channel)] = contact;
        if (!contact.Dead) _contacts[(contact.PersonId, "")] = contact;
        _lines.Add(new JournalLine.Reached(contact, ++Sequence));
    }

    private Contact? Latest(string personId) => hot.Contacts(personId) is [var latest, ..] ? latest : null;

    private void Write(NewTranscriptLine line)
    {
        var sequence = ++Sequence;
        var earlier = file.Transcript.FindById(Key.Of(line.PersonId, line.Id));
        file.Transcript.Upsert(Documents.Of(new TranscriptLine(
            line.PersonId, sequence, earlier?["pos"].AsInt64 ?? sequence, line.Id, line.FromPerson, line.Json, line.At)));
        _wroteElsewhere = true;
    }
}

/// <summary>Ids in the collection of counters.</summary>
internal static class Counter
{
    public const string Audit = "audit";
    public const string Sequence = "sequence";
    public const string Anchored = "anchored";
    public const string Born = "born";
}
