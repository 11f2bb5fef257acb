using System.Globalization;
using System.Text;
using Governance.Catalogue;
using Governance.Manifests;
using Governance.People;

namespace Governance.Intake;

/// <summary>What became of an answer: the form with it, or what is wrong with it in words for the person.</summary>
public sealed record Answered(IntakeForm Form, string? Fault = null);

/// <summary>
/// Takes answers into the form. Every answer comes here, whoever gave it: a card's input, typed words that were
/// understood, or a model's proposal. Values are ids as the cards' inputs send them; lists are separated by commas.
/// </summary>
public static class Answers
{
    /// <summary>The longest sum that is an amount and not a slip of the finger.</summary>
    private const decimal MostUsd = 1_000_000;

    private const int MostDays = 3650;

    public static Answered Put(IntakeForm form, string slot, string value, IntakeFacts facts)
    {
        var answered = Take(form, slot, value, facts);
        // What was asked although there was a proposal is asked no more
        return answered.Fault is not null ? answered : new(answered.Form with { MustAsk = [.. answered.Form.MustAsk.Where(s => s != slot)] });
    }

    private static Answered Take(IntakeForm form, string slot, string value, IntakeFacts facts)
    {
        var text = Clean(value);
        return slot switch
        {
            Slot.Template => facts.Catalogue.Template(text) is { } template
                ? new(form with { Template = template.Id })
                : Fault(form, "Please pick one of the kinds of app in the list."),
            Slot.Name => AppName.IsValid(text) ? new(form with { Name = text }) : NameFault(form, text),
            Slot.Title => SaysSomething(text) && text.Length <= 80 ? new(form with { Title = text }) : Fault(form, "A name has 1 to 80 characters, a letter or a digit among them."),
            Slot.Purpose => Words(form, text, "Please say in a sentence what it is for.", words => form with { Purpose = words }),
            Slot.Justification => Words(form, text, "Please say in a few words why.", words => form with { Justification = words }),
            Slot.Audience => Word<Audience>(text) is { } audience ? new(form with { Audience = audience }) : Fault(form, "Please pick who will use it."),
            Slot.Department => Department.IsKnown(text) ? new(form with { Department = text }) : Fault(form, "Please pick one of the departments in the list."),
            Slot.Data => Kinds(form, List(value)),
            Slot.DataClass => Class(form, text, facts),
            Slot.Connectors => Connectors(form, List(value), facts),
            Slot.Fields => Fields(form, List(value), facts),
            Slot.Access => Access(form, List(value), facts),
            Slot.Destination => Host(text) is { } host ? new(form with { Destination = host }) : Fault(form, "Please give a web address, such as hooks.partner.example."),
            Slot.Region => Region(form, List(value)),
            Slot.Environment => facts.Catalogue.Environment(text) is { } place ? new(form with { Environment = place.Id }) : Fault(form, "Please pick one of the places in the list."),
            Slot.CoOwner => CoOwner(form, text, facts),
            Slot.CostCentre => text.Length is > 0 and <= 40 ? new(form with { CostCentre = text }) : Fault(form, "Please give the cost centre, such as MKT-120."),
            Slot.TtlDays => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days is >= 1 and <= MostDays
                ? new(form with { TtlDays = days })
                : Fault(form, $"Please give a whole number of days, from 1 to {MostDays}."),
            Slot.CostCapUsd => decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var cap) && cap is >= 0 and <= MostUsd
                ? new(form with { CapUsd = cap })
                : Fault(form, "Please give an amount in USD a month, such as 50."),
            _ => Fault(form, "I do not know this question."),
        };
    }

    private static Answered Kinds(IntakeForm form, IReadOnlyList<string> ids)
    {
        if (ids.Count == 0) return Fault(form, "Please tick at least one; \"No data at all\" is fine too.");
        if (ids.Contains(DataKind.Credentials)) return Fault(form, "An app can never hold passwords or access keys: those belong into the vault. Please leave them out.");
        if (ids.Any(id => DataKind.Find(id) is null)) return Fault(form, "Please pick from the list.");
        if (ids.Count > 1 && ids.Contains("none")) return Fault(form, "\"No data at all\" goes alone. Please tick either that, or what it does show.");
        // The place that was right for other data may be wrong for this: it is proposed afresh
        return new(form with { Kinds = ids, Environment = null });
    }

    private static Answered Class(IntakeForm form, string text, IntakeFacts facts)
    {
        if (Word<DataClass>(text) is not { } wanted) return Fault(form, "Please pick one of the classes in the list.");
        var needed = Drafting.NeededClassOf(form, facts);
        return wanted < needed
            ? Fault(form, $"Its data is {needed.ToText()}, so the class cannot be lower. If that is wrong, correct what data it shows.")
            : new(form with { RaisedClass = wanted, Environment = null });
    }

    private static Answered Connectors(IntakeForm form, IReadOnlyList<string> ids, IntakeFacts facts)
    {
        if (ids is ["none"]) ids = [];
        if (ids.FirstOrDefault(id => facts.Catalogue.Connector(id) is null) is not null) return Fault(form, "Please pick from the list.");
        return new(form with
        {
            Connectors = ids,
            Fields = form.Fields.Where(f => ids.Contains(f.Key)).ToDictionary(StringComparer.Ordinal),
            Access = form.Access.Where(a => ids.Contains(a.Key)).ToDictionary(StringComparer.Ordinal),
            Destination = ids.Contains("external-webhook") ? form.Destination : null,
        });
    }

    private static Answered Fields(IntakeForm form, IReadOnlyList<string> pairs, IntakeFacts facts)
    {
        var fields = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var group in Pairs(pairs).GroupBy(p => p.Id))
        {
            var connector = facts.Catalogue.Connector(group.Key);
            if (connector is null || form.Connectors?.Contains(group.Key) != true || group.Any(p => connector.Field(p.Word) is null)) return Fault(form, "Please pick from the list.");
            fields[group.Key] = [.. group.Select(p => p.Word).Distinct(StringComparer.Ordinal)];
        }
        var without = (form.Connectors ?? []).FirstOrDefault(c => !fields.ContainsKey(c));
        return without is not null
            ? Fault(form, $"Please tick at least one thing from {facts.Catalogue.Connector(without)?.Title ?? without}, or take it out of what the app connects to.")
            : new(form with { Fields = fields });
    }

    private static Answered Access(IntakeForm form, IReadOnlyList<string> pairs, IntakeFacts facts)
    {
        var access = new Dictionary<string, ConnectorAccess>(form.Access, StringComparer.Ordinal);
        foreach (var group in Pairs(pairs).GroupBy(p => p.Id))
        {
            var connector = facts.Catalogue.Connector(group.Key);
            var words = group.Select(p => Word<ConnectorAccess>(p.Word)).ToList();
            if (connector is null || form.Connectors?.Contains(group.Key) != true || words.Any(w => w is null || !connector.Offers(w.Value))) return Fault(form, "Please pick from the list.");
            // Whoever may write may read what they wrote: the higher one is the one declared
            access[group.Key] = words.Max()!.Value;
        }
        return new(form with { Access = access });
    }

    private static Answered Region(IntakeForm form, IReadOnlyList<string> ids) => ids.Count == 0 || ids.Any(id => Residency.Find(id) is null)
        ? Fault(form, "Please pick where the people are whose data it is.")
        : new(form with { Residency = ids, Environment = null });

    private static Answered CoOwner(IntakeForm form, string id, IntakeFacts facts)
    {
        if (!facts.People.TryGetValue(id, out var person) || !person.IsInDirectory) return Fault(form, "Please pick a colleague from the list.");
        return person.Id == form.BuilderId ? Fault(form, "The co-owner is somebody else than you: they answer when you are away.") : new(form with { CoOwner = person.Id });
    }

    private static Answered NameFault(IntakeForm form, string text) => Fault(form, AppName.From(text) is { } near
        ? $"A short name has only small letters, digits and hyphens. How about {near}?"
        : "A short name has 1 to 63 small letters, digits and hyphens.");

    /// <summary>The host of a web address, lower case; null when it is none.</summary>
    private static string? Host(string text)
    {
        var url = text.Contains("://", StringComparison.Ordinal) ? text : "https://" + text;
        return Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Host.Contains('.', StringComparison.Ordinal) && address.UserInfo.Length == 0
            && address.Scheme is "https" or "http" && address.HostNameType is UriHostNameType.Dns && IsName(address.IdnHost) ? address.IdnHost.TrimEnd('.').ToLowerInvariant() : null;
    }

    // "crm.example.com." is the same host with another spelling, and the rules compare spellings
    private static bool IsName(string host) => host.TrimEnd('.') is { Length: > 0 and <= 253 } name && name.Contains('.', StringComparison.Ordinal)
        && name.Split('.').All(label => label.Length is > 0 and <= 63 && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'));

    private static IEnumerable<(string Id, string Word)> Pairs(IEnumerable<string> pairs) =>
        pairs.Select(p => p.Split(':', 2)).Select(p => (p[0], p.Length > 1 ? p[1] : ""));

    private static List<string> List(string value) =>
        [.. value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal).Take(100)];

    /// <summary>Without control characters, line separators, halves of characters and marks that turn the writing direction, and with single spaces.</summary>
    private static string Clean(string value) => string.Join(' ', string.Concat(value.EnumerateRunes().Select(r =>
        Rune.IsControl(r) || r.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0x200E or 0x200F or 0x061C or 0x2028 or 0x2029 or 0xFFFD ? " " : r.ToString()))
        .Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static Answered Words(IntakeForm form, string text, string ask, Func<string, IntakeForm> put) =>
        text.Length < 3 || !SaysSomething(text) ? Fault(form, ask) : text.Length > 500 ? Fault(form, "Please keep it to 500 characters.") : new(put(text));

    /// <summary>Dots and marks nobody can see are no words.</summary>
    private static bool SaysSomething(string text) => text.EnumerateRunes().Any(Rune.IsLetterOrDigit);

    /// <summary>A word of a closed list, in any case; a number is none.</summary>
    private static T? Word<T>(string text) where T : struct, Enum => ClosedWord.TryParse<T>(text.ToLowerInvariant(), out var word) ? word : null;

    private static Answered Fault(IntakeForm form, string words) => new(form, words);
}
