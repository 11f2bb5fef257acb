using System.Text.Json.Nodes;
using Governance.Manifests;

namespace MicroAppBot.Content;

/// <summary>
/// <c>policies/schema/manifest.schema.json</c>: what editors and pipelines check a manifest by. The bot reads manifests itself; a
/// schema that is broken, or that knows other sections than the reader, would have the two say different things.
/// </summary>
internal static class ManifestSchemaFile
{
    public const string Name = "policies/schema/manifest.schema.json";

    private static readonly string[] Sections = ["app", "data", "integrations", "network", "environment", "secrets", "access", "lifecycle", "cost"];

    public static void Check(JsonText schema, List<ContentFault> faults)
    {
        void Fault(string pointer, string why) => faults.Add(new ContentFault(Name, schema.LineOf(pointer), why));
        if (schema.Root["$schema"] is not JsonValue) Fault("", "“$schema” is missing: it says which JSON Schema this is.");
        if (schema.Root["type"] is not JsonValue type || type.ToString() != "object") Fault("/type", "A manifest is an object: “type” is “object”.");
        if (schema.Root["properties"] is not JsonObject properties)
        {
            Fault("/properties", "“properties” is missing: the sections of a manifest.");
            return;
        }
        foreach (var section in Sections.Where(s => properties[s] is not JsonObject)) Fault("/properties", $"The section “{section}” of a manifest is missing here.");
        foreach (var (section, _) in properties.Where(p => !Sections.Contains(p.Key)))
        {
            Fault($"/properties/{section}", $"A manifest has no section “{section}”.{(NearestWord.To(section, Sections) is { } near ? $" Did you mean “{near}”?" : "")}");
        }
        Walk(schema.Root, "", schema, Fault);
    }

    /// <summary>Every part of a schema is an object (or true or false), and every reference leads somewhere.</summary>
    private static void Walk(JsonObject part, string pointer, JsonText schema, Action<string, string> fault)
    {
        if (part["$ref"] is JsonValue reference && (!reference.ToString().StartsWith("#/", StringComparison.Ordinal) || !Leads(schema.Root, reference.ToString())))
        {
            fault(pointer + "/$ref", $"“{reference}” leads nowhere in this file.");
        }
        if (part["type"] is JsonValue type && type.ToString() is not ("object" or "array" or "string" or "number" or "integer" or "boolean" or "null"))
        {
            fault(pointer + "/type", $"“{type}” is no type of JSON Schema.");
        }
        foreach (var (key, value) in part)
        {
            if (key is "properties" or "$defs" or "definitions" && value is not JsonObject) fault($"{pointer}/{key}", $"“{key}” is an object of schemas.");
            if (key is "enum" && value is not JsonArray { Count: > 0 }) fault($"{pointer}/enum", "“enum” is a list of the words that there are.");
            if (key is "required" && value is not JsonArray) fault($"{pointer}/required", "“required” is a list of names.");
            if (key is "pattern" && !IsPattern(value)) fault($"{pointer}/pattern", "“pattern” is no regular expression.");
            if (value is JsonObject inner) Walk(inner, $"{pointer}/{key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}", schema, fault);
        }
    }

    private static bool Leads(JsonNode root, string reference)
    {
        JsonNode? at = root;
        foreach (var step in reference[2..].Split('/')) at = (at as JsonObject)?[step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)];
        return at is not null;
    }

    private static bool IsPattern(JsonNode? value)
    {
        try
        {
            return value is JsonValue text && text.TryGetValue<string>(out var pattern) && new System.Text.RegularExpressions.Regex(pattern) is not null;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
