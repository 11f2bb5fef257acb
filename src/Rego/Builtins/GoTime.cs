using System.Globalization;
using System.Numerics;
using System.Text;

namespace Rego.Builtins;

/// <summary>Go's reference-time layouts (Mon Jan 2 15:04:05 MST 2006) and durations ("1h30m").</summary>
internal static class GoTime
{
    public const string Rfc3339 = "2006-01-02T15:04:05Z07:00";

    private static readonly string[] Tokens =
    [
        "January", "Jan", "Monday", "Mon", "MST", "2006", "-07:00:00", "-070000", "-07:00", "-0700", "-07",
        "Z07:00:00", "Z070000", "Z07:00", "Z0700", "Z07", "__2", "_2", "002", "01", "02", "03", "04", "05", "06", "15", "PM", "pm", "1", "2", "3", "4", "5",
    ];

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

    /// <summary>Literal text and layout tokens, in order; a fraction is a token of its own (".000", ",999").</summary>
    private static IEnumerable<(string Text, bool IsToken)> Parts(string layout)
    {
        var literal = new StringBuilder();
        for (var i = 0; i < layout.Length;)
        {
            string? token = null;
            if (layout[i] is '.' or ',' && i + 1 < layout.Length && layout[i + 1] is '0' or '9')
            {
                var end = i + 1;
                while (end < layout.Length && layout[end] == layout[i + 1]) end++;
                if (end >= layout.Length || !char.IsAsciiDigit(layout[end])) token = layout[i..end];
            }
            if (token is null)
            {
                foreach (var t in Tokens)
                {
                    if (string.CompareOrdinal(layout, i, t, 0, t.Length) != 0) continue;
                    // "Jan" inside a word and "_2006" are not what they seem.
                    if (t == "Jan" && i + 3 < layout.Length && char.IsAsciiLetterLower(layout[i + 3])) continue;
                    if (t == "Mon" && i + 3 < layout.Length && char.IsAsciiLetterLower(layout[i + 3])) continue;
                    if (t == "_2" && string.CompareOrdinal(layout, i + 1, "2006", 0, 4) == 0) continue;
                    token = t;
                    break;
                }
            }
            if (token is null)
            {
                literal.Append(layout[i++]);
                continue;
            }
            if (literal.Length > 0) yield return (literal.ToString(), false);
            literal.Clear();
            yield return (token, true);
            i += token.Length;
        }
        if (literal.Length > 0) yield return (literal.ToString(), false);
    }

