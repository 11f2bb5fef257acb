namespace MicroAppBot.Channels.Teams;

/// <summary>
/// Keeps calls below what Teams lets through (msteams-docs, rate-limit): so many a second to one conversation, and 30 a second
/// for the whole bot. Who talks to one busy conversation waits for that one, and nobody else does.
/// </summary>
internal sealed class TeamsPace(TimeProvider time)
{
    private const int MostConversations = 20_000;

    /// <summary>What leaves at equal distances arrives at unequal ones: a little longer than the documented windows.</summary>
    private const double Slack = 1.05;

    private static readonly (int Calls, double Seconds)[] Sending = [(7, 1), (8, 2), (60, 30), (1800, 3600)];
    private static readonly (int Calls, double Seconds)[] Asking = [(14, 1), (16, 2), (120, 30), (3600, 3600)];

    /// <summary>In thirds, so that a breath of delay on the way does not let one second's calls fall into the next one's.</summary>
    private static readonly (int Calls, double Seconds)[] InAll = [(10, 1 / 3.0), (30, 1)];

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Calls> _conversations = new(StringComparer.Ordinal);
    private readonly Calls _all = new(InAll);

    /// <summary>Waits until a call may go out.</summary>
    /// <param name="conversation">Null for a call that is about none (opening one).</param>
    /// <param name="isQuestion">A question about members, which has limits of its own.</param>
    /// <param name="patience">How long to wait at most.</param>
    /// <returns>Null when it may go now; else how long it would still have to wait, and then it does not count as a call.</returns>
    public async ValueTask<TimeSpan?> TurnAsync(string? conversation, bool isQuestion, TimeSpan patience, CancellationToken cancel)
    {
        var until = time.GetUtcNow() + patience;
        while (true)
        {
            TimeSpan wait;
            var now = time.GetUtcNow();
            lock (_gate)
            {
                var own = conversation is null ? null : Of((isQuestion ? "?" : "") + conversation, isQuestion);
                wait = _all.Wait(now);
                if (own?.Wait(now) is { } its && its > wait) wait = its;
                if (wait <= TimeSpan.Zero)
                {
                    _all.Add(now);
                    own?.Add(now);
                    return null;
                }
            }
            if (now + wait > until) return wait;
            await Task.Delay(wait, time, cancel);
        }
    }

    private Calls Of(string key, bool isQuestion)
    {
        if (_conversations.TryGetValue(key, out var calls)) return calls;
        if (_conversations.Count >= MostConversations)
        {
            var now = time.GetUtcNow();
            foreach (var idle in _conversations.Where(c => c.Value.IsIdle(now)).Select(c => c.Key).ToList()) _conversations.Remove(idle);
        }
        return _conversations[key] = new Calls(isQuestion ? Asking : Sending);
    }

    /// <summary>When calls went out, as long as that matters.</summary>
    private sealed class Calls((int Calls, double Seconds)[] limits)
    {
        private readonly List<DateTimeOffset> _at = [];

        public TimeSpan Wait(DateTimeOffset now)
        {
            var wait = TimeSpan.Zero;
            foreach (var (calls, seconds) in limits)
            {
                if (_at.Count < calls) continue;
                var own = _at[^calls] + TimeSpan.FromSeconds(seconds * Slack) - now;
                if (own > wait) wait = own;
            }
            return wait;
        }

        public void Add(DateTimeOffset now)
        {
            if (_at.Count >= limits[^1].Calls) _at.RemoveAt(0);
            _at.Add(now);
        }

        public bool IsIdle(DateTimeOffset now) => _at.Count == 0 || now - _at[^1] > TimeSpan.FromSeconds(limits[^1].Seconds * Slack);
    }
}
