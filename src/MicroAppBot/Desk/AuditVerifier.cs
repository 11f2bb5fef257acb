using System.Globalization;
using System.Text.Json.Nodes;

namespace MicroAppBot.Desk;

/// <summary>
/// Proves what the store holds: chains, anchors, and that the events add up to the stored states. Works on every store,
/// also while the bot runs: what is written meanwhile is let be.
/// </summary>
public sealed class AuditVerifier(IStore store, AuditFold fold)
{
    private const int Page = 200;

    private readonly List<AuditFault> _faults = [];
    private readonly Dictionary<string, List<(long Anchor, AnchoredHead Head)>> _anchored = new(StringComparer.Ordinal);
    private long _streams, _events, _snapshots;

    public async Task<AuditReport> VerifyAsync(CancellationToken cancel = default)
    {
        var before = await store.TotalsAsync(cancel);
        var anchors = await store.AnchorsAsync(cancel);
        VerifyAnchors(anchors);
        for (string? after = null; await store.StreamsAsync(after, Page, cancel) is { Count: > 0 } page; after = page[^1])
        {
            foreach (var streamId in page) await VerifyStreamAsync(streamId, cancel);
        }
        foreach (var (streamId, heads) in _anchored)
        {
            Fault(streamId, $"the whole stream is missing; anchor {heads[^1].Anchor} held it with {heads[^1].Head.Version} events");
        }
        VerifyTotals(before, await store.TotalsAsync(cancel));
        return new AuditReport(_streams, _events, anchors.Count, _snapshots, _faults);
    }

    private void VerifyAnchors(IReadOnlyList<AuditAnchor> anchors)
    {
        var (number, previous) = (0L, AuditChain.Start);
        foreach (var anchor in anchors)
        {
            var where = $"anchor {anchor.Number} of {Time(anchor.At)}";
            if (anchor.Number != number + 1) Fault(where, $"the anchor before it should be number {anchor.Number - 1}, and is {(number == 0 ? "not there" : $"number {number}")}");
            else if (anchor.PreviousHash != previous) Fault(where, "it does not follow from the anchor before it");
            if (AuditChain.AnchorHash(anchor.Number, anchor.At, anchor.Heads, anchor.PreviousHash) != anchor.Hash) Fault(where, "it was changed after it was written");
            (number, previous) = (anchor.Number, anchor.Hash);
            foreach (var head in anchor.Heads)
            {
                if (!_anchored.TryGetValue(head.StreamId, out var heads)) _anchored[head.StreamId] = heads = [];
                heads.Add((anchor.Number, head));
            }
        }
    }

    private async Task VerifyStreamAsync(string streamId, CancellationToken cancel)
    {
        var (snapshot, events) = await ReadAsync(streamId, cancel);
        _streams++;
        _events += events.Count;
        var isWhole = VerifyChain(streamId, events);
        if (_anchored.Remove(streamId, out var heads)) VerifyHeads(streamId, events, heads);
        if (snapshot is null)
        {
            Fault(streamId, $"its stored state is missing; there are {events.Count} events");
            return;
        }
        _snapshots++;
        if (snapshot.Version != events.Count)
        {
            Fault(streamId, $"its stored state is that after {snapshot.Version} events, and {events.Count} are there");
            return;
        }
        if (isWhole) VerifyState(streamId, snapshot, events);
    }

    /// <summary>A stream that is written to meanwhile is read again until both parts are of the same moment.</summary>
    private async Task<(StoredSnapshot?, IReadOnlyList<StoredEvent>)> ReadAsync(string streamId, CancellationToken cancel)
    {
        for (var attempt = 0; ; attempt++)
        {
            var snapshot = await store.SnapshotAsync(streamId, cancel);
            var events = await store.EventsAsync(streamId, cancel);
            if (attempt == 5 || (await store.SnapshotAsync(streamId, cancel))?.Version == snapshot?.Version) return (snapshot, events);
        }
    }

    private bool VerifyChain(string streamId, IReadOnlyList<StoredEvent> events)
    {
        var (version, previous, isWhole) = (0L, AuditChain.Start, true);
        foreach (var each in events)
        {
            var where = $"event {each.Version} of {Time(each.At)}";
            if (each.Version != version + 1) isWhole = Fault(streamId, each.Version == version + 2 ? $"event {version + 1} is missing" : $"events {version + 1} to {each.Version - 1} are missing");
            else if (each.PreviousHash != previous) isWhole = Fault(streamId, $"{where} does not follow from the one before it");
            if (AuditChain.EventHash(streamId, each.Version, each.At, each.Json, each.PreviousHash) != each.Hash) isWhole = Fault(streamId, $"{where} was changed after it was written");
            (version, previous) = (each.Version, each.Hash);
        }
        return isWhole;
    }

    private void VerifyHeads(string streamId, IReadOnlyList<StoredEvent> events, List<(long Anchor, AnchoredHead Head)> heads)
    {
        foreach (var (anchor, head) in heads)
        {
            var found = events.FirstOrDefault(e => e.Version == head.Version);
            if (found is null) Fault(streamId, $"event {head.Version}, which anchor {anchor} held, is missing");
            else if (found.Hash != head.Hash) Fault(streamId, $"event {head.Version} is not the one that anchor {anchor} held");
        }
    }

    private void VerifyState(string streamId, StoredSnapshot snapshot, IReadOnlyList<StoredEvent> events)
    {
        try
        {
            if (fold(streamId, events) is not { } folded) Fault(streamId, "nobody here knows how its events add up");
            else if (!JsonNode.DeepEquals(JsonNode.Parse(snapshot.Json), folded.State)) Fault(streamId, "its stored state is not what its events add up to");
            else if (snapshot.Keys.State != folded.Name) Fault(streamId, $"it is listed as {snapshot.Keys.State}, and its events make it {folded.Name}");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Fault(streamId, $"its events cannot be added up: {e.Message}");
        }
    }

    private void VerifyTotals(AuditTotals before, AuditTotals after)
    {
        Compare(_streams, before.Streams, after.Streams, "streams");
        Compare(_events, before.Events, after.Events, "events");

        void Compare(long found, long least, long most, string what)
        {
            if (found < least || found > most) Fault("the store", string.Create(CultureInfo.InvariantCulture, $"{least:N0} {what} were written, and {found:N0} are there"));
        }
    }

    private bool Fault(string where, string what)
    {
        _faults.Add(new AuditFault(where, what));
        return false;
    }

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
