using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Rego.Builtins.Certificates;

/// <summary>What a chain must hold for besides its signatures; usages are ids of extended key usages.</summary>
internal sealed record ChainDemands(DateTimeOffset At, string DnsName, IReadOnlyList<string> Usages, int MaxComparisons = 0);

/// <summary>
/// Finds the way from a leaf to a root and checks each step, with nothing but the certificates given: no store of the
/// machine, no download, no revocation list, as OPA does it.
/// </summary>
internal static class CertificateChain
{
    private const string AnyUsage = "2.5.29.37.0";
    private const int CertificateSigning = 1 << 5;
    private const int MaxCertificates = 50;

    /// <summary>Leaf first, root last; null when there is no way that holds. The first certificate is the root, the last the leaf.</summary>
    public static List<Certificate>? Verify(IReadOnlyList<Certificate> certificates, ChainDemands demands)
    {
        if (certificates.Count is < 2 or > MaxCertificates) return null;
        var (root, leaf) = (certificates[0], certificates[^1]);
        if (!IsCurrent(leaf, demands.At) || leaf.Unhandled.Count > 0) return null;
        if (demands.DnsName.Length > 0 && !NamesHost(leaf, demands.DnsName)) return null;
        var chain = new List<Certificate> { leaf };
        if (root.Raw.AsSpan().SequenceEqual(leaf.Raw)) return AllowsUsages(chain, demands.Usages) ? chain : null;
        return Extend(chain, [.. certificates.Skip(1).SkipLast(1)], root, demands) ? chain : null;
    }

    private static bool Extend(List<Certificate> chain, List<Certificate> between, Certificate root, ChainDemands demands)
    {
        var last = chain[^1];
        if (Issued(root, chain, demands, isRoot: true))
        {
            chain.Add(root);
            if (AllowsUsages(chain, demands.Usages)) return true;
            chain.RemoveAt(chain.Count - 1);
        }
        // Those whose key is the one that the certificate names come first.
        foreach (var candidate in between.OrderBy(c => Fit(c, last)))
        {
            if (chain.Exists(c => IsSame(c, candidate)) || !Issued(candidate, chain, demands, isRoot: false)) continue;
            chain.Add(candidate);
            if (Extend(chain, between, root, demands)) return true;
            chain.RemoveAt(chain.Count - 1);
        }
        return false;
    }

    private static int Fit(Certificate issuer, Certificate subject)
    {
        var (own, wanted) = (CertificateJson.SubjectKey(issuer) ?? [], CertificateJson.AuthorityKey(subject) ?? []);
        return own.AsSpan().SequenceEqual(wanted) ? 0 : own.Length == 0 || wanted.Length == 0 ? 1 : 2;
    }

    private static bool IsSame(Certificate a, Certificate b) =>
        a.RawSubject.AsSpan().SequenceEqual(b.RawSubject) && a.RawKey.AsSpan().SequenceEqual(b.RawKey)
        && (a.Find("2.5.29.17")?.Value ?? []).AsSpan().SequenceEqual(b.Find("2.5.29.17")?.Value ?? []);

    private static bool Issued(Certificate issuer, List<Certificate> chain, ChainDemands demands, bool isRoot)
    {
        var subject = chain[^1];
        if (!issuer.RawSubject.AsSpan().SequenceEqual(subject.RawIssuer) || !IsCurrent(issuer, demands.At) || issuer.Unhandled.Count > 0) return false;
        if (issuer.HasBasicConstraints ? !issuer.IsAuthority : !isRoot || issuer.Version >= 3) return false;
        if (issuer.MaxPathLength is { } length && chain.Count - 1 > length) return false;
        if (issuer.KeyUsage is { } usage and not 0 && (usage & CertificateSigning) == 0) return false;
        return HasSigned(issuer.RawKey, subject) && (issuer.Names is not { } names || chain.TrueForAll(c => names.Allows(c, demands.MaxComparisons)));
    }

    private static bool IsCurrent(Certificate c, DateTimeOffset at) => c.NotBefore <= at && at <= c.NotAfter;

    private static bool HasSigned(byte[] key, Certificate subject)
    {
        try
        {
            var pss = CertificateJson.PssHash(subject.RawSignatureAlgorithm);
            var isPss = pss is not null;
            var (hash, isEc) = subject.SignatureAlgorithm switch
            {
                "1.2.840.113549.1.1.10" when pss is not null => (new HashAlgorithmName(pss), false),
                "1.2.840.113549.1.1.11" => (HashAlgorithmName.SHA256, false),
                "1.2.840.113549.1.1.12" => (HashAlgorithmName.SHA384, false),
                "1.2.840.113549.1.1.13" => (HashAlgorithmName.SHA512, false),
                "1.2.840.10045.4.3.2" => (HashAlgorithmName.SHA256, true),
                "1.2.840.10045.4.3.3" => (HashAlgorithmName.SHA384, true),
                "1.2.840.10045.4.3.4" => (HashAlgorithmName.SHA512, true),
                // MD5 and SHA-1 prove nothing any more; Go refuses them too.
                _ => default,
            };
            if (subject.SignatureAlgorithm == "1.3.101.112") return Tokens.SigningKey.OfPublicKey(key).Verifies("EdDSA", subject.RawToSign, subject.Signature);
            if (hash.Name is null) return false;
            if (isEc)
            {
                using var ec = ECDsa.Create();
                ec.ImportSubjectPublicKeyInfo(key, out _);
                return ec.VerifyData(subject.RawToSign, subject.Signature, hash, DSASignatureFormat.Rfc3279DerSequence);
            }
            using var rsa = RSA.Create();
            rsa.ImportSubjectPublicKeyInfo(key, out _);
            return rsa.KeySize >= 1024 && rsa.VerifyData(subject.RawToSign, subject.Signature, hash, isPss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>One of the usages asked for is allowed by every certificate that restricts them.</summary>
    private static bool AllowsUsages(List<Certificate> chain, IReadOnlyList<string> usages) =>
        usages.Contains(AnyUsage) || usages.Any(usage => chain.All(c => c.ExtendedKeyUsage is var allowed && (allowed.Count == 0 || allowed.Contains(usage) || allowed.Contains(AnyUsage))));

    private static bool NamesHost(Certificate leaf, string host)
    {
        var names = leaf.AlternativeNames;
        if (IPAddress.TryParse(host.Trim('[', ']'), out var address)) return names.TryGetValue(7, out var addresses) && addresses.Any(a => a.AsSpan().SequenceEqual(address.GetAddressBytes()));
        return names.TryGetValue(2, out var hosts) && hosts.Select(h => Encoding.ASCII.GetString(h)).Any(pattern => Matches(pattern.TrimEnd('.'), host.TrimEnd('.')));
    }

    private static bool Matches(string pattern, string host)
    {
        if (pattern.Length == 0 || host.Length == 0) return false;
        if (!pattern.StartsWith("*.", StringComparison.Ordinal)) return string.Equals(pattern, host, StringComparison.OrdinalIgnoreCase);
        var dot = host.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && string.Equals(pattern[1..], host[dot..], StringComparison.OrdinalIgnoreCase);
    }
}
