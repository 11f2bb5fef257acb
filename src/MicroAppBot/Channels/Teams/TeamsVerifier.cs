using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace MicroAppBot.Channels.Teams;

/// <summary>
/// Whether an activity comes from Teams and is meant for this bot: a token of the Bot Framework for our app id, whose service URL
/// is the activity's own, signed with a key that speaks for the activity's channel.
/// </summary>
internal sealed partial class TeamsVerifier(TeamsSettings settings, TeamsKeys keys, TimeProvider time, ILogger<TeamsVerifier> log)
{
    private const int LongestToken = 16 * 1024;

    /// <summary>What the Bot Framework's own libraries allow clocks to be apart.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = LongestToken };

    /// <summary>Checks all of a token that does not need the activity.</summary>
    /// <returns>What it vouches for; null when it vouches for nothing.</returns>
    /// <exception cref="TeamsKeysUnavailable">Nothing can be checked now.</exception>
    public async Task<TeamsVoucher?> ReadAsync(string? authorization, CancellationToken cancel)
    {
        const string Scheme = "Bearer ";
        if (authorization is null || !authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return Refuse("no bearer token");
        var text = authorization[Scheme.Length..].Trim();
        if (text.Length > LongestToken || !_handler.CanReadToken(text)) return Refuse("no JSON web token");
        JsonWebToken token;
        try
        {
            token = _handler.ReadJsonWebToken(text);
        }
        catch (Exception fault) when (fault is SecurityTokenException or ArgumentException or JsonException)
        {
            return Refuse("no JSON web token");
        }
        // Before any key is fetched for it
        if (token.Issuer != settings.App!.Cloud.Issuer) return Refuse("another issuer");
        if (string.IsNullOrEmpty(token.Kid) || await keys.FindAsync(token.Kid, cancel) is not { } key) return Refuse("an unknown key");

        var result = await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = settings.App.Cloud.Issuer,
            ValidAudience = settings.App.Id,
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512],
            IssuerSigningKey = key,
            TryAllIssuerSigningKeys = false,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            RequireAudience = true,
            LifetimeValidator = IsAlive,
        });
        if (!result.IsValid) return Refuse(result.Exception?.GetType().Name ?? "not valid");
        if (!token.TryGetPayloadValue<string>("serviceurl", out var serviceUrl) || string.IsNullOrEmpty(serviceUrl)) return Refuse("no service URL");
        return new TeamsVoucher(serviceUrl, EndorsementsOf(key));
    }

    /// <summary>Whether the token vouches for this very activity.</summary>
    public bool Vouches(TeamsVoucher voucher, TeamsActivity activity)
    {
        if (!voucher.ServiceUrl.Equals(activity.ServiceUrl, StringComparison.OrdinalIgnoreCase)) return Refuse("another service URL") is not null;
        if (activity.ChannelId.Length == 0 || !voucher.Endorsements.Contains(activity.ChannelId, StringComparer.Ordinal)) return Refuse("a key that does not speak for the channel") is not null;
        return settings.MayCall(activity.ServiceUrl) || Refuse("a service URL that is not in Channels:Teams:ServiceHosts") is not null;
    }

    private bool IsAlive(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters parameters)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return expires is { } end && now < end + Skew && (notBefore is not { } start || (now > start - Skew && start < end));
    }

    private static IReadOnlyList<string> EndorsementsOf(JsonWebKey key) => key.AdditionalData.TryGetValue("endorsements", out var value)
        ? value switch
        {
            JsonElement { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.String).Select(e => e.GetString()!)],
            IEnumerable<object> list => [.. list.Select(e => e is JsonElement { ValueKind: JsonValueKind.String } text ? text.GetString()! : e as string).OfType<string>()],
            _ => [],
        }
        : [];

    private TeamsVoucher? Refuse(string why)
    {
        Refused(why);
        return null;
    }

    // Nothing of the token itself: what looks like a bad token today may be a good one tomorrow
    [LoggerMessage(Level = LogLevel.Warning, Message = "An activity was not let in: its token has {Why}.")]
    private partial void Refused(string why);
}

/// <summary>What a token vouches for.</summary>
/// <param name="ServiceUrl">The connector to answer to.</param>
/// <param name="Endorsements">The channels its key speaks for.</param>
internal sealed record TeamsVoucher(string ServiceUrl, IReadOnlyList<string> Endorsements);
