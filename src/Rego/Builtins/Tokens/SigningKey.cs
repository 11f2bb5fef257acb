using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Rego.Values;

namespace Rego.Builtins.Tokens;

/// <summary>A key as policies give it (PEM certificate, PEM public key, JWK or a set of them), and the JWS algorithms on it.</summary>
internal sealed class SigningKey
{
    private readonly RSAParameters? _rsa;
    private readonly ECParameters? _curve;
    private readonly byte[]? _secret;
    private readonly (byte[] Public, byte[]? Seed)? _edwards;

    private SigningKey(RSAParameters? rsa, ECParameters? curve, byte[]? secret, string? id, string? algorithm, (byte[] Public, byte[]? Seed)? edwards = null)
    {
        _edwards = edwards;
        _rsa = rsa;
        _curve = curve;
        _secret = secret;
        Id = id;
        Algorithm = algorithm;
    }

    public string? Id { get; }

    public string? Algorithm { get; }

    public static bool IsKnown(string algorithm) =>
        algorithm is "HS256" or "HS384" or "HS512" or "RS256" or "RS384" or "RS512" or "PS256" or "PS384" or "PS512" or "ES256" or "ES384" or "ES512" or "EdDSA";

    public static SigningKey OfSecret(byte[] secret) => new(null, null, secret, null, null);

    /// <summary>The public keys in a PEM block or a JWK text.</summary>
    public static IReadOnlyList<SigningKey> ReadPublic(string text)
    {
        if (!PemEncoding.TryFind(text, out var fields)) return ReadKeys(text);
        if (text.AsSpan(fields.Location.End.Value).Trim().Length > 0) throw new TokenFault("extra data after a PEM certificate block");
        var label = text[fields.Label];
        var bytes = Convert.FromBase64String(text[fields.Base64Data]);
        switch (label)
        {
            case "CERTIFICATE":
                try
                {
                    using var certificate = X509CertificateLoader.LoadCertificate(bytes);
                    using var rsa = certificate.GetRSAPublicKey();
                    if (rsa is not null) return [OfRsa(rsa)];
                    using var curve = certificate.GetECDsaPublicKey();
                    if (curve is not null) return [OfCurve(curve)];
                }
                catch (CryptographicException fault)
                {
                    throw new TokenFault($"failed to parse a PEM certificate: {fault.Message}");
                }
                throw new TokenFault("failed to extract a Key from the PEM certificate");
            case "PUBLIC KEY":
                return [PublicKey(bytes)];
            default: throw new TokenFault("failed to extract a Key from the PEM certificate");
        }
    }

    // The wrapping of a public key on Curve25519 (RFC 8410) is always these bytes.
    private static readonly byte[] EdwardsPrefix = Convert.FromHexString("302a300506032b6570032100");

    private static SigningKey PublicKey(byte[] bytes)
    {
        if (bytes.Length == EdwardsPrefix.Length + 32 && bytes.AsSpan().StartsWith(EdwardsPrefix))
            return new SigningKey(null, null, null, null, null, (bytes[EdwardsPrefix.Length..], null));
        try
        {
            using var rsa = RSA.Create();
            rsa.ImportSubjectPublicKeyInfo(bytes, out _);
            return OfRsa(rsa);
        }
        catch (CryptographicException)
        {
            // Not RSA: the same wrapping holds keys on curves.
        }
        try
        {
            using var curve = ECDsa.Create();
            curve.ImportSubjectPublicKeyInfo(bytes, out _);
            return OfCurve(curve);
        }
        catch (CryptographicException fault)
        {
            throw new TokenFault($"failed to parse a PEM public key: {fault.Message}");
        }
    }

    private static SigningKey OfRsa(RSA rsa) => new(rsa.ExportParameters(false), null, null, null, null);

    private static SigningKey OfCurve(ECDsa curve) => new(null, curve.ExportParameters(false), null, null, null);

    private static List<SigningKey> ReadKeys(string text)
    {
        RObject? value;
        try
        {
            value = RValue.Parse(text) as RObject;
        }
        catch (FormatException fault)
        {
            throw new TokenFault($"failed to parse a JWK key (set): {fault.Message}");
        }
        if (value?.Get("keys") is not RArray list) return [ReadKey(value ?? RObject.Empty)];
        var keys = new List<SigningKey>();
        foreach (var item in list.Items)
        {
            if (item is RObject key) keys.Add(ReadKey(key));
        }
        return keys;
    }

