using System.Globalization;
using System.Text.RegularExpressions;
using Rego;
using Rego.Values;

namespace MicroAppBot.Commands;

/// <summary>Tests as text, in the order of <c>opa test</c>: a line for each that is worth one, then the failures with what did not hold, then the counts.</summary>
internal sealed class PolicyTestReport(TextWriter output)
{
    private const int LongValue = 64;

    /// <summary>Name those that passed too.</summary>
    public bool Verbose { get; init; }

    public bool GoBench { get; init; }

    public bool Bytes { get; init; }

    /// <summary>The way a failed test went; null for none.</summary>
    public Func<TestOutcome, IReadOnlyList<string>>? Trace { get; init; }

    /// <summary>The first count is <c>PASS: n/m</c>; FAIL, SKIPPED and ERROR follow where there are any. Cases count one by one.</summary>
    public void Write(IReadOnlyList<TestOutcome> outcomes, IReadOnlyDictionary<TestOutcome, PolicyMeasure> measured)
    {
        var dirty = false;
        string? file = null;
        foreach (var outcome in outcomes)
        {
            if (measured.TryGetValue(outcome, out var measure))
            {
                output.WriteLine($"{(GoBench ? GoName(outcome.Name) : outcome.Name)}\t{measure.Line(Bytes)}");
                dirty = true;
            }
            else if (Verbose || outcome.State != TestState.Passed)
            {
                if (file is not null && file != outcome.File)
                    output.WriteLine();
                file = outcome.File;
                One(outcome);
                dirty = true;
            }
        }

        var failures = outcomes.Where(one => one.State == TestState.Failed).ToList();
        if (failures.Count > 0)
        {
            Heading("FAILURES");
            foreach (var failure in failures)
                Failure(failure);
        }

        if (dirty)
            Line();
        Counts(output, outcomes);
    }

    private static void Counts(TextWriter output, IReadOnlyList<TestOutcome> outcomes)
    {
        var (passed, failed, skipped, errors) = (0, 0, 0, 0);
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
        }

