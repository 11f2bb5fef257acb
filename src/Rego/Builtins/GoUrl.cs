using System.Text;

namespace Rego.Builtins;

/// <summary>A URL taken apart the way Go does it: nothing is made canonical.</summary>
internal sealed record GoUrl(string Scheme, string Opaque, string? User, string? Password, string Host, string Path, string RawPath, bool ForceQuery, string Query, string Fragment, string RawFragment)
{
    private static readonly System.Buffers.SearchValues<char> NotInHost = System.Buffers.SearchValues.Create(" <>\"\\^`{|}");

    private const string Plain = "$&+,/:;=@-_.~";
    private const string InPath = Plain + "!'()*[]%";
    private const string InFragment = Plain + "?!()*";

    /// <exception cref="FormatException">Go refuses it; the message is Go's.</exception>
    public static GoUrl Parse(string text)
    {
        FormatException Fault(string why) => new($"parse {GoFormat.Quote(text)}: {why}");
        if (text.Any(c => c < ' ' || c == '\x7f')) throw Fault("net/url: invalid control character in URL");
        var hash = text.IndexOf('#', StringComparison.Ordinal);
        var (rest, rawFragment) = hash < 0 ? (text, "") : (text[..hash], text[(hash + 1)..]);
        var scheme = "";
        for (var i = 0; i < rest.Length; i++)
        {
            var c = rest[i];
            if (char.IsAsciiLetter(c) || (i > 0 && (char.IsAsciiDigit(c) || c is '+' or '-' or '.'))) continue;
            if (c == ':' && i == 0) throw Fault("missing protocol scheme");
            if (c == ':') (scheme, rest) = (rest[..i].ToLowerInvariant(), rest[(i + 1)..]);
            break;
        }
        var forceQuery = rest.EndsWith('?') && rest.IndexOf('?', StringComparison.Ordinal) == rest.Length - 1;
        var mark = rest.IndexOf('?', StringComparison.Ordinal);
        var query = mark < 0 ? "" : rest[(mark + 1)..];
        if (mark >= 0) rest = rest[..mark];
        if (!rest.StartsWith('/'))
        {
            if (scheme.Length > 0) return new GoUrl(scheme, rest, null, null, "", "", "", forceQuery, query, Decoded(rawFragment, Fault), "");
            if (rest.Split('/')[0].Contains(':', StringComparison.Ordinal)) throw Fault("first path segment in URL cannot contain colon");
        }
        var (host, user, password) = ("", (string?)null, (string?)null);
        if (rest.StartsWith("//", StringComparison.Ordinal) && (scheme.Length > 0 || !rest.StartsWith("///", StringComparison.Ordinal)))
        {
            var slash = rest.IndexOf('/', 2);
            host = slash < 0 ? rest[2..] : rest[2..slash];
            rest = slash < 0 ? "" : rest[slash..];
            var at = host.LastIndexOf('@');
            if (at >= 0)
            {
                var colon = host.IndexOf(':', StringComparison.Ordinal);
                (user, password) = colon >= 0 && colon < at ? (Decoded(host[..colon], Fault), Decoded(host[(colon + 1)..at], Fault)) : (Decoded(host[..at], Fault), null);
                host = host[(at + 1)..];
            }
            var port = host.StartsWith('[') ? host[(host.IndexOf(']', StringComparison.Ordinal) + 1)..] : host.LastIndexOf(':') is >= 0 and var p ? host[p..] : "";
            if (port.Length > 0 && (port[0] != ':' || !port[1..].All(char.IsAsciiDigit))) throw Fault($"invalid port {GoFormat.Quote(port)} after host");
            if (host.AsSpan().IndexOfAny(NotInHost) is >= 0 and var bad) throw Fault($"invalid character {GoFormat.Quote(host[bad].ToString())} in host name");
        }
        var path = Decoded(rest, Fault);
        var fragment = Decoded(rawFragment, Fault);
        return new GoUrl(scheme, "", user, password, host, path, Encoded(path, Plain) == rest ? "" : rest, forceQuery, query, fragment, Encoded(fragment, InFragment) == rawFragment ? "" : rawFragment);
    }

    /// <summary>The path as it was written where that is a way to write it, else as Go writes it.</summary>
    public string EscapedPath =>
        RawPath.Length > 0 && RawPath.All(c => char.IsAsciiLetterOrDigit(c) || InPath.Contains(c, StringComparison.Ordinal)) ? RawPath : Path == "*" ? "*" : Encoded(Path, Plain);

    private static string Encoded(string text, string plain)
    {
        var result = new StringBuilder();
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            var c = (char)b;
            if (b < 128 && (char.IsAsciiLetterOrDigit(c) || plain.Contains(c, StringComparison.Ordinal))) result.Append(c);
            else result.Append('%').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }
        return result.ToString();
    }

    private static string Decoded(string text, Func<string, FormatException> fault)
    {
        for (var i = text.IndexOf('%', StringComparison.Ordinal); i >= 0; i = text.IndexOf('%', i + 1))
        {
            if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2])) throw fault($"invalid URL escape {GoFormat.Quote(text.Substring(i, Math.Min(3, text.Length - i)))}");
        }
        return Uri.UnescapeDataString(text);
    }
}
