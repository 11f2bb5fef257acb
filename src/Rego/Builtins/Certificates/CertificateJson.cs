using System.Formats.Asn1;
using System.Globalization;
using System.Net;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Rego.Values;

namespace Rego.Builtins.Certificates;

/// <summary>Certificates, requests and keys as the objects that Go's JSON makes of them, which is what OPA answers.</summary>
internal static class CertificateJson
{
    private static readonly string[] ExtendedUsages =
    [
        "2.5.29.37.0", "1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.3", "1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.5", "1.3.6.1.5.5.7.3.6", "1.3.6.1.5.5.7.3.7",
        "1.3.6.1.5.5.7.3.8", "1.3.6.1.5.5.7.3.9", "1.3.6.1.4.1.311.10.3.3", "2.16.840.1.113730.4.1", "1.3.6.1.4.1.311.2.1.22", "1.3.6.1.4.1.311.61.1.1",
    ];

    private static readonly Dictionary<string, int> SignatureAlgorithms = new(StringComparer.Ordinal)
    {
        ["1.2.840.113549.1.1.4"] = 2,
        ["1.2.840.113549.1.1.5"] = 3,
        ["1.2.840.113549.1.1.11"] = 4,
        ["1.2.840.113549.1.1.12"] = 5,
        ["1.2.840.113549.1.1.13"] = 6,
        ["1.2.840.10040.4.3"] = 7,
        ["2.16.840.1.101.3.4.3.2"] = 8,
        ["1.2.840.10045.4.1"] = 9,
        ["1.2.840.10045.4.3.2"] = 10,
        ["1.2.840.10045.4.3.3"] = 11,
        ["1.2.840.10045.4.3.4"] = 12,
        ["1.3.101.112"] = 16,
    };

    public static RObject Of(Certificate c, bool withUriStrings)
    {
        var o = new RObjectBuilder();
        Set(o, "Raw", Bytes(c.Raw));
        Set(o, "RawTBSCertificate", Bytes(c.RawToSign));
        Set(o, "RawSubjectPublicKeyInfo", Bytes(c.RawKey));
        Set(o, "RawSubject", Bytes(c.RawSubject));
        Set(o, "RawIssuer", Bytes(c.RawIssuer));
        Set(o, "Signature", Bytes(c.Signature));
        Set(o, "SignatureAlgorithm", RNumber.Of(Signature(c.SignatureAlgorithm, c.RawSignatureAlgorithm)));
        var (algorithm, key) = PublicKey(c.RawKey);
        Set(o, "PublicKeyAlgorithm", RNumber.Of(algorithm));
        Set(o, "PublicKey", key);
        Set(o, "Version", RNumber.Of(c.Version));
        Set(o, "SerialNumber", RNumber.Of(c.Serial));
        Set(o, "Issuer", Name(c.Issuer));
        Set(o, "Subject", Name(c.Subject));
        Set(o, "NotBefore", Time(c.NotBefore));
        Set(o, "NotAfter", Time(c.NotAfter));
        Set(o, "KeyUsage", RNumber.Of(c.KeyUsage ?? 0));
        Set(o, "Extensions", Extensions(c.Extensions));
        Set(o, "ExtraExtensions", RNull.Instance);
        Set(o, "UnhandledCriticalExtensions", List(c.Unhandled.Select(Id)));
        var usages = c.ExtendedKeyUsage;
        Set(o, "ExtKeyUsage", List(usages.Select(u => Array.IndexOf(ExtendedUsages, u)).Where(u => u >= 0).Select(u => RNumber.Of(u))));
        Set(o, "UnknownExtKeyUsage", List(usages.Where(u => Array.IndexOf(ExtendedUsages, u) < 0).Select(Id)));
        Set(o, "BasicConstraintsValid", RBool.Of(c.HasBasicConstraints));
        Set(o, "IsCA", RBool.Of(c.IsAuthority));
        Set(o, "MaxPathLen", RNumber.Of(c.MaxPathLength ?? (c.HasBasicConstraints ? -1 : 0)));
        Set(o, "MaxPathLenZero", RBool.Of(c.MaxPathLength == 0));
        Set(o, "SubjectKeyId", SubjectKey(c) is { } subject ? Bytes(subject) : RNull.Instance);
        Set(o, "AuthorityKeyId", AuthorityKey(c) is { } authority ? Bytes(authority) : RNull.Instance);
        AddAccess(c, o);
        AddNames(c.Find("2.5.29.17")?.Value, o, withUriStrings);
        AddConstraints(c, o);
        Set(o, "CRLDistributionPoints", RevocationPoints(c));
        var policies = Policies(c);
        Set(o, "PolicyIdentifiers", policies.Count == 0 && c.Find("2.5.29.32") is not null ? RArray.Empty : List(policies.Select(Id)));
        AddPolicyRules(c, o);
        Set(o, "Policies", List(policies.Select(p => (RValue)new RString(p))));
        return o.Build();
    }

