namespace MicroAppBot.Channels.Slack;

/// <summary>
/// Keeps to Slack's limits before Slack has to say so: per method and workspace, and for new messages per conversation too.
/// Whoever comes too early is told when there is room, and keeps that turn: what has to wait is neither lost nor overtaken, and
/// nobody else waits for it.
/// </summary>
internal sealed class SlackPace(TimeProvider time)
{
    private const int MostKept = 20_000;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>A turn that nobody took is free again.</summary>
    private static readonly TimeSpan TurnKeptFor = TimeSpan.FromMinutes(2);

    /// <summary>Slack's tiers count calls a minute; new messages are "several hundred a minute" for a workspace.</summary>
    private static readonly Dictionary<string, Limit> Limits = new(StringComparer.Ordinal)
    {
        ["chat.postMessage"] = new(20, TimeSpan.FromSeconds(5)),
        ["chat.postEphemeral"] = new(100, Minute),
        ["chat.update"] = new(50, Minute),
        ["chat.delete"] = new(50, Minute),
        ["conversations.open"] = new(50, Minute),
        ["conversations.info"] = new(50, Minute),
        ["conversations.history"] = new(50, Minute),
        ["conversations.replies"] = new(50, Minute),
        ["users.info"] = new(100, Minute),
        ["users.lookupByEmail"] = new(50, Minute),
        ["views.open"] = new(100, Minute),
        ["views.update"] = new(100, Minute),
        ["views.push"] = new(100, Minute),
        ["views.publish"] = new(100, Minute),
        ["auth.test"] = new(200, Minute),
    };

    private static readonly Limit Cautious = new(20, Minute);

    /// <summary>One a second in a conversation, where a few at once are let pass.</summary>
    private static readonly Limit PerConversation = new(3, TimeSpan.FromSeconds(3));

    private readonly Lock _gate = new();
    private readonly long _began = time.GetTimestamp();
    private readonly Dictionary<(string Install, string Method, string Place), Window> _windows = [];
    private readonly Dictionary<(string Install, string Method, string Place), TimeSpan> _turns = [];
    private readonly Dictionary<(string Install, string Method), TimeSpan> _pausedUntil = [];

    /// <summary>Returns when the call may be made, if that is soon.</summary>
    /// <param name="place">The conversation or person it is about; a turn is kept for it.</param>
    /// <param name="patience">How long the caller can wait here.</param>
    /// <returns>Null when the call may be made now; else how long until its turn, which is kept: come again then.</returns>
    public async ValueTask<TimeSpan?> EnterAsync(string install, string method, string place, TimeSpan patience, CancellationToken cancel)
    {
        while (true)
        {
            var wait = WaitOf(install, method, place);
            if (wait <= TimeSpan.Zero) return null;
            if (wait > patience) return wait;
            patience -= wait;
            await Task.Delay(wait, time, cancel);
        }
    }

    /// <summary>Slack said when it wants to be asked again: that holds for this method and this workspace, and all turns are given anew.</summary>
    public void Pause(string install, string method, TimeSpan after)
    {
        lock (_gate)
        {
            var until = Now + after;
            if (!_pausedUntil.TryGetValue((install, method), out var already) || already < until) _pausedUntil[(install, method)] = until;
            foreach (var turn in _turns.Keys.Where(t => t.Install == install && t.Method == method).ToList()) _turns.Remove(turn);
            foreach (var (key, window) in _windows) if (key.Install == install && key.Method == method) window.Clear();
        }
    }

    private TimeSpan Now => time.GetElapsedTime(_began);

    private TimeSpan WaitOf(string install, string method, string place)
    {
        lock (_gate)
        {
            var now = Now;
            if (_turns.Remove((install, method, place), out var kept) && now - kept < TurnKeptFor)
            {
                if (kept <= now) return TimeSpan.Zero;
                _turns[(install, method, place)] = kept;
                return kept - now;
            }
            Tidy(now);
            var at = _pausedUntil.TryGetValue((install, method), out var until) && until > now ? until : now;
            var whole = WindowOf((install, method, ""), Limits.GetValueOrDefault(method, Cautious));
            var one = method == "chat.postMessage" && place.Length > 0 ? WindowOf((install, method, place), PerConversation) : null;
            at = whole.FirstRoom(at);
            if (one is not null) at = whole.FirstRoom(one.FirstRoom(at));
            whole.Take(at);
            one?.Take(at);
            if (at > now) _turns[(install, method, place)] = at;
            return at - now;
        }
    }

    private Window WindowOf((string, string, string) key, Limit limit) => _windows.TryGetValue(key, out var window) ? window : _windows[key] = new Window(limit);

    private void Tidy(TimeSpan now)
    {
        if (_windows.Count + _turns.Count < MostKept) return;
        foreach (var (key, window) in _windows) if (window.IsIdle(now)) _windows.Remove(key);
        foreach (var (key, at) in _turns) if (now - at >= TurnKeptFor) _turns.Remove(key);
    }

    private sealed record Limit(int Most, TimeSpan In);

    /// <summary>When calls were or will be made, the last ones only: never more than so many in any stretch of so long.</summary>
    private sealed class Window(Limit limit)
    {
        private readonly List<TimeSpan> _taken = [];

        public TimeSpan FirstRoom(TimeSpan from)
        {
            if (_taken.Count < limit.Most) return from;
            var room = _taken[^limit.Most] + limit.In;
            return room > from ? room : from;
        }

        public void Take(TimeSpan at)
        {
            var place = _taken.Count;
            while (place > 0 && _taken[place - 1] > at) place--;
            _taken.Insert(place, at);
            if (_taken.Count > 4 * limit.Most && _taken[^limit.Most] is var oldest) _taken.RemoveAll(t => t < oldest - limit.In);
        }

        public void Clear() => _taken.Clear();

        public bool IsIdle(TimeSpan now) => _taken.Count == 0 || now - _taken[^1] > limit.In;
    }
}
