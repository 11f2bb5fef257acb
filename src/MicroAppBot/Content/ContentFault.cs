namespace MicroAppBot.Content;

/// <summary>One thing in the content folders that cannot be used.</summary>
/// <param name="File">The file's path from the content root, with forward slashes; a folder where a whole folder is missing.</param>
/// <param name="Line">The line, from 1; 0 when it is about the file as a whole.</param>
/// <param name="Why">What is wrong and what there may be instead, in a sentence.</param>
public sealed record ContentFault(string File, int Line, string Why)
{
    public override string ToString() => Line > 0 ? $"{File}:{Line}: {Why}" : $"{File}: {Why}";
}
