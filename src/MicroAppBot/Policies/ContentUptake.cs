using Governance.Verdicts;
using MicroAppBot.Content;
using MicroAppBot.Desk;

namespace MicroAppBot.Policies;

/// <summary>Puts new content in force, or refuses it and keeps what held before; the governance admins hear of both.</summary>
public sealed partial class ContentUptake(ContentInForce content, RulebookNews news, Desk.Desk desk, IStore store, TimeProvider clock, ILogger<ContentUptake> log) : IDisposable
{
    private const string ReckonedKey = "policies.reckoned";

    private readonly SemaphoreSlim _one = new(1);

    /// <summary>Loads and takes it; a folder and a bundle that change at once are taken one after the other.</summary>
    /// <returns>False when it was refused.</returns>
    public async Task<bool> TakeAsync(Func<ContentFolder> load, CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try
        {
            return await TakenAsync(load, cancel);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<bool> TakenAsync(Func<ContentFolder> load, CancellationToken cancel)
    {
        var (before, refused) = (content.Now, content.Refused);
        ContentFolder next;
        try
        {
            next = load();
            content.Replace(next);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            await RefuseAsync(e is ContentException broken ? broken.Faults : [new ContentFault("policies", 0, e.Message)], cancel);
            return false;
        }
        if (next.Revision == before.Revision)
        {
            if (refused is null) await news.NothingNewAsync(cancel);
            else await news.FineAgainAsync(next, cancel);
            return true;
        }
        TakenUp(next.Revision);
        await ReckonAsync(cancel);
        await news.ChangedAsync(before, next, cancel);
        return true;
    }

    /// <summary>Deadlines are numbers of the rulebook: under another one, what is open may be due at another moment. Also after a start with other files.</summary>
    public async Task ReckonAsync(CancellationToken cancel)
    {
        foreach (var seat in await news.EmptySeatsAsync(PolicyNumbers.Parse(content.Now.DataJson.Span), cancel)) NobodyThere(seat);
        var revision = content.Now.Revision;
        if (await store.SettingAsync(ReckonedKey, cancel) == revision) return;
        var moved = await desk.ReckonAsync(cancel);
        if (moved > 0) DueElsewhere(moved);
        await store.SaveSettingAsync(ReckonedKey, revision, cancel);
    }

    /// <summary>Notes that nothing new is there after all, and tells it where something was told before.</summary>
    public async Task AcceptAsync(CancellationToken cancel)
    {
        var refused = content.Refused;
        content.Accept();
        if (refused is not null) await news.FineAgainAsync(content.Now, cancel);
    }

    /// <summary>Notes that nobody knows whether there is something new, and tells why.</summary>
    public async Task AwayAsync(ContentFault why, CancellationToken cancel)
    {
        content.Refuse(new RefusedEdit(clock.GetUtcNow(), [why]));
        Away(why.ToString(), content.Now.Revision);
        await news.AwayAsync(why, content.Now, cancel);
    }

    /// <summary>Notes that something new cannot be used, and tells why.</summary>
    public async Task RefuseAsync(IReadOnlyList<ContentFault> faults, CancellationToken cancel)
    {
        content.Refuse(new RefusedEdit(clock.GetUtcNow(), faults));
        NotTaken(faults[0].ToString(), faults.Count, content.Now.Revision);
        await news.RefusedAsync(faults, content.Now, cancel);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Words} Roles are given in the people directory (policies/people/data.json).")]
    private partial void NobodyThere(string words);

    [LoggerMessage(Level = LogLevel.Information, Message = "The rules changed: revision {Revision} is in force.")]
    private partial void TakenUp(string revision);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Moved} requests and apps are due at another moment by the new rules.")]
    private partial void DueElsewhere(int moved);

    [LoggerMessage(Level = LogLevel.Error, Message = "The rules cannot be asked for ({Why}); revision {Revision} stays in force.")]
    private partial void Away(string why, string revision);

    [LoggerMessage(Level = LogLevel.Error, Message = "The new content is not taken (faults: {Faults}; the first: {Fault}); revision {Revision} stays in force.")]
    private partial void NotTaken(string fault, int faults, string revision);
}
