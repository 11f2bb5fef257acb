namespace MicroAppBot.Conversation.Understanding;

/// <summary>Which connectors of the catalogue a message names or implies.</summary>
internal static class ConnectorReader
{
    private const string Webhook = "external-webhook", Chat = "chat-notify";
    private static readonly HashSet<string> Sinks = [Chat, "email-send", "object-store-write", Webhook];

    public static bool IsSource(string connector) => !Sinks.Contains(connector);

    /// <summary>Those named in words, before anything is known of the data.</summary>
    public static List<string> Named(Sight sight)
    {
        List<string> named = [];
        foreach (var m in sight.Of(Facet.Connector))
        {
            if (!named.Contains(m.Id)) named.Add(m.Id);
            sight.Note("connectors", m.Id, m);
        }
        if (sight.Message.NamesChannel && !named.Contains(Chat)) { named.Add(Chat); sight.Note("connectors", Chat, "#"); }
        return named;
    }

    /// <summary>The outside host, if the message sends something to one.</summary>
    public static string? Outside(Sight sight)
    {
        foreach (var host in sight.Message.Hosts)
            if (sight.Lexicon.ConnectorOf(host) is null && !host.EndsWith(".internal.example.com", StringComparison.Ordinal) && host.Contains('.')) return host;
        return null;
    }

    /// <summary>All connectors, now that the kinds of data and the shape are known.</summary>
    public static List<string> Read(Sight sight, List<string> named, IReadOnlyList<string> kinds, string? shape, string? outside)
    {
        List<string> all = [.. named];
        if (outside is not null && !all.Contains(Webhook)) { all.Add(Webhook); sight.Note("connectors", Webhook, outside); }
        // A form brings its own data; a source in the catalogue is implied only where nothing else was named
        if (!all.Any(IsSource) && shape != "approval-form" && !sight.Has(Facet.ForeignSource))
            foreach (var m in sight.Of(Facet.Source))
            {
                if (shape == "campaign" && m.Id == "crm-campaigns") continue;
                if (!all.Contains(m.Id)) all.Add(m.Id);
                sight.Note("connectors", m.Id, m);
            }
        if (!all.Any(IsSource) && shape != "approval-form" && !sight.Has(Facet.ForeignSource))
        {
            if (kinds.Any(IsAboutCustomers))
                foreach (var people in sight.Of(Facet.People)) all.AddRange(sight.Lexicon.Combine(people.Id, "source"));
            foreach (var kind in kinds) all.AddRange(sight.Lexicon.Combine(kind, "source"));
        }
        Mask(sight, all, kinds);
        return [.. all.Distinct().Order(StringComparer.Ordinal)];
    }

    // Of two twins the unmasked one is proposed only where somebody's name or address is asked for
    private static void Mask(Sight sight, List<string> all, IReadOnlyList<string> kinds)
    {
        foreach (var (plain, masked) in sight.Lexicon.MaskedTwins)
        {
            if (!all.Contains(masked) && !all.Contains(plain)) continue;
            all.Remove(masked); all.Remove(plain);
            all.Add(kinds.Any(IsAboutCustomers) ? plain : masked);
        }
    }

    private static bool IsAboutCustomers(string kind) => kind is "customer-name" or "customer-contact" or "customer-financial";
}
