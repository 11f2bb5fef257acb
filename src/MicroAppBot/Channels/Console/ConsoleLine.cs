using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MicroAppBot.Desk;

namespace MicroAppBot.Channels.Console;

/// <summary>A line of the transcript as the page gets it.</summary>
/// <param name="Sequence">What the page has seen; see <see cref="TranscriptLine"/>.</param>
/// <param name="Position">Where it stands in the person's chat.</param>
/// <param name="Text">What was said, or the card in one sentence.</param>
/// <param name="Card">The Adaptive Card, where it is one.</param>
public sealed partial record ConsoleLine(string Person, long Sequence, long Position, string Id, bool FromPerson, string? Text, JsonNode? Card, DateTimeOffset At)
{
    public static ConsoleLine Of(TranscriptLine line)
    {
        var content = JsonNode.Parse(line.Json)!.AsObject();
        var card = content["card"];
        content.Remove("card");
        return new(line.PersonId, line.Sequence, line.Position, line.Id, line.FromPerson, (string?)content["text"], card, line.At);
    }

    /// <summary>The first words of a card as plain text, for a list that has one row for it.</summary>
    public static string FirstWords(JsonNode? card) => Markdown().Replace(FirstText(card), "$1$2");

    private static string FirstText(JsonNode? card) => card switch
    {
        JsonObject { } element when element["type"] is JsonValue type && type.TryGetValue<string>(out var name) && name == "TextBlock"
            && element["text"] is JsonValue text && text.TryGetValue<string>(out var words) => words,
        JsonObject { } element => FirstOf(element["body"], element["items"], element["columns"]),
        JsonArray many => FirstOf([.. many]),
        _ => "",
    };

    private static string FirstOf(params JsonNode?[] nodes) => nodes.Select(FirstText).FirstOrDefault(words => words.Length > 0) ?? "";

    // Emphasis goes, a link keeps its words, and what was escaped stands for itself
    [GeneratedRegex(@"\\([\p{P}\p{S}])|\[([^\]]*)\]\([^)]*\)|\*\*|__|(?<![\w*])[*_](?=\S)|(?<=\S)[*_](?![\w*])")]
    private static partial Regex Markdown();
}
