using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MicroAppBot.Content;

namespace MicroAppBot.Policies.Bundles;

/// <summary>One file of a bundle.</summary>
/// <param name="Name">Its path in the bundle, without a leading slash.</param>
public sealed record BundleFile(string Name, byte[] Bytes);

/// <summary>
/// A bundle as OPA has them (openpolicyagent.org, "Bundles"): rules (<c>*.rego</c>), data (<c>data.json</c>, <c>data.yaml</c>, each under the path of its
/// folder), and a <c>.manifest</c>. Ours carry the <c>templates/</c> besides, which OPA leaves alone.
/// </summary>
/// <param name="Label">What messages call it.</param>
/// <param name="Roots">The parts of <c>data</c> that are its own, with slashes; an empty one is everything.</param>
public sealed record Bundle(string Label, string Revision, IReadOnlyList<string> Roots, IReadOnlyList<BundleFile> Files)
{
    public const string ManifestName = ".manifest";
    public const string SignaturesName = ".signatures.json";

    public IEnumerable<BundleFile> Modules => Files.Where(f => f.Name.EndsWith(".rego", StringComparison.Ordinal));

    /// <summary>Reads manifest and roots, and checks that everything in it lies under them.</summary>
    /// <exception cref="ContentException">It is no bundle that can be used here.</exception>
    public static Bundle Of(string label, IReadOnlyList<BundleFile> files)
    {
        var manifest = files.FirstOrDefault(f => f.Name == ManifestName) is { } file ? Object(label, file) : [];
        var roots = RootsOf(label, manifest);
        if (manifest["rego_version"] is JsonValue version && (!version.TryGetValue<int>(out var number) || number != 1))
            throw Fault(label, ManifestName, "rego_version must be 1: this bot reads the rules of a bundle as Rego v1.");
        if (manifest["file_rego_versions"] is JsonObject versions && versions.Any(v => v.Value is not JsonValue one || !one.TryGetValue<int>(out var each) || each != 1))
            throw Fault(label, ManifestName, "file_rego_versions must be 1 throughout: all rules are Rego v1 here.");
        if (manifest["wasm"] is JsonArray { Count: > 0 } || files.Any(f => f.Name.EndsWith(".wasm", StringComparison.Ordinal)))
            throw Fault(label, files.FirstOrDefault(f => f.Name.EndsWith(".wasm", StringComparison.Ordinal))?.Name ?? ManifestName,
                "Rules compiled to WebAssembly are not run here. Build the bundle from the rules themselves: opa build -t rego, or \"policy bundle\".");
        if (files.Any(f => f.Name == "patch.json")) throw Fault(label, "patch.json", "This is a delta bundle; only whole ones are taken.");
        var bundle = new Bundle(label, manifest["revision"]?.ToString() ?? "", roots, files);
        bundle.RequireRoots();
        return bundle;
    }

    /// <summary>The roots that a manifest names; all of <c>data</c> when it names none.</summary>
    /// <exception cref="ContentException">They are no list of paths.</exception>
    internal static IReadOnlyList<string> RootsOf(string label, JsonObject manifest) =>
        manifest["roots"] is { } named ? [.. Texts(label, named).Select(r => r.Trim('/'))] : [""];

    /// <summary>Everything lies under a root, and no root in another.</summary>
    /// <exception cref="ContentException">It does not.</exception>
    internal void RequireRoots()
    {
        if (Overlap(Roots, Roots, same: true) is { } twice) throw Fault(Label, ManifestName, $"The roots \"{twice.One}\" and \"{twice.Other}\" lie inside one another.");
        foreach (var (path, name) in Paths().Where(p => !Roots.Any(root => LiesIn(p.Path, root))))
            throw Fault(Label, name, $"It is about \"{path}\", and that is under none of the bundle's roots ({string.Join(", ", Roots)}).");
    }

    /// <summary>All data, merged.</summary>
    /// <exception cref="ContentException">A file cannot be read, or two of them disagree.</exception>
    public JsonObject Data()
    {
        var all = new JsonObject();
        foreach (var file in Files.Where(IsData))
        {
            var folder = file.Name.Contains('/', StringComparison.Ordinal) ? file.Name[..file.Name.LastIndexOf('/')].Split('/') : [];
            var data = Object(Label, file);
            PolicySources.Merge(all, folder.Reverse().Aggregate(data, (inner, part) => new JsonObject { [part] = inner }), $"{Label}!{file.Name}", "");
        }
        return all;
    }

    /// <summary>Two roots that lie inside one another; null when none do.</summary>
    public static (string One, string Other)? Overlap(IReadOnlyList<string> some, IReadOnlyList<string> others, bool same = false)
    {
        foreach (var (i, one) in some.Index())
        {
            foreach (var (j, other) in others.Index())
            {
                if ((!same || i < j) && (LiesIn(one, other) || LiesIn(other, one))) return (one, other);
            }
        }
        return null;
    }

    internal static bool IsData(BundleFile file) => file.Name[(file.Name.LastIndexOf('/') + 1)..] is "data.json" or "data.yaml" or "data.yml";

    internal static ContentException Fault(string label, string file, string why) => new([new ContentFault(file.Length == 0 ? label : $"{label}!{file}", 0, why)]);

    private IEnumerable<(string Path, string File)> Paths()
    {
        foreach (var module in Modules)
        {
            // A package cannot hold more than names and quoted keys; what it really is the compiler says
            var match = System.Text.RegularExpressions.Regex.Match(Encoding.UTF8.GetString(module.Bytes), @"^\s*package\s+([\w.]+)", System.Text.RegularExpressions.RegexOptions.Multiline);
            if (match.Success) yield return (match.Groups[1].Value.Replace('.', '/'), module.Name);
        }
        foreach (var (path, file) in Files.Where(IsData).SelectMany(f => Leaves(f.Name.Contains('/', StringComparison.Ordinal) ? f.Name[..f.Name.LastIndexOf('/')] : "", Object(Label, f)).Select(p => (p, f.Name)))) yield return (path, file);
    }

    /// <summary>As deep as a root may end: every object is gone into, so that a root below it is found.</summary>
    private IEnumerable<string> Leaves(string at, JsonNode? node)
    {
        if (node is JsonObject { Count: > 0 } group && !Roots.Any(root => LiesIn(at, root)))
            return group.SelectMany(member => Leaves(at.Length == 0 ? member.Key : $"{at}/{member.Key}", member.Value));
        return at.Length == 0 ? [] : [at];
    }

    private static bool LiesIn(string path, string root) => root.Length == 0 || path == root || path.StartsWith(root + "/", StringComparison.Ordinal);

    private static JsonObject Object(string label, BundleFile file)
    {
        try
        {
            if (file.Name.EndsWith(".yaml", StringComparison.Ordinal) || file.Name.EndsWith(".yml", StringComparison.Ordinal))
                return YamlData.Read(file.Bytes, $"{label}!{file.Name}");
            // Keys that come twice are told when they are first counted
            var read = JsonNode.Parse(file.Bytes) as JsonObject ?? throw Fault(label, file.Name, "This holds one object ({ … }).");
            _ = read.Count;
            return read;
        }
        catch (Exception odd) when (odd is JsonException or ArgumentException)
        {
            throw Fault(label, file.Name, $"This is not valid JSON: {odd.Message}");
        }
    }

    private static List<string> Texts(string label, JsonNode node) => node is JsonArray list && list.All(n => n is JsonValue v && v.TryGetValue<string>(out _))
        ? [.. list.Select(n => (string)n!)]
        : throw Fault(label, ManifestName, "roots is a list of paths.");
}
