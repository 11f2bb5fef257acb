using System.Text.Json.Nodes;
using Rego;
using Rego.Values;

namespace MicroAppBot.Commands;

/// <summary>Results of a query in the formats of <c>opa eval</c>.</summary>
internal static class PolicyResults
{
    /// <param name="more">Metrics, coverage and the like: members of their own beside <c>result</c>.</param>
    public static void Write(TextWriter output, string format, IReadOnlyList<QueryResult> results, JsonObject more)
    {
        switch (format)
        {
            case "json":
                Print(output, With(results.Count == 0 ? [] : new JsonObject { ["result"] = new JsonArray([.. results.Select(Json)]) }, more));
                break;
            case "discard":
                Print(output, With(new JsonObject { ["result"] = "discarded" }, more));
                break;
            case "values":
                foreach (var result in results)
                    Print(output, new JsonArray([.. result.Expressions.Select(expression => Json(expression.Value))]));
                break;
            case "bindings":
                foreach (var result in results)
                    Print(output, Bindings(result));
                break;
            case "raw":
                foreach (var result in results)
                    output.WriteLine(string.Join(' ', result.Expressions.Select(expression => expression.Value is RString text ? text.Value : expression.Value.ToJson())));
                break;
            default:
                Pretty(output, results);
                foreach (var (name, value) in more)
                    output.WriteLine($"{name}: {value?.ToJsonString(ConsoleJson.Indented)}");
                break;
        }
    }

    private static JsonObject With(JsonObject result, JsonObject more)
    {
        foreach (var (name, value) in more)
            result[name] = value?.DeepClone();
        return result;
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

    private static JsonNode? Json(RValue value) => JsonNode.Parse(value.ToJson());

    private static void Print(TextWriter output, JsonNode json) => output.WriteLine(json.ToJsonString(ConsoleJson.Indented));

    /// <summary>One value as it is; several, or bindings, as a table.</summary>
    private static void Pretty(TextWriter output, IReadOnlyList<QueryResult> results)
    {
        if (results.Count == 0)
        {
            output.WriteLine("undefined");
            return;
        }

        if (results is [{ Bindings.Count: 0, Expressions: [var only] }])
        {
            output.WriteLine(Json(only.Value)?.ToJsonString(ConsoleJson.Indented) ?? "null");
            return;
        }

        var names = results[0].Bindings.Keys.Order(StringComparer.Ordinal).ToList();
        var shown = Enumerable.Range(0, results[0].Expressions.Count).Where(i => results[0].Expressions[i].Value is not RBool).ToList();
        List<string[]> rows = [[.. names, .. shown.Select(i => results[0].Expressions[i].Text)]];
        if (rows[0].Length == 0)
        {
            output.WriteLine("true");
            return;
        }

        rows.AddRange(results.Select(result => (string[])[.. names.Select(name => result.Bindings[name].ToJson()), .. shown.Select(i => result.Expressions[i].Value.ToJson())]));
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToList();
        var rule = $"+{string.Join('+', widths.Select(width => new string('-', width + 2)))}+";
        output.WriteLine(rule);
        for (var i = 0; i < rows.Count; i++)
        {
            output.WriteLine($"|{string.Join('|', rows[i].Select((cell, column) => $" {cell.PadRight(widths[column])} "))}|");
            if (i == 0)
                output.WriteLine(rule);
        }

        output.WriteLine(rule);
    }
}
