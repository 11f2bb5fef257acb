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

    /// <summary>The line as it stands in the file, where it is at hand.</summary>
    public string? Source { get; init; }

    /// <summary>With the line it is about below it, for people who mend it.</summary>
    public string InFull => string.IsNullOrWhiteSpace(Source) ? ToString() : $"{this}\n    {Source}";

    public override string ToString() => $"{Place}: {Why}";

    /// <summary>Looks the line up, where the file is there and can be read.</summary>
    /// <param name="root">The content root.</param>
    public ContentFault WithSource(string root)
    {
        const int Longest = 120;
        if (Source is not null || Line <= 0) return this;
        try
        {
            var line = System.IO.File.ReadLines(Path.Combine(root, File)).Skip(Line - 1).FirstOrDefault()?.Trim();
            return line is null ? this : this with { Source = line.Length <= Longest ? line : line[..Longest] + "…" };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return this;
        }
    }
}
