using System.Text.Json.Nodes;
using MicroAppBot.Cards.BlockKit;

namespace MicroAppBot.Tests.Cards.Slack;

public class HostileCardsTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 25)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Whatever_a_card_holds_Slack_takes_what_is_made_of_it(int seed)
    {
        for (var i = 0; i < 2; i++)
        {
            var card = new HostileCards(seed * 100 + i).Card();

            Assert.Empty(EveryCardInSlackTests.Payloads(card).SelectMany(payload => SlackRules.Faults(payload.Surface, payload.Json)));
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_same_card_makes_the_same_blocks_and_is_not_changed(int seed)
    {
        var card = new HostileCards(seed).Card();
        var before = card.ToJsonString();

        Assert.Equal(EveryCardInSlackTests.Payloads(card).Select(payload => payload.Json.ToJsonString()), EveryCardInSlackTests.Payloads((JsonObject)card.DeepClone()).Select(payload => payload.Json.ToJsonString()));
        Assert.Equal(before, card.ToJsonString());
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Every_button_is_one_of_the_cards_actions_and_every_action_is_a_button_or_a_loss(int seed)
    {
        var card = new HostileCards(seed).Card();
        var message = BlockKit.Message(card, "", "card");
        var links = message.Rest.Prepend(message.Blocks).SelectMany(SlackRules.All).Where(one => one["url"] is not null).Select(one => one["action_id"]?.ToString()).ToHashSet();

        Assert.All(EveryCardInSlackTests.Pressable(message).Where(pressed => !links.Contains(pressed.Id)), pressed => Assert.NotNull(BlockKit.ActionOf(card, pressed.Id)));
    }

    [Fact]
    public void Slacks_own_types_and_limits_take_every_payload()
    {
        var samples = TheCards.Library.Samples.SelectMany(sample => new[] { sample.Data, CardSampleTests.Stretched(sample.Data, 10_000)! }
            .SelectMany((data, i) => EveryCardInSlackTests.Payloads(TheCards.Library.Draw(sample.Card, data, "slack")).Select(payload => ($"{sample.Card}.{sample.What}{(i == 0 ? "" : " stretched")} {payload.Surface}", payload.Surface, payload.Json))));
        var hostile = Enumerable.Range(0, 25).SelectMany(seed => EveryCardInSlackTests.Payloads(new HostileCards(seed).Card()).Select(payload => ($"hostile {seed} {payload.Surface}", payload.Surface, payload.Json)));

        Assert.Empty(SlackValidator.Faults(samples.Concat(hostile)));
    }
}
