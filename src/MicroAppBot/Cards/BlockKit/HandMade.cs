using System.Text.Json.Nodes;

namespace MicroAppBot.Cards.BlockKit;

/// <summary>
/// A version of a card that was laid out for Slack by hand (<c>cards/&lt;name&gt;.slack.json</c>): blocks, in which a button or a menu names
/// one of the card's own actions by its verb, and a text may have <c>lines</c> of further texts. What it asks for, what it carries and whether it opens a form is the card's; an action
/// that the version does not show stands below it.
/// </summary>
internal sealed class HandMade(CardActions all, ActionBlocks actions)
{
    private static readonly HashSet<string> Blocks = new(StringComparer.Ordinal) { "header", "section", "context", "divider", "actions", "image" };

    private readonly List<Piece> _pieces = [];
    private readonly List<CardAction> _inMenus = [];

    /// <exception cref="CardFault">A version that is none, by JSON pointer.</exception>
    public static void Check(string file, JsonNode? version)
    {
        if (version?["blocks"] is not JsonArray blocks)
            throw new CardFault(file, "/blocks", "a Slack version is an object with a list of blocks");
        for (var i = 0; i < blocks.Count; i++)
        {
            var type = Elements.Text(blocks[i], "type");
            if (type is null || !Blocks.Contains(type))
                throw new CardFault(file, $"/blocks/{i}/type", $"'{type}' is no block that may stand in a Slack version");
            if (type == "actions" && blocks[i]!["elements"] is not JsonArray)
                throw new CardFault(file, $"/blocks/{i}/elements", "must be a list");
        }
    }

    public List<Piece> Lay(JsonArray blocks)
    {
        foreach (var block in blocks.OfType<JsonObject>())
            Lay(block);
        foreach (var action in _inMenus)
            actions.Take(action.Action);
        return _pieces;
    }

    private void Lay(JsonObject block)
    {
        switch (Elements.Text(block, "type"))
        {
            case "divider":
                Add(Kit.Divider());
                break;
            case "header" when Elements.Scalar(block["text"]?["text"]) is { Length: > 0 } title:
                // A title that is no header any more is still the first thing read
                Add(SlackText.Plain(title, int.MaxValue).Length <= SlackLimits.Header ? Kit.Header(title) : Kit.Section(Kit.Written($"*{Literal(title, SlackLimits.Section)}*")));
                break;
            case "section":
                Section(block);
                break;
            case "context":
                foreach (var part in (block["elements"] as JsonArray ?? []).Select(text => Text(text, SlackLimits.ContextText)).OfType<JsonObject>().Chunk(SlackLimits.ContextElements))
                    Add(Kit.Context(part), glued: true);
                break;
            case "image" when WebAddress.OfImage(Elements.Text(block, "image_url")) is { } url:
                Add(new JsonObject { ["type"] = "image", ["image_url"] = url, ["alt_text"] = SlackText.Plain(Elements.Text(block, "alt_text") ?? "", 300, "Image") });
                break;
            case "actions":
                var elements = (block["elements"] as JsonArray ?? []).OfType<JsonObject>().Select(Pressable).OfType<JsonObject>().ToList();
                foreach (var row in elements.Chunk(SlackLimits.ActionsElements))
                    Add(actions.Row(row), stays: true, glued: true);
                break;
        }
    }

    private void Section(JsonObject block)
    {
        var accessory = block["accessory"] is JsonObject beside ? Pressable(beside) : null;
        var text = Text(block["text"], SlackLimits.Section);
        if (text is not null)
        {
            var section = Kit.Section(text);
            if (accessory is not null)
                section["accessory"] = accessory;
            Add(section);
        }
        else if (accessory is not null)
            Add(actions.Row([accessory]), stays: true);
        var row = new List<JsonObject>();
        foreach (var field in (block["fields"] as JsonArray ?? []).Select(field => Text(field, SlackLimits.Field)).OfType<JsonObject>())
        {
            if (row.Count == SlackLimits.Fields || (row.Count > 0 && row.Append(field).Sum(Kit.TextOf) > Pages.MostTextOfBlock))
            {
                Add(Kit.Fields(row));
                row = [];
            }
            row.Add(field);
        }
        if (row.Count > 0)
            Add(Kit.Fields(row));
    }

    private JsonObject? Pressable(JsonObject element)
    {
        var verb = Elements.Text(element, "action");
        var wanted = all.All.Where(action => action.Cards.Count == 1 && action.Verb == verb && Has(action, element["where"] as JsonObject)).ToList();
        if (wanted.Count == 0)
            return null;
        if (Elements.Text(element, "type") == "button")
            return wanted.Find(action => !actions.Has(action.Action)) is { } one ? actions.Accessory(one.Action, "", "", Elements.Text(element, "text")) : null;
        // Several actions that ask for the same thing are one choice
        var distinct = wanted.DistinctBy(action => action.Data.ToJsonString()).ToList();
        var menu = actions.Menu(distinct, Elements.Text(element, "text"), asList: Elements.Text(element, "type") == "static_select");
        _inMenus.AddRange(wanted);
        return menu;
    }

    private static bool Has(CardAction action, JsonObject? where) =>
        where is null || where.All(member => Elements.Scalar(action.Data[member.Key]) == Elements.Scalar(member.Value));

    private void Add(JsonObject block, bool stays = false, bool glued = false) => _pieces.Add(new Piece(block, stays, glued));

    private static JsonObject? Text(JsonNode? node, int limit)
    {
        var text = string.Join('\n', Elements.In(node, "lines", "").Select(line => Elements.Scalar(line.Element["text"])).Prepend(Elements.Scalar((node as JsonObject)?["text"])).Where(line => !string.IsNullOrWhiteSpace(line)));
        if (text.Length == 0)
            return null;
        return Elements.Text(node, "type") == "mrkdwn" ? Kit.Written(Shortened(text.Trim(), limit)) : Kit.Plain(text, limit);
    }

    private static string Literal(string text, int limit) => Shortened(SlackText.Literal(SlackText.Clean(text, lines: false)), limit - 2);

    // Never inside an entity or a link
    private static string Shortened(string mrkdwn, int limit)
    {
        if (mrkdwn.Length <= limit)
            return mrkdwn;
        var cut = SlackText.Cut(mrkdwn, limit).TrimEnd('…');
        foreach (var (opens, closes) in (ReadOnlySpan<(char, char)>)[('&', ';'), ('<', '>')])
            if (cut.LastIndexOf(opens) is var open and >= 0 && cut.IndexOf(closes, open) < 0)
                cut = cut[..open];
        return cut + "…";
    }
}
