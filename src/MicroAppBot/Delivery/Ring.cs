namespace MicroAppBot.Delivery;

/// <summary>A sound that everybody hears who began to listen before it.</summary>
internal sealed class Ring
{
    private TaskCompletionSource _next = New();

    /// <summary>Ends with the next sound.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    public void Sound() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