        var all = passed + failed + skipped + errors;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"PASS: {passed}/{all}"));
        foreach (var (word, count) in new[] { ("FAIL", failed), ("SKIPPED", skipped), ("ERROR", errors) })
        {
            if (count > 0)
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{word}: {count}/{all}"));
        }
    }

    private void Heading(string text)
    {
        Line();
        output.WriteLine(text);
        Line();
    }

    private void Line() => output.WriteLine(new string('-', 80));

    private static string Title(TestOutcome outcome)
    {
        var state = outcome.State switch { TestState.Passed => "PASS", TestState.Failed => "FAIL", TestState.Skipped => "SKIPPED", _ => "ERROR" };
        return outcome.State == TestState.Skipped ? $"{outcome.Name}: {state}" : $"{outcome.Name}: {state} ({GoDuration.Text(outcome.Duration)})";
    }

    private void One(TestOutcome outcome)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{outcome.File}:{outcome.Row}:"));
        output.WriteLine(Title(outcome));
        Cases(outcome.Cases, "  ");
        if (outcome.Printed.Count > 0)
        {
            output.WriteLine();
            foreach (var line in outcome.Printed)
                output.WriteLine("  " + line);
            output.WriteLine();
        }

        if (outcome.State == TestState.Error)
            output.WriteLine("  " + outcome.Message);
    }

    private void Cases(IReadOnlyList<TestCase> cases, string indent)
    {
        foreach (var one in cases)
        {
            if (one.Passed && !Verbose)
                continue;
            output.WriteLine($"{indent}{one.Name}: {(one.Passed ? "PASS" : "FAIL")}");
            Cases(one.Cases, indent + "  ");
        }
    }

    private void Failure(TestOutcome outcome)
    {
        output.WriteLine(Title(outcome));
        output.WriteLine();
        if (Trace?.Invoke(outcome) is { Count: > 0 } trace)
        {
            foreach (var line in trace)
                output.WriteLine("  " + line);
            output.WriteLine();
        }

        if (outcome.Failed.Count == 0 && outcome.Message is { Length: > 0 } why)
        {
            output.WriteLine("  " + why.ReplaceLineEndings("\n  "));
            output.WriteLine();
        }

        foreach (var failed in outcome.Failed)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {failed.File}:{failed.Row}:"));
            output.WriteLine("    " + failed.Text.ReplaceLineEndings("\n    "));
            if (Columns(failed) is { Count: > 0 } columns)
                Arrows(columns);
            else if (failed.Values.Count > 0)
                Where(failed);
            output.WriteLine();
        }
    }

    private void Where(FailedStatement failed)
    {
        output.WriteLine();
        output.WriteLine("    Where:");
        output.WriteLine();
        foreach (var (name, value) in failed.Values)
            output.WriteLine($"    {name}: {Text(value)}");
    }

    private static string Text(RValue? value) => value?.ToString() ?? "undefined";

    /// <summary>Where each value's name begins in a statement of one line, from the left; none when one cannot be pointed at.</summary>
    private static List<(int Column, string Text)> Columns(FailedStatement failed)
    {
        if (failed.Text.Contains('\n', StringComparison.Ordinal))
            return [];
        var columns = new List<(int Column, string Text)>();
        foreach (var (name, value) in failed.Values)
        {
            var last = name[(name.LastIndexOf('.') + 1)..];
            var at = Regex.Match(failed.Text, $@"(?<![\w.""]){Regex.Escape(name)}(?!\w)", RegexOptions.None, TimeSpan.FromSeconds(1)) is { Success: true } whole
                ? whole.Index
                : Regex.Match(failed.Text, $@"(?<![\w""]){Regex.Escape(last)}(?!\w)", RegexOptions.None, TimeSpan.FromSeconds(1)) is { Success: true } part ? part.Index : -1;
            if (at < 0 || Text(value).Length > LongValue || columns.Any(other => other.Column == at))
                return [];
            columns.Add((at, Text(value)));
        }

        columns.Sort();
        return columns;
    }

    private void Arrows(List<(int Column, string Text)> columns)
    {
        for (var shown = columns.Count; shown >= 0; shown--)
        {
            var line = new System.Text.StringBuilder();
            for (var i = 0; i < Math.Min(columns.Count, shown + 1); i++)
                line.Append(' ', Math.Max(0, columns[i].Column - line.Length)).Append(i == shown ? columns[i].Text : "|");
            output.WriteLine("    " + line);
        }
    }

    private static IEnumerable<TestCase> Leaves(IReadOnlyList<TestCase> cases) => cases.SelectMany(one => one.Cases.Count == 0 ? [one] : Leaves(one.Cases));

    /// <summary>data.a.test_b is BenchmarkDataATestB.</summary>
    private static string GoName(string name) => "Benchmark" + string.Concat(name.Split('.', '_').Where(part => part.Length > 0).Select(part => char.ToUpperInvariant(part[0]) + part[1..]));

    public static void WriteCoverage(TextWriter output, CoverageReport report, IReadOnlyList<TestOutcome> outcomes)
    {
        foreach (var file in report.Files.Where(file => file.CoveredLines + file.NotCoveredLines > 0))
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file.Percent,6:F2} %  {file.File}{(file.NotCovered.Count > 0 ? $"  not covered: {string.Join(", ", file.NotCovered.Select(Rows))}" : "")}"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"coverage: {report.Percent:F2} % ({report.CoveredLines} of {report.CoveredLines + report.NotCoveredLines} lines)"));
        Counts(output, outcomes);
    }

    public static void WriteMissed(TextWriter output, CoverageReport report)
    {
        output.WriteLine("Lines not covered:");
        foreach (var file in report.Files)
        {
            foreach (var range in file.NotCovered)
                output.WriteLine($"\t{file.File}:{Rows(range)}");
        }
    }

    private static string Rows(RowRange range) => string.Create(CultureInfo.InvariantCulture, $"{range.Start}{(range.Lines == 1 ? "" : $"-{range.End}")}");
}
