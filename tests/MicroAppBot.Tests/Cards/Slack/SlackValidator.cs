using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace MicroAppBot.Tests.Cards.Slack;

/// <summary>
/// The validator made from Slack's own types (<c>../shared/slack-validator</c>), built once into a folder of its own. Skips, saying so,
/// where the folder or Node is missing; in CI a missing Node is a failure.
/// </summary>
internal static class SlackValidator
{
    private static readonly string Source = Path.GetFullPath(Path.Combine(TheCards.Root, "..", "shared", "slack-validator"));
    private static readonly bool IsCI = string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);
    private static readonly Lazy<(string? Folder, string Why)> Built = new(Build);

    private const string Ask = """
        import { readFileSync } from 'node:fs';
        import { check } from './validate.mjs';
        const asked = JSON.parse(readFileSync(0, 'utf8'));
        process.stdout.write(JSON.stringify(asked.map(one => check(one.surface, one.json).filter(words => !words.startsWith('warn:')))));
        """;

    /// <returns>What Slack would say of each payload, in the order given.</returns>
    public static List<string> Faults(IEnumerable<(string Name, string Surface, JsonNode Json)> payloads)
    {
        Assert.SkipWhen(!Directory.Exists(Source), "../shared/slack-validator is not here; SlackRules holds the limits alone.");
        if (Built.Value.Folder is not { } folder)
        {
            Assert.False(IsCI, Built.Value.Why);
            Assert.Skip(Built.Value.Why);
            return [];
        }
        var all = payloads.ToList();
        var asked = new JsonArray([.. all.Select(one => new JsonObject { ["surface"] = one.Surface, ["json"] = one.Json.DeepClone() })]);
        var (exit, output, errors) = Run("node", ["ask.mjs"], folder, asked.ToJsonString(), TimeSpan.FromMinutes(3));
        Assert.True(exit == 0, errors);
        return [.. all.Zip((JsonArray)JsonNode.Parse(output)!).SelectMany(pair => ((JsonArray)pair.Second!).Select(words => $"{pair.First.Name}: {words}"))];
    }

    private static (string?, string) Build()
    {
        var files = Directory.GetFiles(Source).Order(StringComparer.Ordinal).ToList();
        var folder = Path.Combine(Path.GetTempPath(), "microappbot-slack-validator-" + Convert.ToHexStringLower(SHA256.HashData([.. files.SelectMany(File.ReadAllBytes), .. Encoding.UTF8.GetBytes(Ask)]))[..12]);
        if (File.Exists(Path.Combine(folder, "built")))
            return (folder, "");
        // Under another name until it is whole: two test runs may build at once
        var making = folder + "-" + Path.GetRandomFileName();
        try
        {
            Directory.CreateDirectory(making);
            foreach (var file in files)
                File.WriteAllBytes(Path.Combine(making, Path.GetFileName(file)), File.ReadAllBytes(file));
            File.WriteAllText(Path.Combine(making, "ask.mjs"), Ask);
            foreach (var arguments in (string[][])[["ci", "--no-audit", "--no-fund", "--ignore-scripts"], ["run", "build"]])
                if (Run("npm", arguments, making, "", TimeSpan.FromMinutes(4)) is { Exit: not 0 } failed)
                    return (null, $"The validator cannot be built here: npm {arguments[0]} says {failed.Errors.Trim()}");
            File.WriteAllText(Path.Combine(making, "built"), "");
            if (!Directory.Exists(folder))
                Directory.Move(making, folder);
            return (folder, "");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return (null, "Node or npm is not to be had here, so Slack's own types cannot be asked.");
        }
        finally
        {
            if (Directory.Exists(making))
                Directory.Delete(making, recursive: true);
        }
    }

    private static (int Exit, string Output, string Errors) Run(string program, string[] arguments, string folder, string input, TimeSpan patience)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using (var writer = new StreamWriter(process.StandardInput.BaseStream, new UTF8Encoding(false)))
            writer.Write(input);
        if (!process.WaitForExit(patience))
        {
            process.Kill(entireProcessTree: true);
            return (-1, "", $"{program} took longer than {patience}");
        }
        return (process.ExitCode, output.GetAwaiter().GetResult(), errors.GetAwaiter().GetResult());
    }
}
