using MicroAppBot.Desk;
using Microsoft.Extensions.Logging;

namespace MicroAppBot.Stores.LiteDb;

/// <summary>
/// The embedded store: one LiteDB file for one process. A commit is acknowledged when it is on disk. Everything that
/// touches the file runs on one thread of its own; conversations at hand, contacts and the outbox are answered from memory.
/// </summary>
public sealed partial class LiteDbStore : IStore
{
    private readonly DataFolder _folder;
    private readonly StoreThread _thread;
    private readonly TimeProvider _time;
    private int _disposed;

    private LiteDbStore(DataFolder folder, StoreThread thread, TimeProvider time) => (_folder, _thread, _time) = (folder, thread, time);

    /// <param name="time">The system clock.</param>
    /// <exception cref="StoreInUseException">Another process has the folder.</exception>
    /// <exception cref="StoreDamagedException">The file cannot be read; it is left as it is.</exception>
    public static LiteDbStore Open(LiteDbSettings settings, TimeProvider time, ILogger<LiteDbStore> log)
    {
        var folder = new DataFolder(settings.Folder);
        try
        {
            try
            {
                return new LiteDbStore(folder, new StoreThread(folder, settings, time, log), time);
            }
            catch (StoreDamagedException e) when (settings.RestoreLastBackup)
            {
                if (folder.RestoreLastBackup(time.GetUtcNow()) is not { } restored) throw;
                Restored(log, e, restored.Backup, restored.Kept);
                return new LiteDbStore(folder, new StoreThread(folder, settings, time, log), time);
            }
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    public async ValueTask<StoredConversation?> ConversationAsync(string personId, CancellationToken cancel = default)
    {
        if (_thread.Hot.Conversation(personId) is { } known) return known;
        return await AskAsync((file, hot) =>
        {
            if (hot.Conversation(personId) is { } meanwhile) return meanwhile;
            var kept = Upkeep.Conversation(file, personId);
            if (kept is not null) hot.Remember(kept);
            return kept;
        }, cancel);
    }

    public ValueTask<StoredSnapshot?> SnapshotAsync(string streamId, CancellationToken cancel = default) =>
        AskAsync((file, _) => file.Snapshots.FindById(Key.Of(streamId)) is { } d ? Documents.ToSnapshot(d) : null, cancel);

    public ValueTask<IReadOnlyList<StoredSnapshot>> FindAsync(SnapshotQuery query, CancellationToken cancel = default) =>
        AskAsync((file, _) => Queries.Find(file, query), cancel);

    public ValueTask<DateTimeOffset?> NextDueAsync(CancellationToken cancel = default) => AskAsync((file, _) => Queries.NextDue(file), cancel);

    public ValueTask<IReadOnlyList<StoredEvent>> EventsAsync(string streamId, CancellationToken cancel = default) =>
        AskAsync<IReadOnlyList<StoredEvent>>((file, _) => [.. Queries.Under(file.Events, Key.Of(streamId)).Select(Documents.ToEvent)], cancel);

    public ValueTask<IReadOnlyList<string>> StreamsAsync(string? after, int limit, CancellationToken cancel = default) =>
        AskAsync((file, _) => Queries.Streams(file, after, limit), cancel);

    public Task<CommitResult> CommitAsync(Commit commit, CancellationToken cancel = default)
    {
        WellFormed.Demand(commit);
        var weight = commit.Streams.Sum(s => s.SnapshotJson.Length + s.EventsJson.Sum(e => e.Length)) + (commit.Conversation?.Json.Length ?? 0)
            + (commit.Conversation?.Turn?.ReplyJson?.Length ?? 0) + (commit.Transcript?.Sum(t => t.Json.Length) ?? 0) + commit.Messages.Count * 500;
        // LiteDB's document limit is 16 MB; a turn that comes near it is a fault, and better said here than by a full batch
        if (weight > 4_000_000) throw new ArgumentException($"A commit of {weight} characters is too large.", nameof(commit));
        return WriteAsync(weight, batch => batch.Take(commit), cancel);
    }

    public ValueTask<IReadOnlyList<Contact>> ContactsAsync(string personId, CancellationToken cancel = default) => new(_thread.Hot.Contacts(personId));

    public ValueTask<IReadOnlyList<OutboxMessage>> DueMessagesAsync(DateTimeOffset now, int limit, CancellationToken cancel = default) =>
        new(_thread.Hot.Due(now, limit));

    public ValueTask<DateTimeOffset?> NextMessageAsync(CancellationToken cancel = default) => new(_thread.Hot.NextMessage);

    public Task MarkAsync(DeliveryMark mark, CancellationToken cancel = default)
    {
        WellFormed.Demand(mark);
        return WriteAsync(500 + (mark.Transcript?.Sum(t => t.Json.Length) ?? 0), batch =>
        {
            batch.Take(mark);
            return true;
        }, cancel);
    }

    public ValueTask<IReadOnlyList<SentCard>> SentCardsAsync(CardSubject subject, string? personId = null, CancellationToken cancel = default) =>
        AskAsync((file, hot) => Queries.CardsAbout(file, hot, subject, personId), cancel);

    public async ValueTask<SentCard?> SentCardAsync(string id, CancellationToken cancel = default) =>
        _thread.Hot.UnfoldedCard(id) ?? await AskAsync((file, hot) =>
            hot.UnfoldedCard(id) ?? (file.Cards.FindById(Key.Of(id)) is { } d ? Documents.ToSentCard(d) : null), cancel);

    public ValueTask<IReadOnlyList<SentCard>> CardsOfAsync(string personId, DateTimeOffset since, int limit, CancellationToken cancel = default) =>
        AskAsync((file, hot) => Queries.CardsOf(file, hot, personId, since, limit), cancel);

    public ValueTask<OutboxMessage?> MessageAsync(string id, CancellationToken cancel = default) => new(_thread.Hot.Message(id));

    public ValueTask<IReadOnlyList<OutboxMessage>> MessagesForAsync(string toId, CancellationToken cancel = default) => new(_thread.Hot.MessagesFor(toId));

    public ValueTask<IReadOnlyList<string>> DeadEndsAsync(CancellationToken cancel = default) => new(_thread.Hot.DeadEnds());

    public ValueTask<IReadOnlyList<TranscriptLine>> TranscriptAsync(string? personId, long after, int limit, CancellationToken cancel = default) =>
        AskAsync((file, _) => Queries.Transcript(file, personId, after, limit), cancel);

    public ValueTask<IReadOnlyList<BouncedMessage>> BouncedAsync(int limit, CancellationToken cancel = default) =>
        AskAsync<IReadOnlyList<BouncedMessage>>((file, _) =>
            [.. file.Bounced.Find(LiteDB.Query.All("_id", LiteDB.Query.Descending), limit: limit).Select(Documents.ToBounced)], cancel);

    public ValueTask<IReadOnlyList<AuditAnchor>> AnchorsAsync(CancellationToken cancel = default) =>
        AskAsync<IReadOnlyList<AuditAnchor>>((file, _) => [.. file.Anchors.Find(LiteDB.Query.All("_id")).Select(Documents.ToAnchor)], cancel);

    public ValueTask<AuditTotals> TotalsAsync(CancellationToken cancel = default) => AskAsync((file, _) => Upkeep.Totals(file), cancel);

    public ValueTask<string?> SettingAsync(string key, CancellationToken cancel = default) => new(_thread.Hot.Setting(key));

    public Task SaveSettingAsync(string key, string value, CancellationToken cancel = default)
    {
        WellFormed.Demand(key, value);
        return WriteAsync(key.Length + value.Length, batch =>
        {
            batch.Take(key, value);
            return true;
        }, cancel);
    }

    /// <summary>Takes a backup now.</summary>
    /// <returns>Its path.</returns>
    public async Task<string> BackupAsync(CancellationToken cancel = default) => await AskAsync((_, _) => _thread.Backup(_time.GetUtcNow()), cancel);

    /// <summary>Anchors the ends of the streams now; otherwise it happens at the first write of a day.</summary>
    public async Task AnchorAsync(CancellationToken cancel = default) => await AskAsync((file, _) =>
    {
        Upkeep.Anchor(file, _time.GetUtcNow());
        return true;
    }, cancel);

    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _thread.Dispose();
            _folder.Dispose();
        }
        return ValueTask.CompletedTask;
    }

    private async ValueTask<T> AskAsync<T>(Func<LiteDbFile, HotState, T> ask, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var question = new Question<T>(ask);
        _thread.Add(question);
        return await question.Answered;
    }

    /// <summary>Once handed over it is carried out: a caller who gave up would not know whether it was.</summary>
    private Task<T> WriteAsync<T>(int weight, Func<Batch, T> take, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var writing = new Writing<T>(weight, take);
        _thread.Add(writing);
        return writing.Done;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The store's file could not be read. It goes on with the backup {Backup}; the damaged file is kept as {Kept}.")]
    private static partial void Restored(ILogger log, Exception e, string backup, string kept);
}
