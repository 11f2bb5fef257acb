using Governance.Apps;
using Governance.Manifests;
using Governance.Requests;
using Governance.Tests.Requests;

namespace Governance.Tests.Apps;

public class CostTests
{
    // The cap is 50 USD, the declared forecast 12; the campaign's cap of 100 is hard
    private static readonly Manifest Campaign = World.Low with { App = World.Low.App with { Template = "campaign" }, Cost = new CostSection(100, 40), Lifecycle = new LifecycleSection(14) };

    [Fact]
    public void Each_report_replaces_its_days_figure()
    {
        var story = AppStory.Live();

        Assert.Equal("CostReported", story.Costs(3));
        Assert.Equal("CostReported", story.Costs(5));
        Assert.Equal("", story.Costs(5));
        Assert.Equal(5, story.File.Spend.TotalUsd);
    }

    [Fact]
    public void Each_threshold_is_told_once_a_month()
    {
        var story = AppStory.Live();
        var levels = new List<int>();
        for (var day = 2; day <= 20; day++)
        {
            story.Now = World.Monday.AddDays(day - 2);
            story.Costs(2.5m, forecast: 45);
            levels.AddRange(story.Told.Select(n => int.Parse(n.Detail["level"], System.Globalization.CultureInfo.InvariantCulture)));
        }

        Assert.Equal([50, 80], levels);
        Assert.Equal(47.5m, story.File.Spend.TotalUsd);
    }

    [Fact]
    public void Of_several_crossed_at_once_the_weightiest_is_told_and_all_are_remembered()
    {
        var story = AppStory.Live();

        Assert.Equal("CostReported CostAlertRaised", story.Costs(45));

        Assert.Equal("CostAlert to ada, CostAlert to jonas", story.ToldInWords);
        Assert.Equal("forecast", story.Told[0].Detail["level"]);
        Assert.Equal("CostReported", story.Costs(46));
    }

    [Fact]
    public void Who_has_spent_all_of_it_is_not_told_that_it_will_be_more()
    {
        var story = AppStory.Live();
        story.Now = new DateTimeOffset(2026, 3, 31, 5, 0, 0, TimeSpan.Zero);
        story.When(new AppCommand.Tick());
        story.Costs(50, forecast: 50);
        Assert.Equal("100", story.Told[0].Detail["level"]);

        Assert.Equal("CostReported", story.Costs(52, forecast: 55));
    }

    [Fact]
    public void A_correction_downwards_tells_nothing_and_a_rise_again_neither()
    {
        var story = AppStory.Live();
        story.Costs(26, forecast: 40);

        Assert.Equal("CostReported", story.Costs(10, forecast: 40));
        Assert.Equal("CostReported", story.Costs(27, forecast: 40));
    }

    [Fact]
    public void A_soft_cap_counts_down_for_a_day_before_it_suspends()
    {
        var story = AppStory.Live();

        Assert.Equal("CostReported CostAlertRaised", story.Costs(50));
        Assert.Equal("100", story.Told[0].Detail["level"]);
        Assert.True(story.Told[0].Detail.ContainsKey("suspends_at"));
        Assert.Equal("", story.Tick(World.Monday.AddHours(24).AddSeconds(-1)));
        Assert.Equal("AppSuspended", story.Tick(World.Monday.AddHours(24)));
        Assert.Equal("AppSuspended to ada, AppSuspended to jonas", story.ToldInWords);
        Assert.Equal(SuspensionReason.CapSpent, Assert.IsType<MicroApp.Suspended>(story.App).Reason);
    }

    [Fact]
    public void A_countdown_stops_where_the_cost_was_corrected()
    {
        var story = AppStory.Live();
        story.Costs(50);
        story.Costs(20);

        Assert.Equal("", story.Tick(World.Monday.AddHours(30)));
    }

