using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;
using Rego.Evaluate;
using Rego.Values;

namespace Rego.Builtins.Certificates;

/// <summary>crypto.x509.* and crypto.parse_private_keys.</summary>
internal static class X509
{
    private const int MaxLength = 1_000_000;
    private const string ServerAuth = "1.3.6.1.5.5.7.3.1";

    private static readonly Dictionary<string, string> Usages = new(StringComparer.Ordinal)
    {
        ["KeyUsageAny"] = "2.5.29.37.0",
        ["KeyUsageServerAuth"] = ServerAuth,
        ["KeyUsageClientAuth"] = "1.3.6.1.5.5.7.3.2",
        ["KeyUsageCodeSigning"] = "1.3.6.1.5.5.7.3.3",
        ["KeyUsageEmailProtection"] = "1.3.6.1.5.5.7.3.4",
        ["KeyUsageIPSECEndSystem"] = "1.3.6.1.5.5.7.3.5",
        ["KeyUsageIPSECTunnel"] = "1.3.6.1.5.5.7.3.6",
        ["KeyUsageIPSECUser"] = "1.3.6.1.5.5.7.3.7",
        ["KeyUsageTimeStamping"] = "1.3.6.1.5.5.7.3.8",
        ["KeyUsageOCSPSigning"] = "1.3.6.1.5.5.7.3.9",
        ["KeyUsageMicrosoftServerGatedCrypto"] = "1.3.6.1.4.1.311.10.3.3",
        ["KeyUsageNetscapeServerGatedCrypto"] = "2.16.840.1.113730.4.1",
        ["KeyUsageMicrosoftCommercialCodeSigning"] = "1.3.6.1.4.1.311.2.1.22",
        ["KeyUsageMicrosoftKernelCodeSigning"] = "1.3.6.1.4.1.311.61.1.1",
    };

    public static void Register(Registrar t)
    {
        Add(t, "crypto.x509.parse_certificates", "s", (e, a) => new RArray([.. Read(e, a[0]).Select(c => (RValue)CertificateJson.Of(c, withUriStrings: true))]));
        Add(t, "crypto.x509.parse_and_verify_certificates", "s", (e, a) => Verified(e, a[0], new ChainDemands(Now(e), "", [ServerAuth]), withUriStrings: true));
        Add(t, "crypto.x509.parse_and_verify_certificates_with_options", "s o", (e, a) =>
        {
            List<Certificate> certificates;
            try
            {
                certificates = Read(e, a[0]);
            }
            catch (Exception fault) when (fault is FormatException or CryptographicException or AsnContentException)
            {
                return NotVerified;
            }
            return Verified(e, certificates, Demands(e, (RObject)a[1]), withUriStrings: false);
        });
        Add(t, "crypto.x509.parse_certificate_request", "s", Request);
        Add(t, "crypto.x509.parse_rsa_private_key", "s", FirstKey);
        Add(t, "crypto.x509.parse_keypair", "s s", KeyPair);
        Add(t, "crypto.parse_private_keys", "s", (e, a) =>
        {
            var text = Limited(e, a[0]);
            return text.Length == 0 ? RNull.Instance : new RArray([.. PrivateKey.Read(Unwrapped(text)).Select(k => k.ToGo())]);
        });
    }

    /// <summary>What base64 holds; other text as it is.</summary>
    private static string Unwrapped(string text)
    {
        try
        {
            return Encoding.Latin1.GetString(GoBase64.Decode(text));
        }
        catch (FormatException)
        {
            return text;
        }
    }

    private static void Add(Registrar t, string name, string signature, BuiltinFunction function) => t.Add(name, signature, (e, a) =>
    {
        try
        {
            return function(e, a);
        }
        catch (Exception fault) when (fault is FormatException or CryptographicException or AsnContentException)
        {
            return e.Fail($"{name}: {fault.Message}");
        }
    });

