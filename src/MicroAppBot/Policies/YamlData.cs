using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MicroAppBot.Content;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MicroAppBot.Policies;

/// <summary>YAML as JSON, by YAML 1.2's core schema: unquoted <c>true</c>, <c>null</c> and numbers are what they look like, everything else is text.</summary>
internal static partial class YamlData
{
    /// <exception cref="ContentException">Not YAML, or not one mapping.</exception>
    public static JsonObject Read(string file)
    {
        var yaml = new YamlStream();
        try
        {
            using var text = File.OpenText(file);
            yaml.Load(text);
        }
        catch (YamlException broken)
        {
            throw Fault(file, (int)broken.Start.Line, $"This is not valid YAML: {(broken.InnerException?.Message ?? broken.Message).TrimEnd('.')}.");
        }

        return yaml.Documents.Count == 1 && Json(yaml.Documents[0].RootNode, file, new HashSet<YamlNode>(ReferenceEqualityComparer.Instance)) is JsonObject mapping
            ? mapping
            : throw Fault(file, 1, "The data of a file is one mapping.");
    }

    private static JsonNode? Json(YamlNode node, string file, HashSet<YamlNode> above)
    {
        if (node is YamlScalarNode scalar)
            return Scalar(scalar);
        // An anchor may be used inside itself; JSON cannot say that
        if (!above.Add(node))
            throw Fault(file, (int)node.Start.Line, "This contains itself.");
        JsonNode result = node switch
        {
            YamlSequenceNode list => new JsonArray([.. list.Children.Select(child => Json(child, file, above))]),
            YamlMappingNode mapping => new JsonObject(mapping.Children.Select(member => KeyValuePair.Create(Key(member.Key, file), Json(member.Value, file, above)))),
            _ => throw Fault(file, (int)node.Start.Line, "This cannot be data."),
        };
        above.Remove(node);
        return result;
    }

    private static string Key(YamlNode node, string file) =>
        (node as YamlScalarNode)?.Value ?? throw Fault(file, (int)node.Start.Line, "A key is a word.");

    private static JsonValue? Scalar(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        if (scalar.Style != ScalarStyle.Plain)
            return JsonValue.Create(text);
        return text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" => JsonValue.Create(true),
            "false" or "False" or "FALSE" => JsonValue.Create(false),
            _ when Whole().IsMatch(text) && decimal.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
            _ when Real().IsMatch(text) && double.TryParse(text, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real) => JsonValue.Create(real),
            _ => JsonValue.Create(text),
        };
    }

    [GeneratedRegex(@"\A[-+]?[0-9]+\z")]
    private static partial Regex Whole();

    [GeneratedRegex(@"\A[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z")]
    private static partial Regex Real();

    private static ContentException Fault(string file, int line, string why) => new([new ContentFault(file, line, why)]);
}
