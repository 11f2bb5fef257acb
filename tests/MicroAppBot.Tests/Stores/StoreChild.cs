using System.Diagnostics;
using System.Globalization;
using MicroAppBot.Desk;
using MicroAppBot.Stores.LiteDb;
using Microsoft.Extensions.Logging.Abstractions;

namespace MicroAppBot.Tests.Stores;

/// <summary>
/// The same program as a second process with a store of its own: what is killed, refused or runs into a full disk. It says
/// on standard output what was acknowledged, each line after its acknowledgement.
/// </summary>
internal static class StoreChild
{
    private const string Role = "MICROAPPBOT_STORE_CHILD";

    public static Process Start(string role, string folder, string? shellPrefix = null)
    {
        var program = $"exec dotnet exec \"{typeof(StoreChild).Assembly.Location}\"";
        var start = new ProcessStartInfo("bash", ["-c", shellPrefix is null ? program : $"{shellPrefix}; {program}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // The hook runs before the test runner's own Main: the runner's program is the only one there is
            Environment = { ["DOTNET_STARTUP_HOOKS"] = typeof(StoreChild).Assembly.Location, [Role] = role, ["MICROAPPBOT_STORE_FOLDER"] = folder },
        };
        return Process.Start(start)!;
    }

    /// <summary>Plays its part and ends the process; returns at once where none was given.</summary>
    public static void Play()
    {
        if (Environment.GetEnvironmentVariable(Role) is not { } role) return;
        var folder = Environment.GetEnvironmentVariable("MICROAPPBOT_STORE_FOLDER")!;
        try
        {
            var store = LiteDbStore.Open(new LiteDbSettings(folder), TimeProvider.System, NullLogger<LiteDbStore>.Instance);
            if (role == "talk") Task.WaitAll(Enumerable.Range(0, 6).Select(p => TalkAsync(store, $"p{p}")));
            if (role == "fill") FillAsync(store).Wait();
            store.DisposeAsync().AsTask().Wait();
            Say("closed");
        }
        catch (Exception e)
        {
            Say($"{e.GetType().Name}: {e.Message}");
        }
        Environment.Exit(0);
    }

    /// <summary>One person's turns without end: each writes a conversation, an event with its snapshot, two messages and a transcript line in one commit, then marks one message.</summary>
    private static async Task TalkAsync(LiteDbStore store, string person)
    {
        await Task.Yield();
        for (var n = (await store.ConversationAsync(person))?.Version ?? 0; ; n++)
        {
            var at = DateTimeOffset.UnixEpoch.AddSeconds(n);
            var result = await store.CommitAsync(new Commit(
                [new StreamWrite($"app-{person}", n, [$"{{\"n\":{n + 1}}}"], $"{{\"n\":{n + 1}}}", new SnapshotKeys("app", "active", true, person, [person], [], person, at))],
                new ConversationWrite(person, n, $"{{\"n\":{n + 1}}}", new HandledTurn($"t{n + 1}", null)),
                [Line($"{person}-{n + 1}-a", person), Line($"{person}-{n + 1}-b", person)],
                new Contact(person, "teams", $"{n}"),
                [new NewTranscriptLine(person, $"t{n + 1}", true, "{}", at)]));
            if (result != CommitResult.Done) throw new InvalidOperationException($"{person} {n}: {result}");
            Say($"turn {person} {n + 1}");
            await store.MarkAsync(new DeliveryMark($"{person}-{n + 1}-a", DeliveryState.Sent, Cards: [new SentCard($"{person}-{n + 1}-a", person, "teams", "x", "y", "card", null, at)]));
            Say($"sent {person} {n + 1}");
        }
    }

    /// <summary>New people without end, until the disk is full; then once more, to see whether the store is honest afterwards.</summary>
    private static async Task FillAsync(LiteDbStore store)
    {
        var faults = 0;
        for (var n = 0; faults < 3; n++)
        {
            try
            {
                await store.CommitAsync(new Commit(
                    [new StreamWrite($"app-{n}", 0, ["{}"], $"{{\"text\":\"{new string('x', 3000)}\"}}", new SnapshotKeys("app", "active", true, "", [], [], $"{n}", null))], null, []));
                Say(string.Create(CultureInfo.InvariantCulture, $"turn app-{n} 1"));
            }
            catch (Exception e)
            {
                faults++;
                Say($"fault {e.Message}");
            }
        }
    }

    private static NewMessage Line(string id, string to) => new(id, to, null, new OutboxBody.Say(null, null, "hello", null), DateTimeOffset.UnixEpoch);

    private static void Say(string words)
    {
        lock (Role)
        {
            Console.Out.WriteLine(words);
            Console.Out.Flush();
        }
    }
}
