using System.Collections.Concurrent;
using MicroAppBot.Content;

namespace MicroAppBot.Policies.Bundles;

/// <summary>Asks for newer bundles and takes them up; what cannot be used is refused, and what is in force goes on.</summary>
public sealed partial class BundleWatch(BundledContent bundled, ContentInForce content, ContentUptake uptake, TimeProvider clock, ILogger<BundleWatch> log) : BackgroundService
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(2);

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
        var (every, began) = (TimeSpan.FromSeconds(source.Settings.PollSeconds), clock.GetTimestamp());
        Fetched? found;
        try
        {
            found = await source.LookAsync(cancel);
        }
        catch (BundleAwayException away)
        {
            return await AwayAsync(source, away, every, cancel);
        }
        catch (ContentException faulty)
        {
            _failures.TryRemove(source.Settings.Name, out _);
            NotUsable(source.Settings.Name, faulty.Faults[0].Why);
            await RefuseAsync(source, faulty.Faults, cancel);
            return every;
        }
        if (_failures.TryRemove(source.Settings.Name, out var failures) && failures >= ToldAfter && found is null) await BackAsync(source, cancel);
        if (found is not null) await TakeAsync(source, found, cancel);
        // A server that holds no questions answers at once, and is asked no more often for it
        var held = source.Settings.LongPollSeconds > 0 && (found is not null || clock.GetElapsedTime(began).TotalSeconds >= source.Settings.LongPollSeconds / 2.0);
        return held ? TimeSpan.Zero : every;
    }

    private async Task TakeAsync(BundleSource source, Fetched found, CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try
        {
            var all = bundled.Sources.Select(s => s == source ? found.Bundle : s.Now!).ToList();
            if (await uptake.TakeAsync(() => bundled.Load(all), cancel))
            {
                source.Now = found.Bundle;
                source.Refused = null;
                source.Keep(found);
                bundled.Tidy(content.Now.Bundled!);
                TakenUp(source.Settings.Name, found.Bundle.Revision);
                Trouble = OfAnother();
            }
            else
            {
                source.Refused = content.Refused?.Faults;
                Trouble = Words(source);
                // It may fit as soon as another bundle is there
                if (bundled.Sources.Count > 1) source.Forget();
            }
        }
        finally
        {
            _one.Release();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!bundled.IsOn) return;
        if (bundled.AtStart.Count > 0)
        {
            Trouble = bundled.AtStart[0].ToString();
            foreach (var source in bundled.Sources) _failures[source.Settings.Name] = ToldAfter;
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

    private async Task<TimeSpan> AwayAsync(BundleSource source, BundleAwayException away, TimeSpan every, CancellationToken cancel)
    {
        var failures = _failures[source.Settings.Name] = _failures.GetValueOrDefault(source.Settings.Name) + 1;
        NotFetched(source.Settings.Name, away.Message, failures);
        if (failures == ToldAfter)
        {
            Trouble = away.Fault.ToString();
            await uptake.AwayAsync(away.Fault, cancel);
        }
        var wait = every * Math.Pow(2, Math.Min(failures - 1, 6));
        return wait <= LongestWait ? wait : every > LongestWait ? every : LongestWait;
    }

    /// <summary>It is there again, with what it had before it was away: what is in force, or what was refused.</summary>
    private async Task BackAsync(BundleSource source, CancellationToken cancel)
    {
        if (source.Refused is { } faults)
        {
            await RefuseAsync(source, faults, cancel);
            return;
        }
        Trouble = OfAnother();
        if (Trouble is null) await uptake.AcceptAsync(cancel);
    }

    private async Task RefuseAsync(BundleSource source, IReadOnlyList<ContentFault> faults, CancellationToken cancel)
    {
        source.Refused = faults;
        Trouble = Words(source);
        await uptake.RefuseAsync(faults, cancel);
    }

    private string? OfAnother() => bundled.Sources.FirstOrDefault(s => s.Refused is not null) is { } other ? Words(other) : null;

    private static string Words(BundleSource source) => $"bundle {source.Settings.Name}: {source.Refused?[0].ToString() ?? "refused"}";

    [LoggerMessage(Level = LogLevel.Information, Message = "Bundle {Bundle} is in force, revision {Revision}.")]
    private partial void TakenUp(string bundle, string revision);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Bundle {Bundle} cannot be used: {Why}")]
    private partial void NotUsable(string bundle, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Bundle {Bundle} could not be had at try {Failures}: {Why}")]
    private partial void NotFetched(string bundle, string why, int failures);

    [LoggerMessage(Level = LogLevel.Error, Message = "Bundle {Bundle} could not be looked at; it is tried again.")]
    private partial void CouldNotLook(Exception e, string bundle);
}