    [Fact]
    public void A_countdown_does_not_reach_into_the_next_month()
    {
        var story = AppStory.Live(World.Low with { Lifecycle = new LifecycleSection(30) });
        story.Now = new DateTimeOffset(2026, 3, 31, 20, 0, 0, TimeSpan.Zero);
        story.When(new AppCommand.Tick());
        story.Costs(55);

        Assert.DoesNotContain("Suspended", story.Tick(new DateTimeOffset(2026, 4, 1, 8, 0, 0, TimeSpan.Zero)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_hard_cap_suspends_at_once_and_says_only_that()
    {
        var story = AppStory.Live(Campaign);

        Assert.Equal("CostReported AppSuspended CostAlertRaised", story.Costs(100));
        Assert.Equal("AppSuspended to ada, AppSuspended to jonas", story.ToldInWords);
    }

    [Fact]
    public void A_forecast_above_a_hard_cap_suspends_too()
    {
        var story = AppStory.Live(Campaign);

        Assert.Equal("CostReported AppSuspended CostAlertRaised", story.Costs(20, forecast: 100.01m));
        Assert.Equal(SuspensionReason.ForecastOverHardCap, Assert.IsType<MicroApp.Suspended>(story.App).Reason);
    }

    [Fact]
    public void One_dear_day_early_in_the_month_suspends_nothing()
    {
        var story = AppStory.Live(Campaign);

        Assert.Equal("CostReported", story.Costs(10));
        Assert.Equal("CostReported CostAlertRaised", story.Costs(20));
        Assert.Equal("forecast", story.Told[0].Detail["level"]);
    }

    [Fact]
    public void A_week_of_dear_days_does()
    {
        var story = AppStory.Live(Campaign);
        for (var day = 0; day < 6; day++)
        {
            story.Now = World.Monday.AddDays(day);
            Assert.DoesNotContain("AppSuspended", story.Costs(6), StringComparison.Ordinal);
        }
        story.Now = World.Monday.AddDays(6);

        Assert.Equal("CostReported AppSuspended", story.Costs(6));
    }

    [Fact]
    public void The_forecast_is_reckoned_from_the_days_where_none_is_given()
    {
        var spend = Enumerable.Range(1, 10).Aggregate(Spend.None(World.Monday), (s, day) => s.With(new DateOnly(2026, 3, day), 2, null));

        Assert.Equal(62, spend.ForecastUsd(null));
        Assert.Equal(62, spend.ForecastUsd(62));
        Assert.InRange(spend.ForecastUsd(31), 45, 62);
        Assert.Equal(6, Enumerable.Range(1, 3).Aggregate(Spend.None(World.Monday), (s, day) => s.With(new DateOnly(2026, 3, day), 2, null)).ForecastUsd(null));
        Assert.Equal(75, spend.With(new DateOnly(2026, 3, 11), 2, 75).ForecastUsd(null));
    }

    [Fact]
    public void A_correction_of_an_earlier_day_brings_no_newer_forecast()
    {
        var spend = Spend.None(World.Monday).With(new DateOnly(2026, 3, 5), 2, 40).With(new DateOnly(2026, 3, 3), 1, 30);

        Assert.Equal(40, spend.ReportedForecastUsd);
        Assert.Null(spend.With(new DateOnly(2026, 3, 6), 1, null).ReportedForecastUsd);
    }

    [Fact]
    public void A_new_month_starts_the_alerts_anew()
    {
        var story = AppStory.Live();
        story.Costs(26, forecast: 40);
        story.Now = new DateTimeOffset(2026, 4, 1, 5, 0, 0, TimeSpan.Zero);

        Assert.Equal("CostReported CostAlertRaised", story.Costs(26, forecast: 40));
        Assert.Equal(26, story.File.Spend.TotalUsd);
    }

    [Fact]
    public void A_late_report_for_a_month_that_is_over_disturbs_nothing()
    {
        var story = AppStory.Live();
        story.Now = new DateTimeOffset(2026, 4, 1, 5, 0, 0, TimeSpan.Zero);
        story.Costs(10, forecast: 40);

        Assert.Equal("CostReported", story.Costs(500, forecast: 900, day: new DateOnly(2026, 3, 31)));
        Assert.Equal((10m, 40m), (story.File.Spend.TotalUsd, story.File.Spend.ForecastUsd(null)));

        var first = AppStory.Live();
        first.Now = new DateTimeOffset(2026, 4, 1, 5, 0, 0, TimeSpan.Zero);
        Assert.Equal("CostReported", first.Costs(500, forecast: 900, day: new DateOnly(2026, 3, 31)));
    }

    [Theory]
    [InlineData("2026-03-03", 1.0, null)]
    [InlineData("2026-03-02", -0.01, null)]
    [InlineData("2026-03-02", 1.0, -1.0)]
    [InlineData("2026-03-02", 2e9, null)]
    public void What_cannot_be_a_cost_is_refused(string day, double usd, double? forecast) =>
        Assert.Equal("!not-a-cost", AppStory.Live().Costs((decimal)usd, (decimal?)forecast, DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public void A_higher_cap_switches_it_on_again_and_watches_the_new_one()
    {
        var story = AppStory.Live();
        story.Costs(60);
        story.Tick(World.Monday.AddHours(24));
        Assert.Contains("60 USD of its 50 USD", story.Refusal(RequestKind.Resume).Words, StringComparison.Ordinal);

        Assert.Equal("CapRaised AppResumed", story.Asks(RequestKind.RaiseCap, Cap(100)));
        Assert.Equal("r-2", story.File.GrantedBy);

        story.Now = story.Now.AddHours(1);
        Assert.Equal("CostReported CostAlertRaised", story.Costs(41));
        Assert.Equal("CapRaised", story.Asks(RequestKind.RaiseCap, Cap(150)));
    }

    [Fact]
    public void A_cap_that_is_still_too_low_switches_nothing_on()
    {
        var story = AppStory.Live();
        story.Costs(60);
        story.Tick(World.Monday.AddHours(24));

        Assert.Equal("CapRaised", story.Asks(RequestKind.RaiseCap, Cap(55)));
        Assert.IsType<MicroApp.Suspended>(story.App);
    }

    [Fact]
    public void In_a_new_month_the_owner_switches_it_on_again()
    {
        var story = AppStory.Live(World.Low with { Lifecycle = new LifecycleSection(60) });
        story.Costs(60);
        story.Tick(World.Monday.AddHours(24));
        story.Now = new DateTimeOffset(2026, 4, 1, 5, 0, 0, TimeSpan.Zero);

        Assert.Equal("AppResumed", story.Asks(RequestKind.Resume));
        Assert.Equal("", story.When(new AppCommand.Tick()));
    }

    [Fact]
    public void An_app_that_is_overspent_again_when_the_signature_comes_is_not_resumed()
    {
        var story = AppStory.Live(World.Medium with { Lifecycle = new LifecycleSection(60) });
        story.Costs(60);
        story.Tick(World.Monday.AddHours(24));
        story.Now = new DateTimeOffset(2026, 4, 1, 5, 0, 0, TimeSpan.Zero);
        var waiting = story.Files(RequestKind.Resume);
        story.Costs(70);

        Assert.Equal("GrantOvertaken", story.Grants(waiting));
        Assert.IsType<MicroApp.Suspended>(story.App);
    }

    [Fact]
    public void The_archive_is_no_way_round_a_hard_cap()
    {
        var story = AppStory.Live(Campaign);
        story.Costs(100);
        story.Asks(RequestKind.Archive);

        Assert.Equal("AppRestored AppSuspended", story.Asks(RequestKind.Restore));
    }

    [Fact]
    public void What_was_spent_while_it_was_being_set_up_counts_when_it_goes_live()
    {
        var story = AppStory.Granted(Campaign);
        Assert.Equal("CostReported CostAlertRaised", story.Costs(120));

        Assert.Equal("AppWentLive AppSuspended", story.When(new AppCommand.ConfirmLive("r-1")));
    }

    [Fact]
    public void A_cap_of_nothing_is_not_crossed_by_nothing()
    {
        var story = AppStory.Live(World.Low with { Cost = new CostSection(0, 0) });

        Assert.Equal("CostReported", story.Costs(0));
        Assert.Equal("CostReported CostAlertRaised", story.Costs(0.01m));
    }

    private static Manifest Cap(decimal usd) => World.Low with { Cost = World.Low.Cost with { CapUsd = usd } };
}
