using System.Net;

namespace MicroAppBot.Cards.BlockKit;

/// <summary>Addresses that may stand in a message: on the web or a mail address, and of a length Slack takes.</summary>
internal static class WebAddress
{
    /// <summary>Of a link in a text; null where it may not stand there.</summary>
    public static string? OfLink(string? address) => Of(address, mail: true);

    /// <summary>Of a button; null where it may not stand there.</summary>
    public static string? OfButton(string? address) => Of(address, mail: false);

    /// <summary>Of an image, which Slack fetches from the public internet; null where it could not.</summary>
    public static string? OfImage(string? address) =>
        Of(address, mail: false) is { } url && new Uri(url) is { Scheme: "https" } place && IsPublic(place.DnsSafeHost) ? url : null;

    private static string? Of(string? address, bool mail)
    {
        if (address is null || address.Length > SlackLimits.Url || !Uri.TryCreate(address, UriKind.Absolute, out var url))
            return null;
        if (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp && !(mail && url.Scheme == Uri.UriSchemeMailto))
            return null;
        // These four would end the link, or begin another
        var written = url.AbsoluteUri.Replace("|", "%7C", StringComparison.Ordinal).Replace("<", "%3C", StringComparison.Ordinal).Replace(">", "%3E", StringComparison.Ordinal);
        return written.Length <= SlackLimits.Url ? written : null;
    }

    private static bool IsPublic(string host)
    {
        if (IPAddress.TryParse(host, out var address))
        {
            if (IPAddress.IsLoopback(address) || address.IsIPv6LinkLocal || address.IsIPv6UniqueLocal)
                return false;
            var bytes = address.MapToIPv4().GetAddressBytes();
            return address.AddressFamily != System.Net.Sockets.AddressFamily.InterNetwork
                || !(bytes[0] is 0 or 10 or 127 || (bytes[0] == 172 && bytes[1] is >= 16 and < 32) || (bytes[0] == 192 && bytes[1] == 168) || (bytes[0] == 169 && bytes[1] == 254));
        }
        return host.Contains('.', StringComparison.Ordinal) && !((string[])[".local", ".internal", ".lan", ".localhost", ".home.arpa"]).Any(end => host.EndsWith(end, StringComparison.OrdinalIgnoreCase));
    }
}
