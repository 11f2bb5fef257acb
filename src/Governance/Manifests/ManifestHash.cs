using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Governance.Manifests;

/// <summary>What a signature binds to.</summary>
public static class ManifestHash
{
    /// <summary>
    /// SHA-256 (lower-case hex) of the manifest's canonical JSON without <c>cost.forecast_usd</c>: a forecast moves by itself, and must not void what people signed.
    /// </summary>
    public static string Of(Manifest manifest)
    {
        var document = manifest.ToJson();
        ((JsonObject)document["cost"]!).Remove("forecast_usd");
        return Convert.ToHexStringLower(SHA256.HashData(CanonicalJson.Of(document)));
    }
}
