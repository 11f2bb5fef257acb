using System.Globalization;

namespace Governance.People;

/// <summary>Dates and sums as people say them, in the reader's own time zone.</summary>
public static class InWords
{
    /// <summary>
    /// A day with its distance: "today", "tomorrow", "yesterday", "Friday 5 December, in 3 days", "Monday 5 January 2026, 20 days ago". The year only when it is not this one.
    /// </summary>
    public static string Day(DateTimeOffset when, DateTimeOffset now, TimeZoneInfo reader)
    {
        var (day, today) = (LocalDate(when, reader), LocalDate(now, reader));
        return (day.DayNumber - today.DayNumber) switch
        {
            0 => "today",
            1 => "tomorrow",
            -1 => "yesterday",
            > 0 and var days => $"{Plain(day, today)}, in {days} days",
            var days => $"{Plain(day, today)}, {-days} days ago",
        };
    }

    /// <summary>A day with its name also when it is near: "Friday 5 December". The year only when it is not this one.</summary>
    public static string Date(DateTimeOffset when, DateTimeOffset now, TimeZoneInfo reader) => Plain(LocalDate(when, reader), LocalDate(now, reader));

    /// <summary>A moment: "today at 14:00", "Friday 5 December at 14:00".</summary>
    public static string Moment(DateTimeOffset when, DateTimeOffset now, TimeZoneInfo reader)
    {
        var (day, today) = (LocalDate(when, reader), LocalDate(now, reader));
        var name = (day.DayNumber - today.DayNumber) switch { 0 => "today", 1 => "tomorrow", -1 => "yesterday", _ => Plain(day, today) };
        return $"{name} at {TimeZoneInfo.ConvertTime(when, reader).ToString("HH:mm", CultureInfo.InvariantCulture)}";
    }

    /// <summary>A moment that is read again later, on a card that stays: "Friday 5 December at 14:00", never "today".</summary>
    public static string DatedMoment(DateTimeOffset when, DateTimeOffset now, TimeZoneInfo reader) =>
        $"{Date(when, now, reader)} at {TimeZoneInfo.ConvertTime(when, reader).ToString("HH:mm", CultureInfo.InvariantCulture)}";

    /// <summary>"a", "a and b", "a, b and c".</summary>
    public static string List(IReadOnlyList<string> things, string lastWord = "and") => things.Count switch
    {
        0 => "",
        1 => things[0],
        _ => $"{string.Join(", ", things.Take(things.Count - 1))} {lastWord} {things[^1]}",
    };

    /// <summary>"1 day", "3 days", "1,200 days".</summary>
    public static string Count(int number, string one, string? many = null) =>
        $"{number.ToString("N0", CultureInfo.InvariantCulture)} {(number == 1 ? one : many ?? one + "s")}";

    /// <summary>"50 USD", "1,250.50 USD".</summary>
    public static string Usd(decimal amount) =>
        amount.ToString(amount == decimal.Truncate(amount) ? "N0" : "N2", CultureInfo.InvariantCulture) + " USD";

    /// <summary>The first characters of a text, never half of one; as it is when it is short enough.</summary>
    public static string Cut(string text, int longest) =>
        text.Length <= longest ? text : text[..(char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest)].TrimEnd();

    private static string Plain(DateOnly day, DateOnly today) =>
        day.ToString(day.Year == today.Year ? "dddd d MMMM" : "dddd d MMMM yyyy", CultureInfo.InvariantCulture);

    private static DateOnly LocalDate(DateTimeOffset instant, TimeZoneInfo zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime);
}
