namespace MicroAppBot.Desk;

/// <summary>Who can be told something, and who cannot.</summary>
public interface IReach
{
    /// <summary>People whom nothing can be sent to now, on any channel, by name: whoever blocked or removed the bot everywhere, and whoever may sign and has no account.</summary>
    ValueTask<IReadOnlyList<Unreached>> UnreachedAsync(CancellationToken cancel);
}

/// <param name="Why">In words that an administrator can act on.</param>
public sealed record Unreached(string PersonId, string Name, string Why);
