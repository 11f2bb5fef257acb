using System.Threading.Channels;
using MicroAppBot.Desk;

namespace MicroAppBot.Channels.Teams;

/// <summary>
/// A card that answered a click stands only where it was clicked: the same card is drawn on the person's other devices, right
/// after. A courtesy: what is lost here leaves an old card somewhere, which answers kindly with the truth when it is pressed.
/// </summary>
internal sealed partial class TeamsRedraws(TeamsChannel channel, TimeProvider time, ILogger<TeamsRedraws> log) : BackgroundService
{
    private const int Lanes = 8;
    private const int Tries = 4;

    private readonly Channel<Redraw>[] _lanes = [.. Enumerable.Range(0, Lanes).Select(_ =>
        Channel.CreateBounded<Redraw>(new BoundedChannelOptions(500) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }))];

    /// <summary>Redraws of one message happen in the order they were asked for.</summary>
    public void Add(Contact to, string activityId, ChannelMessage message) =>
        _lanes[(uint)activityId.GetHashCode(StringComparison.Ordinal) % Lanes].Writer.TryWrite(new Redraw(to, activityId, message));

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(_lanes.Select(lane => RunAsync(lane.Reader, stoppingToken)));

    private async Task RunAsync(ChannelReader<Redraw> lane, CancellationToken stopping)
    {
        await foreach (var redraw in lane.ReadAllAsync(stopping))
        {
            try
            {
                await DrawAsync(redraw, stopping);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                NotDrawn(redraw.Message.Id, fault.Message);
            }
        }
    }

    private async Task DrawAsync(Redraw redraw, CancellationToken stopping)
    {
        for (var attempt = 1; ; attempt++)
        {
            var outcome = await channel.UpdateAsync(redraw.To, redraw.ActivityId, redraw.Message, stopping);
            if (outcome is SendOutcome.Sent) return;
            if (outcome is not SendOutcome.TryAgain again || attempt == Tries)
            {
                NotDrawn(redraw.Message.Id, outcome.ToString());
                return;
            }
            await Task.Delay(again.After ?? TimeSpan.FromSeconds(1 << attempt), time, stopping);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The card {Id} could not be drawn on the person's other devices: {Why}")]
    private partial void NotDrawn(string id, string why);

    private sealed record Redraw(Contact To, string ActivityId, ChannelMessage Message);
}
