using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Governance.Catalogue;
using Governance.Lifecycle;
using Governance.People;
using Governance.Verdicts;
using MicroAppBot.Conversation.Wording;

namespace MicroAppBot.Policies.Simulation;

/// <summary>What other rules would do, for a terminal, for programs and as a table.</summary>
/// <param name="Before">Revision in force.</param>
/// <param name="After">Revision proposed.</param>
/// <param name="Change">What is different in the rules, in one line.</param>
/// <param name="At">When it was rehearsed, on the governance clock.</param>
public sealed record SimulationReport(RulebookRehearsal Rehearsal, string Before, string After, string Change, IReadOnlyDictionary<string, Person> People, DateTimeOffset At)
{
    public const int NothingChanges = 0;
    public const int SomebodyFails = 1;
    public const int SomethingChanges = 2;

    /// <summary>0 nothing changes for anybody, 2 something does and nobody fails, 1 somebody would fail or could not be judged.</summary>
    public int ExitCode => Rehearsal.All.Any(r => r.Outcome is RehearsalOutcome.Stopped or RehearsalOutcome.NotJudged) ? SomebodyFails
        : Rehearsal.Unchanged < Rehearsal.All.Count ? SomethingChanges : NothingChanges;

    public string InWords()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"The proposed rules (revision {Short(After)}) against those in force ({Short(Before)}): {(Change.Length == 0 ? "the same rules" : Change)}.\n");
        text.Append(RehearsalWords.Judged(Rehearsal)).Append('\n');
        var outcomes = RehearsalWords.InOrder.Select(o => (Outcome: o, Rows: Rehearsal.With(o).ToList())).Where(g => g.Rows.Count > 0).ToList();
        if (outcomes.Count > 1)
        {
            text.Append('\n');
            foreach (var (outcome, rows) in outcomes) text.Append(CultureInfo.InvariantCulture, $"  {RehearsalWords.Heading(outcome),-33} {rows.Count,6}   {RehearsalWords.Counted(rows)}\n");
            text.Append(CultureInfo.InvariantCulture, $"  {"All together",-33} {Rehearsal.All.Count,6}\n");
        }
        if (RehearsalWords.Tiers(Rehearsal) is { } tiers) text.Append(CultureInfo.InvariantCulture, $"\n{tiers}\n");
        foreach (var (outcome, rows) in outcomes.Where(g => g.Outcome != RehearsalOutcome.Same)) Section(text, RehearsalWords.Heading(outcome), rows);
        if (Rehearsal.Unchanged > 0) text.Append(CultureInfo.InvariantCulture, $"\nNothing changes for {(Rehearsal.Unchanged == Rehearsal.All.Count ? "anybody" : Rehearsal.Unchanged == 1 ? "the other one" : $"the other {Rehearsal.Unchanged}")}.\n");
        if (Rehearsal.Failing.Any(r => r.What == "app" && r.CoveredUntil(At) is null))
            text.Append("\nNothing is in force yet. In chat, a governance admin can give the owners of the apps time for it: name this folder in the setting Policy:Proposed:Folder, and say \"simulate\" to the bot.\n");
        return text.ToString();
    }

    public JsonObject ToJson() => new()
    {
        ["before"] = Before,
        ["after"] = After,
        ["change"] = Change,
        ["judged"] = new JsonObject { ["apps"] = Rehearsal.All.Count(r => r.What == "app"), ["requests"] = Rehearsal.All.Count(r => r.What == "request"), ["archived_left_out"] = Rehearsal.Archived },
        // Each stands under one outcome: these add up to what was judged
        ["counts"] = new JsonObject(RehearsalWords.InOrder.Select(o => KeyValuePair.Create(Word(o), (JsonNode?)Rehearsal.With(o).Count()))),
        ["not_judged"] = List(Rehearsal.With(RehearsalOutcome.NotJudged), (r, o) => o["why"] = r.WhyMute),
        ["fails"] = List(Rehearsal.Failing, (r, o) => o["findings"] = new JsonArray([.. r.NewFaults.Select(f => (JsonNode)new JsonObject { ["rule"] = f.Rule, ["message"] = f.Message, ["fix"] = f.Fix, ["field"] = f.Field })])),
        ["signatures"] = List(Rehearsal.MoreSignatures, (r, o) => o["roles"] = Strings(r.NewRoles)),
        // Also of those that stand under another outcome
        ["tier"] = List(Rehearsal.OtherTier, (_, _) => { }),
        ["fewer_signatures"] = List(Rehearsal.With(RehearsalOutcome.FewerSignatures), (r, o) => o["roles"] = Strings(r.GoneRoles)),
        ["freed"] = List(Rehearsal.Freed, (_, _) => { }),
        ["unchanged"] = Rehearsal.Unchanged,
    };

    /// <summary>One row for each of them, those that stay as they are included: CSV with a heading, for a spreadsheet.</summary>
    public string ToCsv()
    {
        var text = new StringBuilder("outcome,what,name,title,owner,owner_email,tier_now,tier_then,rules,words,new_signatures,time_until,id\r\n");
        foreach (var row in RehearsalWords.InOrder.SelectMany(Rehearsal.With))
        {
            var owner = row.Manifest.App.Owner is { } id ? People.GetValueOrDefault(id) : null;
            text.AppendJoin(',', new[]
            {
                Word(row.Outcome), row.What, row.Manifest.App.Name, row.Title, owner?.Name ?? row.Manifest.App.Owner ?? "", owner?.Email ?? "", row.Now?.Risk.Tier.ToText() ?? "", row.Then?.Risk.Tier.ToText() ?? "",
                string.Join(' ', row.NewFaults.Select(f => f.Rule).Distinct(StringComparer.Ordinal)), string.Join(' ', Words(row)), string.Join(' ', row.NewRoles), row.CoveredUntil(At) is { } until ? Day(until) : "", row.Id,
            }.Select(Cell)).Append("\r\n");
        }
        return text.ToString();
    }

    private void Section(StringBuilder text, string heading, List<Rehearsed> rows)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n{heading} ({rows.Count})\n");
        foreach (var row in rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"  • {Clean(row.Title)} ({(row.What == "app" ? row.Manifest.App.Name : "request")}), owner {Clean(row.Manifest.App.Owner is { } id ? NameOf(id) : "nobody")}\n");
            foreach (var line in Words(row)) text.Append(CultureInfo.InvariantCulture, $"    {Clean(line)}\n");
        }
    }

    private JsonArray List(IEnumerable<Rehearsed> rows, Action<Rehearsed, JsonObject> more) => new([.. rows.Select(r =>
    {
        var one = new JsonObject { ["what"] = r.What, ["id"] = r.Id, ["app"] = r.AppId, ["name"] = r.Manifest.App.Name, ["title"] = r.Title, ["owner"] = r.Manifest.App.Owner, ["outcome"] = Word(r.Outcome) };
        if (r.ChangesTier) (one["from"], one["to"]) = (r.Now!.Risk.Tier.ToText(), r.Then!.Risk.Tier.ToText());
        if (r.Signatures.Count > 0) one["signed"] = new JsonArray([.. r.Signatures.Select(s => (JsonNode)new JsonObject { ["person"] = s.PersonId, ["role"] = s.Role, ["then"] = Word(s.Fate) })]);
        if (r.CoveredUntil(At) is { } until) one["time_until"] = until.ToString("o", CultureInfo.InvariantCulture);
        more(r, one);
        one["words"] = Strings(Words(r));
        return (JsonNode)one;
    })]);

    private IReadOnlyList<string> Words(Rehearsed row) => RehearsalWords.Of(row, At, NameOf, Day);

    private string NameOf(string id) => People.GetValueOrDefault(id)?.Name ?? id;

    private static string Day(DateTimeOffset at) => at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static JsonArray Strings(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode)t)]);

    private static string Word(Enum name) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(name.ToString());

    // A spreadsheet takes what begins like this for a formula
    private static string Cell(string text)
    {
        var plain = Clean(text);
        if (plain.Length > 0 && "=+-@".Contains(plain[0], StringComparison.Ordinal)) plain = "'" + plain;
        return plain.AsSpan().IndexOfAny(",\"") < 0 ? plain : $"\"{plain.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    // A manifest's words may hold line breaks or marks that a terminal obeys
    private static string Clean(string text) => string.Concat(text.EnumerateRunes().Select(rune => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator ? " " : rune.ToString()));

    private static string Short(string revision) => RulebookNews.Short(revision);
}
