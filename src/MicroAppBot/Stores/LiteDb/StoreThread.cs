using System.Collections.Concurrent;
using LiteDB;
using Microsoft.Extensions.Logging;

namespace MicroAppBot.Stores.LiteDb;

/// <summary>
/// The one thread that uses the file. It takes what has arrived, answers the questions, writes the rest as one batch, waits
/// for the disk and then acknowledges: the more arrives together, the less each costs.
/// </summary>
internal sealed partial class StoreThread : IDisposable
{
    /// <summary>More than this would make the first of a batch wait long for the last.</summary>
    private const int BatchCount = 256;
    private const int BatchWeight = 2_000_000;

    /// <summary>The journal is folded when it has grown to this: opening after a crash has to read it.</summary>
    private const int JournalLines = 2_000;
    private const long JournalWeight = 8_000_000;

    private readonly BlockingCollection<Work> _arrived = [];
    private readonly DataFolder _folder;
    private readonly LiteDbSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Thread _thread;
    private LiteDbFile _file;
    private HotState _hot;
    private long _lastBatch;
    private int _journalLines;
    private long _journalWeight;
    private DateOnly _anchored;
    private DateTimeOffset _lastBackup;
    private bool _broken;

    public StoreThread(DataFolder folder, LiteDbSettings settings, TimeProvider time, ILogger log)
    {
        (_folder, _settings, _time, _log) = (folder, settings, time, log);
        _file = new LiteDbFile(folder);
        try
        {
            (_hot, _lastBatch) = Reload();
            // A store that never runs a whole day at a stretch is backed up all the same
            _lastBackup = _folder.LastBackupAt ?? Upkeep.Born(_file, _time.GetUtcNow());
        }
        catch
        {
            _file.Abandon();
            throw;
        }
        _anchored = Day(Upkeep.LastAnchor(_file)?.At ?? _time.GetUtcNow());
        _thread = new Thread(Run) { Name = "Store", IsBackground = true };
        _thread.Start();
    }

    /// <summary>What is in memory; readable from any thread.</summary>
    public HotState Hot => Volatile.Read(ref _hot);

    /// <exception cref="ObjectDisposedException">The store is closed.</exception>
    public void Add(Work work)
    {
        try
        {
            _arrived.Add(work);
        }
        catch (InvalidOperationException)
        {
            throw new ObjectDisposedException(nameof(LiteDbStore));
        }
    }

    /// <summary>Does what has arrived, folds the journal and closes the file.</summary>
    public void Dispose()
    {
        _arrived.CompleteAdding();
        _thread.Join();
        _arrived.Dispose();
    }

    private void Run()
    {
        var writings = new List<Writing>();
        foreach (var first in _arrived.GetConsumingEnumerable())
        {
            writings.Clear();
            var weight = 0L;
            for (var work = first; ;)
            {
                if (work is Question question) Guarded(question, () => question.Answer(_file, _hot));
                else
                {
                    var writing = (Writing)work;
                    writings.Add(writing);
                    weight += writing.Weight;
                }
                if (writings.Count >= BatchCount || weight >= BatchWeight || !_arrived.TryTake(out work!)) break;
            }
            if (writings.Count > 0) Write(writings);
            Guarded(null, KeepUp);
        }
        Guarded(null, Close);
    }

    private void Write(List<Writing> writings)
    {
        if (writings.Count == 1)
        {
            Guarded(writings[0], () => WriteTogether(writings));
            return;
        }
        try
        {
            if (_broken) Reopen();
            WriteTogether(writings);
        }
        catch (Exception e)
        {
            // One of them may be what the file cannot take: each alone, so that it takes no other with it
            BatchFailed(e, writings.Count);
            _broken = true;
            foreach (var writing in writings) Guarded(writing, () => WriteTogether([writing]));
        }
    }

    private void WriteTogether(List<Writing> writings)
    {
        var now = _time.GetUtcNow();
        if (!_settings.ReadOnly && Day(now) > _anchored)
        {
            Upkeep.Anchor(_file, now);
            _anchored = Day(now);
        }
        var batch = new Batch(_file, _hot, now);
        _file.InTransaction(() =>
        {
            foreach (var writing in writings) writing.TakeInto(batch);
            if (batch.IsEmpty) return false;
            _file.Journal.Insert(new BsonDocument
            {
                ["_id"] = _lastBatch + 1,
                ["n"] = batch.Sequence,
                ["lines"] = new BsonArray(batch.Lines.Select(l => l.ToBson())),
            });
            return true;
        });
        if (!batch.IsEmpty)
        {
            _lastBatch++;
            _journalLines += batch.Lines.Count;
            _journalWeight += writings.Sum(w => (long)w.Weight);
            _hot.Sequence = batch.Sequence;
            _hot.Apply(batch.Lines, person => Upkeep.Conversation(_file, person));
        }
        foreach (var writing in writings) writing.Acknowledge();
    }

    /// <summary>Between batches: the journal is folded before it grows long, and a backup is taken once a day.</summary>
    private void KeepUp()
    {
        if (_settings.ReadOnly) return;
        if (_journalLines >= JournalLines || _journalWeight >= JournalWeight) Fold();
        var now = _time.GetUtcNow();
        if (_settings.BackupEvery > TimeSpan.Zero && now - _lastBackup >= _settings.BackupEvery) Backup(now);
    }

    public string Backup(DateTimeOffset now)
    {
        Fold();
        _file.Checkpoint();
        var backup = _folder.Backup(now, _settings.KeepBackups);
        _lastBackup = now;
        BackedUp(backup);
        return backup;
    }

    private void Fold()
    {
        Upkeep.Fold(_file, _hot);
        (_journalLines, _journalWeight) = (0, 0);
    }

    private void Close()
    {
        if (_broken || _settings.ReadOnly)
        {
            _file.Abandon();
            return;
        }
        Fold();
        _file.Dispose();
    }

    /// <summary>Goes back to what is on disk: after a failed write nobody knows what LiteDB holds in memory.</summary>
    private void Reopen()
    {
        _file.Abandon();
        _file = new LiteDbFile(_folder);
        var (hot, last) = Reload();
        _lastBatch = last;
        Volatile.Write(ref _hot, hot);
        _broken = false;
    }

    private (HotState, long) Reload()
    {
        try
        {
            var loaded = Upkeep.Load(_file);
            (_journalLines, _journalWeight) = (JournalLines / 2, 0);
            return loaded;
        }
        catch (Exception e)
        {
            throw new StoreDamagedException(_folder.WhatToDoAboutDamage(e.Message), e);
        }
    }

    private void Guarded(Work? work, Action act)
    {
        try
        {
            if (_broken) Reopen();
            act();
        }
        catch (Exception e)
        {
            CommitFailed(e);
            // Whatever it was, LiteDB may be in any state and in the middle of a transaction
            _broken = true;
            work?.Fail(e);
        }
    }

    private static DateOnly Day(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A batch of {Count} could not be written together; each is written alone.")]
    private partial void BatchFailed(Exception e, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "The store could not do what it was asked; it goes back to what is on disk.")]
    private partial void CommitFailed(Exception e);

    [LoggerMessage(Level = LogLevel.Information, Message = "Backed up the store to {Backup}.")]
    private partial void BackedUp(string backup);
}
