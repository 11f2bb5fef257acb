using System.Globalization;
using Governance.People;

namespace Governance.Tests.People;

public sealed class InWordsTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
    private static readonly TimeZoneInfo Sydney = TimeZoneInfo.FindSystemTimeZoneById("Australia/Sydney");

    [Theory]
    [InlineData("2025-12-02T10:00:00Z", "2025-12-02T22:00:00Z", "today")]
    [InlineData("2025-12-02T10:00:00Z", "2025-12-02T23:30:00Z", "tomorrow")]
    [InlineData("2025-12-02T10:00:00Z", "2025-12-03T10:00:00Z", "tomorrow")]
    [InlineData("2025-12-02T10:00:00Z", "2025-12-01T10:00:00Z", "yesterday")]
    [InlineData("2025-12-02T10:00:00Z", "2025-12-05T10:00:00Z", "Friday 5 December, in 3 days")]
    [InlineData("2025-12-30T10:00:00Z", "2026-01-05T10:00:00Z", "Monday 5 January 2026, in 6 days")]
    [InlineData("2026-01-05T10:00:00Z", "2025-12-29T10:00:00Z", "Monday 29 December 2025, 7 days ago")]
    [InlineData("2026-03-28T10:00:00Z", "2026-03-30T21:30:00Z", "Monday 30 March, in 2 days")]
    public void A_day_is_said_with_its_distance_in_the_readers_zone(string now, string when, string words) => Assert.Equal(words, InWords.Day(At(when), At(now), Berlin));

    [Fact]
    public void The_same_moment_is_another_day_elsewhere()
    {
        Assert.Equal("today", InWords.Day(At("2026-11-24T14:00:00Z"), At("2026-11-24T08:00:00Z"), Berlin));
        Assert.Equal("tomorrow", InWords.Day(At("2026-11-24T14:00:00Z"), At("2026-11-24T08:00:00Z"), Sydney));
    }

    [Fact]
    public void English_is_spoken_whatever_the_machine_is_set_to()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            Assert.Equal("Friday 5 December, in 3 days", InWords.Day(At("2025-12-05T10:00:00Z"), At("2025-12-02T10:00:00Z"), Berlin));
            Assert.Equal("1,250.50 USD", InWords.Usd(1250.5m));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("2025-12-05T13:00:00Z", "Friday 5 December at 14:00")]
    [InlineData("2025-12-02T13:05:00Z", "Tuesday 2 December at 14:05")]
    [InlineData("2026-01-05T13:05:00Z", "Monday 5 January 2026 at 14:05")]
    public void A_moment_on_a_card_that_stays_is_never_today(string when, string words) => Assert.Equal(words, InWords.DatedMoment(At(when), At("2025-12-02T10:00:00Z"), Berlin));

    [Theory]
    [InlineData("2025-12-05T13:00:00Z", "Friday 5 December at 14:00")]
    [InlineData("2025-12-02T13:05:00Z", "today at 14:05")]
    [InlineData("2025-12-03T13:00:00Z", "tomorrow at 14:00")]
    public void A_moment_has_the_readers_wall_clock(string when, string words) => Assert.Equal(words, InWords.Moment(At(when), At("2025-12-02T10:00:00Z"), Berlin));

    [Theory]
    [InlineData("", "")]
    [InlineData("a", "a")]
    [InlineData("a b", "a and b")]
    [InlineData("a b c", "a, b and c")]
    public void A_list_is_said_as_people_say_it(string things, string words) => Assert.Equal(words, InWords.List(things.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    [Theory]
    [InlineData(0, "0 days")]
    [InlineData(1, "1 day")]
    [InlineData(1200, "1,200 days")]
    public void A_count_has_the_right_number(int number, string words) => Assert.Equal(words, InWords.Count(number, "day"));

    [Theory]
    [InlineData("50", "50 USD")]
    [InlineData("50.00", "50 USD")]
    [InlineData("12.5", "12.50 USD")]
    public void Money_has_cents_only_when_there_are_any(string amount, string words) => Assert.Equal(words, InWords.Usd(decimal.Parse(amount, CultureInfo.InvariantCulture)));

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
