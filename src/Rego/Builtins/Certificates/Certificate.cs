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
        try
        {
            var outer = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
            RawToSign = outer.PeekEncodedValue().ToArray();
            var inner = outer.ReadSequence();
            SignatureAlgorithm = outer.ReadSequence().ReadObjectIdentifier();
            Signature = outer.ReadBitString(out _);
            var tag = new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true);
            Version = inner.PeekTag().HasSameClassAndValue(tag) ? (int)inner.ReadSequence(tag).ReadInteger() + 1 : 1;
            Serial = inner.ReadInteger();
            inner.ReadSequence();
            RawIssuer = inner.PeekEncodedValue().ToArray();
            Issuer = Name(inner.ReadSequence());
            var validity = inner.ReadSequence();
            NotBefore = Time(validity);
            NotAfter = Time(validity);
            RawSubject = inner.PeekEncodedValue().ToArray();
            Subject = Name(inner.ReadSequence());
            RawKey = inner.ReadEncodedValue().ToArray();
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
        }
        catch (Exception fault) when (fault is AsnContentException or CryptographicException or OverflowException)
        {
            throw new FormatException($"x509: malformed certificate: {fault.Message}", fault);
        }
    }

    public byte[] Raw { get; }

    public byte[] RawToSign { get; }

    public byte[] RawIssuer { get; }

    public byte[] RawSubject { get; }

    public byte[] RawKey { get; }

    public string SignatureAlgorithm { get; }

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
        if (!_byId.TryAdd(id, extension)) throw new FormatException("x509: certificate contains duplicate extensions");
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
