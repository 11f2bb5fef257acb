namespace Rego.Tests;

public class GraphQlTests
{
    private const string Schema = """
        interface Pet { name: String! }
        type Dog implements Pet { name: String! barks(loud: Boolean = true): Boolean owner: Human }
        type Cat implements Pet { name: String! lives: Int }
        type Human { name: String pets(first: Int!): [Pet!]! }
        union Any = Dog | Cat
        enum Size { SMALL LARGE }
        input Filter { size: Size! age: Int = 3 tags: [String!] }
        type Query { pet(id: ID!): Pet any: [Any] find(filter: Filter!, n: Float): [Dog!] human: Human }
        type Mutation { feed(id: ID!): Boolean }
        """;

    private static string Ask(string call, string query) =>
        Policy.P($"p := graphql.{call}(input.query, input.schema)", System.Text.Json.JsonSerializer.Serialize(new { query, schema = Schema }), new EvaluationOptions { StrictBuiltinErrors = true });

    [Theory]
    [InlineData("{ pet(id: 1) { name ... on Dog { barks owner { name } } } }")]
    [InlineData("query Q($id: ID!) { pet(id: $id) { ...P } } fragment P on Pet { __typename name }")]
    [InlineData("query Q($s: Size = LARGE) { find(filter: {size: $s, tags: \"one\"}, n: 1) { name } }")]
    [InlineData("mutation { feed(id: \"x\") }")]
    [InlineData("{ human { pets(first: 3000000000) { name } } }")]
    [InlineData("query Q($b: Boolean) { pet(id: 1) { ... on Dog { barks(loud: $b) } } }")]
    [InlineData("{ __schema { types { name } } __type(name: \"Dog\") { kind } }")]
    [InlineData("{ a: human { name } b: human { name } human { name } human { pets(first: 2) { name } } }")]
    [InlineData("query Q($no: Boolean!) { human @skip(if: $no) { name } }")]
    public void A_query_that_fits_is_valid(string query) => Assert.Equal("true", Ask("is_valid", query));

