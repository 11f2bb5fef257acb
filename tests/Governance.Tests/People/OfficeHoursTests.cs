using System.Globalization;
using Governance.People;

namespace Governance.Tests.People;

public sealed class OfficeHoursTests
{
    private const string Berlin = "Europe/Berlin";
    private const string NewYork = "America/New_York";
    private const string Sydney = "Australia/Sydney";

    // Cairo changes its clocks in the night to Friday, so there the change touches working days
    private const string Cairo = "Africa/Cairo";

    [Theory]
    [InlineData("2026-11-23T08:59:59", false)]
    [InlineData("2026-11-23T09:00:00", true)]
    [InlineData("2026-11-23T16:59:59", true)]
    [InlineData("2026-11-23T17:00:00", false)]
    [InlineData("2026-11-21T12:00:00", false)]
    [InlineData("2026-11-22T12:00:00", false)]
    public void Business_hours_are_nine_to_five_on_weekdays(string local, bool inside) => Assert.Equal(inside, OfficeHours.Contains(At(local, Berlin), Zone(Berlin)));

    [Theory]
    [InlineData("2026-11-24T10:30:00", "2026-11-24T10:30:00")]
    [InlineData("2026-11-24T17:00:00", "2026-11-24T16:59:00")]
    [InlineData("2026-11-24T23:59:00", "2026-11-24T16:59:00")]
    [InlineData("2026-11-24T08:59:00", "2026-11-23T16:59:00")]
    [InlineData("2026-11-23T03:00:00", "2026-11-20T16:59:00")]
    [InlineData("2026-11-21T12:00:00", "2026-11-20T16:59:00")]
    [InlineData("2026-11-22T12:00:00", "2026-11-20T16:59:00")]
    [InlineData("2026-03-29T12:00:00", "2026-03-27T16:59:00")]
    public void A_reminder_is_moved_to_the_latest_business_moment_before(string from, string to) =>
        Assert.Equal(At(to, Berlin), OfficeHours.MoveEarlier(At(from, Berlin), Zone(Berlin)));

    [Theory]
    [InlineData("2026-11-24T10:30:00", "2026-11-24T10:30:00")]
    [InlineData("2026-11-24T17:00:00", "2026-11-25T09:00:00")]
    [InlineData("2026-11-24T00:00:00", "2026-11-24T09:00:00")]
    [InlineData("2026-11-20T17:00:00", "2026-11-23T09:00:00")]
    [InlineData("2026-11-21T12:00:00", "2026-11-23T09:00:00")]
    [InlineData("2026-03-27T17:00:00", "2026-03-30T09:00:00")]
    public void Or_to_the_earliest_after(string from, string to) =>
        Assert.Equal(At(to, Berlin), OfficeHours.MoveLater(At(from, Berlin), Zone(Berlin)));

    [Theory]
    [InlineData(Berlin, "2026-11-24T10:00:00", 0, "2026-11-24T10:00:00")]
    [InlineData(Berlin, "2026-11-24T10:00:00", 2, "2026-11-24T12:00:00")]
    [InlineData(Berlin, "2026-11-24T09:00:00", 8, "2026-11-24T17:00:00")]
    [InlineData(Berlin, "2026-11-24T10:00:00", 8, "2026-11-25T10:00:00")]
    [InlineData(Berlin, "2026-11-20T16:00:00", 2, "2026-11-23T10:00:00")]
    [InlineData(Berlin, "2026-11-21T16:00:00", 2, "2026-11-23T11:00:00")]
    [InlineData(Berlin, "2026-11-24T20:00:00", 1, "2026-11-25T10:00:00")]
    [InlineData(Berlin, "2026-11-24T10:00:00", 16, "2026-11-26T10:00:00")]
    [InlineData(Berlin, "2026-11-24T10:00:00", 80, "2026-12-08T10:00:00")]
    [InlineData(Berlin, "2026-03-27T16:00:00", 8, "2026-03-30T16:00:00")]
    [InlineData(Berlin, "2026-10-23T16:00:00", 8, "2026-10-26T16:00:00")]
    [InlineData(NewYork, "2026-10-30T16:30:00", 8, "2026-11-02T16:30:00")]
    [InlineData(NewYork, "2026-03-06T16:30:00", 8, "2026-03-09T16:30:00")]
    [InlineData(Sydney, "2026-04-03T16:30:00", 8, "2026-04-06T16:30:00")]
    [InlineData(Sydney, "2026-10-02T16:30:00", 8, "2026-10-05T16:30:00")]
    [InlineData(Cairo, "2026-04-23T16:00:00", 2, "2026-04-24T10:00:00")]
    [InlineData(Cairo, "2026-10-29T16:00:00", 2, "2026-10-30T10:00:00")]
    public void Business_time_is_counted_on_the_wall_clock_also_when_the_clocks_change(string zone, string from, int hours, string to) =>
        Assert.Equal(At(to, zone), OfficeHours.Add(At(from, zone), TimeSpan.FromHours(hours), Zone(zone)));

