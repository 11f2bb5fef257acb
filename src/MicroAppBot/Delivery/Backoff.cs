namespace MicroAppBot.Delivery;

/// <summary>How long to wait after a failed try.</summary>
public static class Backoff
{
    /// <param name="attempts">Tries so far, 1 or more.</param>
    /// <param name="asked">What the channel asked for (<c>Retry-After</c>); never undercut.</param>
    /// <param name="jitter">0 to 1: spreads the tries of many, so that a channel that comes back is not met by all at once.</param>
    public static TimeSpan After(int attempts, TimeSpan? asked, double jitter, DeliverySettings settings)
    {
        // 2^20 first waits are longer than any longest wait; a larger power would only overflow
        var doubled = settings.FirstBackoff * Math.Pow(2, Math.Clamp(attempts - 1, 0, 20));
        var own = (doubled < settings.LongestBackoff ? doubled : settings.LongestBackoff) * (0.75 + jitter / 4);
        return asked is not { } wanted || wanted <= TimeSpan.Zero ? own : wanted + settings.FirstBackoff * jitter;
    }
}
