using System.Text.Json.Nodes;

namespace MicroAppBot.Tests.Journeys;

/// <summary>What happens to a live app as time goes by: the clock is moved, and what is due comes.</summary>
public sealed class TheLifeOfAnApp
{
    private static bool IsReminder(Seen seen) => seen.Offers("app.renew") && seen.Says("Nothing is deleted");

    [Theory]
    [InlineData(Over.Teams)]
    [InlineData(Over.Console)]
    [InlineData(Over.Slack)]
    [InlineData(Over.SlackSocket)]
    [InlineData(Over.Mixed)]
    public async Task Reminders_come_7_3_and_1_day_before_in_office_hours_and_then_the_app_is_archived_and_restored_by_one_click(Over over)
    {
        await using var office = await Office.OpenAsync(over);
        var (priya, ada, miriam) = (office.Person("priya.raman"), office.Person("ada.keller"), office.Person("miriam.osei"));
        var monday = await office.NowAsync();
        await priya.GetsLiveAsync(name: "priyas-page");

        await office.UntilAsync(monday.AddDays(23).AddHours(-1));
        await priya.SeesTimesAsync(0, IsReminder, "a reminder");
        await office.UntilAsync(monday.AddDays(23).AddHours(1));
        Assert.True((await priya.SeesAsync(IsReminder, "the first reminder")).Says("in 7 days"));

        // Three days before is a Sunday: the Friday before it, while Priya is at work
        await office.UntilAsync(monday.AddDays(25).AddHours(-2));
        await priya.SeesTimesAsync(1, IsReminder, "a reminder");
        await office.UntilAsync(monday.AddDays(25).AddHours(9));
        await priya.SeesTimesAsync(2, IsReminder, "a reminder");
        await office.UntilAsync(monday.AddDays(28).AddHours(3));
        await priya.SeesTimesAsync(2, IsReminder, "a reminder");
        foreach (var other in new[] { ada, miriam }) await other.SeesTimesAsync(0, IsReminder, "a reminder");

        // The last one is the expiry notice, and goes to the co-owner and the manager too
        await office.UntilAsync(monday.AddDays(29).AddHours(1));
        await priya.SeesTimesAsync(3, IsReminder, "a reminder");
        Assert.True((await priya.SeesAsync(IsReminder, "the last reminder")).Says("ends tomorrow"));
        await ada.SeesAsync(s => IsReminder(s) && s.Says("ends tomorrow"), "the expiry notice");
        await miriam.SeesAsync(s => IsReminder(s) && s.Says("Priya Raman owns it"), "the expiry notice");
        Assert.Equal("active", (string)(await office.AppAsync("priyas-page"))["state"]!);

        await office.UntilAsync(monday.AddDays(30).AddHours(1));
        var expired = await priya.SeesButtonAsync("app.restore", "Nothing is deleted");
        Assert.Equal("archived", (string)(await office.AppAsync("priyas-page"))["state"]!);
        Assert.Equal("archived", State(office, "priyas-page"));
        Assert.NotNull(office.CatalogueFile("priyas-page", "manifest.json"));

        var restored = await priya.PressAsync(expired, "app.restore");
        Assert.True((restored.Says("Welcome back") || restored.Says("You brought it back")) && restored.Says("in 30 days"), restored.Words);
        await office.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal("active", (string)(await office.AppAsync("priyas-page"))["state"]!);
        Assert.Equal("active", State(office, "priyas-page"));
        Assert.Equal(["Update priyas-page", "Archive priyas-page", "Grant priyas-page"], office.CatalogueCommits());
    }

