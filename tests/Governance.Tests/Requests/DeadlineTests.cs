using Governance.Requests;

namespace Governance.Tests.Requests;

public class DeadlineTests
{
    // Asked on Monday at 10:00 in Berlin: eight business hours are Tuesday 10:00, sixteen Wednesday 10:00
    private static readonly DateTimeOffset Tuesday = World.Monday.AddDays(1);
    private static readonly DateTimeOffset Wednesday = World.Monday.AddDays(2);

    [Fact]
    public void After_the_sla_the_person_asked_is_reminded_once()
    {
        var story = Story.Of(World.Medium);
        story.Approve("miriam");

        Assert.Equal("", story.Tick(Tuesday.AddSeconds(-1)));
        Assert.Equal("SeatReminded", story.Tick(Tuesday));
        Assert.Equal("", story.Tick(Tuesday.AddHours(1)));
        Assert.Equal(story.Asked("security"), story.Events.OfType<SeatReminded>().Single().PersonId);
    }

    [Fact]
    public void After_twice_the_sla_the_next_person_is_asked_and_has_the_full_time()
    {
        var story = Story.Of(World.Medium);
        story.Approve("miriam");
        var first = story.Asked("security");
        story.Tick(Tuesday);

        Assert.Equal("SeatEscalated", story.Tick(Wednesday));

        Assert.NotEqual(first, story.Asked("security"));
        Assert.Equal([first], story.Seat("security").EscalatedFrom);
        Assert.Equal("", story.Tick(Wednesday.AddDays(1).AddSeconds(-1)));
        Assert.Equal("SeatReminded", story.Tick(Wednesday.AddDays(1)));
        Assert.Equal("ApprovalGiven RequestGranted", story.Approve(first));
    }

    [Fact]
    public void Where_there_is_nobody_else_the_same_person_is_reminded_again_and_that_is_said()
    {
        var story = new Story { People = World.Without("dana") };
        story.Happens(new RequestCommand.Submit("r-1", RequestKind.Create, "app-1", "ada", World.Medium, null, null));
        story.Approve("miriam");
        story.Tick(Tuesday);

        Assert.Equal("SeatReminded", story.Tick(Wednesday));
        Assert.True(story.Events.OfType<SeatReminded>().Last().NobodyElse);
        Assert.Equal("", story.Tick(Wednesday.AddDays(2)));
    }

    [Fact]
    public void A_clock_that_comes_late_does_only_what_is_most_urgent()
    {
        var story = Story.Of(World.Medium);
        story.Approve("miriam");

        Assert.Equal("SeatEscalated", story.Tick(Wednesday.AddDays(1)));
        Assert.Empty(story.Events.OfType<SeatReminded>());
    }

    [Fact]
    public void High_risk_has_sixteen_hours()
    {
        var story = Story.Of(World.High);
        story.Approve(story.Asked("security"));
        story.Approve(story.Asked("compliance"));
        story.People = World.Without("ivan");
        if (story.Asked("infra-ops") == "ivan") story.Tick(story.Now);

        Assert.Equal("", story.Tick(Wednesday.AddSeconds(-1)));
        Assert.Equal("SeatReminded", story.Tick(Wednesday));
    }

    [Fact]
    public void The_hours_are_those_of_the_person_asked()
    {
        var story = new Story { People = World.Without("miriam", "helen", "dana") };
        story.Happens(new RequestCommand.Submit("r-1", RequestKind.Create, "app-1", "ada", World.Medium, null, null));
        story.Approve("sam");

        // Grace in New York was still asleep at 10:00 in Berlin: her eight hours run from 9:00 to 17:00 there, 22:00 UTC
        Assert.Equal("grace", story.Asked("business-owner"));
        Assert.Equal("", story.Tick(new DateTimeOffset(2026, 3, 2, 21, 59, 59, TimeSpan.Zero)));
        Assert.Equal("SeatReminded", story.Tick(new DateTimeOffset(2026, 3, 2, 22, 0, 0, TimeSpan.Zero)));
    }

    [Fact]
    public void Whoever_left_is_replaced_at_the_next_look()
    {
        var story = Story.Of(World.Medium);
        story.People = World.Without("miriam");

        Assert.Equal("SeatEscalated", story.Tick(story.Now.AddMinutes(1)));
        Assert.Contains(story.Asked("business-owner"), new[] { "grace", "helen" });
    }

    [Fact]
    public void Two_open_seats_are_not_given_to_the_same_next_person()
    {
        var people = World.Without("sam", "grace", "helen").ToDictionary(p => p.Key, p => p.Key == "dana" ? p.Value with { Roles = ["security", "business-owner"] } : p.Value);
        people["sue"] = World.Someone("sue", "it", null, "security");
        // Dana is the next person of both roles
        var story = Enumerable.Range(0, 50).Select(i =>
        {
            var any = new Story { People = people };
            any.Happens(new RequestCommand.Submit($"r-{i}", RequestKind.Create, "app-1", "ada", World.Medium, null, null));
            return any;
        }).First(s => s.Asked("security") == "sue" && s.Asked("business-owner") == "miriam");

        Assert.Equal("SeatEscalated SeatReminded", story.Tick(Wednesday));

        Assert.Equal(("dana", "sue"), (story.Asked("business-owner"), story.Asked("security")));
    }

    [Fact]
    public void After_ten_working_days_without_an_answer_it_lapses()
    {
        var story = Story.Of(World.Medium);

        Assert.DoesNotContain("Lapsed", story.Tick(World.Monday.AddDays(14).AddSeconds(-1)), StringComparison.Ordinal);
        Assert.Equal("RequestLapsed", story.Tick(World.Monday.AddDays(14)));
        Assert.Equal("", story.Tick(World.Monday.AddDays(15)));
    }

    [Fact]
    public void Nothing_open_lives_for_ever()
    {
        var stopped = Story.Of(World.Forbidden);
        Assert.Equal("RequestLapsed", stopped.Tick(World.Monday.AddDays(14)));

        var changes = Story.Of(World.Medium);
        changes.Happens(new RequestCommand.AskChanges("miriam", "Smaller, please."));
        Assert.Equal("RequestLapsed", changes.Tick(World.Monday.AddDays(14)));
    }
}
