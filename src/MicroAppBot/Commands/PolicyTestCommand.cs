using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MicroAppBot.Policies;
using Rego;

namespace MicroAppBot.Commands;

/// <summary><c>policy test</c>: every <c>test_</c> rule, as <c>opa test</c> runs them.</summary>
internal static class PolicyTestCommand
{
    // Exit 0 when all pass, 1 otherwise, 2 below the threshold of coverage
    public static Command Create(Func<string>? content)
    {
        var paths = new Argument<string[]>("paths") { Description = "Rules, their tests and their data; the shipped policies when left out.", Arity = ArgumentArity.ZeroOrMore };
        var verbose = new Option<bool>("--verbose", "-v") { Description = "Name the tests that passed too, and what they printed." };
        var run = new Option<string?>("--run", "-r") { Description = "Only tests whose full name (data.pkg.test_x) matches this regular expression." };
        var coverage = new Option<bool>("--coverage", "-c") { Description = "Report the lines that ran instead of the tests." };
        var threshold = new Option<double>("--threshold") { Description = "Exit 2 when fewer per cent of the lines ran; implies --coverage." };
        var format = new Option<string>("--format", "-f") { Description = "pretty or json.", DefaultValueFactory = _ => "pretty" };
        format.AcceptOnlyFromAmong("pretty", "json");
        var values = new Option<bool>("--var-values") { Description = "Show the values of variables and references where a test failed; this is the default." };
        var old = new Option<bool>("--v0-compatible") { Description = "Read rules as Rego v0 unless they say otherwise." };
        var newer = new Option<bool>("--v1-compatible") { Description = "Read rules as Rego v1; this is the default." };
        var exitZero = new Option<bool>("--exit-zero-on-skipped", "-z") { Description = "Skipped tests do not matter; this is the default." };
        var bundle = new Option<bool>("--bundle", "-b") { Description = "The paths are bundles: folders or .tar.gz." };
        var timeout = GoDuration.Option("Per test, such as 10s; 5 seconds when left out.", "-t");
        var command = new Command("test", "Run every test_ rule, name the failures, and print PASS: n/m.") { paths, verbose, run, coverage, threshold, format, values, old, newer, exitZero, bundle, timeout };
        command.SetAction(parsed =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            try
            {
                var version = parsed.GetValue(old) ? RegoVersion.V0 : RegoVersion.V1;
                var named = parsed.GetValue(paths) is { Length: > 0 } given ? given : [Path.Combine(content?.Invoke() ?? ContentPlace.Root, "policies")];
                var sources = parsed.GetValue(bundle) ? PolicyLoading.Merge([.. named.Select(one => PolicyLoading.Bundle(one, version))]) : PolicySources.Load(named, version, revision: false);
                var covered = parsed.GetValue(coverage) || parsed.GetResult(threshold) is not null;
                var policy = PolicyLoading.Compile(sources, new CompileOptions { Record = covered });
                var only = parsed.GetValue(run) is { } pattern ? new Regex(pattern, RegexOptions.None, TimeSpan.FromSeconds(1)) : null;
                var options = new EvaluationOptions
                {
                    Deadline = parsed.GetValue(timeout) ?? TimeSpan.FromSeconds(5),
                    StepBudget = parsed.GetValue(timeout) is null ? EvaluationOptions.Default.StepBudget : 0,
                };
                var outcomes = policy.RunTests(only is null ? null : name => only.IsMatch(name), options);
                var json = parsed.GetValue(format) == "json";
                if (covered)
                    return Covered(policy.Coverage!, outcomes, parsed.GetValue(threshold), parsed.GetValue(verbose), json, output, error);
                if (json)
                    output.WriteLine(Json(outcomes).ToJsonString(ConsoleJson.Indented));
                else
                    PolicyTestReport.Write(output, outcomes, parsed.GetValue(verbose));
                return PolicyTestReport.Holds(outcomes) ? 0 : 1;
            }
            catch (ArgumentException pattern)
            {
                error.WriteLine($"--run is not a regular expression: {pattern.Message}");
                return 1;
            }
            catch (Exception fault) when (PolicyFaults.Are(fault))
            {
                PolicyFaults.Write(error, fault);
                return 1;
            }
        });
        return command;
    }

    private static int Covered(CoverageReport report, IReadOnlyList<TestOutcome> outcomes, double threshold, bool verbose, bool json, TextWriter output, TextWriter error)
    {
        if (!PolicyTestReport.Holds(outcomes))
        {
            PolicyTestReport.Write(output, outcomes, verbose);
            return 1;
        }

        if (report.Percent < threshold)
        {
            error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Code coverage threshold not met: got {report.Percent:F2} instead of {threshold:F2}"));
            PolicyTestReport.WriteMissed(error, report);
            return 2;
        }

        if (json)
        {
            output.WriteLine(PolicyReports.Coverage(report).ToJsonString(ConsoleJson.Indented));
            return 0;
        }

        PolicyTestReport.WriteCoverage(output, report);
        PolicyTestReport.Write(output, outcomes, verbose);
        return 0;
    }

    private static JsonArray Json(IReadOnlyList<TestOutcome> outcomes) =>
    [
        .. outcomes.Select(outcome =>
        {
            var at = outcome.Name.LastIndexOf('.');
            var one = new JsonObject
            {
                ["location"] = new JsonObject { ["file"] = outcome.File, ["row"] = outcome.Row, ["col"] = 1 },
                ["package"] = outcome.Name[..at],
                ["name"] = outcome.Name[(at + 1)..],
                ["duration"] = (long)outcome.Duration.TotalNanoseconds,
            };
            if (outcome.State == TestState.Failed)
                one["fail"] = true;
            if (outcome.State == TestState.Skipped)
                one["skip"] = true;
            if (outcome.State == TestState.Error)
                one["error"] = new JsonObject { ["message"] = outcome.Message };
            if (outcome.Printed.Count > 0)
                one["output"] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', outcome.Printed) + "\n"));
            if (outcome.Cases.Count > 0)
                one["sub_results"] = Cases(outcome.Cases);
            return one;
        }),
    ];

    private static JsonObject Cases(IReadOnlyList<TestCase> cases) => new(cases.Select(one =>
    {
        var json = new JsonObject { ["name"] = one.Name };
        if (!one.Passed)
            json["fail"] = true;
        if (one.Cases.Count > 0)
            json["sub_results"] = Cases(one.Cases);
        return KeyValuePair.Create(one.Name, (JsonNode?)json);
    }));
}
