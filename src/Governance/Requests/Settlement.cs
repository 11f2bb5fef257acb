using Governance.People;

namespace Governance.Requests;

/// <summary>What follows from a judgement: a rule stops it, people are asked, or it is granted.</summary>
internal static class Settlement
{
    /// <param name="file">With the report of this moment.</param>
    /// <param name="seats">As they stand; signatures for another manifest are gone already.</param>
    public static IReadOnlyList<RequestEvent> Of(RequestFile file, IReadOnlyList<Seat> seats, Facts facts)
    {
        // No rule keeps an app from being switched off
        if (!file.Report.Allow && file.Kind != RequestKind.Archive)
        {
            return [new RequestStopped(file.Report, LapsesAt(file, facts), facts.Now)];
        }

        var planned = SeatPlan.Of(file, SeatTable.Of(file, facts.Numbers), seats, facts);
        var noLonger = seats.SelectMany(SeatPlan.PeopleOf).Except(planned.SelectMany(SeatPlan.PeopleOf), StringComparer.Ordinal).ToList();
        var asking = new SeatsAsked(planned, noLonger, file.Report, LapsesAt(file, facts), facts.Now);
        if (planned.Any(s => s.Signature is null)) return [asking];

        var granted = new RequestGranted(file.Report, facts.Now);
        return seats.All(s => s.Signature is not null) ? [granted] : [asking, granted];
    }

    /// <summary>The end of a request's life, counted from now in the requester's working days.</summary>
    public static DateTimeOffset LapsesAt(RequestFile file, Facts facts) =>
        OfficeHours.AddWorkingDays(facts.Now, facts.Numbers.Requests.LapseAfterWorkingDays, facts.ZoneOf(file.RequesterId)).ToUniversalTime();
}
