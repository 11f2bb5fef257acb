using System.Text;

namespace MicroAppBot.Content;

/// <summary>Reads the texts of a content folder, in ordinal order of their names, so that every machine sees the same.</summary>
internal static class ContentFiles
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static IReadOnlyList<ContentFile> In(string root, string folder, string pattern, bool deep)
    {
        var path = Path.Combine(root, folder);
        if (!Directory.Exists(path))
            return [];
        var options = new EnumerationOptions { RecurseSubdirectories = deep, AttributesToSkip = FileAttributes.Hidden };
        return [.. Directory.EnumerateFiles(path, pattern, options)
            .Select(file => (Path: file, Name: Path.GetRelativePath(root, file).Replace('\\', '/')))
            .OrderBy(f => f.Name, StringComparer.Ordinal)
            .Select(f => new ContentFile(f.Name, Text(f.Path)))];
    }

    /// <summary>The file, or null when it is not there.</summary>
    public static ContentFile? One(string root, string name)
    {
        var path = Path.Combine(root, name);
        return File.Exists(path) ? new ContentFile(name, Text(path)) : null;
    }

    /// <summary>A text that is not UTF-8 comes as it can be read: what reads it says what is wrong with it.</summary>
    private static string Text(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var start = bytes.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0;
        try
        {
            return Strict.GetString(bytes, start, bytes.Length - start);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(bytes);
        }
    }
}
