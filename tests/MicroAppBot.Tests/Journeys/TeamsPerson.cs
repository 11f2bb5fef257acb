using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using MicroAppBot.Tests.Doubles;

namespace MicroAppBot.Tests.Journeys;

/// <summary>Somebody in Teams.</summary>
internal sealed class TeamsPerson(string id, TeamsUser user, FakeConnector connector) : IPerson
{
    /// <summary>What the bot says under a card when the answer is a message of its own.</summary>
    private const string BelowThat = "Here it is, just below.";

    /// <summary>Cards that a click was answered with, by message, and how often the message had been drawn again by then.</summary>
    private readonly ConcurrentDictionary<string, (JsonObject Card, int At)> _answered = new(StringComparer.Ordinal);
    private int _turns;

    public string Id => id;

    public int Turns => _turns;

    /// <summary>For what only Teams has: the wire itself.</summary>
    public TeamsUser User => user;

    public IReadOnlyList<Seen> Inbox => [.. user.Sees.Select(LooksLike)];

    public async Task<Seen> SayAsync(string words)
    {
        Interlocked.Increment(ref _turns);
        var before = user.Sees.Count;
        Assert.Equal(HttpStatusCode.Accepted, await user.SayAsync(words));
        return await AfterAsync(before, s => !s.CameByItself, words);
    }

    public async Task<Seen> PressAsync(Seen on, string verbOrTitle, JsonObject? inputs = null)
    {
        Interlocked.Increment(ref _turns);
        var before = user.Sees.Count;
        var button = on.Button(verbOrTitle) ?? throw new InvalidOperationException($"There is no button {verbOrTitle} on this card:\n{on}");
        var answer = await user.ExecuteAsync(on.MessageId, button, on.WithDefaults(inputs));
        Assert.True(answer.Status == HttpStatusCode.OK && answer.Code == 200, $"{verbOrTitle} was answered with {(int)answer.Status}: {answer.Text}");
        if (answer.Card is { } card)
        {
            var shown = user.Sees.FirstOrDefault(p => p.Id == on.MessageId);
            _answered[on.MessageId] = (card, shown?.Before.Count ?? 0);
            return new Seen(on.MessageId, on.OurId, card, null, shown?.Before.Count ?? 0);
        }
        return answer.Line == BelowThat ? await AfterAsync(before, _ => true, verbOrTitle) : new Seen("", null, null, answer.Line);
    }

    public async Task<Seen> SeesAsync(Func<Seen, bool> fits, string what)
    {
        try
        {
            return await connector.UntilAsync(_ => Inbox.LastOrDefault(fits));
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{id} never saw {what}. There is:\n{string.Join("\n--\n", Inbox.Select(s => s.Words))}");
        }
    }

    private async Task<Seen> AfterAsync(int before, Func<Seen, bool> fits, string what)
    {
        try
        {
            return await connector.UntilAsync(_ => Inbox.Skip(before).FirstOrDefault(fits));
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{id} got no answer to \"{what}\". There is:\n{string.Join("\n--\n", Inbox.Select(s => s.Words))}");
        }
    }

    private Seen LooksLike(TeamsPost post) => new(
        post.Id, post.OurId, _answered.TryGetValue(post.Id, out var answer) && answer.At == post.Before.Count ? answer.Card : post.Card, post.Text, post.Before.Count);
}
