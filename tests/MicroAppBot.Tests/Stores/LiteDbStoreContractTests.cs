using MicroAppBot.Desk;
using MicroAppBot.Stores.LiteDb;
using Microsoft.Extensions.Logging.Abstractions;

namespace MicroAppBot.Tests.Stores;

public sealed class LiteDbStoreContractTests : StoreContract
{
    private readonly TestFolder _folder = new();
    private string _current = "";

    protected override Task<IStore> OpenAsync() => Task.FromResult(Open(_current = _folder.New()));

    protected override async Task<IStore> ReopenAfterCrashAsync()
    {
        // What lies on disk now, without the folding and closing that a shutdown does
        var copy = _folder.New();
        foreach (var file in Directory.EnumerateFiles(_current).Where(f => !f.EndsWith(".lock", StringComparison.Ordinal))) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        await Store.DisposeAsync();
        return Open(_current = copy);
    }

    protected override async Task<IStore> ReopenAsync()
    {
        await Store.DisposeAsync();
        return Open(_current);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    private static IStore Open(string folder) => LiteDbStore.Open(new LiteDbSettings(folder), TimeProvider.System, NullLogger<LiteDbStore>.Instance);
}