    [Theory]
    [InlineData("{ pet { name } }", "Field \"pet\" argument \"id\" of type \"ID!\" is required, but it was not provided in GraphQL string at location 1:3")]
    [InlineData("{ pet(id: 1) { barks } }", "Cannot query field \"barks\" on type \"Pet\". Did you mean to use an inline fragment on \"Dog\"?\n in GraphQL string at location 1:16")]
    [InlineData("{ nothing }", "Cannot query field \"nothing\" on type \"Query\"")]
    [InlineData("{ human }", "Field \"human\" of type \"Human\" must have a selection of subfields")]
    [InlineData("{ human { name { x } } }", "Cannot query field \"x\" on type \"String\".\ninput:1:11: Field \"name\" must not have a selection since type \"String\" has no subfields")]
    [InlineData("{ human { pets(first: \"2\") { name } } }", "Int cannot represent non-integer value: \"2\"")]
    [InlineData("{ human { pets(first: 30000000000000000000) { name } } }", "Int cannot represent non 32-bit signed integer value: 30000000000000000000")]
    [InlineData("{ find(filter: {size: HUGE}) { name } }", "Value \"HUGE\" does not exist in \"Size!\" enum")]
    [InlineData("{ find(filter: {age: 1}) { name } }", "Field \"Filter.size\" of required type \"Size!\" was not provided")]
    [InlineData("{ find(filter: {size: SMALL, x: 1}) { name } }", "Field \"x\" is not defined by type \"Filter\"")]
    [InlineData("{ human @nope { name } }", "Unknown directive \"@nope\"")]
    [InlineData("{ human { name @deprecated } }", "Directive \"@deprecated\" may not be used on FIELD")]
    [InlineData("{ ...F }", "Unknown fragment \"F\"")]
    [InlineData("{ human { name } } fragment F on Human { name }", "Fragment \"F\" is never used")]
    [InlineData("{ human { ...F } } fragment F on Human { ...F }", "Cannot spread fragment \"F\" within itself")]
    [InlineData("{ human { ... on Dog { name } } }", "Fragment cannot be spread here as objects of type \"Human\" can never be of type \"Dog\"")]
    [InlineData("{ human { name } } { human { name } }", "This anonymous operation must be the only defined operation")]
    [InlineData("query A { human { name } } query A { human { name } }", "There can be only one operation named \"A\"")]
    [InlineData("query Q($x: Int) { human { name } }", "Variable \"$x\" is never used in operation \"Q\"")]
    [InlineData("query Q { human { pets(first: $x) { name } } }", "Variable \"$x\" is not defined by operation \"Q\"")]
    [InlineData("query Q($x: Int) { human { pets(first: $x) { name } } }", "Variable \"$x\" of type \"Int\" used in position expecting type \"Int!\"")]
    [InlineData("query Q($x: Dog) { human { name } }", "Variable \"$x\" is never used in operation \"Q\".\ninput:1:9: Variable \"$x\" cannot be non-input type \"Dog\" in GraphQL string at location 1:9")]
    [InlineData("{ human { ...F } } fragment F on Human { ...G } fragment G on Human { ...F }", "Cannot spread fragment \"F\" within itself via \"G\" in GraphQL string at location 1:74")]
    [InlineData("{ humn { name } any(x: 1) { __typename } }", "Cannot query field \"humn\" on type \"Query\". Did you mean \"human\"?\ninput:1:17: Unknown argument \"x\" on field \"Query.any\" in GraphQL string at location 1:3")]
    [InlineData("{ human { name } } { human { name } }", "This anonymous operation must be the only defined operation.\ninput:1:20: This anonymous operation must be the only defined operation.\ninput:1:20: There can be only one operation named \"\" in GraphQL string at location 1:1")]
    [InlineData("{ human { name: pets(first: 1) { name } name } }", "Fields \"name\" conflict because \"pets\" and \"name\" are different fields. Use different aliases on the fields to fetch both if this was intentional in GraphQL string at location 1:41")]
    [InlineData("{ human { pets(first: 1) { name } } human { pets(first: 2) { name } } }", "Fields \"human\" conflict because subfields \"pets\" conflict because they have differing arguments. Use different aliases on the fields to fetch both if this was intentional in GraphQL string at location 1:37")]
    [InlineData("{ find(filter: {size: SMAL, aeg: 1}) { name } }", "Value \"SMAL\" does not exist in \"Size!\" enum. Did you mean the enum value \"SMALL\"?\ninput:1:29: Field \"aeg\" is not defined by type \"Filter\". Did you mean \"age\"?\n in GraphQL string at location 1:23")]
    [InlineData("{ find(filter: \"x\", n: true) { name } }", "Expected value of type \"Filter!\", found \"x\".\ninput:1:24: Float cannot represent non numeric value: true\n in GraphQL string at location 1:17")]
    [InlineData("{ human @skip(if: true) @skip(if: true) { name } }", "The directive \"@skip\" can only be used once at this location in GraphQL string at location 1:26")]
    [InlineData("{ human @skip { name } }", "Directive \"@skip\" argument \"if\" of type \"Boolean!\" is required, but it was not provided in GraphQL string at location 1:10")]
    [InlineData("{ pet(id: 1, id: 2) { name } }", "There can be only one argument named \"id\" in GraphQL string at location 1:14")]
    [InlineData("{ pet(id: 1) { name ... on Size { __typename } ... on Dogg { name } } }", "Fragment cannot condition on non composite type \"Size\".\ninput:1:52: Unknown type \"Dogg\" in GraphQL string at location 1:25")]
    [InlineData("{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }", "Maximum introspection depth exceeded\n in GraphQL string at location 1:3")]
    [InlineData("query Q() { human { name } }", "expected at least one definition, found ) in GraphQL string at location 1:9")]
    [InlineData("{ pet() { name } }", "expected at least one definition, found ) in GraphQL string at location 1:7")]
    [InlineData("subscription { x }", "Schema does not support operation type \"subscription\"")]
    [InlineData("{ pet(id: 1) { n: name } pet(id: 2) { n: name } }", "Fields \"pet\" conflict because they have differing arguments")]
    [InlineData("{ human { ", "Expected Name, found <EOF> in GraphQL string at location 1:11")]
    [InlineData("{ human\r\n}\r\n!", "Unexpected ! in GraphQL string at location 3:2")]
    [InlineData("{ a(b: \"\\x\") }", "Unexpected <Invalid> in GraphQL string at location 1:10")]
    public void A_query_that_does_not_fit_is_refused_with_what_and_where(string query, string expected)
    {
        var fault = Assert.Throws<RegoEvaluationException>(() => Ask("parse", query));

        Assert.Equal("eval_builtin_error", fault.Code);
        Assert.StartsWith("graphql.parse: " + expected, fault.Reason, StringComparison.Ordinal);
        Assert.Equal("false", Ask("is_valid", query));
        Assert.Equal("[false,{},{}]", Ask("parse_and_verify", query));
    }

