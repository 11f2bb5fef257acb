using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using MicroAppBot.Desk;

namespace MicroAppBot.Channels.Console;

/// <summary>
/// What is new, as it happens (Server-Sent Events): <c>lines</c> (new and changed lines of everybody, with the last
/// sequence number as the event's id), <c>overview</c> (whenever it is another than before) and <c>ping</c>.
/// </summary>
public sealed class ConsoleEvents(IStore store, ConsoleOverviewReader overviews, ConsoleBell bell, TimeProvider system)
{
    private const int Page = 100;

    /// <summary>The bell rings for what happens in this channel; what a job or the platform did is found by looking.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    /// <summary>So that the page notices a connection that is dead without having been closed.</summary>
    private static readonly TimeSpan Ping = TimeSpan.FromSeconds(15);

    /// <param name="after">The last sequence number the page has; null: only what comes from now on.</param>
    public async IAsyncEnumerable<SseItem<string>> ListenAsync(long? after, [EnumeratorCancellation] CancellationToken cancel)
    {
        ConsoleOverview? shown = null;
        var last = after ?? (await overviews.ReadAsync(cancel)).Sequence;
        var spoke = system.GetTimestamp();
        while (!cancel.IsCancellationRequested)
        {
            var ring = bell.Next;
            IReadOnlyList<TranscriptLine> lines;
            do
            {
                lines = await store.TranscriptAsync(null, last, Page, cancel);
                if (lines.Count == 0) break;
                last = lines[^1].Sequence;
                yield return new SseItem<string>(DeskJson.Write(new { lines = lines.Select(ConsoleLine.Of) }), "lines") { EventId = last.ToString(System.Globalization.CultureInfo.InvariantCulture) };
            }
            while (lines.Count == Page);

            var now = await overviews.ReadAsync(cancel);
            if (shown is null || Telling(now) != Telling(shown))
            {
                shown = now;
                spoke = system.GetTimestamp();
                yield return new SseItem<string>(DeskJson.Write(now), "overview");
            }
            else if (system.GetElapsedTime(spoke) > Ping)
            {
                spoke = system.GetTimestamp();
                yield return new SseItem<string>("{}", "ping");
            }
            await Task.WhenAny(ring, Task.Delay(LookAgain, system, cancel));
        }
    }

    /// <summary>What makes an overview another one: not that a second went by.</summary>
    private static string Telling(ConsoleOverview overview) => DeskJson.Write(overview with { Clock = overview.Clock with { Now = default } });
}
