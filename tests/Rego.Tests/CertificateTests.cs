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
    [InlineData("""{"CurrentTime": 1e18}""", "'CurrentTime' should be a valid int64 number")]
    [InlineData("""{"CurrentTime": "now"}""", "'CurrentTime' should be a number")]
    [InlineData("""{"MaxConstraintComparisons": 1.5}""", "'MaxConstraintComparisons' should be a valid number")]
    [InlineData("""{"KeyUsages": "KeyUsageAny"}""", "'KeyUsages' should be an Array or Set")]
    public void Options_nobody_knows_are_refused(string options, string message)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var root = Authority("Root", key, null);
        Assert.False(Verifies("x", options), "what is no certificate is not verified, whatever the options");
        var fault = Assert.Throws<RegoEvaluationException>(() => Verifies(Pems(root, root), options));
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
        Assert.Contains("private key type does not match public key type", Assert.Throws<RegoEvaluationException>(() => Policy.P("p := crypto.x509.parse_keypair(input.cert, input.other)", input, AtNow)).Reason, StringComparison.Ordinal);
        Assert.Equal("[65537,2]", Policy.P("p := [k.E, count(k.Primes)] if k := crypto.parse_private_keys(input.other)[0]", input, AtNow));
        Assert.Equal("{\"kty\":\"EC\"}", Policy.P("p := crypto.x509.parse_rsa_private_key(input.key)", input, AtNow));
        Assert.Equal("[\"RSA\",\"AQAB\"]", Policy.P("p := [k.kty, k.e] if k := crypto.x509.parse_rsa_private_key(base64.encode(input.other))", input, AtNow));
        Assert.Equal("1", Policy.P("p := count(crypto.parse_private_keys(base64.encode(input.key)))", input, AtNow));
        Assert.Equal("null", Policy.P("p := crypto.parse_private_keys(\"\")", null, AtNow));
        Assert.Equal("[]", Policy.P("p := crypto.parse_private_keys(\"no key\")", null, AtNow));
    }

    [Theory]
    // kind of name (RFC 5280: 1 e-mail, 2 DNS, 6 URI, 7 address), constraint, what holds for app.example.com, spiffe://example.com/app and 10.0.0.7
    [InlineData(2, "example.com", true, false)]
    [InlineData(2, ".example.com", true, false)]
    [InlineData(2, "app.example.com", true, false)]
    [InlineData(2, ".app.example.com", false, true)]
    [InlineData(2, "other.com", false, true)]
    [InlineData(6, "example.com", true, false)]
    [InlineData(6, ".example.com", false, true)]
    [InlineData(1, "example.com", true, true)]
    [InlineData(7, "10.0.0.0/255.0.0.0", true, false)]
    [InlineData(7, "11.0.0.0/255.0.0.0", false, true)]
    public void An_authority_signs_for_the_names_it_may(int kind, string constraint, bool isPermitted, bool isAllowedBesides)
    {
        var value = kind == 7
            ? constraint.Split('/').SelectMany(a => System.Net.IPAddress.Parse(a).GetAddressBytes()).ToArray()
            : System.Text.Encoding.ASCII.GetBytes(constraint);
        Assert.Equal(isPermitted, Holds(0));
        Assert.Equal(isAllowedBesides, Holds(1));

        bool Holds(int tag)
        {
            var writer = new System.Formats.Asn1.AsnWriter(System.Formats.Asn1.AsnEncodingRules.DER);
            using (writer.PushSequence())
            using (writer.PushSequence(new System.Formats.Asn1.Asn1Tag(System.Formats.Asn1.TagClass.ContextSpecific, tag)))
            using (writer.PushSequence())
            {
                writer.WriteOctetString(value, new System.Formats.Asn1.Asn1Tag(System.Formats.Asn1.TagClass.ContextSpecific, kind));
            }
            return VerifiesUnder(new X509Extension("2.5.29.30", writer.Encode(), true));
        }
    }

    [Fact]
    public void What_must_be_understood_and_is_not_refuses_the_chain()
    {
        Assert.True(VerifiesUnder(new X509Extension("1.2.3.4", [5, 0], false)));
        Assert.False(VerifiesUnder(new X509Extension("1.2.3.4", [5, 0], true)));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var root = AuthorityWith(key, new X509Extension("1.2.3.4", [5, 0], true));
        Assert.Equal("[[1,2,3,4]]", Ask("crypto.x509.parse_certificates(input)[0].UnhandledCriticalExtensions", Pems(root)));
        using var odd = AuthorityWith(key, new X509Extension("2.5.29.14", [4, 1, 7], true));
        Assert.Equal("crypto.x509.parse_certificates: x509: subject key identifier incorrectly marked critical", Fault("crypto.x509.parse_certificates(input)", Pems(odd)));
    }

    [Fact]
    public void Constraints_are_told_as_Go_tells_them()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var root = AuthorityWith(key, new X509Extension("2.5.29.30", Convert.FromHexString("301da00d300b82096c6f63616c686f7374a10c300a87080a000000ff000000"), true));
        Assert.Equal("""[["localhost"],[{"IP":"10.0.0.0","Mask":"/wAAAA=="}],true,null]""",
            Ask("[c.PermittedDNSDomains, c.ExcludedIPRanges, c.PermittedDNSDomainsCritical, c.ExcludedDNSDomains] if c := crypto.x509.parse_certificates(input)[0]", Pems(root)));
    }

    private static X509Certificate2 AuthorityWith(ECDsa key, X509Extension extension)
    {
        var request = new CertificateRequest("CN=Root", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(extension);
        return request.CreateSelfSigned(Now.AddYears(-1), Now.AddYears(1));
    }

    private static bool VerifiesUnder(X509Extension extension)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var root = AuthorityWith(key, extension);
        using var leaf = Leaf(key, root);
        return Verifies(Pems(root, leaf));
    }

    private static string Fault(string rule, string text) => Assert.Throws<RegoEvaluationException>(() => Ask(rule, text)).Reason;

    [Fact]
    public void What_cannot_be_read_is_told_in_Gos_words()
    {
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var rsa = RSA.Create(2048);
        using var root = Authority("Root", ec, null);
        string Block(string label, byte[] der) => PemEncoding.WriteString(label, der);
        string Pair(string certificate, string key) => Fault("crypto.x509.parse_keypair(json.unmarshal(input)[0], json.unmarshal(input)[1])", JsonSerializer.Serialize(new[] { certificate, key }));

        Assert.Equal("crypto.x509.parse_certificates: illegal base64 data at input byte 4", Fault("crypto.x509.parse_certificates(input)", "foobar"));
        Assert.Equal("crypto.x509.parse_certificates: x509: malformed certificate", Fault("crypto.x509.parse_certificates(input)", "YmFkc3RyaW5n"));
        Assert.Equal("crypto.x509.parse_certificates: PEM block type is 'PUBLIC KEY', expected CERTIFICATE", Fault("crypto.x509.parse_certificates(input)", rsa.ExportSubjectPublicKeyInfoPem()));
        Assert.Equal("[]", Ask("crypto.x509.parse_certificates(input)", ""));
        Assert.Equal("crypto.parse_private_keys: x509: failed to parse private key (use ParsePKCS8PrivateKey instead for this key format)", Fault("crypto.parse_private_keys(input)", Block("RSA PRIVATE KEY", rsa.ExportPkcs8PrivateKey())));
        Assert.Equal("crypto.parse_private_keys: x509: failed to parse EC private key (use ParsePKCS1PrivateKey instead for this key format)", Fault("crypto.parse_private_keys(input)", Block("EC PRIVATE KEY", rsa.ExportRSAPrivateKey())));
        Assert.Equal("crypto.parse_private_keys: asn1: structure error: tags don't match", Fault("crypto.parse_private_keys(input)", Block("PRIVATE KEY", [4, 1, 7])));
        Assert.Equal("crypto.x509.parse_keypair: tls: failed to find any PEM data in certificate input", Pair("-----BEGIN nothing", "x"[..0]));
        Assert.Equal("crypto.x509.parse_keypair: tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched", Pair(ec.ExportECPrivateKeyPem(), root.ExportCertificatePem()));
        Assert.Equal("crypto.x509.parse_keypair: tls: found a certificate rather than a key in the PEM for the private key", Pair(root.ExportCertificatePem(), root.ExportCertificatePem()));
        Assert.Equal("crypto.x509.parse_keypair: tls: private key type does not match public key type", Pair(root.ExportCertificatePem(), rsa.ExportRSAPrivateKeyPem()));
        Assert.Equal("crypto.x509.parse_keypair: tls: failed to parse private key", Pair(Convert.ToBase64String(root.RawData), Convert.ToBase64String([4, 1, 7])));
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
