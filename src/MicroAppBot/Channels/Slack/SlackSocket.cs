namespace MicroAppBot.Channels.Slack;

/// <summary>
/// Socket Mode: Slack brings everything through WebSockets that this side opens, so that no public address is needed. Several are
/// held, each by itself, so that there is always one while another is renewed.
/// </summary>
internal sealed partial class SlackSocket(SlackSettings settings, SlackLines lines, TimeProvider time, ILogger<SlackSocket> log) : BackgroundService
{
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(30);

    /// <summary>An administrator has to do something first.</summary>
    private static readonly TimeSpan UntilMended = TimeSpan.FromMinutes(5);

    /// <summary>0 to 1; spreads those who lost their connection together. Exact in tests when this is fixed.</summary>
    internal Func<double> Jitter { get; set; } = Random.Shared.NextDouble;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => settings.AppToken is null
        ? Task.CompletedTask
        : Task.WhenAll(Enumerable.Range(1, settings.Connections).Select(number => HoldAsync(number, stoppingToken)));

    /// <summary>Keeps one connection. One that is asked to go brings and takes until the next one stands.</summary>
    private async Task HoldAsync(int number, CancellationToken stopping)
    {
        SlackLine? line = null;
        SlackLine? old = null;
        var closing = new List<Task>();
        var failures = 0;
        try
        {
            while (true)
            {
                TimeSpan wait;
                try
                {
                    line = await lines.OpenAsync(stopping);
                    Connected(number);
                    closing.RemoveAll(c => c.IsCompleted);
                    if (old is not null) closing.Add(old.CloseAsync());
                    old = null;
                    var end = await line.Ended.WaitAsync(stopping);
                    Ended(number, end);
                    if (end is SlackLineEnd.SwitchedOff) SwitchedOff();
                    if (end is SlackLineEnd.Refresh) old = line;
                    else closing.Add(line.CloseAsync());
                    line = null;
                    failures = end is SlackLineEnd.Lost ? failures : 0;
                    wait = WaitAfter(end, ref failures);
                }
                catch (SlackNoLine fault)
                {
                    NotConnected(number, fault.Message);
                    wait = fault.Wait is { } asked ? asked : WaitAfter(fault.IsOurs ? SlackLineEnd.SwitchedOff : SlackLineEnd.Lost, ref failures);
                }
                if (wait > TimeSpan.Zero) await Task.Delay(wait, time, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The bot is being stopped: what is under way is acknowledged first
        }
        finally
        {
            if (line is not null) closing.Add(line.CloseAsync());
            if (old is not null) closing.Add(old.CloseAsync());
            await Task.WhenAll(closing);
        }
    }

    private TimeSpan WaitAfter(SlackLineEnd end, ref int failures) => end switch
    {
        SlackLineEnd.Refresh => TimeSpan.Zero,
        SlackLineEnd.SwitchedOff => UntilMended,
        SlackLineEnd.TooMany => LongestBackoff * (1 + Jitter()),
        _ => TimeSpan.FromSeconds(Math.Min(LongestBackoff.TotalSeconds, 1 << Math.Min(failures++, 5))) * (0.5 + Jitter() / 2),
    };

    [LoggerMessage(Level = LogLevel.Information, Message = "Connection {Number} to Slack stands.")]
    private partial void Connected(int number);

    [LoggerMessage(Level = LogLevel.Information, Message = "Connection {Number} to Slack ends: {End}.")]
    private partial void Ended(int number, SlackLineEnd end);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Connection {Number} to Slack could not be made and is tried again: {Why}")]
    private partial void NotConnected(int number, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "Slack says that Socket Mode is switched off for this app: nothing comes in until it is switched on again (api.slack.com/apps, “Socket Mode”).")]
    private partial void SwitchedOff();
}
