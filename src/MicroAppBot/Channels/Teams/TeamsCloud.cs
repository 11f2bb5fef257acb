namespace MicroAppBot.Channels.Teams;

/// <summary>
/// Which cloud vouches for what comes in, gives tokens for what goes out, and where Teams is in it (Bot Framework's authentication
/// constants; msteams-docs, send-proactive-messages).
/// </summary>
public sealed record TeamsCloud(string MetadataUrl, string Issuer, string LoginUrl, string Scope)
{
    /// <summary>The tenant that gives tokens to bots registered for many tenants.</summary>
    public string BotFrameworkTenant { get; init; } = TeamsSettings.AnyTenant;

    /// <summary>Where Teams' connectors are, <c>*.</c> for any name below.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Where a chat is opened before any activity told; null when unknown.</summary>
    public string? ServiceUrl { get; init; }

    public static readonly TeamsCloud Public = new(
        "https://login.botframework.com/v1/.well-known/openidconfiguration", "https://api.botframework.com",
        "https://login.microsoftonline.com", "https://api.botframework.com/.default")
    {
        Hosts = ["smba.trafficmanager.net", "smba.infra.gcc.teams.microsoft.com", "*.botframework.com"],
        ServiceUrl = "https://smba.trafficmanager.net/teams/",
    };

    /// <summary>The moderate government cloud: the public one in all but where its Teams is.</summary>
    public static readonly TeamsCloud Gcc = Public with { ServiceUrl = "https://smba.infra.gcc.teams.microsoft.com/teams/" };

    public static readonly TeamsCloud GccHigh = new(
        "https://login.botframework.azure.us/v1/.well-known/openidconfiguration", "https://api.botframework.us",
        "https://login.microsoftonline.us", "https://api.botframework.us/.default")
    {
        BotFrameworkTenant = "MicrosoftServices.onmicrosoft.us",
        Hosts = ["smba.infra.gov.teams.microsoft.us", "*.botframework.azure.us"],
        ServiceUrl = "https://smba.infra.gov.teams.microsoft.us/teams/",
    };

    public static readonly TeamsCloud DoD = GccHigh with
    {
        Hosts = ["smba.infra.dod.teams.microsoft.us", "*.botframework.azure.us"],
        ServiceUrl = "https://smba.infra.dod.teams.microsoft.us/teams/",
    };

    /// <returns>Null for a name that is none.</returns>
    public static TeamsCloud? Named(string name) => name.ToUpperInvariant() switch
    {
        "PUBLIC" => Public,
        "GCC" => Gcc,
        "GCCHIGH" => GccHigh,
        "DOD" => DoD,
        _ => null,
    };
}
