using System.Text.Json.Nodes;

namespace MicroAppBot.Tests.Cards;

public class ReferenceRendererTests
{
    [Fact]
    public void The_reference_renderer_objects_to_no_card()
    {
        var samples = TheCards.Library.Samples;
        var drawn = new JsonArray([.. samples.Select(sample => TheCards.Library.Draw(sample.Card, sample.Data))]);

        var objections = Reference.Ask("check", drawn);

        Assert.Empty(samples.Zip(objections).Where(pair => ((JsonArray)pair.Second!).Count > 0).Select(pair => $"{pair.First.Card}.{pair.First.What}: {pair.Second!.ToJsonString()}"));
    }
}
