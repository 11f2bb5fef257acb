using System.Text.Json;
using MicroAppBot.Desk;

namespace MicroAppBot.Channels.Slack;

/// <summary>The installations that came by OAuth, as they lie in the store: sealed.</summary>
internal sealed partial class SlackInstalls(SlackSettings settings, IStore store, ILogger<SlackInstalls> log) : IDisposable
{
    private const string ListKey = "slack-installs";

    private readonly SlackSafe? _safe = settings.OAuth is { } oauth ? new SlackSafe(oauth.StateSecret) : null;
    private readonly SemaphoreSlim _list = new(1);

    public void Dispose() => _list.Dispose();

    /// <summary>Null where the app is not installed, or may not be any more.</summary>
    public async ValueTask<SlackInstall?> ReadAsync(string id, CancellationToken cancel)
    {
        if (_safe is null || !settings.OAuth!.Workspaces.Contains(id)) return null;
        if (await store.SettingAsync(KeyOf(id), cancel) is not { Length: > 0 } kept) return null;
        if (_safe.Open(kept, id) is { } json && JsonSerializer.Deserialize<SlackInstall>(json, DeskJson.Options) is { } install) return install;
        CannotOpen(id);
        return null;
    }

    /// <summary>Durable when it completes.</summary>
    public async Task SaveAsync(SlackInstall install)
    {
        await store.SaveSettingAsync(KeyOf(install.Id), _safe!.Seal(JsonSerializer.Serialize(install, DeskJson.Options), install.Id));
        await ListAsync(ids => ids.Contains(install.Id) ? ids : [.. ids, install.Id]);
    }

    public async Task RemoveAsync(string id)
    {
        if (_safe is null) return;
        await store.SaveSettingAsync(KeyOf(id), "");
        await ListAsync(ids => [.. ids.Where(i => i != id)]);
    }

    public async ValueTask<IReadOnlyList<string>> IdsAsync(CancellationToken cancel) =>
        _safe is null ? [] : [.. Split(await store.SettingAsync(ListKey, cancel)).Where(settings.OAuth!.Workspaces.Contains)];

    private async Task ListAsync(Func<IReadOnlyList<string>, IReadOnlyList<string>> change)
    {
        await _list.WaitAsync();
        try
        {
            var before = Split(await store.SettingAsync(ListKey));
            var after = change(before);
            if (!after.SequenceEqual(before)) await store.SaveSettingAsync(ListKey, string.Join(',', after));
        }
        finally
        {
            _list.Release();
        }
    }

    private static string[] Split(string? list) => list is { Length: > 0 } ? list.Split(',') : [];

    private static string KeyOf(string id) => "slack-install-" + id;

    [LoggerMessage(Level = LogLevel.Error, Message = "The token of workspace {Id} cannot be opened: Channels:Slack:StateSecret is another one than it was sealed with. Set the old one again, or install the app there again.")]
    private partial void CannotOpen(string id);
}
