namespace MicroAppBot.Conversation.Understanding;

/// <summary>A phrase of the lexicon found in a message.</summary>
/// <param name="Meaning">What it stands for.</param>
/// <param name="First">Index of its first token.</param>
/// <param name="Last">Index of its last token.</param>
/// <param name="HasGap">True when other words stand between its words.</param>
public sealed record Mention(Meaning Meaning, int First, int Last, bool HasGap)
{
    public Facet Facet => Meaning.Facet;
    public string Id => Meaning.Id;
    /// <summary>Ruled out in words, or taken back later: it does not count.</summary>
    public bool RuledOut { get; internal set; }
    internal int Length => Last - First + 1;
    internal bool Covers(Mention other) => First <= other.First && Last >= other.Last && Length > other.Length;
}

/// <summary>Finds every phrase of the lexicon in a message.</summary>
internal static class Finder
{
    // Between "when" and "notify" stand a few words; what turns the sense of others ("leave … out") reaches less far
    private const int WidestGap = 8, WidestTurn = 4;

    public static List<Mention> Find(Message message, Lexicon lexicon)
    {
        var tokens = message.Tokens;
        List<int>[] elements = new List<int>[tokens.Count];
        List<string> forms = [];
        for (var i = 0; i < tokens.Count; i++) lexicon.ElementsOf(tokens[i], forms, elements[i] = []);
        List<Mention> found = [];
        for (var i = 0; i < tokens.Count; i++)
            foreach (var element in elements[i])
                foreach (var phrase in lexicon.StartingWith(element))
                {
                    var last = Match(phrase.Parts, 1, i + 1, i, phrase.Meaning.Facet is Facet.Negation or Facet.Correction ? WidestTurn : WidestGap, tokens, elements, lexicon);
                    if (last >= 0) found.Add(new(phrase.Meaning, i, last, phrase.HasGap));
                }
        return Unhidden(found);
    }

    private static int Match(int[] parts, int part, int at, int last, int widest, IReadOnlyList<Token> tokens, List<int>[] elements, Lexicon lexicon)
    {
        if (part == parts.Length) return last;
        var sentence = tokens[last].Sentence;
        if (parts[part] == Phrase.Gap)
        {
            for (var skip = 0; skip <= widest && at + skip < tokens.Count && tokens[at + skip].Sentence == sentence; skip++)
                if (elements[at + skip].Contains(parts[part + 1]) && Match(parts, part + 2, at + skip + 1, at + skip, widest, tokens, elements, lexicon) is >= 0 and var end) return end;
            return -1;
        }
        for (var skipped = 0; skipped <= 2 && at < tokens.Count && tokens[at].Sentence == sentence; skipped++, at++)
        {
            if (elements[at].Contains(parts[part])) return Match(parts, part + 1, at + 1, at, widest, tokens, elements, lexicon);
            if (!lexicon.IsFiller(tokens[at].Word)) return -1;
        }
        return -1;
    }

    // The longest reading wins: "credit note" is no credit, "customer service desk" no customer. Who is spoken of stays known
    private static List<Mention> Unhidden(List<Mention> found)
    {
        var strong = found.Where(m => !m.HasGap && (m.Facet is Facet.Neutral || m.Length > 1 && Says(m.Facet) is not null)).ToList();
        List<Mention> left = new(found.Count);
        HashSet<(Meaning, int, int)> seen = [];
        foreach (var m in found)
        {
            var hidden = false;
            foreach (var s in strong)
                if (s.Covers(m) && (s.Facet is Facet.Neutral && m.Facet is not (Facet.Stop or Facet.Lead) || Says(s.Facet) is { } what && what == Says(m.Facet) || s.Facet is Facet.Connector && m.Facet is Facet.Field)
                    || s.Facet is Facet.Neutral && m.Facet is not (Facet.Neutral or Facet.Connector or Facet.Source) && s.First == m.First && s.Last == m.Last) { hidden = true; break; }
            if (!hidden && seen.Add((m.Meaning, m.First, m.Last))) left.Add(m);
        }
        return left;
    }

    // A reading hides only readings of the same question: what it is, where it comes from, where it is
    private static string? Says(Facet facet) => facet switch
    {
        Facet.Kind or Facet.Field => "data",
        Facet.Connector or Facet.Source or Facet.ForeignSource => "source",
        Facet.Place or Facet.PlaceWide or Facet.PlaceUnsure => "place",
        _ => null,
    };
}
