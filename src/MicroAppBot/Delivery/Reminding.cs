using System.Globalization;
using Governance.Notices;

namespace MicroAppBot.Delivery;

/// <summary>Which notices are reminders, and which of them cannot wait. A new seat is never one: its card comes at once.</summary>
public static class Reminding
{
    public static bool IsReminder(Notice notice) => notice.Kind is NoticeKind.RenewalReminder or NoticeKind.ApprovalReminder
        // A campaign may tell one person of many apps at once; that it is over they hear when it is
        || (notice.Kind == NoticeKind.NewRule && notice.Detail.GetValueOrDefault("because") is "coming" or "soon" or "over");

    /// <summary>The last call before an app is switched off, and a request that nobody else can answer.</summary>
    public static bool IsUrgent(Notice notice) => notice.Kind switch
    {
        NoticeKind.RenewalReminder => notice.Detail.ContainsKey("last"),
        NoticeKind.ApprovalReminder => notice.Detail.ContainsKey("nobody_else"),
        _ => false,
    };

    /// <summary>After this moment it is too late to be reminded; null where it is not said.</summary>
    public static DateTimeOffset? Deadline(Notice notice) =>
        (notice.Detail.GetValueOrDefault("expires_at") ?? notice.Detail.GetValueOrDefault("lapses_at") ?? notice.Detail.GetValueOrDefault("until")) is { } told
        && DateTimeOffset.TryParse(told, CultureInfo.InvariantCulture, out var at) ? at : null;
}
