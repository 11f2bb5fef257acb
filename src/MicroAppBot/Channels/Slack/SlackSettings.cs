using MicroAppBot.Desk;

namespace MicroAppBot.Channels.Slack;

/// <summary>
/// How this bot is registered with Slack (<c>Channels:Slack:*</c>), or that it is not. What comes in is proved by the signing
/// secret (HTTP) or by the connection itself (Socket Mode, the app-level token); what goes out needs a bot token: a pasted one
/// for a single workspace, or one by OAuth for each.
/// </summary>
/// <param name="SigningSecrets">The current one first, and the previous one during a rotation; empty when nothing is taken over HTTP.</param>
/// <param name="BotToken">A single workspace's, pasted; null where every workspace gets its own by OAuth.</param>
/// <param name="AppToken">For Socket Mode; null when nothing comes that way.</param>
/// <param name="Command">The slash command as the manifest names it.</param>
/// <param name="Connections">WebSockets held at the same time in Socket Mode; Slack lets an app have ten over all processes.</param>
public sealed record SlackSettings(
    IReadOnlyList<string> SigningSecrets, string? BotToken, string? AppToken, SlackOAuth? OAuth, SlackCloud Cloud, string Command = "/microapp", int Connections = 2)
{
    public const string Section = "Channels:Slack";

    public static readonly SlackSettings Off = new([], null, null, null, SlackCloud.Commercial);

    public bool IsOn => SigningSecrets.Count > 0 || AppToken is not null;

    /// <summary>Never a secret: this ends up in logs.</summary>
    public override string ToString() =>
        !IsOn ? "off" : string.Join(", ", new[] { SigningSecrets.Count == 0 ? null : "HTTP", AppToken is null ? null : "Socket Mode", BotToken is null ? null : "one workspace", OAuth is null ? null : "OAuth" }.OfType<string>());

    /// <exception cref="SettingException">Half of it is set, or something is not what it should be; the message names the key and quotes no secret.</exception>
    public static SlackSettings From(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        string? Of(string key) => string.IsNullOrWhiteSpace(section[key]) ? null : section[key]!.Trim();

        var (signing, previous, bot, socket) = (Of("SigningSecret"), Of("PreviousSigningSecret"), Of("BotToken"), Of("AppToken"));
        if (bot is not null && !bot.StartsWith("xoxb-", StringComparison.Ordinal))
        {
            throw Fault("BotToken", bot.StartsWith("xoxe.", StringComparison.Ordinal)
                ? "is a token that runs out in twelve hours. Switch token rotation off for a single workspace, or use ClientId and ClientSecret."
                : "does not start with xoxb-: it is the “Bot User OAuth Token” of the page “OAuth & Permissions”.");
        }
        if (socket?.StartsWith("xapp-", StringComparison.Ordinal) is false) throw Fault("AppToken", "does not start with xapp-: it is the app-level token with the scope connections:write, of the page “Basic Information”.");
        if (previous is not null && signing is null) throw Fault("SigningSecret", $"is missing: {Section}:PreviousSigningSecret is set, and alone it means nothing.");
        if (signing is not null && (signing.Length < 16 || signing == previous)) throw Fault("SigningSecret", signing == previous ? "is the same as PreviousSigningSecret: leave that one out." : "is too short to be one: it is on the page “Basic Information”.");
        var oauth = SlackOAuth.From(section);
        if (bot is null && oauth is null && (signing ?? socket) is not null)
        {
            throw Fault("BotToken", "is missing: without it nothing can be answered. For more than one workspace set ClientId and ClientSecret instead.");
        }
        if (signing is null && socket is null && (bot is not null || oauth is not null))
        {
            throw Fault("SigningSecret", "is missing: without it nothing that comes in can be trusted. For Socket Mode, without a public address, set AppToken instead.");
        }
        var command = Of("Command") ?? "/microapp";
        if (command.Length is < 2 or > 32 || command[0] != '/' || command.Any(char.IsWhiteSpace)) throw Fault("Command", "is no slash command: such as /microapp, as in the app's settings.");
        return new SlackSettings([.. new[] { signing, previous }.OfType<string>()], bot, socket, oauth, SlackCloud.From(section), command, ConnectionsOf(section));
    }

    internal static SettingException Fault(string key, string why) => new($"{Section}:{key} {why}");

    private static int ConnectionsOf(IConfigurationSection section) => section["Connections"] switch
    {
        null or "" => 2,
        var text when int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= 10 => count,
        _ => throw Fault("Connections", "must be a number from 1 to 10."),
    };
}

