using System.Collections.Concurrent;
using MicroAppBot.Content;

namespace MicroAppBot.Policies.Bundles;

/// <summary>Asks for newer bundles and takes them up; what cannot be used is refused, and what is in force goes on.</summary>
public sealed partial class BundleWatch(BundledContent bundled, ContentInForce content, ContentUptake uptake, TimeProvider clock, ILogger<BundleWatch> log) : BackgroundService
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    /// <summary>A server that is away for a moment is nobody's business: what is in force goes on.</summary>
    private const int ToldAfter = 5;

    private readonly SemaphoreSlim _one = new(1);
    private readonly ConcurrentDictionary<string, int> _failures = new(StringComparer.Ordinal);

    /// <summary>Why a bundle that is there is not in force; null when all are.</summary>
    public string? Trouble { get; private set; }

    public override void Dispose()
    {
        _one.Dispose();
        base.Dispose();
    }

    /// <summary>Looks at one source once.</summary>
    /// <returns>How long to wait before the next look.</returns>
    internal async Task<TimeSpan> LookAsync(BundleSource source, CancellationToken cancel)
    {
        var every = TimeSpan.FromSeconds(source.Settings.PollSeconds);
        Fetched? found;
        try
        {
            found = await source.LookAsync(cancel);
        }
        catch (ContentException faulty)
        {
            return await FailedAsync(source, faulty, every, cancel);
        }
        if (_failures.TryRemove(source.Settings.Name, out var failures) && failures >= ToldAfter && found is null)
        {
            // It is back, and what it has is what is in force
            content.Accept();
            Trouble = null;
        }
        if (found is null) return source.Settings.LongPollSeconds > 0 ? TimeSpan.Zero : every;
        await _one.WaitAsync(cancel);
        try
        {
            var all = bundled.Sources.Select(s => s == source ? found.Bundle : s.Now!).ToList();
            if (await uptake.TakeAsync(() => bundled.Load(all), cancel))
            {
                source.Now = found.Bundle;
                source.Keep(found);
                bundled.Tidy(content.Now.Bundled!);
                TakenUp(source.Settings.Name, found.Bundle.Revision);
                Trouble = null;
            }
            else
            {
                Trouble = $"bundle {source.Settings.Name}: {content.Refused?.Faults[0].ToString() ?? "refused"}";
            }
        }
        finally
        {
            _one.Release();
        }
        return every;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!bundled.IsOn) return;
        if (bundled.AtStart.Count > 0)
        {
            Trouble = bundled.AtStart[0].ToString();
            await uptake.RefuseAsync(bundled.AtStart, stoppingToken);
        }
        await Task.WhenAll(bundled.Sources.Select(source => FollowAsync(source, stoppingToken)));
    }

    private async Task FollowAsync(BundleSource source, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            TimeSpan wait;
            try
            {
                wait = await LookAsync(source, stopping);
            }
            catch (Exception e) when (!stopping.IsCancellationRequested)
            {
                CouldNotLook(e, source.Settings.Name);
                wait = TimeSpan.FromSeconds(source.Settings.PollSeconds);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            // Servers that answer at once to a long question are not asked in a circle
            await Task.Delay(wait < TimeSpan.FromMilliseconds(100) ? TimeSpan.FromMilliseconds(100) : wait, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<TimeSpan> FailedAsync(BundleSource source, ContentException faulty, TimeSpan every, CancellationToken cancel)
    {
        var failures = _failures[source.Settings.Name] = _failures.GetValueOrDefault(source.Settings.Name) + 1;
        var away = source.Settings.Url is not null && faulty.Faults is [{ File: var file }] && file == source.Settings.Name;
        NotFetched(source.Settings.Name, faulty.Faults[0].Why, failures);
        if (!away || failures == ToldAfter)
        {
            Trouble = faulty.Faults[0].ToString();
            await uptake.RefuseAsync(faulty.Faults, cancel);
        }
        var wait = every * Math.Pow(2, Math.Min(failures - 1, 6));
        return !away || wait > LongestWait ? (every > LongestWait ? every : away ? LongestWait : every) : wait;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Bundle {Bundle} is in force, revision {Revision}.")]
    private partial void TakenUp(string bundle, string revision);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Bundle {Bundle} could not be taken at try {Failures}: {Why}")]
    private partial void NotFetched(string bundle, string why, int failures);

    [LoggerMessage(Level = LogLevel.Error, Message = "Bundle {Bundle} could not be looked at; it is tried again.")]
    private partial void CouldNotLook(Exception e, string bundle);
}
