using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rego.Values;

namespace MicroAppBot.Policies.Log;

/// <summary>A decision in the shape of OPA's decision log (openpolicyagent.org, "Decision Logs").</summary>
internal static class DecisionLine
{
    private static readonly JsonSerializerOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonObject Of(Decision decision, string instance)
    {
        var line = new JsonObject
        {
            ["labels"] = new JsonObject { ["app"] = "microappbot", ["id"] = instance, ["version"] = typeof(DecisionLine).Assembly.GetName().Version?.ToString(3) },
            ["decision_id"] = decision.Id,
            ["revision"] = decision.Revision,
            ["bundles"] = new JsonObject { ["microapps"] = new JsonObject { ["revision"] = decision.Revision } },
        };
        if (decision.Span is { } span) (line["trace_id"], line["span_id"]) = (span.Trace, span.Id);
        if (decision.Path is { } path) line["path"] = path;
        if (decision.Query is { } query) line["query"] = query;
        if (decision.Input is { } input) line["input"] = Json(input);
        if (decision.Result is { } result) line["result"] = Json(result);
        if (decision.Error is { } error) line["error"] = new JsonObject
        {
            ["code"] = error.Code,
            ["message"] = error.Reason,
            ["location"] = new JsonObject { ["file"] = error.File == "query" ? "" : error.File, ["row"] = error.Row, ["col"] = error.Col },
        };
        line["requested_by"] = decision.RequestedBy;
        line["timestamp"] = decision.At.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
        line["metrics"] = new JsonObject(decision.Metrics.Select(m => KeyValuePair.Create(m.Key, (JsonNode?)m.Value)));
        if (decision.Request > 0) line["req_id"] = decision.Request;
        return line;
    }

    public static string Text(JsonObject line) => line.ToJsonString(OneLine);

    private static JsonNode? Json(RValue value) => JsonNode.Parse(value.ToJson());
}
