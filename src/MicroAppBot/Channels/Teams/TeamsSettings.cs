using Governance.People;
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

    /// <summary>The key of <see cref="Boards"/> for roles that have none of their own.</summary>
    public const string EveryRole = "";

    private static readonly string[] CloudKeys = ["MetadataUrl", "Issuer", "LoginUrl", "Scope"];

    private static readonly string[] AnybodysTenants = ["common", "organizations", "consumers"];

    /// <summary>Team channels and group chats that requests are posted to, by role.</summary>
    public IReadOnlyDictionary<string, string> Boards { get; init; } = new Dictionary<string, string>();

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
            string[] partOfAnApp = ["TenantId", "Secret", "Password", "Type", "Cloud", .. CloudKeys];
            if (partOfAnApp.FirstOrDefault(key => Of(key) is not null) is { } alone)
            {
                throw new SettingException($"{Section}:AppId is missing: {Section}:{alone} is set, and alone it means nothing.");
            }
            var unsigned = environment.IsDevelopment() && RealChannels.KeyIn(configuration) is null;
            return new TeamsSettings(null, unsigned, [], Of("ServiceUrl")) { Boards = BoardsOf(section) };
        }
        var secret = Of("Secret") ?? Of("Password") ?? throw new SettingException($"{Section}:Secret is missing: the app id alone lets nobody in.");
        var isMultiTenant = Of("Type") is { } type ? IsMultiTenant(type) : AnyTenant.Equals(Of("TenantId"), StringComparison.OrdinalIgnoreCase);
        var tenant = isMultiTenant ? Of("TenantId") ?? AnyTenant : Needed("TenantId", "the directory (tenant) id of a single-tenant bot. An old multi-tenant one sets Type to MultiTenant.");
        if (AnybodysTenants.Contains(tenant, StringComparer.OrdinalIgnoreCase))
        {
            throw new SettingException($"{Section}:TenantId is '{tenant}', which is no organisation: give your own directory (tenant) id{(isMultiTenant ? ", or leave it out" : "")}.");
        }
        var cloud = CloudOf(Of, Needed);
        return new TeamsSettings(
            new TeamsApp(appId, tenant, secret, cloud) { IsMultiTenant = isMultiTenant }, false, hosts.Count > 0 ? hosts : cloud.Hosts,
            Of("ServiceUrl") is { } set ? Url(set, "ServiceUrl") : cloud.ServiceUrl)
        {
            Boards = BoardsOf(section),
        };
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

    private static bool IsMultiTenant(string type) => type.ToUpperInvariant() switch
    {
        "SINGLETENANT" => false,
        "MULTITENANT" => true,
        "USERASSIGNEDMSI" => throw new SettingException($"{Section}:Type is UserAssignedMSI: a managed identity has no secret, and this bot needs one. Register it as SingleTenant."),
        _ => throw new SettingException($"{Section}:Type is '{type}': it is SingleTenant, or MultiTenant for a bot that was registered before August 2025."),
    };

    private static TeamsCloud CloudOf(Func<string, string?> of, Func<string, string, string> needed)
    {
        var own = CloudKeys.FirstOrDefault(key => of(key) is not null);
        if (of("Cloud") is { } name)
        {
            if (own is not null) throw new SettingException($"{Section}:{own} is set beside {Section}:Cloud: the cloud's name says all of it, so leave one of the two out.");
            return TeamsCloud.Named(name) ?? throw new SettingException($"{Section}:Cloud is '{name}': it is Public, Gcc, GccHigh or DoD. Any other cloud is described by MetadataUrl, Issuer, LoginUrl and Scope.");
        }
        if (own is null) return TeamsCloud.Public;
        const string Why = "another cloud is described by all four of MetadataUrl, Issuer, LoginUrl and Scope.";
        return new TeamsCloud(Url(needed("MetadataUrl", Why), "MetadataUrl"), needed("Issuer", Why), Url(needed("LoginUrl", Why), "LoginUrl"), needed("Scope", Why))
        {
            Hosts = [.. TeamsCloud.Public.Hosts, .. TeamsCloud.GccHigh.Hosts, .. TeamsCloud.DoD.Hosts],
        };
    }

    private static Dictionary<string, string> BoardsOf(IConfigurationSection section)
    {
        var boards = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!string.IsNullOrWhiteSpace(section["ApprovalsChannel"])) boards[EveryRole] = BoardId(section["ApprovalsChannel"]!, "ApprovalsChannel");
        foreach (var each in section.GetSection("ApprovalsChannels").GetChildren().Where(c => !string.IsNullOrWhiteSpace(c.Value)))
        {
            if (!Role.All.Contains(each.Key)) throw new SettingException($"{Section}:ApprovalsChannels:{each.Key} is for no role: there are {string.Join(", ", Role.All)}.");
            boards[each.Key] = BoardId(each.Value!, $"ApprovalsChannels:{each.Key}");
        }
        return boards;
    }

    private static string BoardId(string id, string key) => id.Trim() is var place && place.StartsWith("19:", StringComparison.Ordinal) && place.Contains("@thread.", StringComparison.Ordinal)
        ? place
        : throw new SettingException($"{Section}:{key} is no id of a channel or group chat: one begins with 19: and has @thread. in it (it stands in the channel's link, where %3A is a colon and %40 an at sign).");

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
    /// <summary>Registered for many tenants, before that ended in 2025: its tokens come from the Bot Framework's own tenant, whatever ours is.</summary>
    public bool IsMultiTenant { get; init; }

    /// <summary>The tenant that gives the bot its tokens.</summary>
    public string TokenTenant => IsMultiTenant || !HasOwnTenant ? Cloud.BotFrameworkTenant : TenantId;

    /// <summary>False for an old multi-tenant bot: then no organisation is "ours", and nobody is found by e-mail.</summary>
    public bool HasOwnTenant => !TenantId.Equals(TeamsSettings.AnyTenant, StringComparison.OrdinalIgnoreCase);

    /// <summary>Never the secret: this ends up in logs.</summary>
    public override string ToString() => $"app {Id} of tenant {TenantId}";
}
