using System.Net;
using System.Net.Mail;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Rego.Builtins.Schemas;

/// <summary>The formats of JSON Schema that OPA's validator knows; other names let everything pass.</summary>
internal static partial class SchemaFormats
{
    private static readonly string[] Times = ["15:04:05", "15:04:05Z07:00", "2006-01-02", "2006-01-02T15:04:05Z07:00"];

    public static bool Fits(string format, string text) => format switch
    {
        "date" => IsTime(text, "2006-01-02"),
        "time" => IsTime(text, "15:04:05Z07:00") || IsTime(text, "15:04:05"),
        "date-time" => Times.Any(layout => IsTime(text, layout)),
        "hostname" => text.Length < 256 && Hostname().IsMatch(text),
        "email" or "idn-email" => MailAddress.TryCreate(text, out _),
        "ipv4" => IPAddress.TryParse(text, out var v4) && (text.Contains(':', StringComparison.Ordinal) ? v4.AddressFamily == AddressFamily.InterNetworkV6 && text.Contains('.', StringComparison.Ordinal) : v4.ToString() == text),
        "ipv6" => text.Contains(':', StringComparison.Ordinal) && !text.Contains('%', StringComparison.Ordinal) && !text.StartsWith('[') && IPAddress.TryParse(text, out _),
        "uri" or "iri" => Url(text) is { Scheme.Length: > 0 } && !text.Contains('\\', StringComparison.Ordinal),
        "uri-reference" or "iri-reference" => Url(text) is not null && !text.Contains('\\', StringComparison.Ordinal),
        "uri-template" => Url(text) is { } url && !text.Contains('\\', StringComparison.Ordinal) && UriTemplate().IsMatch(url.Path),
        "uuid" => Uuid().IsMatch(text),
        "regex" => text.Length == 0 || Regexes.Find(text).Pattern is not null,
        "json-pointer" => Pointer().IsMatch(text),
        "relative-json-pointer" => RelativePointer().IsMatch(text),
        _ => true,
    };

    private static bool IsTime(string text, string layout) => GoTime.Parse(layout, text, out _) is not null;

    private static GoUrl? Url(string text)
    {
        try
        {
            return GoUrl.Parse(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"^([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9\-]{0,61}[a-zA-Z0-9])(\.([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9\-]{0,61}[a-zA-Z0-9]))*\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex Hostname();

    [GeneratedRegex(@"^([^{]*(\{[^}]*\})?)*\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex UriTemplate();

    [GeneratedRegex(@"^[a-fA-F0-9]{8}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{12}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Uuid();

    [GeneratedRegex(@"^(?:/(?:[^~/]|~0|~1)*)*\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex Pointer();

    [GeneratedRegex(@"^(?:0|[1-9][0-9]*)(?:#|(?:/(?:[^~/]|~0|~1)*)*)\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex RelativePointer();
}
