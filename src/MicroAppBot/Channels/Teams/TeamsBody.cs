using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MicroAppBot.Channels.Teams;

/// <summary>Reads JSON from outside without ever failing on what stands in it: wrong types count as absent, broken characters are mended.</summary>
internal static class TeamsBody
{
    /// <summary>Teams lets a message have about 100 KB in UTF-16; as JSON escapes that is at most three times as much.</summary>
    public const int MostBytes = 512 * 1024;

    /// <returns>The whole body as text; null when it is larger than <see cref="MostBytes"/>.</returns>
    public static async Task<string?> ReadAsync(HttpRequest request, CancellationToken cancel)
    {
        if (request.ContentLength > MostBytes) return null;
        var room = (int)(request.ContentLength ?? 4096) + 1;
        var buffer = ArrayPool<byte>.Shared.Rent(room);
        try
        {
            var length = 0;
            while (true)
            {
                var read = await request.Body.ReadAsync(buffer.AsMemory(length), cancel);
                if (read == 0) return Decoded(buffer.AsSpan(0, length));
                length += read;
                if (length > MostBytes) return null;
                if (length < buffer.Length) continue;
                var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                buffer.AsSpan(0, length).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = larger;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <exception cref="JsonException">This is not JSON.</exception>
    public static JsonDocument Parse(string text) => JsonDocument.Parse(Mended(text));

    public static JsonElement? Member(this JsonElement? of, string name) =>
        of is { ValueKind: JsonValueKind.Object } o && o.TryGetProperty(name, out var member) && member.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined)
            ? member
            : null;

    /// <summary>A text or, where somebody counted instead of naming, a number as it was written.</summary>
    public static string? Text(this JsonElement? of, string name) => of.Member(name) switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => null,
    };

    public static IEnumerable<JsonElement?> Items(this JsonElement? of, string name) =>
        of.Member(name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Select(item => (JsonElement?)item) : [];

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

    private static string Decoded(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        return text is ['\uFEFF', ..] ? text[1..] : text;
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
