using LiteDB;
using MicroAppBot.Desk;

namespace MicroAppBot.Stores.LiteDb;

/// <summary>
/// Records as LiteDB documents, by hand: LiteDB's mapper trims strings, turns empty ones into null, and keeps times without
/// their offset. Times lie as UTC ticks, ids as <see cref="Key"/>s with the id itself beside them.
/// </summary>
internal static class Documents
{
    public static BsonValue Ticks(DateTimeOffset? time) => time is { } t ? new BsonValue(t.UtcTicks) : BsonValue.Null;

    public static DateTimeOffset Time(BsonValue ticks) => new(ticks.AsInt64, TimeSpan.Zero);

    public static DateTimeOffset? TimeOrNull(BsonValue ticks) => ticks.IsNull ? null : Time(ticks);

    public static string? Text(BsonValue text) => text.IsNull ? null : text.AsString;

    public static BsonDocument With(this BsonDocument document, string name, BsonValue value)
    {
        document[name] = value;
        return document;
    }

    public static BsonDocument Of(StoredConversation c) => new()
    {
        ["_id"] = Key.Of(c.PersonId),
        ["p"] = c.PersonId,
        ["v"] = c.Version,
        ["j"] = c.Json,
        ["h"] = new BsonArray(c.Handled.Select(h => new BsonDocument { ["t"] = h.TurnId, ["r"] = h.ReplyJson })),
    };

    public static StoredConversation ToConversation(BsonDocument d) => new(
        d["p"].AsString, d["j"].AsString, [.. d["h"].AsArray.Select(h => new HandledTurn(h["t"].AsString, Text(h["r"])))], d["v"].AsInt64);

    public static BsonDocument Of(Contact c, long sequence) => new()
    {
        ["_id"] = Key.Of(c.PersonId, c.Channel),
        ["p"] = c.PersonId,
        ["c"] = c.Channel,
        ["a"] = c.Address,
        ["d"] = c.Dead,
        ["q"] = sequence,
    };

    public static Contact ToContact(BsonDocument d) => new(d["p"].AsString, d["c"].AsString, d["a"].AsString, d["d"].AsBoolean);

    public static BsonDocument Of(OutboxMessage m) => new()
    {
        ["_id"] = Key.Of(m.Id),
        ["i"] = m.Id,
        ["q"] = m.Sequence,
        ["to"] = m.ToId,
        ["c"] = m.Channel,
        ["b"] = DeskJson.Write(m.Body),
        ["nb"] = m.NotBefore.UtcTicks,
        ["n"] = m.Attempts,
        ["m"] = m.MayHaveArrived,
        ["f"] = Ticks(m.FirstTriedAt),
        ["po"] = m.PutOff,
    };

    public static OutboxMessage ToMessage(BsonDocument d) => new(
        d["q"].AsInt64, d["i"].AsString, d["to"].AsString, Text(d["c"]), DeskJson.Read<OutboxBody>(d["b"].AsString), Time(d["nb"]),
        d["n"].AsInt32, d["m"].AsInt32, TimeOrNull(d["f"]), d["po"] == true);

    public static BsonDocument Of(SentCard c) => new()
    {
        ["_id"] = Key.Of(c.Id),
        ["i"] = c.Id,
        ["p"] = c.PersonId,
        ["c"] = c.Channel,
        ["a"] = c.Address,
        ["m"] = c.ChannelMessageId,
        ["n"] = c.CardName,
        ["ak"] = c.About?.Kind,
        ["ai"] = c.About?.Id,
        ["at"] = c.At.UtcTicks,
        ["d"] = c.Drawn,
        ["pa"] = Key.Of(c.PersonId, c.At.UtcTicks),
        ["td"] = c.Told is null ? null : DeskJson.Write(c.Told),
        ["sn"] = Ticks(c.SeenAt),
        ["ac"] = Ticks(c.ActedAt),
    };

    public static SentCard ToSentCard(BsonDocument d) => new(
        d["i"].AsString, d["p"].AsString, d["c"].AsString, d["a"].AsString, Text(d["m"]), d["n"].AsString,
        d["ak"].IsNull ? null : new CardSubject(d["ak"].AsString, d["ai"].AsString), Time(d["at"]), Text(d["d"]),
        d["td"].IsNull ? null : DeskJson.Read<IReadOnlyList<Governance.Notices.Notice>>(d["td"].AsString), TimeOrNull(d["sn"]), TimeOrNull(d["ac"]));

    public static BsonDocument Of(StoredEvent e) => new()
    {
        ["_id"] = Key.Of(e.StreamId, e.Version),
        ["s"] = e.StreamId,
        ["v"] = e.Version,
        ["t"] = e.At.UtcTicks,
        ["j"] = e.Json,
        ["p"] = e.PreviousHash,
        ["h"] = e.Hash,
    };

