using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;

namespace Rego.Builtins.Certificates;

/// <summary>One extension of a certificate; the value is its DER.</summary>
internal sealed record CertificateExtension(string Id, bool IsCritical, byte[] Value);

/// <summary>One part of a name, such as 2.5.4.3 (common name) and its text.</summary>
internal sealed record NamePart(string Id, string Value);

/// <summary>An X.509 certificate, taken apart. Times are UTC.</summary>
internal sealed class Certificate
{
    private readonly Dictionary<string, CertificateExtension> _byId = [];

    /// <exception cref="FormatException">Not the DER of a certificate.</exception>
    public Certificate(byte[] der)
    {
        Raw = der;
        var part = "certificate";
        try
        {
            var outer = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
            part = "tbs certificate";
            RawToSign = outer.PeekEncodedValue().ToArray();
            var inner = outer.ReadSequence();
            part = "version";
            var tag = new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true);
            Version = inner.PeekTag().HasSameClassAndValue(tag) ? (int)inner.ReadSequence(tag).ReadInteger() + 1 : 1;
            if (Version is < 1 or > 3) throw new FormatException("x509: invalid version");
            part = "serial number";
            Serial = inner.ReadInteger();
            if (Serial.Sign < 0) throw new FormatException("x509: negative serial number");
            part = "signature algorithm identifier";
            RawSignatureAlgorithm = inner.ReadEncodedValue().ToArray();
            SignatureAlgorithm = new AsnReader(RawSignatureAlgorithm, AsnEncodingRules.DER).ReadSequence().ReadObjectIdentifier();
            part = "algorithm identifier";
            if (!outer.ReadEncodedValue().Span.SequenceEqual(RawSignatureAlgorithm)) throw new FormatException("x509: inner and outer signature algorithm identifiers don't match");
            part = "issuer";
            RawIssuer = inner.PeekEncodedValue().ToArray();
            Issuer = Name(inner.ReadSequence());
            part = "validity";
            var validity = inner.ReadSequence();
            NotBefore = Time(validity);
            NotAfter = Time(validity);
            part = "issuer";
            RawSubject = inner.PeekEncodedValue().ToArray();
            Subject = Name(inner.ReadSequence());
            part = "spki";
            RawKey = inner.ReadEncodedValue().ToArray();
            CertificateJson.PublicKey(RawKey);
            part = "extensions";
            while (inner.HasData)
            {
                var next = inner.PeekTag();
                if (!next.HasSameClassAndValue(new Asn1Tag(TagClass.ContextSpecific, 3, isConstructed: true)))
                {
                    inner.ReadEncodedValue();
                    continue;
                }
                var list = inner.ReadSequence(next).ReadSequence();
                while (list.HasData) Add(list.ReadSequence());
            }
            Understand();
            part = "signature";
            Signature = outer.ReadBitString(out _);
        }
        catch (Exception fault) when (fault is AsnContentException or CryptographicException or OverflowException or InvalidOperationException)
        {
            throw new FormatException($"x509: malformed {part}", fault);
        }
    }

    public byte[] Raw { get; }

    public byte[] RawToSign { get; }

    public byte[] RawIssuer { get; }

    public byte[] RawSubject { get; }

    public byte[] RawKey { get; }

    public byte[] RawSignatureAlgorithm { get; }

    public string SignatureAlgorithm { get; }

    public NameConstraints? Names { get; private set; }

    /// <summary>The subject's alternative names by kind, in order.</summary>
    public IReadOnlyDictionary<int, List<byte[]>> AlternativeNames { get; private set; } = new Dictionary<int, List<byte[]>>();

    /// <summary>Extensions that must be understood and are not.</summary>
    public List<string> Unhandled { get; } = [];

    public bool HasAlternativeNames => Find("2.5.29.17") is not null;

    public byte[] Signature { get; }

    public int Version { get; }

    public BigInteger Serial { get; }

    public IReadOnlyList<NamePart> Issuer { get; }

    public IReadOnlyList<NamePart> Subject { get; }

    public DateTimeOffset NotBefore { get; }

    public DateTimeOffset NotAfter { get; }

    public List<CertificateExtension> Extensions { get; } = [];

    /// <summary>Go's bits: digital signature 1, …, certificate signing 32.</summary>
    public int? KeyUsage
    {
        get
        {
            if (Find("2.5.29.15") is not { } extension) return null;
            var bits = new AsnReader(extension.Value, AsnEncodingRules.DER).ReadBitString(out _);
            var usage = 0;
            for (var i = 0; i < 9; i++)
            {
                if (i / 8 < bits.Length && (bits[i / 8] & (0x80 >> (i % 8))) != 0) usage |= 1 << i;
            }
            return usage;
        }
    }

    /// <summary>What the key may be used for; empty when the certificate does not say.</summary>
    public IReadOnlyList<string> ExtendedKeyUsage
    {
        get
        {
            if (Find("2.5.29.37") is not { } extension) return [];
            var list = new AsnReader(extension.Value, AsnEncodingRules.DER).ReadSequence();
            var ids = new List<string>();
            while (list.HasData) ids.Add(list.ReadObjectIdentifier());
            return ids;
        }
    }

    public bool HasBasicConstraints => Find("2.5.29.19") is not null;

    public bool IsAuthority => Constraints().IsAuthority;

    /// <summary>How many more authorities may stand below it; null when it does not say.</summary>
    public int? MaxPathLength => Constraints().Length;

    public CertificateExtension? Find(string id) => _byId.GetValueOrDefault(id);

    private (bool IsAuthority, int? Length) Constraints()
    {
        if (Find("2.5.29.19") is not { } extension) return (false, null);
        var list = new AsnReader(extension.Value, AsnEncodingRules.DER).ReadSequence();
        var isAuthority = list.HasData && list.PeekTag() == Asn1Tag.Boolean && list.ReadBoolean();
        return (isAuthority, list.HasData ? (int)list.ReadInteger() : null);
    }

    private void Add(AsnReader reader)
    {
        var id = reader.ReadObjectIdentifier();
        var isCritical = reader.PeekTag() == Asn1Tag.Boolean && reader.ReadBoolean();
        var extension = new CertificateExtension(id, isCritical, reader.ReadOctetString());
        Extensions.Add(extension);
        if (!_byId.TryAdd(id, extension)) throw new FormatException($"x509: certificate contains duplicate extension with OID {GoFormat.Quote(id)}");
    }

    private void Understand()
    {
        foreach (var extension in Extensions)
        {
            var isHandled = true;
            switch (extension.Id)
            {
                case "2.5.29.14": Refuse(extension, "subject key identifier"); break;
                case "2.5.29.35": Refuse(extension, "authority key identifier"); break;
                case "1.3.6.1.5.5.7.1.1": Refuse(extension, "authority info access"); break;
                case "2.5.29.17":
                    AlternativeNames = GeneralNames(extension.Value);
                    CheckNames(AlternativeNames);
                    isHandled = AlternativeNames.Keys.Any(k => k is NameConstraints.Email or NameConstraints.Dns or NameConstraints.Uri or NameConstraints.Ip);
                    break;
                case "2.5.29.30":
                    Names = NameConstraints.Read(extension.Value);
                    isHandled = !Names.HasUnknown;
                    break;
                case "2.5.29.15" or "2.5.29.19" or "2.5.29.31" or "2.5.29.32" or "2.5.29.33" or "2.5.29.36" or "2.5.29.37" or "2.5.29.54": break;
                default: isHandled = false; break;
            }
            if (extension.IsCritical && !isHandled) Unhandled.Add(extension.Id);
        }
        _ = (KeyUsage, ExtendedKeyUsage, Constraints());
    }

    private static void Refuse(CertificateExtension extension, string what)
    {
        if (extension.IsCritical) throw new FormatException($"x509: {what} incorrectly marked critical");
    }

    public static void CheckNames(IReadOnlyDictionary<int, List<byte[]>> names)
    {
        foreach (var (kind, values) in names)
        {
            var what = kind switch { NameConstraints.Email => "rfc822Name", NameConstraints.Dns => "dNSName", NameConstraints.Uri => "uniformResourceIdentifier", _ => null };
            foreach (var value in values)
            {
                if (what is not null && value.Any(b => b > 127)) throw new FormatException($"x509: SAN {what} is malformed");
                if (kind == NameConstraints.Ip && value.Length is not (4 or 16)) throw new FormatException(FormattableString.Invariant($"x509: cannot parse IP address of length {value.Length}"));
                if (kind != NameConstraints.Uri) continue;
                var text = System.Text.Encoding.ASCII.GetString(value);
                try
                {
                    GoUrl.Parse(text);
                }
                catch (FormatException fault)
                {
                    throw new FormatException($"x509: cannot parse URI {GoFormat.Quote(text)}: {fault.Message}", fault);
                }
            }
        }
    }

    /// <summary>The names of a subject alternative name by kind: 1 e-mail, 2 DNS, 6 URI, 7 IP.</summary>
    public static Dictionary<int, List<byte[]>> GeneralNames(byte[] der)
    {
        var names = new Dictionary<int, List<byte[]>>();
        var list = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
        while (list.HasData) Take(list, names);
        return names;
    }

    internal static void Take(AsnReader list, Dictionary<int, List<byte[]>> names)
    {
        var tag = list.PeekTag();
        var content = list.PeekContentBytes().ToArray();
        list.ReadEncodedValue();
        if (!names.TryGetValue(tag.TagValue, out var found)) names[tag.TagValue] = found = [];
        found.Add(content);
    }

    public static List<NamePart> Name(AsnReader sequence)
    {
        var parts = new List<NamePart>();
        while (sequence.HasData)
        {
            var set = sequence.ReadSetOf();
            while (set.HasData)
            {
                var pair = set.ReadSequence();
                var id = pair.ReadObjectIdentifier();
                var tag = (UniversalTagNumber)pair.PeekTag().TagValue;
                parts.Add(new NamePart(id, tag is UniversalTagNumber.UTF8String or UniversalTagNumber.PrintableString or UniversalTagNumber.IA5String or UniversalTagNumber.T61String or UniversalTagNumber.BMPString or UniversalTagNumber.NumericString
                    ? pair.ReadCharacterString(tag)
                    : Convert.ToHexStringLower(pair.ReadEncodedValue().Span)));
            }
        }
        return parts;
    }

    private static DateTimeOffset Time(AsnReader reader) =>
        reader.PeekTag() == Asn1Tag.UtcTime ? reader.ReadUtcTime() : reader.ReadGeneralizedTime();
}
