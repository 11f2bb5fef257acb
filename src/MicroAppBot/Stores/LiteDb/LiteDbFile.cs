using LiteDB;
using LiteDB.Engine;
using MicroAppBot.Desk;

namespace MicroAppBot.Stores.LiteDb;

/// <summary>
/// The database itself: its two files, its collections and their indices. Used by one thread only (LiteDB 5.0.20 gives
/// wrong answers to concurrent readers, and a transaction belongs to the thread that began it).
/// </summary>
internal sealed class LiteDbFile : IDisposable
{
    private readonly DurableFile _data;
    private readonly PageLog _log;
    private readonly LiteDatabase _database;
    private static readonly List<LiteDatabase> GivenUp = [];
    private bool _abandoned;

    /// <exception cref="StoreDamagedException">The files cannot be read.</exception>
    public LiteDbFile(DataFolder folder)
    {
        DurableFile? data = null;
        PageLog? log = null;
        try
        {
            data = new DurableFile(folder.DataFile);
            log = new PageLog(folder.LogFile);
            var engine = new LiteEngine(new EngineSettings { DataStream = data, LogStream = log, Collation = Collation.Binary });
            // Nothing is read through LiteDB's mapper; a strict one of its own keeps it from touching the global one
            _database = new LiteDatabase(engine, new BsonMapper { TrimWhitespace = false, EmptyStringToNull = false });
            if (!_database.UtcDate) _database.UtcDate = true;
            Conversations = _database.GetCollection("conversations");
            Contacts = _database.GetCollection("contacts");
            Outbox = _database.GetCollection("outbox");
            Settings = _database.GetCollection("settings");
            Journal = _database.GetCollection("journal");
            Snapshots = Indexed("snapshots", ("names", "$.names[*]"), ("apps", "$.apps[*]"), ("owners", "$.owners[*]"), ("waiting", "$.waiting[*]"),
                ("due", "$.due[*]"), ("list", "$.list"), ("q", "$.q"));
            Events = _database.GetCollection("events");
            Cards = Indexed("cards", ("pa", "$.pa"));
            CardsAbout = _database.GetCollection("cards_about");
            Transcript = Indexed("transcript", ("o", "$.o"), ("q", "$.q"));
            Bounced = _database.GetCollection("bounced");
            Anchors = _database.GetCollection("anchors");
            Counters = _database.GetCollection("counters");
            // Waits for LiteDB's writer and empties the log: from here on each commit adds exactly one confirmed transaction
            _database.Checkpoint();
        }
        catch (Exception e) when (e is not StoreDamagedException)
        {
            log?.Dispose();
            data?.Dispose();
            throw new StoreDamagedException(folder.WhatToDoAboutDamage(e.Message), e);
        }
        _data = data;
        _log = log;
    }

    public ILiteCollection<BsonDocument> Conversations { get; }
    public ILiteCollection<BsonDocument> Contacts { get; }
    public ILiteCollection<BsonDocument> Outbox { get; }
    public ILiteCollection<BsonDocument> Settings { get; }
    public ILiteCollection<BsonDocument> Journal { get; }
    public ILiteCollection<BsonDocument> Snapshots { get; }
    public ILiteCollection<BsonDocument> Events { get; }
    public ILiteCollection<BsonDocument> Cards { get; }

    /// <summary>Subject, person and card as the key: finds the cards about a subject.</summary>
    public ILiteCollection<BsonDocument> CardsAbout { get; }
    public ILiteCollection<BsonDocument> Transcript { get; }
    public ILiteCollection<BsonDocument> Bounced { get; }
    public ILiteCollection<BsonDocument> Anchors { get; }
    public ILiteCollection<BsonDocument> Counters { get; }

    /// <summary>Runs what is written as one transaction and returns when it is on disk; on an exception nothing of it is, and this file must be given up.</summary>
    /// <param name="write">Returns false when there is nothing to write after all.</param>
    public void InTransaction(Func<bool> write)
    {
        var confirmed = _log.Confirmed;
        _database.BeginTrans();
        var wrote = false;
        try
        {
            wrote = write();
            if (wrote) _database.Commit();
        }
        finally
        {
            if (!wrote) _database.Rollback();
        }
        if (wrote) _log.WaitForConfirmed(confirmed + 1);
    }

    /// <summary>Brings everything into the data file, flushed, so that a copy of it is whole.</summary>
    public void Checkpoint() => _database.Checkpoint();

    /// <summary>After a failed write: leaves the files as they are, without the checkpoint that closing would make.</summary>
    public void Abandon()
    {
        _abandoned = true;
        // The finalizer of a LiteDB transaction that was not ended throws, and that ends the process
        lock (GivenUp) GivenUp.Add(_database);
        Dispose();
    }

    public void Dispose()
    {
        if (!_abandoned) _database.Dispose();
        _log.Dispose();
        _data.Dispose();
    }

    private ILiteCollection<BsonDocument> Indexed(string name, params (string Name, string Expression)[] indices)
    {
        var collection = _database.GetCollection(name);
        foreach (var index in indices) collection.EnsureIndex(index.Name, BsonExpression.Create(index.Expression));
        return collection;
    }
}
