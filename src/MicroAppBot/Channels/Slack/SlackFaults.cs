using System.Text.Json.Nodes;

namespace MicroAppBot.Channels.Slack;

/// <summary>What a card says is wrong with an answer, brought to the input it is about (the vocabulary is that of <c>cards/README.md</c>).</summary>
internal static class SlackFaults
{
    private const int LongestFault = 2_000;

    /// <param name="data">The data of the card that would be shown next.</param>
    /// <param name="view">The form that is open.</param>
    /// <returns>Words by block id; empty where nothing is wrong, or where it is about something else than this form asks for.</returns>
    public static IReadOnlyDictionary<string, string> In(JsonObject data, JsonObject view)
    {
        var inputs = (view["blocks"] as JsonArray ?? []).Where(b => SlackJson.Text(b, "type") == "input").Select(b => SlackJson.Text(b, "block_id")).OfType<string>().ToList();
        var faults = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var field in (data["fields"] as JsonArray ?? []).OfType<JsonObject>()) Add(SlackJson.Text(field, "id"), SlackJson.Text(field, "error"));
        Add("reason", SlackJson.Text(data, "reasonError"));
        Add(inputs.FirstOrDefault(), SlackJson.Text(data, "error"));
        return faults.Keys.All(inputs.Contains) ? faults : new Dictionary<string, string>();

        void Add(string? input, string? words)
        {
            if (input is not null && words is not null) faults[input] = words.Length <= LongestFault ? words : words[..LongestFault];
        }
    }
}
