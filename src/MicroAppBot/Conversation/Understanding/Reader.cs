using Governance.Catalogue;

namespace MicroAppBot.Conversation.Understanding;

/// <summary>Understands what somebody writes, by the lexicon alone: the same words always read the same way.</summary>
public sealed class Reader(Lexicon lexicon)
{
    private const int TemplateTtl = 30, CampaignTtl = 14;
    private const decimal OrdinaryCap = 500, CampaignCap = 100;

    /// <summary>Reads one message that stands alone. Never throws on any text.</summary>
    /// <param name="text">As it came from the channel.</param>
    /// <param name="apps">Names of the person's apps, if known: they are then found in any spelling of case.</param>
    public Reading Read(string text, IReadOnlyCollection<string>? apps = null)
    {
        var message = Message.Read(text ?? "");
        if (message.Tokens.Count == 0) return new() { Text = text ?? "", Intent = Intents.Unknown };
        var sight = new Sight(message, lexicon, Finder.Find(message, lexicon));
        var known = apps ?? [];
        if (CommandReader.Read(sight, known) is { } command)
            return About(sight, new(command.Intent, 0, message.Tokens.Count - 1, command.App, command.Owner), [], known, text!);
        Negation.Apply(sight);
        var parts = IntentReader.Read(sight, known);
        var rest = parts.Skip(1).ToList();
        return parts[0].Intent == Intents.New ? New(sight, parts[0], rest, text!) : About(sight, parts[0], rest, known, text!);
    }

    /// <summary>The typed command that this message is, about one of <paramref name="apps"/>; null when it is none.</summary>
    public Reading? Command(string text, IReadOnlyCollection<string> apps)
    {
        var message = Message.Read(text ?? "");
        if (message.Tokens.Count == 0) return null;
        var sight = new Sight(message, lexicon, Finder.Find(message, lexicon));
        return CommandReader.Read(sight, apps) is { App: not null } command ? About(sight, new(command.Intent, 0, message.Tokens.Count - 1, command.App, command.Owner), [], apps, text!) : null;
    }

    private static Reading About(Sight sight, IntentReader.Part part, IReadOnlyList<IntentReader.Part> rest, IReadOnlyCollection<string> known, string text)
    {
        var request = NameReader.Request(sight.Message.Text);
        var app = part.App ?? NameReader.App(sight, part.First, part.Last, known);
        var newOwner = part.Intent == Intents.Transfer ? part.Owner ?? OwnerReader.Read(sight, part.First, part.Last, app) : null;
        var here = sight.Part(part.First, part.Last);
        var (ttl, endless) = Quantities.Lifetime(here, isCampaign: false, isRenewal: part.Intent == Intents.Renew);
        var (cap, _) = Quantities.Cap(here);
        List<string> ask = part.Intent == Intents.New ? ["template", "data", "purpose"] : [];
        if (Intents.AboutAnApp.Contains(part.Intent) && app is null) ask.Add("app");
        if (Intents.AboutARequest.Contains(part.Intent) && request is null && app is null) ask.Add("request");
        if (part.Intent == Intents.Transfer && newOwner is null) ask.Add("newOwner");
        return new()
        {
            Text = text,
            Intent = part.Intent,
            Floor = part.Intent == Intents.New ? "internal" : null,
            App = app,
            Request = request,
            NewOwner = newOwner,
            TtlDays = ttl,
            WithoutEnd = endless,
            CostCapUsd = cap,
            MustAsk = ask,
            Also = [.. rest.Select(p => p.Intent)],
            AlsoSaid = [.. rest.Select(p => NameReader.Slice(sight, p.First, p.Last))],
            Because = [.. sight.Because, .. here.Because],
        };
    }

