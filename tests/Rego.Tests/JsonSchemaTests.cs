namespace Rego.Tests;

/// <summary>JSON Schema with the words and the order of the validator OPA uses.</summary>
public class JsonSchemaTests
{
    private static readonly EvaluationOptions Strict = new() { StrictBuiltinErrors = true };

    private static string Errors(string schema, string document) =>
        Policy.P($"p := [e.error | some e in json.match_schema(`{document}`, `{schema}`)[1]]", null, Strict);

    [Theory]
    // schema, document, errors
    [InlineData("""{"type": ["string", "null"]}""", "1", """["(root): Invalid type. Expected: [string,null], given: integer"]""")]
    [InlineData("""{"type": "integer"}""", "1.5", """["(root): Invalid type. Expected: integer, given: number"]""")]
    [InlineData("""{"type": "integer"}""", "1.0", "[]")]
    [InlineData("""{"properties": {"a": {"items": {"type": "string"}}}}""", """{"a": ["x", 1]}""", """["a.1: Invalid type. Expected: string, given: integer"]""")]
    [InlineData("""{"required": ["b", "a"], "additionalProperties": false}""", """{"c": 1}""", """["(root): b is required","(root): a is required","(root): Additional property c is not allowed"]""")]
    [InlineData("""{"enum": [1, "x", 1.5]}""", "2", """["(root): (root) must be one of the following: 1, \"x\", 1.5"]""")]
    [InlineData("""{"enum": [1.0]}""", "1", "[]")]
    [InlineData("""{"properties": {"a": {"const": {"b": 1e3}}}}""", """{"a": 2}""", """["a: a does not match: {\"b\":1000}"]""")]
    [InlineData("""{"anyOf": [{"type": "string"}, {"type": "object", "required": ["x"]}]}""", "{}", """["(root): Must validate at least one schema (anyOf)","(root): x is required"]""")]
    [InlineData("""{"oneOf": [{"minimum": 5}, {"maximum": 1}]}""", "3", """["(root): Must validate one and only one schema (oneOf)","(root): Must be greater than or equal to 5"]""")]
    [InlineData("""{"oneOf": [{"minimum": 1}, {"maximum": 5}]}""", "3", """["(root): Must validate one and only one schema (oneOf)"]""")]
    [InlineData("""{"allOf": [{"minimum": 5}, {"maximum": 1}]}""", "3", """["(root): Must be greater than or equal to 5","(root): Must be less than or equal to 1","(root): Must validate all the schemas (allOf)"]""")]
    [InlineData("""{"not": {}}""", "3", """["(root): Must not validate the schema (not)"]""")]
    [InlineData("""{"if": {"required": ["a"]}, "then": {"required": ["b"]}, "else": {"required": ["c"]}}""", """{"a": 1}""", """["(root): Must validate \"then\" as \"if\" was valid","(root): b is required"]""")]
    [InlineData("""{"if": {"required": ["a"]}, "then": {"required": ["b"]}, "else": {"required": ["c"]}}""", "{}", """["(root): Must validate \"else\" as \"if\" was not valid","(root): c is required"]""")]
    [InlineData("""{"$schema": "http://json-schema.org/draft-06/schema#", "if": {}, "then": false}""", "1", "[]")]
    [InlineData("""{"$schema": "http://json-schema.org/draft-04/schema#", "const": 1}""", "2", "[]")]
    [InlineData("""{"dependencies": {"a": ["b"], "c": {"required": ["d"]}}}""", """{"a": 1, "c": 1}""", """["(root): Has a dependency on b","(root): d is required"]""")]
    [InlineData("""{"items": [{"type": "string"}], "additionalItems": false}""", """[1, 2]""", """["0: Invalid type. Expected: string, given: integer","(root): No additional items allowed on array"]""")]
    [InlineData("""{"minItems": 3, "uniqueItems": true}""", "[1, 1.0]", """["(root): Array must have at least 3 items","(root): array items[0,1] must be unique"]""")]
    [InlineData("""{"contains": {"type": "string"}}""", "[1]", """["(root): At least one of the items must match","0: Invalid type. Expected: string, given: integer"]""")]
    [InlineData("""{"minProperties": 2, "propertyNames": {"pattern": "^a"}}""", """{"b": 1}""", """["(root): Must have at least 2 properties","(root): Property name of \"b\" does not match","(root): Does not match pattern '^a'"]""")]
    [InlineData("""{"minLength": 3, "pattern": "^x", "format": "ipv4"}""", "\"ab\"", """["(root): Does not match format 'ipv4'","(root): String length must be greater than or equal to 3","(root): Does not match pattern '^x'"]""")]
    [InlineData("""{"multipleOf": 0.1, "maximum": 1000000}""", "2000000.05", """["(root): Must be a multiple of 0.1","(root): Must be less than or equal to 1e+06"]""")]
    [InlineData("""{"minimum": 1, "exclusiveMinimum": true}""", "1", """["(root): Must be greater than 1"]""")]
    [InlineData("""{"exclusiveMaximum": 1}""", "1", """["(root): Must be less than 1"]""")]
    [InlineData("""{"patternProperties": {"^x": {"type": "string"}}, "additionalProperties": {"type": "null"}}""", """{"x": 1, "y": 1}""", """["x: Invalid type. Expected: string, given: integer","y: Invalid type. Expected: null, given: integer"]""")]
    [InlineData("""{"definitions": {"n": {"type": "integer"}}, "properties": {"a": {"$ref": "#/definitions/n"}, "b": {"$ref": "#"}}}""", """{"a": "x", "b": {"a": "y"}}""", """["a: Invalid type. Expected: integer, given: string","b.a: Invalid type. Expected: integer, given: string"]""")]
    [InlineData("""{"definitions": {"n": {"$id": "http://x/n.json", "type": "integer"}}, "$ref": "http://x/n.json"}""", "\"x\"", """["(root): Invalid type. Expected: integer, given: string"]""")]
    [InlineData("""{"properties": {"a": false}}""", """{"a": 1}""", """["a: False always fails validation"]""")]
    public void What_does_not_fit_is_told_in_the_validators_words(string schema, string document, string errors) => Assert.Equal(errors, Errors(schema, document));

