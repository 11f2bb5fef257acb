using System.Text.Json;

namespace MicroAppBot.Policies.Api;

/// <summary>How long the parts of an answer took, under OPA's names.</summary>
internal sealed class Measured(TimeProvider clock)
{
    private readonly long _began = clock.GetTimestamp();
    private readonly SortedDictionary<string, long> _timers = new(StringComparer.Ordinal);

    /// <summary>Nanoseconds by name up to now, the whole request among them. A copy: the log reads it while the request goes on.</summary>
    public IReadOnlyDictionary<string, long> All => new SortedDictionary<string, long>(_timers, StringComparer.Ordinal) { ["timer_server_handler_ns"] = Nanoseconds(_began) };

    public T Timed<T>(string name, Func<T> work)
    {
        var began = clock.GetTimestamp();
        try
        {
            return work();
        }
        finally
        {
            _timers[$"timer_{name}_ns"] = Nanoseconds(began);
        }
    }

    public async Task<T> TimedAsync<T>(string name, Func<Task<T>> work)
    {
        var began = clock.GetTimestamp();
        try
        {
            return await work();
        }
        finally
        {
            _timers[$"timer_{name}_ns"] = Nanoseconds(began);
        }
    }

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("metrics");
        foreach (var (name, value) in All) writer.WriteNumber(name, value);
        writer.WriteEndObject();
    }

    private long Nanoseconds(long since) => (long)(clock.GetElapsedTime(since).TotalMilliseconds * 1_000_000);
}
