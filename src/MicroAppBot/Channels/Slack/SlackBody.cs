using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MicroAppBot.Desk;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace MicroAppBot.Channels.Slack;

/// <summary>What Slack posts, told apart by what is in it: the path is not signed, so every address takes every kind.</summary>
internal abstract record SlackBody
{
    /// <summary>A view may have 250 kB, and percent-encoding makes up to three times as much of it.</summary>
    public const int MostBytes = 1024 * 1024;

    private const string Json = "application/json";

    private SlackBody() { }

    /// <summary>Slack asks whether anybody is there (<c>url_verification</c>).</summary>
    public sealed record Challenge(string Value) : SlackBody;

    /// <summary>Something happened, was pressed or was typed.</summary>
    public sealed record Said(string Kind, JsonObject Payload) : SlackBody;

    /// <summary>A form with none of the fields we know, or Slack's look at our certificate.</summary>
    public sealed record Nothing : SlackBody;

    /// <summary>Neither a JSON object nor a form.</summary>
    public sealed record Broken : SlackBody;

    /// <returns>The body as it came over the wire; null when it is larger than <see cref="MostBytes"/>.</returns>
    public static async Task<byte[]?> BytesAsync(HttpRequest request, CancellationToken cancel)
    {
        if (request.ContentLength > MostBytes) return null;
        var buffer = new ArrayBufferWriter<byte>((int)(request.ContentLength ?? 4096) + 1);
        while (true)
        {
            var read = await request.Body.ReadAsync(buffer.GetMemory(), cancel);
            if (read == 0) return buffer.WrittenSpan.ToArray();
            buffer.Advance(read);
            if (buffer.WrittenCount > MostBytes) return null;
        }
    }

    /// <summary>The one thing that may come unsigned, and for which nothing is done.</summary>
    public static bool IsCertificateCheck(string? contentType, byte[] body) =>
        !IsJson(contentType, body) && body.AsSpan().IndexOf("ssl_check"u8) >= 0 && Form(body) is { } form && Field(form, "ssl_check") == "1";

    public static SlackBody Read(string? contentType, byte[] body)
    {
        if (IsJson(contentType, body))
        {
            if (Object(Encoding.UTF8.GetString(body)) is not { } json) return new Broken();
            return SlackJson.Text(json, "type") == "url_verification" ? new Challenge(SlackJson.Text(json, "challenge") ?? "") : new Said(SlackEnvelope.Events, json);
        }
        if (Form(body) is not { } form) return new Broken();
        if (Field(form, "payload") is { } payload) return Object(payload) is { } json ? new Said(SlackEnvelope.Interactive, json) : new Broken();
        if (Field(form, "command") is null) return new Nothing();
        var command = new JsonObject();
        foreach (var (name, values) in form) command[name] = values.Count > 0 ? values[^1] : "";
        return new Said(SlackEnvelope.SlashCommands, command);
    }

    private static bool IsJson(string? contentType, byte[] body) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type) && type.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase)
        || (body.AsSpan().TrimStart(" \t\r\n"u8) is [(byte)'{', ..]);

    private static Dictionary<string, Microsoft.Extensions.Primitives.StringValues>? Form(byte[] body)
    {
        try
        {
            using var reader = new FormReader(Encoding.UTF8.GetString(body)) { ValueLengthLimit = MostBytes, ValueCountLimit = 100, KeyLengthLimit = 200 };
            return reader.ReadForm();
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static string? Field(Dictionary<string, Microsoft.Extensions.Primitives.StringValues> form, string name) =>
        form.TryGetValue(name, out var values) && values is [.., { Length: > 0 } value] ? value : null;

    /// <returns>Null when this is no JSON object.</returns>
    public static JsonObject? Object(string text)
    {
        try
        {
            using var document = OutsideJson.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object ? OutsideJson.Object(document.RootElement) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
