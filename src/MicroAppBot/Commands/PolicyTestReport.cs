using System.Globalization;
using Rego;

namespace MicroAppBot.Commands;

/// <summary>Tests and coverage as text: what failed, with the statement that did not hold and the values in it, then the counts.</summary>
internal static class PolicyTestReport
{
    public static bool Holds(IReadOnlyList<TestOutcome> outcomes) => outcomes.All(outcome => outcome.State is TestState.Passed or TestState.Skipped);

    /// <summary>The last line is <c>PASS: n/m</c>; FAIL, SKIPPED and ERROR stand before it where there are any. Cases count one by one.</summary>
    public static void Write(TextWriter output, IReadOnlyList<TestOutcome> outcomes, bool verbose)
    {
        var (passed, failed, skipped, errors) = (0, 0, 0, 0);
        string? file = null;
        foreach (var outcome in outcomes)
        {
            switch (outcome.State)
            {
                case TestState.Skipped:
                    skipped++;
                    break;
                case TestState.Error:
                    errors++;
                    break;
                default:
                    var leaves = Leaves(outcome.Cases).ToList();
                    passed += leaves.Count > 0 ? leaves.Count(one => one.Passed) : outcome.State == TestState.Passed ? 1 : 0;
                    failed += leaves.Count > 0 ? leaves.Count(one => !one.Passed) : outcome.State == TestState.Failed ? 1 : 0;
                    break;
            }

            if (!verbose && outcome.State == TestState.Passed)
                continue;
            if (file is not null && file != outcome.File)
                output.WriteLine();
            file = outcome.File;
            One(output, outcome, verbose);
        }

        if (verbose || failed + skipped + errors > 0)
            output.WriteLine(new string('-', 80));
        var all = passed + failed + skipped + errors;
        foreach (var (word, count) in new[] { ("FAIL", failed), ("SKIPPED", skipped), ("ERROR", errors) })
        {
            if (count > 0)
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{word}: {count}/{all}"));
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"PASS: {passed}/{all}"));
    }

    private static void One(TextWriter output, TestOutcome outcome, bool verbose)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{outcome.File}:{outcome.Row}:"));
        var state = outcome.State switch { TestState.Passed => "PASS", TestState.Failed => "FAIL", TestState.Skipped => "SKIPPED", _ => "ERROR" };
        output.WriteLine(outcome.State == TestState.Skipped ? $"{outcome.Name}: {state}" : $"{outcome.Name}: {state} ({Took(outcome.Duration)})");
        Cases(output, outcome.Cases, verbose, "  ");
        if (outcome.Printed.Count > 0)
        {
            output.WriteLine();
            foreach (var line in outcome.Printed)
                output.WriteLine("  " + line);
            if (outcome.State != TestState.Failed)
                output.WriteLine();
        }

        if (outcome.State == TestState.Error)
        {
            output.WriteLine("  " + outcome.Message);
            return;
        }

        if (outcome.State != TestState.Failed)
            return;
        if (outcome.Failed.Count == 0 && outcome.Message is { Length: > 0 } why)
            output.WriteLine("  " + why.ReplaceLineEndings("\n  "));
        foreach (var failed in outcome.Failed)
        {
            output.WriteLine();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {failed.File}:{failed.Row}:"));
            output.WriteLine("    " + failed.Text.ReplaceLineEndings("\n    "));
            if (failed.Values.Count == 0)
                continue;
            output.WriteLine();
            output.WriteLine("  where:");
            foreach (var (name, value) in failed.Values)
                output.WriteLine($"    {name}: {value?.ToString() ?? "undefined"}");
        }

        output.WriteLine();
    }

    private static void Cases(TextWriter output, IReadOnlyList<TestCase> cases, bool verbose, string indent)
    {
        foreach (var one in cases)
        {
            if (one.Passed && !verbose)
                continue;
            output.WriteLine($"{indent}{one.Name}: {(one.Passed ? "PASS" : "FAIL")}");
            Cases(output, one.Cases, verbose, indent + "  ");
        }
    }

    private static IEnumerable<TestCase> Leaves(IReadOnlyList<TestCase> cases) => cases.SelectMany(one => one.Cases.Count == 0 ? [one] : Leaves(one.Cases));

    /// <summary>As Go prints durations.</summary>
    private static string Took(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{(time.TotalMilliseconds >= 1 ? time.TotalMilliseconds : time.TotalMicroseconds):0.######}{(time.TotalMilliseconds >= 1 ? "ms" : "µs")}");

    public static void WriteCoverage(TextWriter output, CoverageReport report)
    {
        foreach (var file in report.Files.Where(file => file.CoveredLines + file.NotCoveredLines > 0))
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file.Percent,6:F2} %  {file.File}{(file.NotCovered.Count > 0 ? $"  not covered: {Rows(file)}" : "")}"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"coverage: {report.Percent:F2} % ({report.CoveredLines} of {report.CoveredLines + report.NotCoveredLines} lines)"));
    }

    public static void WriteMissed(TextWriter output, CoverageReport report)
    {
        output.WriteLine("Lines not covered:");
        foreach (var file in report.Files.Where(file => file.NotCovered.Count > 0))
            output.WriteLine($"\t{file.File}:{Rows(file)}");
    }

    private static string Rows(FileCoverage file) =>
        string.Join(", ", file.NotCovered.Select(range => range.Lines == 1 ? string.Create(CultureInfo.InvariantCulture, $"{range.Start}") : string.Create(CultureInfo.InvariantCulture, $"{range.Start}-{range.End}")));
}
