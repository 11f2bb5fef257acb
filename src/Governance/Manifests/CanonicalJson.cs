using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Governance.Manifests;

/// <summary>
/// One way to write a JSON value, after RFC 8785: keys in ordinal order at every depth, no white space, only the escapes that JSON demands, numbers without needless zeros, UTF-8.
/// Written by hand because the library's encoders escape by the Unicode tables of their version, and a hash must outlive a version.
/// </summary>
public static class CanonicalJson
{
    internal static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Of(JsonNode? node)
    {
        var text = new StringBuilder();
        Write(text, node);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Write(StringBuilder text, JsonNode? node)
    {
        switch (node?.GetValueKind())
        {
            case null or JsonValueKind.Null:
                text.Append("null");
                break;
            case JsonValueKind.Object:
                WriteAll(text, '{', node.AsObject().OrderBy(m => m.Key, StringComparer.Ordinal), '}', static (text, member) =>
                {
                    Write(text, member.Key);
                    text.Append(':');
                    Write(text, member.Value);
                });
                break;
            case JsonValueKind.Array:
                WriteAll(text, '[', node.AsArray(), ']', Write);
                break;
            case JsonValueKind.String:
                Write(text, node.GetValue<string>());
                break;
            case JsonValueKind.Number:
                text.Append(Number(node.ToJsonString()));
                break;
            default:
                text.Append(node.ToJsonString());
                break;
        }
    }

    private static void WriteAll<T>(StringBuilder text, char opens, IEnumerable<T> items, char closes, Action<StringBuilder, T> write)
    {
        text.Append(opens);
        var first = true;
        foreach (var item in items)
        {
            if (!first)
                text.Append(',');
            first = false;
            write(text, item);
        }

        text.Append(closes);
    }

    private static void Write(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\t' => text.Append("\\t"),
                '\n' => text.Append("\\n"),
                '\f' => text.Append("\\f"),
                '\r' => text.Append("\\r"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }

        text.Append('"');
    }

    // Dividing by a one with 28 places strips the trailing zeros that a decimal remembers: 50.00 is 50
    private static string Number(string written) =>
        decimal.TryParse(written, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact)
            ? (exact / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture)
            : written;
}
