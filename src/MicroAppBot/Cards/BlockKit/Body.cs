using System.Text.Json.Nodes;

namespace MicroAppBot.Cards.BlockKit;

/// <summary>Walks a card's body and lays it out as blocks, in reading order.</summary>
internal sealed class Body(Surface surface, ActionBlocks actions, List<CardLoss> losses)
{
    private readonly List<Piece> _pieces = [];
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private readonly TextFlow _text = new();
    private bool _hasTable;

    // Slack takes 2,000; what is that long reads better in full width
    private const int Field = 600;

    public IReadOnlyList<Piece> Pieces
    {
        get
        {
            Flush();
            return _pieces;
        }
    }

    public void Add(JsonObject block, bool stays = false, bool glued = false)
    {
        Flush();
        _pieces.Add(new Piece(block, stays, glued));
    }

    public void Lay(JsonNode? owner, string list, Spot path, bool top)
    {
        foreach (var (written, at) in Elements.In(owner, list, path))
            Lay(written, at, top);
    }

    private void Lay(JsonObject written, Spot path, bool top)
    {
        if (Elements.Effective(written) is not { } element)
        {
            losses.Add(new CardLoss(path, $"an element of type {Elements.Text(written, "type")} is unknown to Slack and has no fallback"));
            return;
        }
        if (!Elements.Flag(element, "isVisible", otherwise: true))
        {
            losses.Add(new CardLoss(path, "hidden"));
            return;
        }
        // What is said of an input stands beside it, in the form that asks
        if (surface == Surface.Message && Elements.Text(element["slack"], "in") == "form")
            return;
        if (Elements.Flag(element, "separator"))
            Add(Kit.Divider());
        switch (Elements.Text(element, "type"))
        {
            case "TextBlock": Text(element, path, top); break;
            case "RichTextBlock": Rich(element, path); break;
            case "FactSet": FactSet(element, path); break;
            case "Image": Image(element, path); break;
            case "ImageSet": Images(element, path); break;
            case "Media": Media(element, path); break;
            case "ActionSet": Actions(element, path); break;
            case "ColumnSet": new Columns(this, actions, losses).Lay(element, path); break;
            case "Table": Table(element, path); break;
            case "Container" or "Column" or "TableCell" or "TableRow" or null: Container(element, path); break;
            case { } type when type.StartsWith("Input.", StringComparison.Ordinal): Input(element, path); break;
            case var type: losses.Add(new CardLoss(path, $"{type} has no place in a body")); break;
        }
        if (element["selectAction"] is JsonObject select && Elements.Text(element, "type") != "ColumnSet")
            Select(select, path);
    }

    private void Container(JsonObject element, Spot path)
    {
        var (style, select) = (Elements.Text(element, "style")?.ToLowerInvariant(), element["selectAction"] as JsonObject);
        if (style is not (null or "default"))
            losses.Add(new CardLoss(path + "/style", "Slack has no coloured frames: a sign or a line stands for it"));
        if (element["backgroundImage"] is not null)
            losses.Add(new CardLoss(path + "/backgroundImage", "only decoration"));
        // A text that can be pressed as a whole: the text with its button beside it
        if (select is not null && CardTexts.Of(element, "items") is { Count: > 0 } words && actions.Accessory(select, path + "/selectAction", CardMarkdown.PlainOf(words[0].Runs)) is { } button)
        {
            Beside([.. words.SelectMany((text, i) => i == 0 ? text.Runs : [new Run("\n"), .. text.Runs])], button);
            losses.Add(new CardLoss(path + "/selectAction", "a whole area cannot be pressed in Slack: a button stands beside it"));
            return;
        }
        var framed = style is "emphasis" or "accent";
        if (framed)
            Add(Kit.Divider());
        _text.Mark(Signs.OfStyle(style));
        _text.Part();
        Lay(element, "items", path, top: false);
        Lay(element, "rows", path, top: false);
        Lay(element, "cells", path, top: false);
        _text.Mark(null);
        _text.Part();
        if (framed)
            Add(Kit.Divider());
    }

