using Rego.Evaluate;
using Rego.Values;

namespace Rego.Builtins.Schemas;

/// <summary>What is wrong with a schema or a document, in OPA's words.</summary>
internal sealed class SchemaFault(string message) : Exception(message);

/// <summary>
/// json.match_schema and json.verify_schema: JSON Schema of drafts 4, 6 and 7 (all at once where the schema does not say which),
/// with the words of the validator OPA uses. References lead inside the same schema only; none is fetched.
/// </summary>
internal static class JsonSchema
{
    public static void Register(Registrar t)
    {
        t.Add("json.verify_schema", "*", (e, a) =>
        {
            try
            {
                new SchemaReader(Load(e, a[0])).Read();
                return new RArray([RBool.True, RNull.Instance]);
            }
            catch (SchemaFault fault)
            {
                return new RArray([RBool.False, new RString("jsonschema: " + fault.Message)]);
            }
        });
        t.Add("json.match_schema", "* *", (e, a) =>
        {
            try
            {
                var document = Load(e, a[0]);
                var result = new SchemaOutcome();
                new SchemaValidation(e).Validate(new SchemaReader(Load(e, a[1])).Read(), document, "(root)", result, 0);
                return new RArray([RBool.Of(result.IsValid), new RArray([.. result.Errors])]);
            }
            catch (SchemaFault fault)
            {
                return e.Fail($"json.match_schema: {fault.Message}");
            }
        });
    }

    /// <summary>The JSON that a text holds, or that a value becomes: sets are arrays in it and keys are strings.</summary>
    private static RValue Load(Evaluation e, RValue given)
    {
        if (given is not (RString or RObject)) throw new SchemaFault("wrong type, expected string or object");
        e.Spend(given.Weight);
        try
        {
            return RValue.Parse(given is RString text ? text.Value : GoJson.Of(given));
        }
        catch (FormatException)
        {
            throw new SchemaFault("invalid JSON string");
        }
    }
}
