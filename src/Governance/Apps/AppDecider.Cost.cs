using Governance.People;
using Governance.Requests;

namespace Governance.Apps;

public static partial class AppDecider
{
    /// <summary>Above this a figure cannot be meant.</summary>
    private const decimal MostUsd = 1_000_000_000;

    private static Decision<AppEvent> OnCost(MicroApp app, AppCommand.ReportCost report, Facts facts)
    {
        if (report.Day > DateOnly.FromDateTime(facts.Now.UtcDateTime))
        {
            return Refuse(RefusalCode.NotACost, $"The cost of {report.Day:yyyy-MM-dd} cannot be known yet: that day is still to come (UTC).");
        }
        if (report.AmountUsd is < 0 or > MostUsd || report.ForecastUsd is < 0 or > MostUsd)
        {
            return Refuse(RefusalCode.NotACost, $"A cost or a forecast is between 0 and {InWords.Usd(MostUsd)}.");
        }
        if (SaysNothingNew(app.File.Spend, report)) return Happen([]);

        var reported = new CostReported(report.Day, report.AmountUsd, report.ForecastUsd, facts.Now);
        var after = Evolve(app, reported);
        return Happen([reported, .. CostWatch.Suspension(after, facts), .. CostWatch.Alert(after, facts)]);
    }

    private static bool SaysNothingNew(Spend spend, AppCommand.ReportCost report) =>
        Spend.MonthOf(report.Day) == spend.Month
        && spend.Days.TryGetValue(report.Day.Day, out var known) && known == report.AmountUsd
        && spend.With(report.Day, report.AmountUsd, report.ForecastUsd).ReportedForecastUsd == spend.ReportedForecastUsd;
}
