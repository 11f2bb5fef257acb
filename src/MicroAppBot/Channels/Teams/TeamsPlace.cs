using MicroAppBot.Desk;

namespace MicroAppBot.Channels.Teams;

/// <summary>
/// What activities taught about where this bot lives: the connector, the bot's own id and the tenant. Needed to open a
/// conversation with somebody who never wrote, so it is kept over a restart.
/// </summary>
internal sealed class TeamsPlace(IStore store, TeamsSettings settings, TimeProvider time) : IHostedService
{
    private const string Key = "teams-place";

    /// <summary>People of two regions write through two connectors, and either will do: no need to write down each change.</summary>
    private static readonly TimeSpan GoodFor = TimeSpan.FromHours(1);

    private volatile TeamsAddress? _learned;
    private long _learnedAt;

    /// <summary>An address without a person; null as long as no connector is known.</summary>
    public TeamsAddress? Now
    {
        get
        {
            if (_learned is { } learned && settings.MayCall(learned.ServiceUrl)) return learned;
            if (settings.ServiceUrl is not { } url || !settings.MayCall(url)) return null;
            var tenant = settings.App is { HasOwnTenant: true } app ? app.TenantId : null;
            return new TeamsAddress(url, null, null, null, tenant, settings.App is { } bot ? "28:" + bot.Id : null);
        }
    }

    /// <summary>Costs nothing where there is nothing new.</summary>
    public async ValueTask LearnAsync(TeamsAddress person)
    {
        var place = person with { ConversationId = null, UserId = null, AadObjectId = null };
        if (place == _learned || (_learnedAt != 0 && time.GetElapsedTime(_learnedAt) < GoodFor)) return;
        _learnedAt = time.GetTimestamp();
        _learned = place;
        await store.SaveSettingAsync(Key, place.ToJson());
    }

    public async Task StartAsync(CancellationToken cancellationToken) =>
        _learned ??= await store.SettingAsync(Key, cancellationToken) is { } kept ? TeamsAddress.Read(kept) : null;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
