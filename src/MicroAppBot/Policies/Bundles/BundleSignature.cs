using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MicroAppBot.Content;
using Rego.Values;

namespace MicroAppBot.Policies.Bundles;

/// <summary>
/// OPA's signature of a bundle: <c>.signatures.json</c> holds one JWT whose claim <c>files</c> names every file with the hash of what is in it. Of
/// data and manifest the values are hashed and not the bytes, so that their layout may change.
/// </summary>
public static class BundleSignature
{
    private static readonly Dictionary<string, Func<byte[], byte[]>> Hashes = new(StringComparer.Ordinal)
    {
        ["SHA-256"] = SHA256.HashData,
        ["SHA-384"] = SHA384.HashData,
        ["SHA-512"] = SHA512.HashData,
    };

    /// <summary>The file to put into the bundle.</summary>
    public static BundleFile Sign(IEnumerable<BundleFile> files, BundleKey key)
    {
        var header = new JsonObject { ["alg"] = key.Algorithm, ["typ"] = "JWT" };
        if (key.Id is not null) header["kid"] = key.Id;
        var claims = new JsonObject
        {
            ["files"] = new JsonArray([.. files.OrderBy(f => f.Name, StringComparer.Ordinal).Select(f => (JsonNode)new JsonObject
            {
                ["name"] = f.Name,
                ["hash"] = Convert.ToHexStringLower(SHA256.HashData(Hashed(f))),
                ["algorithm"] = "SHA-256",
            })]),
        };
        if (key.Id is not null) claims["keyid"] = key.Id;
        if (key.Scope is not null) claims["scope"] = key.Scope;
        var text = $"{Part(header)}.{Part(claims)}";
        var token = $"{text}.{Base64Url.EncodeToString(key.Sign(Encoding.ASCII.GetBytes(text)))}";
        return new BundleFile(Bundle.SignaturesName, Encoding.UTF8.GetBytes(new JsonObject { ["signatures"] = new JsonArray(token) }.ToJsonString()));

        static string Part(JsonObject o) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(o.ToJsonString()));
    }

    /// <exception cref="ContentException">The signature is not by this key, or a file is not what was signed, or not named, or missing.</exception>
    public static void Verify(string label, IReadOnlyList<BundleFile> files, BundleFile signatures, BundleKey key)
    {
        var signed = Claims(label, signatures, key);
        foreach (var file in files.Where(f => f.Name != Bundle.SignaturesName))
        {
            if (!signed.Remove(file.Name, out var hash)) throw Bundle.Fault(label, file.Name, "This file is not in the bundle's signature.");
            byte[] is_;
            try
            {
                is_ = hash.With(Hashed(file));
            }
            catch (FormatException odd)
            {
                throw Bundle.Fault(label, file.Name, odd.Message);
            }
            if (!CryptographicOperations.FixedTimeEquals(is_, hash.Value)) throw Bundle.Fault(label, file.Name, "This file is not the one that was signed.");
        }
        if (signed.Count > 0) throw Bundle.Fault(label, signed.Keys.First(), "This file was signed and is not in the bundle.");
    }

    private static Dictionary<string, (byte[] Value, Func<byte[], byte[]> With)> Claims(string label, BundleFile signatures, BundleKey key)
    {
        try
        {
            var all = JsonNode.Parse(signatures.Bytes)!["signatures"]!.AsArray();
            if (all.Count != 1) throw Bundle.Fault(label, Bundle.SignaturesName, "There has to be exactly one signature.");
            var parts = ((string)all[0]!).Split('.');
            if (parts.Length != 3) throw new FormatException();
            var header = JsonNode.Parse(Base64Url.DecodeFromChars(parts[0]))!;
            if ((string?)header["alg"] != key.Algorithm) throw Bundle.Fault(label, Bundle.SignaturesName, $"It is signed by another algorithm than {key.Algorithm}.");
            if (!key.Verifies(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]))) throw Bundle.Fault(label, Bundle.SignaturesName, "The signature is not by the key that is configured.");
            var claims = JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!;
            if (key.Id is not null && ((string?)header["kid"] ?? (string?)claims["keyid"]) is { } id && id != key.Id) throw Bundle.Fault(label, Bundle.SignaturesName, $"It is signed by the key \"{id}\" and not by \"{key.Id}\".");
            if (((string?)claims["scope"] ?? "") != (key.Scope ?? "")) throw Bundle.Fault(label, Bundle.SignaturesName, "The signature is for another scope.");
            return claims["files"]!.AsArray().ToDictionary(f => (string)f!["name"]!, f => (Convert.FromHexString((string)f!["hash"]!), Hashes[(string)f["algorithm"]!]), StringComparer.Ordinal);
        }
        catch (Exception odd) when (odd is JsonException or FormatException or InvalidOperationException or NullReferenceException or KeyNotFoundException or ArgumentException or CryptographicException)
        {
            throw Bundle.Fault(label, Bundle.SignaturesName, "This is no signature of a bundle.");
        }
    }

    /// <summary>What is hashed: bytes, or of structured files their values with keys in order and no spaces, as Go writes them.</summary>
    private static byte[] Hashed(BundleFile file)
    {
        var name = file.Name[(file.Name.LastIndexOf('/') + 1)..];
        if (name is not ("data.json" or "data.yaml" or Bundle.ManifestName)) return file.Bytes;
        var value = name == "data.yaml" ? YamlData.Value(file.Bytes) : RValue.Parse(file.Bytes);
        return Encoding.UTF8.GetBytes(value.ToJson().Replace("\u2028", "\\u2028", StringComparison.Ordinal).Replace("\u2029", "\\u2029", StringComparison.Ordinal));
    }
}
