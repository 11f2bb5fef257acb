using Rego.Values;

namespace Rego.Builtins.GraphQl;

/// <summary>A type of a schema, its extensions merged in.</summary>
internal sealed record GraphQlType(string Kind, string Name, bool IsBuiltIn, RObject Node)
{
    public List<string> Interfaces { get; } = [];

    public List<RObject> Fields { get; } = [];

    public List<string> Types { get; } = [];

    public List<RObject> Values { get; } = [];

    public List<RObject> Directives { get; } = [];

    public bool IsInput => Kind is "SCALAR" or "ENUM" or "INPUT_OBJECT";

    public bool IsLeaf => Kind is "SCALAR" or "ENUM";

    public bool IsComposite => Kind is "OBJECT" or "INTERFACE" or "UNION";

    public RObject? Field(string name) => Fields.Find(f => f.Text("Name") == name);
}

/// <summary>A schema that was checked by the rules of the GraphQL specification, as OPA checks it.</summary>
internal sealed class GraphQlSchema
{
    private const string Prelude = """
        scalar Int scalar Float scalar String scalar Boolean scalar ID
        directive @include(if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT
        directive @skip(if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT
        directive @deprecated(reason: String = "No longer supported") on FIELD_DEFINITION | ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION | ENUM_VALUE
        directive @specifiedBy(url: String!) on SCALAR
        directive @defer(if: Boolean = true, label: String) on FRAGMENT_SPREAD | INLINE_FRAGMENT
        directive @oneOf on INPUT_OBJECT
        type __Schema { description: String types: [__Type!]! queryType: __Type! mutationType: __Type subscriptionType: __Type directives: [__Directive!]! }
        type __Type { kind: __TypeKind! name: String description: String fields(includeDeprecated: Boolean = false): [__Field!] interfaces: [__Type!] possibleTypes: [__Type!]
          enumValues(includeDeprecated: Boolean = false): [__EnumValue!] inputFields(includeDeprecated: Boolean = false): [__InputValue!] ofType: __Type specifiedByURL: String isOneOf: Boolean }
        type __Field { name: String! description: String args(includeDeprecated: Boolean = false): [__InputValue!]! type: __Type! isDeprecated: Boolean! deprecationReason: String }
        type __InputValue { name: String! description: String type: __Type! defaultValue: String isDeprecated: Boolean! deprecationReason: String }
        type __EnumValue { name: String! description: String isDeprecated: Boolean! deprecationReason: String }
        enum __TypeKind { SCALAR OBJECT INTERFACE UNION ENUM INPUT_OBJECT LIST NON_NULL }
        type __Directive { name: String! description: String locations: [__DirectiveLocation!]! args(includeDeprecated: Boolean = false): [__InputValue!]! isRepeatable: Boolean! }
        enum __DirectiveLocation { QUERY MUTATION SUBSCRIPTION FIELD FRAGMENT_DEFINITION FRAGMENT_SPREAD INLINE_FRAGMENT VARIABLE_DEFINITION SCHEMA SCALAR OBJECT FIELD_DEFINITION
          ARGUMENT_DEFINITION INTERFACE UNION ENUM ENUM_VALUE INPUT_OBJECT INPUT_FIELD_DEFINITION }
        """;

    // What every query root can be asked besides.
    private static readonly IReadOnlyList<RObject> OfSchema = GraphQlParser.Schema("type T { __schema: __Schema! __type(name: String!): __Type }").List("Definitions")[0].List("Fields");

    private static readonly RObject BuiltIn = GraphQlParser.Schema(Prelude, isBuiltIn: true);

