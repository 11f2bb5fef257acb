using MicroAppBot.Desk;

namespace MicroAppBot.Channels.Teams;

/// <summary>How this bot is registered with Teams (<c>Channels:Teams:*</c>), or that it is not.</summary>
/// <param name="App">The registration; null when there is none.</param>
/// <param name="AllowsUnsigned">
/// Development without any real channel: unsigned activities are taken from this machine, and the connector must be on it too.
/// </param>
/// <param name="ServiceHosts">Hosts the connector may be at, <c>*.</c> for any name below: no token and no message goes anywhere else.</param>
/// <param name="ServiceUrl">Where a conversation is opened with somebody who never wrote, until an activity told otherwise; null when unknown.</param>
public sealed record TeamsSettings(TeamsApp? App, bool AllowsUnsigned, IReadOnlyList<string> ServiceHosts, string? ServiceUrl)
{
    public const string Section = "Channels:Teams";

    /// <summary>The tenant name that multi-tenant bots get their tokens from; it names no organisation.</summary>
    public const string AnyTenant = "botframework.com";

    private static readonly string[] PublicHosts =
    [
        "smba.trafficmanager.net", "smba.infra.gcc.teams.microsoft.com", "smba.infra.gov.teams.microsoft.us", "smba.infra.dod.teams.microsoft.us",
        "*.botframework.com",
    ];

    private static readonly string[] CloudKeys = ["MetadataUrl", "Issuer", "LoginUrl", "Scope"];

    public bool IsOn => App is not null || AllowsUnsigned;

    /// <exception cref="SettingException">Half of it is set; the message names the key that is missing.</exception>
    public static TeamsSettings From(IConfiguration configuration, IHostEnvironment environment)
    {
        var section = configuration.GetSection(Section);
        string? Of(string key) => string.IsNullOrWhiteSpace(section[key]) ? null : section[key]!.Trim();
        string Needed(string key, string why) => Of(key) ?? throw new SettingException($"{Section}:{key} is missing: {why}");

        var hosts = HostsOf(section);
        if (Of("AppId") is not { } appId)
        {
            string[] partOfAnApp = ["TenantId", "Secret", "Password", .. CloudKeys];
            if (partOfAnApp.FirstOrDefault(key => Of(key) is not null) is { } alone)
            {
                throw new SettingException($"{Section}:AppId is missing: {Section}:{alone} is set, and alone it means nothing.");
            }
            var unsigned = environment.IsDevelopment() && RealChannels.KeyIn(configuration) is null;
            return new TeamsSettings(null, unsigned, [], Of("ServiceUrl"));
        }
        var secret = Of("Secret") ?? Of("Password") ?? throw new SettingException($"{Section}:Secret is missing: the app id alone lets nobody in.");
        var tenant = Needed("TenantId", $"the directory (tenant) id of a single-tenant bot, or {AnyTenant} for an old multi-tenant one.");
        var cloud = TeamsCloud.Public;
        if (CloudKeys.Any(key => Of(key) is not null))
        {
            const string Why = "another cloud is described by all four of MetadataUrl, Issuer, LoginUrl and Scope.";
            cloud = new TeamsCloud(Url(Needed("MetadataUrl", Why), "MetadataUrl"), Needed("Issuer", Why), Url(Needed("LoginUrl", Why), "LoginUrl"), Needed("Scope", Why));
        }
        return new TeamsSettings(
            new TeamsApp(appId, tenant, secret, cloud), false, hosts.Count > 0 ? hosts : PublicHosts,
            Of("ServiceUrl") is { } set ? Url(set, "ServiceUrl") : cloud == TeamsCloud.Public ? "https://smba.trafficmanager.net/teams/" : null);
    }

    /// <summary>Whether messages, and the token with them, may go to this address.</summary>
    public bool MayCall(string? serviceUrl)
    {
        if (!Uri.TryCreate(serviceUrl, UriKind.Absolute, out var url) || url.UserInfo.Length > 0) return false;
        if (App is null) return AllowsUnsigned && url.IsLoopback && url.Scheme is "http" or "https";
        // Plain HTTP only to this machine, and only where an administrator named it
        if (url.Scheme != Uri.UriSchemeHttps && !(url.IsLoopback && url.Scheme == Uri.UriSchemeHttp)) return false;
        return ServiceHosts.Any(host => host.StartsWith("*.", StringComparison.Ordinal)
            ? url.Host.EndsWith(host[1..], StringComparison.OrdinalIgnoreCase)
            : url.Host.Equals(host, StringComparison.OrdinalIgnoreCase));
    }

    private static List<string> HostsOf(IConfigurationSection section)
    {
        var listed = section.GetSection("ServiceHosts");
        var hosts = listed.GetChildren().Select(c => c.Value ?? "").Concat((listed.Value ?? "").Split(','));
        return [.. hosts.Select(h => h.Trim()).Where(h => h.Length > 0)];
    }

    private static string Url(string text, string key) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttps || url.IsLoopback)
            ? text
            : throw new SettingException($"{Section}:{key} is no https address: {text}");
}

/// <summary>The registration of the bot.</summary>
/// <param name="Id">The Microsoft App Id: the audience of what comes in, the client of what goes out.</param>
/// <param name="TenantId">The organisation's directory id, or <see cref="TeamsSettings.AnyTenant"/>.</param>
public sealed record TeamsApp(string Id, string TenantId, string Secret, TeamsCloud Cloud)
{
    /// <summary>False for an old multi-tenant bot: then no organisation is "ours", and nobody is found by e-mail.</summary>
    public bool HasOwnTenant => !TenantId.Equals(TeamsSettings.AnyTenant, StringComparison.OrdinalIgnoreCase);

    /// <summary>Never the secret: this ends up in logs.</summary>
    public override string ToString() => $"app {Id} of tenant {TenantId}";
}

/// <summary>Which cloud vouches for what comes in, and gives tokens for what goes out.</summary>
public sealed record TeamsCloud(string MetadataUrl, string Issuer, string LoginUrl, string Scope)
{
    public static readonly TeamsCloud Public = new(
        "https://login.botframework.com/v1/.well-known/openidconfiguration", "https://api.botframework.com",
        "https://login.microsoftonline.com", "https://api.botframework.com/.default");
}
