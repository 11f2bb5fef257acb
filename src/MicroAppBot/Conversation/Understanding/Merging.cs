using Governance.Catalogue;
using Governance.Manifests;

namespace MicroAppBot.Conversation.Understanding;

/// <summary>
/// Adds to a reading what a model proposes and the words left open. The model may fill gaps and raise the class; it never removes what was read,
/// never lowers the class, names nothing outside the catalogue, gives no order, and what it filled is still asked for where it decides.
/// </summary>
public sealed class Merging(Lexicon lexicon)
{
    private const int LongestPurpose = 160, LongestTtl = 3650;
    private const decimal DearestCap = 1_000_000;
    private const string By = "suggested by the language model", Webhook = "external-webhook";

    // What somebody decides or switches off is taken from their own words only
    private static readonly HashSet<string> Proposable =
    [
        Intents.New, Intents.MyApps, Intents.Show, Intents.Status, Intents.Renew, Intents.Cost, Intents.Approvals, Intents.Review, Intents.Templates, Intents.Policy, Intents.Why, Intents.Kpis, Intents.Help,
    ];
    private static readonly string[] Shapes = ["approval-form", "campaign", "event-automation", "internal-dashboard"];

    public Reading Merge(Reading deterministic, Proposal? proposal)
    {
        if (proposal is null) return deterministic;
        if (deterministic.Intent == Intents.New) return Fill(deterministic, proposal, []);
        if (deterministic.Intent != Intents.Unknown || proposal.Intent is null || !Proposable.Contains(proposal.Intent)) return deterministic;
        Because because = new("intent", proposal.Intent, By);
        if (proposal.Intent != Intents.New)
            return deterministic with { Intent = proposal.Intent, Because = [.. deterministic.Because, because], MustAsk = Intents.AboutAnApp.Contains(proposal.Intent) && deterministic.App is null ? ["app"] : [] };
        return Fill(deterministic with { Intent = Intents.New, Floor = "internal", MustAsk = ["template", "data", "connectors"] }, proposal, [because]);
    }

    private Reading Fill(Reading read, Proposal proposal, List<Because> because)
    {
        var kinds = KindsOf(read, proposal, because);
        var shape = read.Shape ?? Told(proposal.Template is { } t && Shapes.Contains(t) ? t : null, "template", because);
        var connectors = ConnectorsOf(read, proposal, because);
        var residency = read.Residency.Count > 0 || read.Elsewhere ? read.Residency : [.. Known(proposal.Residency, r => Residency.Find(r) is not null)];
        foreach (var place in residency.Except(read.Residency)) because.Add(new("region", place, By));
        var floor = Floor(read, kinds, connectors);
        var dataClass = ClassOf(read, proposal, kinds, connectors, floor);
        return read with
        {
            Kinds = kinds,
            Connectors = connectors,
            Residency = residency,
            Shape = shape,
            Floor = floor,
            DataClass = dataClass,
            Template = TemplateReader.Template(shape, dataClass, residency, kinds),
            Audience = read.Audience ?? Told(ClosedWord.TryParse<Audience>(proposal.Audience, out _) ? proposal.Audience : null, "audience", because),
            Purpose = read.Purpose ?? Told(Plain(proposal.Purpose), "purpose", because),
            Name = read.Name ?? Told(AppName.IsValid(proposal.Name) && proposal.Name!.Length <= PurposeWriter.LongestName ? proposal.Name : null, "name", because),
            TtlDays = read.TtlDays ?? (read.WithoutEnd ? null : proposal.TtlDays is >= 1 and <= LongestTtl ? proposal.TtlDays : null),
            CostCapUsd = read.CostCapUsd ?? (proposal.CostCapUsd is >= 0 and <= DearestCap ? proposal.CostCapUsd : null),
            MustAsk = Ask(read, shape, dataClass, residency),
            Because = [.. read.Because, .. because],
        };
    }

    private static List<string> KindsOf(Reading read, Proposal proposal, List<Because> because)
    {
        var kinds = read.Kinds.ToList();
        foreach (var kind in Known(proposal.Kinds, Kinds.Knows))
        {
            if (kinds.Contains(kind)) continue;
            // "None" and "published" are the person's to say: from a model they could only make something look harmless
            if (kind is "none" or "published") continue;
            kinds.Add(kind);
            because.Add(new("data", kind, By));
        }
        if (kinds.Any(k => Kinds.Rank(Kinds.ClassOf(k)) >= 1)) kinds.Remove("none");
        kinds.Sort(StringComparer.Ordinal);
        return kinds;
    }

    private List<string> ConnectorsOf(Reading read, Proposal proposal, List<Because> because)
    {
        var connectors = read.Connectors.ToList();
        if (connectors.Any(ConnectorReader.IsSource)) return connectors;
        foreach (var connector in Known(proposal.Connectors, c => lexicon.ClassOf(c) is not null))
        {
            // A way out of the house is opened by an address that the person wrote, by nothing else
            if (connector == Webhook || connectors.Contains(connector)) continue;
            connectors.Add(connector);
            because.Add(new("connectors", connector, By));
        }
        connectors.Sort(StringComparer.Ordinal);
        return connectors;
    }

    private string? Floor(Reading read, List<string> kinds, List<string> connectors)
    {
        var floor = read.Floor;
        foreach (var kind in kinds) floor = Kinds.Higher(floor, Kinds.ClassOf(kind));
        foreach (var connector in connectors) floor = Kinds.Higher(floor, lexicon.ClassOf(connector)?.ToText());
        return floor;
    }

    private static string? ClassOf(Reading read, Proposal proposal, List<string> kinds, List<string> connectors, string? floor)
    {
        if (kinds.Contains(DataKind.Credentials)) return null;
        var claimed = Kinds.Rank(proposal.DataClass) > Kinds.Rank(floor) ? proposal.DataClass : null;
        if (read.DataClass is null && kinds.Count == 0 && !connectors.Any(ConnectorReader.IsSource)) return claimed;
        var known = read.DataClass is null ? Kinds.Higher(floor, "internal") : Kinds.Higher(read.DataClass, floor);
        return Kinds.Higher(known, claimed);
    }

    // What the words left open stays a question, now with a proposal in it; only what kept it from having a shape is settled
    private static List<string> Ask(Reading read, string? shape, string? dataClass, IReadOnlyList<string> residency)
    {
        List<string> ask = [.. read.MustAsk];
        if (shape is not null) ask.Remove("template");
        if (dataClass == "regulated" && (residency.Count != 1 || read.Residency.Count == 0) && !ask.Contains("region")) ask.Add("region");
        return ask;
    }

    private static IEnumerable<string> Known(IReadOnlyList<string?>? said, Func<string, bool> known) => (said ?? []).Take(20).OfType<string>().Where(known).Distinct(StringComparer.Ordinal);

    private static string? Told(string? value, string slot, List<Because> because)
    {
        if (value is not null) because.Add(new(slot, value, By));
        return value;
    }

    private static string? Plain(string? purpose)
    {
        if (purpose is null) return null;
        var text = string.Join(' ', Message.Read(purpose).Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return text.Length is >= 3 and <= LongestPurpose ? text : null;
    }
}
