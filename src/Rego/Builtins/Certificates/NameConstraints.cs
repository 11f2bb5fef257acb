using System.Formats.Asn1;
using System.Net;
using System.Text;

namespace Rego.Builtins.Certificates;

/// <summary>Names of one kind list after another, as a certificate permits or excludes them.</summary>
internal sealed class NameTrees
{
    public List<string> Dns { get; } = [];

    public List<string> Emails { get; } = [];

    public List<string> Uris { get; } = [];

    /// <summary>Address and mask, of four or of sixteen bytes each.</summary>
    public List<(byte[] Address, byte[] Mask)> Addresses { get; } = [];
}

/// <summary>Which names the certificates below an authority may have (RFC 5280, 4.2.1.10), judged as Go judges them.</summary>
internal sealed class NameConstraints
{
    public const int Email = 1, Dns = 2, Uri = 6, Ip = 7;
    private const int DefaultComparisons = 250_000;

    private static readonly System.Buffers.SearchValues<char> NotInLocal = System.Buffers.SearchValues.Create(" \"(),:;<>@[]");

    public NameTrees Permitted { get; } = new();

    public NameTrees Excluded { get; } = new();

    /// <summary>There are constraints on kinds of names that nobody here knows.</summary>
    public bool HasUnknown { get; private set; }

    /// <exception cref="FormatException">Not such an extension; the message is Go's.</exception>
    public static NameConstraints Read(byte[] der)
    {
        var constraints = new NameConstraints();
        var list = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
        if (!list.HasData) throw new FormatException("x509: empty name constraints extension");
        foreach (var (number, trees) in new[] { (0, constraints.Permitted), (1, constraints.Excluded) })
        {
            var tag = new Asn1Tag(TagClass.ContextSpecific, number, isConstructed: true);
            if (!list.HasData || !list.PeekTag().HasSameClassAndValue(tag)) continue;
            var reader = list.ReadSequence(tag);
            if (!reader.HasData) throw new FormatException("x509: empty name constraints subtree sequence");
            while (reader.HasData) constraints.Add(trees, reader.ReadSequence());
        }
        return list.HasData ? throw new FormatException("x509: invalid NameConstraints extension") : constraints;
    }

    private void Add(NameTrees trees, AsnReader tree)
    {
        var kind = tree.PeekTag().TagValue;
        var value = tree.PeekContentBytes().ToArray();
        if (kind == Ip)
        {
            if (value.Length is not (8 or 32)) throw new FormatException(FormattableString.Invariant($"x509: IP constraint contained value of length {value.Length}"));
            trees.Addresses.Add((value[..(value.Length / 2)], value[(value.Length / 2)..]));
            return;
        }
        var text = Encoding.ASCII.GetString(value);
        switch (kind)
        {
            case Dns: trees.Dns.Add(Labels(text.TrimStart('.')) is null ? throw new FormatException($"x509: failed to parse dnsName constraint {GoFormat.Quote(text)}") : text); break;
            case Email: trees.Emails.Add(text); break;
            case Uri: trees.Uris.Add(IPAddress.TryParse(text, out _) ? throw new FormatException($"x509: failed to parse URI constraint {GoFormat.Quote(text)}: cannot be IP address") : text); break;
            default: HasUnknown = true; break;
        }
    }

    /// <summary>Every name of the certificate is one that it may have.</summary>
    public bool Allows(Certificate certificate, int maxComparisons)
    {
        var left = maxComparisons > 0 ? maxComparisons : DefaultComparisons;
        foreach (var (kind, values) in certificate.AlternativeNames)
        {
            foreach (var value in values)
            {
                var text = Encoding.ASCII.GetString(value);
                var holds = kind switch
                {
                    Dns => Labels(text) is not null && Holds(Excluded.Dns, Permitted.Dns, c => IsUnder(text, c), ref left),
                    Email => Mailbox(text) is { } box && Holds(Excluded.Emails, Permitted.Emails, c => Fits(box, c), ref left),
                    Uri => Excluded.Uris.Count + Permitted.Uris.Count == 0 || (Host(text) is { } host && Holds(Excluded.Uris, Permitted.Uris, c => IsUnder(host, c), ref left)),
                    Ip => Holds(Excluded.Addresses, Permitted.Addresses, c => IsIn(value, c.Address, c.Mask), ref left),
                    _ => true,
                };
                if (!holds) return false;
            }
        }
        return true;
    }

    private static bool Holds<T>(List<T> excluded, List<T> permitted, Func<T, bool> matches, ref int left)
    {
        left -= excluded.Count + permitted.Count;
        return left >= 0 && !excluded.Exists(c => matches(c)) && (permitted.Count == 0 || permitted.Exists(c => matches(c)));
    }

    private static bool IsIn(byte[] address, byte[] wanted, byte[] mask)
    {
        if (address.Length != wanted.Length) return false;
        for (var i = 0; i < mask.Length; i++)
        {
            if ((address[i] & mask[i]) != (wanted[i] & mask[i])) return false;
        }
        return true;
    }

    private static bool Fits((string Local, string Domain) box, string constraint) =>
        Mailbox(constraint) is { } exact ? box.Local == exact.Local && box.Domain.Equals(exact.Domain, StringComparison.OrdinalIgnoreCase) : IsUnder(box.Domain, constraint);

    private static (string Local, string Domain)? Mailbox(string text)
    {
        var at = text.LastIndexOf('@');
        if (at <= 0 || Labels(text[(at + 1)..]) is null) return null;
        var local = text[..at];
        if (local is ['"', .., '"']) return (local[1..^1].Replace("\\", "", StringComparison.Ordinal), text[(at + 1)..]);
        return local[0] == '.' || local[^1] == '.' || local.Contains("..", StringComparison.Ordinal) || local.AsSpan().ContainsAny(NotInLocal) ? null : (local, text[(at + 1)..]);
    }

    private static string? Host(string text)
    {
        try
        {
            var host = GoUrl.Parse(text).Host;
            if (!host.EndsWith(']') && host.LastIndexOf(':') is >= 0 and var colon) host = host[..colon];
            return host.Length == 0 || host.StartsWith('[') || IPAddress.TryParse(host, out _) ? null : host;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>A dot in front asks for at least one more label.</summary>
    private static bool IsUnder(string domain, string constraint)
    {
        if (constraint.Length == 0) return true;
        var needsMore = constraint[0] == '.';
        if (Labels(domain) is not { } have || Labels(needsMore ? constraint[1..] : constraint) is not { } want) return false;
        if (have.Length < want.Length || (needsMore && have.Length == want.Length)) return false;
        return have[^want.Length..].Zip(want).All(pair => pair.First.Equals(pair.Second, StringComparison.OrdinalIgnoreCase));
    }

    private static string[]? Labels(string domain)
    {
        if (domain.Length == 0) return [];
        var labels = domain.Split('.');
        return labels.All(l => l.Length > 0 && l.All(c => c is > ' ' and < '\x7f')) ? labels : null;
    }
}
