using System.Globalization;
using System.Text;

namespace Rego.Builtins;

/// <summary>strconv.Quote and its kin.</summary>
internal static class GoQuote
{
    public static string Text(string value, bool ascii = false)
    {
        var text = new StringBuilder(value.Length + 2).Append('"');
        for (var i = 0; i < value.Length;)
        {
            if (Rune.DecodeFromUtf16(value.AsSpan(i), out var rune, out var used) == System.Buffers.OperationStatus.Done) Append(text, rune, '"', ascii);
            else if (RawBytes.IsByte(value[i])) text.Append("\\x").Append(RawBytes.Byte(value[i]).ToString("x2", CultureInfo.InvariantCulture));
            else text.Append("\\ufffd");
            i += used;
        }
        return text.Append('"').ToString();
    }

    /// <summary>A character between single quotes; what is none is U+FFFD.</summary>
    public static string Character(Rune rune, bool ascii = false)
    {
        var text = new StringBuilder("'");
        Append(text, rune, '\'', ascii);
        return text.Append('\'').ToString();
    }

    /// <summary>Whether the text can stand between backquotes unchanged.</summary>
    public static bool CanBackquote(string value)
    {
        foreach (var c in value)
        {
            if ((c < ' ' && c != '\t') || c is '`' or '\u007F' or '\uFEFF' || RawBytes.IsByte(c)) return false;
        }
        return true;
    }

    public static bool IsPrintable(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator => false,
        _ => true,
    };

    private static void Append(StringBuilder text, Rune rune, char quote, bool ascii)
    {
        if (rune.Value == quote || rune.Value == '\\')
        {
            text.Append('\\').Append((char)rune.Value);
            return;
        }
        if (ascii ? rune.Value is >= ' ' and < 0x7F : rune.IsAscii ? rune.Value is >= ' ' and < 0x7F : IsPrintable(rune))
        {
            if (rune.IsBmp) text.Append((char)rune.Value);
            else text.Append(rune.ToString());
            return;
        }
        switch (rune.Value)
        {
            case '\a': text.Append("\\a"); break;
            case '\b': text.Append("\\b"); break;
            case '\f': text.Append("\\f"); break;
            case '\n': text.Append("\\n"); break;
            case '\r': text.Append("\\r"); break;
            case '\t': text.Append("\\t"); break;
            case '\v': text.Append("\\v"); break;
            case < ' ' or 0x7F: text.Append("\\x").Append(rune.Value.ToString("x2", CultureInfo.InvariantCulture)); break;
            case < 0x10000: text.Append("\\u").Append(rune.Value.ToString("x4", CultureInfo.InvariantCulture)); break;
            default: text.Append("\\U").Append(rune.Value.ToString("x8", CultureInfo.InvariantCulture)); break;
        }
    }
}
