using System.Globalization;
using System.Numerics;
using System.Text;

namespace Rego.Builtins;

/// <summary>Go's reference-time layouts (Mon Jan 2 15:04:05 MST 2006) and durations ("1h30m").</summary>
internal static partial class GoTime
{
    public const string Rfc3339 = "2006-01-02T15:04:05Z07:00";

    private static readonly string[] Months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
    private static readonly string[] Days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

    public static string LayoutOf(string name) => name switch
    {
        "ANSIC" => "Mon Jan _2 15:04:05 2006",
        "UnixDate" => "Mon Jan _2 15:04:05 MST 2006",
        "RubyDate" => "Mon Jan 02 15:04:05 -0700 2006",
        "RFC822" => "02 Jan 06 15:04 MST",
        "RFC822Z" => "02 Jan 06 15:04 -0700",
        "RFC850" => "Monday, 02-Jan-06 15:04:05 MST",
        "RFC1123" => "Mon, 02 Jan 2006 15:04:05 MST",
        "RFC1123Z" => "Mon, 02 Jan 2006 15:04:05 -0700",
        "RFC3339" => Rfc3339,
        "RFC3339Nano" => "2006-01-02T15:04:05.999999999Z07:00",
        _ => name,
    };

    /// <summary>The next token of a layout at or behind a place ("" at the end); a fraction is one of its own (".000", ",999").</summary>
    private static (int At, string Token) Next(string layout, int from)
    {
        for (var i = from; i < layout.Length; i++)
        {
            if (TokenAt(layout, i) is { } token) return (i, token);
            // _2006 is a literal underscore and the year.
            if (layout[i] == '_' && Starts(layout, i + 1, "2006")) return (i + 1, "2006");
        }
        return (layout.Length, "");
    }

    private static string? TokenAt(string layout, int i)
    {
        switch (layout[i])
        {
            case 'J': return Starts(layout, i, "January") ? "January" : Starts(layout, i, "Jan") && !IsLower(layout, i + 3) ? "Jan" : null;
            case 'M': return Starts(layout, i, "Monday") ? "Monday" : Starts(layout, i, "Mon") && !IsLower(layout, i + 3) ? "Mon" : Starts(layout, i, "MST") ? "MST" : null;
            case '0': return i + 1 < layout.Length && layout[i + 1] is >= '1' and <= '6' ? layout.Substring(i, 2) : Starts(layout, i, "002") ? "002" : null;
            case '1': return Starts(layout, i, "15") ? "15" : "1";
            case '2': return Starts(layout, i, "2006") ? "2006" : "2";
            case '_': return Starts(layout, i, "_2006") ? null : Starts(layout, i, "_2") ? "_2" : Starts(layout, i, "__2") ? "__2" : null;
            case '3' or '4' or '5': return layout[i].ToString();
            case 'P': return Starts(layout, i, "PM") ? "PM" : null;
            case 'p': return Starts(layout, i, "pm") ? "pm" : null;
            case '-' or 'Z':
                foreach (var offset in Offsets)
                {
                    if (Starts(layout, i + 1, offset)) return layout.Substring(i, offset.Length + 1);
                }
                return null;
            case '.' or ',' when i + 1 < layout.Length && layout[i + 1] is '0' or '9':
                {
                    var end = i + 1;
                    while (end < layout.Length && layout[end] == layout[i + 1]) end++;
                    return end < layout.Length && char.IsAsciiDigit(layout[end]) ? null : layout[i..end];
                }
            default: return null;
        }
    }

    private static readonly string[] Offsets = ["070000", "07:00:00", "0700", "07:00", "07"];

    private static bool Starts(string text, int at, string part) => at <= text.Length && string.CompareOrdinal(text, at, part, 0, part.Length) == 0;

    private static bool IsLower(string text, int at) => at < text.Length && char.IsAsciiLetterLower(text[at]);