    /// <summary>One JWK, public or private.</summary>
    public static SigningKey ReadKey(RObject key)
    {
        var id = (key.Get("kid") as RString)?.Value;
        var algorithm = (key.Get("alg") as RString)?.Value;
        switch ((key.Get("kty") as RString)?.Value)
        {
            case "RSA":
                {
                    var parameters = new RSAParameters { Modulus = Bytes(key, "n"), Exponent = Bytes(key, "e") };
                    if (key.Get("d") is not null)
                    {
                        var half = (parameters.Modulus!.Length + 1) / 2;
                        parameters.D = Fit(Bytes(key, "d"), parameters.Modulus.Length);
                        parameters.P = Fit(Bytes(key, "p"), half);
                        parameters.Q = Fit(Bytes(key, "q"), half);
                        parameters.DP = Fit(Bytes(key, "dp"), half);
                        parameters.DQ = Fit(Bytes(key, "dq"), half);
                        parameters.InverseQ = Fit(Bytes(key, "qi"), half);
                    }
                    return new SigningKey(parameters, null, null, id, algorithm);
                }
            case "EC":
                {
                    var (curve, size) = (key.Get("crv") as RString)?.Value switch
                    {
                        "P-256" => (ECCurve.NamedCurves.nistP256, 32),
                        "P-384" => (ECCurve.NamedCurves.nistP384, 48),
                        "P-521" => (ECCurve.NamedCurves.nistP521, 66),
                        _ => throw new TokenFault("failed to parse a JWK key (set): unknown curve"),
                    };
                    var parameters = new ECParameters
                    {
                        Curve = curve,
                        Q = new ECPoint { X = Fit(Bytes(key, "x"), size), Y = Fit(Bytes(key, "y"), size) },
                        D = key.Get("d") is null ? null : Fit(Bytes(key, "d"), size),
                    };
                    return new SigningKey(null, parameters, null, id, algorithm);
                }
            case "oct": return new SigningKey(null, null, Bytes(key, "k"), id, algorithm);
            case "OKP":
                if ((key.Get("crv") as RString)?.Value != "Ed25519") throw new TokenFault("failed to parse a JWK key (set): unknown curve");
                return new SigningKey(null, null, null, id, algorithm, (Bytes(key, "x"), key.Get("d") is null ? null : Bytes(key, "d")));
            default: throw new TokenFault("failed to parse a JWK key (set): unknown key type");
        }
    }

    private static byte[] Bytes(RObject key, string field) =>
        (key.Get(field) is RString s ? Base64.Url(s.Value) : null) ?? throw new TokenFault($"failed to parse a JWK key (set): field {field} is missing or not base64url");

    private static byte[] Fit(byte[] value, int size)
    {
        if (value.Length == size) return value;
        if (value.Length > size) return value[^size..];
        var padded = new byte[size];
        value.CopyTo(padded, size - value.Length);
        return padded;
    }

    private static HashAlgorithmName HashOf(string algorithm) => algorithm[2..] switch
    {
        "256" => HashAlgorithmName.SHA256,
        "384" => HashAlgorithmName.SHA384,
        _ => HashAlgorithmName.SHA512,
    };

    private static RSASignaturePadding Padding(string algorithm) => algorithm[0] == 'P' ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;

    public bool Verifies(string algorithm, byte[] data, byte[] signature)
    {
        if (!IsKnown(algorithm)) return false;
        try
        {
            switch (algorithm[0])
            {
                case 'H': return _secret is not null && CryptographicOperations.FixedTimeEquals(Hmac(algorithm, _secret, data), signature);
                case 'E' when algorithm == "EdDSA": return _edwards is { } edwards && Ed25519.Verify(edwards.Public, data, signature);
                case 'E':
                    {
                        if (_curve is not { } parameters) return false;
                        using var curve = ECDsa.Create(parameters);
                        return curve.VerifyData(data, signature, HashOf(algorithm));
                    }
                default:
                    {
                        if (_rsa is not { } parameters) return false;
                        using var rsa = RSA.Create(parameters);
                        return rsa.VerifyData(data, signature, HashOf(algorithm), Padding(algorithm));
                    }
            }
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    public byte[] Sign(string algorithm, byte[] data)
    {
        try
        {
            switch (algorithm[0])
            {
                case 'H' when _secret is not null: return Hmac(algorithm, _secret, data);
                case 'E' when algorithm == "EdDSA" && _edwards is { Seed: { } seed }: return Ed25519.Sign(seed, data);
                case 'E' when _curve is { } parameters && algorithm != "EdDSA":
                    {
                        using var curve = ECDsa.Create(parameters);
                        return curve.SignData(data, HashOf(algorithm));
                    }
                case 'R' or 'P' when _rsa is { } parameters:
                    {
                        using var rsa = RSA.Create(parameters);
                        return rsa.SignData(data, HashOf(algorithm), Padding(algorithm));
                    }
                default: throw new TokenFault($"the key does not fit the algorithm {algorithm}");
            }
        }
        catch (CryptographicException fault)
        {
            throw new TokenFault($"cannot sign with this key: {fault.Message}");
        }
    }

    private static byte[] Hmac(string algorithm, byte[] secret, byte[] data) => algorithm switch
    {
        "HS256" => HMACSHA256.HashData(secret, data),
        "HS384" => HMACSHA384.HashData(secret, data),
        _ => HMACSHA512.HashData(secret, data),
    };
}
