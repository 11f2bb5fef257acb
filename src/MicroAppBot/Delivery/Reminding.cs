using System.Globalization;
using Governance.Notices;

namespace MicroAppBot.Delivery;

/// <summary>Which notices are reminders, and which of them cannot wait. A new seat is never one: its card comes at once.</summary>
public static class Reminding
{
    public static bool IsReminder(Notice notice) => notice.Kind is NoticeKind.RenewalReminder or NoticeKind.ApprovalReminder;

    /// <summary>The last call before an app is switched off, and a request that nobody else can answer.</summary>
    public static bool IsUrgent(Notice notice) => notice.Kind switch
    {
        NoticeKind.RenewalReminder => notice.Detail.ContainsKey("last"),
        NoticeKind.ApprovalReminder => notice.Detail.ContainsKey("nobody_else"),
        _ => false,
    };

    /// <summary>After this moment it is too late to be reminded; null where it is not said.</summary>
    public static DateTimeOffset? Deadline(Notice notice) =>
        (notice.Detail.GetValueOrDefault("expires_at") ?? notice.Detail.GetValueOrDefault("lapses_at")) is { } told
        && DateTimeOffset.TryParse(told, CultureInfo.InvariantCulture, out var at) ? at : null;
}