    [Theory]
    [InlineData("""{"type": 1}""", "Invalid type. Expected: string/array of strings, given: type")]
    [InlineData("""{"type": ["string", "string"]}""", "string type is duplicated")]
    [InlineData("""{"properties": []}""", "properties must be of type object")]
    [InlineData("""{"properties": {"a": 1}}""", "Expected: schema, given: Invalid JSON")]
    [InlineData("""{"additionalProperties": 1}""", "Invalid type. Expected: boolean/schema, given: additionalProperties")]
    [InlineData("""{"patternProperties": {"(": {}}}""", "Invalid regex pattern '('")]
    [InlineData("""{"pattern": "("}""", "pattern must be a valid regex")]
    [InlineData("""{"items": 1}""", "Invalid type. Expected: schema/array of schemas, given: items")]
    [InlineData("""{"multipleOf": 0}""", "multipleOf must be strictly greater than 0")]
    [InlineData("""{"minimum": "1"}""", "minimum must be of a number")]
    [InlineData("""{"exclusiveMinimum": true}""", "exclusiveMinimum cannot be used without minimum")]
    [InlineData("""{"minLength": 1.5}""", "minLength must be of an integer")]
    [InlineData("""{"minLength": -1}""", "minLength must be greater than or equal to 0")]
    [InlineData("""{"minLength": 3, "maxLength": 2}""", "minLength cannot be greater than maxLength")]
    [InlineData("""{"required": "a"}""", "required must be of an array")]
    [InlineData("""{"required": [1]}""", "Invalid type. Expected: string, given: required")]
    [InlineData("""{"required": ["a", "a"]}""", "required items must be unique")]
    [InlineData("""{"enum": [1, 1.0]}""", "enum items must be unique")]
    [InlineData("""{"uniqueItems": 1}""", "uniqueItems must be of a boolean")]
    [InlineData("""{"not": 1}""", "not must be of an object")]
    [InlineData("""{"dependencies": {"a": 1}}""", "dependency must be of type schema or array of strings")]
    [InlineData("""{"$ref": "#/definitions/x"}""", "Object has no key 'definitions'")]
    [InlineData("""{"$ref": "http://elsewhere/x.json"}""", "remote reference loading disabled: http://elsewhere/x.json")]
    [InlineData("""{"$schema": 1}""", "$schema must be of type string")]
    [InlineData("""[]""", "schema is invalid")]
    [InlineData("""{""", "invalid JSON string")]
    public void A_schema_that_is_none_is_refused(string schema, string fault)
    {
        Assert.Equal($"[false,{System.Text.Json.JsonSerializer.Serialize("jsonschema: " + fault, Plain)}]", Policy.P($"p := json.verify_schema(`{schema}`)", null, Strict));
        Assert.Equal("json.match_schema: " + fault, Assert.Throws<RegoEvaluationException>(() => Errors(schema, "1")).Reason);
    }

