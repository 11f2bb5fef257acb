using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MicroAppBot.Content;
using Rego;

namespace MicroAppBot.Policies;

/// <summary>Bundles named on the command line; their signatures are not looked at.</summary>
internal static class PolicyBundles
{
    /// <summary>A folder with an OPA bundle in it, or the <c>.tar.gz</c> of one.</summary>
    /// <exception cref="ContentException">It is not there, or its data does not fit together.</exception>
    public static PolicySources Load(string path, RegoVersion version, IReadOnlyList<string>? ignore = null)
    {
        if (Directory.Exists(path))
            return Unpacked(path, path, version, ignore);
        if (!File.Exists(path))
            throw new ContentException([new ContentFault(path, 0, "There is no such bundle.")]);
        var folder = Directory.CreateTempSubdirectory("bundle-");
        try
        {
            using (var packed = File.OpenRead(path))
            using (var unpacked = new GZipStream(packed, CompressionMode.Decompress))
                TarFile.ExtractToDirectory(unpacked, folder.FullName, overwriteFiles: false);
            var loaded = Unpacked(path, folder.FullName, version, ignore);
            return loaded with { Modules = [.. loaded.Modules.Select(module => module with { File = Path.GetRelativePath(folder.FullName, module.File) })] };
        }
        catch (Exception broken) when (broken is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new ContentException([new ContentFault(path, 0, $"This is not a bundle: {broken.Message}")]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The language that the manifest of an unpacked bundle names, or null.</summary>
    public static RegoVersion? VersionOf(string folder) => ManifestOf(folder)?["rego_version"] switch
    {
        JsonValue one when one.TryGetValue<int>(out var number) => number == 0 ? RegoVersion.V0 : RegoVersion.V1,
        _ => null,
    };

    private static PolicySources Unpacked(string label, string folder, RegoVersion version, IReadOnlyList<string>? ignore)
    {
        var loaded = PolicySources.LoadBundle(folder, version, ignore);
        if (ManifestOf(folder) is not { } manifest)
            return loaded;
        var files = loaded.Modules.Select(module => new Bundles.BundleFile(Path.GetRelativePath(folder, module.File).Replace('\\', '/'), Encoding.UTF8.GetBytes(module.Text)))
            .Append(new Bundles.BundleFile("data.json", JsonSerializer.SerializeToUtf8Bytes(loaded.Data)));
        new Bundles.Bundle(label, "", Bundles.Bundle.RootsOf(label, manifest), [.. files]).RequireRoots();
        return loaded;
    }

    private static JsonObject? ManifestOf(string folder)
    {
        var file = Path.Combine(folder, Bundles.Bundle.ManifestName);
        if (!File.Exists(file))
            return null;
        try
        {
            // Keys that come twice are told when they are first counted
            if (JsonNode.Parse(File.ReadAllBytes(file)) is JsonObject manifest && manifest.Count >= 0)
                return manifest;
        }
        catch (Exception broken) when (broken is JsonException or ArgumentException)
        {
        }
        throw new ContentException([new ContentFault(file, 0, "The manifest is not one JSON object.")]);
    }
}
