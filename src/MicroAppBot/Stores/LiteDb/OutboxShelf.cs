using MicroAppBot.Desk;

namespace MicroAppBot.Stores.LiteDb;

/// <summary>
/// The undelivered messages, in memory: each recipient's in order, and the first of each by the time it is due, so that
/// asking for what is due costs what is due. What was put off stands in a row of its own, and holds nothing up. Not safe for
/// several threads at once.
/// </summary>
internal sealed class OutboxShelf
{
    private readonly Dictionary<string, OutboxMessage> _all = new(StringComparer.Ordinal);
    private readonly Dictionary<(string ToId, bool PutOff), SortedDictionary<long, OutboxMessage>> _lanes = [];
    private readonly SortedSet<OutboxMessage> _first = new(Comparer<OutboxMessage>.Create((a, b) =>
        a.NotBefore != b.NotBefore ? a.NotBefore.CompareTo(b.NotBefore) : a.Sequence.CompareTo(b.Sequence)));

    public OutboxMessage? Find(string id) => _all.GetValueOrDefault(id);

    /// <summary>Adds a message, or puts it in the place of the one with its id.</summary>
    public void Put(OutboxMessage message)
    {
        if (_all.TryGetValue(message.Id, out var before) && before.PutOff != message.PutOff) Remove(message.Id);
        var lane = TakeFirstOf(message);
        lane[message.Sequence] = message;
        _all[message.Id] = message;
        _first.Add(lane.First().Value);
    }

    public void Remove(string id)
    {
        if (!_all.Remove(id, out var message)) return;
        var lane = TakeFirstOf(message);
        lane.Remove(message.Sequence);
        if (lane.Count == 0) _lanes.Remove((message.ToId, message.PutOff));
        else _first.Add(lane.First().Value);
    }

    public IReadOnlyList<OutboxMessage> For(string recipient) =>
        [.. Lane(recipient, false).Concat(Lane(recipient, true)).OrderBy(m => m.Sequence)];

    public IReadOnlyList<OutboxMessage> Due(DateTimeOffset now, int limit) =>
        [.. _first.TakeWhile(m => m.NotBefore <= now).Take(limit).OrderBy(m => m.Sequence)];

    public DateTimeOffset? Next => _first.Min?.NotBefore;

    private IEnumerable<OutboxMessage> Lane(string recipient, bool putOff) => _lanes.TryGetValue((recipient, putOff), out var lane) ? lane.Values : [];

    private SortedDictionary<long, OutboxMessage> TakeFirstOf(OutboxMessage message)
    {
        if (!_lanes.TryGetValue((message.ToId, message.PutOff), out var lane)) return _lanes[(message.ToId, message.PutOff)] = [];
        _first.Remove(lane.First().Value);
        return lane;
    }
}
