namespace MicroAppBot.Channels.Console;

/// <summary>Rings when something may have changed; everybody who waits looks for themselves.</summary>
public sealed class ConsoleBell
{
    private TaskCompletionSource _next = New();

    /// <summary>Completes at the next ring. Take it before looking, so that nothing slips in between.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    public void Ring() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
