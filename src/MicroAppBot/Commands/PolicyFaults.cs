using System.Globalization;
using System.Text.Json.Nodes;
using MicroAppBot.Content;
using Rego;

namespace MicroAppBot.Commands;

/// <summary>What can be wrong with policies, as text and as OPA's JSON.</summary>
internal static class PolicyFaults
{
    /// <summary>Whether a fault is one of the policies or of the files they are in, and not one of this program.</summary>
    public static bool Are(Exception fault) =>
        fault is RegoCompileException or RegoEvaluationException or ContentException or IOException or UnauthorizedAccessException or FormatException;

    /// <summary>Each as <c>file:row: code: message</c>, with the line it is in and a caret below it, as OPA prints them.</summary>
    public static void Write(TextWriter to, Exception fault)
    {
        if (fault is not RegoCompileException broken)
        {
            to.WriteLine(fault.Message);
            return;
        }

        var shown = broken.Errors.Take(MaxErrors).ToList();
        to.Write(shown.Count == 1 ? "1 error occurred: " : string.Create(CultureInfo.InvariantCulture, $"{broken.Errors.Count} errors occurred:\n"));
        foreach (var error in shown)
        {
            to.WriteLine(error);
            if (error.Line is not { } line)
                continue;
            to.WriteLine("\t" + line.TrimStart());
            to.WriteLine("\t" + new string(' ', Math.Max(0, error.Col - 1 - (line.Length - line.TrimStart().Length))) + "^");
        }

        if (broken.Errors.Count > MaxErrors)
            to.WriteLine("rego_compile_error: error limit reached");
    }

    /// <summary><c>{"errors": […]}</c> with message, code and location.</summary>
    public static JsonObject Json(Exception fault) => new()
    {
        ["errors"] = new JsonArray([.. fault switch
        {
            RegoCompileException broken => broken.Errors.Select(error => One(error.Message, error.Code, error.File, error.Row, error.Col)),
            RegoEvaluationException halted => [One(halted.Reason, halted.Code, halted.File, halted.Row, halted.Col)],
            _ => [new JsonObject { ["message"] = fault.Message }],
        }]),
    };

    /// <summary>OPA stops at ten.</summary>
    private const int MaxErrors = 10;

    private static JsonObject One(string message, string code, string file, int row, int col) => new()
    {
        ["message"] = message,
        ["code"] = code,
        ["location"] = new JsonObject { ["file"] = file, ["row"] = row, ["col"] = col },
    };
}
