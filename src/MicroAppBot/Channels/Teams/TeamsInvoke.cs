using System.Text.Json.Nodes;

namespace MicroAppBot.Channels.Teams;

/// <summary>The bodies an <c>adaptiveCard/action</c> is answered with (universal action model): <c>{statusCode, type, value}</c>.</summary>
internal static class TeamsInvoke
{
    /// <summary>Takes the place of the card, on the client that clicked.</summary>
    public static JsonObject Card(JsonObject card) => Of(200, TeamsMessage.CardType, card);

    /// <summary>Stands under the card, which stays as it is.</summary>
    public static JsonObject Line(string words) => Of(200, "application/vnd.microsoft.activity.message", words);

    public static JsonObject Error(int status, string code, string words) =>
        Of(status, "application/vnd.microsoft.error", new JsonObject { ["code"] = code, ["message"] = words });

    /// <summary>The card in one sentence, as its author wrote it.</summary>
    public static string Summary(JsonObject card) => card["fallbackText"] is JsonValue value && value.TryGetValue<string>(out var words) ? words : "";

    private static JsonObject Of(int status, string type, JsonNode value) => new() { ["statusCode"] = status, ["type"] = type, ["value"] = value };
}
