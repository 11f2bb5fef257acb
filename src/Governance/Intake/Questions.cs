using Governance.Catalogue;

namespace Governance.Intake;

/// <summary>What to ask next: slots that go on one card together.</summary>
/// <param name="Id">What the question is about: <c>what</c>, <c>data</c>, <c>sources</c>, <c>details</c>, or <c>edit</c>.</param>
/// <param name="Slots">Slots of <see cref="Slot"/>, in order.</param>
public sealed record Question(string Id, IReadOnlyList<string> Slots);

/// <summary>
/// Which questions are left. At most four (what, data, sources, details); with the opening sentence and the last click
/// no intake takes more than six turns.
/// </summary>
public static class Questions
{
    /// <summary>No draft is asked more than this.</summary>
    public const int Most = 4;

    private const string Webhook = "external-webhook";

    /// <summary>The next question; null when the draft is complete.</summary>
    public static Question? Next(IntakeForm form, IntakeFacts facts) => Open(form, facts).FirstOrDefault();

    /// <summary>All questions that are open now, in order; later ones may fall away by earlier answers.</summary>
    public static IEnumerable<Question> Open(IntakeForm form, IntakeFacts facts)
    {
        if (Asked([(Slot.Purpose, form.Purpose is null), (Slot.Template, facts.Catalogue.Template(form.Template) is null)]) is { Count: > 0 } what)
        {
            yield return new Question("what", what);
        }
        if (form.Kinds is not { Count: > 0 } || form.MustAsk.Contains(Slot.Data))
        {
            yield return new Question("data", [Slot.Data]);
        }
        if (form.Connectors is null || form.MustAsk.Contains(Slot.Connectors))
        {
            yield return new Question("sources", [Slot.Connectors]);
        }
        if (Details(form, facts) is { Count: > 0 } details)
        {
            yield return new Question("details", details);
        }
    }

    private static List<string> Details(IntakeForm form, IntakeFacts facts)
    {
        var template = Drafting.TemplateOf(form, facts);
        var regulated = Drafting.ClassOf(form, facts) == DataClass.Regulated;
        var department = Drafting.DepartmentOf(form, facts);
        return Asked(
        [
            (Slot.Destination, form.Connectors?.Contains(Webhook) == true && form.Destination is null),
            // Where regulated data is at home decides template, environment and who signs: never guessed
            (Slot.Region, form.Residency is not { Count: > 0 } && (regulated || form.MustAsk.Contains(Slot.Region))),
            (Slot.Region, form.Residency is { Count: > 1 } && form.MustAsk.Contains(Slot.Region)),
            (Slot.Fields, form.MustAsk.Contains(Slot.Fields) && form.Connectors is { Count: > 0 } && form.Fields.Count == 0),
            (Slot.Audience, form.MustAsk.Contains(Slot.Audience) && form.Audience is null),
            (Slot.TtlDays, form.MustAsk.Contains(Slot.TtlDays) && form.TtlDays is null),
            (Slot.CostCapUsd, form.MustAsk.Contains(Slot.CostCapUsd) && form.CapUsd is null),
            (Slot.Department, department is null),
            (Slot.CoOwner, Drafting.CoOwnerOf(form, facts) is null),
            (Slot.CostCentre, Drafting.CostCentreOf(form, facts) is null),
            (Slot.Justification, form.Justification is null && WantsJustification(form, template)),
        ]);
    }

    /// <summary>A wish above the template's limit needs a reason, because somebody will be asked to allow it.</summary>
    private static bool WantsJustification(IntakeForm form, Template? template) =>
        template is not null && (form.TtlDays > template.Limits.TtlDays || form.CapUsd > (template.Limits.CapUsd ?? decimal.MaxValue) || form.MustAsk.Contains(Slot.Justification));

    private static List<string> Asked((string Slot, bool Missing)[] slots) => [.. slots.Where(s => s.Missing).Select(s => s.Slot).Distinct(StringComparer.Ordinal)];
}
