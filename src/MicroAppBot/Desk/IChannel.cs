using System.Text.Json.Nodes;

namespace MicroAppBot.Desk;

/// <summary>What Delivery needs of a channel: send a message, draw a sent card again.</summary>
public interface IChannel
{
    /// <summary><c>teams</c>, <c>slack</c> or <c>console</c>.</summary>
    string Name { get; }

    /// <summary>Whether a card has to be kept as it was drawn (<see cref="SentCard.Drawn"/>): where a click brings back less than its button holds.</summary>
    bool NeedsDrawnCards => false;

    /// <summary>A contact for somebody who never wrote to the bot here, if the channel can open a conversation by itself; else null.</summary>
    Contact? ColdContact(Governance.People.Person person);

    /// <summary>Where to post for a <see cref="Board"/> of this channel; null for any other recipient.</summary>
    Contact? BoardContact(string recipientId) => null;

    Task<SendOutcome> SendAsync(Contact to, ChannelMessage message, CancellationToken cancel);

    /// <summary>Draws a message again in place.</summary>
    /// <param name="channelMessageId">As returned by <see cref="SendAsync"/>.</param>
    Task<SendOutcome> UpdateAsync(Contact to, string channelMessageId, ChannelMessage message, CancellationToken cancel);
}

/// <summary>
/// A channel without a service behind it (the console): what it shows is kept in the store. Whoever writes the mark of a
/// delivery puts <see cref="LineOf"/> into <see cref="DeliveryMark.Transcript"/>, and calls <see cref="LinesWritten"/> once a
/// mark or a commit with transcript lines is durable.
/// </summary>
public interface IKeepsTranscript : IChannel
{
    /// <param name="channelMessageId">As <see cref="IChannel.SendAsync"/> or <see cref="IChannel.UpdateAsync"/> returned it: an update's line takes the place of the first one.</param>
    NewTranscriptLine LineOf(Contact to, string channelMessageId, ChannelMessage message, DateTimeOffset at);

    /// <summary>Pages that are open look for new lines. Cheap; never throws.</summary>
    void LinesWritten();
}

/// <summary>
/// Hears again what was kept as it came (<see cref="OutboxBody.Hear"/>): a service that is answered in time does not send it a
/// second time, and a crash must not lose it. The turns it leads to are the same turns.
/// </summary>
public interface IHears
{
    /// <inheritdoc cref="IChannel.Name"/>
    string Channel { get; }

    /// <summary>What was said is durable when it completes.</summary>
    Task HearAsync(JsonObject what, CancellationToken cancel);
}

/// <summary>What a channel shows: a drawn card or a line.</summary>
/// <param name="Id">Our id, to be carried along.</param>
/// <param name="Card">The Adaptive Card; null for a plain line.</param>
/// <param name="Text">The line, or the card in one sentence (notifications, screen readers).</param>
/// <param name="About">What the card shows, where it may ask by itself what it should look like now.</param>
/// <param name="Viewers">On a <see cref="Board"/>: ids of the people who see it in their own way, with their own buttons.</param>
public sealed record ChannelMessage(string Id, JsonObject? Card, string Text, CardSubject? About = null, IReadOnlyList<string>? Viewers = null);

/// <summary>How a try to send ended.</summary>
public abstract record SendOutcome
{
    private SendOutcome() { }

    /// <param name="ChannelMessageId">Null where the channel gave none back.</param>
    /// <param name="NewAddress">Where the channel opened a new conversation for it.</param>
    public sealed record Sent(string? ChannelMessageId, string? NewAddress = null) : SendOutcome;

    /// <summary>It did not arrive; try again, not before <paramref name="After"/> where the channel said so.</summary>
    public sealed record TryAgain(TimeSpan? After, string Why) : SendOutcome
    {
        /// <summary>Only this message has to wait; else the channel is left alone for so long, by everybody's messages.</summary>
        public bool OnlyThis { get; init; }
    }

    /// <summary>It may have arrived (timeout, 5xx after the body went out).</summary>
    public sealed record Unknown(string Why) : SendOutcome;

    /// <summary>Nobody there: blocked, removed, no conversation. Another channel may do.</summary>
    public sealed record Gone(string Why) : SendOutcome;

    /// <summary>The channel will never take this message (too large, malformed): a fault of ours.</summary>
    public sealed record Refused(string Why) : SendOutcome;
}
