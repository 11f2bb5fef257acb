using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rego;
using Rego.Values;

namespace MicroAppBot.Commands;

/// <summary>What came of a query, in the formats of <c>opa eval</c>.</summary>
internal static class PolicyResults
{
    private static readonly string[] Percentiles = ["min", "max", "mean", "90%", "99%"];

    // The order of OPA's members
    private static readonly string[] Before = ["metrics", "aggregated_metrics", "coverage"];

    /// <param name="limit">How long a cell of a table may be; 0 for no limit.</param>
    public static void Write(TextWriter output, TextWriter error, string format, PolicyEvaluation run, int limit)
    {
        if (format is "json" or "discard")
        {
            Print(output, Json(run, discard: format == "discard"));
            return;
        }

        if (format is "pretty")
        {
            foreach (var line in run.More["explanation"]?.AsArray() ?? [])
                output.WriteLine((string)line!);
        }

        if (run.Fault is not null || run.BuiltinErrors.Count > 0)
        {
            WriteErrors(error, run);
        }
        else
        {
            switch (format)
            {
                case "values":
                    foreach (var result in run.Results)
                        Print(output, new JsonArray([.. result.Expressions.Select(expression => Json(expression.Value))]));
                    break;
                case "bindings":
                    foreach (var result in run.Results)
                        Print(output, Bindings(result));
                    break;
                case "raw":
                    foreach (var result in run.Results)
                        output.WriteLine(string.Join(' ', result.Expressions.Select(expression => expression.Value is RString text ? text.Value : expression.Value.ToJson())));
                    break;
                default:
                    Pretty(output, run.Results, limit);
                    break;
            }
        }

        if (format is "pretty")
            PrettyMore(output, run.More, limit);
    }

