using System.Globalization;
using System.Text.Json.Nodes;
using MicroAppBot.Content;
using Rego;

namespace MicroAppBot.Commands;

/// <summary>What can be wrong with policies, as text and as OPA's JSON.</summary>
internal static class PolicyFaults
{
    /// <summary>What the engine calls the place of a query or of a path that was named, which are in no file.</summary>
    private static readonly string[] Nowhere = ["query", "path", ""];

    /// <summary>Whether a fault is one of the policies or of the files they are in, and not one of this program.</summary>
    public static bool Are(Exception fault) =>
        fault is RegoCompileException or RegoEvaluationException or ContentException or IOException or UnauthorizedAccessException or FormatException;

    /// <summary>Each as <c>file:row:col: code: message</c>, with the line it is in and a caret below it, as OPA prints them.</summary>
    public static void Write(TextWriter to, Exception fault)
    {
        switch (fault)
        {
            case RegoCompileException broken:
                Write(to, broken);
                break;
            case RegoEvaluationException halted:
                to.WriteLine($"1 error occurred: {Place(halted.File, halted.Row, halted.Col)}: {halted.Code}: {halted.Reason}");
                break;
            case ContentException { Faults: [var only] }:
                to.WriteLine($"1 error occurred during loading: {only}");
                break;
            case ContentException { Faults: var several }:
                to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{several.Count} errors occurred during loading:"));
                foreach (var one in several)
                    to.WriteLine(one);
                break;
            default:
                to.WriteLine($"1 error occurred: {fault.Message}");
                break;
        }
    }

    private static void Write(TextWriter to, RegoCompileException broken)
    {
        to.Write(broken.Errors.Count == 1 ? "1 error occurred: " : string.Create(CultureInfo.InvariantCulture, $"{broken.Errors.Count} errors occurred:\n"));
        foreach (var error in broken.Errors)
        {
            to.WriteLine(error.Row == 0 ? $"{error.Code}: {error.Message}" : $"{Place(error.File, error.Row, error.Col)}: {error.Code}: {error.Message}");
            if (error.Line is not { Length: > 0 } line)
                continue;
            to.WriteLine("\t" + line.TrimStart());
            to.WriteLine("\t" + new string(' ', Math.Max(0, error.Col - 1 - (line.Length - line.TrimStart().Length))) + "^");
        }
    }

    /// <summary>The file as OPA tells it: none for a query.</summary>
    public static string FileOf(string file) => Nowhere.Contains(file) ? "" : file;

    private static string Place(string file, int row, int col) => string.Create(CultureInfo.InvariantCulture, $"{(Nowhere.Contains(file) ? "" : file + ":")}{row}:{col}");

    /// <summary><c>{"errors": […]}</c> with message, code, location and, where text cannot be read, the line.</summary>
    public static JsonObject Json(Exception fault) => new()
    {
        ["errors"] = new JsonArray([.. fault switch
        {
            RegoCompileException broken => broken.Errors.Select(Json),
            RegoEvaluationException halted => [Json(halted)],
            ContentException content => content.Faults.Select(one => new JsonObject { ["message"] = one.ToString() }),
            _ => [new JsonObject { ["message"] = fault.Message }],
        }]),
    };

    public static JsonObject Json(RegoEvaluationException halted) => One(halted.Reason, halted.Code, halted.File, halted.Row, halted.Col);

    private static JsonObject Json(RegoError error)
    {
        if (error.Row == 0)
            return new JsonObject { ["message"] = error.Message, ["code"] = error.Code };
        // Below the message stand the lines that explain it.
        var lines = error.Code == "rego_type_error" ? error.Message.Split("\n\t") : [error.Message];
        var json = One(lines[0], error.Code, error.File, error.Row, error.Col);
        if (lines.Length > 1)
            json["details"] = string.Join('\n', lines[1..]);
        if (error is { Code: "rego_parse_error", Line: { } line })
            json["details"] = new JsonObject { ["line"] = line, ["idx"] = error.Col - 1 };
        return json;
    }

    private static JsonObject One(string message, string code, string file, int row, int col) => new()
    {
        ["message"] = message,
        ["code"] = code,
        ["location"] = new JsonObject { ["file"] = FileOf(file), ["row"] = row, ["col"] = col },
    };
}
