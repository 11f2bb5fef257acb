using System.Text.Json.Nodes;
using Governance.Apps;
using Governance.People;
using Governance.Requests;

namespace MicroAppBot.Conversation.Wording;

/// <summary>Lists of apps and requests, with what is left out said in words.</summary>
public static class ListCards
{
    private const int RowsShown = 10;

    /// <param name="apps">In the order they are shown in.</param>
    public static JsonObject Apps(IReadOnlyList<MicroApp> apps, Addressee to, string? lead = null)
    {
        var data = new JsonObject
        {
            ["title"] = "My apps",
            ["lead"] = lead ?? (apps.Count == 0 ? "You have no apps yet. Tell me what you need, in your own words." : $"You look after {InWords.Count(apps.Count, "app")}."),
            ["apps"] = new JsonArray([.. apps.Take(RowsShown).Select(a => (JsonNode)AppCards.Row(a, to))]),
        };
        if (apps.Count > RowsShown) data["more"] = $"and {apps.Count - RowsShown} more: say \"show\" and the name of the app.";
        return data;
    }

    /// <summary>What waits for the reader's signature.</summary>
    public static JsonObject Waiting(IReadOnlyList<Request> waiting, Addressee to) => Requests(waiting, to, "Waiting for you",
        waiting.Count == 0 ? NothingWaits(to.Person) : $"{InWords.Count(waiting.Count, "request waits", "requests wait")} for your signature.");

    /// <summary>What the reader has asked for and is not decided.</summary>
    public static JsonObject Asked(IReadOnlyList<Request> open, Addressee to) => Requests(open, to, "Your requests", $"{InWords.Count(open.Count, "request is", "requests are")} open.");

    private static string NothingWaits(Person reader) => reader.Outside switch
    {
        null => "Nothing waits for your signature. I send you a card as soon as something does.",
        // Something may well wait for them
        Outsider.NotVerified => "I could not check your account just now, so I cannot show what waits for you. Please ask me again in a minute.",
        _ => "Nothing waits for you here: only members of the organisation decide on requests.",
    };

    private static JsonObject Requests(IReadOnlyList<Request> requests, Addressee to, string title, string lead)
    {
        var data = new JsonObject
        {
            ["title"] = title,
            ["lead"] = lead,
            ["requests"] = new JsonArray([.. requests.Take(RowsShown).Select(r => (JsonNode)RequestCards.WaitingRow(r, to))]),
        };
        if (requests.Count > RowsShown) data["more"] = $"and {requests.Count - RowsShown} more, after these.";
        return data;
    }
}
