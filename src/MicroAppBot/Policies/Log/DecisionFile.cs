using System.Globalization;
using System.Text;

namespace MicroAppBot.Policies.Log;

/// <summary>One line per decision in <c>decisions.jsonl</c>; closed files carry the time at which they were closed, and the oldest are deleted.</summary>
internal sealed class DecisionFile(DecisionLogSettings settings, TimeProvider clock) : IDisposable
{
    private const string Current = "decisions.jsonl";

    private FileStream? _stream;
    private DateOnly _day;

    public void Add(string line)
    {
        var bytes = Encoding.UTF8.GetBytes(line + "\n");
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var stream = _stream ?? Open(today);
        if (stream.Length > 0 && (today != _day || stream.Length + bytes.Length > settings.MaxFileMegabytes * 1024L * 1024))
        {
            Close();
            stream = Open(today);
        }
        stream.Write(bytes);
    }

    public void Dispose() => _stream?.Dispose();

    private FileStream Open(DateOnly today)
    {
        Directory.CreateDirectory(settings.Folder);
        var path = Path.Combine(settings.Folder, Current);
        // A file of before a restart goes on, unless its day is over
        _day = File.Exists(path) && new FileInfo(path).Length > 0 ? DateOnly.FromDateTime(File.GetLastWriteTimeUtc(path)) : today;
        var torn = IsTorn(path);
        // No buffer: each line is with the operating system as a whole, whatever becomes of this process
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 0 };
        // It says who asked for what; nobody else on the machine needs it
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        _stream = new FileStream(path, options);
        if (torn) _stream.Write("\n"u8);
        return _stream;
    }

    /// <summary>Whether its last line is not whole, after the power went: the next one must not be lost with it.</summary>
    private static bool IsTorn(string path)
    {
        if (!File.Exists(path)) return false;
        using var end = File.OpenRead(path);
        if (end.Length == 0) return false;
        end.Seek(-1, SeekOrigin.End);
        return end.ReadByte() != '\n';
    }

    private void Close()
    {
        _stream?.Dispose();
        _stream = null;
        var stamp = clock.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmssfffffff", CultureInfo.InvariantCulture);
        File.Move(Path.Combine(settings.Folder, Current), Path.Combine(settings.Folder, $"decisions-{stamp}.jsonl"), overwrite: true);
        foreach (var old in Directory.GetFiles(settings.Folder, "decisions-*.jsonl").OrderDescending(StringComparer.Ordinal).Skip(settings.KeepFiles)) File.Delete(old);
    }
}
