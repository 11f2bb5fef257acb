using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Slack.Load;
using Turns.Load;

// Signed slash commands, or clicks whose answer is one call to Slack, over HTTP: the Release build as a process of its own with its store on
// disk, one person per connection who does the next thing when the last was acknowledged, and a Slack on this machine that answers at once.
// Options: --what command|click --text "my apps" (of a click: what its button says; else the first button of the help card) --seconds 15 --warmup 5 (seconds; the more the busier the machine is, for code that is still being compiled is counted else) --connections 32 --bot <MicroAppBot.dll> --folder <data folder, to measure a disk>.
var options = args.Chunk(2).Where(a => a.Length == 2).ToDictionary(a => a[0].TrimStart('-'), a => a[1]);
var connections = int.Parse(options.GetValueOrDefault("connections", "32"), CultureInfo.InvariantCulture);
var seconds = int.Parse(options.GetValueOrDefault("seconds", "15"), CultureInfo.InvariantCulture);
var warmup = int.Parse(options.GetValueOrDefault("warmup", "5"), CultureInfo.InvariantCulture);
var clicks = options.GetValueOrDefault("what", "command") == "click";
var text = options.GetValueOrDefault("text", clicks ? "" : "my apps");
var bot = options.GetValueOrDefault("bot") ?? Path.Combine(Root(), "src", "MicroAppBot", "bin", "Release", "net10.0", "MicroAppBot.dll");
if (!File.Exists(bot))
{
    Console.Error.WriteLine($"There is no {bot}. Build it first: dotnet build src/MicroAppBot -c Release");
    return 1;
}

const string SigningSecret = "the-signing-secret-of-the-load";
var folder = options.GetValueOrDefault("folder") ?? Directory.CreateTempSubdirectory("slack-load-").FullName;
using var slack = new LocalSlack();
var port = FreePort();
Console.WriteLine($"load average before: {LoadAverage()}");
using var process = Start();
await ReadyAsync();

// Everybody asks once; what they press afterwards is a button of what they got, which only they see
var buttons = await Task.WhenAll(Enumerable.Range(0, connections).Select(FirstAsync));
await RunAsync(TimeSpan.FromSeconds(warmup));
process.Refresh();
var (cpu, responses, calls) = (process.TotalProcessorTime, slack.Responses, slack.Calls);
var watch = Stopwatch.StartNew();
var times = await RunAsync(TimeSpan.FromSeconds(seconds));
var took = watch.Elapsed;
(responses, calls) = (slack.Responses - responses, slack.Calls - calls);
process.Refresh();
var used = process.TotalProcessorTime - cpu;
times.Sort();
Console.WriteLine($"{(clicks ? $"click on {buttons[0].ActionId} {text}".TrimEnd() : $"/microapp {text}")}, {connections} connections, {took.TotalSeconds:F1} s: {times.Count / took.TotalSeconds:F0} signed and durable a second, p50 {At(0.5):F1} ms, p99 {At(0.99):F1} ms, max {times[^1]:F1} ms");
Console.WriteLine($"calls to Slack per {(clicks ? "click" : "command")}: {responses / (double)times.Count:F2} by response_url, {calls / (double)times.Count:F3} of the Web API");
Console.WriteLine($"processor of the bot {used.TotalMilliseconds / Math.Max(1, times.Count):F2} ms each; working set {process.WorkingSet64 / 1_000_000} MB; load average after: {LoadAverage()}");
process.Kill();
await process.WaitForExitAsync();
if (!options.ContainsKey("folder")) Directory.Delete(folder, recursive: true);
return 0;

double At(double share) => times[(int)(times.Count * share)];

