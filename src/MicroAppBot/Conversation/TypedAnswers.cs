using System.Globalization;
using System.Text.RegularExpressions;
using Governance.Intake;
using MicroAppBot.Conversation.Understanding;

namespace MicroAppBot.Conversation;

/// <summary>Answers typed in words: for the question that is open, or as a change to the summary.</summary>
public sealed partial class TypedAnswers(SlotReader slots)
{
    private static readonly Dictionary<string, string> Nothing = [];

    /// <summary>A slot that is none: then only what is said besides is read.</summary>
    private const string NoSlot = "";

    private static readonly HashSet<string> GoOn = new(StringComparer.OrdinalIgnoreCase) { "continue", "go on", "go on with it", "resume", "where were we", "weiter", "continuer", "continuar" };

    private static readonly HashSet<string> Submit = new(StringComparer.OrdinalIgnoreCase)
    {
        "submit", "yes", "y", "yes please", "ok", "okay", "go", "go ahead", "do it", "send it", "get it live", "ask for approval", "looks good", "perfect", "ja", "oui", "sí", "si", "that's right", "correct",
    };

    private static readonly HashSet<string> SeeAll = new(StringComparer.OrdinalIgnoreCase) { "show all answers", "show all my answers", "show everything", "all answers", "show my answers", "show the answers" };

    private static readonly HashSet<string> Undo = new(StringComparer.OrdinalIgnoreCase) { "take it back", "take that back", "undo", "bring it back", "bring my draft back", "give it back", "restore my draft", "oops" };

    /// <summary>Words that are a command whatever is being asked.</summary>
    private static readonly HashSet<string> Always = new(StringComparer.OrdinalIgnoreCase) { "help", "status", "my apps", "approvals", "templates", "policy", "kpis" };

    public static bool WantsToGoOn(string words) => GoOn.Contains(Bare(words));

    /// <summary>The draft that was dropped a moment ago.</summary>
    public static bool WantsItBack(string words) => Undo.Contains(Bare(words));

    public static bool WantsToSeeAll(string words) => SeeAll.Contains(Bare(words));

    public static bool WantsToSubmit(string words) => Submit.Contains(Bare(words));

    public static bool IsCommand(string words) => Always.Contains(Bare(words));

