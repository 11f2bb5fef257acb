using System.Numerics;
using System.Security.Cryptography;
using Rego.Values;

namespace Rego.Builtins.Tokens;

/// <summary>Keys as policies give them: a PEM certificate, a PEM public key, a JWK or a set of JWKs.</summary>
internal static class KeySet
{
    // What RFC 7518 names besides signatures: keys for those stand in the same sets and are passed over.
    private static readonly HashSet<string> OtherAlgorithms =
    [
        "none", "ES256K", "RSA1_5", "RSA-OAEP", "RSA-OAEP-256", "RSA-OAEP-384", "RSA-OAEP-512", "A128KW", "A192KW", "A256KW", "dir", "ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A192KW",
        "ECDH-ES+A256KW", "A128GCMKW", "A192GCMKW", "A256GCMKW", "PBES2-HS256+A128KW", "PBES2-HS384+A192KW", "PBES2-HS512+A256KW", "A128CBC-HS256", "A192CBC-HS384", "A256CBC-HS512",
        "A128GCM", "A192GCM", "A256GCM",
    ];

    /// <summary>The keys to try: the first one with the id that is asked for, else all that do not say they are for another algorithm.</summary>
    public static IEnumerable<SigningKey> Candidates(IReadOnlyList<SigningKey> keys, string id, string algorithm)
    {
        if (id.Length > 0 && keys.FirstOrDefault(k => k.Id == id) is { } named) return [named];
        return keys.Where(k => string.IsNullOrEmpty(k.Algorithm) || k.Algorithm == algorithm);
    }

    /// <summary>The keys of PEM text or of JWKs, without those for algorithms that do not sign.</summary>
    public static IReadOnlyList<SigningKey> ReadPublic(string text)
    {
        if (Certificates.Pem.First(text) is { } block) return [OfPem(block.Label, block.Der, block.Rest)];
        try
        {
            return [.. Read(text).Where(k => string.IsNullOrEmpty(k.Algorithm) || SigningKey.IsKnown(k.Algorithm))];
        }
        catch (TokenFault fault)
        {
            throw new TokenFault($"failed to parse a JWK key (set): jwk.ParseString: failed to parse string: {fault.Message}");
        }
    }

    private static SigningKey OfPem(string label, byte[] der, string rest)
    {
        if (rest.Length > 0) throw new TokenFault("extra data after a PEM certificate block");
        switch (label)
        {
            case "CERTIFICATE":
                try
                {
                    return SigningKey.OfPublicKey(new Certificates.Certificate(der).RawKey);
                }
                catch (Exception fault) when (fault is FormatException or CryptographicException)
                {
                    throw new TokenFault($"failed to parse a PEM certificate: {fault.Message}");
                }
            case "PUBLIC KEY":
                try
                {
                    return SigningKey.OfPublicKey(der);
                }
                catch (CryptographicException fault)
                {
                    throw new TokenFault($"failed to parse a PEM public key: {fault.Message}");
                }
            default: throw new TokenFault("failed to extract a Key from the PEM certificate");
        }
    }

    /// <summary>A JWK or a set of them.</summary>
    public static IReadOnlyList<SigningKey> Read(string text)
    {
        try
        {
            return ReadSet(text);
        }
        catch (TokenFault fault)
        {
            throw new TokenFault($"jwk.Parse: failed to unmarshal JWK set: {fault.Message}");
        }
    }

    private static IReadOnlyList<SigningKey> ReadSet(string text)
    {
        RValue value;
        try
        {
            value = RValue.Parse(text);
        }
        catch (FormatException fault)
        {
            throw new TokenFault(fault.Message);
        }
        if (value is not RObject set) throw new TokenFault(value is RArray ? "expected '{' but got '['" : "error reading token: EOF");
        if (set.Get("keys") is not { } list)
        {
            try
            {
                return [ReadKey(set)];
            }
            catch (TokenFault)
            {
                throw new TokenFault("failed to parse sole key in key set");
            }
        }
        if (list is not (RArray or RNull)) throw new TokenFault($"failed to decode \"keys\": json: cannot unmarshal {JsonKind(list)} into Go value of type []json.RawMessage");
        var keys = new List<SigningKey>();
        foreach (var item in list.Items())
        {
            try
            {
                keys.Add(ReadKey(item as RObject ?? throw new TokenFault($"jwk.Parse: failed to probe data: probe: failed to unmarshal data: json: cannot unmarshal {JsonKind(item)} into Go value")));
            }
            catch (TokenFault fault)
            {
                throw new TokenFault(FormattableString.Invariant($"failed to decode key #{keys.Count} in \"keys\": {fault.Message}"));
            }
        }
        return keys;
    }

    private static string JsonKind(RValue value) => value is RBool ? "bool" : value.TypeName;

    /// <summary>One JWK, public or private.</summary>
    private static SigningKey ReadKey(RObject key)
    {
        var isPrivate = key.Get("d") is not null;
        return Text(key, "kty") switch
        {
            "RSA" => Reading(isPrivate ? "rsaPrivateKey" : "rsaPublicKey", () => Rsa(key, isPrivate)),
            "EC" => Reading(isPrivate ? "ecdsaPrivateKey" : "ecdsaPublicKey", () => Curve(key, isPrivate)),
            "oct" => Reading("symmetricKey", () => new SigningKey { Secret = Bytes(key, "k"), Id = Text(key, "kid"), Algorithm = Algorithm(key) }),
            "OKP" => Reading(isPrivate ? "okpPrivateKey" : "okpPublicKey", () => Edwards(key, isPrivate)),
            var other => throw new TokenFault($"invalid key type from JSON ({other})"),
        };
    }

