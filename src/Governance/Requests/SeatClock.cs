using Governance.People;

namespace Governance.Requests;

/// <summary>What the clock does next about an open seat: remind, ask the next person, or remind once more where there is none.</summary>
/// <param name="At">Not before this moment.</param>
/// <param name="Happens">What is recorded when it is done.</param>
internal sealed record SeatClock(DateTimeOffset At, RequestEvent Happens)
{
    /// <summary>Null when the clock has nothing left to do about this seat.</summary>
    public static SeatClock? Next(RequestFile file, IReadOnlyList<Seat> seats, Seat seat, Facts facts)
    {
        if (seat.Signature is not null) return null;
        var next = SeatPlan.NextFor(file, seats, seat, facts);
        if (seat.AskedId is not { } asked || Standing.WhyNotSeat(asked, seat, file, seats, facts) is not null)
        {
            return next is null ? null : new SeatClock(seat.AskedAt, Ask(next));
        }

        var (sla, escalation) = Deadlines(file, seat, facts);
        return seat.RemindedAt switch
        {
            // Whoever comes late does only what is most urgent
            null when facts.Now < escalation => new SeatClock(sla, Remind(nobodyElse: false)),
            _ when next is not null => new SeatClock(escalation, Ask(next)),
            { } reminded when reminded >= escalation => null,
            _ => new SeatClock(escalation, Remind(nobodyElse: true)),
        };

        SeatEscalated Ask(string toId) => new(seat.Role, seat.AskedId, toId, facts.Now);
        SeatReminded Remind(bool nobodyElse) => new(seat.Role, seat.AskedId!, nobodyElse, facts.Now);
    }

    /// <summary>When the person asked is reminded, and when the role's next person is asked: business hours of the person asked.</summary>
    public static (DateTimeOffset Reminder, DateTimeOffset Escalation) Deadlines(RequestFile file, Seat seat, Facts facts)
    {
        var zone = facts.ZoneOf(seat.AskedId);
        var sla = TimeSpan.FromHours(facts.Numbers.Requests.SlaBusinessHours[file.Report.Risk.Tier]);
        return (
            OfficeHours.Add(seat.AskedAt, sla, zone).ToUniversalTime(),
            OfficeHours.Add(seat.AskedAt, sla * facts.Numbers.Requests.EscalateAfterSlas, zone).ToUniversalTime());
    }
}
