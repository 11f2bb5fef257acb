using System.Globalization;
using System.Text;

namespace Rego.Builtins;

internal static partial class GoTime
{
    /// <summary>What was read so far; -1 for what was not.</summary>
    private struct Fields
    {
        public int Year, Month, Day, YearDay, Hour, Minute, Second, Nanosecond;
        public bool Morning, Afternoon;

        /// <summary>Seconds; null where no offset was given.</summary>
        public int? Offset;
    }

    /// <summary>Nanoseconds since 1970, or null with the reason in Go's words.</summary>
    public static Int128? Parse(string layout, string value, out string error)
    {
        var fields = new Fields { Month = -1, Day = -1, YearDay = -1 };
        error = "";
        var rest = value;
        for (var from = 0; ;)
        {
            var (at, token) = Next(layout, from);
            var literal = layout[from..at];
            if (!Skip(literal, ref rest))
            {
                error = Unparsed(value, layout, rest, literal);
                return null;
            }
            if (token.Length == 0)
            {
                if (rest.Length == 0) break;
                error = $"parsing time {Quote(value)}: extra text: {Quote(rest)}";
                return null;
            }
            from = at + token.Length;
            var hold = rest;
            var good = Read(token, layout, from, ref rest, ref fields, out var outOfRange);
            if (outOfRange is not null)
            {
                error = $"parsing time {Quote(value)}: {outOfRange} out of range";
                return null;
            }
            if (!good)
            {
                error = Unparsed(value, layout, hold, token);
                return null;
            }
        }
        if (fields.Afternoon && fields.Hour < 12) fields.Hour += 12;
        else if (fields.Morning && fields.Hour == 12) fields.Hour = 0;
        if (Date(ref fields) is { } fault)
        {
            error = $"parsing time {Quote(value)}: {fault}";
            return null;
        }
        Int128 seconds = ((DaysFromCivil(fields.Year, fields.Month - 1) + fields.Day - 1) * 86_400L) + (fields.Hour * 3600) + (fields.Minute * 60) + fields.Second - (fields.Offset ?? 0);
        return (seconds * 1_000_000_000) + fields.Nanosecond;
    }

    private static string Unparsed(string value, string layout, string rest, string element) =>
        $"parsing time {Quote(value)} as {Quote(layout)}: cannot parse {Quote(rest)} as {Quote(element)}";

    /// <summary>Month and day from the day of the year, and whether the month has such a day.</summary>
    private static string? Date(ref Fields fields)
    {
        var isLeap = fields.Year % 4 == 0 && (fields.Year % 100 != 0 || fields.Year % 400 == 0);
        if (fields.YearDay >= 0)
        {
            if (fields.YearDay < 1 || fields.YearDay > (isLeap ? 366 : 365)) return "day-of-year out of range";
            var (month, day) = (1, fields.YearDay);
            for (; day > DaysIn(month, isLeap); month++) day -= DaysIn(month, isLeap);
            if (fields.Month >= 0 && fields.Month != month) return "day-of-year does not match month";
            if (fields.Day >= 0 && fields.Day != day) return "day-of-year does not match day";
            (fields.Month, fields.Day) = (month, day);
        }
        if (fields.Month < 0) fields.Month = 1;
        if (fields.Day < 0) fields.Day = 1;
        return fields.Day < 1 || fields.Day > DaysIn(fields.Month, isLeap) ? "day out of range" : null;
    }

    private static int DaysIn(int month, bool isLeap) => month == 2 && isLeap ? 29 : DateTime.DaysInMonth(2001, month);

