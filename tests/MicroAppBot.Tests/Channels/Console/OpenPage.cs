using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace MicroAppBot.Tests.Channels.Console;

/// <summary>The console open in a window; it notes what no page of ours may do.</summary>
internal sealed class OpenPage : IAsyncDisposable
{
    private readonly List<string> _faults = [];

    private OpenPage(ConsoleWorld world, IBrowserContext window, IPage page) => (World, Window, Page) = (world, window, page);

    public ConsoleWorld World { get; }

    public IBrowserContext Window { get; }

    public IPage Page { get; }

    /// <summary>Failed requests are expected in this test.</summary>
    public bool ExpectsOutage { get; set; }

    public ILocator Card => Page.Locator(".card").Last;

    public ILocator Composer => Page.GetByLabel("Message to MicroAppBot");

    public static async Task<OpenPage> OpenAsync(Chromium chromium, string path = "/", BrowserNewContextOptions? options = null, Func<ConsoleWorld, Task>? before = null)
    {
        var window = await chromium.WindowAsync(options);
        var world = await ConsoleWorld.StartAsync();
        if (before is not null) await before(world);
        var page = await window.NewPageAsync();
        page.SetDefaultTimeout(15_000);
        var open = new OpenPage(world, window, page);
        open.Watch();
        await page.GotoAsync(world.Address + path);
        return open;
    }

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    /// <summary>A line of the bot in the chat.</summary>
    public ILocator Words(string words) => Page.Locator(".words", new() { HasText = words });

    public async Task SayAsync(string words)
    {
        await Composer.FillAsync(words);
        await Composer.PressAsync("Enter");
    }

    /// <summary>Every way in which the page is not usable by everybody that axe calls serious or worse.</summary>
    public async Task<IReadOnlyList<string>> BarriersAsync()
    {
        // Colours are judged as they stand, not half way through fading in
        await Page.EvaluateAsync("Promise.all(document.getAnimations().filter(a => a.effect.getTiming().iterations !== Infinity).map(a => a.finished.catch(() => {})))");
        var result = await Page.RunAxe();
        return [.. result.Violations.Where(v => v.Impact is "serious" or "critical").Select(v => $"{v.Id}: {string.Join(" | ", v.Nodes.Take(4).Select(n => n.Html))}")];
    }

    public Task<bool> FitsAsync() => Page.EvaluateAsync<bool>(
        "document.documentElement.scrollWidth <= innerWidth && [...document.querySelectorAll('.card, .lines')].every(e => e.scrollWidth <= e.clientWidth + 1)");

    public async ValueTask DisposeAsync()
    {
        await Window.DisposeAsync();
        await World.DisposeAsync();
        Assert.Empty(_faults);
    }

    private void Watch()
    {
        Page.PageError += (_, fault) => _faults.Add($"error: {fault}");
        Page.Console += (_, said) =>
        {
            if (said.Type == "error" && !(ExpectsOutage && said.Text.Contains("Failed to load resource", StringComparison.Ordinal))) _faults.Add($"console: {said.Text}");
        };
        Page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(World.Address, StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal)) _faults.Add($"asked elsewhere: {request.Url}");
        };
    }
}
