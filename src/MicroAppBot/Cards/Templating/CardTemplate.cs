using System.Text.Json;
using System.Text.Json.Nodes;

namespace MicroAppBot.Cards.Templating;

/// <summary>
/// A template in the Adaptive Cards templating language: <c>${…}</c>, <c>$data</c>, <c>$when</c>, <c>$root</c>, <c>$index</c>,
/// <c>$host</c>, <c>\${</c>. Parsed once, expanded as often as wanted, from any thread. Data is never read as a template.
/// </summary>
public sealed class CardTemplate
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, CommentHandling = JsonCommentHandling.Skip };
    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal) { "$data", "$when", "$root", "$index", "$host", "$_acTemplateVersion" };

    private readonly TemplateNode _root;

    private CardTemplate(string name, TemplateNode root) => (Name, _root) = (name, root);

    public string Name { get; }

    /// <param name="name">The file's name, for messages.</param>
    /// <param name="json">The template.</param>
    /// <exception cref="CardFault">The text is not JSON (line and column), or an expression cannot be read (JSON pointer).</exception>
    public static CardTemplate Parse(string name, string json) => Parse(name, Read(name, json));

    internal static CardTemplate Parse(string name, JsonNode? json) => new(name, Compile(name, json, "", null, TextPlace.Structure, default));

    internal static JsonNode? Read(string name, string json)
    {
        try
        {
            return JsonNode.Parse(json, documentOptions: Strict);
        }
        catch (JsonException fault)
        {
            throw fault.LineNumber is { } line
                ? new CardFault(name, $"line {line + 1}, column {fault.BytePositionInLine + 1}", WithoutPlace(fault.Message), (int)line + 1)
                : new CardFault(name, "", WithoutPlace(fault.Message));
        }
    }

    /// <param name="data">What <c>${…}</c> reads.</param>
    /// <param name="host">What <c>$host</c> reads.</param>
    /// <param name="time">For <c>utcNow()</c>; the system's where none is given.</param>
    /// <returns>The expanded JSON; null where <c>$when</c> at the root says no.</returns>
    /// <exception cref="CardFault">An expression that is all of a value fails on this data.</exception>
    public JsonNode? Expand(JsonNode? data, JsonNode? host = null, TimeProvider? time = null) => Expand(data, host, time, Writer.AsReference);

    /// <inheritdoc cref="Expand(JsonNode?, JsonNode?, TimeProvider?)"/>
    public JsonNode? Expand(JsonElement data, JsonElement? host = null, TimeProvider? time = null) => Expand(NodeOf(data), host is { } it ? NodeOf(it) : null, time);

    internal JsonNode? Expand(JsonNode? data, JsonNode? host, TimeProvider? time, Writer writer)
    {
        var root = Value.Of(data);
        var scope = new Scope { Root = root, Data = root, Host = host is null ? Value.Missing("$host") : Value.Of(host), Time = time ?? TimeProvider.System };
        return _root.Expand(new Expansion(scope, writer, Name));
    }

    private static JsonNode? NodeOf(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => JsonObject.Create(element),
        JsonValueKind.Array => JsonArray.Create(element),
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        _ => JsonValue.Create(element),
    };

    private static TemplateNode Compile(string file, JsonNode? node, string pointer, string? type, TextPlace text, Place place)
    {
        switch (node)
        {
            case JsonObject map:
                return CompileMap(file, map, pointer, place);
            case JsonArray array:
                return new TemplateNode.List([.. array.Select((item, i) => Compile(file, item, $"{pointer}/{i}", type, text, place))]);
            case JsonValue value when value.TryGetValue<string>(out var written):
                return Text(file, written, pointer) is { } interpolation ? new TemplateNode.Text(interpolation, text, pointer) : new TemplateNode.Literal(node);
            default:
                return new TemplateNode.Literal(node);
        }
    }

    private static TemplateNode.Map CompileMap(string file, JsonObject map, string pointer, Place place)
    {
        var type = map["type"] is JsonValue named && named.TryGetValue<string>(out var name) ? name : null;
        var members = map.Where(member => !Reserved.Contains(member.Key)).Select(member => KeyValuePair.Create(member.Key,
            Compile(file, member.Value, $"{pointer}/{Escaped(member.Key)}", type, place.Of(type, member.Key), place.Under(type, member.Key))));
        var data = map.TryGetPropertyValue("$data", out var source) ? Compile(file, source, $"{pointer}/$data", null, TextPlace.Data, default) : null;
        var when = map.TryGetPropertyValue("$when", out var condition) ? Condition(file, condition, $"{pointer}/$when") : null;
        return new TemplateNode.Map([.. members], data, when);
    }

    // The reference drops an element whose $when is a literal true and keeps one with a literal false; nobody means that
    private static Expression Condition(string file, JsonNode? condition, string pointer)
    {
        if (condition is JsonValue value)
        {
            if (value.TryGetValue<bool>(out var always))
                return new Expression.Constant(Value.Of(always));
            if (value.TryGetValue<string>(out var written) && Text(file, written, pointer) is { Parts: [{ Expression: { } expression }] })
                return expression;
        }
        throw new CardFault(file, pointer, "$when wants one expression, such as \"${exists(name)}\", or true or false");
    }

    private static Interpolation? Text(string file, string written, string pointer)
    {
        try
        {
            return Interpolation.Parse(written);
        }
        catch (FormatException fault)
        {
            throw new CardFault(file, pointer, fault.Message);
        }
    }

    private static string Escaped(string key) => key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private static string WithoutPlace(string message) =>
        message.IndexOf(" LineNumber:", StringComparison.Ordinal) is var at and > 0 ? message[..at] : message;
}
