namespace Governance.Requests;

/// <summary>One role's place on a request: who is asked, and what they answered.</summary>
/// <param name="Role">A role id of <see cref="People.Role"/>.</param>
/// <param name="AskedId">The one person who is asked; null when nobody holds the role (said on the card).</param>
/// <param name="AskedAt">When this person was asked; the SLA runs from here.</param>
/// <param name="Signature">The answer, if it was an approval.</param>
/// <param name="Waives">Rule ids of the override findings which this seat's signature waives.</param>
/// <param name="RemindedAt">When the person asked was reminded.</param>
/// <param name="EscalatedFrom">Who was asked before, oldest first.</param>
public sealed record Seat(
    string Role,
    string? AskedId,
    DateTimeOffset AskedAt,
    Signature? Signature,
    IReadOnlyList<string> Waives,
    DateTimeOffset? RemindedAt,
    IReadOnlyList<string> EscalatedFrom)
{
    /// <summary>Stands beside the rule ids in <see cref="Waives"/>: the signature confirms that the kinds of data were put right, not made small.</summary>
    public const string KindsCorrected = "data.kinds-corrected";
}

/// <summary>One role's approval, bound to the manifest it was given for.</summary>
/// <param name="PersonId">Who signed.</param>
/// <param name="ManifestHash">Hash of the manifest signed (SHA-256 hex); a signature for another hash is void.</param>
/// <param name="At">When, on the governance clock.</param>
/// <param name="Reason">Words; required where the seat waives a finding.</param>
/// <param name="WaiverUntil">When a waiver ends; null where nothing is waived.</param>
public sealed record Signature(string PersonId, string ManifestHash, DateTimeOffset At, string? Reason, DateTimeOffset? WaiverUntil);