    /// <summary>A request to be signed (PKCS #10).</summary>
    public static RObject Request(byte[] der)
    {
        var outer = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
        var toSign = outer.PeekEncodedValue().ToArray();
        var inner = outer.ReadSequence();
        var rawAlgorithm = outer.ReadEncodedValue().ToArray();
        var algorithm = new AsnReader(rawAlgorithm, AsnEncodingRules.DER).ReadSequence().ReadObjectIdentifier();
        var signature = outer.ReadBitString(out _);
        var version = (int)inner.ReadInteger();
        var rawSubject = inner.PeekEncodedValue().ToArray();
        var subject = Certificate.Name(inner.ReadSequence());
        var key = inner.ReadEncodedValue().ToArray();
        var extensions = RequestedExtensions(inner);
        var o = new RObjectBuilder();
        Set(o, "Raw", Bytes(der));
        Set(o, "RawTBSCertificateRequest", Bytes(toSign));
        Set(o, "RawSubjectPublicKeyInfo", Bytes(key));
        Set(o, "RawSubject", Bytes(rawSubject));
        Set(o, "Version", RNumber.Of(version));
        Set(o, "Signature", Bytes(signature));
        Set(o, "SignatureAlgorithm", RNumber.Of(Signature(algorithm, rawAlgorithm)));
        var (keyAlgorithm, publicKey) = PublicKey(key);
        Set(o, "PublicKeyAlgorithm", RNumber.Of(keyAlgorithm));
        Set(o, "PublicKey", publicKey);
        Set(o, "Subject", Name(subject));
        Set(o, "Attributes", RArray.Empty);
        Set(o, "Extensions", Extensions(extensions));
        Set(o, "ExtraExtensions", RNull.Instance);
        AddNames(extensions.Find(x => x.Id == "2.5.29.17")?.Value, o, withUriStrings: false);
        return o.Build();
    }

