using Governance.Manifests;

namespace Governance.Requests;

/// <summary>What somebody, or the clock, asks of a request. A person is named by id; who they are and may do is looked up in the facts.</summary>
public abstract record RequestCommand
{
    private RequestCommand() { }

    /// <summary>Files a request. State before: none.</summary>
    public sealed record Submit(string RequestId, RequestKind Kind, string AppId, string ById, Manifest Manifest, Manifest? Before, string? Justification) : RequestCommand;

    /// <summary>The requester hands in a changed manifest; signatures for the old one are void.</summary>
    public sealed record Resubmit(string ById, Manifest Manifest, string? Justification) : RequestCommand;

    /// <param name="Reason">Required where the seat waives a finding.</param>
    /// <param name="WaiverUntil">End of the waiver; the app's own expiry when null.</param>
    public sealed record Approve(string ById, string? Reason, DateTimeOffset? WaiverUntil) : RequestCommand;

    public sealed record Reject(string ById, string? Reason) : RequestCommand;

    public sealed record AskChanges(string ById, string? What) : RequestCommand;

    /// <summary>The person asked hands their seat to another holder of the role.</summary>
    public sealed record Delegate(string ById, string ToId) : RequestCommand;

    public sealed record Withdraw(string ById) : RequestCommand;

    /// <summary>The clock: reminds, escalates or lapses what is due at <see cref="Facts.Now"/>; nothing when nothing is.</summary>
    public sealed record Tick : RequestCommand;

    public sealed record Supersede(string ByRequestId) : RequestCommand;
}
