using System.Text.Json.Nodes;
using Governance.People;
using Governance.Requests;
using MicroAppBot.Desk;

namespace MicroAppBot.Tests.Desk;

public sealed class OutsiderTests : IAsyncDisposable
{
    private readonly FrontDesk desk = new();

    public ValueTask DisposeAsync() => desk.DisposeAsync();

    private Turn Press(string verb, Person person, ChannelAccount account, string requestId) =>
        new($"slack:{Guid.CreateVersion7(desk.System.GetUtcNow())}", account, person, new Said.Press(verb, new JsonObject { ["request"] = requestId, ["reason"] = "Because." }, null), null, true);

    [Theory]
    [InlineData("slack", "U0DANA", Outsider.Guest, "guest")]
    [InlineData("teams", "aad-dana", Outsider.NotVerified, "try it again in a minute")]
    public async Task Who_has_the_seat_cannot_sign_from_an_account_that_nobody_vouches_for(string channel, string id, Outsider outside, string words)
    {
        var request = await desk.MediumRequestAsync();
        var seat = request.Seats.Single(s => s.Role == Role.Security);
        var holder = desk.Person(seat.AskedId!);
        var account = new ChannelAccount(channel, id);

        var refused = FrontDesk.First(await desk.TakeAsync(Press("request.approve", holder with { Roles = [], Outside = outside }, account, request.File.Id)));
        Assert.True(refused.Says(words), refused.ToString());
        Assert.Null(Assert.IsType<Request.AwaitingApproval>(await desk.RequestAsync(request.File.Id)).Seats.Single(s => s.Role == Role.Security).Signature);

        // From their own account they can; and both the account and the person are kept
        await desk.TakeAsync(Press("request.approve", holder, account, request.File.Id));
        Assert.Equal(holder.Id, Assert.IsType<Request.AwaitingApproval>(await desk.RequestAsync(request.File.Id)).Seats.Single(s => s.Role == Role.Security).Signature!.PersonId);
        var record = DeskJson.Read<EventRecord>((await desk.Store.EventsAsync(Streams.OfRequest(request.File.Id), FrontDesk.Cancel))[^1].Json);
        Assert.Equal((holder.Id, account), (record.By, record.Account));
    }

    [Theory]
    [InlineData(Outsider.Guest, "only members of the organisation")]
    [InlineData(Outsider.OtherOrganisation, "only members of the organisation")]
    [InlineData(Outsider.NotVerified, "could not check your account")]
    public async Task Somebody_whom_nobody_vouches_for_hears_that_and_not_that_nothing_is_theirs(Outsider outside, string words)
    {
        var request = await desk.MediumRequestAsync();
        var account = new ChannelAccount("slack", "U0SOMEBODY");
        var person = new Sender(account, null, null, null, outside).In(desk.Directory);

        var refused = FrontDesk.First(await desk.TakeAsync(Press("request.approve", person, account, request.File.Id)));
        Assert.True(refused.Says(OutsiderWords.WhyNot(outside)) && !refused.Says("somebody else's"), refused.ToString());
        var list = FrontDesk.First(await desk.TakeAsync(new Turn("slack:approvals", account, person, new Said.Text("approvals"), null, true)));
        Assert.True(list.Says(words) && !list.Says("I send you a card"), list.ToString());
        var hello = FrontDesk.First(await desk.TakeAsync(new Turn("slack:hello", account, person, new Said.Text("hello"), null, true)));
        Assert.True(hello.Says("Hello") && !hello.Says("U0SOMEBODY"), hello.ToString());
    }

    [Fact]
    public async Task A_stranger_can_talk_and_ask_for_an_app_of_their_own()
    {
        var stranger = new Sender(new ChannelAccount("slack", "T0OTHER/U0X"), "Max Other", null, Outside: Outsider.OtherOrganisation).In(desk.Directory);
        var answer = FrontDesk.First(await desk.TakeAsync(new Turn("slack:1", new ChannelAccount("slack", "T0OTHER/U0X"), stranger, new Said.Text("help"), null, true)));
        Assert.True(answer.Says("Here is what I can do"), answer.ToString());
    }
}
