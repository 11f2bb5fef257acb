using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MicroAppBot.Cards.BlockKit;

/// <summary>A card's actions as buttons, and where there are many of them as menus.</summary>
internal sealed class ActionBlocks(CardActions all, Surface surface, int? cardOnPage, string cardId, List<CardLoss> losses)
{
    /// <summary>More buttons than this in one row make nobody decide faster.</summary>
    private const int MostButtons = 5;

    // Of 100 that Slack takes: the text of a message is limited too
    private const int LongestMenu = 40;

    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly HashSet<JsonObject> _shown = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private bool _hasPrimary;
    private int _rows;

    /// <summary>Whether the action stands somewhere on the page already.</summary>
    public bool Has(JsonObject action) => _shown.Contains(action);

    /// <summary>The action has its place elsewhere: it is no button.</summary>
    public void Take(JsonObject action) => _shown.Add(action);

    public static bool IsLink(JsonObject action) => Elements.Text(action, "type") == "Action.OpenUrl";

    /// <summary>Actions in rows; blocks to stand one below the other.</summary>
    public IEnumerable<JsonObject> Rows(IEnumerable<(JsonObject Action, Spot Path)> written)
    {
        var actions = new List<(CardAction Action, Spot Path)>();
        var words = new List<JsonObject>();
        foreach (var (one, path) in written)
            if (Pressable(one, path, words) is { } action)
                actions.Add((action, path));
        foreach (var line in words)
            yield return line;

        // What destroys is never hidden in a menu: a menu shows neither its colour nor its question. A list to choose from opens no link
        var inMenu = actions.Count > MostButtons || actions.Any(IsSecondary)
            ? actions.Where(action => !Destroys(action.Action) && !IsLink(action.Action.Action)).Where((action, place) => IsSecondary(action) || place >= MostButtons - 1).ToList() : [];
        if (inMenu.Count == 1 && actions.Count <= MostButtons && !IsSecondary(inMenu[0]))
            inMenu = [];
        var elements = (inMenu.Count == 0 ? actions : actions.Except(inMenu)).Select(action => Button(action.Action, action.Path)).ToList();
        elements.AddRange(Menus(inMenu));
        var row = new List<JsonObject>();
        foreach (var element in elements)
        {
            if (row.Count == SlackLimits.ActionsElements || (row.Count > 0 && row.Append(element).Sum(Kit.TextOf) > Pages.MostTextOfBlock))
            {
                yield return Row(row);
                row = [];
            }
            row.Add(element);
        }
        if (row.Count > 0)
            yield return Row(row);
    }

    public JsonObject Row(IEnumerable<JsonObject> elements) => new() { ["type"] = "actions", ["block_id"] = BlockId(), ["elements"] = new JsonArray([.. elements]) };

    /// <summary>One action beside a text; null where it cannot stand there.</summary>
    /// <param name="beside">The text it stands beside, for those who hear the button alone.</param>
    /// <param name="title">Instead of the action's own.</param>
    public JsonObject? Accessory(JsonObject action, Spot path, string beside, string? title = null)
    {
        if (Pressable(action, path, null) is not { } known)
            return null;
        var button = Button(known, path, title);
        if (beside.Length > 0 && !button.ContainsKey("accessibility_label"))
            button["accessibility_label"] = SlackText.Plain($"{SlackText.Plain(known.Title, 40)}: {beside}", SlackLimits.AccessibilityLabel);
        return button;
    }

    /// <summary>These actions in one menu: an overflow of up to five, else a list to choose from. They may be buttons elsewhere too.</summary>
    public JsonObject Menu(IReadOnlyList<CardAction> actions, string? title, bool asList = false)
    {
        var options = new JsonArray([.. actions.Take(SlackLimits.Options).Select(Option)]);
        var menu = new JsonObject { ["type"] = asList || actions.Count > SlackLimits.OverflowOptions ? "static_select" : "overflow", ["action_id"] = Marked($"more:{actions[0].Id}") };
        if (menu["type"]!.GetValue<string>() == "static_select")
            menu["placeholder"] = Kit.Plain(title ?? "More actions…", SlackLimits.Placeholder);
        menu["options"] = options;
        return menu;
    }

    public JsonObject Button(CardAction action, Spot path, string? title = null)
    {
        Showing(action);
        var own = title ?? Elements.Text(action.Hints, "title");
        var asked = action.OpensForm && own is null && surface != Surface.Modal;
        var shown = SlackText.Plain(own ?? action.Title, SlackLimits.ButtonText - (asked ? 1 : 0), "Open");
        var button = new JsonObject
        {
            ["type"] = "button",
            ["text"] = Kit.Plain(asked && !shown.EndsWith('…') ? shown + "…" : shown, SlackLimits.ButtonText),
            ["action_id"] = Marked(action.Id),
        };
        if (Carried(action) is { } value)
            button["value"] = value;
        if (IsLink(action.Action))
            button["url"] = WebAddress.OfButton(Elements.Text(action.Action, "url"));
        if (Elements.Text(action.Action, "style") is { } style && style.ToLowerInvariant() is var kind && kind is "positive" or "destructive")
            Colour(button, kind, path);
        if (!action.OpensForm && (Destroys(action) || action.Hints?["confirm"] is not null))
            button["confirm"] = Question(action);
        if (Elements.Text(action.Action, "tooltip") is { Length: > 0 } tooltip)
            button["accessibility_label"] = SlackText.Plain(tooltip, SlackLimits.AccessibilityLabel);
        else if ((own ?? action.Title).Length > SlackLimits.ButtonText)
        {
            losses.Add(new CardLoss(path, "the title is longer than a button of Slack and was cut"));
            button["accessibility_label"] = SlackText.Plain(own ?? action.Title, SlackLimits.AccessibilityLabel);
        }
        if (action.Action["iconUrl"] is not null)
            losses.Add(new CardLoss(path + "/iconUrl", "a button of Slack has no picture"));
        return button;
    }

