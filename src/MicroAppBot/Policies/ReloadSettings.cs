using MicroAppBot.Desk;

namespace MicroAppBot.Policies;

/// <summary>How a change of the content folders is noticed: the section <c>Content</c>.</summary>
public sealed record ReloadSettings
{
    /// <summary>Whether changes are taken up while the bot runs.</summary>
    public bool Reload { get; init; } = true;

    /// <summary>Seconds between two looks where the file system says nothing (network shares, a switched link).</summary>
    public double PollSeconds { get; init; } = 5;

    /// <summary>Seconds that the folder has to lie still before it is read: an edit of several files is one edit.</summary>
    public double SettleSeconds { get; init; } = 0.3;

    /// <exception cref="SettingException">A setting cannot be meant; the message names its key.</exception>
    public static ReloadSettings From(IConfiguration configuration)
    {
        ReloadSettings settings;
        try
        {
            settings = configuration.GetSection("Content").Get<ReloadSettings>() ?? new ReloadSettings();
        }
        catch (InvalidOperationException)
        {
            throw new SettingException("Content:Reload must be true or false, Content:PollSeconds and Content:SettleSeconds must be numbers.");
        }
        if (settings.PollSeconds is < 0.05 or > 3600) throw new SettingException("Content:PollSeconds must be a number from 0.05 to 3600.");
        return settings.SettleSeconds is >= 0 and <= 60 ? settings : throw new SettingException("Content:SettleSeconds must be a number from 0 to 60.");
    }
}
