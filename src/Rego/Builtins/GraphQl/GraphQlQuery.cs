using System.Globalization;
using Rego.Values;

namespace Rego.Builtins.GraphQl;

/// <summary>The rules of the GraphQL specification for operations and fragments: the first one broken is a fault.</summary>
internal sealed partial class GraphQlQuery
{
    private static readonly RObject MetaField = GraphQlParser.Schema("type T { __typename: String! }").List("Definitions")[0].List("Fields")[0];
    private static readonly IReadOnlyList<RObject> RootFields = GraphQlParser.Schema("type T { __schema: __Schema! __type(name: String!): __Type }").List("Definitions")[0].List("Fields");

    private readonly GraphQlSchema _schema;
    private readonly RObject _document;
    private readonly IReadOnlyDictionary<RObject, (int Line, int Column)> _places;
    private readonly Dictionary<string, RObject> _fragments = new(StringComparer.Ordinal);

    private GraphQlQuery(GraphQlSchema schema, RObject document, IReadOnlyDictionary<RObject, (int, int)> places)
    {
        (_schema, _document, _places) = (schema, document, places);
        foreach (var fragment in document.List("Fragments")) _fragments.TryAdd(fragment.Text("Name"), fragment);
    }

    /// <exception cref="GraphQlFault">The document does not fit the schema; with the place where it is known.</exception>
    public static void Check(GraphQlSchema schema, RObject document, IReadOnlyDictionary<RObject, (int Line, int Column)> places) =>
        new GraphQlQuery(schema, document, places).Document();

    private void Document()
    {
        var operations = _document.List("Operations");
        var fragments = _document.List("Fragments");
        Twice(operations.Where(o => o.Text("Name").Length > 0), o => o.Text("Name"), name => $"There can be only one operation named \"{name}\".");
        Twice(fragments, f => f.Text("Name"), name => $"There can be only one fragment named \"{name}\".");
        foreach (var operation in operations.Where(o => o.Text("Name").Length == 0 && operations.Count > 1))
            throw Fault(operation, "This anonymous operation must be the only defined operation.");
        foreach (var fragment in fragments) Cycle(fragment, fragment, [fragment.Text("Name")]);
        foreach (var operation in operations) Operation(operation);
        foreach (var fragment in fragments)
        {
            var condition = Condition(fragment);
            CheckDirectives(fragment, "FRAGMENT_DEFINITION");
            Selections(fragment, condition);
        }
        var used = operations.SelectMany(o => Reached(o).Select(s => s.Text("Name"))).ToHashSet(StringComparer.Ordinal);
        if (fragments.FirstOrDefault(f => !used.Contains(f.Text("Name"))) is { } idle) throw Fault(idle, $"Fragment \"{idle.Text("Name")}\" is never used.");
    }

