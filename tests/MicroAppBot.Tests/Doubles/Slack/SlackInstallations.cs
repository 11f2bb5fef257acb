using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace MicroAppBot.Tests.Doubles.Slack;

/// <summary>Where the app is installed, and the tokens it has there. With rotation a token lives 12 hours, and a refresh token works once.</summary>
internal sealed class SlackInstallations(TimeProvider time)
{
    public const string AllScopes =
        "app_mentions:read,chat:write,commands,im:history,im:read,im:write,channels:history,channels:read,groups:history,groups:read,users:read,users:read.email,usergroups:read";

    private static readonly TimeSpan TokenLife = TimeSpan.FromHours(12);
    private static readonly TimeSpan CodeLife = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Token> _tokens = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Code> _codes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _refreshes = new(StringComparer.Ordinal);

    public string ClientId { get; } = "111.222";

    public string ClientSecret { get; } = "the-client-secret-of-the-tests";

    /// <summary>When set, tokens end after twelve hours and come with a refresh token.</summary>
    public bool Rotates { get; set; }

    /// <summary>A bot token of a workspace that does not end.</summary>
    public string Install(string team, string scopes = AllScopes)
    {
        lock (_gate)
        {
            var token = $"xoxb-{team}-{Secret()}";
            _tokens[token] = new Token(team, [.. scopes.Split(',')], null);
            return token;
        }
    }

    /// <summary>An administrator of this workspace said yes: the code that comes back with the browser.</summary>
    public string Consent(string team, string byUser, string? redirectUri = null)
    {
        lock (_gate)
        {
            var code = $"{team}.{Secret()}";
            _codes[code] = new Code(team, byUser, redirectUri, time.GetUtcNow() + CodeLife);
            return code;
        }
    }

    /// <summary>The app is removed from the workspace: its tokens are worth nothing.</summary>
    public void Revoke(string team)
    {
        lock (_gate)
        {
            foreach (var token in _tokens.Where(t => t.Value.Team == team).Select(t => t.Key).ToList()) _tokens[token] = _tokens[token] with { Error = "account_inactive" };
            foreach (var refresh in _refreshes.Where(r => r.Value == team).Select(r => r.Key).ToList()) _refreshes.Remove(refresh);
        }
    }

    /// <summary>What a token may do where, or why it may not.</summary>
    public (string? Team, IReadOnlyList<string> Scopes, string? Error) Of(string? token)
    {
        if (string.IsNullOrEmpty(token)) return (null, [], "not_authed");
        lock (_gate)
        {
            if (!_tokens.TryGetValue(token, out var known)) return (null, [], "invalid_auth");
            if (known.Error is not null) return (null, [], known.Error);
            return known.Until < time.GetUtcNow() ? (null, [], "token_expired") : (known.Team, known.Scopes, null);
        }
    }

    /// <summary><c>oauth.v2.access</c>: a code or a refresh token becomes a token.</summary>
    public JsonObject Access(JsonObject args, string? clientId, string? clientSecret, string appId, Func<string, string> botOf)
    {
        lock (_gate)
        {
            if (clientId != ClientId) return Error("invalid_client_id");
            if (clientSecret != ClientSecret) return Error("bad_client_secret");
            string team;
            var byUser = "";
            if (args.Str("grant_type") == "refresh_token")
            {
                if (args.Str("refresh_token") is not { } refresh || !_refreshes.Remove(refresh, out var whose)) return Error("invalid_refresh_token");
                team = whose;
            }
            else
            {
                if (args.Str("code") is not { } given || !_codes.Remove(given, out var code) || code.Until < time.GetUtcNow()) return Error("invalid_code");
                if (code.RedirectUri is not null && args.Str("redirect_uri") != code.RedirectUri) return Error("bad_redirect_uri");
                (team, byUser) = (code.Team, code.ByUser);
            }
            var token = $"{(Rotates ? "xoxe." : "")}xoxb-{team}-{Secret()}";
            _tokens[token] = new Token(team, [.. AllScopes.Split(',')], Rotates ? time.GetUtcNow() + TokenLife : null);
            var answer = new JsonObject
            {
                ["ok"] = true,
                ["access_token"] = token,
                ["token_type"] = "bot",
                ["scope"] = AllScopes,
                ["bot_user_id"] = botOf(team),
                ["app_id"] = appId,
                ["team"] = new JsonObject { ["id"] = team, ["name"] = $"Workspace {team}" },
                ["enterprise"] = null,
                ["is_enterprise_install"] = false,
                ["authed_user"] = new JsonObject { ["id"] = byUser },
            };
            if (Rotates)
            {
                var refresh = $"xoxe-1-{Secret()}";
                _refreshes[refresh] = team;
                answer["refresh_token"] = refresh;
                answer["expires_in"] = (int)TokenLife.TotalSeconds;
            }
            return answer;
        }
    }

    private static JsonObject Error(string error) => new() { ["ok"] = false, ["error"] = error };

    private static string Secret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));

    private sealed record Token(string Team, IReadOnlyList<string> Scopes, DateTimeOffset? Until, string? Error = null);

    private sealed record Code(string Team, string ByUser, string? RedirectUri, DateTimeOffset Until);
}
