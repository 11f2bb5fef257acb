using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace MicroAppBot.Commands;

/// <summary>How fast something runs again and again in this process, and what it allocates.</summary>
/// <param name="Runs">How often it ran while it was measured.</param>
/// <param name="Total">The time of those runs.</param>
/// <param name="Sorted">Microseconds of a run, each measured over a batch, from the shortest on.</param>
internal sealed record PolicyMeasure(long Runs, TimeSpan Total, IReadOnlyList<double> Sorted, long BytesPerRun)
{
    private const int MaxSamples = 1_000_000;

    public double NanosecondsPerRun => Total.TotalNanoseconds / Runs;

    public double At(double share) => Sorted[(int)Math.Min(Sorted.Count - 1, Sorted.Count * share)];

    public static PolicyMeasure Of(Action run, TimeSpan time)
    {
        var warming = TimeSpan.FromSeconds(Math.Min(1, time.TotalSeconds));
        for (var warm = Stopwatch.StartNew(); warm.Elapsed < warming;)
            run();
        // A batch is long enough that reading the clock does not count.
        var batch = 1;
        while (batch < 1 << 20 && Enumerable.Range(0, 5).Min(_ => Batch(run, batch)) < 20)
            batch *= 2;

        var samples = new List<double>();
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        long count = 0;
        var all = Stopwatch.StartNew();
        while (all.Elapsed < time && samples.Count < MaxSamples)
        {
            samples.Add(Batch(run, batch) / batch);
            count += batch;
        }

        var total = all.Elapsed;
        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes - (samples.Capacity * sizeof(double) * 2);
        samples.Sort();
        return new PolicyMeasure(count, total, samples, Math.Max(0, bytes / count));
    }

    /// <summary>Microseconds for that many runs.</summary>
    private static double Batch(Action run, int batch)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < batch; i++)
            run();
        return (Stopwatch.GetTimestamp() - start) * 1e6 / Stopwatch.Frequency;
    }

    /// <summary>As a benchmark of Go is written as JSON. Allocations are not counted one by one here.</summary>
    public JsonObject Json() => new()
    {
        ["N"] = Runs,
        ["T"] = (long)Total.TotalNanoseconds,
        ["Bytes"] = 0,
        ["MemBytes"] = BytesPerRun * Runs,
        ["Extra"] = new JsonObject { ["p50_ns"] = Math.Round(At(0.5) * 1000), ["p99_ns"] = Math.Round(At(0.99) * 1000) },
    };

    /// <summary>As a benchmark of Go is written in one line.</summary>
    public string Line(bool bytes) => string.Create(CultureInfo.InvariantCulture, $"{Runs,8}\t{Number(NanosecondsPerRun)} ns/op{(bytes ? $"\t{BytesPerRun,8} B/op" : "")}");

    /// <summary>Ten places before the point, and the fewer after it the larger the number is.</summary>
    public static string Number(double x) => Math.Abs(x) switch
    {
        0 or >= 99.95 => string.Create(CultureInfo.InvariantCulture, $"{x,10:F0}"),
        >= 9.995 => string.Create(CultureInfo.InvariantCulture, $"{x,12:F1}"),
        >= 0.9995 => string.Create(CultureInfo.InvariantCulture, $"{x,13:F2}"),
        >= 0.09995 => string.Create(CultureInfo.InvariantCulture, $"{x,14:F3}"),
        >= 0.009995 => string.Create(CultureInfo.InvariantCulture, $"{x,15:F4}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{x,16:F5}"),
    };
}