    /// <summary>One token; false where the text does not fit, a name where a number is too large.</summary>
    private static bool Read(string token, string layout, int behind, ref string rest, ref Fields f, out string? outOfRange)
    {
        outOfRange = null;
        switch (token)
        {
            case "06":
                if (!Fixed(ref rest, 2, out f.Year)) return false;
                f.Year += f.Year >= 69 ? 1900 : 2000;
                return true;
            case "2006": return rest.Length > 0 && char.IsAsciiDigit(rest[0]) && Fixed(ref rest, 4, out f.Year);
            case "Jan" or "January": return Name(ref rest, Months, token == "Jan", out f.Month);
            case "Mon" or "Monday": return Name(ref rest, Days, token == "Mon", out _);
            case "1" or "01":
                if (!Number(ref rest, token == "01", out f.Month)) return false;
                if (f.Month is < 1 or > 12) outOfRange = "month";
                return true;
            case "2" or "_2" or "02":
                if (token == "_2" && rest.StartsWith(' ')) rest = rest[1..];
                return Number(ref rest, token == "02", out f.Day);
            case "__2" or "002": return YearDay(ref rest, token == "002", out f.YearDay);
            case "15":
                if (!Number(ref rest, false, out f.Hour)) return false;
                if (f.Hour >= 24) outOfRange = "hour";
                return true;
            case "3" or "03":
                if (!Number(ref rest, token == "03", out f.Hour)) return false;
                if (f.Hour > 12) outOfRange = "hour";
                return true;
            case "4" or "04":
                if (!Number(ref rest, token == "04", out f.Minute)) return false;
                if (f.Minute >= 60) outOfRange = "minute";
                return true;
            case "5" or "05":
                if (!Number(ref rest, token == "05", out f.Second)) return false;
                if (f.Second >= 60) outOfRange = "second";
                // A fraction may follow the seconds whether or not the layout has one.
                else if (IsFraction(rest) && !(Next(layout, behind).Token is ['.' or ',', ..])) ReadFraction(ref rest, int.MaxValue, ref f.Nanosecond);
                return true;
            case "PM" or "pm":
                if (rest.Length < 2) return false;
                f.Afternoon = rest.StartsWith(token, StringComparison.Ordinal);
                f.Morning = rest.StartsWith(token == "PM" ? "AM" : "am", StringComparison.Ordinal);
                rest = rest[2..];
                return f.Afternoon || f.Morning;
            case "MST":
                if (rest.StartsWith("UTC", StringComparison.Ordinal))
                {
                    rest = rest[3..];
                    f.Offset = 0;
                    return true;
                }
                var length = ZoneLength(rest);
                // Only an offset in numbers says what a zone's name means; the name by itself changes nothing.
                rest = rest[length..];
                return length > 0;
            default:
                if (token[0] is '-' or 'Z') return Offset(token, ref rest, ref f, out outOfRange);
                if (token[1] == '9')
                {
                    if (IsFraction(rest)) ReadFraction(ref rest, 9, ref f.Nanosecond);
                    return true;
                }
                if (rest.Length < token.Length || rest[0] is not ('.' or ',') || !rest.AsSpan(1, token.Length - 1).ContainsOnlyDigits()) return false;
                ReadFraction(ref rest, token.Length - 1, ref f.Nanosecond);
                return true;
        }
    }

    private static bool ContainsOnlyDigits(this ReadOnlySpan<char> text) => text.IndexOfAnyExceptInRange('0', '9') < 0;

    private static bool Skip(string literal, ref string rest)
    {
        for (var i = 0; i < literal.Length;)
        {
            if (literal[i] == ' ')
            {
                if (rest.Length > 0 && rest[0] != ' ') return false;
                while (i < literal.Length && literal[i] == ' ') i++;
                rest = rest.TrimStart(' ');
                continue;
            }
            if (rest.Length == 0 || rest[0] != literal[i]) return false;
            i++;
            rest = rest[1..];
        }
        return true;
    }

    private static bool Fixed(ref string rest, int count, out int value)
    {
        value = 0;
        if (rest.Length < count || !rest.AsSpan(0, count).ContainsOnlyDigits()) return false;
        value = int.Parse(rest.AsSpan(0, count), CultureInfo.InvariantCulture);
        rest = rest[count..];
        return true;
    }

    /// <summary>One digit or two.</summary>
    private static bool Number(ref string rest, bool two, out int value)
    {
        if (rest.Length > 1 && char.IsAsciiDigit(rest[0]) && char.IsAsciiDigit(rest[1])) return Fixed(ref rest, 2, out value);
        value = 0;
        return !two && Fixed(ref rest, 1, out value);
    }

    private static bool YearDay(ref string rest, bool three, out int value)
    {
        for (var i = 0; !three && i < 2 && rest.StartsWith(' '); i++) rest = rest[1..];
        var digits = 0;
        while (digits < 3 && digits < rest.Length && char.IsAsciiDigit(rest[digits])) digits++;
        value = 0;
        return digits > 0 && (!three || digits == 3) && Fixed(ref rest, digits, out value);
    }

    private static bool Name(ref string rest, string[] names, bool shortForm, out int number)
    {
        for (var i = 0; i < names.Length; i++)
        {
            var name = shortForm ? names[i][..3] : names[i];
            if (!rest.StartsWith(name, StringComparison.OrdinalIgnoreCase)) continue;
            rest = rest[name.Length..];
            number = i + 1;
            return true;
        }
        number = 0;
        return false;
    }

    private static bool IsFraction(string rest) => rest.Length > 1 && rest[0] is '.' or ',' && char.IsAsciiDigit(rest[1]);

    private static void ReadFraction(ref string rest, int most, ref int nanosecond)
    {
        var digits = 0;
        while (digits < most && digits + 1 < rest.Length && char.IsAsciiDigit(rest[digits + 1])) digits++;
        nanosecond = int.Parse(rest.AsSpan(1, Math.Min(9, digits)).ToString().PadRight(9, '0'), CultureInfo.InvariantCulture);
        rest = rest[(digits + 1)..];
    }

