using System.Text.Json.Nodes;
using Governance.Catalogue;
using Governance.Intake;
using Governance.Manifests;
using Governance.People;
using Governance.Requests;
using Governance.Verdicts;

namespace MicroAppBot.Conversation.Wording;

/// <summary>What the cards of the intake say: questions and the summary.</summary>
public static class IntakeCards
{
    // Together with a card's frame and sixteen answers these stay below 28 KB, also where every second character has to be escaped
    private const int LongestTightAnswer = 200, LongestTightFinding = 220, MostTightFindings = 6, MostTightReasons = 4;

    /// <param name="typed">What was typed or picked and could not be taken, by slot: kept in the inputs.</param>
    /// <param name="errors">What is wrong with it, by slot.</param>
    public static JsonObject Question(
        Question question, IntakeForm form, IntakeFacts facts, int number, bool canGoBack, string? understood,
        IReadOnlyDictionary<string, string>? typed = null, IReadOnlyDictionary<string, string>? errors = null)
    {
        var data = new JsonObject
        {
            ["ids"] = new JsonObject { ["draft"] = form.AppId },
            ["title"] = Title(question, form),
            ["fields"] = new JsonArray([.. question.Slots.Select(slot =>
            {
                var field = IntakeFields.Field(slot, form, facts);
                if (typed?.GetValueOrDefault(slot) is { } kept) field["value"] = kept;
                if (errors?.GetValueOrDefault(slot) is { } error) field["error"] = error;
                return (JsonNode)field;
            })]),
            ["canGoBack"] = canGoBack,
        };
        if (Why(question) is { } why) data["why"] = why;
        if (question.Id == "edit") data["submit"] = "Save";
        // What an answer changed on the summary brings up is not one of the first four
        else if (number <= Questions.Most) data["progress"] = $"Question {number} of at most {Questions.Most}";
        if (understood is { Length: > 0 }) data["understood"] = understood;
        if (question.Slots is [Slot.Connectors]) data["suggestions"] = new JsonArray(new JsonObject { ["title"] = "It needs none", ["slot"] = Slot.Connectors, ["value"] = "none" });
        return data;
    }

    /// <param name="preview">The request as it would stand after submitting: its state says what the button does.</param>
    /// <param name="usually">"It usually takes about 5 hours.", from this installation's own history; null when there is none.</param>
    public static JsonObject Summary(IntakeForm form, IntakeFacts facts, Manifest manifest, Request preview, Addressee reader, string? usually, string? lead)
    {
        var report = preview.File.Report;
        var (icon, words) = Addressee.Verdict(report);
        var stopped = preview is Request.Stopped;
        var seats = preview.AllSeats;
        var data = new JsonObject
        {
            // What is filed is what this card shows. Not among the ids: on each of its many buttons they would cost the card a row
            ["draft"] = form.AppId,
            ["shown"] = ManifestHash.Of(manifest),
            ["title"] = manifest.App.Title ?? manifest.App.Name,
            ["lead"] = (lead, stopped) switch
            {
                (null, true) => "Almost there: something does not fit the rules yet. Each point below says what would.",
                (null, false) => "Here is what I understood. Change anything that is not right.",
                (_, true) => $"{lead} Like this it does not fit the rules; each point below says what would.",
                _ => lead,
            },
            ["answers"] = Rows(Answers(form, facts, manifest, reader)),
            ["dataClass"] = new JsonObject { ["label"] = manifest.App.DataClass.ToString(), ["why"] = ClassWhy(form, facts, manifest) },
            ["risk"] = reader.Risk(report.Risk),
            ["policy"] = new JsonObject { ["icon"] = icon, ["words"] = words, ["findings"] = reader.Findings(report.Findings, true) },
            ["route"] = stopped ? "Nobody is asked as long as a rule stops it." : Route(seats, usually),
            ["submit"] = seats.Count == 0 ? "Get it live" : "Ask for approval",
            ["stopped"] = stopped,
        };
        if (seats.Count > 0) data["asked"] = RequestCards.SeatRows(preview, reader);
        data["tight"] = Tight(Answers(form, facts, manifest, reader), report, reader, words, icon);
        return data;
    }

    /// <summary>Every answer in full, and all that the rules say: to read where the summary had to be short.</summary>
    public static JsonObject Whole(IntakeForm form, IntakeFacts facts, Manifest manifest, PolicyReport report, Addressee reader) => new()
    {
        ["title"] = manifest.App.Title ?? manifest.App.Name,
        ["lead"] = "Every answer in full, as it will be filed.",
        ["answers"] = Rows(Answers(form, facts, manifest, reader).SelectMany(answer => answer.Slot == Slot.Connectors && manifest.Integrations.Count > 0
            // One line each: what nine systems hold is longer than a line of a card may be
            ? manifest.Integrations.Select(i => answer with { Value = ManifestWords.Connection(i, reader.Catalogue) })
            : [answer])),
        ["findings"] = reader.Findings(report.Findings, false),
    };

