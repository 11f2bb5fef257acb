namespace MicroAppBot.Conversation.Understanding;

/// <summary>What a message asks for. A message may hold several requests; each is a run of tokens of its own.</summary>
internal static class IntentReader
{
    // Whoever writes this many words about places and people wants something made, although no word of wishing was known
    private const int LongEnough = 8, Rich = 4;

    // "Why did you turn down the guest list?": what a sentence begins with says what it is, whatever it speaks of then
    private const int Opens = 2;

    /// <summary>One request of a message.</summary>
    public sealed record Part(string Intent, int First, int Last, string? App, string? Owner = null);

    public static IReadOnlyList<Part> Read(Sight sight, IReadOnlyCollection<string> known)
    {
        List<Part> parts = [];
        foreach (var (first, last, isSecond) in Units(sight))
        {
            var app = NameReader.App(sight, first, last, known);
            var intent = Of(sight, first, last, app, isSecond);
            if (intent is Intents.Unknown or Intents.Other or Intents.Greeting or Intents.Help && parts.Count > 0) { parts[^1] = parts[^1] with { Last = last }; continue; }
            // A greeting, an unclear lead-in or a hello before the wish belongs to the wish
            if (parts is [{ Intent: Intents.Unknown or Intents.Other or Intents.Greeting } lead] && intent is not (Intents.Unknown or Intents.Other or Intents.Greeting)) parts[0] = new(intent, lead.First, last, app ?? lead.App);
            else if (parts.Count > 0 && parts[^1].Intent == intent && !(isSecond && intent == Intents.New && (AsksForAnother(sight, first, last) || SecondWish.StartsAt(sight, first)))) parts[^1] = parts[^1] with { Last = last, App = parts[^1].App ?? app };
            // "Approve it right away. A table of clients…": an order about nothing in particular, before a wish, is no request of its own
            else if (parts is [{ App: null } order] && order.Intent != Intents.New && intent == Intents.New && !Refers(sight, order.First, order.Last)) parts[0] = new(intent, SpeaksOfData(sight, order.First, order.Last) ? order.First : first, last, app);
            // Inside a wish for a new app only a sentence about an existing, named one is another request
            else if (parts.Count > 0 && parts[0].Intent == Intents.New && intent != Intents.New && app is null && !isSecond && !RefersToApp(sight, first, last)) parts[^1] = parts[^1] with { Last = last };
            else if (parts.Count > 0 && parts[0].Intent != Intents.New && intent == Intents.New && !isSecond && !ClearlyNew(sight, first, last)) parts[^1] = parts[^1] with { Last = last };
            else parts.Add(new(intent, first, last, app));
        }
        return parts.Count > 0 ? parts : [new(Intents.Unknown, 0, sight.Message.Tokens.Count - 1, null)];
    }

    private static IEnumerable<(int First, int Last, bool IsSecond)> Units(Sight sight)
    {
        var tokens = sight.Message.Tokens;
        if (tokens.Count == 0) yield break;
        var cuts = sight.Of(Facet.Second).Where(m => m.Id == "cut" && m.First > 0).Select(m => m.First).ToHashSet();
        var from = 0; var second = false;
        for (var i = 1; i < tokens.Count; i++)
        {
            if (SecondWish.Begins(sight, from, i) is { } wish)
            {
                yield return (from, i - 1, second);
                (from, second, i) = (wish, true, wish);
                continue;
            }
            if (!cuts.Contains(i) && tokens[i].Sentence == tokens[i - 1].Sentence) continue;
            yield return (from, i - 1, second);
            from = i;
            second = cuts.Contains(i);
        }
        yield return (from, tokens.Count - 1, second);
    }

