using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json.Nodes;
using MicroAppBot.Content;
using MicroAppBot.Policies;
using Rego;
using Rego.Values;

namespace MicroAppBot.Commands;

/// <summary>Rules and data named on the command line, compiled.</summary>
internal static class PolicyLoading
{
    public static CompiledPolicy Compile(PolicySources sources, CompileOptions? options = null) =>
        RegoCompiler.Compile(sources.Modules, RValue.Parse(sources.Data.ToJsonString()), options);

    /// <summary>The input document, or null when none was named.</summary>
    public static RValue? Input(string? file)
    {
        if (file is null)
            return null;
        var bytes = InputFile.Read(file);
        return Path.GetExtension(file) is ".yaml" or ".yml" ? RValue.Parse(YamlData.Read(file).ToJsonString()) : RValue.Parse(bytes);
    }

    /// <summary>A folder with an OPA bundle in it, or the <c>.tar.gz</c> of one: rules, and data only from files named data.json or data.yaml.</summary>
    /// <exception cref="ContentException">It is not there, or its data does not fit together.</exception>
    public static PolicySources Bundle(string path, RegoVersion version)
    {
        if (Directory.Exists(path))
            return PolicySources.Load(Files(path), version, root: path);
        if (!File.Exists(path))
            throw new ContentException([new ContentFault(path, 0, "There is no such bundle.")]);
        var folder = Directory.CreateTempSubdirectory("bundle-");
        try
        {
            using (var packed = File.OpenRead(path))
            using (var unpacked = new GZipStream(packed, CompressionMode.Decompress))
                TarFile.ExtractToDirectory(unpacked, folder.FullName, overwriteFiles: false);
            return PolicySources.Load(Files(folder.FullName), version, root: folder.FullName);
        }
        catch (InvalidDataException broken)
        {
            throw new ContentException([new ContentFault(path, 0, $"This is not a bundle: {broken.Message}")]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Where(file => Path.GetExtension(file) == ".rego" || Path.GetFileName(file) is "data.json" or "data.yaml" or "data.yml")
        .Order(StringComparer.Ordinal);

    /// <summary>Several sources as one.</summary>
    public static PolicySources Merge(IReadOnlyList<PolicySources> all)
    {
        var data = new JsonObject();
        foreach (var one in all)
            PolicySources.Merge(data, one.Data, "the data named on the command line", "");
        return new PolicySources([.. all.SelectMany(one => one.Modules)], data);
    }
}
