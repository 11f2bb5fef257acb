using System.Globalization;
using System.Text;

namespace Governance.Manifests;

/// <summary>The name of an app: a DNS label, because it becomes a namespace, a folder and a tag.</summary>
public static class AppName
{
    public const int LongestLabel = 63;

    /// <summary>One to 63 letters a-z, digits and hyphens; no hyphen at either end (RFC 1123).</summary>
    public static bool IsValid(string? name) =>
        name is { Length: > 0 and <= LongestLabel } && name[0] != '-' && name[^1] != '-' && name.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-');

    /// <summary>
    /// The name nearest to what somebody wrote: "Where2Eat!" becomes <c>where2eat</c>, "Größe &amp; Café" becomes <c>groesse-cafe</c>.
    /// Null when no letter or digit of a-z is left (then ask for another).
    /// </summary>
    public static string? From(string text)
    {
        var plain = new StringBuilder();
        foreach (var c in text.Replace("ß", "ss", StringComparison.Ordinal).Replace("ä", "ae", StringComparison.OrdinalIgnoreCase).Replace("ö", "oe", StringComparison.OrdinalIgnoreCase).Replace("ü", "ue", StringComparison.OrdinalIgnoreCase).EnumerateRunes().SelectMany(Decomposed))
        {
            if (char.IsAsciiLetterOrDigit(c))
                plain.Append(char.ToLowerInvariant(c));
            else if (c is not ('\'' or '’') && CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark && plain.Length > 0 && plain[^1] != '-')
                plain.Append('-');
            if (plain.Length > LongestLabel)
                break;
        }

        var name = plain.ToString()[..Math.Min(plain.Length, LongestLabel)].Trim('-');
        return name.Length == 0 ? null : name;
    }

    // Enumerating runes replaces lone surrogates, on which Normalize would throw
    private static IEnumerable<char> Decomposed(Rune rune) => rune.ToString().Normalize(NormalizationForm.FormD);
}
