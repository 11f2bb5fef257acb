using MicroAppBot.Desk;

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
        if (!ThisMachine.IsLoopback(http)) return "Unsigned activities are taken from this machine only.";
        if (ThisMachine.IsForwarded(request.Headers)) return "This came through a proxy or a tunnel: set Channels:Teams:AppId, so that activities are signed.";
        if (!ThisMachine.IsOurHost(request.Host.Host)) return "Unsigned activities are taken at localhost or 127.0.0.1 only.";
        // No Bot Framework client sends an origin; a browser does
        if (request.Headers.Origin.Count > 0 || request.Headers.ContainsKey("Sec-Fetch-Site")) return "Web pages cannot speak for people here.";
        return request.HasJsonContentType() ? null : "Send JSON (Content-Type: application/json).";
    }
}