    private static SigningKey Reading(string kind, Func<SigningKey> read)
    {
        try
        {
            return read();
        }
        catch (TokenFault fault)
        {
            throw new TokenFault($"failed to unmarshal JSON into key (*jwk.{kind}): failed to unmarshal JSON into key (*jwk.{kind}): {fault.Message}");
        }
    }

    private static SigningKey Rsa(RObject key, bool isPrivate)
    {
        var (id, algorithm, d) = (Text(key, "kid"), Algorithm(key), isPrivate ? Bytes(key, "d") : null);
        var (exponent, modulus) = (Bytes(key, "e"), Bytes(key, "n"));
        var parameters = new RSAParameters { Modulus = modulus.AsSpan().TrimStart((byte)0).ToArray(), Exponent = exponent };
        if (d is not null && key.Get("p") is not null && key.Get("q") is not null)
        {
            var size = parameters.Modulus.Length;
            var half = (size + 1) / 2;
            var (p, q) = (Number(Bytes(key, "p")), Number(Bytes(key, "q")));
            parameters.D = Fit(d, size);
            parameters.P = Fit(p.ToByteArray(true, true), half);
            parameters.Q = Fit(q.ToByteArray(true, true), half);
            // These follow from the others and may be left out.
            parameters.DP = Fit(Optional(key, "dp") ?? (Number(d) % (p - 1)).ToByteArray(true, true), half);
            parameters.DQ = Fit(Optional(key, "dq") ?? (Number(d) % (q - 1)).ToByteArray(true, true), half);
            parameters.InverseQ = Fit(Optional(key, "qi") ?? BigInteger.ModPow(q, p - 2, p).ToByteArray(true, true), half);
        }
        return new SigningKey { Rsa = parameters, Id = id, Algorithm = algorithm, IsPrivate = isPrivate };
    }

    private static SigningKey Curve(RObject key, bool isPrivate)
    {
        var (id, algorithm) = (Text(key, "kid"), Algorithm(key));
        var name = Text(key, "crv") ?? throw new TokenFault("required field crv is missing");
        var d = isPrivate ? Bytes(key, "d") : null;
        var (x, y) = (Bytes(key, "x"), Bytes(key, "y"));
        var (curve, size) = name switch
        {
            "P-256" => (ECCurve.NamedCurves.nistP256, 32),
            "P-384" => (ECCurve.NamedCurves.nistP384, 48),
            "P-521" => (ECCurve.NamedCurves.nistP521, 66),
            _ => throw new TokenFault($"failed to decode value for key crv: invalid elliptic curve algorithm {name}"),
        };
        var parameters = new ECParameters { Curve = curve, Q = new ECPoint { X = Fit(x, size), Y = Fit(y, size) }, D = d is null ? null : Fit(d, size) };
        return new SigningKey { Curve = parameters, Id = id, Algorithm = algorithm, IsPrivate = isPrivate };
    }

    private static SigningKey Edwards(RObject key, bool isPrivate)
    {
        var (id, algorithm) = (Text(key, "kid"), Algorithm(key));
        var name = Text(key, "crv") ?? throw new TokenFault("required field crv is missing");
        var seed = isPrivate ? Bytes(key, "d") : null;
        var x = Bytes(key, "x");
        return name switch
        {
            "Ed25519" => new SigningKey { Edwards = (x, seed), Id = id, Algorithm = algorithm, IsPrivate = isPrivate },
            // A key for agreeing on secrets: it is one, and verifies nothing.
            "X25519" => new SigningKey { Id = id, Algorithm = algorithm, IsPrivate = isPrivate },
            _ => throw new TokenFault($"failed to decode value for key crv: invalid elliptic curve algorithm {name}"),
        };
    }

    private static string? Algorithm(RObject key) =>
        Text(key, "alg") is { } name && name.Length > 0 && !SigningKey.IsKnown(name) && !OtherAlgorithms.Contains(name)
            ? throw new TokenFault($"failed to decode value for key alg: invalid key value: {GoFormat.Quote(name)}: invalid jwa.KeyAlgorithm")
            : Text(key, "alg");

    private static string? Text(RObject key, string field) => key.Get(field) switch
    {
        null => null,
        RString s => s.Value,
        var other => throw new TokenFault($"failed to decode value for key {field}: expected string token, got {other.TypeName}"),
    };

    private static byte[] Bytes(RObject key, string field) => Optional(key, field) ?? throw new TokenFault($"required field {field} is missing");

    private static byte[]? Optional(RObject key, string field)
    {
        if (Text(key, field) is not { } text) return null;
        try
        {
            return Base64.Url(text.Replace('+', '-').Replace('/', '_'));
        }
        catch (TokenFault fault)
        {
            throw new TokenFault($"failed to decode value for key {field}: {fault.Message}");
        }
    }

    private static BigInteger Number(byte[] bytes) => new(bytes, isUnsigned: true, isBigEndian: true);

    private static byte[] Fit(byte[] value, int size)
    {
        if (value.Length == size) return value;
        if (value.Length > size) return value[^size..];
        var padded = new byte[size];
        value.CopyTo(padded, size - value.Length);
        return padded;
    }
}
