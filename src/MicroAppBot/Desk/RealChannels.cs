namespace MicroAppBot.Desk;

/// <summary>
/// Whether real people talk to this bot. Where they do, nobody may be played: no console, no unsigned activities, no clock that is moved.
/// </summary>
public static class RealChannels
{
    private const string Teams = "Channels:Teams:AppId";
    private const string SlackApi = "Channels:Slack:ApiUrl";

    private static readonly string[] Slack = ["Channels:Slack:BotToken", "Channels:Slack:SigningSecret", "Channels:Slack:AppToken"];

    /// <summary>The setting that shows it; null when there is none. A Slack whose Web API is on this very machine is one that is played.</summary>
    public static string? KeyIn(IConfiguration settings)
    {
        string[] keys = IsPlayed(settings[SlackApi]) ? [Teams] : [Teams, .. Slack];
        return Array.Find(keys, key => !string.IsNullOrWhiteSpace(settings[key]));
    }

    private static bool IsPlayed(string? api) => Uri.TryCreate(api, UriKind.Absolute, out var url) && url is { IsLoopback: true, UserInfo: "" };
}
