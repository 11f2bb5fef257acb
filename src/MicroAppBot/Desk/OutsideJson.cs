using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MicroAppBot.Desk;

/// <summary>
/// JSON of services whose signature vouches for it: it is read whatever stands in it, for a word that somebody wrote must not
/// keep a turn from being heard. What is broken is mended; what is there twice counts as it was written last.
/// </summary>
public static class OutsideJson
{
    /// <exception cref="JsonException">This is not JSON.</exception>
    public static JsonDocument Parse(string text) => JsonDocument.Parse(Mended(text));

    /// <summary>As nodes that can be changed; of a member that comes twice the last one counts.</summary>
    public static JsonNode? Node(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => Object(element),
        JsonValueKind.Array => new JsonArray([.. element.EnumerateArray().Select(Node)]),
        JsonValueKind.String => JsonValue.Create(element.GetString()),
        JsonValueKind.True => JsonValue.Create(true),
        JsonValueKind.False => JsonValue.Create(false),
        // Of its own, for the document it stands in is gone before the number is read
        JsonValueKind.Number => JsonValue.Create(element.Clone()),
        _ => null,
    };

    public static JsonObject Object(JsonElement element)
    {
        var made = new JsonObject();
        foreach (var member in element.EnumerateObject()) made[member.Name] = Node(member.Value);
        return made;
    }

    /// <summary>Half an emoji (a name cut by some other program) has no UTF-8: it becomes the replacement character, and the rest is read.</summary>
    private static string Mended(string json)
    {
        if (!json.Contains("\\u", StringComparison.Ordinal)) return json;
        StringBuilder? mended = null;
        for (var i = 0; i < json.Length - 1; i++)
        {
            if (json[i] != '\\') continue;
            if (json[i + 1] != 'u')
            {
                i++;
                continue;
            }
            var unit = UnitAt(json, i);
            if (char.IsHighSurrogate(unit) && char.IsLowSurrogate(UnitAt(json, i + 6))) i += 11;
            else if (char.IsSurrogate(unit))
            {
                mended ??= new StringBuilder(json);
                mended.Remove(i + 2, 4).Insert(i + 2, "FFFD");
                i += 5;
            }
        }
        return mended?.ToString() ?? json;
    }

    /// <summary>The UTF-16 unit written as an escape here; NUL where there is none.</summary>
    private static char UnitAt(string json, int at) =>
        at + 6 <= json.Length && json[at] == '\\' && json[at + 1] == 'u'
        && ushort.TryParse(json.AsSpan(at + 2, 4), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var unit)
            ? (char)unit
            : '\0';
}
