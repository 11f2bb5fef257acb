using System.Diagnostics;
using Governance.Apps;
using Governance.Requests;
using Governance.Verdicts;

namespace Governance.Notices;

public static partial class NoticesOf
{
    /// <summary>
    /// Details: <c>days_before</c>, <c>expires_at</c>, <c>restorable_until</c>, <c>suspends_at</c> (ISO 8601), <c>level</c> (50, 80, 100 or <c>forecast</c>),
    /// <c>spent_usd</c>, <c>forecast_usd</c>, <c>cap_usd</c>, <c>because</c>, <c>by</c> (person id), of a new rule <c>until</c>, <c>change</c> (a line for each thing), <c>revision</c>.
    /// </summary>
    /// <param name="after">The state after the event.</param>
    public static IReadOnlyList<Notice> App(AppEvent happened, MicroApp after, Facts facts)
    {
        var file = after.File;
        return [.. Redrawn(happened, file, facts), .. Told(happened, after, facts)];
    }

    /// <summary>Before what is told of it: a card that comes with the news is not drawn again. Daily figures and reminders change no button.</summary>
    private static IEnumerable<Notice> Redrawn(AppEvent happened, AppFile file, Facts facts)
    {
        (string Because, string? By)? what = happened switch
        {
            AppWentLive => ("live", null),
            AppChanged e => ("changed", e.ById),
            AppRenewed e => ("renewed", e.ById),
            AppArchived e => (e.Reason == ArchiveReason.Expired ? "expired" : "archived", e.ById),
            AppRestored e => ("restored", e.ById),
            CapRaised e => ("cap-raised", e.ById),
            AppSuspended => ("suspended", null),
            AppResumed e => ("resumed", e.ById),
            _ => null,
        };
        return what is not var (because, by) ? [] : Owners(file, facts, withManager: true, withCoOwner: true)
            .Select(id => Tell(id, NoticeKind.AppCardsChanged, null, file.Id, ("because", because), ("by", by)));
    }

