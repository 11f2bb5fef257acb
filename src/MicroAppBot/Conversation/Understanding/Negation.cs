namespace MicroAppBot.Conversation.Understanding;

/// <summary>
/// Rules out what a message says it does not want ("no names, just totals") and what it takes back ("scrap the addresses").
/// Careful by intent: what is ruled out too little costs a question, what is ruled out too much costs a leak.
/// </summary>
internal static class Negation
{
    private static readonly HashSet<string> Alternatives = ["or", "nor", "oder", "noch", "ou", "ni", "o"];
    private static readonly HashSet<string> Joins = ["and", "plus", "but", "with", "und", "et", "avec", "mit", "y", "con"];
    private const int LongestListItem = 5, MostListItems = 8, WidestScope = 30;

    public static void Apply(Sight sight)
    {
        var tokens = sight.Message.Tokens;
        var corrects = sight.Mentions.Any(m => m.Facet is Facet.Correction);
        foreach (var around in sight.Mentions.Where(m => m.Length > 1 && m.Facet is Facet.Negation or Facet.Correction && m.Id is "forward" or "drop").ToList())
            RuleOut(sight, around.First, around.Last, alsoEarlier: around.Id == "drop");
        foreach (var cue in sight.Mentions.Where(m => m.Facet is Facet.Negation or Facet.Correction).ToList())
        {
            switch (cue.Id)
            {
                case "forward" or "near" or "backward" when sight.Mentions.Any(m => m.Facet is Facet.Correction && m.Covers(cue)):
                    // The "no" of "no, I mean the org chart" rules nothing out
                    break;
                case "forward":
                    RuleOut(sight, cue.Last + 1, ForwardEnd(sight, cue), corrects);
                    break;
                case "near":
                    RuleOut(sight, cue.Last + 1, NearEnd(sight, cue), corrects);
                    break;
                case "backward":
                    RuleOut(sight, BackwardStart(sight, cue), cue.First - 1, alsoEarlier: false);
                    break;
                // "Drop the new files into the channel": where nothing was said yet, nothing is taken back
                case "drop" when cue.HasGap || sight.Mentions.Any(m => IsData(m.Facet) && m.Last < cue.First):
                    RuleOut(sight, cue.Last + 1, ForwardEnd(sight, cue), alsoEarlier: true);
                    break;
                case "undo":
                    TakeBack(sight, cue, tokens);
                    break;
                case "restart" when sight.Mentions.Any(m => IsData(m.Facet) && !m.RuledOut && m.First > cue.Last) && !sight.Mentions.Any(m => m.Facet is Facet.Negation && m.Covers(cue)):
                    TakeBack(sight, cue, tokens);
                    break;
            }
        }
    }

    private static int ForwardEnd(Sight sight, Mention cue)
    {
        var tokens = sight.Message.Tokens;
        var clause = tokens[cue.Last].Clause;
        var sentence = tokens[cue.Last].Sentence;
        var end = EndOfClause(sight, cue.Last + 1, clause, sentence);
        // "without names, mails or numbers": the list goes on behind the comma as long as an "or" closes it
        var reached = end;
        var items = 0;
        for (var at = end + 1; at < tokens.Count && ++items <= MostListItems && tokens[at].Sentence == sentence && !sight.EndsScope(at);)
        {
            var stop = at;
            while (stop + 1 < tokens.Count && tokens[stop + 1].Clause == tokens[at].Clause && tokens[stop + 1].Sentence == sentence) stop++;
            if (stop - at + 1 > LongestListItem + 1) break;
            if (Alternatives.Contains(tokens[at].Word) || Enumerable.Range(at, stop - at).Any(i => Alternatives.Contains(tokens[i].Word))) { reached = stop; break; }
            at = stop + 1;
        }
        return reached;
    }

    private static int EndOfClause(Sight sight, int from, int clause, int sentence)
    {
        var tokens = sight.Message.Tokens;
        var end = from - 1;
        while (end + 1 < tokens.Count && end - from < WidestScope && tokens[end + 1].Clause == clause && tokens[end + 1].Sentence == sentence && !sight.EndsScope(end + 1)) end++;
        return end;
    }

    private static int NearEnd(Sight sight, Mention cue)
    {
        var end = EndOfClause(sight, cue.Last + 1, sight.Message.Tokens[cue.Last].Clause, sight.Message.Tokens[cue.Last].Sentence);
        var words = 0;
        for (var i = cue.Last + 1; i <= end; i++)
            if (!sight.Lexicon.IsFiller(sight.Message.Tokens[i].Word) && ++words > 2) return i - 1;
        return end;
    }

    private static int BackwardStart(Sight sight, Mention cue)
    {
        var tokens = sight.Message.Tokens;
        var clause = tokens[cue.First].Clause;
        var start = cue.First;
        while (start > 0 && tokens[start - 1].Clause == clause) start--;
        var first = sight.Mentions.Where(m => IsData(m.Facet) && m.First >= start && m.First < cue.First).Select(m => m.First).DefaultIfEmpty(-1).Min();
        // "names and mails are not needed" starts with what is not needed; "I want pay and names are not needed" does not
        if (first >= 0 && first - start <= 1) return start;
        for (var i = cue.First - 1; i >= start; i--) if (Joins.Contains(tokens[i].Word)) return i + 1;
        return first < 0 ? cue.First : sight.Mentions.Where(m => IsData(m.Facet) && m.First >= start && m.First < cue.First).Max(m => m.First);
    }

    private static void RuleOut(Sight sight, int first, int last, bool alsoEarlier)
    {
        if (last < first) return;
        var hit = sight.Mentions.Where(m => IsSubject(m.Facet) && m.First >= first && m.First <= last).ToList();
        foreach (var m in hit)
        {
            m.RuledOut = true;
            if (!alsoEarlier) continue;
            foreach (var earlier in sight.Mentions.Where(e => e.First < first && IsSubject(e.Facet) && e.Id == m.Id && e.Facet is not Facet.People)) earlier.RuledOut = true;
        }
    }

    // "Salaries per team. Scratch that, headcount is enough" gives up what stands just before, if something else follows; "leave those out" does so at once
    private static void TakeBack(Sight sight, Mention cue, IReadOnlyList<Token> tokens)
    {
        var before = sight.Mentions.Where(m => IsData(m.Facet) && m.Last < cue.First).ToList();
        if (before.Count == 0) return;
        var clause = before.Max(m => tokens[m.First].Clause);
        foreach (var m in before.Where(m => tokens[m.First].Clause == clause)) m.RuledOut = true;
    }

    private static bool IsData(Facet facet) => facet is Facet.Kind or Facet.Field or Facet.Connector or Facet.Source or Facet.ForeignSource;
    private static bool IsSubject(Facet facet) => IsData(facet) || facet is Facet.People or Facet.Template or Facet.Place or Facet.PlaceWide or Facet.PlaceUnsure or Facet.Nationality or Facet.Audience;
}
