using Governance.Requests;

namespace Governance.Apps;

/// <summary>The rules of a live app (design §3.3): what may follow in which state.</summary>
public static partial class AppDecider
{
    /// <param name="app">Null before the grant.</param>
    public static Decision<AppEvent> Decide(MicroApp? app, AppCommand command, Facts facts) => throw new NotImplementedException();

    /// <summary>
    /// Files a request about an app: checks that its state allows it, fills in what is in force
    /// (<see cref="RequestCommand.Submit.Before"/> and <see cref="RequestCommand.Submit.ReportBefore"/>), and decides like <see cref="RequestDecider.Decide"/>.
    /// </summary>
    public static Decision<RequestEvent> Submit(MicroApp? app, RequestCommand.Submit command, Facts facts) => throw new NotImplementedException();

    public static MicroApp Evolve(MicroApp? app, AppEvent happened) => throw new NotImplementedException();

    /// <summary>What a granted request does to its app. Both streams go into one commit.</summary>
    public static IReadOnlyList<AppEvent> EventsOf(Request.Granted request, MicroApp? app, Facts facts) => throw new NotImplementedException();
}
