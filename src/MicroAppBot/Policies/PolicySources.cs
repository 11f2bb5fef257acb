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
    /// <param name="paths">Files, folders or <c>.tar.gz</c> bundles; <c>a.b:path</c> puts data below a.b. Links are followed, hidden files of a folder are not read.</param>
    /// <param name="version">The language of modules that do not say it themselves.</param>
    /// <param name="revision">Tell the rules the content's revision, as the running bot does. OPA alone knows none.</param>
    /// <param name="ignore">Names (with <c>*</c>, <c>?</c>, <c>[…]</c>) of files and folders below the paths that are not read.</param>
    /// <param name="onlyRules">Leave data unread.</param>
    /// <exception cref="ContentException">Paths are missing, files cannot be read, or two of them disagree: all that was found.</exception>
    public static PolicySources Load(IEnumerable<string> paths, RegoVersion version = RegoVersion.V1, bool revision = true, IReadOnlyList<string>? ignore = null, bool onlyRules = false)
    {
        var files = new PolicyFiles(version, ignore ?? [], onlyRules);
        foreach (var path in paths)
        {
            var (prefix, place) = PolicyFiles.Split(path);
            files.Take(place, prefix);
            if (!onlyRules && Directory.Exists(place))
                AddCatalogue(place, files.Data, revision);
        }

        return files.Loaded();
    }

    /// <summary>Reads a bundle's files: rules, and data only from files named data.json or data.yaml. Its manifest may say the language.</summary>
    public static PolicySources LoadBundle(string root, RegoVersion version, IReadOnlyList<string>? ignore = null)
    {
        var files = new PolicyFiles(PolicyBundles.VersionOf(root) ?? version, ignore ?? [], onlyRules: false, asBundle: true);
        files.Take(root, []);
        return files.Loaded();
    }

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