Process Start()
{
    var start = new ProcessStartInfo("dotnet", ["exec", bot, "--urls", $"http://127.0.0.1:{port}"]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
    start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
    start.Environment["Data__Folder"] = folder;
    start.Environment["Logging__LogLevel__Default"] = "Warning";
    start.Environment["Channels__Slack__SigningSecret"] = SigningSecret;
    start.Environment["Channels__Slack__BotToken"] = "xoxb-of-the-load";
    start.Environment["Channels__Slack__ApiUrl"] = slack.Root + "/api/";
    var started = Process.Start(start)!;
    started.OutputDataReceived += (_, line) => { if (!string.IsNullOrEmpty(line.Data)) Console.WriteLine($"  | {line.Data}"); };
    started.ErrorDataReceived += (_, line) => { if (!string.IsNullOrEmpty(line.Data)) Console.WriteLine($"  | {line.Data}"); };
    started.BeginOutputReadLine();
    started.BeginErrorReadLine();
    return started;
}

async Task ReadyAsync()
{
    using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
    while (true)
    {
        try
        {
            if ((await http.GetAsync(new Uri("/readyz", UriKind.Relative))).IsSuccessStatusCode) return;
        }
        catch (HttpRequestException) when (!process.HasExited)
        {
            await Task.Delay(5);
        }
    }
}

async Task<Button> FirstAsync(int n)
{
    using var wire = await Wire.ToAsync(port);
    await wire.SendAsync(Command(n, clicks ? "help" : text));
    var answer = await wire.ReadAsync(wantBody: true) ?? throw new IOException("The bot closed the connection.");
    if (!answer.First.Contains(" 200", StringComparison.Ordinal)) throw new InvalidOperationException(answer.First);
    if (!clicks) return new Button("", "", "");
    var rows = JsonNode.Parse(answer.Body)!["blocks"]!.AsArray().Where(b => (string?)b!["type"] == "actions");
    var (row, button) = rows.SelectMany(row => row!["elements"]!.AsArray().Select(e => (row, e!))).First(e => (string?)e.Item2["type"] == "button" && e.Item2["url"] is null);
    return text.Length > 0
        // An id that no action of the card has: what the button holds itself counts
        ? new Button((string)row["block_id"]!, "say.text", new JsonObject { ["verb"] = "say", ["text"] = text }.ToJsonString())
        : new Button((string)row["block_id"]!, (string)button["action_id"]!, (string?)button["value"] ?? "");
}

async Task<List<double>> RunAsync(TimeSpan duration)
{
    var all = await Task.WhenAll(Enumerable.Range(0, connections).Select(n => Task.Run(() => DoAsync(n, duration))));
    return [.. all.SelectMany(a => a)];
}

async Task<List<double>> DoAsync(int n, TimeSpan duration)
{
    using var wire = await Wire.ToAsync(port);
    var mine = new List<double>();
    var until = Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency);
    for (var began = Stopwatch.GetTimestamp(); began < until; began = Stopwatch.GetTimestamp())
    {
        await wire.SendAsync(clicks ? Click(n, buttons[n]) : Command(n, text));
        var answer = await wire.ReadAsync() ?? throw new IOException("The bot closed the connection.");
        if (!answer.First.Contains(" 200", StringComparison.Ordinal)) throw new InvalidOperationException(answer.First);
        mine.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
    }
    return mine;
}

byte[] Command(int n, string words)
{
    var id = Interlocked.Increment(ref Ids.Last).ToString(CultureInfo.InvariantCulture);
    return Signed("/slack/commands", $"token=x&team_id=T0LOAD&team_domain=load&channel_id=C0LOAD&channel_name=general&user_id=U0LOAD{n}&user_name=person{n}&command=%2Fmicroapp&text={Uri.EscapeDataString(words)}"
        + $"&api_app_id=A0&is_enterprise_install=false&response_url={Uri.EscapeDataString($"{slack.Root}/respond/{id}")}&trigger_id={id}.1.abc");
}

byte[] Click(int n, Button button)
{
    var id = Interlocked.Increment(ref Ids.Last).ToString(CultureInfo.InvariantCulture);
    var payload = new JsonObject
    {
        ["type"] = "block_actions",
        ["team"] = new JsonObject { ["id"] = "T0LOAD", ["domain"] = "load" },
        ["enterprise"] = null,
        ["is_enterprise_install"] = false,
        ["user"] = new JsonObject { ["id"] = $"U0LOAD{n}", ["username"] = $"person{n}", ["name"] = $"person{n}", ["team_id"] = "T0LOAD" },
        ["api_app_id"] = "A0",
        ["token"] = "x",
        ["trigger_id"] = $"{id}.1.abc",
        ["container"] = new JsonObject { ["type"] = "message", ["message_ts"] = "1700000000.000100", ["channel_id"] = "C0LOAD", ["is_ephemeral"] = true },
        ["channel"] = new JsonObject { ["id"] = "C0LOAD", ["name"] = "general" },
        ["state"] = new JsonObject { ["values"] = new JsonObject() },
        ["response_url"] = $"{slack.Root}/respond/{id}",
        ["actions"] = new JsonArray(new JsonObject { ["type"] = "button", ["action_id"] = button.ActionId, ["block_id"] = button.BlockId, ["value"] = button.Value, ["action_ts"] = $"{id[..10]}.{id[10..]}" }),
    };
    return Signed("/slack/interactions", "payload=" + Uri.EscapeDataString(payload.ToJsonString()));
}

byte[] Signed(string path, string body)
{
    var timestamp = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
    var signature = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(SigningSecret), Encoding.UTF8.GetBytes($"v0:{timestamp}:{body}")));
    return Encoding.UTF8.GetBytes($"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/x-www-form-urlencoded\r\nX-Slack-Request-Timestamp: {timestamp}\r\nX-Slack-Signature: v0={signature}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");
}

static string LoadAverage() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Trim() : "unknown";

static int FreePort()
{
    using var listener = new TcpListener(IPAddress.Loopback, 0);
    listener.Start();
    return ((IPEndPoint)listener.LocalEndpoint).Port;
}

static string Root()
{
    var here = new DirectoryInfo(AppContext.BaseDirectory);
    while (here is not null && !File.Exists(Path.Combine(here.FullName, "MicroAppBot.sln"))) here = here.Parent;
    return here?.FullName ?? Environment.CurrentDirectory;
}

internal sealed record Button(string BlockId, string ActionId, string Value);

internal static class Ids
{
    public static long Last = 1_900_000_000_000;
}
