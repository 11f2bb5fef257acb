using MicroAppBot.Desk;
using MicroAppBot.Tests.Desk;
using MicroAppBot.Tests.Journeys;

namespace MicroAppBot.Tests.Conversation;

/// <summary>Who cannot be reached, asked for in the chat; and an answer where others read along.</summary>
public sealed class ReachTalkTests : IAsyncDisposable
{
    private readonly FrontDesk desk = new();

    public ValueTask DisposeAsync() => desk.DisposeAsync();

    private string Admin => FrontDesk.Content.People.Values.First(p => p.Has("governance-admin")).Id;

    [Theory]
    [InlineData("unreachable")]
    [InlineData("Who cannot be reached?")]
    public async Task A_governance_admin_is_told_who_and_why(string words)
    {
        desk.Missing = [.. Enumerable.Range(1, 12).Select(i => new Unreached($"p{i}", $"Person {i}", "Blocked or removed me in Teams."))];
        var seen = await desk.SayAsync(Admin, words);
        Assert.True(seen.Says("12 people cannot be reached") && seen.Says("Person 10: Blocked or removed me") && seen.Says("the other 2") && !seen.Says("Person 11"), seen.ToString());
        desk.Missing = [desk.Missing[0]];
        Assert.True((await desk.SayAsync(Admin, words)).Says("1 person cannot be reached"));
        desk.Missing = [];
        Assert.True((await desk.SayAsync(Admin, words)).Says("Everybody can be reached"));
    }

    [Fact]
    public async Task Nobody_else_is_shown_it_and_an_open_draft_is_kept()
    {
        desk.Missing = [new Unreached("p1", "Person 1", "x")];
        await desk.SayAsync("ada.keller", "I need a page where the marketing team sees which campaigns ran last month");
        var seen = await desk.SayAsync("ada.keller", "unreachable");
        Assert.True(seen.Says("for the governance team") && !seen.Says("Person 1"), seen.ToString());
        Assert.True((await desk.SayAsync("ada.keller", "continue")).Offers("intake.submit"));
    }

    [Theory]
    [InlineData("help", true)]
    [InlineData("templates", true)]
    [InlineData("policy", true)]
    [InlineData("blub", true)]
    [InlineData("my apps", false)]
    [InlineData("approvals", false)]
    [InlineData("I need a page where the marketing team sees which campaigns ran last month", false)]
    public async Task Where_others_read_along_only_what_is_for_all_is_said_there(string words, bool forAll)
    {
        var reply = await desk.TakeAsync("ada.keller", new Said.Text(words), aloud: true);
        if (forAll)
        {
            Assert.True(reply.Messages[0].ForAll);
            Assert.Single(reply.Messages);
            return;
        }
        Assert.False(reply.Messages[0].ForAll);
        var pointer = Assert.IsType<MicroAppBot.Desk.Message.Line>(reply.Messages[^1]);
        Assert.True(pointer.ForAll);
        Assert.StartsWith("Ada, ", pointer.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_greeting_where_others_read_along_does_not_tell_what_waits_for_somebody()
    {
        var request = await desk.MediumRequestAsync();
        var asked = request.Seats[0].AskedId!;
        Assert.True((await desk.SayAsync(asked, "help")).Says("1 request waits"));
        Assert.False(FrontDesk.First(await desk.TakeAsync(asked, new Said.Text("help"), aloud: true)).Says("1 request waits"));
    }
}