    [Theory]
    [InlineData("type A { x: B }", "false")]
    [InlineData("type A { x: Int x: Int }", "false")]
    [InlineData("type A { _x: Int } extend type A { y: Int }", "true")]
    [InlineData("type A { __x: Int }", "false")]
    [InlineData("type A { x(y: A): Int }", "false")]
    [InlineData("input A { x: A } type B { a: A }", "false")]
    [InlineData("enum E { true }", "false")]
    [InlineData("interface I { x: Int! } type A implements I { x: Int }", "false")]
    [InlineData("interface I { x: Int } type A implements I { x: Int! }", "true")]
    [InlineData("scalar S @specifiedBy(url: \"x\") @nope", "false")]
    [InlineData("type A { x: Int } type A { y: Int }", "false")]
    [InlineData("schema { query: Nope }", "false")]
    public void A_schema_is_checked(string schema, string expected) => Assert.Equal(expected, Policy.P("p := graphql.schema_is_valid(input)", System.Text.Json.JsonSerializer.Serialize(schema)));

    [Theory]
    [InlineData("{")]
    [InlineData("[")]
    [InlineData("{a(b:[")]
    public void A_document_nested_without_end_is_refused(string piece)
    {
        var deep = string.Concat(Enumerable.Repeat(piece == "{" ? "{a" : piece, 100_000));

        Assert.Equal("undefined", Policy.P("p := graphql.parse_query(input)", System.Text.Json.JsonSerializer.Serialize(deep)));
    }

    [Theory]
    [InlineData("type Query { a: Nope }", "input:1:17: Undefined type Nope.")]
    [InlineData("type Query {\n  a: [Nope!]!\n}", "input:2:7: Undefined type Nope.")]
    [InlineData("type A { b: Int }\ntype A { b: Int }", "input:2:6: Cannot redeclare type A.")]
    [InlineData("type A { b: Int b: Int }", "input:1:17: Field A.b can only be defined once.")]
    [InlineData("union U = Int", "input:1:7: UNION type \"Int\" must be OBJECT.")]
    [InlineData("type A { b: Int @nope }", "input:1:18: Undefined directive nope.")]
    [InlineData("interface I { a: Int! }\ntype A implements I { a: Int }", "input:2:23: For A to implement I the field a must have type Int!.")]
    public void A_schema_that_does_not_hold_is_refused_with_what_and_where(string schema, string expected)
    {
        var fault = Assert.Throws<RegoEvaluationException>(() =>
            Policy.P("p := graphql.parse(`{ a }`, input)", System.Text.Json.JsonSerializer.Serialize(schema), new EvaluationOptions { StrictBuiltinErrors = true }));

        Assert.Equal("graphql.parse: Error in gqlparser SchemaDocument to Schema conversion: " + expected, fault.Reason);
    }

    [Theory]
    [InlineData("query Q {\n  # one\n  # two\n  a(# three\n  b: # four\n  [1])\n}", "{\"Operations\":[{\"Name\":\"Q\",\"Operation\":\"query\",\"SelectionSet\":[{\"Alias\":\"a\",\"Arguments\":[{\"Comment\":{\"List\":[{\"Value\":\"# three\"}]},\"Name\":\"b\",\"Value\":{\"Children\":[{\"Name\":\"\",\"Value\":{\"ExpectedTypeHasDefault\":false,\"Kind\":1,\"Raw\":\"1\"}}],\"Comment\":{\"List\":[{\"Value\":\"# four\"}]},\"ExpectedTypeHasDefault\":false,\"Kind\":8,\"Raw\":\"\"}}],\"Comment\":{\"List\":[{\"Value\":\"# one\"},{\"Value\":\"# two\"}]},\"Name\":\"a\"}]}]}")]
    [InlineData("# lost\n{ a # lost\n}", "{\"Operations\":[{\"Name\":\"\",\"Operation\":\"query\",\"SelectionSet\":[{\"Alias\":\"a\",\"Name\":\"a\"}]}]}")]
    public void Comments_of_a_query_stay_where_OPA_keeps_them(string query, string expected) =>
        Assert.Equal(expected, Policy.P("p := graphql.parse_query(input)", System.Text.Json.JsonSerializer.Serialize(query)));