    private void Operation(RObject operation)
    {
        var kind = operation.Text("Operation");
        var variables = operation.List("VariableDefinitions");
        Twice(variables, v => v.Text("Variable"), name => $"There can be only one variable named \"${name}\".");
        foreach (var variable in variables) CheckVariable(variable);
        CheckDirectives(operation, kind.ToUpperInvariant());
        if (!_schema.Roots.TryGetValue(kind, out var root)) throw Fault(operation, $"Schema does not support operation type \"{kind}\"");
        if (kind == "subscription" && operation.List("SelectionSet").Count > 1)
            throw Fault(operation.List("SelectionSet")[1], $"{(operation.Text("Name") is { Length: > 0 } name ? $"Subscription \"{name}\"" : "Anonymous Subscription")} must select only one top level field.");
        Selections(operation, root);
        Overlaps(operation.List("SelectionSet"), root);
        CheckUses(operation, variables);
    }

    private void CheckVariable(RObject variable)
    {
        var name = variable.Text("Variable");
        var type = variable.Node("Type");
        if (!_schema.Types.TryGetValue(type.TypeName(), out var known)) throw Fault(variable, $"Unknown type \"{type.TypeName()}\".");
        if (!known.IsInput) throw Fault(variable, $"Variable \"${name}\" cannot be non-input type \"{type.TypeText()}\".");
        if (variable.Get("DefaultValue") is RObject standard) CheckValue(standard, type);
        CheckDirectives(variable, "VARIABLE_DEFINITION");
    }

    private GraphQlType Condition(RObject fragment)
    {
        var on = fragment.Text("TypeCondition");
        if (!_schema.Types.TryGetValue(on, out var type)) throw Fault(fragment, $"Unknown type \"{on}\".");
        if (!type.IsComposite) throw Fault(fragment, fragment.Get("Name") is null ? $"Fragment cannot condition on non composite type \"{on}\"." : $"Fragment \"{fragment.Text("Name")}\" cannot condition on non composite type \"{on}\".");
        return type;
    }

    private void Selections(RObject owner, GraphQlType type)
    {
        foreach (var selection in owner.List("SelectionSet"))
        {
            if (IsField(selection)) Field(selection, type);
            else if (IsInline(selection)) Inline(selection, type);
            else Spread(selection, type);
        }
    }

    private static bool IsField(RObject selection) => selection.Get("Alias") is not null;

    private static bool IsInline(RObject selection) => selection.Get("TypeCondition") is not null;

    private RObject? Definition(GraphQlType type, string name)
    {
        if (name == "__typename") return MetaField;
        if (_schema.Roots.TryGetValue("query", out var root) && root == type && RootFields.FirstOrDefault(f => f.Text("Name") == name) is { } meta) return meta;
        return type.Kind == "UNION" ? null : type.Field(name);
    }

    private void Field(RObject field, GraphQlType type)
    {
        var name = field.Text("Name");
        var definition = Definition(type, name) ?? throw Fault(field, $"Cannot query field \"{name}\" on type \"{type.Name}\".{Suggestion(type, name)}");
        CheckDirectives(field, "FIELD");
        CheckArguments(field, definition, $"field \"{type.Name}.{name}\"", $"Field \"{name}\"");
        var result = definition.Node("Type");
        var below = _schema.Types[result.TypeName()];
        var selects = field.List("SelectionSet").Count > 0;
        if (below.IsLeaf && selects) throw Fault(field, $"Field \"{name}\" must not have a selection since type \"{result.TypeText()}\" has no subfields.");
        if (!below.IsLeaf && !selects) throw Fault(field, $"Field \"{name}\" of type \"{result.TypeText()}\" must have a selection of subfields. Did you mean \"{name} {{ ... }}\"?");
        Selections(field, below);
    }

    private string Suggestion(GraphQlType type, string name)
    {
        var having = _schema.Possible(type.Name).Where(t => _schema.Types.TryGetValue(t, out var known) && known.Field(name) is not null).Order(StringComparer.Ordinal).ToList();
        if (type.Kind != "OBJECT" && having.Count > 0) return $" Did you mean to use an inline fragment on {Or(having)}?";
        var near = type.Fields.Select(f => f.Text("Name")).Where(f => Distance(f, name) <= (Math.Max(f.Length, name.Length) / 2) + 1 && Distance(f, name) < Math.Max(2, name.Length * 0.4 + 1)).OrderBy(f => Distance(f, name)).Take(5).ToList();
        return near.Count > 0 ? $" Did you mean {Or(near)}?" : "";
    }

    private static string Or(List<string> words)
    {
        var quoted = words.Take(5).Select(w => $"\"{w}\"").ToList();
        return quoted.Count == 1 ? quoted[0] : $"{string.Join(", ", quoted.Take(quoted.Count - 1))}{(quoted.Count > 2 ? "," : "")} or {quoted[^1]}";
    }

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var before = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), before + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1));
                before = above;
            }
        }
        return row[b.Length];
    }

    private void Inline(RObject fragment, GraphQlType type)
    {
        CheckDirectives(fragment, "INLINE_FRAGMENT");
        var on = fragment.Text("TypeCondition");
        var inner = type;
        if (on.Length > 0)
        {
            if (!_schema.Types.TryGetValue(on, out var known)) throw Fault(fragment, $"Unknown type \"{on}\".");
            if (!known.IsComposite) throw Fault(fragment, $"Fragment cannot condition on non composite type \"{on}\".");
            if (!Overlap(type, known)) throw Fault(fragment, $"Fragment cannot be spread here as objects of type \"{type.Name}\" can never be of type \"{on}\".");
            inner = known;
        }
        Selections(fragment, inner);
    }

    private void Spread(RObject spread, GraphQlType type)
    {
        var name = spread.Text("Name");
        if (!_fragments.TryGetValue(name, out var fragment)) throw Fault(spread, $"Unknown fragment \"{name}\".");
        CheckDirectives(spread, "FRAGMENT_SPREAD");
        var on = Condition(fragment);
        if (!Overlap(type, on)) throw Fault(spread, $"Fragment \"{name}\" cannot be spread here as objects of type \"{type.Name}\" can never be of type \"{on.Name}\".");
    }

    private bool Overlap(GraphQlType a, GraphQlType b) => a == b || Objects(a).Overlaps(Objects(b));

    private HashSet<string> Objects(GraphQlType type) => type.Kind == "OBJECT" ? [type.Name] : [.. _schema.Possible(type.Name)];

    private void Cycle(RObject start, RObject owner, HashSet<string> seen)
    {
        foreach (var spread in SpreadsIn(owner))
        {
            var name = spread.Text("Name");
            if (name == start.Text("Name")) throw Fault(spread, $"Cannot spread fragment \"{name}\" within itself{(owner == start ? "" : $" via \"{owner.Text("Name")}\"")}.");
            if (seen.Add(name) && _fragments.TryGetValue(name, out var next)) Cycle(start, next, seen);
        }
    }

    private static IEnumerable<RObject> SpreadsIn(RObject owner) =>
        owner.List("SelectionSet").SelectMany(s => IsField(s) || IsInline(s) ? SpreadsIn(s) : [s]);

    /// <summary>The spreads an operation comes to, through other fragments too.</summary>
    private List<RObject> Reached(RObject operation)
    {
        var (found, seen) = (new List<RObject>(), new HashSet<string>(StringComparer.Ordinal));
        Visit(operation);
        return found;

        void Visit(RObject owner)
        {
            foreach (var spread in SpreadsIn(owner))
            {
                found.Add(spread);
                if (seen.Add(spread.Text("Name")) && _fragments.TryGetValue(spread.Text("Name"), out var next)) Visit(next);
            }
        }
    }

    private void CheckDirectives(RObject owner, string location)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var directive in owner.List("Directives"))
        {
            var name = directive.Text("Name");
            if (!_schema.Directives.TryGetValue(name, out var definition)) throw Fault(directive, $"Unknown directive \"@{name}\".");
            if (!definition.Texts("Locations").Contains(location)) throw Fault(directive, $"Directive \"@{name}\" may not be used on {location}.");
            if (!seen.Add(name) && definition.Get("IsRepeatable") is not RBool { Value: true }) throw Fault(directive, $"The directive \"@{name}\" can only be used once at this location.");
            CheckArguments(directive, definition, $"directive \"@{name}\"", $"Directive \"@{name}\"");
        }
    }

    private void CheckArguments(RObject owner, RObject definition, string of, string start)
    {
        var given = owner.List("Arguments");
        Twice(given, a => a.Text("Name"), name => $"There can be only one argument named \"{name}\".");
        var known = definition.List("Arguments");
        foreach (var argument in given)
        {
            var wanted = known.FirstOrDefault(k => k.Text("Name") == argument.Text("Name")) ?? throw Fault(argument, $"Unknown argument \"{argument.Text("Name")}\" on {of}.");
            CheckValue(argument.Node("Value"), wanted.Node("Type"));
        }
        foreach (var wanted in known.Where(k => k.Node("Type").IsRequired() && k.Get("DefaultValue") is null))
        {
            var name = wanted.Text("Name");
            if (given.All(g => g.Text("Name") != name)) throw Fault(owner, $"{start} argument \"{name}\" of type \"{wanted.Node("Type").TypeText()}\" is required, but it was not provided.");
        }
    }

    private void Twice(IEnumerable<RObject> nodes, Func<RObject, string> name, Func<string, string> say)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in nodes)
        {
            if (!seen.Add(name(node))) throw Fault(node, say(name(node)));
        }
    }

    private GraphQlFault Fault(RObject node, string message)
    {
        var (line, column) = _places.TryGetValue(node, out var place) ? place : (0, 0);
        return new GraphQlFault(message, line, column);
    }

    internal static string Number(int n) => n.ToString(CultureInfo.InvariantCulture);
}
