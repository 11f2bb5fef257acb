using Governance.Apps;
using Governance.People;
using MicroAppBot.Desk;

namespace MicroAppBot.Conversation;

/// <summary>
/// A campaign over more apps than fit into one commit: all but the last part are done before the turn, which does the rest and answers. What a crash
/// leaves undone is offered again, and nobody is given or told anything twice.
/// </summary>
public static class GraceInParts
{
    private const int AtOnce = 200;

    /// <summary>Gives time as <see cref="SimulationTalk.GiveAsync"/> would.</summary>
    /// <returns>Ids of the apps that were given time.</returns>
    public static async Task<IReadOnlyList<string>> GiveAsync(Desk.Desk desk, IRulebookProposal? proposal, Person person, string? tag, CancellationToken cancel)
    {
        if (!MayDo(person) || proposal?.Read() is not Proposal.Rules rules || (tag is not null && !string.Equals(tag, SimulationTalk.TagOf(rules.Revision), StringComparison.OrdinalIgnoreCase))) return [];
        var look = desk.Look(cancel, person);
        var waiting = SimulationTalk.WithoutTime(await SimulationTalk.RehearsedAsync(look, rules), look.Now);
        return await InPartsAsync(desk, waiting, one => one.AppId,
            (one, sitting) => new AppCommand.GiveGrace(one.NewFaults, sitting.Now.AddDays(SimulationTalk.GraceDays), person.Id, rules.Revision), cancel);
    }

    /// <summary>Takes time back as <see cref="GraceTalk.TakeBackAsync"/> would.</summary>
    /// <returns>Ids of the apps that have none any more.</returns>
    public static async Task<IReadOnlyList<string>> TakeBackAsync(Desk.Desk desk, Person person, string? tag, CancellationToken cancel)
    {
        if (!MayDo(person)) return [];
        var campaigns = await GraceTalk.CampaignsAsync(desk.Look(cancel, person));
        var meant = GraceTalk.Meant(campaigns, tag);
        return meant is not [var one] ? [] : await InPartsAsync(desk, one.Where(given => given.Grace.MetAt is null).Select(given => given.App).ToList(), app => app.File.Id,
            (_, _) => new AppCommand.TakeGraceBack(one.Key, person.Id), cancel);
    }

    private static bool MayDo(Person person) => person.Has(Role.GovernanceAdmin) && person.Outside is null;

    private static async Task<IReadOnlyList<string>> InPartsAsync<T>(Desk.Desk desk, IReadOnlyCollection<T> all, Func<T, string> idOf, Func<T, Sitting, AppCommand> ask, CancellationToken cancel)
    {
        var done = new List<string>();
        foreach (var part in all.Take(Math.Max(0, all.Count - AtOnce)).Chunk(AtOnce))
        {
            await desk.ActAsync(async sitting =>
            {
                foreach (var one in part) await sitting.AskAppAsync(idOf(one), ask(one, sitting));
                return true;
            }, cancel);
            done.AddRange(part.Select(idOf));
        }
        return done;
    }
}
