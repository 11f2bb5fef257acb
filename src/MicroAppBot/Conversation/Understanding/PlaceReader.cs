namespace MicroAppBot.Conversation.Understanding;

/// <summary>Where the people concerned are: from places and national institutions only, never from language, spelling or currency.</summary>
internal static class PlaceReader
{
    public const string Elsewhere = "elsewhere";
    private const int FurthestQualifier = 4;
    private static readonly HashSet<string> Joining = ["and", "or", "plus", "to", "from", "versus", "vs", "with", "und", "oder", "nach", "mit", "et", "ou", "y", "o", "e"];
    private static readonly HashSet<string> Before = ["in", "at", "from", "near", "for", "our", "the", "to", "of", "around", "and", "im", "aus", "bei", "unser", "unsere", "unserem", "a", "de", "en", "nuestra", "notre"];

    public static (IReadOnlyList<string> Residencies, bool Elsewhere) Read(Sight sight)
    {
        var tokens = sight.Message.Tokens;
        var wide = sight.Of(Facet.PlaceWide).ToList();
        HashSet<string> found = [];
        foreach (var m in sight.Of(Facet.Place))
        {
            // "Columbus, Ohio", "Perth in Scotland": the wider place says which of the two it is
            if (IsQualified(m)) continue;
            Add(m);
        }
        foreach (var m in wide) Add(m);
        foreach (var m in sight.Of(Facet.PlaceUnsure))
            if (tokens[m.First].Capitalised && m.First > 0 && Before.Contains(tokens[m.First - 1].Word) && !IsQualified(m)) Add(m);
        foreach (var m in sight.Of(Facet.Nationality))
            if (sight.Of(Facet.PlaceNoun).Any(n => n.First > m.Last && n.First - m.Last <= 3 && sight.ClauseOf(n) == sight.ClauseOf(m) || n.Last == m.First - 1)) Add(m);
        var elsewhere = found.Remove(Elsewhere);
        return ([.. found.Order(StringComparer.Ordinal)], elsewhere);

        bool IsQualified(Mention m) => wide.Any(w => w.First > m.Last && w.First - m.Last <= FurthestQualifier && sight.SentenceOf(w) == sight.SentenceOf(m)
            && !Enumerable.Range(m.Last + 1, w.First - m.Last - 1).Any(i => Joining.Contains(tokens[i].Word)));

        void Add(Mention m)
        {
            found.Add(m.Id);
            sight.Note("region", m.Id, m);
        }
    }
}
