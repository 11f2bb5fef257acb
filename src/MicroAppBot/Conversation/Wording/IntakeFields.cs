using System.Globalization;
using System.Text.Json.Nodes;
using Governance.Catalogue;
using Governance.Intake;
using Governance.Manifests;
using Governance.People;

namespace MicroAppBot.Conversation.Wording;

/// <summary>One input of the intake for each slot: its label, kind, choices and what stands in it now.</summary>
public static class IntakeFields
{
    /// <summary>What a slot is called on cards.</summary>
    public static string Label(string slot) => slot switch
    {
        Slot.Title => "Name",
        Slot.Name => "Short name",
        Slot.Purpose => "What it is for",
        Slot.Template => "Kind of app",
        Slot.Data => "Data",
        Slot.DataClass => "How sensitive",
        Slot.Connectors => "Connects to",
        Slot.Fields => "What it reads",
        Slot.Access => "What it may do",
        Slot.Destination => "Sends to",
        Slot.Region => "Data stays in",
        Slot.Environment => "Runs in",
        Slot.Audience => "Who uses it",
        Slot.Department => "Department",
        Slot.CoOwner => "Co-owner",
        Slot.CostCentre => "Cost centre",
        Slot.TtlDays => "Lives for",
        Slot.CostCapUsd => "Monthly cap",
        Slot.Justification => "Your reason",
        _ => slot,
    };

    /// <summary>The input as the question card wants it, filled with the draft's value.</summary>
    public static JsonObject Field(string slot, IntakeForm form, IntakeFacts facts) => slot switch
    {
        Slot.Template => Choice(slot, "What kind of app is it?", form.Template, facts.Catalogue.Templates.Values
            .Where(t => t.Limits.Residency is null || t.Id == form.Template).OrderBy(t => t.Title, StringComparer.Ordinal).Select(t => ($"{t.Title}: {Lower(t.Summary)}", t.Id))),
        Slot.Title => Text(slot, "What shall it be called?", Drafting.TitleOf(form, facts), 80),
        Slot.Name => Text(slot, "Short name, for links", Drafting.NameOf(form, facts), AppName.LongestLabel, "Small letters, digits and hyphens."),
        Slot.Purpose => Text(slot, "What is it for?", form.Purpose, 500, "One sentence is enough.", multiline: true),
        Slot.Data => Many(slot, "Which of these does it show or store?", form.Kinds, DataKind.All.Where(k => !k.Never).Select(k => ($"{k.Label} ({k.Example})", k.Id))),
        Slot.DataClass => Choice(slot, "How sensitive is it?", Id(Drafting.ClassOf(form, facts)), Enum.GetValues<DataClass>().Where(c => c >= Drafting.NeededClassOf(form, facts)).Select(c => (c.ToString(), Id(c))), "It can be higher than the data needs, never lower."),
        Slot.Connectors => Many(slot, "Which systems does it use?", form.Connectors, facts.Catalogue.Connectors.Values
            .Where(c => c.IsOpenTo(Drafting.DepartmentOf(form, facts)) || form.Connectors?.Contains(c.Id) == true).OrderBy(c => c.Title, StringComparer.Ordinal).Select(c => ($"{c.Title}: {Lower(c.Summary)}", c.Id)), required: false),
        Slot.Fields => Many(slot, "What does it need from there?", Chosen(form, facts), (form.Connectors ?? []).Select(facts.Catalogue.Connector).OfType<Connector>()
            .SelectMany(c => c.Fields.Select(f => ($"{c.Title}: {Lower(f.Title)}", $"{c.Id}:{f.Name}")))),
        Slot.Access => Many(slot, "What may it do there?", Drafting.Integrations(form, facts).Select(i => $"{i.Connector}:{Id(i.Access)}"), (form.Connectors ?? []).Select(facts.Catalogue.Connector).OfType<Connector>()
            .SelectMany(c => c.Access.Select(a => ($"{c.Title}: {(a == ConnectorAccess.Read ? "read" : "write")}", $"{c.Id}:{Id(a)}")))),
        Slot.Destination => Text(slot, "Which outside address does it send to?", form.Destination, 253, "For example hooks.partner.example"),
        Slot.Region => Many(slot, "Where are the people whose data it is?", form.Residency ?? [], Residency.All.Select(r => (r.Name, r.Id)), hint: "The data stays there."),
        Slot.Environment => Choice(slot, "Where shall it run?", Drafting.EnvironmentOf(form, facts), facts.Catalogue.Environments.Values.OrderBy(e => e.Id, StringComparer.Ordinal).Select(e => ($"{e.Title}: up to {Lower(e.HighestClass.ToString())} data", e.Id))),
        Slot.Audience => Choice(slot, "Who will use it?", Id(form.Audience ?? Audience.Team), [("My team", "team"), ("My department", "department"), ("Everybody in the company", "company"), ("People outside the company", "external")]),
        Slot.Department => Choice(slot, "Which department is it for?", Drafting.DepartmentOf(form, facts), Department.All.Select(d => (Department.Named(d), d))),
        Slot.CoOwner => Choice(slot, "Who looks after it when you are away?", Drafting.CoOwnerOf(form, facts), Colleagues(form, facts)),
        Slot.CostCentre => Text(slot, "Which cost centre pays for it?", Drafting.CostCentreOf(form, facts), 40),
        Slot.TtlDays => Number(slot, "For how many days do you need it?", Drafting.TtlOf(form, facts), 1, 3650, Limit(form, facts)),
        Slot.CostCapUsd => Number(slot, "What may it cost a month at most, in USD?", Drafting.CapOf(form, facts), 0, 1_000_000, null),
        Slot.Justification => Text(slot, "Why is that needed?", form.Justification, 500, "Somebody will be asked to allow it; your reason helps them.", multiline: true),
        _ => Text(slot, Label(slot), null, 500),
    };

