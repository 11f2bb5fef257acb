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
                // What marks the order of bytes may begin a file; in a text it is a character like any other.
                return a[0].Str().StartsWith('\uFEFF') ? throw new FormatException("it begins with U+FEFF") : RValue.Parse(a[0].Str());
            }
            catch (FormatException fault)
            {
                return e.Fail($"json.unmarshal: {GoJsonFault.Explain(a[0].Str()) ?? fault.Message}");
            }
        });
        t.Add("json.is_valid", "*", (_, a) =>
        {
            if (a[0] is not RString s) return RBool.False;
            try
            {
                RValue.Parse(s.Value);
                return RBool.Of(!s.Value.StartsWith('\uFEFF'));
            }
            catch (FormatException)
            {
                return RBool.False;
            }
        });
        t.Add("yaml.marshal", "*", (_, a) => new RString(YamlWriter.Write(a[0])));
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
        t.Add("base64.decode", "s", (e, a) => Base64(e, "base64.decode", a[0].Str(), url: false));
        t.Add("base64.is_valid", "*", (_, a) => RBool.Of(a[0] is RString s && IsBase64(s.Value)));
        t.Add("base64url.encode", "s", (_, a) => new RString(Convert.ToBase64String(Bytes(a[0])).Replace('+', '-').Replace('/', '_')));
        t.Add("base64url.encode_no_pad", "s", (_, a) => new RString(Convert.ToBase64String(Bytes(a[0])).Replace('+', '-').Replace('/', '_').TrimEnd('=')));
        t.Add("base64url.decode", "s", (e, a) =>
        {
            var text = a[0].Str();
            if (!text.EndsWith('='))
            {
                var length = RawBytes.Of(text).Length;
                if (length % 4 == 1) return e.Fail($"base64url.decode: illegal base64url string: {text}");
                text += new string('=', (4 - (length % 4)) % 4);
            }
            return Base64(e, "base64url.decode", text, url: true);
        });
        t.Add("hex.encode", "s", (_, a) => new RString(Convert.ToHexStringLower(Bytes(a[0]))));
        t.Add("hex.decode", "s", HexDecode);
        t.Add("urlquery.encode", "s", (_, a) => new RString(UrlEncode(a[0].Str())));
        t.Add("urlquery.decode", "s", (e, a) => UrlDecode(a[0].Str(), out var bad) is { } s ? new RString(s) : e.Fail($"urlquery.decode: {bad}"));
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

    private static byte[] Bytes(RValue value) => RawBytes.Of(value.Str());

    private static RString Hex(byte[] hash) => new(Convert.ToHexStringLower(hash));

    private static RValue? Base64(Evaluation e, string name, string text, bool url)
    {
        try
        {
            return new RString(RawBytes.Text(GoBase64.Decode(text, url)));
        }
        catch (FormatException fault)
        {
            return e.Fail($"{name}: {fault.Message}");
        }
    }

    private static bool IsBase64(string text)
    {
        try
        {
            GoBase64.Decode(text);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static RValue? HexDecode(Evaluation e, ReadOnlySpan<RValue> args)
    {
        var source = Bytes(args[0]);
        var bytes = new byte[source.Length / 2];
        for (var i = 0; i < source.Length; i++)
        {
            // Of an odd text, the last byte is judged before its length is.
            if (!char.IsAsciiHexDigit((char)source[i])) return e.Fail($"hex.decode: encoding/hex: invalid byte: U+{source[i]:X4}{(GoQuote.IsPrintable(new Rune(source[i])) ? $" '{new Rune(source[i])}'" : "")}");
            if (i / 2 < bytes.Length) bytes[i / 2] = (byte)((bytes[i / 2] << 4) | Convert.ToInt32(((char)source[i]).ToString(), 16));
        }
        return source.Length % 2 == 1 ? e.Fail("hex.decode: encoding/hex: odd length hex string") : new RString(RawBytes.Text(bytes));
    }

    private static RValue? MarshalWithOptions(Evaluation e, ReadOnlySpan<RValue> args)
    {
        var options = (RObject)args[1];
        string? indent = null;
        string? prefix = null;
        bool? pretty = null;
        for (var i = 0; i < options.Count; i++)
        {
            var value = options.Values[i];
            if (options.Keys[i] is not RString key) return e.Fault("eval_type_error", $"json.marshal_with_options: operand 2 failed to stringify key {options.Keys[i]} at index {i}: operand {i} must be string but got {options.Keys[i].TypeName}");
            switch (key.Value)
            {
                case "pretty":
                    if (value is not RBool b) return e.Fault("eval_type_error", "json.marshal_with_options: operand 2 key \"pretty\" failed cast to bool");
                    pretty = b.Value;
                    break;
                case "indent" or "prefix":
                    if (value is not RString s) return e.Fault("eval_type_error", $"json.marshal_with_options: operand 2 key {GoFormat.Quote(key.Value)} failed cast to string: operand {i} must be string but got {value.TypeName}");
                    if (key.Value == "indent") indent = s.Value;
                    else prefix = s.Value;
                    break;
                default: return e.Fault("eval_type_error", $"json.marshal_with_options: operand 2 object contained unknown key {GoFormat.Quote(key.Value)}");
            }
        }
        if (pretty ?? (indent is not null || prefix is not null))
            return new RString(prefix + GoJson.Of(args[0], prefix, indent ?? "\t"));
        return new RString(GoJson.Of(args[0]));
    }

    private static string UrlEncode(string text)
    {
        var builder = new StringBuilder();
        foreach (var b in RawBytes.Of(text))
        {
            if (char.IsAsciiLetterOrDigit((char)b) || b is (byte)'-' or (byte)'_' or (byte)'.' or (byte)'~') builder.Append((char)b);
            else if (b == ' ') builder.Append('+');
            else builder.Append('%').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }
        return builder.ToString();
    }

    private static string? UrlDecode(string text, out string bad)
    {
        var bytes = new List<byte>(text.Length);
        var source = RawBytes.Of(text);
        for (var i = 0; i < source.Length; i++)
        {
            if (source[i] == '+') bytes.Add((byte)' ');
            else if (source[i] == '%')
            {
                if (i + 2 >= source.Length || !char.IsAsciiHexDigit((char)source[i + 1]) || !char.IsAsciiHexDigit((char)source[i + 2]))
                {
                    bad = $"invalid URL escape {GoFormat.Quote(RawBytes.Text(source.AsSpan(i, Math.Min(3, source.Length - i))))}";
                    return null;
                }
                bytes.Add(Convert.ToByte($"{(char)source[i + 1]}{(char)source[i + 2]}", 16));
                i += 2;
            }
            else
            {
                bytes.Add(source[i]);
            }
        }
        bad = "";
        return RawBytes.Text([.. bytes]);
    }

    private static RValue? UrlEncodeObject(Evaluation e, ReadOnlySpan<RValue> args)
    {
        var o = (RObject)args[0];
        var entries = new SortedDictionary<string, List<string>>(Comparer<string>.Create(RString.CompareCodePoints));
        for (var i = 0; i < o.Count; i++)
        {
            var key = o.Keys[i] is RString k ? k.Value : GoJson.Of(o.Keys[i]);
            var values = new List<string>();
            foreach (var value in o.Values[i] is RString ? [o.Values[i]] : o.Values[i].Items())
            {
                if (value is not RString s) return NoQueryValue(e);
                values.Add(s.Value);
            }
            if (o.Values[i] is not (RString or RArray or RSet)) return NoQueryValue(e);
            entries[key] = values;
        }
        return new RString(string.Join('&', entries.SelectMany(pair => pair.Value.Select(v => $"{UrlEncode(pair.Key)}={UrlEncode(v)}"))));
    }

    private static RValue? NoQueryValue(Evaluation e) => e.Fault("eval_type_error", "urlquery.encode_object: operand 1 values must be string, array[string], or set[string]");

    private static RValue? UrlDecodeObject(Evaluation e, ReadOnlySpan<RValue> args)
    {
        var lists = new Dictionary<string, List<RValue>>();
        string? fault = null;
        foreach (var part in args[0].Str().Split('&'))
        {
            if (part.Contains(';', StringComparison.Ordinal))
            {
                fault = "invalid semicolon separator in query";
                continue;
            }
            if (part.Length == 0) continue;
            var at = part.IndexOf('=', StringComparison.Ordinal);
            var key = UrlDecode(at < 0 ? part : part[..at], out var bad);
            var value = key is null ? null : UrlDecode(at < 0 ? "" : part[(at + 1)..], out bad);
            if (key is null || value is null)
            {
                fault ??= bad;
                continue;
            }
            if (!lists.TryGetValue(key, out var list)) lists[key] = list = [];
            list.Add(new RString(value));
        }
        if (fault is not null) return e.Fail($"urlquery.decode_object: {fault}");
        var builder = new RObjectBuilder(lists.Count);
        foreach (var (key, list) in lists) builder.Set(key, new RArray([.. list]));
        return builder.Build();
    }
}
