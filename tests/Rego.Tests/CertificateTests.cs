using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Rego.Tests;

public class CertificateTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly EvaluationOptions AtNow = new() { Now = Now, StrictBuiltinErrors = true };

    private static X509Certificate2 Authority(string name, ECDsa key, X509Certificate2? issuer, int? pathLength = null)
    {
        var request = new CertificateRequest($"CN={name}, O=House, C=DE", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, pathLength is not null, pathLength ?? 0, true));
        return Signed(request, issuer, key);
    }

    private static X509Certificate2 Signed(CertificateRequest request, X509Certificate2? issuer, ECDsa key)
    {
        if (issuer is null) return request.CreateSelfSigned(Now.AddYears(-1), Now.AddYears(1));
        using var one = request.Create(issuer, Now.AddDays(-10), Now.AddDays(10), [1, 2, 3]);
        return one.CopyWithPrivateKey(key);
    }

    private static X509Certificate2 Leaf(ECDsa key, X509Certificate2 issuer, string usage = "1.3.6.1.5.5.7.3.1")
    {
        var request = new CertificateRequest("CN=app", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("app.example.com");
        names.AddUri(new Uri("spiffe://example.com/app"));
        names.AddIpAddress(System.Net.IPAddress.Parse("10.0.0.7"));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        return Signed(request, issuer, key);
    }

    private static string Pems(params X509Certificate2[] certificates) => string.Join('\n', certificates.Select(c => c.ExportCertificatePem()));

    private static string Ask(string rule, string text, EvaluationOptions? options = null) => Policy.P($"p := {rule}", JsonSerializer.Serialize(text), options ?? AtNow);

    private static bool Verifies(string pems, string options = "{}") => Ask($"crypto.x509.parse_and_verify_certificates_with_options(input, {options})[0]", pems) == "true";

    [Fact]
    public void A_certificate_is_taken_apart()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var root = Authority("Root", key, null);
        using var leaf = Leaf(key, root);

        Assert.Equal("[\"Root\",[\"House\"],[\"DE\"]]", Ask("[c.Subject.CommonName, c.Subject.Organization, c.Subject.Country] if c := crypto.x509.parse_certificates(input)[0]", Pems(root)));
        Assert.Equal("[[\"app.example.com\"],[\"10.0.0.7\"],[\"spiffe://example.com/app\"],\"example.com\",[1],66051,false,3]",
            Ask("[c.DNSNames, c.IPAddresses, c.URIStrings, c.URIs[0].Host, c.ExtKeyUsage, c.SerialNumber, c.IsCA, c.Version] if c := crypto.x509.parse_certificates(input)[0]", Pems(leaf)));
        Assert.Equal("\"2026-06-11T12:00:00Z\"", Ask("crypto.x509.parse_certificates(input)[0].NotAfter", Convert.ToBase64String(leaf.RawData)));
    }

    [Fact]
    public void A_chain_holds_when_every_step_does()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var root = Authority("Root", key, null);
        using var between = Authority("Between", other, root);
        using var leaf = Leaf(key, between);
        using var narrow = Authority("Root", key, null, pathLength: 0);
        using var stranger = Authority("Root", other, null);

        Assert.Equal("[true,[\"app\",\"Between\",\"Root\"]]", Ask("[v, [c.Subject.CommonName | some c in chain]] if [v, chain] := crypto.x509.parse_and_verify_certificates(input)", Pems(root, between, leaf)));
        Assert.True(Verifies(Pems(root, between, leaf), """{"DNSName": "app.example.com"}"""));
        Assert.False(Verifies(Pems(root, between, leaf), """{"DNSName": "other.example.com"}"""));
        Assert.False(Verifies(Pems(root, between, leaf), """{"KeyUsages": ["KeyUsageCodeSigning"]}"""));
        Assert.True(Verifies(Pems(root, between, leaf), """{"KeyUsages": {"KeyUsageCodeSigning", "KeyUsageAny"}}"""));
        Assert.False(Verifies(Pems(root, between, leaf), $$"""{"CurrentTime": {{Now.AddDays(11).ToUnixTimeMilliseconds()}}000000}"""));
        Assert.False(Verifies(Pems(narrow, between, leaf)), "a root that allows no authority below it");
        Assert.False(Verifies(Pems(stranger, between, leaf)), "another root of the same name");
        Assert.False(Verifies(Pems(root, leaf)), "a missing step");
        Assert.False(Verifies(Pems(leaf)), "one certificate");
        Assert.Equal("[false,[]]", Ask("crypto.x509.parse_and_verify_certificates(input)", "nothing"));
    }

    [Theory]
    [InlineData("""{"DNSName": 1}""", "'DNSName' should be a string")]
    [InlineData("""{"KeyUsages": ["Nope"]}""", "invalid entries for 'KeyUsages' found: [Nope]")]
    [InlineData("""{"nope": 1}""", "invalid key option")]
    public void Options_nobody_knows_are_refused(string options, string message)
    {
        var fault = Assert.Throws<RegoEvaluationException>(() => Verifies("x", options));
        Assert.Contains(message, fault.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_are_read_and_must_belong_to_their_certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var rsa = RSA.Create(2048);
        using var root = Authority("Root", key, null);
        var input = JsonSerializer.Serialize(new { cert = root.ExportCertificatePem(), key = key.ExportECPrivateKeyPem(), other = rsa.ExportPkcs8PrivateKeyPem() });

        Assert.Equal("1", Policy.P("p := count(crypto.x509.parse_keypair(input.cert, input.key).Certificate)", input, AtNow));
        Assert.Contains("private key does not match public key", Assert.Throws<RegoEvaluationException>(() => Policy.P("p := crypto.x509.parse_keypair(input.cert, input.other)", input, AtNow)).Reason, StringComparison.Ordinal);
        Assert.Equal("[65537,2]", Policy.P("p := [k.E, count(k.Primes)] if k := crypto.parse_private_keys(input.other)[0]", input, AtNow));
        Assert.Equal("[\"EC\",\"P-256\"]", Policy.P("p := [k.kty, k.crv] if k := crypto.x509.parse_rsa_private_key(input.key)", input, AtNow));
        Assert.Equal("null", Policy.P("p := crypto.parse_private_keys(\"\")", null, AtNow));
        Assert.Equal("[]", Policy.P("p := crypto.parse_private_keys(\"no key\")", null, AtNow));
    }

    [Fact]
    public void A_request_is_taken_apart()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=app, OU=Sales", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("app.example.com");
        request.CertificateExtensions.Add(names.Build());

        Assert.Equal("[\"app\",[\"Sales\"],[\"app.example.com\"],1]",
            Ask("[r.Subject.CommonName, r.Subject.OrganizationalUnit, r.DNSNames, r.PublicKeyAlgorithm] if r := crypto.x509.parse_certificate_request(input)", request.CreateSigningRequestPem()));
    }

    [Fact]
    public void A_module_is_told_as_OPAs_tree()
    {
        const string Module = "package a.b\n\nimport data.x as y\n\ndefault p := 1\n\np := 2 if {\n\tnot input.q with input as {}\n\tsome i in [1]\n\ti + 1 == 2\n}\n";

        Assert.Equal("""[["data","a","b"],"y",true,[true,null,null],"internal","equal"]""",
            Ask("""
                [[t.value | some t in m["package"].path], m.imports[0].alias, m.rules[0]["default"], [object.get(e, "negated", null) | some e in m.rules[1].body],
                m.rules[1].body[1].terms.symbols[0].value[0].value[0].value, m.rules[1].body[2].terms[0].value[0].value] if m := rego.parse_module("m.rego", input)
                """, Module));
        Assert.Contains("m.rego:1: rego_parse_error", Assert.Throws<RegoEvaluationException>(() => Ask("rego.parse_module(\"m.rego\", input)", "package")).Reason, StringComparison.Ordinal);
    }
}
