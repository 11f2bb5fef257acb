namespace MicroAppBot.Stores.LiteDb;

/// <param name="Folder">Where the data lies; made if it is not there.</param>
/// <param name="BackupEvery">How often the store backs itself up; zero for never.</param>
/// <param name="KeepBackups">Older ones are let go.</param>
/// <param name="RestoreLastBackup">When the file cannot be read: go on with the last backup; the damaged file is kept beside it.</param>
/// <param name="ReadOnly">For audits: nothing is folded, anchored or backed up.</param>
public sealed record LiteDbSettings(string Folder, TimeSpan BackupEvery, int KeepBackups = 7, bool RestoreLastBackup = false, bool ReadOnly = false)
{
    public LiteDbSettings(string folder) : this(folder, TimeSpan.FromDays(1)) { }

    /// <summary><c>Data:Folder</c> (relative to the current directory), <c>Store:BackupEvery</c>, <c>Store:KeepBackups</c>, <c>Store:RestoreLastBackup</c>.</summary>
    /// <exception cref="InvalidOperationException">A setting does not hold what it should; it is named.</exception>
    public static LiteDbSettings From(IConfiguration settings) => new(
        Path.GetFullPath(settings["Data:Folder"] is { Length: > 0 } folder ? folder : "data"),
        settings.GetValue("Store:BackupEvery", TimeSpan.FromDays(1)),
        settings.GetValue("Store:KeepBackups", 7),
        settings.GetValue("Store:RestoreLastBackup", false));
}
