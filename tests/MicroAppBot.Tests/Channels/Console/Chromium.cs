using Microsoft.Playwright;

namespace MicroAppBot.Tests.Channels.Console;

/// <summary>The Chromium of this machine, started once for all tests of the page.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "chrome.exe", "msedge.exe"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    private static bool IsRequired => string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);

    public async ValueTask InitializeAsync()
    {
        if (Find() is not { } path) return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = path,
            Headless = true,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
        });
    }

    /// <summary>A window with a profile of its own. Skips the test where there is no browser, unless CI=true says that there must be one.</summary>
    public async Task<IBrowserContext> WindowAsync(BrowserNewContextOptions? options = null)
    {
        Need(_browser is not null, "There is no Chromium on the PATH: install one (on Debian: apt-get install chromium) to run the tests of the console's page.");
        Need(
            File.Exists(Path.Combine(AppContext.BaseDirectory, "wwwroot", "assets", "console.js")),
            "The console's page was not bundled, since the build found no Node: install Node.js 20 or newer and build again to run the tests of the page.");
        return await _browser!.NewContextAsync(options ?? new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 1440, Height = 900 } });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    private static void Need(bool there, string why)
    {
        if (there) return;
        if (IsRequired) Assert.Fail(why);
        Assert.Skip(why);
    }

    private static string? Find() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append("/usr/bin")
            .SelectMany(folder => Names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
}
