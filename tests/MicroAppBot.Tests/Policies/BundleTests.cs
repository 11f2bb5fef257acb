using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MicroAppBot.Commands;
using MicroAppBot.Content;
using MicroAppBot.Desk;
using MicroAppBot.Policies;
using MicroAppBot.Policies.Bundles;
using MicroAppBot.Tests.Desk;

namespace MicroAppBot.Tests.Policies;

/// <summary>Bundles: written, signed, read, and refused.</summary>
public sealed class BundleTests : IDisposable
{
    private readonly ScratchFolder scratch = new();

    public static TheoryData<string> Algorithms() => [.. BundleKey.Algorithms];

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void The_bundle_holds_all_that_the_policies_see_and_says_so_in_its_manifest()
    {
        var bundle = BundleReader.Read("b", BundleWriter.Pack(BundleWriter.FilesOf(FrontDesk.Content)), null);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(FrontDesk.Content.DataJson.Span), bundle.Data()));
        Assert.Equal(FrontDesk.Content.Revision, bundle.Revision);
        Assert.Equal(FrontDesk.Content.PolicyFiles.Count(f => !f.Name.EndsWith("_test.rego", StringComparison.Ordinal)), bundle.Modules.Count());
        Assert.Contains("microapps", bundle.Roots);
        Assert.Contains("catalogue", bundle.Roots);
        Assert.DoesNotContain("", bundle.Roots);
        var without = BundleReader.Read("b", BundleWriter.Pack(BundleWriter.FilesOf(FrontDesk.Content, people: false)), null);
        Assert.Null(without.Data()["people"]);
        Assert.DoesNotContain("people", without.Roots);
    }

    [Fact]
    public void The_same_content_gives_the_same_bytes() =>
        Assert.Equal(BundleWriter.Pack(BundleWriter.FilesOf(FrontDesk.Content)), BundleWriter.Pack(BundleWriter.FilesOf(ContentFolder.Load(AppContext.BaseDirectory))));

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void A_signed_bundle_is_taken_with_the_right_key_only(string algorithm)
    {
        var (signing, verifying, other) = Keys(algorithm);
        var files = BundleWriter.FilesOf(FrontDesk.Content);
        var signed = BundleWriter.Pack(files, signing with { Id = "k1", Scope = "write" });

        Assert.NotEmpty(BundleReader.Read("b", signed, verifying with { Scope = "write" }).Files);
        Assert.NotEmpty(BundleReader.Read("b", signed, verifying with { Scope = "write", Id = "k1" }).Files);
        Refused(() => BundleReader.Read("b", signed, other with { Scope = "write" }), "not by the key");
        Refused(() => BundleReader.Read("b", signed, verifying), "another scope");
        Refused(() => BundleReader.Read("b", signed, verifying with { Scope = "write", Id = "k2" }), "\"k1\"");
        Refused(() => BundleReader.Read("b", BundleWriter.Pack(files), verifying), "only signed bundles");
        Refused(() => BundleReader.Read("b", signed, null), "no key is configured");
    }

    [Fact]
    public void What_was_changed_added_or_taken_away_after_signing_is_noticed_and_layout_is_not()
    {
        var (signing, verifying, _) = Keys("HS256");
        var files = BundleWriter.FilesOf(FrontDesk.Content);
        var signature = BundleSignature.Sign(files, signing);
        Bundle Read(IEnumerable<BundleFile> changed) => BundleReader.Read("b", BundleWriter.Pack([.. changed, signature]), verifying);

        Assert.NotEmpty(Read(files).Files);
        Assert.NotEmpty(Read(files.Select(f => f.Name == "data.json" ? f with { Bytes = Encoding.UTF8.GetBytes(JsonNode.Parse(f.Bytes)!.ToJsonString()) } : f)).Files);
        Refused(() => Read(files.Select(f => f.Name == "data.json" ? f with { Bytes = "{}"u8.ToArray() } : f)), "not the one that was signed");
        Refused(() => Read(files.Select(f => f.Name == "policies/cost.rego" ? f with { Bytes = [.. f.Bytes, (byte)' '] } : f)), "not the one that was signed");
        Refused(() => Read(files.Append(new BundleFile("policies/more.rego", "package microapps.more"u8.ToArray()))), "not in the bundle's signature");
        Refused(() => Read(files.Where(f => f.Name != "policies/cost.rego")), "is not in the bundle");
    }

    [Theory]
    [InlineData("{\"signatures\":[]}")]
    [InlineData("{\"signatures\":[\"a.b.c\",\"d.e.f\"]}")]
    [InlineData("{\"signatures\":[\"a.b\"]}")]
    [InlineData("{\"signatures\":[\"eyJhbGciOiJub25lIn0.e30.\"]}")]
    [InlineData("{\"signatures\":7}")]
    [InlineData("[]")]
    [InlineData("nothing")]
    public void A_signature_that_is_none_is_refused(string text)
    {
        var files = BundleWriter.FilesOf(FrontDesk.Content);
        var archive = BundleWriter.Pack([.. files, new BundleFile(Bundle.SignaturesName, Encoding.UTF8.GetBytes(text))]);

        Assert.Throws<ContentException>(() => BundleReader.Read("b", archive, Keys("HS256").Verifying));
    }

    [Fact]
    public void A_token_that_names_another_algorithm_than_the_key_is_refused()
    {
        // The old trick: sign with the public key's text as a secret and say HS256
        var (_, verifying, _) = Keys("RS256");
        var files = BundleWriter.FilesOf(FrontDesk.Content);
        var forged = BundleWriter.Pack(files, new BundleKey("HS256", verifying.Material));

        Refused(() => BundleReader.Read("b", forged, verifying), "another algorithm");
    }

    [Theory]
    [InlineData("../evil.rego")]
    [InlineData("/../evil.rego")]
    [InlineData("policies/../../evil.rego")]
    [InlineData("a\\..\\evil.rego")]
    [InlineData("C:/evil.rego")]
    [InlineData("//evil.rego")]
    public void A_name_that_reaches_out_of_the_bundle_is_refused(string name) =>
        Refused(() => BundleReader.Read("b", Archive(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream("package a"u8.ToArray()) }), null), "reaches out");

    [Theory]
    [InlineData(TarEntryType.SymbolicLink)]
    [InlineData(TarEntryType.HardLink)]
    [InlineData(TarEntryType.Fifo)]
    public void Links_and_devices_are_refused(TarEntryType type)
    {
        var entry = new UstarTarEntry(type, "policies/link.rego");
        if (type != TarEntryType.Fifo) entry.LinkName = "/etc/passwd";

        Refused(() => BundleReader.Read("b", Archive(entry), null), "plain files only");
    }

    [Fact]
    public void What_is_too_large_too_much_twice_or_cut_off_is_refused()
    {
        Refused(() => BundleReader.Read("b", Archive(File("data.json", new byte[17 * 1024 * 1024])), null), "too large");
        Refused(() => BundleReader.Read("b", Archive([.. Enumerable.Range(0, 5).Select(i => File($"f{i}", new byte[15 * 1024 * 1024]))]), null), "too large");
        Refused(() => BundleReader.Read("b", Archive([.. Enumerable.Range(0, 4001).Select(i => File($"f{i}", []))]), null), "more than 4000");
        Refused(() => BundleReader.Read("b", Archive(File("a/data.json", "{}"u8.ToArray()), File("./a/data.json", "{}"u8.ToArray())), null), "twice");
        var whole = BundleWriter.Pack(BundleWriter.FilesOf(FrontDesk.Content));
        Refused(() => BundleReader.Read("b", whole[..(whole.Length / 2)], null), "not a whole");
        Refused(() => BundleReader.Read("b", "no archive at all"u8.ToArray(), null), "not a whole");
    }

    [Theory]
    [InlineData("{\"roots\": [\"a\"]}", "package b", "{}", "under none of the bundle's roots")]
    [InlineData("{\"roots\": [\"b\"]}", "package b", "{\"a\": 1}", "under none of the bundle's roots")]
    [InlineData("{\"roots\": [\"b\", \"b/c\"]}", "package b", "{}", "lie inside one another")]
    [InlineData("{\"roots\": \"b\"}", "package b", "{}", "list of paths")]
    [InlineData("{\"roots\": [\"b\"], \"rego_version\": 0}", "package b", "{}", "rego_version")]
    [InlineData("[1]", "package b", "{}", "one object")]
    [InlineData("{", "package b", "{}", "not valid JSON")]
    [InlineData("{\"roots\": [\"b\"]}", "package b", "[]", "one object")]
    [InlineData("{\"roots\": [\"b\"]}", "package b", "{\"b\": 1, \"b\": 2}", "not valid JSON")]
    public void A_manifest_that_does_not_fit_what_is_in_the_bundle_is_refused(string manifest, string module, string data, string why) => Refused(
        () => BundleReader.Read("b", Archive(File(".manifest", Encoding.UTF8.GetBytes(manifest)), File("m.rego", Encoding.UTF8.GetBytes(module)), File("data.json", Encoding.UTF8.GetBytes(data))), null), why);

    [Theory]
    [InlineData("{\"roots\": [\"b\"], \"wasm\": [{\"entrypoint\": \"b/allow\", \"module\": \"/policy.wasm\"}]}", "policy.wasm")]
    [InlineData("{\"roots\": [\"b\"]}", "policy.wasm")]
    public void Rules_compiled_to_WebAssembly_are_refused_in_clear_words(string manifest, string name) => Refused(
        () => BundleReader.Read("b", Archive(File(".manifest", Encoding.UTF8.GetBytes(manifest)), File("/" + name, [0, 97, 115, 109])), null), "WebAssembly");

    [Fact]
    public void A_version_for_each_file_is_taken_where_it_is_1()
    {
        Bundle Read(int version) => BundleReader.Read("b", Archive(File(".manifest", Encoding.UTF8.GetBytes($$$"""{"roots": ["b"], "rego_version": 1, "file_rego_versions": {"/m.rego": {{{version}}}}}""")), File("m.rego", "package b"u8.ToArray())), null);

        Assert.Single(Read(1).Modules);
        Refused(() => Read(0), "file_rego_versions");
    }

    [Fact]
    public void A_delta_bundle_is_refused() =>
        Refused(() => BundleReader.Read("b", Archive(File("patch.json", """{"data": [{"op": "upsert", "path": "/a", "value": 1}]}"""u8.ToArray())), null), "only whole ones");

    /// <summary>As people pack by hand: other formats, a leading "./", folders as entries, long names, UTF-8.</summary>
    [Theory]
    [InlineData("gnu")]
    [InlineData("pax")]
    [InlineData("ustar")]
    [InlineData("v7")]
    public void What_the_real_tar_packs_is_read(string format)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "GNU tar is asked for.");
        var longName = format is "v7" or "ustar" ? "short" : string.Join('/', Enumerable.Repeat("a-folder-with-a-rather-long-name", 6));
        scratch.Write("bundle/.manifest", """{"revision": "r1", "roots": ["a", "b"]}""");
        scratch.Write("bundle/a/data.json", """{"x": 1}""");
        scratch.Write("bundle/a/deep/er/data.yaml", "on: yes\nten: 010\n");
        scratch.Write($"bundle/{longName}/ä.rego", "package b\n\ny := 2\n");
        var archive = Path.Combine(scratch.Root, "b.tar.gz");
        using var tar = System.Diagnostics.Process.Start("tar", ["-C", Path.Combine(scratch.Root, "bundle"), $"--format={format}", "-czf", archive, "."]);
        tar.WaitForExit();
        Assert.Equal(0, tar.ExitCode);

        var bundle = BundleReader.Read("b", System.IO.File.ReadAllBytes(archive), null);

        Assert.Equal("r1", bundle.Revision);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"a": {"x": 1, "deep": {"er": {"true": true, "ten": 8}}}}"""), bundle.Data()), bundle.Data().ToJsonString());
        Assert.Equal($"{longName}/ä.rego", Assert.Single(bundle.Modules).Name);
    }

    /// <summary>Hashes as OPA's hasher makes them, worked out apart from our code: keys in order, no spaces, numbers as written, nothing escaped for HTML.</summary>
    [Fact]
    public void The_values_of_data_and_manifest_are_hashed_as_OPA_hashes_them()
    {
        var files = new List<BundleFile>
        {
            new(".manifest", """{ "roots": ["a"],  "revision": "r" }"""u8.ToArray()),
            new("a/data.json", Encoding.UTF8.GetBytes("{\"b\": [1.0, 1e2, \"<&>\", null],\n \"a\": {\"ü\": true, \"u\": \"\\u2028\"}}")),
            new("a/more/data.yaml", "z: yes\nk: [1]\n"u8.ToArray()),
            new("m.rego", "package a\n"u8.ToArray()),
        };
        string[] hashed = ["""{"revision":"r","roots":["a"]}""", """{"a":{"u":"\u2028","ü":true},"b":[1.0,1e2,"<&>",null]}""", """{"k":[1],"z":true}""", "package a\n"];
        var claims = new JsonObject { ["files"] = new JsonArray([.. files.Zip(hashed, (f, text) => (JsonNode)new JsonObject { ["name"] = f.Name, ["hash"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))), ["algorithm"] = "SHA-256" })]) };
        var key = "a secret of more than sixteen"u8.ToArray();
        var text = $"{Part("""{"alg":"HS256"}""")}.{Part(claims.ToJsonString())}";
        var token = $"{text}.{System.Buffers.Text.Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(text)))}";
        files.Add(new BundleFile(Bundle.SignaturesName, Encoding.UTF8.GetBytes($$"""{"signatures": ["{{token}}"]}""")));

        Assert.Equal("r", BundleReader.Read("b", BundleWriter.Pack(files), new BundleKey("HS256", key)).Revision);

        static string Part(string json) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
    }

    [Fact]
    public void An_archive_of_nothing_but_headers_is_not_read_to_its_end() =>
        Refused(() => BundleReader.Read("b", Archive([.. Enumerable.Range(0, 8001).Select(i => new UstarTarEntry(TarEntryType.Directory, $"d{i}"))]), null), "more than 8000 entries");

    [Theory]
    [InlineData('x')]
    [InlineData('L')]
    public void A_header_that_unpacks_to_a_gigabyte_is_not_read(char type)
    {
        const long claimed = 1_200_000_000;
        var header = new byte[512];
        Encoding.ASCII.GetBytes("a").CopyTo(header, 0);
        Encoding.ASCII.GetBytes($"0000644\00000000\00000000\0{Convert.ToString(claimed, 8).PadLeft(11, '0')}\000000000000\0").CopyTo(header, 100);
        header.AsSpan(148, 8).Fill((byte)' ');
        header[156] = (byte)type;
        Encoding.ASCII.GetBytes("ustar\000").CopyTo(header, 257);
        Encoding.ASCII.GetBytes(Convert.ToString(header.Sum(b => b), 8).PadLeft(6, '0') + "\0 ").CopyTo(header, 148);
        using var bytes = new MemoryStream();
        using (var zip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        {
            zip.Write(header);
            for (var zeros = new byte[1024 * 1024]; bytes.Length < 1_000_000;) zip.Write(zeros);
        }

        Refused(() => BundleReader.Read("b", bytes.ToArray(), null), "unpacks to more than 88 MB");
    }

    [Fact]
    public void An_unpacked_bundle_is_read_as_a_packed_one_and_its_links_are_refused()
    {
        foreach (var file in BundleWriter.FilesOf(FrontDesk.Content)) scratch.Write(file.Name, Encoding.UTF8.GetString(file.Bytes));
        Assert.Equal(FrontDesk.Content.Revision, BundleReader.ReadFolder("b", scratch.Root, null).Revision);

        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights on Windows.");
        System.IO.File.CreateSymbolicLink(Path.Combine(scratch.Root, "policies", "passwd.rego"), "/etc/passwd");
        Refused(() => BundleReader.ReadFolder("b", scratch.Root, null), "plain files only");
    }

    [Fact]
    public void The_command_writes_a_bundle_and_signs_it()
    {
        using var rsa = RSA.Create(2048);
        var (key, file) = (scratch.Write("key.pem", rsa.ExportPkcs8PrivateKeyPem()), Path.Combine(scratch.Root, "microapps.tar.gz"));

        var (code, said) = Run("bundle", file, "--signing-key", key, "--signing-key-id", "ops");
        Assert.Equal(0, code);
        Assert.Contains(FrontDesk.Content.Revision, said, StringComparison.Ordinal);
        var verified = BundleReader.Read("b", System.IO.File.ReadAllBytes(file), BundleKey.Of("RS256", Encoding.UTF8.GetBytes(rsa.ExportSubjectPublicKeyInfoPem()), "ops", null, "test"));
        Assert.Equal(FrontDesk.Content.Revision, verified.Revision);

        Assert.Equal(1, Run("bundle", file, "--signing-key", scratch.Write("public.pem", rsa.ExportSubjectPublicKeyInfoPem())).Code);
        Assert.Equal(1, Run("bundle", file, "--signing-key", scratch.Write("short.txt", "abc"), "--signing-alg", "HS256").Code);
        Assert.Equal(1, Run("bundle", file, "--content", scratch.Root).Code);
        Assert.Equal(1, Run("bundle", Path.Combine(scratch.Root, "no", "such", "place.tar.gz")).Code);
    }

    private static (int Code, string Said) Run(params string[] args)
    {
        using var output = new StringWriter();
        var code = PolicyCommands.Create(() => AppContext.BaseDirectory).Parse(args).Invoke(new System.CommandLine.InvocationConfiguration { Output = output, Error = output });
        return (code, output.ToString());
    }

    private static (BundleKey Signing, BundleKey Verifying, BundleKey Other) Keys(string algorithm)
    {
        switch (algorithm[..2])
        {
            case "HS":
                var secret = new BundleKey(algorithm, "a secret of more than sixteen"u8.ToArray());
                return (secret, secret, new BundleKey(algorithm, "another secret, just as long"u8.ToArray()));
            case "RS" or "PS":
                using (RSA one = RSA.Create(2048), two = RSA.Create(2048))
                    return (Key(one.ExportPkcs8PrivateKeyPem()), Key(one.ExportSubjectPublicKeyInfoPem()), Key(two.ExportSubjectPublicKeyInfoPem()));
            default:
                var curve = algorithm switch { "ES256" => ECCurve.NamedCurves.nistP256, "ES384" => ECCurve.NamedCurves.nistP384, _ => ECCurve.NamedCurves.nistP521 };
                using (ECDsa one = ECDsa.Create(curve), two = ECDsa.Create(curve))
                    return (Key(one.ExportPkcs8PrivateKeyPem()), Key(one.ExportSubjectPublicKeyInfoPem()), Key(two.ExportSubjectPublicKeyInfoPem()));
        }

        BundleKey Key(string pem) => BundleKey.Of(algorithm, Encoding.UTF8.GetBytes(pem), null, null, "test");
    }

    private static UstarTarEntry File(string name, byte[] bytes) => new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(bytes) };

    private static byte[] Archive(params TarEntry[] entries)
    {
        using var bytes = new MemoryStream();
        using (var zip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        using (var tar = new TarWriter(zip, TarEntryFormat.Ustar))
        {
            foreach (var entry in entries) tar.WriteEntry(entry);
        }
        return bytes.ToArray();
    }

    private static void Refused(Action read, string why) =>
        Assert.Contains(Assert.Throws<ContentException>(read).Faults, fault => fault.Why.Contains(why, StringComparison.Ordinal));
}