    private static List<CertificateExtension> RequestedExtensions(AsnReader request)
    {
        var found = new List<CertificateExtension>();
        var tag = new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true);
        if (!request.HasData || !request.PeekTag().HasSameClassAndValue(tag)) return found;
        var attributes = request.ReadSetOf(skipSortOrderValidation: true, tag);
        while (attributes.HasData)
        {
            var attribute = attributes.ReadSequence();
            if (attribute.ReadObjectIdentifier() != "1.2.840.113549.1.9.14") continue;
            var list = attribute.ReadSetOf().ReadSequence();
            while (list.HasData)
            {
                var one = list.ReadSequence();
                var id = one.ReadObjectIdentifier();
                var isCritical = one.PeekTag() == Asn1Tag.Boolean && one.ReadBoolean();
                found.Add(new CertificateExtension(id, isCritical, one.ReadOctetString()));
            }
        }
        return found;
    }

    public static RObject Name(IReadOnlyList<NamePart> parts)
    {
        var o = new RObjectBuilder();
        foreach (var (name, id) in new[] { ("Country", "6"), ("Organization", "10"), ("OrganizationalUnit", "11"), ("Locality", "7"), ("Province", "8"), ("StreetAddress", "9"), ("PostalCode", "17") })
            Set(o, name, List(parts.Where(p => p.Id == "2.5.4." + id).Select(p => (RValue)new RString(p.Value))));
        Set(o, "SerialNumber", new RString(parts.LastOrDefault(p => p.Id == "2.5.4.5")?.Value ?? ""));
        Set(o, "CommonName", new RString(parts.LastOrDefault(p => p.Id == "2.5.4.3")?.Value ?? ""));
        Set(o, "Names", List(parts.Select(p =>
        {
            var one = new RObjectBuilder();
            Set(one, "Type", Id(p.Id));
            Set(one, "Value", new RString(p.Value));
            return (RValue)one.Build();
        })));
        Set(o, "ExtraNames", RNull.Instance);
        return o.Build();
    }

    /// <summary>Go's number for the algorithm, and the key's numbers.</summary>
    public static (int Algorithm, RValue Key) PublicKey(byte[] info)
    {
        var o = new RObjectBuilder();
        switch (new AsnReader(info, AsnEncodingRules.DER).ReadSequence().ReadSequence().ReadObjectIdentifier())
        {
            case "1.2.840.113549.1.1.1":
                {
                    using var rsa = RSA.Create();
                    rsa.ImportSubjectPublicKeyInfo(info, out _);
                    var p = rsa.ExportParameters(false);
                    Set(o, "N", Number(p.Modulus!));
                    Set(o, "E", Number(p.Exponent!));
                    return (1, o.Build());
                }
            case "1.2.840.10045.2.1":
                {
                    using var ec = ECDsa.Create();
                    ec.ImportSubjectPublicKeyInfo(info, out _);
                    var p = ec.ExportParameters(false);
                    Set(o, "Curve", RObject.Empty);
                    Set(o, "X", Number(p.Q.X!));
                    Set(o, "Y", Number(p.Q.Y!));
                    return (3, o.Build());
                }
            case "1.3.101.112":
                {
                    var outer = new AsnReader(info, AsnEncodingRules.DER).ReadSequence();
                    outer.ReadSequence();
                    return (4, Bytes(outer.ReadBitString(out _)));
                }
            default: return (0, RNull.Instance);
        }
    }

    public static RNumber Number(byte[] bigEndian) => RNumber.Of(new BigInteger(bigEndian, isUnsigned: true, isBigEndian: true));

    public static RString Bytes(byte[] bytes) => new(Convert.ToBase64String(bytes));

    public static void Set(RObjectBuilder o, string name, RValue value) => o.Set(new RString(name), value);

    /// <summary>An empty list is Go's nil.</summary>
    private static RValue List(IEnumerable<RValue> items) => items.ToArray() is { Length: > 0 } some ? new RArray(some) : RNull.Instance;

    private static RArray Id(string dotted) => new([.. dotted.Split('.').Select(n => (RValue)RNumber.Of(BigInteger.Parse(n, CultureInfo.InvariantCulture)))]);

    private static RString Time(DateTimeOffset time) => new(time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));

    private static RValue Extensions(IEnumerable<CertificateExtension> extensions) => List(extensions.Select(x =>
    {
        var one = new RObjectBuilder();
        Set(one, "Id", Id(x.Id));
        Set(one, "Critical", RBool.Of(x.IsCritical));
        Set(one, "Value", Bytes(x.Value));
        return (RValue)one.Build();
    }));

    public static byte[]? SubjectKey(Certificate c) => c.Find("2.5.29.14") is { } extension ? new AsnReader(extension.Value, AsnEncodingRules.DER).ReadOctetString() : null;

    public static byte[]? AuthorityKey(Certificate c)
    {
        if (c.Find("2.5.29.35") is not { } extension) return null;
        var list = new AsnReader(extension.Value, AsnEncodingRules.DER).ReadSequence();
        var tag = new Asn1Tag(TagClass.ContextSpecific, 0);
        return list.HasData && list.PeekTag().HasSameClassAndValue(tag) ? list.ReadOctetString(tag) : null;
    }

    private static int Signature(string id, byte[] raw) =>
        PssHash(raw) switch { "SHA256" => 13, "SHA384" => 14, "SHA512" => 15, _ => SignatureAlgorithms.GetValueOrDefault(id) };

    /// <summary>The hash of a signature by RSA-PSS whose salt is as long as the hash; null for other algorithms.</summary>
    public static string? PssHash(byte[] algorithm)
    {
        var reader = new AsnReader(algorithm, AsnEncodingRules.DER).ReadSequence();
        if (reader.ReadObjectIdentifier() != "1.2.840.113549.1.1.10" || !reader.HasData) return null;
        var parameters = reader.ReadSequence();
        var tag = new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true);
        if (!parameters.HasData || !parameters.PeekTag().HasSameClassAndValue(tag)) return null;
        return parameters.ReadSequence(tag).ReadSequence().ReadObjectIdentifier() switch
        {
            "2.16.840.1.101.3.4.2.1" => "SHA256",
            "2.16.840.1.101.3.4.2.2" => "SHA384",
            "2.16.840.1.101.3.4.2.3" => "SHA512",
            _ => null,
        };
    }

    private static void AddAccess(Certificate c, RObjectBuilder o)
    {
        var (status, issuers) = (new List<RValue>(), new List<RValue>());
        if (c.Find("1.3.6.1.5.5.7.1.1") is { } extension)
        {
            var list = new AsnReader(extension.Value, AsnEncodingRules.DER).ReadSequence();
            while (list.HasData)
            {
                var one = list.ReadSequence();
                var id = one.ReadObjectIdentifier();
                if (one.PeekTag().TagValue != 6) continue;
                var url = new RString(Encoding.ASCII.GetString(one.PeekContentBytes().Span));
                if (id == "1.3.6.1.5.5.7.48.1") status.Add(url);
                if (id == "1.3.6.1.5.5.7.48.2") issuers.Add(url);
            }
        }
        Set(o, "OCSPServer", List(status));
        Set(o, "IssuingCertificateURL", List(issuers));
    }

    private static void AddNames(byte[]? extension, RObjectBuilder o, bool withUriStrings)
    {
        var names = extension is null ? [] : Certificate.GeneralNames(extension);
        IEnumerable<string> Texts(int kind) => names.TryGetValue(kind, out var found) ? found.Select(b => Encoding.ASCII.GetString(b)) : [];
        Set(o, "DNSNames", List(Texts(2).Select(t => (RValue)new RString(t))));
        Set(o, "EmailAddresses", List(Texts(1).Select(t => (RValue)new RString(t))));
        Set(o, "IPAddresses", List(names.TryGetValue(7, out var addresses) ? addresses.Where(a => a.Length is 4 or 16).Select(a => (RValue)new RString(new IPAddress(a).ToString())) : []));
        Set(o, "URIs", List(Texts(6).Select(Url)));
        if (withUriStrings) Set(o, "URIStrings", List(Texts(6).Select(t => (RValue)new RString(t))));
    }

    private static RValue Url(string text)
    {
        var o = new RObjectBuilder();
        var url = GoUrl.Parse(text);
        Set(o, "Scheme", new RString(url.Scheme));
        Set(o, "Opaque", new RString(url.Opaque));
        Set(o, "User", url.User is null ? RNull.Instance : RObject.Empty);
        Set(o, "Host", new RString(url.Host));
        Set(o, "Path", new RString(url.Path));
        Set(o, "RawPath", new RString(url.RawPath));
        Set(o, "OmitHost", RBool.Of(url.Scheme.Length > 0 && url.Host.Length == 0 && url.Path.StartsWith('/') && !text.Contains("://", StringComparison.Ordinal)));
        Set(o, "ForceQuery", RBool.Of(url.ForceQuery));
        Set(o, "RawQuery", new RString(url.Query));
        Set(o, "Fragment", new RString(url.Fragment));
        Set(o, "RawFragment", new RString(url.RawFragment));
        return o.Build();
    }

    private static void AddConstraints(Certificate c, RObjectBuilder o)
    {
        Set(o, "PermittedDNSDomainsCritical", RBool.Of(c.Names is not null && c.Find("2.5.29.30") is { IsCritical: true }));
        foreach (var (start, trees) in new[] { ("Permitted", c.Names?.Permitted), ("Excluded", c.Names?.Excluded) })
        {
            Set(o, start + "DNSDomains", Texts(trees?.Dns));
            Set(o, start + "EmailAddresses", Texts(trees?.Emails));
            Set(o, start + "URIDomains", Texts(trees?.Uris));
            Set(o, start + "IPRanges", List((trees?.Addresses ?? []).Select(a =>
            {
                var range = new RObjectBuilder();
                Set(range, "IP", new RString(new IPAddress(a.Address).ToString()));
                Set(range, "Mask", Bytes(a.Mask));
                return (RValue)range.Build();
            })));
        }

        static RValue Texts(List<string>? texts) => List((texts ?? []).Select(t => (RValue)new RString(t)));
    }

    private static void AddPolicyRules(Certificate c, RObjectBuilder o)
    {
        int? any = c.Find("2.5.29.54") is { } inhibit ? (int)new AsnReader(inhibit.Value, AsnEncodingRules.DER).ReadInteger() : null;
        int? explicitly = null, mapping = null;
        if (c.Find("2.5.29.36") is { } rules)
        {
            var list = new AsnReader(rules.Value, AsnEncodingRules.DER).ReadSequence();
            explicitly = Tagged(list, 0);
            mapping = Tagged(list, 1);
        }
        foreach (var (name, value) in new[] { ("InhibitAnyPolicy", any), ("RequireExplicitPolicy", explicitly), ("InhibitPolicyMapping", mapping) })
        {
            Set(o, name, RNumber.Of(value ?? 0));
            Set(o, name + "Zero", RBool.Of(value == 0));
        }
        var pairs = new List<RValue>();
        if (c.Find("2.5.29.33") is { } mappings)
        {
            var list = new AsnReader(mappings.Value, AsnEncodingRules.DER).ReadSequence();
            while (list.HasData)
            {
                var (pair, one) = (list.ReadSequence(), new RObjectBuilder());
                Set(one, "IssuerDomainPolicy", new RString(pair.ReadObjectIdentifier()));
                Set(one, "SubjectDomainPolicy", new RString(pair.ReadObjectIdentifier()));
                pairs.Add(one.Build());
            }
        }
        Set(o, "PolicyMappings", List(pairs));

        static int? Tagged(AsnReader list, int number)
        {
            var tag = new Asn1Tag(TagClass.ContextSpecific, number);
            return list.HasData && list.PeekTag().HasSameClassAndValue(tag) ? (int)list.ReadInteger(tag) : null;
        }
    }

    private static RValue RevocationPoints(Certificate c)
    {
        if (c.Find("2.5.29.31") is not { } extension) return RNull.Instance;
        var urls = new List<RValue>();
        var list = new AsnReader(extension.Value, AsnEncodingRules.DER).ReadSequence();
        while (list.HasData)
        {
            var point = list.ReadSequence();
            var outer = new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true);
            if (!point.HasData || !point.PeekTag().HasSameClassAndValue(outer)) continue;
            var name = point.ReadSequence(outer);
            if (!name.HasData || !name.PeekTag().HasSameClassAndValue(outer)) continue;
            var full = name.ReadSequence(outer);
            var names = new Dictionary<int, List<byte[]>>();
            while (full.HasData) Certificate.Take(full, names);
            if (names.TryGetValue(6, out var found)) urls.AddRange(found.Select(f => (RValue)new RString(Encoding.ASCII.GetString(f))));
        }
        return List(urls);
    }

    private static List<string> Policies(Certificate c)
    {
        var ids = new List<string>();
        if (c.Find("2.5.29.32") is not { } extension) return ids;
        var list = new AsnReader(extension.Value, AsnEncodingRules.DER).ReadSequence();
        while (list.HasData) ids.Add(list.ReadSequence().ReadObjectIdentifier());
        return ids;
    }
}
