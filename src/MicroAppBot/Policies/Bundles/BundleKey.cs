using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MicroAppBot.Desk;

namespace MicroAppBot.Policies.Bundles;

/// <summary>A key that signs or verifies bundles: HMAC with a secret; RSA (RS with PKCS #1, PS with PSS) and ECDSA with a PEM. The algorithm is never taken from what was signed.</summary>
/// <param name="Material">The secret's bytes, or the PEM's text as bytes.</param>
/// <param name="Id">The key's id; null takes any.</param>
/// <param name="Scope">What the signature must be for; null where it says nothing.</param>
public sealed record BundleKey(string Algorithm, byte[] Material, string? Id = null, string? Scope = null)
{
    /// <summary>OPA's.</summary>
    public static readonly IReadOnlyList<string> Algorithms = [.. ((string[])["RS", "ES", "HS", "PS"]).SelectMany(kind => ((string[])["256", "384", "512"]).Select(size => kind + size))];

    /// <summary>The section <c>Policy:BundleKey</c>: <c>Algorithm</c> (RS256 when left out), <c>File</c> or <c>Secret</c>, <c>Id</c>, <c>Scope</c>; null when it is not there.</summary>
    /// <exception cref="SettingException">It cannot be meant; the message names the key.</exception>
    public static BundleKey? From(IConfiguration configuration)
    {
        var section = configuration.GetSection("Policy:BundleKey");
        if (!section.Exists()) return null;
        var algorithm = section["Algorithm"] is { Length: > 0 } named ? named : "RS256";
        if (section["File"] is { Length: > 0 } file)
        {
            if (!File.Exists(file)) throw new SettingException($"Policy:BundleKey:File: there is no file {file}.");
            return Of(algorithm, File.ReadAllBytes(file), section["Id"], section["Scope"], "Policy:BundleKey");
        }
        return section["Secret"] is { Length: > 0 } secret
            ? Of(algorithm, Encoding.UTF8.GetBytes(secret), section["Id"], section["Scope"], "Policy:BundleKey")
            : throw new SettingException("Policy:BundleKey needs File (a PEM, or a file with the secret) or Secret.");
    }

    /// <param name="where">What the message calls the place of the key.</param>
    /// <exception cref="SettingException">There is no such algorithm, or the key does not fit it.</exception>
    public static BundleKey Of(string algorithm, byte[] material, string? id, string? scope, string where)
    {
        if (!Algorithms.Contains(algorithm)) throw new SettingException($"{where}: the algorithm is one of {string.Join(", ", Algorithms)}.");
        var key = new BundleKey(algorithm, material, id is { Length: > 0 } ? id : null, scope is { Length: > 0 } ? scope : null);
        try
        {
            // A secret that can be guessed signs nothing
            if (key.IsSecret && key.Secret.Length < 16) throw new SettingException($"{where}: a secret for {algorithm} has at least 16 bytes.");
            if (!key.IsSecret) key.Public().Dispose();
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new SettingException($"{where}: this is no key for {algorithm} in PEM form: {e.Message}");
        }
        return key;
    }

    /// <exception cref="CryptographicException">The key cannot sign: it is only the public half.</exception>
    internal byte[] Sign(byte[] text)
    {
        if (IsSecret) return CryptographicOperations.HmacData(Hash, Secret, text);
        using var key = Public();
        return key switch
        {
            RSA rsa => rsa.SignData(text, Hash, Padding),
            ECDsa curve => curve.SignData(text, Hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    internal bool Verifies(byte[] text, byte[] signature)
    {
        if (IsSecret) return CryptographicOperations.FixedTimeEquals(CryptographicOperations.HmacData(Hash, Secret, text), signature);
        using var key = Public();
        return key switch
        {
            RSA rsa => rsa.VerifyData(text, signature, Hash, Padding),
            ECDsa curve => curve.VerifyData(text, signature, Hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private bool IsSecret => Algorithm.StartsWith("HS", StringComparison.Ordinal);

    private bool IsRsa => Algorithm[..2] is "RS" or "PS";

    private HashAlgorithmName Hash => new("SHA" + Algorithm[2..]);

    private RSASignaturePadding Padding => Algorithm.StartsWith('P') ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;

    private int Curve => Algorithm switch { "ES256" => 256, "ES384" => 384, _ => 521 };

    private ReadOnlySpan<byte> Secret => Material.AsSpan().Trim(" \r\n"u8);

    private AsymmetricAlgorithm Public()
    {
        var pem = Encoding.UTF8.GetString(Material);
        if (pem.Contains("BEGIN CERTIFICATE", StringComparison.Ordinal))
        {
            using var certificate = X509Certificate2.CreateFromPem(pem);
            return (AsymmetricAlgorithm?)(IsRsa ? certificate.GetRSAPublicKey() : certificate.GetECDsaPublicKey()) ?? throw new CryptographicException("The certificate is for another kind of key.");
        }
        AsymmetricAlgorithm key = IsRsa ? RSA.Create() : ECDsa.Create();
        key.ImportFromPem(pem);
        return key is ECDsa { KeySize: var size } && size != Curve ? throw new CryptographicException($"{Algorithm} takes a key of the curve P-{Curve}.") : key;
    }
}
