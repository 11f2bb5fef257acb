namespace MicroAppBot.Desk;

/// <summary>What makes a granted app real: the catalogue repository.</summary>
public interface IPlatform
{
    /// <summary>
    /// Brings the catalogue to the app's state as of this version of its stream, or a later one. Doing it twice does it
    /// once: after a crash it is called again.
    /// </summary>
    Task<EffectOutcome> PublishAsync(string appId, long version, CancellationToken cancel);
}

/// <summary>How an effect ended.</summary>
public abstract record EffectOutcome
{
    private EffectOutcome() { }

    public sealed record Done : EffectOutcome;

    /// <summary>Not now; to be tried again, not before <paramref name="After"/> where the platform said so.</summary>
    public sealed record TryAgain(TimeSpan? After, string Why) : EffectOutcome;

    /// <summary>It will never work: a fault of ours, listed for the governance team.</summary>
    public sealed record Refused(string Why) : EffectOutcome;
}
