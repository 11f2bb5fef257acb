using System.Text.Json.Nodes;

namespace MicroAppBot.Cards.BlockKit;

/// <summary>A TextBlock, read.</summary>
/// <param name="Subtle">Small and grey.</param>
/// <param name="Joins">Stands close to the text before it: one block with it.</param>
/// <param name="Sign">What stands for its colour, where that has a meaning.</param>
/// <param name="Cut">Whether the card itself wanted it cut.</param>
internal sealed record CardText(IReadOnlyList<Run> Runs, bool Subtle = false, bool Joins = false, string? Sign = null, bool IsHeading = false, bool Cut = false);

internal static class CardTexts
{
    // What fits into one line of a chat on a wide screen
    private const int Line = 80;

    public static CardText Read(JsonObject element)
    {
        var text = Elements.Scalar(element["text"]) ?? "";
        var runs = CardMarkdown.Read(text);
        var lines = Elements.Flag(element, "wrap", otherwise: true) ? Elements.Number(element, "maxLines") is >= 1 and < 1000 and var most ? (int)most : 0 : 1;
        var cut = lines > 0 && CardMarkdown.PlainOf(runs).Length > lines * Line;
        if (cut)
            runs = Shortened(runs, lines * Line);
        var (size, bolder) = (Elements.Text(element, "size"), Elements.Says(element, "weight", "bolder"));
        var heading = Elements.Says(element, "style", "heading") || (bolder && (Is(size, "large") || Is(size, "extralarge")));
        if (Elements.Says(element, "fontType", "monospace"))
            runs = [.. runs.Select(run => run with { Code = true })];
        else if (heading || bolder)
            runs = [.. runs.Select(run => run with { Bold = true })];
        return new CardText(runs,
            Subtle: !heading && (Elements.Flag(element, "isSubtle") || Is(size, "small")),
            Joins: Elements.Text(element, "spacing") is { } spacing && (Is(spacing, "none") || Is(spacing, "small")) && !Elements.Flag(element, "separator"),
            Sign: Signs.OfStyle(Elements.Text(element, "color")?.ToLowerInvariant()), heading, cut);
    }

    private static bool Is(string? said, string word) => string.Equals(said, word, StringComparison.OrdinalIgnoreCase);

    /// <summary>The texts of an element that has nothing else in it; null where it has.</summary>
    public static List<CardText>? Of(JsonObject element, string list)
    {
        var texts = new List<CardText>();
        foreach (var (written, _) in Elements.In(element, list, ""))
        {
            if (Elements.Effective(written) is not { } inner || !Elements.Flag(inner, "isVisible", otherwise: true) || inner["selectAction"] is not null)
                return null;
            if (Elements.Text(inner, "type") != "TextBlock")
                return null;
            if (Read(inner) is { Runs.Count: > 0 } text)
                texts.Add(text.Sign is null ? text : text with { Runs = Signs.Before(text.Runs, text.Sign) });
        }
        return texts;
    }

    private static List<Run> Shortened(List<Run> runs, int longest)
    {
        var shortened = new List<Run>();
        foreach (var run in runs)
        {
            if (run.Text.Length > longest)
            {
                shortened.Add(run with { Text = SlackText.Cut(run.Text, Math.Max(longest, 2)) });
                break;
            }
            shortened.Add(run);
            longest -= run.Text.Length;
        }
        return shortened;
    }
}
