using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MicroAppBot.Commands;

/// <summary>JSON as the commands print it: indented, the same line ends everywhere, letters as letters.</summary>
internal static class ConsoleJson
{
    private const int MaxDepth = 100_000;

    public static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.General)
    {
        WriteIndented = true,
        MaxDepth = MaxDepth,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static readonly JsonSerializerOptions OneLine = new(JsonSerializerDefaults.General) { MaxDepth = MaxDepth, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>JSON text of a value of the engine, however deep it is.</summary>
    public static JsonNode? Read(string json) => JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { MaxDepth = MaxDepth });
}
