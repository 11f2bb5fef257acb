namespace MicroAppBot.Conversation.Understanding;

/// <summary>Typed commands: the command first, then at most the name of what it is about ("renew where2eat").</summary>
internal static class CommandReader
{
    private const int LongestName = 5, LongestOwner = 3;
    private static readonly HashSet<string> Pronouns = ["it", "this", "that", "them", "mine", "one", "es", "sie", "das", "ca", "lo", "la", "esto"];

    private static readonly HashSet<string> Polite = ["please", "pls", "thanks", "bitte", "now"];
    private static readonly HashSet<string> To = ["to", "an", "a", "para"];

    /// <param name="Owner">To whom it shall be handed over, where that is said.</param>
    public sealed record Command(string Intent, string? App, string? Owner = null);

    public static Command? Read(Sight sight, IReadOnlyCollection<string> known)
    {
        var tokens = sight.Message.Tokens;
        var last = tokens.Count - 1;
        while (last > 0 && Polite.Contains(tokens[last].Word)) last--;
        if (tokens.Count == 0 || last > LongestName + 5) return null;
        var command = sight.Mentions.Where(m => m.Facet is Facet.Command && m.First == 0).MaxBy(m => m.Last);
        if (command is null) return null;
        if (command.Id == Intents.Transfer && Handed(sight, command.Last + 1, last, known) is { } handed) return handed;
        if (last >= LongestName + 3) return null;
        var from = command.Last + 1;
        while (from < tokens.Count && (sight.Lexicon.IsFiller(tokens[from].Word) || tokens[from].Word is "app" or "request" or "please" or "pls")) from++;
        if (from > last) return new(command.Id, null);
        if (from == last && Pronouns.Contains(tokens[from].Word)) return new(command.Id, null);
        if (!Intents.AboutAnApp.Contains(command.Id) && command.Id is not (Intents.Status or Intents.Withdraw or Intents.Review or Intents.Elevate or Intents.Policy or Intents.Simulate or Intents.Grace or Intents.TakeGraceBack or Intents.Approve or Intents.Reject)) return null;
        // The button that shows more of the list; with anything else behind it it is a wish
        if (command.Id == Intents.Simulate) return NameReader.Slice(sight, from, last) is var place && place.StartsWith("from-", StringComparison.Ordinal) ? new(command.Id, place) : null;
        if (from < last && tokens[last].Word == "app") last--;
        var rest = NameReader.Slice(sight, from, last).Trim('"', '\'', ' ');
        // "show me lunch" is about an app only where there is one of that name
        if (tokens[from].Word is "me" or "us" && from < last && IsKnown(NameReader.Slice(sight, from + 1, last).Trim('"', '\'', ' '), known)) return new(command.Id, NameReader.Slice(sight, from + 1, last).Trim('"', '\'', ' '));
        var isKnown = IsKnown(rest, known);
        // "renew 30 days", "cost of sales per shop": the rest is no name but more of the wish
        var saysMore = sight.Mentions.Any(m => m.First >= from && m.Facet is Facet.Duration or Facet.Currency or Facet.Aggregate or Facet.Kind or Facet.Source or Facet.Template or Facet.People or Facet.Connector);
        var oneWord = !rest.Contains(' ');
        if (isKnown || oneWord && rest.Contains('-') || oneWord && !saysMore || !saysMore && tokens.Skip(from).Take(last - from + 1).All(t => t.Capitalised)) return new(command.Id, rest);
        return null;
    }

    /// <summary>"transfer lunch to jonas": the app before the last "to", the person behind it.</summary>
    private static Command? Handed(Sight sight, int from, int last, IReadOnlyCollection<string> known)
    {
        var tokens = sight.Message.Tokens;
        var to = last;
        while (to > from && !To.Contains(tokens[to].Word)) to--;
        if (to <= from || to == last || last - to > LongestOwner) return null;
        var person = NameReader.Slice(sight, to + 1, last).Trim('"', '\'', ' ');
        while (from < to && (sight.Lexicon.IsFiller(tokens[from].Word) || tokens[from].Word == "app")) from++;
        var end = to - 1;
        if (from < end && tokens[end].Word is "app" or "over") end--;
        if (from > end || from == end && Pronouns.Contains(tokens[from].Word)) return new(Intents.Transfer, null, person);
        var app = NameReader.Slice(sight, from, end).Trim('"', '\'', ' ');
        // A wish may begin with the same word: "transfer customer names to the CRM when a ticket is closed"
        return IsKnown(app, known) || (end - from < 2 || !app.Contains(' ')) && !sight.Mentions.Any(m => m.First >= from && m.Last <= end && m.Facet is Facet.Kind or Facet.Source or Facet.Aggregate or Facet.People or Facet.Connector or Facet.Field)
            ? new(Intents.Transfer, app, person) : null;
    }

    private static bool IsKnown(string name, IReadOnlyCollection<string> known) => known.Any(k => k.Equals(name, StringComparison.OrdinalIgnoreCase));
}
