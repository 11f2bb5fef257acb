using MicroAppBot.Desk;

namespace MicroAppBot.Policies;

/// <summary>Addresses of other services in the settings.</summary>
internal static class RemoteUrl
{
    /// <exception cref="SettingException">It is no address over HTTP, or would send a token unencrypted over a network.</exception>
    public static Uri Check(Uri url, string key, bool withToken)
    {
        if (!url.IsAbsoluteUri || url.Scheme is not ("http" or "https")) throw new SettingException($"{key} must be an address that begins with https:// (or http://).");
        if (url.UserInfo.Length > 0) throw new SettingException($"{key} must not hold a name or password; use the token setting beside it.");
        return withToken && url.Scheme == "http" && !url.IsLoopback
            ? throw new SettingException($"{key} must begin with https://, since a token is sent there.")
            : url;
    }
}