    [Theory]
    [InlineData(Berlin, "2026-11-24T10:00:00", 0, "2026-11-24T10:00:00")]
    [InlineData(Berlin, "2026-11-24T10:00:00", 1, "2026-11-25T10:00:00")]
    [InlineData(Berlin, "2026-11-20T10:00:00", 1, "2026-11-23T10:00:00")]
    [InlineData(Berlin, "2026-11-24T10:00:00", 10, "2026-12-08T10:00:00")]
    [InlineData(Berlin, "2026-11-21T10:00:00", 1, "2026-11-23T10:00:00")]
    [InlineData(Berlin, "2026-03-27T10:00:00", 1, "2026-03-30T10:00:00")]
    [InlineData(Berlin, "2026-12-31T10:00:00", 1, "2027-01-01T10:00:00")]
    public void Working_days_skip_weekends_and_keep_the_wall_clock(string zone, string from, int days, string to) =>
        Assert.Equal(At(to, zone), OfficeHours.AddWorkingDays(At(from, zone), days, Zone(zone)));

    [Fact]
    public void A_wall_clock_time_that_spring_skips_is_the_moment_an_hour_later() =>
        Assert.Equal(DateTimeOffset.Parse("2026-04-24T01:30:00+03:00", CultureInfo.InvariantCulture), OfficeHours.AddWorkingDays(At("2026-04-23T00:30:00", Cairo), 1, Zone(Cairo)));

    [Fact]
    public void A_wall_clock_time_that_autumn_has_twice_is_the_first_of_the_two() =>
        Assert.Equal(DateTimeOffset.Parse("2026-10-29T23:30:00+03:00", CultureInfo.InvariantCulture), OfficeHours.AddWorkingDays(At("2026-10-28T23:30:00", Cairo), 1, Zone(Cairo)));

    [Theory]
    [InlineData(Berlin)]
    [InlineData(NewYork)]
    [InlineData(Sydney)]
    [InlineData(Cairo)]
    [InlineData("Asia/Kolkata")]
    [InlineData("Etc/UTC")]
    public void Moving_lands_inside_and_adding_is_undone_by_counting(string id)
    {
        var zone = Zone(id);
        var random = new Random(20261124);
        for (var i = 0; i < 2000; i++)
        {
            var from = DateTimeOffset.UnixEpoch.AddYears(56).AddMinutes(random.Next(2 * 365 * 24 * 60));
            var (earlier, later) = (OfficeHours.MoveEarlier(from, zone), OfficeHours.MoveLater(from, zone));
            Assert.True(earlier <= from && OfficeHours.Contains(earlier, zone), $"{from:O} earlier {earlier:O}");
            Assert.True(later >= from && OfficeHours.Contains(later, zone), $"{from:O} later {later:O}");
            Assert.Equal(TimeSpan.Zero, OfficeHours.Between(from, later, zone));
            var time = TimeSpan.FromMinutes(random.Next(60 * 60));
            Assert.Equal(time, OfficeHours.Between(from, OfficeHours.Add(from, time, zone), zone));
        }
    }

    [Fact]
    public void Time_does_not_run_backwards()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => OfficeHours.Add(At("2026-11-24T10:00:00", Berlin), TimeSpan.FromHours(-1), Zone(Berlin)));
        Assert.Throws<ArgumentOutOfRangeException>(() => OfficeHours.AddWorkingDays(At("2026-11-24T10:00:00", Berlin), -1, Zone(Berlin)));
        Assert.Equal(TimeSpan.Zero, OfficeHours.Between(At("2026-11-24T12:00:00", Berlin), At("2026-11-24T10:00:00", Berlin), Zone(Berlin)));
    }

    private static TimeZoneInfo Zone(string id) => TimeZoneInfo.FindSystemTimeZoneById(id);

    private static DateTimeOffset At(string local, string zone)
    {
        var time = DateTime.Parse(local, CultureInfo.InvariantCulture);
        return new DateTimeOffset(time, Zone(zone).GetUtcOffset(time));
    }
}
