using System.Diagnostics;
using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace MicroAppBot.Commands;

/// <summary>Takes a picture of each marked part of a page (<c>data-picture</c>) with a Chromium of this machine, spoken to by the DevTools protocol.</summary>
internal static class Photographer
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge"];

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    /// <returns>How many pictures were taken; null where there is no Chromium, or it does not start.</returns>
    public static async Task<int?> TakeAsync(string page, string folder)
    {
        if (Browser() is not { } program)
            return null;
        var profile = Directory.CreateTempSubdirectory("microappbot-pictures-");
        using var limit = new CancellationTokenSource(Patience);
        using var browser = Process.Start(new ProcessStartInfo(program,
            ["--headless=new", "--remote-debugging-port=0", "--hide-scrollbars", "--no-first-run", "--disable-gpu", "--no-sandbox", "--window-size=1500,1000", "--user-data-dir=" + profile.FullName, "about:blank"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            using var tab = new ClientWebSocket();
            await tab.ConnectAsync(await AddressAsync(profile.FullName, browser, limit.Token), limit.Token);
            return await TakeAsync(tab, page, folder, limit.Token);
        }
        catch (Exception fault) when (fault is WebSocketException or HttpRequestException or OperationCanceledException or InvalidOperationException)
        {
            return null;
        }
        finally
        {
            browser.Kill(entireProcessTree: true);
            await browser.WaitForExitAsync(CancellationToken.None);
            Delete(profile);
        }
    }

    private static async Task<int> TakeAsync(ClientWebSocket tab, string page, string folder, CancellationToken cancel)
    {
        await AskAsync(tab, "Page.enable", [], cancel);
        await AskAsync(tab, "Page.navigate", new JsonObject { ["url"] = new Uri(page).AbsoluteUri }, cancel, until: "Page.loadEventFired");
        // One at a time: of a page with hundreds of cards each picture would take seconds
        var names = (JsonArray)await ValueAsync(tab, "(window.parts = [...document.querySelectorAll('[data-picture]')].filter(e => e.childElementCount)).map(e => e.dataset.picture)", cancel);
        var pictures = 0;
        for (; pictures < names.Count; pictures++)
        {
            var clip = (JsonObject)await ValueAsync(tab, "(e => { document.body.replaceChildren(e); const r = e.getBoundingClientRect(); return { x: r.x, y: r.y, width: r.width, height: r.height, scale: 1 }; })(window.parts[" + pictures.ToString(CultureInfo.InvariantCulture) + "])", cancel);
            var taken = await AskAsync(tab, "Page.captureScreenshot", new JsonObject { ["format"] = "png", ["captureBeyondViewport"] = true, ["clip"] = clip.DeepClone() }, cancel);
            await File.WriteAllBytesAsync(Path.Combine(folder, Path.GetFileName(names[pictures]!.GetValue<string>()) + ".png"), Convert.FromBase64String(taken["data"]!.GetValue<string>()), cancel);
        }
        return pictures;
    }

    private static async Task<JsonNode> ValueAsync(ClientWebSocket tab, string expression, CancellationToken cancel) =>
        (await AskAsync(tab, "Runtime.evaluate", new JsonObject { ["returnByValue"] = true, ["expression"] = expression }, cancel))["result"]!["value"]!;

    private static async Task<JsonObject> AskAsync(ClientWebSocket tab, string method, JsonObject parameters, CancellationToken cancel, string? until = null)
    {
        await tab.SendAsync(Encoding.UTF8.GetBytes(new JsonObject { ["id"] = 1, ["method"] = method, ["params"] = parameters }.ToJsonString()), WebSocketMessageType.Text, true, cancel);
        JsonObject? answer = null;
        var happened = until is null;
        while (answer is null || !happened)
        {
            var heard = await HearAsync(tab, cancel);
            if (heard["id"] is not null)
                answer = heard["result"] as JsonObject ?? throw new InvalidOperationException(heard["error"]?.ToJsonString());
            happened |= heard["method"]?.GetValue<string>() == until;
        }
        return answer;
    }

    private static async Task<JsonObject> HearAsync(ClientWebSocket tab, CancellationToken cancel)
    {
        using var whole = new MemoryStream();
        var part = new byte[64 * 1024];
        WebSocketReceiveResult received;
        do
        {
            received = await tab.ReceiveAsync(new ArraySegment<byte>(part), cancel);
            whole.Write(part, 0, received.Count);
        } while (!received.EndOfMessage);
        return JsonNode.Parse(whole.ToArray()) as JsonObject ?? [];
    }

    // Chromium writes its port into its profile once it listens
    private static async Task<Uri> AddressAsync(string profile, Process browser, CancellationToken cancel)
    {
        var file = Path.Combine(profile, "DevToolsActivePort");
        while (!File.Exists(file) || (await File.ReadAllLinesAsync(file, cancel)).Length < 2)
        {
            if (browser.HasExited)
                throw new InvalidOperationException("Chromium ended at once.");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancel);
        }
        var port = int.Parse((await File.ReadAllLinesAsync(file, cancel))[0], CultureInfo.InvariantCulture);
        using var http = new HttpClient();
        var tabs = (JsonArray)JsonNode.Parse(await http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/json/list"), cancel))!;
        return new Uri(tabs.First(tab => tab!["type"]!.GetValue<string>() == "page")!["webSocketDebuggerUrl"]!.GetValue<string>());
    }

    private static string? Browser() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => Names.SelectMany(name => (string[])[Path.Combine(folder, name), Path.Combine(folder, name + ".exe")])).FirstOrDefault(File.Exists);

    private static void Delete(DirectoryInfo profile)
    {
        try
        {
            profile.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A helper process of the browser still writes: the system's own cleaning takes the folder
        }
    }
}
