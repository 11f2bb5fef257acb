using Governance.Manifests;
using Governance.Verdicts;

namespace Governance.Requests;

/// <summary>What somebody, or the clock, asks of a request. A person is named by id; who they are and may do is looked up in the facts.</summary>
public abstract record RequestCommand
{
    private RequestCommand() { }

    /// <summary>Files a request. State before: none. For an app that is there already, go through <c>AppDecider.Submit</c>, which fills in what is in force.</summary>
    /// <param name="Before">The manifest in force; null for a new app.</param>
    /// <param name="ReportBefore">What the policies said of the app at its last grant; null for a new app.</param>
    /// <param name="Evidence">Which words and clicks led to which answer.</param>
    /// <param name="Earlier">What the same person asked for before under this name, or as this draft, and what is over without an app: what people were asked about then is remembered.</param>
    public sealed record Submit(
        string RequestId, RequestKind Kind, string AppId, string ById, Manifest Manifest, Manifest? Before, string? Justification, PolicyReport? ReportBefore = null,
        IReadOnlyList<string>? Evidence = null, IReadOnlyList<Request>? Earlier = null) : RequestCommand;

    /// <summary>The requester hands in a changed manifest; signatures for the old one are void.</summary>
    public sealed record Resubmit(string ById, Manifest Manifest, string? Justification) : RequestCommand;

    /// <param name="Reason">Required where the seat waives a finding.</param>
    /// <param name="WaiverUntil">End of the waiver; the app's own expiry when null.</param>
    /// <param name="Round">The <see cref="RequestFile.Round"/> on the card that was clicked; null where there was no card. Another round is answered with <c>changed-since</c>.</param>
    public sealed record Approve(string ById, string? Reason, DateTimeOffset? WaiverUntil, int? Round = null) : RequestCommand;

    /// <inheritdoc cref="Approve"/>
    public sealed record Reject(string ById, string? Reason, int? Round = null) : RequestCommand;

    /// <inheritdoc cref="Approve"/>
    public sealed record AskChanges(string ById, string? What, int? Round = null) : RequestCommand;

    /// <summary>The person asked hands their seat to another holder of the role.</summary>
    public sealed record Delegate(string ById, string ToId) : RequestCommand;

    public sealed record Withdraw(string ById) : RequestCommand;

    /// <summary>The clock: reminds, escalates or lapses what is due at <see cref="Facts.Now"/>; nothing when nothing is.</summary>
    public sealed record Tick : RequestCommand;

    public sealed record Supersede(string ByRequestId) : RequestCommand;
}
