using System.Globalization;
using System.Text.Json.Nodes;

namespace MicroAppBot.Tests.Doubles.Slack;

/// <summary>What there is in Slack: people, channels, messages, views, and what expires. Safe for many threads.</summary>
internal sealed class SlackWorld(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly List<SlackPost> _posts = [];
    private readonly Dictionary<string, SlackAccount> _accounts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SlackRoom> _channels = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<SlackView>> _modals = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SlackView> _homes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Ticket> _triggers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ResponseUrl> _responseUrls = new(StringComparer.Ordinal);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _last;

    public Lock Gate => _gate;

    public IReadOnlyList<SlackPost> Posts
    {
        get { lock (_gate) return [.. _posts]; }
    }

    /// <summary>Completes with the next change.</summary>
    public Task Changed
    {
        get { lock (_gate) return _changed.Task; }
    }

    public void Change(Action change)
    {
        lock (_gate)
        {
            change();
            _changed.SetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public long NextNumber() => Interlocked.Increment(ref _last);

    /// <summary>The time of a message, which is its id in its channel.</summary>
    public string NextTs() => string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow().ToUnixTimeSeconds()}.{NextNumber():000000}");

    public void Add(SlackAccount account) => Change(() => _accounts[account.Id] = account);

    public void Add(SlackRoom channel) => Change(() => _channels[channel.Id] = channel);

    public SlackAccount? Account(string? id)
    {
        lock (_gate) return id is not null && _accounts.TryGetValue(id, out var account) ? account : null;
    }

    public SlackAccount? AccountByEmail(string email, string team)
    {
        lock (_gate) return _accounts.Values.FirstOrDefault(a => a.TeamId == team && !a.IsDeleted && string.Equals(a.Email, email, StringComparison.OrdinalIgnoreCase));
    }

    public SlackRoom? Channel(string? id)
    {
        lock (_gate) return id is not null && _channels.TryGetValue(id, out var channel) ? channel : null;
    }

    /// <summary>The chat between the app of a workspace and somebody.</summary>
    public SlackRoom Direct(string team, string user, string bot)
    {
        lock (_gate)
        {
            var id = "D" + team + user[1..];
            if (!_channels.TryGetValue(id, out var channel)) _channels[id] = channel = new SlackRoom(id, "directmessage", team, [user, bot], IsDirect: true);
            return channel;
        }
    }

    public bool HasDirect(string team, string user)
    {
        lock (_gate) return _channels.ContainsKey("D" + team + user[1..]);
    }

    public void Add(SlackPost post) => Change(() => _posts.Add(post));

    public SlackPost? Post(string channel, string ts)
    {
        lock (_gate) return _posts.Find(p => p.Channel == channel && p.Ts == ts);
    }

    public void Draw(string channel, string ts, JsonObject message) => Change(() =>
    {
        var at = _posts.FindIndex(p => p.Channel == channel && p.Ts == ts);
        if (at >= 0) _posts[at] = _posts[at] with { Message = message, Before = [.. _posts[at].Before, _posts[at].Message] };
    });

    public void Remove(string channel, string ts) => Change(() => _posts.RemoveAll(p => p.Channel == channel && p.Ts == ts));

    /// <summary>The modals somebody has open, the one on top last.</summary>
    public IReadOnlyList<SlackView> Modals(string user)
    {
        lock (_gate) return _modals.TryGetValue(user, out var stack) ? [.. stack] : [];
    }

    public void Stack(string user, Action<List<SlackView>> change) => Change(() =>
    {
        if (!_modals.TryGetValue(user, out var stack)) _modals[user] = stack = [];
        change(stack);
    });

    public SlackView? Home(string team, string user)
    {
        lock (_gate) return _homes.GetValueOrDefault($"{team} {user}");
    }

    public void Show(string team, string user, SlackView home) => Change(() => _homes[$"{team} {user}"] = home);

    /// <summary>A view by its id or external id, with whose it is.</summary>
    public (SlackView View, string User)? View(string? id, string? externalId, string team)
    {
        lock (_gate)
        {
            foreach (var (user, stack) in _modals)
            {
                if (stack.Find(v => v.TeamId == team && (v.Id == id || (externalId is not null && v.Sent.Str("external_id") == externalId))) is { } view) return (view, user);
            }
            foreach (var (key, home) in _homes)
            {
                if (home.TeamId == team && home.Id == id) return (home, key.Split(' ')[1]);
            }
            return null;
        }
    }

    /// <summary>What may open a modal for somebody: for 3 seconds, once.</summary>
    public string NewTrigger(string team, string user, TimeSpan life)
    {
        lock (_gate)
        {
            var id = $"{NextNumber()}.{NextNumber()}.{Guid.NewGuid():N}";
            _triggers[id] = new Ticket(team, user, time.GetUtcNow() + life);
            return id;
        }
    }

    /// <returns>Whose it is, or the error.</returns>
    public (string? User, string? Error) Trigger(string? id, string team)
    {
        lock (_gate)
        {
            if (id is null || !_triggers.TryGetValue(id, out var ticket) || ticket.Team != team) return (null, "invalid_trigger_id");
            if (ticket.IsUsed) return (null, "exchanged_trigger_id");
            return ticket.Until < time.GetUtcNow() ? (null, "expired_trigger_id") : (ticket.User, null);
        }
    }

    public void Exchange(string id)
    {
        lock (_gate) _triggers[id] = _triggers[id] with { IsUsed = true };
    }

    /// <param name="ts">The message it belongs to; null for a slash command's.</param>
    public string NewResponseUrl(string root, string kind, SlackRoom channel, string user, string? ts)
    {
        lock (_gate)
        {
            var path = $"/{kind}/{channel.TeamId}/{NextNumber()}/{Guid.NewGuid():N}";
            _responseUrls[path] = new ResponseUrl(channel.Id, user, ts, time.GetUtcNow() + TimeSpan.FromMinutes(30), 5);
            return root + path;
        }
    }

    /// <summary>Uses a response URL: five times within thirty minutes.</summary>
    public (ResponseUrl? Url, string? Error) Use(string path)
    {
        lock (_gate)
        {
            if (!_responseUrls.TryGetValue(path, out var url)) return (null, "no_such_url");
            if (url.Until < time.GetUtcNow()) return (null, "expired_url");
            if (url.Left == 0) return (null, "used_url");
            _responseUrls[path] = url with { Left = url.Left - 1 };
            return (url, null);
        }
    }

    private sealed record Ticket(string Team, string User, DateTimeOffset Until, bool IsUsed = false);
}

internal sealed record ResponseUrl(string Channel, string User, string? Ts, DateTimeOffset Until, int Left);