    /// <summary>A time in words.</summary>
    public static string Format(string layout, Moment m)
    {
        var text = new StringBuilder();
        var t = m.Local;
        for (var from = 0; from < layout.Length;)
        {
            var (at, part) = Next(layout, from);
            text.Append(layout, from, at - from);
            if (part.Length == 0) break;
            from = at + part.Length;
            text.Append(part switch
            {
                "2006" => t.Year.ToString("0000", CultureInfo.InvariantCulture),
                "06" => (t.Year % 100).ToString("00", CultureInfo.InvariantCulture),
                "January" => Months[t.Month - 1],
                "Jan" => Months[t.Month - 1][..3],
                "01" => t.Month.ToString("00", CultureInfo.InvariantCulture),
                "1" => t.Month.ToString(CultureInfo.InvariantCulture),
                "Monday" => Days[(int)t.DayOfWeek],
                "Mon" => Days[(int)t.DayOfWeek][..3],
                "02" => t.Day.ToString("00", CultureInfo.InvariantCulture),
                "_2" => t.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2),
                "2" => t.Day.ToString(CultureInfo.InvariantCulture),
                "002" => t.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
                "__2" => t.DayOfYear.ToString(CultureInfo.InvariantCulture).PadLeft(3),
                "15" => t.Hour.ToString("00", CultureInfo.InvariantCulture),
                "03" => ((t.Hour + 11) % 12 + 1).ToString("00", CultureInfo.InvariantCulture),
                "3" => ((t.Hour + 11) % 12 + 1).ToString(CultureInfo.InvariantCulture),
                "04" => t.Minute.ToString("00", CultureInfo.InvariantCulture),
                "4" => t.Minute.ToString(CultureInfo.InvariantCulture),
                "05" => t.Second.ToString("00", CultureInfo.InvariantCulture),
                "5" => t.Second.ToString(CultureInfo.InvariantCulture),
                "PM" => t.Hour >= 12 ? "PM" : "AM",
                "pm" => t.Hour >= 12 ? "pm" : "am",
                "MST" => m.ZoneName,
                _ when part[0] is '.' or ',' => Fraction(part, m.Nanosecond),
                _ => OffsetText(part, m.Offset),
            });
        }
        return text.ToString();
    }

    private static string Fraction(string part, int nanosecond)
    {
        var digits = nanosecond.ToString("000000000", CultureInfo.InvariantCulture)[..Math.Min(part.Length - 1, 9)].PadRight(part.Length - 1, '0');
        if (part[1] == '0') return part[0] + digits;
        digits = digits.TrimEnd('0');
        return digits.Length == 0 ? "" : part[0] + digits;
    }

    private static string OffsetText(string part, TimeSpan offset)
    {
        if (part[0] == 'Z' && offset == TimeSpan.Zero) return "Z";
        var shape = part[0] == 'Z' ? "-" + part[1..] : part;
        var sign = offset < TimeSpan.Zero ? "-" : "+";
        var o = offset.Duration();
        var (h, m, s) = (o.Hours.ToString("00", CultureInfo.InvariantCulture), o.Minutes.ToString("00", CultureInfo.InvariantCulture), o.Seconds.ToString("00", CultureInfo.InvariantCulture));
        return shape switch
        {
            "-07:00:00" => $"{sign}{h}:{m}:{s}",
            "-070000" => sign + h + m + s,
            "-07:00" => $"{sign}{h}:{m}",
            "-0700" => sign + h + m,
            _ => sign + h,
        };
    }

    /// <summary>Days from 1970 to the first of a month; months count from 0 and may lie outside of the year.</summary>
    public static long DaysFromCivil(long year, long month)
    {
        year += month >= 0 ? month / 12 : -((11 - month) / 12);
        month = ((month % 12) + 12) % 12;
        var y = month < 2 ? year - 1 : year;
        var era = (y >= 0 ? y : y - 399) / 400;
        var yearOfEra = y - (era * 400);
        var shifted = (month + 10) % 12;
        var dayOfYear = ((153 * shifted) + 2) / 5;
        var dayOfEra = (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear;
        return (era * 146_097) + dayOfEra - 719_468;
    }
}
