using System.Text;
using Rego.Evaluate;
using Rego.Values;

namespace Rego.Builtins.Tokens;

/// <summary>io.jwt.*: signed tokens.</summary>
internal static class WebTokens
{
    private const int MaxNesting = 8;

    // One signature check is worth about this many plain steps.
    private const int CheckCost = 1_000;

    private static readonly RArray Unverified = new([RBool.False, RObject.Empty, RObject.Empty]);

    public static void Register(Registrar t)
    {
        t.Add("io.jwt.decode", "s", (e, a) => Guarded(e, "io.jwt.decode", a[0].Str(), static (_, text) => Decode(text)));
        foreach (var algorithm in new[] { "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "HS256", "HS384", "HS512" })
        {
            var name = "io.jwt.verify_" + algorithm.ToLowerInvariant();
            t.Add(name, "s s", (e, a) =>
            {
                var key = a[1].Str();
                return Guarded(e, name, a[0].Str(), (evaluation, text) => Verify(evaluation, algorithm, text, key));
            });
        }
        t.Add("io.jwt.decode_verify", "s o", (e, a) =>
        {
            var constraints = (RObject)a[1];
            return Guarded(e, "io.jwt.decode_verify", a[0].Str(), (evaluation, text) => DecodeVerify(evaluation, text, constraints));
        });
        t.Add("io.jwt.encode_sign", "o o o", (e, a) =>
        {
            var (payload, key) = (GoJson.Of(a[1]), GoJson.Of(a[2]));
            return Guarded(e, "io.jwt.encode_sign", GoJson.Of(a[0]), (_, header) => Sign(header, payload, key));
        });
        t.Add("io.jwt.encode_sign_raw", "s s s", (e, a) =>
        {
            var (payload, key) = (a[1].Str(), a[2].Str());
            return Guarded(e, "io.jwt.encode_sign_raw", a[0].Str(), (_, header) => Sign(header, payload, key));
        });
    }

    private static RValue? Guarded(Evaluation e, string name, string text, Func<Evaluation, string, RValue> work)
    {
        try
        {
            return work(e, text);
        }
        catch (TokenFault fault)
        {
            return e.Fail($"{name}: {fault.Message}");
        }
    }

    private static RArray Decode(string text)
    {
        for (var depth = 0; ; depth++)
        {
            var token = WebToken.Read(text);
            var header = token.Header;
            var payload = token.Payload;
            if (header.Get("cty") is not RString { Value: "JWT" }) return new RArray([header, WebToken.Claims(payload), new RString(Convert.ToHexStringLower(token.NamedSignature))]);
            if (depth == MaxNesting) throw new TokenFault("tokens are nested too deeply");
            text = WebToken.Unquoted(payload);
        }
    }

    private static RBool Verify(Evaluation e, string algorithm, string text, string key)
    {
        e.Spend(CheckCost);
        var token = WebToken.Read(text);
        if (algorithm[0] == 'H') return RBool.Of(SigningKey.OfSecret(Encoding.UTF8.GetBytes(key)).Verifies(algorithm, token.Signed, token.Signature));
        var keys = KeySet.ReadPublic(key);
        var signature = token.Signature;
        var header = TokenHeader.Of(token.Header);
        return RBool.Of(KeySet.Candidates(keys, header.Key, header.Algorithm).Any(k => !k.IsPrivate && k.Verifies(algorithm, token.Signed, signature, isLenient: true)));
    }

    private sealed record Constraints(IReadOnlyList<SigningKey>? Keys, string Secret, string Algorithm, string Issuer, string Audience, RNumber Seconds);

    private static Constraints ReadConstraints(Evaluation e, RObject o)
    {
        IReadOnlyList<SigningKey>? keys = null;
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        double ns = e.NowNs;
        for (var i = 0; i < o.Count; i++)
        {
            var name = (o.Keys[i] as RString)?.Value;
            switch (name)
            {
                case "cert" or "secret" or "alg" or "iss" or "aud":
                    texts[name] = (o.Values[i] as RString)?.Value ?? throw new TokenFault($"{name} constraint: must be a string");
                    if (name == "cert") keys = KeySet.ReadPublic(texts[name]);
                    break;
                case "time":
                    ns = (o.Values[i] as RNumber ?? throw new TokenFault("token time constraint: must be a number")).ToDouble();
                    if (ns < 0) throw new TokenFault("token time constraint: must not be negative");
                    break;
                default: throw new TokenFault($"unknown token validation constraint: {name ?? o.Keys[i].ToString()}");
            }
        }
        var secret = texts.GetValueOrDefault("secret", "");
        if (keys is not null && secret.Length > 0) throw new TokenFault("duplicate key constraints");
        if (keys is null && secret.Length == 0) throw new TokenFault("no key constraint");
        return new Constraints(keys, secret, texts.GetValueOrDefault("alg", ""), texts.GetValueOrDefault("iss", ""), texts.GetValueOrDefault("aud", ""), RNumber.Of(ns / 1e9));
    }

    private static RArray DecodeVerify(Evaluation e, string text, RObject o)
    {
        var constraints = ReadConstraints(e, o);
        for (var depth = 0; ; depth++)
        {
            e.Spend(CheckCost);
            var token = WebToken.Read(text);
            var header = TokenHeader.Of(token.Header);
            if (!header.IsValid) return Unverified;
            if (constraints.Algorithm.Length > 0 && constraints.Algorithm != header.Algorithm) return Unverified;
            if (!IsSigned(token, header, constraints)) return Unverified;
            var payload = token.Payload;
            if (!header.IsNested)
            {
                var claims = WebToken.Claims(payload);
                return IsAccepted(claims, constraints) ? new RArray([RBool.True, token.Header, claims]) : Unverified;
            }
            if (depth == MaxNesting) throw new TokenFault("tokens are nested too deeply");
            text = Encoding.UTF8.GetString(payload);
        }
    }

    private static bool IsSigned(WebToken token, TokenHeader header, Constraints constraints)
    {
        var signature = token.Signature;
        var keys = constraints.Keys is { } known ? KeySet.Candidates(known, header.Key, header.Algorithm) : [SigningKey.OfSecret(Encoding.UTF8.GetBytes(constraints.Secret))];
        return keys.Any(k => k.Verifies(header.Algorithm, token.Signed, signature));
    }

    private static bool IsAccepted(RObject claims, Constraints constraints)
    {
        if (constraints.Issuer.Length > 0 && (claims.Get("iss") as RString)?.Value != constraints.Issuer) return false;
        var audience = claims.Get("aud");
        if (audience is null ? constraints.Audience.Length > 0 : !Includes(audience, constraints.Audience)) return false;
        if (Time(claims, "exp") is { } expiry && RValue.Compare(constraints.Seconds, expiry) >= 0) return false;
        return Time(claims, "nbf") is not { } start || RValue.Compare(constraints.Seconds, start) >= 0;
    }

    private static bool Includes(RValue audience, string wanted)
    {
        var value = new RString(wanted);
        return audience is RArray list ? list.Items.Contains(value) : audience.Equals(value);
    }

    private static RNumber? Time(RObject claims, string name) => claims.Get(name) switch
    {
        null => null,
        RNumber n => n,
        _ => throw new TokenFault($"{name} value must be a number"),
    };

    private static RString Sign(string header, string payload, string key)
    {
        var keys = KeySet.Read(key);
        if (keys.Count == 0) throw new TokenFault("no keys found in JWK set");
        var fields = HeaderFields.Read(header);
        string algorithm;
        try
        {
            algorithm = fields.Text("alg");
        }
        catch (TokenFault fault)
        {
            throw new TokenFault($"missing or invalid 'alg' header: {fault.Message}");
        }
        if (!SigningKey.IsKnown(algorithm)) throw new TokenFault($"unknown JWS algorithm: {algorithm}");
        if (fields.Find("typ") is null or "JWT" && !IsJson(payload)) throw new TokenFault("type is JWT but payload is not JSON");
        var body = $"{Base64.Url(Encoding.UTF8.GetBytes(header))}.{Base64.Url(Encoding.UTF8.GetBytes(payload))}";
        var signature = keys[0].Sign(algorithm, Encoding.ASCII.GetBytes(body));
        return new RString($"{body}.{Base64.Url(signature)}");
    }

    private static bool IsJson(string text)
    {
        try
        {
            RValue.Parse(text);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
