using System.Net.Http.Json;
using Deque.AxeCore.Playwright;
using MicroAppBot.Tests.Channels.Console;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MicroAppBot.Tests.Journeys;

/// <summary>The newcomer's journey: the program as it is shipped, and a real browser.</summary>
public sealed class TheConsoleInABrowser(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Campaigns = "I need a page where the marketing team sees which campaigns ran last month";
    private const string Customers = "A dashboard with customer names and e-mails from the CRM for the marketing team";

    [Fact]
    public async Task A_newcomer_gets_an_app_live_has_another_approved_by_two_and_renews_after_moving_the_clock()
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
        var seats = (await bot.Http.GetFromJsonAsync<System.Text.Json.JsonElement>("/api/requests?open=true")).GetProperty("requests")[0].GetProperty("seats")
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

        // Three weeks and a bit later the first reminder comes, and one click with a reason renews
        using var moved = await bot.Http.PostAsJsonAsync("/dev/clock", new { advance = "24.00:00:00" });
        Assert.True(moved.IsSuccessStatusCode, await moved.Content.ReadAsStringAsync());
        var reminder = page.Locator(".card", new() { HasText = "If nobody renews it" }).Last;
        await reminder.WaitForAsync();
        await reminder.GetByLabel("Still used every week").CheckAsync();
        await reminder.GetByRole(AriaRole.Button, new() { Name = "Renew" }).ClickAsync();
        await Seen(page, "enewed").First.WaitForAsync();

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
