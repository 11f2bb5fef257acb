using MicroAppBot.Desk;

namespace MicroAppBot.Policies.Opa;

/// <summary>An OPA server that decides instead of the rules in this process: the section <c>Policy:Opa</c>.</summary>
public sealed record OpaSettings
{
    /// <summary>The server's address, without <c>/v1</c>; none: the rules are evaluated here.</summary>
    public Uri? Url { get; init; }

    /// <summary>Bearer token.</summary>
    public string? Token { get; init; }

    /// <summary>Seconds for one decision, a second try included. Somebody waits in chat.</summary>
    public double TimeoutSeconds { get; init; } = 3;

    /// <summary>Seconds between two looks whether the server answers by the same book.</summary>
    public double CheckEverySeconds { get; init; } = 30;

    /// <exception cref="SettingException">A setting cannot be meant; the message names its key.</exception>
    public static OpaSettings From(IConfiguration configuration)
    {
        OpaSettings settings;
        try
        {
            settings = configuration.GetSection("Policy:Opa").Get<OpaSettings>() ?? new OpaSettings();
        }
        catch (InvalidOperationException odd)
        {
            throw new SettingException($"A setting of Policy:Opa cannot be read: {odd.Message}");
        }
        if (settings.TimeoutSeconds is < 0.1 or > 60) throw new SettingException("Policy:Opa:TimeoutSeconds must be a number from 0.1 to 60.");
        if (settings.CheckEverySeconds is < 0.05 or > 3600) throw new SettingException("Policy:Opa:CheckEverySeconds must be a number from 0.05 to 3600.");
        if (settings.Url is null) return settings;
        var url = RemoteUrl.Check(settings.Url, "Policy:Opa:Url", settings.Token is { Length: > 0 });
        return settings with { Url = url.AbsoluteUri.EndsWith('/') ? url : new Uri(url.AbsoluteUri + "/") };
    }
}
