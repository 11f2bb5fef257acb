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
        Assert.Equal("NewRule to ada, NewRule to jonas", story.ToldInWords);
        Assert.Null(story.File.Graces);
        Assert.Equal("", story.When(new AppCommand.Tick()));
    }

    [Fact]
    public void It_ends_with_the_clock_alone_and_two_that_are_over_end_together()
    {
        var story = AppStory.Live();
        story.When(Give(story));
        story.When(new AppCommand.GiveGrace([NoLunch with { Rule = "other" }], World.Monday.AddDays(21), "helen", "r3"));

        Assert.Equal(World.Monday.AddDays(20), AppDecider.NextTick(story.App! with { File = story.File with { RemindersSent = [7, 3, 1] } }, story.Facts));
        Assert.Contains("GraceEnded", story.Tick(World.Monday.AddDays(21.5)), StringComparison.Ordinal);
        Assert.Null(story.File.Graces);
    }

    private static AppCommand.GiveGrace Give(AppStory story) => new([NoLunch], story.Now.AddDays(20), "helen", "r2");

    private static PolicyReport Stricter(Manifest manifest) => World.Judge(manifest) with { Allow = false, Findings = [NoLunch] };
}
