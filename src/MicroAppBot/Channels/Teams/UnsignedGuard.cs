using System.Net;

namespace MicroAppBot.Channels.Teams;

/// <summary>
/// Whether an unsigned activity may be taken (Development, no app id): only from a program on this machine. A tunnel or a proxy
/// looks like loopback, and so does a web page the developer has open; both are told apart by what they cannot help sending along.
/// </summary>
internal static class UnsignedGuard
{
    /// <returns>Why not, in a sentence; null when it may.</returns>
    public static string? Refusal(HttpContext http)
    {
        var request = http.Request;
        if (http.Connection.RemoteIpAddress is not { } remote || !IPAddress.IsLoopback(remote)) return "Unsigned activities are taken from this machine only.";
        if (IsForwarded(request.Headers)) return "This came through a proxy or a tunnel: set Channels:Teams:AppId, so that activities are signed.";
        if (!IsOurHost(request.Host)) return "Unsigned activities are taken at localhost or 127.0.0.1 only.";
        // No Bot Framework client sends an origin; a browser does
        if (request.Headers.Origin.Count > 0 || request.Headers.ContainsKey("Sec-Fetch-Site")) return "Web pages cannot speak for people here.";
        return request.HasJsonContentType() ? null : "Send JSON (Content-Type: application/json).";
    }

    private static bool IsForwarded(IHeaderDictionary headers) => headers.Keys.Any(name =>
        name.StartsWith("X-Forwarded", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("X-Original", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Forwarded", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Via", StringComparison.OrdinalIgnoreCase)
        || name.Equals("X-Real-IP", StringComparison.OrdinalIgnoreCase));

    /// <summary>A name that some DNS server points at loopback is not ours (DNS rebinding).</summary>
    private static bool IsOurHost(HostString host) =>
        host.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
