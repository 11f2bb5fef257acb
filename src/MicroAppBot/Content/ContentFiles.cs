using System.Text;

namespace MicroAppBot.Content;

/// <summary>Reads the texts of a content folder, in ordinal order of their names, so that every machine sees the same.</summary>
internal static class ContentFiles
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>A file that cannot be read as text is a fault, and left out.</summary>
    public static IReadOnlyList<ContentFile> In(string root, string folder, string pattern, bool deep, List<ContentFault> faults)
    {
        var path = Path.Combine(root, folder);
        if (!Directory.Exists(path))
            return [];
        var options = new EnumerationOptions { RecurseSubdirectories = deep, AttributesToSkip = FileAttributes.Hidden };
        if (pattern != "*")
            faults.AddRange(Directory.EnumerateDirectories(path, pattern, options).Select(folder => IsFolder(NameOf(root, folder))));
        return [.. Directory.EnumerateFiles(path, pattern, options)
            .Select(file => (Path: file, Name: NameOf(root, file)))
            .OrderBy(f => f.Name, StringComparer.Ordinal)
            .Select(f => Read(f.Path, f.Name, faults)).OfType<ContentFile>()];
    }

    /// <summary>The file, or null when it is not there or (a fault) cannot be read.</summary>
    public static ContentFile? One(string root, string name, List<ContentFault> faults)
    {
        var path = Path.Combine(root, name);
        if (Directory.Exists(path))
            faults.Add(IsFolder(name));
        return File.Exists(path) ? Read(path, name, faults) : null;
    }

    private static ContentFile? Read(string path, string name, List<ContentFault> faults)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception locked) when (locked is IOException or UnauthorizedAccessException)
        {
            faults.Add(new ContentFault(name, 0, $"This file cannot be read: {locked.Message}"));
            return null;
        }

        var start = bytes.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0;
        try
        {
            return new ContentFile(name, Strict.GetString(bytes, start, bytes.Length - start));
        }
        catch (DecoderFallbackException odd)
        {
            faults.Add(new ContentFault(name, 1 + bytes.AsSpan(0, Math.Clamp(start + odd.Index, 0, bytes.Length)).Count((byte)'\n'), "There is a character here that is not UTF-8. Please save the file as UTF-8."));
            return null;
        }
    }

    private static ContentFault IsFolder(string name) => new(name, 0, "This is a folder, and a file of this name is expected.");

    private static string NameOf(string root, string path) => Path.GetRelativePath(root, path).Replace('\\', '/');
}
