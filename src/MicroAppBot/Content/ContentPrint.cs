using System.Security.Cryptography;
using System.Text;

namespace MicroAppBot.Content;

/// <summary>A fingerprint of what lies in the folders that decisions are made of, to see that something changed.</summary>
public static class ContentPrint
{
    /// <summary>The folders that are read again when something in them changes.</summary>
    public static readonly IReadOnlyList<string> Folders = ["policies", "templates"];

    /// <summary>
    /// SHA-256 over names and bytes of all files, links followed. Bytes and not dates: a folder that is switched by a link, restored
    /// or checked out may bring any date. Null while a file cannot be read, which happens in the middle of a change.
    /// </summary>
    public static string? Of(string root)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Hidden };
        try
        {
            foreach (var folder in Folders)
            {
                var path = Path.Combine(root, folder);
                if (!Directory.Exists(path)) continue;
                foreach (var file in Directory.EnumerateFiles(path, "*", options).Order(StringComparer.Ordinal))
                {
                    var bytes = File.ReadAllBytes(file);
                    hash.AppendData(Encoding.UTF8.GetBytes($"{Path.GetRelativePath(root, file)}\0{bytes.Length}\0"));
                    hash.AppendData(bytes);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
