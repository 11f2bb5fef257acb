using System.Text;
using System.Text.Json.Nodes;
using Rego;

namespace MicroAppBot.Commands;

/// <summary>What tests did, as <c>opa test --format json</c> tells it.</summary>
internal static class PolicyTestJson
{
    public static JsonArray Of(IReadOnlyList<TestOutcome> outcomes, IReadOnlyDictionary<TestOutcome, PolicyMeasure> measured) => [.. outcomes.Select(outcome => One(outcome, measured.GetValueOrDefault(outcome)))];

    private static JsonObject One(TestOutcome outcome, PolicyMeasure? measure)
    {
        var one = new JsonObject
        {
            ["location"] = new JsonObject { ["file"] = outcome.File, ["row"] = outcome.Row, ["col"] = outcome.Col },
            ["package"] = outcome.Package,
            ["name"] = outcome.Name[(outcome.Package.Length + 1)..],
            ["duration"] = (long)outcome.Duration.TotalNanoseconds,
        };
        if (outcome.Error is { } error)
            one["error"] = PolicyFaults.Json(error);
        if (outcome.Failed is [var failed, ..])
        {
            one["failed_at"] = new JsonObject
            {
                ["location"] = new JsonObject { ["file"] = failed.File, ["row"] = failed.Row, ["col"] = failed.Col },
                ["text"] = failed.Text,
                ["values"] = new JsonObject(failed.Values.Where(value => value.Value is not null).Select(value => KeyValuePair.Create(value.Key, ConsoleJson.Read(value.Value!.ToJson())))),
            };
        }

        if (measure is not null)
            one["benchmark_result"] = measure.Json();
        if (outcome.Printed.Count > 0)
            one["output"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Join('\n', outcome.Printed) + "\n"));
        if (outcome.State == TestState.Failed)
            one["fail"] = true;
        if (outcome.State == TestState.Skipped)
            one["skip"] = true;
        if (outcome.Cases.Count > 0)
            one["sub_results"] = Cases(outcome.Cases);
        return one;
    }

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
