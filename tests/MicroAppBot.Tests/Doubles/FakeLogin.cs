using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace MicroAppBot.Tests.Doubles;

/// <summary>
/// Where bots get their tokens from, over TLS as the real one: takes client credentials and gives a token. A process trusts it
/// whose <c>SSL_CERT_FILE</c> names <see cref="CertificateFile"/>.
/// </summary>
public sealed class FakeLogin : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _given;

    private FakeLogin(WebApplication app, string certificateFile) => (_app, CertificateFile) = (app, certificateFile);

    public string Url => _app.Urls.Single();

    public string CertificateFile { get; }

    /// <summary>How many tokens were given.</summary>
    public int Given => _given;

    /// <summary>Whether it is one of the tokens given.</summary>
    public bool IsOurs(string token) => token.StartsWith("token-", StringComparison.Ordinal);

    /// <param name="folder">Where the certificate is written to.</param>
    public static async Task<FakeLogin> StartAsync(string folder, string appId, string secret)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        var file = Path.Combine(folder, "login.pem");
        await File.WriteAllTextAsync(file, certificate.ExportCertificatePem());

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        var app = builder.Build();
        var login = new FakeLogin(app, file);
        app.Run(async http =>
        {
            var form = await http.Request.ReadFormAsync();
            if (!http.Request.Path.Value!.EndsWith("/oauth2/v2.0/token", StringComparison.Ordinal) || form["grant_type"] != "client_credentials" || form["client_id"] != appId || form["client_secret"] != secret)
            {
                http.Response.StatusCode = 400;
                await http.Response.WriteAsJsonAsync(new JsonObject { ["error"] = "invalid_client" });
                return;
            }
            var given = Interlocked.Increment(ref login._given);
            await http.Response.WriteAsJsonAsync(new JsonObject { ["token_type"] = "Bearer", ["expires_in"] = 3600, ["access_token"] = $"token-{given}" });
        });
        await app.StartAsync();
        return login;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
