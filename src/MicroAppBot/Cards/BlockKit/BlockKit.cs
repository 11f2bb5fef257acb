using System.Text.Json.Nodes;

namespace MicroAppBot.Cards.BlockKit;

/// <summary>
/// Adaptive Card → Slack's Block Kit: pure, deterministic and total. Nothing is lost silently: what Slack cannot show becomes a link,
/// a modal or a line in the thread, and is listed.
/// </summary>
public static class BlockKit
{
    // What a derived top-level text has at most: it is read aloud as a whole
    private const int Spoken = 300;

    /// <summary>
    /// A card as a message. Inputs are left out; the button that needs them opens a form (<see cref="ActionOf"/>). A card that was drawn
    /// for Slack and has a hand-made version (<c>cards/&lt;name&gt;.slack.json</c>) is shown by that one, with the card's own actions.
    /// </summary>
    /// <param name="card">A drawn Adaptive Card; not changed.</param>
    /// <param name="text">The sentence for notifications and screen readers; the card's own words where it is empty.</param>
    /// <param name="cardId">Goes into the ids of blocks with actions; any text.</param>
    public static BlockMessage Message(JsonObject card, string text, string cardId)
    {
        var losses = new List<CardLoss>();
        var all = new CardActions(card);
        var actions = new ActionBlocks(all, Surface.Message, null, cardId, losses);
        var pieces = card["slack"]?["blocks"] is JsonArray own ? [.. new HandMade(all, actions).Lay(own), .. Buttons(card, actions)] : Pieces(card, actions, Surface.Message, losses);
        var spoken = string.IsNullOrWhiteSpace(text) ? Spoke(card) : SlackText.TopLevel(text, SlackLimits.MessageText);
        var pages = Pages.OfMessage(pieces.Count > 0 ? pieces : [new Piece(Kit.Section(Kit.Plain(spoken, SlackLimits.Section)))], () => Kit.Context(Kit.Plain("There is more in the thread.", SlackLimits.ContextText)));
        return new BlockMessage(spoken, pages[0], pages[1..], losses);
    }

    /// <summary>
    /// A card as a form: its inputs as input blocks, the action that takes them as the submit button. <c>callback_id</c> is that action's
    /// id: <see cref="ActionOf"/> of the same card, or of the card it was opened from, says what was submitted.
    /// </summary>
    /// <param name="title">At most 24 characters are shown; the title of the button that opened it where it is empty.</param>
    /// <param name="privateMetadata">Comes back with the answer; 3,000 characters at most (longer is left out, and listed).</param>
    public static BlockView Modal(JsonObject card, string cardId, string title, string? privateMetadata = null)
    {
        var losses = new List<CardLoss>();
        var all = new CardActions(card);
        var submit = Elements.HasInputs(card) ? Submit(card, all) : null;
        var actions = new ActionBlocks(all, Surface.Modal, null, cardId, losses);
        if (submit is not null)
            actions.Take(submit.Action);
        var pieces = Pieces(card, actions, Surface.Modal, losses);
        if (pieces.Count == 0)
            pieces.Add(new Piece(Kit.Section(Kit.Plain(Spoke(card), SlackLimits.Section))));
        var (blocks, complete) = Pages.OfView(pieces, () => Kit.Context(Kit.Plain("There is more in the chat.", SlackLimits.ContextText)));
        if (!complete)
            losses.Add(new CardLoss("/body", "more than a form of Slack holds"));
        var asks = blocks.Any(block => block!["type"]!.GetValue<string>() == "input");
        var view = new JsonObject
        {
            ["type"] = "modal",
            ["title"] = Kit.Plain(string.IsNullOrWhiteSpace(title) ? Elements.Text(card["slack"], "title") ?? "" : title, SlackLimits.ViewTitle, "MicroAppBot"),
            ["close"] = Kit.Plain(asks ? "Cancel" : "Close", SlackLimits.ViewTitle),
            ["blocks"] = blocks,
        };
        if (asks)
            view["submit"] = Kit.Plain(submit?.Title ?? "Send", SlackLimits.ViewTitle, "Send");
        if (asks && submit is null)
            losses.Add(new CardLoss("/actions", "inputs, and no action that takes them"));
        if (submit is not null)
            view["callback_id"] = submit.Id;
        if (privateMetadata is { Length: > SlackLimits.PrivateMetadata })
            losses.Add(new CardLoss("/private_metadata", "longer than Slack carries"));
        else if (privateMetadata is not null)
            view["private_metadata"] = privateMetadata;
        ViewSize.Fit(view, losses);
        return new BlockView(view, losses);
    }

