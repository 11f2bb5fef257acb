using System.Diagnostics;
using Governance.Catalogue;
using Governance.Manifests;
using Governance.People;

namespace Governance.Requests;

public static partial class RequestDecider
{
    private static Decision<RequestEvent> File(RequestCommand.Submit command, Facts facts)
    {
        var before = command.Kind == RequestKind.Create ? null : command.Before;
        if (RequestScope.Objection(command.Kind, command.ById, command.Manifest, before, facts) is { } outside) return outside;

        var asked = command.Kind == RequestKind.Create ? AskedBefore(command) : [];
        var file = new RequestFile(
            command.RequestId, command.Kind, command.AppId, command.ById, command.Manifest, ManifestHash.Of(command.Manifest), before, facts.Judge(command.Manifest),
            Wording.Clean(command.Justification), facts.Now, 1, OnBehalf(command.ById, command.Manifest), before is null ? null : command.ReportBefore, Evidence: command.Evidence,
            LastAsked: asked.LastOrDefault()?.File.Manifest, HighestAsked: asked.Select(HighestAskedIn).DefaultIfEmpty().Max());
        return JustificationObjection(file, facts)
            ?? (Decision<RequestEvent>)Happen([new RequestSubmitted(file, facts.Now), .. Settlement.Of(file, [], facts)]);
    }

    /// <summary>Earlier tries at the same app that people were asked about, oldest first. One that was granted is an app, and its kinds are in force there.</summary>
    private static List<Request> AskedBefore(RequestCommand.Submit command) =>
    [
        .. (command.Earlier ?? []).Where(earlier => earlier is { IsOpen: false } and not Request.Granted && earlier.AllSeats.Count > 0
            && earlier.File.Kind == RequestKind.Create && earlier.File.RequesterId == command.ById).OrderBy(earlier => earlier.File.SubmittedAt),
    ];

    private static DataClass HighestAskedIn(Request earlier) => Higher(earlier.File.HighestAsked, NeededClass.OfKinds(earlier.File.Manifest.Data.Kinds));

    private static Decision<RequestEvent> FiledBefore(Request request, RequestCommand.Submit command) =>
        request.File.RequesterId == command.ById && request.File.Kind == command.Kind && request.File.AppId == command.AppId
            ? Nothing
            : Refuse(RefusalCode.AlreadyFiled, "This request was filed already. Say “status” to see it.");

    private static Decision<RequestEvent> Refile(Request request, RequestCommand.Resubmit command, Facts facts)
    {
        var file = request.File;
        if (!IsAsker(file, command.ById)) return NotTheirs(file, "change", facts);
        if (RequestScope.Objection(file.Kind, file.RequesterId, command.Manifest, file.Before, facts) is { } outside) return outside;

        var hash = ManifestHash.Of(command.Manifest);
        var refiled = new RequestResubmitted(
            command.Manifest, hash, facts.Judge(command.Manifest), Wording.Clean(command.Justification) ?? file.Justification,
            hash == file.ManifestHash ? file.Round : file.Round + 1, facts.Now);
        if (SaysNothingNew(request, refiled)) return Nothing;

        var after = Evolve(request, refiled);
        return JustificationObjection(after.File, facts)
            ?? (Decision<RequestEvent>)Happen([refiled, .. Settlement.Of(after.File, after.AllSeats, facts)]);
    }

    // A repeated click; what comes back from "changes asked" is an answer also when nothing was changed
    private static bool SaysNothingNew(Request request, RequestResubmitted refiled) =>
        request is not Request.ChangesRequested
        && refiled.Manifest == request.File.Manifest
        && refiled.Justification == request.File.Justification
        && (request is not Request.Stopped || refiled.Report.SaysTheSameAs(request.File.Report));

    private static Decision<RequestEvent> Withdraw(Request request, RequestCommand.Withdraw command, Facts facts) =>
        IsAsker(request.File, command.ById) ? Happen(new RequestWithdrawn(command.ById, facts.Now)) : NotTheirs(request.File, "take back", facts);

    private static Decision<RequestEvent> WhileStopped(Request.Stopped request, RequestCommand command, Facts facts) => command switch
    {
        RequestCommand.Resubmit resubmit => Refile(request, resubmit, facts),
        RequestCommand.Withdraw withdraw => Withdraw(request, withdraw, facts),
        RequestCommand.Approve or RequestCommand.Reject or RequestCommand.AskChanges or RequestCommand.Delegate => Refuse(RefusalCode.StoppedByRule,
            $"A rule stops this request, so there is nothing to decide on now. {facts.NameOf(request.File.RequesterId)} knows what to change, and you will be asked when it comes again."),
        _ => throw new UnreachableException(),
    };

    private static Decision<RequestEvent> WhileWithRequester(Request.ChangesRequested request, RequestCommand command, Facts facts)
    {
        return command switch
        {
            RequestCommand.Resubmit resubmit => Refile(request, resubmit, facts),
            RequestCommand.Withdraw withdraw => Withdraw(request, withdraw, facts),
            RequestCommand.AskChanges ask when ask.ById == request.ById => Nothing,
            RequestCommand.Approve approve when request.Seats.Any(s => s.Signature?.PersonId == approve.ById) => Nothing,
            RequestCommand.Approve approve => BackWithRequester(approve.ById),
            RequestCommand.Reject reject => BackWithRequester(reject.ById),
            RequestCommand.AskChanges ask => BackWithRequester(ask.ById),
            RequestCommand.Delegate handOver => BackWithRequester(handOver.ById),
            _ => throw new UnreachableException(),
        };

        Decision<RequestEvent> BackWithRequester(string readerId) => Refuse(RefusalCode.ChangesAsked,
            $"{(request.ById == readerId ? "You" : facts.NameOf(request.ById))} asked for changes {facts.Moment(request.At, readerId)}, so this is back with {facts.NameOf(request.File.RequesterId)}. You will get a fresh card when it comes again.");
    }

    /// <summary>Who asked, or the owner on whose behalf it was asked.</summary>
    private static bool IsAsker(RequestFile file, string personId) => personId == file.RequesterId || personId == file.OnBehalfOf;

    private static string? OnBehalf(string requesterId, Manifest manifest) => manifest.App.Owner is { } owner && owner != requesterId ? owner : null;

    private static Decision<RequestEvent>.Refused NotTheirs(RequestFile file, string what, Facts facts) =>
        Refuse(RefusalCode.NotYours, Askers(file).Where(facts.IsHere).Select(facts.NameOf).ToList() is { Count: > 0 } names
            ? $"Only {InWords.List(names, "or")} can {what} this request."
            : $"Whoever asked for this is no longer here, and nobody else can {what} it. It will lapse by itself.");

    private static IEnumerable<string> Askers(RequestFile file) => file.OnBehalfOf is { } owner ? [file.RequesterId, owner] : [file.RequesterId];

    private static Decision<RequestEvent>.Refused? JustificationObjection(RequestFile file, Facts facts) => Wording.Objection<RequestEvent>(
        file.Justification,
        file.Kind == RequestKind.Renew && facts.Numbers.Lifecycle.RenewalNeedsJustification[file.Report.Risk.Tier],
        $"Please say in a few words what {Wording.TitleOf(file.Manifest)} is still needed for; then it is renewed.");
}
