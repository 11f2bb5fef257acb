using System.Text;

namespace Rego.Values;

/// <summary>
/// Short texts that policies and the names in documents have in common, as one value each: finding a member is then mostly comparing
/// references. Of a fixed size; a text pushed out by another is only slower. What documents say, other than names, is never kept.
/// </summary>
internal static class SharedStrings
{
    private const int Size = 4096;
    private const int MaxLength = 40;

    // Threads may overwrite one another's entries: each entry is whole, and none has to be there.
    private static readonly RString?[] Slots = new RString?[Size];

    public static RString Of(string text)
    {
        if (text.Length is 0 or > MaxLength || !Ascii.IsValid(text)) return new RString(text);
        var hash = 17u;
        foreach (var c in text) hash = (hash * 31) + c;
        ref var slot = ref Slots[Place(hash)];
        if (slot is { } known && known.Value == text) return known;
        return slot = new RString(text);
    }

    /// <summary>The value of a name read from a document.</summary>
    public static RString Name(ReadOnlySpan<byte> ascii)
    {
        if (Find(ascii, out var place) is { } known) return known;
        var name = new RString(Encoding.UTF8.GetString(ascii));
        if (place >= 0) Slots[place] = name;
        return name;
    }

    /// <summary>The value of any other text read from a document: it is shared only with a policy's or a name's.</summary>
    public static RString Text(ReadOnlySpan<byte> ascii) => Find(ascii, out _) ?? new RString(Encoding.UTF8.GetString(ascii));

    private static RString? Find(ReadOnlySpan<byte> text, out int place)
    {
        place = -1;
        if (text.Length is 0 or > MaxLength || !Ascii.IsValid(text)) return null;
        var hash = 17u;
        foreach (var b in text) hash = (hash * 31) + b;
        place = Place(hash);
        return Slots[place] is { } known && Ascii.Equals(text, known.Value) ? known : null;
    }

    private static int Place(uint hash) => (int)((hash ^ (hash >> 12)) & (Size - 1));
}