    /// <summary>Cards one below the other as App Home. The ids of their actions name the card: <see cref="HomeCardOf"/>.</summary>
    public static BlockView Home(IReadOnlyList<JsonObject> cards)
    {
        var losses = new List<CardLoss>();
        var pieces = new List<Piece>();
        for (var i = 0; i < cards.Count; i++)
        {
            var (all, own) = (new CardActions(cards[i]), new List<CardLoss>());
            if (pieces.Count > 0)
                pieces.Add(new Piece(Kit.Divider()));
            pieces.AddRange(Pieces(cards[i], new ActionBlocks(all, Surface.Home, i, "home", own), Surface.Home, own));
            losses.AddRange(own.Select(loss => loss with { Path = $"/{i}{loss.Path}" }));
        }
        if (pieces.Count == 0)
            pieces.Add(new Piece(Kit.Section(Kit.Plain("There is nothing here yet. Write to me in Messages.", SlackLimits.Section))));
        var (blocks, complete) = Pages.OfView(pieces, () => Kit.Context(Kit.Plain("There is more: write to me in Messages.", SlackLimits.ContextText)));
        if (!complete)
            losses.Add(new CardLoss("", "more than App Home holds"));
        var view = new JsonObject { ["type"] = "home", ["blocks"] = blocks };
        ViewSize.Fit(view, losses);
        return new BlockView(view, losses);
    }

    /// <summary>
    /// Which action of a drawn card Slack's <c>action_id</c>, the value of a menu's <c>selected_option</c>, or a form's
    /// <c>callback_id</c> stands for; null where the card has none such (it may have been drawn again since).
    /// </summary>
    public static PressedAction? ActionOf(JsonObject card, string actionId)
    {
        var all = new CardActions(card);
        if (all.Find(actionId) is not { } action || ActionBlocks.IsLink(action.Action))
            return null;
        return new PressedAction(action.Verb, action.Data, action.OpensForm, Forms.Of(action, all));
    }

    /// <summary>Which of the cards of App Home an action belongs to; 0 where the id names none.</summary>
    public static int HomeCardOf(string actionId) => CardActions.CardOf(actionId);

    /// <summary><c>view.state.values</c> (or the <c>state</c> around it) as Teams' <c>Action.Submit</c> gives the same answers: one string by input id.</summary>
    /// <param name="card">The form's card.</param>
    public static JsonObject Inputs(JsonObject card, JsonObject stateValues) => Answers.Read(card, stateValues);

    /// <summary>What is wrong with the answers, in words, by the block id of the input: ready for <c>response_action: errors</c>. Empty when all is well.</summary>
    /// <param name="card">The form's card.</param>
    /// <param name="inputs">As <see cref="Inputs"/> gives them.</param>
    public static IReadOnlyDictionary<string, string> Faults(JsonObject card, JsonObject inputs) => Answers.Faults(card, inputs);

    /// <summary>What a list to search in offers for the typed words (<c>block_suggestion</c>): options, 100 at most.</summary>
    /// <param name="card">The form's card.</param>
    public static JsonArray Suggestions(JsonObject card, string blockId, string typed) =>
        Elements.Inputs(card).FirstOrDefault(input => InputBlocks.BlockIdOf(Elements.Text(input, "id")!) == blockId) is { } asked
            ? new JsonArray([.. new Choices(asked).Options(typed).Take(SlackLimits.Options)]) : [];

    private static List<Piece> Pieces(JsonObject card, ActionBlocks actions, Surface surface, List<CardLoss> losses)
    {
        var body = new Body(surface, actions, losses);
        body.Lay(card, "body", "", top: true);
        if (card["selectAction"] is JsonObject select)
        {
            losses.Add(new CardLoss("/selectAction", "a whole card cannot be pressed in Slack: a button stands below it"));
            foreach (var row in actions.Rows([(select, "/selectAction")]))
                body.Add(row, stays: true);
        }
        return [.. body.Pieces, .. Buttons(card, actions)];
    }

