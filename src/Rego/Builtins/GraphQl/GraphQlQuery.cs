using System.Runtime.CompilerServices;
using Rego.Values;

namespace Rego.Builtins.GraphQl;

/// <summary>
/// The rules of the GraphQL specification for operations and fragments. A document is walked once, from the leaves up, and every rule says what
/// it finds where the walk passes, so that the faults come in OPA's order.
/// </summary>
internal sealed partial class GraphQlQuery
{
    // Fragments can be spread again and again; what is walked, compared and told stays bounded.
    private const int MaxSteps = 1_000_000, MaxFaults = 1_000;

    private readonly GraphQlSuggestions _suggestions = new();

    private static readonly RObject TypeName = GraphQlParser.Schema("type T { __typename: String }").List("Definitions")[0].List("Fields")[0];

    private readonly GraphQlSchema _schema;
    private readonly IReadOnlyList<RObject> _operations;
    private readonly IReadOnlyList<RObject> _definitions;
    private readonly IReadOnlyDictionary<RObject, (int Line, int Column)> _places;
    private readonly Dictionary<string, RObject> _fragments = new(StringComparer.Ordinal);
    private readonly List<GraphQlFault> _faults = [];

    // What the walk found a field to be: its definition, and the type it is asked of.
    private readonly Dictionary<RObject, (RObject? Definition, GraphQlType? Parent)> _fields = new(ReferenceEqualityComparer.Instance);

    private RObject? _operation;
    private IReadOnlyList<RObject> _variables = [];
    private HashSet<string> _walkedFragments = new(StringComparer.Ordinal);
    private int _steps;

    private GraphQlQuery(GraphQlSchema schema, RObject document, IReadOnlyDictionary<RObject, (int, int)> places)
    {
        (_schema, _places, _operations, _definitions) = (schema, places, document.List("Operations"), document.List("Fragments"));
        foreach (var fragment in _definitions) _fragments.TryAdd(fragment.Text("Name"), fragment);
    }

    /// <summary>Everything that does not fit the schema; the place of a fault is zero where it is not known.</summary>
    public static IReadOnlyList<GraphQlFault> Faults(GraphQlSchema schema, RObject document, IReadOnlyDictionary<RObject, (int Line, int Column)> places)
    {
        var query = new GraphQlQuery(schema, document, places);
        try
        {
            query.Walk();
        }
        catch (GraphQlFault fault) when (query._faults.Count == 0)
        {
            query._faults.Add(fault);
        }
        catch (GraphQlFault)
        {
            // What was found until then is told.
        }
        return query._faults;
    }

    private void Walk()
    {
        foreach (var operation in _operations)
        {
            _walkedFragments = new(StringComparer.Ordinal);
            WalkOperation(operation);
        }
        _operation = null;
        foreach (var fragment in _definitions)
        {
            _walkedFragments = new(StringComparer.Ordinal);
            var type = TypeNamed(fragment.Text("TypeCondition"));
            WalkDirectives(fragment, "FRAGMENT_DEFINITION");
            WalkSelections(fragment, type);
            OnFragment(fragment, type);
        }
    }

    private void WalkOperation(RObject operation)
    {
        var kind = operation.Text("Operation") is { Length: > 0 } word ? word : "query";
        var root = _schema.Roots.GetValueOrDefault(kind);
        (_operation, _variables) = (operation, operation.List("VariableDefinitions"));
        _used.Clear();
        foreach (var variable in _variables)
        {
            var type = variable.Node("Type").TypeName();
            if (TypeNamed(type) is null) Tell(variable, $"Unknown type \"{type}\".");
        }
        foreach (var variable in _variables)
        {
            if (variable.Get("DefaultValue") is RObject standard) WalkValue(standard, variable.Node("Type"), false);
            WalkDirectives(variable, "VARIABLE_DEFINITION");
        }
        WalkDirectives(operation, kind.ToUpperInvariant());
        WalkSelections(operation, root);
        OnOperation(operation, kind, root);
    }

