using Governance.Apps;
using Governance.Manifests;
using Governance.Notices;
using Governance.Requests;
using Governance.Tests.Requests;
using Governance.Verdicts;

namespace Governance.Tests.Apps;

public class GraceTests
{
    private static readonly Finding NoLunch = new("purpose.lunch", FindingLevel.Hard, "Lunch is private.", "Ask for something else.", "/app/purpose");

    [Fact]
    public void A_governance_admin_gives_time_and_the_owners_are_told_what_to_change()
    {
        var story = AppStory.Live();

        Assert.Equal("GraceGiven", story.When(Give(story)));

        Assert.Equal("NewRule to ada, NewRule to jonas", story.ToldInWords);
        Assert.Equal("Lunch is private. Ask for something else.", story.Told[0].Detail["change"]);
        Assert.Equal(["purpose.lunch"], Assert.Single(story.File.Graces!).Rules);
    }

    [Theory]
    [InlineData("ada", "!not-your-seat")]
    [InlineData("sam", "!not-your-seat")]
    [InlineData("nobody", "!unknown-person")]
    public void Nobody_else_can(string by, string outcome)
    {
        var story = AppStory.Live();

        Assert.Equal(outcome, story.When(Give(story) with { ById = by }));
    }

    [Fact]
    public void A_second_click_gives_nothing_more_a_longer_time_does_and_too_long_is_refused()
    {
        var story = AppStory.Live();
        story.When(Give(story));

        Assert.Equal("", story.When(Give(story)));
        Assert.Equal("", story.When(Give(story) with { Until = story.Now.AddDays(10) }));
        Assert.Equal("", story.When(Give(story) with { Until = story.Now }));
        Assert.Equal("GraceGiven", story.When(Give(story) with { Until = story.Now.AddDays(25) }));
        Assert.Equal("!too-late", story.When(Give(story) with { Until = story.Now.AddDays(91) }));
    }

    [Fact]
    public void Until_then_the_finding_only_speaks_and_from_then_on_it_counts_and_is_told()
    {
        var story = AppStory.Live();
        story.When(Give(story));
        story.Rules = Stricter;

        var before = Grace.Applied(Stricter(story.File.Manifest), story.File.Graces, story.Now.AddDays(19));
        Assert.True(before.Allow);
        Assert.Contains("counts from 22 March 2026 on", Assert.Single(before.At(FindingLevel.Advise)).Message, StringComparison.Ordinal);
        Assert.False(Grace.Applied(Stricter(story.File.Manifest), story.File.Graces, story.Now.AddDays(20)).Allow);
        Assert.False(Grace.Applied(World.Judge(World.Forbidden), story.File.Graces, story.Now).Allow);

        Assert.Equal("GraceEnded", story.Tick(World.Monday.AddDays(20)));
        Assert.Equal("NewRule to ada, NewRule to jonas, NewRule to helen", story.ToldInWords);
        Assert.Null(story.File.Graces);
        Assert.Equal("", story.When(new AppCommand.Tick()));
    }

    [Fact]
    public void It_ends_with_the_clock_alone_and_two_that_are_over_end_together()
    {
        var story = AppStory.Live();
        story.When(Give(story));
        story.When(new AppCommand.GiveGrace([NoLunch with { Rule = "other" }], World.Monday.AddDays(21), "helen", "r3"));

        Assert.Equal(World.Monday.AddDays(20), AppDecider.NextTick(story.App! with { File = story.File with { RemindersSent = [7, 3, 1], Graces = [.. story.File.Graces!.Select(g => g with { Reminded = [7, 3, 1] })] } }, story.Facts));
        Assert.Contains("GraceEnded", story.Tick(World.Monday.AddDays(21.5)), StringComparison.Ordinal);
        Assert.Null(story.File.Graces);
    }

    [Fact]
    public void The_owner_is_reminded_like_before_an_expiry_and_the_co_owner_of_the_last_day_too()
    {
        var story = AppStory.Live();
        story.When(Give(story));
        var told = new List<string>();
        var reminded = new List<int>();
        for (var day = 0.5; day < 19.9; day += 0.5)
        {
            story.Tick(World.Monday.AddDays(day));
            reminded.AddRange(story.Events.OfType<GraceReminderDue>().Skip(reminded.Count).Select(e => e.DaysBefore));
            told.AddRange(story.Told.Where(n => n.Kind == NoticeKind.NewRule).Select(n => $"{n.ToId} {n.Detail["because"]} {n.Detail["change"]}"));
        }

        Assert.Equal([7, 3, 1], reminded);
        Assert.Equal([.. Enumerable.Repeat("ada soon Lunch is private. Ask for something else.", 3), "jonas soon Lunch is private. Ask for something else."], told);
    }

