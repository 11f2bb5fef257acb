namespace Governance.Apps;

/// <summary>What the clock, the platform or a granted request asks of an app. People change an app by requests only.</summary>
public abstract record AppCommand
{
    private AppCommand() { }

    /// <summary>The platform confirms that the state as of <paramref name="GrantedBy"/> is there.</summary>
    public sealed record ConfirmLive(string GrantedBy) : AppCommand;

    /// <summary>The clock: reminds or expires what is due at the facts' now; nothing when nothing is.</summary>
    public sealed record Tick : AppCommand;

    /// <summary>Cost of one day in USD. Replaces that day's figure; the day must not lie in the future.</summary>
    /// <param name="ForecastUsd">The platform's forecast for the month, if it has one.</param>
    public sealed record ReportCost(DateOnly Day, decimal AmountUsd, decimal? ForecastUsd) : AppCommand;
}
