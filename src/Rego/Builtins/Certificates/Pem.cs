using System.Security.Cryptography;
using System.Text;

namespace Rego.Builtins.Certificates;

/// <summary>PEM blocks as Go's pem.Decode finds them: text around them is skipped, and so are blocks that are broken.</summary>
internal static class Pem
{
    public const string Start = "-----BEGIN";

    public static IEnumerable<(string Label, byte[] Der)> Blocks(string text)
    {
        var at = 0;
        while (PemEncoding.TryFind(text.AsSpan(at), out var found))
        {
            var label = text[at..][found.Label];
            var der = Convert.FromBase64String(text[at..][found.Base64Data]);
            at += found.Location.End.Value;
            yield return (label, der);
        }
    }

    /// <summary>Base64 as Go reads it; the message names the first byte that is wrong.</summary>
    /// <exception cref="FormatException">Not base64.</exception>
    public static byte[] Base64(string text)
    {
        var clean = text.Replace("\n", "", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal);
        var bytes = new byte[clean.Length];
        if (clean.Length % 4 == 0 && Convert.TryFromBase64String(clean, bytes, out var written)) return bytes[..written];
        var wrong = clean.AsSpan().IndexOfAnyExcept(Alphabet);
        throw new FormatException(FormattableString.Invariant($"illegal base64 data at input byte {(wrong >= 0 ? wrong : clean.Length / 4 * 4)}"));
    }

    private static readonly System.Buffers.SearchValues<char> Alphabet = System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=");

    /// <summary>The certificates of PEM text, or of base64 of PEM or of DER.</summary>
    /// <exception cref="FormatException">Neither, or one is malformed.</exception>
    public static List<Certificate> Certificates(string text)
    {
        if (!text.StartsWith(Start, StringComparison.Ordinal))
        {
            var bytes = Base64(text);
            if (!bytes.AsSpan().StartsWith("-----BEGIN"u8)) return Ders(bytes);
            text = Encoding.ASCII.GetString(bytes);
        }
        var list = new List<Certificate>();
        foreach (var (label, der) in Blocks(text))
        {
            if (label != "CERTIFICATE") throw new FormatException($"PEM block type is {label}, expected CERTIFICATE");
            list.Add(new Certificate(der));
        }
        return list;
    }

    private static List<Certificate> Ders(byte[] bytes)
    {
        var list = new List<Certificate>();
        ReadOnlyMemory<byte> rest = bytes;
        while (rest.Length > 0)
        {
            if (!System.Formats.Asn1.AsnDecoder.TryReadEncodedValue(rest.Span, System.Formats.Asn1.AsnEncodingRules.DER, out _, out _, out _, out var length)) throw new FormatException("x509: malformed certificate");
            list.Add(new Certificate(rest[..length].ToArray()));
            rest = rest[length..];
        }
        return list;
    }
}