    private static IEnumerable<Piece> Buttons(JsonObject card, ActionBlocks actions) => actions.Rows(Elements.In(card, "actions", "")).Select(row => new Piece(row, stays: true));

    private static CardAction? Submit(JsonObject card, CardActions all)
    {
        var takers = Elements.In(card, "actions", "").Select(found => Elements.Effective(found.Element)).OfType<JsonObject>().Select(all.Of).OfType<CardAction>().Where(action => action.TakesInputs).ToList();
        return takers.Find(action => string.Equals(Elements.Text(action.Action, "style"), "positive", StringComparison.OrdinalIgnoreCase)) ?? takers.FirstOrDefault() ?? all.All.FirstOrDefault(action => action.TakesInputs && action.Cards.Count == 1);
    }

    private static string Spoke(JsonObject card)
    {
        var own = Elements.Text(card, "fallbackText") is { Length: > 0 } fallback ? fallback : Elements.Text(card, "speak") is { } speak ? WithoutTags(speak) : null;
        if (string.IsNullOrWhiteSpace(own))
        {
            var elements = Elements.All(card).ToList();
            var first = elements.Find(element => Elements.Text(element, "type") == "TextBlock");
            var fact = elements.Find(element => Elements.Text(element, "type") == "FactSet")?["facts"] is JsonArray { Count: > 0 } facts ? facts[0] : null;
            own = string.Join(". ", ((string?[])[first is null ? null : CardMarkdown.PlainOf(CardTexts.Read(first).Runs), fact is null ? null : $"{Elements.Scalar(fact["title"])}: {Elements.Scalar(fact["value"])}"])
                .Where(part => !string.IsNullOrWhiteSpace(part)).Concat(Elements.In(card, "actions", "").Take(5).Select(action => Elements.Text(action.Element, "title")).Where(title => title is not null)));
        }
        return SlackText.TopLevel(own, Spoken);
    }

    private static string WithoutTags(string speak)
    {
        var plain = new System.Text.StringBuilder(speak.Length);
        var inside = false;
        foreach (var c in speak)
        {
            inside = c == '<' || (inside && c != '>');
            if (!inside && c != '>')
                plain.Append(c);
        }
        return plain.ToString();
    }
}

/// <summary>What Slack shows differently, or not at all.</summary>
public sealed record CardLoss
{
    private readonly object _path;

    public CardLoss(string path, string reason) => (_path, Reason) = (path, reason);

    internal CardLoss(Spot path, string reason) => (_path, Reason) = (path, reason);

    /// <summary>JSON pointer into the card.</summary>
    public string Path { get => _path.ToString()!; init => _path = value; }

    public string Reason { get; }

    public bool Equals(CardLoss? other) => other is not null && Path == other.Path && Reason == other.Reason;

    public override int GetHashCode() => HashCode.Combine(Path, Reason);
}

/// <summary>A card as a Slack message.</summary>
/// <param name="Text">Top-level text, at most 4,000 characters: the sentence that screen readers and notifications get.</param>
/// <param name="Blocks">At most 50.</param>
/// <param name="Rest">What did not fit: further messages for the thread, in order.</param>
public sealed record BlockMessage(string Text, JsonArray Blocks, IReadOnlyList<JsonArray> Rest, IReadOnlyList<CardLoss> Losses);

/// <summary>A card as a modal or as App Home.</summary>
/// <param name="View">Ready for <c>views.open</c> or <c>views.publish</c>.</param>
public sealed record BlockView(JsonObject View, IReadOnlyList<CardLoss> Losses);

/// <summary>An action of a card that was pressed in Slack.</summary>
/// <param name="Verb">Such as <c>request.approve</c>.</param>
/// <param name="Data">The action's data: ids, never authority.</param>
/// <param name="OpensForm">The press is not the answer yet: open <paramref name="FormCard"/> as a modal.</param>
/// <param name="FormCard">The card to show as that form, and to read its answers with; null where there is nothing to ask.</param>
public sealed record PressedAction(string Verb, JsonObject Data, bool OpensForm, JsonObject? FormCard);
