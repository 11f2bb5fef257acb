using System.Formats.Asn1;
using System.Text;

namespace Rego.Builtins.Certificates;

/// <summary>One block of PEM text, and the text behind it.</summary>
internal sealed record PemBlock(string Label, byte[] Der, string Rest);

/// <summary>PEM blocks as Go's pem.Decode finds them: text around them is skipped, and so are blocks that are broken.</summary>
internal static class Pem
{
    public const string Start = "-----BEGIN";
    private const string Begin = "-----BEGIN ";
    private const string End = "\n-----END ";
    private const string Dashes = "-----";

    public static IEnumerable<PemBlock> Blocks(string text)
    {
        for (var block = First(text); block is not null; block = First(block.Rest)) yield return block;
    }

    /// <summary>The first whole block; null when there is none.</summary>
    public static PemBlock? First(string text)
    {
        var at = 0;
        while (true)
        {
            var end = text.IndexOf(End, at, StringComparison.Ordinal);
            if (end < 0) return null;
            var begin = end > at ? text.LastIndexOf(Begin, end - 1, end - at, StringComparison.Ordinal) : -1;
            // The line break in front of the last line may be the one that ends the first.
            var behind = end + End.Length;
            if (begin < 0 || (begin > at && text[begin - 1] != '\n'))
            {
                at = behind;
                continue;
            }
            at = begin + Begin.Length;
            var (line, next) = Line(text, at);
            at = next;
            if (!line.EndsWith(Dashes, StringComparison.Ordinal)) continue;
            var label = line[..^Dashes.Length];
            var hasHeaders = false;
            while (true)
            {
                if (at >= text.Length) return null;
                (line, next) = Line(text, at);
                if (!line.Contains(':', StringComparison.Ordinal)) break;
                hasHeaders = true;
                at = next;
            }
            if (hasHeaders && end < at)
            {
                at = behind;
                continue;
            }
            if (string.CompareOrdinal(text, behind, label + Dashes, 0, label.Length + Dashes.Length) != 0) continue;
            var (trailer, rest) = Line(text, behind + label.Length + Dashes.Length);
            if (trailer.Length > 0) continue;
            try
            {
                var body = end > at ? text[at..end].Replace(" ", "", StringComparison.Ordinal).Replace("\t", "", StringComparison.Ordinal) : "";
                return new PemBlock(label, GoBase64.Decode(body), text[rest..]);
            }
            catch (FormatException)
            {
                // Not base64: no block, as far as anybody looks for one.
            }
        }
    }

    private static (string Line, int Next) Line(string text, int at)
    {
        var end = text.IndexOf('\n', at);
        var next = end < 0 ? text.Length : end + 1;
        if (end < 0) end = text.Length;
        else if (end > at && text[end - 1] == '\r') end--;
        return (text[at..end].TrimEnd(' ', '\t'), next);
    }

    /// <summary>The certificates of PEM text, or of base64 of PEM or of DER.</summary>
    /// <exception cref="FormatException">Neither, or one is malformed.</exception>
    public static List<Certificate> Certificates(string text)
    {
        if (!text.StartsWith(Start, StringComparison.Ordinal))
        {
            var bytes = GoBase64.Decode(text);
            if (!bytes.AsSpan().StartsWith("-----BEGIN"u8)) return Ders(bytes);
            text = Encoding.Latin1.GetString(bytes);
        }
        var ders = new List<byte>();
        foreach (var block in Blocks(text))
        {
            if (block.Label != "CERTIFICATE") throw new FormatException($"PEM block type is '{block.Label}', expected CERTIFICATE");
            ders.AddRange(block.Der);
        }
        return Ders([.. ders]);
    }

    private static List<Certificate> Ders(byte[] bytes)
    {
        var list = new List<Certificate>();
        ReadOnlyMemory<byte> rest = bytes;
        while (rest.Length > 0)
        {
            if (!AsnDecoder.TryReadEncodedValue(rest.Span, AsnEncodingRules.DER, out var tag, out _, out _, out var length) || tag != Asn1Tag.Sequence) throw new FormatException("x509: malformed certificate");
            list.Add(new Certificate(rest[..length].ToArray()));
            rest = rest[length..];
        }
        return list;
    }
}