    public static string Format(string layout, Moment m)
    {
        var text = new StringBuilder();
        var t = m.Local;
        foreach (var (part, isToken) in Parts(layout))
        {
            if (!isToken)
            {
                text.Append(part);
                continue;
            }
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
                "MST" => ZoneName(m),
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

    private static string ZoneName(Moment m)
    {
        if (m.Zone.Equals(TimeZoneInfo.Utc)) return "UTC";
        var daylight = m.Zone.IsDaylightSavingTime(m.Local);
        if (Abbreviations.TryGetValue(m.Zone.Id, out var names)) return daylight ? names.Daylight : names.Standard;
        return OffsetText("-07", m.Offset) is var hours && m.Offset.Minutes == 0 ? hours : OffsetText("-0700", m.Offset);
    }

    // tzdata has abbreviations, .NET does not expose them; these are those of the zones people write most.
    private static readonly Dictionary<string, (string Standard, string Daylight)> Abbreviations = new(StringComparer.Ordinal)
    {
        ["America/New_York"] = ("EST", "EDT"),
        ["America/Chicago"] = ("CST", "CDT"),
        ["America/Denver"] = ("MST", "MDT"),
        ["America/Los_Angeles"] = ("PST", "PDT"),
        ["US/Eastern"] = ("EST", "EDT"),
        ["US/Central"] = ("CST", "CDT"),
        ["US/Mountain"] = ("MST", "MDT"),
        ["US/Pacific"] = ("PST", "PDT"),
        ["Europe/London"] = ("GMT", "BST"),
        ["Europe/Dublin"] = ("GMT", "IST"),
        ["Europe/Berlin"] = ("CET", "CEST"),
        ["Europe/Paris"] = ("CET", "CEST"),
        ["Europe/Madrid"] = ("CET", "CEST"),
        ["Europe/Rome"] = ("CET", "CEST"),
        ["Europe/Vienna"] = ("CET", "CEST"),
        ["Europe/Zurich"] = ("CET", "CEST"),
        ["Europe/Amsterdam"] = ("CET", "CEST"),
        ["Europe/Brussels"] = ("CET", "CEST"),
        ["Europe/Stockholm"] = ("CET", "CEST"),
        ["Europe/Warsaw"] = ("CET", "CEST"),
        ["Europe/Athens"] = ("EET", "EEST"),
        ["Asia/Tokyo"] = ("JST", "JDT"),
        ["Asia/Kolkata"] = ("IST", "IST"),
        ["Australia/Sydney"] = ("AEST", "AEDT"),
        ["Etc/UTC"] = ("UTC", "UTC"),
        ["GMT"] = ("GMT", "GMT"),
    };

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

    /// <summary>Nanoseconds since 1970, or null with the reason.</summary>
    public static BigInteger? Parse(string layout, string text, out string error)
    {
        var (year, month, day, yearDay) = (0, -1, -1, -1);
        var (hour, minute, second, nanos) = (0, 0, 0, 0L);
        var (pm, isPmSet) = (false, false);
        TimeSpan? offset = null;
        string? zone = null;
        var at = 0;
        error = "";
        var parts = Parts(layout).ToList();
        for (var p = 0; p < parts.Count; p++)
        {
            var (part, isToken) = parts[p];
            var ok = true;
            if (!isToken)
            {
                ok = string.CompareOrdinal(text, at, part, 0, part.Length) == 0;
                if (ok) at += part.Length;
            }
            else
            {
                switch (part)
                {
                    case "2006": ok = Digits(text, ref at, 4, 4, out year); break;
                    case "06":
                        ok = Digits(text, ref at, 2, 2, out year);
                        year += year >= 69 ? 1900 : 2000;
                        break;
                    case "January": ok = Name(text, ref at, Months, false, out month); break;
                    case "Jan": ok = Name(text, ref at, Months, true, out month); break;
                    case "01": ok = Digits(text, ref at, 2, 2, out month); break;
                    case "1": ok = Digits(text, ref at, 1, 2, out month); break;
                    case "Monday": ok = Name(text, ref at, Days, false, out _); break;
                    case "Mon": ok = Name(text, ref at, Days, true, out _); break;
                    case "02": ok = Digits(text, ref at, 2, 2, out day); break;
                    case "_2" or "2":
                        if (part == "_2" && at < text.Length && text[at] == ' ') at++;
                        ok = Digits(text, ref at, 1, 2, out day);
                        break;
                    case "002" or "__2":
                        while (part == "__2" && at < text.Length && text[at] == ' ') at++;
                        ok = Digits(text, ref at, 1, 3, out yearDay);
                        break;
                    case "15": ok = Digits(text, ref at, 1, 2, out hour) && hour < 24; break;
                    case "03": ok = Digits(text, ref at, 2, 2, out hour) && hour <= 12; break;
                    case "3": ok = Digits(text, ref at, 1, 2, out hour) && hour <= 12; break;
                    case "04": ok = Digits(text, ref at, 2, 2, out minute) && minute < 60; break;
                    case "4": ok = Digits(text, ref at, 1, 2, out minute) && minute < 60; break;
                    case "05" or "5":
                        ok = Digits(text, ref at, part == "05" ? 2 : 1, 2, out second) && second < 60;
                        // A fraction may follow the seconds whether or not the layout has one.
                        if (ok && !(p + 1 < parts.Count && parts[p + 1] is { IsToken: true } next && next.Text[0] is '.' or ',')) Nanos(text, ref at, ref nanos);
                        break;
                    case "PM" or "pm":
                        isPmSet = true;
                        ok = at + 2 <= text.Length;
                        if (!ok) break;
                        var half = text.Substring(at, 2);
                        pm = half == part;
                        ok = pm || half == (part == "PM" ? "AM" : "am");
                        at += 2;
                        break;
                    case "MST":
                        {
                            var start = at;
                            while (at < text.Length && char.IsAsciiLetterUpper(text[at]) && at - start < 5) at++;
                            zone = text[start..at];
                            ok = zone.Length >= 3;
                            break;
                        }
                    default:
                        if (part[0] is '.' or ',') ok = FractionOf(part, text, ref at, ref nanos);
                        else ok = Offset(part, text, ref at, ref offset);
                        break;
                }
            }
            if (ok) continue;
            error = $"cannot parse {GoFormat.Quote(at <= text.Length ? text[at..] : "")} as {GoFormat.Quote(part)}";
            return null;
        }
        if (at < text.Length)
        {
            error = $"extra text: {GoFormat.Quote(text[at..])}";
            return null;
        }
        if (isPmSet && pm && hour < 12) hour += 12;
        else if (isPmSet && !pm && hour == 12) hour = 0;
        if (yearDay > 0 && month < 0)
        {
            if (yearDay > (DateTime.IsLeapYear(Math.Max(year, 1)) ? 366 : 365))
            {
                error = "day-of-year out of range";
                return null;
            }
            var start = DaysFromCivil(year, 0) + yearDay - 1;
            return Assemble(start, hour, minute, second, nanos, offset, zone);
        }
        if (month < 0) month = 1;
        if (day < 0) day = 1;
        if (month is < 1 or > 12)
        {
            error = "month out of range";
            return null;
        }
        if (day < 1 || day > DateTime.DaysInMonth(year is < 1 or > 9999 ? 2000 : year, month))
        {
            error = "day out of range";
            return null;
        }
        return Assemble(DaysFromCivil(year, month - 1) + day - 1, hour, minute, second, nanos, offset, zone);
    }

    private static BigInteger Assemble(long days, int hour, int minute, int second, long nanos, TimeSpan? offset, string? zone)
    {
        _ = zone;
        var seconds = (days * 86_400) + (hour * 3600) + (minute * 60) + second - (long)(offset ?? TimeSpan.Zero).TotalSeconds;
        return ((BigInteger)seconds * 1_000_000_000) + nanos;
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

    private static bool Digits(string text, ref int at, int least, int most, out int value)
    {
        value = 0;
        var start = at;
        while (at < text.Length && at - start < most && char.IsAsciiDigit(text[at])) value = (value * 10) + text[at++] - '0';
        return at - start >= least;
    }

    private static bool Name(string text, ref int at, string[] names, bool shortForm, out int index)
    {
        for (index = 0; index < names.Length; index++)
        {
            var name = shortForm ? names[index][..3] : names[index];
            if (string.Compare(text, at, name, 0, name.Length, StringComparison.OrdinalIgnoreCase) != 0) continue;
            at += name.Length;
            index++;
            return true;
        }
        return false;
    }

    private static void Nanos(string text, ref int at, ref long nanos)
    {
        if (at + 1 >= text.Length || text[at] is not ('.' or ',') || !char.IsAsciiDigit(text[at + 1])) return;
        at++;
        var start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
        nanos = long.Parse(text[start..Math.Min(at, start + 9)].PadRight(9, '0'), CultureInfo.InvariantCulture);
    }

    private static bool FractionOf(string part, string text, ref int at, ref long nanos)
    {
        if (part[1] == '9')
        {
            Nanos(text, ref at, ref nanos);
            return true;
        }
        var n = part.Length - 1;
        if (at + part.Length > text.Length || text[at] is not ('.' or ',')) return false;
        var digits = text.Substring(at + 1, n);
        if (!digits.All(char.IsAsciiDigit)) return false;
        nanos = long.Parse(digits[..Math.Min(9, n)].PadRight(9, '0'), CultureInfo.InvariantCulture);
        at += part.Length;
        return true;
    }

    private static bool Offset(string part, string text, ref int at, ref TimeSpan? offset)
    {
        if (part[0] == 'Z' && at < text.Length && text[at] == 'Z')
        {
            at++;
            offset = TimeSpan.Zero;
            return true;
        }
        if (at >= text.Length || text[at] is not ('+' or '-')) return false;
        var negative = text[at++] == '-';
        var colon = part.Contains(':', StringComparison.Ordinal);
        var fields = part.TrimStart('Z', '-').Replace(":", "", StringComparison.Ordinal).Length / 2;
        Span<int> values = [0, 0, 0];
        for (var i = 0; i < fields; i++)
        {
            if (i > 0 && colon)
            {
                if (at >= text.Length || text[at] != ':') return false;
                at++;
            }
            if (!Digits(text, ref at, 2, 2, out values[i])) return false;
        }
        if (values[0] > 24 || values[1] >= 60 || values[2] >= 60) return false;
        var span = new TimeSpan(values[0], values[1], values[2]);
        offset = negative ? -span : span;
        return true;
    }

    /// <summary>Nanoseconds of "1h15m30.5s", or null.</summary>
    public static long? Duration(string text)
    {
        var negative = text.StartsWith('-');
        var rest = text.TrimStart('-', '+');
        if (text.Length - rest.Length > 1 || rest.Length == 0) return null;
        if (rest == "0") return 0;
        var total = BigInteger.Zero;
        var at = 0;
        while (at < rest.Length)
        {
            var start = at;
            while (at < rest.Length && char.IsAsciiDigit(rest[at])) at++;
            var whole = rest[start..at];
            var fraction = "";
            if (at < rest.Length && rest[at] == '.')
            {
                start = ++at;
                while (at < rest.Length && char.IsAsciiDigit(rest[at])) at++;
                fraction = rest[start..at];
            }
            if (whole.Length + fraction.Length == 0) return null;
            start = at;
            while (at < rest.Length && rest[at] != '.' && !char.IsAsciiDigit(rest[at])) at++;
            var unit = rest[start..at] switch
            {
                "ns" => 1L,
                "us" or "µs" or "μs" => 1_000,
                "ms" => 1_000_000,
                "s" => 1_000_000_000,
                "m" => 60_000_000_000,
                "h" => 3_600_000_000_000,
                _ => 0,
            };
            if (unit == 0) return null;
            total += BigInteger.Parse("0" + whole, CultureInfo.InvariantCulture) * unit;
            if (fraction.Length > 0) total += BigInteger.Parse(fraction, CultureInfo.InvariantCulture) * unit / BigInteger.Pow(10, fraction.Length);
        }
        if (negative) total = -total;
        return total < long.MinValue || total > long.MaxValue ? null : (long)total;
    }
}
