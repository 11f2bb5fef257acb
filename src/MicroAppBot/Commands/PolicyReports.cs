using System.Text.Json.Nodes;
using Rego;

namespace MicroAppBot.Commands;

/// <summary>Coverage and profiles in OPA's shape.</summary>
internal static class PolicyReports
{
    public static JsonObject Coverage(CoverageReport report) => new()
    {
        ["files"] = new JsonObject(report.Files.Where(file => file.CoveredLines + file.NotCoveredLines > 0).Select(file => KeyValuePair.Create(file.File, (JsonNode?)One(file)))),
        ["covered_lines"] = report.CoveredLines,
        ["not_covered_lines"] = report.NotCoveredLines,
        ["coverage"] = Rounded(report.Percent),
    };

    public static JsonArray Profile(IReadOnlyList<StatementProfile> profile) =>
    [
        .. profile.Take(10).Select(one => new JsonObject
        {
            ["total_time_ns"] = (long)one.Time.TotalNanoseconds,
            ["num_eval"] = one.Evaluations,
            ["location"] = new JsonObject { ["file"] = one.File, ["row"] = one.Row, ["col"] = one.Col },
            ["text"] = one.Text,
        }),
    ];

    private static JsonObject One(FileCoverage file)
    {
        var one = new JsonObject();
        if (file.Covered.Count > 0)
            one["covered"] = Ranges(file.Covered);
        if (file.NotCovered.Count > 0)
            one["not_covered"] = Ranges(file.NotCovered);
        if (file.CoveredLines > 0)
            one["covered_lines"] = file.CoveredLines;
        if (file.NotCoveredLines > 0)
            one["not_covered_lines"] = file.NotCoveredLines;
        if (file.Percent > 0)
            one["coverage"] = Rounded(file.Percent);
        return one;
    }

    private static JsonArray Ranges(IReadOnlyList<RowRange> ranges) =>
        [.. ranges.Select(range => new JsonObject { ["start"] = new JsonObject { ["row"] = range.Start }, ["end"] = new JsonObject { ["row"] = range.End } })];

    private static double Rounded(double percent) => Math.Round(percent, 2);
}
