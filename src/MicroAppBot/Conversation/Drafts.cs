using Governance.Catalogue;
using Governance.Intake;
using Governance.Manifests;
using Governance.People;
using MicroAppBot.Conversation.Understanding;
using MicroAppBot.Conversation.Wording;

namespace MicroAppBot.Conversation;

/// <summary>From what was understood of a sentence to a draft.</summary>
public static class Drafts
{
    /// <summary>The draft that the words propose. Each value goes the way of a typed answer; what does not pass is asked.</summary>
    public static IntakeForm From(Reading reading, string appId, IntakeFacts facts)
    {
        var form = new IntakeForm { AppId = appId, BuilderId = facts.Builder.Id };
        var asked = new List<string>(reading.MustAsk.Where(s => Slot.All.Contains(s)));
        void Put(string slot, string? value)
        {
            if (string.IsNullOrEmpty(value)) return;
            var answered = Answers.Put(form, slot, value, facts);
            form = answered.Form;
            if (answered.Fault is not null && slot is Slot.Data or Slot.Template or Slot.Connectors) asked.Add(slot);
        }

        var asks = asked.ToHashSet(StringComparer.Ordinal);
        if (!asks.Contains(Slot.Template) || reading.Shape is not null) Put(Slot.Template, reading.Shape ?? reading.Template);
        if (!asks.Contains(Slot.Purpose)) Put(Slot.Purpose, Cut(reading.Purpose, 500));
        // Where the purpose has to be asked, the words hold no name either
        if (!asks.Contains(Slot.Purpose)) Put(Slot.Title, Cut(reading.Title, 80));
        if (reading.Kinds.Contains(DataKind.Credentials)) asked.Add(Slot.Data);
        Put(Slot.Data, string.Join(',', reading.Kinds.Where(k => k != DataKind.Credentials)));
        if (reading.Connectors.Count > 0) Put(Slot.Connectors, string.Join(',', reading.Connectors));
        // Where nothing was named and nothing is missing, it needs no source (a form, a lunch roulette)
        else if (!asks.Contains(Slot.Connectors) && form.Template is not null) Put(Slot.Connectors, "none");
        Put(Slot.Destination, reading.Destination);
        Put(Slot.Region, string.Join(',', reading.Residency));
        Put(Slot.Audience, reading.Audience);
        Put(Slot.Department, facts.Builder.IsInDirectory ? null : reading.Department);
        if (reading.TtlDays is { } days) Put(Slot.TtlDays, days.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (reading.CostCapUsd is { } cap) Put(Slot.CostCapUsd, cap.ToString(System.Globalization.CultureInfo.InvariantCulture));
        // Never lower than what the words allow, whatever the kinds that were understood need
        if (Higher(reading.DataClass, reading.Floor) is { } floor && floor > Drafting.NeededClassOf(form, facts) && floor > DataClass.Internal) Put(Slot.DataClass, floor.ToString());
        if (reading.WithoutEnd) asked.AddRange([Slot.TtlDays, Slot.Justification]);
        return form with { MustAsk = [.. asked.Distinct(StringComparer.Ordinal)], Evidence = [.. reading.Because.Select(b => $"{b.Slot}: {b.Value} (\"{b.Words}\")").Take(40)] };
    }

    /// <summary>What was understood so far in one sentence; empty when nothing was.</summary>
    public static string Understood(IntakeForm form, IntakeFacts facts)
    {
        var parts = new List<string>();
        if (Drafting.TemplateOf(form, facts) is { } template) parts.Add(Lower(template.Title));
        if (form.Kinds is { Count: > 0 } kinds && !kinds.SequenceEqual(["none"])) parts.Add($"with {ManifestWords.Kinds(kinds)}");
        if (form.Connectors is { Count: > 0 } connectors) parts.Add($"connected to {InWords.List([.. connectors.Select(c => facts.Catalogue.Connector(c)?.Title ?? c)])}");
        if (form.Residency is { Count: > 0 } home) parts.Add($"for people in {InWords.List([.. home.Select(r => Residency.Find(r)?.InASentence ?? r)])}");
        return parts.Count == 0 ? "" : $"So far I have: {string.Join(", ", parts)}.";
    }

    private static DataClass? Higher(string? one, string? other)
    {
        DataClass? Of(string? word) => Enum.TryParse<DataClass>(word, true, out var dataClass) ? dataClass : null;
        return (Of(one), Of(other)) switch { (null, var b) => b, (var a, null) => a, var (a, b) => a > b ? a : b };
    }

    private static string? Cut(string? text, int longest) => text is null ? null : InWords.Cut(text, longest);

    private static string Lower(string title) => title.Length > 1 && char.IsUpper(title[1]) ? title : char.ToLowerInvariant(title[0]) + title[1..];
}