    [Fact]
    public void Comments_of_a_schema_stay_where_OPA_keeps_them()
    {
        const string Text = "# one\n\"d\"\n# two\ntype A {\n  # three\n  x: Int # four\n}\n# five";
        const string Expected = "{\"Comment\":{\"List\":[{\"Value\":\"# five\"}]},\"Definitions\":[{\"AfterDescriptionComment\":{\"List\":[{\"Value\":\"# two\"}]},\"BeforeDescriptionComment\":{\"List\":[{\"Value\":\"# one\"}]},\"BuiltIn\":false,\"Description\":\"d\",\"EndOfDefinitionComment\":{\"List\":[{\"Value\":\"# four\"}]},\"Fields\":[{\"AfterDescriptionComment\":{\"List\":[{\"Value\":\"# three\"}]},\"Description\":\"\",\"Name\":\"x\",\"Type\":{\"NamedType\":\"Int\",\"NonNull\":false}}],\"Kind\":\"OBJECT\",\"Name\":\"A\"}]}";

        Assert.Equal(Expected, Policy.P("p := graphql.parse_schema(input)", System.Text.Json.JsonSerializer.Serialize(Text)));
    }

    [Theory]
    [InlineData("{a: 1}", "true")]
    [InlineData("{a: 1, b: 2}", "false")]
    [InlineData("{a: null}", "false")]
    [InlineData("{}", "false")]
    public void An_input_of_one_of_its_members_has_exactly_one(string value, string expected)
    {
        var schema = "input I @oneOf { a: Int b: Int } type Query { f(i: I): Int }";

        Assert.Equal(expected, Policy.P("p := graphql.is_valid(input.query, input.schema)", System.Text.Json.JsonSerializer.Serialize(new { query = $"{{ f(i: {value}) }}", schema })));
    }

    [Fact]
    public void A_query_given_as_an_object_has_no_places()
    {
        var fault = Assert.Throws<RegoEvaluationException>(() =>
            Policy.P("p := graphql.parse(graphql.parse_query(`{ b c }`), `type Query { xyz: Int }`)", "null", new EvaluationOptions { StrictBuiltinErrors = true }));

        Assert.Equal("graphql.parse: GraphQL parse error: input: Cannot query field \"b\" on type \"Query\".\ninput: Cannot query field \"c\" on type \"Query\".\n", fault.Reason);
    }

    [Fact]
    public void Fragments_that_grow_by_the_power_are_refused_in_time()
    {
        var parts = Enumerable.Range(0, 40).Select(i => $"fragment F{i} on Query {{ ...F{i + 1} x{i}: __schema {{ ...G{i} }} ...F{i + 1} }} fragment G{i} on __Schema {{ ...G{i + 1} ...G{i + 1} }}");
        var query = "{ ...F0 } " + string.Join(' ', parts) + " fragment F40 on Query { human { name } } fragment G40 on __Schema { description }";

        Assert.Equal("false", Ask("is_valid", query));
    }

    [Theory]
    [InlineData("graphql.is_valid(input, ``)", "false")]
    [InlineData("graphql.is_valid(`{ a }`, input)", "false")]
    [InlineData("graphql.schema_is_valid(input)", "false")]
    [InlineData("graphql.parse_and_verify(input, ``)", "[false,{},{}]")]
    [InlineData("graphql.parse(input, ``)", "graphql.parse: operand 0 must be one of {string, object} but got number")]
    [InlineData("graphql.parse(`{ a }`, input)", "graphql.parse: operand 1 must be one of {string, object} but got number")]
    public void What_is_no_document_is_not_valid(string call, string expected)
    {
        string Answer() => Policy.P("p := " + call, "1", new EvaluationOptions { StrictBuiltinErrors = true });

        if (expected.StartsWith("graphql", StringComparison.Ordinal))
        {
            var fault = Assert.Throws<RegoEvaluationException>(Answer);
            Assert.Equal(("eval_type_error", expected), (fault.Code, fault.Reason));
        }
        else
        {
            Assert.Equal(expected, Answer());
        }
    }
}
