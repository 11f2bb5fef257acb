using Rego.Values;

namespace Rego.Builtins.GraphQl;

/// <summary>
/// GraphQL documents as the objects OPA makes of them: members that are null or empty are left out. Where each object came
/// from is kept aside, for messages.
/// </summary>
internal sealed partial class GraphQlParser
{
    // Selections, lists and types inside one another; deeper ones are no document a person wrote.
    private const int MaxDepth = 200;

    private readonly GraphQlLexer _lexer;
    private GraphQlToken _current;
    private GraphQlToken _previous;
    private int _depth;

    private GraphQlParser(string text)
    {
        _lexer = new GraphQlLexer(text);
        _current = _lexer.Next();
    }

    public Dictionary<RObject, (int Line, int Column)> Places { get; } = new(ReferenceEqualityComparer.Instance);

    /// <exception cref="GraphQlFault">The text is no query document.</exception>
    public static RObject Query(string text, out Dictionary<RObject, (int Line, int Column)> places)
    {
        var parser = new GraphQlParser(text);
        places = parser.Places;
        return parser.QueryDocument();
    }

    /// <exception cref="GraphQlFault">The text is no schema document.</exception>
    public static RObject Schema(string text, bool isBuiltIn = false) => new GraphQlParser(text).SchemaDocument(isBuiltIn);

    /// <exception cref="GraphQlFault">The text is no schema document.</exception>
    public static RObject Schema(string text, out Dictionary<RObject, (int Line, int Column)> places)
    {
        var parser = new GraphQlParser(text);
        places = parser.Places;
        return parser.SchemaDocument(false);
    }

    private RObject QueryDocument()
    {
        var (operations, fragments) = (new List<RValue>(), new List<RValue>());
        while (_current.Kind != GraphQlKind.End)
        {
            if (_current.Is("{") || _current is { Kind: GraphQlKind.Name, Value: "query" or "mutation" or "subscription" }) operations.Add(Operation());
            else if (_current is { Kind: GraphQlKind.Name, Value: "fragment" }) fragments.Add(Fragment());
            else throw Unexpected(_current);
        }
        return Node(_current, ("Operations", List(operations)), ("Fragments", List(fragments)));
    }

    private RObject Operation()
    {
        var at = _current;
        if (_current.Is("{")) return Node(at, ("Operation", Text("query")), ("Name", Text("")), ("SelectionSet", RequiredSelections()));
        // Before the short form OPA loses the comments.
        var comment = Comment();
        var operation = OperationType();
        var name = _current.Kind == GraphQlKind.Name ? Take().Value : "";
        var variables = Variables();
        var directives = Directives(false);
        return Node(at, ("Operation", Text(operation)), ("Name", Text(name)), ("VariableDefinitions", variables), ("Directives", directives), ("SelectionSet", RequiredSelections()), ("Comment", comment));
    }

    private string OperationType()
    {
        var token = Take();
        return token.Value is "query" or "mutation" or "subscription" ? token.Value : throw Unexpected(token);
    }

    private RArray? Variables() => Some("(", ")", () =>
    {
        var (at, comment) = (_current, Comment());
        var name = Variable();
        Expect(":");
        var type = Type();
        var standard = Accept("=") ? Value(true) : null;
        return Node(at, ("Variable", Text(name)), ("Type", type), ("DefaultValue", standard), ("Directives", Directives(false)), ("Used", RBool.False), ("Comment", comment));
    });

    private string Variable()
    {
        Expect("$");
        return Name();
    }

    private RArray? RequiredSelections()
    {
        if (!_current.Is("{")) throw Fault(_current, $"Expected {{, found {_current.KindText}");
        return Selections();
    }

    private RArray? Selections()
    {
        Enter();
        var selections = Some("{", "}", () => _current.Is("...") ? Spread() : Field());
        _depth--;
        return selections;
    }

    /// <summary>The comments before the current token, as OPA keeps them; null if there are none.</summary>
    private RObject? Comment()
    {
        if (_lexer.Comments.Count == 0) return null;
        return One("List", new RArray([.. _lexer.Comments.Select(c => One("Value", Text(c)))]));

        static RObject One(string name, RValue value)
        {
            var builder = new RObjectBuilder();
            builder.Set(new RString(name), value);
            return builder.Build();
        }
    }

    private RObject Field()
    {
        var (at, comment) = (_current, Comment());
        var alias = Name();
        var name = Accept(":") ? Name() : alias;
        var arguments = Arguments(false);
        var directives = Directives(false);
        return Node(at, ("Alias", Text(alias)), ("Name", Text(name)), ("Arguments", arguments), ("Directives", directives), ("SelectionSet", _current.Is("{") ? Selections() : null), ("Comment", comment));
    }

    private RArray? Arguments(bool isConstant) => Some("(", ")", () =>
    {
        var (at, comment) = (_current, Comment());
        var name = Name();
        Expect(":");
        return Node(at, ("Name", Text(name)), ("Value", Value(isConstant)), ("Comment", comment));
    });

    private RObject Spread()
    {
        var comment = Comment();
        Expect("...");
        var at = _current;
        if (_current.Kind == GraphQlKind.Name && _current.Value != "on")
        {
            var name = FragmentName();
            return Node(at, ("Name", Text(name)), ("Directives", Directives(false)), ("Comment", comment));
        }
        var condition = "";
        if (_current.Value == "on")
        {
            Take();
            condition = Name();
        }
        var directives = Directives(false);
        return Node(at, ("TypeCondition", Text(condition)), ("Directives", directives), ("SelectionSet", RequiredSelections()), ("Comment", comment));
    }

