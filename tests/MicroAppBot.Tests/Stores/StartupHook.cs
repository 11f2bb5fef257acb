using System.Diagnostics.CodeAnalysis;
using MicroAppBot.Tests.Stores;

/// <summary>.NET calls this by its name, without a namespace, before Main (DOTNET_STARTUP_HOOKS).</summary>
[SuppressMessage("Design", "CA1050:Declare types in namespaces", Justification = "The runtime looks for it there")]
[SuppressMessage("Performance", "CA1812", Justification = "Called by the runtime")]
internal sealed class StartupHook
{
    public static void Initialize() => StoreChild.Play();
}