    private static Reading New(Sight whole, IntentReader.Part part, IReadOnlyList<IntentReader.Part> rest, string text)
    {
        var sight = whole.Part(part.First, part.Last);
        var (cap, otherCurrency) = Quantities.Cap(sight);
        var named = ConnectorReader.Named(sight);
        var kinds = DataReader.Read(sight, named);
        var shape = TemplateReader.Shape(sight, kinds.Count > 0 || named.Any(ConnectorReader.IsSource));
        var outside = ConnectorReader.Outside(sight);
        var connectors = ConnectorReader.Read(sight, named, kinds, shape, outside);
        // What a connector holds belongs to the app, also where only the connector was implied
        if (connectors.Except(named).Any(ConnectorReader.IsSource)) kinds = DataReader.Read(sight, connectors);
        var (residency, elsewhere) = PlaceReader.Read(sight);
        var audience = AudienceReader.Read(sight);
        kinds = ClassReader.Published(kinds, connectors, audience);
        var (dataClass, floor) = ClassReader.Read(sight, kinds, connectors, audience);
        var template = TemplateReader.Template(shape, dataClass, residency, kinds);
        var (ttl, endless) = Quantities.Lifetime(sight, shape == "campaign");
        var (purpose, name, title) = PurposeWriter.Write(sight, part.First, part.Last);
        return new()
        {
            Text = text,
            Intent = Intents.New,
            Also = [.. rest.Select(p => p.Intent)],
            AlsoSaid = [.. rest.Select(p => NameReader.Slice(whole, p.First, p.Last))],
            Template = template,
            Shape = shape,
            DataClass = dataClass,
            Floor = floor,
            Kinds = kinds,
            Connectors = connectors,
            Residency = residency,
            Elsewhere = elsewhere,
            Audience = audience,
            Department = sight.Of(Facet.Department).FirstOrDefault()?.Id,
            Destination = outside,
            TtlDays = ttl,
            WithoutEnd = endless,
            CostCapUsd = cap,
            Purpose = purpose,
            Name = name,
            Title = title,
            Because = [.. whole.Because, .. sight.Because],
            MustAsk = Missing(sight, template, shape, dataClass, kinds, connectors, residency, elsewhere, audience, ttl, endless, cap, otherCurrency),
        };
    }

    private static List<string> Missing(Sight sight, string? template, string? shape, string? dataClass, IReadOnlyList<string> kinds, List<string> connectors, IReadOnlyList<string> residency,
        bool elsewhere, string? audience, int? ttl, bool endless, decimal? cap, bool otherCurrency)
    {
        List<string> ask = [];
        if (kinds.Contains("credentials")) return ["data"];
        if (shape is null) ask.Add("template");
        var empty = shape is null && kinds.Count == 0 && connectors.Count == 0;
        if (kinds.Count == 0) ask.Add("data");
        if (empty && !sight.Has(Facet.Vague) && !sight.Has(Facet.People)) ask.Add("purpose");
        var needsPlace = dataClass == "regulated" && residency.Count != 1 || Kinds.Rank(dataClass) >= 1 && residency.Count > 1 || elsewhere;
        if (needsPlace) ask.Add("region");
        var isOpen = kinds.Count > 0 && kinds.All(k => k is "none" or "published");
        var saysForm = sight.Has(Facet.OwnData);
        var needsSource = shape is not ("approval-form" or "campaign") || dataClass == "regulated" && !saysForm || sight.Has(Facet.ForeignSource) && shape != "approval-form";
        if (!connectors.Any(ConnectorReader.IsSource) && needsSource && !isOpen && !(needsPlace && dataClass == "regulated") && !(empty && !sight.Has(Facet.Vague))) ask.Add("connectors");
        if (connectors.Any(c => sight.Lexicon.ClassOf(c) >= DataClass.Confidential && c != "payments") && !SaysWhatToShow(sight)) ask.Add("fields");
        if (isOpen && kinds.Contains("published") && audience is null) ask.Add("audience");
        if (connectors.Contains("external-webhook") && sight.Message.Hosts.Count == 0) ask.Add("destination");
        foreach (var m in sight.Of(Facet.Ask)) if (!ask.Contains(m.Id)) ask.Add(m.Id);
        var above = endless || ttl > (shape == "campaign" ? CampaignTtl : TemplateTtl);
        if (above) ask.Add("ttlDays");
        var dear = otherCurrency || cap > (shape == "campaign" ? CampaignCap : OrdinaryCap);
        if (dear) ask.Add("costCapUsd");
        if (above || dear) ask.Add("justification");
        return ask;
    }

    // "a view on the ledger" names a source and nothing of what it shall show
    private static bool SaysWhatToShow(Sight sight)
    {
        var sources = sight.Of(Facet.Connector).ToList();
        return sight.Mentions.Any(m => m.Facet is Facet.Kind or Facet.Field or Facet.Source or Facet.Aggregate && !sources.Any(s => s.First <= m.First && s.Last >= m.Last));
    }
}
