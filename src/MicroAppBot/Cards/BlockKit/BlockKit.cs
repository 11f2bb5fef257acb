using System.Text.Json.Nodes;

namespace MicroAppBot.Cards.BlockKit;

/// <summary>
/// Adaptive Card → Slack's Block Kit: pure, deterministic and total. Nothing is lost silently: what Slack cannot show becomes a link,
/// a modal or a line in the thread, and is listed.
/// </summary>
public static class BlockKit
{
    /// <summary>A card as a message. Inputs are left out; the button that needs them opens a form.</summary>
    /// <param name="card">A drawn Adaptive Card.</param>
    /// <param name="text">The sentence for notifications and screen readers; the card's own <c>fallbackText</c> where it is empty.</param>
    /// <param name="cardId">Marks the card's blocks; any text.</param>
    public static BlockMessage Message(JsonObject card, string text, string cardId) => new(text, [], [], []);

    /// <summary>A card as a form: its inputs as input blocks, the action that takes them as the submit button.</summary>
    /// <param name="privateMetadata">Comes back with the answer; 3,000 characters at most.</param>
    public static BlockView Modal(JsonObject card, string cardId, string title, string? privateMetadata = null) => new([], []);

    /// <summary>Cards one below the other as App Home.</summary>
    public static BlockView Home(IReadOnlyList<JsonObject> cards) => new([], []);

    /// <summary>Which action of a drawn card a Slack <c>action_id</c> or overflow value stands for; null where it has none such.</summary>
    public static PressedAction? ActionOf(JsonObject card, string actionId) => null;

    /// <summary><c>view.state.values</c> (or a message's <c>state.values</c>) as Teams' <c>Action.Submit</c> gives the same answers: one string by input id.</summary>
    public static JsonObject Inputs(JsonObject card, JsonObject stateValues) => [];

    /// <summary>What is wrong with the answers, in words, by the block id of the input: ready for <c>response_action: errors</c>. Empty when all is well.</summary>
    public static IReadOnlyDictionary<string, string> Faults(JsonObject card, JsonObject inputs) => new Dictionary<string, string>();
}

/// <summary>What Slack shows differently, or not at all.</summary>
/// <param name="Path">JSON pointer into the card.</param>
public sealed record CardLoss(string Path, string Reason);

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
/// <param name="FormCard">The card to show as that form.</param>
public sealed record PressedAction(string Verb, JsonObject Data, bool OpensForm, JsonObject? FormCard);
