using Governance.Verdicts;

namespace Governance.Apps;

/// <summary>What the clock, the platform or a granted request asks of an app. People change an app by requests only; a governance admin may give it time.</summary>
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

    /// <summary>A governance admin gives the app time for rules that are about to hold, or have just begun to.</summary>
    /// <param name="Findings">What those rules have against the app: told to its owners.</param>
    /// <param name="Revision">Of the rules it is about.</param>
    public sealed record GiveGrace(IReadOnlyList<Finding> Findings, DateTimeOffset Until, string ById, string Revision) : AppCommand;

    /// <summary>A governance admin takes time back that was given for rules of this revision; nothing where the app has none left or fits already.</summary>
    public sealed record TakeGraceBack(string Revision, string ById) : AppCommand;
}
