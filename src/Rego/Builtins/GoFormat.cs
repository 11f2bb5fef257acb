using System.Globalization;
using System.Numerics;
using System.Text;
using Rego.Values;

namespace Rego.Builtins;

/// <summary>fmt.Sprintf of Go, for the kinds of argument that OPA hands to it: integers, big integers, floats and strings.</summary>
internal static class GoFormat
{
    private const int MaxWidth = 1_000_000;

    private struct Flags
    {
        public bool Minus, Plus, Sharp, Space, Zero;
        public int Width, Precision;
    }

    private const int MaxKept = 1024;

    [ThreadStatic]
    private static StringBuilder? _builder;

    public static string Sprintf(string format, ReadOnlySpan<RValue> args)
    {
        var text = (_builder ??= new StringBuilder(MaxKept)).Clear();
        if (text.Capacity > MaxKept) text = _builder = new StringBuilder(MaxKept);
        var next = 0;
        var reordered = false;
        for (var i = 0; i < format.Length;)
        {
            if (format[i] != '%')
            {
                text.Append(format[i++]);
                continue;
            }
            i++;
            var flags = new Flags { Width = -1, Precision = -1 };
            for (; i < format.Length; i++)
            {
                var more = true;
                switch (format[i])
                {
                    case '-': flags.Minus = true; break;
                    case '+': flags.Plus = true; break;
                    case '#': flags.Sharp = true; break;
                    case ' ': flags.Space = true; break;
                    case '0': flags.Zero = true; break;
                    default: more = false; break;
                }
                if (!more) break;
            }
            Index(format, ref i, ref next, ref reordered);
            if (!Size(format, ref i, args, ref next, out flags.Width)) text.Append("%!(BADWIDTH)");
            else if (flags.Width < -1)
            {
                flags.Minus = true;
                flags.Width = -flags.Width;
            }
            if (i < format.Length && format[i] == '.')
            {
                i++;
                Index(format, ref i, ref next, ref reordered);
                if (!Size(format, ref i, args, ref next, out flags.Precision)) text.Append("%!(BADPREC)");
                if (flags.Precision < 0) flags.Precision = 0;
            }
            Index(format, ref i, ref next, ref reordered);
            if (i >= format.Length)
            {
                text.Append("%!(NOVERB)");
                break;
            }
            Rune.DecodeFromUtf16(format.AsSpan(i), out var verb, out var used);
            i += used;
            if (verb.Value == '%')
            {
                text.Append('%');
                continue;
            }
            if (next >= args.Length || next < 0)
            {
                text.Append("%!").Append(verb.ToString()).Append(next < 0 ? "(BADINDEX)" : "(MISSING)");
                continue;
            }
            One(text, verb, args[next++], flags);
        }
        if (!reordered && next < args.Length)
        {
            text.Append("%!(EXTRA ");
            for (var i = next; i < args.Length; i++)
            {
                if (i > next) text.Append(", ");
                text.Append(TypeOf(args[i])).Append('=').Append(Plain(args[i]));
            }
            text.Append(')');
        }
        return text.ToString();
    }

