using System.Formats.Tar;
using System.IO.Compression;
using MicroAppBot.Content;

namespace MicroAppBot.Policies.Bundles;

/// <summary>Reads a bundle from an archive or a folder. Nothing is unpacked to the disk here, and nothing that reaches outside of the bundle is followed.</summary>
public static class BundleReader
{
    private const int MostFiles = 4000;
    private const long MostBytesOfOne = 16L * 1024 * 1024;
    private const long MostBytes = 64L * 1024 * 1024;

    /// <summary>A whole archive, packed.</summary>
    public const long MostPackedBytes = 32L * 1024 * 1024;

    /// <summary>Reads a <c>.tar.gz</c> and verifies its signature.</summary>
    /// <param name="key">What signed it; null: it must not be signed.</param>
    /// <exception cref="ContentException">It is damaged, too large, not signed as it should be, or no bundle.</exception>
    public static Bundle Read(string label, byte[] archive, BundleKey? key)
    {
        var files = new List<BundleFile>();
        try
        {
            using var zip = new GZipStream(new MemoryStream(archive), CompressionMode.Decompress);
            using var bounded = new BoundedStream(zip, MostBytes + MostBytesOfOne + (8L * 1024 * 1024));
            using var tar = new TarReader(bounded);
            long total = 0;
            var entries = 0;
            while (tar.GetNextEntry() is { } entry)
            {
                if (++entries > 2 * MostFiles) throw Bundle.Fault(label, "", $"There are more than {2 * MostFiles} entries.");
                if (entry.EntryType is TarEntryType.Directory or TarEntryType.GlobalExtendedAttributes or TarEntryType.ExtendedAttributes) continue;
                if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile)) throw Bundle.Fault(label, entry.Name, "A bundle holds plain files only: no links, no devices.");
                var name = NameOf(label, entry.Name);
                if ((total += entry.Length) > MostBytes || entry.Length > MostBytesOfOne) throw Bundle.Fault(label, name, $"It is too large: {MostBytesOfOne >> 20} MB for a file, {MostBytes >> 20} MB for all of them.");
                Add(label, files, new BundleFile(name, Content(entry)));
            }
        }
        catch (Exception damaged) when (damaged is InvalidDataException or EndOfStreamException or IOException or FormatException)
        {
            throw Bundle.Fault(label, "", $"This is not a whole .tar.gz: {damaged.Message}");
        }
        return Checked(label, files, key);
    }

    /// <summary>Reads an unpacked bundle.</summary>
    /// <inheritdoc cref="Read(string, byte[], BundleKey?)"/>
    public static Bundle ReadFolder(string label, string folder, BundleKey? key)
    {
        var files = new List<BundleFile>();
        long total = 0;
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 };
        foreach (var path in Directory.EnumerateFileSystemEntries(folder, "*", options).Order(StringComparer.Ordinal))
        {
            var name = NameOf(label, Path.GetRelativePath(folder, path).Replace('\\', '/'));
            var info = new FileInfo(path);
            if (info.LinkTarget is not null) throw Bundle.Fault(label, name, "A bundle holds plain files only: no links, no devices.");
            if (!info.Exists) continue;
            if ((total += info.Length) > MostBytes || info.Length > MostBytesOfOne) throw Bundle.Fault(label, name, $"It is too large: {MostBytesOfOne >> 20} MB for a file, {MostBytes >> 20} MB for all of them.");
            Add(label, files, new BundleFile(name, File.ReadAllBytes(path)));
        }
        return Checked(label, files, key);
    }

    private static Bundle Checked(string label, List<BundleFile> files, BundleKey? key)
    {
        var signed = files.FirstOrDefault(f => f.Name == Bundle.SignaturesName);
        if (key is not null) BundleSignature.Verify(label, files, signed ?? throw Bundle.Fault(label, Bundle.SignaturesName, "It is missing: a key is configured, so only signed bundles are taken."), key);
        else if (signed is not null) throw Bundle.Fault(label, Bundle.SignaturesName, "The bundle is signed, and no key is configured to verify it (Policy:BundleKey).");
        return Bundle.Of(label, files);
    }

    private static void Add(string label, List<BundleFile> files, BundleFile file)
    {
        if (files.Count >= MostFiles) throw Bundle.Fault(label, file.Name, $"There are more than {MostFiles} files.");
        if (files.Any(f => f.Name == file.Name)) throw Bundle.Fault(label, file.Name, "It is in the bundle twice.");
        files.Add(file);
    }

    private static string NameOf(string label, string written)
    {
        var name = written;
        while (name.StartsWith("./", StringComparison.Ordinal)) name = name[2..];
        if (name.StartsWith('/')) name = name[1..];
        var parts = name.Split('/');
        return name.Length is > 0 and <= 500 && !parts.Any(p => p is "" or "." or "..") && !name.Any(c => c is '\\' or ':' or < ' ')
            ? name
            : throw Bundle.Fault(label, "", $"The name \"{new string([.. written.Take(80).Select(c => c < ' ' ? '?' : c)])}\" reaches out of the bundle, or is none.");
    }

    private static byte[] Content(TarEntry entry)
    {
        if (entry.DataStream is null) return [];
        using var bytes = new MemoryStream();
        // Not by the length that the header claims: a stream that lies about it is cut off here
        var buffer = new byte[64 * 1024];
        for (int read; (read = entry.DataStream.Read(buffer)) > 0;)
        {
            if (bytes.Length + read > MostBytesOfOne) throw new InvalidDataException("a file is longer than it says");
            bytes.Write(buffer, 0, read);
        }
        return bytes.ToArray();
    }
}