    /// <summary>Reads the words as answers, written as the cards' inputs send them.</summary>
    public Understood Understand(string words, Visit visit)
    {
        var (form, asking) = (visit.Talk.Form!, visit.Talk.Asking);
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var faults = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var slot in asking?.Slots ?? [NoSlot])
        {
            var read = slots.Read(slot, words, ContextOf(slot, form, visit));
            if (read.Command is { } command && (asking is null || asking.Slots.Count == 1)) return new Understood(Nothing, Nothing, command);
            foreach (var answer in read.Answers.Where(a => Slot.All.Contains(a.Slot))) values.TryAdd(answer.Slot, answer.Value);
            if (read.Refusal is { } refusal && slot != NoSlot) faults.TryAdd(slot, refusal);
        }
        foreach (var slot in asking is null ? NamedOnTheSummary(words) : [])
        {
            foreach (var answer in slots.Read(slot, words, ContextOf(slot, form, visit)).Answers.Where(a => a.Slot == slot)) values.TryAdd(slot, answer.Value);
        }
        if (asking?.Slots.Contains(Slot.Data) != true && values.TryGetValue(Slot.Data, out var besides))
        {
            // Said besides something else, data is added to what was said before; it is taken away only where it is the question
            values[Slot.Data] = WithWhatWasSaid(form, slots.Read(Slot.Data, words, ContextOf(Slot.Data, form, visit)).Of(Slot.Data) ?? besides);
        }
        foreach (var answered in values.Keys) faults.Remove(answered);
        return new Understood(values, faults, null);
    }

    private static string WithWhatWasSaid(IntakeForm form, string kinds)
    {
        var all = kinds.Split(',').Union(form.Kinds ?? []).ToList();
        if (all.Count > 1) all.Remove("none");
        return string.Join(',', all.Order(StringComparer.Ordinal));
    }

    /// <summary>On the summary a few words about days, money or the co-owner can only mean that answer ("make it 14 days"), however they are put.</summary>
    private static IEnumerable<string> NamedOnTheSummary(string words)
    {
        const int Few = 12;
        if (words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length > Few) yield break;
        if (Money().IsMatch(words)) yield return Slot.CostCapUsd;
        if (Days().IsMatch(words)) yield return Slot.TtlDays;
        if (CoOwner().IsMatch(words)) yield return Slot.CoOwner;
    }

    /// <summary>"no e-mails please, only names": a few words that take something away from the summary.</summary>
    public static bool TakesAway(string words) => words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length <= MostOfATakingAway && Away().IsMatch(words);

    private const int MostOfATakingAway = 10;

    [GeneratedRegex(@"^\W*(please |bitte )?(no|not|without|only|just|remove|drop|skip|leave out|take out|leave away|ohne|keine?n?|nur|sans|pas de|sin|solo)\b|\b(leave|take) (it|them|that|the [\w-]+) (out|away)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Away();

    [GeneratedRegex(@"\b\d+ ?(days?|weeks?|months?|tage?n?|wochen?|monate?|jours?|semaines?|mois|d[ií]as?|semanas?|mes(es)?)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Days();

    [GeneratedRegex(@"\$ ?\d|\d ?(\$|usd\b|dollars?\b|d[oó]lares\b)|\bcap\b.*\d", RegexOptions.IgnoreCase)]
    private static partial Regex Money();

    [GeneratedRegex(@"\bco-?owner\b|\bsecond owner\b|\bcopropri|\bmiteigent", RegexOptions.IgnoreCase)]
    private static partial Regex CoOwner();

    private static SlotContext ContextOf(string slot, IntakeForm form, Visit visit)
    {
        var facts = visit.Intake;
        var proposed = new Dictionary<string, string>(StringComparer.Ordinal);
        void Propose(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value)) proposed[name] = value;
        }

        Propose(Slot.CoOwner, Drafting.CoOwnerOf(form, facts));
        Propose(Slot.CostCentre, Drafting.CostCentreOf(form, facts));
        Propose(Slot.Department, Drafting.DepartmentOf(form, facts));
        Propose(Slot.TtlDays, Drafting.TtlOf(form, facts)?.ToString(CultureInfo.InvariantCulture));
        Propose(Slot.CostCapUsd, Drafting.CapOf(form, facts)?.ToString(CultureInfo.InvariantCulture));
        Propose(Slot.Region, string.Join(',', Drafting.ResidencyOf(form, facts)));
        Propose(slot, slot switch { Slot.Data => Join(form.Kinds), Slot.Connectors => Join(form.Connectors), Slot.Template => form.Template, Slot.Purpose => form.Purpose, _ => null });
        return new SlotContext
        {
            Kinds = form.Kinds ?? [],
            Connectors = form.Connectors ?? [],
            Proposed = proposed,
            People = [.. facts.People.Values.Where(p => p.Id != facts.Builder.Id && p.IsInDirectory).Select(p => new Candidate(p.Id, p.Name, p.Email))],
        };
    }

    private static string? Join(IReadOnlyList<string>? ids) => ids is { Count: > 0 } ? string.Join(',', ids) : null;

    private static string Bare(string words) => words.Trim().TrimEnd('.', '!', ' ');
}

/// <param name="Values">Slot to value.</param>
/// <param name="Faults">Asked slots that could not be read, with what to say about it.</param>
/// <param name="Command">A wish instead of an answer (<see cref="Intents"/>); then there is nothing else.</param>
public sealed record Understood(IReadOnlyDictionary<string, string> Values, IReadOnlyDictionary<string, string> Faults, string? Command);