/// <summary>For more than one workspace: how each gets the app, and which may.</summary>
/// <param name="StateSecret">Signs the state of an installation under way, and seals the tokens that are kept. At least 32 characters.</param>
/// <param name="RedirectUrl">Where Slack sends the browser back to; the same as in the app's settings.</param>
/// <param name="Workspaces">
/// Ids of the workspaces (<c>T…</c>) and organisations (<c>E…</c>) that may install the app. Whoever administers a workspace
/// decides what its members are called and which e-mail they have: a workspace that is not yours must not speak for your people.
/// </param>
public sealed record SlackOAuth(string ClientId, string ClientSecret, string StateSecret, string RedirectUrl, IReadOnlySet<string> Workspaces)
{
    private const int ShortestSecret = 32;

    private static readonly (string Key, string Why)[] Parts =
    [
        ("ClientId", "is missing: it is on the page “Basic Information”."),
        ("ClientSecret", "is missing: it is on the page “Basic Information”."),
        ("StateSecret", "is missing: make one up (32 random characters or more, for instance with openssl rand -hex 32) and keep it, for the tokens are sealed with it."),
        ("RedirectUrl", "is missing: it is this bot's public address with /slack/oauth/callback, the same as in the app's settings."),
        ("Workspaces", "is missing: name the workspaces that may install the app by their ids (T…, or E… for an organisation), with commas."),
    ];

    /// <summary>Never a secret: this ends up in logs.</summary>
    public override string ToString() => $"client {ClientId}";

    public static SlackOAuth? From(IConfigurationSection section)
    {
        if (Parts.All(part => string.IsNullOrWhiteSpace(section[part.Key]) && section.GetSection(part.Key).Value is null && !section.GetSection(part.Key).GetChildren().Any())) return null;
        var workspaces = section.GetSection("Workspaces").GetChildren().Select(c => c.Value ?? "").Concat((section["Workspaces"] ?? "").Split(','))
            .Select(w => w.Trim()).Where(w => w.Length > 0).ToHashSet(StringComparer.Ordinal);
        foreach (var (key, why) in Parts)
        {
            if (key == "Workspaces" ? workspaces.Count == 0 : string.IsNullOrWhiteSpace(section[key])) throw SlackSettings.Fault(key, why);
        }
        string Of(string key) => section[key]!.Trim();
        if (Of("StateSecret").Length < ShortestSecret) throw SlackSettings.Fault("StateSecret", $"is too short: {ShortestSecret} characters at least.");
        if (workspaces.FirstOrDefault(w => w[0] is not ('T' or 'E')) is { } odd) throw SlackSettings.Fault("Workspaces", $"holds “{odd}”, which is no id: they start with T, or with E for an organisation.");
        return new SlackOAuth(Of("ClientId"), Of("ClientSecret"), Of("StateSecret"), SlackCloud.Url(Of("RedirectUrl"), "RedirectUrl").ToString(), workspaces);
    }
}

/// <summary>Where Slack is.</summary>
/// <param name="ApiUrl">The Web API, with a slash at the end.</param>
/// <param name="AuthorizeUrl">Where a browser is sent to install the app.</param>
/// <param name="ResponseHost">The only host a <c>response_url</c> may point to: the URL comes from outside, and is called from inside.</param>
public sealed record SlackCloud(Uri ApiUrl, Uri AuthorizeUrl, string ResponseHost)
{
    public static readonly SlackCloud Commercial = Of("slack.com");

    public static readonly SlackCloud Gov = Of("slack-gov.com");

    public static SlackCloud From(IConfigurationSection section)
    {
        var cloud = section["Cloud"]?.Trim().ToUpperInvariant() switch
        {
            null or "" or "COMMERCIAL" => Commercial,
            "GOV" => Gov,
            _ => throw SlackSettings.Fault("Cloud", "is neither commercial nor gov."),
        };
        if (section["ApiUrl"] is not { Length: > 0 } set) return cloud;
        var api = Url(set.Trim().TrimEnd('/') + "/", "ApiUrl");
        return new SlackCloud(api, new Uri(api, "../oauth/v2/authorize"), api.IsLoopback ? api.Host : cloud.ResponseHost);
    }

    /// <summary>Whether a <c>response_url</c> is one of Slack's.</summary>
    public bool MayRespond(string? url) => Uri.TryCreate(url, UriKind.Absolute, out var to) && to.UserInfo.Length == 0
        && to.Host.Equals(ResponseHost, StringComparison.OrdinalIgnoreCase) && (to.Scheme == Uri.UriSchemeHttps ? to.IsDefaultPort || to.IsLoopback : IsLocal(to) && ApiUrl.IsLoopback);

    internal static Uri Url(string text, string key) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.UserInfo.Length == 0 && (url.Scheme == Uri.UriSchemeHttps || IsLocal(url))
        ? url
        : throw SlackSettings.Fault(key, $"is no https address: {text}");

    private static bool IsLocal(Uri url) => url.IsLoopback && url.Scheme == Uri.UriSchemeHttp;

    private static SlackCloud Of(string host) => new(new Uri($"https://{host}/api/"), new Uri($"https://{host}/oauth/v2/authorize"), $"hooks.{host}");
}
