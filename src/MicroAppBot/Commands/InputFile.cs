namespace MicroAppBot.Commands;

/// <summary>A file named on the command line.</summary>
internal static class InputFile
{
    /// <summary>All of it; <c>-</c> is the standard input.</summary>
    public static byte[] Read(string path)
    {
        if (path != "-")
            return File.ReadAllBytes(path);
        using var input = Console.OpenStandardInput();
        using var bytes = new MemoryStream();
        input.CopyTo(bytes);
        return bytes.ToArray();
    }
}
