using System.Globalization;

namespace MicroAppBot.Cards.Templating;

/// <summary>
/// Dates: ISO 8601 in, .NET format strings out, UTC throughout. A time without milliseconds is welcome everywhere
/// (the reference wants them in some functions only).
/// </summary>
internal static class DateFunctions
{
    private const string Iso = "yyyy-MM-ddTHH:mm:ss.fffZ";

    public static readonly KeyValuePair<string, Functions.Known>[] All =
    [
        Known("utcNow", of => Written(of, of.Time.GetUtcNow(), 0), 0, 2),
        Known("formatDateTime", of => TimeAt(of, 0) is { } time ? Written(of, time, 1) : of.Fault("this is not a date"), 1, 3),
        Known("formatEpoch", of => of[0].Kind == Kind.Number ? Written(of, DateTimeOffset.FromUnixTimeMilliseconds((long)(of[0].Number * 1000)), 1) : of.Fault("this needs seconds since 1970"), 1, 3),
        Known("addDays", Later(TimeSpan.FromDays), 2, 4), Known("addHours", Later(TimeSpan.FromHours), 2, 4),
        Known("addMinutes", Later(TimeSpan.FromMinutes), 2, 4), Known("addSeconds", Later(TimeSpan.FromSeconds), 2, 4),
        Known("dateTimeDiff", of => TimeAt(of, 0) is { } a && TimeAt(of, 1) is { } b ? Value.Of((a - b).Ticks) : of.Fault("this needs two dates"), 2, 2),
        Known("year", Part(time => time.Year), 1, 1), Known("month", Part(time => time.Month), 1, 1), Known("dayOfMonth", Part(time => time.Day), 1, 1),
        Known("dayOfWeek", Part(time => (int)time.DayOfWeek), 1, 1), Known("dayOfYear", Part(time => time.DayOfYear), 1, 1),
    ];

    private static KeyValuePair<string, Functions.Known> Known(string name, Function function, int least, int most = int.MaxValue) =>
        NumberFunctions.Known(name, function, least, most);

    /// <summary>The culture named by an operand, en-US where there is none; null where the name is unknown.</summary>
    public static CultureInfo? CultureAt(Operands of, int index)
    {
        if (index >= of.Count)
            return CultureInfo.GetCultureInfo("en-US");
        try
        {
            return of.TextAt(index) is { Length: > 0 } name ? CultureInfo.GetCultureInfo(name, predefinedOnly: true) : null;
        }
        catch (CultureNotFoundException)
        {
            return null;
        }
    }

    private static DateTimeOffset? TimeAt(Operands of, int index) =>
        of.TextAt(index) is { Length: > 0 } text
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time : null;

    private static Value Written(Operands of, DateTimeOffset time, int formatAt)
    {
        var format = of.TextAt(formatAt);
        if (format is null || CultureAt(of, formatAt + 1) is not { } culture)
            return of.Fault("the format or the locale is not one");
        try
        {
            return Value.Of(time.UtcDateTime.ToString(format.Length == 0 ? Iso : format, culture));
        }
        catch (FormatException)
        {
            return of.Fault($"'{format}' is not a date format");
        }
    }

    private static Function Later(Func<double, TimeSpan> unit) => of =>
    {
        if (TimeAt(of, 0) is not { } time || of[1].Kind != Kind.Number)
            return of.Fault("this needs a date and a number");
        try
        {
            return Written(of, time + unit(of[1].Number), 2);
        }
        catch (Exception fault) when (fault is ArgumentOutOfRangeException or OverflowException or ArgumentException)
        {
            return of.Fault("that is beyond the calendar");
        }
    };

    private static Function Part(Func<DateTimeOffset, int> part) => of => TimeAt(of, 0) is { } time ? Value.Of(part(time)) : of.Fault("this is not a date");
}
