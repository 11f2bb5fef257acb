using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MicroAppBot.Content;
using MicroAppBot.Tests.Cards;

namespace MicroAppBot.Tests.Policies;

/// <summary>The client that OPA's own people publish (npm: @open-policy-agent/opa), against our API. Skips, saying so, where Node or npm is missing; in CI that is a failure.</summary>
public sealed class OpaClientTests
{
    private static readonly string Scripts = Path.Combine(TheCards.Root, "tests", "MicroAppBot.Tests", "Policies", "node");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_official_client_gets_its_answers()
    {
        var folder = await InstalledAsync();
        using var scratch = ScratchFolder.OfContent();
        scratch.Write("policies/probe.rego", "package probe\n\nconflict := 1 if input.a\nconflict := 2 if input.a\nfails := 1 / input.zero\necho := input\n");
        await using var server = await RuleServer.StartAsync(ContentFolder.Load(scratch.Root), "s3cret");
        var input = new JsonObject { ["allowed"] = Sample("granted-lunch-picker"), ["refused"] = Sample("refused-much") };

        var output = await RunAsync("node", [Path.Combine(Scripts, "client.mjs"), server.Address.ToString().TrimEnd('/'), "s3cret"], folder, input.ToJsonString());

        Assert.NotNull(output);
        var said = JsonNode.Parse(output)!;
        Assert.True((bool)said["decision"]!["allow"]!);
        Assert.False((bool)said["fromResult"]!);
        Assert.Equal(500, (int)said["number"]!);
        Assert.True((bool)said["byDefault"]!["allow"]!);
        Assert.Equal((true, false), ((bool)said["batch"]!["one"]!, (bool)said["batch"]!["two"]!));
        Assert.Null(said["undefinedIs"]);
        Assert.Null(said["people"]);
        Assert.Equal(401, (int)said["withoutToken"]!["status"]!);
        Assert.Contains("error(s) occurred while evaluating query", (string?)said["conflict"]!["message"], StringComparison.Ordinal);
        Assert.Equal(("ServerError", "internal_error", "eval_conflict_error"), ((string?)said["conflict"]!["kind"], (string?)said["conflict"]!["code"], (string?)said["conflict"]!["errors"]![0]!["code"]));

        Assert.Equal((true, false, true), ((bool)said["toInput"]!, (bool)said["toInputByDefault"]!, (bool)said["toInputInBatch"]!["one"]!));
        Assert.Equal("[false,0,\"\"]", said["falsy"]!.ToJsonString());
        Assert.Equal("[1,\"two\",{\"three\":3}]", said["list"]!.ToJsonString());
        Assert.Equal("internal_error", (string?)said["mixed"]!["bad"]!["code"]);
        Assert.False(said["mixed"]!.AsObject().TryGetPropertyValue("good", out var good) && good is not null);
        Assert.Equal("internal_error", (string?)said["rejectMixed"]!["code"]);
        Assert.Equal(404, (int)said["batchWithoutFallback"]!["status"]!);
        foreach (var filters in (string[])["filters", "multipleFilters"]) Assert.Equal(501, (int)said[filters]!["status"]!);

        var all = said["all"]!;
        Assert.True((bool)all["result"]!["allow"]!);
        Assert.Matches("^[0-9a-f-]{36}$", (string?)all["decisionId"]);
        Assert.Equal(ContentFolder.Load(scratch.Root).Revision, (string?)all["provenance"]!["bundles"]!["microapps"]!["revision"]);
        Assert.True((long)all["metrics"]!["timer_rego_query_eval_ns"]! > 0);
        Assert.Equal(500, (int)said["get"]!["result"]!);
        Assert.Equal(("ServerError", "eval_builtin_error"), ((string?)said["strict"]!["kind"], (string?)said["strict"]!["errors"]![0]!["code"]));
        Assert.Equal("{}", said["health"]!.ToJsonString());
    }

    private static JsonNode Sample(string name) => JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "policies", "samples", name, "manifest.json")))!;

    private static async Task<string> InstalledAsync()
    {
        var package = await File.ReadAllTextAsync(Path.Combine(Scripts, "package.json"), Cancel);
        var folder = Path.Combine(Path.GetTempPath(), "microappbot-opa-client-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(package)))[..12]);
        if (File.Exists(Path.Combine(folder, "installed"))) return folder;
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "package.json"), package, Cancel);
        var installed = await RunAsync("npm", ["install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"], folder, "");
        if (installed is null)
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", "In CI the official OPA client has to be there: Node or npm is missing, or the package could not be installed.");
            Assert.Skip("Node or npm is missing here, or @open-policy-agent/opa could not be installed.");
        }
        await File.WriteAllTextAsync(Path.Combine(folder, "installed"), "", Cancel);
        return folder;
    }

    /// <summary>What it printed; null when the program is not there or npm did not succeed.</summary>
    private static async Task<string?> RunAsync(string program, string[] arguments, string folder, string input)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
        using (process)
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(Cancel), process.StandardError.ReadToEndAsync(Cancel));
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
            patience.CancelAfter(TimeSpan.FromMinutes(4));
            await process.WaitForExitAsync(patience.Token);
            if (process.ExitCode == 0) return await output;
            return program == "npm" ? null : throw new InvalidOperationException($"{program}: {await errors}");
        }
    }
}
