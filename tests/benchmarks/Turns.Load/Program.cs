using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Turns.Load;

// Durable turns over POST /api/messages: the Release build as a process of its own, sixteen people who each say the next
// thing when the last was acknowledged, and a connector that takes the replies as quickly as Teams would. Options: --say "help" --seconds 15
// --open "I need a page …" (said once before, to measure what is said to a draft) --connections 16 --bot <MicroAppBot.dll> --folder <data folder, to measure a disk>.
var options = args.Chunk(2).Where(a => a.Length == 2).ToDictionary(a => a[0].TrimStart('-'), a => a[1]);
var connections = int.Parse(options.GetValueOrDefault("connections", "16"), CultureInfo.InvariantCulture);
var seconds = int.Parse(options.GetValueOrDefault("seconds", "15"), CultureInfo.InvariantCulture);
var say = options.GetValueOrDefault("say", "help");
var bot = options.GetValueOrDefault("bot") ?? Path.Combine(Root(), "src", "MicroAppBot", "bin", "Release", "net10.0", "MicroAppBot.dll");
if (!File.Exists(bot))
{
    Console.Error.WriteLine($"There is no {bot}. Build it first: dotnet build src/MicroAppBot -c Release");
    return 1;
}

var folder = options.GetValueOrDefault("folder") ?? Directory.CreateTempSubdirectory("turns-load-").FullName;
using var sink = new Sink();
var port = FreePort();
Console.WriteLine($"load average before: {LoadAverage()}");

var cold = Stopwatch.StartNew();
using var process = Start();
await ReadyAsync();
Console.WriteLine($"cold start to /readyz: {cold.ElapsedMilliseconds} ms, working set {Memory()} MB");

if (options.TryGetValue("open", out var opening)) await Task.WhenAll(Enumerable.Range(0, connections).Select(n => SayAsync(n, opening)));
await RunAsync(TimeSpan.FromSeconds(5));
await DrainedAsync();
var cpu = process.TotalProcessorTime;
var before = sink.Taken;
var watch = Stopwatch.StartNew();
var times = await RunAsync(TimeSpan.FromSeconds(seconds));
var took = watch.Elapsed;
var delivered = sink.Taken - before;
await DrainedAsync();
process.Refresh();
var used = process.TotalProcessorTime - cpu;
times.Sort();
Console.WriteLine($"\"{say}\", {connections} connections, {took.TotalSeconds:F1} s: {times.Count / took.TotalSeconds:F0} durable turns/s, p50 {At(0.5):F1} ms, p99 {At(0.99):F1} ms, max {times[^1]:F1} ms");
Console.WriteLine($"replies delivered meanwhile {delivered / took.TotalSeconds:F0}/s; {sink.Taken - before} by now, for {times.Count} turns: the rest is in the outbox");
Console.WriteLine($"processor of the bot {used.TotalMilliseconds / Math.Max(1, times.Count):F2} ms a turn with its delivery; working set {Memory()} MB; load average after: {LoadAverage()}");
process.Kill();
await process.WaitForExitAsync();
if (!options.ContainsKey("folder")) Directory.Delete(folder, recursive: true);
return 0;

double At(double share) => times[(int)(times.Count * share)];

Process Start()
{
    var start = new ProcessStartInfo("dotnet", ["exec", bot, "--urls", $"http://127.0.0.1:{port}"]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
    start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
    start.Environment["Data__Folder"] = folder;
    start.Environment["Logging__LogLevel__Default"] = "Warning";
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

async Task<List<double>> RunAsync(TimeSpan duration)
{
    var all = await Task.WhenAll(Enumerable.Range(0, connections).Select(n => Task.Run(() => TalkAsync(n, duration))));
    return [.. all.SelectMany(a => a)];
}

async Task<List<double>> TalkAsync(int n, TimeSpan duration)
{
    using var wire = await Wire.ToAsync(port);
    var mine = new List<double>();
    var until = Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency);
    for (var began = Stopwatch.GetTimestamp(); began < until; began = Stopwatch.GetTimestamp())
    {
        await wire.SendAsync(Message(n, say));
        var answer = await wire.ReadAsync() ?? throw new IOException("The bot closed the connection.");
        if (!answer.First.Contains(" 202", StringComparison.Ordinal)) throw new InvalidOperationException(answer.First);
        mine.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
    }
    return mine;
}

async Task SayAsync(int n, string words)
{
    using var wire = await Wire.ToAsync(port);
    await wire.SendAsync(Message(n, words));
    await wire.ReadAsync();
}

byte[] Message(int n, string words)
{
    var id = Interlocked.Increment(ref Ids.Last).ToString(CultureInfo.InvariantCulture);
    var body = $$"""
        {"type":"message","id":"{{id}}","timestamp":"2026-06-01T08:00:00.000Z","channelId":"msteams","serviceUrl":"{{sink.ServiceUrl}}","from":{"id":"29:load-{{n}}","name":"Person {{n}}","aadObjectId":"00000000-0000-4000-8000-{{n:D12}}" },"recipient":{"id":"28:bot","name":"MicroAppBot"},"conversation":{"id":"a:1load{{n}}","conversationType":"personal","tenantId":"tenant-1"},"channelData":{"tenant":{"id":"tenant-1"} },"locale":"en-US","entities":[{"type":"clientInfo","platform":"Windows","country":"DE"}],"text":"{{words}}"}
        """;
    return Encoding.UTF8.GetBytes($"POST /api/messages HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");
}

// Until nothing more arrives: every turn has its one reply
// Replies leave no quicker than Teams takes them (30 a second for a bot, and fewer in one conversation): what is said faster
// than that lies in the outbox for a while, and is not waited for
async Task DrainedAsync()
{
    var (last, enough) = (-1L, Stopwatch.StartNew());
    for (; last != sink.Taken && enough.Elapsed < TimeSpan.FromSeconds(3); await Task.Delay(400)) last = sink.Taken;
}

long Memory()
{
    process.Refresh();
    return process.WorkingSet64 / 1_000_000;
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

internal static class Ids
{
    public static long Last = 1_900_000_000_000;
}
