namespace Rego.Tests;

/// <summary>Metadata blocks: what is wrong with them, and the schemas they name.</summary>
public class MetadataTests
{
    [Theory]
    [InlineData("# METADATA\n# title: [1\np := 1", "3:1: rego_parse_error: yaml: line 1: did not find expected ',' or ']'")]
    [InlineData("# METADATA\np := 1", "2:1: rego_parse_error: expected METADATA block, found whitespace")]
    [InlineData("# METADATA\n# scope: foo\np := 1", "2:1: rego_parse_error: invalid annotation scope 'foo'. Use one of 'rule', 'document', 'package', or 'subpackages'")]
    [InlineData("# METADATA\n# scope: package\np := 1", "2:1: rego_parse_error: annotation scope 'package' must be applied to package (have rule)")]
    [InlineData("# METADATA\n# title: x\nimport data.a\np := a", "2:1: rego_parse_error: invalid annotation scope 'import'. Use one of 'rule', 'document', 'package', or 'subpackages'")]
    [InlineData("p := 1\n# METADATA\n# title: x", "3:1: rego_parse_error: invalid annotation scope ''. Use one of 'rule', 'document', 'package', or 'subpackages'")]
    [InlineData("# METADATA\n# entrypoint: true\n# scope: rule\np := 1", "2:1: rego_parse_error: annotation entrypoint applied to non-document or package scope 'rule'")]
    [InlineData("# METADATA\n# entrypoint: yes please\np := 1", "3:1: rego_parse_error: yaml: unmarshal errors:\n  line 1: cannot unmarshal !!str `yes please` into bool")]
    [InlineData("# METADATA\n# title:foo\n# description: bar\np := 1", "4:1: rego_parse_error: yaml: line 2: mapping values are not allowed in this context\n  Hint: on line 3, symbol(s) ['f'] immediately following a key/value separator ':' is not a legal yaml space character")]
    [InlineData("# METADATA\n# authors:\n# - {}\np := 1", "2:1: rego_parse_error: invalid author definition map[]: 'name' and/or 'email' values required in object")]
    [InlineData("# METADATA\n# authors: foo\np := 1", "3:1: rego_parse_error: yaml: unmarshal errors:\n  line 1: cannot unmarshal !!str `foo` into []interface {}")]
    [InlineData("# METADATA\n# related_resources:\n# - \"\"\np := 1", "2:1: rego_parse_error: invalid related-resource definition : ref URL may not be empty string")]
    [InlineData("# METADATA\n# related_resources:\n# - description: x\np := 1", "2:1: rego_parse_error: invalid related-resource definition map[description:x]: 'ref' value required in object")]
    [InlineData("# METADATA\n# schemas:\n# - foo: schema.x\np := 1", "2:1: rego_parse_error: invalid document reference")]
    [InlineData("# METADATA\n# schemas:\n# - input: foo.x\np := 1", "2:1: rego_parse_error: invalid schema reference")]
    [InlineData("# METADATA\n# schemas:\n# - input: 7\np := 1", "2:1: rego_parse_error: invalid schema declaration for path \"input\"")]
    [InlineData("# METADATA\n# scope: document\n# title: a\np := 1 if input.x\n\n# METADATA\n# scope: document\n# title: b\np := 2 if input.y", "7:1: rego_type_error: document annotation redeclared: m0.rego:2")]
    [InlineData("# METADATA\n# title: {\"a\": 1}\np := 1", "3:1: rego_parse_error: yaml: unmarshal errors:\n  line 1: cannot unmarshal !!map into string")]
    [InlineData(" # METADATA\n # title: indented\np := 1", "2:2: rego_parse_error: expected METADATA block, found whitespace")]
    public void A_block_that_is_none_is_told_in_OPAs_words(string rules, params string[] told)
    {
        var errors = Policy.Errors("package t\n" + rules);
        Assert.Equal(told, errors.Select(e => $"{e.Row}:{e.Col}: {e.Code}: {e.Message}"));
    }

