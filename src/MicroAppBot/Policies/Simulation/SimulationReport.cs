using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Governance.Catalogue;
using Governance.Lifecycle;
using Governance.People;
using Governance.Verdicts;

namespace MicroAppBot.Policies.Simulation;

/// <summary>What other rules would do, for a terminal and for programs.</summary>
/// <param name="Before">Revision in force.</param>
/// <param name="After">Revision proposed.</param>
/// <param name="Change">What is different in the rules, in one line.</param>
public sealed record SimulationReport(RulebookRehearsal Rehearsal, string Before, string After, string Change, IReadOnlyDictionary<string, Person> People)
{
    public const int NothingChanges = 0;
    public const int SomebodyFails = 1;
    public const int SomethingChanges = 2;

    /// <summary>0 nothing changes for anybody, 2 something does and nobody fails, 1 somebody would fail.</summary>
    public int ExitCode => Rehearsal.Failing.Any() ? SomebodyFails : Rehearsal.All.Any(r => r.Changes) ? SomethingChanges : NothingChanges;

    public string InWords()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"The proposed rules (revision {Short(After)}) against those in force ({Short(Before)}): {(Change.Length == 0 ? "the same rules" : Change)}.\n");
        var (apps, requests) = (Rehearsal.All.Count(r => r.What == "app"), Rehearsal.All.Count(r => r.What == "request"));
        text.Append(CultureInfo.InvariantCulture, $"{Governance.People.InWords.Count(apps, "live app")} and {Governance.People.InWords.Count(requests, "open request")} were judged by both.\n");
        Section(text, "Would fail", Rehearsal.Failing, r => r.NewFaults.SelectMany(f => (string[])[$"    {Clean(f.Message)}", $"    → {Clean(f.Fix)}"]));
        Section(text, "Would need new signatures", Rehearsal.MoreSignatures, r => [$"    {Governance.People.InWords.List([.. r.NewRoles.Select(Role.InASentence)])}{(r.What == "app" ? ", at the next change" : "")}"]);
        Section(text, "Would be of another tier", Rehearsal.OtherTier, r => [$"    {r.Now.Risk.Tier.ToText()} → {r.Then.Risk.Tier.ToText()}"]);
        Section(text, "Would be allowed and is not now", Rehearsal.Freed, _ => []);
        if (Rehearsal.Unchanged > 0) text.Append(CultureInfo.InvariantCulture, $"\nNothing changes for {(Rehearsal.Unchanged == Rehearsal.All.Count ? "anybody" : Rehearsal.Unchanged == 1 ? "the other one" : $"the other {Rehearsal.Unchanged}")}.\n");
        if (Rehearsal.Failing.Any(r => r.What == "app")) text.Append("\nIn chat, a governance admin can give their owners time for it: say \"simulate\" to the bot.\n");
        return text.ToString();
    }

    public JsonObject ToJson() => new()
    {
        ["before"] = Before,
        ["after"] = After,
        ["change"] = Change,
        ["judged"] = new JsonObject { ["apps"] = Rehearsal.All.Count(r => r.What == "app"), ["requests"] = Rehearsal.All.Count(r => r.What == "request") },
        ["fails"] = List(Rehearsal.Failing, (r, o) => o["findings"] = new JsonArray([.. r.NewFaults.Select(f => (JsonNode)new JsonObject { ["rule"] = f.Rule, ["message"] = f.Message, ["fix"] = f.Fix, ["field"] = f.Field })])),
        ["signatures"] = List(Rehearsal.MoreSignatures, (r, o) => o["roles"] = new JsonArray([.. r.NewRoles.Select(role => (JsonNode)role)])),
        ["tier"] = List(Rehearsal.OtherTier, (r, o) => (o["from"], o["to"]) = (r.Now.Risk.Tier.ToText(), r.Then.Risk.Tier.ToText())),
        ["freed"] = List(Rehearsal.Freed, (_, _) => { }),
        ["unchanged"] = Rehearsal.Unchanged,
    };

    private void Section(StringBuilder text, string heading, IEnumerable<Rehearsed> rows, Func<Rehearsed, IEnumerable<string>> lines)
    {
        var all = rows.ToList();
        if (all.Count == 0) return;
        text.Append(CultureInfo.InvariantCulture, $"\n{heading} ({all.Count})\n");
        foreach (var row in all)
        {
            var owner = row.Manifest.App.Owner is { } id ? People.GetValueOrDefault(id)?.Name ?? id : "nobody";
            text.Append(CultureInfo.InvariantCulture, $"  • {Clean(row.Title)} ({(row.What == "app" ? row.Manifest.App.Name : "request")}), owner {Clean(owner)}\n");
            foreach (var line in lines(row)) text.Append(line).Append('\n');
        }
    }

    private static JsonArray List(IEnumerable<Rehearsed> rows, Action<Rehearsed, JsonObject> more) => new([.. rows.Select(r =>
    {
        var one = new JsonObject { ["what"] = r.What, ["id"] = r.Id, ["app"] = r.AppId, ["name"] = r.Manifest.App.Name, ["title"] = r.Title, ["owner"] = r.Manifest.App.Owner };
        more(r, one);
        return (JsonNode)one;
    })]);

    // A manifest's words may hold line breaks or marks that a terminal obeys
    private static string Clean(string text) => string.Concat(text.EnumerateRunes().Select(rune => System.Text.Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator ? " " : rune.ToString()));

    private static string Short(string revision) => RulebookNews.Short(revision);
}