    private static void Index(string format, ref int i, ref int next, ref bool reordered)
    {
        if (i >= format.Length || format[i] != '[') return;
        var close = format.IndexOf(']', i);
        if (close < 0) return;
        reordered = true;
        next = int.TryParse(format.AsSpan(i + 1, close - i - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n - 1 : -1;
        i = close + 1;
    }

    private static bool Size(string format, ref int i, ReadOnlySpan<RValue> args, ref int next, out int size)
    {
        size = -1;
        if (i < format.Length && format[i] == '*')
        {
            i++;
            if (next >= 0 && next < args.Length && args[next++] is RNumber { IsInt64: true } n && Math.Abs(n.Int64) <= MaxWidth)
            {
                size = (int)n.Int64;
                return true;
            }
            return false;
        }
        var start = i;
        while (i < format.Length && char.IsAsciiDigit(format[i])) i++;
        if (i == start) return true;
        if (int.TryParse(format.AsSpan(start, i - start), NumberStyles.None, CultureInfo.InvariantCulture, out size) && size <= MaxWidth) return true;
        size = -1;
        return false;
    }

    private static string TypeOf(RValue value) => value switch
    {
        RNumber { IsInt64: true, IsIntegerText: true } => "int",
        RNumber { IsIntegerText: true } => "*big.Int",
        RNumber => "float64",
        _ => "string",
    };

    private static string Plain(RValue value) => value switch
    {
        RNumber { IsIntegerText: true } n => n.Text,
        RNumber n => General(n.ToDouble(), -1, 'g', false),
        RString s => s.Value,
        _ => value.ToString(),
    };

    private static void One(StringBuilder text, Rune verb, RValue value, Flags flags)
    {
        if (verb.Value == 'T')
        {
            Pad(text, TypeOf(value), flags, false);
            return;
        }
        var done = value switch
        {
            RNumber { IsIntegerText: true } n => Integer(text, (char)verb.Value, n, flags),
            RNumber n => Float(text, (char)verb.Value, n.ToDouble(), flags),
            _ => Text(text, (char)verb.Value, Plain(value), flags),
        };
        if (!done) text.Append("%!").Append(verb.ToString()).Append('(').Append(TypeOf(value)).Append('=').Append(Plain(value)).Append(')');
    }

    private static bool Integer(StringBuilder text, char verb, RNumber number, Flags flags)
    {
        var whole = number.ToBigInteger();
        var isBig = !number.IsInt64;
        string digits;
        switch (verb)
        {
            case 'd' or 'v': digits = BigInteger.Abs(whole).ToString(CultureInfo.InvariantCulture); break;
            case 's' when isBig: digits = BigInteger.Abs(whole).ToString(CultureInfo.InvariantCulture); break;
            case 'b': digits = (flags.Sharp ? "0b" : "") + Radix(BigInteger.Abs(whole), 2); break;
            case 'o': digits = (flags.Sharp ? "0" : "") + Radix(BigInteger.Abs(whole), 8); break;
            case 'O': digits = "0o" + Radix(BigInteger.Abs(whole), 8); break;
            case 'x': digits = (flags.Sharp ? "0x" : "") + Radix(BigInteger.Abs(whole), 16); break;
            case 'X': digits = (flags.Sharp ? "0X" : "") + Radix(BigInteger.Abs(whole), 16).ToUpperInvariant(); break;
            case 'c' when !isBig:
                Pad(text, Rune.IsValid((int)number.Int64) ? new Rune((int)number.Int64).ToString() : "\uFFFD", flags, false);
                return true;
            case 'q' when !isBig:
                Pad(text, Rune.IsValid((int)number.Int64) ? $"'{new Rune((int)number.Int64)}'" : "'\uFFFD'", flags, false);
                return true;
            case 'U' when !isBig:
                Pad(text, "U+" + number.Int64.ToString("X4", CultureInfo.InvariantCulture), flags, false);
                return true;
            default: return false;
        }
        if (flags.Precision > digits.Length) digits = digits.PadLeft(flags.Precision, '0');
        var sign = whole.Sign < 0 ? "-" : flags.Plus ? "+" : flags.Space ? " " : "";
        Number(text, sign, digits, flags, flags.Precision < 0);
        return true;
    }

    private static bool Float(StringBuilder text, char verb, double value, Flags flags)
    {
        string body;
        switch (verb)
        {
            case 'v': body = General(Math.Abs(value), flags.Precision, 'g', flags.Sharp); break;
            case 'g' or 'G': body = General(Math.Abs(value), flags.Precision, verb, flags.Sharp); break;
            case 'f' or 'F': body = Fixed(Math.Abs(value), flags.Precision < 0 ? 6 : flags.Precision); break;
            case 'e' or 'E': body = Exponent(Math.Abs(value), flags.Precision < 0 ? 6 : flags.Precision, verb); break;
            default: return false;
        }
        var sign = value < 0 || double.IsNegative(value) ? "-" : flags.Plus ? "+" : flags.Space ? " " : "";
        Number(text, sign, body, flags, true);
        return true;
    }

    private static void Number(StringBuilder text, string sign, string digits, Flags flags, bool zeroPads)
    {
        if (flags.Zero && !flags.Minus && zeroPads && flags.Width > sign.Length + digits.Length)
            digits = digits.PadLeft(flags.Width - sign.Length, '0');
        Pad(text, sign + digits, flags, false);
    }

    private static bool Text(StringBuilder text, char verb, string value, Flags flags)
    {
        if (flags.Precision >= 0 && verb is 'v' or 's' or 'q')
        {
            var runes = value.EnumerateRunes().ToArray();
            if (runes.Length > flags.Precision) value = string.Concat(runes.Take(flags.Precision));
        }
        switch (verb)
        {
            case 'v' or 's': Pad(text, value, flags, true); return true;
            case 'q': Pad(text, flags.Sharp && !value.Contains('`', StringComparison.Ordinal) ? $"`{value}`" : Quote(value), flags, true); return true;
            case 'x': Pad(text, Convert.ToHexStringLower(Encoding.UTF8.GetBytes(value)), flags, true); return true;
            case 'X': Pad(text, Convert.ToHexString(Encoding.UTF8.GetBytes(value)), flags, true); return true;
            default: return false;
        }
    }

    private static void Pad(StringBuilder text, string value, Flags flags, bool zeroToo)
    {
        var missing = flags.Width - Aggregates.Runes(value);
        if (missing <= 0) text.Append(value);
        else if (flags.Minus) text.Append(value).Append(' ', missing);
        else text.Append(flags.Zero && zeroToo ? '0' : ' ', missing).Append(value);
    }

    /// <summary>strconv.Quote.</summary>
    public static string Quote(string value)
    {
        var text = new StringBuilder("\"");
        foreach (var rune in value.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '"': text.Append("\\\""); break;
                case '\\': text.Append("\\\\"); break;
                case '\a': text.Append("\\a"); break;
                case '\b': text.Append("\\b"); break;
                case '\f': text.Append("\\f"); break;
                case '\n': text.Append("\\n"); break;
                case '\r': text.Append("\\r"); break;
                case '\t': text.Append("\\t"); break;
                case '\v': text.Append("\\v"); break;
                case < ' ' or 0x7f: text.Append("\\x").Append(rune.Value.ToString("x2", CultureInfo.InvariantCulture)); break;
                default:
                    if (IsPrintable(rune)) text.Append(rune.ToString());
                    else if (rune.Value < 0x10000) text.Append("\\u").Append(rune.Value.ToString("x4", CultureInfo.InvariantCulture));
                    else text.Append("\\U").Append(rune.Value.ToString("x8", CultureInfo.InvariantCulture));
                    break;
            }
        }
        return text.Append('"').ToString();
    }

    private static bool IsPrintable(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator => false,
        _ => true,
    };

    public static string Radix(BigInteger value, int radix)
    {
        if (radix == 10) return value.ToString(CultureInfo.InvariantCulture);
        if (value.IsZero) return "0";
        var negative = value.Sign < 0;
        value = BigInteger.Abs(value);
        var hex = value.ToString("x", CultureInfo.InvariantCulture).TrimStart('0');
        string digits;
        if (radix == 16)
        {
            digits = hex;
        }
        else
        {
            var bits = string.Concat(hex.Select(c => Convert.ToString(Convert.ToInt32(c.ToString(), 16), 2).PadLeft(4, '0'))).TrimStart('0');
            if (radix == 2)
            {
                digits = bits;
            }
            else
            {
                bits = bits.PadLeft((bits.Length + 2) / 3 * 3, '0');
                var octal = new StringBuilder();
                for (var i = 0; i < bits.Length; i += 3) octal.Append(Convert.ToInt32(bits.Substring(i, 3), 2));
                digits = octal.ToString();
            }
        }
        return negative ? "-" + digits : digits;
    }

    /// <summary>%g: the shortest digits that read back, or the given number of significant digits.</summary>
    public static string General(double value, int precision, char verb, bool keepZeros)
    {
        if (double.IsNaN(value)) return "NaN";
        if (double.IsInfinity(value)) return value > 0 ? "+Inf" : "-Inf";
        if (value == 0) return double.IsNegative(value) ? "-0" : "0";
        var negative = value < 0;
        var (digits, exponent) = precision < 0 ? ShortestDigits(Math.Abs(value)) : Rounded(Math.Abs(value), Math.Max(precision, 1));
        if (!keepZeros) digits = digits.TrimEnd('0');
        if (digits.Length == 0) digits = "0";
        // When the digits are the shortest ones, Go decides on an exponent as if the precision were 6.
        var limit = precision < 0 ? 6 : Math.Max(precision, 1);
        if (precision > digits.Length && digits.Length >= exponent + 1) limit = digits.Length;
        string text;
        if (exponent < -4 || exponent >= limit)
        {
            text = digits[..1] + (digits.Length > 1 ? "." + digits[1..] : "") + (verb == 'G' ? 'E' : 'e') + (exponent < 0 ? '-' : '+') + Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture);
        }
        else if (exponent < 0)
        {
            text = "0." + new string('0', -exponent - 1) + digits;
        }
        else if (digits.Length <= exponent + 1)
        {
            text = digits + new string('0', exponent + 1 - digits.Length);
        }
        else
        {
            text = digits[..(exponent + 1)] + "." + digits[(exponent + 1)..];
        }
        return negative ? "-" + text : text;
    }