    private static IEnumerable<(string, string)> Colleagues(IntakeForm form, IntakeFacts facts)
    {
        var department = Drafting.DepartmentOf(form, facts);
        return facts.People.Values.Where(p => p.Id != facts.Builder.Id && p.IsInDirectory)
            .OrderBy(p => p.Department == department ? 0 : 1).ThenBy(p => p.Name, StringComparer.Ordinal).Take(60)
            .Select(p => ($"{p.Name} ({Department.Named(p.Department)})", p.Id));
    }

    private static IEnumerable<string> Chosen(IntakeForm form, IntakeFacts facts) =>
        Drafting.Integrations(form, facts).SelectMany(i => i.Fields.Select(f => $"{i.Connector}:{f}"));

    private static string? Limit(IntakeForm form, IntakeFacts facts) =>
        Drafting.TemplateOf(form, facts) is { } template ? $"Up to {InWords.Count(template.Limits.TtlDays, "day")} without asking anybody; it can be renewed." : null;

    private static JsonObject Text(string slot, string label, string? value, int longest, string? hint = null, bool multiline = false)
    {
        var field = Base(slot, "text", label, value, hint);
        field["maxLength"] = longest;
        if (multiline) field["multiline"] = true;
        return field;
    }

    private static JsonObject Number(string slot, string label, decimal? value, decimal min, decimal max, string? hint)
    {
        var field = Base(slot, "number", label, value?.ToString(CultureInfo.InvariantCulture), hint);
        field["min"] = min;
        field["max"] = max;
        return field;
    }

    private static JsonObject Choice(string slot, string label, string? value, IEnumerable<(string Title, string Value)> choices, string? hint = null)
    {
        var field = Base(slot, "choice", label, value, hint);
        field["choices"] = Choices(choices);
        return field;
    }

    private static JsonObject Many(string slot, string label, IEnumerable<string>? values, IEnumerable<(string Title, string Value)> choices, string? hint = null, bool required = true)
    {
        var field = Base(slot, "multi", label, values is null ? null : string.Join(',', values), hint);
        field["choices"] = Choices(choices);
        field["required"] = required;
        return field;
    }

    private static JsonObject Base(string slot, string kind, string label, string? value, string? hint)
    {
        var field = new JsonObject { ["id"] = slot, ["kind"] = kind, ["label"] = label, ["required"] = true };
        if (value is { Length: > 0 }) field["value"] = value;
        if (hint is not null) field["hint"] = hint;
        return field;
    }

    private static JsonArray Choices(IEnumerable<(string Title, string Value)> choices) =>
        new([.. choices.Select(c => (JsonNode)new JsonObject { ["title"] = c.Title, ["value"] = c.Value })]);

#pragma warning disable CA1308 // ids of the manifest are lower case
    private static string Id(Enum word) => word.ToString().ToLowerInvariant();
#pragma warning restore CA1308

    private static string Lower(string text) => text.Length > 1 && char.IsUpper(text[1]) ? text : char.ToLowerInvariant(text[0]) + text[1..];
}