    private static string Limited(Evaluation e, RValue value)
    {
        var text = value.Str();
        if (text.Length > MaxLength) throw new FormatException("the text is too long");
        e.Spend(text.Length / 16);
        return text;
    }

    private static List<Certificate> Read(Evaluation e, RValue value) => Pem.Certificates(Limited(e, value));

    private static DateTimeOffset Now(Evaluation e) => DateTimeOffset.UnixEpoch.AddTicks(e.NowNs / 100);

    private static readonly RArray NotVerified = new([RBool.False, RArray.Empty]);

    private static RArray Verified(Evaluation e, RValue text, ChainDemands demands, bool withUriStrings)
    {
        try
        {
            return Verified(e, Read(e, text), demands, withUriStrings);
        }
        catch (Exception fault) when (fault is FormatException or CryptographicException or AsnContentException)
        {
            return NotVerified;
        }
    }

    private static RArray Verified(Evaluation e, List<Certificate> certificates, ChainDemands demands, bool withUriStrings)
    {
        e.Spend(1_000L * certificates.Count);
        return CertificateChain.Verify(certificates, demands) is { } chain ? new RArray([RBool.True, new RArray([.. chain.Select(c => (RValue)CertificateJson.Of(c, withUriStrings))])]) : NotVerified;
    }

    private static ChainDemands Demands(Evaluation e, RObject options)
    {
        var demands = new ChainDemands(Now(e), "", [ServerAuth]);
        for (var i = 0; i < options.Count; i++)
        {
            var value = options.Values[i];
            switch ((options.Keys[i] as RString)?.Value)
            {
                case "DNSName":
                    demands = demands with { DnsName = value is RString s ? s.Value.Trim('"') : throw new FormatException("'DNSName' should be a string") };
                    break;
                case "CurrentTime":
                    if (value is not RNumber n) throw new FormatException("'CurrentTime' should be a number");
                    if (!n.IsPlainInt64) throw new FormatException("'CurrentTime' should be a valid int64 number");
                    demands = demands with { At = DateTimeOffset.UnixEpoch.AddTicks(n.Int64 / 100) };
                    break;
                case "MaxConstraintComparisons":
                    if (value is not RNumber most) throw new FormatException("'MaxConstraintComparisons' should be a number");
                    if (!most.IsPlainInt64) throw new FormatException("'MaxConstraintComparisons' should be a valid number");
                    demands = demands with { MaxComparisons = (int)Math.Clamp(most.Int64, int.MinValue, int.MaxValue) };
                    break;
                case "KeyUsages":
                    if (value is not (RArray or RSet)) throw new FormatException("'KeyUsages' should be an Array or Set");
                    var names = value.Items().ToArray().OfType<RString>().Select(s => s.Value.Trim('"')).ToList();
                    var unknown = names.Where(name => !Usages.ContainsKey(name)).ToList();
                    if (unknown.Count > 0) throw new FormatException($"invalid entries for 'KeyUsages' found: [{string.Join(' ', unknown)}]");
                    if (names.Count > 0) demands = demands with { Usages = [.. names.Select(name => Usages[name])] };
                    break;
                case null: break;
                default: throw new FormatException("invalid key option");
            }
        }
        return demands;
    }

    private static RObject Request(Evaluation e, ReadOnlySpan<RValue> args)
    {
        var text = Limited(e, args[0]);
        var bytes = text.StartsWith("-----BEGIN CERTIFICATE REQUEST-----", StringComparison.Ordinal) ? Encoding.UTF8.GetBytes(text) : GoBase64.Decode(text);
        var der = bytes;
        foreach (var (label, block, _) in Pem.Blocks(Encoding.Latin1.GetString(bytes)))
        {
            if (label != "CERTIFICATE REQUEST") throw new FormatException("invalid PEM-encoded certificate signing request");
            der = block;
            break;
        }
        try
        {
            return CertificateJson.Request(der);
        }
        catch (AsnContentException fault)
        {
            throw new FormatException($"asn1: structure error: {fault.Message}", fault);
        }
    }

