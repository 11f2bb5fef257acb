using System.Net;

namespace MicroAppBot.Desk;

/// <summary>
/// Whether a request comes from this very machine. A tunnel or a proxy looks like loopback; it is told apart by the
/// headers it cannot help sending along. One place, because a door that checks less than the others is the open one.
/// </summary>
public static class ThisMachine
{
    /// <summary>From loopback, at a name of ours, and not passed on by anything.</summary>
    public static bool Sent(HttpContext http) => IsLoopback(http) && !IsForwarded(http.Request.Headers) && IsOurHost(http.Request.Host.Host);

    public static bool IsLoopback(HttpContext http) => http.Connection.RemoteIpAddress is { } remote && IPAddress.IsLoopback(remote);

    public static bool IsForwarded(IHeaderDictionary headers) => headers.Keys.Any(name =>
        name.StartsWith("X-Forwarded", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("X-Original", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Forwarded", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Via", StringComparison.OrdinalIgnoreCase)
        || name.Equals("X-Real-IP", StringComparison.OrdinalIgnoreCase));

    /// <summary>A name that some DNS server points at loopback is not ours (DNS rebinding).</summary>
    public static bool IsOurHost(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
