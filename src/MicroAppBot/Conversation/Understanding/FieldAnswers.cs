using Governance.Catalogue;

namespace MicroAppBot.Conversation.Understanding;

/// <summary>Which fields of the chosen connectors, and with which access, an answer names.</summary>
internal static class FieldAnswers
{
    public static (string? Value, string? Refusal) Fields(Sight sight, ServiceCatalogue catalogue, SlotContext context)
    {
        var chosen = context.Connectors.Select(catalogue.Connector).OfType<Connector>().ToList();
        var words = Positive(sight);
        var everything = words.Overlaps(["all", "everything", "alles", "alle", "tout", "tous", "todo", "todos"]);
        List<string> pairs = [];
        foreach (var connector in chosen)
            foreach (var field in connector.Fields)
                if (everything || IsNamed(field, words)) pairs.Add($"{connector.Id}:{field.Name}");
        // What only one of several connectors was asked for is everything that is needed from it; the others keep their harmless fields
        foreach (var connector in chosen.Where(c => pairs.Count > 0 && !pairs.Any(p => p.StartsWith(c.Id + ":", StringComparison.Ordinal))))
            pairs.AddRange(connector.Fields.Where(f => f.Class <= DataClass.Internal).Select(f => $"{connector.Id}:{f.Name}"));
        if (pairs.Count > 0) return (string.Join(',', pairs), null);
        return (null, chosen.Count == 0 ? null : $"It has {string.Join(", ", chosen.SelectMany(c => c.Fields).Select(f => f.Title).Distinct())}. Which of these do you need?");
    }

    public static (string? Value, string? Refusal) Access(Sight sight, ServiceCatalogue catalogue, SlotContext context)
    {
        var said = sight.Of(Facet.Access).Select(m => m.Id).ToHashSet();
        var wanted = said.Contains("admin") ? ConnectorAccess.Admin : said.Contains("write") ? ConnectorAccess.Write : said.Contains("read") ? ConnectorAccess.Read : (ConnectorAccess?)null;
        if (wanted is null) return (null, null);
        var named = sight.Of(Facet.Connector).Select(m => m.Id).Where(context.Connectors.Contains).ToHashSet();
        var pairs = context.Connectors.Where(c => named.Count == 0 || named.Contains(c)).Select(catalogue.Connector).OfType<Connector>()
            .Where(c => c.Offers(wanted.Value) || wanted is ConnectorAccess.Admin && c.Offers(ConnectorAccess.Write)).Select(c => $"{c.Id}:{wanted.Value.ToText()}").ToList();
        return pairs.Count > 0 ? (string.Join(',', pairs), null) : (null, $"None of its connections can do that. {(wanted is ConnectorAccess.Read ? "They only send." : "They are there to read.")}");
    }

    // What was ruled out ("no phone") names no field
    private static HashSet<string> Positive(Sight sight)
    {
        HashSet<string> words = new(StringComparer.Ordinal);
        List<string> forms = [];
        var tokens = sight.Message.Tokens;
        for (var i = 0; i < tokens.Count; i++)
        {
            if (sight.Mentions.Any(m => m.RuledOut && m.First <= i && m.Last >= i)) continue;
            Spelling.Forms(tokens[i].Word, forms);
            words.UnionWith(forms);
        }
        return words;
    }

    private static bool IsNamed(ConnectorField field, HashSet<string> words)
    {
        var parts = Message.Words(field.Name.Replace('-', ' ')).ToList();
        return parts.Count > 0 && parts.All(words.Contains) || Message.Words(field.Title).Where(w => w.Length > 2).ToList() is { Count: > 0 } title && title.All(words.Contains);
    }
}
