using Governance.Apps;
using Governance.Notices;
using Governance.People;
using Governance.Requests;
using Governance.Tests.Apps;

namespace Governance.Tests.Requests;

/// <summary>What cards show before anybody clicks must be what the click will find.</summary>
public class LooksTests
{
    [Fact]
    public void Whoever_is_shown_a_seat_can_sign_it_and_nobody_else()
    {
        foreach (var person in World.People.Keys)
        {
            var story = Story.Of(World.High);
            var seat = RequestDecider.SeatFor(story.Request!, person, story.Facts);

            var decision = story.When(new RequestCommand.Approve(person, null, null));

            Assert.Equal(seat is not null, decision is Decision<RequestEvent>.Happened { Events.Count: > 0 });
            Assert.Equal(seat?.Role, story.Events.OfType<ApprovalGiven>().SingleOrDefault()?.Role);
            Assert.Null(RequestDecider.SeatFor(story.Request!, person, story.Facts));
        }
        Assert.Null(RequestDecider.SeatFor(Story.Of(World.Low).Request!, "sam", World.FactsAt(World.Monday)));
        Assert.Null(RequestDecider.SeatFor(Story.Of(World.Medium).Request!, "stranger", World.FactsAt(World.Monday)));
    }

    [Fact]
    public void Whoever_is_offered_for_a_handover_can_take_it()
    {
        foreach (var to in World.People.Keys)
        {
            var story = Story.Of(World.Medium);
            var seat = story.Seat("business-owner");
            var offered = RequestDecider.MayTake((Request.AwaitingApproval)story.Request!, seat, story.Facts);

            Assert.Equal(offered.Contains(to), story.When(new RequestCommand.Delegate("miriam", to)) is Decision<RequestEvent>.Happened { Events.Count: > 0 });
            Assert.Equal(["grace", "helen"], offered.Order());
        }
    }

    [Fact]
    public void The_card_says_by_when_to_answer()
    {
        var story = Story.Of(World.Medium);
        var waiting = (Request.AwaitingApproval)story.Request!;

        Assert.Equal(World.Monday.AddDays(1), RequestDecider.AnswerBy(waiting, story.Seat("security"), story.Facts));
        story.Approve("miriam");
        Assert.Null(RequestDecider.AnswerBy(waiting, story.Seat("business-owner"), story.Facts));
    }

    [Theory]
    [InlineData("active", "Change Renew RaiseCap Archive Transfer")]
    [InlineData("archived", "Restore")]
    [InlineData("suspended", "Change Renew RaiseCap Archive Transfer")]
    public void An_apps_buttons_are_what_may_be_asked_in_its_state(string state, string kinds)
    {
        var story = AppStory.Live();
        if (state == "archived") story.Asks(RequestKind.Archive);
        if (state == "suspended")
        {
            story.Costs(60);
            story.Tick(story.Now.AddDays(1));
        }

        Assert.Equal(kinds, string.Join(' ', Enum.GetValues<RequestKind>().Where(k => AppDecider.CanAsk(story.App!, k, "ada", story.Facts))));
        Assert.DoesNotContain(Enum.GetValues<RequestKind>(), k => AppDecider.CanAsk(story.App!, k, "grace", story.Facts));
    }

    [Fact]
    public void A_guest_of_the_channel_asks_and_hears_what_became_of_it()
    {
        var guest = Person.Unknown("Vera Guest", null, new PersonAccounts("aad-1", null));
        var story = new Story { People = World.People.Append(new(guest.Id, guest)).ToDictionary() };
        story.Happens(new RequestCommand.Submit("r-1", RequestKind.Create, "app-1", guest.Id, World.Medium with { App = World.Medium.App with { Owner = guest.Id } }, null, null));

        // Later turns are other people's: the guest is not among the facts any more
        story.People = World.People;
        story.Approve("miriam");

        var told = NoticesOf.Request(story.Events[^1], story.Request!, story.Facts);
        Assert.Contains(told, n => n.ToId == guest.Id && n.Kind == NoticeKind.RequestProgress);
        Assert.Contains("a colleague who is not in the directory", story.Refusal(new RequestCommand.Reject("miriam", "No.")).Words, StringComparison.Ordinal);
    }
}
