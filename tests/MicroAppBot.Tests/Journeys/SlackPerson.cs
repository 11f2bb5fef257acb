using System.Text.Json.Nodes;
using MicroAppBot.Tests.Doubles.Slack;

namespace MicroAppBot.Tests.Journeys;

/// <summary>
/// Somebody in Slack: reads their chat with the app, presses what stands there, fills in the form where one opens, and goes on in it as long
/// as it stays open.
/// </summary>
/// <param name="settled">Returns when everything that is due has been sent: a card may be drawn more than once for one press.</param>
internal sealed class SlackPerson(string id, SlackUser user, FakeSlack slack, Func<Task>? settled = null) : IPerson
{
    // The pump looks again after 30 s at the latest: what comes late by that is late and not lost
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(75);
    private int _turns;

    public string Id => id;

    public int Turns => _turns;

    /// <summary>For what only Slack has.</summary>
    public SlackUser User => user;

    public IReadOnlyList<Seen> Inbox
    {
        get
        {
            var all = user.Sees;
            // What did not fit into a message stands in its thread, under the same id of ours
            var parents = all.Where(p => p.ThreadTs is null || p.OurId is null || !all.Any(parent => parent.Ts == p.ThreadTs && parent.OurId == p.OurId)).ToList();
            return [.. parents.Select(p => Look([p, .. all.Where(below => below.ThreadTs == p.Ts && below.OurId == p.OurId && below.OurId is not null)]))];
        }
    }

    public async Task<Seen> SayAsync(string words)
    {
        Interlocked.Increment(ref _turns);
        await PutAwayAsync();
        var before = Inbox.Select(s => s.MessageId).ToHashSet();
        var heard = await user.SayAsync(words);
        Assert.True(heard.IsOk, $"\"{words}\" was answered with {heard}");
        return await UntilAsync(() => Inbox.FirstOrDefault(s => !before.Contains(s.MessageId) && !s.CameByItself), $"an answer to \"{words}\"");
    }

    public async Task<Seen> PressAsync(Seen on, string verbOrTitle, JsonObject? inputs = null)
    {
        Interlocked.Increment(ref _turns);
        var seen = (SlackSeen)on;
        var before = Inbox.ToDictionary(s => s.MessageId, s => s.Changes);
        if (await FormAsync(seen, verbOrTitle, inputs, before) is not { } form)
        {
            return await AnswerAsync(before, seen.MessageId, verbOrTitle);
        }
        foreach (var (input, value) in inputs ?? []) user.Enter(form, input, value?.ToString());
        var heard = await user.SubmitAsync();
        Assert.True(heard is null or { IsOk: true }, $"{verbOrTitle} was answered with {heard}");
        if (user.Modal is { Errors.Count: > 0 } still) return new SlackSeen(this, seen.MessageId, seen.OurId, SlackReading.Card(still), null, seen.Changes, seen.Parts);
        return await AnswerAsync(before, seen.MessageId, verbOrTitle);
    }

    public Task<Seen> SeesAsync(Func<Seen, bool> fits, string what) => UntilAsync(() => Inbox.LastOrDefault(fits), what);

    /// <summary>What the forms of a message ask for: they are opened, looked at and closed again.</summary>
    public async Task<IReadOnlyDictionary<string, JsonObject>> AskedAsync(SlackSeen on)
    {
        var inputs = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        if (user.Modal is { } open && open.Blocks.Objects().Any(b => b.Str("type") == "input")) return Seen.InputsOf(SlackReading.Card(open));
        foreach (var button in on.Card!["actions"]!.AsArray().Objects().Where(b => b["data"].Is("form")).ToList())
        {
            await PressOnAsync(on, button);
            var form = await UntilAsync(() => user.Modal, $"a form behind {button["title"]}");
            foreach (var (input, asked) in Seen.InputsOf(SlackReading.Card(form))) inputs.TryAdd(input, asked);
            await user.CloseAsync(all: true);
        }
        return inputs;
    }

