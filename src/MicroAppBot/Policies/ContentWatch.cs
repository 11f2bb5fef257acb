using System.Threading.Channels;
using MicroAppBot.Content;

namespace MicroAppBot.Policies;

/// <summary>
/// Takes up changes of the rules and the catalogue while the bot runs. A change that cannot be used is refused as a whole: what
/// held before goes on, and the governance admins are told why.
/// </summary>
public sealed partial class ContentWatch(ContentInForce content, ContentUptake uptake, ReloadSettings settings, TimeProvider clock, ILogger<ContentWatch> log) : BackgroundService
{
    private readonly Channel<bool> _stirred = System.Threading.Channels.Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private string? _taken = content.Now.Print;

    /// <summary>Looks once and takes up what is there, if it is different from what was looked at last and lies still.</summary>
    public async Task LookAsync(CancellationToken cancel)
    {
        var root = content.Now.Root;
        var print = ContentPrint.Of(root);
        if (print is null || print == _taken) return;
        // Half a save, or the first of several files: wait until nobody writes any more
        for (string? before = null; before != print; print = ContentPrint.Of(root))
        {
            before = print;
            await Task.Delay(TimeSpan.FromSeconds(settings.SettleSeconds), clock, cancel);
        }
        if (print is null || print == _taken) return;
        await uptake.TakeAsync(() => ContentFolder.Load(root, content.Now.Bundled), cancel);
        _taken = print;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await uptake.ReckonAsync(stoppingToken);
        if (!settings.Reload) return;
        using var watchers = Watch();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LookAsync(stoppingToken);
                await RestAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                CouldNotLook(e);
                await Task.Delay(TimeSpan.FromSeconds(settings.PollSeconds), clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task RestAsync(CancellationToken cancel)
    {
        using var nap = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var stirred = _stirred.Reader.WaitToReadAsync(nap.Token).AsTask();
        await Task.WhenAny(stirred, Task.Delay(TimeSpan.FromSeconds(settings.PollSeconds), clock, nap.Token));
        await nap.CancelAsync();
        _stirred.Reader.TryRead(out _);
        cancel.ThrowIfCancellationRequested();
    }

    /// <summary>The file system's word only wakes the look earlier: what is true is read from the files.</summary>
    private Watchers Watch()
    {
        var watchers = new Watchers();
        foreach (var (folder, deep) in ContentPrint.Folders.Select(f => (Path.Combine(content.Now.Root, f), true)).Append((content.Now.Root, false)))
        {
            try
            {
                if (Directory.Exists(folder)) watchers.Add(folder, deep, () => _stirred.Writer.TryWrite(true));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
            {
                OnlyPolled(folder, settings.PollSeconds, e.Message);
            }
        }
        return watchers;
    }

    private sealed class Watchers : IDisposable
    {
        private readonly List<FileSystemWatcher> _all = [];

        public void Add(string folder, bool deep, Action stirred)
        {
            var watcher = new FileSystemWatcher(folder) { IncludeSubdirectories = deep };
            watcher.Changed += (_, _) => stirred();
            watcher.Created += (_, _) => stirred();
            watcher.Deleted += (_, _) => stirred();
            watcher.Renamed += (_, _) => stirred();
            watcher.Error += (_, _) => stirred();
            watcher.EnableRaisingEvents = true;
            _all.Add(watcher);
        }

        public void Dispose() => _all.ForEach(w => w.Dispose());
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Folder} cannot be watched, only looked at every {Seconds} s: {Why}")]
    private partial void OnlyPolled(string folder, double seconds, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "The content folders could not be looked at; it is tried again.")]
    private partial void CouldNotLook(Exception e);
}
