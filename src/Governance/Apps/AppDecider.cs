using System.Diagnostics;
using Governance.Requests;

namespace Governance.Apps;

/// <summary>The rules of a live app (design §3.3): what may follow in which state.</summary>
public static partial class AppDecider
{
    /// <param name="app">Null before the grant.</param>
    public static Decision<AppEvent> Decide(MicroApp? app, AppCommand command, Facts facts) => (app, command) switch
    {
        (null, _) => Refuse(RefusalCode.NoSuchApp, "I cannot find this app."),
        (_, AppCommand.ConfirmLive confirm) => OnConfirmed(app, confirm, facts),
        (_, AppCommand.ReportCost report) => OnCost(app, report, facts),
        (_, AppCommand.GiveGrace grace) => OnGrace(app, grace, facts),
        (_, AppCommand.TakeGraceBack back) => OnGraceTakenBack(app, back, facts),
        (_, AppCommand.Tick) => Happen(AppClock.Due(app, facts).Where(due => due.At <= facts.Now).Select(due => due.Happens).ToList()),
        _ => throw new UnreachableException(),
    };

    /// <summary>The next moment at which <see cref="AppCommand.Tick"/> does something; null for never.</summary>
    public static DateTimeOffset? NextTick(MicroApp app, Facts facts) => AppClock.Due(app, facts).Select(due => (DateTimeOffset?)due.At).Min();

    private static Decision<AppEvent> OnConfirmed(MicroApp app, AppCommand.ConfirmLive command, Facts facts)
    {
        // A confirmation of an older state says nothing of this one, and a repeated one nothing new
        if (app is not MicroApp.Provisioning || command.GrantedBy != app.File.GrantedBy) return Happen([]);

        var live = new AppWentLive(facts.Now);
        return Happen([live, .. CostWatch.Suspension(Evolve(app, live), facts)]);
    }

    private static Decision<AppEvent>.Happened Happen(IReadOnlyList<AppEvent> events) => new(events);

    private static Decision<AppEvent>.Refused Refuse(string code, string words) => new(code, words);
}
