using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Governance.Notices;
using Governance.People;
using MicroAppBot.Desk;

namespace MicroAppBot.Tests.Channels.Contract;

/// <summary>How a service behind a channel can fail the next message.</summary>
public enum Mishap
{
    /// <summary>"Too many: come again in seven seconds."</summary>
    TooMany,

    /// <summary>The service is down, and says so.</summary>
    Away,

    /// <summary>It arrives, and no answer ever comes.</summary>
    ArrivesWithoutAnswer,

    /// <summary>It arrives, and the answer is a fault of the service.</summary>
    ArrivesWithFault,

    /// <summary>It arrives, and the answer is empty.</summary>
    ArrivesWithEmptyAnswer,

    /// <summary>The connection breaks before an answer, and nothing has arrived.</summary>
    Cut,

    /// <summary>The service will never take it.</summary>
    Refused,

    /// <summary>The person is not there any more.</summary>
    Gone,

    /// <summary>Nobody listens at the service's address.</summary>
    Unreachable,
}

/// <summary>A message as somebody sees it in a channel.</summary>
/// <param name="MessageId">As the channel calls it.</param>
/// <param name="OurId">The bot's id that it carries.</param>
/// <param name="Changes">How often it was drawn again.</param>
/// <param name="Words">All that can be read.</param>
public sealed record Shown(string MessageId, string? OurId, int Changes, string Words);

/// <summary>A channel with the service and the people behind it, for <see cref="ChannelContract"/>. What turns lead to is the test's to say.</summary>
internal abstract class ChannelRig : IAsyncDisposable
{
    /// <summary>As Delivery has it, but nobody waits half a minute in a test.</summary>
    private static readonly TimeSpan SendTimeout = TimeSpan.FromMilliseconds(1500);

    public abstract IChannel Channel { get; }

    public abstract IStore Store { get; }

    /// <summary>Somebody who uses the channel.</summary>
    public abstract Person Ada { get; }

    /// <summary>Somebody else who does.</summary>
    public abstract Person Other { get; }

    /// <summary>Somebody who has no account there; null where everybody has one.</summary>
    public abstract Person? WithoutAccount { get; }

    /// <summary>The turns that were taken, each once.</summary>
    public abstract IReadOnlyList<Turn> Taken { get; }

    /// <summary>What is answered to a turn.</summary>
    public abstract Func<Turn, Reply> Script { set; }

    /// <summary>While set, no turn can be kept.</summary>
    public abstract bool Fails { set; }

    /// <summary>A contact of somebody whose conversation is open.</summary>
    public abstract Contact Warm(Person person);

    /// <summary>What somebody sees of the bot, in order.</summary>
    public abstract IReadOnlyList<Shown> Sees(Person person);

    /// <summary>The next message, or the next update of one, meets this. False where it cannot happen in this channel.</summary>
    public abstract bool Meets(Mishap mishap, bool onUpdate = false);

    /// <summary>Somebody writes; the same id is the same message sent again.</summary>
    /// <returns>Whether the service was told that it was taken.</returns>
    public abstract Task<bool> SayAsync(Person person, string words, string id);

    /// <summary>Somebody presses the first button with this verb on a message they see.</summary>
    /// <returns>Whether the service was told that it was taken.</returns>
    public abstract Task<bool> PressAsync(Person person, Shown on, string verb, string id);

    /// <summary>What of a message would fire in this channel although somebody only wrote it: mentions, links, masquerade.</summary>
    public abstract IEnumerable<string> Fires(Shown shown);

    /// <summary>Sends as Delivery does: who is told to wait for a moment waits, and then has their turn.</summary>
    public async Task<SendOutcome.Sent> DeliverAsync(Contact to, ChannelMessage message)
    {
        for (var tries = 1; ; tries++)
        {
            var outcome = await SendAsync(to, message);
            if (outcome is not SendOutcome.TryAgain { After: { } after } || after > TimeSpan.FromSeconds(20) || tries == 5) return Assert.IsType<SendOutcome.Sent>(outcome);
            await Task.Delay(after);
        }
    }

    public async Task<SendOutcome> SendAsync(Contact to, ChannelMessage message) => await TryAsync(async cancel =>
    {
        var outcome = await Channel.SendAsync(to, message, cancel);
        if (outcome is SendOutcome.Sent sent) await SentAsync(to, sent.ChannelMessageId, message);
        return outcome;
    });

    public async Task<SendOutcome> UpdateAsync(Contact to, string channelMessageId, ChannelMessage message) => await TryAsync(async cancel =>
    {
        var outcome = await Channel.UpdateAsync(to, channelMessageId, message, cancel);
        if (outcome is SendOutcome.Sent) await SentAsync(to, channelMessageId, message);
        return outcome;
    });

    public abstract ValueTask DisposeAsync();

    /// <summary>What Delivery writes down with a message that went out.</summary>
    private async Task SentAsync(Contact to, string? channelMessageId, ChannelMessage message)
    {
        var card = message.Card is null ? null : new SentCard(
            message.Id, to.PersonId, to.Channel, to.Address, channelMessageId, "approval", message.About, TimeProvider.System.GetUtcNow(), Channel.NeedsDrawnCards ? message.Card.ToJsonString() : null);
        var line = (Channel as IKeepsTranscript)?.LineOf(to, channelMessageId ?? message.Id, message, TimeProvider.System.GetUtcNow());
        await Store.MarkAsync(new DeliveryMark(message.Id, DeliveryState.Sent, Cards: card is null ? null : [card], Transcript: line is null ? null : [line]));
        (Channel as IKeepsTranscript)?.LinesWritten();
    }

    private static async Task<SendOutcome> TryAsync(Func<CancellationToken, Task<SendOutcome>> send)
    {
        using var limit = new CancellationTokenSource(SendTimeout);
        try
        {
            return await send(limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return new SendOutcome.Unknown("no answer");
        }
    }
}

/// <summary>Stands for the desk: the same turn twice is one turn, what is to be answered directly comes back, and it may be that nothing can be kept.</summary>
internal sealed class RigTurns : ITurns, IOutbox, INoticePresenter
{
    private readonly ConcurrentDictionary<string, Turn> _handled = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<Turn> _taken = new();

    public IReadOnlyList<Turn> Taken => [.. _taken];

    public Func<Turn, Reply> Script { get; set; } = _ => Reply.Silence;

    public volatile bool Fails;

    public Task<Reply> TakeAsync(Turn turn, CancellationToken cancel)
    {
        if (Fails) throw new IOException("The disk is full.");
        if (_handled.TryAdd(turn.Id, turn)) _taken.Enqueue(turn);
        var reply = Script(turn);
        return Task.FromResult(turn.AnswerDirectly || turn.ReturnsReply ? reply : Reply.Silence);
    }

    public void Wake()
    {
    }

    public Task FlushAsync(CancellationToken cancel = default) => Task.CompletedTask;

    public ValueTask<Presented?> PresentAsync(Notice notice, Person reader, CancellationToken cancel) => new((Presented?)null);
}
