using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MicroAppBot.Content;

/// <summary>A JSON file that still knows on which line everything stands.</summary>
internal sealed class JsonText
{
    private readonly Dictionary<string, int> lines = new(StringComparer.Ordinal);

    private JsonText(string file, JsonObject root)
    {
        File = file;
        Root = root;
    }

    public string File { get; }

    public JsonObject Root { get; }

    /// <summary>The object of the file; null (and a fault) when it is not JSON, not an object, or has a key twice.</summary>
    public static JsonText? Of(ContentFile source, List<ContentFault> faults)
    {
        var utf8 = Encoding.UTF8.GetBytes(source.Text);
        try
        {
            if (JsonNode.Parse(utf8, null, new JsonDocumentOptions { AllowDuplicateProperties = true }) is not JsonObject)
            {
                faults.Add(new ContentFault(source.Name, 1, "The file holds one JSON object ({ … })."));
                return null;
            }

            // Duplicates are looked for by ourselves: the parser would not say on which line
            var lines = new Dictionary<string, int>(StringComparer.Ordinal);
            var before = faults.Count;
            Walk(utf8, source.Name, lines, faults);
            if (faults.Count > before)
                return null;
            var text = new JsonText(source.Name, JsonNode.Parse(utf8)!.AsObject());
            foreach (var (pointer, line) in lines)
                text.lines[pointer] = line;
            return text;
        }
        catch (JsonException broken)
        {
            faults.Add(new ContentFault(source.Name, (int)(broken.LineNumber ?? 0) + 1, $"This is not valid JSON: {broken.Message.Split(" LineNumber:")[0]}"));
            return null;
        }
    }

    /// <summary>The line of what is at this pointer, or of the nearest thing around it.</summary>
    public int LineOf(string pointer)
    {
        while (true)
        {
            if (lines.TryGetValue(pointer, out var line))
                return line;
            pointer = pointer[..Math.Max(0, pointer.LastIndexOf('/'))];
            if (pointer.Length == 0)
                return 1;
        }
    }

    private static void Walk(byte[] utf8, string file, Dictionary<string, int> lines, List<ContentFault> faults)
    {
        var reader = new Utf8JsonReader(utf8);
        var path = new Stack<(string Pointer, int Index)>();
        var (line, counted) = (1, 0);
        string? name = null;
        while (reader.Read())
        {
            line += utf8.AsSpan(counted, (int)reader.TokenStartIndex - counted).Count((byte)'\n');
            counted = (int)reader.TokenStartIndex;
            if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
            {
                path.Pop();
                continue;
            }

            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                name = $"{path.Peek().Pointer}/{reader.GetString()!.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
                if (!lines.TryAdd(name, line))
                    faults.Add(new ContentFault(file, line, $"“{reader.GetString()}” is there twice."));
                continue;
            }

            var pointer = name ?? (path.Count == 0 ? "" : $"{path.Peek().Pointer}/{path.Peek().Index}");
            if (name is null && path.Count > 0)
            {
                var (parent, index) = path.Pop();
                path.Push((parent, index + 1));
                lines[pointer] = line;
            }

            name = null;
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                path.Push((pointer, 0));
        }
    }
}
