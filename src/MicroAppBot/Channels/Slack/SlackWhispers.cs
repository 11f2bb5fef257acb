using System.Text.Json.Nodes;
using MicroAppBot.Desk;

namespace MicroAppBot.Channels.Slack;

/// <summary>
/// Answers that only the person sees: to a command, to a click on what only they see, and to a click on somebody else's card. They
/// go by the <c>response_url</c>; where that is used up or gone, into the person's own chat.
/// </summary>
internal sealed partial class SlackWhispers(SlackApi api, SlackCards cards, SlackViews views, IStore store, IOutbox outbox, TimeProvider time, ILogger<SlackWhispers> log)
{
    /// <summary>Shows a reply to a press that nothing else shows. The press is durable already: nobody waits for this, and it never throws.</summary>
    public async Task AnswerAsync(SlackPlace place, SlackSender who, SlackPress press, Reply reply)
    {
        try
        {
            IReadOnlyList<Message> messages = reply.Messages.Count > 0 ? reply.Messages : [new Message.Line("Done.")];
            for (var i = 0; i < messages.Count; i++)
            {
                var replaces = i == 0 && reply.Replaces && press.IsEphemeral;
                if (await RespondAsync(press.ResponseUrl, place, await BodiesAsync(place, who, messages[i]), replaces)) continue;
                await SendAsync(who, messages.Skip(i));
                return;
            }
        }
        catch (Exception fault)
        {
            NotAnswered(fault);
        }
    }

    /// <summary>Says a few words by the way.</summary>
    public Task SayAsync(SlackPress press, string words) => RespondAsync(press.ResponseUrl, press.Place, [Line(words)], replaces: false);

    /// <summary>Sends messages into the person's own chat; durable when it returns.</summary>
    public async Task SendAsync(SlackSender who, IEnumerable<Message> messages)
    {
        var now = time.GetUtcNow();
        List<NewMessage> sent = [.. messages.Select(m => new NewMessage(Guid.CreateVersion7(now).ToString(), who.Person.Id, SlackEndpoint.ChannelName, OutboxBody.Of(m), now))];
        if (sent.Count == 0) return;
        await store.CommitAsync(new Commit([], null, sent));
        outbox.Wake();
    }

    /// <summary>A message as bodies of a response: the message itself, and what did not fit into it.</summary>
    public async Task<IReadOnlyList<JsonObject>> BodiesAsync(SlackPlace place, SlackSender who, Message message)
    {
        if (message is not Message.Card card) return [Line(((Message.Line)message).Words)];
        var drawn = views.Draw(card);
        var id = await cards.KeepAsync(who.Person, place.Own, card.Name, drawn);
        var shown = SlackMessage.Of(new ChannelMessage(id, drawn, ""));
        return [.. shown.Rest.Prepend(shown.Blocks).Select((blocks, i) => Body(i == 0 ? shown.Text : "More of the message above.", Marked(blocks, id)))];
    }

    /// <summary>Sends bodies one by one.</summary>
    /// <param name="bodies">Of this call alone from here on.</param>
    /// <param name="replaces">The first takes the place of what was pressed, or of what was shown in the meantime.</param>
    public async Task<bool> RespondAsync(string? url, SlackPlace place, IReadOnlyList<JsonObject> bodies, bool replaces)
    {
        if (url is null) return false;
        foreach (var (i, body) in bodies.Index())
        {
            body["replace_original"] = i == 0 && replaces;
            if (place.ThreadTs is { } thread) body["thread_ts"] = thread;
            var answer = await api.RespondAsync(url, body, CancellationToken.None);
            if (answer.Ok) continue;
            NotShown(answer.ToString());
            // The first part stands there: the rest would not make it truer to say all of it again
            return i > 0;
        }
        return true;
    }

    private static JsonObject Line(string words) => Body(SlackMessage.Of(new ChannelMessage("", null, words)).Text, []);

    private static JsonObject Body(string text, JsonArray blocks)
    {
        var body = new JsonObject { ["response_type"] = "ephemeral", ["text"] = text };
        if (blocks.Count > 0) body["blocks"] = blocks;
        return body;
    }

    /// <summary>Of such a message Slack brings back the pressed block and nothing else: each that can be pressed has to name its card.</summary>
    private static JsonArray Marked(JsonArray blocks, string id)
    {
        foreach (var (i, block) in blocks.OfType<JsonObject>().Index())
        {
            if (block["accessory"] is not null && !block.ContainsKey("block_id")) block["block_id"] = $"a:x{i}:{id}";
        }
        return blocks;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The answer to a press could not be shown; pressed again it says what is true.")]
    private partial void NotAnswered(Exception fault);

    [LoggerMessage(Level = LogLevel.Information, Message = "An answer could not be shown where it was asked for ({Why}); it goes into the person's own chat.")]
    private partial void NotShown(string why);
}