    private RObject Fragment()
    {
        var (at, comment) = (_current, Comment());
        Keyword("fragment");
        var name = FragmentName();
        var variables = Variables();
        Keyword("on");
        var condition = Name();
        var directives = Directives(false);
        return Node(at, ("Name", Text(name)), ("VariableDefinition", variables), ("TypeCondition", Text(condition)), ("Directives", directives), ("SelectionSet", RequiredSelections()), ("Comment", comment));
    }

    private string FragmentName() => _current.Value == "on" ? throw Unexpected(_current) : Name();

    private RObject Value(bool isConstant)
    {
        Enter();
        var at = _current;
        // Only lists and objects keep the comments before them.
        var comment = at.Is("[") || at.Is("{") ? Comment() : null;
        var (kind, raw, children) = (0, "", (RArray?)null);
        switch (at)
        {
            case { Kind: GraphQlKind.Punctuator, Value: "[" }:
                kind = 8;
                children = Many("[", "]", () => Node(_current, ("Name", Text("")), ("Value", Value(isConstant))));
                break;
            case { Kind: GraphQlKind.Punctuator, Value: "{" }:
                kind = 9;
                children = Many("{", "}", () =>
                {
                    var (place, note) = (_current, Comment());
                    var name = Name();
                    Expect(":");
                    return Node(place, ("Name", Text(name)), ("Value", Value(isConstant)), ("Comment", note));
                });
                break;
            case { Kind: GraphQlKind.Punctuator, Value: "$" } when !isConstant:
                raw = Variable();
                break;
            default:
                kind = at.Kind switch
                {
                    GraphQlKind.Int => 1,
                    GraphQlKind.Float => 2,
                    GraphQlKind.String => 3,
                    GraphQlKind.BlockString => 4,
                    GraphQlKind.Name => at.Value switch { "true" or "false" => 5, "null" => 6, _ => 7 },
                    _ => throw Unexpected(at),
                };
                raw = Take().Value;
                break;
        }
        _depth--;
        return Node(at, ("Raw", Text(raw)), ("Children", children), ("Kind", RNumber.Of(kind)), ("ExpectedTypeHasDefault", RBool.False), ("Comment", comment));
    }

    private RArray? Directives(bool isConstant)
    {
        var directives = new List<RValue>();
        while (_current.Is("@"))
        {
            Take();
            var at = _current;
            var name = Name();
            directives.Add(Node(at, ("Name", Text(name)), ("Arguments", Arguments(isConstant)), ("Location", Text(""))));
        }
        return List(directives);
    }

    private RObject Type()
    {
        Enter();
        var (at, name, element) = (_current, "", (RObject?)null);
        if (Accept("["))
        {
            at = _current;
            element = Type();
            Expect("]");
        }
        else
        {
            name = Name();
        }
        _depth--;
        var isRequired = Accept("!");
        return Node(at, ("NamedType", Text(name)), ("Elem", element), ("NonNull", RBool.Of(isRequired)));
    }

    private RObject Node(GraphQlToken at, params (string Name, RValue? Value)[] members)
    {
        var builder = new RObjectBuilder(members.Length);
        foreach (var (name, value) in members)
        {
            if (value is not null) builder.Set(new RString(name), value);
        }
        var node = builder.Build();
        Places[node] = (at.Line, at.Column);
        return node;
    }

    private static RString Text(string text) => new(text);

    private static RArray? List(List<RValue> items) => items.Count == 0 ? null : new RArray([.. items]);

    private RArray? Many(string open, string close, Func<RValue> item) => Many(open, close, item, out _);

    private RArray? Many(string open, string close, Func<RValue> item, out RObject? end)
    {
        end = null;
        if (!Accept(open)) return null;
        var items = new List<RValue>();
        while (!_current.Is(close)) items.Add(item());
        end = Comment();
        Take();
        return List(items);
    }

    private RArray? Some(string open, string close, Func<RValue> item) => Some(open, close, item, out _);

    private RArray? Some(string open, string close, Func<RValue> item, out RObject? end)
    {
        end = null;
        if (!_current.Is(open)) return null;
        return Many(open, close, item, out end) ?? throw Fault(_previous, $"expected at least one definition, found {close}");
    }

    private GraphQlToken Take()
    {
        _previous = _current;
        if (_current.Kind != GraphQlKind.End) _current = _lexer.Next();
        return _previous;
    }

    private bool Accept(string punctuator)
    {
        if (!_current.Is(punctuator)) return false;
        Take();
        return true;
    }

    private void Expect(string punctuator)
    {
        if (!Accept(punctuator)) throw Fault(_current, $"Expected {punctuator}, found {_current.KindText}");
    }

    private string Name() => _current.Kind == GraphQlKind.Name ? Take().Value : throw Fault(_current, $"Expected Name, found {_current.KindText}");

    private void Keyword(string word)
    {
        if (_current.Kind != GraphQlKind.Name || _current.Value != word) throw Fault(_current, $"Expected {GoFormat.Quote(word)}, found {_current}");
        Take();
    }

    private void Enter()
    {
        if (++_depth > MaxDepth) throw Fault(_current, "the document is nested too deeply");
    }

    private static GraphQlFault Unexpected(GraphQlToken token) => Fault(token, $"Unexpected {token}");

    private static GraphQlFault Fault(GraphQlToken at, string message) => new(message, at.Line, at.Column);
}