    public Dictionary<string, GraphQlType> Types { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, RObject> Directives { get; } = new(StringComparer.Ordinal);

    /// <summary>query, mutation and subscription, as far as there are any.</summary>
    public Dictionary<string, GraphQlType> Roots { get; } = new(StringComparer.Ordinal);

    private readonly Dictionary<string, HashSet<string>> _possible = new(StringComparer.Ordinal);

    private readonly IReadOnlyDictionary<RObject, (int Line, int Column)> _places;

    /// <exception cref="GraphQlFault">The document is no valid schema; the message says where.</exception>
    public GraphQlSchema(RObject document, IReadOnlyDictionary<RObject, (int Line, int Column)> places)
    {
        _places = places;
        foreach (var definition in BuiltIn.List("Definitions").Concat(document.List("Definitions")))
        {
            if (!Types.TryAdd(definition.Text("Name"), Filled(definition, null))) throw Fault(definition, $"Cannot redeclare type {definition.Text("Name")}.");
        }
        foreach (var extension in document.List("Extensions"))
        {
            var name = extension.Text("Name");
            var known = Types.TryGetValue(name, out var there) ? there : new GraphQlType(extension.Text("Kind"), name, false, extension);
            if (known.Kind != extension.Text("Kind")) throw Fault(extension, $"Cannot extend type {name} because the base type is a {known.Kind}, not {extension.Text("Kind")}.");
            Types[name] = Filled(extension, known);
        }
        foreach (var directive in BuiltIn.List("Directives").Concat(document.List("Directives")))
        {
            var name = directive.Text("Name");
            if (Directives.ContainsKey(name) && name is not ("include" or "skip" or "deprecated" or "specifiedBy" or "defer" or "oneOf")) throw Fault(directive, $"Cannot redeclare directive {name}.");
            Directives[name] = directive;
        }
        FindPossible();
        FindRoots(document);
        foreach (var type in Types.Values.OrderBy(t => t.Name, StringComparer.Ordinal)) Check(type);
        foreach (var (_, directive) in Directives.OrderBy(d => d.Key, StringComparer.Ordinal))
        {
            CheckName(directive, directive.Text("Name"));
            CheckArguments(directive, directive.Text("Name"));
        }
        foreach (var (operation, name) in document.List("Schema").Count > 0 ? [] : new[] { ("query", "Query"), ("mutation", "Mutation"), ("subscription", "Subscription") })
        {
            if (Types.TryGetValue(name, out var root)) Roots.TryAdd(operation, root);
        }
        if (Roots.TryGetValue("query", out var query)) query.Fields.AddRange(OfSchema);
    }

    /// <summary>The object types a value of this type can have.</summary>
    public IReadOnlySet<string> Possible(string type) => _possible.TryGetValue(type, out var names) ? names : new HashSet<string>();

    private static GraphQlType Filled(RObject definition, GraphQlType? type)
    {
        type ??= new GraphQlType(definition.Text("Kind"), definition.Text("Name"), definition.Get("BuiltIn") is RBool { Value: true }, definition);
        type.Interfaces.AddRange(definition.Texts("Interfaces"));
        type.Fields.AddRange(definition.List("Fields"));
        type.Types.AddRange(definition.Texts("Types"));
        type.Values.AddRange(definition.List("EnumValues"));
        type.Directives.AddRange(definition.List("Directives"));
        return type;
    }

    private void FindPossible()
    {
        foreach (var type in Types.Values)
        {
            foreach (var above in type.Kind == "UNION" ? [] : type.Interfaces) Add(above, type.Name);
            if (type.Kind is "OBJECT" or "INPUT_OBJECT") Add(type.Name, type.Name);
            if (type.Kind != "UNION") continue;
            foreach (var member in type.Types) Add(type.Name, member);
        }

        void Add(string type, string possible)
        {
            if (!_possible.TryGetValue(type, out var names)) _possible[type] = names = new(StringComparer.Ordinal);
            names.Add(possible);
        }
    }

    private void FindRoots(RObject document)
    {
        if (document.List("Schema").Count > 1) throw Fault(document.List("Schema")[1], "Cannot have multiple schema entry points, consider schema extensions instead.");
        foreach (var entry in document.List("Schema").Concat(document.List("SchemaExtension")).SelectMany(s => s.List("OperationTypes")))
        {
            if (!Types.TryGetValue(entry.Text("Type"), out var type)) throw Fault(entry, $"Schema root {entry.Text("Operation")} refers to a type {entry.Text("Type")} that does not exist.");
            Roots[entry.Text("Operation")] = type;
        }
    }

    private void Check(GraphQlType type)
    {
        foreach (var field in type.Fields)
        {
            CheckName(field, field.Text("Name"));
            TypeOf(field);
            CheckArguments(field, null);
            CheckDirectives(field.List("Directives"), type.Kind == "INPUT_OBJECT" ? "INPUT_FIELD_DEFINITION" : "FIELD_DEFINITION", null);
        }
        foreach (var member in type.Types)
        {
            if (!Types.TryGetValue(member, out var known)) throw Fault(type.Node, $"Undefined type {GoFormat.Quote(member)}.");
            if (known.Kind != "OBJECT") throw Fault(type.Node, $"{type.Kind} type {GoFormat.Quote(member)} must be OBJECT.");
        }
        foreach (var name in type.Interfaces) CheckImplements(type, name);
        switch (type.Kind)
        {
            case "OBJECT" or "INTERFACE":
                if (type.Fields.Count == 0) throw Fault(type.Node, $"{type.Kind} {type.Name}: must define one or more fields.");
                if (type.Fields.Find(f => TypeOf(f).Kind == "INPUT_OBJECT") is { } input) throw Fault(input, $"{type.Kind} {type.Name}: field must be one of SCALAR, OBJECT, INTERFACE, UNION, ENUM.");
                break;
            case "ENUM":
                if (type.Values.Count == 0) throw Fault(type.Node, $"ENUM {type.Name}: must define one or more unique enum values.");
                if (type.Values.Find(v => v.Text("Name") is "true" or "false" or "null") is { } odd) throw Fault(type.Node, $"ENUM {type.Name}: non-enum value {odd.Text("Name")}.");
                break;
            case "INPUT_OBJECT":
                if (type.Fields.Count == 0) throw Fault(type.Node, $"INPUT_OBJECT {type.Name}: must define one or more input fields.");
                if (type.Fields.Find(f => !TypeOf(f).IsInput) is { } wrong) throw Fault(wrong, $"{TypeOf(wrong).Kind} {wrong.Text("Name")}: field must be one of SCALAR, ENUM, INPUT_OBJECT.");
                break;
        }
        if (type.Fields.GroupBy(f => f.Text("Name")).FirstOrDefault(g => g.Count() > 1) is { } twice) throw Fault(twice.ElementAt(1), $"Field {type.Name}.{twice.Key} can only be defined once.");
        if (!type.IsBuiltIn) CheckName(type.Node, type.Name);
        CheckDirectives(type.Directives, type.Kind, null);
    }

    private GraphQlType TypeOf(RObject definition)
    {
        var name = definition.Node("Type").TypeName();
        return Types.TryGetValue(name, out var type) ? type : throw Fault(definition.Node("Type"), $"Undefined type {name}.");
    }

    private void CheckArguments(RObject definition, string? directive)
    {
        foreach (var argument in definition.List("Arguments"))
        {
            CheckName(argument, argument.Text("Name"));
            var type = TypeOf(argument);
            if (!type.IsInput) throw Fault(argument, $"cannot use {argument.Node("Type").TypeText()} as argument {argument.Text("Name")} because {type.Kind} is not a valid input type");
            CheckDirectives(argument.List("Directives"), "ARGUMENT_DEFINITION", directive);
        }
    }

    private void CheckDirectives(IReadOnlyList<RObject> directives, string location, string? inside)
    {
        foreach (var (directive, name) in directives.Select(d => (d, d.Text("Name"))))
        {
            CheckName(directive, name);
            if (name == inside) throw Fault(directive, $"Directive {inside} cannot refer to itself.");
            if (!Directives.TryGetValue(name, out var definition)) throw Fault(directive, $"Undefined directive {name}.");
            if (!definition.Texts("Locations").Contains(location)) throw Fault(directive, $"Directive {name} is not applicable on {location}.");
        }
    }

    private void CheckImplements(GraphQlType type, string name)
    {
        if (!Types.TryGetValue(name, out var above)) throw Fault(type.Node, $"Undefined type {GoFormat.Quote(name)}.");
        if (above.Kind != "INTERFACE") throw Fault(type.Node, $"{GoFormat.Quote(name)} is a non interface type {above.Kind}.");
        foreach (var required in above.Fields)
        {
            var called = required.Text("Name");
            var say = $"For {type.Name} to implement {name}";
            var found = type.Field(called) ?? throw Fault(type.Node, $"{say} it must have a field called {called}.");
            if (!Covers(required.Node("Type"), found.Node("Type"))) throw Fault(found, $"{say} the field {called} must have type {required.Node("Type").TypeText()}.");
            var arguments = found.List("Arguments");
            foreach (var wanted in required.List("Arguments"))
            {
                var given = arguments.FirstOrDefault(a => a.Text("Name") == wanted.Text("Name"))
                    ?? throw Fault(found, $"{say} the field {called} must have the same arguments but it is missing {wanted.Text("Name")}.");
                if (!given.Node("Type").Accepts(wanted.Node("Type"))) throw Fault(given, $"{say} the field {called} must have the same arguments but {wanted.Text("Name")} has the wrong type.");
            }
            var more = arguments.FirstOrDefault(a => a.Node("Type").IsRequired() && a.Get("DefaultValue") is null && required.List("Arguments").All(r => r.Text("Name") != a.Text("Name")));
            if (more is not null) throw Fault(more, $"{say} any additional arguments on {called} must be optional or have a default value but {more.Text("Name")} is required.");
        }
        foreach (var transitive in above.Interfaces.Where(i => !type.Interfaces.Contains(i)))
        {
            throw Fault(type.Node, transitive == type.Name
                ? $"Type {type.Name} cannot implement {name} because it would create a circular reference."
                : $"Type {type.Name} must implement {transitive} because it is implemented by {name}.");
        }
    }

    private bool Covers(RObject required, RObject actual)
    {
        if (required.IsRequired() && !actual.IsRequired()) return false;
        if (required.Text("NamedType") is { Length: > 0 } name) return name == actual.Text("NamedType") || Possible(name).Contains(actual.Text("NamedType"));
        return required.Get("Elem") is RObject r && actual.Get("Elem") is RObject a && Covers(r, a);
    }

    private void CheckName(RObject at, string name)
    {
        if (name.StartsWith("__", StringComparison.Ordinal)) throw Fault(at, $"Name \"{name}\" must not begin with \"__\", which is reserved by GraphQL introspection.");
    }

    private GraphQlFault Fault(RObject at, string message)
    {
        var (line, column) = _places.TryGetValue(at, out var place) ? place : (-1, -1);
        return new GraphQlFault(FormattableString.Invariant($"input:{line}:{column}: {message}"), 0, 0);
    }
}

/// <summary>Short ways to read the objects a document is made of; what a caller left out is empty.</summary>
internal static class GraphQlNodes
{
    public static string Text(this RObject node, string name) => node.Get(name) is RString s ? s.Value : "";

