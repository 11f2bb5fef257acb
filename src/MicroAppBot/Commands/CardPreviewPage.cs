using System.Text.Json;
using System.Text.Json.Nodes;
using MicroAppBot.Cards;

namespace MicroAppBot.Commands;

/// <summary>One HTML page, complete in itself, with every card drawn from every sample: light, dark and phone width.</summary>
internal static class CardPreviewPage
{
    /// <param name="library">The cards and their samples.</param>
    /// <param name="wwwroot">Where the build puts the bundled renderer (<c>vendor/adaptivecards.js</c>, <c>vendor/cards.css</c>); without it the page says what to install.</param>
    public static string Write(CardLibrary library, string wwwroot)
    {
        var cards = new JsonArray([.. library.Samples.OrderBy(sample => sample.Card, StringComparer.Ordinal).Select(sample => Row(sample, library.DrawWithNotes(sample.Card, sample.Data)))]);
        return Resource()
            .Replace("/*{{style}}*/", Style(Path.Combine(wwwroot, "vendor", "cards.css")), StringComparison.Ordinal)
            .Replace("/*{{script}}*/", Script(Path.Combine(wwwroot, "vendor", "adaptivecards.js")), StringComparison.Ordinal)
            .Replace("{{cards}}", Embedded(cards.ToJsonString(CardLibrary.Json)), StringComparison.Ordinal);
    }

    private static JsonObject Row(CardSample sample, Drawing drawing) => new()
    {
        ["card"] = sample.Card,
        ["what"] = sample.What,
        ["characters"] = CardLibrary.LengthOf(drawing.Card),
        ["shortened"] = drawing.Shortened,
        ["notes"] = JsonSerializer.SerializeToNode(drawing.Notes),
        ["drawn"] = drawing.Card,
    };

    // The console has one theme at a time on its root; here both stand side by side
    private static string Style(string file) => !File.Exists(file) ? "" : File.ReadAllText(file)
        .Replace(":root[data-theme=dark]", ".dark", StringComparison.Ordinal).Replace(":root{", ":root,.light{", StringComparison.Ordinal);

    private static string Script(string file) => File.Exists(file) ? File.ReadAllText(file).Replace("</script", "<\\/script", StringComparison.OrdinalIgnoreCase) : "";

    // A card's own text must not end the element it stands in
    private static string Embedded(string json) => json.Replace("<", "\\u003c", StringComparison.Ordinal);

    private static string Resource()
    {
        using var stream = typeof(CardPreviewPage).Assembly.GetManifestResourceStream("cards-preview.html")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
