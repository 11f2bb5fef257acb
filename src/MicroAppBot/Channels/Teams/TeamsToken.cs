using System.Net.Http.Headers;
using Microsoft.Identity.Client;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace MicroAppBot.Channels.Teams;

/// <summary>The bot's own token for the connector: MSAL's client credentials, cached until shortly before they run out.</summary>
internal sealed partial class TeamsToken : IDisposable
{
    public const string HttpClientName = "teams-login";

    private readonly TeamsApp? _app;
    private readonly IConfidentialClientApplication? _login;
    private readonly ILogger<TeamsToken> _log;
    private readonly SemaphoreSlim _one = new(1);

    public TeamsToken(TeamsSettings settings, IHttpClientFactory clients, ILogger<TeamsToken> log)
    {
        _log = log;
        if (settings.App is not { } app) return;
        _app = app;
        _login = ConfidentialClientApplicationBuilder.Create(app.Id)
            .WithClientSecret(app.Secret)
            .WithAuthority($"{app.Cloud.LoginUrl.TrimEnd('/')}/{app.TokenTenant}/", validateAuthority: false)
            // Would ask a public address which clouds there are; ours is in the settings
            .WithInstanceDiscovery(false)
            .WithHttpClientFactory(new LoginClients(clients))
            .Build();
    }

    public void Dispose() => _one.Dispose();

    /// <summary>The header to send; null in Development without an app id, where none is needed.</summary>
    /// <param name="refused">A header the connector did not take: another one is fetched, once for all who ask.</param>
    /// <exception cref="TeamsTokenUnavailable">None to be had now; the message says why and holds no secret.</exception>
    public async ValueTask<AuthenticationHeaderValue?> HeaderAsync(AuthenticationHeaderValue? refused, CancellationToken cancel)
    {
        if (_login is null) return null;
        await _one.WaitAsync(cancel);
        try
        {
            var token = await _login.AcquireTokenForClient([_app!.Cloud.Scope]).ExecuteAsync(cancel);
            if (refused is not null && token.AccessToken == refused.Parameter)
            {
                token = await _login.AcquireTokenForClient([_app.Cloud.Scope]).WithForceRefresh(true).ExecuteAsync(cancel);
            }
            return new AuthenticationHeaderValue("Bearer", token.AccessToken);
        }
        catch (MsalException fault)
        {
            // MSAL's message may quote the answer of the login server, never the secret; the code is enough all the same
            NoToken(fault.ErrorCode);
            throw new TeamsTokenUnavailable($"The login server gave no token ({fault.ErrorCode}).", fault);
        }
        catch (HttpRequestException fault)
        {
            NoToken(fault.HttpRequestError.ToString());
            throw new TeamsTokenUnavailable("The login server cannot be reached.", fault);
        }
        finally
        {
            _one.Release();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "There is no token for Teams ({Code}): messages wait until there is one. Check Channels:Teams:AppId, TenantId and Secret.")]
    private partial void NoToken(string code);

    private sealed class LoginClients(IHttpClientFactory clients) : IMsalHttpClientFactory
    {
        public HttpClient GetHttpClient() => clients.CreateClient(HttpClientName);
    }
}

/// <summary>Nothing can be sent now, and it is nobody's fault in the chat.</summary>
internal sealed class TeamsTokenUnavailable(string why, Exception inner) : Exception(why, inner);