    public static IReadOnlyList<RObject> List(this RObject node, string name) => node.Get(name) is RArray a ? [.. a.Items.ToArray().OfType<RObject>()] : [];

    public static IEnumerable<string> Texts(this RObject node, string name) => node.Get(name) is RArray a ? a.Items.ToArray().OfType<RString>().Select(s => s.Value) : [];

    public static RObject Node(this RObject node, string name) => node.Get(name) as RObject ?? RObject.Empty;

    public static bool IsRequired(this RObject type) => type.Get("NonNull") is RBool { Value: true };

    public static string TypeName(this RObject type) => type.Get("Elem") is RObject element ? element.TypeName() : type.Text("NamedType");

    public static string TypeText(this RObject type) => (type.Get("Elem") is RObject element ? $"[{element.TypeText()}]" : type.Text("NamedType")) + (type.IsRequired() ? "!" : "");

    /// <summary>A value of the other type may stand where this one is wanted.</summary>
    public static bool Accepts(this RObject wanted, RObject other)
    {
        if (wanted.Text("NamedType") != other.Text("NamedType")) return false;
        if (wanted.Get("Elem") is RObject a)
        {
            if (other.Get("Elem") is not RObject b || !a.Accepts(b)) return false;
        }
        else if (other.Get("Elem") is not null)
        {
            return false;
        }
        return !wanted.IsRequired() || other.IsRequired();
    }
}
