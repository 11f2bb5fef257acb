using System.Text.Json.Nodes;
using MicroAppBot.Cards.BlockKit;

namespace MicroAppBot.Tests.Cards.Slack;

/// <summary>What Slack does not show as the card says is named with its place.</summary>
public sealed class LossTests
{
    private static readonly JsonObject Card = (JsonObject)JsonNode.Parse("""
        { "type": "AdaptiveCard", "body": [
          { "type": "TextBlock", "text": "First" },
          { "type": "Container", "style": "warning", "items": [
            { "type": "ColumnSet", "columns": [
              { "type": "Column", "items": [ { "type": "TextBlock", "text": "A" } ] },
              { "type": "Column", "items": [ { "type": "Image", "url": "http://10.0.0.1/x.png" }, { "type": "TextBlock", "text": "B", "color": "Good" } ] } ] } ] } ] }
        """)!;

    [Fact]
    public void A_place_is_a_JSON_pointer_into_the_card()
    {
        var places = BlockKit.Message(Card, "", "c").Losses.Select(loss => loss.Path).ToList();
        Assert.Equal(["/body/1/style", "/body/1/items/0", "/body/1/items/0/columns/1/items/0/altText", "/body/1/items/0/columns/1/items/0/url", "/body/1/items/0/columns/1/items/1/color"], places);
    }

    [Fact]
    public void On_App_Home_it_begins_with_the_number_of_the_card() =>
        Assert.Contains(new CardLoss("/1/body/1/style", BlockKit.Message(Card, "", "c").Losses[0].Reason), BlockKit.Home([new JsonObject { ["type"] = "AdaptiveCard" }, (JsonObject)Card.DeepClone()]).Losses);
}
