using Governance.Catalogue;
using Governance.Manifests;
using Governance.Verdicts;

namespace Governance.Requests;

/// <summary>What is true of a request in every state: who asked for what, and what the policies said of it.</summary>
/// <param name="Id">UUIDv7 in text form.</param>
/// <param name="AppId">The app it is about; for a create-request the id the app will have.</param>
/// <param name="RequesterId">Who asks. Nobody approves their own.</param>
/// <param name="Manifest">What is asked for, as it stands now.</param>
/// <param name="Before">What was in force before, for a change; null for a new app.</param>
/// <param name="Report">What the policies said of <paramref name="Manifest"/> at the last judgement.</param>
/// <param name="Justification">The requester's words, where policy wants some.</param>
/// <param name="SubmittedAt">Of the first submission.</param>
/// <param name="Round">1 at first; one more each time the manifest was changed and submitted again.</param>
/// <param name="OnBehalfOf">The app's owner, where somebody else asked (the builder, a co-owner).</param>
/// <param name="ReportBefore">What the policies said of the app at its last grant; null for a new app.</param>
/// <param name="LastAsked">The manifest that people were asked about in the round before; null where this is what they were asked first. Their new card shows the difference.</param>
/// <param name="Evidence">Which of the requester's words and clicks led to which answer, oldest first: kept for ever with the request.</param>
/// <param name="HighestAsked">The highest class that the kinds of data needed in a round that people were asked about. Kinds below it are a correction, which a reviewer confirms.</param>
public sealed record RequestFile(
    string Id,
    RequestKind Kind,
    string AppId,
    string RequesterId,
    Manifest Manifest,
    string ManifestHash,
    Manifest? Before,
    PolicyReport Report,
    string? Justification,
    DateTimeOffset SubmittedAt,
    int Round,
    string? OnBehalfOf = null,
    PolicyReport? ReportBefore = null,
    IReadOnlyList<string>? Evidence = null,
    Manifest? LastAsked = null,
    DataClass HighestAsked = DataClass.Public);
