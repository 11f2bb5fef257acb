using System.Security.Cryptography;
using System.Text;
using Rego.Evaluate;
using Rego.Values;

namespace Rego.Builtins;

/// <summary>JSON, base64, hex, URL query text and hashes.</summary>
internal static class Encodings
{
    // Values, and 32 characters of text each: some 20 MB of JSON.
    private const int MaxMarshalled = 600_000;

    public static void Register(Registrar t)
    {
        t.Add("json.marshal", "*", (e, a) => a[0].Weight > MaxMarshalled ? e.Fail("json.marshal: the value is too large") : new RString(GoJson.Of(a[0])));
        t.Add("json.marshal_with_options", "* o", MarshalWithOptions);
        t.Add("json.unmarshal", "s", (e, a) =>
        {
            try
            {
                return RValue.Parse(a[0].Str());
            }
            catch (FormatException fault)
            {
                return e.Fail($"json.unmarshal: {fault.Message}");
            }
        });
        t.Add("json.is_valid", "*", (_, a) =>
        {
            if (a[0] is not RString s) return RBool.False;
            try
            {
                RValue.Parse(s.Value);
                return RBool.True;
            }
            catch (FormatException)
            {
                return RBool.False;
            }
        });
        t.Add("yaml.marshal", "*", (_, a) => new RString(YamlText.Write(a[0])));
        t.Add("yaml.unmarshal", "s", (e, a) =>
        {
            try
            {
                return YamlText.Read(a[0].Str());
            }
            catch (FormatException fault)
            {
                return e.Fail($"yaml.unmarshal: {fault.Message}");
            }
        });
        t.Add("yaml.is_valid", "*", (_, a) =>
        {
            if (a[0] is not RString s) return RBool.False;
            try
            {
                YamlText.Read(s.Value);
                return RBool.True;
            }
            catch (FormatException)
            {
                return RBool.False;
            }
        });
        t.Add("base64.encode", "s", (_, a) => new RString(Convert.ToBase64String(Bytes(a[0]))));
        t.Add("base64.decode", "s", (e, a) => Base64(a[0].Str(), url: false) is { } b ? new RString(b) : e.Fail("base64.decode: illegal base64 data"));
        t.Add("base64.is_valid", "*", (_, a) => RBool.Of(a[0] is RString s && Base64(s.Value, url: false) is not null));
        t.Add("base64url.encode", "s", (_, a) => new RString(Convert.ToBase64String(Bytes(a[0])).Replace('+', '-').Replace('/', '_')));
        t.Add("base64url.encode_no_pad", "s", (_, a) => new RString(Convert.ToBase64String(Bytes(a[0])).Replace('+', '-').Replace('/', '_').TrimEnd('=')));
        t.Add("base64url.decode", "s", (e, a) => Base64(a[0].Str(), url: true) is { } b ? new RString(b) : e.Fail("base64url.decode: illegal base64 data"));
        t.Add("hex.encode", "s", (_, a) => new RString(Convert.ToHexStringLower(Bytes(a[0]))));
        t.Add("hex.decode", "s", (e, a) =>
        {
            try
            {
                return new RString(Encoding.UTF8.GetString(Convert.FromHexString(a[0].Str())));
            }
            catch (FormatException)
            {
                var bad = a[0].Str().EnumerateRunes().Where(r => !Rune.IsValid(r.Value) || !(r.IsAscii && char.IsAsciiHexDigit((char)r.Value))).ToList();
                return e.Fail(bad.Count == 0 ? "hex.decode: encoding/hex: odd length hex string" : $"hex.decode: encoding/hex: invalid byte: U+{bad[0].Value:X4} '{bad[0]}'");
            }
        });
        t.Add("urlquery.encode", "s", (_, a) => new RString(UrlEncode(a[0].Str())));
        t.Add("urlquery.decode", "s", (e, a) => UrlDecode(a[0].Str()) is { } s ? new RString(s) : e.Fail("urlquery.decode: invalid URL escape"));
        t.Add("urlquery.encode_object", "o", UrlEncodeObject);
        t.Add("urlquery.decode_object", "s", UrlDecodeObject);
        t.Add("crypto.sha256", "s", (_, a) => Hex(SHA256.HashData(Bytes(a[0]))));
#pragma warning disable CA5350, CA5351 // Rego has these hashes; whether a policy may use them is the policy's business.
        t.Add("crypto.sha1", "s", (_, a) => Hex(SHA1.HashData(Bytes(a[0]))));
        t.Add("crypto.md5", "s", (_, a) => Hex(MD5.HashData(Bytes(a[0]))));
        t.Add("crypto.hmac.md5", "s s", (_, a) => Hex(HMACMD5.HashData(Bytes(a[1]), Bytes(a[0]))));
        t.Add("crypto.hmac.sha1", "s s", (_, a) => Hex(HMACSHA1.HashData(Bytes(a[1]), Bytes(a[0]))));
#pragma warning restore CA5350, CA5351
        t.Add("crypto.hmac.sha256", "s s", (_, a) => Hex(HMACSHA256.HashData(Bytes(a[1]), Bytes(a[0]))));
        t.Add("crypto.hmac.sha512", "s s", (_, a) => Hex(HMACSHA512.HashData(Bytes(a[1]), Bytes(a[0]))));
        t.Add("crypto.hmac.equal", "s s", (_, a) => RBool.Of(CryptographicOperations.FixedTimeEquals(Bytes(a[0]), Bytes(a[1]))));
    }