    private static readonly Dictionary<string, Values.RValue> Schemas = new()
    {
        ["input"] = Values.RValue.Parse("""{"$schema": "http://json-schema.org/draft-07/schema", "type": "object", "required": ["user"], "properties": {"user": {"type": "string"}, "operation": {"type": "string"}}}"""),
        ["whocan-input-schema"] = Values.RValue.Parse("""{"type": "object", "properties": {"operation": {"type": "string"}}}"""),
        ["acl-schema"] = Values.RValue.Parse("""{"type": "object", "properties": {"alice": {"type": "array", "items": {"type": "string"}}, "bob": {"type": "array", "items": {"type": "string"}}}}"""),
        ["number"] = Values.RValue.Parse("""{"type": "number"}"""),
        ["string"] = Values.RValue.Parse("""{"type": "string"}"""),
        ["nested/all"] = Values.RValue.Parse("""{"allOf": [{"properties": {"a": {"type": "string"}}}, {"properties": {"b": {"$ref": "#/$defs/n"}}}], "$defs": {"n": {"type": "integer"}}}"""),
        ["any"] = Values.RValue.Parse("""{"anyOf": [{"type": "object", "properties": {"a": {"type": "number"}}}, {"type": "object", "properties": {"b": {"type": "string"}}}]}"""),
        ["tree"] = Values.RValue.Parse("""{"$ref": "#/definitions/node", "definitions": {"node": {"type": "object", "properties": {"name": {"type": "string"}, "next": {"$ref": "#/definitions/node"}}}}}"""),
        ["far"] = Values.RValue.Parse("""{"$ref": "https://schemas.example.org/a.json"}"""),
    };

    private static IReadOnlyList<RegoError> Errors(IReadOnlyDictionary<string, Values.RValue> schemas, params string[] modules)
    {
        try
        {
            RegoCompiler.Compile(modules.Select((m, i) => new RegoModule($"m{i}.rego", m)), null, new CompileOptions { Schemas = schemas });
            return [];
        }
        catch (RegoCompileException fault)
        {
            return fault.Errors;
        }
    }

    private const string Both = "# METADATA\n# schemas:\n#   - input: schema[\"input\"]\n#   - data.acl: schema[\"acl-schema\"]\n";

