using System.Security.Cryptography;
using System.Text;
using MicroAppBot.Desk;
using Microsoft.Extensions.Primitives;

namespace MicroAppBot.Web;

/// <summary>
/// <c>/api</c> and <c>/v1</c> want the bearer token of <c>Api:Token</c>. Without a token set they answer in Development
/// and on loopback only, and not to what came through a proxy or a tunnel, which looks like loopback.
/// </summary>
public sealed class ApiGuard(string? token, bool development) : IEndpointFilter
{
    private readonly byte[]? _token = string.IsNullOrEmpty(token) ? null : Encoding.UTF8.GetBytes(token);

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (HasToken(http.Request.Headers.Authorization) || (development && IsLocal(http))) return await next(context);
        http.Response.Headers.WWWAuthenticate = "Bearer";
        var words = _token is null ? "This needs a token: set Api:Token and send it as a bearer token." : "This needs the right bearer token.";
        // OPA's clients look for a code and a message
        return Results.Json(new { code = "unauthorized", message = words, error = words }, statusCode: 401);
    }

    /// <summary>From this machine, and by no page of another site.</summary>
    private static bool IsLocal(HttpContext http) => ThisMachine.Sent(http)
        && http.Request.Headers.Origin.All(origin => string.IsNullOrEmpty(origin) || (Uri.TryCreate(origin, UriKind.Absolute, out var page) && ThisMachine.IsOurHost(page.Host)))
        && http.Request.Headers["Sec-Fetch-Site"] != "cross-site";

    private bool HasToken(StringValues header) => _token is not null && header is [{ } value]
        && value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(value["Bearer ".Length..].Trim()), _token);
}
