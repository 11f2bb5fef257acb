using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MicroAppBot.Desk;

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
    public static JsonDocument Parse(string text) => OutsideJson.Parse(text);

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

    /// <inheritdoc cref="OutsideJson.Object"/>
    public static JsonObject Object(JsonElement element) => OutsideJson.Object(element);

    private static string Decoded(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        return text is ['\uFEFF', ..] ? text[1..] : text;
    }
}