    // The same action may have come twice where a form shows one part of a card inside another
    private void Showing(CardAction action)
    {
        _shown.Add(action.Action);
        _ids.Add(action.Id);
    }

    private string BlockId() => SlackText.Plain($"a:{(cardOnPage is { } card ? card + ":" : "")}{_rows++}:{cardId}", SlackLimits.Id);

    private CardAction? Pressable(JsonObject written, Spot path, List<JsonObject>? words)
    {
        if (Elements.Effective(written) is not { } action || all.Of(action) is not { } known)
        {
            losses.Add(new CardLoss(path, $"an action of type {Elements.Text(written, "type")} is unknown and has no fallback"));
            return null;
        }
        if (_shown.Contains(action) || _ids.Contains(known.Id))
            return null;
        if (!Elements.Flag(action, "isEnabled", otherwise: true))
        {
            _shown.Add(action);
            losses.Add(new CardLoss(path, "Slack has no disabled buttons: a line says that it is not available"));
            words?.Add(Kit.Context(Kit.Plain($"{known.Title} is not available{(Elements.Text(action, "tooltip") is { Length: > 0 } why ? ": " + why : " now")}.", SlackLimits.ContextText)));
            return null;
        }
        if (!IsLink(action) || WebAddress.OfButton(Elements.Text(action, "url")) is not null)
            return known;
        _shown.Add(action);
        if (WebAddress.OfLink(Elements.Text(action, "url")) is { } mail)
        {
            losses.Add(new CardLoss(path, "a button of Slack opens web pages only: it is a link in the text"));
            words?.Add(Kit.Section(Kit.Written(Mrkdwn.Write([new Run(SlackText.Plain(known.Title, 200), Link: mail)], SlackLimits.Section)[0])));
            return null;
        }
        losses.Add(new CardLoss(path, "its address is none that Slack opens"));
        words?.Add(Kit.Context(Kit.Plain($"{known.Title}: {Elements.Text(action, "url")}", SlackLimits.ContextText)));
        return null;
    }

    private IEnumerable<JsonObject> Menus(List<(CardAction Action, Spot Path)> actions)
    {
        foreach (var part in actions.Chunk(actions.Count <= SlackLimits.OverflowOptions ? SlackLimits.OverflowOptions : LongestMenu))
        {
            losses.AddRange(part.Select(action => new CardLoss(action.Path, "too many buttons for one row: it stands in a menu")));
            foreach (var (action, _) in part)
                Showing(action);
            yield return Menu([.. part.Select(action => action.Action)], null);
        }
    }

    private JsonObject Option(CardAction action)
    {
        var title = Elements.Text(action.Hints, "title") ?? action.Title;
        var option = new JsonObject { ["text"] = Kit.Plain(title, SlackLimits.OptionText), ["value"] = Marked(action.Id, SlackLimits.OptionValue) };
        return option;
    }

    private void Colour(JsonObject button, string kind, Spot path)
    {
        if (kind == "destructive")
            button["style"] = "danger";
        else if (_hasPrimary)
            losses.Add(new CardLoss(path, "a second highlighted button: Slack wants one"));
        else
            (button["style"], _hasPrimary) = ("primary", true);
    }

    private static JsonObject Question(CardAction action)
    {
        var confirm = new JsonObject
        {
            ["title"] = Kit.Plain($"{action.Title}?", SlackLimits.ConfirmTitle),
            ["text"] = Kit.Plain(Elements.Text(action.Hints, "confirm") is { Length: > 0 } words ? words : "This takes effect at once.", SlackLimits.ConfirmText),
            ["confirm"] = Kit.Plain(action.Title, SlackLimits.ConfirmButton),
            ["deny"] = Kit.Plain("Not now", SlackLimits.ConfirmButton),
        };
        if (Destroys(action))
            confirm["style"] = "danger";
        return confirm;
    }

    // Read by us alone, so nothing in it is shown to anybody; what does not fit is asked of the stored card
    private static string? Carried(CardAction action)
    {
        var data = action.IsAnswer ? action.Action["data"] as JsonObject : action.Action["card"] is JsonObject nested && Elements.All(nested).FirstOrDefault(inner => Elements.Text(inner, "type") is "Action.Execute" or "Action.Submit") is { } first
            ? first["data"] as JsonObject : null;
        return data is { Count: > 0 } && data.ToJsonString(Compact) is { Length: <= SlackLimits.ButtonValue } value ? value : null;
    }

    private string Marked(string id, int longest = SlackLimits.Id)
    {
        var marked = cardOnPage is { } card ? CardActions.InCard(id, card) : id;
        return marked.Length <= longest ? marked : marked[..longest];
    }

    private static bool Destroys(CardAction action) => string.Equals(Elements.Text(action.Action, "style"), "destructive", StringComparison.OrdinalIgnoreCase);

    private static bool IsSecondary((CardAction Action, Spot Path) one) => string.Equals(Elements.Text(one.Action.Action, "mode"), "secondary", StringComparison.OrdinalIgnoreCase);
}
