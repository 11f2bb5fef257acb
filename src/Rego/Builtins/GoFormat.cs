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
        public bool Minus, Plus, Sharp, Space, Zero, PlusV, SharpV;

        /// <summary>-1 where there is none.</summary>
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
            var percent = format.IndexOf('%', i);
            text.Append(format, i, (percent < 0 ? format.Length : percent) - i);
            if (percent < 0) break;
            i = percent + 1;
            var flags = new Flags { Width = -1, Precision = -1 };
            for (; i < format.Length; i++)
            {
                var more = true;
                switch (format[i])
                {
                    case '-':
                        flags.Minus = true;
                        flags.Zero = false;
                        break;
                    case '+': flags.Plus = true; break;
                    case '#': flags.Sharp = true; break;
                    case ' ': flags.Space = true; break;
                    case '0': flags.Zero = !flags.Minus; break;
                    default: more = false; break;
                }
                if (!more) break;
            }
            var good = true;
            var afterIndex = Index(format, ref i, args.Length, ref next, ref reordered, ref good);
            if (i < format.Length && format[i] == '*')
            {
                i++;
                if (!Asked(args, ref next, out var width)) text.Append("%!(BADWIDTH)");
                else if (width < 0)
                {
                    flags.Width = -width;
                    flags.Minus = true;
                    flags.Zero = false;
                }
                else
                {
                    flags.Width = width;
                }
                afterIndex = false;
            }
            else
            {
                flags.Width = Digits(format, ref i, format.Length);
                if (afterIndex && flags.Width >= 0) good = false;
            }
            if (i + 1 < format.Length && format[i] == '.')
            {
                i++;
                if (afterIndex) good = false;
                afterIndex = Index(format, ref i, args.Length, ref next, ref reordered, ref good);
                if (i < format.Length && format[i] == '*')
                {
                    i++;
                    if (Asked(args, ref next, out var precision) && precision >= 0) flags.Precision = precision;
                    else text.Append("%!(BADPREC)");
                    afterIndex = false;
                }
                else
                {
                    flags.Precision = Math.Max(0, Digits(format, ref i, format.Length));
                }
            }
            if (!afterIndex) Index(format, ref i, args.Length, ref next, ref reordered, ref good);
            if (i >= format.Length)
            {
                text.Append("%!(NOVERB)");
                break;
            }
            Rune.DecodeFromUtf16(format.AsSpan(i), out var verb, out var used);
            i += used;
            if (verb.Value == '%') text.Append('%');
            else if (!good) text.Append("%!").Append(verb.ToString()).Append("(BADINDEX)");
            else if (next >= args.Length) text.Append("%!").Append(verb.ToString()).Append("(MISSING)");
            else One(text, verb, args[next++], verb.Value == 'v' ? flags with { SharpV = flags.Sharp, PlusV = flags.Plus, Sharp = false, Plus = false } : flags);
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

    /// <summary>[n]; whether there was one that could be read.</summary>
    private static bool Index(string format, ref int i, int count, ref int next, ref bool reordered, ref bool good)
    {
        if (i >= format.Length || format[i] != '[') return false;
        reordered = true;
        var close = format.Length - i < 3 ? -1 : format.IndexOf(']', i + 1);
        if (close < 0)
        {
            good = false;
            i++;
            return false;
        }
        var at = i + 1;
        var number = at < close ? Digits(format, ref at, close) : -1;
        i = close + 1;
        if (number < 0 || at != close)
        {
            good = false;
            return false;
        }
        if (number >= 1 && number <= count) next = number - 1;
        else good = false;
        return true;
    }

    private static bool Asked(ReadOnlySpan<RValue> args, ref int next, out int number)
    {
        number = 0;
        if (next >= args.Length) return false;
        if (args[next++] is not RNumber { IsInt64: true, IsIntegerText: true } n || n.Int64 is > MaxWidth or < -MaxWidth) return false;
        number = (int)n.Int64;
        return true;
    }

    /// <summary>The number that stands here; -1 for none. After one that is too large nothing is read any more.</summary>
    private static int Digits(string format, ref int i, int end)
    {
        var start = i;
        var number = 0;
        for (; i < end && char.IsAsciiDigit(format[i]); i++)
        {
            if (number > MaxWidth)
            {
                i = end;
                return -1;
            }
            number = (number * 10) + format[i] - '0';
        }
        return i == start ? -1 : number;
    }

    private static string TypeOf(RValue value) => value switch
    {
        RNumber { IsInt64: true, IsIntegerText: true } => "int",
        RNumber { IsIntegerText: true } => "*big.Int",
        RNumber n when double.IsFinite(n.ToDouble()) => "float64",
        _ => "string",
    };

    private static string Plain(RValue value) => value switch
    {
        RNumber { IsInt64: true, IsIntegerText: true } n => n.Int64.ToString(CultureInfo.InvariantCulture),
        RNumber { IsIntegerText: true } n => n.Text,
        RNumber n when n.ToDouble() is var real && double.IsFinite(real) => GoFloat.Format(real, 'g', -1),
        RNumber n => n.Text,
        RString s => s.Value,
        _ => value.ToString(),
    };

    private static void One(StringBuilder text, Rune verb, RValue value, Flags flags)
    {
        // A pointer is asked for by %p; nothing here is one.
        var letter = verb.IsAscii && verb.Value != 'p' ? (char)verb.Value : '\0';
        if (letter == 'T')
        {
            Pad(text, Cut(TypeOf(value), flags), flags);
            return;
        }
        var done = value switch
        {
            RNumber { IsInt64: true, IsIntegerText: true } n => Integer(text, letter, n.Int64, flags),
            RNumber { IsIntegerText: true } n => Big(text, verb, letter, n, flags),
            RNumber n when n.ToDouble() is var real && double.IsFinite(real) => Float(text, letter, real, flags),
            _ => Text(text, letter, Plain(value), flags),
        };
        if (done) return;
        text.Append("%!").Append(verb.ToString()).Append('(').Append(TypeOf(value)).Append('=');
        One(text, new Rune('v'), value, flags);
        text.Append(')');
    }

    private static bool Integer(StringBuilder text, char verb, long number, Flags flags)
    {
        switch (verb)
        {
            case 'v' or 'd': return Based(text, verb, number, 10, flags);
            case 'b': return Based(text, verb, number, 2, flags);
            case 'o' or 'O': return Based(text, verb, number, 8, flags);
            case 'x' or 'X': return Based(text, verb, number, 16, flags);
            case 'c':
                Pad(text, Character(number).ToString(), flags);
                return true;
            case 'q':
                Pad(text, GoQuote.Character(Character(number), flags.Plus), flags);
                return true;
            case 'U':
                {
                    var code = "U+" + ((ulong)number).ToString("X", CultureInfo.InvariantCulture).PadLeft(Math.Max(4, flags.Precision), '0');
                    if (flags.Sharp && number is >= 0 and <= 0x10FFFF && Rune.IsValid((int)number) && GoQuote.IsPrintable(new Rune((int)number))) code += $" '{new Rune((int)number)}'";
                    Pad(text, code, flags with { Zero = false });
                    return true;
                }
            default: return false;
        }
    }

    private static Rune Character(long number) => number is >= 0 and <= 0x10FFFF && Rune.IsValid((int)number) ? new Rune((int)number) : Rune.ReplacementChar;

    private static bool Based(StringBuilder text, char verb, long number, int radix, Flags flags)
    {
        if (flags.Precision == 0 && number == 0)
        {
            Pad(text, "", flags with { Zero = false });
            return true;
        }
        var digits = radix == 10 ? BigInteger.Abs(number).ToString(CultureInfo.InvariantCulture) : Radix(BigInteger.Abs(number), radix);
        if (verb == 'X') digits = digits.ToUpperInvariant();
        var sign = number < 0 ? "-" : flags.Plus ? "+" : flags.Space ? " " : "";
        var least = flags.Precision >= 0 ? flags.Precision : flags.Zero && flags.Width >= 0 ? flags.Width - sign.Length : 0;
        digits = digits.PadLeft(Math.Max(0, least), '0');
        if (flags.Sharp)
        {
            digits = radix switch
            {
                2 => "0b" + digits,
                8 => digits[0] == '0' ? digits : "0" + digits,
                16 => (verb == 'X' ? "0X" : "0x") + digits,
                _ => digits,
            };
        }
        if (verb == 'O') digits = "0o" + digits;
        Pad(text, sign + digits, flags with { Zero = false });
        return true;
    }

    /// <summary>What math/big writes: it pads by rules of its own, and complains in words of its own.</summary>
    private static bool Big(StringBuilder text, Rune verb, char letter, RNumber number, Flags flags)
    {
        var radix = letter switch
        {
            'b' => 2,
            'o' or 'O' => 8,
            'd' or 's' or 'v' => 10,
            'x' or 'X' => 16,
            _ => 0,
        };
        if (radix == 0)
        {
            text.Append("%!").Append(verb.ToString()).Append("(big.Int=").Append(number.Text).Append(')');
            return true;
        }
        var whole = number.ToBigInteger();
        var digits = Radix(BigInteger.Abs(whole), radix);
        if (letter == 'X') digits = digits.ToUpperInvariant();
        var sign = whole.Sign < 0 ? "-" : flags.Plus || flags.PlusV ? "+" : flags.Space ? " " : "";
        var prefix = letter == 'O' ? "0o" : !(flags.Sharp || flags.SharpV) ? "" : letter switch { 'b' => "0b", 'o' => "0", 'x' => "0x", 'X' => "0X", _ => "" };
        digits = digits.PadLeft(Math.Max(0, flags.Precision), '0');
        if (flags.Zero && !flags.Minus && flags.Precision < 0) digits = digits.PadLeft(Math.Max(0, flags.Width - sign.Length - prefix.Length), '0');
        Pad(text, sign + prefix + digits, flags with { Zero = false });
        return true;
    }

    private static bool Float(StringBuilder text, char verb, double value, Flags flags)
    {
        var (form, precision) = verb switch
        {
            'v' => ('g', -1),
            'b' or 'g' or 'G' or 'x' or 'X' => (verb, -1),
            'f' or 'e' or 'E' => (verb, 6),
            'F' => ('f', 6),
            _ => ('\0', 0),
        };
        if (form == '\0') return false;
        if (flags.Precision >= 0) precision = flags.Precision;
        var number = GoFloat.Format(value, form, precision);
        var sign = number[0] == '-' ? '-' : flags.Space && !flags.Plus ? ' ' : '+';
        if (number[0] == '-') number = number[1..];
        if (flags.Sharp && form != 'b') number = WithPoint(number, form, precision);
        if (!flags.Plus && sign == '+') Pad(text, number, flags);
        else if (flags.Zero && flags.Width > number.Length + 1) text.Append(sign).Append('0', flags.Width - number.Length - 1).Append(number);
        else Pad(text, sign + number, flags);
        return true;
    }

    /// <summary>The sharp flag: a point always, and the zeros at the end stay.</summary>
    private static string WithPoint(string number, char form, int precision)
    {
        var digits = form is 'g' or 'G' or 'x' ? precision == -1 ? 6 : precision : 0;
        var end = form is 'x' or 'X' ? number.IndexOfAny(['p', 'P']) : number.IndexOfAny(['e', 'E']);
        var tail = end < 0 ? "" : number[end..];
        var head = end < 0 ? number : number[..end];
        var sawNonzero = false;
        foreach (var c in head)
        {
            if (c == '.') continue;
            if (c != '0') sawNonzero = true;
            if (sawNonzero) digits--;
        }
        if (!head.Contains('.', StringComparison.Ordinal))
        {
            if (head == "0") digits--;
            head += ".";
        }
        return head + new string('0', Math.Max(0, digits)) + tail;
    }

    private static bool Text(StringBuilder text, char verb, string value, Flags flags)
    {
        switch (verb)
        {
            case 'v' when !flags.SharpV:
            case 's':
                Pad(text, Cut(value, flags), flags);
                return true;
            case 'v':
            case 'q':
                value = Cut(value, flags);
                Pad(text, flags.Sharp && GoQuote.CanBackquote(value) ? $"`{value}`" : GoQuote.Text(value, flags.Plus), flags);
                return true;
            case 'x' or 'X':
                Bytes(text, verb, RawBytes.Of(value), flags);
                return true;
            default: return false;
        }
    }

    private static void Bytes(StringBuilder text, char verb, byte[] bytes, Flags flags)
    {
        var count = flags.Precision >= 0 ? Math.Min(flags.Precision, bytes.Length) : bytes.Length;
        var hex = new StringBuilder(count * 2);
        for (var i = 0; i < count; i++)
        {
            if (i > 0 && flags.Space) hex.Append(' ');
            if (flags.Sharp && (i == 0 || flags.Space)) hex.Append('0').Append(verb);
            hex.Append(bytes[i].ToString(verb == 'X' ? "X2" : "x2", CultureInfo.InvariantCulture));
        }
        Pad(text, hex.ToString(), flags);
    }

    private static string Cut(string value, Flags flags)
    {
        if (flags.Precision < 0 || value.Length <= flags.Precision) return value;
        var at = 0;
        for (var n = 0; n < flags.Precision && at < value.Length; n++)
        {
            Rune.DecodeFromUtf16(value.AsSpan(at), out _, out var used);
            at += used;
        }
        return value[..at];
    }

    private static void Pad(StringBuilder text, string value, Flags flags)
    {
        var missing = flags.Width < 0 ? 0 : flags.Width - Aggregates.Runes(value);
        if (missing <= 0) text.Append(value);
        else if (flags.Minus) text.Append(value).Append(' ', missing);
        else text.Append(flags.Zero ? '0' : ' ', missing).Append(value);
    }

    /// <summary>strconv.Quote.</summary>
    public static string Quote(string value) => GoQuote.Text(value);

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
            var bits = value.ToString("b", CultureInfo.InvariantCulture).TrimStart('0');
            if (radix == 2)
            {
                digits = bits;
            }
            else
            {
                bits = bits.PadLeft((bits.Length + 2) / 3 * 3, '0');
                var octal = new StringBuilder();
                for (var i = 0; i < bits.Length; i += 3) octal.Append((char)('0' + ((bits[i] - '0') * 4) + ((bits[i + 1] - '0') * 2) + bits[i + 2] - '0'));
                digits = octal.ToString();
            }
        }
        return negative ? "-" + digits : digits;
    }
}
