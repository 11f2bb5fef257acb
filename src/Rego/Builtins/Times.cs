using System.Numerics;
using Rego.Evaluate;
using Rego.Values;

namespace Rego.Builtins;

/// <summary>time.*: instants are nanoseconds since 1970 in UTC; zones go by IANA name.</summary>
internal static class Times
{
    private const long Second = 1_000_000_000;
    private const long Day = 86_400 * Second;

    public static void Register(Registrar t)
    {
        t.Add("time.now_ns", "", (e, _) => RNumber.Of(e.NowNs));
        t.Add("time.parse_rfc3339_ns", "s", (e, a) => Parsed(e, "time.parse_rfc3339_ns", GoTime.Rfc3339, a[0].Str()));
        t.Add("time.parse_ns", "s s", (e, a) => Parsed(e, "time.parse_ns", GoTime.LayoutOf(a[0].Str()), a[1].Str()));
        t.Add("time.parse_duration_ns", "s", (e, a) => GoTime.Duration(a[0].Str()) is { } d ? RNumber.Of(d) : e.Fail($"time.parse_duration_ns: time: invalid duration {GoFormat.Quote(a[0].Str())}"));
        t.Add("time.date", "na", (e, a) => Read(e, "time.date", a[0], 1, out var m) ? Array(m.Local.Year, m.Local.Month, m.Local.Day) : null);
        t.Add("time.clock", "na", (e, a) => Read(e, "time.clock", a[0], 1, out var m) ? Array(m.Local.Hour, m.Local.Minute, m.Local.Second) : null);
        t.Add("time.weekday", "na", (e, a) => Read(e, "time.weekday", a[0], 1, out var m) ? new RString(m.Local.DayOfWeek.ToString()) : null);
        t.Add("time.format", "na", Format);
        t.Add("time.add_date", "n n n n", AddDate);
        t.Add("time.diff", "na na", Diff);
    }

    private static RArray Array(params int[] parts) => new([.. parts.Select(p => (RValue)RNumber.Of(p))]);

    private static RValue? Parsed(Evaluation e, string name, string layout, string text)
    {
        if (GoTime.Parse(layout, text, out var error) is not { } ns) return e.Fail($"{name}: parsing time {GoFormat.Quote(text)}: {error}");
        if (ns < long.MinValue || ns > long.MaxValue) return e.Fail($"{name}: time outside of valid range");
        return RNumber.Of(ns);
    }

    /// <summary>Nanoseconds, or [nanoseconds, zone] (or with a layout behind).</summary>
    private static bool Read(Evaluation e, string name, RValue value, int operand, out Moment moment)
    {
        moment = default;
        var zone = "";
        var number = value;
        if (value is RArray a)
        {
            if (a.Count == 0)
            {
                e.Fault("eval_type_error", $"{name}: operand {operand} must be either number (ns) or [number (ns), string (tz)] but got empty array");
                return false;
            }
            number = a[0];
            if (a.Count > 1)
            {
                if (a[1] is not RString z)
                {
                    e.Operand(name, operand, "string", a[1]);
                    return false;
                }
                zone = z.Value;
            }
        }
        if (number is not RNumber n)
        {
            e.Operand(name, operand, "number", number);
            return false;
        }
        if (!n.IsInt64)
        {
            e.Fail($"{name}: timestamp too big");
            return false;
        }
        if (Zone(zone) is not { } info)
        {
            e.Fail($"{name}: unknown time zone {zone}");
            return false;
        }
        moment = Moment.Of(n.Int64, info);
        return true;
    }

    public static TimeZoneInfo? Zone(string name)
    {
        if (name is "" or "UTC") return TimeZoneInfo.Utc;
        if (name == "Local") return TimeZoneInfo.Local;
        return TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null;
    }

    private static RValue? Format(Evaluation e, ReadOnlySpan<RValue> args)
    {
        if (!Read(e, "time.format", args[0], 1, out var moment)) return null;
        var layout = "2006-01-02T15:04:05.999999999Z07:00";
        if (args[0] is RArray { Count: > 2 } a)
        {
            if (a[2] is not RString s) return e.Operand("time.format", 1, "string", a[2]);
            layout = GoTime.LayoutOf(s.Value);
        }
        return new RString(GoTime.Format(layout, moment));
    }

    private static RValue? AddDate(Evaluation e, ReadOnlySpan<RValue> args)
    {
        if (!Read(e, "time.add_date", args[0], 1, out var moment)) return null;
        for (var i = 1; i < 4; i++)
        {
            if (!args[i].Num().IsInt64 || Math.Abs(args[i].Num().Int64) > 1_000_000_000) return e.Fail($"time.add_date: operand {i + 1} must be integer number but got floating-point number");
        }
        var days = GoTime.DaysFromCivil(moment.Local.Year + args[1].Num().Int64, moment.Local.Month - 1 + args[2].Num().Int64) + moment.Local.Day - 1 + args[3].Num().Int64;
        var ns = (days * (BigInteger)Day) + moment.NsOfDay;
        if (ns < long.MinValue || ns > long.MaxValue) return e.Fail("time.add_date: time outside of valid range");
        return RNumber.Of(ns);
    }

    /// <summary>The calendar difference in years, months, days, hours, minutes and seconds, both ends in the first one's zone.</summary>
    private static RValue? Diff(Evaluation e, ReadOnlySpan<RValue> args)
    {
        if (!Read(e, "time.diff", args[0], 1, out var a) || !Read(e, "time.diff", args[1], 2, out var b)) return null;
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
internal readonly record struct Moment(long Ns, DateTime Local, int Nanosecond, TimeSpan Offset, TimeZoneInfo Zone)
{
    public static Moment Of(long ns, TimeZoneInfo zone)
    {
        var ticks = Math.DivRem(ns, 100, out var rest);
        if (rest < 0)
        {
            ticks--;
            rest += 100;
        }
        var utc = new DateTime(DateTime.UnixEpoch.Ticks + ticks, DateTimeKind.Utc);
        var offset = zone.GetUtcOffset(utc);
        var local = DateTime.SpecifyKind(utc + offset, DateTimeKind.Unspecified);
        return new Moment(ns, local, (int)((local.Ticks % TimeSpan.TicksPerSecond * 100) + rest), offset, zone);
    }

    public BigInteger NsOfDay => ((BigInteger)Local.TimeOfDay.Ticks / TimeSpan.TicksPerSecond * 1_000_000_000) + Nanosecond;
}
