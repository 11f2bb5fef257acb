using System.Diagnostics;
using Governance.People;

namespace Governance.Requests;

public static partial class RequestDecider
{
    private static Decision<RequestEvent> WhileAwaiting(Request.AwaitingApproval request, RequestCommand command, Facts facts) => command switch
    {
        RequestCommand.Approve approve => Approve(request, approve, facts),
        RequestCommand.Reject reject => Reject(request, reject, facts),
        RequestCommand.AskChanges ask => AskChanges(request, ask, facts),
        RequestCommand.Delegate handOver => HandOver(request, handOver, facts),
        RequestCommand.Withdraw withdraw => Withdraw(request, withdraw, facts),
        RequestCommand.Resubmit resubmit => Refile(request, resubmit, facts),
        _ => throw new UnreachableException(),
    };

    private static Decision<RequestEvent> Approve(Request.AwaitingApproval request, RequestCommand.Approve command, Facts facts)
    {
        var standing = Standing.Of(command.ById, request.File, request.Seats, facts);
        if (standing is Standing.HasSigned) return Nothing;
        if (standing is Standing.MayNot no) return Refuse(no.Code, no.Words);
        if (ChangedSince(request.File, command.Round, facts) is { } changed) return changed;

        var seat = ((Standing.MayAnswer)standing).Seat;
        var waives = seat.Waives.Count > 0;
        if (Wording.Objection<RequestEvent>(command.Reason, waives, seat.Waives is [Seat.KindsCorrected]
            ? $"{facts.NameOf(request.File.RequesterId)} says that it holds less sensitive data than people were asked about, so please say in a few words why that is right."
            : "Approving this makes an exception to a rule, so please say in a few words why it is all right.") is { } no2) return no2;
        if (waives && WaiverDateObjection(command, facts) is { } date) return date;

        var until = waives ? command.WaiverUntil ?? facts.Now.AddDays(facts.TtlDays(request.File.Manifest)) : (DateTimeOffset?)null;
        var given = new ApprovalGiven(seat.Role, new Signature(command.ById, request.File.ManifestHash, facts.Now, Wording.Clean(command.Reason), until?.ToUniversalTime()), facts.Now);
        var after = Evolve(request, given);
        if (after.AllSeats.Any(s => s.Signature is null)) return Happen(given);

        // What was fine when it was asked must be fine when it is granted
        return Happen([given, .. Settlement.Of(after.File with { Report = facts.Judge(after.File.Manifest) }, after.AllSeats, facts)]);
    }

    private static Decision<RequestEvent> Reject(Request.AwaitingApproval request, RequestCommand.Reject command, Facts facts) =>
        ObjectionTo(request, command.ById, command.Round, facts)
        ?? Wording.Objection<RequestEvent>(command.Reason, true, $"Please say in a few words why not, so that {facts.NameOf(request.File.RequesterId)} knows what to do differently.")
        ?? (Decision<RequestEvent>)Happen(new RequestRejected(command.ById, command.Reason!.Trim(), facts.Now));

    private static Decision<RequestEvent> AskChanges(Request.AwaitingApproval request, RequestCommand.AskChanges command, Facts facts) =>
        ObjectionTo(request, command.ById, command.Round, facts)
        ?? Wording.Objection<RequestEvent>(command.What, true, $"Please say in a few words what {facts.NameOf(request.File.RequesterId)} should change.")
        ?? (Decision<RequestEvent>)Happen(new ChangesAsked(command.ById, command.What!.Trim(), Settlement.LapsesAt(request.File, facts), facts.Now));

    private static Decision<RequestEvent> HandOver(Request.AwaitingApproval request, RequestCommand.Delegate command, Facts facts)
    {
        if (HandedOverBefore(request, command)) return Nothing;

        var standing = Standing.Of(command.ById, request.File, request.Seats, facts);
        switch (standing)
        {
            case Standing.MayNot no:
                return Refuse(no.Code, no.Words);
            case Standing.HasSigned:
                return Refuse(RefusalCode.AlreadySigned, "You have approved this already, so there is nothing to hand over.");
            case Standing.MayAnswer { Seat: var seat } when seat.AskedId != command.ById:
                return Refuse(RefusalCode.NotYourSeat, $"{facts.NameOf(seat.AskedId)} is asked here, so only they can hand it over. You may answer it yourself, though.");
            case Standing.MayAnswer when command.ToId == command.ById:
                return Refuse(RefusalCode.CannotTakeSeat, "That is you. Please pick a colleague to hand it to.");
            case Standing.MayAnswer { Seat: var seat }:
                return Standing.WhyNotSeat(command.ToId, seat, request.File, request.Seats, facts) is { } why
                    ? Refuse(RefusalCode.CannotTakeSeat, why)
                    : Happen(new SeatHandedOver(seat.Role, command.ById, command.ToId, facts.Now));
            default:
                throw new UnreachableException();
        }
    }

    private static bool HandedOverBefore(Request.AwaitingApproval request, RequestCommand.Delegate command) =>
        request.Seats.All(s => s.AskedId != command.ById)
        && request.Seats.Any(s => s.AskedId == command.ToId && s.EscalatedFrom.Contains(command.ById, StringComparer.Ordinal));

    /// <summary>Null when the person may say no, or ask for something else.</summary>
    private static Decision<RequestEvent>.Refused? ObjectionTo(Request.AwaitingApproval request, string byId, int? round, Facts facts) =>
        Standing.Of(byId, request.File, request.Seats, facts) switch
        {
            Standing.MayNot no => Refuse(no.Code, no.Words),
            Standing.HasSigned { Seat.Signature: { } signature } => Refuse(RefusalCode.AlreadySigned,
                $"You approved this {facts.Moment(signature.At, byId)}, and I cannot turn that round any more. Please talk to {facts.NameOf(request.File.RequesterId)}, who can take the request back."),
            _ => ChangedSince(request.File, round, facts),
        };

    private static Decision<RequestEvent>.Refused? ChangedSince(RequestFile file, int? round, Facts facts) =>
        round is null || round == file.Round ? null : Refuse(RefusalCode.ChangedSince,
            $"{facts.NameOf(file.RequesterId)} changed this request while you were looking. Here it is as it is now; please look again.");

    private static Decision<RequestEvent>.Refused? WaiverDateObjection(RequestCommand.Approve command, Facts facts)
    {
        var latest = facts.Now.AddDays(facts.Numbers.Limits.TtlDays);
        return command.WaiverUntil switch
        {
            { } until when until <= facts.Now => Refuse(RefusalCode.WaiverDate, "The exception would have ended already. Please pick a day to come."),
            { } until when until > latest => Refuse(RefusalCode.WaiverDate, $"An exception lasts {InWords.Count(facts.Numbers.Limits.TtlDays, "day")} at most. Please pick a day until {InWords.Date(latest, facts.Now, facts.ZoneOf(command.ById))}."),
            _ => null,
        };
    }
}
