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
            var (payload, key) = (GoJson.Of(a[1]), (RObject)a[2]);
            return Guarded(e, "io.jwt.encode_sign", GoJson.Of(a[0]), (_, header) => Sign(header, payload, key));
        });
        t.Add("io.jwt.encode_sign_raw", "s s s", (e, a) =>
        {
            var (payload, key) = (a[1].Str(), a[2].Str());
            return Guarded(e, "io.jwt.encode_sign_raw", a[0].Str(), (_, header) => Sign(header, payload, KeyOf(key)));
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
        var token = WebToken.Read(text);
        for (var depth = 0; token.IsNested; depth++)
        {
            if (depth == MaxNesting) throw new TokenFault("tokens are nested too deeply");
            token = WebToken.Read(token.Inner);
        }
        var claims = token.Claims;
        return new RArray([token.Header, claims, new RString(Convert.ToHexStringLower(token.Signature))]);
    }

    private static RBool Verify(Evaluation e, string algorithm, string text, string key)
    {
        e.Spend(algorithm == "EdDSA" ? 20 * CheckCost : CheckCost);
        var (signed, signature) = WebToken.Split(text);
        var keys = algorithm[0] == 'H' ? [SigningKey.OfSecret(Encoding.UTF8.GetBytes(key))] : SigningKey.ReadPublic(key);
        return RBool.Of(keys.Any(k => k.Verifies(algorithm, signed, signature)));
    }

    private sealed record Constraints(IReadOnlyList<SigningKey> Keys, string? Algorithm, string? Issuer, string? Audience, RNumber Seconds);

    private static Constraints ReadConstraints(Evaluation e, RObject o)
    {
        IReadOnlyList<SigningKey>? keys = null;
        string? algorithm = null, issuer = null, audience = null;
        RNumber? time = null;
        for (var i = 0; i < o.Count; i++)
        {
            var name = (o.Keys[i] as RString)?.Value;
            var text = o.Values[i] as RString;
            switch (name)
            {
                case "cert" or "secret":
                    if (text is null) throw new TokenFault($"{name} constraint: must be a string");
                    if (keys is not null) throw new TokenFault("duplicate key constraints");
                    keys = name == "cert" ? SigningKey.ReadPublic(text.Value) : [SigningKey.OfSecret(Encoding.UTF8.GetBytes(text.Value))];
                    break;
                case "alg": algorithm = text?.Value ?? throw new TokenFault("alg constraint: must be a string"); break;
                case "iss": issuer = text?.Value ?? throw new TokenFault("iss constraint: must be a string"); break;
                case "aud": audience = text?.Value ?? throw new TokenFault("aud constraint: must be a string"); break;
                case "time": time = o.Values[i] as RNumber ?? throw new TokenFault("token time constraint: must be a number"); break;
                default: throw new TokenFault($"unknown token validation constraint: {name}");
            }
        }
        if (keys is null) throw new TokenFault("no key constraint");
        var ns = time?.ToDouble() ?? e.NowNs;
        return new Constraints(keys, algorithm, issuer, audience, RNumber.Of(ns / 1e9));
    }

    private static RArray DecodeVerify(Evaluation e, string text, RObject o)
    {
        var constraints = ReadConstraints(e, o);
        var token = WebToken.Read(text);
        for (var depth = 0; ; depth++)
        {
            e.Spend(CheckCost);
            // No extension is understood, so a token that insists on one is not accepted (RFC 7515 4.1.11).
            if (token.Text("alg") is not { Length: > 0 } algorithm || token.Header.Get("crit") is not null) return Unverified;
            if (constraints.Algorithm is not (null or "") && constraints.Algorithm != algorithm) return Unverified;
            if (!IsSigned(token, algorithm, constraints.Keys)) return Unverified;
            if (!token.IsNested) break;
            if (depth == MaxNesting) throw new TokenFault("tokens are nested too deeply");
            token = WebToken.Read(token.Inner);
        }
        var claims = token.Claims;
        return IsAccepted(claims, constraints) ? new RArray([RBool.True, token.Header, claims]) : Unverified;
    }

    private static bool IsSigned(WebToken token, string algorithm, IReadOnlyList<SigningKey> keys)
    {
        if (!SigningKey.IsKnown(algorithm)) throw new TokenFault($"unknown JWS algorithm: {algorithm}");
        var id = token.Text("kid");
        var (signed, signature) = (token.Signed, token.Signature);
        if (id is not null && keys.Any(k => k.Id == id))
            return keys.Any(k => k.Id == id && k.Verifies(algorithm, signed, signature));
        return keys.Any(k => (k.Algorithm is null || k.Algorithm == algorithm) && k.Verifies(algorithm, signed, signature));
    }

    private static bool IsAccepted(RObject claims, Constraints constraints)
    {
        if (constraints.Issuer is { Length: > 0 } issuer && (claims.Get("iss") as RString)?.Value != issuer) return false;
        var audience = claims.Get("aud");
        if (audience is null ? constraints.Audience is { Length: > 0 } : !Includes(audience, constraints.Audience)) return false;
        if (Time(claims, "exp") is { } expiry && RValue.Compare(constraints.Seconds, expiry) >= 0) return false;
        return Time(claims, "nbf") is not { } start || RValue.Compare(constraints.Seconds, start) >= 0;
    }

    private static bool Includes(RValue audience, string? wanted)
    {
        if (wanted is null) return false;
        var value = new RString(wanted);
        return audience is RArray list ? list.Items.Contains(value) : audience.Equals(value);
    }

    private static RNumber? Time(RObject claims, string name) => claims.Get(name) switch
    {
        null => null,
        RNumber n => n,
        _ => throw new TokenFault($"{name} value must be a number"),
    };

    private static RObject KeyOf(string text)
    {
        try
        {
            return RValue.Parse(text) as RObject ?? throw new TokenFault("failed to parse a JWK key (set): not an object");
        }
        catch (FormatException fault)
        {
            throw new TokenFault($"failed to parse a JWK key (set): {fault.Message}");
        }
    }

    private static RString Sign(string header, string payload, RObject key)
    {
        RObject? fields;
        try
        {
            fields = RValue.Parse(header) as RObject;
        }
        catch (FormatException)
        {
            throw new TokenFault("missing or invalid 'alg' header: cannot parse JSON");
        }
        if ((fields?.Get("alg") as RString)?.Value is not { } algorithm) throw new TokenFault("missing or invalid 'alg' header");
        if (!SigningKey.IsKnown(algorithm)) throw new TokenFault($"unknown JWS algorithm: {algorithm}");
        var type = (fields!.Get("typ") as RString)?.Value;
        if (type is null or "" or "JWT" && !IsJson(payload)) throw new TokenFault("type is JWT but payload is not JSON");
        var body = $"{Base64.Url(Encoding.UTF8.GetBytes(header))}.{Base64.Url(Encoding.UTF8.GetBytes(payload))}";
        var signature = SigningKey.ReadKey(key).Sign(algorithm, Encoding.ASCII.GetBytes(body));
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
