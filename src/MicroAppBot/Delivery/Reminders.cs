using Governance.Notices;
using Governance.People;
using MicroAppBot.Desk;

namespace MicroAppBot.Delivery;

/// <summary>What to do with a reminder whose time has come.</summary>
public abstract record ReminderPlan
{
    private ReminderPlan() { }

    /// <summary>Send a card of its own, with all that is due.</summary>
    /// <param name="Messages">The reminder and whatever else is due, the most urgent first.</param>
    public sealed record Send(IReadOnlyList<OutboxMessage> Messages) : ReminderPlan;

    /// <summary>Add it to today's card, which nobody has looked at yet: nobody is disturbed a second time.</summary>
    /// <param name="Card">The card as it stands.</param>
    /// <param name="Else">If that card cannot be drawn any more: when to remind instead.</param>
    public sealed record Grow(SentCard Card, IReadOnlyList<OutboxMessage> Messages, DateTimeOffset Else) : ReminderPlan;

    /// <summary>Today's reminders are read: it comes with tomorrow's.</summary>
    public sealed record PutOff(DateTimeOffset Until) : ReminderPlan;
}

/// <summary>
/// One digest and one urgent reminder per person and day, on the wall clock of whoever reads them. What comes later on the day
/// joins today's card as long as it is unread, and else waits for the next working morning, unless that would be too late: that
/// nobody is surprised goes before that nobody is disturbed.
/// </summary>
public sealed class Reminders(IStore store, GovernanceClock clock)
{
    /// <summary>Cards on which a reminder may still be added; one that turned into an outcome is left alone.</summary>
    private static readonly string[] CanGrow = ["digest", "renewal-reminder", "approval-reminder"];

    private const int MostCardsADay = 200;

    /// <param name="message">A reminder.</param>
    public async ValueTask<ReminderPlan> PlanAsync(OutboxMessage message, Recipient to, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var due = (await store.MessagesForAsync(message.ToId, cancel))
            .Where(m => m.Id == message.Id || (m.NotBefore <= now && NoticeOf(m) is { } other && Reminding.IsReminder(other)))
            .OrderByDescending(m => Reminding.IsUrgent(NoticeOf(m)!)).ThenBy(m => m.Sequence).ToList();
        var isUrgent = due.Any(m => Reminding.IsUrgent(NoticeOf(m)!));
        // Somebody's manager gets their reminders beside their own: counted apart
        var today = (await store.CardsOfAsync(to.Contact.PersonId, StartOfDay(now, to.Reader.Zone), MostCardsADay, cancel))
            .Where(c => c.Id != message.Id && c.Told is { Count: > 0 } told && told.All(Reminding.IsReminder) && told[0].ToId == message.ToId).ToList();
        var sameSlot = today.Where(c => c.Told!.Any(Reminding.IsUrgent) == isUrgent).ToList();
        if (sameSlot.Count == 0) return new ReminderPlan.Send(due);

        // A day has 25 hours at most, and one o'clock in the morning is in nobody's business hours
        var until = OfficeHours.MoveLater(StartOfDay(now, to.Reader.Zone).AddHours(25), to.Reader.Zone);
        if (sameSlot.Find(c => c is { ActedAt: null, SeenAt: null, ChannelMessageId: not null } && CanGrow.Contains(c.CardName)) is { } unread)
        {
            return new ReminderPlan.Grow(unread, due, until);
        }
        return TooLateBy(until, message) ? new ReminderPlan.Send(due) : new ReminderPlan.PutOff(until);
    }

    public static Notice? NoticeOf(OutboxMessage message) => (message.Body as OutboxBody.Tell)?.Notice;

    public static bool TooLateBy(DateTimeOffset until, OutboxMessage message) => Reminding.Deadline(NoticeOf(message)!) <= until;

    private static DateTimeOffset StartOfDay(DateTimeOffset at, TimeZoneInfo zone)
    {
        var day = TimeZoneInfo.ConvertTime(at, zone).Date;
        return new DateTimeOffset(day, zone.GetUtcOffset(day));
    }
}
