namespace MicroAppBot.Conversation.Understanding;

/// <summary>Where the people concerned are: from places and national institutions only, never from language, spelling or currency.</summary>
internal static class PlaceReader
{
    public const string Elsewhere = "elsewhere";
    private static readonly HashSet<string> Before = ["in", "at", "from", "near", "for", "our", "the", "to", "of", "around", "and", "im", "aus", "bei", "unser", "unsere", "unserem", "a", "de", "en", "nuestra", "notre"];

    public static (IReadOnlyList<string> Residencies, bool Elsewhere) Read(Sight sight)
    {
        var tokens = sight.Message.Tokens;
        var wide = sight.Of(Facet.PlaceWide).ToList();
        HashSet<string> found = [];
        foreach (var m in sight.Of(Facet.Place))
        {
            // "Columbus, Ohio", "Perth in Scotland": the wider place says which of the two it is
            if (wide.Any(w => w.First > m.Last && w.First - m.Last <= 2)) continue;
            Add(m);
        }
        foreach (var m in wide) Add(m);
        foreach (var m in sight.Of(Facet.PlaceUnsure))
            if (tokens[m.First].Capitalised && m.First > 0 && Before.Contains(tokens[m.First - 1].Word) && !wide.Any(w => w.First > m.Last && w.First - m.Last <= 2)) Add(m);
        foreach (var m in sight.Of(Facet.Nationality))
            if (sight.Of(Facet.PlaceNoun).Any(n => n.First > m.Last && n.First - m.Last <= 3 && sight.ClauseOf(n) == sight.ClauseOf(m) || n.Last == m.First - 1)) Add(m);
        var elsewhere = found.Remove(Elsewhere);
        return ([.. found.Order(StringComparer.Ordinal)], elsewhere);

        void Add(Mention m)
        {
            found.Add(m.Id);
            sight.Note("region", m.Id, m);
        }
    }
}
