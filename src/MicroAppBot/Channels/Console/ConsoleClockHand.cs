using System.Globalization;
using MicroAppBot.Desk;

namespace MicroAppBot.Channels.Console;

/// <summary><c>POST /dev/clock</c>: <c>{"advance": "1.00:00:00"}</c> or <c>{"to_next_event": true}</c>. Answers <c>{"now", "acted"}</c> when what was due on the way is done.</summary>
internal static class ConsoleClockHand
{
    private static readonly TimeSpan Furthest = TimeSpan.FromDays(3660);

    public static async Task<IResult> MoveAsync(HttpRequest request, IClockControl clock, ConsoleBell bell, CancellationToken cancel)
    {
        var (body, fault) = await ConsoleBody.ReadAsync(request, cancel);
        if (body is null) return fault!;
        if (body.IsTrue("to_next_event")) return await AnswerAsync(clock.ToNextEventAsync(cancel), bell);
        if (!TimeSpan.TryParse(body.Text("advance"), CultureInfo.InvariantCulture, out var by))
        {
            return ConsoleBody.Fault("Say how far: {\"advance\": \"1.00:00:00\"} (days.hours:minutes:seconds), or {\"to_next_event\": true}.");
        }
        return by < TimeSpan.Zero || by > Furthest
            ? ConsoleBody.Fault("The clock goes forward only, and at most ten years at once.")
            : await AnswerAsync(clock.AdvanceAsync(by, cancel), bell);
    }

    private static async Task<IResult> AnswerAsync(Task<ClockMoved> moving, ConsoleBell bell)
    {
        var moved = await moving;
        bell.Ring();
        return Results.Json(moved, DeskJson.Options);
    }
}
