using System.Text.Json;
using System.Text.Json.Serialization;

namespace Governance.Catalogue;

/// <summary>Writes an enum of the manifest's closed lists as its lower-case word, under any serializer options.</summary>
public sealed class LowerCaseWord<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;

/// <summary>The words of a closed list, as the manifest and the policies write them.</summary>
public static class ClosedWord
{
    /// <summary>The value as a word: <c>DataClass.Regulated</c> is <c>regulated</c>.</summary>
    public static string ToText<T>(this T value) where T : struct, Enum => Words<T>.Texts[value];

    /// <summary>Every word of the list, in its order.</summary>
    public static IReadOnlyList<string> All<T>() where T : struct, Enum => Words<T>.InOrder;

    /// <summary>Reads the exact word (lower case); anything else is not of the list.</summary>
    public static bool TryParse<T>(string? text, out T value) where T : struct, Enum
    {
        value = default;
        return text is not null && Words<T>.Values.TryGetValue(text, out value);
    }

    private static class Words<T> where T : struct, Enum
    {
        public static readonly Dictionary<T, string> Texts = Enum.GetValues<T>().ToDictionary(v => v, v => JsonNamingPolicy.SnakeCaseLower.ConvertName(v.ToString()));
        public static readonly Dictionary<string, T> Values = Texts.ToDictionary(p => p.Value, p => p.Key, StringComparer.Ordinal);
        public static readonly string[] InOrder = [.. Enum.GetValues<T>().Select(v => Texts[v])];
    }
}
