namespace MicroAppBot.Conversation.Understanding;

/// <summary>Who will use the app. Where several are named, the widest circle counts.</summary>
internal static class AudienceReader
{
    private static readonly string[] Widest = ["external", "company", "department", "team"];

    public static string? Read(Sight sight)
    {
        foreach (var circle in Widest)
            if (sight.Of(Facet.Audience).FirstOrDefault(m => m.Id == circle && !Owns(sight, m)) is { } m) { sight.Note("audience", circle, m); return circle; }
        return null;
    }

    /// <summary>"everybody's salaries" says whose data it is, not who will look at it.</summary>
    private static bool Owns(Sight sight, Mention m)
    {
        var last = sight.Message.Tokens[m.Last];
        return last.Word is "everybody" or "everyone" && sight.Message.Text.AsSpan(last.Start + last.Written.Length).StartsWith("'s ", StringComparison.OrdinalIgnoreCase);
    }
}
