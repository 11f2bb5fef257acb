namespace MicroAppBot.Conversation.Understanding;

/// <summary>Who will use the app. Where several are named, the widest circle counts.</summary>
internal static class AudienceReader
{
    private static readonly string[] Widest = ["external", "company", "department", "team"];

    public static string? Read(Sight sight)
    {
        foreach (var circle in Widest)
            if (sight.Of(Facet.Audience).FirstOrDefault(m => m.Id == circle) is { } m) { sight.Note("audience", circle, m); return circle; }
        return null;
    }
}
