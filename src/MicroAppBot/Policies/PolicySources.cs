using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MicroAppBot.Content;
using Rego;

namespace MicroAppBot.Policies;

/// <summary>
/// Rules and data as OPA loads them from files and folders: every <c>.rego</c> is a module; every <c>.json</c>, <c>.yaml</c> and <c>.yml</c> of a folder
/// is data under the path of its subfolder (its own name does not count), a file named by itself is data at the root. Everything else is left alone.
/// </summary>
/// <param name="Data">All data merged; two files never disagree about one value.</param>
public sealed record PolicySources(IReadOnlyList<RegoModule> Modules, JsonObject Data)
{
    /// <summary>Reads the paths in their order. A content folder's <c>policies</c> also gets the catalogue of the <c>templates</c> beside it.</summary>
    /// <param name="version">The language of modules that do not say it themselves.</param>
    /// <exception cref="ContentException">A path is missing, a data file cannot be read, or two of them disagree.</exception>
    /// <param name="revision">Tell the rules the content's revision, as the running bot does. OPA alone knows none.</param>
    public static PolicySources Load(IEnumerable<string> paths, RegoVersion version = RegoVersion.V1, bool revision = true)
    {
        var modules = new List<RegoModule>();
        var data = new JsonObject();
        foreach (var path in paths)
        {
            if (File.Exists(path))
            {
                Take(path, [], modules, data, version);
            }
            else if (Directory.Exists(path))
            {
                var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Hidden };
                foreach (var file in Directory.EnumerateFiles(path, "*", options).Order(StringComparer.Ordinal))
                {
                    var folder = Path.GetRelativePath(path, Path.GetDirectoryName(file)!);
                    Take(file, folder == "." ? [] : folder.Split(Path.DirectorySeparatorChar), modules, data, version);
                }

                AddCatalogue(path, data, revision);
            }
            else
            {
                throw Fault(path, "There is no such file or folder.");
            }
        }

        return new PolicySources(modules, data);
    }

    /// <summary>Reads the files; the data of each is under the path of its folder, seen from the root.</summary>
    public static PolicySources Load(IEnumerable<string> files, RegoVersion version, string root)
    {
        var modules = new List<RegoModule>();
        var data = new JsonObject();
        foreach (var file in files)
        {
            var folder = Path.GetRelativePath(root, Path.GetDirectoryName(file)!);
            Take(file, folder == "." ? [] : folder.Split(Path.DirectorySeparatorChar), modules, data, version);
        }

        return new PolicySources([.. modules.Select(module => module with { File = Path.GetRelativePath(root, module.File) })], data);
    }

    private static void Take(string file, string[] under, List<RegoModule> modules, JsonObject data, RegoVersion version)
    {
        switch (Path.GetExtension(file))
        {
            case ".rego":
                modules.Add(new RegoModule(file, File.ReadAllText(file)) { Version = version });
                break;
            case ".json":
                Merge(data, Under(under, Json(file)), file, "");
                break;
            case ".yaml" or ".yml":
                Merge(data, Under(under, YamlData.Read(file)), file, "");
                break;
        }
    }

    private static JsonObject Json(string file)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllBytes(file)) as JsonObject ?? throw Fault(file, "The data of a file is one object ({ … }).");
        }
        catch (JsonException broken)
        {
            throw Fault(file, $"This is not valid JSON: {broken.Message.Split(" LineNumber:")[0]}", (int)(broken.LineNumber ?? 0) + 1);
        }
    }

    private static JsonObject Under(string[] folders, JsonObject data) => folders.Reverse().Aggregate(data, (inner, folder) => new JsonObject { [folder] = inner });

    internal static void Merge(JsonObject into, JsonObject from, string file, string at)
    {
        List<KeyValuePair<string, JsonNode?>> members;
        try
        {
            members = [.. from];
        }
        catch (ArgumentException)
        {
            throw Fault(file, $"A key is there twice{(at.Length > 0 ? $" in {at}" : "")}.");
        }

        foreach (var (key, value) in members)
        {
            if (!into.TryGetPropertyValue(key, out var there))
                into[key] = value?.DeepClone();
            else if (there is JsonObject both && value is JsonObject more)
                Merge(both, more, file, $"{at}/{key}");
            else if (!JsonNode.DeepEquals(there, value))
                throw Fault(file, $"Another file already says what {at}/{key} is.");
        }
    }

    private static void AddCatalogue(string path, JsonObject data, bool revision)
    {
        var folder = new DirectoryInfo(path);
        if (folder.Name != "policies" || folder.Parent is not { } root || !Directory.Exists(Path.Combine(root.FullName, "templates")) || data.ContainsKey("catalogue"))
            return;
        var content = ContentFolder.Load(root.FullName);
        data["catalogue"] = content.Catalogue.ToJson();
        if (revision)
            data["revision"] = content.Revision;
    }

    private static ContentException Fault(string file, string why, int line = 0) => new([new ContentFault(file, line, why)]);
}
