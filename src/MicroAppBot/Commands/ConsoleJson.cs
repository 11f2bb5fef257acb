using System.Text.Encodings.Web;
using System.Text.Json;

namespace MicroAppBot.Commands;

/// <summary>JSON as the commands print it: indented, the same line ends everywhere, letters as letters.</summary>
internal static class ConsoleJson
{
    public static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.General)
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static readonly JsonSerializerOptions OneLine = new(JsonSerializerDefaults.General) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
