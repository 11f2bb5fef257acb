using System.Collections.Concurrent;
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
        Channel.CreateBounded<Redraw>(new BoundedChannelOptions(500) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true }))];

    private readonly ConcurrentDictionary<string, Redraw> _newest = new(StringComparer.Ordinal);

    /// <summary>Redraws of one message happen in the order they were asked for; one that has been overtaken does not happen.</summary>
    public void Add(Contact to, string activityId, ChannelMessage message)
    {
        var redraw = new Redraw(to, activityId, message);
        _newest[activityId] = redraw;
        _lanes[(uint)activityId.GetHashCode(StringComparison.Ordinal) % Lanes].Writer.TryWrite(redraw);
    }

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
            finally
            {
                _newest.TryRemove(new KeyValuePair<string, Redraw>(redraw.ActivityId, redraw));
            }
        }
    }

    private async Task DrawAsync(Redraw redraw, CancellationToken stopping)
    {
        for (var attempt = 1; ; attempt++)
        {
            // An old question drawn late would take away what the person is typing into the new one
            if (!_newest.TryGetValue(redraw.ActivityId, out var newest) || newest != redraw) return;
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

    private sealed class Redraw(Contact to, string activityId, ChannelMessage message)
    {
        public Contact To => to;

        public string ActivityId => activityId;

        public ChannelMessage Message => message;
    }
}