    /// <summary>Text with something beside it; what is longer than a section goes on below.</summary>
    public void Beside(IReadOnlyList<Run> runs, JsonObject accessory)
    {
        var first = true;
        foreach (var text in Kit.Texts(runs, SlackLimits.Section))
        {
            var section = Kit.Section(text);
            if (first)
                section["accessory"] = accessory;
            Add(section, glued: !first);
            first = false;
        }
        if (first)
            Add(actions.Row([accessory]));
    }

    private void Text(JsonObject element, Spot path, bool top)
    {
        var text = CardTexts.Read(element);
        if (CardMarkdown.PlainOf(text.Runs) is var plain && string.IsNullOrWhiteSpace(plain))
            return;
        if (top && text.IsHeading && SlackText.Plain(plain, int.MaxValue).Length <= SlackLimits.Header)
        {
            Add(Kit.Header(plain));
            _text.Part();
            return;
        }
        if (Elements.Text(element, "horizontalAlignment") is { } alignment && !alignment.Equals("left", StringComparison.OrdinalIgnoreCase))
            losses.Add(new CardLoss(path + "/horizontalAlignment", "Slack aligns to the left"));
        if (Elements.Text(element, "color") is { } colour && colour is not ("Default" or "default"))
            losses.Add(new CardLoss(path + "/color", "Slack has no coloured text: a sign stands before it where the colour has a meaning"));
        if (text.Cut)
            losses.Add(new CardLoss(path + "/text", "cut, as the card says"));
        if (text.Runs.Any(run => run.Code))
            Add(Kit.RichSection([.. text.Runs.Select(run => run with { Text = SlackText.PlainLines(run.Text, SlackLimits.Section) })]));
        else if (_text.Add(text) is { Count: > 0 } before)
            _pieces.AddRange(before);
    }

    /// <summary>Text that stands by itself, in the flow of the text around it.</summary>
    public void Write(CardText text)
    {
        if (text.Runs.Count > 0 && _text.Add(text) is { Count: > 0 } before)
            _pieces.AddRange(before);
    }

    private void Flush()
    {
        if (_text.Take() is { Count: > 0 } pieces)
            _pieces.AddRange(pieces);
    }

    private void Rich(JsonObject element, Spot path)
    {
        var runs = new List<Run>();
        foreach (var node in element["inlines"] as JsonArray ?? [])
        {
            var text = SlackText.Clean(Elements.Scalar(node) ?? Elements.Text(node, "text") ?? "", lines: true);
            if (text.Length == 0)
                continue;
            runs.Add(new Run(SlackText.Cut(text, SlackLimits.Section),
                Bold: string.Equals(Elements.Text(node, "weight"), "bolder", StringComparison.OrdinalIgnoreCase), Italic: Elements.Flag(node, "italic"), Strike: Elements.Flag(node, "strikethrough"),
                Code: string.Equals(Elements.Text(node, "fontType"), "monospace", StringComparison.OrdinalIgnoreCase),
                Link: (node as JsonObject)?["selectAction"] is JsonObject open && ActionBlocks.IsLink(open) ? WebAddress.OfLink(Elements.Text(open, "url")) : null));
            if (Elements.Flag(node, "highlight") || Elements.Flag(node, "underline") || Elements.Text(node, "color") is not null)
                losses.Add(new CardLoss(path, "Slack has no highlighted, underlined or coloured text"));
        }
        if (runs.Count == 0)
            return;
        Add(Kit.RichSection(runs));
        foreach (var (inline, at) in Elements.In(element, "inlines", path))
            if (inline["selectAction"] is JsonObject select && !ActionBlocks.IsLink(select))
                Select(select, at);
    }

    private void FactSet(JsonObject element, Spot path)
    {
        var facts = Elements.In(element, "facts", path).Select(found => (Title: CardMarkdown.Read(Elements.Scalar(found.Element["title"]) ?? ""), Value: CardMarkdown.Read(Elements.Scalar(found.Element["value"]) ?? ""))).ToList();
        if (facts.Count > 2 * SlackLimits.Fields)
        {
            losses.Add(new CardLoss(path, "more than 20 facts: they stand in lines instead of columns"));
            foreach (var fact in facts)
                Write(new CardText([.. fact.Title.Select(run => run with { Bold = true }), new Run(": "), .. Value(fact.Value)], Joins: true));
            return;
        }
        Fields(facts.Select(fact => (IReadOnlyList<Run>)[.. fact.Title.Select(run => run with { Bold = true }), new Run("\n"), .. Value(fact.Value)]));
    }