    private static readonly System.Text.Json.JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Theory]
    [InlineData("date", "2024-02-29", true)]
    [InlineData("date", "2023-02-29", false)]
    [InlineData("time", "12:00:00", true)]
    [InlineData("time", "12:00:00Z", true)]
    [InlineData("date-time", "2024-02-29T12:00:00.5+01:00", true)]
    [InlineData("date-time", "2024-02-29 12:00:00", false)]
    [InlineData("hostname", "a-b.example", true)]
    [InlineData("hostname", "-a", false)]
    [InlineData("email", "a@b.example", true)]
    [InlineData("email", "a", false)]
    [InlineData("ipv4", "1.2.3.4", true)]
    [InlineData("ipv4", "1.2.3", false)]
    [InlineData("ipv6", "::1", true)]
    [InlineData("ipv6", "1.2.3.4", false)]
    [InlineData("uri", "http://a/b", true)]
    [InlineData("uri", "/b", false)]
    [InlineData("uri-reference", "/b", true)]
    [InlineData("uuid", "123e4567-e89b-12d3-a456-426614174000", true)]
    [InlineData("uuid", "123e4567", false)]
    [InlineData("regex", "(", false)]
    [InlineData("json-pointer", "/a~1b", true)]
    [InlineData("json-pointer", "a", false)]
    [InlineData("relative-json-pointer", "1/a", true)]
    [InlineData("nobody-knows", "x", true)]
    public void Formats_are_those_the_validator_knows(string format, string text, bool fits) =>
        Assert.Equal(fits ? "[]" : $"[\"(root): Does not match format '{format}'\"]", Errors($"{{\"format\": \"{format}\"}}", $"\"{text}\""));

    [Fact]
    public void A_schema_that_leads_into_itself_ends()
    {
        Assert.Contains("leads into itself", Assert.Throws<RegoEvaluationException>(() => Errors("{\"$ref\": \"#\"}", "1")).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_of_the_policy_are_taken_as_the_JSON_they_become() =>
        Assert.Equal("[true,[]]", Policy.P("p := json.match_schema({\"a\": {1, 2}, 3: 4}, {\"properties\": {\"a\": {\"type\": \"array\"}}, \"required\": [\"3\"]})", null, Strict));

    [Theory]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("[{}]")]
    public void What_is_neither_text_nor_object_is_of_the_wrong_type(string value)
    {
        Assert.Equal("[false,\"jsonschema: wrong type, expected string or object\"]", Policy.P("p := json.verify_schema(input)", value));
        foreach (var call in new[] { "json.match_schema(input, {})", "json.match_schema({}, input)" })
        {
            var fault = Assert.Throws<RegoEvaluationException>(() => Policy.P("p := " + call, value, new EvaluationOptions { StrictBuiltinErrors = true }));
            Assert.Equal(("eval_builtin_error", "json.match_schema: wrong type, expected string or object"), (fault.Code, fault.Reason));
        }
    }
}
