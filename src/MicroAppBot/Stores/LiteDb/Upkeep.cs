using LiteDB;
using MicroAppBot.Desk;

namespace MicroAppBot.Stores.LiteDb;

/// <summary>What the store does for itself between batches: loading, folding the journal, daily anchors.</summary>
internal static class Upkeep
{
    /// <summary>An anchor is one document, and a document has at most 16 MB.</summary>
    private const int HeadsPerAnchor = 20_000;

    /// <summary>Reads what is kept in memory, and applies the journal to it.</summary>
    /// <returns>The journal's number of lines, and its last batch.</returns>
    public static (HotState Hot, long LastBatch) Load(LiteDbFile file)
    {
        var hot = new HotState { Sequence = file.Counters.FindById(Counter.Sequence)?["n"].AsInt64 ?? 0 };
        hot.Load(
            file.Outbox.FindAll().Select(Documents.ToMessage).OrderBy(m => m.Sequence).ToList(),
            file.Contacts.FindAll().Select(d => (Documents.ToContact(d), d["q"].AsInt64)).ToList(),
            file.Settings.FindAll().Select(d => (d["n"].AsString, d["v"].AsString)).ToList());
        var last = 0L;
        foreach (var batch in file.Journal.Find(Query.All("_id")).ToList())
        {
            hot.Apply([.. batch["lines"].AsArray.Select(l => JournalLine.FromBson(l.AsDocument))], person => Conversation(file, person));
            hot.Sequence = Math.Max(hot.Sequence, batch["n"].AsInt64);
            last = batch["_id"].AsInt64;
        }
        return (hot, last);
    }

    public static StoredConversation? Conversation(LiteDbFile file, string personId) =>
        file.Conversations.FindById(Key.Of(personId)) is { } d ? Documents.ToConversation(d) : null;

    /// <summary>When the store was opened first.</summary>
    public static DateTimeOffset Born(LiteDbFile file, DateTimeOffset now)
    {
        if (file.Counters.FindById(Counter.Born) is { } known) return Documents.Time(known["t"]);
        file.InTransaction(() =>
        {
            file.Counters.Insert(new BsonDocument { ["_id"] = Counter.Born, ["t"] = now.UtcTicks });
            return true;
        });
        return now;
    }

    /// <summary>Brings what the journal holds into the collections, in one transaction, and empties it.</summary>
    public static void Fold(LiteDbFile file, HotState hot)
    {
        var unfolded = hot.Unfolded;
        file.InTransaction(() =>
        {
            foreach (var conversation in unfolded.Conversations.Values) file.Conversations.Upsert(Documents.Of(conversation));
            foreach (var (contact, sequence) in unfolded.Contacts.Values) file.Contacts.Upsert(Documents.Of(contact, sequence));
            foreach (var id in unfolded.Messages.Where(id => hot.Message(id) is not null)) file.Outbox.Upsert(Documents.Of(hot.Message(id)!));
            foreach (var id in unfolded.Gone) file.Outbox.Delete(Key.Of(id));
            foreach (var (name, value) in unfolded.Settings) file.Settings.Upsert(new BsonDocument { ["_id"] = Key.Of(name), ["n"] = name, ["v"] = value });
            foreach (var card in unfolded.Cards.Values)
            {
                file.Cards.Upsert(Documents.Of(card));
                if (card.About is { } about) file.CardsAbout.Upsert(new BsonDocument { ["_id"] = string.Join('\u001f', Queries.Subject(about), Key.Of(card.PersonId), Key.Of(card.Id)), ["c"] = Key.Of(card.Id) });
            }
            file.Counters.Upsert(new BsonDocument { ["_id"] = Counter.Sequence, ["n"] = hot.Sequence });
            file.Journal.DeleteAll();
            return true;
        });
        hot.Folded();
    }

    public static AuditTotals Totals(LiteDbFile file) =>
        file.Counters.FindById(Counter.Audit) is { } d ? new AuditTotals(d["streams"].AsInt64, d["events"].AsInt64) : new AuditTotals(0, 0);

    public static AuditAnchor? LastAnchor(LiteDbFile file) =>
        file.Anchors.Find(Query.All("_id", Query.Descending), limit: 1).FirstOrDefault() is { } d ? Documents.ToAnchor(d) : null;

    /// <summary>Anchors the ends of the streams that grew since the last anchor; nothing when none did.</summary>
    public static void Anchor(LiteDbFile file, DateTimeOffset now) => file.InTransaction(() =>
    {
        var done = file.Counters.FindById(Counter.Anchored)?["events"].AsInt64 ?? 0;
        var grown = file.Snapshots.Find(BsonExpression.Create("$.q > @0", new BsonValue(done))).ToList();
        if (grown.Count == 0) return false;
        var last = LastAnchor(file);
        var (number, previous) = (last?.Number ?? 0, last?.Hash ?? AuditChain.Start);
        foreach (var part in grown.Select(d => new AnchoredHead(d["s"].AsString, d["v"].AsInt64, d["h"].AsString))
            .OrderBy(h => h.StreamId, StringComparer.Ordinal).Chunk(HeadsPerAnchor))
        {
            number++;
            var hash = AuditChain.AnchorHash(number, now, part, previous);
            file.Anchors.Insert(Documents.Of(new AuditAnchor(number, now, part, previous, hash)));
            previous = hash;
        }
        file.Counters.Upsert(new BsonDocument { ["_id"] = Counter.Anchored, ["events"] = Totals(file).Events });
        return true;
    });
}