    /// <summary>Short texts in two columns, read from left to right; what is too long for a field stands below in full width.</summary>
    public void Fields(IEnumerable<IReadOnlyList<Run>> texts)
    {
        var row = new List<JsonObject>();
        foreach (var runs in texts)
        {
            var parts = Kit.Texts(runs, Field).ToList();
            if (parts.Count == 0)
                continue;
            if (parts.Count > 1)
            {
                Row();
                foreach (var part in parts)
                    Add(Kit.Section(part));
                continue;
            }
            if (row.Count == SlackLimits.Fields || row.Append(parts[0]).Sum(Kit.TextOf) > Pages.MostTextOfBlock)
                Row();
            row.Add(parts[0]);
        }
        Row();

        void Row()
        {
            if (row.Count > 0)
                Add(Kit.Fields(row));
            row = [];
        }
    }

    private static List<Run> Value(List<Run> value) => string.IsNullOrWhiteSpace(CardMarkdown.PlainOf(value)) ? [new Run("–")] : value;

    private void Image(JsonObject element, Spot path)
    {
        var (picture, words) = Pictures.Of(element, path, losses);
        Add(picture is null ? Kit.Context(words) : Pictures.Block(picture, words));
    }

    private void Images(JsonObject element, Spot path)
    {
        losses.Add(new CardLoss(path, "pictures stand in a line instead of a grid"));
        foreach (var part in Elements.In(element, "images", path).Select(found => Pictures.Of(found.Element, found.Path, losses)).Chunk(SlackLimits.ContextElements))
            Add(Kit.Context(part.Select(found => found.Picture ?? found.Words)));
    }

    private void Media(JsonObject element, Spot path)
    {
        losses.Add(new CardLoss(path, "it does not play inside Slack: a link opens it"));
        var words = Elements.Text(element, "altText") is { Length: > 0 } text ? text : "Recording";
        var link = Elements.In(element, "sources", path).Select(source => WebAddress.OfLink(Elements.Text(source.Element, "url"))).FirstOrDefault(url => url is not null);
        Write(new CardText([new Run("▶ "), new Run(words, Link: link)]));
    }

    private void Actions(JsonObject element, Spot path)
    {
        var glued = false;
        Flush();
        foreach (var row in actions.Rows(Elements.In(element, "actions", path)))
        {
            Add(row, glued: glued || _pieces.Count > 0);
            glued = true;
        }
    }

    private void Select(JsonObject select, Spot path)
    {
        if (actions.Has(select))
            return;
        losses.Add(new CardLoss(path + "/selectAction", "a whole area cannot be pressed in Slack: a button stands below it"));
        foreach (var row in actions.Rows([(select, path + "/selectAction")]))
            Add(row, glued: true);
    }

    private void Table(JsonObject element, Spot path)
    {
        Flush();
        var table = new Tables(losses);
        foreach (var block in table.Of(element, path, surface == Surface.Message && !_hasTable))
        {
            _hasTable |= block["type"]!.GetValue<string>() == "table";
            Add(block);
        }
        // What can be pressed inside a cell is found below the table
        foreach (var inner in Elements.All(element).Where(Elements.IsAction))
            foreach (var row in actions.Rows([(inner, path)]))
                Add(row, glued: true);
    }

    private void Input(JsonObject element, Spot path)
    {
        if (surface != Surface.Modal)
        {
            losses.Add(new CardLoss(path, "asked for in a form that a button opens"));
            return;
        }
        var id = Elements.Text(element, "id");
        if (id is not { Length: > 0 } || !_asked.Add(id))
        {
            losses.Add(new CardLoss(path, "an input without an id of its own: its answer would go nowhere"));
            return;
        }
        if (InputBlocks.Of(element, path, losses) is { } block)
            Add(block, stays: true);
        else
            Add(Kit.Context(Kit.Plain($"{Elements.Text(element, "label") ?? id}: this cannot be asked for in Slack.", SlackLimits.ContextText)));
    }
}
