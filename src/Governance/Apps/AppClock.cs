using Governance.People;
using Governance.Requests;
using Governance.Verdicts;

namespace Governance.Apps;

/// <summary>Something the clock does to an app, and when.</summary>
/// <param name="At">Not before this moment.</param>
/// <param name="Happens">What is recorded when it is done.</param>
internal sealed record AppClock(DateTimeOffset At, AppEvent Happens)
{
    /// <summary>
    /// What is ahead, and what is due now. Whoever comes late does only what matters most: after expiry nothing but
    /// the archiving counts, and of several missed reminders only the last.
    /// </summary>
    public static IReadOnlyList<AppClock> Due(MicroApp app, Facts facts)
    {
        if (!app.IsLive) return [];
        var expiry = new AppClock(app.File.ExpiresAt, new AppArchived(ArchiveReason.Expired, null, null, facts.Now.AddDays(facts.Numbers.Lifecycle.RestoreWithinDays), facts.Now));
        return expiry.At <= facts.Now ? [expiry] : [expiry, .. Countdown(app, facts), .. Reminders(app.File, facts), .. Graces(app.File, facts), .. GraceReminders(app.File, facts)];
    }

    private static IEnumerable<AppClock> Countdown(MicroApp app, Facts facts) =>
        app is MicroApp.Active { File: var file } && file.Spend is { SuspendsAt: { } at } spend
        // A countdown that reaches into the next month ends with its month: there the cap is whole again
        && Spend.MonthOf(at) == spend.Month && spend.TotalUsd >= facts.CapUsd(file.Manifest)
            ? [new AppClock(at, new AppSuspended(SuspensionReason.CapSpent, facts.Now))]
            : [];

    /// <summary>Several that are over by now end together.</summary>
    private static IEnumerable<AppClock> Graces(AppFile file, Facts facts)
    {
        if (file.Graces is not { Count: > 0 } graces) return [];
        var over = graces.Where(g => g.Until <= facts.Now).ToList();
        return over.Count > 0
            ? [new AppClock(over.Min(g => g.Until), new GraceEnded([.. over.SelectMany(g => g.Rules).Distinct(StringComparer.Ordinal)], facts.Now,
                [.. over.Where(g => g.MetAt is null).Select(g => g.ById).OfType<string>().Distinct(StringComparer.Ordinal)]))]
            : [new AppClock(graces.Min(g => g.Until), new GraceEnded([], facts.Now))];
    }

    /// <summary>Of the time for a new rule, as of a term; the news itself was the first word, so none comes with it.</summary>
    private static IEnumerable<AppClock> GraceReminders(AppFile file, Facts facts)
    {
        var days = facts.Numbers.Lifecycle.ReminderDays;
        foreach (var together in (file.Graces ?? []).Where(g => g.IsOpen(facts.Now)).GroupBy(g => g.Until))
        {
            var pending = days.Distinct()
                .Where(day => together.All(g => g.Reminded.All(sent => day < sent)))
                .Select(day => (Day: day, At: BusinessDay(file, together.Key, day, facts)))
                .Where(r => together.All(g => r.At > g.GivenAt))
                .OrderBy(r => r.Day).ToList();
            var due = pending.FindIndex(r => r.At <= facts.Now);
            foreach (var (day, at) in due < 0 ? pending : pending.Take(due + 1)) yield return new AppClock(at, new GraceReminderDue(day, day == days.Min(), together.Key, facts.Now));
        }
    }

    private static List<AppClock> Reminders(AppFile file, Facts facts)
    {
        var days = facts.Numbers.Lifecycle.ReminderDays;
        if (days.Count == 0) return [];
        var last = days.Min();
        var pending = days.Distinct()
            .Where(day => file.RemindersSent.All(sent => day < sent))
            .Select(day => (Day: day, At: BusinessDay(file, file.ExpiresAt, day, facts)))
            // In a short term the early ones would be over before it begins; the last is never left out
            .Where(r => r.At >= file.TermFrom || r.Day == last)
            .Select(r => (r.Day, At: r.At >= file.TermFrom ? r.At : file.TermFrom))
            .OrderBy(r => r.Day).ToList();
        var due = pending.FindIndex(r => r.At <= facts.Now);
        return (due < 0 ? pending : pending.Take(due + 1))
            .Select(r => new AppClock(r.At, new RenewalReminderDue(r.Day, r.Day == last, file.ExpiresAt, facts.Now))).ToList();
    }

    // Somebody who is gone is not reminded; then it is the co-owner's day that counts
    private static DateTimeOffset BusinessDay(AppFile file, DateTimeOffset end, int daysBefore, Facts facts)
    {
        var app = file.Manifest.App;
        var zone = facts.ZoneOf(app.Owner is { } owner && facts.People.ContainsKey(owner) ? owner : app.CoOwner);
        return OfficeHours.MoveEarlier(end.AddDays(-daysBefore), zone).ToUniversalTime();
    }
}
