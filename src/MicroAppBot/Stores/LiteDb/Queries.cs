using LiteDB;
using MicroAppBot.Desk;

namespace MicroAppBot.Stores.LiteDb;

/// <summary>The store's questions, each put to the index that makes it cost what it returns.</summary>
internal static class Queries
{
    public static BsonExpression Any(string array, string key) => BsonExpression.Create($"$.{array}[*] ANY = @0", key);

    public static IReadOnlyList<StoredSnapshot> Find(LiteDbFile file, SnapshotQuery query)
    {
        if (query.Limit <= 0) return [];
        var found = Candidates(file, query).Select(Documents.ToSnapshot).Where(s => Answers(s, query));
        // Only what is found by its due date, or listed by its id, comes in the order that is asked for
        if (query.DueBy is not null) return [.. found.Take(query.Limit).OrderBy(s => s.Keys.DueAt).ThenBy(s => s.StreamId, StringComparer.Ordinal)];
        return [.. found.OrderBy(s => s.StreamId, StringComparer.Ordinal).Take(query.Limit)];
    }

    public static DateTimeOffset? NextDue(LiteDbFile file) =>
        file.Snapshots.Find(BsonExpression.Create("$.due[*] ANY > @0", new BsonValue(0L)), limit: 1).FirstOrDefault() is { } d
            ? Documents.Time(d["due"].AsArray[0]) : null;

    /// <summary>Documents whose key lies under these parts, in order.</summary>
    public static IEnumerable<BsonDocument> Under(ILiteCollection<BsonDocument> collection, string joined, int limit = int.MaxValue)
    {
        var (from, to) = Key.Under(joined);
        return collection.Find(BsonExpression.Create("$._id BETWEEN @0 AND @1", from, to), limit: limit);
    }

    /// <summary>Ids of all streams after the one given: of those that have a snapshot and of those that have only events.</summary>
    public static IReadOnlyList<string> Streams(LiteDbFile file, string? after, int limit)
    {
        var ids = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var last = after is null ? "" : Key.Of(after);
        foreach (var d in file.Snapshots.Find(BsonExpression.Create("$._id > @0", last), limit: limit)) ids[d["_id"].AsString] = d["s"].AsString;
        var from = after is null ? "" : Key.Under(last).To;
        for (var i = 0; i < limit; i++)
        {
            // The first event of the next stream: one seek for each
            if (file.Events.Find(BsonExpression.Create("$._id > @0", from), limit: 1).FirstOrDefault() is not { } d) break;
            var key = Key.Of(d["s"].AsString);
            ids[key] = d["s"].AsString;
            from = Key.Under(key).To;
        }
        return [.. ids.Values.Take(limit)];
    }

    public static IReadOnlyList<SentCard> CardsAbout(LiteDbFile file, HotState hot, CardSubject subject, string? personId)
    {
        var joined = Subject(subject);
        if (personId is not null) joined += '\u001f' + Key.Of(personId);
        var cards = Under(file.CardsAbout, joined).Select(d => Documents.ToSentCard(file.Cards.FindById(d["c"]))).ToDictionary(c => c.Id, StringComparer.Ordinal);
        foreach (var card in hot.UnfoldedCards().Where(c => c.About == subject && (personId is null || c.PersonId == personId))) cards[card.Id] = card;
        return [.. cards.Values.OrderBy(c => c.At).ThenBy(c => c.Id, StringComparer.Ordinal)];
    }

    public static IReadOnlyList<SentCard> CardsOf(LiteDbFile file, HotState hot, string personId, DateTimeOffset since, int limit)
    {
        var (from, to) = (Key.Of(personId, since.UtcTicks), Key.Of(personId, long.MaxValue));
        var cards = file.Cards.Find(BsonExpression.Create("$.pa BETWEEN @0 AND @1", from, to)).Select(Documents.ToSentCard).ToDictionary(c => c.Id, StringComparer.Ordinal);
        foreach (var card in hot.UnfoldedCards().Where(c => c.PersonId == personId && c.At >= since)) cards[card.Id] = card;
        return [.. cards.Values.OrderByDescending(c => c.At).ThenByDescending(c => c.Id, StringComparer.Ordinal).Take(limit)];
    }

    public static string Subject(CardSubject subject) => Key.Of(subject.Kind, subject.Id);

    public static IReadOnlyList<TranscriptLine> Transcript(LiteDbFile file, string? personId, long after, int limit)
    {
        if (personId is null) return [.. file.Transcript.Find(BsonExpression.Create("$.q > @0", new BsonValue(after)), limit: limit).Select(Documents.ToLine)];
        var (from, to) = (Key.Of(personId, after + 1), Key.Of(personId, long.MaxValue));
        return [.. file.Transcript.Find(BsonExpression.Create("$.o BETWEEN @0 AND @1", from, to), limit: limit).Select(Documents.ToLine)];
    }

    private static IEnumerable<BsonDocument> Candidates(LiteDbFile file, SnapshotQuery query)
    {
        var snapshots = file.Snapshots;
        // DueBy decides the order, so it goes before narrower questions; then what names one app before what names a person
        if (query.DueBy is { } due) return snapshots.Find(BsonExpression.Create("$.due[*] ANY <= @0", new BsonValue(due.UtcTicks)));
        if (query is { Name.Length: > 0, IsOpen: true }) return snapshots.Find(Any("names", Key.Of(query.Name)));
        if (query.AppId is { } app) return snapshots.Find(Any("apps", Key.Of(app)));
        if (query.Waiting is { } waiting) return snapshots.Find(Any("waiting", Key.Of(waiting)));
        if (query.Owner is { } owner) return snapshots.Find(Any("owners", Key.Of(owner)));
        if (query.Kind is null && query.IsOpen is null && query.After is null) return snapshots.Find(Query.All("_id"));
        // Lists run by kind and open or not, then by id: each is read no further than it is asked for
        string[] kinds = query.Kind is { } kind ? [kind] : ["app", "request"];
        bool[] opens = query.IsOpen is { } open ? [open] : [true, false];
        // The one it goes on behind is found again, and left out below
        var limit = query.Name is not null ? int.MaxValue : query.After is null ? query.Limit : query.Limit + 1;
        var from = query.After is { } after ? Key.Of(after) : "";
        return kinds.SelectMany(k => opens.Select(o => Documents.ListPrefix(k, o)))
            .SelectMany(p => snapshots.Find(BsonExpression.Create("$.list BETWEEN @0 AND @1", p + from, p + '\uffff'), limit: limit));
    }

    private static bool Answers(StoredSnapshot s, SnapshotQuery query) =>
        (query.Kind is null || s.Keys.Kind == query.Kind)
        && (query.IsOpen is null || s.Keys.IsOpen == query.IsOpen)
        && (query.Name is null || s.Keys.Name == query.Name)
        && (query.Owner is null || s.Keys.Owners.Contains(query.Owner, StringComparer.Ordinal))
        && (query.Waiting is null || s.Keys.Waiting.Contains(query.Waiting, StringComparer.Ordinal))
        && (query.AppId is null || s.Keys.AppId == query.AppId)
        && (query.DueBy is null || s.Keys.DueAt <= query.DueBy)
        && (query.After is null || string.CompareOrdinal(Key.Of(s.StreamId), Key.Of(query.After)) > 0);
}
