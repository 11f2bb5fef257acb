using System.Globalization;
using Governance.Catalogue;
using Governance.Intake;
using Governance.Manifests;

namespace MicroAppBot.Conversation.Understanding;

/// <summary>Reads an answer in words for any slot of the intake, and whatever else was said with it. No model, no guess: what it does not read, it says.</summary>
public sealed class SlotReader(Lexicon lexicon, ServiceCatalogue catalogue)
{
    private static readonly string[] Ways = [Intents.Cancel, Intents.Back, Intents.StartOver, Intents.Help];
    private const int LongestText = 500;

    /// <summary>Reads <paramref name="text"/> as the answer to the question about <paramref name="slot"/>.</summary>
    /// <param name="slot">A slot of <see cref="Slot"/>.</param>
    public SlotReading Read(string slot, string text, SlotContext context)
    {
        var message = Message.Read(text ?? "");
        var sight = new Sight(message, lexicon, Finder.Find(message, lexicon));
        if (CommandReader.Read(sight, []) is { App: null } command && Ways.Contains(command.Intent)) return new([], Command: command.Intent);
        Negation.Apply(sight);
        var clean = Written(message);
        if (clean.Length == 0) return new([], SlotWords.Nothing(slot));
        if (Wish(sight) is { } wish && slot is not (Slot.Purpose or Slot.Justification or Slot.Name or Slot.Title)) return new([], Command: wish);
        var (value, refusal) = IsOnly(sight, "same") && context.Proposed.TryGetValue(slot, out var before) ? (before, null)
            : IsOnly(sight, "unsure") ? (null, SlotWords.Unsure(slot))
            : Chosen(sight, context) ?? Value(slot, sight, clean, context);
        List<SlotAnswer> answers = [];
        if (value is not null) answers.Add(new(slot, value, clean));
        if (slot is Slot.Name && value is not null && TitleOf(clean) is { Length: > 0 and <= 80 } title && title != value) answers.Add(new(Slot.Title, title, clean));
        answers.AddRange(Besides(slot, sight, context));
        return new(answers, value is null ? refusal ?? SlotWords.NotRead(slot) : null);
    }

    private (string? Value, string? Refusal) Value(string slot, Sight sight, string text, SlotContext context) => slot switch
    {
        Slot.Template => (TemplateOf(sight, text), null),
        Slot.Name => (AppName.IsValid(TitleOf(text)) ? TitleOf(text) : AppName.From(TitleOf(text)), null),
        Slot.Title => (TitleOf(text) is { Length: > 0 and <= 80 } title ? title : null, null),
        Slot.Purpose or Slot.Justification => (text.Length is >= 3 and <= LongestText && !IsOnly(sight, "yes") && !IsOnly(sight, "no") && !IsOnly(sight, "none") ? text : null, text.Length > LongestText ? SlotWords.TooLong : null),
        Slot.Audience => (AudienceReader.Read(sight) ?? Exactly(text, ClosedWord.All<Audience>()), null),
        Slot.Department => (sight.Of(Facet.Department).FirstOrDefault()?.Id ?? Exactly(text, global::Governance.People.Department.All), null),
        Slot.Data => KindsOf(sight, context),
        Slot.DataClass => (sight.Of(Facet.DataClass).MaxBy(m => Kinds.Rank(m.Id))?.Id, null),
        Slot.Connectors => ConnectorsOf(sight, context),
        Slot.Fields => FieldAnswers.Fields(sight, catalogue, context),
        Slot.Access => FieldAnswers.Access(sight, catalogue, context),
        Slot.Destination => (sight.Message.Hosts.Count > 0 ? sight.Message.Hosts[0] : null, null),
        Slot.Region => RegionOf(sight),
        Slot.Environment => (EnvironmentOf(text), null),
        Slot.CoOwner => PersonReader.Read(sight.Message, text, context.People),
        Slot.CostCentre => (CostCentreOf(sight.Message), null),
        Slot.TtlDays => DaysOf(sight),
        Slot.CostCapUsd => CapOf(sight),
        _ => (null, "I do not know this question."),
    };

