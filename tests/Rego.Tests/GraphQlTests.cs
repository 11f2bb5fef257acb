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
    [InlineData("{ __schema { types { name } } __type(name: \"Dog\") { kind } }")]
    [InlineData("{ a: human { name } b: human { name } human { name } human { pets(first: 2) { name } } }")]
    [InlineData("query Q($no: Boolean!) { human @skip(if: $no) { name } }")]
    public void A_query_that_fits_is_valid(string query) => Assert.Equal("true", Ask("is_valid", query));

    [Theory]
    [InlineData("{ pet { name } }", "Field \"pet\" argument \"id\" of type \"ID!\" is required, but it was not provided in GraphQL string at location 1:3")]
    [InlineData("{ pet(id: 1) { barks } }", "Cannot query field \"barks\" on type \"Pet\". Did you mean to use an inline fragment on \"Dog\"? in GraphQL string at location 1:16")]
    [InlineData("{ nothing }", "Cannot query field \"nothing\" on type \"Query\"")]
    [InlineData("{ human }", "Field \"human\" of type \"Human\" must have a selection of subfields")]
    [InlineData("{ human { name { x } } }", "Field \"name\" must not have a selection since type \"String\" has no subfields")]
    [InlineData("{ human { pets(first: \"2\") { name } } }", "Int cannot represent non-integer value: \"2\"")]
    [InlineData("{ human { pets(first: 3000000000) { name } } }", "Int cannot represent non 32-bit signed integer value: 3000000000")]
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
    [InlineData("query Q($x: Dog) { human { name } }", "Variable \"$x\" cannot be non-input type \"Dog\"")]
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
    [InlineData("type Query {\n  a: [Nope!]!\n}", "input:3:1: Undefined type Nope.")]
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
}
