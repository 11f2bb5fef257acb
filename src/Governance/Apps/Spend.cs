using System.Text.Json.Serialization;

namespace Governance.Apps;

/// <summary>Cost of one month in USD. Each report replaces that day's figure.</summary>
/// <param name="Month">First day of the month (UTC) the figures are of.</param>
/// <param name="Days">Day of month to USD.</param>
/// <param name="ReportedForecastUsd">What the platform forecasts for the month, if its latest report says; else it is reckoned from the days.</param>
/// <param name="AlertsRaised">Alerts that were told this month: 50, 80, 100 (percent of the cap) and <see cref="ForecastAlert"/>.</param>
/// <param name="SuspendsAt">The end of a soft cap's countdown; null where none runs.</param>
public sealed record Spend(
    DateOnly Month, IReadOnlyDictionary<int, decimal> Days, decimal? ReportedForecastUsd, IReadOnlyList<int> AlertsRaised, DateTimeOffset? SuspendsAt)
{
    /// <summary>Stands for "the forecast passes the cap" in <see cref="AlertsRaised"/>.</summary>
    public const int ForecastAlert = -1;

    /// <summary>A week: until so much has been seen, single days weigh less than what was declared.</summary>
    private const int DaysOfTrust = 7;

    [JsonIgnore]
    public decimal TotalUsd => Days.Values.Sum();

    public static Spend None(DateTimeOffset at) => new(MonthOf(at), new Dictionary<int, decimal>(), null, [], null);

    /// <summary>First day of the month (UTC).</summary>
    public static DateOnly MonthOf(DateTimeOffset at) => new(at.UtcDateTime.Year, at.UtcDateTime.Month, 1);

    public static DateOnly MonthOf(DateOnly day) => new(day.Year, day.Month, 1);

    /// <summary>
    /// The month's cost in USD: what the platform forecasts, else the days so far and the rest at their pace. The pace
    /// starts from the declared forecast and is taken over by the figures within about a week; where nothing was
    /// declared, less than a week of figures foretells nothing.
    /// </summary>
    /// <param name="declaredUsd">The manifest's forecast for a month.</param>
    public decimal ForecastUsd(decimal? declaredUsd)
    {
        if (ReportedForecastUsd is { } reported) return Math.Max(reported, TotalUsd);
        if (Days.Count == 0) return declaredUsd ?? 0;

        var (first, last, inMonth) = (Days.Keys.Min(), Days.Keys.Max(), DateTime.DaysInMonth(Month.Year, Month.Month));
        var seen = last - first + 1;
        var pace = declaredUsd is { } declared
            ? (TotalUsd + DaysOfTrust * declared / inMonth) / (seen + DaysOfTrust)
            : seen >= DaysOfTrust ? TotalUsd / seen : 0;
        return decimal.Round(TotalUsd + pace * (inMonth - last), 2);
    }

    /// <summary>Whether the forecast rests on more than a few days of ours: a few may warn, but are no reason to switch something off.</summary>
    [JsonIgnore]
    public bool ForecastIsFounded => ReportedForecastUsd is not null || (Days.Count > 0 && Days.Keys.Max() - Days.Keys.Min() + 1 >= DaysOfTrust);

    /// <summary>With one day's figure. A new month starts afresh; a month that is over changes nothing here.</summary>
    public Spend With(DateOnly day, decimal amountUsd, decimal? forecastUsd)
    {
        var month = MonthOf(day);
        if (month < Month) return this;
        var start = month == Month ? this : new Spend(month, new Dictionary<int, decimal>(), null, [], null);
        var latest = start.Days.Count == 0 || day.Day >= start.Days.Keys.Max();
        return start with
        {
            Days = new SortedDictionary<int, decimal>(start.Days.ToDictionary()) { [day.Day] = amountUsd },
            // A forecast is as old as the day it came with: a correction of an earlier day brings no newer one
            ReportedForecastUsd = latest ? forecastUsd : start.ReportedForecastUsd,
        };
    }

    public Spend Told(IReadOnlyList<int> crossed, DateTimeOffset? suspendsAt) =>
        this with { AlertsRaised = [.. AlertsRaised.Union(crossed)], SuspendsAt = suspendsAt ?? SuspendsAt };

    /// <summary>Under another cap only what is reached there too counts as told.</summary>
    public Spend UnderAnotherCap(decimal? capUsd) => this with
    {
        AlertsRaised = [.. AlertsRaised.Where(level => level == ForecastAlert ? ReportedForecastUsd > capUsd : TotalUsd >= capUsd * level / 100)],
        SuspendsAt = TotalUsd >= capUsd ? SuspendsAt : null,
    };
}
