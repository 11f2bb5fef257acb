namespace MicroAppBot.Desk;

/// <summary>Rings when something of somebody's has changed, for whoever shows it all the time. Nothing is lost with a ring but time.</summary>
public sealed class PeopleBell
{
    /// <summary>Heard after the commit, with the ids of the people; must be quick.</summary>
    public event Action<IReadOnlyCollection<string>>? Rang;

    internal void Ring(IEnumerable<string> personIds)
    {
        if (Rang is { } heard && personIds.ToHashSet(StringComparer.Ordinal) is { Count: > 0 } people) heard(people);
    }
}
