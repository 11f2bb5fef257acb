using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using MicroAppBot.Desk;
using MicroAppBot.Stores.LiteDb;
using Microsoft.Extensions.Logging.Abstractions;

// Durable turns per second of the LiteDB store. Each caller writes turn after turn of one person: a conversation and an
// outbox message in one commit, then what delivery writes of it: Sending, and Sent with its card.
//   dotnet run -c Release --project tests/benchmarks/Store.Load -- [callers] [seconds] [folder]
var callers = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 16;
var seconds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 10;
var folder = args.Length > 2 ? args[2] : Directory.CreateTempSubdirectory("store-load-").FullName;
await using var store = LiteDbStore.Open(new LiteDbSettings(folder), TimeProvider.System, NullLogger<LiteDbStore>.Instance);
var now = TimeProvider.System.GetUtcNow();
var conversation = $"{{\"intake\":\"{new string('x', 700)}\"}}";
var latencies = new List<double>[callers];
var running = Stopwatch.StartNew();
var processor = Process.GetCurrentProcess().TotalProcessorTime;

await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
{
    var (mine, person) = (latencies[caller] = [], $"person-{caller}-{Guid.CreateVersion7(now)}");
    for (var turn = 0L; running.Elapsed.TotalSeconds < seconds; turn++)
    {
        var begun = Stopwatch.GetTimestamp();
        await store.ConversationAsync(person);
        var id = $"{person}-{turn}";
        var result = await store.CommitAsync(new Commit(
            [],
            new ConversationWrite(person, turn, conversation, new HandledTurn($"teams:{id}", null)),
            [new NewMessage(id, person, "teams", new OutboxBody.Say("question", new JsonObject { ["title"] = "What is it for?" }, null, null), now)],
            new Contact(person, "teams", "{\"conversation\":\"a:1\"}")));
        if (result != CommitResult.Done) throw new InvalidOperationException($"{person} {turn}: {result}");
        mine.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        await store.MarkAsync(new DeliveryMark(id, DeliveryState.Sending));
        await store.MarkAsync(new DeliveryMark(id, DeliveryState.Sent, Cards: [new SentCard(id, person, "teams", "a:1", "1:abc", "question", null, now)]));
    }
})));

var all = latencies.SelectMany(each => each).Order().ToList();
var used = (Process.GetCurrentProcess().TotalProcessorTime - processor).TotalMicroseconds;
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"{callers} callers: {all.Count / running.Elapsed.TotalSeconds:F0} turns/s (3 durable writes each); commit p50 {all[all.Count / 2]:F2} ms, p99 {all[(int)(all.Count * 0.99)]:F2} ms, longest {all[^1]:F0} ms; processor {used / all.Count:F0} us a turn"));