    private void WalkSelections(RObject owner, GraphQlType? parent)
    {
        foreach (var selection in owner.List("SelectionSet"))
        {
            Step();
            if (IsField(selection)) WalkField(selection, parent);
            else if (IsInline(selection)) WalkInline(selection, parent);
            else WalkSpread(selection, parent);
        }
    }

    private void WalkField(RObject field, GraphQlType? parent)
    {
        var name = field.Text("Name");
        var definition = name == "__typename" ? TypeName : parent?.Field(name);
        _fields[field] = (definition, parent);
        WalkArguments(field, definition);
        WalkDirectives(field, "FIELD");
        WalkSelections(field, definition is null ? null : TypeNamed(definition.Node("Type").TypeName()));
        OnField(field, definition, parent);
    }

    private void WalkInline(RObject fragment, GraphQlType? parent)
    {
        WalkDirectives(fragment, "INLINE_FRAGMENT");
        WalkSelections(fragment, fragment.Text("TypeCondition") is { Length: > 0 } on ? TypeNamed(on) : parent);
        OnInline(fragment, parent);
    }

    private void WalkSpread(RObject spread, GraphQlType? parent)
    {
        var fragment = _fragments.GetValueOrDefault(spread.Text("Name"));
        WalkDirectives(spread, "FRAGMENT_SPREAD");
        if (fragment is not null && _walkedFragments.Add(fragment.Text("Name"))) WalkSelections(fragment, TypeNamed(fragment.Text("TypeCondition")));
        OnSpread(spread, fragment, parent);
    }

    private void WalkDirectives(RObject owner, string location)
    {
        var directives = owner.List("Directives");
        foreach (var directive in directives)
        {
            Step();
            var definition = _schema.Directives.GetValueOrDefault(directive.Text("Name"));
            WalkArguments(directive, definition);
            OnDirective(directive, definition, location);
        }
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var directive in directives.Where(d => !seen.Add(d.Text("Name")) && d.Text("Name") != "repeatable"))
        {
            Tell(directive, $"The directive \"@{directive.Text("Name")}\" can only be used once at this location.");
        }
    }

    private void WalkArguments(RObject owner, RObject? definition)
    {
        foreach (var argument in owner.List("Arguments"))
        {
            var wanted = definition?.List("Arguments").FirstOrDefault(a => a.Text("Name") == argument.Text("Name"));
            WalkValue(argument.Node("Value"), wanted?.Node("Type"), HasDefault(wanted));
        }
    }

    private void WalkValue(RObject value, RObject? type, bool hasDefault)
    {
        Step();
        var (kind, known) = (KindOf(value), type is null ? null : TypeNamed(type.TypeName()));
        if (kind == Variable && _operation is not null) _used.Add(value.Text("Raw"));
        foreach (var child in kind is Members or Items ? value.List("Children") : [])
        {
            var field = kind == Members ? known?.Field(child.Text("Name")) : null;
            WalkValue(child.Node("Value"), kind == Members ? field?.Node("Type") : type?.Get("Elem") as RObject, HasDefault(field));
        }
        OnValue(value, kind, type, known, hasDefault);
    }

    private static bool HasDefault(RObject? definition) => definition?.Get("DefaultValue") is RObject standard && KindOf(standard) != Null;

    private static bool IsField(RObject selection) => selection.Get("Alias") is not null;

    private static bool IsInline(RObject selection) => selection.Get("TypeCondition") is not null;

    private GraphQlType? TypeNamed(string name) => _schema.Types.GetValueOrDefault(name);

    private void Tell(RObject at, string message)
    {
        var (line, column) = _places.TryGetValue(at, out var place) ? place : (0, 0);
        _faults.Add(new GraphQlFault(message, line, column));
        if (_faults.Count >= MaxFaults) throw new GraphQlFault("too many faults", line, column);
    }

    private void Step()
    {
        if (++_steps > MaxSteps || !RuntimeHelpers.TryEnsureSufficientExecutionStack()) throw new GraphQlFault("the document is too large to be checked", 1, 1);
    }
}
