using System.Text.Json.Serialization;
using Governance.Manifests;
using Governance.Verdicts;

namespace Governance.Requests;

/// <summary>What happened to a request. Recorded for ever: members may be added, never renamed or re-used.</summary>
[JsonDerivedType(typeof(RequestSubmitted), "request-submitted")]
[JsonDerivedType(typeof(RequestResubmitted), "request-resubmitted")]
[JsonDerivedType(typeof(RequestStopped), "request-stopped")]
[JsonDerivedType(typeof(SeatsAsked), "seats-asked")]
[JsonDerivedType(typeof(ApprovalGiven), "approval-given")]
[JsonDerivedType(typeof(SeatHandedOver), "seat-handed-over")]
[JsonDerivedType(typeof(SeatReminded), "seat-reminded")]
[JsonDerivedType(typeof(SeatEscalated), "seat-escalated")]
[JsonDerivedType(typeof(ChangesAsked), "changes-asked")]
[JsonDerivedType(typeof(RequestGranted), "request-granted")]
[JsonDerivedType(typeof(RequestRejected), "request-rejected")]
[JsonDerivedType(typeof(RequestWithdrawn), "request-withdrawn")]
[JsonDerivedType(typeof(RequestLapsed), "request-lapsed")]
[JsonDerivedType(typeof(RequestSuperseded), "request-superseded")]
public abstract record RequestEvent(DateTimeOffset At);

public sealed record RequestSubmitted(RequestFile File, DateTimeOffset At) : RequestEvent(At);

/// <summary>A changed manifest, judged anew.</summary>
public sealed record RequestResubmitted(Manifest Manifest, string ManifestHash, PolicyReport Report, string? Justification, int Round, DateTimeOffset At) : RequestEvent(At);

/// <summary>Stopped by a hard finding: at submission, or at the last signature under a newer rulebook.</summary>
public sealed record RequestStopped(PolicyReport Report, DateTimeOffset LapsesAt, DateTimeOffset At) : RequestEvent(At);

/// <summary>The whole list of seats as it stands from now on (kept signatures included).</summary>
/// <param name="NoLongerAsked">People who were asked until now and are not any more.</param>
public sealed record SeatsAsked(IReadOnlyList<Seat> Seats, IReadOnlyList<string> NoLongerAsked, PolicyReport Report, DateTimeOffset LapsesAt, DateTimeOffset At) : RequestEvent(At);

public sealed record ApprovalGiven(string Role, Signature Signature, DateTimeOffset At) : RequestEvent(At);

public sealed record SeatHandedOver(string Role, string FromId, string ToId, DateTimeOffset At) : RequestEvent(At);

/// <param name="NobodyElse">True for the second reminder, where the role has nobody else to escalate to.</param>
public sealed record SeatReminded(string Role, string PersonId, bool NobodyElse, DateTimeOffset At) : RequestEvent(At);

/// <summary>Another person is asked: the one before did not answer in time, is not there any more, or nobody could be asked until now.</summary>
public sealed record SeatEscalated(string Role, string? FromId, string ToId, DateTimeOffset At) : RequestEvent(At);

/// <param name="LapsesAt">By when the requester has to answer.</param>
public sealed record ChangesAsked(string ById, string What, DateTimeOffset LapsesAt, DateTimeOffset At) : RequestEvent(At);

/// <summary>Granted under the policy report given, which is the one of this moment.</summary>
public sealed record RequestGranted(PolicyReport Report, DateTimeOffset At) : RequestEvent(At);

public sealed record RequestRejected(string ById, string Reason, DateTimeOffset At) : RequestEvent(At);

public sealed record RequestWithdrawn(string ById, DateTimeOffset At) : RequestEvent(At);

public sealed record RequestLapsed(DateTimeOffset At) : RequestEvent(At);

public sealed record RequestSuperseded(string ByRequestId, DateTimeOffset At) : RequestEvent(At);
