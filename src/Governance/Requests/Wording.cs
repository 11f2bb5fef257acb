using System.Text;
using Governance.Manifests;
using Governance.People;

namespace Governance.Requests;

/// <summary>Who and when as the reader says it, and what people typed made fit to be kept.</summary>
internal static class Wording
{
    /// <summary>More than a page; a card shows less, the record keeps it all.</summary>
    public const int MostCharacters = 4000;

    public static string NameOf(Facts facts, string? personId) =>
        personId is null ? "nobody"
        : facts.People.TryGetValue(personId, out var person) ? person.Name
        : IsGuest(personId) ? "a colleague who is not in the directory" : "someone who is no longer here";

    /// <summary>In the directory, or a guest: whoever writes to the bot without being in the directory is a person too, and is told what concerns them.</summary>
    public static bool IsHere(this Facts facts, string personId) => facts.People.ContainsKey(personId) || IsGuest(personId);

    // The ids that Person.Unknown gives: of an account, or an e-mail
    private static bool IsGuest(string personId) =>
        personId.StartsWith("teams:", StringComparison.Ordinal) || personId.StartsWith("slack:", StringComparison.Ordinal) || personId.Contains('@', StringComparison.Ordinal);

    /// <summary>The person's zone; UTC for somebody unknown.</summary>
    public static TimeZoneInfo ZoneOf(this Facts facts, string? personId) =>
        personId is not null && facts.People.TryGetValue(personId, out var person) ? person.Zone : TimeZoneInfo.Utc;

    public static string Moment(this Facts facts, DateTimeOffset when, string? readerId) => InWords.Moment(when, facts.Now, facts.ZoneOf(readerId));

    public static string TitleOf(Manifest manifest) => string.IsNullOrWhiteSpace(manifest.App.Title) ? manifest.App.Name : manifest.App.Title;

    /// <summary>Trimmed; null when nothing was said.</summary>
    public static string? Clean(string? typed) => string.IsNullOrWhiteSpace(typed) ? null : typed.Trim();

    /// <summary>A dot or an emoji is no reason: some letter of some script must be in it.</summary>
    public static bool SaysSomething(string? typed) => typed is not null && typed.EnumerateRunes().Any(Rune.IsLetter);

    /// <summary>Null when the words will do.</summary>
    public static Decision<T>.Refused? Objection<T>(string? typed, bool wanted, string ask) => typed switch
    {
        { Length: > MostCharacters } => new(RefusalCode.TooLong,
            $"That is {InWords.Count(typed.Length, "character")} long; I can keep {InWords.Count(MostCharacters, "character")}. Please shorten it a little."),
        _ when wanted && !SaysSomething(typed) => new(RefusalCode.WordsWanted, ask),
        _ => null,
    };

    /// <summary>Somebody's words inside a sentence of ours.</summary>
    public static string Quote(string words) => words.Length <= 200 ? $"“{words}”" : $"“{string.Concat(words.EnumerateRunes().Take(200))}…”";
}
