using Rego.Values;

namespace Rego.Builtins.GraphQl;

// Fields that answer under one name must be the same field with the same arguments.
internal sealed partial class GraphQlQuery
{
    private readonly Dictionary<(string, string), bool> _comparedPairs = [];
    private HashSet<string> _compared = new(StringComparer.Ordinal);

    private sealed record Conflict(RObject At, string Name, string Message);

    /// <summary>The fields of a selection by the names they answer under, and the fragments it spreads.</summary>
    private sealed class Selected
    {
        public List<string> Names { get; } = [];

        public Dictionary<string, List<RObject>> Fields { get; } = new(StringComparer.Ordinal);

        public List<string> Spreads { get; } = [];

        public bool IsSameAs(Selected other) =>
            Names.SequenceEqual(other.Names) && Names.TrueForAll(n => Fields[n].SequenceEqual(other.Fields[n], ReferenceEqualityComparer.Instance));
    }

    private void CheckOverlaps(RObject owner)
    {
        if (owner.List("SelectionSet").Count == 0) return;
        var (selected, conflicts) = (Select(owner), new List<Conflict>());
        foreach (var fields in selected.Names.Select(n => selected.Fields[n]))
        {
            for (var i = 0; i < fields.Count; i++)
            {
                for (var j = i + 1; j < fields.Count; j++) Compare(conflicts, false, fields[i], fields[j]);
            }
        }
        _compared = new(StringComparer.Ordinal);
        for (var i = 0; i < selected.Spreads.Count; i++)
        {
            WithFragment(conflicts, false, selected, selected.Spreads[i]);
            for (var j = i + 1; j < selected.Spreads.Count; j++) Fragments(conflicts, false, selected.Spreads[i], selected.Spreads[j]);
        }
        foreach (var (at, name, message) in conflicts)
        {
            Tell(at, $"Fields \"{name}\" conflict because {message}. Use different aliases on the fields to fetch both if this was intentional.");
        }
    }

    private Selected Select(RObject owner)
    {
        var selected = new Selected();
        Add(owner);
        return selected;

        void Add(RObject from)
        {
            foreach (var selection in from.List("SelectionSet"))
            {
                Step();
                if (IsInline(selection)) Add(selection);
                else if (!IsField(selection)) selected.Spreads.Add(selection.Text("Name"));
                else if (selected.Fields.TryGetValue(Answer(selection), out var fields)) fields.Add(selection);
                else
                {
                    selected.Names.Add(Answer(selection));
                    selected.Fields[Answer(selection)] = [selection];
                }
            }
        }
    }

    private static string Answer(RObject field) => field.Text("Alias") is { Length: > 0 } alias ? alias : field.Text("Name");

    private void WithFragment(List<Conflict> conflicts, bool areExclusive, Selected selected, string name)
    {
        Step();
        if (!_compared.Add(name) || !_fragments.TryGetValue(name, out var fragment)) return;
        var other = Select(fragment);
        if (selected.IsSameAs(other)) return;
        Between(conflicts, areExclusive, selected, other);
        foreach (var spread in other.Spreads.Where(s => s != name)) WithFragment(conflicts, areExclusive, selected, spread);
    }

    private void Fragments(List<Conflict> conflicts, bool areExclusive, string a, string b)
    {
        Step();
        if (a == b || (_comparedPairs.TryGetValue((a, b), out var wereExclusive) && (areExclusive || !wereExclusive))) return;
        _comparedPairs[(a, b)] = _comparedPairs[(b, a)] = areExclusive;
        if (!_fragments.TryGetValue(a, out var first) || !_fragments.TryGetValue(b, out var second)) return;
        var (inFirst, inSecond) = (Select(first), Select(second));
        Between(conflicts, areExclusive, inFirst, inSecond);
        foreach (var spread in inSecond.Spreads) Fragments(conflicts, areExclusive, a, spread);
        foreach (var spread in inFirst.Spreads) Fragments(conflicts, areExclusive, spread, b);
    }

    private void Between(List<Conflict> conflicts, bool areExclusive, Selected a, Selected b)
    {
        foreach (var name in a.Names.Where(b.Fields.ContainsKey))
        {
            foreach (var x in a.Fields[name])
            {
                foreach (var y in b.Fields[name]) Compare(conflicts, areExclusive, x, y);
            }
        }
    }

    private void Compare(List<Conflict> conflicts, bool areExclusive, RObject a, RObject b)
    {
        Step();
        var ((definition, parent), (otherDefinition, otherParent)) = (_fields.GetValueOrDefault(a), _fields.GetValueOrDefault(b));
        if (parent is null || otherParent is null) return;
        areExclusive |= parent.Name != otherParent.Name && parent.Kind == "OBJECT" && otherParent.Kind == "OBJECT" && definition is not null && otherDefinition is not null;
        if (Difference(areExclusive, a, b, definition?.Node("Type"), otherDefinition?.Node("Type")) is { } difference)
        {
            conflicts.Add(new Conflict(b, Answer(a), difference));
            return;
        }
        var below = Below(areExclusive, a, b);
        if (below.Count > 0) conflicts.Add(new Conflict(b, Answer(a), string.Join(" and ", below.Select(c => $"subfields \"{c.Name}\" conflict because {c.Message}"))));
    }

    private string? Difference(bool areExclusive, RObject a, RObject b, RObject? type, RObject? otherType)
    {
        if (!areExclusive && a.Text("Name") != b.Text("Name")) return $"\"{a.Text("Name")}\" and \"{b.Text("Name")}\" are different fields";
        if (!areExclusive && !HaveSameArguments(a, b)) return "they have differing arguments";
        return type is not null && otherType is not null && Differ(type, otherType) ? $"they return conflicting types \"{type.TypeText()}\" and \"{otherType.TypeText()}\"" : null;
    }

    private List<Conflict> Below(bool areExclusive, RObject a, RObject b)
    {
        var (conflicts, x, y) = (new List<Conflict>(), Select(a), Select(b));
        Between(conflicts, areExclusive, x, y);
        foreach (var (selected, spreads) in new[] { (x, y.Spreads), (y, x.Spreads) })
        {
            foreach (var spread in spreads)
            {
                _compared = new(StringComparer.Ordinal);
                WithFragment(conflicts, areExclusive, selected, spread);
            }
        }
        foreach (var spread in x.Spreads)
        {
            foreach (var other in y.Spreads) Fragments(conflicts, areExclusive, spread, other);
        }
        return conflicts;
    }

    private bool Differ(RObject a, RObject b)
    {
        if (a.Get("Elem") is RObject x) return b.Get("Elem") is not RObject y || Differ(x, y);
        if (b.Get("Elem") is not null || a.IsRequired() != b.IsRequired()) return true;
        return TypeNamed(a.Text("NamedType")) is { IsLeaf: true } one && TypeNamed(b.Text("NamedType")) is { IsLeaf: true } other && one.Name != other.Name;
    }

    // Lists and objects are not looked into, as with OPA.
    private static bool HaveSameArguments(RObject a, RObject b)
    {
        var (x, y) = (a.List("Arguments"), b.List("Arguments"));
        return x.Count == y.Count && x.All(p => y.Any(q => p.Text("Name") == q.Text("Name") && KindOf(p.Node("Value")) == KindOf(q.Node("Value")) && p.Node("Value").Text("Raw") == q.Node("Value").Text("Raw")));
    }
}
