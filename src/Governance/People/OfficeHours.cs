namespace Governance.People;

/// <summary>
/// Business hours: Monday to Friday, 9:00 to 17:00 on the wall clock of the person's zone. Holidays are not known.
/// A day is eight hours also when the clocks change, since no zone changes them inside business hours.
/// </summary>
public static class OfficeHours
{
    public static readonly TimeSpan Opens = TimeSpan.FromHours(9);
    public static readonly TimeSpan Closes = TimeSpan.FromHours(17);

    /// <summary>True from 9:00 (included) to 17:00 (excluded) on a working day.</summary>
    public static bool Contains(DateTimeOffset instant, TimeZoneInfo zone)
    {
        var local = Local(instant, zone);
        return IsWorkingDay(local) && local.TimeOfDay >= Opens && local.TimeOfDay < Closes;
    }

    /// <summary>
    /// The latest moment inside business hours at or before this one; the end of a working day is 16:59, so that what falls due at closing time still finds somebody.
    /// </summary>
    public static DateTimeOffset MoveEarlier(DateTimeOffset instant, TimeZoneInfo zone)
    {
        if (Contains(instant, zone))
            return instant;
        var local = Local(instant, zone);
        var day = local.Date;
        if (!IsWorkingDay(day) || local.TimeOfDay < Opens)
            do day = day.AddDays(-1); while (!IsWorkingDay(day));
        return At(day + Closes - TimeSpan.FromMinutes(1), zone);
    }

    /// <summary>The earliest moment inside business hours at or after this one.</summary>
    public static DateTimeOffset MoveLater(DateTimeOffset instant, TimeZoneInfo zone)
    {
        if (Contains(instant, zone))
            return instant;
        var local = Local(instant, zone);
        var day = local.Date;
        if (!IsWorkingDay(day) || local.TimeOfDay >= Closes)
            do day = day.AddDays(1); while (!IsWorkingDay(day));
        return At(day + Opens, zone);
    }

    /// <summary>
    /// The moment when this much of business hours has gone by since <paramref name="from"/>. Friday 16:00 and two hours is Monday 10:00; a full day ends at closing time (Monday 9:00 and eight hours is Monday 17:00).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    public static DateTimeOffset Add(DateTimeOffset from, TimeSpan businessTime, TimeZoneInfo zone)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(businessTime, TimeSpan.Zero);
        var at = MoveLater(from, zone);
        while (true)
        {
            var local = Local(at, zone);
            var left = Closes - local.TimeOfDay;
            if (businessTime <= left)
                return At(local + businessTime, zone);
            businessTime -= left;
            at = MoveLater(At(local.Date + Closes, zone), zone);
        }
    }

    /// <summary>The same wall-clock time so many working days later; from a weekend it counts as from the Friday before (ten working days are two weeks).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public static DateTimeOffset AddWorkingDays(DateTimeOffset from, int days, TimeZoneInfo zone)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(days);
        var local = Local(from, zone);
        for (; days > 0; days--)
            do local = local.AddDays(1); while (!IsWorkingDay(local));
        return At(local, zone);
    }

    /// <summary>How much of business hours lies between two moments; zero when the second is not after the first.</summary>
    public static TimeSpan Between(DateTimeOffset from, DateTimeOffset to, TimeZoneInfo zone)
    {
        var total = TimeSpan.Zero;
        var (start, end) = (Local(from, zone), Local(to, zone));
        for (var day = start.Date; day <= end.Date && from < to; day = day.AddDays(1))
        {
            if (!IsWorkingDay(day))
                continue;
            var opens = start > day + Opens ? start : day + Opens;
            var closes = end < day + Closes ? end : day + Closes;
            if (closes > opens)
                total += closes - opens;
        }

        return total;
    }

    private static bool IsWorkingDay(DateTime local) => local.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday);

    private static DateTime Local(DateTimeOffset instant, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(instant, zone).DateTime;

    // A wall-clock time that the spring skips is the moment an hour later; one that the autumn has twice is the first of the two
    private static DateTimeOffset At(DateTime local, TimeZoneInfo zone)
    {
        if (zone.IsInvalidTime(local))
            local = local.AddHours(1);
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset);
    }
}
