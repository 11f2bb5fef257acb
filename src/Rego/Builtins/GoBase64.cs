namespace Rego.Builtins;

/// <summary>Base64 as Go reads it: line breaks are skipped, and the message names the byte that is wrong.</summary>
internal static class GoBase64
{
    private static readonly sbyte[] Standard = Map('+', '/');
    private static readonly sbyte[] ForUrls = Map('-', '_');

    /// <exception cref="FormatException">Not base64; the message is Go's.</exception>
    public static byte[] Decode(string text, bool url = false)
    {
        var source = System.Text.Encoding.UTF8.GetBytes(text);
        var map = url ? ForUrls : Standard;
        var bytes = new List<byte>(source.Length / 4 * 3);
        var (at, count, bits) = (0, 0, 0);
        while (at < source.Length)
        {
            var c = source[at++];
            if (c is (byte)'\n' or (byte)'\r') continue;
            if (map[c] >= 0)
            {
                bits = (bits << 6) | (byte)map[c];
                if (++count < 4) continue;
                bytes.AddRange([(byte)(bits >> 16), (byte)(bits >> 8), (byte)bits]);
                (count, bits) = (0, 0);
                continue;
            }
            if (c != '=' || count < 2) throw Corrupt(at - 1);
            if (count == 2)
            {
                at = SkipLineBreaks(source, at);
                if (at == source.Length) throw Corrupt(at);
                if (source[at] != '=') throw Corrupt(at - 1);
                at++;
            }
            at = SkipLineBreaks(source, at);
            if (at < source.Length) throw Corrupt(at);
            bytes.AddRange(count == 2 ? [(byte)(bits >> 4)] : [(byte)(bits >> 10), (byte)(bits >> 2)]);
            return [.. bytes];
        }
        return count == 0 ? [.. bytes] : throw Corrupt(at - count);
    }

    private static int SkipLineBreaks(byte[] source, int at)
    {
        while (at < source.Length && source[at] is (byte)'\n' or (byte)'\r') at++;
        return at;
    }

    private static FormatException Corrupt(int at) => new(FormattableString.Invariant($"illegal base64 data at input byte {at}"));

    private static sbyte[] Map(char plus, char slash)
    {
        var map = new sbyte[256];
        Array.Fill(map, (sbyte)-1);
        var alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + plus + slash;
        for (var i = 0; i < alphabet.Length; i++) map[alphabet[i]] = (sbyte)i;
        return map;
    }
}
