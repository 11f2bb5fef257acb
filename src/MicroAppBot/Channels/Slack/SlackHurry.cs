namespace MicroAppBot.Channels.Slack;

/// <summary>Slack waits three seconds. Either the work is done in time and its outcome is the answer, or the answer goes out first and the outcome follows on another way: never both.</summary>
internal sealed class SlackHurry
{
    private int _state;

    /// <summary>For whoever does the work, when it is done: true where its outcome still goes into the answer.</summary>
    public bool IsInTime() => Interlocked.CompareExchange(ref _state, 1, 0) != 2;

    /// <summary>For whoever answers, when time is up: true where the answer has to go out without the outcome.</summary>
    public bool IsUp() => Interlocked.CompareExchange(ref _state, 2, 0) == 0;
}
