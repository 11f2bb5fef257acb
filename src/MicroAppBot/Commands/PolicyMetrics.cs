using System.Diagnostics;
using System.Text.Json.Nodes;

namespace MicroAppBot.Commands;

/// <summary>How long each stage took, under OPA's names.</summary>
internal sealed class PolicyMetrics
{
    private readonly JsonObject laps = [];
    private long since = Stopwatch.GetTimestamp();

    public void Lap(string name)
    {
        laps[name] = (long)Stopwatch.GetElapsedTime(since).TotalNanoseconds;
        since = Stopwatch.GetTimestamp();
    }

    public JsonObject Json() => (JsonObject)laps.DeepClone();

    public static JsonObject Statistics(IReadOnlyList<JsonObject> rounds) =>
        new(rounds[0].Select(lap => KeyValuePair.Create(lap.Key, (JsonNode?)Statistics([.. rounds.Select(round => (long)round[lap.Key]!)]))));

    /// <summary>OPA's statistics of several measurements.</summary>
    public static JsonObject Statistics(IReadOnlyList<long> values)
    {
        var sorted = values.Order().ToList();
        var mean = sorted.Average();
        return new JsonObject
        {
            ["count"] = sorted.Count,
            ["min"] = sorted[0],
            ["max"] = sorted[^1],
            ["mean"] = mean,
            ["stddev"] = Math.Sqrt(sorted.Average(value => (value - mean) * (value - mean))),
            ["median"] = At(0.5),
            ["75%"] = At(0.75),
            ["90%"] = At(0.9),
            ["95%"] = At(0.95),
            ["99%"] = At(0.99),
            ["99.9%"] = At(0.999),
            ["99.99%"] = At(0.9999),
        };

        double At(double share)
        {
            var place = share * (sorted.Count + 1);
            if (place < 1)
                return sorted[0];
            if (place >= sorted.Count)
                return sorted[^1];
            var below = sorted[(int)place - 1];
            return below + ((place - (int)place) * (sorted[(int)place] - below));
        }
    }
}
