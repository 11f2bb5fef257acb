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

    /// <summary>Data: one mapping.</summary>
    /// <param name="file">What messages call it.</param>
    /// <exception cref="ContentException">Not YAML, or not one mapping.</exception>
    public static JsonObject Read(byte[] utf8, string file) => Placed(() => Value(utf8), file) as JsonObject ?? throw Fault(file, 1, "The data of a file is one mapping.");

    /// <summary>A document of any kind; null for an empty one.</summary>
    /// <param name="file">What messages call it.</param>
    /// <exception cref="ContentException">Not YAML.</exception>
    public static JsonNode? Document(string text, string file) => Placed(() => RValue.ParseYaml(text), file);

    /// <summary>A document of any kind.</summary>
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

    private static JsonNode? Placed(Func<RValue> read, string file)
    {
        try
        {
            return JsonNode.Parse(read().ToJson());
        }
        catch (FormatException broken)
        {
            var place = Place().Match(broken.Message);
            throw Fault(file, place.Success ? int.Parse(place.Groups[1].Value, CultureInfo.InvariantCulture) : 1, $"This is not valid YAML: {broken.Message[place.Length..].TrimEnd('.')}.");
        }
    }

    [GeneratedRegex(@"\Ayaml: line (\d+): ")]
    private static partial Regex Place();

    private static ContentException Fault(string file, int line, string why) => new([new ContentFault(file, line, why)]);
}