    private IEnumerable<SlotAnswer> Besides(string asked, Sight sight, SlotContext context)
    {
        // Free text may hold any word of the catalogue without meaning it as an answer
        if (asked is Slot.Purpose or Slot.Justification or Slot.Name or Slot.Title) yield break;
        if (asked is not (Slot.Data or Slot.Fields) && DataReader.Read(sight, []) is { Count: > 0 } kinds && !kinds.Contains(DataKind.Credentials)) yield return new(Slot.Data, string.Join(',', kinds), Words(sight, "data"));
        if (asked is not (Slot.Connectors or Slot.Access or Slot.Fields or Slot.Destination) && ConnectorReader.Named(sight) is { Count: > 0 } named)
            yield return new(Slot.Connectors, string.Join(',', ConnectorReader.Read(sight, named, context.Kinds.Count > 0 ? context.Kinds : DataReader.Read(sight, named), null, ConnectorReader.Outside(sight))), Words(sight, "connectors"));
        var environment = asked is Slot.CoOwner ? null : EnvironmentOf(sight.Message.Text);
        if (asked is not Slot.Environment && environment is not null) yield return new(Slot.Environment, environment, environment);
        // "Run it in Internal EU" says where it runs, and nothing of where the people are
        if (asked is not (Slot.Region or Slot.CoOwner or Slot.Environment) && environment is null && PlaceReader.Read(sight) is { Residencies.Count: > 0 } places) yield return new(Slot.Region, string.Join(',', places.Residencies), Words(sight, "region"));
        if (asked is not (Slot.Audience or Slot.CoOwner or Slot.Department) && AudienceReader.Read(sight) is { } audience) yield return new(Slot.Audience, audience, Words(sight, "audience"));
        if (asked is not Slot.TtlDays && Quantities.Lifetime(sight, isCampaign: false) is { Days: { } days }) yield return new(Slot.TtlDays, Text(days), Words(sight, "ttlDays"));
        if (asked is not Slot.CostCapUsd && Quantities.Cap(sight) is { Usd: { } usd }) yield return new(Slot.CostCapUsd, Text(usd), Words(sight, "costCapUsd"));
        if (asked is not (Slot.Destination or Slot.CoOwner) && ConnectorReader.Outside(sight) is { } host) yield return new(Slot.Destination, host, host);
    }

    private string? TemplateOf(Sight sight, string text) =>
        Exactly(text, [.. catalogue.Templates.Keys]) ?? catalogue.Templates.Values.FirstOrDefault(t => t.Title.Equals(text, StringComparison.OrdinalIgnoreCase))?.Id
        ?? (sight.Of(Facet.Template).FirstOrDefault(m => m.Id.StartsWith("regulated-", StringComparison.Ordinal))?.Id ?? TemplateReader.Shape(sight, hasData: false));

    private static (string?, string?) KindsOf(Sight sight, SlotContext context)
    {
        // "yes" and "no" answer the kind that was asked about; what is named besides counts as well
        HashSet<string> kinds = [.. context.Kinds];
        var said = DataReader.Read(sight, context.Connectors.Where(c => sight.Lexicon.Combine(c, "people").Count > 0).ToList());
        var named = sight.Has(Facet.Kind) || sight.Has(Facet.Field) || sight.Has(Facet.People);
        if (!named) said = [];
        else if (said.Count == 0) said = [.. sight.Of(Facet.Field).SelectMany(f => sight.Lexicon.Combine("answer", f.Id)).Distinct()];
        else if (!sight.Has(Facet.People) && context.Connectors.Count == 0) said = [.. said.Concat(sight.Of(Facet.Field).SelectMany(f => sight.Lexicon.Combine("answer", f.Id))).Distinct()];
        if (said.Contains(DataKind.Credentials)) return (null, SlotWords.Credentials);
        if (context.AskedKind is { } asked && Answer(sight) is { } answer)
        {
            if (answer == "yes") kinds.Add(asked); else kinds.Remove(asked);
            kinds.UnionWith(said);
        }
        else if (said.Count > 0) kinds = [.. said];
        else if (Answer(sight) is "no" or "none") kinds = ["none"];
        else if (IsOnly(sight, "yes")) return (null, SlotWords.WhichKinds);
        else return (null, null);
        if (kinds.Count > 1) kinds.Remove("none");
        return (kinds.Count == 0 ? "none" : string.Join(',', kinds.Order(StringComparer.Ordinal)), null);
    }

    private (string?, string?) ConnectorsOf(Sight sight, SlotContext context)
    {
        var named = ConnectorReader.Named(sight);
        var read = ConnectorReader.Read(sight, named, context.Kinds, null, ConnectorReader.Outside(sight));
        var byTitle = catalogue.Connectors.Values.Where(c => sight.Message.Text.Contains(c.Title, StringComparison.OrdinalIgnoreCase) || sight.Message.Text.Contains(c.Id, StringComparison.OrdinalIgnoreCase)).ToList();
        // A title that is part of a longer one that was said is not meant itself
        foreach (var c in byTitle.Where(c => !byTitle.Any(o => o != c && o.Title.Contains(c.Title, StringComparison.OrdinalIgnoreCase)) && !read.Contains(c.Id))) read.Add(c.Id);
        if (byTitle.Count > 0) read.RemoveAll(r => byTitle.All(c => c.Id != r) && byTitle.Any(c => c.MaskedTwin == r || catalogue.Connector(r)?.MaskedTwin == c.Id));
        read.RemoveAll(r => catalogue.Connector(r) is null);
        if (read.Count > 0) return (string.Join(',', read.Distinct().Order(StringComparer.Ordinal)), null);
        if (Answer(sight) is "no" or "none") return ("none", null);
        return (null, SlotWords.NoSuchSource(catalogue));
    }