    private static (string Digits, int Exponent) ShortestDigits(double value)
    {
        var text = value.ToString("E16", CultureInfo.InvariantCulture);
        var shortest = value.ToString("R", CultureInfo.InvariantCulture);
        var exponent = int.Parse(text.AsSpan(text.IndexOf('E', StringComparison.Ordinal) + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var e = shortest.IndexOf('E', StringComparison.Ordinal);
        var digits = (e < 0 ? shortest : shortest[..e]).Replace(".", "", StringComparison.Ordinal).TrimStart('0').TrimEnd('0');
        return (digits, exponent);
    }

    private static (string Digits, int Exponent) Rounded(double value, int significant)
    {
        var text = Exponent(value, significant - 1, 'e');
        var e = text.IndexOf('e', StringComparison.Ordinal);
        return (text[..e].Replace(".", "", StringComparison.Ordinal), int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
    }

    private static (BigInteger Mantissa, int Exponent) Parts(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)((bits >> 52) & 0x7FF);
        var mantissa = bits & 0xFFFFFFFFFFFFFL;
        return exponent == 0 ? (mantissa, -1074) : (mantissa | (1L << 52), exponent - 1075);
    }

    /// <summary>%.nf with exact decimal digits, halves to even.</summary>
    private static string Fixed(double value, int precision)
    {
        if (double.IsNaN(value)) return "NaN";
        if (double.IsInfinity(value)) return "+Inf";
        var scaled = Scaled(value, precision);
        var digits = scaled.ToString(CultureInfo.InvariantCulture).PadLeft(precision + 1, '0');
        return precision == 0 ? digits : digits[..^precision] + "." + digits[^precision..];
    }

    private static BigInteger Scaled(double value, int power)
    {
        var (mantissa, exponent) = Parts(value);
        var numerator = mantissa * BigInteger.Pow(10, Math.Max(power, 0));
        var denominator = BigInteger.Pow(10, Math.Max(-power, 0));
        if (exponent >= 0) numerator <<= exponent;
        else denominator <<= -exponent;
        var quotient = BigInteger.DivRem(numerator, denominator, out var rest);
        var half = (rest * 2).CompareTo(denominator);
        return half > 0 || (half == 0 && !quotient.IsEven) ? quotient + 1 : quotient;
    }

    private static string Exponent(double value, int precision, char verb)
    {
        if (value == 0) return "0" + (precision > 0 ? "." + new string('0', precision) : "") + verb + "+00";
        var exponent = (int)Math.Floor(Math.Log10(value));
        var digits = Scaled(value, precision - exponent).ToString(CultureInfo.InvariantCulture);
        if (digits.Length > precision + 1)
        {
            exponent++;
            digits = Scaled(value, precision - exponent).ToString(CultureInfo.InvariantCulture);
        }
        else if (digits.Length < precision + 1)
        {
            exponent--;
            digits = Scaled(value, precision - exponent).ToString(CultureInfo.InvariantCulture);
        }
        return digits[..1] + (precision > 0 ? "." + digits[1..] : "") + verb + (exponent < 0 ? '-' : '+') + Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture);
    }
}
