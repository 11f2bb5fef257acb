using System.Text;
using Rego.Values;

namespace Rego.Builtins.Tokens;

/// <summary>What is wrong with a token, a key or a constraint, in OPA's words.</summary>
internal sealed class TokenFault(string message) : Exception(message);

/// <summary>The three sections of a signed token (RFC 7515, compact form), decoded as far as asked for.</summary>
internal sealed class WebToken
{
    private readonly string _header;
    private readonly string _payload;
    private readonly string _signature;

    private WebToken(string header, string payload, string signature)
    {
        _header = header;
        _payload = payload;
        _signature = signature;
        var value = Json(Decode(header, "header"), "header");
        if (value.Get("enc") is not null) throw new TokenFault("JWT is a JWE object, which is not supported");
        Header = value;
    }

    public RObject Header { get; }

    /// <summary>The bytes that were signed.</summary>
    public byte[] Signed => Encoding.ASCII.GetBytes(_header + "." + _payload);

    public byte[] Signature => Decode(_signature, "signature");

    public byte[] Payload => Decode(_payload, "payload");

    public RObject Claims => Json(Payload, "payload");

    public string? Text(string field) => (Header.Get(field) as RString)?.Value;

    public bool IsNested => string.Equals(Text("cty"), "JWT", StringComparison.OrdinalIgnoreCase);

    /// <summary>A token inside a token: its text, without the quotes of a JSON string.</summary>
    public string Inner
    {
        get
        {
            var text = Encoding.UTF8.GetString(Payload);
            return text.Length > 1 && text[0] == '"' && text[^1] == '"' ? text[1..^1] : text;
        }
    }

    public static WebToken Read(string text)
    {
        var parts = text.Split('.');
        if (parts.Length == 1) throw new TokenFault("encoded JWT had no period separators");
        if (parts.Length != 3) throw new TokenFault($"encoded JWT must have 3 sections, found {parts.Length}");
        return new WebToken(parts[0], parts[1], parts[2]);
    }

    /// <summary>The sections alone, for checks of the signature that do not look into the header.</summary>
    public static (byte[] Signed, byte[] Signature) Split(string text)
    {
        var parts = text.Split('.');
        if (parts.Length == 1) throw new TokenFault("encoded JWT had no period separators");
        if (parts.Length != 3) throw new TokenFault($"encoded JWT must have 3 sections, found {parts.Length}");
        return (Encoding.ASCII.GetBytes(parts[0] + "." + parts[1]), Decode(parts[2], "signature"));
    }

    private static byte[] Decode(string text, string section)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsAsciiLetterOrDigit(text[i]) && text[i] is not ('-' or '_' or '='))
                throw new TokenFault($"JWT {section} had invalid encoding: illegal base64 data at input byte {i}");
        }
        return Base64.Url(text) ?? throw new TokenFault($"JWT {section} had invalid encoding: illegal base64 data at input byte {text.Length}");
    }

    private static RObject Json(byte[] text, string section)
    {
        try
        {
            return RValue.Parse(text) as RObject ?? throw new TokenFault($"JWT {section} is not a JSON object");
        }
        catch (FormatException fault)
        {
            throw new TokenFault($"JWT {section} is not JSON: {fault.Message}");
        }
    }
}

/// <summary>Base64 for URLs, with or without padding.</summary>
internal static class Base64
{
    public static byte[]? Url(string text)
    {
        var bare = text.TrimEnd('=').Replace('-', '+').Replace('_', '/');
        if (bare.Length % 4 == 1) return null;
        try
        {
            return Convert.FromBase64String(bare.PadRight((bare.Length + 3) / 4 * 4, '='));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    public static string Url(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
