using System.Text.Json.Nodes;
using Governance.People;
using MicroAppBot.Channels.Slack;
using MicroAppBot.Desk;
using MicroAppBot.Tests.Desk;

namespace MicroAppBot.Tests.Channels.Slack;

/// <summary>A card that was shown a moment ago is at hand, and says what the store says.</summary>
public sealed class SlackShownTests : IAsyncLifetime
{
    private static readonly SlackAddress At = new("T1", "U1", null);

    private SlackHost _host = null!;

    private static Person Ada => FrontDesk.Content.People.Values.First();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await SlackHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static JsonObject Card(string words) => new() { ["type"] = "AdaptiveCard", ["body"] = new JsonArray(new JsonObject { ["type"] = "TextBlock", ["text"] = words }) };

    private static SentCard Sent(string id, int characters) =>
        new(id, "ada", "slack", At.ToJson(), null, "notice", null, DateTimeOffset.UnixEpoch, new string('x', characters));

    [Fact]
    public async Task A_card_just_shown_is_found_as_it_was_drawn_without_being_read_again()
    {
        var cards = _host.Get<SlackCards>();
        var drawn = Card("Hello");
        var id = await cards.KeepAsync(Ada, At, "notice", drawn);
        Assert.Same(drawn, cards.DrawnOf(await cards.FindAsync(id)));
        Assert.Equal(id, await cards.KeepAsync(Ada, At, "notice", Card("Hello")));
    }

    [Fact]
    public async Task After_a_restart_the_same_card_is_read_from_the_store()
    {
        var id = await _host.Get<SlackCards>().KeepAsync(Ada, At, "notice", Card("Hello"));
        var later = new SlackCards(_host.Store, _host.Get<GovernanceClock>());
        var found = await later.FindAsync(id);
        Assert.Equal((Ada.Id, "notice"), (found!.PersonId, found.CardName));
        Assert.Equal(Card("Hello").ToJsonString(), later.DrawnOf(found)!.ToJsonString());
    }

    [Fact]
    public async Task What_was_written_down_about_a_card_meanwhile_is_not_hidden()
    {
        var cards = _host.Get<SlackCards>();
        var id = await cards.KeepAsync(Ada, At, "notice", Card("Hello"));
        await cards.MarkAsync((await cards.FindAsync(id))! with { ChannelMessageId = "1700000000.000100" });
        Assert.Equal("1700000000.000100", (await cards.FindAsync(id))!.ChannelMessageId);
        Assert.Equal("1700000000.000100", (await _host.Store.SentCardAsync(id, Cancel))!.ChannelMessageId);
    }

    [Fact]
    public void What_was_asked_for_lately_stays_and_what_was_not_is_let_go()
    {
        var shown = new SlackShown();
        shown.Remember(Sent("asked", 10), []);
        shown.Remember(Sent("forgotten", 10), []);
        for (var i = 0; i < 40; i++)
        {
            shown.Remember(Sent($"other-{i}", 200_000), []);
            Assert.NotNull(shown.Find("asked"));
        }
        Assert.Null(shown.Find("forgotten"));
        Assert.Null(shown.Find("other-0"));
        Assert.NotNull(shown.Find("other-39"));
    }
}
