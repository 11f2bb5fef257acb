using MicroAppBot.Content;

namespace MicroAppBot.Policies.Bundles;

#pragma warning disable CA1032 // It is nothing without what is away
/// <summary>A bundle could not be had: its server or its file is away. What it holds is unknown, and what is in force goes on.</summary>
internal sealed class BundleAwayException(string name, string why) : Exception(why)
#pragma warning restore CA1032
{
    /// <summary>The same in the words of a start that fails because of it.</summary>
    public ContentFault Fault { get; } = new(name, 0, why);
}
