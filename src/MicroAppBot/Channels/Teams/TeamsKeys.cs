using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Protocols.OpenIdConnect.Configuration;
using Microsoft.IdentityModel.Tokens;

namespace MicroAppBot.Channels.Teams;

/// <summary>
/// The keys the channel signs with, from its OpenID metadata. Fetched once a day; an unknown key id fetches them at once, but
/// not more often than every few minutes, so that made-up key ids cost nobody anything. When they cannot be fetched, the last good ones go on.
/// </summary>
internal sealed class TeamsKeys
{
    public const string HttpClientName = "teams-keys";

    /// <summary>How long a message waits for new keys; Teams itself waits ten to fifteen seconds for the answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly ConfigurationManager<OpenIdConnectConfiguration> _metadata;
    private readonly TimeProvider _time;
    private readonly TimeSpan _between;
    private readonly Lock _gate = new();
    private Task _refreshing = Task.CompletedTask;
    private long _refreshedAt;

    public TeamsKeys(string metadataUrl, HttpClient client, TimeProvider time, TimeSpan between)
    {
        _time = time;
        _between = between;
        // Plain HTTP is let in by the settings for this machine only
        var documents = new HttpDocumentRetriever(client) { RequireHttps = !new Uri(metadataUrl).IsLoopback };
        _metadata = new ConfigurationManager<OpenIdConnectConfiguration>(metadataUrl, new OpenIdConnectConfigurationRetriever(), documents,
            // A server that for a moment has no keys at all must not make us forget those we know
            new OpenIdConnectConfigurationValidator { MinimumNumberOfKeys = 1 })
        {
            AutomaticRefreshInterval = TimeSpan.FromHours(24),
            // How often is our own decision, below: this only must not stand in its way
            RefreshInterval = BaseConfigurationManager.MinimumRefreshInterval,
        };
    }

    /// <summary>The key of this id, fetched anew where it is not among the known ones; null when there is none.</summary>
    /// <exception cref="TeamsKeysUnavailable">There never were any keys: nobody can be told from anybody.</exception>
    public async Task<JsonWebKey?> FindAsync(string kid, CancellationToken cancel)
    {
        OpenIdConnectConfiguration known;
        try
        {
            known = await _metadata.GetConfigurationAsync(cancel);
        }
        catch (InvalidOperationException fault)
        {
            throw new TeamsKeysUnavailable(fault);
        }
        if (KeyIn(known, kid) is { } key) return key;
        await RefreshAsync(known).WaitAsync(cancel);
        return KeyIn(await _metadata.GetConfigurationAsync(cancel), kid);
    }

    private static JsonWebKey? KeyIn(OpenIdConnectConfiguration configuration, string kid) =>
        configuration.JsonWebKeySet?.Keys.FirstOrDefault(k => k.Kid == kid && k.Kty == JsonWebAlgorithmsKeyTypes.RSA && k.Use is null or "" or "sig");

    /// <summary>One fetch for all who miss a key, and none where it was tried a moment ago.</summary>
    private Task RefreshAsync(OpenIdConnectConfiguration known)
    {
        lock (_gate)
        {
            if (!_refreshing.IsCompleted) return _refreshing;
            if (_refreshedAt != 0 && _time.GetElapsedTime(_refreshedAt) < _between) return Task.CompletedTask;
            _refreshedAt = _time.GetTimestamp();
            return _refreshing = FetchAsync(known);
        }
    }

    /// <summary>The library fetches in the background and goes on giving the old ones meanwhile; this waits until there are others.</summary>
    private async Task FetchAsync(OpenIdConnectConfiguration known)
    {
        var started = _time.GetTimestamp();
        while (_time.GetElapsedTime(started) < Patience)
        {
            // Asked again it does nothing for a second, then it tries once more
            _metadata.RequestRefresh();
            if (!ReferenceEquals(await _metadata.GetConfigurationAsync(CancellationToken.None), known)) return;
            await Task.Delay(TimeSpan.FromMilliseconds(20), _time, CancellationToken.None);
        }
    }
}

/// <summary>The channel's keys cannot be fetched, and never could.</summary>
internal sealed class TeamsKeysUnavailable(Exception inner) : Exception("The keys of the Bot Framework cannot be fetched.", inner);
