namespace MicroAppBot.Conversation.Understanding;

/// <summary>
/// Two wishes in one sentence: "a campaign page and also a form for holiday requests". They are never made one app: what the second
/// is about would raise, or hide in, what the first is allowed. One wish with two parts ("names and a phone number") stays one.
/// </summary>
internal static class SecondWish
{
    private static readonly HashSet<string> And = ["and", "plus", "und", "et", "y"];
    private static readonly HashSet<string> Also = ["also", "additionally", "separately", "too", "auch", "ausserdem", "zusatzlich", "aussi", "tambien", "ademas", "then"];
    private static readonly HashSet<string> Wishing = ["i", "we", "need", "needs", "want", "would", "like", "require", "please", "ich", "wir", "brauche", "brauchen", "mochten", "je", "nous", "voudrais", "voulons", "quiero", "queremos", "necesito", "necesitamos"];
    private static readonly HashSet<string> One = ["a", "an", "another", "one", "second", "ein", "eine", "einen", "une", "un", "una"];
    private static readonly HashSet<string> Thing = ["app", "apps", "tool", "bot", "application", "website", "tracker", "planner", "anwendung", "aplicacion", "outil", "herramienta"];
    private static readonly HashSet<string> Two = ["two", "2", "three", "3", "zwei", "deux", "dos"];
    private static readonly HashSet<string> Things = ["things", "apps", "tools", "wishes", "dinge", "sachen", "choses", "cosas"];

    private static readonly HashSet<string> Back = ["it", "its", "them", "they", "ones", "there", "these", "those", "both", "together", "same", "dort", "darin", "ihn", "sie", "beide", "zusammen"];

    /// <summary>How far behind "a" the word for what is wished may stand: "a really simple approval form".</summary>
    private const int Near = 4;

    /// <summary>Shorter than this is a part of the wish before it: "and a form".</summary>
    private const int Shortest = 3;

    /// <summary>The token with which the second wish begins, where the words that join it begin at <paramref name="at"/>; null where they do not.</summary>
    /// <param name="from">Where the wish before it begins.</param>
    public static int? Begins(Sight sight, int from, int at)
    {
        var tokens = sight.Message.Tokens;
        if (at <= from + 1) return null;
        var i = at;
        var (joins, also) = (false, false);
        if (tokens[i].Word == "as" && i + 2 < tokens.Count && tokens[i + 1].Word == "well" && tokens[i + 2].Word == "as") (i, joins, also) = (i + 3, true, true);
        else if (And.Contains(tokens[i].Word)) (also, i, joins) = (tokens[i].Word == "plus", i + 1, true);
        while (i < tokens.Count && i - at < 7 && (Also.Contains(tokens[i].Word) || Wishing.Contains(tokens[i].Word)))
        {
            also |= Also.Contains(tokens[i].Word);
            i++;
        }
        if (!joins || i >= tokens.Count || !One.Contains(tokens[i].Word) || tokens.Count - i < Shortest) return null;
        also |= tokens[i].Word is "another" or "second";
        var shapes = ShapesIn(sight, i + 1, i + Near);
        var before = ShapesIn(sight, from, at - 1);
        var twoThings = Enumerable.Range(from, at - from - 1).Any(t => Two.Contains(tokens[t].Word) && Things.Contains(tokens[t + 1].Word));
        if (shapes.Count == 0) return also && before.Count > 0 && Enumerable.Range(i + 1, Math.Min(Near, tokens.Count - i - 1)).Any(t => Thing.Contains(tokens[t].Word)) ? i : null;
        if (twoThings || also && before.Count > 0) return i;
        // Without "also" only another kind of app is another app ("a page with a list of tickets and a list per team" is one), and one that speaks of nothing said before
        return HeadOf(sight, from, at - 1) is { } head && HeadOf(sight, i, i + Near) is { } second && head != second && !IsOneThing(tokens, i) ? i : null;
    }

    /// <summary>Whether the token begins a second wish that was joined to the one before.</summary>
    public static bool StartsAt(Sight sight, int first) =>
        first > 1 && One.Contains(sight.Message.Tokens[first].Word) && Enumerable.Range(1, Math.Min(8, first - 1)).Any(back => Begins(sight, 0, first - back) == first);

    /// <summary>The kind of app that the first word for one behind "a" names: a page, not the campaigns on it.</summary>
    private static string? HeadOf(Sight sight, int from, int last)
    {
        var tokens = sight.Message.Tokens;
        var one = Enumerable.Range(from, Math.Max(0, Math.Min(last, tokens.Count - 1) - from + 1)).FirstOrDefault(i => One.Contains(tokens[i].Word), -1);
        return one < 0 ? null : sight.Mentions.Where(m => m.Facet is Facet.Template or Facet.TemplateHint && m.First > one && m.First <= Math.Min(last, one + Near)).OrderBy(m => m.First).ThenBy(m => m.Facet is Facet.Template ? 0 : 1).FirstOrDefault()?.Id;
    }

    private static bool IsOneThing(IReadOnlyList<Token> tokens, int from) =>
        Enumerable.Range(from, tokens.Count - from).TakeWhile(i => tokens[i].Sentence == tokens[from].Sentence)
            .Any(i => Back.Contains(tokens[i].Word) || tokens[i].Word == "one" && i + 1 < tokens.Count && tokens[i + 1].Word is "place" or "app" or "page" or "screen");

    private static HashSet<string> ShapesIn(Sight sight, int first, int last) =>
        [.. sight.Mentions.Where(m => m.Facet is Facet.Template && m.First >= first && m.First <= last).Select(m => m.Id)];
}
