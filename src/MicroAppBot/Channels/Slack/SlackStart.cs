namespace MicroAppBot.Channels.Slack;

/// <summary>
/// Says at start how Slack is set up, and whether the tokens are good: an administrator should not have to wait for the first
/// message to learn of a typing error. The bot starts either way.
/// </summary>
internal sealed partial class SlackStart(SlackSettings settings, SlackTokens tokens, ILogger<SlackStart> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!settings.IsOn) return;
        SetUp(settings.ToString());
        try
        {
            var workspaces = await tokens.IdsAsync(stoppingToken);
            if (workspaces.Count == 0) NowhereYet(SlackInstallEndpoint.InstallPath);
            else Ready(string.Join(", ", workspaces));
        }
        catch (SlackTokenUnavailable)
        {
            // Said already, with what to look at
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped before it was answered
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Slack is set up: {How}.")]
    private partial void SetUp(string how);

    [LoggerMessage(Level = LogLevel.Information, Message = "Slack knows the bot in {Workspaces}: messages can be sent.")]
    private partial void Ready(string workspaces);

    [LoggerMessage(Level = LogLevel.Information, Message = "The app is installed in no workspace yet: open {Path} at the bot's public address to install it.")]
    private partial void NowhereYet(string path);
}