    private static string Of(Sight sight, int first, int last, string? app, bool isSecond)
    {
        var here = sight.Mentions.Where(m => m.First >= first && m.Last <= last).ToList();
        var numbered = NameReader.Request(NameReader.Slice(sight, first, last)) is not null;
        var refers = numbered || app is not null || here.Any(m => m.Facet is Facet.Reference);
        Dictionary<string, int> points = [];
        foreach (var m in here.Where(m => m.Facet is Facet.Intent)) Raise(m.Id, (numbered && m.Id is Intents.Reject ? 6 : 3) + (m.Id != Intents.New && app is not null ? 1 : 0) + Math.Min(1, m.Length / 3) + (m.Id != Intents.New && m.First <= first + 1 ? Opens : 0));
        if (refers) foreach (var m in here.Where(m => m.Facet is Facet.IntentHint)) Raise(m.Id, (app is null ? 3 : 4) + (numbered && m.Id is Intents.Approve or Intents.Reject or Intents.Status or Intents.Withdraw ? 2 : 0));
        var hints = here.Where(m => m.Facet is Facet.TemplateHint).Select(m => m.First).Distinct().Count();
        var build = Build(here) + Math.Min(1, hints);
        if (points.TryGetValue(Intents.New, out var wish)) build += wish - 1;
        points.Remove(Intents.New);
        var best = points.Count == 0 ? null : points.MaxBy(p => p.Value).Key;
        if (best is not null && (points[best] > build || points[best] == build && app is not null && build < Rich)) { NoteIntent(sight, here, best); return best; }
        // A single weak word ("which", "weekly") is no wish yet
        var speaks = here.Any(m => m.Facet is Facet.Place or Facet.PlaceWide or Facet.Audience or Facet.TemplateHint or Facet.OwnData or Facet.Setting) && last - first >= LongEnough;
        if (build > Math.Min(1, hints) || hints > 1 || wish > 0 || speaks) return Intents.New;
        return Intents.Unknown;

        void Raise(string intent, int to) => points[intent] = Math.Max(points.GetValueOrDefault(intent), to);
    }

    private static int Build(List<Mention> here)
    {
        var shaped = here.Any(m => m.Facet is Facet.Template && !m.RuledOut) ? 2 : 0;
        var data = Math.Min(2, here.Where(m => m.Facet is Facet.Kind or Facet.Field or Facet.People or Facet.Source or Facet.ForeignSource).Select(m => m.First).Distinct().Count());
        var source = here.Any(m => m.Facet is Facet.Connector) ? 1 : 0;
        return shaped + data + source;
    }

    private static void NoteIntent(Sight sight, List<Mention> here, string intent)
    {
        var m = here.FirstOrDefault(m => m.Id == intent && m.Facet is Facet.Intent or Facet.IntentHint);
        if (m is not null) sight.Note("intent", intent, m);
    }

    private static bool AsksForAnother(Sight sight, int first, int last) =>
        sight.Mentions.Any(m => m.Facet is Facet.Second && m.Id == "cut" && m.First >= first && m.Last <= last) && sight.Mentions.Any(m => m.Facet is Facet.Second && m.Id == "app" && m.First >= first && m.Last <= last);

    private static bool ClearlyNew(Sight sight, int first, int last) =>
        sight.Mentions.Any(m => m.Facet is Facet.Intent && m.Id == Intents.New && m.First >= first && m.Last <= last);

    private static bool Refers(Sight sight, int first, int last) =>
        sight.Mentions.Any(m => m.Facet is Facet.Reference && m.First >= first && m.Last <= last) || NameReader.Request(NameReader.Slice(sight, first, last)) is not null;

    private static bool SpeaksOfData(Sight sight, int first, int last) =>
        sight.Mentions.Any(m => m.Facet is Facet.Kind or Facet.Field or Facet.People or Facet.Connector or Facet.Source or Facet.Place or Facet.PlaceWide && m.First >= first && m.Last <= last);

    private static bool RefersToApp(Sight sight, int first, int last) =>
        sight.Mentions.Any(m => m.Facet is Facet.Reference && m.Id == "app" && m.First >= first && m.Last <= last);
}