    public static StoredEvent ToEvent(BsonDocument d) => new(
        d["s"].AsString, d["v"].AsInt64, Time(d["t"]), d["j"].AsString, d["p"].AsString, d["h"].AsString);

    /// <summary>What lies in an array is indexed by each of its elements, and an empty one not at all: a snapshot that is never due costs the sweep nothing.</summary>
    public static BsonDocument Of(StoredSnapshot s, string headHash, long eventNumber) => new()
    {
        ["_id"] = Key.Of(s.StreamId),
        ["s"] = s.StreamId,
        ["v"] = s.Version,
        ["j"] = s.Json,
        ["h"] = headHash,
        ["q"] = eventNumber,
        ["kind"] = s.Keys.Kind,
        ["state"] = s.Keys.State,
        ["open"] = s.Keys.IsOpen,
        ["name"] = s.Keys.Name,
        ["app"] = s.Keys.AppId,
        ["list"] = ListPrefix(s.Keys.Kind, s.Keys.IsOpen) + Key.Of(s.StreamId),
        ["names"] = s.Keys is { IsOpen: true, Name.Length: > 0 } ? new BsonArray { Key.Of(s.Keys.Name) } : [],
        ["apps"] = new BsonArray { Key.Of(s.Keys.AppId) },
        ["owners"] = new BsonArray(s.Keys.Owners.Select(o => new BsonValue(Key.Of(o)))),
        ["ownerIds"] = new BsonArray(s.Keys.Owners.Select(o => new BsonValue(o))),
        ["waiting"] = new BsonArray(s.Keys.Waiting.Select(w => new BsonValue(Key.Of(w)))),
        ["waitingIds"] = new BsonArray(s.Keys.Waiting.Select(w => new BsonValue(w))),
        ["due"] = s.Keys.DueAt is { } due ? new BsonArray { due.UtcTicks } : [],
    };

    public static string ListPrefix(string kind, bool isOpen) => Key.Of(kind) + (isOpen ? "\u001f+" : "\u001f-");

    public static StoredSnapshot ToSnapshot(BsonDocument d) => new(d["s"].AsString, d["v"].AsInt64, d["j"].AsString, new SnapshotKeys(
        d["kind"].AsString, d["state"].AsString, d["open"].AsBoolean, d["name"].AsString,
        [.. d["ownerIds"].AsArray.Select(o => o.AsString)], [.. d["waitingIds"].AsArray.Select(w => w.AsString)], d["app"].AsString,
        d["due"].AsArray is [var due] ? Time(due) : null));

    public static BsonDocument Of(TranscriptLine l) => new()
    {
        ["_id"] = Key.Of(l.PersonId, l.Id),
        ["p"] = l.PersonId,
        ["i"] = l.Id,
        ["q"] = l.Sequence,
        ["o"] = Key.Of(l.PersonId, l.Sequence),
        ["pos"] = l.Position,
        ["me"] = l.FromPerson,
        ["j"] = l.Json,
        ["at"] = l.At.UtcTicks,
    };

    public static TranscriptLine ToLine(BsonDocument d) => new(
        d["p"].AsString, d["q"].AsInt64, d["pos"].AsInt64, d["i"].AsString, d["me"].AsBoolean, d["j"].AsString, Time(d["at"]));

    public static BsonDocument Of(BouncedMessage b, long sequence) => new()
    {
        ["_id"] = sequence,
        ["i"] = b.Id,
        ["to"] = b.ToId,
        ["b"] = DeskJson.Write(b.Body),
        ["w"] = b.Why,
        ["at"] = b.At.UtcTicks,
    };

    public static BouncedMessage ToBounced(BsonDocument d) => new(
        d["i"].AsString, d["to"].AsString, DeskJson.Read<OutboxBody>(d["b"].AsString), d["w"].AsString, Time(d["at"]));

    public static BsonDocument Of(AuditAnchor a) => new()
    {
        ["_id"] = a.Number,
        ["at"] = a.At.UtcTicks,
        ["p"] = a.PreviousHash,
        ["h"] = a.Hash,
        ["heads"] = new BsonArray(a.Heads.Select(h => new BsonDocument { ["s"] = h.StreamId, ["v"] = h.Version, ["h"] = h.Hash })),
    };

    public static AuditAnchor ToAnchor(BsonDocument d) => new(
        d["_id"].AsInt64, Time(d["at"]), [.. d["heads"].AsArray.Select(h => new AnchoredHead(h["s"].AsString, h["v"].AsInt64, h["h"].AsString))],
        d["p"].AsString, d["h"].AsString);
}
