using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Primitives;

namespace MicroAppBot.Channels.Slack;

/// <summary>
/// How a workspace gets the app: <c>GET /slack/install</c> sends the browser to Slack, <c>GET /slack/oauth/callback</c> takes what
/// comes back and keeps the token. Only the browser that began can end it, within ten minutes, once.
/// </summary>
internal sealed partial class SlackInstallEndpoint(SlackSettings settings, SlackWire wire, SlackTokens tokens, TimeProvider time, ILogger<SlackInstallEndpoint> log)
{
    public const string InstallPath = "/slack/install";
    public const string CallbackPath = "/slack/oauth/callback";

    /// <summary>Keep in step with docs/slack-app/manifest.yaml.</summary>
    public static readonly IReadOnlyList<string> Scopes =
        ["app_mentions:read", "chat:write", "commands", "im:history", "im:write", "users:read", "users:read.email"];

    private static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(10);

    private readonly SlackSafe? _safe = settings.OAuth is { } oauth ? new SlackSafe(oauth.StateSecret) : null;

    /// <summary>States that were used, with the time until which they would have been good.</summary>
    private readonly Dictionary<string, DateTimeOffset> _used = [];

    public IResult Begin(HttpContext http)
    {
        if (settings.OAuth is not { } oauth) return Page(404, "Nothing to install here", "This MicroAppBot serves a single workspace, whose token is in its settings.");
        var state = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var until = (time.GetUtcNow() + GoodFor).ToUnixTimeSeconds();
        var carried = $"{state}.{until}";
        http.Response.Cookies.Append(CookieName, $"{carried}.{_safe!.Sign(carried)}", Cookie(GoodFor));
        http.Response.Headers.CacheControl = "no-store";
        var query = $"client_id={Uri.EscapeDataString(oauth.ClientId)}&scope={Uri.EscapeDataString(string.Join(',', Scopes))}&redirect_uri={Uri.EscapeDataString(oauth.RedirectUrl)}&state={state}";
        return Results.Redirect($"{settings.Cloud.AuthorizeUrl}?{query}");
    }

    public async Task<IResult> EndAsync(HttpContext http)
    {
        if (settings.OAuth is not { } oauth) return Page(404, "Nothing to install here", "This MicroAppBot serves a single workspace, whose token is in its settings.");
        var query = http.Request.Query;
        var carried = http.Request.Cookies[CookieName];
        http.Response.Cookies.Append(CookieName, "", Cookie(TimeSpan.Zero));
        if (!IsOurs(Single(query["state"]), carried)) return Page(400, "Please start again", "This did not begin in this browser, or it began more than ten minutes ago. Nothing was installed.", again: true);
        if (Single(query["error"]) is { Length: > 0 } error)
        {
            return error == "access_denied"
                ? Page(200, "Nothing was installed", "You said no, and that is fine. You can come back any time.", again: true)
                : Page(400, "Slack did not install it", "Slack reported a problem, and nothing was installed. Please start again.", again: true);
        }
        if (Single(query["code"]) is not { Length: > 0 and <= 1000 } code) return Page(400, "Please start again", "Slack sent you back without what is needed. Nothing was installed.", again: true);

        var args = new JsonObject { ["code"] = code, ["redirect_uri"] = oauth.RedirectUrl };
        var answer = await wire.PostAsync("oauth.v2.access", args, SlackTokens.Basic(oauth), CancellationToken.None);
        if (!answer.Ok || SlackInstall.FromAccess(answer.Body, time.GetUtcNow()) is not { } install)
        {
            NotInstalled(answer.Ok ? "the answer names no workspace or brings no bot token" : answer.ToString());
            return Page(502, "Slack did not install it", "Slack gave no access. Nothing was installed. Please start again; if it goes on, the log of MicroAppBot says what Slack answered.", again: true);
        }
        if (!oauth.Workspaces.Contains(install.Id))
        {
            Stranger(install.Id);
            // Nothing of a workspace that may not be here is kept, with us or with Slack
            await wire.PostAsync("auth.revoke", [], SlackTokens.Bearer(install.Token), CancellationToken.None);
            return Page(403, "This workspace is not on the list", $"Only named workspaces may install MicroAppBot here, and {install.Name ?? "this one"} ({install.Id}) is none of them. Whoever runs it can add that id to Channels:Slack:Workspaces. The access was given back.");
        }
        await tokens.KeepAsync(install);
        return Page(200, "MicroAppBot is in " + (install.Name ?? "your workspace"), "Open Slack, find MicroAppBot under Apps, and say hello. It tells you what it can do.");
    }

    /// <summary>Only what this browser was given, in time, and never twice.</summary>
    private bool IsOurs(string? state, string? cookie)
    {
        if (state is not { Length: 64 } || cookie?.Split('.') is not [var begun, var until, var signature]) return false;
        if (!_safe!.IsSigned($"{begun}.{until}", signature)) return false;
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(begun), Encoding.UTF8.GetBytes(state))) return false;
        var now = time.GetUtcNow();
        if (!long.TryParse(until, System.Globalization.CultureInfo.InvariantCulture, out var seconds) || now.ToUnixTimeSeconds() >= seconds) return false;
        lock (_used)
        {
            foreach (var old in _used.Where(u => u.Value < now).Select(u => u.Key).ToList()) _used.Remove(old);
            return _used.TryAdd(state, now + GoodFor);
        }
    }

    private bool IsHttps => settings.OAuth!.RedirectUrl.StartsWith("https:", StringComparison.OrdinalIgnoreCase);

    /// <summary>With this prefix no other host of the domain can plant one.</summary>
    private string CookieName => IsHttps ? "__Host-slack-install" : "slack-install";

    private CookieOptions Cookie(TimeSpan age) => new() { HttpOnly = true, Secure = IsHttps, SameSite = SameSiteMode.Lax, Path = "/", MaxAge = age };

    private static string? Single(StringValues values) => values.Count == 1 ? values[0] : null;

    private static PageResult Page(int status, string title, string words, bool again = false) => new(status, title, words, again);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A workspace could not install the app: {Why}")]
    private partial void NotInstalled(string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Workspace {Id} wanted to install the app and is not named in Channels:Slack:Workspaces: its access was given back.")]
    private partial void Stranger(string id);

    /// <summary>A page that shows words and does nothing.</summary>
    private sealed class PageResult(int status, string title, string words, bool again) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.StatusCode = status;
            response.ContentType = "text/html; charset=utf-8";
            response.Headers.CacheControl = "no-store";
            response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
            response.Headers["Referrer-Policy"] = "no-referrer";
            var html = HtmlEncoder.Default;
            return response.WriteAsync($$"""
                <!doctype html>
                <html lang="en">
                <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{{html.Encode(title)}}</title>
                <style>:root{color-scheme:light dark}body{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1.5rem}h1{font-size:1.5rem}</style></head>
                <body><main><h1>{{html.Encode(title)}}</h1><p>{{html.Encode(words)}}</p>{{(again ? $"<p><a href=\"{InstallPath}\">Start again</a></p>" : "")}}</main></body>
                </html>
                """);
        }
    }
}
