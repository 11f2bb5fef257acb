using System.Text.Json.Nodes;
using Governance.Apps;
using Governance.People;
using Governance.Requests;
using Governance.Verdicts;
using MicroAppBot.Conversation.Wording;
using MicroAppBot.Desk;

namespace MicroAppBot.Conversation;

/// <summary>For governance admins: who has time for a new rule and how far they are, and taking it back. What was given for one revision of the rules is one campaign.</summary>
public static class GraceTalk
{
    private const int RowsShown = 6;

    /// <summary>The typed command <c>grace campaigns</c>.</summary>
    public static async ValueTask<Reply> ShowAsync(Visit visit, IRulebookProposal? proposal)
    {
        if (SimulationTalk.NotForThem(visit) is { } no) return no;
        var campaigns = await CampaignsAsync(visit.Sitting);
        if (campaigns.Count == 0) return visit.Notice("Nobody has time for a new rule", "When proposed rules would stop apps that are live, you can give their owners time: say \"simulate\".", "📐", null, ("What would change", "simulate"));
        var judges = campaigns.ToDictionary(c => c.Key, c => JudgeOf(visit, proposal, c.Key), StringComparer.Ordinal);
        var all = campaigns.SelectMany(c => c.Select(given => (given.App, given.Grace, Fits: given.Grace.MetAt is not null || Fits(given, judges[c.Key].Judge)))).ToList();
        var open = all.Where(a => !a.Fits).OrderBy(a => a.Grace.Until).ToList();
        var data = new JsonObject
        {
            ["icon"] = "📐",
            ["title"] = "Time for new rules",
            ["lead"] = open.Count == 0
                ? $"{(all.Count == 1 ? "The app that has time fits" : $"All {all.Count} apps that have time fit")} already. Nothing is left to do."
                : $"{(all.Count == 1 ? "The app that has time does" : $"{open.Count} of {InWords.Count(all.Count, "app")} {(open.Count == 1 ? "does" : "do")}")} not fit yet. I remind the owners; when the time is over, the rules count for them too, and nothing is switched off.",
            ["judged"] = string.Join("\n\n", campaigns.Select(c => Campaign(c, judges[c.Key].Words, visit))),
            ["counts"] = SimulationTalk.Facts(("✅ Fit already", InWords.Count(all.Count - open.Count, "app")), ("⏳ Still to do", InWords.Count(open.Count, "app"))),
            ["rows"] = new JsonArray([.. open.Take(RowsShown).Select(a => (JsonNode)new JsonObject
            {
                ["icon"] = "⏳",
                ["title"] = AppCards.Title(a.App),
                ["who"] = $"{a.App.File.Name} · {visit.To.FullName(a.App.File.Manifest.App.Owner ?? "")} · until {visit.To.Day(a.Grace.Until)}",
                ["words"] = string.Join("\n\n", a.Grace.Findings.Select(f => f.Message).Distinct(StringComparer.Ordinal)),
            })]),
        };
        if (open.Count > RowsShown) data["more"] = $"and {open.Count - RowsShown} more.";
        SimulationTalk.Buttons(data, [.. campaigns.Take(3).Select(c => (campaigns.Count == 1 ? "Take the time back" : $"Take back {SimulationTalk.TagOf(c.Key)}", $"take grace back {SimulationTalk.TagOf(c.Key)}"))]);
        return Visit.ShowBeside("simulation", data);
    }

    /// <summary>The typed command <c>take grace back</c>.</summary>
    /// <param name="tag">Which campaign, as its button names it; null for the only one there is.</param>
    /// <param name="before">Ids of apps from which it was taken a moment ago, for the same click.</param>
    public static async ValueTask<Reply> TakeBackAsync(Visit visit, IRulebookProposal? proposal, string? tag, IReadOnlyList<string>? before = null)
    {
        if (SimulationTalk.NotForThem(visit) is { } no) return no;
        var meant = Meant(await CampaignsAsync(visit.Sitting), tag);
        if (meant.Count > 1) return await ShowAsync(visit, proposal);
        var taken = new List<string>();
        foreach (var id in before ?? []) if (await visit.Sitting.AppAsync(id) is { } app) taken.Add(AppCards.Title(app));
        foreach (var (app, _) in meant.SelectMany(c => c))
        {
            switch (await visit.Sitting.AskAppAsync(app.File.Id, new AppCommand.TakeGraceBack(meant[0].Key, visit.PersonId)))
            {
                case Decision<AppEvent>.Refused refused:
                    return visit.Notice("Nothing was changed", refused.Words, "✋", "warning");
                case Decision<AppEvent>.Happened { Events.Count: > 0 }:
                    taken.Add(AppCards.Title(app));
                    break;
            }
        }
        return taken.Count == 0
            ? visit.Notice("That is so already", "No app has time left for those rules.", "👌")
            : visit.Notice("The time is taken back", $"{SimulationTalk.Some(taken)} {(taken.Count == 1 ? "has" : "have")} no more time for those rules. I tell the owners how it stands by the rules of today.", "↩️", "good");
    }

    internal static List<IGrouping<string, (MicroApp App, Grace Grace)>> Meant(List<IGrouping<string, (MicroApp App, Grace Grace)>> campaigns, string? tag) =>
        [.. campaigns.Where(c => tag is null || string.Equals(SimulationTalk.TagOf(c.Key), tag, StringComparison.OrdinalIgnoreCase))];

    internal static async ValueTask<List<IGrouping<string, (MicroApp App, Grace Grace)>>> CampaignsAsync(Sitting sitting)
    {
        var apps = await sitting.AppsAsync(new SnapshotQuery(Limit: int.MaxValue));
        return
        [
            .. apps.Where(a => a.IsLive && a.File.Graces is not null)
                .SelectMany(a => a.File.Graces!.Where(g => g.Until > sitting.Now).Select(g => (App: a, Grace: g)))
                .GroupBy(given => given.Grace.Revision ?? "", StringComparer.Ordinal)
                .OrderBy(c => c.Min(given => given.Grace.Until)),
        ];
    }

    /// <summary>Who judges whether an app fits: the rules that the time was given for while they are proposed, else those of today.</summary>
    private static (Func<Governance.Manifests.Manifest, PolicyReport> Judge, string Words) JudgeOf(Visit visit, IRulebookProposal? proposal, string revision) =>
        proposal?.Read() is Proposal.Rules rules && rules.Revision == revision
            ? (rules.Book.Judge, rules.Change.Length == 0 ? "in force" : "proposed, not in force yet")
            : (visit.Sitting.Facts.Judge, "told by the rules of today");

    private static bool Fits((MicroApp App, Grace Grace) given, Func<Governance.Manifests.Manifest, PolicyReport> judge)
    {
        try
        {
            return !given.Grace.StandsAgainst(judge(given.App.File.Manifest));
        }
        catch (CouldNotJudgeException)
        {
            return false;
        }
    }

    private static string Campaign(IGrouping<string, (MicroApp App, Grace Grace)> campaign, string standing, Visit visit)
    {
        var first = campaign.First().Grace;
        var given = first is { ById: { } by, GivenAt: { } at } ? $", given by {visit.To.FullName(by)} on {visit.To.Moment(at)}" : "";
        return $"{SimulationTalk.TagOf(campaign.Key)} ({standing}): {InWords.Count(campaign.Select(c => c.App.File.Id).Distinct(StringComparer.Ordinal).Count(), "app")} until {visit.To.Day(campaign.Max(c => c.Grace.Until))}{given}.";
    }
}
