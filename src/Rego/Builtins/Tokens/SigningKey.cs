using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace Rego.Builtins.Tokens;

/// <summary>One key and the JWS algorithms on it.</summary>
internal sealed class SigningKey
{
    // Go refuses shorter keys of RSA, whatever they sign.
    private const int MinModulus = 1024;

    public RSAParameters? Rsa { get; init; }

    public ECParameters? Curve { get; init; }

    public byte[]? Secret { get; init; }

    public (byte[] Public, byte[]? Seed)? Edwards { get; init; }

    public string? Id { get; init; }

    public string? Algorithm { get; init; }

    public bool IsPrivate { get; init; }

    public static bool IsKnown(string algorithm) =>
        algorithm is "HS256" or "HS384" or "HS512" or "RS256" or "RS384" or "RS512" or "PS256" or "PS384" or "PS512" or "ES256" or "ES384" or "ES512" or "EdDSA";

    public static SigningKey OfSecret(byte[] secret) => new() { Secret = secret };

    // The wrapping of a public key on Curve25519 (RFC 8410) is always these bytes.
    private static readonly byte[] EdwardsPrefix = Convert.FromHexString("302a300506032b6570032100");

    /// <summary>A key as certificates hold it (SubjectPublicKeyInfo).</summary>
    /// <exception cref="CryptographicException">Of no known kind.</exception>
    public static SigningKey OfPublicKey(byte[] der)
    {
        if (der.Length == EdwardsPrefix.Length + Ed25519.PublicKeySize && der.AsSpan().StartsWith(EdwardsPrefix)) return new SigningKey { Edwards = (der[EdwardsPrefix.Length..], null) };
        try
        {
            using var rsa = RSA.Create();
            rsa.ImportSubjectPublicKeyInfo(der, out _);
            return new SigningKey { Rsa = rsa.ExportParameters(false) };
        }
        catch (CryptographicException)
        {
            // Not RSA: the same wrapping holds keys on curves.
        }
        using var curve = ECDsa.Create();
        curve.ImportSubjectPublicKeyInfo(der, out _);
        return new SigningKey { Curve = curve.ExportParameters(false) };
    }

    private static HashAlgorithmName HashOf(string algorithm) => algorithm[2..] switch
    {
        "256" => HashAlgorithmName.SHA256,
        "384" => HashAlgorithmName.SHA384,
        _ => HashAlgorithmName.SHA512,
    };

    /// <param name="isLenient">Salts of any length (RSA-PSS) and signatures of any length (curves), as io.jwt.verify_* takes them.</param>
    public bool Verifies(string algorithm, byte[] data, byte[] signature, bool isLenient = false)
    {
        if (!IsKnown(algorithm)) return false;
        try
        {
            return algorithm[0] switch
            {
                'H' => Secret is not null && CryptographicOperations.FixedTimeEquals(Hmac(algorithm, Secret, data), signature),
                'E' when algorithm == "EdDSA" => Edwards is { } key && key.Public.Length == Ed25519.PublicKeySize && signature.Length == Ed25519.SignatureSize && Ed25519.Verify(signature, 0, key.Public, 0, data, 0, data.Length),
                'E' => Curve is { } parameters && CurveVerifies(parameters, algorithm, data, signature, isLenient),
                _ => Rsa is { } parameters && RsaVerifies(parameters, algorithm, data, signature, isLenient),
            };
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static bool CurveVerifies(ECParameters parameters, string algorithm, byte[] data, byte[] signature, bool isLenient)
    {
        using var curve = ECDsa.Create(parameters);
        if (isLenient)
        {
            var (half, size) = (signature.Length / 2, parameters.Q.X!.Length);
            var r = signature.AsSpan(0, half).TrimStart((byte)0);
            var s = signature.AsSpan(half).TrimStart((byte)0);
            if (r.Length > size || s.Length > size) return false;
            signature = new byte[2 * size];
            r.CopyTo(signature.AsSpan(size - r.Length));
            s.CopyTo(signature.AsSpan((2 * size) - s.Length));
        }
        return curve.VerifyData(data, signature, HashOf(algorithm));
    }

    private static bool RsaVerifies(RSAParameters parameters, string algorithm, byte[] data, byte[] signature, bool isLenient)
    {
        using var rsa = RSA.Create(new RSAParameters { Modulus = parameters.Modulus, Exponent = parameters.Exponent });
        if (rsa.KeySize < MinModulus) return false;
        var hash = HashOf(algorithm);
        if (algorithm[0] != 'P') return rsa.VerifyData(data, signature, hash, RSASignaturePadding.Pkcs1);
        return rsa.VerifyData(data, signature, hash, RSASignaturePadding.Pss) || (isLenient && PssVerifies(parameters, hash, data, signature));
    }

    // The salt's length is not told, and the platform takes but the hash's own: these are the ones that signers use besides.
    private static bool PssVerifies(RSAParameters parameters, HashAlgorithmName hash, byte[] data, byte[] signature)
    {
        var key = new RsaKeyParameters(false, new BigInteger(1, parameters.Modulus!), new BigInteger(1, parameters.Exponent!));
        IDigest digest = hash.Name switch { "SHA256" => new Sha256Digest(), "SHA384" => new Sha384Digest(), _ => new Sha512Digest() };
        var longest = ((key.Modulus.BitLength + 6) / 8) - digest.GetDigestSize() - 2;
        return new[] { longest, 0, 20, 32, 48, 64 }.Where(length => length <= longest).Any(length =>
        {
            var signer = new PssSigner(new RsaEngine(), digest, length);
            signer.Init(false, key);
            signer.BlockUpdate(data, 0, data.Length);
            return signer.VerifySignature(signature);
        });
    }

    public byte[] Sign(string algorithm, byte[] data)
    {
        try
        {
            switch (algorithm[0])
            {
                case 'H': return Hmac(algorithm, Secret ?? throw Misfit("[]byte"), data);
                case 'E' when algorithm == "EdDSA":
                    {
                        if (Edwards is not { Seed: { } seed } || seed.Length != Ed25519.SecretKeySize) throw Misfit("ed25519.PrivateKey");
                        var signature = new byte[Ed25519.SignatureSize];
                        Ed25519.Sign(seed, 0, data, 0, data.Length, signature, 0);
                        return signature;
                    }
                case 'E':
                    {
                        if (Curve is not { D: not null } parameters) throw Misfit("*ecdsa.PrivateKey");
                        using var curve = ECDsa.Create(parameters);
                        return curve.SignData(data, HashOf(algorithm));
                    }
                default:
                    {
                        if (Rsa is not { D: not null } parameters) throw Misfit("*rsa.PrivateKey");
                        using var rsa = RSA.Create(parameters);
                        if (rsa.KeySize < MinModulus) throw new TokenFault(FormattableString.Invariant($"crypto/rsa: {rsa.KeySize}-bit keys are insecure (see https://go.dev/pkg/crypto/rsa#hdr-Minimum_key_size)"));
                        return rsa.SignData(data, HashOf(algorithm), algorithm[0] == 'P' ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
                    }
            }
        }
        catch (CryptographicException fault)
        {
            throw new TokenFault($"cannot sign with this key: {fault.Message}");
        }
    }

    private static TokenFault Misfit(string wanted) => new($"jwsbb.Sign: invalid key type. {wanted} is required");

    private static byte[] Hmac(string algorithm, byte[] secret, byte[] data) => algorithm switch
    {
        "HS256" => HMACSHA256.HashData(secret, data),
        "HS384" => HMACSHA384.HashData(secret, data),
        _ => HMACSHA512.HashData(secret, data),
    };
}
