using MicroAppBot.Desk;

namespace MicroAppBot.Policies.Log;

/// <summary>The decision log: the section <c>Policy:DecisionLog</c>. Off unless one of its two places is named.</summary>
public sealed record DecisionLogSettings
{
    /// <summary>Whether decisions are written to files under the data folder.</summary>
    public bool File { get; init; }

    /// <summary>Where decisions are sent, as OPA sends them: gzipped JSON arrays by POST.</summary>
    public Uri? Url { get; init; }

    /// <summary>Bearer token for <see cref="Url"/>.</summary>
    public string? Token { get; init; }

    /// <summary>A file is closed when it is this large, and at the end of a day (UTC).</summary>
    public int MaxFileMegabytes { get; init; } = 100;

    /// <summary>Closed files that are kept; older ones are deleted.</summary>
    public int KeepFiles { get; init; } = 30;

    /// <summary>Seconds that decisions are collected before they are sent.</summary>
    public double SendEverySeconds { get; init; } = 30;

    /// <summary>Decisions that wait at most while the other side is away; the oldest go first, and how many is logged.</summary>
    public int MostWaiting { get; init; } = 20_000;

    public bool IsOn => File || Url is not null;

    /// <summary>Where the files are: <c>decisions</c> in the data folder.</summary>
    public string Folder { get; init; } = "";

    /// <exception cref="SettingException">A setting cannot be meant; the message names its key.</exception>
    public static DecisionLogSettings From(IConfiguration configuration)
    {
        DecisionLogSettings settings;
        try
        {
            settings = configuration.GetSection("Policy:DecisionLog").Get<DecisionLogSettings>() ?? new DecisionLogSettings();
        }
        catch (InvalidOperationException odd)
        {
            throw new SettingException($"A setting of Policy:DecisionLog cannot be read: {odd.Message}");
        }
        if (settings.Url is { } url) RemoteUrl.Check(url, "Policy:DecisionLog:Url", settings.Token is { Length: > 0 });
        if (settings.MaxFileMegabytes is < 1 or > 10_000) throw new SettingException("Policy:DecisionLog:MaxFileMegabytes must be a whole number from 1 to 10000.");
        if (settings.KeepFiles is < 0 or > 10_000) throw new SettingException("Policy:DecisionLog:KeepFiles must be a whole number from 0 to 10000.");
        if (settings.SendEverySeconds is < 0.05 or > 3600) throw new SettingException("Policy:DecisionLog:SendEverySeconds must be a number from 0.05 to 3600.");
        if (settings.MostWaiting is < 1 or > 1_000_000) throw new SettingException("Policy:DecisionLog:MostWaiting must be a whole number from 1 to 1000000.");
        var data = configuration["Data:Folder"] is { Length: > 0 } folder ? folder : "data";
        return settings with { Folder = Path.Combine(Path.GetFullPath(data), "decisions") };
    }
}
