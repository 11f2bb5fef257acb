using Governance.People;

namespace Governance.Requests;

/// <summary>What a person may do on a request that awaits approval.</summary>
internal abstract record Standing
{
    private Standing() { }

    /// <summary>May answer for this seat: is asked for it, or holds its role and has no other seat.</summary>
    public sealed record MayAnswer(Seat Seat) : Standing;

    /// <summary>Has signed the manifest as it is.</summary>
    public sealed record HasSigned(Seat Seat) : Standing;

    public sealed record MayNot(string Code, string Words) : Standing;

    public static Standing Of(string personId, RequestFile file, IReadOnlyList<Seat> seats, Facts facts)
    {
        if (seats.FirstOrDefault(s => s.Signature?.PersonId == personId) is { } signed) return new HasSigned(signed);
        if (SeatPlan.Barred(file).Contains(personId)) return new MayNot(RefusalCode.OwnRequest, WhyBarred(personId, file));

        var person = facts.People[personId];
        if (person.Outside is { } outside) return new MayNot(RefusalCode.Outsider, OutsiderWords.WhyNot(outside));
        if (seats.FirstOrDefault(s => s.Signature is null && s.AskedId == personId) is { } asked)
        {
            return person.Has(asked.Role)
                ? new MayAnswer(asked)
                : new MayNot(RefusalCode.NotYourSeat, $"You do not have the role “{Role.Title(asked.Role)}” any more, so I cannot take this from you. Somebody else will be asked.");
        }

        return seats.FirstOrDefault(s => s.Signature is null && person.Has(s.Role)) is { } open
            ? new MayAnswer(open)
            : new MayNot(RefusalCode.NotYourSeat, WhoseTurn(seats, facts));
    }

    /// <summary>Why somebody cannot be given a seat; null when they can.</summary>
    public static string? WhyNotSeat(string personId, Seat seat, RequestFile file, IReadOnlyList<Seat> seats, Facts facts)
    {
        if (!facts.People.TryGetValue(personId, out var person)) return "I cannot find that person in the people directory. Please pick somebody else.";
        if (!person.Has(seat.Role)) return $"{person.Name} does not have the role “{Role.Title(seat.Role)}”. Please pick somebody who has.";
        if (SeatPlan.Barred(file).Contains(personId)) return $"{person.Name} asked for this or owns it, and so cannot decide on it. Please pick somebody else.";
        return seats.Where(s => !ReferenceEquals(s, seat)).SelectMany(SeatPlan.Occupants).Contains(personId)
            ? $"{person.Name} has another seat on this request already, and one person fills one seat. Please pick somebody else."
            : null;
    }

    private static string WhyBarred(string personId, RequestFile file) =>
        personId == file.RequesterId
            ? "You asked for this yourself, so somebody else decides on it. I will tell you as soon as they do."
            : "You are named as an owner of this app, so somebody else decides on it. You will hear the outcome.";

    private static string WhoseTurn(IReadOnlyList<Seat> seats, Facts facts)
    {
        var open = seats.Where(s => s.Signature is null).Select(s => s.AskedId is { } asked
            ? $"{facts.NameOf(asked)} ({Role.Title(s.Role)})"
            : $"{Role.InASentence(s.Role)} (nobody is named yet)").ToList();
        return $"Thank you, but you have no seat on this request. It waits for {InWords.List(open)}.";
    }
}
