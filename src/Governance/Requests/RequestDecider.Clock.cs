namespace Governance.Requests;

public static partial class RequestDecider
{
    private static Decision<RequestEvent> OnTick(Request request, Facts facts)
    {
        if (LapsesAt(request) <= facts.Now) return Happen(new RequestLapsed(facts.Now));

        var events = new List<RequestEvent>();
        for (var i = 0; request is Request.AwaitingApproval awaiting && i < awaiting.Seats.Count; i++)
        {
            // Each on the state that the one before left: two seats must not be given to the same next person
            if (SeatClock.Next(awaiting.File, awaiting.Seats, awaiting.Seats[i], facts) is not { } due || due.At > facts.Now) continue;
            events.Add(due.Happens);
            request = Evolve(request, due.Happens);
        }

        return Happen(events);
    }

    /// <summary>The next moment at which <see cref="RequestCommand.Tick"/> does something; null for never.</summary>
    public static DateTimeOffset? NextTick(Request request, Facts facts)
    {
        var seats = request is Request.AwaitingApproval awaiting
            ? awaiting.Seats.Select(seat => SeatClock.Next(awaiting.File, awaiting.Seats, seat, facts)?.At)
            : [];
        return seats.Append(LapsesAt(request)).Min();
    }

    private static DateTimeOffset? LapsesAt(Request request) => request switch
    {
        Request.Stopped stopped => stopped.LapsesAt,
        Request.AwaitingApproval awaiting => awaiting.LapsesAt,
        Request.ChangesRequested changes => changes.LapsesAt,
        _ => null,
    };
}
