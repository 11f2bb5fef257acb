using Governance.Apps;
using Governance.Catalogue;
using Governance.Lifecycle;
using Governance.People;
using Governance.Requests;
using Governance.Verdicts;
using MicroAppBot.Desk;

namespace MicroAppBot.Conversation;

/// <summary>For governance admins: what proposed rules would do, and time for those whom they would stop.</summary>
public static class SimulationTalk
{
    private const int Named = 5;
    private const int GraceDays = 30;

    /// <summary>The typed command <c>simulate</c>.</summary>
    public static async ValueTask<Reply> ShowAsync(Visit visit, IRulebookProposal? proposal) => await ReadAsync(visit, proposal, async rules =>
    {
        var rehearsal = await RehearsedAsync(visit, rules);
        var failing = rehearsal.Failing.Where(r => r.What == "app").ToList();
        var text = string.Join("\n\n", Words(rehearsal, rules));
        return failing.Count == 0
            ? visit.Notice("What would change", text, "🔭")
            : visit.Notice("What would change", text, "🔭", "warning", ($"Give {(failing.Count == 1 ? "its owner" : "their owners")} {GraceDays} days", $"give grace {Tag(rules)}"));
    });

    /// <summary>The typed command <c>give grace</c>: the owners are told what to change and by when.</summary>
    /// <param name="tag">What the card said the rules were, so that time is given for nothing else.</param>
    public static async ValueTask<Reply> GiveAsync(Visit visit, IRulebookProposal? proposal, string? tag) => await ReadAsync(visit, proposal, async rules =>
    {
        if (tag is not null && !string.Equals(tag, Tag(rules), StringComparison.OrdinalIgnoreCase))
        {
            var again = await ShowAsync(visit, proposal);
            return again.Messages is [Message.Card card] ? again with { Messages = [card with { Data = Visit.Noted(card.Data, "warning", "The proposed rules changed since that card, so I gave nobody time yet. This is how they stand now.") }] } : again;
        }
        var until = visit.Sitting.Now.AddDays(GraceDays);
        var given = new List<string>();
        foreach (var failing in (await RehearsedAsync(visit, rules)).Failing.Where(r => r.What == "app"))
        {
            switch (await visit.Sitting.AskAppAsync(failing.AppId, new AppCommand.GiveGrace(failing.NewFaults, until, visit.PersonId, rules.Revision)))
            {
                case Decision<AppEvent>.Refused refused:
                    return visit.Notice("Nothing was changed", refused.Words, "✋", "warning");
                case Decision<AppEvent>.Happened { Events.Count: > 0 }:
                    given.Add(failing.Title);
                    break;
            }
        }
        return given.Count == 0
            ? visit.Notice("That is so already", "Every app that the proposed rules would stop has its time. Nobody has to be told again.", "👌")
            : visit.Notice("Their owners know", $"{Some(given)} {(given.Count == 1 ? "has" : "have")} until {visit.To.Day(until)}. I told the owners what to change. "
                + "Until then the new rules do not stop these apps; from that day on they count as for everybody. You can put the new rules in force now.", "📣", "good");
    });

    private static async ValueTask<Reply> ReadAsync(Visit visit, IRulebookProposal? proposal, Func<Proposal.Rules, ValueTask<Reply>> then)
    {
        if (!visit.Sitting.Person.Has(Role.GovernanceAdmin)) return visit.Notice("That is for the governance team", "What other rules would do is shown to governance admins only.", "🔒");
        if (visit.Sitting.Person.Outside is { } outside) return visit.Notice("Nothing was changed", OutsiderWords.WhyNot(outside), "✋", "warning");
        return proposal?.Read() switch
        {
            Proposal.Rules rules => await then(rules),
            Proposal.Faulty faulty => visit.Notice("The proposed rules cannot be used", string.Join("\n\n", faulty.Faults.Take(Named)) + (faulty.Faults.Count > Named ? $"\n\nand {faulty.Faults.Count - Named} more." : ""), "⚠️", "warning"),
            _ => visit.Notice("No rules are proposed", "I compare the rules in force with those of a folder, such as a checkout of the branch under review. Name it in the setting Policy:Proposed:Folder, and say this again. "
                + "At a terminal: policy simulate and the folder.", "🔭"),
        };
    }

    private static async ValueTask<RulebookRehearsal> RehearsedAsync(Visit visit, Proposal.Rules rules)
    {
        var facts = visit.Sitting.Facts;
        var apps = await visit.Sitting.AppsAsync(new SnapshotQuery(Limit: int.MaxValue));
        var requests = await visit.Sitting.RequestsAsync(new SnapshotQuery(IsOpen: true, Limit: int.MaxValue));
        return RulebookRehearsal.Of(apps, requests, new Rulebook(facts.Judge, facts.Numbers, facts.Catalogue), rules.Book);
    }

    private static IEnumerable<string> Words(RulebookRehearsal rehearsal, Proposal.Rules rules)
    {
        yield return rules.Change.Length == 0 ? "The proposed rules are those in force." : $"Proposed: {rules.Change}.";
        var (failing, signing, tiers) = (rehearsal.Failing.ToList(), rehearsal.MoreSignatures.ToList(), rehearsal.OtherTier.ToList());
        if (failing.Count > 0) yield return $"{Counted(failing)} would be stopped: {Some([.. failing.Select(r => $"{r.Title} ({(r.NewFaults is [var first, ..] ? first.Message.TrimEnd('.') : "not allowed")})")])}.";
        if (signing.Count > 0) yield return $"{Counted(signing)} would need new signatures: {Some([.. signing.Select(r => $"{r.Title} ({InWords.List([.. r.NewRoles.Select(Role.InASentence)])})")])}.";
        if (tiers.Count > 0) yield return $"{Counted(tiers)} would be of another tier: {Some([.. tiers.Select(r => $"{r.Title} (from {Tier(r.Now)} to {Tier(r.Then)})")])}.";
        if (rehearsal.Freed.ToList() is { Count: > 0 } freed) yield return $"{Counted(freed)} would be allowed that {(freed.Count == 1 ? "is" : "are")} not now: {Some([.. freed.Select(r => r.Title)])}.";
        if (rehearsal.Unchanged == rehearsal.All.Count) yield return $"Nothing changes for anybody: I judged {Counted([.. rehearsal.All])} by both.";
        else if (rehearsal.Unchanged > 0) yield return $"Nothing changes for the other {(rehearsal.Unchanged == 1 ? "one" : rehearsal.Unchanged)}.";
        if (failing.Any(r => r.What == "app")) yield return $"You can give them time before the rules are put in force: I tell each owner what to change, and for {GraceDays} days the new rules do not stop them.";
    }

    private static string Tier(PolicyReport report) => report.Risk.Tier.ToText();

    private static string Counted(IReadOnlyList<Rehearsed> rows)
    {
        var (apps, requests) = (rows.Count(r => r.What == "app"), rows.Count(r => r.What == "request"));
        string?[] parts = [apps > 0 || requests == 0 ? InWords.Count(apps, "app") : null, requests > 0 ? InWords.Count(requests, "open request") : null];
        return InWords.List([.. parts.OfType<string>()]);
    }

    private static string Some(IReadOnlyList<string> names) => InWords.List(names.Count <= Named ? names : [.. names.Take(Named), $"{names.Count - Named} more"]);

    private static string Tag(Proposal.Rules rules) => $"rules-{rules.Revision[..8]}";
}
