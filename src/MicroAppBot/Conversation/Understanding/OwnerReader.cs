namespace MicroAppBot.Conversation.Understanding;

/// <summary>To whom an app shall be handed over: the capitalised name behind "to", "an", "à", "a".</summary>
internal static class OwnerReader
{
    private static readonly HashSet<string> To = ["to", "an", "auf", "a", "au", "para", "is", "with", "by"];

    public static string? Read(Sight sight, int first, int last, string? app)
    {
        var tokens = sight.Message.Tokens;
        for (var i = first; i < last; i++)
        {
            if (!To.Contains(tokens[i].Word)) continue;
            var from = i + 1;
            while (from <= last && tokens[from].Word is "my" or "our" or "colleague" or "the" or "kollegin" or "kollegen" or "new" or "owner" or "manager" or "boss" or "deputy") from++;
            if (from > last || !tokens[from].Capitalised || tokens[from].Word == app?.ToLowerInvariant()) continue;
            if (sight.Mentions.Any(m => m.First == from && m.Facet is Facet.Place or Facet.Duration or Facet.Department)) continue;
            var to = from;
            while (to + 1 <= last && tokens[to + 1].Capitalised && tokens[to + 1].Clause == tokens[from].Clause && to - from < 3) to++;
            return NameReader.Slice(sight, from, to);
        }
        return null;
    }
}