    [Fact]
    public void Whoever_slept_through_several_reminders_gets_the_last_one_and_none_comes_with_the_news_itself()
    {
        var story = AppStory.Live();
        story.When(Give(story));
        Assert.Contains("GraceReminderDue", story.Tick(World.Monday.AddDays(19.5)), StringComparison.Ordinal);
        Assert.Equal(1, Assert.Single(story.Events.OfType<GraceReminderDue>()).DaysBefore);

        var shortly = AppStory.Live();
        shortly.When(Give(shortly) with { Until = shortly.Now.AddDays(2) });
        Assert.DoesNotContain(shortly.Tick(shortly.Now.AddMinutes(1)).Split(' '), e => e == "GraceReminderDue");
    }

    [Fact]
    public void An_owner_who_mends_the_app_is_done_and_the_rule_counts_for_it_from_then_on()
    {
        var story = AppStory.Live();
        story.When(Give(story));
        story.Rules = m => m.App.Purpose == "Something else" ? World.Judge(m) : Stricter(m);

        // What does not mend it leaves the time as it is
        story.Rules = WithTime(story, story.Rules);
        Assert.DoesNotContain("GraceMet", story.Asks(RequestKind.Change, Purpose(story, "Still lunch")), StringComparison.Ordinal);
        story.Rules = m => m.App.Purpose == "Something else" ? World.Judge(m) : Stricter(m);
        Assert.EndsWith("GraceMet", story.Asks(RequestKind.Change, Purpose(story, "Something else")), StringComparison.Ordinal);

        Assert.Equal("NewRule to ada, NewRule to jonas", story.ToldInWords);
        Assert.NotNull(Assert.Single(story.File.Graces!).MetAt);
        Assert.False(Grace.Applied(Stricter(story.File.Manifest), story.File.Graces, story.Now).Allow);
        Assert.DoesNotContain("GraceReminderDue", story.Tick(World.Monday.AddDays(18)), StringComparison.Ordinal);
        Assert.Contains("GraceEnded", story.Tick(World.Monday.AddDays(20)), StringComparison.Ordinal);
        Assert.Null(story.File.Graces);
    }

    [Fact]
    public void A_change_while_the_rule_does_not_hold_yet_says_nothing_of_it()
    {
        var story = AppStory.Live();
        story.When(Give(story));

        Assert.DoesNotContain("GraceMet", story.Asks(RequestKind.Change, Purpose(story, "Something else")), StringComparison.Ordinal);
        Assert.Null(Assert.Single(story.File.Graces!).MetAt);
    }

    [Theory]
    [InlineData("helen", "r2", "GraceTakenBack")]
    [InlineData("helen", "r9", "")]
    [InlineData("ada", "r2", "!not-your-seat")]
    [InlineData("nobody", "r2", "!unknown-person")]
    public void A_governance_admin_takes_it_back_once_and_the_owners_hear_of_it(string by, string revision, string outcome)
    {
        var story = AppStory.Live();
        story.When(Give(story));

        Assert.Equal(outcome, story.When(new AppCommand.TakeGraceBack(revision, by)));

        if (outcome != "GraceTakenBack") return;
        Assert.Equal(["taken-back", "taken-back"], story.Told.Select(n => n.Detail["because"]));
        Assert.Null(story.File.Graces);
        Assert.Equal("", story.When(new AppCommand.TakeGraceBack(revision, by)));
    }

    [Fact]
    public void Whoever_gave_the_time_hears_when_it_is_over()
    {
        var story = AppStory.Live();
        story.When(Give(story));

        story.Tick(World.Monday.AddDays(20));

        Assert.Equal(("helen", "over"), (story.Told[^1].ToId, story.Told[^1].Detail["because"]));
    }

    private static Manifest Purpose(AppStory story, string purpose) => story.File.Manifest with { App = story.File.Manifest.App with { Purpose = purpose } };

    /// <summary>The rules as they are for an app with this time.</summary>
    private static Func<Manifest, PolicyReport> WithTime(AppStory story, Func<Manifest, PolicyReport> rules) => m => Grace.Applied(rules(m), story.File.Graces, story.Now);

    private static AppCommand.GiveGrace Give(AppStory story) => new([NoLunch], story.Now.AddDays(20), "helen", "r2");

    private static PolicyReport Stricter(Manifest manifest) => World.Judge(manifest) with { Allow = false, Findings = [NoLunch] };
}
