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
    /// <summary>An anchor may be used a million times in a few lines: more values than this are no document.</summary>
    private const int MostValues = 1_000_000;

    /// <exception cref="ContentException">Not YAML, or not one mapping.</exception>
    public static JsonObject Read(string file)
    {
        using var text = File.OpenText(file);
        return Read(text, file) as JsonObject ?? throw Fault(file, 1, "The data of a file is one mapping.");
    }

    /// <summary>One YAML document of any kind; null for an empty one.</summary>
    /// <param name="file">What messages call it.</param>
    /// <exception cref="ContentException">Not YAML, several documents, or too much of it.</exception>
    public static JsonNode? Read(TextReader text, string file)
    {
        var yaml = new YamlStream();
        try
        {
            yaml.Load(new ShallowYaml(text));
        }
        catch (YamlException broken)
        {
            throw Fault(file, (int)broken.Start.Line, $"This is not valid YAML: {(broken.InnerException?.Message ?? broken.Message).TrimEnd('.')}.");
        }

        if (yaml.Documents.Count > 1) throw Fault(file, 1, "This holds more than one document.");
        var values = 0;
        return yaml.Documents.Count == 0 ? null : Json(yaml.Documents[0].RootNode, file, new HashSet<YamlNode>(ReferenceEqualityComparer.Instance), ref values);
    }

    private static JsonNode? Json(YamlNode node, string file, HashSet<YamlNode> above, ref int values)
    {
        if (++values > MostValues) throw Fault(file, (int)node.Start.Line, "This holds too many values.");
        if (node is YamlScalarNode scalar)
            return Scalar(scalar);
        // An anchor may be used inside itself; JSON cannot say that
        if (!above.Add(node))
            throw Fault(file, (int)node.Start.Line, "This contains itself.");
        JsonNode result;
        switch (node)
        {
            case YamlSequenceNode list:
                var array = new JsonArray();
                foreach (var child in list.Children) array.Add(Json(child, file, above, ref values));
                result = array;
                break;
            case YamlMappingNode mapping:
                var members = new JsonObject();
                foreach (var (key, value) in mapping.Children) members[Key(key, file)] = Json(value, file, above, ref values);
                result = members;
                break;
            default:
                throw Fault(file, (int)node.Start.Line, "This cannot be data.");
        }

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