    /// <summary>The summary in fewer words, for when it does not fit a card: each answer is there and can be changed, and the whole is one click away.</summary>
    private static JsonObject Tight(IReadOnlyList<Answer> answers, PolicyReport report, Addressee reader, string words, string icon)
    {
        var findings = reader.Findings(report.Findings.Take(MostTightFindings), true);
        foreach (var finding in findings.OfType<JsonObject>())
        {
            if (finding["slot"]?.ToString() is { } slot) finding["message"] = $"{IntakeFields.Label(slot)}: {finding["message"]}";
            finding.Remove("slot");
            foreach (var text in (string[])["message", "fix"])
            {
                if (finding[text]?.ToString() is { Length: > LongestTightFinding } said) finding[text] = InWords.Cut(said, LongestTightFinding - 1) + "…";
            }
        }
        var left = report.Findings.Count - findings.Count;
        var risk = reader.Risk(report.Risk);
        risk["reasons"] = new JsonArray([.. report.Risk.Factors.Take(MostTightReasons).Select(f => (JsonNode)f.Why)]);
        return new JsonObject
        {
            ["answers"] = Rows(answers.Select(a => a.Value.Length <= LongestTightAnswer ? a : a with { Value = InWords.Cut(a.Value, LongestTightAnswer - 1).TrimEnd(' ', ',', ';') + "…" })),
            ["chooser"] = new JsonArray([.. answers.Select(a => (JsonNode)new JsonObject { ["title"] = a.Label, ["value"] = a.Slot })]),
            ["whole"] = left > 0 ? $"Show all answers, and {InWords.Count(left, "more finding")}" : "Show all answers",
            ["risk"] = risk,
            ["policy"] = new JsonObject { ["icon"] = icon, ["words"] = words, ["findings"] = findings },
        };
    }

    private static string Route(IReadOnlyList<Seat> seats, string? usually) => seats.Count == 0
        ? "Nobody needs to be asked. It is live a moment after you click."
        : $"{InWords.Count(seats.Count, "person signs", "people sign")} before it goes live. {usually ?? "I remind them if it takes long."}"
            + (seats.Any(s => s.Waives.Contains(Seat.KindsCorrected)) ? " Security confirms that it holds less sensitive data than was asked for before." : "");

    private static string Title(Question question, IntakeForm form) => question.Id switch
    {
        "what" => form.Purpose is null ? "What do you need?" : "What kind of app is it?",
        "data" => "What will it show or store?",
        "sources" => "Where does its data come from?",
        "details" => "A few details",
        _ => question.Slots.Count == 1 ? $"Change: {IntakeFields.Label(question.Slots[0])}" : "Change your answers",
    };

    private static string? Why(Question question) => question.Id switch
    {
        "what" => "So that I can start from the right place.",
        "data" => "This decides how well it has to be protected. Tick all that apply; \"No data at all\" is fine too.",
        "sources" => "I open exactly these connections and no others.",
        "details" => "These are the last ones.",
        _ => null,
    };

    private static string ClassWhy(IntakeForm form, IntakeFacts facts, Manifest manifest)
    {
        var declared = manifest.App.DataClass;
        if (form.RaisedClass == declared && declared > Drafting.NeededClassOf(form, facts)) return "You chose this class. It may be higher than the data needs, never lower.";
        var deciding = manifest.Data.Kinds.Select(DataKind.Find).OfType<DataKind>().Where(k => k.Lowest == declared).Select(k => k.Id).ToList();
        if (deciding.Count > 0 && declared > DataClass.Internal) return $"Because it shows or stores {ManifestWords.Kinds(deciding)}.";
        var fields = manifest.Integrations.Where(i => facts.Catalogue.Connector(i.Connector)?.ClassOf(i.Fields) == declared).Select(i => facts.Catalogue.Connector(i.Connector)!.Title).ToList();
        if (fields.Count > 0 && declared > DataClass.Internal) return $"Because of what it reads from {InWords.List(fields)}.";
        return declared == DataClass.Public ? "Everything in it is published already." : "For colleagues only, and nothing in it is sensitive.";
    }

    private static JsonArray Rows(IEnumerable<Answer> answers) =>
        new([.. answers.Select(a => (JsonNode)new JsonObject { ["label"] = a.Label, ["value"] = a.Value, ["slot"] = a.Slot })]);

    private static List<Answer> Answers(IntakeForm form, IntakeFacts facts, Manifest manifest, Addressee reader)
    {
        var rows = new List<Answer>();
        void Add(string slot, string value) => rows.Add(new Answer(slot, IntakeFields.Label(slot), value));
        Add(Slot.Title, manifest.App.Title ?? manifest.App.Name);
        Add(Slot.Name, manifest.App.Name);
        if (manifest.App.Purpose is { Length: > 0 } purpose) Add(Slot.Purpose, purpose);
        Add(Slot.Template, reader.Catalogue.Template(manifest.App.Template)?.Title ?? manifest.App.Template);
        Add(Slot.Data, ManifestWords.Kinds(manifest));
        Add(Slot.Connectors, ManifestWords.Connections(manifest, reader.Catalogue));
        if (form.Destination is { } destination && form.Connectors?.Contains("external-webhook") == true) Add(Slot.Destination, destination);
        Add(Slot.Region, InWords.List([.. manifest.Data.Residency.Select(r => Residency.Find(r)?.Name ?? r)]));
        Add(Slot.Environment, reader.Catalogue.Environment(manifest.Environment)?.Title ?? manifest.Environment);
        Add(Slot.Audience, ManifestWords.Users(manifest));
        Add(Slot.CoOwner, manifest.App.CoOwner is { } co ? reader.FullName(co) : "not said");
        Add(Slot.CostCentre, manifest.App.CostCentre ?? "not said");
        Add(Slot.TtlDays, manifest.Lifecycle.TtlDays is { } days ? InWords.Count(days, "day") : "not said");
        Add(Slot.CostCapUsd, manifest.Cost.CapUsd is { } cap ? InWords.Usd(cap) + " a month" : "not said");
        if (form.Justification is { Length: > 0 } justification) Add(Slot.Justification, justification);
        return rows;
    }

    private sealed record Answer(string Slot, string Label, string Value);
}
