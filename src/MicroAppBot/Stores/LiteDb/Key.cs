using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace MicroAppBot.Stores.LiteDb;

/// <summary>
/// Ids as keys of LiteDB: any string can be an id, but a key has at most 1,023 bytes and composite keys need a sign
/// that no part holds. An id that does not fit lies under its hash; the document keeps the id itself.
/// </summary>
internal static class Key
{
    /// <summary>Three of them and a sequence number fit into one key.</summary>
    private const int LongestBytes = 300;
    private const char Between = '\u001f';
    private const char Hashed = '\u0001';

    public static string Of(string id)
    {
        if (id.Length is > 0 and <= LongestBytes && IsPlain(id)) return id;
        return Hashed + Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(id.AsSpan())));
    }

    public static string Of(string first, string second) => Of(first) + Between + Of(second);

    public static string Of(string id, long number) => $"{Of(id)}{Between}{number:D19}";

    /// <summary>The first and the last key that can follow these parts.</summary>
    public static (string From, string To) Under(string joined) => (joined + Between, joined + Between + '\uffff');

    private static bool IsPlain(string id)
    {
        var bytes = 0;
        for (var rest = id.AsSpan(); rest.Length > 0;)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var used) != OperationStatus.Done || rune.Value < ' ') return false;
            bytes += rune.Utf8SequenceLength;
            rest = rest[used..];
        }
        return bytes <= LongestBytes;
    }
}
