namespace MicroAppBot.Content;

/// <summary>A text of the content folders.</summary>
/// <param name="Name">The path from the content root, with forward slashes: <c>policies/residency.rego</c>, <c>cards/samples/approval.json</c>.</param>
/// <param name="Text">With line ends as in the file, without a byte order mark.</param>
public sealed record ContentFile(string Name, string Text)
{
    /// <summary>The last part of the name, without its extension: <c>residency</c>.</summary>
    public string ShortName => Path.GetFileNameWithoutExtension(Name);
}
