using System.Text.Json.Nodes;

namespace MicroAppBot.Tests.Doubles.Slack;

/// <summary>What a call would be answered, and what would come of it.</summary>
/// <param name="Effect">Takes place when the answer is given, or on a bad day without one.</param>
internal sealed record WebApiAnswer(JsonObject Body, Action? Effect = null, int Status = 200, int? RetryAfter = null)
{
    public string? Error => Body.Str("error");

    public static WebApiAnswer Ok(JsonObject body, Action? effect = null)
    {
        body.Insert(0, "ok", true);
        return new WebApiAnswer(body, effect);
    }

    public static WebApiAnswer No(string error) => new(new JsonObject { ["ok"] = false, ["error"] = error });

    /// <summary>An error with what is wrong, as Slack says it: once bare and once with its level.</summary>
    public static WebApiAnswer No(string error, IEnumerable<string> faults)
    {
        var list = faults.ToList();
        return new WebApiAnswer(new JsonObject
        {
            ["ok"] = false,
            ["error"] = error,
            ["errors"] = new JsonArray([.. list.Select(f => (JsonNode)f)]),
            ["response_metadata"] = new JsonObject { ["messages"] = new JsonArray([.. list.Select(f => (JsonNode)$"[ERROR] {f}")]) },
        });
    }

    public static WebApiAnswer TooMany(int seconds) => new(new JsonObject { ["ok"] = false, ["error"] = "ratelimited" }, null, 429, seconds);
}