    [Theory]
    [InlineData(Both + "allow if { access := data.acl[input.user]; access[_] == input.operation }", null)]
    [InlineData("# METADATA\n# schemas:\n#   - input: schema.input\n#   - input: schema[\"whocan-input-schema\"]\nallow if input.user == \"a\"", "undefined ref: input.user")]
    [InlineData("# METADATA\n# schemas:\n#   - input: schema.missing\nallow if input.user", "undefined schema: schema.missing")]
    [InlineData("# METADATA\n# schemas:\n#   - input: schema.input\n#   - input.apple.orange: schema.input\nallow if input.apple.banana", "undefined ref: input.apple.banana\n\tinput.apple.banana\n\t            ^\n\t            have: \"banana\"\n\t            want (one of): [\"orange\"]")]
    [InlineData("# METADATA\n# schemas:\n#   - input: schema.input\n#   - input.apple.orange: schema.input\n#   - input.apple.orange.banana: schema[\"acl-schema\"]\nallow if input.apple.orange.banana.alice", null)]
    [InlineData("# METADATA\n# schemas:\n#   - input: schema.input\n#   - input.apple.orange: schema.input\n#   - input.apple.orange.banana: schema[\"acl-schema\"]\nallow if input.apple.orange.banana.fruit", "undefined ref: input.apple.orange.banana.fruit")]
    [InlineData("# METADATA\n# schemas:\n#   - data.acl: schema[\"acl-schema\"]\nallow if data.acl.foo", "undefined ref: data.acl.foo")]
    [InlineData("# METADATA\n# schemas:\n#   - data.acl: schema[\"acl-schema\"]\nallow if data.other.foo", null)]
    [InlineData("# METADATA\n# schemas:\n#   - input.request.object: schema[\"acl-schema\"]\nallow if { input.request.kind.kind == \"Pod\"; input.request.object.spec.typo }", "undefined ref: input.request.object.spec.typo")]
    [InlineData("# METADATA\n# schemas:\n#   - input: schema[\"acl-schema\"]\nallow if input.alice\nother if input.foo", null)]
    [InlineData("# METADATA\n# scope: document\n# schemas:\n# - input.foo: schema.number\np if input.foo = 7\np if input.foo = \"a\"", "match error\n\tleft  : number\n\tright : string")]
    [InlineData("# METADATA\n# scope: document\n# schemas:\n# - input.foo: schema.number\np if input.foo = 7\n\n# METADATA\n# scope: rule\n# schemas:\n# - input.foo: schema.string\np if input.foo = \"str\"", null)]
    [InlineData("# METADATA\n# schemas:\n# - input.x: {\"type\": \"boolean\"}\np if input.x == 42", "match error\n\tleft  : boolean\n\tright : number")]
    [InlineData("# METADATA\n# schemas:\n# - input.x: {type: object}\np if input.x == \"foo\"", "match error\n\tleft  : object[any: any]\n\tright : string")]
    [InlineData("# METADATA\n# schemas:\n# - input: schema.nested.all\np if { input.a == \"x\"; input.b == 1 }", null)]
    [InlineData("# METADATA\n# schemas:\n# - input: schema.nested.all\np if input.c", "want (one of): [\"a\" \"b\"]")]
    [InlineData("# METADATA\n# schemas:\n# - input: schema.any\np if { input.a == 1; input.b == \"x\" }", null)]
    [InlineData("# METADATA\n# schemas:\n# - input: schema.any\np if input.c", "want (one of): [\"a\" \"b\"]")]
    [InlineData("# METADATA\n# schemas:\n# - input: schema.tree\np if input.name == 1", "match error\n\tleft  : string\n\tright : number")]
    [InlineData("# METADATA\n# schemas:\n# - input: schema.tree\np if input.next.next.next.name", null)]
    [InlineData("# METADATA\n# schemas:\n# - input: schema.far\np if input.x", "unable to compile the schema: remote reference loading disabled")]
    [InlineData("# METADATA\n# schemas:\n# - input: {\"type\": \"objekt\"}\np if input.x", "unable to compile the schema: has a primitive type that is NOT VALID")]
    public void Schemas_tell_what_cannot_be_there(string rules, string? message)
    {
        var errors = Errors(Schemas, "package policy\n" + rules);
        if (message is null) Assert.Empty(errors);
        else Assert.Contains(message, Assert.Single(errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_package_and_its_subpackages_have_schemas_for_all_their_rules()
    {
        Assert.Empty(Errors(Schemas, "# METADATA\n# schemas:\n# - input.foo: schema.number\npackage test", "package test\np if input.foo = 7"));
        Assert.Equal("m1.rego:2:6: rego_type_error: match error\n\tleft  : string\n\tright : number", Assert.Single(Errors(Schemas, "# METADATA\n# schemas:\n# - input.foo: schema.string\npackage test", "package test\np if input.foo = 7")).ToString());
        Assert.Equal("m1.rego:1:1: rego_type_error: package annotation redeclared: m0.rego:1", Assert.Single(Errors(Schemas, "# METADATA\n# title: a\npackage test", "# METADATA\n# title: b\npackage test\np := 1")).ToString());
        Assert.Contains("match error", Assert.Single(Errors(Schemas, "# METADATA\n# scope: subpackages\n# schemas:\n# - input: schema.number\npackage test", "package test.inner\np if input = \"str\"")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_schema_can_describe_the_input_of_all_rules()
    {
        var schema = new Dictionary<string, Values.RValue> { [""] = Schemas["input"] };
        Assert.Empty(Errors(schema, "package a\np if input.user == \"x\""));
        Assert.StartsWith("undefined ref: input.usr", Assert.Single(Errors(schema, "package a\np if input.usr")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_rule_and_its_chain_show_only_what_OPA_shows()
    {
        const string Rules = """
            # METADATA
            # title: T
            # unknown: x
            # entrypoint: false
            # authors:
            # - Ann Lee <ann@example.org>
            # - name: Bo
            # organizations: []
            # related_resources:
            # - https://example.org/a
            # - {ref: https://example.org/b, description: B}
            # schemas:
            # - input.a: {"type": "string"}
            # custom: {}
            p := rego.metadata.rule() if true
            else := rego.metadata.rule()
            """;
        Assert.Equal(
            """{"authors":[{"email":"ann@example.org","name":"Ann Lee"},{"name":"Bo"}],"related_resources":[{"ref":"https://example.org/a"},{"description":"B","ref":"https://example.org/b"}],"schemas":[{"definition":{"type":"string"},"path":["input","a"]}],"scope":"rule","title":"T"}""",
            Policy.P(Rules));
        Assert.Equal("""[{"annotations":{"scope":"rule","title":"T"},"path":["t","p"]},{"annotations":{"scope":"document","title":"D"},"path":["t","p"]}]""",
            Policy.P("# METADATA\n# scope: document\n# title: D\n\n# METADATA\n# title: T\np := rego.metadata.chain()"));
    }
}
