using Rego.Evaluate;
using Rego.Values;

namespace Rego.Builtins;

/// <summary>time.*: instants are nanoseconds since 1970 in UTC; zones go by IANA name.</summary>
internal static class Times
{
    public static void Register(Registrar t)
    {
        t.Add("time.now_ns", "", (e, _) => RNumber.Of(e.NowNs));
        t.Add("time.parse_rfc3339_ns", "s", (e, a) => Parsed(e, "time.parse_rfc3339_ns", GoTime.Rfc3339, a[0].Str()));
        t.Add("time.parse_ns", "s s", (e, a) => Parsed(e, "time.parse_ns", GoTime.LayoutOf(a[0].Str()), a[1].Str()));
        t.Add("time.parse_duration_ns", "s", (e, a) => GoTime.Duration(a[0].Str(), out var error) is { } d ? RNumber.Of(d) : e.Fail($"time.parse_duration_ns: {error}"));
        t.Add("time.date", "m", (e, a) => Read(e, "time.date", a[0], out var m) ? Array(m.Local.Year, m.Local.Month, m.Local.Day) : null);
        t.Add("time.clock", "m", (e, a) => Read(e, "time.clock", a[0], out var m) ? Array(m.Local.Hour, m.Local.Minute, m.Local.Second) : null);
        t.Add("time.weekday", "m", (e, a) => Read(e, "time.weekday", a[0], out var m) ? new RString(m.Local.DayOfWeek.ToString()) : null);
        t.Add("time.format", "m", Format);
        t.Add("time.add_date", "m n n n", AddDate);
        t.Add("time.diff", "m na?", Diff);
    }

    private static RArray Array(params int[] parts) => new([.. parts.Select(p => (RValue)RNumber.Of(p))]);

    private static RValue? Parsed(Evaluation e, string name, string layout, string text)
    {
        if (GoTime.Parse(layout, text, out var error) is not { } ns) return e.Fail($"{name}: {error}");
        return InRange(e, name, ns);
    }

    private static RValue? InRange(Evaluation e, string name, Int128 ns) =>
        ns < long.MinValue || ns > long.MaxValue ? e.Fail($"{name}: time outside of valid range") : RNumber.Of((long)ns);

    /// <summary>Nanoseconds, or [nanoseconds, zone] (or with a layout behind). Faults speak of operand 1 always, as OPA's do.</summary>
    private static bool Read(Evaluation e, string name, RValue value, out Moment moment)
    {
        moment = default;
        var zone = "";
        var number = value;
        if (value is RArray a)
        {
            if (a.Count == 0)
            {
                e.Operand(name, 1, "either number (ns) or [number (ns), string (tz)]", a);
                return false;
            }
            number = a[0];
            if (number is not RNumber)
            {
                e.Operand(name, 1, "number", number);
                return false;
            }
            for (var i = 1; i < Math.Min(3, a.Count); i++)
            {
                if (a[i] is RString) continue;
                e.Operand(name, 1, "string", a[i]);
                return false;
            }
            if (a.Count > 1) zone = a[1].Str();
        }
        if (number is not RNumber n)
        {
            e.Operand(name, 1, "either number (ns) or [number (ns), string (tz)]", number);
            return false;
        }
        if (GoZone.Find(zone) is not { } info)
        {
            e.Fail(zone.Contains("..", StringComparison.Ordinal) || zone[0] is '/' or '\\' ? $"{name}: time: invalid location name" : $"{name}: unknown time zone {zone}");
            return false;
        }
        if (!n.IsInt64)
        {
            e.Fail($"{name}: timestamp too big");
            return false;
        }
        moment = Moment.Of(n.Int64, info);
        return true;
    }

    private static RValue? Format(Evaluation e, ReadOnlySpan<RValue> args)
    {
        if (!Read(e, "time.format", args[0], out var moment)) return null;
        var layout = args[0] is RArray { Count: > 2 } a ? GoTime.LayoutOf(a[2].Str()) : "";
        if (layout.Length == 0) layout = "2006-01-02T15:04:05.999999999Z07:00";
        return new RString(GoTime.Format(layout, moment));
    }

    private static RValue? AddDate(Evaluation e, ReadOnlySpan<RValue> args)
    {
        if (!Read(e, "time.add_date", args[0], out var moment)) return null;
        if (!e.Int("time.add_date", 2, args[1], out var years) || !e.Int("time.add_date", 3, args[2], out var months) || !e.Int("time.add_date", 4, args[3], out var days)) return null;
        if (years is < -MostAdded or > MostAdded || months is < -MostAdded or > MostAdded || days is < -MostAdded or > MostAdded) return e.Fail("time.add_date: time outside of valid range");
        var day = GoTime.DaysFromCivil(moment.Local.Year + years, moment.Local.Month - 1 + months) + moment.Local.Day - 1 + days;
        Int128 seconds = ((Int128)day * 86_400) + (long)moment.Local.TimeOfDay.TotalSeconds;
        if (seconds > -MostSeconds && seconds < MostSeconds)
        {
            // The offset is that of the new time, not of the old one.
            var offset = moment.Zone.At((long)seconds).Offset;
            if (offset != 0) seconds -= moment.Zone.At((long)seconds - offset).Offset;
        }
        return InRange(e, "time.add_date", (seconds * 1_000_000_000) + moment.Nanosecond);
    }

    // More than the years in which 64 bits of nanoseconds lie.
    private const long MostAdded = 10_000_000;
    private const long MostSeconds = 100_000_000_000;

    /// <summary>The calendar difference in years, months, days, hours, minutes and seconds, both ends in the first one's zone.</summary>
    private static RValue? Diff(Evaluation e, ReadOnlySpan<RValue> args)
    {
        if (!Read(e, "time.diff", args[0], out var a) || !Read(e, "time.diff", args[1], out var b)) return null;
        b = Moment.Of(b.Ns, a.Zone);
        if (a.Ns > b.Ns) (a, b) = (b, a);
        var year = b.Local.Year - a.Local.Year;
        var month = b.Local.Month - a.Local.Month;
        var day = b.Local.Day - a.Local.Day;
        var hour = b.Local.Hour - a.Local.Hour;
        var minute = b.Local.Minute - a.Local.Minute;
        var second = b.Local.Second - a.Local.Second;
        if (second < 0)
        {
            second += 60;
            minute--;
        }
        if (minute < 0)
        {
            minute += 60;
            hour--;
        }
        if (hour < 0)
        {
            hour += 24;
            day--;
        }
        if (day < 0)
        {
            day += DateTime.DaysInMonth(a.Local.Year, a.Local.Month);
            month--;
        }
        if (month < 0)
        {
            month += 12;
            year--;
        }
        return Array(year, month, day, hour, minute, second);
    }
}

/// <summary>An instant with its zone.</summary>
internal readonly record struct Moment(long Ns, DateTime Local, int Nanosecond, TimeSpan Offset, string ZoneName, GoZone Zone)
{
    public static Moment Of(long ns, GoZone zone)
    {
        var seconds = Math.DivRem(ns, 1_000_000_000, out var rest);
        if (rest < 0)
        {
            seconds--;
            rest += 1_000_000_000;
        }
        var (offset, name) = zone.At(seconds);
        return new Moment(ns, new DateTime(DateTime.UnixEpoch.Ticks).AddSeconds(seconds + offset), (int)rest, TimeSpan.FromSeconds(offset), name, zone);
    }
}
