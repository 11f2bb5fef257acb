using Rego.Values;

namespace Rego.Builtins.GraphQl;

// Schema documents: definitions of types, directives and entry points, and extensions of them.
internal sealed partial class GraphQlParser
{
    private static readonly HashSet<string> Locations =
    [
        "QUERY", "MUTATION", "SUBSCRIPTION", "FIELD", "FRAGMENT_DEFINITION", "FRAGMENT_SPREAD", "INLINE_FRAGMENT", "VARIABLE_DEFINITION", "SCHEMA", "SCALAR", "OBJECT",
        "FIELD_DEFINITION", "ARGUMENT_DEFINITION", "INTERFACE", "UNION", "ENUM", "ENUM_VALUE", "INPUT_OBJECT", "INPUT_FIELD_DEFINITION",
    ];

    private RObject SchemaDocument(bool isBuiltIn)
    {
        var (schemas, schemaExtensions, directives, definitions, extensions) = (new List<RValue>(), new List<RValue>(), new List<RValue>(), new List<RValue>(), new List<RValue>());
        while (_current.Kind != GraphQlKind.End)
        {
            var description = Description();
            if (_current.Kind != GraphQlKind.Name) throw Unexpected(_current);
            switch (_current.Value)
            {
                case "scalar" or "type" or "interface" or "union" or "enum" or "input": definitions.Add(Definition(description, isBuiltIn, isExtension: false)); break;
                case "schema": schemas.Add(SchemaDefinition(description, isExtension: false)); break;
                case "directive": directives.Add(DirectiveDefinition(description)); break;
                case "extend":
                    if (description.Length > 0) throw Unexpected(_previous);
                    Take();
                    if (_current.Value == "schema") schemaExtensions.Add(SchemaDefinition("", isExtension: true));
                    else extensions.Add(Definition("", isBuiltIn, isExtension: true));
                    break;
                default: throw Unexpected(_current);
            }
        }
        return Node(_current, ("Schema", List(schemas)), ("SchemaExtension", List(schemaExtensions)), ("Directives", List(directives)), ("Definitions", List(definitions)), ("Extensions", List(extensions)));
    }

    private string Description() => _current.Kind is GraphQlKind.String or GraphQlKind.BlockString ? Take().Value : "";

    private RObject SchemaDefinition(string description, bool isExtension)
    {
        Keyword("schema");
        var at = _current;
        var directives = Directives(true);
        var operations = Some("{", "}", () =>
        {
            var place = _current;
            var operation = OperationType();
            Expect(":");
            return Node(place, ("Operation", Text(operation)), ("Type", Text(Name())));
        });
        if (isExtension && directives is null && operations is null) throw Unexpected(_current);
        return Node(at, ("Description", Text(description)), ("Directives", directives), ("OperationTypes", operations));
    }

    private RObject Definition(string description, bool isBuiltIn, bool isExtension)
    {
        var word = _current;
        var kind = word.Value switch
        {
            "scalar" => "SCALAR",
            "type" => "OBJECT",
            "interface" => "INTERFACE",
            "union" => "UNION",
            "enum" => "ENUM",
            "input" => "INPUT_OBJECT",
            _ => throw Unexpected(word),
        };
        Take();
        var at = _current;
        var name = Name();
        RArray? interfaces = null, fields = null, types = null, values = null;
        if (kind is "OBJECT" || (kind is "INTERFACE" && !isExtension)) interfaces = Interfaces();
        var directives = Directives(true);
        switch (kind)
        {
            case "OBJECT" or "INTERFACE": fields = Some("{", "}", FieldDefinition); break;
            case "INPUT_OBJECT": fields = Some("{", "}", InputDefinition); break;
            case "UNION": types = Members(); break;
            case "ENUM":
                values = Some("{", "}", () =>
                {
                    var place = _current;
                    var text = Description();
                    var value = Name();
                    return Node(place, ("Description", Text(text)), ("Name", Text(value)), ("Directives", Directives(true)));
                });
                break;
        }
        if (isExtension && interfaces is null && directives is null && fields is null && types is null && values is null) throw Unexpected(_current);
        return Node(at, ("Kind", Text(kind)), ("Description", Text(description)), ("Name", Text(name)), ("Interfaces", interfaces), ("Directives", directives), ("Fields", fields), ("Types", types), ("EnumValues", values), ("BuiltIn", RBool.Of(isBuiltIn)));
    }

    private RArray? Interfaces()
    {
        if (_current.Value != "implements") return null;
        Take();
        Accept("&");
        var names = new List<RValue> { Text(Name()) };
        while (Accept("&")) names.Add(Text(Name()));
        return List(names);
    }

    private RArray? Members()
    {
        if (!Accept("=")) return null;
        Accept("|");
        var names = new List<RValue> { Text(Name()) };
        while (Accept("|")) names.Add(Text(Name()));
        return List(names);
    }

    private RObject FieldDefinition()
    {
        var at = _current;
        var description = Description();
        var name = Name();
        var arguments = Some("(", ")", InputDefinition);
        Expect(":");
        var type = Type();
        return Node(at, ("Description", Text(description)), ("Name", Text(name)), ("Arguments", arguments), ("Type", type), ("Directives", Directives(true)));
    }

    private RObject InputDefinition()
    {
        var at = _current;
        var description = Description();
        var name = Name();
        Expect(":");
        var type = Type();
        var standard = Accept("=") ? Value(true) : null;
        return Node(at, ("Description", Text(description)), ("Name", Text(name)), ("DefaultValue", standard), ("Type", type), ("Directives", Directives(true)));
    }

    private RObject DirectiveDefinition(string description)
    {
        Keyword("directive");
        Expect("@");
        var at = _current;
        var name = Name();
        var arguments = Some("(", ")", InputDefinition);
        var repeats = _current is { Kind: GraphQlKind.Name, Value: "repeatable" };
        if (repeats) Take();
        Keyword("on");
        Accept("|");
        var locations = new List<RValue> { Location() };
        while (Accept("|")) locations.Add(Location());
        return Node(at, ("Description", Text(description)), ("Name", Text(name)), ("Arguments", arguments), ("Locations", List(locations)), ("IsRepeatable", RBool.Of(repeats)));
    }

    private RString Location()
    {
        var token = _current;
        var name = Name();
        return Locations.Contains(name) ? Text(name) : throw Unexpected(token);
    }
}
