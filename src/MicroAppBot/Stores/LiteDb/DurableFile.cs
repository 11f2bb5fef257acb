namespace MicroAppBot.Stores.LiteDb;

/// <summary>
/// LiteDB's data file, with a <c>Flush</c> that reaches the disk. LiteDB 5.0.20 wraps a stream it is given, and then
/// calls only its plain <c>Flush</c>, which for a <see cref="FileStream"/> ends in the system's cache.
/// </summary>
internal sealed class DurableFile(string path)
    : FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0)
{
    public override void Flush() => Flush(flushToDisk: true);
}