    private static void WriteErrors(TextWriter error, PolicyEvaluation run)
    {
        if (run.BuiltinErrors.Count == 0)
        {
            PolicyFaults.Write(error, run.Fault!);
            return;
        }

        IReadOnlyList<RegoEvaluationException> all = run.Fault is RegoEvaluationException halted ? [halted, .. run.BuiltinErrors] : run.BuiltinErrors;
        error.Write(all.Count == 1 ? "1 error occurred: " : string.Create(CultureInfo.InvariantCulture, $"{all.Count} errors occurred:\n"));
        foreach (var one in all)
            error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(one.File == "query" ? "" : one.File + ":")}{one.Row}:{one.Col}: {one.Code}: {one.Reason}"));
    }

    private static JsonObject Json(PolicyEvaluation run, bool discard)
    {
        var json = new JsonObject();
        foreach (var name in Before.Where(run.More.ContainsKey))
            json[name] = run.More[name]?.DeepClone();
        if (run.Fault is not null || run.BuiltinErrors.Count > 0)
        {
            var errors = run.Fault is { } fault ? (JsonArray)PolicyFaults.Json(fault)["errors"]!.DeepClone() : [];
            foreach (var one in run.BuiltinErrors)
                errors.Add(PolicyFaults.Json(one));
            json["errors"] = errors;
        }

        if (run.Results.Count > 0)
            json["result"] = discard ? "discarded" : new JsonArray([.. run.Results.Select(Json)]);
        foreach (var (name, value) in run.More.Where(member => !Before.Contains(member.Key)))
            json[name] = value?.DeepClone();
        return json;
    }

    private static JsonObject Json(QueryResult result)
    {
        var one = new JsonObject
        {
            ["expressions"] = new JsonArray([.. result.Expressions.Select(expression => new JsonObject
            {
                ["value"] = Json(expression.Value),
                ["text"] = expression.Text,
                ["location"] = new JsonObject { ["row"] = expression.Row, ["col"] = expression.Col },
            })]),
        };
        if (result.Bindings.Count > 0)
            one["bindings"] = Bindings(result);
        return one;
    }

    private static JsonObject Bindings(QueryResult result) =>
        new(result.Bindings.OrderBy(bound => bound.Key, StringComparer.Ordinal).Select(bound => KeyValuePair.Create(bound.Key, Json(bound.Value))));

    private static JsonNode? Json(RValue value) => ConsoleJson.Read(value.ToJson());

    private static void Print(TextWriter output, JsonNode json) => output.WriteLine(json.ToJsonString(ConsoleJson.Indented));

    /// <summary>One value as it is; several, or bindings, as a table.</summary>
    private static void Pretty(TextWriter output, IReadOnlyList<QueryResult> results, int limit)
    {
        if (results.Count == 0)
        {
            output.WriteLine("undefined");
            return;
        }

        if (results is [{ Bindings.Count: 0, Expressions: [var first, ..] all }] && (all.Count == 1 || all.All(one => one.Value is RBool)))
        {
            output.WriteLine(Json(first.Value)?.ToJsonString(ConsoleJson.Indented) ?? "null");
            return;
        }

        var names = results[0].Bindings.Keys.Order(StringComparer.Ordinal).ToList();
        var shown = Enumerable.Range(0, results[0].Expressions.Count).Where(i => names.Count == 0 || results[0].Expressions[i].Value is not RBool).ToList();
        PolicyTable.Write(
            output,
            [.. names, .. shown.Select(i => results[0].Expressions[i].Text.ReplaceLineEndings(" "))],
            [.. results.Select(result => (IReadOnlyList<string>)[.. names.Select(name => Cell(result.Bindings[name].ToJson(), limit)), .. shown.Select(i => Cell(result.Expressions[i].Value.ToJson(), limit))])]);
    }

    private static void PrettyMore(TextWriter output, JsonObject more, int limit)
    {
        if (more["metrics"] is JsonObject metrics)
            PolicyTable.Write(output, ["Metric", "Value"], [.. metrics.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => (IReadOnlyList<string>)[one.Key, Cell(one.Value!.ToJsonString(), limit)])]);
        if (more["profile"] is JsonArray { Count: > 0 } profile)
        {
            PolicyTable.Write(output, ["Time", "Num Eval", "Num Redo", "Num Gen Expr", "Location"], [.. profile.Select(line => (IReadOnlyList<string>)
                [GoDuration.Text(TimeSpan.FromMicroseconds((long)line!["total_time_ns"]! / 1000.0)), $"{line["num_eval"]}", $"{line["num_redo"]}", $"{line["num_gen_expr"]}", Place(line)])]);
        }

        if (more["aggregated_metrics"] is JsonObject several)
        {
            PolicyTable.Write(output, ["Metric", .. Percentiles.Select(Title)], [.. several.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => (IReadOnlyList<string>)
                [one.Key, .. Percentiles.Select(name => Cell(one.Value![name]!.ToJsonString(), limit))])]);
        }

        if (more["aggregated_profile"] is JsonArray { Count: > 0 } profiles)
        {
            PolicyTable.Write(output, [.. Percentiles.Select(Title), "Num Eval", "Num Redo", "Num Gen Expr", "Location"], [.. profiles.Select(line => (IReadOnlyList<string>)
                [.. Percentiles.Select(name => GoDuration.Text(TimeSpan.FromMicroseconds(line!["total_time_ns_stats"]![name]!.Deserialize<double>() / 1000))), $"{line!["num_eval"]}", $"{line["num_redo"]}", $"{line["num_gen_expr"]}", Place(line)])]);
        }

        if (more["coverage"] is JsonObject coverage)
            PolicyTable.Write(output, [], [["Overall Coverage", ((double)coverage["coverage"]!).ToString("F2", CultureInfo.InvariantCulture)]]);
    }

    private static string Title(string name) => char.ToUpperInvariant(name[0]) + name[1..];

    private static string Place(JsonNode line) => $"{((string)line["location"]!["file"]! is "query" or "" ? "query" : line["location"]!["file"])}:{line["location"]!["row"]}";

    private static string Cell(string text, int limit) => limit > 0 && text.Length > limit ? text[..limit] + "..." : text;
}
