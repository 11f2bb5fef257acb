using System.Text.Json.Nodes;
using Governance.Catalogue;
using Governance.People;
using Governance.Requests;
using Governance.Verdicts;

namespace MicroAppBot.Conversation.Wording;

/// <summary>For whom words are made: their time zone, their place in it, and what is true now.</summary>
/// <param name="Person">The person who will read it.</param>
public sealed record Addressee(Person Person, Facts Facts, ServiceCatalogue Catalogue)
{
    public DateTimeOffset Now => Facts.Now;

    /// <summary>"Friday 5 December, in 3 days", in the reader's zone.</summary>
    public string Day(DateTimeOffset when) => InWords.Day(when, Now, Person.Zone);

    /// <summary>Day inside a sentence: "on Friday 5 December, in 3 days"; "today".</summary>
    public string OnDay(DateTimeOffset when) => Day(when) is var day && char.IsUpper(day[0]) ? $"on {day}" : day;

    /// <summary>"Friday 5 December at 14:00": cards stay, and "today" would soon be wrong.</summary>
    public string Moment(DateTimeOffset when) => InWords.DatedMoment(when, Now, Person.Zone);

    /// <summary>A person's name; "you" for the reader.</summary>
    public string Name(string? id) => id is null ? "nobody" : id == Person.Id ? "you" : FullName(id);

    public string FullName(string id) => Facts.NameOf(id);

    /// <summary>"Ada Keller (Marketing)".</summary>
    public string NameAndPlace(string id) => Facts.People.TryGetValue(id, out var person) && person.IsInDirectory
        ? $"{person.Name} ({Department.Named(person.Department)})"
        : FullName(id);

    public JsonObject Risk(Risk risk) => new()
    {
        ["label"] = Label(risk.Tier),
        ["tone"] = Tone(risk.Tier),
        ["score"] = risk.Score,
        ["reasons"] = new JsonArray([.. risk.Factors.Select(f => (JsonNode)f.Why)]),
    };

    public static string Label(RiskTier tier) => tier switch { RiskTier.Low => "Low risk", RiskTier.Medium => "Medium risk", _ => "High risk" };

    public static string Tone(RiskTier tier) => tier switch { RiskTier.Low => "good", RiskTier.Medium => "warning", _ => "attention" };

    /// <param name="withSlots">Names the answer that mends each finding, so that the card offers to edit it.</param>
    public JsonArray Findings(IEnumerable<Finding> findings, bool withSlots) => new([.. findings.Select(f => (JsonNode)OneFinding(f, withSlots))]);

    /// <summary>What the policies say in one line with its sign.</summary>
    public static (string Icon, string Words) Verdict(PolicyReport report)
    {
        var stops = report.Findings.Count(f => f.Level == FindingLevel.Hard);
        var signs = report.Findings.Count(f => f.Level == FindingLevel.Override);
        return (stops, signs) switch
        {
            ( > 0, _) => ("⛔", $"{InWords.Count(stops, "thing does", "things do")} not fit the company's rules"),
            (0, > 0) => ("⚠️", $"Within the rules, if {(signs == 1 ? "one point is" : $"{signs} points are")} signed for"),
            _ => ("✅", "Within all of the company's rules"),
        };
    }

    public static JsonObject Fact(string title, string value) => new() { ["title"] = title, ["value"] = value };

    private JsonObject OneFinding(Finding finding, bool withSlots)
    {
        var said = new JsonObject
        {
            ["icon"] = finding.Level switch { FindingLevel.Hard => "⛔", FindingLevel.Override => "⚠️", _ => "💡" },
            ["message"] = WithTitles(finding.Message),
        };
        if (finding.Fix.Length > 0) said["fix"] = WithTitles(finding.Fix);
        if (withSlots && MendedBy.Slot(finding) is { } slot) said["slot"] = slot;
        return said;
    }

    // The rules speak of the manifest, where an environment has an id; the card calls it by its title everywhere else
    private string WithTitles(string words) => Catalogue.Environments.Values.Aggregate(RuleWords.Plain(words), (said, environment) => said.Replace(environment.Id, environment.Title, StringComparison.Ordinal));
}
