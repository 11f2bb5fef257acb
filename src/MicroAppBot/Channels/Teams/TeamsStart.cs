namespace MicroAppBot.Channels.Teams;

/// <summary>
/// Says at start how Teams is set up, and whether the registration is good for a token: an administrator should not have to
/// wait for the first message to learn that a secret has a typing error. The bot starts either way.
/// </summary>
internal sealed partial class TeamsStart(TeamsSettings settings, TeamsToken tokens, ILogger<TeamsStart> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (settings.AllowsUnsigned) Unsigned(TeamsEndpoint.Path);
        if (settings.App is not { } app) return;
        SetUp(app.Id, app.TenantId, TeamsEndpoint.Path);
        try
        {
            await tokens.HeaderAsync(null, stoppingToken);
            HasToken();
        }
        catch (TeamsTokenUnavailable)
        {
            // Said already, with what to look at
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped before it was answered
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Teams is not set up: unsigned activities are taken at {Path} from this machine only (Development).")]
    private partial void Unsigned(string path);

    [LoggerMessage(Level = LogLevel.Information, Message = "Teams is set up for app {App} of tenant {Tenant}: activities signed for it are taken at {Path}.")]
    private partial void SetUp(string app, string tenant, string path);

    [LoggerMessage(Level = LogLevel.Information, Message = "The login server gave a token for Teams: messages can be sent.")]
    private partial void HasToken();
}
