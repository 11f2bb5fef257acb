namespace MicroAppBot.Policies.Api;

/// <summary>What <c>/health?bundles</c> and <c>/health?plugins</c> ask about.</summary>
/// <param name="BundlesAreActive">Whether every bundle was in force once; a newer one that is refused takes nobody down, as in OPA.</param>
/// <param name="Plugins">What works besides the rules, by OPA's name for it; its trouble in words, null when it has none.</param>
public sealed record OpaHealth(Func<bool> BundlesAreActive, IReadOnlyList<(string Name, Func<string?> Trouble)> Plugins)
{
    private bool _wasReady;

    /// <summary>Whether everything was well at one moment since the start.</summary>
    internal bool WasReady => _wasReady |= Plugins.All(p => p.Trouble() is null);
}
