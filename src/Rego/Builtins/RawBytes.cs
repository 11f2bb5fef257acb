using System.Text;

namespace Rego.Builtins;

/// <summary>
/// Texts that hold bytes which are no UTF-8, as Go's strings may: such a byte is kept as a lone low surrogate (U+DC00 plus
/// the byte), so that what base64.decode read, hex.encode writes again. Everywhere else it counts as one U+FFFD.
/// </summary>
internal static class RawBytes
{
    public static bool IsByte(char c) => c is >= '\uDC80' and <= '\uDCFF';

    public static byte Byte(char c) => (byte)(c - 0xDC00);

    public static string Text(ReadOnlySpan<byte> bytes)
    {
        if (System.Text.Unicode.Utf8.IsValid(bytes)) return Encoding.UTF8.GetString(bytes);
        var text = new StringBuilder(bytes.Length);
        while (bytes.Length > 0)
        {
            // Go takes one byte at a time for what is no character, however many belong to its beginning.
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var used) == System.Buffers.OperationStatus.Done)
            {
                text.Append(rune.ToString());
                bytes = bytes[used..];
            }
            else
            {
                text.Append((char)(0xDC00 + bytes[0]));
                bytes = bytes[1..];
            }
        }
        return text.ToString();
    }

    public static byte[] Of(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\uDC80', '\uDCFF') < 0) return Encoding.UTF8.GetBytes(text);
        var bytes = new List<byte>(text.Length);
        Span<byte> buffer = stackalloc byte[4];
        for (var i = 0; i < text.Length;)
        {
            var status = Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var used);
            if (status != System.Buffers.OperationStatus.Done && IsByte(text[i])) bytes.Add(Byte(text[i]));
            else bytes.AddRange(buffer[..rune.EncodeToUtf8(buffer)]);
            i += used;
        }
        return [.. bytes];
    }
}
