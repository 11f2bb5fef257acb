using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Rego.Builtins.Certificates;

/// <summary>What a chain must hold for besides its signatures; usages are ids of extended key usages.</summary>
internal sealed record ChainDemands(DateTimeOffset At, string DnsName, IReadOnlyList<string> Usages);

/// <summary>
/// Finds the way from a leaf to a root and checks each step, with nothing but the certificates given: no store of the
/// machine, no download, no revocation list, as OPA does it.
/// </summary>
internal static class CertificateChain
{
    private const string AnyUsage = "2.5.29.37.0";
    private const int CertificateSigning = 1 << 5;
    private const int MaxCertificates = 50;

    // Extensions that are looked at here, or that restrict nothing a policy asks for.
    private static readonly HashSet<string> Understood = ["2.5.29.14", "2.5.29.15", "2.5.29.17", "2.5.29.19", "2.5.29.30", "2.5.29.31", "2.5.29.32", "2.5.29.35", "2.5.29.37", "1.3.6.1.5.5.7.1.1"];

    /// <summary>Leaf first, root last; null when there is no way that holds. The first certificate is the root, the last the leaf.</summary>
    public static List<Certificate>? Verify(IReadOnlyList<Certificate> certificates, ChainDemands demands)
    {
        if (certificates.Count is < 2 or > MaxCertificates) return null;
        var (root, leaf) = (certificates[0], certificates[^1]);
        if (demands.DnsName.Length > 0 && !NamesHost(leaf, demands.DnsName)) return null;
        if (!IsCurrent(leaf, demands.At) || !IsUnderstood(leaf)) return null;
        var chain = new List<Certificate> { leaf };
        return Extend(chain, [.. certificates.Skip(1).SkipLast(1)], root, demands) ? chain : null;
    }

    private static bool Extend(List<Certificate> chain, List<Certificate> between, Certificate root, ChainDemands demands)
    {
        var last = chain[^1];
        if (Issued(root, last, chain.Count - 1, demands.At))
        {
            chain.Add(root);
            if (AllowsUsages(chain, demands.Usages) && AllowsNames(chain)) return true;
            chain.RemoveAt(chain.Count - 1);
        }
        foreach (var candidate in between)
        {
            if (chain.Contains(candidate) || !Issued(candidate, last, chain.Count - 1, demands.At)) continue;
            chain.Add(candidate);
            if (Extend(chain, between, root, demands)) return true;
            chain.RemoveAt(chain.Count - 1);
        }
        return false;
    }

    private static bool Issued(Certificate issuer, Certificate subject, int authoritiesBelow, DateTimeOffset at)
    {
        if (!issuer.RawSubject.AsSpan().SequenceEqual(subject.RawIssuer) || !IsCurrent(issuer, at) || !IsUnderstood(issuer)) return false;
        if (issuer.HasBasicConstraints ? !issuer.IsAuthority : issuer.Version >= 3) return false;
        if (issuer.MaxPathLength is { } length && authoritiesBelow > length) return false;
        if (issuer.KeyUsage is { } usage && (usage & CertificateSigning) == 0) return false;
        return HasSigned(issuer.RawKey, subject);
    }

    private static bool IsCurrent(Certificate c, DateTimeOffset at) => c.NotBefore <= at && at <= c.NotAfter;

    private static bool IsUnderstood(Certificate c) => c.Extensions.All(x => !x.IsCritical || Understood.Contains(x.Id));

    private static bool HasSigned(byte[] key, Certificate subject)
    {
        try
        {
            var (hash, isEc) = subject.SignatureAlgorithm switch
            {
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
            return rsa.VerifyData(subject.RawToSign, subject.Signature, hash, RSASignaturePadding.Pkcs1);
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
        var names = leaf.Find("2.5.29.17") is { } extension ? Certificate.GeneralNames(extension.Value) : [];
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

    /// <summary>The DNS names of the leaf are inside what each authority may sign for. Constraints on other kinds of names refuse the chain.</summary>
    private static bool AllowsNames(List<Certificate> chain)
    {
        var names = chain[0].Find("2.5.29.17") is { } extension ? Certificate.GeneralNames(extension.Value) : [];
        var hosts = names.TryGetValue(2, out var found) ? found.Select(h => Encoding.ASCII.GetString(h)).ToList() : [];
        foreach (var authority in chain.Skip(1))
        {
            if (authority.Find("2.5.29.30") is not { } constraints) continue;
            var list = new AsnReader(constraints.Value, AsnEncodingRules.DER).ReadSequence();
            while (list.HasData)
            {
                var tag = list.PeekTag();
                var trees = list.ReadSequence(tag);
                var subtrees = new Dictionary<int, List<byte[]>>();
                while (trees.HasData) Certificate.Take(trees.ReadSequence(), subtrees);
                if (subtrees.Keys.Any(k => k != 2 && names.ContainsKey(k))) return false;
                if (!subtrees.TryGetValue(2, out var domains)) continue;
                var inside = hosts.Select(h => domains.Any(d => IsUnder(h, Encoding.ASCII.GetString(d)))).ToList();
                if (tag.TagValue == 0 ? inside.Contains(false) : inside.Contains(true)) return false;
            }
        }
        return true;
    }

    private static bool IsUnder(string host, string domain)
    {
        domain = domain.TrimStart('.');
        return domain.Length == 0 || host.Equals(domain, StringComparison.OrdinalIgnoreCase) || host.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase);
    }
}
