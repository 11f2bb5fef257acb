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
            var (description, before) = Described();
            if (_current.Kind != GraphQlKind.Name) throw Unexpected(_current);
            switch (_current.Value)
            {
                case "scalar" or "type" or "interface" or "union" or "enum" or "input": definitions.Add(Definition(description, before, Comment(), isBuiltIn, isExtension: false)); break;
                case "schema": schemas.Add(SchemaDefinition(description, before, Comment(), isExtension: false)); break;
                case "directive": directives.Add(DirectiveDefinition(description, before)); break;
                case "extend":
                    if (description.Length > 0) throw Unexpected(_previous);
                    var comment = Comment();
                    Take();
                    if (_current.Value == "schema") schemaExtensions.Add(SchemaDefinition("", null, comment, isExtension: true));
                    else extensions.Add(Definition("", null, comment, isBuiltIn, isExtension: true));
                    break;
                default: throw Unexpected(_current);
            }
        }
        return Node(_current, ("Schema", List(schemas)), ("SchemaExtension", List(schemaExtensions)), ("Directives", List(directives)), ("Definitions", List(definitions)), ("Extensions", List(extensions)), ("Comment", Comment()));
    }

    /// <summary>A description and the comments before it.</summary>
    private (string Text, RObject? Before) Described()
    {
        if (_current.Kind is not (GraphQlKind.String or GraphQlKind.BlockString)) return ("", null);
        var before = Comment();
        return (Take().Value, before);
    }

    /// <summary>As <see cref="Described"/>, with the comments behind it; those before an empty one are lost.</summary>
    private (string Text, RObject? Before, RObject? After) Introduced()
    {
        var (text, before) = Described();
        return (text, text.Length > 0 ? before : null, Comment());
    }

    /// <summary>A list in braces and the comments before its end.</summary>
    private (RArray? Items, RObject? End) Braced(Func<RValue> item)
    {
        var items = Some("{", "}", item, out var end);
        return (items, end);
    }

    private RObject SchemaDefinition(string description, RObject? before, RObject? after, bool isExtension)
    {
        Keyword("schema");
        var at = _current;
        var directives = Directives(true);
        var (operations, end) = Braced(() =>
        {
            var (place, comment) = (_current, Comment());
            var operation = OperationType();
            Expect(":");
            return Node(place, ("Operation", Text(operation)), ("Type", Text(Name())), ("Comment", comment));
        });
        if (isExtension && directives is null && operations is null) throw Unexpected(_current);
        return Node(at, ("Description", Text(description)), ("Directives", directives), ("OperationTypes", operations), Before(before), After(after), End(end));
    }

    private RObject Definition(string description, RObject? before, RObject? after, bool isBuiltIn, bool isExtension)
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
        RObject? end = null;
        if (kind is "OBJECT" || (kind is "INTERFACE" && !isExtension)) interfaces = Interfaces();
        var directives = Directives(true);
        switch (kind)
        {
            case "OBJECT" or "INTERFACE": (fields, end) = Braced(FieldDefinition); break;
            case "INPUT_OBJECT": (fields, end) = Braced(InputDefinition); break;
            case "UNION": types = Members(); break;
            case "ENUM":
                (values, end) = Braced(() =>
                {
                    var place = _current;
                    var (text, noteBefore, noteAfter) = Introduced();
                    var value = Name();
                    return Node(place, ("Description", Text(text)), ("Name", Text(value)), ("Directives", Directives(true)), Before(noteBefore), After(noteAfter));
                });
                break;
        }
        if (isExtension && interfaces is null && directives is null && fields is null && types is null && values is null) throw Unexpected(_current);
        return Node(at, ("Kind", Text(kind)), ("Description", Text(description)), ("Name", Text(name)), ("Interfaces", interfaces), ("Directives", directives), ("Fields", fields), ("Types", types), ("EnumValues", values), ("BuiltIn", RBool.Of(isBuiltIn)), Before(before), After(after), End(end));
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
        var (description, before, after) = Introduced();
        var name = Name();
        var arguments = Some("(", ")", InputDefinition);
        Expect(":");
        var type = Type();
        return Node(at, ("Description", Text(description)), ("Name", Text(name)), ("Arguments", arguments), ("Type", type), ("Directives", Directives(true)), Before(before), After(after));
    }

    private RObject InputDefinition()
    {
        var at = _current;
        var (description, before, after) = Introduced();
        var name = Name();
        Expect(":");
        var type = Type();
        var standard = Accept("=") ? Value(true) : null;
        return Node(at, ("Description", Text(description)), ("Name", Text(name)), ("DefaultValue", standard), ("Type", type), ("Directives", Directives(true)), Before(before), After(after));
    }

    private RObject DirectiveDefinition(string description, RObject? before)
    {
        var after = Comment();
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
        return Node(at, ("Description", Text(description)), ("Name", Text(name)), ("Arguments", arguments), ("Locations", List(locations)), ("IsRepeatable", RBool.Of(repeats)), Before(before), After(after));
    }

    private static (string Name, RValue? Value) Before(RObject? comment) => ("BeforeDescriptionComment", comment);

    private static (string Name, RValue? Value) After(RObject? comment) => ("AfterDescriptionComment", comment);

    private static (string Name, RValue? Value) End(RObject? comment) => ("EndOfDefinitionComment", comment);

    private RString Location()
    {
        var token = _current;
        var name = Name();
        return Locations.Contains(name) ? Text(name) : throw Unexpected(token);
    }
}
