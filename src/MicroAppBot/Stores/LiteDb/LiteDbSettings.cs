namespace MicroAppBot.Stores.LiteDb;

/// <param name="Folder">Where the data lies; made if it is not there.</param>
/// <param name="BackupEvery">How often the store backs itself up; zero for never.</param>
/// <param name="KeepBackups">Older ones are let go.</param>
/// <param name="RestoreLastBackup">When the file cannot be read: go on with the last backup; the damaged file is kept beside it.</param>
/// <param name="ReadOnly">For audits: nothing is folded, anchored or backed up.</param>
public sealed record LiteDbSettings(string Folder, TimeSpan BackupEvery, int KeepBackups = 7, bool RestoreLastBackup = false, bool ReadOnly = false)
{
    public LiteDbSettings(string folder) : this(folder, TimeSpan.FromDays(1)) { }
}
