using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MicroAppBot.Content;
using Rego.Values;

namespace MicroAppBot.Policies;

/// <summary>YAML files as OPA reads them.</summary>
internal static partial class YamlData
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>A file of data: one mapping.</summary>
    /// <exception cref="ContentException">Not YAML, or not one mapping.</exception>
    public static JsonObject Read(string file) => Read(File.ReadAllBytes(file), file);

    /// <param name="file">What messages call it.</param>
    /// <inheritdoc cref="Read(string)"/>
    public static JsonObject Read(byte[] utf8, string file)
    {
        try
        {
            return JsonNode.Parse(Value(utf8).ToJson()) as JsonObject ?? throw Fault(file, 1, "The data of a file is one mapping.");
        }
        catch (FormatException broken)
        {
            var place = Place().Match(broken.Message);
            throw Fault(file, place.Success ? int.Parse(place.Groups[1].Value, CultureInfo.InvariantCulture) : 1, $"This is not valid YAML: {broken.Message[place.Length..].TrimEnd('.')}.");
        }
    }

    /// <summary>Any YAML document; null for an empty one.</summary>
    /// <exception cref="FormatException">Not YAML; the message says where and why.</exception>
    public static RValue Value(byte[] utf8)
    {
        try
        {
            return RValue.ParseYaml(Utf8.GetString(utf8).TrimStart('\uFEFF'));
        }
        catch (DecoderFallbackException odd)
        {
            throw new FormatException("yaml: this is not UTF-8", odd);
        }
    }

    [GeneratedRegex(@"\Ayaml: line (\d+): ")]
    private static partial Regex Place();

    private static ContentException Fault(string file, int line, string why) => new([new ContentFault(file, line, why)]);
}
