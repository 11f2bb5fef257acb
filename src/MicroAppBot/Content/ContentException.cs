namespace MicroAppBot.Content;

/// <summary>The content folders do not load; it names every fault, so that one look mends them all.</summary>
#pragma warning disable CA1032 // Without its faults this exception would say nothing
public sealed class ContentException(IReadOnlyList<ContentFault> faults)
#pragma warning restore CA1032
    : Exception("The content does not load:" + string.Concat(faults.Select(f => Environment.NewLine + "  " + f)))
{
    public IReadOnlyList<ContentFault> Faults { get; } = faults;
}
