namespace Governance.Manifests;

/// <summary>One reason why a text is no manifest at all.</summary>
/// <param name="Pointer">A JSON pointer to the place (RFC 6901); empty for the whole document.</param>
/// <param name="Message">What is wrong and what to write instead, in a sentence.</param>
/// <param name="Nearest">The valid word that was probably meant, or null.</param>
public sealed record ManifestFault(string Pointer, string Message, string? Nearest = null);

/// <summary>What came of reading a manifest.</summary>
public abstract record ManifestReading
{
    private ManifestReading()
    {
    }

    public sealed record Read(Manifest Manifest) : ManifestReading;

    /// <summary>Not a manifest: at least one fault, in the order of the text.</summary>
    public sealed record Faulty(IReadOnlyList<ManifestFault> Faults) : ManifestReading;
}
