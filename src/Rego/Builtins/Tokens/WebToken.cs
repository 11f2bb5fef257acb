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
    }

    public RObject Header => field ??= ReadHeader();

    /// <summary>The bytes that were signed.</summary>
    public byte[] Signed => Encoding.UTF8.GetBytes(_header + "." + _payload);

    public byte[] Signature => Base64.Url(_signature);

    public byte[] NamedSignature => Named(_signature, "signature");

    public byte[] Payload => Named(_payload, "payload");

    public static RObject Claims(byte[] payload) => Json(payload);

    /// <summary>A token inside a token: its text, without the quotes of a JSON string.</summary>
    public static string Unquoted(byte[] payload) => Encoding.UTF8.GetString(payload).Trim('"', '\'');

    public static WebToken Read(string text)
    {
        var parts = text.Split('.');
        if (parts.Length == 1) throw new TokenFault("encoded JWT had no period separators");
        if (parts.Length != 3) throw new TokenFault($"encoded JWT must have 3 sections, found {parts.Length}");
        return new WebToken(parts[0], parts[1], parts[2]);
    }

    private RObject ReadHeader()
    {
        var bytes = Named(_header, "header");
        RObject value;
        try
        {
            value = Json(bytes);
        }
        catch (TokenFault fault)
        {
            throw new TokenFault($"bad JWT header: {fault.Message}");
        }
        if (value.Get("enc") is not null) throw new TokenFault("JWT is a JWE object, which is not supported");
        return value;
    }

    private static byte[] Named(string text, string section)
    {
        try
        {
            return Base64.Url(text);
        }
        catch (TokenFault fault)
        {
            throw new TokenFault($"JWT {section} had invalid encoding: {fault.Message}");
        }
    }

    private static RObject Json(byte[] text)
    {
        try
        {
            return RValue.Parse(text) as RObject ?? throw new TokenFault("decoded JSON type was not an Object");
        }
        catch (FormatException fault)
        {
            throw new TokenFault($"invalid JSON: {fault.Message}");
        }
    }
}

/// <summary>The members of a token's header that decide how it is checked.</summary>
internal sealed record TokenHeader(string Algorithm, string Key, string ContentType, bool HasUnknownDemand)
{
    /// <summary>No extension is understood, so a token that insists on one is not accepted (RFC 7515 4.1.11).</summary>
    public bool IsValid => Algorithm.Length > 0 && !HasUnknownDemand;

    public bool IsNested => string.Equals(ContentType, "JWT", StringComparison.OrdinalIgnoreCase);

    public static TokenHeader Of(RObject header)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        HashSet<string> demands = [];
        var unknown = new List<string>();
        for (var i = 0; i < header.Count; i++)
        {
            var name = ((RString)header.Keys[i]).Value;
            switch (name)
            {
                case "alg" or "kid" or "typ" or "cty":
                    texts[name] = (header.Values[i] as RString)?.Value ?? throw new TokenFault($"{name}: must be a string");
                    break;
                case "crit":
                    if (header.Values[i] is not RArray list) throw new TokenFault("crit: must be a list");
                    demands = [.. list.Items.ToArray().TakeWhile(x => x is RString).Select(x => x.Str())];
                    if (demands.Count == 0) throw new TokenFault("crit: must be a nonempty list");
                    break;
                default: unknown.Add(name); break;
            }
        }
        return new TokenHeader(texts.GetValueOrDefault("alg", ""), texts.GetValueOrDefault("kid", ""), texts.GetValueOrDefault("cty", ""), unknown.Exists(demands.Contains));
    }
}

/// <summary>Base64 for URLs, with or without padding.</summary>
internal static class Base64
{
    /// <exception cref="TokenFault">Not base64; the message is OPA's.</exception>
    public static byte[] Url(string text)
    {
        if (!text.EndsWith('='))
        {
            var length = Encoding.UTF8.GetByteCount(text) % 4;
            if (length == 1) throw new TokenFault($"illegal base64url string: {text}");
            text += length switch { 2 => "==", 3 => "=", _ => "" };
        }
        try
        {
            return GoBase64.Decode(text, url: true);
        }
        catch (FormatException fault)
        {
            throw new TokenFault(fault.Message);
        }
    }

    public static string Url(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
