using System.Text.Json.Serialization;
using Governance.Manifests;
using Governance.Requests;
using Governance.Verdicts;

namespace Governance.Apps;

/// <summary>What happened to an app. Recorded for ever: members may be added, never renamed or re-used.</summary>
[JsonDerivedType(typeof(AppGranted), "app-granted")]
[JsonDerivedType(typeof(AppWentLive), "app-went-live")]
[JsonDerivedType(typeof(AppChanged), "app-changed")]
[JsonDerivedType(typeof(RenewalReminderDue), "renewal-reminder-due")]
[JsonDerivedType(typeof(AppRenewed), "app-renewed")]
[JsonDerivedType(typeof(AppArchived), "app-archived")]
[JsonDerivedType(typeof(AppRestored), "app-restored")]
[JsonDerivedType(typeof(CostReported), "cost-reported")]
[JsonDerivedType(typeof(CostAlertRaised), "cost-alert-raised")]
[JsonDerivedType(typeof(CapRaised), "cap-raised")]
[JsonDerivedType(typeof(AppSuspended), "app-suspended")]
[JsonDerivedType(typeof(AppResumed), "app-resumed")]
[JsonDerivedType(typeof(GrantOvertaken), "grant-overtaken")]
[JsonDerivedType(typeof(GraceGiven), "grace-given")]
[JsonDerivedType(typeof(GraceEnded), "grace-ended")]
[JsonDerivedType(typeof(GraceReminderDue), "grace-reminder-due")]
[JsonDerivedType(typeof(GraceMet), "grace-met")]
[JsonDerivedType(typeof(GraceTakenBack), "grace-taken-back")]
public abstract record AppEvent(DateTimeOffset At);

public sealed record AppGranted(string AppId, string RequestId, Manifest Manifest, string ManifestHash, PolicyReport Report, DateTimeOffset ExpiresAt, DateTimeOffset At) : AppEvent(At);

public sealed record AppWentLive(DateTimeOffset At) : AppEvent(At);

/// <summary>A granted change: another manifest is in force.</summary>
public sealed record AppChanged(string RequestId, string ById, Manifest Manifest, string ManifestHash, PolicyReport Report, DateTimeOffset At) : AppEvent(At);

/// <param name="DaysBefore">7, 3 or 1; the last one is the expiry notice.</param>
/// <param name="IsExpiryNotice">True for the last one: it also goes to the co-owner and the manager.</param>
public sealed record RenewalReminderDue(int DaysBefore, bool IsExpiryNotice, DateTimeOffset ExpiresAt, DateTimeOffset At) : AppEvent(At);

public sealed record AppRenewed(string RequestId, string ById, Manifest Manifest, string ManifestHash, PolicyReport Report, DateTimeOffset ExpiresAt, DateTimeOffset At) : AppEvent(At);

public sealed record AppArchived(ArchiveReason Reason, string? RequestId, string? ById, DateTimeOffset RestorableUntil, DateTimeOffset At) : AppEvent(At);

public sealed record AppRestored(string RequestId, string ById, PolicyReport Report, DateTimeOffset ExpiresAt, DateTimeOffset At) : AppEvent(At);

public sealed record CostReported(DateOnly Day, decimal AmountUsd, decimal? ForecastUsd, DateTimeOffset At) : AppEvent(At);

/// <summary>Tells of the weightiest threshold that was crossed; the others crossed with it count as told.</summary>
/// <param name="Level">50, 80, 100 or <see cref="Spend.ForecastAlert"/>.</param>
/// <param name="Crossed">All that were crossed at once, this one included.</param>
/// <param name="SuspendsAt">When a soft cap that is spent will suspend the app; null where it will not.</param>
public sealed record CostAlertRaised(
    int Level, IReadOnlyList<int> Crossed, decimal SpentUsd, decimal ForecastUsd, decimal CapUsd, DateTimeOffset? SuspendsAt, DateTimeOffset At) : AppEvent(At);

public sealed record CapRaised(string RequestId, string ById, Manifest Manifest, string ManifestHash, PolicyReport Report, DateTimeOffset At) : AppEvent(At);

public sealed record AppSuspended(SuspensionReason Reason, DateTimeOffset At) : AppEvent(At);

public sealed record AppResumed(string RequestId, string ById, DateTimeOffset At) : AppEvent(At);

/// <summary>
/// A request was granted after the app had changed: what was signed no longer fits what is in force, so nothing was done.
/// </summary>
/// <param name="ById">Who asked; they have to ask again.</param>
public sealed record GrantOvertaken(string RequestId, RequestKind Kind, string ById, DateTimeOffset At) : AppEvent(At);

/// <summary>The hard findings of these rules only speak until then, for this app.</summary>
/// <param name="Findings">What they have against it.</param>
/// <param name="Revision">Of the rules that bring them.</param>
public sealed record GraceGiven(IReadOnlyList<string> Rules, IReadOnlyList<Finding> Findings, DateTimeOffset Until, string ById, string Revision, DateTimeOffset At) : AppEvent(At);

/// <summary>From now on they count for this app too.</summary>
/// <param name="GivenBy">Who gave the time; they hear what became of it.</param>
public sealed record GraceEnded(IReadOnlyList<string> Rules, DateTimeOffset At, IReadOnlyList<string>? GivenBy = null) : AppEvent(At);

/// <param name="DaysBefore">As of a renewal: 7, 3 or 1.</param>
/// <param name="IsLast">True for the last one: it also goes to the co-owner.</param>
/// <param name="Until">Of the time that is meant: what ends together is reminded of together.</param>
public sealed record GraceReminderDue(int DaysBefore, bool IsLast, DateTimeOffset Until, DateTimeOffset At) : AppEvent(At);

/// <summary>The app was changed so that these rules, which hold by now, have nothing against it any more.</summary>
public sealed record GraceMet(IReadOnlyList<string> Rules, DateTimeOffset At) : AppEvent(At);

/// <summary>The time that was left for rules of this revision was taken back.</summary>
public sealed record GraceTakenBack(IReadOnlyList<string> Rules, string Revision, string ById, DateTimeOffset At) : AppEvent(At);
