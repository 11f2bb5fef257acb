namespace Rego;

/// <summary>Rows of one file, first and last; both count from 1.</summary>
public readonly record struct RowRange(int Start, int End)
{
    public int Lines => End - Start + 1;
}

/// <summary>Which rows with rules and statements ran. Percent is 0 to 100, and 0 for a file without any such row.</summary>
public sealed record FileCoverage(string File, IReadOnlyList<RowRange> Covered, IReadOnlyList<RowRange> NotCovered)
{
    public int CoveredLines => Covered.Sum(r => r.Lines);

    public int NotCoveredLines => NotCovered.Sum(r => r.Lines);

    public double Percent => CoverageReport.Share(CoveredLines, NotCoveredLines);
}

/// <summary>What all evaluations of a policy compiled with <see cref="CompileOptions.Record"/> ran so far, by file.</summary>
public sealed record CoverageReport(IReadOnlyList<FileCoverage> Files)
{
    public int CoveredLines => Files.Sum(f => f.CoveredLines);

    public int NotCoveredLines => Files.Sum(f => f.NotCoveredLines);

    public double Percent => Share(CoveredLines, NotCoveredLines);

    internal static double Share(int covered, int not) => covered + not == 0 ? 0 : 100.0 * covered / (covered + not);
}

/// <summary>How often one statement ran, and how long it took, nested rules it asked for not counted.</summary>
public sealed record StatementProfile(string File, int Row, int Col, string Text, long Evaluations, TimeSpan Time);
