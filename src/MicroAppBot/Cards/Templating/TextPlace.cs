namespace MicroAppBot.Cards.Templating;

/// <summary>What a text of a card is to the client that shows it, and so what must happen to a value before it may stand there.</summary>
public enum TextPlace
{
    /// <summary>A value the client interprets (a style, an id, a URL, what an input holds): a scalar, taken as it is.</summary>
    Structure,

    /// <summary>Inside an action's <c>data</c>: comes back to us as it is, any JSON.</summary>
    Data,

    /// <summary>Shown literally: titles of buttons and choices, labels, placeholders.</summary>
    Plain,

    /// <summary>Read as markdown: the text of a TextBlock.</summary>
    Markdown,

    /// <summary>Read as markdown, and one line: title and value of a fact.</summary>
    MarkdownLine,

    /// <summary>Read as Slack's mrkdwn: a text object of a hand-made version.</summary>
    Mrkdwn,
}

/// <summary>Where in a card an object stands, as far as its texts depend on it.</summary>
internal readonly record struct Place(string? List, bool InData)
{
    private static readonly HashSet<string> Shown = new(StringComparer.Ordinal)
    {
        "title", "label", "placeholder", "altText", "alt_text", "fallbackText", "speak", "tooltip", "errorMessage", "text",
    };

    public TextPlace Of(string? type, string property) =>
        InData ? TextPlace.Data
        : type == "TextBlock" && property == "text" ? TextPlace.Markdown
        : type == "mrkdwn" && property == "text" ? TextPlace.Mrkdwn
        : List == "facts" && (property is "title" or "value") ? TextPlace.MarkdownLine
        : Shown.Contains(property) ? TextPlace.Plain
        : TextPlace.Structure;

    /// <summary>The place of what stands under a property of an object of this type.</summary>
    public Place Under(string? type, string property) =>
        new(property, InData || (property == "data" && type?.StartsWith("Action.", StringComparison.Ordinal) == true));
}
