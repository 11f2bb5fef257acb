using Governance.Catalogue;

namespace MicroAppBot.Conversation.Understanding;

/// <summary>The catalogue's order of data classes and lowest classes, for the ids that a reading is made of.</summary>
internal static class Kinds
{
    public static bool Knows(string kind) => DataKind.Find(kind) is not null;

    // A kind that is not allowed at all ranks highest, so that nothing built on it is read as harmless
    public static string ClassOf(string kind) => (DataKind.Find(kind)?.Lowest ?? DataClass.Internal).ToText();

    public static int Rank(string? dataClass) => ClosedWord.TryParse<DataClass>(dataClass, out var value) ? (int)value : -1;

    public static string Higher(string? a, string? b) => (Rank(a) >= Rank(b) ? a : b) ?? DataClass.Internal.ToText();
}
