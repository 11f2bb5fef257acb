using Governance.Apps;
using Governance.Manifests;
using Governance.Requests;
using Governance.Tests.Requests;

namespace Governance.Tests.Apps;

/// <summary>Reminders, renewal, expiry, archive and restore.</summary>
public class TermTests
{
    // Granted Monday 2 March 9:00 UTC (10:00 in Berlin) for 30 days: expires on Wednesday 1 April at 9:00 UTC (11:00 there, summer time)
    private static readonly DateTimeOffset Expiry = World.Monday.AddDays(30);

    [Fact]
    public void The_reminders_come_at_seven_three_and_one_day_in_business_hours()
    {
        var story = AppStory.Live();
        var told = new List<string>();
        for (var now = World.Monday; now < Expiry; now += TimeSpan.FromMinutes(1))
        {
            if (story.Tick(now).Length > 0) told.Add($"{now:ddd dd HH:mm} {story.ToldInWords}");
        }

        Assert.Equal(
        [
            "Wed 25 09:00 RenewalReminder to ada",
            // Three days before is Sunday: Friday 16:59 in Berlin
            "Fri 27 15:59 RenewalReminder to ada",
            "Tue 31 09:00 RenewalReminder to ada, RenewalReminder to jonas, RenewalReminder to miriam",
        ], told);
    }

    [Fact]
    public void A_clock_that_comes_late_sends_only_the_most_urgent_reminder()
    {
        var story = AppStory.Live();

        Assert.Equal("RenewalReminderDue", story.Tick(Expiry.AddDays(-2)));
        Assert.Equal(3, story.Events.OfType<RenewalReminderDue>().Single().DaysBefore);
        Assert.Equal("", story.When(new AppCommand.Tick()));
        Assert.Equal("RenewalReminderDue", story.Tick(Expiry.AddHours(-1)));
        Assert.True(story.Events.OfType<RenewalReminderDue>().Last().IsExpiryNotice);
        Assert.Equal("", story.When(new AppCommand.Tick()));
    }

    [Fact]
    public void At_expiry_it_is_archived_and_kept()
    {
        var story = AppStory.Live();
        story.Tick(Expiry.AddHours(-1));

        Assert.Equal("AppArchived", story.Tick(Expiry));
        Assert.Equal("AppExpired to ada, AppExpired to jonas", story.ToldInWords);
        Assert.Equal(Expiry.AddDays(30), Assert.IsType<MicroApp.Archived>(story.App).RestorableUntil);
        Assert.Equal("", story.Tick(Expiry.AddDays(1)));
    }

    [Fact]
    public void A_clock_that_jumps_over_everything_tells_the_expiry_to_all_and_gives_the_full_time_to_restore()
    {
        var story = AppStory.Live();

        Assert.Equal("AppArchived", story.Tick(Expiry.AddDays(100)));

        Assert.Equal("AppExpired to ada, AppExpired to jonas, AppExpired to miriam", story.ToldInWords);
        Assert.Equal("AppRestored", story.Asks(RequestKind.Restore));
    }

    [Theory]
    [InlineData(1, "1")]
    [InlineData(2, "1")]
    [InlineData(4, "3 1")]
    [InlineData(8, "7 3 1")]
    public void A_short_term_has_fewer_reminders_and_never_none(int ttl, string expected)
    {
        var story = AppStory.Live(World.Low with { Lifecycle = new LifecycleSection(ttl) });
        for (var now = World.Monday; now < story.File.ExpiresAt; now += TimeSpan.FromMinutes(10)) story.Tick(now);

        Assert.Equal(expected, string.Join(' ', story.Events.OfType<RenewalReminderDue>().Select(r => r.DaysBefore)));
    }

    [Fact]
    public void A_renewal_gives_a_full_term_from_now_and_the_reminders_anew()
    {
        var story = AppStory.Live();
        story.Tick(Expiry.AddDays(-7));

        Assert.Equal("AppRenewed", story.Asks(RequestKind.Renew));
        Assert.Equal(Expiry.AddDays(23), story.File.ExpiresAt);
        Assert.Equal("AppRenewed to jonas", story.ToldInWords);
        Assert.Contains("ada: renewed by ada", story.Redrawn);
        Assert.Contains("jonas: renewed by ada", story.Redrawn);
        Assert.Equal("", story.Tick(Expiry));
        Assert.Equal("RenewalReminderDue", story.Tick(Expiry.AddDays(16)));
        Assert.Equal("r-2", story.File.GrantedBy);
    }

