using System.Text.Encodings.Web;
using System.Text.Json;
using Rego;
using Rego.Values;

namespace MicroAppBot.Policies.Api;

/// <summary>Answers in OPA's shapes: documents, results, errors with OPA's codes and words.</summary>
internal static class OpaAnswer
{
    public const string InvalidParameter = "invalid_parameter";
    public const string NotFound = "resource_not_found";
    public const string Internal = "internal_error";

    /// <summary>An object whose members <paramref name="write"/> writes.</summary>
    public static IResult Object(bool pretty, Action<Utf8JsonWriter> write, int status = 200) => Json(pretty, writer =>
    {
        writer.WriteStartObject();
        write(writer);
        writer.WriteEndObject();
    }, status);

    /// <summary>A bare value, as the default decision and version 0 answer.</summary>
    public static IResult Value(RValue value, bool pretty) => Json(pretty, writer => Write(writer, value, pretty), 200);

    /// <summary>A value, as it is: what needs no escape has none.</summary>
    public static void Write(Utf8JsonWriter writer, RValue value, bool pretty)
    {
        if (pretty) value.WriteTo(writer);
        else writer.WriteRawValue(value.ToJson(), skipInputValidation: true);
    }

    /// <summary>The same for everything that another method would be for.</summary>
    public static IResult NotAllowed(HttpContext http, string allowed, string why)
    {
        http.Response.Headers.Allow = allowed;
        return Error(405, "method_not_allowed", why);
    }

    public static IResult Error(int status, string code, string message, IEnumerable<RegoError>? errors = null) => Object(pretty: true, writer =>
    {
        writer.WriteString("code", code);
        writer.WriteString("message", message);
        if (errors is null) return;
        writer.WriteStartArray("errors");
        foreach (var error in errors)
        {
            writer.WriteStartObject();
            writer.WriteString("code", error.Code);
            writer.WriteString("message", error.Message);
            writer.WriteStartObject("location");
            writer.WriteString("file", error.File == "query" ? "" : error.File);
            writer.WriteNumber("row", error.Row);
            writer.WriteNumber("col", error.Col);
            writer.WriteEndObject();
            if (error is { Code: "rego_parse_error", Line: { } line })
            {
                writer.WriteStartObject("details");
                writer.WriteString("line", line);
                writer.WriteNumber("idx", Math.Max(0, error.Col - 1));
                writer.WriteEndObject();
            }
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }, status);

    public static IResult Error(RegoCompileException faulty) => Error(400, InvalidParameter,
        faulty.Errors.Any(e => e.Code == "rego_parse_error") ? "error(s) occurred while parsing query" : "error(s) occurred while compiling query", faulty.Errors);

    public static IResult Error(RegoEvaluationException halted) =>
        Error(500, Internal, "error(s) occurred while evaluating query", [new RegoError(halted.Code, halted.Reason, halted.File, halted.Row, halted.Col)]);

    public static IResult BadRequest(string why) => Error(400, InvalidParameter, why);

    private static PackableJson Json(bool pretty, Action<Utf8JsonWriter> write, int status)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = pretty, MaxDepth = 4_096, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" })) write(writer);
        bytes.WriteByte((byte)'\n');
        return new PackableJson(bytes.ToArray(), status);
    }
}
