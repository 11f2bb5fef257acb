namespace MicroAppBot.Conversation.Understanding;

/// <summary>Which kinds of data a message speaks of: said outright, or as a field of somebody ("names" of "clients").</summary>
internal static class DataReader
{
    // Whoever says "phone numbers" without saying whose is asked; until then they count as the more sensitive reading
    private const string Unknown = "unknown";

    public static IReadOnlyList<string> Read(Sight sight, IReadOnlyList<string> connectorsNamed)
    {
        HashSet<string> kinds = [];
        // "A list of clients. No names, just how many": the list is then one of numbers
        var nameless = sight.Mentions.Any(m => m.Facet is Facet.Field && m.Id == "name" && m.RuledOut) && !sight.Of(Facet.Field).Any(m => m.Id == "name");
        foreach (var m in sight.Of(Facet.Kind))
            if (!(nameless && m.Id == "customer-name")) Add(m.Id, m);
        foreach (var field in sight.Of(Facet.Field))
            foreach (var kind in KindsOf(sight, field, connectorsNamed)) Add(kind, field);
        foreach (var people in sight.Of(Facet.People))
        {
            var counted = IsCounted(sight, people);
            foreach (var kind in sight.Lexicon.Combine(people.Id, counted ? "counted" : "any")) Add(kind, people);
        }
        // In a clinic or a school, whoever comes is a patient or a child until somebody says otherwise
        foreach (var setting in sight.Of(Facet.Setting))
            foreach (var people in sight.Of(Facet.People).Where(p => !IsCounted(sight, p)))
                foreach (var kind in sight.Lexicon.Combine(setting.Id, people.Id)) Add(kind, people);
        foreach (var connector in connectorsNamed)
            foreach (var kind in sight.Lexicon.Combine(connector, "always")) Add(kind, null);
        if (kinds.Count == 0)
            foreach (var connector in connectorsNamed)
                foreach (var kind in sight.Lexicon.Combine(connector, "alone")) Add(kind, null);
        return Decisive(kinds);

        void Add(string kind, Mention? m)
        {
            kinds.Add(kind);
            if (m is not null) sight.Note("data", kind, m);
        }
    }

    private static IEnumerable<string> KindsOf(Sight sight, Mention field, IReadOnlyList<string> connectors)
    {
        var sentence = sight.SentenceOf(field);
        var whose = sight.Of(Facet.People).Where(p => sight.SentenceOf(p) == sentence).Select(p => p.Id).ToHashSet();
        // "home visits with reason, for the nurses" of a surgery are about its patients, whoever reads the list
        if (field.Id is not ("name" or "contact" or "home" or "qualification")) whose.UnionWith(sight.Of(Facet.Setting).Select(s => s.Id));
        foreach (var connector in connectors)
            foreach (var people in sight.Lexicon.Combine(connector, "people")) whose.Add(people);
        if (whose.Count == 0) whose = sight.Of(Facet.People).Select(p => p.Id).ToHashSet();
        if (whose.Count == 0) whose = sight.Of(Facet.Setting).Select(s => s.Id).ToHashSet();
        if (whose.Count == 0) whose.Add(Unknown);
        // Where both clients and colleagues are named, the field counts as the more sensitive of the two
        var read = whose.Select(p => sight.Lexicon.Combine(p, field.Id)).Where(k => k.Count > 0).ToList();
        if (read.Count == 0) read = [sight.Lexicon.Combine(Unknown, field.Id)];
        var highest = read.Max(k => k.Select(x => Kinds.Rank(Kinds.ClassOf(x))).DefaultIfEmpty(-1).Max());
        return read.Where(k => k.Select(x => Kinds.Rank(Kinds.ClassOf(x))).DefaultIfEmpty(-1).Max() == highest).SelectMany(k => k);
    }

    // "how many patients", "pupils per class": a number of people is no data about one of them, unless a field of theirs is asked for too
    public static bool IsCounted(Sight sight, Mention people)
    {
        var sentence = sight.SentenceOf(people);
        if (sight.Of(Facet.Field).Any(f => sight.SentenceOf(f) == sentence)) return false;
        return sight.Of(Facet.Aggregate).Any(a => a.Last < people.First && people.First - a.Last <= 4 && sight.SentenceOf(a) == sentence);
    }

    private static List<string> Decisive(HashSet<string> kinds)
    {
        var highest = kinds.Select(k => Kinds.Rank(Kinds.ClassOf(k))).DefaultIfEmpty(0).Max();
        if (highest >= 1) kinds.ExceptWith(["none"]);
        // Totals and documents beside names add nothing to any rule
        if (highest >= 2) kinds.ExceptWith(["internal-documents", "usage-metrics", "published", "employee-contact"]);
        else if (kinds.Count > 1)
        {
            if (kinds.Contains("usage-metrics") || kinds.Contains("employee-contact")) kinds.Remove("internal-documents");
        }
        return [.. kinds.Order(StringComparer.Ordinal)];
    }
}
