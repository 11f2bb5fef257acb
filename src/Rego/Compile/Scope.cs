namespace Rego.Compile;

internal enum Occurrence
{
    New,
    Argument,
    Seen,
    Assigned,
    Declared,
}

/// <summary>The local names of one body, and those of the bodies around it.</summary>
internal sealed class Scope(Scope? parent, HashSet<string> ahead)
{
    private readonly Dictionary<string, (string Unique, Occurrence How)> _names = [];

    public Scope? Parent { get; } = parent;

    /// <summary>Names this body declares somewhere: they hide rules and imports in all of it.</summary>
    public HashSet<string> Ahead { get; } = ahead;

    public Dictionary<string, Syntax.Location> Unused { get; } = [];

    /// <summary>Assigned and not read so far; only strict mode minds.</summary>
    public Dictionary<string, Syntax.Location> UnusedAssigned { get; } = [];

    /// <summary>Arguments that were read, in this scope or one inside it.</summary>
    public HashSet<string> UsedArguments { get; } = [];

    public Occurrence How(string name) => _names.TryGetValue(name, out var entry) ? entry.How : Occurrence.New;

    public void Declare(string name, string unique, Occurrence how) => _names[name] = (unique, how);

    public void MarkSeen(string name)
    {
        if (!_names.ContainsKey(name)) _names[name] = (name, Occurrence.Seen);
    }

    public string? Find(string name)
    {
        for (var scope = this; scope is not null; scope = scope.Parent)
        {
            if (scope._names.TryGetValue(name, out var entry) && entry.How != Occurrence.Seen)
            {
                scope.Unused.Remove(name);
                scope.UnusedAssigned.Remove(name);
                if (entry.How == Occurrence.Argument) scope.UsedArguments.Add(name);
                return entry.Unique;
            }
        }
        return null;
    }

    public bool IsDeclaredAhead(string name)
    {
        for (var scope = this; scope is not null; scope = scope.Parent)
        {
            if (scope.Ahead.Contains(name)) return true;
        }
        return false;
    }
}
