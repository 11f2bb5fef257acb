using Quartz;

namespace MicroAppBot.Jobs;

/// <summary>Wakes the desk for what is due: reminders, expiry, approvals that wait too long. Decides nothing; late or twice it acts once.</summary>
[DisallowConcurrentExecution]
public sealed partial class SweepJob(Desk.Desk desk, ILogger<SweepJob> log) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var acted = await desk.SweepAsync(cancellationToken);
        if (acted > 0) Acted(acted);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The sweep acted on {Acted} requests and apps.")]
    private partial void Acted(int acted);
}
