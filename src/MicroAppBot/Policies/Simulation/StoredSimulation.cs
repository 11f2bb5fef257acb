using Governance.Apps;
using Governance.Lifecycle;
using Governance.Requests;
using MicroAppBot.Desk;

namespace MicroAppBot.Policies.Simulation;

/// <summary>Judges everything that is in a store by two sets of rules. Reads only.</summary>
public static class StoredSimulation
{
    /// <exception cref="CouldNotJudgeException">One of the rulebooks gave no decision.</exception>
    public static async Task<RulebookRehearsal> RunAsync(IStore store, Rulebook now, Rulebook then, CancellationToken cancel)
    {
        var apps = await store.FindAsync(new SnapshotQuery(Kind: Streams.AppWord, Limit: int.MaxValue), cancel);
        var requests = await store.FindAsync(new SnapshotQuery(Kind: Streams.RequestWord, IsOpen: true, Limit: int.MaxValue), cancel);
        return RulebookRehearsal.Of(apps.Select(a => DeskJson.Read<MicroApp>(a.Json)), requests.Select(r => DeskJson.Read<Request>(r.Json)), now, then);
    }
}
