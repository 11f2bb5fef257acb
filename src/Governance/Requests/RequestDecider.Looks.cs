namespace Governance.Requests;

/// <summary>What a card needs to know before anybody clicks. Nothing here decides: the click does.</summary>
public static partial class RequestDecider
{
    /// <summary>The seat this person may answer for now: asked for it, or free to claim it. Null when they may not.</summary>
    public static Seat? SeatFor(Request request, string personId, Facts facts) =>
        request is Request.AwaitingApproval awaiting && facts.People.ContainsKey(personId)
        && Standing.Of(personId, awaiting.File, awaiting.Seats, facts) is Standing.MayAnswer { Seat: var seat } ? seat : null;

    /// <summary>Ids of the people to whom a seat may be handed, in the order in which they would be asked.</summary>
    public static IReadOnlyList<string> MayTake(Request.AwaitingApproval request, Seat seat, Facts facts) =>
        [.. SeatPlan.InOrder(request.File, seat.Role, facts).Select(p => p.Id).Where(id => id != seat.AskedId && Standing.WhyNotSeat(id, seat, request.File, request.Seats, facts) is null)];

    /// <summary>By when the person asked should answer; they are reminded then. Null for a seat that is signed or has nobody.</summary>
    public static DateTimeOffset? AnswerBy(Request.AwaitingApproval request, Seat seat, Facts facts) =>
        seat is { Signature: null, AskedId: not null } ? SeatClock.Deadlines(request.File, seat, facts).Reminder : null;
}
