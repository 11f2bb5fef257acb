namespace MicroAppBot.Conversation.Understanding;

/// <summary>Typed commands: the command first, then at most the name of what it is about ("renew where2eat").</summary>
internal static class CommandReader
{
    private const int LongestName = 5;
    private static readonly HashSet<string> Pronouns = ["it", "this", "that", "them", "mine", "one", "es", "sie", "das", "ca", "lo", "la", "esto"];

    public static (string Intent, string? App)? Read(Sight sight, IReadOnlyCollection<string> known)
    {
        var tokens = sight.Message.Tokens;
        if (tokens.Count == 0 || tokens.Count > LongestName + 3) return null;
        var command = sight.Mentions.Where(m => m.Facet is Facet.Command && m.First == 0).MaxBy(m => m.Last);
        if (command is null) return null;
        var from = command.Last + 1;
        while (from < tokens.Count && (sight.Lexicon.IsFiller(tokens[from].Word) || tokens[from].Word is "app" or "request" or "please" or "pls")) from++;
        if (from >= tokens.Count || Enumerable.Range(from, tokens.Count - from).All(i => tokens[i].Word is "please" or "pls" or "thanks" or "bitte" or "now")) return (command.Id, null);
        if (from == tokens.Count - 1 && Pronouns.Contains(tokens[from].Word)) return (command.Id, null);
        if (!Intents.AboutAnApp.Contains(command.Id) && command.Id is not (Intents.Status or Intents.Withdraw or Intents.Review or Intents.Elevate or Intents.Policy or Intents.Grace or Intents.Approve or Intents.Reject)) return null;
        var rest = NameReader.Slice(sight, from, tokens.Count - 1).Trim('"', '\'', ' ');
        var isKnown = known.Any(k => k.Equals(rest, StringComparison.OrdinalIgnoreCase));
        // "renew 30 days", "cost of sales per shop": the rest is no name but more of the wish
        var saysMore = sight.Mentions.Any(m => m.First >= from && m.Facet is Facet.Duration or Facet.Currency or Facet.Aggregate or Facet.Kind or Facet.Source or Facet.Template or Facet.People or Facet.Connector);
        var oneWord = !rest.Contains(' ');
        if (isKnown || oneWord && rest.Contains('-') || oneWord && !saysMore || !saysMore && tokens.Skip(from).All(t => t.Capitalised)) return (command.Id, rest);
        return null;
    }
}
