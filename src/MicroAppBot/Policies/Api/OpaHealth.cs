namespace MicroAppBot.Policies.Api;

/// <summary>What <c>/health?bundles</c> and <c>/health?plugins</c> ask about.</summary>
/// <param name="Bundles">Why a bundle is not in force; null when all are, or there are none.</param>
/// <param name="Plugins">What besides the rules does not work; null when all does.</param>
public sealed record OpaHealth(Func<string?> Bundles, Func<string?> Plugins);
