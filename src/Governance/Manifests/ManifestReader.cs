using System.Text;
using System.Text.Json;
using Governance.Catalogue;

namespace Governance.Manifests;

/// <summary>
/// Reads a manifest from JSON. What is faulty here is no manifest at all (exit 3 of <c>check</c>); an unknown connector, a missing owner and the like are read as they are, for the rules to judge.
/// </summary>
public static class ManifestReader
{
    /// <summary>A manifest larger than this is refused unread.</summary>
    public const int MostBytes = 256 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16 };

    /// <summary>Reads UTF-8 JSON (a byte order mark is fine) against the catalogue's templates and environments. Never throws for what is in the text.</summary>
    public static ManifestReading Read(ReadOnlyMemory<byte> utf8, ServiceCatalogue catalogue)
    {
        if (utf8.Length > MostBytes)
            return Whole($"This is {utf8.Length:N0} bytes long; a manifest has at most {MostBytes:N0}.");
        if (utf8.Span.StartsWith("\uFEFF"u8))
            utf8 = utf8[3..];
        try
        {
            using var document = JsonDocument.Parse(utf8, Strict);
            return new ManifestForm(catalogue).Read(document.RootElement);
        }
        catch (JsonException broken)
        {
            return Whole(Where(broken, utf8.Span));
        }
    }

    /// <summary>Reads what was already parsed: a body of the API, or a part of another document.</summary>
    public static ManifestReading Read(JsonElement root, ServiceCatalogue catalogue) => new ManifestForm(catalogue).Read(root);

    /// <summary>Reads what we stored ourselves: its form only, because a template or environment may have left the catalogue since.</summary>
    internal static ManifestReading ReadStored(JsonElement root) => new ManifestForm(null).Read(root);

    private static ManifestReading.Faulty Whole(string message) => new([new ManifestFault("", message)]);

    private static string Where(JsonException broken, ReadOnlySpan<byte> utf8)
    {
        if (utf8.IndexOfAnyExcept(" \t\r\n"u8) < 0)
            return "This is empty; a manifest is a JSON object.";
        var line = (int)(broken.LineNumber ?? 0);
        var column = (int)(broken.BytePositionInLine ?? 0);
        return $"This is not valid JSON: line {line + 1}, column {Characters(utf8, line, column) + 1}. {Reason(broken.Message)}";
    }

    // The parser counts bytes; people and editors count characters
    private static int Characters(ReadOnlySpan<byte> utf8, int line, int bytes)
    {
        for (; line > 0; line--)
            utf8 = utf8[(utf8.IndexOf((byte)'\n') + 1)..];
        return Encoding.UTF8.GetCharCount(utf8[..Math.Min(bytes, utf8.Length)]);
    }

    private static string Reason(string message)
    {
        var position = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return position < 0 ? message : message[..position];
    }
}
