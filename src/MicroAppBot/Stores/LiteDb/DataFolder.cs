using System.Globalization;

namespace MicroAppBot.Stores.LiteDb;

/// <summary>Where the store's files lie, and that only one process has them.</summary>
internal sealed class DataFolder : IDisposable
{
    private const string Stamp = "yyyyMMdd-HHmmss";
    private readonly FileStream _lock;

    /// <summary>Makes the folder if it is not there, and takes it.</summary>
    /// <exception cref="StoreInUseException">Another process has it.</exception>
    public DataFolder(string path)
    {
        Folder = Path.GetFullPath(path);
        Directory.CreateDirectory(Folder);
        var lockFile = Path.Combine(Folder, "microappbot.lock");
        try
        {
            _lock = new FileStream(lockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new StoreInUseException(
                $"Another MicroAppBot has the data folder {Folder}. Stop it, or set Data:Folder to a folder of this one's own.", e);
        }
    }

    public string Folder { get; }

    public string DataFile => Path.Combine(Folder, "microappbot.db");

    public string LogFile => Path.Combine(Folder, "microappbot-log.pages");

    private string Backups => Path.Combine(Folder, "backups");

    public string? LastBackup => Directory.Exists(Backups) ? Directory.EnumerateFiles(Backups, "*.db").Max(StringComparer.Ordinal) : null;

    /// <summary>When the last backup was taken; null when there is none.</summary>
    public DateTimeOffset? LastBackupAt => LastBackup is { } last
        && DateTimeOffset.TryParseExact(Path.GetFileNameWithoutExtension(last), Stamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;

    /// <summary>Copies the data file, which must be checkpointed, and lets all but the latest <paramref name="keep"/> backups go.</summary>
    /// <returns>The backup's path.</returns>
    public string Backup(DateTimeOffset now, int keep)
    {
        Directory.CreateDirectory(Backups);
        var target = Path.Combine(Backups, now.UtcDateTime.ToString(Stamp, CultureInfo.InvariantCulture) + ".db");
        var unfinished = target + ".part";
        using (var from = new FileStream(DataFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite))
        using (var to = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            from.CopyTo(to);
            to.Flush(flushToDisk: true);
        }
        File.Move(unfinished, target, overwrite: true);
        foreach (var old in Directory.EnumerateFiles(Backups, "*.db").OrderDescending(StringComparer.Ordinal).Skip(keep)) File.Delete(old);
        return target;
    }

    /// <summary>Puts the last backup in the place of the files, which are kept beside it.</summary>
    /// <returns>Which backup, and where the damaged data file lies now; null when there is no backup.</returns>
    public (string Backup, string Kept)? RestoreLastBackup(DateTimeOffset now)
    {
        if (LastBackup is not { } backup) return null;
        var kept = $"{DataFile}.damaged-{now.UtcDateTime.ToString(Stamp, CultureInfo.InvariantCulture)}";
        if (File.Exists(DataFile)) File.Move(DataFile, kept);
        if (File.Exists(LogFile)) File.Move(LogFile, kept + ".log");
        File.Copy(backup, DataFile);
        return (backup, kept);
    }

    public string WhatToDoAboutDamage(string why)
    {
        var offer = LastBackup is { } backup
            ? $"The last backup is {backup}. To go on with it, start once with Store:RestoreLastBackup=true; the damaged file is kept beside it."
            : "There is no backup yet.";
        return $"The store's file {DataFile} cannot be read: {why} It was left as it is. {offer}";
    }

    public void Dispose() => _lock.Dispose();
}