    private static RValue FirstKey(Evaluation e, ReadOnlySpan<RValue> args)
    {
        var text = Limited(e, args[0]);
        if (text.Length == 0) throw new FormatException("input PEM data was empty");
        if (!text.StartsWith(Pem.Start, StringComparison.Ordinal)) text = Encoding.Latin1.GetString(GoBase64.Decode(text));
        var keys = PrivateKey.Read(Unwrapped(text));
        return keys.Count == 0 ? RNull.Instance : keys[0].ToJwk();
    }

    /// <summary>PEM, or base64 of PEM or of DER, which becomes a block of the label.</summary>
    private static List<PemBlock> BlocksOf(string text, string label)
    {
        if (!text.StartsWith(Begin, StringComparison.Ordinal))
        {
            var bytes = GoBase64.Decode(text);
            text = Encoding.Latin1.GetString(bytes);
            if (!text.StartsWith(Begin, StringComparison.Ordinal)) return [new PemBlock(label, bytes, "")];
        }
        return [.. Pem.Blocks(text)];
    }

    private const string Begin = "-----BEGIN ";

    private static string Skipped(IEnumerable<PemBlock> blocks) => $"[{string.Join(' ', blocks.Select(b => b.Label))}]";

    private static RObject KeyPair(Evaluation e, ReadOnlySpan<RValue> args)
    {
        var (certificates, keys) = (BlocksOf(Limited(e, args[0]), "CERTIFICATE"), BlocksOf(Limited(e, args[1]), "PRIVATE KEY"));
        var ders = certificates.Where(b => b.Label == "CERTIFICATE").Select(b => b.Der).ToList();
        if (ders.Count == 0)
        {
            throw new FormatException(certificates switch
            {
                [] => "tls: failed to find any PEM data in certificate input",
                [var one] when one.Label.EndsWith("PRIVATE KEY", StringComparison.Ordinal) => "tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched",
                _ => $"tls: failed to find \"CERTIFICATE\" PEM block in certificate input after skipping PEM blocks of the following types: {Skipped(certificates)}",
            });
        }
        if (keys.Find(b => b.Label == "PRIVATE KEY" || b.Label.EndsWith(" PRIVATE KEY", StringComparison.Ordinal)) is not { } block)
        {
            throw new FormatException(keys switch
            {
                [] => "tls: failed to find any PEM data in key input",
                [{ Label: "CERTIFICATE" }] => "tls: found a certificate rather than a key in the PEM for the private key",
                _ => $"tls: failed to find PEM block with type ending in \"PRIVATE KEY\" in key input after skipping PEM blocks of the following types: {Skipped(keys)}",
            });
        }
        var leaf = new Certificate(ders[0]);
        var key = PrivateKey.OfAny(block.Der) ?? throw new FormatException("tls: failed to parse private key");
        var (algorithm, publicKey) = CertificateJson.PublicKey(leaf.RawKey);
        if (algorithm == 0) throw new FormatException("tls: unknown public key algorithm");
        if (algorithm != key.Algorithm) throw new FormatException("tls: private key type does not match public key type");
        if (!publicKey.Equals(key.PublicKey)) throw new FormatException("tls: private key does not match public key");
        var o = new RObjectBuilder();
        CertificateJson.Set(o, "Certificate", new RArray([.. ders.Select(d => (RValue)CertificateJson.Bytes(d))]));
        CertificateJson.Set(o, "PrivateKey", key.ToGo());
        CertificateJson.Set(o, "SupportedSignatureAlgorithms", RNull.Instance);
        CertificateJson.Set(o, "OCSPStaple", RNull.Instance);
        CertificateJson.Set(o, "SignedCertificateTimestamps", RNull.Instance);
        CertificateJson.Set(o, "Leaf", CertificateJson.Of(leaf, withUriStrings: false));
        return o.Build();
    }
}