    [Theory]
    [InlineData(Over.Teams)]
    [InlineData(Over.Console)]
    [InlineData(Over.Slack)]
    [InlineData(Over.SlackSocket)]
    [InlineData(Over.Mixed)]
    public async Task One_click_on_the_reminder_renews_and_the_days_begin_anew(Over over)
    {
        await using var office = await Office.OpenAsync(over);
        var ada = office.Person("ada.keller");
        var monday = await office.NowAsync();
        await ada.GetsLiveAsync();
        await office.UntilAsync(monday.AddDays(23).AddHours(1));

        var reminder = await ada.SeesAsync(IsReminder, "the reminder");
        var turns = ada.Turns;
        var renewed = await ada.PressAsync(reminder, "app.renew", new JsonObject { ["pick"] = FirstChoice(reminder, "pick") });
        Assert.Equal(1, ada.Turns - turns);
        Assert.True(renewed.Says("Renewed") && renewed.Says("in 30 days"), renewed.Words);

        // The reminders of the old end date do not come any more, those of the new one do
        await office.UntilAsync(monday.AddDays(45));
        Assert.Equal("active", (string)(await office.AppAsync("campaigns-last-month"))["state"]!);
        Assert.DoesNotContain(ada.Inbox, IsReminder);
        await office.UntilAsync(monday.AddDays(47));
        await ada.SeesTimesAsync(1, IsReminder, "a reminder");
        Assert.Contains(office.CatalogueCommits(), c => c == "Update campaigns-last-month");
    }

    [Fact]
    public async Task Without_a_reason_nothing_is_renewed_and_the_card_says_what_is_missing()
    {
        await using var office = await Office.OpenAsync();
        var ada = office.Person("ada.keller");
        await ada.GetsLiveAsync();
        await office.AdvanceAsync(24);

        var still = await ada.PressAsync(await ada.SeesAsync(IsReminder, "the reminder"), "app.renew");
        Assert.True(still.Says("Please say in a few words") && still.Offers("app.renew"), still.Words);
        await ada.PressAsync(still, "app.renew", new JsonObject { ["justification"] = "The spring campaign runs until May" });
        await office.AdvanceAsync(7);
        Assert.Equal("active", (string)(await office.AppAsync("campaigns-last-month"))["state"]!);
    }

    [Fact]
    public async Task A_clock_that_jumps_over_everything_tells_each_thing_once_and_leaves_no_old_button()
    {
        await using var office = await Office.OpenAsync();
        var priya = office.Person("priya.raman");
        await priya.GetsLiveAsync(name: "priyas-page");
        await office.AdvanceAsync(200);
        await office.AdvanceAsync(1);

        var told = priya.Inbox.Where(s => IsReminder(s) || s.Offers("app.restore") || s.Says("switched off")).ToList();
        Assert.Equal(4, told.Count);
        // Three reminders, drawn again when the app ended so that nobody renews what is off, and the news of it
        Assert.Equal([true, true, true, false], told.Select(s => s.Changes > 0));
        Assert.All(told, s => Assert.True(s.Says("reached its end date") && !s.Offers("app.renew"), s.Words));
        // Long past the days in which it could have been brought back
        var late = await priya.PressAsync(told[^1], "app.restore");
        Assert.Equal("archived", (string)(await office.AppAsync("priyas-page"))["state"]!);
        Assert.False(late.Says("Welcome back"), late.Words);
    }

