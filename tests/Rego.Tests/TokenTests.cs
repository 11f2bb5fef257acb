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
        Assert.Equal("false", Ask("{}", "{\"secret\": \"secret\"}", "{\"alg\": \"HS256\", \"crit\": [\"b64\"]}"));

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

    // RFC 8037, appendix A.4
    [Fact]
    public void EdDSA_accepts_the_signature_that_the_standard_shows()
    {
        const string key = "{\"kty\": \"OKP\", \"crv\": \"Ed25519\", \"x\": \"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}";
        const string token = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
        Assert.Equal("true", Policy.P($"p := io.jwt.verify_eddsa(\"{token}\", json.marshal({key}))"));
    }
}
