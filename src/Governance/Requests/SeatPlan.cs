using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Governance.People;

namespace Governance.Requests;

/// <summary>
/// Who is asked for which seat: holders in the app's department first, then any; never who asks or owns; nobody twice;
/// and so that every seat finds somebody wherever that is possible at all.
/// </summary>
internal static class SeatPlan
{
    /// <summary>Signatures that still cover what is wanted are kept; for the rest people are asked now.</summary>
    public static IReadOnlyList<Seat> Of(RequestFile file, IReadOnlyList<SeatTable.Wanted> wanted, IReadOnlyList<Seat> seats, Facts facts)
    {
        var signed = seats.Where(s => s.Signature is not null).ToList();
        var kept = new Seat?[wanted.Count];
        for (var i = 0; i < wanted.Count; i++)
        {
            // A signature without a reason waives nothing: a finding that came since is asked about again
            kept[i] = signed.Find(s => s.Role == wanted[i].Role && wanted[i].Waives.All(s.Waives.Contains));
            if (kept[i] is { } seat) signed.Remove(seat);
        }

        var barred = Barred(file);
        var taken = kept.OfType<Seat>().Select(s => s.Signature!.PersonId).ToHashSet(StringComparer.Ordinal);
        var open = Enumerable.Range(0, wanted.Count).Where(i => kept[i] is null).ToList();
        var candidates = open.ConvertAll(i =>
        {
            var before = seats.Where(s => s.Role == wanted[i].Role).SelectMany(Occupants).ToHashSet(StringComparer.Ordinal);
            return InOrder(file, wanted[i].Role, facts).Where(p => !barred.Contains(p.Id) && !taken.Contains(p.Id)).OrderBy(p => before.Contains(p.Id) ? 0 : 1).ToList();
        });
        var asked = Match(file, candidates);
        for (var n = 0; n < open.Count; n++)
        {
            kept[open[n]] = new Seat(wanted[open[n]].Role, asked[n], facts.Now, null, wanted[open[n]].Waives, null, []);
        }

        var stillWanted = wanted.Select(w => w.Role).ToHashSet(StringComparer.Ordinal);
        return [.. kept.OfType<Seat>(), .. signed.Where(s => !stillWanted.Contains(s.Role))];
    }

    /// <summary>The role's next person for a seat; null when there is nobody else to ask.</summary>
    public static string? NextFor(RequestFile file, IReadOnlyList<Seat> seats, Seat seat, Facts facts)
    {
        var barred = Barred(file);
        barred.UnionWith(seats.Where(s => !ReferenceEquals(s, seat)).SelectMany(Occupants));
        barred.UnionWith(seat.EscalatedFrom);
        return InOrder(file, seat.Role, facts).FirstOrDefault(p => p.Id != seat.AskedId && !barred.Contains(p.Id))?.Id;
    }

    /// <summary>Who may fill no seat of this request: requester, builder, owners and co-owners, of before and after.</summary>
    public static HashSet<string> Barred(RequestFile file)
    {
        string?[] people =
        [
            file.RequesterId, file.OnBehalfOf,
            file.Manifest.App.Owner, file.Manifest.App.CoOwner,
            file.Before?.App.Owner, file.Before?.App.CoOwner,
        ];
        return people.OfType<string>().ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Who holds a seat now: the one who signed, else the one who is asked.</summary>
    public static IEnumerable<string> Occupants(Seat seat) => seat.Signature is { } signature ? [signature.PersonId] : seat.AskedId is { } asked ? [asked] : [];

    /// <summary>Everybody who ever had to do with a seat, and so may have a card of it.</summary>
    public static IEnumerable<string> PeopleOf(Seat seat) =>
        seat.EscalatedFrom.Append(seat.AskedId).Append(seat.Signature?.PersonId).OfType<string>().Distinct(StringComparer.Ordinal);

    // Inside a department chance decides, but the same chance each time: work is spread evenly over requests, and a decision can be repeated
    public static IEnumerable<Person> InOrder(RequestFile file, string role, Facts facts) => facts.People.Values
        .Where(p => p.IsInDirectory && p.Has(role))
        .OrderBy(p => p.Department == file.Manifest.App.Department ? 0 : 1)
        .ThenBy(p => Lot(file.Id, role, p.Id))
        .ThenBy(p => p.Id, StringComparer.Ordinal);

    private static ulong Lot(string requestId, string role, string personId) =>
        BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{requestId}\n{role}\n{personId}")));

    /// <summary>Seats to people, one each, as many seats as possible (augmenting paths); the department's own people are tried for all seats first.</summary>
    private static string?[] Match(RequestFile file, List<List<Person>> candidates)
    {
        var seatOf = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var ownOnly in (bool[])[true, false])
        {
            for (var seat = 0; seat < candidates.Count; seat++)
            {
                if (!seatOf.ContainsValue(seat)) Seats(seat, ownOnly, []);
            }
        }

        var asked = new string?[candidates.Count];
        foreach (var (person, seat) in seatOf) asked[seat] = person;
        return asked;

        bool Seats(int seat, bool ownOnly, HashSet<string> tried)
        {
            foreach (var person in candidates[seat].Where(p => !ownOnly || p.Department == file.Manifest.App.Department))
            {
                if (tried.Add(person.Id) && (!seatOf.TryGetValue(person.Id, out var holds) || Seats(holds, ownOnly, tried)))
                {
                    seatOf[person.Id] = seat;
                    return true;
                }
            }
            return false;
        }
    }
}
