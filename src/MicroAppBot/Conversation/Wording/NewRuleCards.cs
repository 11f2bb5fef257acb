using System.Globalization;
using System.Text.Json.Nodes;
using Governance.Apps;
using Governance.Manifests;
using Governance.Notices;
using Governance.Verdicts;
using MicroAppBot.Desk;

namespace MicroAppBot.Conversation.Wording;

/// <summary>What is told of a rule that an app does not fit: what changes, until when, and what to do.</summary>
public static class NewRuleCards
{
    /// <summary>What is true when it is read; null where the notice has nothing to say any more.</summary>
    /// <param name="proposed">The rules it is about, where they do not hold yet.</param>
    public static (string Title, string Text, string Icon, string Tone)? Words(MicroApp app, Notice notice, Addressee to, Func<Manifest, PolicyReport>? proposed)
    {
        var title = AppCards.Title(app);
        var because = notice.Detail.GetValueOrDefault("because");
        // Of what was mended, taken back or is over nobody is reminded
        if (because is "coming" or "soon" && !StillWaits(app, notice, to, proposed)) return null;
        var faults = to.Facts.Judge(app.File.Manifest).At(FindingLevel.Hard).ToList();
        var change = because is "coming" or "soon"
            ? RuleWords.Plain(notice.Detail.GetValueOrDefault("change", "")).Replace("\n", "\n\n", StringComparison.Ordinal)
            : string.Join("\n\n", faults.Select(f => RuleWords.Plain($"{f.Message} {f.Fix}").Trim()));
        if (change.Length == 0 && because is not ("met" or "taken-back")) return null;
        var until = notice.Detail.TryGetValue("until", out var at) ? DateTimeOffset.Parse(at, CultureInfo.InvariantCulture) : to.Now;
        var by = notice.Detail.TryGetValue("by", out var id) ? to.FullName(id) : null;
        return because switch
        {
            "coming" => New($"A rule is about to change, and {title} does not fit it yet. Nothing is switched off, and you have until {to.Day(until)}.", $"After that day it cannot be renewed or changed before it fits. If this is not possible, tell {by ?? "a governance admin"} before then."),
            "soon" => New($"{title} still does not fit the new rule. You have until {to.Day(until)}.", "After that day it goes on running, but it cannot be renewed or changed before it fits."),
            "met" => faults.Count > 0 ? null : ($"{title}: done", $"{title} fits the new rule now. Nothing is left for you to do.", "✅", "good"),
            "taken-back" when faults.Count == 0 => ($"{title}: nothing to change", $"{by ?? "The governance team"} took a change of the rules back. {title} fits the rules of today, so you need not change anything.", "↩️", "good"),
            "taken-back" => New($"{by ?? "The governance team"} took back the time that {title} had for a new rule, so it counts from today on. {title} goes on running, but it cannot be renewed or changed before it fits.", "If this is not possible, ask a governance admin."),
            "over" => ($"{title}: does not fit yet", $"The time for the new rule is over, and {title} of {to.FullName(app.File.Manifest.App.Owner ?? "")} does not fit it.\n\n{change}\n\nIt goes on running until {to.Day(app.File.ExpiresAt)}, and cannot be renewed or changed before it fits.", "📐", "warning"),
            _ => New($"A new rule counts for {title} from today on. It goes on running, but it cannot be renewed or changed before it fits.", "If this is not possible, ask a governance admin."),
        };

        (string, string, string, string)? New(string lead, string then) => ($"{title}: a new rule", $"{lead}\n\n{change}\n\n{then}", "📐", "warning");
    }

    /// <summary>Adds to the card that says why an app was approved what rules have against it that came since, or are about to come.</summary>
    /// <param name="today">What the rules of today say, with the time it has; null where they give no answer.</param>
    public static JsonObject Since(JsonObject why, MicroApp app, PolicyReport? today, Addressee to, IRulebookProposal? proposal)
    {
        var since = (today?.Findings ?? []).Where(f => f.Level == FindingLevel.Hard || app.File.Graces?.Any(g => g.Rules.Contains(f.Rule, StringComparer.Ordinal)) == true)
            .Where(f => !app.File.Report.Findings.Any(old => old.Rule == f.Rule && old.Field == f.Field)).ToList();
        var coming = Coming(app, to.Now, proposal).Where(c => !since.Any(f => f.Rule == c.Finding.Rule)).ToList();
        if (since.Count + coming.Count == 0) return why;
        var findings = why["findings"]!.AsArray();
        foreach (var one in to.Findings(since, false)) findings.Add(one!.DeepClone());
        foreach (var (finding, until) in coming)
            findings.Add(new JsonObject { ["icon"] = "📐", ["message"] = $"About to change: {RuleWords.Plain(finding.Message)} For this app that counts from {Governance.People.InWords.Date(until, to.Now, to.Person.Zone)} on.", ["fix"] = RuleWords.Plain(finding.Fix) });
        // Something is to be mended, and whoever may do it finds the way here
        if (AppDecider.CanAsk(app, Governance.Requests.RequestKind.Change, to.Person.Id, to.Facts)) why["can"]!["change"] = true;
        var stops = since.Count(f => f.Level == FindingLevel.Hard);
        why["lead"] = stops > 0
            ? $"It fitted the rules when it was approved. Since then they changed, and {(stops == 1 ? "one thing does" : $"{stops} things do")} not fit: it goes on running, but cannot be renewed or changed before it fits."
            : $"{(string?)why["lead"]} A rule changes, and it has time to follow.";
        return why;
    }

    /// <summary>What rules that are about to hold have against an app, and from when; not what was mended already, as far as that can be told.</summary>
    public static IReadOnlyList<(Finding Finding, DateTimeOffset Until)> Coming(MicroApp app, DateTimeOffset now, IRulebookProposal? proposal)
    {
        var open = (app.File.Graces ?? []).Where(g => g.IsOpen(now)).ToList();
        if (open.Count == 0) return [];
        var rules = proposal?.Read() as Proposal.Rules;
        return [.. open.Where(g => rules is null || rules.Revision != g.Revision || Stands(g, app, rules.Book.Judge)).SelectMany(g => g.Findings.Select(f => (f, g.Until))).DistinctBy(c => (c.f.Rule, c.f.Field))];
    }

    private static bool Stands(Grace grace, MicroApp app, Func<Manifest, PolicyReport> judge)
    {
        try
        {
            return grace.StandsAgainst(judge(app.File.Manifest));
        }
        catch (CouldNotJudgeException)
        {
            return true;
        }
    }

    private static bool StillWaits(MicroApp app, Notice notice, Addressee to, Func<Manifest, PolicyReport>? proposed)
    {
        var until = notice.Detail.GetValueOrDefault("until");
        var open = (app.File.Graces ?? []).Where(g => g.IsOpen(to.Now) && (until is null || g.Until.UtcTicks == DateTimeOffset.Parse(until, CultureInfo.InvariantCulture).UtcTicks)).ToList();
        return open.Count > 0 && (proposed is null || open.Any(g => Stands(g, app, proposed)));
    }
}