    private static bool Offset(string token, ref string rest, ref Fields f, out string? outOfRange)
    {
        outOfRange = null;
        if (token[0] == 'Z' && rest.StartsWith('Z'))
        {
            rest = rest[1..];
            f.Offset = 0;
            return true;
        }
        if (rest.Length < token.Length) return false;
        Span<int> parts = [0, 0, 0];
        var sign = rest[0];
        for (int i = 1, part = 0; i < token.Length;)
        {
            if (token[i] == ':')
            {
                if (rest[i++] != ':') return false;
                continue;
            }
            if (!char.IsAsciiDigit(rest[i]) || !char.IsAsciiDigit(rest[i + 1])) return false;
            parts[part++] = ((rest[i] - '0') * 10) + rest[i + 1] - '0';
            i += 2;
        }
        // Some do write 24 hours and 60 minutes.
        outOfRange = parts[0] > 24 ? "time zone offset hour" : parts[1] > 60 ? "time zone offset minute" : parts[2] > 60 ? "time zone offset second" : null;
        if (sign is not ('+' or '-')) return false;
        f.Offset = ((parts[0] * 3600) + (parts[1] * 60) + parts[2]) * (sign == '-' ? -1 : 1);
        rest = rest[token.Length..];
        return true;
    }

    /// <summary>How much of a text looks like the name of a time zone; 0 for nothing.</summary>
    private static int ZoneLength(string text)
    {
        if (text.Length < 3) return 0;
        if (text.StartsWith("ChST", StringComparison.Ordinal) || text.StartsWith("MeST", StringComparison.Ordinal)) return 4;
        if (text.StartsWith("GMT", StringComparison.Ordinal)) return 3 + SignedHour(text[3..]);
        if (text[0] is '+' or '-') return SignedHour(text);
        var upper = 0;
        while (upper < 6 && upper < text.Length && char.IsAsciiLetterUpper(text[upper])) upper++;
        return upper switch
        {
            3 => 3,
            4 when text[3] == 'T' || text.StartsWith("WITA", StringComparison.Ordinal) => 4,
            5 when text[4] == 'T' => 5,
            _ => 0,
        };
    }

    private static int SignedHour(string text)
    {
        if (text.Length == 0 || text[0] is not ('+' or '-')) return 0;
        var end = 1;
        while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
        return end > 1 && end < 12 && long.Parse(text.AsSpan(1, end - 1), CultureInfo.InvariantCulture) <= 23 ? end : 0;
    }

    /// <summary>As Go's time package quotes: what is no plain ASCII goes byte by byte.</summary>
    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var b in RawBytes.Of(text))
        {
            if (b is >= 0x80 or < (byte)' ') quoted.Append("\\x").Append(b.ToString("x2", CultureInfo.InvariantCulture));
            else if (b is (byte)'"' or (byte)'\\') quoted.Append('\\').Append((char)b);
            else quoted.Append((char)b);
        }
        return quoted.Append('"').ToString();
    }

    private const ulong Limit = 1UL << 63;

    /// <summary>Nanoseconds of "1h15m30.5s", or null with the reason in Go's words.</summary>
    public static long? Duration(string text, out string error)
    {
        error = $"time: invalid duration {Quote(text)}";
        var negative = text.StartsWith('-');
        var rest = negative || text.StartsWith('+') ? text[1..] : text;
        if (rest == "0") return 0;
        if (rest.Length == 0) return null;
        UInt128 total = 0;
        var at = 0;
        while (at < rest.Length)
        {
            if (rest[at] != '.' && !char.IsAsciiDigit(rest[at])) return null;
            var start = at;
            UInt128 whole = 0;
            for (; at < rest.Length && char.IsAsciiDigit(rest[at]); at++)
            {
                whole = (whole * 10) + (UInt128)(rest[at] - '0');
                if (whole > Limit) return null;
            }
            var (fraction, scale, digits) = (0UL, 1.0, at - start);
            if (at < rest.Length && rest[at] == '.')
            {
                for (at++; at < rest.Length && char.IsAsciiDigit(rest[at]); at++, digits++)
                {
                    // Digits beyond these change nothing.
                    if (fraction > (Limit - 1) / 10 || (fraction * 10) + (ulong)(rest[at] - '0') > Limit) continue;
                    fraction = (fraction * 10) + (ulong)(rest[at] - '0');
                    scale *= 10;
                }
            }
            if (digits == 0) return null;
            start = at;
            while (at < rest.Length && rest[at] != '.' && !char.IsAsciiDigit(rest[at])) at++;
            if (at == start)
            {
                error = $"time: missing unit in duration {Quote(text)}";
                return null;
            }
            var unit = rest[start..at] switch
            {
                "ns" => 1UL,
                "us" or "µs" or "μs" => 1_000UL,
                "ms" => 1_000_000UL,
                "s" => 1_000_000_000UL,
                "m" => 60_000_000_000UL,
                "h" => 3_600_000_000_000UL,
                _ => 0UL,
            };
            if (unit == 0)
            {
                error = $"time: unknown unit {Quote(rest[start..at])} in duration {Quote(text)}";
                return null;
            }
            total += (whole * unit) + (ulong)(fraction * (unit / scale));
            if (total > Limit) return null;
        }
        if (total == Limit) return negative ? long.MinValue : null;
        return negative ? -(long)total : (long)total;
    }
}
