namespace MicroAppBot.Content;

/// <summary>One thing in the content folders that cannot be used.</summary>
/// <param name="File">The file's path from the content root, with forward slashes; a folder where a whole folder is missing.</param>
/// <param name="Line">The line, from 1; 0 when it is about the file as a whole.</param>
/// <param name="Why">What is wrong and what there may be instead, in a sentence.</param>
/// <param name="Column">The column, from 1; 0 where only the line is known.</param>
public sealed record ContentFault(string File, int Line, string Why, int Column = 0)
{
    /// <summary><c>policies/network.rego:12:5</c>, as far as the place is known.</summary>
    public string Place => (Line, Column) switch
    {
        ( <= 0, _) => File,
        (_, <= 0) => $"{File}:{Line}",
        _ => $"{File}:{Line}:{Column}",
    };

    public override string ToString() => $"{Place}: {Why}";
}
