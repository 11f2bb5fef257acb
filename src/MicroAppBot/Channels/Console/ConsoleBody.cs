using System.Text.Json;
using System.Text.Json.Nodes;
using Governance.People;
using MicroAppBot.Desk;

namespace MicroAppBot.Channels.Console;

/// <summary>What the page sent: a JSON object, read part by part, each fault in words.</summary>
internal sealed class ConsoleBody(JsonObject json)
{
    /// <summary>More than ten times what anybody types; a card's inputs fit in it too.</summary>
    public const int MostBytes = 256 * 1024;

    public const int MostWords = 20_000;

    public static async Task<(ConsoleBody? Body, IResult? Fault)> ReadAsync(HttpRequest request, CancellationToken cancel)
    {
        try
        {
            using var document = await WellFormed.ReadJsonAsync(request.Body, cancel);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return (null, Fault("A JSON object is expected."));
            return WellFormed.IsText(document.RootElement)
                ? (new ConsoleBody(JsonObject.Create(document.RootElement.Clone())!), null)
                : (null, Fault("There are characters in this that are no text (half of a surrogate pair, or no UTF-8)."));
        }
        catch (JsonException broken)
        {
            return (null, Fault(broken.LineNumber is { } line
                ? $"This is not JSON (line {line + 1}, byte {broken.BytePositionInLine + 1})."
                : "This is not JSON that can be taken: something in it is there twice, or is no text."));
        }
        catch (BadHttpRequestException tooLarge) when (tooLarge.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return (null, Fault("That is too much at once.", StatusCodes.Status413PayloadTooLarge));
        }
    }

    public string? Text(string key) => json[key] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public long? Number(string key) => json[key] is JsonValue value && value.TryGetValue<long>(out var number) ? number : null;

    public bool IsTrue(string key) => json[key] is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;

    /// <summary>The object under the key, taken out of the body; empty when there is none.</summary>
    public JsonObject Object(string key)
    {
        var found = json[key] as JsonObject;
        json.Remove(key);
        return found ?? [];
    }

    /// <summary>Who is played, and the page's own id of what was done.</summary>
    public (Person? Person, string Id, IResult? Fault) Who(IDirectory directory)
    {
        if (Text("as") is not { } who || !directory.People.TryGetValue(who, out var person))
        {
            return (null, "", Fault("Nobody of that name is in the people directory.", StatusCodes.Status404NotFound));
        }
        var id = Text("id") ?? "";
        return id.Length is > 0 and <= 100 && id.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
            ? (person, id, null)
            : (null, "", Fault("Every message and click needs an id of its own: letters, digits and hyphens, at most 100."));
    }

    public static IResult Fault(string words, int status = StatusCodes.Status400BadRequest) => Results.Json(new { error = words }, DeskJson.Options, statusCode: status);
}
