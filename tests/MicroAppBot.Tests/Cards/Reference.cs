using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace MicroAppBot.Tests.Cards;

/// <summary>Microsoft's engine and renderer in Node, installed once into a folder outside the repository. Skips, saying so, where there is no Node or npm.</summary>
internal static class Reference
{
    private static readonly string Scripts = Path.Combine(TheCards.Root, "tests", "MicroAppBot.Tests", "Cards", "node");
    private static readonly Lazy<string?> Installed = new(Install);

    /// <param name="what"><c>expand</c> or <c>check</c>, as in <c>reference.mjs</c>.</param>
    public static JsonArray Ask(string what, JsonArray input)
    {
        Assert.SkipWhen(Installed.Value is null, "Node or npm is not to be had here, so there is no reference to compare with.");
        var answer = Run("node", [Path.Combine(Scripts, "reference.mjs"), what], Installed.Value!, input.ToJsonString(), TimeSpan.FromMinutes(2));
        Assert.SkipWhen(answer is null, "The reference engine does not run here.");
        return (JsonArray)JsonNode.Parse(answer!)!;
    }

    private static string? Install()
    {
        var package = File.ReadAllText(Path.Combine(Scripts, "package.json"));
        var folder = Path.Combine(Path.GetTempPath(), "microappbot-card-reference-" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(package)))[..12]);
        if (File.Exists(Path.Combine(folder, "installed")))
            return folder;
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "package.json"), package);
        if (Run("npm", ["install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"], folder, "", TimeSpan.FromMinutes(4)) is null)
            return null;
        File.WriteAllText(Path.Combine(folder, "installed"), "");
        return folder;
    }

    private static string? Run(string program, string[] arguments, string folder, string input, TimeSpan patience)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            using (var writer = new StreamWriter(process.StandardInput.BaseStream, new UTF8Encoding(false)))
                writer.Write(input);
            if (!process.WaitForExit(patience))
            {
                process.Kill(entireProcessTree: true);
                return null;
            }
            var text = output.GetAwaiter().GetResult();
            return process.ExitCode == 0 ? text : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {errors.GetAwaiter().GetResult()}");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
        catch (InvalidOperationException) when (program == "npm")
        {
            return null;
        }
    }
}
