using Governance.Catalogue;

namespace MicroAppBot.Conversation.Understanding;

/// <summary>The data class that follows from what was said. What is not known is left open, never guessed low.</summary>
internal static class ClassReader
{
    public static (string? Class, string Floor) Read(Sight sight, IReadOnlyList<string> kinds, IReadOnlyList<string> connectors, string? audience)
    {
        if (kinds.Contains("credentials")) return (null, "regulated");
        var floor = "public";
        foreach (var kind in kinds) floor = Kinds.Higher(floor, Kinds.ClassOf(kind));
        foreach (var connector in connectors) floor = Kinds.Higher(floor, sight.Lexicon.ClassOf(connector)?.ToText());
        var sources = connectors.Any(ConnectorReader.IsSource);
        // The word that was not understood may be the one that matters
        if (kinds.Count == 0 && !sources) return (null, Kinds.Higher(floor, "internal"));
        // "Parcels of our clients" may be totals or names: where people outside are spoken of and no kind says what of them, nothing is assumed
        if (Kinds.Rank(floor) <= 1 && (SpeaksOfPeopleOutside(sight) || SpeaksOfSomebody(sight, kinds)) && audience != "external") return (null, Kinds.Higher(floor, "internal"));
        // "Public" is a class only for what is out already, for readers outside; anything else starts at internal
        if (floor == "public" && kinds.Contains("published") && audience == "external" && !sources) return ("public", "public");
        return (Kinds.Higher(floor, "internal"), kinds.All(k => k is "none" or "published") && !sources ? "public" : Kinds.Higher(floor, "internal"));
    }

    /// <summary>What is out already, for readers outside, stays published although it also counts or describes something.</summary>
    public static IReadOnlyList<string> Published(IReadOnlyList<string> kinds, IReadOnlyList<string> connectors, string? audience) =>
        audience == "external" && kinds.Contains("published") && !connectors.Any(ConnectorReader.IsSource) && kinds.All(k => k is "published" or "none" or "usage-metrics" or "internal-documents") ? ["published"] : kinds;

    // "Their name": somebody's, and nobody knows whose
    private static bool SpeaksOfSomebody(Sight sight, IReadOnlyList<string> kinds) => !kinds.Contains("employee-contact") && sight.Of(Facet.Field).Any(f => f.Id is "name" or "contact" or "home" or "birth" or "licence");

    private static bool SpeaksOfPeopleOutside(Sight sight) =>
        sight.Of(Facet.People).Any(p => p.Id is "customer" or "public" && !DataReader.IsCounted(sight, p)) && !sight.Mentions.Any(m => m.RuledOut && m.Facet is Facet.Field or Facet.People or Facet.Kind && m.RuledOut);
}