    [Fact]
    public void Renewing_often_piles_up_nothing_and_takes_nothing_away()
    {
        var story = AppStory.Live();
        story.Asks(RequestKind.Renew);
        Assert.Equal(Expiry, story.File.ExpiresAt);

        // The template's term became shorter: what was promised stays
        story.Asks(RequestKind.Change, World.Low with { Lifecycle = new LifecycleSection(7) });
        story.Asks(RequestKind.Renew);
        Assert.Equal(Expiry, story.File.ExpiresAt);
    }

    [Fact]
    public void A_renewal_whose_signature_came_after_expiry_brings_the_app_back()
    {
        var story = AppStory.Live(World.High);
        story.Now = Expiry.AddDays(-1);
        var waiting = story.Files(RequestKind.Renew);
        story.Tick(Expiry);

        story.Now = Expiry.AddDays(1);
        Assert.Equal("AppRestored", story.Grants(waiting));
        Assert.Equal(story.Now.AddDays(30), story.File.ExpiresAt);
        Assert.IsType<MicroApp.Active>(story.App);
    }

    [Fact]
    public void An_archived_app_is_restored_by_one_click_for_thirty_days()
    {
        var story = AppStory.Live();
        story.Asks(RequestKind.Archive);
        Assert.Equal("AppArchived to jonas", story.ToldInWords);
        story.Now = World.Monday.AddDays(30);

        Assert.Equal("AppRestored", story.Asks(RequestKind.Restore));
        Assert.Equal("AppRestored to jonas", story.ToldInWords);
        Assert.Equal(story.Now.AddDays(30), story.File.ExpiresAt);

        story.Asks(RequestKind.Archive);
        story.Now = story.Now.AddDays(30).AddSeconds(1);
        var refused = story.Refusal(RequestKind.Restore);
        Assert.Equal("too-late", refused.Code);
        Assert.Contains("ask for a new app", refused.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void An_app_whose_owner_left_reminds_the_co_owner_and_their_manager()
    {
        var story = AppStory.Live();
        story.People = World.Without("ada");

        story.Tick(Expiry.AddDays(-7));

        Assert.Equal("RenewalReminder to jonas, RenewalReminder to miriam", story.ToldInWords);
    }

    [Fact]
    public void What_makes_no_sense_in_a_state_is_refused_in_words()
    {
        var story = AppStory.Live();
        Assert.Equal("wrong-state", story.Refusal(RequestKind.Restore).Code);
        Assert.Equal("wrong-state", story.Refusal(RequestKind.Resume).Code);
        Assert.Equal("already-filed", story.Refusal(RequestKind.Create).Code);

        story.Asks(RequestKind.Archive);
        foreach (var kind in new[] { RequestKind.Renew, RequestKind.Change, RequestKind.RaiseCap, RequestKind.Transfer, RequestKind.Resume })
        {
            Assert.Contains("Restore it first", story.Refusal(kind).Words, StringComparison.Ordinal);
        }
        Assert.Contains("archived already", story.Refusal(RequestKind.Archive).Words, StringComparison.Ordinal);
    }

    [Fact]
    public void A_grant_made_for_what_is_no_longer_in_force_does_nothing_but_say_so()
    {
        var story = AppStory.Live(World.Medium);
        var waiting = story.Files(RequestKind.Change, World.Medium with { App = World.Medium.App with { Purpose = "Mine" } });
        story.Asks(RequestKind.RaiseCap, World.Medium with { Cost = World.Medium.Cost with { CapUsd = 90 } });

        Assert.Equal("GrantOvertaken", story.Grants(waiting));

        Assert.Equal(90, story.File.Manifest.Cost.CapUsd);
        var told = Assert.Single(story.Told);
        Assert.Equal(("ada", "overtaken"), (told.ToId, told.Detail["because"]));
    }

    [Fact]
    public void An_old_confirmation_confirms_nothing()
    {
        var story = AppStory.Granted();

        Assert.Equal("", story.When(new AppCommand.ConfirmLive("r-0")));
        Assert.Equal("AppWentLive", story.When(new AppCommand.ConfirmLive("r-1")));
        Assert.Equal("AppLive to ada, AppLive to jonas", story.ToldInWords);
        Assert.Equal("", story.When(new AppCommand.ConfirmLive("r-1")));
    }

    [Fact]
    public void Without_a_term_of_its_own_an_app_has_its_templates() =>
        Assert.Equal(World.Monday.AddDays(14), AppStory.Live(World.Low with { App = World.Low.App with { Template = "campaign" }, Lifecycle = new LifecycleSection(null) }).File.ExpiresAt);
}
