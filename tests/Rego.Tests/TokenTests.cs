using System.Security.Cryptography;
using Rego.Values;

namespace Rego.Tests;

/// <summary>Signed tokens: what is accepted, and above all what is not.</summary>
public class TokenTests
{
    private const string Key = "{\"kty\": \"oct\", \"k\": base64url.encode_no_pad(\"secret\")}";
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_000);

    private static string Ask(string claims, string constraints, string header = "{\"alg\": \"HS256\", \"typ\": \"JWT\"}") =>
        Policy.P($"token := io.jwt.encode_sign({header}, {claims}, {Key})\np := io.jwt.decode_verify(token, {constraints})[0]", null, new EvaluationOptions { Now = Now });

    [Theory]
    [InlineData("{\"sub\": \"ada\"}", "{\"secret\": \"secret\"}", "true")]
    [InlineData("{\"sub\": \"ada\"}", "{\"secret\": \"other\"}", "false")]
    [InlineData("{\"sub\": \"ada\"}", "{\"secret\": \"secret\", \"alg\": \"HS512\"}", "false")]
    [InlineData("{\"iss\": \"us\"}", "{\"secret\": \"secret\", \"iss\": \"us\"}", "true")]
    [InlineData("{\"iss\": \"them\"}", "{\"secret\": \"secret\", \"iss\": \"us\"}", "false")]
    [InlineData("{}", "{\"secret\": \"secret\", \"iss\": \"us\"}", "false")]
    [InlineData("{\"aud\": \"app\"}", "{\"secret\": \"secret\", \"aud\": \"app\"}", "true")]
    [InlineData("{\"aud\": [\"x\", \"app\"]}", "{\"secret\": \"secret\", \"aud\": \"app\"}", "true")]
    [InlineData("{\"aud\": \"app\"}", "{\"secret\": \"secret\"}", "false")]
    [InlineData("{}", "{\"secret\": \"secret\", \"aud\": \"app\"}", "false")]
    [InlineData("{\"exp\": 1001}", "{\"secret\": \"secret\"}", "true")]
    [InlineData("{\"exp\": 1000}", "{\"secret\": \"secret\"}", "false")]
    [InlineData("{\"nbf\": 1000}", "{\"secret\": \"secret\"}", "true")]
    [InlineData("{\"nbf\": 1001}", "{\"secret\": \"secret\"}", "false")]
    [InlineData("{\"exp\": \"soon\"}", "{\"secret\": \"secret\"}", "undefined")]
    [InlineData("{}", "{}", "undefined")]
    [InlineData("{}", "{\"secret\": \"secret\", \"sub\": \"ada\"}", "undefined")]
    public void A_token_is_accepted_when_signature_and_claims_fit(string claims, string constraints, string expected) => Assert.Equal(expected, Ask(claims, constraints));

    [Fact]
    public void A_token_that_insists_on_an_extension_is_not_accepted() =>
        Assert.Equal("false", Ask("{}", "{\"secret\": \"secret\"}", "{\"alg\": \"HS256\", \"crit\": [\"b64\"], \"b64\": false}"));

    private static string Fault(string expression)
    {
        var fault = Assert.Throws<RegoEvaluationException>(() => Policy.P($"p := {expression}", null, new EvaluationOptions { StrictBuiltinErrors = true, Now = Now }));
        Assert.Equal("eval_builtin_error", fault.Code);
        return fault.Reason;
    }

    private static string Encoded(string text) => System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(text));

    // header, payload
    [Theory]
    [InlineData("{", "{}", "bad JWT header: invalid JSON: ")]
    [InlineData("[1]", "{}", "bad JWT header: decoded JSON type was not an Object")]
    [InlineData("{\"alg\":\"HS256\"}", "[]", "decoded JSON type was not an Object")]
    [InlineData("{\"alg\":\"HS256\"}", "{", "invalid JSON: ")]
    [InlineData("{\"alg\":\"HS256\",\"cty\":\"JWT\"}", "\"a\"", "encoded JWT had no period separators")]
    [InlineData("{\"enc\":1}", "{}", "JWT is a JWE object, which is not supported")]
    public void A_token_that_cannot_be_read_is_told_in_OPAs_words(string header, string payload, string message) =>
        Assert.StartsWith("io.jwt.decode: " + message, Fault($"io.jwt.decode(\"{Encoded(header)}.{Encoded(payload)}.\")"), StringComparison.Ordinal);

    [Theory]
    [InlineData("io.jwt.decode(\"e30.e30.a\")", "io.jwt.decode: JWT signature had invalid encoding: illegal base64url string: a")]
    [InlineData("io.jwt.decode(\"e3=.e30.\")", "io.jwt.decode: JWT header had invalid encoding: illegal base64 data at input byte 3")]
    [InlineData("io.jwt.verify_hs256(\"e30.e30.a\", \"x\")", "io.jwt.verify_hs256: illegal base64url string: a")]
    [InlineData("io.jwt.decode_verify(\"e30.e30.\", {\"secret\": \"\"})", "io.jwt.decode_verify: no key constraint")]
    [InlineData("io.jwt.decode_verify(\"e30.e30.\", {\"secret\": \"x\", \"time\": -1})", "io.jwt.decode_verify: token time constraint: must not be negative")]
    [InlineData("io.jwt.decode_verify(\"e30.e30.\", {\"secret\": \"x\", \"time\": \"1\"})", "io.jwt.decode_verify: token time constraint: must be a number")]
    [InlineData("io.jwt.decode_verify(\"e30.e30.\", {\"secret\": \"x\", \"cert\": `{\"keys\": []}`})", "io.jwt.decode_verify: duplicate key constraints")]
    [InlineData("io.jwt.decode_verify(\"e30.e30.\", {\"secret\": 1})", "io.jwt.decode_verify: secret constraint: must be a string")]
    [InlineData("io.jwt.decode_verify(\"e30.e30.\", {\"secret\": \"x\", \"alg\": 1})", "io.jwt.decode_verify: alg constraint: must be a string")]
    [InlineData("io.jwt.decode_verify(\"eyJhbGciOjF9.e30.\", {\"secret\": \"x\"})", "io.jwt.decode_verify: alg: must be a string")]
    [InlineData("io.jwt.decode_verify(\"eyJjcml0Ijp7fX0.e30.\", {\"secret\": \"x\"})", "io.jwt.decode_verify: crit: must be a list")]
    [InlineData("io.jwt.decode_verify(\"eyJjcml0IjpbXX0.e30.\", {\"secret\": \"x\"})", "io.jwt.decode_verify: crit: must be a nonempty list")]
    [InlineData("io.jwt.verify_rs256(\"e30.e30.\", `{\"keys\": [{\"kty\": \"X\"}]}`)", "io.jwt.verify_rs256: failed to parse a JWK key (set): jwk.ParseString: failed to parse string: jwk.Parse: failed to unmarshal JWK set: failed to decode key #0 in \"keys\": invalid key type from JSON (X)")]
    [InlineData("io.jwt.verify_rs256(\"e30.e30.\", `{\"kty\": \"RSA\", \"n\": \"AQ\"}`)", "io.jwt.verify_rs256: failed to parse a JWK key (set): jwk.ParseString: failed to parse string: jwk.Parse: failed to unmarshal JWK set: failed to parse sole key in key set")]
    [InlineData("io.jwt.verify_rs256(\"e30.e30.\", \"-----BEGIN KEY-----\\nAAAA\\n-----END KEY-----\")", "io.jwt.verify_rs256: failed to extract a Key from the PEM certificate")]
    [InlineData("io.jwt.verify_rs256(\"e30.e30.\", \"-----BEGIN KEY-----\\nAAAA\\n-----END KEY-----\\n\\n\")", "io.jwt.verify_rs256: extra data after a PEM certificate block")]
    [InlineData("io.jwt.encode_sign({}, {}, {\"kty\": \"oct\", \"k\": \"AA\"})", "io.jwt.encode_sign: missing or invalid 'alg' header: jwsbb: header \"alg\" not found")]
    [InlineData("io.jwt.encode_sign({\"alg\": 1}, {}, {\"kty\": \"oct\", \"k\": \"AA\"})", "io.jwt.encode_sign: missing or invalid 'alg' header: value doesn't contain string; it contains number")]
    [InlineData("io.jwt.encode_sign({\"alg\": \"none\"}, {}, {\"kty\": \"oct\", \"k\": \"AA\"})", "io.jwt.encode_sign: unknown JWS algorithm: none")]
    [InlineData("io.jwt.encode_sign({\"alg\": \"HS256\"}, {}, {\"keys\": []})", "io.jwt.encode_sign: no keys found in JWK set")]
    [InlineData("io.jwt.encode_sign({\"alg\": \"HS256\"}, {}, {})", "io.jwt.encode_sign: jwk.Parse: failed to unmarshal JWK set: failed to parse sole key in key set")]
    [InlineData("io.jwt.encode_sign_raw(``, `{}`, `{\"kty\": \"oct\", \"k\": \"AA\"}`)", "io.jwt.encode_sign_raw: missing or invalid 'alg' header: cannot parse JSON: cannot parse empty string; unparsed tail: \"\"")]
    [InlineData("io.jwt.encode_sign_raw(`{\"alg\":\"HS256\"`, `{}`, `{\"kty\": \"oct\", \"k\": \"AA\"}`)", "io.jwt.encode_sign_raw: missing or invalid 'alg' header: cannot parse JSON: cannot parse object: unexpected end of object; unparsed tail: \"\"")]
    [InlineData("io.jwt.encode_sign_raw(`{\"alg\" \"HS256\"}`, `{}`, `{\"kty\": \"oct\", \"k\": \"AA\"}`)", "io.jwt.encode_sign_raw: missing or invalid 'alg' header: cannot parse JSON: cannot parse object: missing ':' after object key; unparsed tail: \"\\\"HS256\\\"}\"")]
    [InlineData("io.jwt.encode_sign_raw(`{\"alg\":\"HS256\",\"typ\":1}`, `x`, `{\"kty\": \"oct\", \"k\": \"AA\"}`)", "io.jwt.encode_sign_raw: type is JWT but payload is not JSON")]
    public void What_is_wrong_is_told_in_OPAs_words(string expression, string message) => Assert.Equal(message, Fault(expression));

    [Theory]
    // A payload that is no JSON may be signed where the header says it is something else.
    [InlineData("io.jwt.encode_sign_raw(`{\"alg\":\"HS256\",\"typ\":\"text\"}`, `x`, `{\"keys\": [{\"kty\": \"oct\", \"k\": \"AA\"}, {\"kty\": \"oct\", \"k\": \"BB\"}]}`)", "\"eyJhbGciOiJIUzI1NiIsInR5cCI6InRleHQifQ.eA.")]
    // The extension a header insists on must be in it to matter.
    [InlineData("io.jwt.decode_verify(io.jwt.encode_sign({\"alg\": \"HS256\", \"crit\": [\"b64\"]}, {}, {\"kty\": \"oct\", \"k\": \"c2VjcmV0\"}), {\"secret\": \"secret\"})[0]", "true")]
    [InlineData("io.jwt.decode_verify(io.jwt.encode_sign({\"alg\": \"HS256\"}, {\"aud\": \"\"}, {\"kty\": \"oct\", \"k\": \"c2VjcmV0\"}), {\"secret\": \"secret\"})[0]", "true")]
    [InlineData("io.jwt.decode_verify(io.jwt.encode_sign({\"alg\": \"HS256\", \"kid\": \"b\"}, {}, {\"kty\": \"oct\", \"k\": \"c2VjcmV0\"}), {\"cert\": `{\"keys\": [{\"kty\": \"oct\", \"k\": \"AA\", \"kid\": \"b\"}, {\"kty\": \"oct\", \"k\": \"c2VjcmV0\", \"kid\": \"b\"}]}`})[0]", "false")]
    [InlineData("io.jwt.decode_verify(io.jwt.encode_sign({\"alg\": \"HS256\", \"kid\": \"c\"}, {}, {\"kty\": \"oct\", \"k\": \"c2VjcmV0\"}), {\"cert\": `{\"keys\": [{\"kty\": \"oct\", \"k\": \"AA\", \"kid\": \"b\"}, {\"kty\": \"oct\", \"k\": \"c2VjcmV0\", \"alg\": \"HS256\"}]}`})[0]", "true")]
    [InlineData("io.jwt.decode_verify(io.jwt.encode_sign({\"alg\": \"HS256\"}, {}, {\"kty\": \"oct\", \"k\": \"c2VjcmV0\"}), {\"cert\": `{\"keys\": [{\"kty\": \"oct\", \"k\": \"c2VjcmV0\", \"alg\": \"HS512\"}]}`})[0]", "false")]
    [InlineData("io.jwt.decode_verify(io.jwt.encode_sign({\"alg\": \"HS256\"}, {\"exp\": 1000.5}, {\"kty\": \"oct\", \"k\": \"c2VjcmV0\"}), {\"secret\": \"secret\", \"time\": 1000.4e9})[0]", "true")]
    [InlineData("io.jwt.decode_verify(\"eyJhbGciOiJub25lIn0.e30.\", {\"secret\": \"secret\"})", "[false,{},{}]")]
    [InlineData("io.jwt.decode(\"eyJjdHkiOiJKV1QifQ.ImV5SmhJam94ZlEuZTMwLiI.\")", "[{\"a\":1},{},\"\"]")]
    [InlineData("io.jwt.decode(\"eyJjdHkiOiJqd3QifQ.e30.\")", "[{\"cty\":\"jwt\"},{},\"\"]")]
    public void Keys_and_headers_are_taken_as_OPA_takes_them(string expression, string expected) => Assert.StartsWith(expected, Policy.P($"p := {expression}", null, new EvaluationOptions { Now = Now }), StringComparison.Ordinal);

    [Fact]
    public void A_set_with_keys_for_other_uses_still_verifies()
    {
        using var rsa = RSA.Create(2048);
        var p = rsa.ExportParameters(true);
        string Url(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
        var publicKey = $"{{\"kty\": \"RSA\", \"n\": \"{Url(p.Modulus!)}\", \"e\": \"{Url(p.Exponent!)}\"";
        var privateKey = $"{publicKey}, \"d\": \"{Url(p.D!)}\", \"p\": \"{Url(p.P!)}\", \"q\": \"{Url(p.Q!)}\"}}";
        var set = $"{{\"keys\": [{publicKey}, \"alg\": \"RSA-OAEP\", \"kid\": \"enc\"}}, {{\"kty\": \"OKP\", \"crv\": \"X25519\", \"x\": \"AA\"}}, {publicKey}, \"alg\": \"PS256\"}}]}}";
        Assert.Equal("[true,true,false,false]", Policy.P($$$"""
            set := `{{{set}}}`
            key := {{{privateKey}}}
            ps := io.jwt.encode_sign({"alg": "PS256", "kid": "enc"}, {}, key)
            rs := io.jwt.encode_sign({"alg": "RS256"}, {}, key)
            p := [io.jwt.verify_ps256(ps, set), io.jwt.decode_verify(ps, {"cert": set})[0], io.jwt.verify_rs256(rs, set), io.jwt.verify_ps256(ps, json.marshal(key))]
            """));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("dummy")]
    public void An_unknown_algorithm_is_never_a_signature(string algorithm)
    {
        var token = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{{\"alg\":\"{algorithm}\"}}")).TrimEnd('=') + ".e30.";
        Assert.NotEqual("true", Policy.P($"p := io.jwt.decode_verify(\"{token}\", {{\"secret\": \"secret\"}})[0]"));
    }

    [Fact]
    public void A_public_key_is_not_taken_for_a_shared_secret()
    {
        using var rsa = RSA.Create(2048);
        var pem = rsa.ExportSubjectPublicKeyInfoPem();
        var policy = Policy.Of("package t\ntoken := io.jwt.encode_sign({\"alg\": \"HS256\"}, {}, {\"kty\": \"oct\", \"k\": base64url.encode_no_pad(input.pem)})\np := io.jwt.decode_verify(token, {\"cert\": input.pem})[0]");
        var input = new RObjectBuilder();
        input.Set("pem", new RString(pem));
        Assert.Equal("false", policy.Evaluate("data.t.p", input.Build())!.ToJson());
    }

    [Theory]
    [InlineData("EdDSA", "{\"kty\": \"OKP\", \"crv\": \"Ed25519\", \"x\": \"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\", \"d\": \"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\"}")]
    [InlineData("ES256", "{\"kty\": \"EC\", \"crv\": \"P-256\", \"x\": \"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\", \"y\": \"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\", \"d\": \"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI\"}")]
    public void A_changed_token_is_found_out(string algorithm, string key)
    {
        var verify = "io.jwt.verify_" + algorithm.ToLowerInvariant();
        var policy = Policy.Of($$"""
            package t
            key := {{key}}
            cert := json.marshal(object.remove(key, ["d"]))
            p := [good, bad] if {
                token := io.jwt.encode_sign({"alg": "{{algorithm}}"}, {"sub": "ada"}, key)
                [head, _, signature] := split(token, ".")
                good := {{verify}}(token, cert)
                bad := {{verify}}(concat(".", [head, base64url.encode_no_pad(`{"sub":"eve"}`), signature]), cert)
            }
            """);
        Assert.Equal("[true,false]", policy.Evaluate("data.t.p", null)!.ToJson());
    }

    [Fact]
    public void A_salt_of_another_length_is_accepted_where_the_algorithm_is_named_only()
    {
        var generator = new Org.BouncyCastle.Crypto.Generators.RsaKeyPairGenerator();
        generator.Init(new Org.BouncyCastle.Crypto.KeyGenerationParameters(new Org.BouncyCastle.Security.SecureRandom(), 1024));
        var pair = generator.GenerateKeyPair();
        var signer = new Org.BouncyCastle.Crypto.Signers.PssSigner(new Org.BouncyCastle.Crypto.Engines.RsaEngine(), new Org.BouncyCastle.Crypto.Digests.Sha256Digest(), 20);
        signer.Init(true, pair.Private);
        var body = $"{Encoded("{\"alg\":\"PS256\"}")}.{Encoded("{}")}";
        signer.BlockUpdate(System.Text.Encoding.ASCII.GetBytes(body));
        var token = $"{body}.{System.Buffers.Text.Base64Url.EncodeToString(signer.GenerateSignature())}";
        var pem = PemEncoding.WriteString("PUBLIC KEY", Org.BouncyCastle.X509.SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(pair.Public).GetDerEncoded());
        Assert.Equal("[true,false]", Policy.P($"p := [io.jwt.verify_ps256(\"{token}\", `{pem}`), io.jwt.decode_verify(\"{token}\", {{\"cert\": `{pem}`}})[0]]"));
    }

    // RFC 8037, appendix A.4
    [Fact]
    public void EdDSA_accepts_the_signature_that_the_standard_shows()
    {
        const string key = "{\"kty\": \"OKP\", \"crv\": \"Ed25519\", \"x\": \"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}";
        const string token = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
        Assert.Equal("true", Policy.P($"p := io.jwt.verify_eddsa(\"{token}\", json.marshal({key}))"));
    }
}
