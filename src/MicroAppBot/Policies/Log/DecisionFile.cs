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

    public void Flush() => _stream?.Flush();

    public void Dispose() => _stream?.Dispose();

    private FileStream Open(DateOnly today)
    {
        Directory.CreateDirectory(settings.Folder);
        var path = Path.Combine(settings.Folder, Current);
        // A file of before a restart goes on, unless its day is over
        _day = File.Exists(path) && new FileInfo(path).Length > 0 ? DateOnly.FromDateTime(File.GetLastWriteTimeUtc(path)) : today;
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.Read };
        // It says who asked for what; nobody else on the machine needs it
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return _stream = new FileStream(path, options);
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
