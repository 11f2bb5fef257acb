using System.Formats.Asn1;
using System.Security.Cryptography;
using Org.BouncyCastle.Math.EC.Rfc8032;
using Rego.Values;
using static Rego.Builtins.Certificates.CertificateJson;

namespace Rego.Builtins.Certificates;

/// <summary>A private key of PEM text: RSA, elliptic curve or Ed25519.</summary>
internal sealed class PrivateKey
{
    private RSAParameters? Rsa { get; init; }

    private ECParameters? Curve { get; init; }

    private byte[]? Seed { get; init; }

    /// <exception cref="FormatException">A block holds no key of a known kind; the message is Go's.</exception>
    public static List<PrivateKey> Read(string pem)
    {
        var keys = new List<PrivateKey>();
        foreach (var (label, der, _) in Pem.Blocks(pem))
        {
            switch (label)
            {
                case "RSA PRIVATE KEY": keys.Add(OfPkcs1(der)); break;
                case "EC PRIVATE KEY": keys.Add(OfSec1(der)); break;
                case "PRIVATE KEY": keys.Add(OfPkcs8(der)); break;
                    // Parameters of curves stand in front of keys; other blocks are not keys.
            }
        }
        return keys;
    }

    /// <summary>In whichever of the three wrappings it is; null when it is none.</summary>
    public static PrivateKey? OfAny(byte[] der)
    {
        foreach (var read in new Func<byte[], PrivateKey>[] { OfPkcs1, OfPkcs8, OfSec1 })
        {
            try
            {
                return read(der);
            }
            catch (FormatException)
            {
                // The next wrapping.
            }
        }
        return null;
    }

    private static FormatException Failed(byte[] der, string own)
    {
        foreach (var (name, reads) in new (string, Action<byte[]>)[] { ("PKCS1", d => RsaOf(r => r.ImportRSAPrivateKey(d, out _))), ("PKCS8", d => Wrapped(d)), ("EC", d => CurveOf(c => c.ImportECPrivateKey(d, out _))) })
        {
            if (name == own) continue;
            try
            {
                reads(der);
                return new FormatException($"x509: failed to parse {(own == "EC" ? "EC " : "")}private key (use Parse{name}PrivateKey instead for this key format)");
            }
            catch (Exception fault) when (fault is CryptographicException or AsnContentException or FormatException)
            {
                // Not that either.
            }
        }
        return new FormatException(AsnDecoder.TryReadEncodedValue(der, AsnEncodingRules.BER, out _, out _, out _, out _) ? "asn1: structure error: tags don't match" : "asn1: syntax error: data truncated");
    }

    private static PrivateKey OfPkcs1(byte[] der)
    {
        try
        {
            return RsaOf(rsa => rsa.ImportRSAPrivateKey(der, out _));
        }
        catch (CryptographicException)
        {
            throw Failed(der, "PKCS1");
        }
    }

    private static PrivateKey OfSec1(byte[] der)
    {
        try
        {
            return CurveOf(ec => ec.ImportECPrivateKey(der, out _));
        }
        catch (CryptographicException)
        {
            throw Failed(der, "EC");
        }
    }

    private static PrivateKey OfPkcs8(byte[] der)
    {
        try
        {
            return Wrapped(der);
        }
        catch (Exception fault) when (fault is CryptographicException or AsnContentException)
        {
            throw Failed(der, "PKCS8");
        }
    }

    private static PrivateKey Wrapped(byte[] der)
    {
        var outer = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
        outer.ReadInteger();
        switch (outer.ReadSequence().ReadObjectIdentifier())
        {
            case "1.2.840.113549.1.1.1": return RsaOf(rsa => rsa.ImportPkcs8PrivateKey(der, out _));
            case "1.2.840.10045.2.1": return CurveOf(ec => ec.ImportPkcs8PrivateKey(der, out _));
            case "1.3.101.112": return new PrivateKey { Seed = new AsnReader(outer.ReadOctetString(), AsnEncodingRules.DER).ReadOctetString() };
            case var other: throw new FormatException($"x509: PKCS#8 wrapping contained private key with unknown algorithm: {other}");
        }
    }

    private static PrivateKey RsaOf(Action<RSA> import)
    {
        using var rsa = RSA.Create();
        import(rsa);
        return new PrivateKey { Rsa = rsa.ExportParameters(true) };
    }

    private static PrivateKey CurveOf(Action<ECDsa> import)
    {
        using var ec = ECDsa.Create();
        import(ec);
        return new PrivateKey { Curve = ec.ExportParameters(true) };
    }

    /// <summary>Go's number for the kind of key.</summary>
    public int Algorithm => Rsa is not null ? 1 : Curve is not null ? 3 : 4;

    public RValue PublicKey
    {
        get
        {
            var o = new RObjectBuilder();
            if (Rsa is { } rsa)
            {
                Set(o, "N", Number(rsa.Modulus!));
                Set(o, "E", Number(rsa.Exponent!));
            }
            else if (Curve is { } ec)
            {
                Set(o, "Curve", RObject.Empty);
                Set(o, "X", Number(ec.Q.X!));
                Set(o, "Y", Number(ec.Q.Y!));
            }
            else
            {
                return Bytes(Ed25519Public(Seed!));
            }
            return o.Build();
        }
    }

    /// <summary>The key as Go's JSON has it.</summary>
    public RValue ToGo()
    {
        if (Seed is not null) return Bytes([.. Seed, .. Ed25519Public(Seed)]);
        var o = new RObjectBuilder();
        o.SetAll((RObject)PublicKey);
        if (Rsa is { } rsa)
        {
            Set(o, "D", Number(rsa.D!));
            Set(o, "Primes", new RArray([Number(rsa.P!), Number(rsa.Q!)]));
            var more = new RObjectBuilder();
            Set(more, "Dp", Number(rsa.DP!));
            Set(more, "Dq", Number(rsa.DQ!));
            Set(more, "Qinv", Number(rsa.InverseQ!));
            Set(more, "CRTValues", RArray.Empty);
            Set(o, "Precomputed", more.Build());
        }
        else
        {
            Set(o, "D", Number(Curve!.Value.D!));
        }
        return o.Build();
    }

    /// <exception cref="FormatException">OPA makes none of such a key.</exception>
    public RObject ToJwk()
    {
        var o = new RObjectBuilder();
        if (Rsa is { } rsa)
        {
            foreach (var (name, value) in new[] { ("n", rsa.Modulus), ("e", rsa.Exponent), ("d", rsa.D), ("p", rsa.P), ("q", rsa.Q), ("dp", rsa.DP), ("dq", rsa.DQ), ("qi", rsa.InverseQ) }) Set(o, name, Url(value!));
            Set(o, "kty", new RString("RSA"));
        }
        else if (Curve is not null)
        {
            // OPA tells no more of such a key.
            Set(o, "kty", new RString("EC"));
        }
        else
        {
            throw new FormatException("invalid key type ed25519.PrivateKey");
        }
        return o.Build();
    }

    private static byte[] Ed25519Public(byte[] seed)
    {
        var key = new byte[Ed25519.PublicKeySize];
        Ed25519.GeneratePublicKey(seed, 0, key, 0);
        return key;
    }

    private static RString Url(byte[] bytes) => new(System.Buffers.Text.Base64Url.EncodeToString(bytes));
}
