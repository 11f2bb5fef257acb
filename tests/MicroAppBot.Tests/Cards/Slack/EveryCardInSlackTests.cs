using System.Text.Json.Nodes;
using MicroAppBot.Cards.BlockKit;

namespace MicroAppBot.Tests.Cards.Slack;

public class EveryCardInSlackTests
{
    public static TheoryData<string, string> Samples => CardSampleTests.Samples;

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_sample_is_within_Slacks_limits_on_every_surface(string card, string what)
    {
        var drawn = TheCards.Library.Draw(card, TheCards.Sample(card, what).Data, "slack");

        Assert.Empty(Payloads(drawn).SelectMany(payload => SlackRules.Faults(payload.Surface, payload.Json)));
    }

    /// <summary>Everything that Slack can be sent of a card: the message and its thread, the whole card as a form, App Home, and each form that a button opens.</summary>
    internal static IEnumerable<(string Surface, JsonNode Json)> Payloads(JsonObject drawn)
    {
        var message = BlockKit.Message(drawn, "", "card");
        foreach (var page in message.Rest.Prepend(message.Blocks))
            yield return ("message", page);
        yield return ("modal", BlockKit.Modal(drawn, "card", "Card").View);
        yield return ("home", BlockKit.Home([drawn, drawn]).View);
        foreach (var (id, _) in Pressable(message).Take(8))
            if (BlockKit.ActionOf(drawn, id) is { FormCard: { } form })
                yield return ("modal", BlockKit.Modal(form, "card", "").View);
    }

    internal static IEnumerable<(string Id, string? Value)> Pressable(BlockMessage message) => message.Rest.Prepend(message.Blocks).SelectMany(SlackRules.All).SelectMany(one => one["type"]?.ToString() switch
    {
        "button" => [(one["action_id"]!.ToString(), one["value"]?.ToString())],
        "overflow" or "static_select" => ((JsonArray)one["options"]!).Select(option => (option!["value"]!.ToString(), (string?)null)),
        _ => Enumerable.Empty<(string, string?)>(),
    });
}
