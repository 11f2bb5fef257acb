using System.Text.Json.Nodes;
using MicroAppBot.Desk;

namespace MicroAppBot.Channels.Slack;

/// <summary>
/// Cards that were shown a moment ago: whoever presses one mostly does so soon, and asks neither the store nor the JSON reader for it.
/// What is in a card never changes under its id. Two generations: what was not asked for while the newer one filled up is let go.
/// </summary>
internal sealed class SlackShown
{
    /// <summary>By the characters of the cards; as nodes they take several times as much.</summary>
    private const int MostCharacters = 2_000_000;

    private readonly Lock _gate = new();
    private Dictionary<string, (SentCard Card, JsonObject Drawn)> _recent = new(StringComparer.Ordinal);
    private Dictionary<string, (SentCard Card, JsonObject Drawn)> _older = new(StringComparer.Ordinal);
    private int _characters;

    /// <returns>The card, and as it was drawn: to be read by anybody, and changed by nobody.</returns>
    public (SentCard Card, JsonObject Drawn)? Find(string id)
    {
        lock (_gate)
        {
            if (_recent.TryGetValue(id, out var shown)) return shown;
            if (!_older.Remove(id, out shown)) return null;
            Put(shown);
            return shown;
        }
    }

    public void Remember(SentCard card, JsonObject drawn)
    {
        lock (_gate) Put((card, drawn));
    }

    public void Forget(string id)
    {
        lock (_gate)
        {
            _recent.Remove(id);
            _older.Remove(id);
        }
    }

    private void Put((SentCard Card, JsonObject Drawn) shown)
    {
        _recent[shown.Card.Id] = shown;
        _characters += shown.Card.Drawn?.Length ?? 0;
        if (_characters < MostCharacters / 2) return;
        (_older, _recent, _characters) = (_recent, new(StringComparer.Ordinal), 0);
    }
}
