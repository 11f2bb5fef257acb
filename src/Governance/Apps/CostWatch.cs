using Governance.Requests;

namespace Governance.Apps;

/// <summary>What a cost report leads to: an alert once a month for each threshold, and the end of spending at the cap.</summary>
internal static class CostWatch
{
    private const int Spent = 100;

    /// <summary>Why the app may not go on spending at this moment; null when it may.</summary>
    public static SuspensionReason? Overspent(AppFile file, Facts facts)
    {
        if (file.Spend.Month != Spend.MonthOf(facts.Now)) return null;
        var cap = facts.CapUsd(file.Manifest);
        return file.Spend.TotalUsd > 0 && file.Spend.TotalUsd >= cap ? SuspensionReason.CapSpent
            : facts.CapIsHard(file.Manifest) && file.Spend.ForecastIsFounded && Forecast(file) > cap ? SuspensionReason.ForecastOverHardCap
            : null;
    }

    /// <summary>A hard cap suspends at once; a soft one gives its countdown first, which the clock ends.</summary>
    public static IEnumerable<AppEvent> Suspension(MicroApp app, Facts facts) =>
        app is MicroApp.Active && facts.CapIsHard(app.File.Manifest) && Overspent(app.File, facts) is { } reason ? [new AppSuspended(reason, facts.Now)] : [];

    /// <summary>The alert for what was crossed and not told yet this month.</summary>
    /// <param name="app">With the report taken in.</param>
    public static IEnumerable<AppEvent> Alert(MicroApp app, Facts facts)
    {
        var spend = app.File.Spend;
        // A late figure of a month that is over belongs into the record and frightens nobody
        if (app is not (MicroApp.Provisioning or MicroApp.Active) || spend.Month != Spend.MonthOf(facts.Now)) return [];

        var cap = facts.CapUsd(app.File.Manifest);
        var forecast = Forecast(app.File);
        var reached = facts.Numbers.Cost.AlertPercent.Where(level => spend.TotalUsd > 0 && spend.TotalUsd >= cap * level / 100).ToList();
        // Who has spent all of it needs no forecast
        if (forecast > cap || reached.Contains(Spent)) reached.Add(Spend.ForecastAlert);
        var crossed = reached.Except(spend.AlertsRaised).ToList();
        if (crossed.Count == 0) return [];

        var weightiest = crossed.MaxBy(Weight);
        DateTimeOffset? suspendsAt = crossed.Contains(Spent) && !facts.CapIsHard(app.File.Manifest) ? facts.Now.AddHours(facts.Numbers.Cost.SoftCapCountdownHours) : null;
        return [new CostAlertRaised(weightiest, crossed, spend.TotalUsd, forecast, cap, suspendsAt, facts.Now)];
    }

    public static decimal Forecast(AppFile file) => file.Spend.ForecastUsd(file.Manifest.Cost.ForecastUsd);

    // A month that will end above the cap matters more than four fifths of it being spent
    private static int Weight(int level) => level == Spend.ForecastAlert ? Spent - 1 : level;
}