    [Theory]
    [InlineData(Over.Teams)]
    [InlineData(Over.Console)]
    [InlineData(Over.Slack)]
    [InlineData(Over.SlackSocket)]
    [InlineData(Over.Mixed)]
    public async Task Costs_alert_once_at_each_threshold_then_pause_the_app_until_its_cap_is_raised(Over over)
    {
        await using var office = await Office.OpenAsync(over);
        var (ada, miriam) = (office.Person("ada.keller"), office.Person("miriam.osei"));
        // All of it within one month, whatever day it is today
        var now = await office.NowAsync();
        await office.UntilAsync(new DateTimeOffset(now.Year, now.Month, 8, 9, 0, 0, TimeSpan.Zero).AddMonths(1));
        await ada.GetsLiveAsync();
        now = await office.NowAsync();
        bool IsAlert(Seen s) => s.Says("has spent");

        foreach (var (amount, alerts, words) in new[] { (24m, 0, ""), (25m, 1, "25 of 50 USD"), (25m, 1, ""), (39m, 1, ""), (40m, 2, "40 of 50 USD"), (45m, 2, ""), (50m, 3, "50 of 50 USD"), (51m, 3, "") })
        {
            var answer = await office.CostsAsync("campaigns-last-month", now, amount, forecast: 45);
            Assert.True((bool)answer["taken"]!, answer.ToJsonString());
            await office.AdvanceAsync(TimeSpan.FromMinutes(1));
            await ada.SeesTimesAsync(alerts, IsAlert, "an alert");
            if (words.Length > 0) await ada.SeesAsync(s => IsAlert(s) && s.Says(words), words);
        }
        // A soft cap gives a day, and says so
        Assert.True((await ada.SeesAsync(IsAlert, "the last alert")).Says("it is paused on "));
        Assert.Equal("active", (string)(await office.AppAsync("campaigns-last-month"))["state"]!);
        await office.AdvanceAsync(1);
        Assert.Equal("suspended", (string)(await office.AppAsync("campaigns-last-month"))["state"]!);
        Assert.Equal("suspended", State(office, "campaigns-last-month"));
        var paused = await ada.SeesButtonAsync("app.raise-cap", "is paused");

        var waiting = await ada.PressAsync(paused, "app.raise-cap", new JsonObject { ["costCapUsd"] = 120, ["justification"] = "Two more campaigns" });
        Assert.True(waiting.Says("Waiting for Miriam Osei"), waiting.Words);
        var asked = await miriam.SeesButtonAsync("request.approve", "higher cap");
        Assert.True(asked.Says("50 USD → 120 USD") && asked.Says("Two more campaigns"), asked.Words);
        await miriam.PressAsync(asked, "request.approve");
        await ada.SeesAsync("Miriam Osei approved it");
        await office.AdvanceAsync(TimeSpan.FromMinutes(1));
        var app = await office.AppAsync("campaigns-last-month");
        Assert.Equal(("active", 120m, 51m), ((string)app["state"]!, (decimal)app["cap_usd"]!, (decimal)app["spend_usd"]!));
        Assert.Equal("active", State(office, "campaigns-last-month"));
        Assert.Equal(["Update", "Suspend", "Grant"], office.CatalogueCommits().Select(c => c.Split(' ')[0]));
    }

    [Fact]
    public async Task A_cost_report_that_cannot_be_meant_is_refused_by_name_and_the_good_one_beside_it_counts()
    {
        await using var office = await Office.OpenAsync();
        await office.Person("ada.keller").GetsLiveAsync();
        var day = (await office.NowAsync()).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        foreach (var (body, status, words) in new[]
        {
            ("[{\"app\":\"campaigns-last-month\",\"date\":\"" + day + "\",\"amount\":3,\"currency\":\"EUR\"},{\"app\":\"campaigns-last-month\",\"date\":\"" + day + "\",\"amount\":2}]", 200, "EUR"),
            ("{\"app\":\"nobody-knows\",\"date\":\"" + day + "\",\"amount\":3}", 200, "There is no app"),
            ("{\"app\":\"campaigns-last-month\",\"date\":\"2999-01-01\",\"amount\":3}", 200, "still to come"),
            ("{\"app\":7,\"date\":[],\"amount\":\"x\"}", 200, "app is missing"),
            ("[[[[[", 400, "not JSON"),
            ("{\"app\":\"half \\ud83d\",\"date\":\"" + day + "\",\"amount\":3}", 200, "no text"),
            ("{\"app\":\"campaigns-last-month\",\"date\":\"" + day + "\",\"amount\":3,\"amount\":900}", 400, "not JSON"),
        })
        {
            using var answer = await office.Bot.Http.PostAsync("/api/costs", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True((int)answer.StatusCode == status && text.Contains(words, StringComparison.Ordinal), $"{body} was answered with {(int)answer.StatusCode} {text}");
        }
        Assert.Equal(2m, (decimal)(await office.AppAsync("campaigns-last-month"))["spend_usd"]!);
    }

    private static string State(Office office, string app) => (string)JsonNode.Parse(office.CatalogueFile(app, "app.json")!)!["state"]!;

    private static string FirstChoice(Seen card, string input) => (string)card.Inputs[input]["choices"]![0]!["value"]!;
}
