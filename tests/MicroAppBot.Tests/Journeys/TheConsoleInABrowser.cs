using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Deque.AxeCore.Playwright;
using MicroAppBot.Tests.Channels.Console;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MicroAppBot.Tests.Journeys;

/// <summary>The newcomer's journey: the program as it is shipped, and a real browser.</summary>
public sealed partial class TheConsoleInABrowser(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Campaigns = "I need a page where the marketing team sees which campaigns ran last month";
    private const string Customers = "A dashboard with customer names and e-mails from the CRM for the marketing team";

    [Fact]
    public async Task A_newcomer_gets_an_app_live_has_another_approved_by_two_is_reminded_renews_one_and_brings_the_other_back()
    {
        await using var window = await chromium.WindowAsync();
        var folder = Directory.CreateTempSubdirectory("microappbot-console-");
        await using var bot = await BotProcess.StartAsync(folder.FullName);
        var page = await window.NewPageAsync();
        page.SetDefaultTimeout(30_000);
        var faults = new List<string>();
        page.PageError += (_, fault) => faults.Add(fault);

        // One sentence, one click
        await AsAsync(page, bot, "ada.keller");
        await SayAsync(page, Campaigns);
        await page.GetByRole(AriaRole.Button, new() { Name = "Get it live" }).ClickAsync();
        await Seen(page, "is live").First.WaitForAsync();
        await NoBarriersAsync(page);

        // Customers' names and e-mails: two people sign
        await SayAsync(page, Customers);
        await page.GetByRole(AriaRole.Button, new() { Name = "Ask for approval" }).ClickAsync();
        await Seen(page, "Waiting for").First.WaitForAsync();
        var seats = (await bot.Http.GetFromJsonAsync<JsonElement>("/api/requests?open=true")).GetProperty("requests")[0].GetProperty("seats")
            .EnumerateArray().Select(s => s.GetProperty("asked").GetString()!).ToList();
        Assert.Equal(2, seats.Count);
        foreach (var approver in seats)
        {
            await AsAsync(page, bot, approver);
            await page.GetByRole(AriaRole.Button, new() { Name = "Approve", Exact = true }).Last.ClickAsync();
            await Seen(page, "pproved").First.WaitForAsync();
        }
        await AsAsync(page, bot, "ada.keller");
        await Expect(Seen(page, "is live")).Not.ToHaveCountAsync(1);
        await NoBarriersAsync(page);

        // Both end on one day: the reminders of 7, 3 and 1 day before it come together, on one card each time
        var both = await AppsAsync(bot);
        var end = both.Values.Max(app => app.Expires);
        var told = page.Locator(".card", new() { HasText = "2 things need you" });
        foreach (var (daysBefore, reminders) in ((double, int)[])[(6.9, 1), (2.9, 2), (0.9, 3)])
        {
            await MoveToAsync(bot, end.AddDays(-daysBefore));
            await Expect(told).ToHaveCountAsync(reminders);
        }
        await Expect(told.First).ToContainTextAsync(WholeDaysAhead());
        await Expect(told.Last).ToContainTextAsync("Ends tomorrow");
        await NoBarriersAsync(page);

        // One of them is renewed: what is it still needed for, and one click
        await told.Last.GetByRole(AriaRole.Button, new() { Name = "Renew" }).First.ClickAsync();
        var reminder = page.Locator(".card", new() { HasText = "If nobody renews it" }).Last;
        await reminder.GetByLabel("Still used every week").CheckAsync();
        await reminder.GetByRole(AriaRole.Button, new() { Name = "Renew" }).ClickAsync();
        await Seen(page, "You renewed it").Or(Seen(page, "Renewed. It now runs until")).First.WaitForAsync();
        Assert.Single((await AppsAsync(bot)).Values, app => app.Expires > end);

        // The other reaches its end, is switched off, and comes back by one click
        await MoveToAsync(bot, end.AddHours(1));
        var over = page.Locator(".card", new() { HasText = "reached its end date" }).Last;
        await over.WaitForAsync();
        Assert.Equal(["active", "archived"], (await AppsAsync(bot)).Values.Select(app => app.State).Order());
        await over.GetByRole(AriaRole.Button, new() { Name = "Restore" }).ClickAsync();
        await Seen(page, "Welcome back").Or(Seen(page, "You brought it back")).First.WaitForAsync();
        Assert.All((await AppsAsync(bot)).Values, app => Assert.True(app.State == "active" && app.Expires > end));
        await NoBarriersAsync(page);

        Assert.Empty(faults);
        folder.Delete(recursive: true);
    }

    private static async Task AsAsync(IPage page, BotProcess bot, string person) => await page.GotoAsync(new Uri(bot.Http.BaseAddress!, $"/?as={person}").ToString());

    private static async Task SayAsync(IPage page, string words)
    {
        var composer = page.GetByLabel("Message to MicroAppBot");
        await composer.FillAsync(words);
        await composer.PressAsync("Enter");
    }

    private static async Task<Dictionary<string, (string State, DateTimeOffset Expires)>> AppsAsync(BotProcess bot) =>
        (await bot.Http.GetFromJsonAsync<JsonElement>("/api/apps")).GetProperty("apps").EnumerateArray()
            .ToDictionary(app => app.GetProperty("name").GetString()!, app => (app.GetProperty("state").GetString()!, app.GetProperty("expires_at").GetDateTimeOffset()));

    private static async Task MoveToAsync(BotProcess bot, DateTimeOffset then)
    {
        var now = (await bot.Http.GetFromJsonAsync<JsonElement>("/console/overview")).GetProperty("clock").GetProperty("now").GetDateTimeOffset();
        using var moved = await bot.Http.PostAsJsonAsync("/dev/clock", new { advance = (then - now).ToString("c") });
        Assert.True(moved.IsSuccessStatusCode, await moved.Content.ReadAsStringAsync());
    }

    /// <summary>Reminders move to earlier working hours: over a weekend the one of 7 days comes with 8 or 9 to go.</summary>
    [GeneratedRegex("in ([789]|10) days")]
    private static partial Regex WholeDaysAhead();

    private static ILocator Seen(IPage page, string words) => page.Locator(".card", new() { HasText = words });

    /// <summary>axe finds nothing serious. A card that is still fading in is judged again: what is really a barrier stays one.</summary>
    private static async Task NoBarriersAsync(IPage page)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (true)
        {
            await page.EvaluateAsync("Promise.all(document.getAnimations().filter(a => a.effect.getTiming().iterations !== Infinity).map(a => a.finished.catch(() => {})))");
            var result = await page.RunAxe();
            var barriers = result.Violations.Where(v => v.Impact is "serious" or "critical")
                .SelectMany(v => v.Nodes.Select(n => $"{v.Id}: {n.Html} {string.Join("; ", n.Any.Select(a => a.Message))}")).ToList();
            if (barriers.Count == 0) return;
            if (late.IsCancellationRequested) Assert.Fail(string.Join('\n', barriers));
        }
    }
}
