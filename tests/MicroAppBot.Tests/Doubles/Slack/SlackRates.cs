namespace MicroAppBot.Tests.Doubles.Slack;

/// <summary>
/// Slack's rate limits: each method has its number a minute for a workspace, posting has one message a second in each channel
/// with a short burst. Who is over it waits the whole seconds that <c>Retry-After</c> says, for that method and workspace only.
/// </summary>
internal sealed class SlackRates(TimeProvider time)
{
    /// <summary>"Short bursts of more than 1 a second" are allowed, without a number: about what was seen to pass.</summary>
    private const int Burst = 6;

    private readonly Dictionary<string, Bucket> _buckets = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <returns>Null when the call may pass, else the seconds to wait.</returns>
    public int? Taken(SlackMethod method, string team, string? channel)
    {
        lock (_gate)
        {
            if (method.PerMinute is { } perMinute) return Take($"{team} {method.Name}", perMinute, perMinute / 60.0);
            return method.Name == "chat.postMessage" && channel is not null ? Take($"{team} post {channel}", Burst, 1) : null;
        }
    }

    private int? Take(string key, double room, double aSecond)
    {
        var now = time.GetUtcNow();
        var bucket = _buckets.TryGetValue(key, out var known) ? known : new Bucket(room, now);
        var left = Math.Min(room, bucket.Left + (now - bucket.At).TotalSeconds * aSecond);
        if (left < 1)
        {
            _buckets[key] = new Bucket(left, now);
            return Math.Max(1, (int)Math.Ceiling((1 - left) / aSecond));
        }
        _buckets[key] = new Bucket(left - 1, now);
        return null;
    }

    private sealed record Bucket(double Left, DateTimeOffset At);
}
