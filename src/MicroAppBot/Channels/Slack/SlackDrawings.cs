using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace MicroAppBot.Channels.Slack;

/// <summary>
/// What stands in Slack a moment before Delivery has written it down: somebody quick presses what they see, and that is what they mean. Kept
/// in memory only; what is written down is the same a little later.
/// </summary>
internal sealed class SlackDrawings
{
    private const int MostRemembered = 2_000;

    /// <summary>A call that takes longer says nothing yet: what is written down counts.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Drawing> _underWay = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, JsonObject> _latest = new(StringComparer.Ordinal);

    /// <summary>A card is on its way to Slack; to be disposed of when Slack has answered.</summary>
    public Drawing Begin(string messageId, JsonObject? card) => _underWay[messageId] = new Drawing(this, messageId, card);

    /// <summary>The card that stands in Slack under this id, once what is on its way has arrived; null when nothing is remembered of it.</summary>
    public async ValueTask<JsonObject?> LatestAsync(string? messageId, TimeProvider time)
    {
        if (messageId is null) return null;
        if (_underWay.TryGetValue(messageId, out var drawing)) await Task.WhenAny(drawing.Done, Task.Delay(Patience, time));
        return _latest.GetValueOrDefault(messageId);
    }

    /// <summary>A card that Slack is being told to show.</summary>
    internal sealed class Drawing(SlackDrawings all, string messageId, JsonObject? card) : IDisposable
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Done => _done.Task;

        /// <summary>Slack shows it now.</summary>
        public void Stands()
        {
            if (all._latest.Count >= MostRemembered) all._latest.Clear();
            if (card is null) all._latest.TryRemove(messageId, out _);
            else all._latest[messageId] = card;
        }

        public void Dispose()
        {
            all._underWay.TryRemove(KeyValuePair.Create(messageId, this));
            _done.TrySetResult();
        }
    }
}
