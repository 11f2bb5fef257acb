using System.Diagnostics;
using Governance.Catalogue;
using Governance.Manifests;

namespace Governance.Requests;

public static partial class RequestDecider
{
    /// <summary>
    /// The state after an event. The submission, or a resubmission, is always followed by what became of it in the same
    /// decision; until then it awaits approval with the seats that are left.
    /// </summary>
    public static Request Evolve(Request? request, RequestEvent happened) => (request, happened) switch
    {
        (null, RequestSubmitted e) => new Request.AwaitingApproval(e.File, [], e.At),
        (null, _) => throw new UnreachableException($"A request begins with its submission, not with {happened.GetType().Name}."),
        (_, RequestResubmitted e) => new Request.AwaitingApproval(ChangedFile(request, e), VoidedFor(e.ManifestHash, request.AllSeats), e.At),
        (_, RequestStopped e) => new Request.Stopped(request.File with { Report = e.Report }, request.AllSeats, e.LapsesAt),
        (_, SeatsAsked e) => new Request.AwaitingApproval(request.File with { Report = e.Report }, e.Seats, e.LapsesAt),
        (Request.AwaitingApproval r, ApprovalGiven e) => r with { Seats = Changed(r.Seats, SeatTakenBy(r.Seats, e.Role, e.Signature.PersonId), s => s with { Signature = e.Signature }) },
        (Request.AwaitingApproval r, SeatHandedOver e) => r with { Seats = Changed(r.Seats, SeatAskedOf(r.Seats, e.Role, e.FromId), s => PassedOn(s, e.ToId, e.At)) },
        (Request.AwaitingApproval r, SeatEscalated e) => r with { Seats = Changed(r.Seats, SeatAskedOf(r.Seats, e.Role, e.FromId), s => PassedOn(s, e.ToId, e.At)) },
        (Request.AwaitingApproval r, SeatReminded e) => r with { Seats = Changed(r.Seats, SeatAskedOf(r.Seats, e.Role, e.PersonId), s => s with { RemindedAt = e.At }) },
        (Request.AwaitingApproval r, ChangesAsked e) => new Request.ChangesRequested(r.File, r.Seats, e.ById, e.What, e.At, e.LapsesAt),
        (_, RequestGranted e) => new Request.Granted(request.File with { Report = e.Report }, request.AllSeats, e.At),
        (_, RequestRejected e) => new Request.Rejected(request.File, request.AllSeats, e.ById, e.Reason, e.At),
        (_, RequestWithdrawn e) => new Request.Withdrawn(request.File, request.AllSeats, e.At, e.ById),
        (_, RequestLapsed e) => new Request.Lapsed(request.File, request.AllSeats, e.At),
        (_, RequestSuperseded e) => new Request.Superseded(request.File, request.AllSeats, e.ByRequestId, e.At),
        _ => throw new UnreachableException($"{happened.GetType().Name} cannot follow in {request.GetType().Name}."),
    };

    private static RequestFile ChangedFile(Request request, RequestResubmitted e) => request.File with
    {
        Manifest = e.Manifest,
        ManifestHash = e.ManifestHash,
        Report = e.Report,
        Justification = e.Justification,
        Round = e.Round,
        OnBehalfOf = OnBehalf(request.File.RequesterId, e.Manifest),
        LastAsked = e.ManifestHash != request.File.ManifestHash && WasAskedAbout(request) ? request.File.Manifest : request.File.LastAsked,
        HighestAsked = WasAskedAbout(request) ? Higher(request.File.HighestAsked, NeededClass.OfKinds(request.File.Manifest.Data.Kinds)) : request.File.HighestAsked,
    };

    private static DataClass Higher(DataClass a, DataClass b) => a > b ? a : b;

    // What a rule stopped at once nobody was asked about
    private static bool WasAskedAbout(Request request) =>
        request is not Request.Stopped || request.AllSeats.Any(s => s.Signature?.ManifestHash == request.File.ManifestHash);

    private static List<Seat> VoidedFor(string manifestHash, IReadOnlyList<Seat> seats) =>
        [.. seats.Select(seat => seat.Signature?.ManifestHash == manifestHash ? seat : seat with { Signature = null })];

    private static Seat PassedOn(Seat seat, string toId, DateTimeOffset at) => seat with
    {
        AskedId = toId,
        AskedAt = at,
        RemindedAt = null,
        EscalatedFrom = seat.AskedId is { } from ? [.. seat.EscalatedFrom, from] : seat.EscalatedFrom,
    };

    // A role may have two seats: the signer's own comes first, then one that is open to be claimed
    private static int SeatTakenBy(IReadOnlyList<Seat> seats, string role, string personId)
    {
        var own = SeatAskedOf(seats, role, personId);
        return own >= 0 ? own : IndexOf(seats, s => s.Role == role && s.Signature is null);
    }

    private static int SeatAskedOf(IReadOnlyList<Seat> seats, string role, string? personId) =>
        IndexOf(seats, s => s.Role == role && s.AskedId == personId && s.Signature is null);

    private static int IndexOf(IReadOnlyList<Seat> seats, Func<Seat, bool> sought) => seats.TakeWhile(s => !sought(s)).Count() is var i && i < seats.Count ? i : -1;

    private static List<Seat> Changed(IReadOnlyList<Seat> seats, int index, Func<Seat, Seat> change) =>
        index < 0 ? throw new UnreachableException("No such seat on this request.") : [.. seats.Select((seat, i) => i == index ? change(seat) : seat)];
}
