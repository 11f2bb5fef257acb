using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace MicroAppBot.Channels.Slack;

/// <summary>
/// The token of each workspace: a pasted one, or one that came by OAuth and is renewed in time. A refresh token is good for one
/// use, so one renewal is under way at a time, and the new pair is not let go of before it is on the disk.
/// </summary>
internal sealed partial class SlackTokens(SlackSettings settings, SlackWire wire, SlackInstalls installs, TimeProvider time, ILogger<SlackTokens> log) : IDisposable
{
    /// <summary>Of twelve hours.</summary>
    private static readonly TimeSpan RenewBefore = TimeSpan.FromHours(2);

    /// <summary>Another process may have renewed, installed or removed it.</summary>
    private static readonly TimeSpan KnownFor = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, (SlackInstall? Install, long At)> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _renewing = new(StringComparer.Ordinal);

    /// <summary>Renewed, and not on the disk yet.</summary>
    private readonly ConcurrentDictionary<string, SlackInstall> _unsaved = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, long> _failedAt = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _one = new(1);
    private volatile SlackInstall? _pasted;
    private (string Why, long At)? _pastedFailed;

    public void Dispose() => _one.Dispose();

    /// <summary>Null where the app is not installed there (any more).</summary>
    /// <param name="id">The workspace, or the organisation.</param>
    /// <exception cref="SlackTokenUnavailable">There is none to be had now; the message says why and holds no secret.</exception>
    public async ValueTask<SlackInstall?> OfAsync(string id, CancellationToken cancel)
    {
        if (settings.OAuth is not null && await KeptAsync(id, cancel) is { } kept) return kept;
        if (settings.BotToken is null) return null;
        var pasted = await PastedAsync(cancel);
        return pasted.Id == id ? pasted : null;
    }

    private async ValueTask<SlackInstall?> KeptAsync(string id, CancellationToken cancel)
    {
        if (_unsaved.TryGetValue(id, out var fresh)) return await SaveAsync(fresh);
        if (!_known.TryGetValue(id, out var known) || time.GetElapsedTime(known.At) >= KnownFor)
        {
            known = (await installs.ReadAsync(id, cancel), time.GetTimestamp());
            _known[id] = known;
        }
        return known.Install is { } install && Ends(install, within: RenewBefore) ? await RenewAsync(install, cancel) : known.Install;
    }

    /// <summary>Slack does not take this token any more, for its time has come.</summary>
    /// <returns>Another one; null when there is none.</returns>
    /// <exception cref="SlackTokenUnavailable">There is none to be had now.</exception>
    public async ValueTask<SlackInstall?> AnotherAsync(SlackInstall expired, CancellationToken cancel) =>
        expired.RefreshToken is null ? null : await RenewAsync(expired with { ExpiresAt = time.GetUtcNow() }, cancel) is { } other && other.Token != expired.Token ? other : null;

    /// <summary>A workspace installed the app: durable when it completes.</summary>
    public async Task KeepAsync(SlackInstall install)
    {
        await installs.SaveAsync(install);
        _unsaved.TryRemove(install.Id, out _);
        _failedAt.TryRemove(install.Id, out _);
        _known[install.Id] = (install, time.GetTimestamp());
        Installed(install.Id);
    }

    /// <summary>The app was removed from a workspace, or its tokens were revoked: they are deleted.</summary>
    public async Task ForgetAsync(string id)
    {
        _unsaved.TryRemove(id, out _);
        await installs.RemoveAsync(id);
        _known[id] = (null, time.GetTimestamp());
        Removed(id);
    }

    /// <summary>Where the app is installed, the pasted token's workspace first.</summary>
    /// <exception cref="SlackTokenUnavailable">The pasted token cannot be looked up now.</exception>
    public async ValueTask<IReadOnlyList<string>> IdsAsync(CancellationToken cancel)
    {
        var kept = await installs.IdsAsync(cancel);
        return settings.BotToken is null ? kept : [(await PastedAsync(cancel)).Id, .. kept];
    }

