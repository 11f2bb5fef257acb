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
            ["lead"] = lead ?? (stopped
                ? "Almost there: something does not fit the rules yet. Each point below says what would."
                : "Here is what I understood. Change anything that is not right."),
            ["answers"] = Answers(form, facts, manifest, reader),
            ["dataClass"] = new JsonObject { ["label"] = manifest.App.DataClass.ToString(), ["why"] = ClassWhy(form, facts, manifest) },
            ["risk"] = reader.Risk(report.Risk),
            ["policy"] = new JsonObject { ["icon"] = icon, ["words"] = words, ["findings"] = reader.Findings(report.Findings, true) },
            ["route"] = stopped ? "Nobody is asked as long as a rule stops it." : Route(seats, usually),
            ["submit"] = seats.Count == 0 ? "Get it live" : "Ask for approval",
            ["stopped"] = stopped,
        };
        if (seats.Count > 0) data["asked"] = RequestCards.SeatRows(preview, reader);
        return data;
    }

    private static string Route(IReadOnlyList<Seat> seats, string? usually) => seats.Count == 0
        ? "Nobody needs to be asked. It is live a moment after you click."
        : $"{InWords.Count(seats.Count, "person signs", "people sign")} before it goes live. {usually ?? "I remind them if it takes long."}";

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
        var deciding = manifest.Data.Kinds.Select(DataKind.Find).OfType<DataKind>().Where(k => k.Lowest == declared).Select(k => k.Spoken).ToList();
        if (deciding.Count > 0 && declared > DataClass.Internal) return $"Because it shows or stores {InWords.List(deciding)}.";
        var fields = manifest.Integrations.Where(i => facts.Catalogue.Connector(i.Connector)?.ClassOf(i.Fields) == declared).Select(i => facts.Catalogue.Connector(i.Connector)!.Title).ToList();
        if (fields.Count > 0 && declared > DataClass.Internal) return $"Because of what it reads from {InWords.List(fields)}.";
        return declared == DataClass.Public ? "Everything in it is published already." : "For colleagues only, and nothing in it is sensitive.";
    }

    private static JsonArray Answers(IntakeForm form, IntakeFacts facts, Manifest manifest, Addressee reader)
    {
        var rows = new JsonArray();
        void Add(string slot, string value) => rows.Add(new JsonObject { ["label"] = IntakeFields.Label(slot), ["value"] = value, ["slot"] = slot });
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
}
