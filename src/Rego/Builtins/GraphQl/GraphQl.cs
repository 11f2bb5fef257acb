using Rego.Evaluate;
using Rego.Values;

namespace Rego.Builtins.GraphQl;

/// <summary>graphql.*: documents given as text, or as the objects that graphql.parse_query and graphql.parse_schema make.</summary>
internal static class GraphQl
{
    private const int MaxLength = 1_000_000;

    public static void Register(Registrar t)
    {
        t.Add("graphql.parse_query", "s", (e, a) => Parsed(e, "graphql.parse_query", a[0].Str(), text => GraphQlParser.Query(text, out _)));
        t.Add("graphql.parse_schema", "s", (e, a) => Parsed(e, "graphql.parse_schema", a[0].Str(), text => GraphQlParser.Schema(text)));
        t.Add("graphql.parse", "* *", (e, a) =>
        {
            try
            {
                var (query, schema) = Checked(e, a[0], a[1]);
                return new RArray([query, schema]);
            }
            catch (GraphQlKindFault fault)
            {
                return e.Operand("graphql.parse", fault.Operand, "one of {string, object}", fault.Value);
            }
            catch (GraphQlFault fault)
            {
                return e.Fail($"graphql.parse: {fault.Message}");
            }
        });
        t.Add("graphql.parse_and_verify", "* *", (e, a) =>
        {
            try
            {
                var (query, schema) = Checked(e, a[0], a[1]);
                return new RArray([RBool.True, query, schema]);
            }
            catch (GraphQlFault)
            {
                return new RArray([RBool.False, RObject.Empty, RObject.Empty]);
            }
        });
        t.Add("graphql.is_valid", "* *", (e, a) =>
        {
            try
            {
                Checked(e, a[0], a[1]);
                return RBool.True;
            }
            catch (GraphQlFault)
            {
                return RBool.False;
            }
        });
        t.Add("graphql.schema_is_valid", "*", (e, a) =>
        {
            try
            {
                var document = SchemaOf(e, a[0], out var places);
                _ = new GraphQlSchema(document, places);
                return RBool.True;
            }
            catch (GraphQlFault)
            {
                return RBool.False;
            }
        });
    }

    private static RValue? Parsed(Evaluation e, string name, string text, Func<string, RObject> parse)
    {
        try
        {
            Spend(e, text);
            return parse(text);
        }
        catch (GraphQlFault fault)
        {
            return e.Fail($"{name}: {InText(fault)}");
        }
    }

    private static string InText(GraphQlFault fault) => $"{fault.Message} in GraphQL string at location {Place(fault)}";

    private static RObject Document(RValue value, int operand) => value as RObject ?? throw new GraphQlKindFault(operand, value);

    private static void Spend(Evaluation e, string text)
    {
        if (text.Length > MaxLength) throw new GraphQlFault("the document is too long", 1, 1);
        e.Spend(text.Length / 4);
    }

    private static RObject SchemaOf(Evaluation e, RValue value, out Dictionary<RObject, (int Line, int Column)> places)
    {
        places = new(ReferenceEqualityComparer.Instance);
        if (value is not RString text) return Pruned(Document(value, 1));
        Spend(e, text.Value);
        try
        {
            return GraphQlParser.Schema(text.Value, out places);
        }
        catch (GraphQlFault fault)
        {
            throw new GraphQlFault(InText(fault), 0, 0);
        }
    }

    private static (RObject Query, RObject Schema) Checked(Evaluation e, RValue queryValue, RValue schemaValue)
    {
        var places = new Dictionary<RObject, (int Line, int Column)>(ReferenceEqualityComparer.Instance);
        RObject query;
        if (queryValue is RString text)
        {
            Spend(e, text.Value);
            try
            {
                query = GraphQlParser.Query(text.Value, out places);
            }
            catch (GraphQlFault fault)
            {
                throw new GraphQlFault(InText(fault), 0, 0);
            }
        }
        else
        {
            query = Pruned(Document(queryValue, 0));
        }
        var document = SchemaOf(e, schemaValue, out var schemaPlaces);
        GraphQlSchema schema;
        try
        {
            schema = new GraphQlSchema(document, schemaPlaces);
        }
        catch (GraphQlFault fault)
        {
            throw new GraphQlFault($"Error in gqlparser SchemaDocument to Schema conversion: {fault.Message}", 0, 0);
        }
        var faults = GraphQlQuery.Faults(schema, query, places);
        if (faults.Count > 0) throw new GraphQlFault(Told(faults), 0, 0);
        return (query, document);
    }

    // OPA tells all faults, one a line, and takes the place of the first to the end; the line break goes only with a full stop before it.
    private static string Told(IReadOnlyList<GraphQlFault> faults)
    {
        var lines = faults.Select(f => f.Line > 0 ? $"input:{Place(f)}: {f.Message}\n" : $"input: {f.Message}\n");
        if (faults[0].Line == 0) return "GraphQL parse error: " + string.Concat(lines);
        var text = faults[0].Message + "\n" + string.Concat(lines.Skip(1));
        return $"{(text.EndsWith(".\n", StringComparison.Ordinal) ? text[..^2] : text)} in GraphQL string at location {Place(faults[0])}";
    }

    private static string Place(GraphQlFault fault) => FormattableString.Invariant($"{fault.Line}:{fault.Column}");

    /// <summary>Without the members that OPA leaves out, so that what comes back is the same whoever made it.</summary>
    private static RObject Pruned(RObject node)
    {
        var builder = new RObjectBuilder();
        for (var i = 0; i < node.Count; i++)
        {
            if (node.Keys[i] is RString { Value: "Position" }) continue;
            if (Pruned(node.Values[i]) is { } value) builder.Set(node.Keys[i], value);
        }
        return builder.Build();
    }

    private static RValue? Pruned(RValue value) => value switch
    {
        RNull => null,
        RObject o => Pruned(o) is { Count: > 0 } pruned ? pruned : null,
        RArray a => a.Items.ToArray().Select(Pruned).OfType<RValue>().ToArray() is { Length: > 0 } items ? new RArray(items) : null,
        _ => value,
    };
}
