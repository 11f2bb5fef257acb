using System.Text.Json.Nodes;
using Rego;

namespace MicroAppBot.Commands;

/// <summary>Coverage and profiles in OPA's shape.</summary>
internal static class PolicyReports
{
    private static readonly string[] Columns = ["total_time_ns", "num_eval", "num_redo", "file", "line"];

    public static JsonObject Coverage(CoverageReport report) => new()
    {
        ["files"] = new JsonObject(report.Files.Where(file => file.CoveredLines + file.NotCoveredLines > 0).Select(file => KeyValuePair.Create(file.File, (JsonNode?)One(file)))),
        ["covered_lines"] = report.CoveredLines,
        ["not_covered_lines"] = report.NotCoveredLines,
        ["coverage"] = Rounded(report.Percent),
    };

    /// <summary>One entry for each line with statements. <c>num_redo</c> is not counted.</summary>
    /// <param name="sort">What is sorted by first; OPA's order follows.</param>
    public static JsonArray Profile(IReadOnlyList<StatementProfile> profile, IReadOnlyList<string> sort, int limit)
    {
        var lines = profile.GroupBy(one => (one.File, one.Row)).Select(line => (
            line.Key.File,
            line.Key.Row,
            Col: line.Min(one => one.Col),
            Time: line.Sum(one => (long)one.Time.TotalNanoseconds),
            Evaluations: line.Sum(one => one.Evaluations),
            Statements: line.Count()));
        var ordered = lines.OrderBy(_ => 0);
        foreach (var column in sort.Concat(Columns))
        {
            ordered = column switch
            {
                "total_time_ns" => ordered.ThenByDescending(line => line.Time),
                "num_eval" => ordered.ThenByDescending(line => line.Evaluations),
                "num_gen_expr" => ordered.ThenByDescending(line => line.Statements),
                "file" => ordered.ThenByDescending(line => line.File, StringComparer.Ordinal),
                "line" => ordered.ThenByDescending(line => line.Row),
                _ => ordered,
            };
        }

        return
        [
            .. ordered.Take(limit > 0 ? limit : int.MaxValue).Select(line => new JsonObject
            {
                ["location"] = new JsonObject { ["file"] = PolicyFaults.FileOf(line.File), ["row"] = line.Row, ["col"] = line.Col },
                ["total_time_ns"] = line.Time,
                ["num_eval"] = line.Evaluations,
                ["num_redo"] = 0,
                ["num_gen_expr"] = line.Statements,
            }),
        ];
    }

    /// <summary>The lines of the first profile, with statistics of their times in all of them.</summary>
    public static JsonArray Aggregated(IReadOnlyList<JsonArray> profiles) =>
    [
        .. profiles[0].Select(line =>
        {
            var times = profiles.Select(profile => profile.FirstOrDefault(other => JsonNode.DeepEquals(other!["location"], line!["location"]))).OfType<JsonNode>().Select(other => (long)other["total_time_ns"]!);
            return new JsonObject
            {
                ["total_time_ns_stats"] = PolicyMetrics.Statistics([.. times]),
                ["location"] = line!["location"]!.DeepClone(),
                ["num_eval"] = line["num_eval"]!.DeepClone(),
                ["num_redo"] = line["num_redo"]!.DeepClone(),
                ["num_gen_expr"] = line["num_gen_expr"]!.DeepClone(),
            };
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
