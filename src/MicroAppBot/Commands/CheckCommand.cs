using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Governance.Manifests;
using Governance.Verdicts;
using MicroAppBot.Content;
using MicroAppBot.Desk;
using MicroAppBot.Policies;
using MicroAppBot.Policies.Bundles;
using MicroAppBot.Policies.Opa;
using Microsoft.Extensions.Logging.Abstractions;

namespace MicroAppBot.Commands;

/// <summary>
/// <c>check &lt;manifest.json&gt; [--format text|json]</c>: what the policies say of a manifest file, for people and for pipelines.
/// Exit code: 0 allowed and nobody has to sign, 2 allowed but people have to, 1 stopped by a hard finding, 3 not a valid manifest, 4 could not judge.
/// </summary>
public static class CheckCommand
{
    public const int Granted = 0;
    public const int Stopped = 1;
    public const int NeedsPeople = 2;
    public const int NoManifest = 3;
    public const int CouldNotJudge = 4;

    /// <param name="content">Where the content folders are, asked when the command runs; null: see <see cref="ContentPlace"/>.</param>
    /// <param name="settings">Where an OPA server decides (<c>Policy:Opa</c>), it is asked; null: see <see cref="ContentPlace"/>.</param>
    public static Command Create(Func<string>? content = null, IConfiguration? settings = null)
    {
        var manifest = new Argument<string>("manifest.json") { Description = "The manifest file; - reads it from the standard input." };
        var format = new Option<string>("--format") { Description = "How to say it.", DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("text", "json");
        var command = new Command("check", "Say what the policies say of a manifest: allowed or not, the risk, and who has to sign.") { manifest, format };
        command.SetAction(parsed =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            try
            {
                var utf8 = InputFile.Read(parsed.GetValue(manifest)!);
                var configuration = settings ?? ContentPlace.Settings;
                using var bundled = new BundledContent(content?.Invoke() ?? ContentPlace.Root, configuration);
                var policies = InProcessPolicies.Compile(bundled.StartAsync(now => InProcessPolicies.Compile(now)).GetAwaiter().GetResult());
                var opa = OpaSettings.From(configuration);
                using var server = opa.Url is null ? null : new OpaPolicies(opa, () => policies, TimeProvider.System, NullLogger<OpaPolicies>.Instance);
                return Check(utf8, server ?? (IPolicies)policies, parsed.GetValue(format) == "json", output);
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                // Whatever it was: a pipeline must never take it for a verdict
                error.WriteLine($"Could not judge. {fault.Message}");
                return CouldNotJudge;
            }
        });
        return command;
    }

    private static int Check(byte[] utf8, IPolicies policies, bool json, TextWriter output)
    {
        switch (ManifestReader.Read(utf8, policies.Catalogue))
        {
            case ManifestReading.Faulty faulty:
                output.WriteLine(json ? Json(faulty.Faults) : ReportText.Of(faulty.Faults));
                return NoManifest;
            case ManifestReading.Read read:
                var report = policies.Judge(read.Manifest);
                output.WriteLine(json ? report.ToJson(indented: true) : ReportText.Of(read.Manifest, report, policies.Catalogue));
                return ExitCode(report);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static int ExitCode(PolicyReport report) => !report.Allow ? Stopped : report.Approvals.Count > 0 ? NeedsPeople : Granted;

    private static string Json(IReadOnlyList<ManifestFault> faults)
    {
        var list = new JsonArray();
        foreach (var fault in faults)
        {
            var one = new JsonObject { ["pointer"] = fault.Pointer, ["message"] = fault.Message };
            if (fault.Nearest is { } nearest)
                one["nearest"] = nearest;
            list.Add(one);
        }

        return new JsonObject { ["faults"] = list }.ToJsonString(ConsoleJson.Indented);
    }
}
