using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MicroAppBot.Content;

namespace MicroAppBot.Policies.Bundles;

/// <summary>Writes all that the policies see as a bundle: an OPA server that loads it decides as this bot does.</summary>
public static partial class BundleWriter
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    /// <summary>The files of the bundle, in order. The same content gives the same bytes.</summary>
    /// <param name="people">Whether the directory goes along; runtime access needs it, decisions about manifests do not.</param>
    public static IReadOnlyList<BundleFile> FilesOf(ContentFolder content, bool people = true)
    {
        var data = JsonNode.Parse(content.DataJson.Span)!.AsObject();
        var parts = new List<BundleFile>();
        foreach (var own in people ? (string[])["catalogue", "people"] : ["catalogue"]) parts.Add(Json($"{own}/data.json", data[own]!));
        foreach (var key in (string[])["catalogue", "people"]) data.Remove(key);
        parts.Add(Json("data.json", data));
        var rules = content.PolicyFiles.Where(f => !f.Name.EndsWith("_test.rego", StringComparison.Ordinal)).ToList();
        parts.AddRange(rules.Concat(content.TemplateFiles).Select(f => new BundleFile(f.Name, Encoding.UTF8.GetBytes(f.Text))));
        var roots = data.Select(member => member.Key).Append("catalogue").Concat(people ? ["people"] : [])
            .Concat(rules.Select(rule => Package().Match(rule.Text).Groups[1].Value)).Where(root => root.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        parts.Add(Json(Bundle.ManifestName, new JsonObject
        {
            ["revision"] = content.Revision,
            ["roots"] = new JsonArray([.. roots.Select(root => (JsonNode)root)]),
            ["rego_version"] = 1,
        }));
        return [.. parts.OrderBy(f => f.Name, StringComparer.Ordinal)];
    }

    /// <summary>Packs files into a <c>.tar.gz</c>, signed when there is a key.</summary>
    public static byte[] Pack(IReadOnlyList<BundleFile> files, BundleKey? key = null)
    {
        using var bytes = new MemoryStream();
        using (var zip = new GZipStream(bytes, CompressionLevel.Optimal, leaveOpen: true))
        using (var tar = new TarWriter(zip, TarEntryFormat.Ustar))
        {
            foreach (var file in key is null ? files : [.. files, BundleSignature.Sign(files, key)])
            {
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "/" + file.Name)
                {
                    DataStream = new MemoryStream(file.Bytes),
                    Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
                    ModificationTime = DateTimeOffset.UnixEpoch,
                });
            }
        }
        return bytes.ToArray();
    }

    private static BundleFile Json(string name, JsonNode value) => new(name, Encoding.UTF8.GetBytes(value.ToJsonString(Indented)));

    [GeneratedRegex(@"^\s*package\s+(\w+)", RegexOptions.Multiline)]
    private static partial Regex Package();
}
