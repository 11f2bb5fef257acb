using Rego.Values;

namespace Rego.Builtins.GraphQl;

// What is asked of operations, fragments, fields and directives, each in the order in which OPA asks.
internal sealed partial class GraphQlQuery
{
    private const int MaxIntrospectedLists = 3;

    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private readonly HashSet<string> _spread = new(StringComparer.Ordinal);
    private readonly HashSet<string> _searched = new(StringComparer.Ordinal);
    private readonly HashSet<string> _operationNames = new(StringComparer.Ordinal);
    private readonly HashSet<string> _fragmentNames = new(StringComparer.Ordinal);
    private readonly HashSet<(string, int, int)> _misplaced = [];
    private bool _isPastFirstFragment;

    private void OnOperation(RObject operation, string kind, GraphQlType? root)
    {
        var name = operation.Text("Name");
        if (root is null) Tell(operation, $"Schema does not support operation type \"{operation.Text("Operation")}\"");
        if (name.Length == 0 && _operations.Count > 1) Tell(operation, "This anonymous operation must be the only defined operation.");
        foreach (var variable in _variables.Where(v => !_used.Contains(v.Text("Variable"))))
        {
            Tell(variable, $"Variable \"${variable.Text("Variable")}\" is never used{(name.Length > 0 ? $" in operation \"{name}\"" : "")}.");
        }
        CheckOverlaps(operation);
        if (kind == "subscription" && root is not null) CheckSubscription(operation, name);
        if (!_operationNames.Add(name)) Tell(operation, $"There can be only one operation named \"{name}\".");
        Twice(_variables, "Variable", variable => $"There can be only one variable named \"${variable}\".");
        foreach (var variable in _variables.Where(v => TypeNamed(v.Node("Type").TypeName()) is { IsInput: false }))
        {
            Tell(variable, $"Variable \"${variable.Text("Variable")}\" cannot be non-input type \"{variable.Node("Type").TypeText()}\".");
        }
    }

    private void CheckSubscription(RObject operation, string name)
    {
        var called = name.Length > 0 ? $"Subscription {GoFormat.Quote(name)}" : "Anonymous Subscription";
        var (fields, seen) = (new List<RObject>(), new HashSet<string>(StringComparer.Ordinal));
        Collect(operation);
        var unique = fields.DistinctBy(f => f.Text("Name")).ToList();
        if (unique.Count > 1) Tell(unique[1], $"{called} must select only one top level field.");
        foreach (var field in unique.Where(f => f.Text("Name").StartsWith("__", StringComparison.Ordinal))) Tell(field, $"{called} must not select an introspection top level field.");

        void Collect(RObject owner)
        {
            foreach (var selection in owner.List("SelectionSet"))
            {
                Step();
                if (IsField(selection)) fields.Add(selection);
                else if (IsInline(selection)) Collect(selection);
                else if (!_fragments.TryGetValue(selection.Text("Name"), out var fragment)) return;
                else if (seen.Add(fragment.Text("Name"))) Collect(fragment);
            }
        }
    }

    private void OnFragment(RObject fragment, GraphQlType? type)
    {
        var (name, on) = (fragment.Text("Name"), fragment.Text("TypeCondition"));
        if (type is { IsComposite: false }) Tell(fragment, $"Fragment \"{name}\" cannot condition on non composite type \"{on}\".");
        if (type is null) Tell(fragment, $"Unknown type \"{on}\".{_suggestions.Near("Did you mean", on, _schema.Types.Keys.Order(StringComparer.Ordinal))}");
        FindCycles(fragment, [], new(StringComparer.Ordinal));
        // What the first fragment spreads counts as used, as with OPA.
        _isPastFirstFragment = true;
        if (!_spread.Contains(name)) Tell(fragment, $"Fragment \"{name}\" is never used.");
        CheckOverlaps(fragment);
        if (!_fragmentNames.Add(name)) Tell(fragment, $"There can be only one fragment named \"{name}\".");
    }

    private void FindCycles(RObject fragment, List<string> path, Dictionary<string, int> depths)
    {
        var name = fragment.Text("Name");
        Step();
        if (!_searched.Add(name)) return;
        depths[name] = path.Count;
        foreach (var spread in SpreadsIn(fragment))
        {
            var next = spread.Text("Name");
            path.Add(next);
            if (depths.TryGetValue(next, out var depth))
            {
                var between = string.Join(", ", path[depth..^1].Select(p => $"\"{p}\""));
                Tell(spread, $"Cannot spread fragment \"{next}\" within itself{(between.Length > 0 ? $" via {between}" : "")}.");
            }
            else if (_fragments.TryGetValue(next, out var known))
            {
                FindCycles(known, path, depths);
            }
            path.RemoveAt(path.Count - 1);
        }
        depths.Remove(name);
    }

    private List<RObject> SpreadsIn(RObject owner)
    {
        var spreads = new List<RObject>();
        var open = new Stack<RObject>([owner]);
        while (open.TryPop(out var next))
        {
            foreach (var selection in next.List("SelectionSet"))
            {
                Step();
                if (IsField(selection) || IsInline(selection)) open.Push(selection);
                else spreads.Add(selection);
            }
        }
        return spreads;
    }

    private void OnInline(RObject fragment, GraphQlType? parent)
    {
        var on = fragment.Text("TypeCondition");
        var type = TypeNamed(on);
        if (type is { IsComposite: false }) Tell(fragment, $"Fragment cannot condition on non composite type \"{on}\".");
        if (on.Length > 0 && type is null) Tell(fragment, $"Unknown type \"{on}\".");
        CheckOverlaps(fragment);
        if (!CanBe(parent, type)) Tell(fragment, $"Fragment cannot be spread here as objects of type \"{parent!.Name}\" can never be of type \"{on}\".");
    }

    private void OnSpread(RObject spread, RObject? fragment, GraphQlType? parent)
    {
        var name = spread.Text("Name");
        if (fragment is null) Tell(spread, $"Unknown fragment \"{name}\".");
        if (!_isPastFirstFragment) _spread.Add(name);
        var on = fragment?.Text("TypeCondition") ?? "";
        if (!CanBe(parent, TypeNamed(on))) Tell(spread, $"Fragment \"{name}\" cannot be spread here as objects of type \"{parent!.Name}\" can never be of type \"{on}\".");
    }

    /// <summary>Some object is of both types; what is wrong with the types themselves is told elsewhere.</summary>
    private bool CanBe(GraphQlType? parent, GraphQlType? type)
    {
        if (parent is not { IsComposite: true } || type is not { IsComposite: true }) return true;
        var possible = _schema.Possible(type.Name);
        return parent.Kind == "OBJECT" ? possible.Contains(parent.Name) : possible.Overlaps(_schema.Possible(parent.Name));
    }

    private void OnField(RObject field, RObject? definition, GraphQlType? parent)
    {
        var name = field.Text("Name");
        if (parent is not null && definition is null) Tell(field, $"Cannot query field \"{name}\" on type \"{parent.Name}\".{_suggestions.Fields(_schema, parent, name)}");
        if (parent is not null && definition is not null) CheckKnownArguments(field, definition, $"field \"{parent.Name}.{name}\"");
        if (name is "__schema" or "__type" && IsTooDeep(field, 0, new(StringComparer.Ordinal))) Tell(field, "Maximum introspection depth exceeded");
        if (_operation is not null) CheckOverlaps(field);
        if (definition is not null)
        {
            CheckRequiredArguments(field, definition, $"Field \"{name}\"");
            CheckLeaf(field, definition.Node("Type"), name);
        }
        Twice(field.List("Arguments"), "Name", argument => $"There can be only one argument named \"{argument}\".");
    }

    private void CheckLeaf(RObject field, RObject result, string name)
    {
        if (TypeNamed(result.TypeName()) is not { } type) return;
        var selects = field.List("SelectionSet").Count > 0;
        if (type.IsLeaf && selects) Tell(field, $"Field \"{name}\" must not have a selection since type \"{type.Name}\" has no subfields.");
        if (!type.IsLeaf && !selects) Tell(field, $"Field \"{name}\" of type \"{result.TypeText()}\" must have a selection of subfields. Did you mean \"{name} {{ ... }}\"?");
    }

    private bool IsTooDeep(RObject selection, int depth, HashSet<string> inside)
    {
        Step();
        if (IsField(selection) && selection.Text("Name") is "fields" or "interfaces" or "possibleTypes" or "inputFields" && ++depth >= MaxIntrospectedLists) return true;
        if (IsField(selection) || IsInline(selection)) return selection.List("SelectionSet").Any(s => IsTooDeep(s, depth, inside));
        var name = selection.Text("Name");
        if (!_fragments.TryGetValue(name, out var fragment) || !inside.Add(name)) return false;
        var isTooDeep = fragment.List("SelectionSet").Any(s => IsTooDeep(s, depth, inside));
        inside.Remove(name);
        return isTooDeep;
    }

    private void OnDirective(RObject directive, RObject? definition, string location)
    {
        var name = directive.Text("Name");
        if (definition is not null) CheckKnownArguments(directive, definition, $"directive \"@{name}\"");
        if (definition is null) Tell(directive, $"Unknown directive \"@{name}\".");
        else if (!definition.Texts("Locations").Contains(location)) CheckMisplaced(directive, name, location);
        if (definition is not null) CheckRequiredArguments(directive, definition, $"Directive \"@{name}\"");
        Twice(directive.List("Arguments"), "Name", argument => $"There can be only one argument named \"{argument}\".");
    }

    private void CheckMisplaced(RObject directive, string name, string location)
    {
        if (_places.TryGetValue(directive, out var place) && !_misplaced.Add((name, place.Line, place.Column))) return;
        Tell(directive, $"Directive \"@{name}\" may not be used on {location}.");
    }

    private void CheckKnownArguments(RObject owner, RObject definition, string of)
    {
        var known = definition.List("Arguments").Select(a => a.Text("Name")).ToList();
        foreach (var name in owner.List("Arguments").Select(a => a.Text("Name")).Where(n => !known.Contains(n)))
        {
            Tell(owner, $"Unknown argument \"{name}\" on {of}.{_suggestions.Near("Did you mean", name, known)}");
        }
    }

    private void CheckRequiredArguments(RObject owner, RObject definition, string start)
    {
        var given = owner.List("Arguments").Select(a => a.Text("Name")).ToHashSet(StringComparer.Ordinal);
        foreach (var wanted in definition.List("Arguments").Where(a => a.Node("Type").IsRequired() && a.Get("DefaultValue") is null && !given.Contains(a.Text("Name"))))
        {
            Tell(owner, $"{start} argument \"{wanted.Text("Name")}\" of type \"{wanted.Node("Type").TypeText()}\" is required, but it was not provided.");
        }
    }

    /// <summary>A name that stands more than once is told once.</summary>
    private void Twice(IReadOnlyList<RObject> nodes, string member, Func<string, string> say)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var node in nodes)
        {
            var name = node.Text(member);
            seen[name] = seen.GetValueOrDefault(name) + 1;
            if (seen[name] == 2) Tell(node, say(name));
        }
    }
}