    /// <summary>What the pasted token is good for is asked once; it does not change.</summary>
    private async ValueTask<SlackInstall> PastedAsync(CancellationToken cancel)
    {
        if (_pasted is { } known) return known;
        await _one.WaitAsync(cancel);
        try
        {
            if (_pasted is { } meanwhile) return meanwhile;
            if (_pastedFailed is { } failed && time.GetElapsedTime(failed.At) < BetweenTries) throw new SlackTokenUnavailable(failed.Why);
            var test = await wire.PostAsync("auth.test", [], Bearer(settings.BotToken!), cancel);
            var id = SlackJson.Text(test.Body, SlackJson.Is(test.Body, "is_enterprise_install") ? "enterprise_id" : "team_id");
            if (!test.Ok || id is null)
            {
                _pastedFailed = (test.ToString(), time.GetTimestamp());
                NotTested(test.ToString());
                throw new SlackTokenUnavailable(test.ToString());
            }
            return _pasted = new SlackInstall(
                id, SlackJson.Text(test.Body, "team"), SlackJson.Text(test.Body, "enterprise_id"), SlackJson.Text(test.Body, "app_id"), SlackJson.Text(test.Body, "user_id"), settings.BotToken!);
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<SlackInstall?> RenewAsync(SlackInstall old, CancellationToken cancel)
    {
        if (old.RefreshToken is null) return old;
        var gate = _renewing.GetOrAdd(old.Id, _ => new SemaphoreSlim(1));
        await gate.WaitAsync(cancel);
        try
        {
            if (_unsaved.TryGetValue(old.Id, out var fresh)) return await SaveAsync(fresh);
            // Somebody else may have been faster, here or in another process
            var now = await installs.ReadAsync(old.Id, cancel);
            if (now is null || now.Token != old.Token) return Known(old.Id, now);
            if (_failedAt.TryGetValue(old.Id, out var failed) && time.GetElapsedTime(failed) < BetweenTries) return StillGood(old, "no new token so far");

            var args = new JsonObject { ["grant_type"] = "refresh_token", ["refresh_token"] = old.RefreshToken };
            // Not to be cut off: what comes back cannot be had a second time
            var answer = await wire.PostAsync("oauth.v2.access", args, Basic(settings.OAuth!), CancellationToken.None);
            if (answer.Ok && now.Renewed(answer.Body, time.GetUtcNow()) is { } renewed)
            {
                _unsaved[old.Id] = renewed;
                _failedAt.TryRemove(old.Id, out _);
                Renewed(old.Id);
                return await SaveAsync(renewed);
            }
            if (await installs.ReadAsync(old.Id, cancel) is { } other && other.Token != old.Token) return Known(old.Id, other);
            _failedAt[old.Id] = time.GetTimestamp();
            NotRenewed(old.Id, answer.ToString());
            return StillGood(old, answer.ToString());
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>The new pair is used in any case: the old one may be worth nothing by now. What the disk did not take is offered to it again at the next call.</summary>
    private async Task<SlackInstall> SaveAsync(SlackInstall fresh)
    {
        try
        {
            await installs.SaveAsync(fresh);
            _unsaved.TryRemove(new KeyValuePair<string, SlackInstall>(fresh.Id, fresh));
        }
        catch (Exception fault)
        {
            NotSaved(fresh.Id, fault);
        }
        _known[fresh.Id] = (fresh, time.GetTimestamp());
        return fresh;
    }

    private SlackInstall? Known(string id, SlackInstall? install)
    {
        _known[id] = (install, time.GetTimestamp());
        return install;
    }

    private SlackInstall StillGood(SlackInstall old, string why) => Ends(old, within: TimeSpan.Zero) ? throw new SlackTokenUnavailable(why) : old;

    private bool Ends(SlackInstall install, TimeSpan within) => install.ExpiresAt is { } end && end - within <= time.GetUtcNow();

    internal static AuthenticationHeaderValue Bearer(string token) => new("Bearer", token);

    internal static AuthenticationHeaderValue Basic(SlackOAuth oauth) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{oauth.ClientId}:{oauth.ClientSecret}")));

    [LoggerMessage(Level = LogLevel.Information, Message = "The app is installed in workspace {Id}.")]
    private partial void Installed(string id);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The app was removed from workspace {Id}, or its tokens were revoked: they are deleted here. Nobody is reached there until it is installed again.")]
    private partial void Removed(string id);

    [LoggerMessage(Level = LogLevel.Information, Message = "The token of workspace {Id} was renewed.")]
    private partial void Renewed(string id);

    [LoggerMessage(Level = LogLevel.Error, Message = "The token of workspace {Id} could not be renewed: {Why}. Messages wait once it has run out; if this goes on, install the app there again.")]
    private partial void NotRenewed(string id, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "The new token of workspace {Id} is not on the disk yet; it is kept in memory and tried again. Do not stop the bot before it is.")]
    private partial void NotSaved(string id, Exception fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "Slack does not say what Channels:Slack:BotToken is good for ({Why}): nothing can be sent until it does. Check the token, and that slack.com can be reached from here.")]
    private partial void NotTested(string why);
}

/// <summary>Nothing can be sent now, and it is nobody's fault in the chat.</summary>
internal sealed class SlackTokenUnavailable(string why) : Exception(why);