    private static byte[] Bytes(RValue value) => Encoding.UTF8.GetBytes(value.Str());

    private static RString Hex(byte[] hash) => new(Convert.ToHexStringLower(hash));

    private static string? Base64(string text, bool url)
    {
        var clean = text.Replace("\n", "", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal);
        if (url)
        {
            if (clean.Contains('+', StringComparison.Ordinal) || clean.Contains('/', StringComparison.Ordinal)) return null;
            clean = clean.Replace('-', '+').Replace('_', '/');
            if (!clean.Contains('=', StringComparison.Ordinal)) clean = clean.PadRight((clean.Length + 3) / 4 * 4, '=');
        }
        if (clean.Any(char.IsWhiteSpace)) return null;
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(clean));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static RValue? MarshalWithOptions(Evaluation e, ReadOnlySpan<RValue> args)
    {
        var options = (RObject)args[1];
        string? indent = null;
        var prefix = "";
        bool? pretty = null;
        for (var i = 0; i < options.Count; i++)
        {
            var value = options.Values[i];
            switch (options.Keys[i])
            {
                case RString { Value: "pretty" }:
                    if (value is not RBool b) return e.Fault("eval_type_error", $"json.marshal_with_options: operand 2 key \"pretty\" must be boolean but got {value.TypeName}");
                    pretty = b.Value;
                    break;
                case RString { Value: "indent" }:
                    if (value is not RString s) return e.Fault("eval_type_error", $"json.marshal_with_options: operand 2 key \"indent\" must be string but got {value.TypeName}");
                    indent = s.Value;
                    break;
                case RString { Value: "prefix" }:
                    if (value is not RString p) return e.Fault("eval_type_error", $"json.marshal_with_options: operand 2 key \"prefix\" must be string but got {value.TypeName}");
                    prefix = p.Value;
                    break;
                default: return e.Fault("eval_type_error", $"json.marshal_with_options: operand 2 object contained unknown key {options.Keys[i]}");
            }
        }
        if (pretty ?? (indent is not null || prefix.Length > 0))
            return new RString(prefix + GoJson.Of(args[0], prefix, indent ?? "\t"));
        return new RString(GoJson.Of(args[0]));
    }

    private static string UrlEncode(string text)
    {
        var builder = new StringBuilder();
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            if (char.IsAsciiLetterOrDigit((char)b) || b is (byte)'-' or (byte)'_' or (byte)'.' or (byte)'~') builder.Append((char)b);
            else if (b == ' ') builder.Append('+');
            else builder.Append('%').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }
        return builder.ToString();
    }

    private static string? UrlDecode(string text)
    {
        var bytes = new List<byte>(text.Length);
        var source = Encoding.UTF8.GetBytes(text);
        for (var i = 0; i < source.Length; i++)
        {
            if (source[i] == '+') bytes.Add((byte)' ');
            else if (source[i] == '%')
            {
                if (i + 2 >= source.Length || !char.IsAsciiHexDigit((char)source[i + 1]) || !char.IsAsciiHexDigit((char)source[i + 2])) return null;
                bytes.Add(Convert.ToByte($"{(char)source[i + 1]}{(char)source[i + 2]}", 16));
                i += 2;
            }
            else
            {
                bytes.Add(source[i]);
            }
        }
        return Encoding.UTF8.GetString([.. bytes]);
    }

    private static RValue? UrlEncodeObject(Evaluation e, ReadOnlySpan<RValue> args)
    {
        var o = (RObject)args[0];
        var parts = new List<string>();
        for (var i = 0; i < o.Count; i++)
        {
            if (o.Keys[i] is not RString key) return e.Fault("eval_type_error", $"urlquery.encode_object: operand 1 must be object with string keys but got {o.Keys[i].TypeName}");
            switch (o.Values[i])
            {
                case RString s: parts.Add($"{UrlEncode(key.Value)}={UrlEncode(s.Value)}"); break;
                case RArray or RSet:
                    if (e.Strings("urlquery.encode_object", 1, o.Values[i]) is not { } values) return null;
                    foreach (var v in values) parts.Add($"{UrlEncode(key.Value)}={UrlEncode(v)}");
                    break;
                default: return e.Fault("eval_type_error", $"urlquery.encode_object: operand 1 must be one of {{string, array of strings, set of strings}} but got {o.Values[i].TypeName}");
            }
        }
        return new RString(string.Join('&', parts));
    }

    private static RValue? UrlDecodeObject(Evaluation e, ReadOnlySpan<RValue> args)
    {
        var lists = new Dictionary<string, List<RValue>>();
        foreach (var part in args[0].Str().Split('&'))
        {
            if (part.Length == 0) continue;
            var at = part.IndexOf('=', StringComparison.Ordinal);
            var key = UrlDecode(at < 0 ? part : part[..at]);
            var value = UrlDecode(at < 0 ? "" : part[(at + 1)..]);
            if (key is null || value is null) return e.Fail($"urlquery.decode_object: invalid URL escape in {GoFormat.Quote(part)}");
            if (!lists.TryGetValue(key, out var list)) lists[key] = list = [];
            list.Add(new RString(value));
        }
        var builder = new RObjectBuilder(lists.Count);
        foreach (var (key, list) in lists) builder.Set(key, new RArray([.. list]));
        return builder.Build();
    }
}
