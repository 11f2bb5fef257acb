using System.Globalization;
using System.Text.Json.Nodes;
using Governance.Apps;
using Governance.Lifecycle;
using Governance.People;
using Governance.Requests;
using MicroAppBot.Conversation.Wording;
using MicroAppBot.Desk;

namespace MicroAppBot.Conversation;

/// <summary>For governance admins: what proposed rules would do, and time for those whom they would stop.</summary>
public static class SimulationTalk
{
    private const int RowsShown = 6;
    private const int FaultsShown = 5;
    internal const int GraceDays = 30;
    private const string FromWord = "from-";

    /// <summary>The typed command <c>simulate</c>.</summary>
    /// <param name="from"><c>from-7</c>: the rows of the list from the seventh on.</param>
    public static async ValueTask<Reply> ShowAsync(Visit visit, IRulebookProposal? proposal, string? from = null) => await ReadAsync(visit, proposal, async rules =>
    {
        var rehearsal = await RehearsedAsync(visit.Sitting, rules);
        var changed = RehearsalWords.InOrder.Where(o => o != RehearsalOutcome.Same).SelectMany(rehearsal.With).ToList();
        var start = from?.StartsWith(FromWord, StringComparison.Ordinal) == true && int.TryParse(from.AsSpan(FromWord.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var place) && place <= changed.Count ? Math.Max(place - 1, 0) : 0;
        var waiting = WithoutTime(rehearsal, visit.Sitting.Now);
        var data = new JsonObject
        {
            ["icon"] = "🔭",
            ["title"] = "What would change",
            ["lead"] = rules.Change.Length == 0 ? "The proposed rules are those in force." : $"Proposed: {rules.Change}. Nothing is in force yet, and nobody but you sees this.",
            ["judged"] = RehearsalWords.Judged(rehearsal),
            ["counts"] = changed.Count == 0 ? Facts(("Nothing changes for anybody", RehearsalWords.Counted(rehearsal.All)))
                : Facts([.. RehearsalWords.InOrder.Select(o => (Outcome: o, Rows: rehearsal.With(o).ToList())).Where(g => g.Rows.Count > 0).Select(g => ($"{RehearsalWords.Icon(g.Outcome)} {RehearsalWords.Heading(g.Outcome)}", RehearsalWords.Counted(g.Rows)))]),
            ["rows"] = new JsonArray([.. changed.Skip(start).Take(RowsShown).Select(r => (JsonNode)Row(r, visit))]),
        };
        if (RehearsalWords.Tiers(rehearsal) is { } tiers) data["tiers"] = tiers;
        var buttons = new List<(string Title, string Text)>();
        if (waiting.Count > 0)
        {
            data["offer"] = $"{InWords.Count(waiting.Count, "live app")} would fail. You can give time before you put these rules in force: I tell {Told(waiting, visit)} what to change, and for {GraceDays} days the new rules do not stop {(waiting.Count == 1 ? "this app" : "these apps")}. Nothing is switched off, then or later.";
            buttons.Add(($"Give {(waiting.Count == 1 ? "its owner" : "their owners")} {GraceDays} days", $"give grace {Tag(rules)}"));
        }
        if (rehearsal.With(RehearsalOutcome.NotJudged).Any()) data["warning"] = "The proposed rules have a fault for what they could not judge. Mend them before you put them in force.";
        if (start + RowsShown < changed.Count)
        {
            var next = Math.Min(RowsShown, changed.Count - start - RowsShown);
            data["more"] = $"These are {start + 1} to {start + RowsShown} of {changed.Count}. The whole list as a table: policy simulate with --format csv at a terminal, or GET /api/policy/simulation.csv.";
            buttons.Add(($"Show the next {next}", $"simulate {FromWord}{start + RowsShown + 1}"));
        }
        Buttons(data, buttons);
        return Visit.ShowBeside("simulation", data);
    });

    /// <summary>The typed command <c>give grace</c>: the owners are told what to change and by when.</summary>
    /// <param name="tag">What the card said the rules were, so that time is given for nothing else.</param>
    /// <param name="before">Ids of apps that were given it a moment ago, for the same click.</param>
    public static async ValueTask<Reply> GiveAsync(Visit visit, IRulebookProposal? proposal, string? tag, IReadOnlyList<string>? before = null) => await ReadAsync(visit, proposal, async rules =>
    {
        if (tag is not null && !string.Equals(tag, Tag(rules), StringComparison.OrdinalIgnoreCase))
        {
            var again = await ShowAsync(visit, proposal);
            return again.Messages is [Message.Card card] ? again with { Messages = [card with { Data = Visit.Noted(card.Data, "warning", "The proposed rules changed since that card, so I gave nobody time yet. This is how they stand now.") }] } : again;
        }
        var until = visit.Sitting.Now.AddDays(GraceDays);
        var rehearsal = await RehearsedAsync(visit.Sitting, rules);
        var given = rehearsal.Failing.Where(r => r.What == "app" && before?.Contains(r.AppId) == true).ToList();
        foreach (var failing in WithoutTime(rehearsal, visit.Sitting.Now))
        {
            switch (await visit.Sitting.AskAppAsync(failing.AppId, new AppCommand.GiveGrace(failing.NewFaults, until, visit.PersonId, rules.Revision)))
            {
                case Decision<AppEvent>.Refused refused:
                    return visit.Notice("Nothing was changed", refused.Words, "✋", "warning");
                case Decision<AppEvent>.Happened { Events.Count: > 0 }:
                    given.Add(failing);
                    break;
            }
        }
        return given.Count == 0
            ? visit.Notice("That is so already", "Every app that the proposed rules would stop has its time. Nobody has to be told again.", "👌", null, ("Who has time", "grace campaigns"))
            : visit.Notice("Their owners know", $"{Some([.. given.Select(g => g.Title)])} {(given.Count == 1 ? "has" : "have")} until {visit.To.Day(until)}. I tell {Told(given, visit)} what to change, and remind them. "
                + "Until then the new rules do not stop these apps; from that day on they count as for everybody. You can put the new rules in force now.", "📣", "good", ("Who has time", "grace campaigns"));
    });

    /// <summary>Failing apps, as the rules stand in this proposal, that were given no time yet for all of it.</summary>
    internal static List<Rehearsed> WithoutTime(RulebookRehearsal rehearsal, DateTimeOffset now) => [.. rehearsal.Failing.Where(r => r.What == "app" && r.CoveredUntil(now) is null)];

    private static string Told(IReadOnlyCollection<Rehearsed> apps, Visit visit)
    {
        var people = apps.SelectMany(a => new[] { a.Manifest.App.Owner, a.Manifest.App.CoOwner }).OfType<string>().Where(visit.Sitting.Facts.People.ContainsKey).Distinct(StringComparer.Ordinal).ToList();
        return people.Count is > 0 and <= 3 ? InWords.List([.. people.Select(visit.To.FullName)]) : $"{InWords.Count(people.Count, "owner and co-owner", "owners and co-owners")}";
    }

    private static JsonObject Row(Rehearsed one, Visit visit) => new()
    {
        ["icon"] = RehearsalWords.Icon(one.Outcome),
        ["title"] = one.Title,
        ["who"] = $"{RehearsalWords.Heading(one.Outcome)} · {(one.What == "app" ? one.Manifest.App.Name : "open request")} · {visit.To.FullName(one.Manifest.App.Owner ?? "")}",
        ["words"] = string.Join("\n\n", RehearsalWords.Of(one, visit.Sitting.Now, visit.To.FullName, visit.To.Day).Select(RuleWords.Plain)),
    };

    internal static JsonArray Facts(params IReadOnlyList<(string Title, string Value)> facts) => new([.. facts.Select(f => (JsonNode)Addressee.Fact(f.Title, f.Value))]);

    internal static void Buttons(JsonObject data, IReadOnlyCollection<(string Title, string Text)> buttons)
    {
        if (buttons.Count > 0) data["buttons"] = new JsonArray([.. buttons.Select(b => (JsonNode)new JsonObject { ["title"] = b.Title, ["text"] = b.Text })]);
    }

    /// <summary>Null for a governance admin; what to answer anybody else.</summary>
    internal static Reply? NotForThem(Visit visit)
    {
        if (!visit.Sitting.Person.Has(Role.GovernanceAdmin)) return visit.Notice("That is for the governance team", "What other rules would do is shown to governance admins only.", "🔒");
        return visit.Sitting.Person.Outside is { } outside ? visit.Notice("Nothing was changed", OutsiderWords.WhyNot(outside), "✋", "warning") : null;
    }

    private static async ValueTask<Reply> ReadAsync(Visit visit, IRulebookProposal? proposal, Func<Proposal.Rules, ValueTask<Reply>> then) => NotForThem(visit) ?? proposal?.Read() switch
    {
        Proposal.Rules rules => await then(rules),
        Proposal.Faulty faulty => visit.Notice("The proposed rules cannot be used", string.Join("\n\n", faulty.Faults.Take(FaultsShown)) + (faulty.Faults.Count > FaultsShown ? $"\n\nand {faulty.Faults.Count - FaultsShown} more." : ""), "⚠️", "warning"),
        _ => visit.Notice("No rules are proposed", "I compare the rules in force with those of a folder, such as a checkout of the branch under review. Name it in the setting Policy:Proposed:Folder, and say this again. "
            + "At a terminal: policy simulate and the folder.", "🔭"),
    };

    internal static async ValueTask<RulebookRehearsal> RehearsedAsync(Sitting sitting, Proposal.Rules rules)
    {
        var facts = sitting.Facts;
        var apps = await sitting.AppsAsync(new SnapshotQuery(Limit: int.MaxValue));
        var requests = await sitting.RequestsAsync(new SnapshotQuery(IsOpen: true, Limit: int.MaxValue));
        return RulebookRehearsal.Of(apps, requests, new Rulebook(facts.Judge, facts.Numbers, facts.Catalogue) { WhyMute = CouldNotJudgeException.AboutOne }, rules.Book);
    }

    internal static string Some(IReadOnlyList<string> names) => InWords.List(names.Count <= FaultsShown ? names : [.. names.Take(FaultsShown), $"{names.Count - FaultsShown} more"]);

    private static string Tag(Proposal.Rules rules) => TagOf(rules.Revision);

    /// <summary>What a button calls a revision.</summary>
    internal static string TagOf(string revision) => $"rules-{revision[..Math.Min(8, revision.Length)]}";
}
