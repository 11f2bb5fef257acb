using System.Text.Json.Serialization;

namespace Governance.Notices;

/// <summary>Who must be told what, in no channel's words. The card is drawn when it is sent, from what is true then.</summary>
/// <param name="ToId">Person id.</param>
/// <param name="Kind">What about.</param>
/// <param name="RequestId">The request it is about, if one.</param>
/// <param name="AppId">The app it is about, if one.</param>
/// <param name="Detail">Small facts of this notice which no snapshot keeps (e.g. <c>days_before</c>, <c>level</c>, <c>because</c>).</param>
public sealed record Notice(string ToId, NoticeKind Kind, string? RequestId, string? AppId, IReadOnlyDictionary<string, string> Detail);

[JsonConverter(typeof(JsonStringEnumConverter<NoticeKind>))]
public enum NoticeKind
{
    /// <summary>To the person asked for a seat: the approval card. Repeated once under the same id after an unknown outcome.</summary>
    ApprovalWanted,
    /// <summary>To everybody who has a card of this request: it is drawn again, in place.</summary>
    RequestCardsChanged,
    /// <summary>To an app's people: what happened to it, and the last of their cards about it that have buttons are drawn again, in place.</summary>
    AppCardsChanged,
    /// <summary>To the requester: one more approval, changes asked, rejected, granted, lapsed, stopped at the last signature.</summary>
    RequestProgress,
    ApprovalReminder,
    ApprovalEscalated,
    /// <summary>To approvers who were asked and had not answered: no answer is needed any more (withdrawn, lapsed, superseded, rejected by another).</summary>
    ApprovalNoLongerWanted,
    AppLive,
    RenewalReminder,
    AppRenewed,
    AppExpired,
    AppArchived,
    AppRestored,
    CostAlert,
    AppSuspended,
    AppResumed,
    CapRaised,
    /// <summary>
    /// About a new rule that an app does not fit. To its owners, <c>because</c>: <c>coming</c> (with what to change), <c>soon</c> (a reminder), <c>counts</c> (the time
    /// is over), <c>met</c> (it fits now), <c>taken-back</c> (no time any more). To whoever gave the time: <c>over</c>.
    /// </summary>
    NewRule,
}
