using System.Buffers;
using System.Text.Json.Nodes;

namespace MicroAppBot.Cards.BlockKit;

/// <summary>One action of a card, and what pressing it means in Slack.</summary>
/// <param name="Id">Slack's <c>action_id</c>: the verb and the action's place in the card, such as <c>request.approve:3</c>.</param>
/// <param name="Cards">The cards it stands in, the innermost first: their inputs go with it.</param>
/// <param name="AsksAnything">Whether one of these cards has inputs of its own.</param>
internal sealed record CardAction(string Id, string Verb, JsonObject Action, IReadOnlyList<JsonObject> Cards, Lazy<bool> AsksAnything)
{
    public string Type => Elements.Text(Action, "type") ?? "";

    /// <summary>What the author of the card says of this action in Slack: <c>title</c>, <c>form</c>, <c>needs</c>, <c>confirm</c>.</summary>
    public JsonObject? Hints => Action["slack"] as JsonObject;

    public bool IsAnswer => Type is "Action.Execute" or "Action.Submit";

    public bool TakesInputs => IsAnswer && !string.Equals(Elements.Text(Action, "associatedInputs"), "none", StringComparison.OrdinalIgnoreCase) && AsksAnything.Value;

    /// <summary>A message has no inputs: what wants some opens a form, unless the author says it can go without.</summary>
    public bool OpensForm => Type is "Action.ShowCard" or "Action.ToggleVisibility" || (TakesInputs && Elements.Flag(Hints, "form", otherwise: true));

    public string Title => Elements.Text(Action, "title") is { Length: > 0 } title ? title : Type == "Action.OpenUrl" ? "Open" : "Show";

    public JsonObject Data => Action["data"] is JsonObject data ? (JsonObject)data.DeepClone() : [];
}

/// <summary>All actions of a drawn card in reading order. The same card gives the same ids, whoever asks and when.</summary>
internal sealed class CardActions
{
    private const int LongestVerb = 100;

    private static readonly SearchValues<char> OfVerbs = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_");

    private readonly List<CardAction> _all = [];
    private readonly Dictionary<JsonObject, CardAction> _byAction = new(ReferenceEqualityComparer.Instance);

    public CardActions(JsonObject card)
    {
        List<JsonObject> cards = [card];
        Walk(card, cards, Asking(cards));
    }

    public IReadOnlyList<CardAction> All => _all;

    public CardAction? Of(JsonObject action) => _byAction.GetValueOrDefault(action);

    /// <summary>The action of that id. Where the card was drawn again meanwhile and its place has changed: the only one with that verb.</summary>
    public CardAction? Find(string id)
    {
        id = WithoutCard(id);
        if (_all.Find(action => action.Id == id) is { } found)
            return found;
        var verb = id.LastIndexOf(':') is var colon and > 0 ? id[..colon] : id;
        return _all.Where(action => PrefixOf(action.Verb) == verb && action.IsAnswer).Take(2).ToList() is [var only] ? only : null;
    }

    /// <summary>On App Home the place is preceded by the number of the card: <c>app.show:2.5</c>.</summary>
    public static string InCard(string id, int card) => id.LastIndexOf(':') is var colon and > 0 ? $"{id[..colon]}:{card}.{id[(colon + 1)..]}" : id;

    public static int CardOf(string id)
    {
        var (colon, point) = (id.LastIndexOf(':'), id.LastIndexOf('.'));
        return colon > 0 && point > colon && int.TryParse(id.AsSpan(colon + 1, point - colon - 1), out var card) ? card : 0;
    }

    private static string WithoutCard(string id)
    {
        var (colon, point) = (id.LastIndexOf(':'), id.LastIndexOf('.'));
        return colon > 0 && point > colon ? id[..(colon + 1)] + id[(point + 1)..] : id;
    }

    // Asked of every action, and the same for all actions of a card
    private static Lazy<bool> Asking(List<JsonObject> cards) => new(() => cards.Exists(Elements.HasInputs), LazyThreadSafetyMode.None);

    private void Walk(JsonObject owner, List<JsonObject> cards, Lazy<bool> asks)
    {
        for (var rank = -1; Elements.NextList(owner, ref rank) is { } list;)
            for (var i = 0; i < list.Count; i++)
                if (list[i] is JsonObject element)
                    Visit(element, cards, asks);
        if (owner["selectAction"] is JsonObject select)
            Visit(select, cards, asks);
    }

    private void Visit(JsonObject written, List<JsonObject> cards, Lazy<bool> asks)
    {
        if (Elements.Effective(written) is not { } element)
            return;
        if (!Elements.IsAction(element))
        {
            Walk(element, cards, asks);
            return;
        }
        var nested = element["card"] as JsonObject;
        var verb = VerbOf(element) ?? (nested is null ? null : FirstVerb(nested)) ?? "";
        var id = Elements.Text(element["slack"], "id") is { Length: > 0 and <= SlackLimits.Id } known ? known : $"{PrefixOf(verb)}:{_all.Count}";
        var action = new CardAction(id, verb, element, cards, asks);
        _all.Add(action);
        _byAction[element] = action;
        if (nested is null || cards.Count >= 32)
            return;
        List<JsonObject> inner = [nested, .. cards];
        Walk(nested, inner, Asking(inner));
    }

    private static string? VerbOf(JsonObject action) =>
        Elements.Text(action["data"], "verb") is { Length: > 0 } inData ? inData : Elements.Text(action, "verb") is { Length: > 0 } verb ? verb : Elements.Text(action, "id");

    private static string? FirstVerb(JsonObject card) =>
        Elements.All(card).Where(element => Elements.Text(element, "type") is "Action.Execute" or "Action.Submit").Select(VerbOf).OfType<string>().FirstOrDefault();

    private static string PrefixOf(string verb)
    {
        var clean = verb.AsSpan().ContainsAnyExcept(OfVerbs) ? string.Concat(verb.Where(c => OfVerbs.Contains(c))) : verb;
        return clean.Length == 0 ? "open" : clean.Length <= LongestVerb ? clean : clean[..LongestVerb];
    }
}
