using MicroAppBot.Desk;

namespace MicroAppBot.Tests.Channels.Console;

/// <summary>The part of the store that the console uses, kept in memory by the same rules.</summary>
internal sealed class MemoryStore : IStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Person, string Id), TranscriptLine> _lines = [];
    private readonly Dictionary<string, string> _settings = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SentCard> _cards = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StoredSnapshot> _snapshots = new(StringComparer.Ordinal);
    private long _sequence;

    public DateTimeOffset? NextDue { get; set; }

    public List<Contact> Contacts { get; } = [];

    public void Put(StoredSnapshot snapshot)
    {
        lock (_gate) _snapshots[snapshot.StreamId] = snapshot;
    }

    public ValueTask<IReadOnlyList<StoredSnapshot>> FindAsync(SnapshotQuery query, CancellationToken cancel = default)
    {
        lock (_gate)
        {
            return new([.. _snapshots.Values.Where(s => (query.Kind is null || s.Keys.Kind == query.Kind) && (query.IsOpen is null || s.Keys.IsOpen == query.IsOpen)).Take(query.Limit)]);
        }
    }

    public ValueTask<DateTimeOffset?> NextDueAsync(CancellationToken cancel = default) => new(NextDue);

    public Task<CommitResult> CommitAsync(Commit commit, CancellationToken cancel = default)
    {
        lock (_gate)
        {
            if (commit.Contact is { } contact) Contacts.Add(contact);
            foreach (var line in commit.Transcript ?? []) Write(line);
        }
        return Task.FromResult(CommitResult.Done);
    }

    public Task MarkAsync(DeliveryMark mark, CancellationToken cancel = default)
    {
        lock (_gate)
        {
            foreach (var card in mark.Cards ?? []) _cards[card.Id] = card;
            foreach (var line in mark.Transcript ?? []) Write(line);
        }
        return Task.CompletedTask;
    }

    public ValueTask<SentCard?> SentCardAsync(string id, CancellationToken cancel = default)
    {
        lock (_gate) return new(_cards.GetValueOrDefault(id));
    }

    public ValueTask<IReadOnlyList<TranscriptLine>> TranscriptAsync(string? personId, long after, int limit, CancellationToken cancel = default)
    {
        lock (_gate)
        {
            return new([.. _lines.Values.Where(l => (personId is null || l.PersonId == personId) && l.Sequence > after).OrderBy(l => l.Sequence).Take(limit)]);
        }
    }

    public ValueTask<string?> SettingAsync(string key, CancellationToken cancel = default)
    {
        lock (_gate) return new(_settings.GetValueOrDefault(key));
    }

    public Task SaveSettingAsync(string key, string value, CancellationToken cancel = default)
    {
        lock (_gate) _settings[key] = value;
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public ValueTask<StoredConversation?> ConversationAsync(string personId, CancellationToken cancel = default) => throw new NotSupportedException();

    public ValueTask<StoredSnapshot?> SnapshotAsync(string streamId, CancellationToken cancel = default) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<StoredEvent>> EventsAsync(string streamId, CancellationToken cancel = default) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<string>> StreamsAsync(string? after, int limit, CancellationToken cancel = default) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<Contact>> ContactsAsync(string personId, CancellationToken cancel = default) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<OutboxMessage>> DueMessagesAsync(DateTimeOffset now, int limit, CancellationToken cancel = default) => throw new NotSupportedException();

    public ValueTask<DateTimeOffset?> NextMessageAsync(CancellationToken cancel = default) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<SentCard>> SentCardsAsync(CardSubject subject, string? personId = null, CancellationToken cancel = default) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<BouncedMessage>> BouncedAsync(int limit, CancellationToken cancel = default) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<AuditAnchor>> AnchorsAsync(CancellationToken cancel = default) => throw new NotSupportedException();

    public ValueTask<AuditTotals> TotalsAsync(CancellationToken cancel = default) => throw new NotSupportedException();

    private void Write(NewTranscriptLine line)
    {
        var key = (line.PersonId, line.Id);
        var sequence = ++_sequence;
        var position = _lines.TryGetValue(key, out var earlier) ? earlier.Position : sequence;
        _lines[key] = new TranscriptLine(line.PersonId, sequence, position, line.Id, line.FromPerson, line.Json, line.At);
    }
}