    /// <summary>The environment that is named, by its id or its title, in any case and with or without the hyphen.</summary>
    private string? EnvironmentOf(string text)
    {
        var said = $" {Plain(text)} ";
        return catalogue.Environments.Values.Where(e => said.Contains($" {Plain(e.Id)} ", StringComparison.Ordinal) || said.Contains($" {Plain(e.Title)} ", StringComparison.Ordinal))
            .Select(e => e.Id).Order(StringComparer.Ordinal).FirstOrDefault();

        static string Plain(string words) => string.Join(' ', Message.Words(words.Replace('-', ' ')));
    }

    private static (string?, string?) RegionOf(Sight sight)
    {
        var (residencies, elsewhere) = PlaceReader.Read(sight);
        if (residencies.Count == 0 && sight.Message.Tokens.Count <= 4)
            residencies = [.. sight.Message.Tokens.Select(t => t.Word).Where(w => Residency.Find(w) is not null).Distinct()];
        return residencies.Count > 0 ? (string.Join(',', residencies), null) : (null, elsewhere ? SlotWords.Elsewhere : null);
    }

    private static (string?, string?) DaysOf(Sight sight)
    {
        if (sight.Of(Facet.Lifetime).Any(m => m.Id == "endless")) return (null, SlotWords.NoEnd);
        foreach (var span in Quantities.Spans(sight)) return (Text(span.Days), null);
        for (var i = 0; i < sight.Message.Tokens.Count; i++)
            if (Quantities.Number(sight, i) is { } n && n.Value >= 1 && n.Value == Math.Floor(n.Value) && n.Value < 100_000) return (Text((int)n.Value), null);
        return (null, null);
    }

    private static (string?, string?) CapOf(Sight sight)
    {
        foreach (var amount in Quantities.Amounts(sight)) return amount.Currency == "USD" ? (Text(amount.Value), null) : (null, SlotWords.OnlyUsd(amount.Currency));
        for (var i = 0; i < sight.Message.Tokens.Count; i++)
            if (char.IsDigit(sight.Message.Tokens[i].Word[0]) && Quantities.Number(sight, i) is { } n) return (Text(n.Value), null);
        for (var i = sight.Message.Tokens.Count - 1; i >= 0; i--)
            if (Quantities.Number(sight, i) is { Value: >= 5 } n) return (Text(n.Value), null);
        return (null, null);
    }

    private static (string? Value, string? Refusal)? Chosen(Sight sight, SlotContext context)
    {
        if (context.Choices.Count == 0 || sight.Message.Tokens.Count > 4) return null;
        var ordinal = sight.Of(Facet.Ordinal).FirstOrDefault();
        if (ordinal is null) return null;
        var at = ordinal.Id == "last" ? context.Choices.Count : int.Parse(ordinal.Id, CultureInfo.InvariantCulture);
        return at <= context.Choices.Count ? (context.Choices[at - 1], null) : null;
    }

    private static string? Wish(Sight sight)
    {
        if (sight.Message.Tokens.Count > 10) return null;
        var wish = sight.Of(Facet.Intent).FirstOrDefault(m => Ways.Contains(m.Id));
        return wish is not null && wish.First <= 1 ? wish.Id : null;
    }

    private static string? Answer(Sight sight) => sight.Of(Facet.Answer).Where(m => m.Id is "yes" or "no" or "none").MinBy(m => m.First)?.Id;

    // Said alone, at most with a filler or a please: "yes please", "the same"
    private static bool IsOnly(Sight sight, string answer)
    {
        var said = sight.Of(Facet.Answer).Where(m => m.Id == answer).ToList();
        var tokens = sight.Message.Tokens;
        return said.Count > 0 && Enumerable.Range(0, tokens.Count).All(i => said.Any(m => m.First <= i && m.Last >= i) || sight.Lexicon.IsFiller(tokens[i].Word) || tokens[i].Word is "please" or "pls" or "thanks" or "bitte" or "it" or "i" or "me" or "for" or "is" or "ok");
    }

    private static string TitleOf(string text)
    {
        foreach (var lead in (string[])["call it ", "let's call it ", "name it ", "the name is ", "name: ", "it's called ", "we call it ", "nenn es ", "appelle-la ", "llámala "])
            if (text.StartsWith(lead, StringComparison.OrdinalIgnoreCase)) { text = text[lead.Length..]; break; }
        return text.Trim(' ', '"', '\'', '.', '!', ',');
    }

    private static string? CostCentreOf(Message message)
    {
        var coded = message.Text.Split([' ', ',', ';', '.', '!', '?', '(', ')'], StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(w => w.Length is >= 3 and <= 40 && w.Any(char.IsDigit) && w.All(c => char.IsLetterOrDigit(c) || c is '-' or '/'));
        return coded?.ToUpperInvariant();
    }

    private static string? Exactly(string text, IReadOnlyCollection<string> ids) => ids.FirstOrDefault(i => i.Equals(text.Trim(), StringComparison.OrdinalIgnoreCase));

    private static string Written(Message message) => string.Join(' ', message.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string Words(Sight sight, string slot) => sight.Because.LastOrDefault(b => b.Slot == slot)?.Words ?? "";

    private static string Text(decimal value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
