using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using Rego;

namespace MicroAppBot.Commands;

/// <summary><c>policy test</c>: every <c>test_</c> rule, as <c>opa test</c> runs them.</summary>
internal sealed class PolicyTestCommand
{
    private static readonly string[] Formats = ["pretty", "json", "gobench"];

    private readonly Func<string>? content;

    private readonly Argument<string[]> paths = new("paths") { Description = "Rules, their tests and their data; the shipped policies when left out.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<bool> verbose = new("--verbose", "-v") { Description = "Name the tests that passed too, what they printed, and where the failed ones went." };
    private readonly Option<string?> run = new("--run", "-r") { Description = "Only tests whose full name (data.pkg.test_x) matches this regular expression.", HelpName = "regex" };
    private readonly Option<bool> coverage = new("--coverage", "-c") { Description = "Report the lines that ran: OPA's JSON, and the percentages in words on the standard error. With -f pretty only the words." };
    private readonly Option<double> threshold = new("--threshold") { Description = "Exit 2 when fewer per cent of the lines ran; implies --coverage.", HelpName = "percent" };
    private readonly Option<string> format = new("--format", "-f") { Description = $"{string.Join(", ", Formats)}.", DefaultValueFactory = _ => "pretty", HelpName = "format" };
    private readonly Option<bool> values = new("--var-values") { Description = "Show the values of variables and references where a test failed; this is the default." };
    private readonly Option<bool> exitZero = new("--exit-zero-on-skipped", "-z") { Description = "Skipped tests (todo_test_…) do not matter." };
    private readonly Option<bool> failOnEmpty = new("--fail-on-empty") { Description = "Exit 1 when no test ran." };
    private readonly Option<bool> bundle = new("--bundle", "-b") { Description = "The paths are bundles: folders or .tar.gz." };
    private readonly Option<TimeSpan?> timeout = GoDuration.Option("Per test, such as 10s; 5 seconds when left out, 30 with --bench.");
    private readonly Option<int> count = PolicyLoading.Count("How often to run the tests; it ends at the first run that fails.");
    private readonly Option<bool> bench = new("--bench") { Description = "Measure each test instead of judging it only." };
    private readonly Option<bool> benchmem = new("--benchmem") { Description = "Tell bytes with --bench; --benchmem=false leaves them out.", DefaultValueFactory = _ => true };
    private readonly Option<string?> explain = new("--explain") { Description = "fails, full, notes or debug: what is told of a failed test; implies -v.", HelpName = "mode" };
    private readonly Option<int> parallel = new("--parallel", "-p") { Description = "Accepted; tests run one after the other.", HelpName = "n" };
    private readonly Option<bool> watch = new("--watch", "-w") { Description = "Not supported." };
    private readonly PolicyFlags flags = new();

    private PolicyTestCommand(Func<string>? content)
    {
        this.content = content;
        format.AcceptOnlyFromAmong(Formats);
        explain.AcceptOnlyFromAmong("fails", "full", "notes", "debug");
    }

    // Exit 0 when all pass; 2 when one fails, is halted or (without -z) is skipped, or the coverage is too low; 1 when they could not be run, or failed with --coverage
    public static Command Create(Func<string>? content)
    {
        var test = new PolicyTestCommand(content);
        var command = new Command("test", "Run every test_ rule, name the failures with the statement that did not hold and its values, and count: PASS: n/m.")
        {
            test.paths, test.verbose, test.run, test.coverage, test.threshold, test.format, test.values, test.exitZero, test.failOnEmpty, test.bundle, test.timeout, test.count, test.bench, test.benchmem, test.explain,
            test.flags.MaxErrors, test.parallel, test.watch,
        };
        foreach (var option in test.flags.All)
            command.Options.Add(option);
        command.SetAction(test.Run);
        return command;
    }

    private string? Misused(ParseResult parsed)
    {
        if (parsed.GetValue(watch))
            return "--watch is not supported: run the tests again after a change";
        if (parsed.GetValue(format) == "gobench" && !parsed.GetValue(bench))
            return "cannot use output format gobench without running benchmarks (--bench)";
        if (parsed.GetValue(threshold) is < 0 or > 100 or double.NaN)
            return "Code coverage threshold must be between 0 and 100";
        return parsed.GetValue(bench) && Covers(parsed) ? "coverage reporting is not supported when benchmarking tests" : null;
    }

    private bool Covers(ParseResult parsed) => parsed.GetValue(coverage) || parsed.GetValue(threshold) > 0;

    private int Run(ParseResult parsed)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        if (Misused(parsed) is { } misuse)
        {
            error.WriteLine($"Error: {misuse}");
            return 1;
        }

        try
        {
            var named = parsed.GetValue(paths) is { Length: > 0 } given ? given : [Path.Combine(content?.Invoke() ?? ContentPlace.Root, "policies")];
            var sources = parsed.GetValue(bundle) ? flags.Load(parsed, [], named) : flags.Load(parsed, named, [], revision: false);
            var policy = PolicyLoading.Compile(sources, flags.Compile(parsed, new CompileOptions { Record = Covers(parsed), SeparateTests = true }));
            var only = parsed.GetValue(run) is { } pattern ? new Regex(pattern, RegexOptions.None, TimeSpan.FromSeconds(1)) : null;
            for (var round = 0; round < parsed.GetValue(count); round++)
            {
                if (Once(parsed, policy, only, output, error) is var code and not 0)
                    return code;
            }

            return 0;
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
    }

    private int Once(ParseResult parsed, CompiledPolicy policy, Regex? only, TextWriter output, TextWriter error)
    {
        var time = GoDuration.Of(parsed, timeout);
        var measures = parsed.GetValue(bench);
        var options = new EvaluationOptions
        {
            Deadline = time ?? TimeSpan.FromSeconds(measures ? 30 : 5),
            ProcessorTime = TimeSpan.Zero,
            StepBudget = time is null ? EvaluationOptions.Default.StepBudget : 0,
        };
        var outcomes = policy.RunTests(only is null ? null : name => only.IsMatch(name), options);
        if (Covers(parsed))
            return Covered(parsed, policy, outcomes, output, error);
        var measured = measures ? outcomes.Where(one => one.State == TestState.Passed).ToDictionary(one => one, one => PolicyMeasure.Of(() => policy.Evaluate(one.Path, null, options), TimeSpan.FromSeconds(1))) : [];
        if (parsed.GetValue(format) == "json")
            output.WriteLine(PolicyTestJson.Of(outcomes, measured).ToJsonString(ConsoleJson.Indented));
        else
            Report(parsed, policy, options, output).Write(outcomes, measured);
        if (outcomes.Count == 0 && parsed.GetValue(failOnEmpty))
        {
            error.WriteLine("no tests were run");
            return 1;
        }

        // OPA ends with 2 here and with 1 under --coverage; ours is 1 for a failure in both.
        if (outcomes.Any(one => one.State is TestState.Failed or TestState.Error)) return 1;
        return outcomes.Any(one => one.State == TestState.Skipped) && !parsed.GetValue(exitZero) ? 2 : 0;
    }

    private PolicyTestReport Report(ParseResult parsed, CompiledPolicy policy, EvaluationOptions options, TextWriter output)
    {
        var mode = parsed.GetValue(explain);
        var traces = parsed.GetValue(verbose) || mode is not null;
        return new PolicyTestReport(output)
        {
            Verbose = traces,
            GoBench = parsed.GetValue(format) == "gobench",
            Bytes = parsed.GetValue(benchmem),
            Trace = traces ? outcome => Trace(policy, outcome, mode ?? "fails", options) : null,
        };
    }

    private static IReadOnlyList<string> Trace(CompiledPolicy policy, TestOutcome outcome, string mode, EvaluationOptions options)
    {
        var notes = outcome.Notes.Select(note => $"Note {System.Text.Json.JsonSerializer.Serialize(note, ConsoleJson.OneLine)}");
        if (mode == "notes")
            return [.. notes];
        try
        {
            return [.. notes, .. policy.Explain(outcome.Path, null, options with { Print = null, Note = null }).AsTrace(onlyFails: mode == "fails", values: false)];
        }
        catch (Exception fault) when (fault is RegoCompileException or RegoEvaluationException)
        {
            return [.. notes];
        }
    }

    private int Covered(ParseResult parsed, CompiledPolicy policy, IReadOnlyList<TestOutcome> outcomes, TextWriter output, TextWriter error)
    {
        var report = policy.Coverage!;
        if (outcomes.Any(one => one.State is TestState.Failed or TestState.Error))
        {
            Report(parsed, policy, EvaluationOptions.Default, output).Write(outcomes, new Dictionary<TestOutcome, PolicyMeasure>());
            return 1;
        }

        if (report.Percent < parsed.GetValue(threshold))
        {
            error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Code coverage threshold not met: got {report.Percent:F2} instead of {parsed.GetValue(threshold):F2}"));
            PolicyTestReport.WriteMissed(error, report);
            return 2;
        }

        // A script takes the JSON, a person reads the end of what is on the screen.
        var asked = parsed.GetResult(format) is { Implicit: false } ? parsed.GetValue(format) : null;
        if (asked != "pretty")
            output.WriteLine(PolicyReports.Coverage(report).ToJsonString(ConsoleJson.Indented));
        if (asked != "json")
            PolicyTestReport.WriteCoverage(asked == "pretty" ? output : error, report, outcomes);
        return outcomes.Any(one => one.State == TestState.Skipped) && !parsed.GetValue(exitZero) ? 2 : 0;
    }
}
