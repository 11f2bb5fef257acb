using System.Diagnostics;
using System.Text.Json.Serialization;

namespace Governance.Requests;

/// <summary>A request in one of its states; each state holds only what is true in it.</summary>
[JsonDerivedType(typeof(Stopped), "stopped")]
[JsonDerivedType(typeof(AwaitingApproval), "awaiting-approval")]
[JsonDerivedType(typeof(ChangesRequested), "changes-requested")]
[JsonDerivedType(typeof(Granted), "granted")]
[JsonDerivedType(typeof(Rejected), "rejected")]
[JsonDerivedType(typeof(Withdrawn), "withdrawn")]
[JsonDerivedType(typeof(Lapsed), "lapsed")]
[JsonDerivedType(typeof(Superseded), "superseded")]
public abstract record Request
{
    private Request(RequestFile file) => File = file;

    /// <summary>Who asks for what.</summary>
    public RequestFile File { get; init; }

    /// <summary>A hard finding stopped it. The requester can change the manifest and submit again.</summary>
    /// <param name="Seats">Empty where nobody was asked; filled when a newer rulebook stopped it at the last signature.</param>
    public sealed record Stopped(RequestFile File, IReadOnlyList<Seat> Seats, DateTimeOffset LapsesAt) : Request(File);

    /// <summary>People are asked. Seats are in the order of the policy's list.</summary>
    public sealed record AwaitingApproval(RequestFile File, IReadOnlyList<Seat> Seats, DateTimeOffset LapsesAt) : Request(File);

    /// <summary>An approver wants something different; the answers are kept and the requester edits them.</summary>
    public sealed record ChangesRequested(RequestFile File, IReadOnlyList<Seat> Seats, string ById, string What, DateTimeOffset At, DateTimeOffset LapsesAt) : Request(File);

    /// <summary>Granted: at once by policy (no seats), or by the last signature.</summary>
    public sealed record Granted(RequestFile File, IReadOnlyList<Seat> Seats, DateTimeOffset At) : Request(File);

    /// <summary>One approver said no, with a reason.</summary>
    public sealed record Rejected(RequestFile File, IReadOnlyList<Seat> Seats, string ById, string Reason, DateTimeOffset At) : Request(File);

    /// <summary>The requester, or the owner on whose behalf it was asked, took it back.</summary>
    public sealed record Withdrawn(RequestFile File, IReadOnlyList<Seat> Seats, DateTimeOffset At, string ById) : Request(File);

    /// <summary>Nobody answered within its lifetime.</summary>
    public sealed record Lapsed(RequestFile File, IReadOnlyList<Seat> Seats, DateTimeOffset At) : Request(File);

    /// <summary>A newer request for the same thing took its place.</summary>
    public sealed record Superseded(RequestFile File, IReadOnlyList<Seat> Seats, string ByRequestId, DateTimeOffset At) : Request(File);

    /// <summary>Open means that something can still come of it: stopped, awaiting approval or changes requested.</summary>
    [JsonIgnore]
    public bool IsOpen => this is Stopped or AwaitingApproval or ChangesRequested;

    /// <summary>The seats as they stand in this state.</summary>
    [JsonIgnore]
    public IReadOnlyList<Seat> AllSeats => this switch
    {
        Stopped stopped => stopped.Seats,
        AwaitingApproval awaiting => awaiting.Seats,
        ChangesRequested changes => changes.Seats,
        Granted granted => granted.Seats,
        Rejected rejected => rejected.Seats,
        Withdrawn withdrawn => withdrawn.Seats,
        Lapsed lapsed => lapsed.Seats,
        Superseded superseded => superseded.Seats,
        _ => throw new UnreachableException(),
    };
}
