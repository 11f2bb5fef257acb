using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace MicroAppBot.Tests.Doubles;

/// <summary>The Bot Framework's OpenID server on a free port of this machine: metadata, keys with endorsements, and tokens of any kind, good and bad.</summary>
public sealed class FakeBotFramework : IAsyncDisposable
{
    public const string Issuer = "https://api.botframework.com";

    private readonly WebApplication _app;
    private volatile IReadOnlyList<Key> _served = [];
    private int _fetches;

    private FakeBotFramework(WebApplication app) => _app = app;

    public string MetadataUrl { get; private set; } = "";

    /// <summary>How often the keys were fetched.</summary>
    public int Fetches => _fetches;

    /// <summary>When set, metadata and keys answer with this status.</summary>
    public int? Broken { get; set; }

    /// <summary>The key tokens are signed with unless another is named.</summary>
    public Key Current { get; private set; } = null!;

    public static async Task<FakeBotFramework> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new FakeBotFramework(app);
        app.Run(server.AnswerAsync);
        await app.StartAsync();
        server.MetadataUrl = app.Urls.Single() + "/v1/.well-known/openidconfiguration";
        server.Rotate();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>From now on there is another key, and the old ones are gone.</summary>
    public Key Rotate(params string[] endorsements)
    {
        Current = Make(endorsements.Length > 0 ? endorsements : ["msteams", "webchat"]);
        _served = [Current];
        return Current;
    }

    /// <summary>Serves these keys.</summary>
    public void Serve(params Key[] keys) => _served = keys;

    /// <summary>A key that is served only where <see cref="Serve"/> says so.</summary>
    public static Key Make(IReadOnlyList<string>? endorsements)
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        return new Key(id, RSA.Create(2048), endorsements);
    }

    /// <summary>A token as the Bot Framework makes them; every part can be another.</summary>
    /// <param name="change">Changes header and payload before they are signed.</param>
    public string Token(string appId, string serviceUrl, Key? key = null, Action<JsonObject, JsonObject>? change = null, string algorithm = "RS256", TimeProvider? time = null)
    {
        key ??= Current;
        var now = (time ?? TimeProvider.System).GetUtcNow().ToUnixTimeSeconds();
        var header = new JsonObject { ["alg"] = algorithm, ["kid"] = key.Id, ["typ"] = "JWT" };
        var payload = new JsonObject { ["serviceurl"] = serviceUrl, ["nbf"] = now - 10, ["exp"] = now + 3600, ["iss"] = Issuer, ["aud"] = appId };
        change?.Invoke(header, payload);
        var signed = Encode(header) + "." + Encode(payload);
        var bytes = Encoding.ASCII.GetBytes(signed);
        var signature = (string?)header["alg"] switch
        {
            "RS256" => key.Rsa.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            "RS384" => key.Rsa.SignData(bytes, HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1),
            "RS512" => key.Rsa.SignData(bytes, HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1),
            "PS256" => key.Rsa.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
            // The trick of taking the public key for a secret
            "HS256" => HMACSHA256.HashData(key.Rsa.ExportSubjectPublicKeyInfo(), bytes),
            _ => [],
        };
        return signed + "." + Base64UrlEncoder.Encode(signature);
    }

    private static string Encode(JsonObject part) => Base64UrlEncoder.Encode(part.ToJsonString());

    private async Task AnswerAsync(HttpContext http)
    {
        if (Broken is { } status)
        {
            http.Response.StatusCode = status;
            return;
        }
        var root = string.Create(CultureInfo.InvariantCulture, $"http://{http.Request.Host}");
        if (http.Request.Path.Value!.EndsWith("/openidconfiguration", StringComparison.Ordinal))
        {
            await WriteAsync(http, new JsonObject { ["issuer"] = Issuer, ["jwks_uri"] = root + "/v1/.well-known/keys", ["id_token_signing_alg_values_supported"] = new JsonArray("RS256") });
            return;
        }
        Interlocked.Increment(ref _fetches);
        await WriteAsync(http, new JsonObject { ["keys"] = new JsonArray([.. _served.Select(k => k.ToJson())]) });
    }

    private static Task WriteAsync(HttpContext http, JsonObject json)
    {
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(json.ToJsonString());
    }

    /// <param name="Endorsements">The channels it speaks for; null for a key that says nothing of it.</param>
    public sealed record Key(string Id, RSA Rsa, IReadOnlyList<string>? Endorsements, string Use = "sig")
    {
        public JsonNode ToJson()
        {
            var p = Rsa.ExportParameters(false);
            var json = new JsonObject { ["kty"] = "RSA", ["use"] = Use, ["kid"] = Id, ["x5t"] = Id, ["n"] = Base64UrlEncoder.Encode(p.Modulus), ["e"] = Base64UrlEncoder.Encode(p.Exponent) };
            if (Endorsements is not null) json["endorsements"] = new JsonArray([.. Endorsements.Select(e => (JsonNode)e)]);
            return json;
        }
    }
}
