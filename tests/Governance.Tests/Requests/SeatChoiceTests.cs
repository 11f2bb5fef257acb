using Governance.People;
using Governance.Requests;
using Governance.Verdicts;

namespace Governance.Tests.Requests;

public class SeatChoiceTests
{
    [Fact]
    public void The_departments_own_people_come_first() =>
        Assert.All(Enumerable.Range(0, 50), i => Assert.Equal("miriam", Story.Of(World.Medium, id: $"r-{i}").Asked("business-owner")));

    [Fact]
    public void Work_is_spread_over_those_who_are_equal_and_the_same_request_asks_the_same_people()
    {
        var asked = Enumerable.Range(0, 200).Select(i => Story.Of(World.Medium, id: $"r-{i}").Asked("security")).ToList();

        Assert.InRange(asked.Count(a => a == "sam"), 70, 130);
        Assert.Equal(asked, Enumerable.Range(0, 200).Select(i => Story.Of(World.Medium, id: $"r-{i}").Asked("security")));
    }

    [Fact]
    public void Every_seat_finds_somebody_when_that_is_possible_at_all()
    {
        // Whoever is asked first must not take the only one that another seat could have
        var people = new[]
        {
            World.Someone("ada", "marketing", null), World.Someone("jonas", "marketing", null),
            World.Someone("all", "marketing", null, Role.Security, Role.Compliance, Role.InfraOps),
            World.Someone("two", "marketing", null, Role.Security, Role.Compliance),
            World.Someone("one", "it", null, Role.Security),
        }.ToDictionary(p => p.Id);

        for (var i = 0; i < 30; i++)
        {
            var story = new Story { People = people };
            story.Happens(new RequestCommand.Submit($"r-{i}", RequestKind.Create, "app-1", "ada", World.High, null, null));
            Assert.Equal(("one", "two", "all"), (story.Asked("security"), story.Asked("compliance"), story.Asked("infra-ops")));
        }
    }

    [Fact]
    public void Random_directories_never_leave_a_seat_empty_that_could_be_filled()
    {
        var random = new Random(7);
        string[] roles = [Role.Security, Role.Compliance, Role.InfraOps];
        for (var round = 0; round < 500; round++)
        {
            var people = new[] { World.Someone("ada", "marketing", null), World.Someone("jonas", "marketing", null) }
                .Concat(Enumerable.Range(0, random.Next(5)).Select(i => World.Someone($"p{i}", random.Next(2) == 0 ? "marketing" : "it", null, [.. roles.Where(_ => random.Next(2) == 0)])))
                .ToDictionary(p => p.Id);
            var story = new Story { People = people };
            story.Happens(new RequestCommand.Submit($"r-{round}", RequestKind.Create, "app-1", "ada", World.High, null, null));
            var asked = story.Request!.AllSeats.Select(s => s.AskedId).OfType<string>().ToList();

            Assert.Equal(Most(roles, people.Values.Where(p => p.Roles.Count > 0).ToList()), asked.Count);
            Assert.Equal(asked.Count, asked.Distinct().Count());
            Assert.All(story.Request.AllSeats.Where(s => s.AskedId is not null), s => Assert.True(people[s.AskedId!].Has(s.Role)));
        }
    }

    [Fact]
    public void A_role_that_nobody_holds_waits_for_whoever_comes()
    {
        var story = new Story { People = World.Without("sam", "dana") };
        story.Happens(new RequestCommand.Submit("r-1", RequestKind.Create, "app-1", "ada", World.Medium, null, null));

        Assert.Null(story.Seat("security").AskedId);
        Assert.Contains("a security reviewer (nobody is named yet)", story.Refusal(new RequestCommand.Approve("cleo", null, null)).Words, StringComparison.Ordinal);
        story.Approve("miriam");
        Assert.Equal("", story.Tick(story.Now.AddDays(3)));

        story.People = World.People;
        Assert.Equal("SeatEscalated", story.Tick(story.Now));
        Assert.NotNull(story.Seat("security").AskedId);
    }

    [Fact]
    public void A_role_that_must_sign_twice_is_two_people()
    {
        var story = new Story { Rules = m => World.Judge(m) with { Approvals = [new RequiredApproval("security", 2)] } };
        story.Happens(new RequestCommand.Submit("r-1", RequestKind.Create, "app-1", "ada", World.Medium, null, null));

        Assert.Equal(["dana", "sam"], story.Request!.AllSeats.Select(s => s.AskedId!).Order());
        Assert.Equal("ApprovalGiven", story.Approve("sam"));
        Assert.Equal("", story.Approve("sam"));
        Assert.Equal("ApprovalGiven RequestGranted", story.Approve("dana"));
    }

    private static int Most(IReadOnlyList<string> roles, List<Person> people) => roles.Count == 0 ? 0
        : Math.Max(Most([.. roles.Skip(1)], people),
            people.Where(p => p.Has(roles[0])).Select(p => 1 + Most([.. roles.Skip(1)], [.. people.Where(o => o != p)])).DefaultIfEmpty(0).Max());
}