    /// <returns>The form in which the answer is to be given; null where the press was the answer.</returns>
    private async Task<SlackView?> FormAsync(SlackSeen on, string verbOrTitle, JsonObject? inputs, Dictionary<string, int> before)
    {
        // The form that is still open goes on with the next question
        if (user.Modal is { } open && open.CallbackId?.Split(':')[0] == verbOrTitle && Inbox.LastOrDefault(s => s.MessageId == on.MessageId)?.Changes == on.Changes) return open;
        await PutAwayAsync();
        var buttons = on.Card?["actions"]?.AsArray().Objects().Where(b => b["data"].Str("verb") == verbOrTitle || b.Str("title") == verbOrTitle || b.Str("whole") == verbOrTitle).ToList() ?? [];
        var button = buttons.Find(b => b["data"].Is("form") && (inputs is { Count: > 0 } || buttons.TrueForAll(all => all["data"].Is("form")))) ?? buttons.FirstOrDefault()
            ?? throw new InvalidOperationException($"There is no button {verbOrTitle} on this card:\n{on}");
        await PressOnAsync(on, button);
        if (user.Modal is null && settled is not null) await settled();
        // On a card that has become stale there is no form any more, but the truth
        var form = await UntilAsync<object>(() => user.Modal is { } view ? (view.Sent["submit"] is null ? null : view) : Changed(before, on.MessageId), $"what comes of {button["title"]}");
        return form as SlackView;
    }

    private async Task PressOnAsync(SlackSeen on, JsonObject button)
    {
        var (post, (block, element, _)) = on.Parts.Select(part => (part, SlackUser.Find(part.Blocks, button["data"].Str(SlackReading.At)!))).Where(found => found.Item2 is not null).Select(found => (found.part, found.Item2!.Value)).First();
        var heard = await user.PressAsync(post, block, element, button["data"].Str("option"));
        Assert.True(heard.IsOk, $"{button["title"]} was answered with {heard}");
    }

    private async Task PutAwayAsync()
    {
        if (user.Modal is not null) await user.CloseAsync(all: true);
    }

    private async Task<Seen> AnswerAsync(Dictionary<string, int> before, string pressed, string what)
    {
        if (settled is not null) await settled();
        return await UntilAsync(() => Changed(before, pressed), $"an answer to \"{what}\"");
    }

    /// <summary>The pressed message, when it was drawn again; or else what came below it.</summary>
    private Seen? Changed(Dictionary<string, int> before, string pressed)
    {
        var now = Inbox;
        return now.FirstOrDefault(s => s.MessageId == pressed && s.Changes > before.GetValueOrDefault(pressed, -1)) ?? now.FirstOrDefault(s => !before.ContainsKey(s.MessageId) && !s.CameByItself);
    }

    private async Task<T> UntilAsync<T>(Func<T?> look, string what)
        where T : class
    {
        try
        {
            return await slack.UntilAsync(_ => look(), Patience);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{id} never saw {what}. There is:\n{string.Join("\n--\n", Inbox.TakeLast(6).Select(s => s.Words))}\nOpen: {user.Modal?.Words}\nComplaints: {string.Join(", ", user.Complaints)}\nLast calls: {string.Join(", ", slack.Calls.TakeLast(12).Select(c => $"{c.Method} {c.Status} {c.Error}"))}");
        }
    }

    private SlackSeen Look(IReadOnlyList<SlackPost> parts)
    {
        var first = parts[0];
        return first.Blocks.Count == 0
            ? new SlackSeen(this, first.Ts, first.OurId, null, SlackReading.Plain(first.Text), first.Before.Count, parts)
            : new SlackSeen(this, first.Ts, first.OurId, SlackReading.Card(parts), null, first.Before.Count, parts);
    }
}

/// <summary>A message in Slack as somebody sees it.</summary>
/// <param name="Parts">The message and what of it stands in its thread, as they looked then.</param>
internal sealed record SlackSeen(SlackPerson Reader, string MessageId, string? OurId, JsonObject? Card, string? Line, int Changes, IReadOnlyList<SlackPost> Parts)
    : Seen(MessageId, OurId, Card, Line, Changes)
{
    /// <summary>A message has none: they are in the form behind its button, which is looked into.</summary>
    public override IReadOnlyDictionary<string, JsonObject> Inputs =>
        Card is null ? new Dictionary<string, JsonObject>() : InputsOf(Card) is { Count: > 0 } own ? own : Task.Run(() => Reader.AskedAsync(this)).GetAwaiter().GetResult();
}
