using Governance.People;
using Governance.Requests;

namespace Governance.Apps;

public static partial class AppDecider
{
    /// <summary>
    /// Files a request about an app: checks that its state allows it, fills in what is in force
    /// (<see cref="RequestCommand.Submit.Before"/> and <see cref="RequestCommand.Submit.ReportBefore"/>), and decides like <see cref="RequestDecider.Decide"/>.
    /// </summary>
    public static Decision<RequestEvent> Submit(MicroApp? app, RequestCommand.Submit command, Facts facts)
    {
        if (command.Kind == RequestKind.Create)
        {
            return app is null ? RequestDecider.Decide(null, command, facts) : No(RefusalCode.AlreadyFiled, "This app is there already. Say “my apps” to see it.");
        }

        if (app is null) return No(RefusalCode.NoSuchApp, "I cannot find the app this is about. Say “my apps” to see yours.");
        return StateObjection(app, command, facts)
            ?? RequestDecider.Decide(null, command with { AppId = app.File.Id, Before = app.File.Manifest, ReportBefore = app.File.Report }, facts);
    }

    /// <summary>Whether this person may ask for this kind of thing now: for a card's buttons. What they ask for in particular is judged when they do.</summary>
    public static bool CanAsk(MicroApp app, RequestKind kind, string personId, Facts facts) =>
        kind != RequestKind.Create && facts.People.ContainsKey(personId) && RequestScope.MayAsk(kind, personId, app.File.Manifest, facts)
        && StateObjection(app, new RequestCommand.Submit("", kind, app.File.Id, personId, app.File.Manifest, null, null), facts) is null;

    private static Decision<RequestEvent>? StateObjection(MicroApp app, RequestCommand.Submit command, Facts facts)
    {
        var title = Wording.TitleOf(app.File.Manifest);
        return (app, command.Kind) switch
        {
            (MicroApp.Archived archived, RequestKind.Restore) when facts.Now > archived.RestorableUntil => No(RefusalCode.TooLate,
                $"{title} was archived {When(archived.At)} and could be restored until {When(archived.RestorableUntil)}. Please ask for a new app; I will take you through it quickly."),
            (MicroApp.Archived, RequestKind.Restore) => null,
            (MicroApp.Archived archived, RequestKind.Archive) => No(RefusalCode.WrongState, $"{title} is archived already, since {When(archived.At)}."),
            (MicroApp.Archived archived, _) => No(RefusalCode.WrongState,
                $"{title} was archived {When(archived.At)}" + (facts.Now <= archived.RestorableUntil ? $". Restore it first, that is one click; then you can {command.Kind.AsVerb()}." : " and can no longer be restored. Please ask for a new app.")),
            (_, RequestKind.Restore) => No(RefusalCode.WrongState, $"{title} is not archived, so there is nothing to restore."),
            (MicroApp.Suspended suspended, RequestKind.Resume) => CostWatch.Overspent(suspended.File, facts) is null ? null : No(RefusalCode.WrongState,
                $"{title} has used {InWords.Usd(app.File.Spend.TotalUsd)} of its {InWords.Usd(facts.CapUsd(app.File.Manifest))} this month. Ask for a higher cap, and it goes on as soon as that is granted."),
            (_, RequestKind.Resume) => No(RefusalCode.WrongState, $"{title} is not suspended, so there is nothing to switch on."),
            _ => null,
        };

        string When(DateTimeOffset at) => facts.Moment(at, command.ById);
    }

    private static Decision<RequestEvent>.Refused No(string code, string words) => new(code, words);
}