    private static IReadOnlyList<Notice> Told(AppEvent happened, MicroApp after, Facts facts)
    {
        var file = after.File;
        return happened switch
        {
            AppGranted or AppChanged or CostReported => [],
            AppWentLive => ToOwners(NoticeKind.AppLive, null),
            RenewalReminderDue e => [.. Owners(file, facts, withManager: e.IsExpiryNotice, withCoOwner: e.IsExpiryNotice)
                .Select(id => About(id, NoticeKind.RenewalReminder, ("days_before", Plain(e.DaysBefore)), ("last", e.IsExpiryNotice ? "true" : null), ("expires_at", Iso(e.ExpiresAt))))],
            AppRenewed e => ToOwners(NoticeKind.AppRenewed, e.ById, ("expires_at", Iso(e.ExpiresAt)), ("by", e.ById)),
            // Where the notice never went out (nothing ran that day), the manager hears of it now
            AppArchived { Reason: ArchiveReason.Expired } e => [.. Owners(file, facts, withManager: !NoticeWasGiven(file, facts), withCoOwner: true)
                .Select(id => About(id, NoticeKind.AppExpired, ("restorable_until", Iso(e.RestorableUntil))))],
            AppArchived e => ToOwners(NoticeKind.AppArchived, e.ById, ("restorable_until", Iso(e.RestorableUntil)), ("by", e.ById)),
            AppRestored e => ToOwners(NoticeKind.AppRestored, e.ById, ("expires_at", Iso(e.ExpiresAt)), ("by", e.ById)),
            // Being suspended says all that the alert would say
            CostAlertRaised e => after is MicroApp.Suspended ? [] : [.. Owners(file, facts, withManager: false, withCoOwner: e.Level is 100 or Spend.ForecastAlert)
                .Select(id => About(id, NoticeKind.CostAlert,
                    ("level", e.Level == Spend.ForecastAlert ? "forecast" : Plain(e.Level)), ("spent_usd", Plain(e.SpentUsd)), ("forecast_usd", Plain(e.ForecastUsd)),
                    ("cap_usd", Plain(e.CapUsd)), ("suspends_at", e.SuspendsAt is { } at ? Iso(at) : null)))],
            CapRaised e => ToOwners(NoticeKind.CapRaised, e.ById, ("by", e.ById), ("cap_usd", Plain(facts.CapUsd(e.Manifest)))),
            AppSuspended e => ToOwners(NoticeKind.AppSuspended, null, ("because", e.Reason == SuspensionReason.CapSpent ? "cap-spent" : "forecast-over-hard-cap")),
            GraceGiven e => ToOwners(NoticeKind.NewRule, null, ("because", "coming"), ("until", Iso(e.Until)), ("by", e.ById), ("change", Changes(e.Findings)), ("revision", e.Revision)),
            // Whoever gave the time hears what became of it
            GraceEnded e => [.. ToOwners(NoticeKind.NewRule, null, ("because", "counts")), .. (e.GivenBy ?? []).Reachable(facts).Select(id => About(id, NoticeKind.NewRule, ("because", "over")))],
            GraceReminderDue e => Reminder(e, [.. (file.Graces ?? []).Where(g => g.Until == e.Until && g.MetAt is null)]),
            GraceMet e => ToOwners(NoticeKind.NewRule, null, ("because", "met")),
            GraceTakenBack e => ToOwners(NoticeKind.NewRule, null, ("because", "taken-back"), ("by", e.ById)),
            AppResumed e => ToOwners(NoticeKind.AppResumed, e.ById, ("by", e.ById)),
            GrantOvertaken e => [.. new[] { e.ById }.Reachable(facts).Select(id => Tell(id, NoticeKind.RequestProgress, e.RequestId, file.Id, ("because", "overtaken"), ("kind", e.Kind.Word())))],
            _ => throw new UnreachableException(),
        };

        IReadOnlyList<Notice> Reminder(GraceReminderDue e, IReadOnlyList<Grace> graces) => [.. Owners(file, facts, withManager: false, withCoOwner: e.IsLast)
            .Select(id => About(id, NoticeKind.NewRule, ("because", "soon"), ("until", Iso(e.Until)), ("last", e.IsLast ? "true" : null), ("change", Changes(graces.SelectMany(g => g.Findings))), ("revision", graces.Count > 0 ? graces[^1].Revision : null)))];

        IReadOnlyList<Notice> ToOwners(NoticeKind kind, string? doneBy, params (string, string?)[] detail) =>
            [.. Owners(file, facts, withManager: false, withCoOwner: true).Where(id => id != doneBy).Select(id => About(id, kind, detail))];

        Notice About(string toId, NoticeKind kind, params ReadOnlySpan<(string, string?)> detail) => Tell(toId, kind, null, file.Id, detail);
    }

    /// <summary>The owner; the co-owner also where it matters to both, and always where the owner is gone, with the co-owner's manager then.</summary>
    private static IEnumerable<string> Owners(AppFile file, Facts facts, bool withManager, bool withCoOwner)
    {
        var app = file.Manifest.App;
        var owner = Here(app.Owner);
        var coOwner = Here(app.CoOwner);
        string?[] people =
        [
            owner,
            withCoOwner || owner is null ? coOwner : null,
            withManager || owner is null ? ManagerOf(owner ?? coOwner) : null,
        ];
        return people.Reachable(facts);

        string? Here(string? id) => id is not null && facts.IsHere(id) ? id : null;
        string? ManagerOf(string? id) => id is null ? null : facts.People.GetValueOrDefault(id)?.Manager;
    }

    private static string Changes(IEnumerable<Finding> findings) => string.Join('\n', findings.Select(f => $"{f.Message} {f.Fix}".Trim()).Distinct(StringComparer.Ordinal));

    private static bool NoticeWasGiven(AppFile file, Facts facts) =>
        facts.Numbers.Lifecycle.ReminderDays.Count == 0 || file.RemindersSent.Contains(facts.Numbers.Lifecycle.ReminderDays.Min());
}
