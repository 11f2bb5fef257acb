using System.Text.Json;
using System.Text.Json.Nodes;
using MicroAppBot.Cards;
using MicroAppBot.Cards.BlockKit;

namespace MicroAppBot.Commands;

/// <summary>One HTML page, complete in itself, with every card drawn from every sample: light, dark and phone width, and as Slack shows it.</summary>
internal static class CardPreviewPage
{
    /// <param name="library">The cards and their samples.</param>
    /// <param name="wwwroot">Where the build puts the bundled renderer (<c>vendor/adaptivecards.js</c>, <c>vendor/cards.css</c>); without it the page says what to install.</param>
    public static string Write(CardLibrary library, string wwwroot)
    {
        var cards = new JsonArray([.. library.Samples.OrderBy(sample => sample.Card, StringComparer.Ordinal).Select(sample => Row(library, sample))]);
        return Resource("cards-preview.html")
            .Replace("/*{{slack-style}}*/", Resource("block-kit-preview.css"), StringComparison.Ordinal)
            .Replace("/*{{slack-script}}*/", Resource("block-kit-preview.js"), StringComparison.Ordinal)
            .Replace("/*{{style}}*/", Style(Path.Combine(wwwroot, "vendor", "cards.css")), StringComparison.Ordinal)
            .Replace("/*{{script}}*/", Script(Path.Combine(wwwroot, "vendor", "adaptivecards.js")), StringComparison.Ordinal)
            .Replace("{{cards}}", Embedded(cards.ToJsonString(CardLibrary.Json)), StringComparison.Ordinal);
    }

    private static JsonObject Row(CardLibrary library, CardSample sample)
    {
        var drawing = library.DrawWithNotes(sample.Card, sample.Data);
        return new()
        {
            ["card"] = sample.Card,
            ["what"] = sample.What,
            ["characters"] = CardLibrary.LengthOf(drawing.Card),
            ["shortened"] = drawing.Shortened,
            ["notes"] = JsonSerializer.SerializeToNode(drawing.Notes),
            ["drawn"] = drawing.Card,
            ["slack"] = InSlack(library, sample),
        };
    }

    /// <summary>Everything that Slack is sent of a sample: the message, what follows in its thread, the forms its buttons open, and what it shows differently.</summary>
    public static JsonObject InSlack(CardLibrary library, CardSample sample)
    {
        var card = library.Draw(sample.Card, sample.Data, "slack");
        var message = BlockKit.Message(card, "", "preview");
        var forms = new JsonObject();
        foreach (var id in ActionsOf(message.Blocks).Concat(message.Rest.SelectMany(ActionsOf)).Distinct())
            if (BlockKit.ActionOf(card, id) is { OpensForm: true, FormCard: { } form })
                forms[id] = BlockKit.Modal(form, "preview", "").View;
        return new JsonObject
        {
            ["text"] = message.Text,
            ["by_hand"] = library.HasSlackVersion(sample.Card),
            ["blocks"] = message.Blocks,
            ["rest"] = new JsonArray([.. message.Rest]),
            ["forms"] = forms,
            ["losses"] = JsonSerializer.SerializeToNode(message.Losses.Select(loss => $"{loss.Path}: {loss.Reason}").Distinct()),
        };
    }

    private static IEnumerable<string> ActionsOf(JsonNode? node) => node switch
    {
        JsonObject { } option when option["value"] is JsonValue value && !option.ContainsKey("action_id") => [value.ToString()],
        JsonObject map => map.SelectMany(member => ActionsOf(member.Value)).Concat(map["action_id"] is JsonValue id ? [id.ToString()] : []),
        JsonArray list => list.SelectMany(ActionsOf),
        _ => [],
    };

    // The console has one theme at a time on its root; here both stand side by side
    private static string Style(string file) => !File.Exists(file) ? "" : File.ReadAllText(file)
        .Replace(":root[data-theme=dark]", ".dark", StringComparison.Ordinal).Replace(":root{", ":root,.light{", StringComparison.Ordinal);

    private static string Script(string file) => File.Exists(file) ? File.ReadAllText(file).Replace("</script", "<\\/script", StringComparison.OrdinalIgnoreCase) : "";

    // A card's own text must not end the element it stands in
    private static string Embedded(string json) => json.Replace("<", "\\u003c", StringComparison.Ordinal);

    private static string Resource(string name)
    {
        using var stream = typeof(CardPreviewPage).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
